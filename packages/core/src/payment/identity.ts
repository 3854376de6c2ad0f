import { toHex } from '../bytes/bytes.ts'
import type { Payment } from './read-payment.ts'

/** Equal for two copies of one payment, however they are written and whatever stands beside them. Holds the signature: to compare, and not to show. */
export function identityOf(payment: Payment): string {
  if (payment.family === 'solana') {
    const { network, networkName, bytes, requirements } = payment
    return JSON.stringify([network?.id ?? networkName, bytes === null ? null : toHex(bytes), requirements?.payTo, requirements?.asset])
  }
  const { authorization, signature, network, networkName, chainId, token } = payment
  const { from, to, value, validAfter, validBefore, nonce } = authorization
  const words = [network?.id ?? chainId ?? networkName, token, from, to, value, validAfter, validBefore, nonce, signature]
  return words.map((word) => String(word ?? '').toLowerCase()).join()
}
