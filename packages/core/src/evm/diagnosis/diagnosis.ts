import type { Address, Bytes32 } from '../../bytes/hex.ts'
import type { SkippedCheck as Skipped } from '../../evidence/check.ts'
import type { EvmFacilitatorReport } from '../../facilitators/evm/facilitator-answers.ts'
import type { Provenance } from '../../networks/provenance.ts'
import type { PaymentRail } from '../../rails/rail.ts'
import type { Count, Digits, SignedDigits } from '../../text/written.ts'
import type { DiagnosisTrunk, PaymentTrunk, RunTrunk, SettlementTrunk } from '../../verdict/diagnosis.ts'
import type { CheckId } from '../checks/check.ts'
import type { ReplayCode } from '../evidence/replay.ts'
import type { WireForm } from '../payment/payment.ts'
import type { Ended } from '../signature/forensics.ts'
import type { Coverage } from '../signature/plan.ts'
import type { Authorization, AuthorizationReport, PrimaryType } from '../typed-data/authorization.ts'
import type { DomainReport } from '../typed-data/domain.ts'
import type { Contradiction } from './contradiction.ts'
import type { UndecidedId } from './undecided.ts'

/** One replay: under which changes, and what the token answered. */
export interface ReplayRun extends RunTrunk {
  readonly outcome: 'settled' | 'reverted'
  readonly at: SignedDigits
  /** What the code that runs answered: a revert string, a custom error by its name, or the data. */
  readonly revert: string | null
  /** How the token itself words the check that failed, where another code stood in for it (`replay.code`); null else, and where nobody knows. */
  readonly tokenSays: string | null
  readonly gasUsed: Digits | null
  /** What reached the payee, atomic units; null where nothing did. */
  readonly transferred: Digits | null
  /** The digest that the token hashed and the address that it recovered, read from the call trace. */
  readonly digest: Bytes32 | null
  readonly recovered: Address | null
}

/** A check of an EVM payment that was not made. */
export type SkippedCheck = Skipped<CheckId>

/** The transaction that used or canceled the authorization. */
export interface SettlementReport extends SettlementTrunk {
  readonly how: 'used' | 'canceled'
  readonly transaction: Bytes32
  readonly blockHash: Bytes32
  readonly sender: Address | null
  /** Whether the Transfer that belongs to the authorization's log is this payment; null where its receipt could not be read. */
  readonly transferred: boolean | null
  /** That Transfer, in atomic units, of whatever payee and value; null where there is none, or nobody could tell. */
  readonly paid: { readonly to: Address; readonly value: Digits } | null
}

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
  readonly tried: Count
  readonly ended: Ended
  /** What was tried in vain and what was not, in one clause; null where the search found what was signed. */
  readonly says: string | null
  /** The same as data; empty where there was nothing to search for. */
  readonly coverage: readonly Coverage[]
}

/** The authorization as it was sent. */
export interface SentReport extends AuthorizationReport {
  /** The struct's name. */
  readonly primaryType: PrimaryType
  readonly signatureBytes: Count
}

/** Where two times stand towards the window of an authorization. */
export interface WindowReport {
  /** First and last second at which the token accepts. */
  readonly opens: SignedDigits
  readonly closes: SignedDigits
  /** Where the judged second stands, and where now stands. */
  readonly judged: 'not-yet' | 'open' | 'closed'
  readonly now: 'not-yet' | 'open' | 'closed'
}

/** The payment as it was read. */
export interface EvmPaymentReport extends PaymentTrunk {
  readonly form: WireForm
  /** The token's contract. */
  readonly token: Address | null
  readonly from: Address
  readonly to: Address
  readonly value: SignedDigits
}

/** What only a payment on an EVM chain has. */
export interface EvmReport {
  /** How it is made and who settles it. */
  readonly rail: PaymentRail
  readonly chainId: Count | null
  readonly authorization: SentReport
  readonly window: WindowReport
  /** The message that was signed, where a match was found and it is another one than was sent. */
  readonly signed: SignedReport | null
  readonly token: TokenReport
  readonly search: SearchReport
  /** Whom the signature recovers to under the token's own domain. */
  readonly signer: Address | null
  /** The digest that the token computes. */
  readonly digest: Bytes32 | null
  readonly domain: { readonly signed: DomainReport | null; readonly expected: DomainReport | null }
}

/** The answer for a payment on an EVM chain. */
export interface EvmDiagnosis extends DiagnosisTrunk {
  readonly family: 'evm'
  readonly undecided: { readonly id: UndecidedId; readonly check: string | null } | null
  readonly contradictions: readonly Contradiction[]
  /** Null while the nonce is unused, or where no chain told. */
  readonly settlement: SettlementReport | null
  readonly replay: {
    readonly chain: string
    /** Whose code answered. */
    readonly code: ReplayCode
    readonly runs: readonly ReplayRun[]
  } | null
  readonly skipped: readonly SkippedCheck[]
  readonly facilitators: EvmFacilitatorReport
  readonly payment: EvmPaymentReport
  readonly evm: EvmReport
}
