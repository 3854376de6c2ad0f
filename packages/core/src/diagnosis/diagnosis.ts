import type { EvmDiagnosis } from '../evm/diagnosis/diagnosis.ts'
import type { SolanaDiagnosis } from '../solana/diagnosis/diagnosis.ts'

/** The answer for a payment of any family, told apart by `family`. */
export type Diagnosis = EvmDiagnosis | SolanaDiagnosis
