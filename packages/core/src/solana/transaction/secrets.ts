import type { Secrets } from '../../sharing/secrets.ts'
import { digitsOf } from '../../sharing/windows.ts'
import type { SvmPayment } from './payment.ts'
import { signedBytesOf, transactionId } from './signed-bytes.ts'

/**
 * What of a payment on Solana lets a fee payer complete it, for `shared`: its signatures. With `landed` the transaction is on the chain, and its id, which
 * is the first of them, is everybody's.
 */
export function svmSecretsOf(payment: SvmPayment, landed: boolean): Secrets {
  const all = (signedBytesOf(payment)?.signatures ?? []).filter((signature) => signature.some((byte) => byte !== 0)).map(digitsOf)
  const isPublic = landed && transactionId(payment) !== undefined
  return { hidden: [], raw: all, open: isPublic ? all.slice(0, 1) : [], texts: [] }
}
