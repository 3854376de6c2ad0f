import { printable } from '../errors/printable.ts'
import type { Block, ReportDocument, Row, TableRow } from './document.ts'
import { type Paint, paint } from './paint.ts'
import { firstDifference, shortenAll } from './shorten.ts'

/** How wide labels are, so that values stand below each other. */
const labelWidth = 26
/** How wide the mark of the title is. */
const markWidth = 15

/** Where a text goes: with the colours of a terminal or without, and how many columns it has. */
export interface TextOptions {
  readonly color: boolean
  readonly columns: number
}

/** A report for a terminal: it fits one screen, and its first line is the answer. Lines are at most 130 columns wide, and break at 60 or more. */
export function renderText({ title, blocks }: ReportDocument, { color, columns }: TextOptions): string {
  const page = new Page(paint(color), Math.max(60, Math.min(columns, 130)))
  // A mark that is wider than its column takes its room from the first line.
  const isWide = title.mark.length >= markWidth
  const mark = isWide ? `${title.mark}:` : title.mark.padEnd(markWidth - 1)
  const taken = '.'.repeat(mark.length - markWidth + 1)
  const [headline = '', ...more] = wrap(`${taken}${printable(title.headline)}`, page.width - markWidth)
  page.line(`${page.paint[title.tone](mark)} ${page.paint.strong(headline.slice(taken.length))}`)
  for (const line of more) page.line(`${' '.repeat(markWidth)}${page.paint.strong(line)}`)
  if (title.details.length > 0)
    for (const line of wrap(printable(title.details.join(' · ')), page.width - markWidth)) page.line(`${' '.repeat(markWidth)}${line}`)
  page.line()
  blocks.forEach((block, index) => {
    page.block(block)
    const next = blocks[index + 1]
    const isShown = block.role === 'facts' || block.role === 'table'
    if (next !== undefined && isShown && next.role !== 'facts' && next.role !== 'table') page.line()
  })
  return page.text()
}

/** Breaks text at spaces into lines of at most `width` characters; a longer word keeps a line of its own, so that it can still be copied. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

/** Collects lines; every value from outside is made printable on its way in. */
class Page {
  readonly #lines: string[] = []
  readonly paint: Paint
  readonly width: number

  constructor(colors: Paint, width: number) {
    this.paint = colors
    this.width = width
  }

  /** An empty line stands between two things, however many asked for it. */
  line(text = ''): void {
    if (text !== '' || this.#lines.at(-1) !== '') this.#lines.push(text)
  }

  block(block: Block): void {
    switch (block.role) {
      case 'rows':
        for (const row of block.rows) this.#row(row)
        return
      case 'facts':
        this.#facts(block)
        return
      case 'table':
        this.#table(block)
        return
      case 'lines':
        this.line()
        this.line(`  ${this.paint.dim(printable(block.label))}`)
        for (const line of block.lines) this.line(`    ${printable(line)}`)
        return
      case 'note':
        this.line()
        this.line(`  ${printable(block.text)}`)
        for (const row of block.rows) this.#row(row)
        this.line()
    }
  }

  /** Text after a label, wrapped and aligned below itself. */
  #row({ label, text }: Row): void {
    const name = printable(label)
    wrap(printable(text), this.width - labelWidth - 2).forEach((part, index) => {
      this.line(`  ${this.paint.dim(`${(index === 0 ? name : '').padEnd(labelWidth - 1)} `)}${part}`)
    })
  }

  /** Values below each other, with a caret below the first difference where both are written in the same way. */
  #facts({ label, values, mark }: Extract<Block, { role: 'facts' }>): void {
    const name = printable(label)
    const shown = values.map(({ label: what, text }) => [what, printable(text)] as const)
    shown.forEach(([what, value], index) => {
      this.line(`  ${this.paint.dim((index === 0 ? name : '').padEnd(labelWidth))} ${this.paint.dim(what.padEnd(9))} ${value}`)
    })
    const [a, b] = shown
    const at = !mark || a === undefined || b === undefined ? undefined : firstDifference(a[1], b[1])
    if (at !== undefined) this.line(`  ${''.padEnd(labelWidth)} ${''.padEnd(9)} ${' '.repeat(at)}^`)
  }

  #table({ heads, rows, short }: Extract<Block, { role: 'table' }>): void {
    const cell = (text: string): string => printable(short ? shortenAll(text) : text)
    const width = Math.max(12, ...rows.map(({ left }) => cell(left).length)) + 1
    this.line(`  ${this.paint.dim(`${''.padEnd(labelWidth)}${printable(heads[0]).padEnd(width)}  ${printable(heads[1])}`)}`)
    for (const row of rows) this.#pair(row, cell(row.left), cell(row.right), width)
  }

  #pair({ label, differs, mark }: TableRow, left: string, right: string, width: number): void {
    this.line(
      `  ${this.paint.dim(printable(label).padEnd(labelWidth))}${left.padEnd(width)}${differs ? this.paint.bad('≠') : ' '} ${right}`,
    )
    const at = mark ? firstDifference(left, right) : undefined
    if (at !== undefined) this.line(`  ${''.padEnd(labelWidth)}${`${' '.repeat(at)}^`.padEnd(width)}  ${' '.repeat(at)}^`)
  }

  text(): string {
    return `${this.#lines.join('\n').trimEnd()}\n`
  }
}
