import {
  decodeText,
  fileKind,
  isMeantAsPayment,
  longestText,
  mayHavePayment,
  type Place,
  recordsIn,
  type UnreadKind,
} from '@eip3009/core/internal'
import { textOf } from '../files.ts'
import { type Piece, withAnswers } from './join-answers.ts'
import { linesOf } from './lines.ts'

/** What may be a payment, and where it stands; or what was there instead, and why it is none. */
export type SourceRecord =
  | { readonly kind: 'text'; readonly place: Place; readonly input: string | Uint8Array }
  /** A transaction that is known by its hash. */
  | { readonly kind: 'hash'; readonly place: Place; readonly hash: `0x${string}` }
  | { readonly kind: UnreadKind; readonly place: Place; readonly says: string }

/** More than a HAR file or a list that anybody looks through, and little enough to hold. */
const mostBytes = 64 * 1024 * 1024

const archives: ReadonlySet<string> = new Set(['a gzip file', 'a Zstandard file', 'an xz file', 'a bzip2 file', 'a ZIP archive'])

/** Whether a text has several payments in it, so that each is to be looked at by itself. */
export type Counts = (inputs: readonly string[]) => boolean

/** Everything in a file or a stream that may be a payment, piece by piece; of what is long no more than a piece is held. */
export async function* recordsOfStream(stream: AsyncIterable<Uint8Array>, file: string, isSeveral: Counts): AsyncGenerator<SourceRecord> {
  const { head, rest } = await headOf(stream, longestText)
  const whole = { file, line: null, entry: null }
  const other = otherFile(head)
  if (other !== undefined) {
    yield { ...other, place: whole }
    return
  }
  if (rest === undefined) {
    yield* recordsOfBytes(head, file, isSeveral)
    return
  }
  const start = decodeText(head.subarray(0, 4096))
  const isWide = start.ok && start.encoding === 'UTF-16'
  const text = textOf(head)
  const pieces = isWide ? undefined : recordsIn(text.slice(0, text.lastIndexOf('\n') + 1))
  const isDocument = /^\uFEFF?\s*(?:\{|\[\s*[[{"])/.test(text) && pieces?.form !== 'lines'
  if (!isWide && !isDocument) {
    yield* recordsOfLines(joined(head, rest), file, pieces?.form === 'lines')
    return
  }
  const all = await headOf(joined(head, rest), mostBytes)
  if (all.rest !== undefined) {
    const says = `It has more than ${mostBytes / 1024 / 1024} MB and is neither JSON Lines nor a log with a record a line; cut it into such files.`
    yield { kind: 'unreadable', place: whole, says }
    return
  }
  yield* recordsOfBytes(all.head, file, isSeveral)
}

/** An archive, which nobody unpacks unasked, and what has no text in it. */
function otherFile(head: Uint8Array): { readonly kind: UnreadKind; readonly says: string } | undefined {
  const kind = isTar(head) ? 'a tar archive' : fileKind(head)
  if (kind === undefined) return undefined
  return isTar(head) || archives.has(kind)
    ? { kind: 'unreadable', says: `It is ${kind}, which is not looked into; unpack it, and give what was in it.` }
    : { kind: 'no-payment', says: `It is ${kind}.` }
}

function isTar(head: Uint8Array): boolean {
  return head.length > 262 && Buffer.from(head.subarray(257, 262)).toString('latin1') === 'ustar'
}

async function* recordsOfBytes(bytes: Uint8Array, file: string, isSeveral: Counts): AsyncGenerator<SourceRecord> {
  const whole = { file, line: null, entry: null }
  if (bytes.length === 0) {
    yield { kind: 'no-payment', place: whole, says: 'It is empty.' }
    return
  }
  const decoded = decodeText(bytes)
  // Text with a byte in it that is none is read line by line, so that the others are not lost with it.
  const text = decoded.ok ? decoded.text : isMostlyText(bytes) ? textOf(bytes) : undefined
  const hashes = text === undefined ? undefined : hashesIn(text, file)
  if (hashes !== undefined) {
    yield* hashes
    return
  }
  const pieces = text === undefined ? undefined : recordsIn(text)
  const worth = pieces?.records.filter(({ text: piece }) => mayHavePayment(piece)) ?? []
  if (pieces === undefined || !isSeveral(worth.map((piece) => piece.text))) {
    // With its own bytes: how it is written is a part of what is looked at.
    yield { kind: 'text', place: whole, input: bytes }
    return
  }
  const located = pieces.records.map(({ text: piece, line, entry }) => ({ text: piece, place: { file, line, entry } }))
  // An entry of a HAR file has its own answer.
  for await (const { text: piece, place } of pieces.form === 'har' || pieces.form === 'log' ? located : withAnswers(located))
    yield !decoded.ok && piece.includes(damaged) && mayHavePayment(piece)
      ? { kind: 'unreadable', place, says: notUtf8 }
      : recordOf(piece, place, pieces.form === 'lines')
  if (pieces.broken !== undefined) {
    const { line, entry, problem } = pieces.broken
    yield {
      kind: 'unreadable',
      place: { file, line, entry },
      says: `What begins here ${problem}; of what comes after it no more than whole lines were read.`,
    }
  }
}

async function* recordsOfLines(stream: AsyncIterable<Uint8Array>, file: string, isJson: boolean): AsyncGenerator<SourceRecord> {
  const broken: SourceRecord[] = []
  async function* texts(): AsyncGenerator<Piece> {
    for await (const { line, bytes, length } of linesOf(stream, longestText)) {
      const place = { file, line, entry: null }
      if (length > longestText) broken.push({ kind: 'unreadable', place, says: tooLong(length) })
      else {
        const decoded = decodeText(bytes)
        const text = decoded.ok ? decoded.text : textOf(bytes)
        if (!decoded.ok && mayHavePayment(text)) broken.push({ kind: 'unreadable', place, says: notUtf8 })
        else if (text.trim() !== '') yield { text, place }
      }
    }
  }
  // What is broken has its turn by its line, however far was looked ahead.
  const before = function* (place: Place | undefined): Generator<SourceRecord> {
    while (broken[0] !== undefined && (place === undefined || (broken[0].place.line ?? 0) < (place.line ?? 0))) {
      const first = broken.shift()
      if (first !== undefined) yield first
    }
  }
  for await (const { text, place } of isJson ? withAnswers(texts()) : texts()) {
    yield* before(place)
    yield recordOf(text, place, isJson)
  }
  yield* before(undefined)
}

/** What a decoder puts in the place of bytes that are no text. */
const damaged = '\uFFFD'
const notUtf8 = 'There are bytes in it that are no text in UTF-8.'

function tooLong(length: number): string {
  return `It has ${length.toLocaleString('en')} characters, which no payment has; it was passed over.`
}

function recordOf(text: string, place: Place, isJson: boolean): SourceRecord {
  if (text.length > longestText) return { kind: 'unreadable', place, says: tooLong(text.length) }
  if (mayHavePayment(text)) return { kind: 'text', place, input: text }
  if (isJson && !isJsonText(text)) return { kind: 'unreadable', place, says: 'The line is no whole JSON document, as the others are.' }
  return { kind: 'no-payment', place, says: noPayment }
}

const noPayment = 'There is no payment in it.'

/** Whether a record that could not be read was meant for a payment, or is something else that a log or a folder has, too. */
export function isBroken(input: string | Uint8Array, place: Place): boolean {
  const text = typeof input === 'string' ? input : textOf(input)
  return isMeantAsPayment(text) || (place.line !== null && /^\s*\{/.test(text) && !isJsonText(text))
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    // Only whether it is whole is asked for.
    return false
  }
}

/** Control characters that no text has; a few damaged bytes do not make it something else. */
function isMostlyText(bytes: Uint8Array): boolean {
  return !bytes.subarray(0, 4096).some((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27))
}

const hash = /\b0x[0-9a-fA-F]{64}\b/g
const bare = /^["']?(?:0x)?[0-9a-fA-F]{64}["']?,?$/

/**
 * A list of transactions: each line has one hash, and it or the head of the column says that it is one. 32 bytes alone can be a private key, and what is
 * looked up is told to an RPC.
 */
function hashesIn(text: string, file: string): readonly SourceRecord[] | undefined {
  const lines = text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [{ line: index + 1, text: line.trim() }]))
  if (lines.length > 1 && lines.every((each) => bare.test(each.text))) {
    const says = `There are ${lines.length} lines of 32 bytes, which are not shown, and not looked up: they can be private keys. If they are hashes of transactions, write tx as a head above them, or give them as arguments.`
    return [{ kind: 'unreadable', place: { file, line: null, entry: null }, says }]
  }
  const [head, ...others] = lines
  if (head === undefined || isMeantAsPayment(text)) return undefined
  const isHeaded = says.test(head.text) && !head.text.includes('0x') && others.length > 0
  const rows = isHeaded ? others : lines
  if (rows.length < (isHeaded ? 1 : 2)) return undefined
  const found = rows.map((row) => ({ row, all: [...row.text.matchAll(hash)].map(([each]) => each) }))
  if (!found.every(({ row, all }) => all.length === 1 && (isHeaded || says.test(row.text)))) return undefined
  return found.flatMap(({ row, all: [only] }) =>
    only === undefined || !isHash(only) ? [] : [{ kind: 'hash' as const, place: { file, line: row.line, entry: null }, hash: only }],
  )
}

const says = /\b(?:tx|txs|transactions?|hash(?:es)?|tx_?hash|transaction_?hash)\b/i

export function isHash(text: string): text is `0x${string}` {
  return /^0x[0-9a-fA-F]{64}$/.test(text)
}

/** The beginning of a stream, and the rest of it where that is not all. */
export async function headOf(
  stream: AsyncIterable<Uint8Array>,
  most: number,
): Promise<{ readonly head: Uint8Array; readonly rest: AsyncIterable<Uint8Array> | undefined }> {
  const chunks = stream[Symbol.asyncIterator]()
  const taken: Uint8Array[] = []
  let length = 0
  while (length <= most) {
    const next = await chunks.next()
    if (next.done === true) return { head: Buffer.concat(taken, length), rest: undefined }
    taken.push(next.value)
    length += next.value.length
  }
  return { head: Buffer.concat(taken, length), rest: { [Symbol.asyncIterator]: () => chunks } }
}

export async function* joined(head: Uint8Array, rest: AsyncIterable<Uint8Array> | undefined): AsyncGenerator<Uint8Array> {
  yield head
  if (rest !== undefined) yield* rest
}
