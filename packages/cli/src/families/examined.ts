import type { Diagnosis } from '@eip3009/core'
import type { ReplayDocument } from '../report/replay-document.ts'

/** How wide and how colourful a report is printed. */
export interface Look {
  readonly color: boolean
  readonly columns: number
}

/** A report as both forms that it is printed in: the model is what --json prints. */
export interface Report {
  readonly model: Diagnosis | ReplayDocument
  readonly text: (look: Look) => string
}

/** What became of a payment, of whatever family. */
export interface Examined {
  readonly answer: Pick<Diagnosis, 'verdict' | 'party'>
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
