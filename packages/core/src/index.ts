export { type CauseEntry, type CauseId, catalogue, causeIds, isCauseId, sections } from './causes/catalogue.ts'
export type { EvidenceNote, Finding, Party, Proof, RetryAction, Severity } from './causes/finding.ts'
export { type NotShown, type NotShownId, notShown } from './causes/not-shown.ts'
export type { Obstacle } from './causes/obstacle.ts'
export type { ComparedSide, Comparison, ComparisonRelation, PaymentDifference } from './comparison/comparison.ts'
export type { PaymentToCompare } from './comparison/find-differences.ts'
export type { DiagnoseOptions, EvmDiagnoseOptions, Investigation, SolanaDiagnoseOptions } from './diagnosis/diagnose.ts'
export type { Diagnosis } from './diagnosis/diagnosis.ts'
export type { OwnChains } from './diagnosis/own-chains.ts'
export type { StatusOptions, StatusTarget } from './diagnosis/payment-status.ts'
export { Eip3009Error, type ErrorCode } from './errors/eip3009-error.ts'
export type { SkipCode } from './evidence/check.ts'
export type { CheckId } from './evm/checks/check.ts'
export type { PaymentPair } from './evm/checks/compare-payments.ts'
export type { Investigation as EvmInvestigation, Replayed } from './evm/diagnosis/diagnose.ts'
export type {
  EvmDiagnosis,
  EvmPaymentReport,
  EvmReport,
  ReplayRun,
  SettlementReport,
  SkippedCheck,
} from './evm/diagnosis/diagnosis.ts'
export type { NoWorld } from './evm/diagnosis/open-world.ts'
export type { SearchLimits } from './evm/diagnosis/search-limits.ts'
export type { PayerClaim } from './evm/payment/payer-claims.ts'
export type { Payment as EvmPayment, Requirements, TokenCall, WireForm } from './evm/payment/payment.ts'
export type { ReadOptions } from './evm/payment/read.ts'
export type { Edit } from './evm/signature/edit.ts'
export type { Ended, Match, SearchOptions, SearchProgress, SignatureEvidence } from './evm/signature/forensics.ts'
export { type GeneratorId, generatorIds } from './evm/signature/generators.ts'
export type { SignatureHints } from './evm/signature/hints.ts'
export type { Rungs, SignatureLadder } from './evm/signature/ladder.ts'
export { type Coverage, type SearchDepth, searchDepths } from './evm/signature/plan.ts'
export type { DeepSearchOptions } from './evm/signature/search-signature.ts'
export type { CommonSigner, SeveralSignatures } from './evm/signature/several.ts'
export type { Ecdsa, SignatureBytes } from './evm/signature/signature.ts'
export type { EncodedTypedData, TypedDataDifference, TypedDataSteps } from './evm/signature/typed-data-steps.ts'
export type { WalletEvidence, WalletSigner } from './evm/signature/wallets/examine.ts'
export type { KnownAccount } from './evm/signature/who-is.ts'
export { type Authorization, type AuthorizationReport, type PrimaryType, typeHashes } from './evm/typed-data/authorization.ts'
export type { DomainField, DomainReport, DomainText, Eip712Domain } from './evm/typed-data/domain.ts'
export type { EncodedMember, EncodedStruct } from './evm/typed-data/encode.ts'
export type {
  DomainOrigin,
  IdentifiedSeparator,
  IdentifyOptions,
  SeparatorHints,
  SeparatorSearch,
} from './evm/typed-data/identify-separator.ts'
export type { EvmFacilitatorAnswer, EvmFacilitatorReport } from './facilitators/evm/facilitator-answers.ts'
export { type EvmCheck, type EvmCheckRow, type EvmProfile, type EvmRules, evmProfiles } from './facilitators/evm/profiles.ts'
export type { CheckRow, Profile } from './facilitators/profile/profile.ts'
export {
  authorizationDigest,
  canonicalSignature,
  compareDomains,
  comparePayments,
  createAuthorizationHasher,
  createNetworks,
  decodeRevert,
  diagnose,
  diagnoseOffer,
  digestOf,
  domainSeparator,
  examineSignature,
  examineSignatures,
  findDifferences,
  findDrift,
  findNetwork,
  findSecrets,
  findToken,
  getNetwork,
  hasOffer,
  identifySeparator,
  investigate,
  paymentStatus,
  printable,
  readEvmPayment,
  readPayment,
  readSignature,
  readTable,
  recoverAddress,
  searchSignature,
  secretsOf,
  shared,
  sharerOf,
  signatureLadder,
  structHash,
  tokenDomain,
  typedDataSteps,
} from './guarded/index.ts'
export { svmSecretsOf, svmSignatures } from './guarded/solana-reading.ts'
export type { Finality, Instrument, InstrumentForm, InstrumentState, Money } from './money/instrument.ts'
export type { Condition, NotBefore, Retry } from './money/retry.ts'
export type { PaymentStatus, StatusSource, StatusState, StatusSubject, StatusTransaction } from './money/status.ts'
export { defineNetwork, type NetworkInput } from './networks/define-network.ts'
export type { NetworkAnswer } from './networks/find-network.ts'
export type { TokenMatch, TokenRole } from './networks/find-token.ts'
export type { Doubt, EvmNetwork, ForeignNetwork, Lookalike, Network, SolanaNetwork, Token, WrongValue } from './networks/network.ts'
export { builtInNetworks, type NetworkId, type Networks } from './networks/networks.ts'
export type { Provenance } from './networks/provenance.ts'
export type { ToldToken } from './networks/told-token.ts'
export type { DiagnoseOfferOptions } from './offer/diagnose-offer.ts'
export type { OfferDiagnosis, OfferEntryReport, OfferStanding } from './offer/offer.ts'
export type { Payment } from './payment/read-payment.ts'
export { OtherRailError } from './rails/other-rail-error.ts'
export { type PaymentRail, type Rail, type RailId, rails } from './rails/rail.ts'
export type { Answer, AnswerKind } from './revert/answer.ts'
export type { DecodeContext, Revert } from './revert/revert.ts'
export { redact } from './sharing/redact.ts'
export { noSecrets, type Secrets } from './sharing/secrets.ts'
export type { Sharer } from './sharing/shared.ts'
export type { SolanaDiagnosis, SolanaReport } from './solana/diagnosis/diagnosis.ts'
export type { SvmInvestigation as SolanaInvestigation } from './solana/diagnosis/investigate.ts'
export type { SvmSignature, SvmSignatures } from './solana/offer/signatures.ts'
export type { SvmPayment } from './solana/transaction/payment.ts'
export type { Drift, DriftOptions, DriftReport, SeparatorProof } from './tables/drift.ts'
export type { Claim, ClaimedFact, TableEntry } from './tables/table.ts'
export { type TokenFamily, tokenFamilies } from './tokens/models.ts'
export type { AnswerRelation, AnswerReport, ChainReport, DiagnosisTrunk, Explanation, Verdict } from './verdict/diagnosis.ts'
export type { Beside } from './wire/beside.ts'
