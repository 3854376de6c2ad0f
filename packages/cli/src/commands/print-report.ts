import type { Console } from '../console.ts'
import type { Report } from '../families/examined.ts'
import { jsonText } from '../report/json-text.ts'

/** Prints a report as --json wants it, or as text in the width and the colours of the terminal. */
export function printReport({ model, text }: Report, { json }: { readonly json: boolean }, console: Console): void {
  console.out(json ? jsonText(model) : text({ color: console.color, columns: console.columns ?? 120 }))
}
