import type { CauseId } from '../../causes/catalogue.ts'
import type { SvmFacilitatorReport } from '../../facilitators/solana/facilitator-answers.ts'
import type { Byte, Count, Digits, SignedDigits, SolanaKey, SolanaTransactionId } from '../../text/written.ts'
import type { DiagnosisTrunk, PaymentTrunk, RunTrunk, SettlementTrunk } from '../../verdict/diagnosis.ts'
import type { SvmSkippedCheck } from '../state/state-check.ts'
import type { SvmForm, SvmSigner } from '../transaction/payment.ts'

/** One replay: under which changes, and what the cluster's programs made of it. */
export interface SvmReplayRun extends RunTrunk {
  readonly outcome: 'settled' | 'failed'
  /** `instruction 2: Custom(1), insufficient funds`; null where it settled. */
  readonly error: string | null
  /** Compute units, by the programs that the replay has. */
  readonly units: Digits
  /** What came to the destination, in atomic units; null where that is no token account. */
  readonly received: SignedDigits | null
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

/** The transaction that a payment became. */
export interface SvmSettlementReport extends SettlementTrunk {
  readonly transaction: SolanaTransactionId
  /** Null where it succeeded. */
  readonly error: string | null
  /** Who owned the account that was paid. */
  readonly receiver: SolanaKey | null
}

/** The payment as it was read. */
export interface SvmPaymentReport extends PaymentTrunk {
  readonly form: SvmForm
  /** The mint. */
  readonly token: SolanaKey | null
  readonly from: SolanaKey | null
  /** The token account that is paid. */
  readonly to: SolanaKey | null
  readonly value: Digits | null
}

/** What only a payment on Solana has. Keys are base58. */
export interface SolanaReport {
  /** Which of the causes the cluster's own error would be for: one hides the others. Null where it would take the transaction. */
  readonly firstOnChain: CauseId | null
  /** Null where the bytes can not be decoded. */
  readonly transaction: {
    readonly version: 'legacy' | 0
    readonly bytes: Count
    readonly feePayer: SolanaKey
    readonly blockhash: SolanaKey
    readonly signers: readonly SvmSigner[]
    readonly instructions: readonly { readonly program: SolanaKey | null; readonly says: string }[]
  } | null
  /** Null where there is no transfer, or more than one. */
  readonly transfer: {
    readonly tokenProgram: SolanaKey
    readonly source: SolanaKey | null
    readonly mint: SolanaKey | null
    readonly destination: SolanaKey | null
    readonly authority: SolanaKey | null
    readonly amount: Digits
    readonly decimals: Byte
    /** What the registry of networks knows of the mint, `USDC` and 6; null for other mints, whose amounts are atomic units to everybody here. */
    readonly symbol: string | null
    readonly mintDecimals: Byte | null
  } | null
}

/** The answer for a payment on Solana. The age of a blockhash is not in the payload, so the judged time decides nothing. */
export interface SolanaDiagnosis extends DiagnosisTrunk {
  readonly family: 'solana'
  readonly undecided: null
  readonly contradictions: readonly []
  readonly settlement: SvmSettlementReport | null
  readonly replay: SvmReplayReport | null
  readonly skipped: readonly SvmSkippedCheck[]
  readonly facilitators: SvmFacilitatorReport
  readonly payment: SvmPaymentReport
  readonly solana: SolanaReport
}
