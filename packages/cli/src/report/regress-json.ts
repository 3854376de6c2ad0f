import type { CaseResult } from '@eip3009/core/replay'
import { answerOf, type Counts, type Regression } from './regress-summary.ts'

interface RegressionJson extends Counts {
  readonly schema: 'eip3009/regression@1'
  readonly directory: string
  /** One sentence. */
  readonly answer: string
  readonly results: readonly CaseResult[]
}

export function regressionJson({ directory, results, counts }: Regression): RegressionJson {
  return { schema: 'eip3009/regression@1', directory, answer: answerOf(counts), ...counts, results }
}
