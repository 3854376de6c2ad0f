import { type Payment, readPayment } from '@eip3009/core'
import { UsageError } from '../usage-error.ts'
import { networkTold, type TokenOptions, tokenTold } from './token-options.ts'

/**
 * The payment, on the network of --network or --chain-id where it does not say one itself, and in the token that was told.
 * @throws UsageError when it says another network: taken for a fault of the payment, a slip at the keyboard would blame its signer.
 * @throws Eip3009Error as `readPayment` does.
 */
export function readGivenPayment(input: string | Uint8Array, options: TokenOptions): Payment {
  const [network, token] = [networkTold(options), tokenTold(options)]
  const told = token === undefined ? {} : { token }
  if (network === undefined) return readPayment(input, told)
  const payment = readPayment(input, { network, ...told })
  const own = readPayment(input, told)
  // A payment that contradicts itself is one to decide about, which is what the option is for.
  const decided = own.findings.some(({ cause }) => cause === 'network-mismatch')
  if (own.networkName === undefined || own.chainId === undefined || decided || own.chainId === payment.chainId) return payment
  const option = options.chainId === undefined ? '--network' : '--chain-id'
  throw new UsageError(
    `${option} says ${payment.network?.id ?? network}, and the payment itself says ${own.network?.id ?? `chain ${own.chainId}`}; leave ${option} out, or paste the right payment.`,
  )
}
