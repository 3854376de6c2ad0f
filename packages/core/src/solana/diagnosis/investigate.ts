import { Eip3009Error } from '../../errors/eip3009-error.ts'
import type { NotMade } from '../../evidence/check.ts'
import { clock } from '../../evidence/clock.ts'
import { reasonOf } from '../../rpc/chain-client.ts'
import type { SvmAnswer, SvmQuestion, SvmReader } from '../state/state.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { proveSvm, type SvmProof } from '../world/prove-svm.ts'
import type { SvmReplayer } from '../world/replay-svm.ts'
import { diagnoseSvm } from './diagnose.ts'
import type { SolanaDiagnosis } from './diagnosis.ts'
import { examine } from './examine.ts'

export interface SvmInvestigateOptions {
  /** Unix seconds; the clock of this machine when absent. */
  readonly now?: bigint
  /** When the payment was submitted, unix seconds, if that is known. */
  readonly at?: bigint
  /** The clusters to ask, each made by `svmReader` or by `readSnapshot`. */
  readonly readers?: readonly SvmReader[]
  /** Replays the payment where given; `liteSvmReplayer()` makes one. */
  readonly replayer?: SvmReplayer
}

export interface SvmInvestigation {
  readonly diagnosis: SolanaDiagnosis
  /** What was read: `captureSnapshot` keeps it. */
  readonly answers: readonly SvmAnswer[]
}

/**
 * Asks the clusters about a payment on Solana, replays it, and diagnoses it. Never throws for a payment's or an RPC's fault; a replay that can
 * not be made is reported as skipped.
 */
export async function investigateSvm(payment: SvmPayment, options: SvmInvestigateOptions = {}): Promise<SvmInvestigation> {
  const { now = clock(), at, readers = [], replayer } = options
  const { network } = payment
  const question = network === undefined ? undefined : { payment, network, now, ...(at === undefined ? {} : { at }) }
  const answers = await Promise.all(
    readers.map((reader): Promise<SvmAnswer> | SvmAnswer =>
      question === undefined
        ? { kind: 'unreachable', source: reader.source, reason: 'nothing says which cluster the payment is for (--network)' }
        : askCluster(reader, question),
    ),
  )
  const replay = await replayed(payment, answers, replayer, at)
  return { answers, diagnosis: diagnoseSvm(payment, { now, ...(at === undefined ? {} : { at }), answers, replay }) }
}

/** A reader that a caller made can throw, which says as much of the cluster as no answer. */
async function askCluster(reader: SvmReader, question: SvmQuestion): Promise<SvmAnswer> {
  try {
    const answer: SvmAnswer | undefined = await reader.read(question)
    return isAnswer(answer) ? answer : { kind: 'unreachable', source: reader.source, reason: 'it gave no answer that a reader gives' }
  } catch (error) {
    return { kind: 'unreachable', source: reader.source, reason: reasonOf(error) }
  }
}

function isAnswer(answer: SvmAnswer | undefined): answer is SvmAnswer {
  return answer?.kind === 'read' ? typeof answer.accounts === 'object' : answer?.kind === 'unreachable' || answer?.kind === 'wrong-cluster'
}

async function replayed(
  payment: SvmPayment,
  answers: readonly SvmAnswer[],
  replayer: SvmReplayer | undefined,
  at: bigint | undefined,
): Promise<SvmProof | NotMade> {
  const { network } = payment
  if (replayer === undefined) return { code: 'not-wanted', reason: 'not asked for' }
  if (network === undefined) return { code: 'no-network', reason: 'nothing says which cluster the payment is for' }
  if (payment.transaction === null) return { code: 'undecodable', reason: 'the transaction can not be decoded' }
  const examined = examine(payment, network, answers, at)
  try {
    const chain = await replayer.open(network)
    const errors = examined.findings.filter(({ severity }) => severity === 'error')
    return await proveSvm(chain, examined.payment, network, examined.state, errors)
  } catch (error) {
    if (error instanceof Eip3009Error) return { code: 'unavailable', reason: error.message }
    throw error
  }
}
