import type { Marks } from '../../wire/share.ts'
import type { Payment } from './payment.ts'

/** What a payment is known by in a text: its nonce, and its signature. */
export function evmMarks({ authorization: { nonce }, signature }: Pick<Payment, 'authorization' | 'signature'>): Marks {
  const digits = signature.slice(2).toLowerCase()
  // Half of a key's signature is the same in each of its forms; a wallet's begins as every other of that wallet.
  return [nonce.slice(2).toLowerCase(), ...(digits.length < 128 ? [] : [digits.length > 130 ? digits : digits.slice(0, 64)])]
}
