import { decodeBase64 } from '../bytes/base64.ts'
import type { Network } from '../networks/network.ts'
import { type Answer, readAnswer } from '../revert/answer.ts'
import { isAuthorization } from './envelope.ts'
import { isList, isNumber, isObject, type Json, type JsonObject, jsonOf, parseJson } from './json.ts'
import { quotedJson } from './json-text.ts'
import { Keys } from './keys.ts'
import type { Place, Span } from './place.ts'
import { type Marks, shareOfJson, shareOfText } from './share.ts'
import { timeOfMember, timesIn } from './times.ts'

/** What stood beside a payment in what was read. Claims: nothing of it was checked. */
export interface Beside {
  /** What was answered to it. */
  readonly answer?: Answer
  /** When its record was made, unix seconds; absent where it has none, or several that are far apart. */
  readonly time?: bigint
}

/** What may be an answer, and the times beside it. */
interface Layer {
  /** A text without the JSON in it, and that JSON without payments. */
  readonly said: readonly unknown[]
  readonly times: readonly bigint[]
}

/**
 * What stands beside a payment: what its own record says besides, then what that stands in, then the line and the text around it; the nearest answer counts.
 * `trail` is the place of the payment, of a header's value before that of the header. Of a list only its own entry is looked at, and of a text with several
 * payments what goes up to the next one: the others have answers of their own.
 */
export function besideOf(trail: readonly Place[], span: Span | undefined, family: Network['family'], marks: Marks): Beside | undefined {
  const layers = [...trail.flatMap((place) => layersOf(place, marks)), ...(span === undefined ? [] : layersOfText(span, marks))]
  const chain = family === 'solana' ? 'svm' : 'evm'
  let answer: Answer | undefined
  let near: readonly bigint[] = []
  for (const { said, times } of layers) {
    if (near.length === 0) near = times
    const found = said.length === 0 ? undefined : readAnswer(said, 'beside', chain)
    if (found === undefined || (answer !== undefined && !isReason(found))) continue
    answer = found
    // When it was answered, where that is told, and else when it was recorded.
    if (times.length > 0) near = times
    // A record that only calls itself one of a failure leaves the reason to what it stands in.
    if (found.kind !== 'refused' || isReason(found)) break
  }
  if (near.length === 0) near = layers.find(({ times }) => times.length > 0)?.times ?? []
  const time = oneOf(near)
  if (answer === undefined && time === undefined) return undefined
  return { ...(answer === undefined ? {} : { answer }), ...(time === undefined ? {} : { time }) }
}

function isReason({ kind, revert }: Answer): boolean {
  return kind === 'refused' && revert.causes.length > 0
}

/** Requests and answers of one payment are no further apart than this, in seconds. */
const mostApart = 600n

/** The last of them, where all are of one exchange. */
function oneOf(times: readonly bigint[]): bigint | undefined {
  const sorted = [...times].sort((a, b) => Number(a - b))
  const [earliest, latest] = [sorted[0], sorted.at(-1)]
  return earliest !== undefined && latest !== undefined && latest - earliest <= mostApart ? latest : undefined
}

/** What each object says that the payment stands in, the nearest first. */
function layersOf(place: Place, marks: Marks): Layer[] {
  const layers: Layer[] = isObject(place.value) ? [layerOf(place.value)] : []
  for (let child = place, parent = place.parent; parent !== undefined; child = parent, parent = parent.parent) {
    const { value } = parent
    if (isObject(value)) layers.push(layerOf(withoutOthers(value, child.value, marks), child.value))
    else if (typeof value === 'string') layers.push(layerOfText(value, marks))
  }
  return layers
}

function layerOf(object: JsonObject, without?: Json): Layer {
  const times: bigint[] = []
  const said = plain(new Map([...object].filter(([, value]) => value !== without)), times, 0)
  return { said: isNothing(said) ? [] : [said], times }
}

/** Members that show another payment than the one that stands in one of them are about that one. */
function withoutOthers(object: JsonObject, own: Json, marks: Marks): JsonObject {
  return new Map([...object].filter(([, value]) => value === own || shareOfJson(value, marks).kind !== 'another'))
}

function layerOfText(whole: string, marks: Marks): Layer {
  const share = shareOfText(whole, marks)
  if (share.kind === 'another') return { said: [], times: [] }
  const text = share.kind === 'part' ? share.part : whole
  const times: bigint[] = []
  return { said: cleaned(text, times).said, times: [...timesIn(text), ...times] }
}

/** What a text says that shows a payment, without that payment itself; the payment's marks say which is meant where there are several. */
export function saidIn(input: unknown, marks: Marks): { readonly said: readonly unknown[] } | { readonly another: string } | undefined {
  if (typeof input === 'string') {
    const share = shareOfText(input, marks)
    if (share.kind === 'another') return { another: share.other }
    if (share.kind === 'whole' && !share.showsIt) return undefined
    return cleaned(share.kind === 'part' ? share.part : input, [])
  }
  const value = jsonOf(input)
  if (!value.ok) return undefined
  const share = shareOfJson(value.value, marks)
  if (share.kind === 'another') return { another: share.other }
  if (share.kind === 'whole' && !share.showsIt) return undefined
  const said = plain(share.kind === 'part' ? share.part : value.value, [], 0)
  return { said: isNothing(said) ? [] : [said] }
}

/** A transcript's first exchange, in which the offer was made: its answer is to a request without a payment. */
const offered =
  /\bHTTP(?:\/\d(?:\.\d)?)? 402\b|\b402 payment required\b|payment-required|(?:x-payment|payment-signature) header is required/i

/** The line that the payment is in and what follows it; then what goes before. */
function layersOfText({ text, start, end }: Span, marks: Marks): Layer[] {
  const line = text.lastIndexOf('\n', start - 1) + 1
  const before = text.slice(0, line)
  const lineEnd = text.indexOf('\n', end)
  const own = text.slice(line, lineEnd === -1 ? text.length : lineEnd)
  const times = timesIn(withoutPayments(own.replace(text.slice(start, end), ' ')))
  // A line with a time of its own is a record: other lines with theirs are other records.
  const isRecord = times.length > 0
  const follows = shareOfText(text.slice(end), marks, text.slice(line, end))
  const following = follows.kind === 'part' ? follows.part : text.slice(end)
  const rest = isRecord ? continued(following) : following
  const after = cleaned(`${text.slice(line, start)} ${rest}`, [])
  const dates = [...rest.matchAll(/^[<\t ]{0,8}date:.*$/gim)].flatMap(([date]) => timesIn(date))
  return [
    { said: after.said, times: [...times, ...dates] },
    ...(offered.test(before) ? [] : [{ said: layerOfText(isRecord ? continued(before) : before, marks).said, times: [] }]),
  ]
}

/** The lines that are no records of their own: those without a time. */
function continued(text: string): string {
  return text
    .split('\n')
    .filter((line) => !beginsWithTime.test(line))
    .join('\n')
}

const beginsWithTime = /^\W{0,2}\d{4}-\d\d-\d\d[T ]\d\d:\d\d/

const mostOpenings = 16
const mostDocuments = 512

/** A text without the JSON in it, and what that JSON says. */
function cleaned(text: string, times: bigint[]): { readonly said: unknown[]; readonly text: string } {
  const objects: unknown[] = []
  let rest = ''
  let from = 0
  let failed = 0
  let start = text.indexOf('{')
  while (start !== -1 && failed < mostOpenings && objects.length < mostDocuments) {
    const quoted = quotedJson(text, start)
    const parsed = quoted ?? parseJson(text, start)
    if (!parsed.ok) {
      failed++
      start = text.indexOf('{', start + 1)
      continue
    }
    rest += `${text.slice(from, quoted === undefined ? start : start - 1)} `
    const said = plain(parsed.value, times, 0)
    if (!isNothing(said)) objects.push(said)
    from = parsed.end
    start = text.indexOf('{', parsed.end)
  }
  // What is empty takes no room from what is read.
  const left = withoutPayments(`${rest}${text.slice(from)}`).replace(/\s{3,}/g, '\n')
  return { said: [...(/[A-Za-z]/.test(left) ? [left] : []), ...objects], text: left }
}

/** Headers with a payment and calldata: what was sent, which can say nothing of how it ended. */
function withoutPayments(text: string): string {
  return (
    text
      // The value may have been taken out already.
      .replace(/(?:^[\t ]*>[\t ]*)?(?:x-payment|payment-signature)["']?\s{0,2}[:=](?:\s{0,2}[^\s<>]\S*|[\t ]*)/gim, ' ')
      .replace(/0x[0-9a-f]{130,}|(?<!payment-(?:required|response)["']?\s{0,2}[:=]\s{0,2}["']?)\be[wy][A-Za-z0-9+/_-]{400,}={0,2}/gi, ' ')
  )
}

/** Members that are of the payment, its offer or the request for it, in small letters. */
const requestKeys: ReadonlySet<string> = new Set([
  'paymentpayload',
  'payment_payload',
  'paymentheader',
  'payment_header',
  'payment',
  'x402/payment',
  'x402.payment.payload',
  'payload',
  'paymentrequirements',
  'payment_requirements',
  'requirements',
  'accepts',
  'accepted',
  'authorization',
  'signature',
  'x402version',
  'x402_version',
  'resource',
  'extensions',
  'scheme',
  'asset',
  'domain',
  'types',
  'primarytype',
  'request',
  'requestbody',
  'request_body',
  'postdata',
  'args',
  'input',
  'calldata',
  'x-payment',
  'payment-signature',
])
/** What could be answered, and was not. */
const imagined = /^(?:possible|retry|known|expected|allowed|supported|handled|ignored)[A-Z_]/
const paymentMembers: ReadonlySet<string> = new Set(['from', 'to', 'value', 'validafter', 'validbefore', 'nonce', 'v', 'r', 's'])
const answerHeaders: ReadonlySet<string> = new Set(['payment-response', 'x-payment-response', 'payment-required', 'x-payment-required'])
const deepest = 16

/** A JSON value as plain data, without what was sent. */
function plain(value: Json, times: bigint[], depth: number): unknown {
  if (depth > deepest) return undefined
  if (typeof value === 'string') return plainText(value, times, depth)
  if (isNumber(value)) return Number(value.digits)
  if (isList(value)) {
    const items = value.slice(0, 256).map((item) => plain(item, times, depth + 1))
    return items.every(isNothing) ? undefined : items
  }
  if (!isObject(value)) return value
  const header = answerHeader(value)
  if (header !== undefined) return ofHeader(header, times, depth)
  const isSigned = isAuthorization(value, new Keys())
  const out: Record<string, unknown> = Object.create(null)
  for (const [key, member] of [...value].slice(0, 256)) {
    const lower = key.toLowerCase()
    if (lower === 'headers') {
      const said = headersOf(member).map((each) => ofHeader(each, times, depth))
      if (said.length > 0) out.answered = said
      continue
    }
    if (
      requestKeys.has(lower) ||
      imagined.test(key) ||
      (isSigned && paymentMembers.has(lower)) ||
      (typeof member === 'string' && isTransactionBytes(member))
    )
      continue
    const said = plain(member, times, depth + 1)
    const time = timeOfMember(key, said)
    // Of a record itself, and not of what it tells of.
    if (time !== undefined) {
      if (depth === 0) times.push(time)
    } else if (!isNothing(said)) out[key] = said
  }
  return Object.keys(out).length === 0 ? undefined : out
}

function plainText(text: string, times: bigint[], depth: number): unknown {
  const trimmed = text.trim()
  if (/^[{[]/.test(trimmed)) {
    const parsed = parseJson(trimmed)
    if (parsed.ok && trimmed.slice(parsed.end).trim() === '') return plain(parsed.value, times, depth + 1)
  }
  if (!text.includes('{')) return withoutPayments(text)
  const { said } = cleaned(text, times)
  return said.length > 1 ? said : said[0]
}

/** What a header of an answer carries: base64 of JSON, or what stands in its place. */
function ofHeader(text: string, times: bigint[], depth: number): unknown {
  const decoded = decodeBase64(text)
  const parsed = decoded.ok ? parseJson(new TextDecoder().decode(decoded.bytes)) : undefined
  return parsed?.ok ? plain(parsed.value, times, depth + 1) : text
}

/** The answers in headers of an HTTP dump, as base64: all others say nothing of a payment. */
function headersOf(value: Json): string[] {
  if (isList(value))
    return value.slice(0, 256).flatMap((item) => {
      const pair = isList(item)
        ? new Map<string, Json>([
            ['name', item[0] ?? null],
            ['value', item[1] ?? null],
          ])
        : item
      return isObject(pair) ? (answerHeader(pair) ?? []) : []
    })
  if (!isObject(value)) return []
  return [...value].slice(0, 256).flatMap(([key, member]) => {
    const text = isList(member) ? member[0] : member
    return answerHeaders.has(key.toLowerCase()) && typeof text === 'string' ? [text] : []
  })
}

function answerHeader(object: JsonObject): string | undefined {
  const [name, value] = [object.get('name') ?? object.get('key'), object.get('value')]
  return typeof name === 'string' && answerHeaders.has(name.toLowerCase()) && typeof value === 'string' ? value : undefined
}

/** A transaction of Solana, or calldata. */
function isTransactionBytes(text: string): boolean {
  return text.length > 200 && /^(?:0x[0-9a-fA-F]+|[A-Za-z0-9+/_-]+={0,2})$/.test(text)
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}
