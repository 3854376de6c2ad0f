import { base64Runs, hexRuns, hexStreams, numberLists, type Run } from './streams.ts'
import { digitsOf, padding } from './windows.ts'

/** Bytes of a signature over secp256k1: cut, without zeros in front, with a byte before or behind, DER. */
const leastBytes = 58
const mostBytes = 73
/** Of a call, or of a wallet's wrapper around some. */
const mostLong = 16_384

/** Documents in documents, base64 in base64. */
const mostTurns = 4
/** Text in base64 is looked into up to this length; a payment has a few thousand characters. */
const longestText = 1_048_576

/**
 * What in a text, in bytes or in an object can be a signature or a part of one, as hex digits: by its length, by its name, by where it stands in a call,
 * in each spelling in which payments, logs and programs carry it. Which half of a signature is s can't be told from its bytes, so it is all of them.
 */
export function findSignatures(input: unknown): readonly string[] {
  const found = new Set<string>()
  for (const text of textsOf(input)) look(text, 0, found)
  return [...found]
}

function textsOf(input: unknown): readonly string[] {
  if (typeof input === 'string') return [input.replaceAll('\0', '')]
  if (input instanceof Uint8Array) {
    // Text in UTF-16 is ASCII with zeros between; what is no text may be calldata or a transaction.
    const text = new TextDecoder().decode(input)
    return [text.replaceAll('\0', ''), ...(text.includes('\ufffd') ? [digitsOf(input)] : [])]
  }
  try {
    return [JSON.stringify(input, (_, value: unknown) => plain(value)) ?? '']
  } catch {
    // A cycle, or a getter that throws: no payment, and nothing of it is shown.
    return []
  }
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  return value instanceof Uint8Array ? [...value] : value
}

function look(written: string, turn: number, found: Set<string>): void {
  if (turn > mostTurns || written.length < 40) return
  // Quotes and slashes as JSON in JSON escapes them.
  const text = written.replace(/\\{1,8}(?=["'/])/g, '')
  const add: Add = (digits) => {
    for (const part of digits.toLowerCase().split(padding)) if (part.length >= leastDigits) found.add(part)
  }
  for (const run of hexRuns(text, 64)) if (!isCovered(text, run)) addDigits(run.text, add)
  for (const { text: digits, places } of hexStreams(text, 2 * leastBytes)) if (isDump(places)) addDigits(digits, add)
  inNames(text, add)
  for (const form of argumentForms) {
    for (const [, first = '', second = ''] of text.matchAll(form)) {
      add(first)
      add(second)
    }
  }
  for (const list of numberLists(text, leastBytes)) {
    for (const bytes of [list, list.filter((_, at) => at % 2 === 1)])
      addBytes(
        Uint8Array.from(bytes, ({ value }) => value),
        add,
      )
  }
  for (const [literal] of text.matchAll(bytesLiteral)) addBytes(bytesOfLiteral(literal), add)
  for (const { 0: digits, index } of text.matchAll(/(?<![\d.])\d{60,170}(?![\d.])/g))
    if (!isCovered(text, { text: digits, index })) add(digitsOfNumber(digits))
  for (const run of base64Runs(text, 40)) if (!isCovered(text, run)) inBase64(run.text, turn, found, add)
  if (/%[0-9a-fA-F]{2}/.test(text))
    look(
      text.replace(/%([0-9a-fA-F]{2})/g, (_, pair: string) => String.fromCharCode(Number.parseInt(pair, 16))),
      turn + 1,
      found,
    )
}

type Add = (digits: string) => void

/** What is left between zeros and is shorter is an address. */
const leastDigits = 44

/** Beside stars there is a rest of something that was covered already. */
function isCovered(text: string, { text: run, index }: Run): boolean {
  return text.charAt(index - 1) === '*' || text.charAt(index + run.length) === '*'
}

/** Groups of so many digits, as dumps have them, and not numbers of any length or whole words beside each other. */
const groups: ReadonlySet<number> = new Set([2, 4, 8, 16])

function isDump(places: readonly number[]): boolean {
  let length = 1
  let first: number | undefined
  for (let at = 1; at < places.length; at++) {
    if (places[at] === (places[at - 1] ?? 0) + 1) {
      length++
      continue
    }
    first ??= length
    if (length !== first) return false
    length = 1
  }
  return first !== undefined && groups.has(first) && length <= first
}

function addBytes(bytes: Uint8Array, add: Add): void {
  if (bytes.length >= leastBytes && bytes.length <= mostLong) addDigits(digitsOf(bytes), add)
}

/** The recovery byte says nothing by itself, and answers questions. */
export function withoutV(digits: string): string {
  return /^.{128}(?:0[01]|1[bBcC])$/.test(digits) ? digits.slice(0, 128) : digits
}

/** A signature by its length, or a call with one in it. */
function addDigits(digits: string, add: Add): void {
  if (digits.length >= 2 * leastBytes && digits.length <= 2 * mostBytes) {
    add(withoutV(digits))
    return
  }
  for (const { form, behind } of callForms) {
    for (const { index, 0: match } of digits.matchAll(form)) {
      const at = index + match.length + behind
      add(digits.slice(at, at + 64))
      add(digits.slice(at + 64, at + 128))
    }
  }
  for (const { index } of digits.matchAll(/0{62}1[bBcC]/g)) {
    add(digits.slice(Math.max(0, index - 64), index))
    add(digits.slice(Math.max(0, index - 128), Math.max(0, index - 64)))
  }
}

/**
 * Where calls carry signatures: by the selectors of EIP-3009's and EIP-2612's calls, behind the words before r (in the bytes overloads the last two are
 * an offset and a length); in any other call, behind a v of 27 or 28, or as bytes of 64 or 65 behind their length. And OpenZeppelin's
 * ECDSAInvalidSignatureS(bytes32), which answers with the s.
 */
const callForms: readonly { readonly form: RegExp; readonly behind: number }[] = [
  { form: /e3ee160e|ef55bec6/gi, behind: 7 * 64 },
  { form: /cf092995|88b7ab63/gi, behind: 8 * 64 },
  { form: /5a049a70/gi, behind: 3 * 64 },
  { form: /b7b72899/gi, behind: 4 * 64 },
  { form: /d505accf/gi, behind: 5 * 64 },
  { form: /d78bce0c/gi, behind: 0 },
  { form: /0{62}(?:4[01]|1[bc])/gi, behind: 0 },
]

/** A value that is called a signature. */
const signatureForm =
  /(?<![A-Za-z0-9])(?:sig(?:nature)?|signed_?payload|serialized)["'`]?(?:\s{0,3}(?:[:=]|=>)\s{0,3}|\s{1,3})["'`]?(?:0x)?([A-Za-z0-9+/_-]{40,16384})/gi
/** A value that is called r, s or vs, and the same as a list of bytes. */
const partName =
  '(?<![A-Za-z0-9])(?:(r|sig_?r|signature_?r)|s|_?vs|sig_?s|signature_?s|y_?parity_?and_?s)["\'`]?\\s{0,3}(?:[:=]|=>)\\s{0,3}'
const partForm = new RegExp(`${partName}["'\`]?(?:0x)?([A-Za-z0-9+/_-]{40,128})`, 'gi')
const partList = new RegExp(`${partName}\\[\\s{0,12}((?:\\d{1,3},\\s{0,12}){19,39}\\d{1,3})\\s{0,12}\\]`, 'gi')

function inNames(text: string, add: Add): void {
  for (const [, value = ''] of text.matchAll(signatureForm)) addValue(value, leastBytes, add)
  // r on its own may be the name of anything, and moves no money.
  const halves: { readonly isR: boolean; readonly put: () => void }[] = []
  for (const [, r, value = ''] of text.matchAll(partForm)) halves.push({ isR: r !== undefined, put: () => addValue(value, 20, add) })
  for (const [, r, list = ''] of text.matchAll(partList))
    halves.push({ isR: r !== undefined, put: () => add(digitsOf(Uint8Array.from(list.split(','), Number))) })
  if (halves.every(({ isR }) => isR)) return
  for (const { put } of halves) put()
}

function addValue(value: string, least: number, add: Add): void {
  if (/^[0-9a-fA-F]+$/.test(value)) add(withoutV(value))
  if (/^\d{40,78}$/.test(value)) add(digitsOfNumber(value))
  const bytes = isMixed(value) ? bytesOfBase64(value) : undefined
  if (bytes !== undefined && bytes.length >= least && bytes.length <= mostLong) add(digitsOf(bytes))
}

function digitsOfNumber(decimal: string): string {
  const digits = BigInt(decimal).toString(16)
  return digits.length % 2 === 0 ? digits : `0${digits}`
}

/** r and s among the arguments of a call, with v before or behind them, as libraries print them. */
const quotedWord = '["\']?0x([0-9a-f]{40,64})["\']?'
const recovery = '["\']?(?:27|28|0|1|0x1b|0x1c|0x0|0x1)["\']?'
const comma = ',\\s{0,12}'
const argumentForms: readonly RegExp[] = [
  new RegExp(`(?<![0-9a-zA-Z.])${recovery}${comma}${quotedWord}${comma}${quotedWord}`, 'gi'),
  new RegExp(`${quotedWord}${comma}${quotedWord}${comma}${recovery}(?![0-9a-zA-Z.])`, 'gi'),
]

/** Python's and Rust's way to print bytes. */
const bytesLiteral = /b"(?:\\{1,4}[^\\]|[^\\"]){20,4096}"|b'(?:\\{1,4}[^\\]|[^\\']){20,4096}'/g

function bytesOfLiteral(literal: string): Uint8Array {
  const values: number[] = []
  const letters: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, '0': 0 }
  for (const [whole, hex, letter] of literal.slice(2, -1).matchAll(/\\{1,4}x([0-9a-fA-F]{2})|\\{1,4}(.)|[^\\]/g)) {
    values.push(
      hex !== undefined ? Number.parseInt(hex, 16) : letter !== undefined ? (letters[letter] ?? letter.charCodeAt(0)) : whole.charCodeAt(0),
    )
  }
  return Uint8Array.from(values, (value) => value & 0xff)
}

/** More signers than a payment on Solana has: its payer and a facilitator, and whoever has to agree. */
const mostSigners = 12

/** The signatures of a Solana transaction: their number, 64 bytes each, and the message, of at least a header, a key, a blockhash and an instruction. */
function inTransaction(bytes: Uint8Array, add: Add): void {
  const [count = 0] = bytes
  if (count === 0 || count > mostSigners || bytes.length < 1 + 64 * count + 70) return
  for (let at = 0; at < count; at++) add(digitsOf(bytes.subarray(1 + 64 * at, 65 + 64 * at)))
}

/** A signature as base64, or text that holds one. */
function inBase64(run: string, turn: number, found: Set<string>, add: Add): void {
  const bytes = bytesOfBase64(run)
  if (bytes === undefined || bytes.length > longestText) return
  const text = new TextDecoder().decode(bytes)
  if (!text.includes('\ufffd')) look(text, turn + 1, found)
  else if (isMixed(run)) {
    addBytes(bytes, add)
    inTransaction(bytes, add)
  }
}

/** Base64 of bytes has many of each kind of character; paths, names and hex do not. */
function isMixed(text: string): boolean {
  return [/[A-Z]/g, /[a-z]/g, /[0-9]/g].every((kind) => (text.match(kind)?.length ?? 0) >= 3)
}

/** The bytes of base64 in either alphabet, padded or not; undefined for what is none. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return Uint8Array.from(binary, (character) => character.charCodeAt(0))
  } catch {
    // atob throws for a length or a character that base64 does not have.
    return undefined
  }
}
