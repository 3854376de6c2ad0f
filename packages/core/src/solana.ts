export { diagnoseSvm, type SvmDiagnoseOptions } from './solana/diagnosis/diagnose.ts'
export type { SvmChainReport, SvmDiagnosis, SvmReplayReport, SvmReplayRun, SvmSettlementReport } from './solana/diagnosis/diagnosis.ts'
export { investigateSvm, type SvmInvestigateOptions, type SvmInvestigation } from './solana/diagnosis/investigate.ts'
export {
  facilitatorAnswers,
  facilitatorReport,
  type SvmAnswerOptions,
  type SvmFacilitatorAnswer,
  type SvmFacilitatorReport,
  type SvmRefusal,
  svmRefusals,
} from './solana/facilitators/facilitator-answers.ts'
export { type SvmCheck, type SvmCheckRow, type SvmProfile, type SvmRules, svmProfiles } from './solana/facilitators/profiles.ts'
export type { SvmIntervention } from './solana/replay/intervention.ts'
export { liteSvmReplayer, type SvmChain, type SvmOutcome, type SvmReplayer } from './solana/replay/replay-svm.ts'
export { connectSolana, type SvmSource } from './solana/state/connect-solana.ts'
export { type SvmReadOptions, svmReader } from './solana/state/read-state.ts'
export { captureSnapshot, readSnapshot, type SvmSnapshot } from './solana/state/snapshot.ts'
export type {
  SvmAccount,
  SvmAnswer,
  SvmQuestion,
  SvmReader,
  SvmSettlement,
  SvmSimulation,
  SvmState,
} from './solana/state/state.ts'
export {
  describeTransaction,
  readTransactionText,
  type SvmTransactionReport,
  type SvmTransactionText,
} from './solana/transaction/describe-transaction.ts'
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
} from './solana/transaction/payment.ts'
export { readSvmPayment } from './solana/transaction/read.ts'
export { svmSecretsOf } from './solana/transaction/secrets.ts'
export { associatedTokenAccount } from './solana/transaction/token-account.ts'
export { readSvmTransaction, type SvmTransactionResult } from './solana/transaction/transaction.ts'
