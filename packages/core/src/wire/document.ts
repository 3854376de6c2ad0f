import type { Finding } from '../causes/finding.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import type { Network } from '../networks/network.ts'
import type { WireContext } from './context.ts'
import { type Envelope, isAuthorization, isBody, isPayload, openBody, openPayload } from './envelope.ts'
import { decodeHeader } from './header.ts'
import { findHeader, headerInJson, type NamedHeader, noteHeaderVersion } from './header-names.ts'
import { isList, isObject, type Json, type JsonObject, parseJson } from './json.ts'
import { isMppCredential } from './mpp-credential.ts'
import type { Place, Span } from './place.ts'
import { isStruct } from './print-scanner.ts'
import { anyForm, describeJson, otherJson, type Refusal, refuse, unreadable } from './refusal.ts'
import type { Marks } from './share.ts'
import { show } from './text.ts'

/** What a family's reader makes of what was found, as far as the reader of the wire has to know it. */
export interface Found {
  readonly family: Network['family']
  readonly form: string
  /** One line for people, which says what the bytes were recognised as. */
  readonly recognised: string
  readonly x402Version?: 1 | 2
}

/** Forms that a family has besides x402's, and that are told by its own rules. */
export interface OwnForms<F extends Found> {
  /** An object that says more exactly what it is than a PaymentPayload does; undefined for every other. */
  readonly specific: (object: JsonObject, context: WireContext) => F | undefined
  /** An object in which a payment stands without an envelope. */
  readonly bare: (object: JsonObject, context: WireContext) => F | undefined
  /** What an object is that is recognised and no payment. */
  readonly other: (object: JsonObject) => Refusal | undefined
  /** What a tool or a page shows of a payment, part by part; undefined for every other text. */
  readonly printed: (text: string, context: WireContext) => { readonly found: F; readonly span: Span } | undefined
  readonly hex: HexForms<F>
}

/** Bytes of a chain, as hex or as they are. */
export interface HexForms<F extends Found> {
  /** Whether hex without a `0x` is likely to be meant. */
  readonly begins: (digits: string) => boolean
  readonly read: (bytes: Uint8Array, findings: Finding[]) => F
  /** Digits of which the rest is missing, as `rest` says. */
  readonly broken: (digits: string, rest: string) => Refusal | undefined
  /** The first of them inside other text, cut or not. */
  readonly inText: RegExp
  /** Those, with what the text around them tells. */
  readonly readAmong: (hex: string, text: string, context: WireContext) => F | undefined
}

/** Who reads on from an envelope, by its family. */
export interface Readers<F extends Found> {
  readonly x402: Readonly<Record<Network['family'], (envelope: Envelope, context: WireContext) => F>>
  readonly own?: OwnForms<F>
  /** A payment as its chain takes it, as text that is nothing else, with no envelope and no offer; undefined for every other text. */
  readonly alone?: (text: string, context: WireContext) => F | undefined
  /** What tells one payment from another, wherever they stand and however they are written. */
  readonly payments: (found: F) => ReadPayment
}

/** Which payment it is. */
export interface ReadPayment {
  /** Equal for two copies of one authorization. */
  readonly key: string
  /** A few words: who pays whom, and how much. */
  readonly says: string
  /** What it is known by in a text. */
  readonly marks: Marks
}

/** Wrappers and logs nest a payment a few levels down; a tree with more nodes than this is no payment. */
const mostNodes = 2_000
const mostNestedTexts = 16
/** Openings of JSON in one text of a document. */
const mostNestedOpenings = 8

/**
 * The payment in a JSON document: at its top, or wherever a wrapper, a JSON-RPC request, an HTTP dump or a log record put it.
 * Looks level by level, so that the outermost payment is read.
 * @throws Eip3009Error when there is none; one that says what the document is, where that is known.
 */
export function readDocument<F extends Found>(root: Json, context: WireContext, readers: Readers<F>): F {
  refuseSeveral(root, context)
  const places: Place[] = [{ value: root, path: '' }]
  let refusal: Refusal | undefined
  let nestedTexts = 0
  for (let index = 0; index < places.length && index < mostNodes; index++) {
    const place = places[index]
    if (place === undefined) break
    const found = readPlace(place, context, readers)
    if (found !== undefined) {
      context.trail.push(place)
      return found
    }
    const { value } = place
    if (isObject(value)) refusal ??= otherJson(value) ?? readers.own?.other(value)
    if (typeof value === 'string' && nestedTexts < mostNestedTexts) {
      const nested = inText(place, value)
      if (nested.length > 0) nestedTexts++
      places.push(...nested)
    }
    if (places.length < mostNodes) places.push(...members(place))
  }
  throw refuse(
    refusal ??
      unreadable(`${describeJson(root)}, in which there is no payment`, anyForm, 'paste the body of the failed /verify or /settle request'),
  )
}

/** Every payment in a JSON document, each where it stands outermost. What can not be read is passed over. */
export function everyPayment<F extends Found>(root: Json, context: () => WireContext, readers: Readers<F>): F[] {
  const places: Place[] = [{ value: root, path: '' }]
  const payments: F[] = []
  for (let index = 0; index < places.length && index < mostNodes; index++) {
    const place = places[index]
    if (place === undefined) break
    const found = tryRead(() => readPlace(place, context(), readers))
    if (found !== undefined) payments.push(found)
    else if (places.length < mostNodes)
      places.push(...(typeof place.value === 'string' ? inText(place, place.value) : []), ...members(place))
  }
  return payments
}

/** What was read, if anything could be. */
export function tryRead<T>(read: () => T | undefined): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Eip3009Error) return undefined
    throw error
  }
}

function readPlace<F extends Found>({ value, path, header }: Place, context: WireContext, readers: Readers<F>): F | undefined {
  const before = context.findings.length
  if (header !== undefined && !(isObject(value) && isMppCredential(value))) context.findings.push(...header.findings)
  const found = isObject(value)
    ? readObject(value, context, readers)
    : isList(value)
      ? readHeader(headerInJson(value), context, readers)
      : undefined
  if (found === undefined) {
    context.findings.length = before
    return undefined
  }
  const unwrapped = header === undefined ? found : fromHeader(found, header.name, context.findings)
  return path === '' ? unwrapped : { ...unwrapped, recognised: `${unwrapped.recognised}, under ${show(path)}` }
}

function members(place: Place): Place[] {
  const { value, path } = place
  const join = (key: string): string => (path === '' ? key : `${path}.${key}`)
  if (isObject(value)) return [...value].slice(0, 256).map(([key, member]) => ({ value: member, path: join(key), parent: place }))
  if (isList(value)) return value.slice(0, 256).map((item, index) => ({ value: item, path: `${path}[${index}]`, parent: place }))
  return []
}

function refuseSeveral(root: Json, context: WireContext): void {
  if (!isList(root)) return
  const payments = root
    .slice(0, 256)
    .filter((item) => isObject(item) && (isBody(item, context) || isPayload(item, context) || isAuthorization(item, context.keys)))
  if (payments.length > 1) {
    throw refuse(unreadable(`a JSON list with ${payments.length} payments`, 'one payment', 'paste one of them'))
  }
}

/** JSON and headers inside a string, as logs, shells and proxies have them. */
function inText(place: Place, text: string): Place[] {
  const { path, header } = place
  // What came out of a header was decoded already.
  if (text.length < 20 || header !== undefined) return []
  const places: Place[] = []
  let start = text.indexOf('{')
  for (let count = 0; count < mostNestedOpenings && start !== -1; count++) {
    const parsed = parseJson(text, start)
    if (parsed.ok && isObject(parsed.value) && !isStruct(text, start)) places.push({ value: parsed.value, path, parent: place })
    start = text.indexOf('{', parsed.ok ? parsed.end : start + 1)
  }
  const found = findHeader(text)
  if (found === undefined) return places
  const findings: Finding[] = []
  try {
    return [
      ...places,
      { value: decodeHeader(found.value, found.field, findings), path, parent: place, header: { name: found.name, findings } },
    ]
  } catch (error) {
    // It only looked like one.
    if (error instanceof Eip3009Error) return places
    throw error
  }
}

function readObject<F extends Found>(object: JsonObject, context: WireContext, readers: Readers<F>): F | undefined {
  const { x402, own } = readers
  const specific = isMppCredential(object) ? own?.specific(object, context) : undefined
  if (specific !== undefined) return specific
  const read = (envelope: Envelope): F => x402[envelope.family](envelope, context)
  if (isBody(object, context)) return read(openBody(object, context))
  return (
    own?.specific(object, context) ??
    (isPayload(object, context) ? read(openPayload(object, context)) : undefined) ??
    readHeader(headerInJson(object), context, readers) ??
    own?.bare(object, context)
  )
}

/** The payment in a header of an HTTP dump. What is no whole header value is refused as such. */
function readHeader<F extends Found>(header: NamedHeader | undefined, context: WireContext, readers: Readers<F>): F | undefined {
  if (header === undefined) return undefined
  return decodedHeader(header, context, readers)
}

/** The payment in a header's value. */
export function decodedHeader<F extends Found>({ name, field, value }: NamedHeader, context: WireContext, readers: Readers<F>): F {
  const { findings } = context
  const before = findings.length
  const content = decodeHeader(value, field, findings)
  // MPP's credentials are base64url without padding, where x402 has plain base64.
  if (isMppCredential(content)) findings.length = before
  return fromHeader(readDocument(content, context, readers), name, findings)
}

function fromHeader<F extends Found>(found: F, name: string, findings: Finding[]): F {
  noteHeaderVersion(name, found.x402Version, findings)
  return {
    ...found,
    form: found.form === 'x402-payment-payload' ? 'x402-header' : found.form,
    recognised: `${found.recognised} in ${name === 'base64' ? 'a base64 header value' : `the ${name} header`}`,
  }
}
