import type { CauseId } from './catalogue.ts'
import type { Party } from './party.ts'

export type { Party } from './party.ts'
export type { RetryAction } from './retry.ts'

/** `error` stops the payment; `warning` may stop it elsewhere or costs money later; `info` is worth knowing. */
export type Severity = 'error' | 'warning' | 'info'

/**
 * What stands behind a verdict.
 *
 * `proven`: a second, independent witness shows the same, and nothing that was read or replayed disagrees. For a cause that is
 * - a replay that refuses the payment and takes it with the cause undone, on a chain that has the cause itself or that follows from the payload: one that
 *   was only given what an RPC said shows no more than the RPC;
 * - what was read from the chain, and the token's own refusal of a simulated transfer at that block, which says the same; or a trace of what it hashed,
 *   the receipt of the transaction that a log names, or a second RPC that read the same. On Solana the cluster's own run of the transaction takes the
 *   place of the simulated transfer: it fails with an error that is for the same cause, or with that of the replay over the accounts that were read.
 *
 * For `settles` it is a replay that settles, or a simulated transfer that the token takes.
 *
 * `inferred`: it follows from the payload alone, or was read from one RPC and nothing else says so.
 */
export type Proof = 'proven' | 'inferred'

/**
 * Of an account that should hold tokens: it is not there, it is of another kind, or it was never initialised. Of an input: it has more than one payment,
 * of which the first was read.
 */
export type FindingVariant = 'absent' | 'other-kind' | 'uninitialised' | 'several-payments'

/** One fact with its provenance. */
export interface EvidenceNote {
  /** `answer`: somebody's word on what became of the payment. */
  readonly source: 'payload' | 'registry' | 'computed' | 'replay' | 'chain' | 'log' | 'answer'
  /** One plain sentence with the values in it. */
  readonly says: string
}

/** One thing that is wrong, or worth knowing, about a payment. */
export interface Finding {
  readonly cause: CauseId
  readonly party: Party
  readonly severity: Severity
  /** The field's dotted path: `domain.name`, `authorization.validBefore`, `signature.v`, `requirements.payTo`. */
  readonly field?: string
  /** The value in the payload. */
  readonly seen?: string
  /** The value that was signed, where it is known to differ. */
  readonly signed?: string
  /** The value that the token or the other side expects. */
  readonly expected?: string
  /** Which form of its cause it is, where that makes a difference to somebody. */
  readonly variant?: FindingVariant
  /** One sentence for a reader in a hurry, with the values in it. */
  readonly summary: string
  readonly evidence: readonly EvidenceNote[]
  /** What to do, with the user's own values. */
  readonly fix: string
  /**
   * What became of it when it was replayed or weighed; absent where nothing more is known. `withdrawn`: in a replay that was refused, undoing it made no
   * difference, so that it is not what stops the payment, whatever was computed; its severity is `info` then. `contradicted`: other evidence excludes it, so
   * that one of the two is wrong and nothing is claimed; its severity is `warning` then.
   */
  readonly proof?: 'proven' | 'withdrawn' | 'contradicted'
}
