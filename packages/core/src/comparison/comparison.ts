import type { Address, Bytes32 } from '../bytes/hex.ts'
import type { CauseId } from '../causes/catalogue.ts'
import type { Verdict } from '../verdict/diagnosis.ts'

/**
 * `same`: nothing of one differs from the other, however they are written; `same-message`: nothing that both tell differs, and not of both the domain is known,
 * so that they may be of two tokens; `same-nonce`: one nonce of one payer, so that only one of the two can settle;
 * `two-payments`: of each its own; `unlike`: payments of two families.
 */
export type ComparisonRelation = 'same' | 'same-message' | 'same-nonce' | 'two-payments' | 'unlike'

/** One of the two. */
export interface ComparedSide {
  readonly recognised: string
  readonly family: 'evm' | 'solana'
  /** The digest that was signed, as far as it was found; null where nothing was signed, or nothing that was tried fits. */
  readonly digest: Bytes32 | null
  /** Who signed that; null where nobody can tell. */
  readonly signer: Address | null
  readonly isSigned: boolean
  /** What was made of it alone; null where it was not diagnosed. */
  readonly verdict: Verdict | null
  readonly cause: CauseId | null
  /** What was answered to it, where that stood beside it. */
  readonly answer: string | null
}

/** One field in which the two differ. What follows from others, such as the digest of another message, is none. */
export interface PaymentDifference {
  /** Dotted path: `domain.name`, `authorization.value`, `signature.form`, `transfer.amount`. */
  readonly field: string
  readonly first: string
  readonly second: string
  /** The same two in words, where that says more: an amount of a token, a time of the calendar. */
  readonly words: readonly [string, string] | null
  /** What it is where the two values do not tell: `the other of the two signatures that this one makes`. */
  readonly says: string | null
}

/** What `eip3009 compare --json` prints. JSON-safe: amounts are atomic units and times unix seconds, as decimal strings. */
export interface Comparison {
  readonly schema: 'eip3009/comparison@1'
  readonly relation: ComparisonRelation
  readonly headline: string
  /**
   * The two, in the order in which they were given.
   * @minItems 2
   * @maxItems 2
   */
  readonly sides: readonly ComparedSide[]
  readonly differences: readonly PaymentDifference[]
  /** The difference that explains why one of them settles and the other does not; null where none does, or both fare alike. */
  readonly explains: string | null
  /** What only shows beside the other, and what could not be compared. */
  readonly notes: readonly string[]
}
