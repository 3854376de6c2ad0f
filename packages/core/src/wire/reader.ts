import { fromBase58 } from '../bytes/base58.ts'
import { decodeBase64 } from '../bytes/base64.ts'
import { bytesOf } from '../bytes/bytes.ts'
import type { Finding } from '../causes/finding.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { findNetwork } from '../networks/find-network.ts'
import type { Networks } from '../networks/networks.ts'
import { OtherRailError } from '../rails/other-rail-error.ts'
import { findSecrets } from '../sharing/find-secrets.ts'
import { maskOf } from '../sharing/mask.ts'
import { digitsOf } from '../sharing/windows.ts'
import { type Beside, besideOf } from './beside.ts'
import type { NetworkClaim, WireContext } from './context.ts'
import { decodedHeader, type Found, type Readers, type ReadPayment, readDocument } from './document.ts'
import { findBareHeader, findNamedHeader, type NamedHeader, wholeHeader } from './header-names.ts'
import { type Json, jsonOf, parseJson } from './json.ts'
import { noteJsonSlips, quotedJson } from './json-text.ts'
import { Keys } from './keys.ts'
import type { Place, Span } from './place.ts'
import { isStruct } from './print-scanner.ts'
import { readPrints } from './prints.ts'
import { anyForm, otherHeader, otherText, refuse, unreadable } from './refusal.ts'
import { paymentsIn, paymentsInDocument, severalPayments } from './several.ts'
import { decodeText, excerpt, fileKind, longestText, undoWideText } from './text.ts'

export type WireOptions = Pick<WireContext, 'networks' | 'chosen' | 'unsigned'>

/** What was found, and what was tolerated or looks wrong on the way to it. */
export interface WireResult<F extends Found> {
  readonly found: F
  readonly findings: Finding[]
  /** What stood beside it: an answer, a time. */
  readonly beside?: Beside
}

/**
 * Finds the payment in anything that people paste, as text, as bytes or as an object, and hands it to the reader of its family. Knows no chain: what
 * belongs to one only is read by the forms that come with the readers.
 * @throws Eip3009Error `unreadable-input` or `unsupported-input`: one sentence without a secret.
 */
export function readWire<F extends Found>(input: unknown, readers: Readers<F>, options: WireOptions): WireResult<F> {
  const reader = new Reader(readers, options)
  try {
    const found = reader.read(input)
    const beside = besideOf(reader.trail, reader.span, found.family, readers.payments(found).marks)
    if (beside?.answer === undefined) reader.noteRest()
    return { found, findings: reader.findings, ...(beside === undefined ? {} : { beside }) }
  } catch (error) {
    throw error instanceof Eip3009Error ? withoutSecrets(error, input, reader.sentIds) : error
  }
}

/** A refusal says what stood in a field, and that can be a signature in a form that is not read. */
function withoutSecrets(error: Eip3009Error, input: unknown, sentIds: readonly string[]): Eip3009Error {
  const looked = typeof input === 'string' || input instanceof Uint8Array ? input.slice(0, longestText) : input
  const { raw, texts, ...rest } = findSecrets(looked)
  // As what it is, and as the base64 that base58 looks like.
  const sent = new Set(
    sentIds.flatMap((id) => {
      const alike = decodeBase64(id)
      return [id, digitsOf(fromBase58(id) ?? new Uint8Array()), ...(alike.ok ? [digitsOf(alike.bytes)] : [])]
    }),
  )
  const secrets = { ...rest, raw: raw.filter((each) => !sent.has(each)), texts: texts.filter((each) => !sent.has(each)) }
  const message = maskOf(secrets)(error.message)
  if (message === error.message) return error
  return error instanceof OtherRailError ? new OtherRailError(error.rail, message) : new Eip3009Error(error.code, message)
}

/** @throws Eip3009Error `unknown-network` for what is neither a network's name nor a chain id. */
export function chosenNetwork(network: string | number | undefined, networks: Networks): readonly NetworkClaim[] {
  if (network === undefined) return []
  const answer = findNetwork(network, networks)
  const name = String(network)
  if (answer.kind === 'unknown' && !/^(?:eip155:)?[0-9]{1,15}$/.test(name)) throw new Eip3009Error('unknown-network', answer.reason)
  return [{ field: 'options.network', name: answer.kind === 'network' ? answer.network.caip2 : name, party: 'nobody' }]
}

/** Quotes in quotes and text in text end after this many turns. */
const mostTurns = 3
/** Lines of a JSON log; each is read once. */
const mostDocuments = 2_000
/** Openings of JSON inside other text; each may be read up to the end of the text. */
const mostOpenings = 32

const pasteBody = 'paste the body of the failed /verify or /settle request'

class Reader<F extends Found> {
  readonly findings: Finding[] = []
  readonly sentIds: string[] = []
  readonly trail: Place[] = []
  /** Where the payment stands, where that is inside of a text. */
  span: Span | undefined
  #rest = ''
  readonly #options: WireOptions
  readonly #readers: Readers<F>
  /** How often a family's reader was given something to read. */
  #met = 0

  constructor(readers: Readers<F>, options: WireOptions) {
    const counted = (read: Readers<F>['x402']['evm']): Readers<F>['x402']['evm'] => {
      return (envelope, context) => {
        this.#met++
        return read(envelope, context)
      }
    }
    this.#readers = { ...readers, x402: { evm: counted(readers.x402.evm), solana: counted(readers.x402.solana) } }
    this.#options = options
  }

  read(input: unknown): F {
    if (typeof input === 'string') return this.#text(input, 0)
    if (isBytes(input)) return this.#bytes(input)
    if (typeof input !== 'object' || input === null) {
      throw refuse(
        unreadable(
          input === null || input === undefined ? String(input) : `a ${typeof input}`,
          'a string, a Uint8Array or a parsed JSON object',
          pasteBody,
        ),
      )
    }
    const value = jsonOf(input)
    if (!value.ok) throw refuse(unreadable(`an object that ${value.problem}`, 'plain JSON data', 'pass the JSON text or a plain object'))
    const found = this.#document(value.value)
    this.#noteSeveral(paymentsInDocument(value.value, found, this.#aside, this.#readers))
    return found
  }

  /** For what is read beside the payment, of which nothing is kept. */
  readonly #aside = (): WireContext => ({ findings: [], sentIds: [], trail: [], keys: new Keys(), ...this.#options })

  #noteSeveral(payments: readonly ReadPayment[]): void {
    const several = severalPayments(payments)
    if (several === undefined) return
    // What was not read is that.
    this.#rest = ''
    this.findings.push(several)
  }

  #bytes(bytes: Uint8Array): F {
    if (bytes.length > longestText) {
      const kind = fileKind(bytes) ?? 'data'
      throw refuse(
        unreadable(
          `${kind} of ${bytes.length} bytes`,
          `at most ${longestText} bytes, of which a payment needs a few thousand`,
          'cut the payment out of it',
        ),
      )
    }
    // Calldata and raw transactions are never valid UTF-8 text of a payment, and text never begins like them.
    const hex = this.#readers.own?.hex
    if (hex?.begins(hexStart(bytes)) && bytes.length > 65) return hex.read(bytes, this.findings)
    const decoded = decodeText(bytes)
    if (!decoded.ok) {
      throw refuse(
        unreadable(
          `${decoded.what} (${bytes.length} bytes, beginning 0x${hexStart(bytes)})`,
          anyForm,
          'unpack it or pass the text of the payment',
        ),
      )
    }
    if (decoded.encoding === 'UTF-16') this.#noteEncoding('is UTF-16 text, as PowerShell\'s ">" writes it')
    else if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.#noteEncoding('begins with a byte order mark')
    return this.#text(decoded.text, 0)
  }

  #text(raw: string, turn: number): F {
    if (raw.length > longestText) {
      throw refuse(
        unreadable(
          `${raw.length} characters (${excerpt(raw)})`,
          `at most ${longestText}, of which a payment needs a few thousand`,
          'cut the payment out of it',
        ),
      )
    }
    const narrow = undoWideText(raw)
    if (narrow !== undefined) this.#noteEncoding('is UTF-16 text that was read as single bytes')
    if (raw.charCodeAt(0) === 0xfeff) this.#noteEncoding('begins with a byte order mark')
    const text = (narrow ?? raw).trim()
    if (text === '') throw refuse(unreadable(raw === '' ? 'nothing' : `only white space (${raw.length} characters)`, anyForm, pasteBody))

    const met = this.#met
    const read = this.#attempt(() => this.#whole(text, turn) ?? this.#embedded(text))
    if (read !== undefined && !(read instanceof Eip3009Error)) {
      if (turn === 0) this.#noteSeveral(paymentsIn(text, read, this.#aside, this.#readers))
      return read
    }
    if (read instanceof OtherRailError) throw read
    const isMet = this.#met > met
    const printed = this.#printed(text)
    if (printed !== undefined && !(printed instanceof Eip3009Error)) return printed
    // Of a payment that is broken more can be said than of how it was printed.
    throw (isMet ? read : printed) ?? read ?? refuse(otherText(text))
  }

  /** A payment in what a program, a tool or an explorer printed of it. */
  #printed(text: string): F | Eip3009Error | undefined {
    const shown = this.#attempt(() => this.#found((context) => this.#readers.own?.printed(text, context)))
    if (shown !== undefined && !(shown instanceof Eip3009Error)) {
      this.span = shown.span
      return shown.found
    }
    const prints = readPrints(text)
    if (prints.kind === 'refused') return refuse(prints.refusal)
    let refusal: Eip3009Error | undefined
    if (prints.kind === 'none') return shown
    for (const value of prints.values) {
      const attempt = this.#attempt(() => this.#document(value))
      if (!(attempt instanceof Eip3009Error)) {
        this.#notePrint()
        // What it was put together of is no record in which an answer stands.
        this.trail.splice(0, this.trail.length, { value: new Map([['payload', value]]), path: '' })
        this.span = prints.span
        return { ...attempt, recognised: `${attempt.recognised}, as a program printed it` }
      }
      if (prints.isPayment) refusal ??= attempt
    }
    return shown ?? refusal
  }

  /** The text as one thing: JSON, a header, a quoted text, hex, base64. */
  #whole(text: string, turn: number): F | undefined {
    // A log's time stamp in brackets, [2025-10-31 …, is no JSON list.
    if (text.startsWith('{') || /^\[\s*[[{"]/.test(text)) return this.#documents(text)
    const header = findNamedHeader(text)
    if (header !== undefined) return this.#headerIn(text, header)
    const quote = text.charAt(0)
    if (turn < mostTurns && text.length > 2 && '"\'`'.includes(quote) && text.endsWith(quote)) {
      const inner = quote === '"' ? parseJson(text) : undefined
      return this.#text(inner?.ok && typeof inner.value === 'string' ? inner.value : text.slice(1, -1), turn + 1)
    }
    const value = wholeHeader(text)
    const alone = (): F | undefined => this.#found((context) => this.#readers.alone?.(text, context))
    return this.#hex(text) ?? alone() ?? (value === undefined ? undefined : this.#header(value))
  }

  #hex(text: string): F | undefined {
    const hex = this.#readers.own?.hex
    if (hex === undefined) return undefined
    const compact = text.replace(/\s+/g, '')
    const prefixed = /^0[xX]/.test(compact)
    const digits = prefixed ? compact.slice(2) : compact
    const wrong = digits.search(/[^0-9a-fA-F]/)
    if (!prefixed && (wrong !== -1 || !hex.begins(digits))) return undefined
    if (wrong !== -1) {
      const broken = /^(?:\.\.|…)/.test(digits.slice(wrong)) ? hex.broken(digits.slice(0, wrong), 'dots') : undefined
      if (broken !== undefined) throw refuse(broken)
      // Words around hex make it a log line; a stray character in it makes it broken hex.
      if (compact.length !== text.length || wrong < 8) return undefined
      throw refuse(
        unreadable(
          `hex of ${digits.length} digits with ${excerpt(digits.charAt(wrong))} at character ${wrong + 3}`,
          'only the digits 0-9 and a-f after 0x',
          'copy the hex again, whole',
        ),
      )
    }
    if (digits.length % 2 === 1) {
      const broken = hex.broken(digits, '')
      if (broken !== undefined) throw refuse(broken)
      throw refuse(
        unreadable(
          `hex with ${digits.length} digits, an odd number`,
          'two digits a byte',
          'copy the hex again: a digit was lost or the end was cut',
        ),
      )
    }
    if (!prefixed || compact.length !== text.length || compact.startsWith('0X')) this.#noteHex(prefixed, compact)
    return hex.read(bytesOf(digits), this.findings)
  }

  /** A header's value, in the text that has it. */
  #headerIn(text: string, header: NamedHeader): F {
    const found = this.#header(header)
    const [begins = ''] = header.value.split('\n', 1)
    const start = text.indexOf(begins)
    if (start !== -1) this.span = { text, start, end: start + Math.max(begins.length, header.value.length) }
    return found
  }

  #header(header: NamedHeader): F {
    return this.#found((context) => decodedHeader(header, context, this.#readers))
  }

  /** One JSON document, or several after each other, of which the first payment counts. */
  #documents(text: string): F | undefined {
    let start = 0
    let first: Eip3009Error | undefined
    // Of a payment that is broken more can be said than of what is none.
    let broken: Eip3009Error | undefined
    for (let count = 0; count < mostDocuments && start < text.length; count++) {
      const parsed = parseJson(text, start)
      if (!parsed.ok) {
        // What breaks off before its first quote is a log's brace: {req-1} settle failed {…}.
        const later = /^[^"']*$/.test(text.slice(start, parsed.at)) ? this.#later(text.slice(start + 1)) : undefined
        if (later !== undefined) return later
        const after = start === 0 ? '' : ` after a first document without a payment`
        first ??= refuse(
          unreadable(
            `JSON of ${text.length} characters${after} that ${parsed.problem}`,
            'a whole JSON object',
            parsed.truncated ? 'copy it again up to its last bracket' : 'correct it there, or copy it again from where it was sent',
          ),
        )
        throw broken ?? first
      }
      const met = this.#met
      const attempt = this.#attempt(() => {
        noteJsonSlips(this.findings, 'malformed-field', 'input', parsed.slips)
        return this.#document(parsed.value)
      })
      const rest = text.slice(parsed.end).trim()
      if (!(attempt instanceof Eip3009Error)) {
        this.#rest = rest
        this.span = { text, start, end: parsed.end }
        return attempt
      }
      first ??= attempt
      if (this.#met > met) broken ??= attempt
      start = text.length - rest.length
      if (rest === '') break
      if (/^[[{]/.test(rest)) continue
      const later = this.#later(rest)
      if (later !== undefined) return later
      break
    }
    if (first !== undefined) throw broken ?? first
    return undefined
  }

  /** The payment in what follows something that was none; what is wrong with that is not said. */
  #later(text: string): F | undefined {
    const header = findNamedHeader(text)
    const attempt = this.#attempt(() => (header === undefined ? this.#embedded(text) : this.#headerIn(text, header)))
    return attempt instanceof Eip3009Error ? undefined : attempt
  }

  /** A payment inside other text: a JSON object, calldata, a header value. */
  #embedded(text: string): F | undefined {
    let refusal: Eip3009Error | undefined
    let broken: Eip3009Error | undefined
    let start = text.indexOf('{')
    for (let count = 0; count < mostOpenings && start !== -1; count++) {
      const parsed = quotedJson(text, start) ?? parseJson(text, start)
      if (parsed.ok && isStruct(text, start)) {
        // A program's print, of which the rest stands around it.
      } else if (parsed.ok) {
        const met = this.#met
        const attempt = this.#attempt(() => {
          noteJsonSlips(this.findings, 'malformed-field', 'input', parsed.slips)
          return this.#document(parsed.value)
        })
        if (!(attempt instanceof Eip3009Error)) {
          this.span = { text, start, end: parsed.end }
          return { ...attempt, recognised: `${attempt.recognised}, in a line of text` }
        }
        if (attempt.code === 'unsupported-input') refusal ??= attempt
        if (this.#met > met) broken ??= attempt
      } else if (parsed.truncated && /"(?:paymentPayload|authorization|x402Version)"/.test(text.slice(start))) {
        throw refuse(unreadable(`text with JSON that ${parsed.problem}`, 'a whole JSON object', 'copy it again up to its last bracket'))
      }
      start = text.indexOf('{', parsed.ok ? parsed.end : start + 1)
    }
    const hex = this.#readers.own?.hex
    const call = hex?.inText.exec(text)
    if (hex !== undefined && call) {
      const digits = call[0].slice(2).replace(/[.…]+$/, '')
      const cut = hex.broken(digits, call[0].length === digits.length + 2 ? '' : 'dots')
      if (cut !== undefined) throw refuse({ ...cut, what: `a text with ${cut.what}` })
      const among = this.#found((context) => hex.readAmong(`0x${digits}`, text, context))
      const found = among ?? hex.read(bytesOf(digits), this.findings)
      this.span = { text, start: call.index, end: call.index + call[0].length }
      return { ...found, recognised: `${found.recognised}, in a line of text` }
    }
    const told = broken ?? refusal
    if (told !== undefined) throw told
    if (otherHeader(text) !== undefined) return undefined
    const header = findBareHeader(text)
    return header === undefined ? undefined : this.#headerIn(text, header)
  }

  #document(value: Json): F {
    return this.#found((context) => readDocument(value, context, this.#readers))
  }

  #found<T>(read: (context: WireContext) => T): T {
    const keys = new Keys()
    const found = read({ findings: this.findings, sentIds: this.sentIds, trail: this.trail, keys, ...this.#options })
    keys.note(this.findings)
    return found
  }

  /** Findings of an attempt that led nowhere are dropped with it. */
  #attempt<T>(run: () => T): T | Eip3009Error {
    const before = this.findings.length
    const met = this.trail.length
    try {
      return run()
    } catch (error) {
      if (!(error instanceof Eip3009Error)) throw error
      this.findings.length = before
      this.trail.length = met
      return error
    }
  }

  #noteEncoding(says: string): void {
    this.#note(
      'malformed-field',
      `The input ${says}; servers and JSON.parse expect UTF-8 without a mark.`,
      'Save it as UTF-8 without a byte order mark.',
    )
  }

  #noteHex(prefixed: boolean, compact: string): void {
    const says = prefixed ? (compact.startsWith('0X') ? 'begins with 0X' : 'has white space in it') : 'has no 0x in front'
    this.#note('malformed-field', `The hex ${says}.`, 'Write it as 0x and the digits, in one piece.')
  }

  #notePrint(): void {
    const summary =
      'This is what a program printed of a payment, and not what was sent: how names, numbers and bytes were spelled can not be seen.'
    this.findings.push({
      cause: 'malformed-field',
      party: 'nobody',
      severity: 'info',
      field: 'input',
      summary,
      evidence: [{ source: 'payload', says: 'Names and values stand in it as a language prints them, without the spelling of JSON.' }],
      fix: 'Nothing to do; to have the spelling checked, too, paste the body or the header as it was sent.',
    })
  }

  /** What follows the payment's JSON and is no answer to it. */
  noteRest(): void {
    const rest = this.#rest
    if (rest === '') return
    this.#note(
      'malformed-field',
      `${rest.length} characters after the JSON were not read (${excerpt(rest)}).`,
      'Paste one payment at a time.',
    )
  }

  #note(cause: 'malformed-field', summary: string, fix: string): void {
    this.findings.push({
      cause,
      party: 'client',
      severity: 'warning',
      field: 'input',
      summary,
      evidence: [{ source: 'payload', says: summary }],
      fix,
    })
  }
}

function isBytes(input: unknown): input is Uint8Array {
  try {
    return input instanceof Uint8Array
  } catch {
    // A proxy may refuse to tell what it is; the object reader answers for it.
    return false
  }
}

function hexStart(bytes: Uint8Array): string {
  return [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
