export { diagnoseSvm, type SvmDiagnoseOptions } from './solana/diagnose.ts'
export type { SvmDiagnosis } from './solana/diagnosis.ts'
export type {
  SvmForm,
  SvmInstruction,
  SvmMeaning,
  SvmPayment,
  SvmRequirements,
  SvmSigner,
  SvmTransaction,
  SvmTransfer,
} from './solana/payment.ts'
export { readSvmPayment } from './solana/read.ts'
export { associatedTokenAccount } from './solana/token-account.ts'
export { readSvmTransaction, type SvmTransactionResult } from './solana/transaction.ts'
