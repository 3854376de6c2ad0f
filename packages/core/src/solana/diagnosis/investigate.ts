import type { NotMade } from '../../evidence/check.ts'
import { examine } from '../../verdict/family.ts'
import type { SvmAnswer } from '../state/state.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import type { SvmProof } from '../world/prove-svm.ts'
import type { SolanaDiagnosis } from './diagnosis.ts'
import { solana } from './family.ts'
import type { SvmInvestigateOptions } from './kinds.ts'

export interface SvmInvestigation {
  readonly diagnosis: SolanaDiagnosis
  /** What was read: `captureSnapshot` keeps it. */
  readonly answers: readonly SvmAnswer[]
  /** Every run, whole, or why there is none. */
  readonly replay: SvmProof | NotMade
}

/**
 * Asks the clusters about a payment on Solana, replays it, and diagnoses it. Never throws for a payment's or an RPC's fault; a replay that can
 * not be made is reported as skipped.
 */
export async function investigateSvm(payment: SvmPayment, options: SvmInvestigateOptions = {}): Promise<SvmInvestigation> {
  const examination = await examine(solana, payment, options)
  return { answers: examination.evidence.answers, replay: examination.replay, diagnosis: solana.answer(examination) }
}
