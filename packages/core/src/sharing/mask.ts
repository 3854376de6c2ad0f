import { base58 } from '../bytes/base58.ts'
import { noSecrets, type Secrets } from './secrets.ts'
import { base64Streams, byteRuns, hexStreams, numberLists, type WrittenByte } from './streams.ts'
import {
  base64TwiceWidth,
  base64Width,
  decimalWidth,
  hexWidth,
  joinedWidth,
  phraseWidth,
  smallLetters,
  tokenWidth,
  twiceWidth,
  type Windows,
  windowsOf,
} from './windows.ts'

/** What is known to be secret, made ready to be covered in many texts. */
export interface Cover {
  readonly mask: (text: string) => string
  /** What may be seen where a text has more secrets than those. */
  readonly open: readonly string[]
  /** Ids of transactions that are on a chain, base58: in base64's alphabet they look like something else. */
  readonly ids: readonly string[]
}

export function coverOf(secrets: Secrets): Cover {
  const ids = secrets.open.filter((hex) => hex.length === 128).map((hex) => base58(bytesOfHex(hex)))
  return { mask: maskOf(secrets), open: secrets.open, ids }
}

function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16))
}

/** Nothing is known; what is left are the forms that give themselves away. */
export const noCover: Cover = coverOf(noSecrets)

/**
 * A function that puts stars over every piece of the secrets in a text, in whichever encoding the piece is written: hex with any separators, base64
 * wherever in it they begin, decimal numbers, lists of numbers, escapes, and the bytes themselves. All else stays, in its place.
 */
export function maskOf(secrets: Secrets): (text: string) => string {
  if (secrets.hidden.length + secrets.raw.length + secrets.texts.length === 0) return (text) => text
  const windows = windowsOf(secrets)
  return (text) => (text.length < tokenWidth ? text : stars(text, windows))
}

function stars(text: string, windows: Windows): string {
  const marks = new Marks(text.length)
  inHex(text, windows, marks)
  for (const list of numberLists(text, bytesWide)) inList(list, windows, marks)
  for (const run of byteRuns(text, bytesWide)) inText(run, windows, marks)
  for (const { text: run, places } of base64Streams(text, base64Width)) {
    const mark = (at: number, width: number): void => {
      for (const place of places.slice(at, at + width)) marks.set(place)
    }
    for (const at of found(run, base64Width, windows.base64)) mark(at, base64Width)
    for (const at of found(run, base64TwiceWidth, windows.twice)) mark(at, base64TwiceWidth)
  }
  for (const match of text.matchAll(/\d{13,}/g)) inDecimal(match[0], match.index, windows, marks)
  for (const at of found(text, tokenWidth, windows.tokens)) marks.range(at, at + tokenWidth)
  const { phrases, folded, joined } = windows
  if (phrases.size + folded.size + joined.size > 0) {
    const small = smallLetters(text)
    for (const at of found(small, phraseWidth, phrases)) marks.range(at, at + phraseWidth)
    for (const at of found(small, tokenWidth, folded)) marks.range(at, at + tokenWidth)
    for (const at of found(small, joinedWidth, joined)) marks.range(at, at + joinedWidth)
  }
  return marks.over(text)
}

/** The places of a text that are to be covered. */
class Marks {
  readonly #marked: Uint8Array
  #any = false

  constructor(length: number) {
    this.#marked = new Uint8Array(length)
  }

  set(at: number): void {
    this.#marked[at] = 1
    this.#any = true
  }

  range(from: number, to: number): void {
    for (let at = from; at < to; at++) this.set(at)
  }

  over(text: string): string {
    if (!this.#any) return text
    let out = ''
    for (let at = 0; at < text.length; ) {
      const hidden = this.#marked[at]
      let to = at + 1
      while (to < text.length && this.#marked[to] === hidden) to++
      out += hidden === 1 ? '*'.repeat(to - at) : text.slice(at, to)
      at = to
    }
    return out
  }
}

function* found(text: string, width: number, pieces: ReadonlySet<string>): Generator<number> {
  if (pieces.size === 0) return
  for (let at = 0; at + width <= text.length; at++) if (pieces.has(text.slice(at, at + width))) yield at
}

function inHex(text: string, { hex, open, twice }: Windows, marks: Marks): void {
  for (const { text: digits, places } of hexStreams(text, hexWidth)) {
    const covered = new Set<number>()
    for (const at of found(digits, hexWidth, hex)) for (let i = 0; i < hexWidth; i++) covered.add(at + i)
    for (const at of found(digits, twiceWidth, twice)) for (let i = 0; i < twiceWidth; i++) covered.add(at + i)
    if (covered.size === 0) continue
    for (const at of found(digits, hexWidth, open)) for (let i = 0; i < hexWidth; i++) covered.delete(at + i)
    for (const at of covered) marks.set(places[at] ?? 0)
  }
}

const bytesWide = hexWidth / 2

/** A list of bytes, and every second of it: the others are keys then. Also of the codes of hex digits. */
function inList(list: readonly WrittenByte[], { hex, twice, open }: Windows, marks: Marks): void {
  for (const bytes of [list, list.filter((_, index) => index % 2 === 0), list.filter((_, index) => index % 2 === 1)]) {
    cover([...piecesIn(bytes, hexWidth, hex), ...piecesIn(bytes, twiceWidth, twice)], piecesIn(bytes, hexWidth, open), marks)
  }
}

/** Text that is bytes. Words are none: what has a meaning as letters is looked for as such. */
function inText(run: readonly WrittenByte[], { hex, open }: Windows, marks: Marks): void {
  const isText = (piece: readonly WrittenByte[]): boolean =>
    piece.every(({ value, from, to }) => to - from === 1 && value >= 0x20 && value < 0x7f)
  cover(
    [...piecesIn(run, hexWidth, hex)].filter((piece) => !isText(piece)),
    piecesIn(run, hexWidth, open),
    marks,
  )
}

function* piecesIn(bytes: readonly WrittenByte[], width: number, pieces: ReadonlySet<string>): Generator<readonly WrittenByte[]> {
  const digits = bytes.map(({ value }) => value.toString(16).padStart(2, '0')).join('')
  for (const at of found(digits, width, pieces)) if (at % 2 === 0) yield bytes.slice(at / 2, (at + width) / 2)
}

function cover(secret: readonly (readonly WrittenByte[])[], open: Iterable<readonly WrittenByte[]>, marks: Marks): void {
  if (secret.length === 0) return
  const covered = new Set(secret.flat())
  for (const byte of [...open].flat()) covered.delete(byte)
  for (const { from, to } of covered) marks.range(from, to)
}

/** More digits than a signature with its v has as one number. */
const longestNumber = 200

function inDecimal(digits: string, start: number, { decimal, hex }: Windows, marks: Marks): void {
  for (const at of found(digits, decimalWidth, decimal)) marks.range(start + at, start + at + decimalWidth)
  // A part of it, such as a limb of 64 bits, has other digits than the whole.
  if (digits.length > longestNumber) return
  for (const _ of found(BigInt(digits).toString(16), hexWidth, hex)) {
    marks.range(start, start + digits.length)
    return
  }
}
