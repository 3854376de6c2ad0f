import type { Address, Hex } from '../bytes/hex.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { clock } from '../evidence/clock.ts'
import type { Payment as EvmPayment } from '../evm/payment/payment.ts'
import type { ChainSource } from '../evm/state/connect-chain.ts'
import type { PaymentStatus } from '../money/status.ts'
import { getNetwork } from '../networks/find-network.ts'
import type { SvmPayment } from '../solana/transaction/payment.ts'

/** An authorization by what makes it the only one of its kind, or a transaction. `network` is a name, a chain id or a CAIP-2 id. */
export type StatusTarget =
  | { readonly network: string | number; readonly token: Address; readonly from: Address; readonly nonce: Hex }
  /** Its hash, or on Solana its signature in base58. */
  | { readonly network: string | number; readonly transaction: string }

export interface StatusOptions {
  /** Whom to ask: a URL, on EVM chains also a viem client, an EIP-1193 or an ethers provider; several have to agree. Without one nobody is asked. */
  readonly rpc?: ChainSource | readonly ChainSource[]
  /** For URLs. Never printed. */
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds that each may take in all; 30 000 when absent. */
  readonly timeout?: number
  /** Unix seconds; the clock of this machine when absent. */
  readonly now?: bigint
  /** When a payment on Solana was made, unix seconds; the time of the record that it stands in when absent. On EVM chains the nonce tells, whenever that was. */
  readonly at?: bigint
  /** The transaction that somebody says the payment became; what was answered beside it counts when absent. */
  readonly transaction?: string
}

/**
 * What became of a payment's money: used, canceled, unused or waiting, by which transaction, by whom and when, and how sure it is that this stays so. Nothing
 * is replayed, and no signature leaves the machine. Never rejects because of an RPC: what could not be read is `unknown`, with the one call that would tell.
 * @throws Eip3009Error `unknown-network`, and `invalid-argument` for what is no RPC.
 */
export async function paymentStatus(of: EvmPayment | SvmPayment | StatusTarget, options: StatusOptions = {}): Promise<PaymentStatus> {
  const { rpc = [], headers = {}, timeout = 30_000, now = clock() } = options
  const asking = { sources: isList(rpc) ? rpc : [rpc], headers, timeout, now }
  // What a family needs is loaded when it is asked about: most processes see one.
  const evm = () => import('./evm-status.ts')
  const solana = () => import('./solana-status.ts')
  if ('family' in of)
    return of.family === 'evm' ? (await evm()).ofPayment(of, options, asking) : (await solana()).ofPayment(of, options, asking)
  const network = getNetwork(of.network)
  if (network.family === 'evm')
    return 'transaction' in of
      ? (await evm()).ofTransaction(of.transaction, network, asking)
      : (await evm()).ofAuthorization(of, network, asking)
  if ('transaction' in of) return (await solana()).ofTransaction(of.transaction, network, asking)
  throw new Eip3009Error(
    'invalid-argument',
    `On ${network.id} there are no nonces of EIP-3009; give the payment, or the signature of its transaction.`,
  )
}

function isList(rpc: ChainSource | readonly ChainSource[]): rpc is readonly ChainSource[] {
  return Array.isArray(rpc)
}
