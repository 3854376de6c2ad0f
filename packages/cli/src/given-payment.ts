import { type Payment, readPayment } from '@eip3009/core'
import { UsageError } from './usage-error.ts'

/**
 * The payment, on the network of --network where it does not say one itself.
 * @throws UsageError when it says another one: taken for a fault of the payment, a slip at the keyboard would blame its signer.
 * @throws Eip3009Error as `readPayment` does.
 */
export function readGivenPayment(input: string | Uint8Array, network: string | undefined): Payment {
  if (network === undefined) return readPayment(input)
  const payment = readPayment(input, { network })
  const own = readPayment(input)
  // A payment that contradicts itself is one to decide about, which is what the option is for.
  const decided = own.findings.some(({ cause }) => cause === 'network-mismatch')
  if (own.networkName === undefined || own.network === undefined || decided || own.network.id === payment.network?.id) return payment
  throw new UsageError(
    `--network says ${payment.network?.id ?? network}, and the payment itself says ${own.network.id}; leave --network out, or paste the right payment.`,
  )
}
