import { printable } from '@eip3009/core'
import type { CaseResult } from '@eip3009/core/replay'
import { paint, wrap } from '@eip3009/core/report'
import { answerOf, type Regression, wanted } from './regress-summary.ts'

const labelWidth = 12

/** The answer, then every case that is not as expected with what came instead, then one line for each that is. */
export function renderRegression(
  { results, counts }: Regression,
  { color, columns }: { readonly color: boolean; readonly columns: number },
): string {
  const { good, bad, warn, strong, dim } = paint(color)
  const width = Math.max(60, Math.min(columns, 130))
  const fine = counts.asExpected === counts.cases
  const lines = [`${fine ? good('✓') : bad('✗')} ${strong(answerOf(counts))}`]
  const row = (label: string, text: string): void => {
    wrap(printable(text), width - labelWidth - 4).forEach((part, index) => {
      lines.push(`    ${dim((index === 0 ? label : '').padEnd(labelWidth))}${part}`)
    })
  }
  for (const result of results.filter(({ outcome }) => outcome !== 'as-expected')) {
    const { actual, outcome } = result
    lines.push('', `  ${(outcome === 'not-run' ? warn : bad)(outcome === 'not-run' ? '?' : '✗')} ${printable(result.name)}`)
    row({ differs: 'differs', unreadable: 'unreadable', 'not-run': 'not run', 'as-expected': '' }[outcome], result.says)
    if (outcome !== 'differs' || actual === null) continue
    if (actual.revert !== null) row(actual.standIn ? 'stand-in' : 'token says', actual.revert)
    if (actual.tokenSays !== null) row('token itself', `words it ${actual.tokenSays}`)
    row('shown', `${actual.proof === 'proven' ? 'proven' : 'inferred, not proven'}${actual.chain === null ? '' : ` on ${actual.chain}`}`)
    if (actual.fix !== null) row('fix', actual.fix)
  }
  const fitting = results.filter(({ outcome }) => outcome === 'as-expected')
  if (fitting.length > 0) lines.push('', ...fitting.map((result) => `  ${good('✓')} ${asExpected(result, longestName(fitting))}`))
  return `${lines.join('\n')}\n`
}

function longestName(results: readonly CaseResult[]): number {
  return Math.min(40, Math.max(...results.map(({ name }) => printable(name).length)))
}

function asExpected(result: CaseResult, width: number): string {
  const where = result.actual?.chain ?? result.network
  return `${printable(result.name).padEnd(width)}  ${wanted(result)}${where === null ? '' : ` · ${printable(where)}`}`
}
