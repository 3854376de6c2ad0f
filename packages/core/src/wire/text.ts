import { quote, quoteBare } from '../errors/quote.ts'
import { redactText } from '../sharing/redact.ts'

/** Far more than any payment: the largest real bodies carry a JSON schema of some ten thousand characters. */
export const longestText = 1_048_576

export type TextResult =
  | { readonly ok: true; readonly text: string; readonly encoding: 'UTF-8' | 'UTF-16' }
  | { readonly ok: false; readonly what: string }

/** The first bytes of files that people paste by mistake. */
const magics: readonly (readonly [string, readonly number[]])[] = [
  ['a gzip file', [0x1f, 0x8b]],
  ['a Zstandard file', [0x28, 0xb5, 0x2f, 0xfd]],
  ['an xz file', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['a bzip2 file', [0x42, 0x5a, 0x68]],
  ['a ZIP archive', [0x50, 0x4b, 0x03, 0x04]],
  ['a PNG image', [0x89, 0x50, 0x4e, 0x47]],
  ['a JPEG image', [0xff, 0xd8, 0xff]],
  ['a GIF image', [0x47, 0x49, 0x46, 0x38]],
  ['a PDF document', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['an ELF program', [0x7f, 0x45, 0x4c, 0x46]],
  ['a Mach-O program', [0xcf, 0xfa, 0xed, 0xfe]],
  ['a Windows program', [0x4d, 0x5a, 0x90, 0x00]],
  ['an SQLite database', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20]],
  ['a WebAssembly module', [0x00, 0x61, 0x73, 0x6d]],
  ['a packet capture', [0xd4, 0xc3, 0xb2, 0xa1]],
  ['a packet capture', [0x0a, 0x0d, 0x0d, 0x0a]],
]

/** The name of the file format whose first bytes these are. */
export function fileKind(bytes: Uint8Array): string | undefined {
  return magics.find(([, magic]) => magic.every((byte, index) => bytes[index] === byte))?.[0]
}

/** Text from bytes: UTF-8, and UTF-16 as PowerShell's `>` writes it. Anything else is named, not guessed at. */
export function decodeText(bytes: Uint8Array): TextResult {
  const kind = fileKind(bytes)
  if (kind !== undefined) return { ok: false, what: kind }
  const utf16 = utf16Order(bytes)
  const text = tryDecode(bytes, utf16 ?? 'utf-8')
  if (text === undefined) return { ok: false, what: 'binary data' }
  return { ok: true, text, encoding: utf16 === undefined ? 'UTF-8' : 'UTF-16' }
}

function tryDecode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    // `fatal` throws for bytes that this encoding can't have: the caller names them as binary.
    return undefined
  }
}

/** By byte order mark, or by a first ASCII character whose other byte is zero. */
function utf16Order(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const [a = 1, b = 1, c = 1, d = 1] = bytes
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  if (a > 0x08 && a < 0x7f && b === 0 && c !== 0 && d === 0) return 'utf-16le'
  if (a === 0 && b > 0x08 && b < 0x7f && c === 0 && d !== 0) return 'utf-16be'
  return undefined
}

/**
 * What a UTF-16 file became when someone read it as one byte a character: every second character is NUL.
 * Answers the text without them, or undefined when it is not that.
 */
export function undoWideText(text: string): string | undefined {
  const start = /^(?:\u00ff\u00fe|\u00fe\u00ff|\ufffd\ufffd)/.test(text) ? 2 : 0
  if (text.length < start + 4) return undefined
  const first = text.charCodeAt(start) === 0 ? 1 : 0
  for (let at = start; at < start + 4; at++) {
    if ((text.charCodeAt(at) === 0) === ((at - start) % 2 === first)) return undefined
  }
  let out = ''
  for (let at = start + first; at < text.length; at += 2) out += text.charAt(at)
  return out
}

/**
 * A few characters of text from outside for a sentence, with runs that could be a key or a token cut to their beginning. Secrets are taken out before:
 * of one that is cut nobody can tell any more that it is one.
 */
export function excerpt(text: string, longest = 32): string {
  // Where the first ones are cut none of those is that are shown.
  const start = redactText(text.slice(0, 4096)).slice(0, 256)
  const safe = start.replace(/[A-Za-z0-9+/_=-]{20,}/g, (run) => `${run.slice(0, 8)}…`)
  const cut = safe.length > longest || text.length > 256
  return quote(cut ? `${safe.slice(0, longest).replace(/…$/, '')}…` : safe)
}

/** The value of a field for a finding: visible characters as they are, the others escaped, cut at 80. */
export function show(text: string): string {
  return quoteBare(text)
}

/** Base58 with 21 bytes and a checksum in it, of which the first byte makes the first letter a T. */
export function looksLikeTron(text: string): boolean {
  return /^T[1-9A-HJ-NP-Za-km-z]{33}$/.test(text)
}
