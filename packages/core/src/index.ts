export { type CauseEntry, type CauseId, catalogue, causeIds, isCauseId, sections } from './causes/catalogue.ts'
export type { EvidenceNote, Finding, Party, Proof, Retry, Severity } from './causes/finding.ts'
export { noRpc } from './checks/on-chain.ts'
export { type DiagnoseOptions, diagnose } from './diagnosis/diagnose.ts'
export type { ChainReport, Diagnosis, DomainReport, Explanation, ReplayRun, SettlementReport, Verdict } from './diagnosis/diagnosis.ts'
export { type MatrixRow, replayMatrix } from './diagnosis/replay-matrix.ts'
export { replayTarget } from './diagnosis/replay-target.ts'
export { Eip3009Error, type ErrorCode } from './errors/eip3009-error.ts'
export { hiddenAsJson, printable, replaceHidden } from './errors/printable.ts'
export { chooseMoment, type Moment } from './evidence/moment.ts'
export { defineNetwork, type NetworkInput } from './networks/define-network.ts'
export { editDistance } from './networks/edit-distance.ts'
export { factAt } from './networks/fact.ts'
export { findNetwork, getNetwork, type NetworkAnswer } from './networks/find-network.ts'
export { findToken, type TokenMatch, type TokenRole } from './networks/find-token.ts'
export type { Doubt, EvmNetwork, ForeignNetwork, Lookalike, Network, SolanaNetwork, Token, WrongValue } from './networks/network.ts'
export { builtInNetworks, createNetworks, type NetworkId, type Networks } from './networks/networks.ts'
export type { Payment, Requirements, TokenCall, WireForm } from './payment/payment.ts'
export { type ReadOptions, readPayment } from './payment/read.ts'
export { callName } from './revert/call-selectors.ts'
export { type DecodeContext, decodeRevert, type Revert } from './revert/revert.ts'
export { findSecrets } from './sharing/find-secrets.ts'
export { redact } from './sharing/redact.ts'
export { joinSecrets, noSecrets, type Secrets } from './sharing/secrets.ts'
export { type Sharer, shared, sharerOf } from './sharing/shared.ts'
export type { Edit } from './signature/edit.ts'
export { tokenDomain } from './signature/expected-domain.ts'
export {
  type Ended,
  examineSignature,
  type Match,
  type SearchOptions,
  type SearchProgress,
  type SignatureEvidence,
  searchSteps,
} from './signature/forensics.ts'
export { type Area, areaOf, type GeneratorId, generatorIds, generators } from './signature/generators.ts'
export type { SignatureHints } from './signature/hints.ts'
export { createKernel, loadKernel } from './signature/kernel/create.ts'
export type { Kernel } from './signature/kernel/recoverer.ts'
export { type Rungs, type SignatureLadder, signatureLadder } from './signature/ladder.ts'
export { recoverAddress } from './signature/recover.ts'
export { type DeepSearchOptions, searchSignature } from './signature/search-signature.ts'
export { secretsOf } from './signature/secrets.ts'
export { type CommonSigner, examineSignatures, type SeveralSignatures } from './signature/several.ts'
export { canonicalSignature, type Ecdsa, readSignature, type SignatureBytes } from './signature/signature.ts'
export type { WalletEvidence, WalletSigner } from './signature/wallet.ts'
export type { KnownAccount } from './signature/who-is.ts'
export { isSvmPayment } from './solana/transaction/wire.ts'
export { type Drift, type DriftOptions, type DriftReport, describeDomain, findDrift, type SeparatorProof } from './tables/drift.ts'
export { type Claim, type ClaimedFact, readTable, type TableEntry } from './tables/table.ts'
export { formatUnits } from './typed-data/amount.ts'
export {
  type Authorization,
  authorizationDigest,
  createAuthorizationHasher,
  digestOf,
  type PrimaryType,
  structHash,
  typeHashes,
} from './typed-data/authorization.ts'
export { compareDomains, type DomainField, domainSeparator, domainType, type Eip712Domain, presentFields } from './typed-data/domain.ts'
export {
  type DomainOrigin,
  type IdentifiedSeparator,
  type IdentifyOptions,
  identifySeparator,
  type SeparatorHints,
  type SeparatorSearch,
} from './typed-data/identify-separator.ts'
export { duration, utc } from './typed-data/utc.ts'
