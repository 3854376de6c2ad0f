import type { CaseResult } from '@eip3009/core/replay'
import { answerOf, type Counts, type Regression } from './regress-summary.ts'

/** What `eip3009 regress --json` prints. */
export interface RegressionDocument extends Counts {
  readonly schema: 'eip3009/regression@1'
  /** As it was given. */
  readonly directory: string
  /** The answer in one sentence. */
  readonly answer: string
  /**
   * By the name of their files.
   * @minItems 1
   */
  readonly results: readonly CaseResult[]
}

export function regressionJson({ directory, results, counts }: Regression): RegressionDocument {
  return { schema: 'eip3009/regression@1', directory, answer: answerOf(counts), ...counts, results }
}
