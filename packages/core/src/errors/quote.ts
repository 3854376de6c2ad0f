import { printable } from './printable.ts'

const longest = 80
const word = /^\s*(?:0x)?[0-9a-f]{64}\s*$/i

/**
 * A value from outside, made safe to stand in a sentence: strings in double quotes with control, format and line-separator
 * characters escaped, everything else as short text, cut at 80 characters. 32 bytes in hex are not shown: they may be a private key in the wrong place.
 */
export function quote(value: unknown): string {
  if (typeof value === 'string' && word.test(value)) return '32 bytes in hex, which are not shown'
  if (typeof value === 'string') return `"${escapeHidden(cut(value))}"`
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) return String(value)
  if (typeof value === 'bigint') return cut(String(value))
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** The same without the quotes, for a sentence that has its own. */
export function quoteBare(text: string): string {
  const quoted = quote(text)
  return quoted.startsWith('"') ? quoted.slice(1, -1) : quoted
}

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}

function escapeHidden(text: string): string {
  return printable(text.replace(/["\\]/g, '\\$&'))
}
