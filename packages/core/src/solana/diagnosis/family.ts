import { withTold } from '../../answer/given.ts'
import type { Finding } from '../../causes/finding.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import type { NotMade } from '../../evidence/check.ts'
import { clock } from '../../evidence/clock.ts'
import { witnesses } from '../../rpc/witness.ts'
import { errorsIn, type Family } from '../../verdict/family.ts'
import type { SvmState } from '../state/state.ts'
import { svmMarks } from '../transaction/marks.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { proveSvm, type SvmProof } from '../world/prove-svm.ts'
import type { SvmReplayer } from '../world/svm-chain.ts'
import { askClusters } from './ask-clusters.ts'
import { answer } from './diagnose.ts'
import { checksOf, gather, sift } from './examine.ts'
import type { SolanaKinds } from './kinds.ts'

/** Payments on Solana. */
export const solana: Family<SolanaKinds> = {
  id: 'solana',
  ask: async (given, options) => {
    const { now = clock(), at, readers = [] } = options
    const payment = withTold(given, options, 'svm', svmMarks(given))
    const moment = { now, ...(at === undefined ? {} : { at }) }
    return { ...gather(payment, { ...moment, answers: await askClusters(payment, witnesses(readers), moment) }), world: undefined }
  },
  checks: (payment, evidence) => [checksOf(payment, evidence)],
  sift: (payment, evidence, found) => ({ findings: sift(payment, evidence, found), contradictions: [] }),
  replay: (payment, { state }, { findings }, { replayer }) => replay(payment, state, errorsIn(findings), replayer),
  answer,
}

async function replay(
  payment: SvmPayment,
  state: SvmState | undefined,
  errors: readonly Finding[],
  replayer: SvmReplayer | undefined,
): Promise<SvmProof | NotMade> {
  const { network } = payment
  if (replayer === undefined) return { code: 'not-wanted', reason: 'not asked for' }
  if (network === undefined) return { code: 'no-network', reason: 'nothing says which cluster the payment is for' }
  if (payment.transaction === null) return { code: 'undecodable', reason: 'the transaction can not be decoded' }
  try {
    return await proveSvm(await replayer.open(network), payment, network, state, errors)
  } catch (error) {
    if (error instanceof Eip3009Error) return { code: 'unavailable', reason: error.message }
    throw error
  }
}
