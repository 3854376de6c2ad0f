import { bytesOf } from '../bytes/bytes.ts'
import type { Finding } from '../causes/finding.ts'
import type { WireContext } from './context.ts'
import { decodedHeader, everyPayment, type Found, type Readers, type ReadPayment, tryRead } from './document.ts'
import { findHeader } from './header-names.ts'
import { type Json, parseJson } from './json.ts'
import { quotedJson } from './json-text.ts'

/** So many payments are told apart; of a longer log it is enough that there are more. */
const mostPayments = 16
/** Openings of JSON, lines and calldata that are looked at. */
const mostTries = 256

/** What every form of a payment has: its signature or its transaction by name, a header's value, or calldata. */
const marks = /signature|transaction|\bey[JI]|0x(?:e3ee160e|cf092995|ef55bec6|88b7ab63)/gi

/**
 * Every different payment in a text that has one, that one first. One payment in its body and in its header is one; whatever can not be read is none.
 */
export function paymentsIn<F extends Found>(
  text: string,
  first: F,
  context: () => WireContext,
  readers: Readers<F>,
): readonly ReadPayment[] {
  const payments = new Map<string, ReadPayment>()
  const add = (found: F | undefined): void => {
    if (found === undefined || payments.size >= mostPayments) return
    const payment = readers.payments(found)
    if (!payments.has(payment.key)) payments.set(payment.key, payment)
  }
  add(first)
  if ((text.match(marks)?.length ?? 0) < 2) return [...payments.values()]
  let start = text.indexOf('{')
  for (let count = 0; count < mostTries && start !== -1; count++) {
    const parsed = quotedJson(text, start) ?? parseJson(text, start)
    if (parsed.ok) for (const found of everyPayment(parsed.value, context, readers)) add(found)
    start = text.indexOf('{', parsed.ok ? parsed.end : start + 1)
  }
  for (const line of text.split('\n', mostTries)) {
    const header = findHeader(line)
    if (header !== undefined) add(tryRead(() => decodedHeader(header, context(), readers)))
  }
  const hex = readers.own?.hex
  if (hex === undefined) return [...payments.values()]
  for (const [call] of [...text.matchAll(new RegExp(hex.inText, 'g'))].slice(0, mostTries))
    add(tryRead(() => (call.length % 2 === 0 && /^0x[0-9a-f]+$/i.test(call) ? hex.read(bytesOf(call.slice(2)), []) : undefined)))
  return [...payments.values()]
}

/** The same for an object that was parsed already. */
export function paymentsInDocument<F extends Found>(
  value: Json,
  first: F,
  context: () => WireContext,
  readers: Readers<F>,
): readonly ReadPayment[] {
  const payments = [first, ...everyPayment(value, context, readers)].map(readers.payments)
  return [...new Map(payments.map((payment) => [payment.key, payment])).values()]
}

/** What is said of several payments in one paste: which one was read on, and which were not. */
export function severalPayments([first, ...others]: readonly ReadPayment[]): Finding | undefined {
  const [second, ...rest] = others
  if (first === undefined || second === undefined) return undefined
  const count = others.length + 1
  const many = count < mostPayments ? String(count) : `${mostPayments} or more`
  const more = rest.length === 0 ? '' : `, and ${rest.length} more`
  const summary = `${many} payments were read, and this is the first: ${first.says}. Not looked at: ${second.says}${more}.`
  return {
    cause: 'malformed-field',
    party: 'nobody',
    severity: 'warning',
    field: 'input',
    variant: 'several-payments',
    seen: many,
    expected: '1',
    summary,
    evidence: [{ source: 'payload', says: summary }],
    fix: 'Paste one payment at a time; the others may have something else wrong with them, or have been paid.',
  }
}
