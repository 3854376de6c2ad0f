import { type EvmPayment, findNetwork, type Payment, type ReadOptions, readEvmPayment, readPayment } from '@eip3009/core'
import { UsageError } from '../usage-error.ts'
import { networkTold, type TokenOptions, tokenTold } from './token-options.ts'

/**
 * The payment, on the network of --network or --chain-id where it does not say one itself, and in the token that was told.
 * @throws UsageError when it says another network: taken for a fault of the payment, a slip at the keyboard would blame its signer.
 * @throws Eip3009Error as `readPayment` does.
 */
export function readGivenPayment(input: string | Uint8Array, options: TokenOptions): Payment {
  return given(readPayment, input, options)
}

/** The same for what is asked of payments on EVM chains only. */
export function readGivenEvmPayment(input: string | Uint8Array, options: TokenOptions): EvmPayment {
  return given(readEvmPayment, input, options)
}

function given<P extends Payment>(
  read: (input: string | Uint8Array, options: ReadOptions) => P,
  input: string | Uint8Array,
  options: TokenOptions,
): P {
  const [network, token] = [networkTold(options), tokenTold(options)]
  const told = token === undefined ? {} : { token }
  const own = read(input, told)
  if (network === undefined) return own
  const option = options.chainId === undefined ? '--network' : '--chain-id'
  const payment = read(input, { network, ...told })
  if (payment.family === 'solana' && !isSolana(network))
    throw new UsageError(`${option} ${network} is no Solana network, and the payment is one on Solana; give solana or solana-devnet.`)
  // A payment that contradicts itself is one to decide about, which is what the option is for.
  const decided = own.findings.some(({ cause }) => cause === 'network-mismatch')
  const [said, meant] = [chainOf(own), chainOf(payment)]
  if (own.networkName === undefined || said === undefined || decided || said === meant) return payment
  throw new UsageError(
    `${option} says ${payment.network?.id ?? network}, and the payment itself says ${own.network?.id ?? `chain ${said}`}; leave ${option} out, or paste the right payment.`,
  )
}

function isSolana(name: string | number): boolean {
  const answer = findNetwork(name)
  return answer.kind === 'network' && answer.network.family === 'solana'
}

function chainOf(payment: Payment): string | number | undefined {
  return payment.family === 'solana' ? payment.network?.id : payment.chainId
}
