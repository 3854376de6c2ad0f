import type { CauseId } from './catalogue.ts'
import type { Party } from './party.ts'

export type { Party } from './party.ts'
export type { Retry } from './retry.ts'

/** `error` stops the payment; `warning` may stop it elsewhere or costs money later; `info` is worth knowing. */
export type Severity = 'error' | 'warning' | 'info'

/** `proven`: shown by replay with its counterfactual, or by reading the chain; `inferred`: follows from the payload alone. */
export type Proof = 'proven' | 'inferred'

/** Of an account that should hold tokens: it is not there, it is of another kind, or it was never initialised. */
export type FindingVariant = 'absent' | 'other-kind' | 'uninitialised'

/** One fact with its provenance. */
export interface EvidenceNote {
  readonly source: 'payload' | 'registry' | 'computed' | 'replay' | 'chain' | 'log'
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
   * What replaying made of it; absent where no replay can show it, or none was made. `withdrawn`: the token did not behave as this predicts, so it is
   * not what stops the payment, whatever was computed; its severity is `info` then.
   */
  readonly proof?: 'proven' | 'withdrawn'
}
