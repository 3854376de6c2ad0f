import type { Diagnosis } from '@eip3009/core'
import type { Place, Standing, TallyReport, UnreadKind } from '@eip3009/core/internal'

/** A line of `eip3009 diagnose --json` where several payments were given: one of them. */
export interface ManyPaymentDocument {
  readonly schema: 'eip3009/many-payment@1'
  readonly place: Place
  /** How it stands: its verdict together with what was answered to it. */
  readonly standing: Standing
  /** Whether a record before this one has the same payment. */
  readonly again: boolean
  readonly diagnosis: Diagnosis
}

/** A line of it for what has no diagnosis. What is no payment has no line: it is only counted. */
export interface ManyUnreadDocument {
  readonly schema: 'eip3009/many-unread@1'
  readonly place: Place
  readonly kind: Exclude<UnreadKind, 'no-payment'>
  /** One sentence. */
  readonly says: string
}

/** The last line of it: what all come to. */
export interface ManyDocument extends TallyReport {
  readonly schema: 'eip3009/many@1'
  /** The answer in one line. */
  readonly answer: string
  /** False where it was interrupted: what is not here was not looked at. */
  readonly isWhole: boolean
}
