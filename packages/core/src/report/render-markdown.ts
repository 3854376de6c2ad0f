import { printable } from '../errors/printable.ts'
import type { Block, ReportDocument, Row } from './document.ts'

/**
 * A report as GitHub's Markdown, for an issue, a pull request or a job's summary. Nothing of what came from outside is markup in it, and nothing links,
 * mentions or embeds: https://github.github.com/gfm/
 */
export function renderMarkdown({ title, blocks }: ReportDocument): string {
  return `${[`### ${text(title.mark)}: ${text(title.headline)}`, title.details.map(text).join(' · '), ...blocks.map(blockOf)].join('\n\n')}\n`
}

function blockOf(block: Block): string {
  switch (block.role) {
    case 'rows':
      return list(block.rows)
    case 'facts':
      return markdownTable([[block.label, ''], ...block.values.map(({ label, text: value }) => [label, code(value)])])
    case 'table':
      return markdownTable([
        ['', ...block.heads],
        ...block.rows.map(({ label, left, right, differs }) => [label, code(left), differs ? `≠ ${code(right)}` : code(right)]),
      ])
    case 'lines':
      return `**${text(block.label)}**\n\n${fenced(block.lines)}`
    case 'note':
      return `${text(block.text)}\n\n${list(block.rows)}`
  }
}

function list(rows: readonly Row[]): string {
  return rows.map(({ label, text: says }) => (label === '' ? `  ${text(says)}` : `- **${text(label)}**: ${text(says)}`)).join('\n')
}

/** Rows as a Markdown table, the first row being the head. Cells are Markdown already. */
function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(head.map(text)),
    `|${head.map(() => ' --- |').join('')}`,
    ...rows.map(([label = '', ...cells]) => line([text(label), ...cells])),
  ].join('\n')
}

/** A value, letter by letter: a fence longer than any run of backticks in it, and no bar that would end its cell. */
function code(value: string): string {
  if (value === '') return ''
  const shown = printable(value).replaceAll('|', '\\|')
  const fence = '`'.repeat(Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length)) + 1)
  const gap = shown.startsWith('`') || shown.endsWith('`') ? ' ' : ''
  return `${fence}${gap}${shown}${gap}${fence}`
}

/** Lines as code: a fence longer than any run of backticks in them. */
function fenced(lines: readonly string[]): string {
  const shown = lines.map(printable)
  const longest = Math.max(2, ...shown.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)))
  const fence = '`'.repeat(longest + 1)
  return [fence, ...shown, fence].join('\n')
}

/** Text of which nothing is markup. An address that would be a link or a mention is told letter by letter, as it could be somebody else's. */
function text(value: string): string {
  return printable(value)
    .replace(/[\\`*_[\]<>|#~$&]/g, (character) => `\\${character}`)
    .replace(/@(?=[A-Za-z0-9])/g, '@\u200b')
    .replace(/\b(https?|ftp):\/\//gi, (_, scheme: string) => `${scheme}:\u200b//`)
    .replace(/\bwww\./gi, (found) => `${found.slice(0, 3)}\u200b.`)
}
