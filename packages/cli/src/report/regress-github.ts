import { printable } from '@eip3009/core'
import { answerOf, pathOf, type Regression } from './regress-summary.ts'

/**
 * The answer, then GitHub's workflow commands: one error at the file of each case that is not as expected, which GitHub shows beside the file.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function regressionGithub({ directory, results, counts }: Regression): string {
  const lines = [answerOf(counts)]
  for (const result of results) {
    if (result.outcome === 'as-expected') continue
    const title = { differs: 'payment differs', unreadable: 'unreadable case', 'not-run': 'not replayed' }[result.outcome]
    const fix = result.actual?.fix
    const text = `${result.name}: ${result.says}${result.outcome !== 'differs' || fix == null ? '' : `\nFix: ${fix}`}`
    lines.push(`::error file=${property(pathOf(directory, result))},title=${property(title)}::${data(text)}`)
  }
  return `${lines.join('\n')}\n`
}

/** The escapes that the runner undoes in a command's text; a line break that is not escaped would end the command and begin another. */
function data(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line).replaceAll('%', '%25').replaceAll('\r', '%0D'))
    .join('%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
