/** What was found to be one value, with the place of each of its characters in the text. */
interface Stream {
  readonly text: string
  readonly places: readonly number[]
}

/** A run of characters of one kind. */
export interface Run {
  readonly text: string
  readonly index: number
}

/** Runs of at least so many characters. By hand: an expression that takes a megabyte in one go has no room for it on the stack. */
function* runsOf(text: string, isOne: (code: number) => boolean, least: number): Generator<Run> {
  let start = 0
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && isOne(text.charCodeAt(at))) continue
    if (at - start >= least) yield { text: text.slice(start, at), index: start }
    start = at + 1
  }
}

export function hexRuns(text: string, least: number): Generator<Run> {
  return runsOf(text, isHexDigit, least)
}

/** Characters of base64 in either alphabet. */
export function base64Runs(text: string, least: number): Generator<Run> {
  return runsOf(text, isBase64, least)
}

/** What stands between the parts of one value: `0x8e, 0xf7`, `8e:f7`, `\x8e\xf7`, a list over several lines. */
const mostBetween = 32

/** Hex digits that follow each other, also with separators, prefixes and quotes between them. Letters of a word are no part of it. */
export function* hexStreams(text: string, least: number): Generator<Stream> {
  let digits: string[] = []
  let places: number[] = []
  let end = 0
  for (const { text: run, index } of hexRuns(text, 1)) {
    const next = text.charCodeAt(index + run.length)
    // The 0 of a prefix is no digit of the value.
    const length = run.endsWith('0') && (next === 0x78 || next === 0x58) ? run.length - 1 : run.length
    const isWord = (length === run.length && isLetter(next)) || (isLetter(text.charCodeAt(index - 1)) && !isPrefix(text, index - 1))
    if (digits.length > 0 && (isWord || !isJoined(text, end, index))) {
      if (digits.length >= least) yield { text: digits.join(''), places }
      digits = []
      places = []
    }
    if (isWord && length < least) continue
    for (let at = 0; at < length; at++) {
      digits.push(run.charAt(at).toLowerCase())
      places.push(index + at)
    }
    end = index + length
    if (!isWord) continue
    yield { text: digits.join(''), places }
    digits = []
    places = []
  }
  if (digits.length >= least) yield { text: digits.join(''), places }
}

function isJoined(text: string, from: number, to: number): boolean {
  if (to - from > mostBetween) return false
  for (let at = from; at < to; at++) if (!between.has(text.charCodeAt(at)) && !isPrefix(text, at) && !isPrefix(text, at + 1)) return false
  return true
}

/** The letter of `0x`, `\\x` or `\\u`. */
function isPrefix(text: string, at: number): boolean {
  const letter = text.charAt(at)
  const before = text.charAt(at - 1)
  return ((letter === 'x' || letter === 'X') && (before === '0' || before === '\\')) || (letter === 'u' && before === '\\')
}

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)
}

function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66) || (code >= 0x41 && code <= 0x46)
}

const between: ReadonlySet<number> = new Set([...' \t\r\n,:;"\'`_-[](){}|\\%'].map((character) => character.charCodeAt(0)))

/** One byte of a text, with where it is written. */
export interface WrittenByte {
  readonly value: number
  readonly from: number
  readonly to: number
}

/** Bytes written as a list of numbers from -128 to 255; of an object with numbers for keys, keys and values in turn. */
export function* numberLists(text: string, least: number): Generator<readonly WrittenByte[]> {
  let list: WrittenByte[] = []
  let end = -1
  for (const match of text.matchAll(/(?<![\w.])-?\d{1,3}(?![\w.])/g)) {
    const value = Number(match[0])
    const joined = list.length > 0 && match.index - end <= mostBetween && /^[\s,:;"'`[\](){}|\\]*$/.test(text.slice(end, match.index))
    if (!joined || value > 255 || value < -128) {
      if (list.length >= least) yield list
      list = []
    }
    end = match.index + match[0].length
    if (value <= 255 && value >= -128) list.push({ value: value < 0 ? value + 256 : value, from: match.index, to: end })
  }
  if (list.length >= least) yield list
}

/** A byte as programs print one that is no letter: `\x8e`, `\u008e`, `\u{8e}`, `\216`, `%8E`, `\n`. */
const escapeForm =
  /\\{1,4}(?:x([0-9a-fA-F]{2})|u00([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,2})\}|([0-3][0-7]{2})|([abtnvfr0'"\\]))|%([0-9a-fA-F]{2})/y
const letters: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '0': 0 }

/** The text read as bytes, a character each, with escapes undone. Nothing where no byte in it is more than a letter. */
export function* byteRuns(text: string, least: number): Generator<readonly WrittenByte[]> {
  if (!/[\\%\u0080-\u00ff]/.test(text)) return
  let run: WrittenByte[] = []
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    escapeForm.lastIndex = at
    const match = code === 0x5c || code === 0x25 ? escapeForm.exec(text) : null
    const to = at + (match?.[0].length ?? 1)
    const value = match === null ? code : escaped(match)
    if (value > 255) {
      if (run.length >= least) yield run
      run = []
    } else run.push({ value, from: at, to })
    at = to
  }
  if (run.length >= least) yield run
}

function escaped([, x, u, braces, octal, letter, percent]: RegExpExecArray): number {
  const hex = x ?? u ?? braces ?? percent
  if (hex !== undefined) return Number.parseInt(hex, 16)
  return octal === undefined ? (letters[letter ?? ''] ?? letter?.charCodeAt(0) ?? 256) : Number.parseInt(octal, 8)
}

/** Runs of base64 in the standard alphabet, with `/` also as JSON may escape it. */
export function* base64Streams(text: string, least: number): Generator<Stream> {
  let characters: string[] = []
  let places: number[] = []
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0
    if (isBase64(code)) {
      characters.push(code === 0x2d ? '+' : code === 0x5f ? '/' : text.charAt(at))
      places.push(at)
      continue
    }
    if (code === 0x5c && text.charCodeAt(at + 1) === 0x2f) continue
    if (characters.length >= least) yield { text: characters.join(''), places }
    characters = []
    places = []
  }
}

/** In the standard alphabet or in that of URLs. */
function isBase64(code: number): boolean {
  return isLetter(code) || (code >= 0x30 && code <= 0x39) || code === 0x2b || code === 0x2d || code === 0x2f || code === 0x5f
}
