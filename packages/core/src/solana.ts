export type { Snapshot } from './evidence/snapshot.ts'
export type { SvmAnswerOptions, SvmFacilitatorAnswer, SvmFacilitatorReport, SvmRefusal } from './facilitators/solana/facilitator-answers.ts'
export { type SvmCheck, type SvmCheckRow, type SvmProfile, type SvmRules, svmProfiles } from './facilitators/solana/profiles.ts'
export {
  captureSnapshot,
  connectSolana,
  diagnoseSvm,
  facilitatorAnswers,
  facilitatorReport,
  investigateSvm,
  judgeSvm,
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
export type { SvmDiagnoseOptions } from './solana/diagnosis/diagnose.ts'
export type { SolanaDiagnosis, SvmPaymentReport, SvmReplayReport, SvmReplayRun, SvmSettlementReport } from './solana/diagnosis/diagnosis.ts'
export type { SvmInvestigation } from './solana/diagnosis/investigate.ts'
export type { SvmJudgement, SvmJudgeOptions } from './solana/diagnosis/judge-svm.ts'
export type { SvmInvestigateOptions } from './solana/diagnosis/kinds.ts'
export type { SvmSource } from './solana/state/connect-solana.ts'
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
export type { SvmChain, SvmOutcome, SvmReplayer } from './solana/world/replay-svm.ts'
