import type { Address, Bytes32, CoverableHex, Selector } from '../../bytes/hex.ts'
import type { Finding } from '../../causes/finding.ts'
import type { EvmNetwork } from '../../networks/network.ts'
import type { ToldToken } from '../../networks/told-token.ts'
import type { PaymentRail } from '../../rails/rail.ts'
import type { Count } from '../../text/written.ts'
import type { Beside } from '../../wire/beside.ts'
import type { X402Form } from '../../wire/envelope.ts'
import type { Authorization, PrimaryType } from '../typed-data/authorization.ts'
import type { Eip712Domain } from '../typed-data/domain.ts'
import type { PayerClaim } from './payer-claims.ts'

export type { PrimaryType } from '../typed-data/authorization.ts'

/** What the bytes were recognised as. */
export type WireForm =
  | X402Form
  | 'mpp-credential'
  | 'authorization-and-signature'
  | 'typed-data-and-signature'
  | 'calldata'
  | 'raw-transaction'

/** What the resource server asked for. Fields that it did not state are absent. */
export interface Requirements {
  readonly scheme?: string
  /** As written: an x402 v1 name or a CAIP-2 id. */
  readonly network?: string
  /** Atomic units: `maxAmountRequired` in v1, `amount` in v2. */
  readonly amount?: bigint
  readonly payTo?: Address
  readonly asset?: Address
  readonly maxTimeoutSeconds?: number
  /** `extra.name` and `extra.version`: the domain that the server told the client to sign under; with Circle Gateway its contract, too. */
  readonly extra?: { readonly name?: string; readonly version?: string; readonly verifyingContract?: Address }
  readonly resource?: string
}

/** The call that carried the authorization to the token, when calldata or a transaction was read. */
export interface TokenCall {
  readonly function: 'transferWithAuthorization' | 'receiveWithAuthorization'
  readonly selector: Selector
  readonly overload: 'vrs' | 'bytes'
  /** The contract that makes it, where it stood in another call: a batcher, a wallet, the EntryPoint. */
  readonly caller?: Address
  /** Of a transaction, as far as it was read with the call: where it was sent, by whom, on which chain, and its hash. */
  readonly transaction?: {
    /** Computed from a raw transaction; of a transaction object, as it says itself. */
    readonly hash?: Bytes32
    readonly to?: Address
    /** The relayer: recovered from a raw transaction's own signature; of a transaction object, its `from`. */
    readonly sender?: Address
    readonly chainId?: Count
    /** The most gas that a raw transaction may use. */
    readonly gasLimit?: bigint
    /** The block that a transaction object says it is in. A chain may have replaced it. */
    readonly mined?: { readonly block: bigint; readonly blockHash: Bytes32 }
  }
}

/** A payment as it was read from the outside, with nothing decided about it yet. */
export interface Payment {
  readonly family: 'evm'
  /** How it is made and who settles it, as far as its own words tell. */
  readonly rail: PaymentRail
  readonly form: WireForm
  /** One line for people: "x402 v1 /settle body", "calldata of transferWithAuthorization(…, bytes signature)". */
  readonly recognised: string
  readonly x402Version?: 1 | 2
  /** The network as the payload names it, and the network which that is, when it is one that we know. */
  readonly networkName?: string
  readonly network?: EvmNetwork
  /** Chain id, from the network, a CAIP-2 id, a typed-data domain or a transaction; also of networks that we do not know. */
  readonly chainId?: Count
  /** The token that is asked to move: asset, verifyingContract or the transaction's `to`. */
  readonly token?: Address
  /** What the user tells of the token. */
  readonly told?: ToldToken
  readonly primaryType: PrimaryType
  readonly authorization: Authorization
  /** As read, with `0x` in front; any length. */
  readonly signature: CoverableHex
  /** The domain that the payload claims to be signed under (typed-data JSON only). */
  readonly claimedDomain?: Eip712Domain
  /** The server's requirements; where only a v2 payload was read, the client's copy of them. */
  readonly requirements?: Requirements
  /** The copy of the offer inside a v2 payload. */
  readonly accepted?: Requirements
  readonly call?: TokenCall
  /** What the input itself tells of the payer's account, in the order in which it stands there. Claims: nothing of it was checked. */
  readonly payerClaims: readonly PayerClaim[]
  /** What stood beside it in what was read: what was answered to it, and when. */
  readonly beside?: Beside
  /** What was tolerated or looks wrong in the wire form: never a reason to refuse to read on. */
  readonly findings: readonly Finding[]
}
