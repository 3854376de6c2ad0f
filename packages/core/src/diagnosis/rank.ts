import type { CauseId } from '../causes/catalogue.ts'
import type { Finding } from '../causes/finding.ts'

/**
 * The order in which causes stop a payment: first what keeps it from being read or accepted as an answer to the offer, then FiatToken's own
 * checks (window, signature bytes, digest, account), as its revert strings show them. What is not listed comes last.
 */
const stops: readonly CauseId[] = [
  'header-encoding',
  'wire-version-mismatch',
  'malformed-field',
  'network-mismatch',
  'network-unsupported',
  'asset-mismatch',
  'asset-has-no-code',
  'token-without-eip3009',
  'no-bytes-overload',
  'amount-units-wrong',
  'amount-mismatch',
  'recipient-mismatch',
  'accepted-mismatch',
  'paused',
  'blacklisted',
  'window-inverted',
  'time-in-milliseconds',
  'not-yet-valid',
  'expired',
  'executed-by-third-party',
  'authorization-used',
  'authorization-canceled',
  'nonce-out-of-sequence',
  'nonce-out-of-turn',
  'signature-length',
  'compact-eip2098',
  'signature-byte-order',
  'high-s',
  'v-0-or-1',
  'v-flipped',
  'eip712domain-type-missing',
  'nonstandard-domain-layout',
  'domain-field-missing',
  'domain-name-mismatch',
  'domain-version-mismatch',
  'chain-id-mismatch',
  'verifying-contract-mismatch',
  'primary-type-mismatch',
  'message-altered',
  'eip7702-payer',
  'smart-wallet-signature',
  'signer-not-owner',
  'facilitator-config-drift',
  'payee-not-payable',
  'insufficient-balance',
  'relayer-blocked',
  'facilitator-out-of-gas-money',
  'pending-block-estimate',
  'facilitator-nonce',
  'transfer-event-missing',
  'rpc-wrong-chain',
  'rpc-fault',
]

const severities = ['error', 'warning', 'info'] as const

/** Errors first, each in the order in which it would stop the payment. Stable. */
export function rank(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || place(a.cause) - place(b.cause))
}

function place(cause: CauseId): number {
  const index = stops.indexOf(cause)
  return index === -1 ? stops.length : index
}
