import type { CauseId } from '../causes/catalogue.ts'

/**
 * Everything that a token can mean by "invalid signature", the likeliest first. Bytes that the token looks at before it recovers
 * (length, s, v) are not here: they have strings of their own.
 */
export const refusedSignature = [
  'domain-name-mismatch',
  'eip7702-payer',
  'message-altered',
  'domain-version-mismatch',
  'chain-id-mismatch',
  // FiatToken's call of the wallet swallows its running out of gas: no new signature repairs that one.
  'facilitator-gas-limit',
  'verifying-contract-mismatch',
  'smart-wallet-signature',
  'signer-not-owner',
  'v-flipped',
  'facilitator-config-drift',
  'token-upgraded',
  'eip712domain-type-missing',
  'primary-type-mismatch',
  'asset-mismatch',
  'network-mismatch',
  'pending-block-estimate',
  'nonstandard-domain-layout',
  'domain-field-missing',
  'struct-type-mismatch',
  'message-prefixed',
  'signature-byte-order',
  'rpc-wrong-chain',
] as const satisfies readonly CauseId[]

/** What is only wrong with the signature's bytes, so that the token says it by a string of its own. */
const malformedSignature = ['v-0-or-1', 'high-s', 'compact-eip2098', 'signature-length'] as const satisfies readonly CauseId[]

/** The signature's bytes, as a facilitator sees them that checks with a library before it asks the token. */
export const wrongSignatureBytes = [...malformedSignature, 'v-flipped', 'signature-byte-order'] as const satisfies readonly CauseId[]

/** Anything about the signature at all: what an answer means that says no more than "invalid signature". */
export const anySignature = [...refusedSignature, ...malformedSignature] as const satisfies readonly CauseId[]

/** The authorization's nonce is spent, whoever spent it. */
export const spentNonce = [
  'authorization-used',
  'authorization-canceled',
  'executed-by-third-party',
  'nonce-reused',
] as const satisfies readonly CauseId[]

/** Too late. The first is what happened, the others are ways to get there. */
export const tooLate = ['expired', 'window-too-short', 'window-inverted', 'boundary-second'] as const satisfies readonly CauseId[]

/** Too early, in the same way. */
export const tooEarly = [
  'not-yet-valid',
  'time-in-milliseconds',
  'window-inverted',
  'boundary-second',
] as const satisfies readonly CauseId[]

/** Everything that makes a call of the token revert, so that a simulation or an estimate fails. */
export const anyTokenRevert = [
  ...anySignature,
  'insufficient-balance',
  ...spentNonce,
  'expired',
  'not-yet-valid',
  'time-in-milliseconds',
  'window-too-short',
  'window-inverted',
  'boundary-second',
  'blacklisted',
  'relayer-blocked',
  'payee-not-payable',
  'nonce-out-of-sequence',
  'nonce-out-of-turn',
  'paused',
  'token-without-eip3009',
  'no-bytes-overload',
] as const satisfies readonly CauseId[]

/** Everything that can go wrong between a facilitator and its node although the payment is good. */
export const anyRelayerFault = [
  'facilitator-nonce',
  'facilitator-out-of-gas-money',
  'facilitator-fee-too-low',
  'facilitator-gas-limit',
  'batch-item-failed',
  'settlement-unconfirmed',
  'paid-not-delivered',
  'rpc-fault',
  'rpc-lagging',
  'chain-halted',
  'rpc-wrong-chain',
] as const satisfies readonly CauseId[]

/** A call of a batch that failed: this payment's own, or another's that took the whole batch with it. */
export const failedInBatch = ['batch-item-failed', ...anyTokenRevert] as const satisfies readonly CauseId[]

/** A revert without a word: the token has no such function, or someone on the way dropped the words. */
export const emptyRevert = [
  'token-without-eip3009',
  'no-bytes-overload',
  'asset-has-no-code',
  'masked-reason',
  'facilitator-gas-limit',
  'rpc-wrong-chain',
  'pending-block-estimate',
  'signature-length',
] as const satisfies readonly CauseId[]

/** Everything that a Solana simulation can fail for, the likeliest first. */
export const anySvmSimulation = [
  'svm-destination-account-missing',
  'svm-insufficient-funds',
  'svm-blockhash-expired',
  'svm-source-account-missing',
  'svm-account-frozen',
  'svm-authority-mismatch',
  'svm-decimals-mismatch',
  'svm-mint-mismatch',
  'svm-signature-missing',
  'svm-signature-invalid',
  'svm-compute-limit',
  'svm-compute-price',
  'svm-already-processed',
  'svm-fee-payer-funds',
  'svm-fee-payer-mismatch',
  'svm-creates-token-account',
  'svm-wallet-injected-instructions',
  'svm-lookup-table-unresolved',
  'svm-wrong-cluster',
  'svm-transaction-malformed',
  'svm-mint-invalid',
  'svm-token-program-mismatch',
  'svm-token-extension',
  'svm-landed-with-error',
] as const satisfies readonly CauseId[]

/** Ways to get to a cause that an answer states as a fact. */
const ways: Readonly<Partial<Record<CauseId, readonly CauseId[]>>> = {
  expired: tooLate,
  'not-yet-valid': tooEarly,
  'authorization-used': ['executed-by-third-party', 'nonce-reused'],
  'signature-length': ['compact-eip2098', 'smart-wallet-signature', 'signature-byte-order'],
  'insufficient-balance': ['amount-units-wrong', 'asset-mismatch'],
  'high-s': ['signature-byte-order'],
  'settlement-unconfirmed': ['chain-halted'],
}

/** The cause that an answer states as a fact: the only suspect, or the first when all others are ways to get there. */
export function statedCause(causes: readonly CauseId[]): CauseId | undefined {
  const [first, ...rest] = causes
  if (first === undefined) return undefined
  const known = ways[first] ?? []
  return rest.every((cause) => known.includes(cause)) ? first : undefined
}
