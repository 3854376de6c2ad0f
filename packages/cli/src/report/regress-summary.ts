import type { Count } from '@eip3009/core/internal'
import type { CaseResult } from '@eip3009/core/replay'

/** What became of a directory's cases. */
export interface Regression {
  /** As it was given. */
  readonly directory: string
  readonly results: readonly CaseResult[]
  readonly counts: Counts
}

export interface Counts {
  /**
   * @asType integer
   * @minimum 1
   */
  readonly cases: number
  readonly asExpected: Count
  readonly differ: Count
  readonly unreadable: Count
  readonly notRun: Count
}

export function summarize(results: readonly CaseResult[]): Counts {
  const count = (outcome: CaseResult['outcome']): number => results.filter((result) => result.outcome === outcome).length
  return {
    cases: results.length,
    asExpected: count('as-expected'),
    differ: count('differs'),
    unreadable: count('unreadable'),
    notRun: count('not-run'),
  }
}

/** The answer in one line: `2 of 12 cases differ, 1 can not be read`. */
export function answerOf({ cases, asExpected, differ, unreadable, notRun }: Counts): string {
  const all = `${cases} ${cases === 1 ? 'case' : 'cases'}`
  if (asExpected === cases) return cases === 1 ? 'The one case is as expected' : `All ${all} are as expected`
  const parts = [
    ...(differ === 0 ? [] : [`${differ} ${differ === 1 ? 'differs' : 'differ'}`]),
    ...(unreadable === 0 ? [] : [`${unreadable} can not be read`]),
    ...(notRun === 0 ? [] : [`${notRun} could not be replayed`]),
  ]
  return `Of ${all} ${parts.join(', ')}, ${asExpected} ${asExpected === 1 ? 'is' : 'are'} as expected`
}

/** What a case was to come to: `fails with domain-name-mismatch`. */
export function wanted({ expected }: CaseResult): string {
  if (expected === null) return ''
  return expected.cause === null ? expected.verdict : `${expected.verdict} with ${expected.cause}`
}

/** Where a case's file is, seen from where the command was called. */
export function pathOf(directory: string, { file }: CaseResult): string {
  return `${directory.replace(/[\\/]+$/, '')}/${file}`
}
