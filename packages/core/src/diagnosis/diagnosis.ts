import type { EvmDiagnosis } from '../evm/diagnosis/diagnosis.ts'
import type { SolanaDiagnosis } from '../solana/diagnosis/diagnosis.ts'

/**
 * What `eip3009 diagnose --json` prints: the answer for a payment of either family, told apart by `family`. Times are unix seconds, amounts are atomic units,
 * and blocks and slots are numbers, all as decimal strings; keys on Solana are base58.
 */
export type Diagnosis = EvmDiagnosis | SolanaDiagnosis
