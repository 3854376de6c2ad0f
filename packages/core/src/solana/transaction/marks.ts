import { base58 } from '../../bytes/base58.ts'
import { bytesToBase64 } from '../../bytes/base64.ts'
import type { Marks } from '../../wire/share.ts'
import type { SvmPayment } from './payment.ts'
import { signedBytesOf } from './signed-bytes.ts'

/** What a payment is known by in a text: its message inside a transaction's base64, whoever has signed that so far, and each signature. */
export function svmMarks(payment: Pick<SvmPayment, 'bytes' | 'transaction'>): Marks {
  const { bytes } = payment
  if (bytes === null) return []
  const signed = signedBytesOf(payment)
  // Three bytes are four digits: from there on the digits are the same in every copy.
  const start = Math.ceil((signed === undefined ? 0 : 1 + 64 * signed.signatures.length) / 3) * 3
  const whole = bytesToBase64(bytes.slice(start, bytes.length - ((bytes.length - start) % 3))).toLowerCase()
  const signatures = (signed?.signatures ?? []).filter((each) => each.some((byte) => byte !== 0)).map((each) => base58(each).toLowerCase())
  return [...new Set([whole, whole.replaceAll('+', '-').replaceAll('/', '_'), ...signatures])].filter((mark) => mark.length > 40)
}
