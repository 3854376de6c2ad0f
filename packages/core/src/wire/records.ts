import { isObject, parseJson } from './json.ts'

/** A piece of a text that may have a payment of its own. */
export interface TextRecord {
  readonly text: string
  /** The line on which it begins, counted from 1; null in a HAR file and in a list. */
  readonly line: number | null
  /** Which entry it is, counted from 1; null elsewhere. */
  readonly entry: number | null
}

/**
 * How several records stand in a text. `har`: entries of an HTTP archive; `list`: a JSON list; `lines`: a JSON document a line; `documents`: JSON documents
 * one behind the other; `log`: lines of which some have a payment.
 */
export type RecordsForm = 'har' | 'list' | 'lines' | 'documents' | 'log'

export interface Records {
  readonly form: RecordsForm
  readonly records: readonly TextRecord[]
  /** Where the rest could not be told apart, and why, as a clause. */
  readonly broken: { readonly line: number | null; readonly entry: number | null; readonly problem: string } | undefined
}

/** The pieces of a text; undefined where it is one by all looks. Nothing is decoded: each is as it was written, with all its digits. */
export function recordsIn(text: string): Records | undefined {
  const start = text.search(/\S/)
  if (start === -1) return undefined
  if (isJsonLines(text)) return { form: 'lines', records: linesOf(text), broken: undefined }
  const found = /[[{]/.test(text.charAt(start)) ? structured(text, start) : undefined
  if (found !== undefined) return found === 'one' ? undefined : found
  const lines = linesOf(text)
  return lines.length < 2 ? undefined : { form: 'log', records: lines, broken: undefined }
}

/** Records that JSON tells apart; `one` where all of it is one; undefined where it only begins like JSON. */
function structured(text: string, start: number): Records | 'one' | undefined {
  const entries = text.charAt(start) === '{' ? entriesOf(text) : undefined
  if (entries !== undefined) return itemsAt(text, entries, 'har') ?? 'one'
  const list = text.charAt(start) === '[' ? itemsAt(text, start, 'list') : documentsIn(text, start)
  if (list !== undefined) return list
  const whole = parseJson(text, start)
  return whole.ok && text.slice(whole.end).trim() === '' ? 'one' : undefined
}

/** So many lines are looked at. */
const mostLooked = 40

/**
 * Whether each line is a document by itself: two of the first that are, and nearly all that begin like one. No document that is broken into lines has two
 * whole objects on lines of their own without a comma behind them.
 */
function isJsonLines(text: string): boolean {
  const lines = text
    .slice(0, 1 << 20)
    .split('\n', mostLooked)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const whole = lines.filter((line) => line.startsWith('{') && isDocument(line))
  return whole.length >= 2 && lines.filter((line) => line.startsWith('{')).length * 2 > lines.length
}

function isDocument(line: string): boolean {
  const parsed = parseJson(line)
  return parsed.ok && isObject(parsed.value) && line.slice(parsed.end).trim() === ''
}

function linesOf(text: string): readonly (TextRecord & { readonly line: number })[] {
  return text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [{ text: line, line: index + 1, entry: null }]))
}

/** Where the list of a HAR file's entries begins: http://www.softwareishard.com/blog/har-12-spec/ */
function entriesOf(text: string): number | undefined {
  if (!/^\s*\{\s*"log"\s*:\s*\{/.test(text.slice(0, 400))) return undefined
  // What stands before it is small: who made it, and its pages.
  const found = /"entries"\s*:\s*\[/.exec(text.slice(0, 1 << 22))
  return found === null ? undefined : found.index + found[0].length - 1
}

/** The items of a list that begins at `start`. */
function itemsAt(text: string, start: number, form: 'har' | 'list'): Records | undefined {
  const records: TextRecord[] = []
  let at = start + 1
  for (;;) {
    at = skip(text, at, /[\s,]/)
    if (at >= text.length || text.charAt(at) === ']') break
    const parsed = parseJson(text, at)
    const entry = records.length + 1
    if (!parsed.ok) return records.length < 2 ? undefined : { form, records, broken: { line: null, entry, problem: parsed.problem } }
    records.push({ text: text.slice(at, parsed.end), line: null, entry })
    at = parsed.end
  }
  return records.length < 2 ? undefined : { form, records, broken: undefined }
}

/** JSON documents one behind the other, with nothing but white space between them. */
function documentsIn(text: string, start: number): Records | undefined {
  const records: TextRecord[] = []
  let line = 1
  let counted = 0
  const lineAt = (at: number): number => {
    for (let next = text.indexOf('\n', counted); next !== -1 && next < at; next = text.indexOf('\n', counted)) {
      line++
      counted = next + 1
    }
    return line
  }
  let at = start
  while (at < text.length) {
    const parsed = text.charAt(at) === '{' ? parseJson(text, at) : undefined
    if (parsed?.ok !== true) {
      if (records.length < 2) return undefined
      const problem = parsed === undefined ? 'is no JSON document' : parsed.problem
      const from = lineAt(at)
      // Of what is behind it whole lines can be told apart all the same.
      const rest = linesOf(text.slice(at)).flatMap((each) => (isDocument(each.text) ? [{ ...each, line: from - 1 + each.line }] : []))
      return { form: 'documents', records: [...records, ...rest], broken: { line: from, entry: null, problem } }
    }
    records.push({ text: text.slice(at, parsed.end), line: lineAt(at), entry: null })
    at = skip(text, parsed.end, /\s/)
  }
  return records.length < 2 ? undefined : { form: 'documents', records, broken: undefined }
}

function skip(text: string, from: number, what: RegExp): number {
  let at = from
  while (at < text.length && what.test(text.charAt(at))) at++
  return at
}

/** What stands in every form of a payment: its signature or transaction by name, a header's value, calldata. Other text can have it, too. */
const marks = /signature|transaction|authorization|payment|\be[wy][A-Za-z0-9+/_-]{40}|0x(?:e3ee160e|cf092995|ef55bec6|88b7ab63)/i

/** Whether it is worth reading. What has none of these is no payment. */
export function mayHavePayment(text: string): boolean {
  return marks.test(text)
}

const payment =
  /["']?(?:validBefore|valid_before|paymentPayload|payment_payload)["']?\s*[:=]|\b(?:x-payment|payment-signature)["']?\s*[:=]|0x(?:e3ee160e|cf092995|ef55bec6|88b7ab63)/i

/** Whether it was meant for a payment, however broken it is. */
export function isMeantAsPayment(text: string): boolean {
  return payment.test(text)
}
