import {
  authorization,
  domain,
  domainField,
  ecdsa,
  expectedDomain,
  name,
  network,
  networks,
  payment,
  primaryType,
  reader,
  replayChain,
  replayCode,
  replayer,
  replayOutcome,
  searchLimits,
  searchOptions,
  secrets,
  signatureEvidence,
  tableEntry,
  tokenDomain as tokenDomainShape,
  uint,
} from '../arguments/payment-shapes.ts'
import {
  address,
  anything,
  bigint,
  bytes,
  bytes32,
  callback,
  flag,
  guarded,
  guardedAsync,
  hex,
  list,
  maybe,
  object,
  oneOf,
  record,
  type Shapes,
  text,
  whole,
} from '../arguments/shape.ts'
import { hiddenAsJson as plainHiddenAsJson, printable as plainPrintable, replaceHidden as plainReplaceHidden } from '../errors/printable.ts'
import { comparePayments as plainComparePayments } from '../evm/checks/compare-payments.ts'
import { diagnose as plainDiagnose, investigate as plainInvestigate } from '../evm/diagnosis/diagnose.ts'
import { replayMatrix as plainReplayMatrix } from '../evm/diagnosis/replay-matrix.ts'
import { replayTarget as plainReplayTarget } from '../evm/diagnosis/replay-target.ts'
import { chooseMoment as plainChooseMoment } from '../evm/evidence/moment.ts'
import { revertOf as plainRevertOf, tokenSays as plainTokenSays } from '../evm/evidence/outcome-words.ts'
import { readEvmPayment as plainReadEvmPayment } from '../evm/payment/read.ts'
import { tokenDomain as plainTokenDomain } from '../evm/signature/expected-domain.ts'
import { examineSignature as plainExamineSignature, searchSteps as plainSearchSteps } from '../evm/signature/forensics.ts'
import { generatorIds, areaOf as plainAreaOf } from '../evm/signature/generators.ts'
import { signatureLadder as plainSignatureLadder } from '../evm/signature/ladder.ts'
import { recoverAddress as plainRecoverAddress } from '../evm/signature/recover.ts'
import { searchSignature as plainSearchSignature } from '../evm/signature/search-signature.ts'
import { secretsOf as plainSecretsOf } from '../evm/signature/secrets.ts'
import { examineSignatures as plainExamineSignatures } from '../evm/signature/several.ts'
import { canonicalSignature as plainCanonicalSignature, readSignature as plainReadSignature } from '../evm/signature/signature.ts'
import {
  authorizationDigest as plainAuthorizationDigest,
  createAuthorizationHasher as plainCreateAuthorizationHasher,
  digestOf as plainDigestOf,
  structHash as plainStructHash,
} from '../evm/typed-data/authorization.ts'
import {
  compareDomains as plainCompareDomains,
  domainSeparator as plainDomainSeparator,
  domainType as plainDomainType,
  presentFields as plainPresentFields,
} from '../evm/typed-data/domain.ts'
import { identifySeparator as plainIdentifySeparator } from '../evm/typed-data/identify-separator.ts'
import { findStandardWord as plainFindStandardWord } from '../evm/typed-data/standard-words.ts'
import { editDistance as plainEditDistance } from '../networks/edit-distance.ts'
import { factAt as plainFactAt } from '../networks/fact.ts'
import { findNetwork as plainFindNetwork, getNetwork as plainGetNetwork } from '../networks/find-network.ts'
import { findToken as plainFindToken } from '../networks/find-token.ts'
import { createNetworks as plainCreateNetworks } from '../networks/networks.ts'
import { readPayment as plainReadPayment } from '../payment/read-payment.ts'
import { callName as plainCallName } from '../revert/call-selectors.ts'
import { decodeRevert as plainDecodeRevert } from '../revert/revert.ts'
import { findSecrets as plainFindSecrets } from '../sharing/find-secrets.ts'
import { joinSecrets as plainJoinSecrets } from '../sharing/secrets.ts'
import { shared as plainShared, sharerOf as plainSharerOf } from '../sharing/shared.ts'
import { describeDomain as plainDescribeDomain, findDrift as plainFindDrift } from '../tables/drift.ts'
import { readTable as plainReadTable } from '../tables/table.ts'
import { formatUnits as plainFormatUnits } from '../text/amount.ts'
import { duration as plainDuration, utc as plainUtc } from '../text/utc.ts'
import { decodeText as plainDecodeText } from '../wire/text.ts'

// The functions of the face of the same name, for callers who can give them anything: each refuses what is no argument of it in one sentence.
// Within the package the functions themselves are called, which have types to go by.
export const replayMatrix: typeof plainReplayMatrix = /* @__PURE__ */ guardedAsync(plainReplayMatrix, 'replayMatrix', () => ({
  chain: replayChain,
  payment,
  options: record('options', { at: uint, networks: maybe(networks), search: maybe(searchLimits), signature: maybe(signatureEvidence) }),
}))
const diagnoseArguments = () => ({
  payment,
  options: maybe(
    record('options', {
      now: maybe(bigint),
      at: maybe(bigint),
      networks: maybe(networks),
      replayer: maybe(replayer),
      forker: maybe(replayer),
      chains: maybe(list(reader)),
      block: maybe(uint),
      facilitator: maybe(address),
      transaction: maybe(text),
      search: maybe(searchLimits),
      signature: maybe(signatureEvidence),
    }),
  ),
})
export const diagnose: typeof plainDiagnose = /* @__PURE__ */ guardedAsync(plainDiagnose, 'diagnose', diagnoseArguments)
export const investigate: typeof plainInvestigate = /* @__PURE__ */ guardedAsync(plainInvestigate, 'investigate', diagnoseArguments)
export const replayTarget: typeof plainReplayTarget = /* @__PURE__ */ guarded(plainReplayTarget, 'replayTarget', () => ({
  payment,
  expected: maybe(expectedDomain),
}))
export const chooseMoment: typeof plainChooseMoment = /* @__PURE__ */ guarded(plainChooseMoment, 'chooseMoment', () => ({
  authorization,
  now: bigint,
  at: maybe(bigint),
}))
export const editDistance: typeof plainEditDistance = /* @__PURE__ */ guarded(plainEditDistance, 'editDistance', () => ({
  a: text,
  b: text,
  limit: whole,
}))
export const factAt: typeof plainFactAt = /* @__PURE__ */ guarded(plainFactAt, 'factAt', () => ({ network, path: text }))
export const findNetwork: typeof plainFindNetwork = /* @__PURE__ */ guarded(plainFindNetwork, 'findNetwork', () => ({
  name,
  networks: maybe(networks),
}))
export const getNetwork: typeof plainGetNetwork = /* @__PURE__ */ guarded(plainGetNetwork, 'getNetwork', () => ({
  name,
  networks: maybe(networks),
}))
export const findToken: typeof plainFindToken = /* @__PURE__ */ guarded(plainFindToken, 'findToken', () => ({
  address: text,
  networks: maybe(networks),
}))
export const createNetworks: typeof plainCreateNetworks = /* @__PURE__ */ guarded(plainCreateNetworks, 'createNetworks', () => ({
  extra: maybe(list(object)),
}))
const readArguments = (): Shapes => ({
  input: anything,
  options: maybe(record('options', { network: maybe(name), networks: maybe(networks), token: maybe(object) })),
})
export const readPayment: typeof plainReadPayment = /* @__PURE__ */ guarded(plainReadPayment, 'readPayment', readArguments)
export const readEvmPayment: typeof plainReadEvmPayment = /* @__PURE__ */ guarded(plainReadEvmPayment, 'readEvmPayment', readArguments)
export const decodeText: typeof plainDecodeText = /* @__PURE__ */ guarded(plainDecodeText, 'decodeText', () => ({ bytes }))
export const callName: typeof plainCallName = /* @__PURE__ */ guarded(plainCallName, 'callName', () => ({ input: hex }))
export const decodeRevert: typeof plainDecodeRevert = /* @__PURE__ */ guarded(plainDecodeRevert, 'decodeRevert', () => ({
  input: anything,
  context: maybe(
    record('what is known of the payment', {
      chain: maybe(oneOf(['evm', 'svm'])),
      standard: maybe(text),
      function: maybe(text),
      overload: maybe(text),
      payerHasCode: maybe(flag),
    }),
  ),
}))
export const tokenDomain: typeof plainTokenDomain = /* @__PURE__ */ guarded(plainTokenDomain, 'tokenDomain', () => ({
  token: tokenDomainShape,
  chainId: whole,
}))
export const examineSignature: typeof plainExamineSignature = /* @__PURE__ */ guarded(plainExamineSignature, 'examineSignature', () => ({
  payment,
  networks,
  options: maybe(searchOptions),
}))
export const searchSteps: typeof plainSearchSteps = /* @__PURE__ */ guarded(plainSearchSteps, 'searchSteps', () => ({
  payment,
  networks,
  options: maybe(searchOptions),
  target: maybe(address),
}))
export const areaOf: typeof plainAreaOf = /* @__PURE__ */ guarded(plainAreaOf, 'areaOf', () => ({ generator: oneOf(generatorIds) }))
export const signatureLadder: typeof plainSignatureLadder = /* @__PURE__ */ guarded(plainSignatureLadder, 'signatureLadder', () => ({
  payment,
  evidence: signatureEvidence,
}))
export const recoverAddress: typeof plainRecoverAddress = /* @__PURE__ */ guarded(plainRecoverAddress, 'recoverAddress', () => ({
  digest: bytes32,
  signature: ecdsa,
}))
export const searchSignature: typeof plainSearchSignature = /* @__PURE__ */ guardedAsync(plainSearchSignature, 'searchSignature', () => ({
  payment,
  networks,
  options: maybe(searchOptions),
}))
export const examineSignatures: typeof plainExamineSignatures = /* @__PURE__ */ guarded(
  plainExamineSignatures,
  'examineSignatures',
  () => ({ payments: list(payment), networks, options: maybe(searchOptions) }),
)
export const canonicalSignature: typeof plainCanonicalSignature = /* @__PURE__ */ guarded(
  plainCanonicalSignature,
  'canonicalSignature',
  () => ({ signature: ecdsa }),
)
export const readSignature: typeof plainReadSignature = /* @__PURE__ */ guarded(plainReadSignature, 'readSignature', () => ({
  signature: hex,
}))
export const describeDomain: typeof plainDescribeDomain = /* @__PURE__ */ guarded(plainDescribeDomain, 'describeDomain', () => ({
  domain,
  fields: maybe(list(domainField)),
}))
export const findDrift: typeof plainFindDrift = /* @__PURE__ */ guarded(plainFindDrift, 'findDrift', () => ({
  entries: list(tableEntry),
  options: maybe(record('options', { networks: maybe(networks), proofOf: maybe(callback) })),
}))
export const readTable: typeof plainReadTable = /* @__PURE__ */ guarded(plainReadTable, 'readTable', () => ({
  json: anything,
  networks: maybe(networks),
}))
export const formatUnits: typeof plainFormatUnits = /* @__PURE__ */ guarded(plainFormatUnits, 'formatUnits', () => ({
  value: bigint,
  decimals: whole,
}))
export const authorizationDigest: typeof plainAuthorizationDigest = /* @__PURE__ */ guarded(
  plainAuthorizationDigest,
  'authorizationDigest',
  () => ({ separator: bytes32, primaryType, authorization }),
)
export const createAuthorizationHasher: typeof plainCreateAuthorizationHasher = /* @__PURE__ */ guarded(
  plainCreateAuthorizationHasher,
  'createAuthorizationHasher',
  () => ({ separator: bytes32, primaryType }),
)
export const digestOf: typeof plainDigestOf = /* @__PURE__ */ guarded(plainDigestOf, 'digestOf', () => ({
  separator: bytes32,
  struct: bytes32,
}))
export const structHash: typeof plainStructHash = /* @__PURE__ */ guarded(plainStructHash, 'structHash', () => ({
  primaryType,
  authorization,
}))
export const comparePayments: typeof plainComparePayments = /* @__PURE__ */ guarded(plainComparePayments, 'comparePayments', () => ({
  payments: list(payment),
}))
export const compareDomains: typeof plainCompareDomains = /* @__PURE__ */ guarded(plainCompareDomains, 'compareDomains', () => ({
  a: domain,
  b: domain,
}))
export const domainSeparator: typeof plainDomainSeparator = /* @__PURE__ */ guarded(plainDomainSeparator, 'domainSeparator', () => ({
  domain,
  order: maybe(list(domainField)),
}))
export const domainType: typeof plainDomainType = /* @__PURE__ */ guarded(plainDomainType, 'domainType', () => ({
  fields: list(domainField),
}))
export const presentFields: typeof plainPresentFields = /* @__PURE__ */ guarded(plainPresentFields, 'presentFields', () => ({ domain }))
export const identifySeparator: typeof plainIdentifySeparator = /* @__PURE__ */ guarded(
  plainIdentifySeparator,
  'identifySeparator',
  () => ({
    separator: bytes32,
    options: maybe(
      record('options', {
        hints: maybe(
          record('hints', {
            names: maybe(list(text)),
            versions: maybe(list(text)),
            chainIds: maybe(list(uint)),
            contracts: maybe(list(address)),
            salts: maybe(list(bytes32)),
          }),
        ),
        networks: maybe(networks),
      }),
    ),
  }),
)
export const duration: typeof plainDuration = /* @__PURE__ */ guarded(plainDuration, 'duration', () => ({ seconds: bigint }))
export const utc: typeof plainUtc = /* @__PURE__ */ guarded(plainUtc, 'utc', () => ({ seconds: bigint }))
export const findStandardWord: typeof plainFindStandardWord = /* @__PURE__ */ guarded(plainFindStandardWord, 'findStandardWord', () => ({
  word: hex,
}))
export const revertOf: typeof plainRevertOf = /* @__PURE__ */ guarded(plainRevertOf, 'revertOf', () => ({ outcome: replayOutcome }))
export const tokenSays: typeof plainTokenSays = /* @__PURE__ */ guarded(plainTokenSays, 'tokenSays', () => ({
  code: replayCode,
  outcome: replayOutcome,
}))
export const printable: typeof plainPrintable = /* @__PURE__ */ guarded(plainPrintable, 'printable', () => ({ text }))
export const hiddenAsJson: typeof plainHiddenAsJson = /* @__PURE__ */ guarded(plainHiddenAsJson, 'hiddenAsJson', () => ({ json: text }))
export const replaceHidden: typeof plainReplaceHidden = /* @__PURE__ */ guarded(plainReplaceHidden, 'replaceHidden', () => ({
  text,
  replace: callback,
}))
export const findSecrets: typeof plainFindSecrets = /* @__PURE__ */ guarded(plainFindSecrets, 'findSecrets', () => ({ input: anything }))
export const joinSecrets: typeof plainJoinSecrets = /* @__PURE__ */ guarded(plainJoinSecrets, 'joinSecrets', () => ({
  first: secrets,
  second: secrets,
}))
export const secretsOf: typeof plainSecretsOf = /* @__PURE__ */ guarded(plainSecretsOf, 'secretsOf', () => ({
  payment,
  evidence: maybe(signatureEvidence),
}))
export const shared: typeof plainShared = /* @__PURE__ */ guarded(plainShared, 'shared', () => ({ model: anything, secrets }))
export const sharerOf: typeof plainSharerOf = /* @__PURE__ */ guarded(plainSharerOf, 'sharerOf', () => ({ secrets }))
