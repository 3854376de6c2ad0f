import type { Address, Hex } from '../../bytes/hex.ts'
import type { Eip712Domain } from '../typed-data/domain.ts'

/** What the caller knows or suspects beyond the payment and the networks: each is tried as one of the likeliest values. */
export interface SignatureHints {
  readonly names?: readonly string[]
  readonly versions?: readonly string[]
  readonly chainIds?: readonly bigint[]
  /** Contracts that may have been signed for, such as the implementation behind the token's proxy. */
  readonly contracts?: readonly Address[]
  readonly domains?: readonly Eip712Domain[]
  /** Atomic units. */
  readonly values?: readonly bigint[]
  /** Unix seconds. */
  readonly times?: readonly bigint[]
  readonly nonces?: readonly Hex[]
  /** Accounts that are known, with what they are: `the relayer`, `payer of payment 3`. Tried in place of from and to, and named when a key is theirs. */
  readonly accounts?: readonly { readonly address: Address; readonly label: string }[]
}
