import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding, Party, Proof } from '../../causes/finding.ts'
import type { SvmFacilitatorReport } from '../../facilitators/solana/facilitator-answers.ts'
import type { Money } from '../../money/instrument.ts'
import type { Retry } from '../../money/retry.ts'
import type { SvmSkippedCheck } from '../state/state-check.ts'
import type { SvmForm, SvmSigner } from '../transaction/payment.ts'

/** One replay: under which changes, and what the cluster's programs made of it. */
export interface SvmReplayRun {
  /** One sentence an intervention; empty for the payment as it is. */
  readonly interventions: readonly string[]
  readonly outcome: 'settled' | 'failed'
  /** `instruction 2: Custom(1), insufficient funds`; null where it settled. */
  readonly error: string | null
  /** Compute units, by the programs that the replay has. */
  readonly units: string
  /** What came to the destination, in atomic units; null where that is no token account. */
  readonly received: string | null
}

export interface SvmReplayReport {
  readonly chain: string
  /** What the controls showed, one sentence each. */
  readonly controls: readonly string[]
  /** Where the accounts are from, in one sentence. */
  readonly world: string
  readonly runs: readonly SvmReplayRun[]
  /** Causes that are each needed to explain the failure, and together suffice. */
  readonly proven: readonly CauseId[]
  /** What this does not show. */
  readonly says: string
}

/** What one RPC answered, as JSON has it. */
export interface SvmChainReport {
  /** Which RPC, without its keys. */
  readonly source: string
  readonly kind: 'read' | 'wrong-cluster' | 'unreachable'
  readonly says: string
  readonly slot: string | null
  /** Of that slot, unix seconds. */
  readonly time: string | null
  /** Each fact as it was read, or why it is unknown; one of the two is null. */
  readonly facts: readonly { readonly fact: string; readonly says: string | null; readonly unknown: string | null }[]
}

/** The transaction that a payment became. */
export interface SvmSettlementReport {
  /** Its id, base58. */
  readonly transaction: string
  readonly slot: string
  /** Unix seconds. */
  readonly time: string | null
  /** Null where it succeeded. */
  readonly error: string | null
  /** Who owned the account that was paid. */
  readonly receiver: string | null
}

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
  /** When it was judged, unix seconds: when it was submitted, where that was said. The age of a blockhash is not in the payload, so it decides nothing. */
  readonly judgedAt: string
  /** What was signed, and what became or can become of it. */
  readonly money: Money
  /** Null while there is none, or where no chain told. */
  readonly settlement: SvmSettlementReport | null
  readonly retry: Retry
  readonly fix: string | null
  /** Which of the causes the cluster's own error would be for: one hides the others. Null where it would take the transaction. */
  readonly firstOnChain: CauseId | null
  /** What each RPC said that was asked; empty without. */
  readonly chain: readonly SvmChainReport[]
  readonly replay: SvmReplayReport | null
  readonly skipped: readonly SvmSkippedCheck[]
  /** What each known facilitator would answer, and who refuses or takes the payment for each cause. */
  readonly facilitators: SvmFacilitatorReport
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
      /** What the registry of networks knows of the mint, `USDC` and 6; null for other mints, whose amounts are atomic units to everybody here. */
      readonly symbol: string | null
      readonly mintDecimals: number | null
    } | null
  }
}
