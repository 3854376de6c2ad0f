import type { Comparison, Diagnosis, OfferDiagnosis, PaymentStatus } from '@eip3009/core'
import type { ReportDocument } from '@eip3009/core/report'
import type { ReplayDocument } from '../report/replay-document.ts'

/** A report as both forms that it is printed in: the model is what --json prints, the document what every other format does. */
export interface Report {
  readonly model: Diagnosis | ReplayDocument | OfferDiagnosis | PaymentStatus | Comparison
  readonly document: () => ReportDocument
}

/** What became of a payment, of whatever family. */
export interface Examined {
  readonly answer: Pick<Diagnosis, 'verdict' | 'party' | 'answer'>
  readonly report: Report
}

/** What a command wants to know of a payment. */
export interface Wishes {
  readonly command: 'diagnose' | 'replay'
  /** Not at all; to prove the diagnosis; or to be shown, so that where there is none there is no report. */
  readonly replay: 'no' | 'for-proof' | 'shown'
  readonly matrix: boolean
  /** A directory to record the replay in. */
  readonly export: string | undefined
}
