import { type ReportDocument, renderGithub, renderMarkdown, renderText } from '@eip3009/core/report'
import type { Console } from '../console.ts'
import type { Report } from '../families/examined.ts'
import { jsonText } from '../report/json-text.ts'
import { type Format, type FormatOptions, formatOf } from '../sources/format.ts'

/** Prints a report in the format that was asked for; as text in the width and the colours of the terminal. */
export function printReport({ model, document }: Report, options: FormatOptions, console: Console): void {
  const format = formatOf(options)
  console.out(format === 'json' ? jsonText(model) : rendered(document(), format, console))
  // Text is for whoever asked; Markdown is written for others.
  if (format === 'markdown' && console.sharing === undefined)
    console.err('eip3009: Nothing is left out of this; --share leaves out what should not be pasted where others read it.\n')
}

function rendered(document: ReportDocument, format: Exclude<Format, 'json'>, console: Console): string {
  switch (format) {
    case 'text':
      return renderText(document, { color: console.color, columns: console.columns ?? 120 })
    case 'markdown':
      return renderMarkdown(document)
    case 'github':
      return renderGithub(document)
  }
}
