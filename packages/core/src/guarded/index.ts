import {
  authorization,
  chainSource,
  domain,
  domainField,
  ecdsa,
  headers,
  name,
  networks,
  payment,
  primaryType,
  reader,
  replayer,
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
  bytes32,
  callback,
  either,
  flag,
  guarded,
  guardedAsync,
  hex,
  list,
  maybe,
  milliseconds,
  object,
  oneOf,
  record,
  type Shapes,
  text,
  url,
  whole,
} from '../arguments/shape.ts'
import { anyPayment, svmPayment } from '../arguments/solana-shapes.ts'
import { findDifferences as plainFindDifferences } from '../comparison/find-differences.ts'
import { diagnose as plainDiagnose, investigate as plainInvestigate } from '../diagnosis/diagnose.ts'
import { paymentStatus as plainPaymentStatus } from '../diagnosis/payment-status.ts'
import { printable as plainPrintable } from '../errors/printable.ts'
import { comparePayments as plainComparePayments } from '../evm/checks/compare-payments.ts'
import { readEvmPayment as plainReadEvmPayment } from '../evm/payment/read.ts'
import { tokenDomain as plainTokenDomain } from '../evm/signature/expected-domain.ts'
import { examineSignature as plainExamineSignature } from '../evm/signature/forensics.ts'
import { signatureLadder as plainSignatureLadder } from '../evm/signature/ladder.ts'
import { recoverAddress as plainRecoverAddress } from '../evm/signature/recover.ts'
import { searchSignature as plainSearchSignature } from '../evm/signature/search-signature.ts'
import { secretsOf as plainSecretsOf } from '../evm/signature/secrets.ts'
import { examineSignatures as plainExamineSignatures } from '../evm/signature/several.ts'
import { canonicalSignature as plainCanonicalSignature, readSignature as plainReadSignature } from '../evm/signature/signature.ts'
import { typedDataSteps as plainTypedDataSteps } from '../evm/signature/typed-data-steps.ts'
import {
  authorizationDigest as plainAuthorizationDigest,
  createAuthorizationHasher as plainCreateAuthorizationHasher,
  digestOf as plainDigestOf,
  structHash as plainStructHash,
} from '../evm/typed-data/authorization.ts'
import { compareDomains as plainCompareDomains, domainSeparator as plainDomainSeparator } from '../evm/typed-data/domain.ts'
import { identifySeparator as plainIdentifySeparator } from '../evm/typed-data/identify-separator.ts'
import { findNetwork as plainFindNetwork, getNetwork as plainGetNetwork } from '../networks/find-network.ts'
import { findToken as plainFindToken } from '../networks/find-token.ts'
import { createNetworks as plainCreateNetworks } from '../networks/networks.ts'
import { diagnoseOffer as plainDiagnoseOffer } from '../offer/diagnose-offer.ts'
import { hasOffer as plainHasOffer } from '../offer/find-offers.ts'
import { readPayment as plainReadPayment } from '../payment/read-payment.ts'
import { decodeRevert as plainDecodeRevert } from '../revert/revert.ts'
import { findSecrets as plainFindSecrets } from '../sharing/find-secrets.ts'
import { shared as plainShared, sharerOf as plainSharerOf } from '../sharing/shared.ts'
import { findDrift as plainFindDrift } from '../tables/drift.ts'
import { readTable as plainReadTable } from '../tables/table.ts'

// The functions of the face of the same name, for callers who can give them anything: each refuses what is no argument of it in one sentence.
// Within the package the functions themselves are called, which have types to go by.
const diagnoseArguments = () => ({
  payment: anyPayment,
  options: maybe(
    record('options', {
      now: maybe(bigint),
      at: maybe(bigint),
      rpc: maybe(either('the URL of an RPC, or a list of them', url, list(url))),
      replay: maybe(record('chains to replay on, as ownChains makes them', { evm: replayer, forks: callback, solana: replayer })),
      networks: maybe(networks),
      replayer: maybe(replayer),
      forker: maybe(replayer),
      chains: maybe(list(reader)),
      readers: maybe(list(reader)),
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
export const paymentStatus: typeof plainPaymentStatus = /* @__PURE__ */ guardedAsync(plainPaymentStatus, 'paymentStatus', () => ({
  of: either(
    'a payment, as readPayment gives it, or network, token, from and nonce, or network and transaction',
    payment,
    svmPayment,
    record('an authorization', { network: name, token: address, from: address, nonce: bytes32 }),
    record('a transaction', { network: name, transaction: text }),
  ),
  options: maybe(
    record('options', {
      rpc: maybe(either('an RPC or a list of them', chainSource, list(chainSource))),
      headers: maybe(headers),
      timeout: maybe(milliseconds),
      now: maybe(bigint),
      at: maybe(bigint),
      transaction: maybe(text),
    }),
  ),
}))
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
  options: maybe(record('options', { network: maybe(name), networks: maybe(networks), token: maybe(object), unsigned: maybe(flag) })),
})
export const readPayment: typeof plainReadPayment = /* @__PURE__ */ guarded(plainReadPayment, 'readPayment', readArguments)
export const readEvmPayment: typeof plainReadEvmPayment = /* @__PURE__ */ guarded(plainReadEvmPayment, 'readEvmPayment', readArguments)
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
export const signatureLadder: typeof plainSignatureLadder = /* @__PURE__ */ guarded(plainSignatureLadder, 'signatureLadder', () => ({
  payment,
  evidence: signatureEvidence,
}))
export const typedDataSteps: typeof plainTypedDataSteps = /* @__PURE__ */ guarded(plainTypedDataSteps, 'typedDataSteps', readArguments)
export const diagnoseOffer: typeof plainDiagnoseOffer = /* @__PURE__ */ guardedAsync(plainDiagnoseOffer, 'diagnoseOffer', () => ({
  input: anything,
  options: maybe(
    record('options', { now: maybe(bigint), networks: maybe(networks), chainsFor: maybe(callback), replayer: maybe(replayer) }),
  ),
}))
const comparedPayment = record('a payment to compare', {
  payment: anyPayment,
  diagnosis: maybe(object),
  signature: maybe(signatureEvidence),
})
export const findDifferences: typeof plainFindDifferences = /* @__PURE__ */ guarded(plainFindDifferences, 'findDifferences', () => ({
  first: comparedPayment,
  second: comparedPayment,
  networks: maybe(networks),
}))
export const hasOffer: typeof plainHasOffer = /* @__PURE__ */ guarded(plainHasOffer, 'hasOffer', () => ({ input: anything }))
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
export const findDrift: typeof plainFindDrift = /* @__PURE__ */ guarded(plainFindDrift, 'findDrift', () => ({
  entries: list(tableEntry),
  options: maybe(record('options', { networks: maybe(networks), proofOf: maybe(callback) })),
}))
export const readTable: typeof plainReadTable = /* @__PURE__ */ guarded(plainReadTable, 'readTable', () => ({
  json: anything,
  networks: maybe(networks),
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
export const printable: typeof plainPrintable = /* @__PURE__ */ guarded(plainPrintable, 'printable', () => ({ text }))
export const findSecrets: typeof plainFindSecrets = /* @__PURE__ */ guarded(plainFindSecrets, 'findSecrets', () => ({ input: anything }))
export const secretsOf: typeof plainSecretsOf = /* @__PURE__ */ guarded(plainSecretsOf, 'secretsOf', () => ({
  payment,
  evidence: maybe(signatureEvidence),
}))
export const shared: typeof plainShared = /* @__PURE__ */ guarded(plainShared, 'shared', () => ({ model: anything, secrets }))
export const sharerOf: typeof plainSharerOf = /* @__PURE__ */ guarded(plainSharerOf, 'sharerOf', () => ({ secrets }))
