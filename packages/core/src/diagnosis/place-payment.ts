import { type ChainReader, ifKnown, type Known } from '../evidence/chain.ts'
import { findNetwork } from '../networks/find-network.ts'
import type { Networks } from '../networks/networks.ts'
import type { Payment } from '../payment/payment.ts'
import { examineSignature } from '../signature/forensics.ts'

/**
 * A payment that names no network, put on the chain of the RPC that was given for it: the first that tells. Where the signature fits a token of one
 * network, that is better than anything an RPC says. `recognised` says that the network was taken.
 */
export async function placePayment(payment: Payment, chains: readonly ChainReader[], networks: Networks): Promise<Payment> {
  if (chains.length === 0 || payment.network !== undefined || payment.chainId !== undefined) return payment
  if (examineSignature(payment, networks).expected?.network !== undefined) return payment
  const answers = await Promise.all(chains.map(async (chain) => ({ source: chain.source, chainId: await chainIdOf(chain) })))
  for (const { source, chainId: fact } of answers) {
    const chainId = fact === undefined ? undefined : ifKnown(fact)
    if (chainId === undefined) continue
    const answer = findNetwork(chainId, networks)
    const network = answer.kind === 'network' && answer.network.family === 'evm' ? answer.network : undefined
    return {
      ...payment,
      chainId,
      ...(network === undefined ? {} : { network }),
      recognised: `${payment.recognised}, which names no network: taken for ${network === undefined ? 'that' : `${network.id}, that`} of ${source}, chain ${chainId}`,
    }
  }
  return payment
}

/** Undefined too where a reader that a caller made throws: it is asked again for the rest, and its words are told then. */
async function chainIdOf(chain: ChainReader): Promise<Known<number> | undefined> {
  try {
    return await chain.chainId?.()
  } catch {
    return undefined
  }
}
