import type { CauseId } from '../causes/catalogue.ts'
import type { Finding, Party, Proof, Retry } from '../causes/finding.ts'
import type { SvmForm, SvmSigner } from './payment.ts'

/** The whole answer for a payment on Solana: JSON-safe, so that the object is what `--json` prints. Amounts and times are decimal strings, keys base58. */
export interface SvmDiagnosis {
  readonly schema: 'eip3009/svm-diagnosis@1'
  readonly verdict: 'settles' | 'fails' | 'inconclusive'
  /** The answer in one sentence. */
  readonly headline: string
  readonly cause: CauseId | null
  readonly party: Party | null
  readonly proof: Proof | null
  /** Errors first, the one that explains most of the others at the front; then warnings, then what is worth knowing. */
  readonly findings: readonly Finding[]
  /** When it was judged, unix seconds. The age of a blockhash is not in the payload, so it decides nothing. */
  readonly judgedAt: string
  readonly money: { readonly state: 'not-moved' | 'unknown'; readonly says: string }
  readonly retry: Retry
  readonly fix: string | null
  readonly skipped: readonly { readonly check: string; readonly reason: string }[]
  /** What only a chain tells, and is taken for granted. */
  readonly assumes: readonly string[]
  readonly payment: {
    readonly form: SvmForm
    readonly recognised: string
    readonly network: string | null
    /** Null where the bytes can not be decoded. */
    readonly transaction: {
      readonly version: 'legacy' | 0
      readonly bytes: number
      readonly feePayer: string
      readonly blockhash: string
      readonly signers: readonly SvmSigner[]
      readonly instructions: readonly { readonly program: string | null; readonly says: string }[]
    } | null
    /** Null where there is no transfer, or more than one. */
    readonly transfer: {
      readonly tokenProgram: string
      readonly source: string | null
      readonly mint: string | null
      readonly destination: string | null
      readonly authority: string | null
      readonly amount: string
      readonly decimals: number
      /** `USDC` of either cluster; null for other mints. */
      readonly symbol: string | null
    } | null
  }
}
