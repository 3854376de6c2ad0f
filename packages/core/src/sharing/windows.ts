import { base58 } from '../bytes/base58.ts'
import { fromHex, toHex } from '../bytes/bytes.ts'
import type { Hex } from '../bytes/hex.ts'
import type { Secrets } from './secrets.ts'

/** Characters in a row that tell a secret apart: 5 bytes of hex, 6 of base64, about 5 of a decimal number. Shorter ones turn up by chance. */
export const hexWidth = 10
export const base64Width = 8
export const decimalWidth = 13
/** Of hex that was taken for text and encoded once more: a digit takes a byte. */
export const twiceWidth = 20
export const base64TwiceWidth = 14
/** Of a token or base58, and of words, which are shared by many texts. */
export const tokenWidth = 8
export const phraseWidth = 16
/** Of words without the spaces between them: the longest word of a recovery phrase has 8 letters. */
export const joinedWidth = 9

/** Every piece of a secret, of those widths, in each encoding. */
export interface Windows {
  readonly hex: ReadonlySet<string>
  /** The pieces of what may be seen: what they cover is shown, also where it touches a secret. */
  readonly open: ReadonlySet<string>
  /** In the standard alphabet. */
  readonly base64: ReadonlySet<string>
  readonly decimal: ReadonlySet<string>
  /** Of the digits as text, in hex and in base64. */
  readonly twice: ReadonlySet<string>
  readonly tokens: ReadonlySet<string>
  /** In small letters, as the next. */
  readonly phrases: ReadonlySet<string>
  /** Of tokens, and of phrases without their spaces. */
  readonly folded: ReadonlySet<string>
  readonly joined: ReadonlySet<string>
}

export function windowsOf({ hidden, raw, open, texts }: Secrets): Windows {
  const never = new Pieces()
  for (const digits of hidden) never.add(digits, true)
  const shown = new Pieces()
  for (const digits of open) shown.add(digits, true)
  shown.without(never)
  const all = new Pieces()
  for (const digits of raw) all.add(digits, raw.length <= mostThorough)
  all.without(shown)
  all.with(never)
  const [tokens, phrases, folded, joined] = [new Set<string>(), new Set<string>(), new Set<string>(), new Set<string>()]
  // A signature of Solana, as its tools write it.
  for (const digits of raw) if (digits.length === 128) slide(base58(bytesOf(digits)), tokenWidth, tokens)
  const known = new Set<string>()
  for (const digits of open) if (digits.length === 128) slide(base58(bytesOf(digits)), tokenWidth, known)
  for (const each of known) tokens.delete(each)
  for (const text of texts) {
    // What is read of a field may be without its white space, and in small letters.
    const small = smallLetters(text)
    const whole = small.replace(whiteSpace, '')
    if (whole !== small) slide(small, phraseWidth, phrases)
    slide(whole, whole === small ? tokenWidth : joinedWidth, whole === small ? folded : joined)
  }
  return { hex: all.hex, open: shown.hex, base64: all.base64, decimal: all.decimal, twice: all.twice, tokens, phrases, folded, joined }
}

/** White space as it stands in a text, or as JSON writes it. */
const whiteSpace = /\\{1,8}[nrt]|\s+/g

/** Those of ASCII: others may change their number. */
export function smallLetters(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** A log with more signatures than this is looked through for each as programs write them, not for every way to write it twice. */
const mostThorough = 64

class Pieces {
  readonly hex = new Set<string>()
  readonly base64 = new Set<string>()
  readonly decimal = new Set<string>()
  readonly twice = new Set<string>()

  add(digits: string, thorough: boolean): void {
    const lower = digits.toLowerCase().replace(erc6492, '')
    const bytes = bytesOf(lower)
    for (const part of lower.split(padding)) slide(part, hexWidth, this.hex, isTelling)
    alignments(bytes, base64Width, this.base64)
    for (const number of numbersIn(bytes)) slide(String(number), decimalWidth, this.decimal, isTelling)
    if (!thorough) return
    const back = bytes.slice().reverse()
    slide(digitsOf(back), hexWidth, this.hex, isTelling)
    for (const number of numbersIn(back)) slide(String(number), decimalWidth, this.decimal, isTelling)
    for (const text of [lower, lower.toUpperCase()]) {
      const encoded = new TextEncoder().encode(text)
      slide(digitsOf(encoded), twiceWidth, this.twice)
      alignments(encoded, base64TwiceWidth, this.twice)
    }
  }

  with({ hex, base64, decimal, twice }: Pieces): void {
    for (const each of hex) this.hex.add(each)
    for (const each of base64) this.base64.add(each)
    for (const each of decimal) this.decimal.add(each)
    for (const each of twice) this.twice.add(each)
  }

  without({ hex, base64, decimal, twice }: Pieces): void {
    for (const each of hex) this.hex.delete(each)
    for (const each of base64) this.base64.delete(each)
    for (const each of decimal) this.decimal.delete(each)
    for (const each of twice) this.twice.delete(each)
  }
}

function slide(text: string, width: number, into: Set<string>, keep: (piece: string) => boolean = () => true): void {
  for (let at = 0; at + width <= text.length; at++) {
    const piece = text.slice(at, at + width)
    if (keep(piece)) into.add(piece)
  }
}

/** Zeros in front of numbers, and digits that repeat, stand in many texts; of a random piece about one in two million is like that. */
function isTelling(piece: string): boolean {
  const first = piece.charCodeAt(0)
  let zeros = 0
  let alike = 0
  for (let at = 0; at < piece.length; at++) {
    const character = piece.charCodeAt(at)
    if (character === 0x30) zeros++
    if (character === first) alike++
  }
  return zeros < 7 && alike < piece.length
}

/** The word behind a signature of a wallet that is not deployed yet. */
const erc6492 = /(?:6492){16}$/
/** Contracts fill words with zeros; no half of a signature has so many in a row. */
export const padding = /0{14,}|f{14,}/

/** The characters that the bytes have in base64 whatever stands around them: at each of the three places in which they can begin. */
function alignments(bytes: Uint8Array, width: number, into: Set<string>): void {
  for (const before of [0, 1, 2]) {
    const shifted = new Uint8Array(before + bytes.length)
    shifted.set(bytes, before)
    const text = base64Of(shifted).slice(Math.ceil((8 * before) / 6), Math.floor((8 * shifted.length) / 6))
    slide(text, width, into, (piece) => piece !== piece.charAt(0).repeat(width))
  }
}

/** The bytes as one number, and each word of them. */
function numbersIn(bytes: Uint8Array): bigint[] {
  if (bytes.length > 160) return []
  const parts = [bytes, bytes.subarray(0, 32), bytes.subarray(32, 64)].filter((part) => part.length > 16)
  return parts.map((part) => BigInt(toHex(part)))
}

export function digitsOf(bytes: Uint8Array): string {
  return toHex(bytes).slice(2)
}

/** The bytes of hex digits; a lone last digit is left out. */
function bytesOf(digits: string): Uint8Array {
  const even: Hex = `0x${digits.slice(0, digits.length - (digits.length % 2))}`
  return fromHex(even)
}

export function base64Of(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
