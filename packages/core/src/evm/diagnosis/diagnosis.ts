import type { Address, Hex } from '../../bytes/hex.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding, Party, Proof } from '../../causes/finding.ts'
import type { NotMade } from '../../evidence/check.ts'
import type { Money } from '../../money/instrument.ts'
import type { Retry } from '../../money/retry.ts'
import type { Provenance } from '../../networks/provenance.ts'
import type { PaymentRail } from '../../rails/rail.ts'
import type { CheckId } from '../checks/check.ts'
import type { ReplayCode } from '../evidence/replay.ts'
import type { Ended } from '../signature/forensics.ts'
import type { Coverage } from '../signature/plan.ts'
import type { Authorization } from '../typed-data/authorization.ts'
import type { Contradiction } from './contradiction.ts'
import type { UndecidedId } from './undecided.ts'

export type Verdict = 'settles' | 'fails' | 'inconclusive'

/** A domain as JSON has it: numbers are decimal strings. */
export interface DomainReport {
  readonly name?: string
  readonly version?: string
  readonly chainId?: string
  readonly verifyingContract?: Address
  readonly salt?: Hex
  readonly separator: Hex
}

/** One replay: under which changes, and what the token answered. */
export interface ReplayRun {
  /** One sentence an intervention; empty for the payment as it is. */
  readonly interventions: readonly string[]
  /** What of the payment as it is was left out, one sentence each. */
  readonly without: readonly string[]
  readonly at: string
  readonly outcome: 'settled' | 'reverted'
  /** What the code that runs answered: a revert string, a custom error by its name, or the data. */
  readonly revert: string | null
  /** How the token itself words the check that failed, where another code stood in for it (`replay.code`); null else, and where nobody knows. */
  readonly tokenSays: string | null
  readonly gasUsed: string | null
  /** What reached the payee, atomic units; null where nothing did. */
  readonly transferred: string | null
  /** The digest that the token hashed and the address that it recovered, read from the call trace. */
  readonly digest: Hex | null
  readonly recovered: Address | null
}

/** Something that can make a payment that is right in itself fail with a given revert. */
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

/** What one RPC answered, as JSON has it. */
export interface ChainReport {
  /** Which RPC, without its keys. */
  readonly source: string
  readonly kind: 'read' | 'wrong-chain' | 'unreachable'
  /** One sentence. */
  readonly says: string
  readonly block: { readonly number: string; readonly hash: string; readonly time: string } | null
  /** Each fact as it was read, or why it is unknown; one of the two is null. */
  readonly facts: readonly { readonly fact: string; readonly says: string | null; readonly unknown: string | null }[]
}

/** A check that was not made: which one and why, as ids and in words. */
export interface SkippedCheck extends NotMade {
  readonly id: CheckId
  readonly check: string
}

/** The transaction that used or canceled the authorization. */
export interface SettlementReport {
  readonly how: 'used' | 'canceled'
  readonly transaction: Hex
  readonly block: string
  readonly blockHash: Hex
  /** Unix seconds; what could not be read is null. */
  readonly time: string | null
  readonly sender: Address | null
  /** Whether the Transfer that belongs to the authorization's log is this payment; null where its receipt could not be read. */
  readonly transferred: boolean | null
  /** That Transfer, in atomic units, of whatever payee and value; null where there is none, or nobody could tell. */
  readonly paid: { readonly to: Address; readonly value: string } | null
}

/** The members of an authorization; numbers are decimal strings, times unix seconds, value atomic units. */
export type AuthorizationReport = Readonly<Record<Exclude<keyof Authorization, 'from' | 'to' | 'nonce'>, string>> &
  Pick<Authorization, 'from' | 'to' | 'nonce'>

/** What was signed, where it is another message than was sent. */
export interface SignedReport extends AuthorizationReport {
  /** The struct's name. */
  readonly primaryType: string
  /** The members that differ from what was sent. */
  readonly differs: readonly (keyof Authorization)[]
}

/** Where what is known of the token comes from; null where nobody told. */
export interface TokenReport {
  readonly domain: Provenance | null
  /** Its symbol and decimals. */
  readonly units: Provenance | null
}

/** How far the signature was searched over for what was signed. */
export interface SearchReport {
  readonly tried: number
  readonly ended: Ended
  /** What was tried in vain and what was not, in one clause; null where the search found what was signed. */
  readonly says: string | null
  /** The same as data; empty where there was nothing to search for. */
  readonly coverage: readonly Coverage[]
}

/** The whole answer: JSON-safe, so that the object is what `--json` prints. Times are unix seconds and amounts atomic units, as decimal strings. */
export interface Diagnosis {
  readonly schema: 'eip3009/diagnosis@1'
  readonly verdict: Verdict
  /** The answer in one sentence. */
  readonly headline: string
  readonly cause: CauseId | null
  readonly party: Party | null
  readonly proof: Proof | null
  /** What keeps the verdict open, and the one call that would tell; null where it is not open, or evidence contradicts evidence. */
  readonly undecided: { readonly id: UndecidedId; readonly check: string | null } | null
  /** Errors first, in the order in which they would stop the payment; then warnings, then what is worth knowing. */
  readonly findings: readonly Finding[]
  /** Evidence that excludes each other, the first that was found first. Nothing that rests on one of the two is claimed. */
  readonly contradictions: readonly Contradiction[]
  readonly time: {
    readonly judgedAt: string
    readonly basis: 'given' | 'now' | 'inside-window'
    readonly now: string
    /** First and last second at which the token accepts. */
    readonly opens: string
    readonly closes: string
    /** Where the judged second stands, and where now stands. */
    readonly window: 'not-yet' | 'open' | 'closed'
    readonly windowNow: 'not-yet' | 'open' | 'closed'
  }
  readonly money: Money
  /** Null while the nonce is unused, or where no chain told. */
  readonly settlement: SettlementReport | null
  /** What to do next, as data and as one sentence. */
  readonly retry: Retry
  readonly fix: string | null
  readonly replay: {
    readonly chain: string
    /** Whose code answered. */
    readonly code: ReplayCode
    readonly runs: readonly ReplayRun[]
  } | null
  /** What each RPC said that was asked, in the order in which they were given; empty without. */
  readonly chain: readonly ChainReport[]
  /** What else could have produced a failure, when the payment itself settles. */
  readonly explanations: readonly Explanation[]
  readonly skipped: readonly SkippedCheck[]
  readonly assumes: readonly string[]
  readonly payment: {
    /** How it is made and who settles it. */
    readonly rail: PaymentRail
    readonly form: string
    readonly recognised: string
    readonly network: string | null
    readonly chainId: number | null
    readonly token: Address | null
    readonly symbol: string | null
    readonly decimals: number | null
    readonly primaryType: string
    readonly signatureBytes: number
  } & AuthorizationReport
  /** The message that was signed, where a match was found and it is another one than was sent. */
  readonly signed: SignedReport | null
  readonly token: TokenReport
  readonly search: SearchReport
  /** Whom the signature recovers to under the token's own domain. */
  readonly signer: Address | null
  /** The digest that the token computes. */
  readonly digest: Hex | null
  readonly domain: { readonly signed: DomainReport | null; readonly expected: DomainReport | null }
}
