import type { Bytes32 } from '../bytes/hex.ts'
import type { CauseId } from '../causes/catalogue.ts'
import type { Finding, Party, Proof } from '../causes/finding.ts'
import type { SkippedCheck } from '../evidence/check.ts'
import type { FacilitatorReport } from '../facilitators/profile/answer.ts'
import type { Money } from '../money/instrument.ts'
import type { Retry } from '../money/retry.ts'
import type { AnswerKind } from '../revert/answer.ts'
import type { Count, Digits, SignedDigits } from '../text/written.ts'

export type Verdict = 'settles' | 'fails' | 'inconclusive'

/** What every replay says of itself, on whatever chain it was made: under which changes, and whether the payment settled. */
export interface RunTrunk {
  /** One sentence an intervention; empty for the payment as it is. */
  readonly interventions: readonly string[]
  /** What of the payment as it is was left out, one sentence each. */
  readonly without: readonly string[]
  readonly outcome: 'settled' | 'reverted' | 'failed'
}

/** Something that can make a payment that is right in itself fail. */
export interface Explanation {
  readonly cause: CauseId
  readonly party: Party
  readonly says: string
  /** What the token answers then, and whether a replay showed it; null where nobody knows how this token words it. */
  readonly revert: string | null
  readonly shown: boolean
  /** What would tell whether it was this. */
  readonly check: string
}

/** How what was answered stands towards what is known of the payment. */
export type AnswerRelation =
  /** It names what was found, or says of a good payment that it is. */
  | 'agrees'
  /** It names a cause that nothing here contradicts: the cause, inferred. */
  | 'names-cause'
  /** It can mean several things that nothing here contradicts. */
  | 'leaves-several'
  /** It does not say why. */
  | 'says-nothing'
  /** What it says is not so, by what was computed, read or replayed. */
  | 'contradicted'
  /** It says that the payment is settled, and nothing here shows otherwise. */
  | 'settled'
  /** It says that it was sent, and not what became of it. */
  | 'pending'
  /** It is about another payment than this one. */
  | 'another-payment'
  /** It says something else than what was found, and both can be so. */
  | 'beside'

/** What was answered to the payment, and what follows from it. Nobody here saw what it tells of. */
export interface AnswerReport {
  readonly kind: AnswerKind
  /** Its own words. */
  readonly says: string
  /** Whether it stood beside the payment in what was read, or somebody gave it. */
  readonly from: 'beside' | 'given'
  /** Whose words they are; null where nobody can tell. */
  readonly speaker: 'token' | 'program' | 'node' | 'facilitator' | 'server' | 'client' | null
  readonly relation: AnswerRelation
  /** What it can mean that nothing here contradicts, the likeliest first; empty where it is too much to be of use. */
  readonly causes: readonly CauseId[]
  /** What it can not mean, and why not. */
  readonly refuted: readonly { readonly cause: CauseId; readonly because: string }[]
  /** The transaction that it names. */
  readonly transaction: string | null
  /** What became of that transaction, as a clause; null where there is none, or nobody was asked. */
  readonly lookedUp: string | null
  /** The one call that would tell, filled in. */
  readonly check: string | null
}

/** What one RPC answered. */
export interface ChainReport {
  /** Which RPC, without its keys. */
  readonly source: string
  readonly kind: 'read' | 'wrong-chain' | 'unreachable'
  /** One sentence. */
  readonly says: string
  /** The block or the slot that was read, and its time in unix seconds; what of it is unknown is null. Null where nothing was read. */
  readonly block: { readonly number: Digits | null; readonly hash: Bytes32 | null; readonly time: Digits | null } | null
  /** Each fact as it was read, or why it is unknown; one of the two is null. */
  readonly facts: readonly { readonly fact: string; readonly says: string | null; readonly unknown: string | null }[]
}

/** Two pieces of evidence of which one is wrong. */
export interface ContradictionTrunk {
  readonly id: string
  /** Both, each as a clause with who said it. */
  readonly sides: readonly [string, string]
  /** What would tell which of the two is right. */
  readonly check: string
}

/** The transaction that a payment became, or that spent what it rests on. */
export interface SettlementTrunk {
  /** Its hash or its signature. */
  readonly transaction: string
  /** The number of its block or slot. */
  readonly block: Digits
  /** Unix seconds; null where it could not be read. */
  readonly time: Digits | null
}

/** The payment as it was read. Amounts are atomic units. What it does not say is null. */
export interface PaymentTrunk {
  readonly form: string
  readonly recognised: string
  /** Its id where it is one that is known, and else as the payment names it. */
  readonly network: string | null
  /** The token's contract, or its mint. */
  readonly token: string | null
  readonly symbol: string | null
  readonly decimals: Count | null
  readonly from: string | null
  /** Who is paid; on Solana the token account. */
  readonly to: string | null
  readonly value: SignedDigits | null
}

/**
 * The whole answer, whatever family the payment is of: JSON-safe, so that the object is what `--json` prints. Times are unix seconds and amounts
 * atomic units, as decimal strings. What only one family has stands beside it, under the family's name.
 */
export interface DiagnosisTrunk {
  readonly schema: 'eip3009/diagnosis@1'
  readonly family: 'evm' | 'solana'
  readonly verdict: Verdict
  /** The answer in one sentence. */
  readonly headline: string
  readonly cause: CauseId | null
  readonly party: Party | null
  readonly proof: Proof | null
  /** What keeps the verdict open, and the one call that would tell; null where it is not open, or evidence contradicts evidence. */
  readonly undecided: { readonly id: string; readonly check: string | null } | null
  /** Errors first, in the order in which they would stop the payment; then warnings, then what is worth knowing. */
  readonly findings: readonly Finding[]
  /** Evidence that excludes each other, the first that was found first. Nothing that rests on one of the two is claimed. */
  readonly contradictions: readonly ContradictionTrunk[]
  /** When it was judged, and why then. */
  readonly time: { readonly judgedAt: SignedDigits; readonly basis: 'given' | 'read' | 'now' | 'inside-window'; readonly now: SignedDigits }
  /** What was signed, and what became or can become of it. */
  readonly money: Money
  /** Null while there is none, or where no chain told. */
  readonly settlement: SettlementTrunk | null
  /** What to do next, as data and as one sentence. */
  readonly retry: Retry
  readonly fix: string | null
  /** What was answered to it; null where nobody told. */
  readonly answer: AnswerReport | null
  readonly replay: { readonly chain: string; readonly runs: readonly RunTrunk[] } | null
  /** What each RPC said that was asked, in the order in which they were given; empty without. */
  readonly chain: readonly ChainReport[]
  /** What else could have produced a failure, when the payment itself settles. */
  readonly explanations: readonly Explanation[]
  readonly skipped: readonly SkippedCheck<string>[]
  /** What only a chain tells, and is taken for granted. */
  readonly assumes: readonly string[]
  /** What each known facilitator would answer, and who refuses or takes the payment for each cause; empty where none is known of its rail. */
  readonly facilitators: FacilitatorReport<string>
  readonly payment: PaymentTrunk
}
