import type { Finding } from '../../causes/finding.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { builtInNetworks } from '../../networks/networks.ts'
import { isSolana } from '../../wire/find-rail.ts'
import { decodeHeader } from '../../wire/header.ts'
import { isObject, type Json, type JsonObject, jsonOf, parseJson } from '../../wire/json.ts'
import { decodeText, longestText } from '../../wire/text.ts'
import type { SvmForm } from './payment.ts'

/** The JSON around a Solana transaction: a PaymentPayload, alone or in a body with the server's offer. */
export interface SvmEnvelope {
  readonly form: SvmForm
  readonly payload: JsonObject
  readonly body: JsonObject | undefined
}

/** Whether this is an x402 payment on Solana, by its network or by the transaction that it carries. Loads no Solana code; never throws. */
export function isSvmPayment(input: string | Uint8Array | object): boolean {
  return findEnvelope(input, []) !== undefined
}

/** Finds the payment in JSON, a header value, bytes of either, or a line of text around JSON; undefined where there is none on Solana. */
export function findEnvelope(input: string | Uint8Array | object, findings: Finding[]): SvmEnvelope | undefined {
  if (typeof input === 'string') return inText(input, findings)
  if (input instanceof Uint8Array) {
    const decoded = input.length > longestText ? undefined : decodeText(input)
    return decoded?.ok ? inText(decoded.text, findings) : undefined
  }
  const value = jsonOf(input)
  return value.ok ? inJson(value.value, false, findings) : undefined
}

function inText(raw: string, findings: Finding[]): SvmEnvelope | undefined {
  if (raw.length > longestText) return undefined
  const text = raw.trim()
  const brace = text.indexOf('{')
  if (brace !== -1) {
    const parsed = parseJson(text, brace)
    return parsed.ok ? inJson(parsed.value, false, findings) : undefined
  }
  const header = /^["']?(?:(?:x-payment|payment-signature)["']?\s*[:=]\s*)?["']?(ey[A-Za-z0-9+/_=\s%-]+)["']?$/i.exec(text)
  const object = header?.[1] === undefined ? undefined : header64(header[1], 'header', findings)
  return object === undefined ? undefined : inJson(object, true, findings)
}

function inJson(value: Json, fromHeader: boolean, findings: Finding[]): SvmEnvelope | undefined {
  if (!isObject(value)) return undefined
  const inner = value.get('paymentPayload') ?? value.get('paymentHeader')
  const payload = typeof inner === 'string' ? header64(inner, 'paymentPayload', findings) : inner
  if (isObject(payload)) {
    const offer = value.get('paymentRequirements')
    return isSvm(payload, isObject(offer) ? offer : undefined) ? { form: 'x402-settle-body', payload, body: value } : undefined
  }
  if (!isSvm(value, undefined)) return undefined
  return { form: fromHeader ? 'x402-header' : 'x402-payment-payload', payload: value, body: undefined }
}

function header64(text: string, field: string, findings: Finding[]): JsonObject | undefined {
  try {
    return decodeHeader(text, field, findings)
  } catch (error) {
    // Not a header with a payment in it: whoever asked says what it is instead.
    if (error instanceof Eip3009Error) return undefined
    throw error
  }
}

/** What the payload and the offer call their network, as far as it is text. */
export function namedNetworks({
  payload,
  body,
}: Pick<SvmEnvelope, 'payload' | 'body'>): readonly { readonly field: string; readonly name: string }[] {
  const accepted = payload.get('accepted')
  const offer = body?.get('paymentRequirements')
  return [
    { field: 'accepted.network', name: isObject(accepted) ? accepted.get('network') : undefined },
    { field: 'network', name: payload.get('network') },
    { field: 'requirements.network', name: isObject(offer) ? offer.get('network') : undefined },
  ].flatMap(({ field, name }) => (typeof name === 'string' ? [{ field, name }] : []))
}

/** What stands where the payment has its transaction, in base64. Early clients had it in place of the payload. */
export function carriedTransaction(payload: JsonObject): Json | undefined {
  const inner = payload.get('payload')
  if (!isObject(inner)) return inner
  return inner.get('transaction') ?? (bytesKeys.every((key) => inner.has(key)) ? inner : undefined)
}

/** A Buffer in place of the payload. */
const bytesKeys = ['type', 'data'] as const

/** The signature of a transaction, base58, where a payment of the exact scheme has the transaction itself; undefined for every other payload. */
export function sentSignature(payload: JsonObject): string | undefined {
  const inner = payload.get('payload')
  const signature = isObject(inner) && !inner.has('transaction') && !inner.has('authorization') ? inner.get('signature') : undefined
  return typeof signature === 'string' && /^[1-9A-HJ-NP-Za-km-z]{86,88}$/.test(signature) ? signature : undefined
}

function isSvm(payload: JsonObject, offer: JsonObject | undefined): boolean {
  const transaction = carriedTransaction(payload)
  if (transaction === undefined && sentSignature(payload) === undefined) return false
  return isSolana(payload, offer, builtInNetworks)
}
