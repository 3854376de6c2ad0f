export type { SvmCheck } from './causes/svm-check.ts'
export type { Snapshot } from './evidence/snapshot.ts'
export type { SvmAnswerOptions, SvmFacilitatorAnswer, SvmFacilitatorReport, SvmRefusal } from './facilitators/solana/facilitator-answers.ts'
export { type SvmCheckRow, type SvmProfile, type SvmRules, svmProfiles } from './facilitators/solana/profiles.ts'
export {
  captureSnapshot,
  connectSolana,
  facilitatorAnswers,
  facilitatorReport,
  liteSvmReplayer,
  readSnapshot,
  svmReader,
  svmRefusals,
} from './guarded/solana.ts'
export {
  associatedTokenAccount,
  describeTransaction,
  readSvmPayment,
  readSvmTransaction,
  readTransactionText,
  svmSecretsOf,
} from './guarded/solana-reading.ts'
export type { SolanaDiagnosis, SvmPaymentReport, SvmReplayReport, SvmReplayRun, SvmSettlementReport } from './solana/diagnosis/diagnosis.ts'
export type { SvmConnection, SvmSource } from './solana/state/connect-solana.ts'
export type { SvmReadOptions } from './solana/state/read-state.ts'
export type { SvmAnswers, SvmSources } from './solana/state/snapshot.ts'
export type {
  SvmAccount,
  SvmAnswer,
  SvmFinalized,
  SvmQuestion,
  SvmReader,
  SvmSettlement,
  SvmSimulation,
  SvmState,
} from './solana/state/state.ts'
export type { SvmCheckId, SvmSkippedCheck } from './solana/state/state-check.ts'
export type { SvmTransactionReport, SvmTransactionText } from './solana/transaction/describe-transaction.ts'
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
export type { SvmTransactionResult } from './solana/transaction/transaction.ts'
export type { SvmIntervention } from './solana/world/intervention.ts'
export type { SvmProof } from './solana/world/prove-svm.ts'
export type { SvmChain, SvmOutcome, SvmReplayer } from './solana/world/svm-chain.ts'
