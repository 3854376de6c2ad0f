import { printable } from '../errors/printable.ts'
import type { Block, ReportDocument, Row } from './document.ts'

/** Where GitHub shows an annotation: at a file, seen from the root of the repository. */
export interface AnnotationOptions {
  readonly file?: string
}

const levels = { good: 'notice', bad: 'error', warn: 'warning' } as const

/**
 * A report as one workflow command, which GitHub shows beside a file or above a job's log.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function renderGithub({ title, blocks }: ReportDocument, { file }: AnnotationOptions = {}): string {
  const lines = [title.headline, title.details.join(' · '), ...blocks.flatMap(linesOf)]
  return annotation(levels[title.tone], title.mark, lines, file)
}

/** One workflow command. Each line is made printable by itself, so that what stays is the line breaks between them. */
export function annotation(level: 'notice' | 'warning' | 'error', title: string, lines: readonly string[], file?: string): string {
  const where = file === undefined ? '' : `file=${property(file)},`
  return `::${level} ${where}title=${property(title)}::${data(lines)}\n`
}

function linesOf(block: Block): string[] {
  switch (block.role) {
    case 'rows':
      return block.rows.map(said)
    case 'facts':
      return [`${block.label}: ${block.values.map(({ label, text }) => `${label} ${text}`).join(', ')}`]
    case 'table':
      return block.rows.filter(({ differs }) => differs).map(({ label, left, right }) => `${label}: ${left} ≠ ${right}`)
    // An annotation is read in passing: calls and logs are in the other forms.
    case 'lines':
      return []
    case 'note':
      return [block.text, ...block.rows.map(said)]
  }
}

function said({ label, text }: Row): string {
  return `${label}: ${text}`
}

/** The escapes that the runner undoes in a command's text; a line break that is not escaped would end the command and begin another. */
function data(lines: readonly string[]): string {
  return lines.map((line) => printable(line).replaceAll('%', '%25').replaceAll('\r', '%0D')).join('%0A')
}

function property(text: string): string {
  return data([text]).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
