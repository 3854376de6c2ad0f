import type { Address, Hex } from '../../bytes/hex.ts'
import type { Known } from '../../evidence/known.ts'
import type { Head, Settlement } from './chain.ts'

/** The authorization that is asked about. Whom it pays, and when it can be used, not everybody knows who asks. Unix seconds, atomic units. */
export interface AskedAuthorization {
  readonly token: Address
  readonly from: Address
  readonly nonce: Hex
  readonly to?: Address
  readonly value?: bigint
  readonly validAfter?: bigint
  readonly validBefore?: bigint
}

/** What a chain is asked about what became of a payment: about its authorization, about a transaction, or both. */
export interface StatusQuestion {
  readonly chainId: number
  readonly authorization?: AskedAuthorization
  readonly transaction?: Hex
}

/** An authorization of which a transaction's logs say that it was used or canceled in it. */
export interface LoggedAuthorization {
  readonly how: Settlement['how']
  readonly token: Address
  readonly from: Address
  readonly nonce: Hex
  /** The Transfer that belongs to it: the token's next log. */
  readonly paid: { readonly to: Address; readonly value: bigint } | null
}

/** A transaction as a node has it. */
export interface TransactionReading {
  readonly transaction: Hex
  readonly state: 'pending' | 'succeeded' | 'failed' | 'replaced'
  /** What eth_getTransactionByHash gave; null where only its receipt is there. */
  readonly object: Readonly<Record<string, unknown>> | null
  readonly sender: Address | null
  /** Null while it is in none. */
  readonly block: bigint | null
  /** Of that block, unix seconds. */
  readonly time: Known<bigint>
  readonly uses: readonly LoggedAuthorization[]
}

/** What one RPC told. */
export interface StatusReading {
  readonly kind: 'read'
  /** Which RPC, safe to print. */
  readonly source: string
  readonly head: Head
  /** The newest blocks that the chain itself calls so; null where it has none yet. */
  readonly safe: Known<Head | null>
  readonly finalized: Known<Head | null>
  /** `authorizationState` at the newest block, with what waits, and at the safe and the finalized one; null where the token has no such function. */
  readonly nonce?: {
    readonly used: Known<boolean | null>
    readonly pending: Known<boolean | null>
    readonly safe: Known<boolean | null>
    readonly finalized: Known<boolean | null>
    /** Asked for only when it is used; null when it is not. */
    readonly settlement: Known<Settlement | null>
  }
  /** Null where the node knows no such transaction. */
  readonly sent?: Known<TransactionReading | null>
}

export type StatusAnswer =
  | StatusReading
  | { readonly kind: 'wrong-chain'; readonly source: string; readonly expected: number; readonly chainId: number }
  | { readonly kind: 'unreachable'; readonly source: string; readonly reason: string }
