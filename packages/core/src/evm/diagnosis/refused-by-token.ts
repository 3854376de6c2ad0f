import type { CauseId, CauseIdOf } from '../../causes/catalogue.ts'

/**
 * Whether the token itself refuses a payment for it, so that a call which succeeds excludes it. `in-time`: only at the second that is meant. `no`: what
 * is wrong is the offer, the way to the token or what came back, of which the token knows nothing; a call of no code at all succeeds, too. `some`: nor does
 * the token, but some who verify or submit do, by a rule of their own, so that another facilitator may settle the same bytes.
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
  'paid-not-delivered': 'yes',
  'payee-contract-not-credited': 'yes',
  'nonce-reused': 'yes',
  'nonce-out-of-sequence': 'yes',
  'nonce-out-of-turn': 'yes',
  'retry-mints-new-nonce': 'no',
  blacklisted: 'yes',
  // A call that is simulated from another account says nothing of the relayer's.
  'relayer-blocked': 'some',
  'payee-not-payable': 'yes',
  paused: 'yes',
  'token-upgraded': 'yes',
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
  'network-unsupported': 'some',
  'self-payment': 'no',
  'below-facilitator-minimum': 'some',
  'facilitator-schema-limit': 'some',
  'facilitator-nonce': 'no',
  'facilitator-out-of-gas-money': 'no',
  'facilitator-fee-too-low': 'no',
  'facilitator-gas-limit': 'no',
  'facilitator-auth': 'no',
  'facilitator-policy-refusal': 'some',
  'facilitator-replays-answer': 'some',
  'permit2-allowance-missing': 'no',
  'batch-item-failed': 'no',
  'settlement-reorged': 'no',
  'settlement-unconfirmed': 'no',
  'pending-block-estimate': 'no',
  'chain-halted': 'no',
  'rpc-lagging': 'no',
  'rpc-fault': 'no',
  'rpc-wrong-chain': 'no',
  'masked-reason': 'no',
  'facilitator-config-drift': 'no',
} as const satisfies Record<CauseIdOf<'evm'>, 'yes' | 'in-time' | 'no' | 'some'>

export type Refusal = 'yes' | 'in-time' | 'no'

export function refusedByToken(cause: CauseId): Refusal {
  const refusal = refusalOf(cause)
  return refusal === 'some' ? 'no' : refusal
}

/** Whether another facilitator may settle the same bytes. */
export function isRefusedBySome(cause: CauseId): boolean {
  return refusalOf(cause) === 'some'
}

function refusalOf(cause: CauseId): (typeof refusals)[keyof typeof refusals] {
  return cause in refusals ? refusals[cause as keyof typeof refusals] : 'no'
}
