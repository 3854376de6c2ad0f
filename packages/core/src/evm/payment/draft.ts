import type { Address, Hex } from '../../bytes/hex.ts'
import type { PaymentRail } from '../../rails/rail.ts'
import type { NetworkClaim } from '../../wire/context.ts'
import type { JsonObject } from '../../wire/json.ts'
import type { Authorization, PrimaryType } from '../typed-data/authorization.ts'
import type { Eip712Domain } from '../typed-data/domain.ts'
import type { PayerClaim } from './payer-claims.ts'
import type { Requirements, TokenCall, WireForm } from './payment.ts'

/** One place in the input that says which token is meant. */
export interface TokenClaim {
  readonly field: string
  readonly address: Address
}

/** An offer as it stands in the input, beside what was read of it. */
export interface Offer {
  readonly path: 'requirements' | 'accepted' | 'challenge.request'
  /** Paths of what a payment is compared with, as they stand in the input. */
  readonly names: { readonly amount: string; readonly recipient: string }
  readonly source: JsonObject
  readonly read: Requirements
}

/** What a reader of one form hands on; networks, tokens and offers are compared afterwards, for all forms alike. */
export interface Draft {
  readonly family: 'evm'
  readonly rail: PaymentRail
  readonly form: WireForm
  readonly recognised: string
  readonly x402Version?: 1 | 2
  readonly primaryType: PrimaryType
  readonly authorization: Authorization
  readonly signature: Hex
  /** The most binding first: the first one that names a network decides. */
  readonly networks: readonly NetworkClaim[]
  /** The most binding first. */
  readonly tokens: readonly TokenClaim[]
  readonly claimedDomain?: Eip712Domain
  readonly requirements?: Offer
  readonly accepted?: Offer
  readonly call?: TokenCall
  readonly payerClaims?: readonly PayerClaim[]
}
