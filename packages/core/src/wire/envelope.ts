import type { Finding, Severity } from '../causes/finding.ts'
import type { Network } from '../networks/network.ts'
import { carriedTransaction, sentSignature } from './carried-transaction.ts'
import type { WireContext } from './context.ts'
import { findRail, isSolana } from './find-rail.ts'
import { decodeHeader } from './header.ts'
import { isList, isObject, type Json, type JsonObject } from './json.ts'
import type { Keys } from './keys.ts'
import { refuse, unreadable } from './refusal.ts'
import { shownValue } from './shown-value.ts'

/** How an x402 payment was wrapped. */
export type X402Form = 'x402-settle-body' | 'x402-payment-payload' | 'x402-header'

/** An x402 payment as it was found, whatever chain it is on: the PaymentPayload, and what came with it. */
export interface Envelope {
  /** The chains whose reader goes on from here, told by the network and, where none is named, by what it carries. */
  readonly family: Network['family']
  readonly form: Exclude<X402Form, 'x402-header'>
  readonly payload: JsonObject
  /** The `/verify` or `/settle` body around it. */
  readonly body?: JsonObject
  /** The server's requirements in the body: of a list the entry that the payment answers best. */
  readonly offer?: JsonObject
}

/** The names under which bodies and logs carry the payment and the offer; x402's own first. */
const payloadNames = ['paymentPayload', 'paymentHeader', 'payment', 'x402/payment', 'x402.payment.payload'] as const
const offerNames = ['paymentRequirements', 'requirements', 'paymentRequirement', 'accepts'] as const

/** The members that make an object an authorization of EIP-3009; `value` and the times may be anything at this point. */
export function isAuthorization(object: JsonObject, keys: Keys): boolean {
  return ['from', 'to', 'value', 'nonce'].every((name) => object.has(name)) && keys.get(object, 'validBefore') !== undefined
}

/** Whether this is a `/verify` or `/settle` body, or a log record with the same two members. */
export function isBody(object: JsonObject, context: WireContext): boolean {
  const { keys } = context
  const payload = payloadNames.map((name) => keys.get(object, name)).find((value) => value !== undefined)
  if (payload === null && object.has('paymentPayload')) return true
  if (isObject(payload)) return isPayload(payload, context, object) || keys.get(object, 'paymentPayload') === payload
  if (typeof payload === 'string') return keys.get(object, 'paymentHeader') === payload || keys.get(object, 'paymentPayload') === payload
  // {payload: PaymentPayload, requirements: …}
  const inner = object.get('payload')
  return (
    isObject(inner) &&
    isPayload(inner, context, object) &&
    offerNames.some((name) => keys.get(object, name) !== undefined) &&
    inner.has('payload')
  )
}

/** Whether this is a PaymentPayload of either version, also one whose inner payload is flat or missing. */
export function isPayload(object: JsonObject, context: WireContext, body?: JsonObject): boolean {
  const { keys } = context
  const inner = object.get('payload')
  const envelope = keys.get(object, 'x402Version') !== undefined || object.has('scheme') || object.has('accepted')
  if (isObject(inner) && (envelope || isObject(inner.get('authorization')) || isAuthorization(inner, keys))) return true
  if (typeof inner === 'string' && envelope) return true
  if (object.has('scheme') && (isAuthorization(object, keys) || isObject(object.get('authorization')))) return true
  return isCarried(object, body === undefined ? undefined : offerIn(body, object, keys, []), context)
}

/** Whether it has what payments on Solana carry, under a network of Solana's or with bytes that are. */
function isCarried(payload: JsonObject, offer: JsonObject | undefined, { networks }: WireContext): boolean {
  if (carriedTransaction(payload) === undefined && sentSignature(payload) === undefined) return false
  return isSolana(payload, offer, networks)
}

/** Opens a `/verify` or `/settle` body. Both have the same shape, so they can't be told apart. */
export function openBody(body: JsonObject, context: WireContext): Envelope {
  const { keys, findings } = context
  const name = [...payloadNames, 'payload'].find((each) => keys.get(body, each) !== undefined) ?? 'paymentPayload'
  const value = keys.get(body, name)
  if (name !== 'paymentPayload' && !name.startsWith('x402')) {
    misplaced(
      findings,
      name,
      'paymentPayload',
      `The payment is under "${name}", where x402 bodies have paymentPayload as an object.`,
      'warning',
    )
  }
  const payload = typeof value === 'string' ? decodeHeader(value, name, findings) : value
  if (!isObject(payload)) {
    throw refuse(unreadable(`an x402 body whose ${name} is ${shownValue(value)}`, 'a PaymentPayload object', 'paste the whole body'))
  }
  const offer = offerIn(body, payload, keys, findings)
  return {
    family: familyOf(payload, offer, context),
    form: 'x402-settle-body',
    payload,
    body,
    ...(offer === undefined ? {} : { offer }),
  }
}

/** Opens a PaymentPayload that stands alone, or that came out of a header. */
export function openPayload(payload: JsonObject, context: WireContext): Envelope {
  return { family: familyOf(payload, undefined, context), form: 'x402-payment-payload', payload }
}

/** An authorization under a Solana network's name is EIP-3009 all the same: its reader says that the network is wrong. */
function familyOf(payload: JsonObject, offer: JsonObject | undefined, context: WireContext): Network['family'] {
  if (isCarried(payload, offer, context)) return 'solana'
  const inner = payload.get('payload')
  const isSigned = payload.has('authorization') || isAuthorization(isObject(inner) ? inner : payload, context.keys)
  return !isSigned && findRail(payload, offer, context.networks)?.rail === 'solana' ? 'solana' : 'evm'
}

/** The server's requirements in a body: one object, or the entry of `accepts` that the payment answers best. */
export function offerIn(body: JsonObject, payload: JsonObject, keys: Keys, findings: Finding[]): JsonObject | undefined {
  const name = offerNames.find((each) => keys.get(body, each) !== undefined)
  if (name === undefined) return undefined
  const value = keys.get(body, name)
  if (isObject(value)) return value
  const entries = isList(value) ? value.filter(isObject) : []
  const [first] = entries
  if (first === undefined) return undefined
  if (isList(value)) {
    misplaced(
      findings,
      name,
      'paymentRequirements',
      `The requirements are a list of ${value.length} under "${name}", where x402 bodies have one object: the one that fits the payment best was taken.`,
      'error',
    )
  }
  return entries.reduce((best, entry) => (likeness(entry, payload) > likeness(best, payload) ? entry : best), first)
}

/** In how many fields an offered entry agrees with what the payment says about itself. */
function likeness(entry: JsonObject, payload: JsonObject): number {
  const accepted = payload.get('accepted')
  const claimed = isObject(accepted) ? accepted : payload
  const inner = payload.get('payload')
  const authorization = isObject(inner) ? inner.get('authorization') : undefined
  const to = isObject(authorization) ? authorization.get('to') : undefined
  const value = isObject(authorization) ? authorization.get('value') : undefined
  const same = (a: Json | undefined, b: Json | undefined): number =>
    typeof a === 'string' && typeof b === 'string' && a.toLowerCase() === b.toLowerCase() ? 1 : 0
  return (
    same(entry.get('scheme'), claimed.get('scheme')) +
    2 * same(entry.get('network'), claimed.get('network')) +
    2 * same(entry.get('asset'), claimed.get('asset')) +
    same(entry.get('payTo'), to) +
    same(entry.get('maxAmountRequired') ?? entry.get('amount'), value)
  )
}

/** What stands where x402 does not have it. */
export function misplaced(findings: Finding[], field: string, expected: string, summary: string, severity: Severity): void {
  findings.push({
    cause: 'wire-version-mismatch',
    party: 'client',
    severity,
    field,
    seen: field,
    expected,
    summary,
    evidence: [{ source: 'payload', says: summary }],
    fix: `Move it to ${expected}.`,
  })
}
