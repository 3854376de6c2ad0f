import type { CauseId } from '../causes/catalogue.ts'
import type { Finding, Party, Proof } from '../causes/finding.ts'
import type { FacilitatorReport } from '../facilitators/profile/answer.ts'
import type { Digits } from '../text/written.ts'
import type { ChainReport } from '../verdict/diagnosis.ts'

/**
 * `good`: a client that does what it says makes a payment that settles, as far as it depends on the offer; `fails`: it makes none, or one that fails;
 * `unknown`: nothing here knows the token or the network; `other-rail`: it is not paid by EIP-3009, nor by the exact scheme on Solana.
 */
export type OfferStanding = 'good' | 'fails' | 'unknown' | 'other-rail'

/** One entry of an offer. What it does not say, or nobody can read, is null. */
export interface OfferEntryReport {
  /** `accepts[0]`. */
  readonly path: string
  readonly x402Version: 1 | 2 | null
  readonly family: 'evm' | 'solana' | null
  readonly standing: OfferStanding
  /** One sentence: what follows from it. */
  readonly says: string
  /** What a client that signs it as it is gets; null where nothing is wrong. */
  readonly cause: CauseId | null
  readonly party: Party | null
  readonly proof: Proof | null
  readonly scheme: string | null
  /** Its id where it is one that is known, and else as it is written. */
  readonly network: string | null
  readonly asset: string | null
  readonly symbol: string | null
  /** Atomic units. */
  readonly amount: Digits | null
  /** As people write it: `0.01 USDC`. */
  readonly price: string | null
  readonly payTo: string | null
  /** Errors first; then warnings. */
  readonly findings: readonly Finding[]
  /** What each known facilitator would answer to a payment that follows it. */
  readonly facilitators: FacilitatorReport<string>
  /** The entry as it should be, as JSON text to paste; null where nothing here knows better. */
  readonly corrected: string | null
}

/** What `eip3009 diagnose --json` prints of an offer without a payment. JSON-safe: amounts are atomic units, as decimal strings. */
export interface OfferDiagnosis {
  readonly schema: 'eip3009/offer@1'
  readonly recognised: string
  /** Of all entries: one that fails makes it fail; one that nobody knows leaves it open. */
  readonly standing: OfferStanding
  readonly headline: string
  /** Of the first entry that fails. */
  readonly cause: CauseId | null
  readonly party: Party | null
  readonly proof: Proof | null
  /** @minItems 1 */
  readonly entries: readonly OfferEntryReport[]
  /** What each RPC said that was asked; empty without. */
  readonly chain: readonly ChainReport[]
}
