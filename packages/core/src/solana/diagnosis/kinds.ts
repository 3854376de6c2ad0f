import type { Told } from '../../answer/given.ts'
import type { SvmReader } from '../state/state.ts'
import type { SvmCheckId } from '../state/state-check.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import type { SvmProof } from '../world/prove-svm.ts'
import type { SvmReplayer } from '../world/svm-chain.ts'
import type { SolanaDiagnosis } from './diagnosis.ts'
import type { SvmEvidence } from './examine.ts'

export interface SvmInvestigateOptions extends Told {
  /** Unix seconds; the clock of this machine when absent. */
  readonly now?: bigint
  /** When the payment was submitted, unix seconds, if that is known. */
  readonly at?: bigint
  /** The clusters to ask, each made by `svmReader` or by `readSnapshot`. */
  readonly readers?: readonly SvmReader[]
  /** Replays the payment where given; `liteSvmReplayer()` makes one. */
  readonly replayer?: SvmReplayer
}

/** What payments on Solana call the things of a diagnosis. */
export interface SolanaKinds {
  readonly payment: SvmPayment
  readonly options: SvmInvestigateOptions
  readonly evidence: SvmEvidence
  readonly world: undefined
  readonly checkId: SvmCheckId
  readonly contradiction: never
  readonly replay: SvmProof
  readonly answer: SolanaDiagnosis
}
