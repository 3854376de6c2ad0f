import type { NotMade } from '../../evidence/check.ts'
import { examine } from '../../verdict/family.ts'
import type { SvmAnswer } from '../state/state.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import type { SvmProof } from '../world/prove-svm.ts'
import type { SolanaDiagnosis } from './diagnosis.ts'
import { solana } from './family.ts'
import type { SvmInvestigateOptions } from './kinds.ts'

export interface SvmInvestigation extends AsyncDisposable {
  readonly diagnosis: SolanaDiagnosis
  /** As it was judged. */
  readonly payment: SvmPayment
  /** What was read: `captureSnapshot` keeps it. */
  readonly answers: readonly SvmAnswer[]
  /** Every run, whole, or why there is none. */
  readonly replay: SvmProof | NotMade
  /** Nothing of it stays open: here for whoever closes whatever family's. */
  close(): Promise<void>
}

/**
 * Asks the clusters about a payment on Solana, replays it, and diagnoses it. Never throws for a payment's or an RPC's fault; a replay that can
 * not be made is reported as skipped.
 */
export async function investigateSvm(payment: SvmPayment, options: SvmInvestigateOptions = {}): Promise<SvmInvestigation> {
  const examination = await examine(solana, payment, options)
  const { payment: judged, evidence, replay } = examination
  const close = async (): Promise<void> => undefined
  return { diagnosis: solana.answer(examination), payment: judged, answers: evidence.answers, replay, close, [Symbol.asyncDispose]: close }
}
