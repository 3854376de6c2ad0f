import { decodeBase64 } from '../bytes/base64.ts'
import { isList, isNumber, isObject, type Json } from './json.ts'

/** What is odd about how the bytes of a transaction are written. Some decoders take some of it. */
export type BytesSlip = 'url-alphabet' | 'unpadded' | 'line-breaks' | 'percent-encoded' | 'hex' | 'byte-list'

/** The bytes that stand where a payment has its transaction. `problem` is the end of a sentence. */
export type CarriedBytes =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly slips: readonly BytesSlip[] }
  | { readonly ok: false; readonly problem: string }

/** Longer than any transaction, in whatever it is written. */
const mostNumbers = 4096

/**
 * The bytes of a transaction as x402 has them, in base64, and in what people send instead: base64url, hex, a list of numbers, a Buffer or a
 * Uint8Array as JSON prints it. Undefined for what can not have been meant as bytes.
 */
export function carriedBytes(value: Json | undefined): CarriedBytes | undefined {
  if (typeof value !== 'string') {
    const bytes = numbersIn(value)
    return bytes === undefined ? undefined : { ok: true, bytes, slips: ['byte-list'] }
  }
  const text = value.trim()
  if (text === '') return undefined
  // Every hex text is base64, too: what its bytes are tells which was meant.
  const hex = hexBytes(text)
  if (hex !== undefined && isTransactionShaped(hex)) return { ok: true, bytes: hex, slips: ['hex'] }
  return decodeBase64(text)
}

function hexBytes(text: string): Uint8Array | undefined {
  const digits = text.replace(/^0x/i, '')
  if (digits.length % 2 !== 0 || digits.length > 2 * mostNumbers || !/^[0-9a-fA-F]+$/.test(digits)) return undefined
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) => Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16))
}

/** `[2, 0, …]`, `{"type":"Buffer","data":[2, 0, …]}` and `{"0":2,"1":0, …}`, as JSON.stringify makes them of bytes. */
function numbersIn(value: Json | undefined): Uint8Array | undefined {
  const list = isObject(value) ? (value.get('type') === 'Buffer' ? value.get('data') : numbered(value)) : value
  if (!isList(list) || list.length === 0 || list.length > mostNumbers) return undefined
  const bytes = list.map((item) => (isNumber(item) && /^[0-9]{1,3}$/.test(item.digits) ? Number(item.digits) : 256))
  return bytes.some((byte) => byte > 255) ? undefined : Uint8Array.from(bytes)
}

function numbered(value: ReadonlyMap<string, Json>): Json | undefined {
  return [...value.keys()].every((key, index) => key === String(index)) ? [...value.values()] : undefined
}

/** The most signatures that fit into a packet beside the smallest message. */
const mostSignatures = 18

/**
 * Whether bytes begin as a Solana transaction does: the number of its signatures, then a message of version 0 or a legacy one, whose header
 * has that number again. Other chains' transactions are base64 of some length, too.
 */
export function isTransactionShaped(bytes: Uint8Array): boolean {
  const count = bytes[0] ?? 0
  if (count === 0 || count > mostSignatures) return false
  const message = 1 + 64 * count
  const version = bytes[message]
  const header = version !== undefined && version >= 0x80 ? message + 1 : message
  const [signers, readonlySigned = 0, , keys = 0] = bytes.subarray(header)
  return signers === count && readonlySigned < count && keys >= count
}
