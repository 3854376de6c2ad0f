import { carriedBytes, isTransactionShaped } from './carried-bytes.ts'
import { isObject, type Json, type JsonObject } from './json.ts'

/** What stands where a payment has its transaction, and where that is when it is not payload.transaction. */
export interface CarriedTransaction {
  readonly value: Json
  readonly misplaced?: 'transaction' | 'payload.payload.transaction'
}

/**
 * The transaction that a PaymentPayload carries, however it is written. Early clients had it in place of the payload; wrappers nest the payload once
 * more, or leave it out.
 */
export function carriedTransaction(payload: JsonObject): CarriedTransaction | undefined {
  const inner = payload.get('payload')
  if (inner === undefined) {
    const flat = payload.get('transaction')
    return flat !== undefined && isTransaction(flat) ? { value: flat, misplaced: 'transaction' } : undefined
  }
  if (!isObject(inner)) return { value: inner }
  const own = inner.get('transaction') ?? (bytesKeys.every((key) => inner.has(key)) ? inner : undefined)
  if (own !== undefined) return { value: own }
  const deeper = inner.get('payload')
  const nested = isObject(deeper) ? deeper.get('transaction') : undefined
  return nested === undefined ? undefined : { value: nested, misplaced: 'payload.payload.transaction' }
}

/** A Buffer in place of the payload. */
const bytesKeys = ['type', 'data'] as const

/** An answer's `transaction` is a signature, which has other bytes. */
function isTransaction(value: Json): boolean {
  const carried = carriedBytes(value)
  return carried?.ok === true && isTransactionShaped(carried.bytes)
}

/** The signature of a transaction, base58, where a payment of the exact scheme has the transaction itself; undefined for every other payload. */
export function sentSignature(payload: JsonObject): string | undefined {
  const inner = payload.get('payload')
  const signature = isObject(inner) && !inner.has('transaction') && !inner.has('authorization') ? inner.get('signature') : undefined
  return typeof signature === 'string' && /^[1-9A-HJ-NP-Za-km-z]{86,88}$/.test(signature) ? signature : undefined
}
