import type { Bytes32 } from '../bytes/hex.ts'
import type { Network } from '../networks/network.ts'
import type { Count, Digits, SignedDigits } from '../text/written.ts'
import type { Finality, Money } from './instrument.ts'
import type { Retry } from './retry.ts'

/** What became of one payment's authorization, or of one transaction. */
export type StatusState =
  /** It moved the money. */
  | 'paid'
  /** What makes it usable once was used by something else. */
  | 'spent-on-another'
  /** It is used up, and by what could not be told. */
  | 'used'
  /** The payer took it back. */
  | 'canceled'
  /** Nobody has used it, and it can be used. */
  | 'unused'
  /** Nobody has used it, and it can not be used any more. */
  | 'expired'
  /** A transaction waits that uses it. */
  | 'pending'
  /** The transaction was taken into a block and failed there: nothing moved by it. */
  | 'failed'
  /** The transaction succeeded, and has no authorization in it. */
  | 'no-payment'
  | 'unknown'

/** What was asked about, as far as it was told. */
export interface StatusSubject {
  /** The token's address, or the mint. */
  readonly token: string | null
  readonly from: string | null
  /** What makes it usable once, on EVM chains. */
  readonly nonce: Bytes32 | null
  readonly to: string | null
  /** Atomic units. */
  readonly value: Digits | null
  /** First and last second at which it can be used, unix seconds. */
  readonly opens: SignedDigits | null
  readonly closes: SignedDigits | null
}

/** One transaction. */
export interface StatusTransaction {
  /** Its hash, or on Solana its signature. */
  readonly id: string
  /** `replaced`: in a block that is no part of the chain any more. `missing`: the RPC knows none; that it was not sent does not follow. */
  readonly state: 'succeeded' | 'failed' | 'pending' | 'replaced' | 'missing' | 'unknown'
  /** Number of its block, or slot. */
  readonly block: Digits | null
  /** Of that block, unix seconds. */
  readonly time: Digits | null
  readonly sender: string | null
  /** What it paid out of this payer's account. */
  readonly paid: { readonly to: string; readonly value: Digits } | null
  /** How many blocks deep it is, its own included. */
  readonly depth: Digits | null
}

/** What one RPC told. */
export interface StatusSource {
  readonly source: string
  readonly kind: 'read' | 'wrong-chain' | 'unreachable'
  /** Number of its newest block, or slot. */
  readonly head: Digits | null
  /** Seconds by which its newest block is older than now, where that is too much. */
  readonly behind: Digits | null
  readonly says: string
}

/** What became of a payment's money, as a document: made by `paymentStatus`, printed by `eip3009 status --json`. */
export interface PaymentStatus {
  readonly schema: 'eip3009/status@1'
  readonly family: Network['family']
  readonly state: StatusState
  /** How sure it is that this stays so. */
  readonly finality: Finality
  readonly money: Money['state']
  /** One or two sentences. */
  readonly headline: string
  /** Id of the network; null where nothing told it. */
  readonly network: string | null
  /** What was asked about; null where a transaction was, that has no payment in it. */
  readonly subject: StatusSubject | null
  /** The transaction that used it, or that was asked about; null where there is none. */
  readonly transaction: StatusTransaction | null
  readonly chain: readonly StatusSource[]
  readonly retry: Retry
  /** Seconds after which it is worth asking again; null where time alone changes nothing. */
  readonly lookAgain: Count | null
  /** The one command that would tell, filled in; null where the chain has told. */
  readonly check: string | null
  /** A page of the network's explorer that shows it; null where none is known. */
  readonly explorer: string | null
}

/** A page of a network's explorer. */
export function explorerPage(network: Network | undefined, kind: 'tx' | 'address', id: string): string | null {
  if (network?.explorerUrl === undefined || !URL.canParse(network.explorerUrl)) return null
  const url = new URL(network.explorerUrl)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${kind}/${id}`
  return url.href
}
