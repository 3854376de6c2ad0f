export { connectSolana, type SvmSource } from './solana/connect-solana.ts'
export {
  describeTransaction,
  readTransactionText,
  type SvmTransactionReport,
  type SvmTransactionText,
} from './solana/describe-transaction.ts'
export { diagnoseSvm, type SvmDiagnoseOptions } from './solana/diagnose.ts'
export type { SvmChainReport, SvmDiagnosis, SvmReplayReport, SvmReplayRun, SvmSettlementReport } from './solana/diagnosis.ts'
export {
  facilitatorAnswers,
  facilitatorReport,
  type SvmAnswerOptions,
  type SvmFacilitatorAnswer,
  type SvmFacilitatorReport,
  type SvmRefusal,
  svmRefusals,
} from './solana/facilitator-answers.ts'
export type { SvmIntervention } from './solana/intervention.ts'
export { investigateSvm, type SvmInvestigateOptions, type SvmInvestigation } from './solana/investigate.ts'
export type {
  SvmForm,
  SvmInstruction,
  SvmMeaning,
  SvmPayment,
  SvmRequirements,
  SvmSigner,
  SvmSlip,
  SvmTransaction,
  SvmTransfer,
} from './solana/payment.ts'
export { type SvmCheck, type SvmCheckRow, type SvmProfile, type SvmRules, svmProfiles } from './solana/profiles.ts'
export { readSvmPayment } from './solana/read.ts'
export { type SvmReadOptions, svmReader } from './solana/read-state.ts'
export { liteSvmReplayer, type SvmChain, type SvmOutcome, type SvmReplayer } from './solana/replay-svm.ts'
export { captureSnapshot, readSnapshot, type SvmSnapshot } from './solana/snapshot.ts'
export type {
  SvmAccount,
  SvmAnswer,
  SvmQuestion,
  SvmReader,
  SvmSettlement,
  SvmSimulation,
  SvmState,
} from './solana/state.ts'
export { associatedTokenAccount } from './solana/token-account.ts'
export { readSvmTransaction, type SvmTransactionResult } from './solana/transaction.ts'
