import { hiddenAsJson } from '@eip3009/core/internal'
import type { JsonDocument } from './documents.ts'

/**
 * A document as JSON with a line break behind it; numbers of any size are decimal text in it. What is parsed from it is the value; what is seen of it can
 * not rewrite a terminal.
 */
export function jsonText(document: JsonDocument): string {
  return `${hiddenAsJson(JSON.stringify(document, bigintAsText, 2))}\n`
}

/** The same in one line, of which a document a line makes JSON Lines. */
export function jsonLine(document: JsonDocument): string {
  return `${hiddenAsJson(JSON.stringify(document, bigintAsText))}\n`
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
