import type { Finding } from '../causes/finding.ts'
import type { Party } from '../causes/party.ts'
import type { Networks } from '../networks/networks.ts'
import type { Keys } from './keys.ts'
import type { Place } from './place.ts'

/** One place in the input that says which network is meant. */
export interface NetworkClaim {
  readonly field: string
  /** As written: a name, a CAIP-2 id or a chain id. */
  readonly name: string
  readonly party: Party
}

/** What the readers of all forms share. */
export interface WireContext {
  readonly findings: Finding[]
  readonly keys: Keys
  readonly networks: Networks
  /** The caller's own choice of network, which goes before what the input says. */
  readonly chosen: readonly NetworkClaim[]
  /** What has no signature is read, too, with no bytes for it: it is to be signed. */
  readonly unsigned?: true
  /** Signatures that are no secrets, base58: the ids of transactions that were sent. A refusal may show them. */
  readonly sentIds: string[]
  /** Where the payment was found: of a header's value before the header's own place. */
  readonly trail: Place[]
}
