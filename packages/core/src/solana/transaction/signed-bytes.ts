import { base58 } from '../../bytes/base58.ts'
import { compactLength } from './message.ts'
import type { SvmPayment } from './payment.ts'
import { transferOf } from './transfer.ts'

/** A serialised transaction in its two halves, as they came. */
export interface SignedBytes {
  /** 64 bytes each, in the order of the signers. */
  readonly signatures: readonly Uint8Array[]
  readonly message: Uint8Array
}

/** Splits a transaction that `readSvmTransaction` has taken; undefined where it has none. `trailing` bytes behind it are left out. */
export function splitTransaction(bytes: Uint8Array, trailing = 0): SignedBytes | undefined {
  const count = compactLength(bytes, 0)
  if (count === undefined) return undefined
  const { value, end: start } = count
  const end = start + 64 * value
  if (end >= bytes.length - trailing) return undefined
  return {
    signatures: Array.from({ length: value }, (_, index) => bytes.subarray(start + 64 * index, start + 64 * (index + 1))),
    message: bytes.subarray(end, bytes.length - trailing),
  }
}

/** A payment's own halves; undefined where its transaction can not be decoded. */
export function signedBytesOf({ bytes, transaction }: Pick<SvmPayment, 'bytes' | 'transaction'>): SignedBytes | undefined {
  return bytes === null || transaction === null ? undefined : splitTransaction(bytes, transaction.trailingBytes)
}

/** The transaction with 64 zero bytes for each signature: what an RPC may see of a payment that has not been sent. */
export function blanked({ signatures, message }: SignedBytes): Uint8Array {
  const out = new Uint8Array(1 + 64 * signatures.length + message.length)
  out[0] = signatures.length
  out.set(message, 1 + 64 * signatures.length)
  return out
}

/** Which signer is the payer, and its signature: the transfer's authority where it signs, else the first that is not the fee payer. */
export function payerSignature(payment: SvmPayment): { readonly index: number; readonly signature: Uint8Array } | undefined {
  const { transaction } = payment
  const parts = signedBytesOf(payment)
  if (transaction === null || parts === undefined) return undefined
  const authority = transferOf(transaction)?.authority
  const own = transaction.signers.findIndex(({ key }) => key === authority)
  const index = own === -1 ? (transaction.signers.length > 1 ? 1 : 0) : own
  const signature = parts.signatures[index]
  return signature === undefined || signature.every((byte) => byte === 0) ? undefined : { index, signature }
}

/** The transaction's id, where the fee payer has signed already; undefined while nobody can know it. */
export function transactionId(payment: SvmPayment): string | undefined {
  if (payment.transaction?.signers[0]?.state !== 'valid') return undefined
  const [first] = signedBytesOf(payment)?.signatures ?? []
  return first === undefined ? undefined : base58(first)
}
