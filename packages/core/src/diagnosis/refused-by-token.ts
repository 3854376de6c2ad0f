import type { CauseId } from '../causes/catalogue.ts'

type EvmCauseId = Exclude<CauseId, `svm-${string}`>

/**
 * Whether the token itself refuses a payment for it, so that a call which succeeds excludes it. `in-time`: only at the second that is meant. `no`: what
 * is wrong is the offer, the way to the token or what came back, of which the token knows nothing; a call of no code at all succeeds, too.
 */
const refusals = {
  'domain-name-mismatch': 'yes',
  'domain-version-mismatch': 'yes',
  'chain-id-mismatch': 'yes',
  'verifying-contract-mismatch': 'yes',
  'nonstandard-domain-layout': 'yes',
  'domain-field-missing': 'yes',
  'eip712domain-type-missing': 'yes',
  'primary-type-mismatch': 'yes',
  'struct-type-mismatch': 'yes',
  'message-altered': 'yes',
  'message-prefixed': 'yes',
  'signer-not-owner': 'yes',
  'v-0-or-1': 'yes',
  'v-flipped': 'yes',
  'high-s': 'yes',
  'compact-eip2098': 'yes',
  'signature-length': 'yes',
  'signature-byte-order': 'yes',
  'not-yet-valid': 'in-time',
  expired: 'in-time',
  'time-in-milliseconds': 'in-time',
  'window-too-short': 'no',
  'window-inverted': 'yes',
  'boundary-second': 'in-time',
  'eip7702-payer': 'yes',
  'smart-wallet-signature': 'yes',
  'insufficient-balance': 'yes',
  'authorization-used': 'yes',
  'authorization-canceled': 'yes',
  'executed-by-third-party': 'yes',
  'nonce-reused': 'yes',
  'nonce-out-of-sequence': 'yes',
  'nonce-out-of-turn': 'yes',
  'retry-mints-new-nonce': 'no',
  blacklisted: 'yes',
  // A call that is simulated from another account says nothing of the relayer's.
  'relayer-blocked': 'no',
  'payee-not-payable': 'yes',
  paused: 'yes',
  'token-without-eip3009': 'yes',
  'no-bytes-overload': 'yes',
  'asset-has-no-code': 'no',
  'asset-mismatch': 'no',
  'transfer-event-missing': 'no',
  'wire-version-mismatch': 'no',
  'malformed-field': 'no',
  'header-encoding': 'no',
  'amount-mismatch': 'no',
  'recipient-mismatch': 'no',
  'accepted-mismatch': 'no',
  'nonce-not-bound': 'no',
  'amount-units-wrong': 'no',
  'network-mismatch': 'no',
  'network-unsupported': 'no',
  'self-payment': 'no',
  'below-facilitator-minimum': 'no',
  'facilitator-schema-limit': 'no',
  'facilitator-nonce': 'no',
  'facilitator-out-of-gas-money': 'no',
  'facilitator-fee-too-low': 'no',
  'facilitator-gas-limit': 'no',
  'facilitator-auth': 'no',
  'settlement-unconfirmed': 'no',
  'pending-block-estimate': 'no',
  'rpc-fault': 'no',
  'rpc-wrong-chain': 'no',
  'masked-reason': 'no',
  'facilitator-config-drift': 'no',
} as const satisfies Record<EvmCauseId, 'yes' | 'in-time' | 'no'>

export type Refusal = (typeof refusals)[EvmCauseId]

export function refusedByToken(cause: CauseId): Refusal {
  return cause in refusals ? refusals[cause as EvmCauseId] : 'no'
}
