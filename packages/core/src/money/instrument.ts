import type { Hex } from '../bytes/hex.ts'
import type { Obstacle } from '../causes/obstacle.ts'
import type { Digits, SignedDigits } from '../text/written.ts'

/** What became of an authorization, or can become of it. */
export type InstrumentState =
  /** Whoever may use it can, at once or when what is in its way is gone. */
  | 'live'
  /** It moved the money of this payment. */
  | 'spent-on-this'
  /** Its nonce was used up by something else: it moved nothing, and never will. */
  | 'spent-on-another'
  /** The payer took it back. */
  | 'canceled'
  /** Nothing that anybody can do makes it move money. */
  | 'dead'
  | 'unknown'

/**
 * How sure it is that what was read stays so. `finalized`, `safe`: the block that shows it is not younger than the chain's block of that name. `latest`: a
 * block shows it that can still be reorganised away. `none`: no chain shows it, so that it follows from the bytes alone, or is not known.
 */
export type Finality = 'finalized' | 'safe' | 'latest' | 'none'

/**
 * Which authorization of those in sight: the one that was sent; the one that was signed, where that is another; what was signed as
 * ReceiveWithAuthorization; the same bytes at another token or chain; what used the nonce up in its place; a signature that moves nothing by itself.
 */
export type InstrumentForm = 'as-sent' | 'as-signed' | 'receive' | 'elsewhere' | 'sibling' | 'other-message'

/** One authorization, whoever holds it. JSON-safe: times are unix seconds, amounts atomic units, as decimal strings. */
export interface Instrument {
  readonly form: InstrumentForm
  readonly state: InstrumentState
  /** First and last second at which it can be used; null where nobody knows, or where seconds do not decide. */
  readonly opens: SignedDigits | null
  readonly closes: SignedDigits | null
  /** First and last number of the block, where those decide. */
  readonly blocks: { readonly opens: Digits | null; readonly closes: Digits } | null
  /** Who can use it: whoever holds the bytes, only the payee, only who has keys that have not signed, or only a service. */
  readonly usableBy: 'anybody' | 'payee' | 'key-holders' | 'service' | 'nobody'
  /** What is in its way, as far as that is known. */
  readonly needs: readonly Obstacle[]
  /** What it pays; null where that is not known. */
  readonly pays: { readonly to: string; readonly value: Digits } | null
  /** Where it is good, where that is another token or chain than the payment's own. */
  readonly at: string | null
  /** What makes it usable once: an EIP-3009 nonce, 32 bytes; null on Solana, and where what was signed is not known. */
  readonly nonce: Hex | null
  /** What shows its state. */
  readonly evidence: 'bytes' | 'chain' | 'receipt' | 'nothing'
  readonly finality: Finality
  /** How many blocks deep the block is that shows it, itself included; null without one. */
  readonly depth: Digits | null
  /** One clause for people, with the values in it. */
  readonly says: string
}

/** What a payment's money did and can do: what is decisive among its authorizations. */
export interface Money {
  readonly state: 'moved' | 'not-moved' | 'can-move' | 'unknown'
  readonly says: string
  readonly finality: Finality
  readonly depth: Digits | null
  /**
   * Every authorization in sight, the decisive one first.
   * @minItems 1
   */
  readonly instruments: readonly Instrument[]
}

/** Which one decides: money that moved before money that can, what can move before what nobody knows, and only when all are over, that. */
const weight = {
  'spent-on-this': 0,
  live: 1,
  unknown: 2,
  canceled: 3,
  'spent-on-another': 4,
  dead: 5,
} as const satisfies Record<InstrumentState, number>

const states = {
  'spent-on-this': 'moved',
  live: 'can-move',
  unknown: 'unknown',
  canceled: 'not-moved',
  'spent-on-another': 'not-moved',
  dead: 'not-moved',
} as const satisfies Record<InstrumentState, Money['state']>

/** What the authorizations in sight come to. There is always one: what was sent. */
export function moneyOf(instruments: readonly [Instrument, ...Instrument[]]): Money {
  const sorted = [...instruments].sort((a, b) => weight[a.state] - weight[b.state])
  const [decisive = instruments[0]] = sorted
  const { state, says, finality, depth } = decisive
  return { state: states[state], says, finality, depth, instruments: sorted }
}
