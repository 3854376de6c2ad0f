/** The most characters of one text that are looked at. A node's answer with revert data is a few kilobytes. */
export const textLimit = 262_144

const escapeCode = 0x1b
const csiOpens = '['.charCodeAt(0)
const oscOpens = ']'.charCodeAt(0)
const bell = 0x07

/** Unicode's categories C (control, format, surrogate, private, unassigned) and Z (separators): what cannot be seen. */
const hidden = /[\p{C}\p{Z}]/u

/**
 * `text` as one line that is safe to print: ANSI sequences gone, control and format characters and line breaks as spaces, lone
 * surrogates as U+FFFD, runs of spaces as one. Looks at `limit` characters at most and works in one pass.
 */
export function plainText(text: string, limit: number = textLimit): string {
  const end = Math.min(text.length, limit)
  const parts: string[] = []
  let start = 0
  let gap = false
  const keep = (part: string): void => {
    if (part === '') return
    if (gap && parts.length > 0) parts.push(' ')
    gap = false
    parts.push(part)
  }
  for (let i = 0; i < end; ) {
    const code = text.codePointAt(i) ?? 0
    const length = code > 0xffff && i + 1 < end ? 2 : 1
    if (code === escapeCode) {
      keep(text.slice(start, i))
      i = afterEscape(text, i, end)
      start = i
    } else if (isLone(code) || (code > 0xffff && length === 1)) {
      keep(text.slice(start, i))
      keep('\u{fffd}')
      i++
      start = i
    } else if (code <= 0x20 || (code > 0x7e && hidden.test(String.fromCodePoint(code)))) {
      keep(text.slice(start, i))
      gap = true
      i += length
      start = i
    } else i += length
  }
  keep(text.slice(start, end))
  return parts.join('')
}

/** The first `limit` characters of an already plain text, with an ellipsis when there were more. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text
  const last = text.codePointAt(limit - 1) ?? 0
  return `${text.slice(0, last > 0xffff ? limit - 1 : limit)}…`
}

function isLone(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff
}

/** The index after the escape sequence that begins at `i`. */
function afterEscape(text: string, i: number, end: number): number {
  const kind = i + 1 < end ? text.charCodeAt(i + 1) : 0
  let j = i + 2
  if (kind === csiOpens) {
    while (j < end && text.charCodeAt(j) >= 0x20 && text.charCodeAt(j) <= 0x3f) j++
    return Math.min(j + 1, end)
  }
  if (kind === oscOpens) {
    while (j < end && text.charCodeAt(j) !== bell && text.charCodeAt(j) !== escapeCode) j++
    return text.charCodeAt(j) === escapeCode ? Math.min(j + 2, end) : Math.min(j + 1, end)
  }
  return Math.min(j, end)
}
