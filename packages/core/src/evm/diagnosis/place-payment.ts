import { ifKnown, type Known } from '../../evidence/known.ts'
import { findNetwork } from '../../networks/find-network.ts'
import type { Networks } from '../../networks/networks.ts'
import type { ChainReader } from '../evidence/chain.ts'
import type { Payment } from '../payment/payment.ts'
import type { SignatureEvidence } from '../signature/forensics.ts'
import type { Search } from './search-limits.ts'

/** A payment, and what was found out about its signature. */
export interface PlacedPayment {
  readonly payment: Payment
  readonly signature: SignatureEvidence
}

/**
 * A payment that names no network, put on the chain of the RPC that was given for it: the first that tells. Where the signature fits a token of one
 * network, that is better than anything an RPC says. `recognised` says that the network was taken.
 */
export async function placePayment(
  payment: Payment,
  signature: SignatureEvidence,
  chains: readonly ChainReader[],
  networks: Networks,
  search: Search,
): Promise<PlacedPayment> {
  const known = payment.network !== undefined || payment.chainId !== undefined || signature.expected?.network !== undefined
  if (chains.length === 0 || known) return { payment, signature }
  const answers = await Promise.all(chains.map(async (chain) => ({ source: chain.source, chainId: await chainIdOf(chain) })))
  for (const { source, chainId: fact } of answers) {
    const chainId = fact === undefined ? undefined : ifKnown(fact)
    if (chainId === undefined) continue
    const answer = findNetwork(chainId, networks)
    const network = answer.kind === 'network' && answer.network.family === 'evm' ? answer.network : undefined
    const placed: Payment = {
      ...payment,
      chainId,
      ...(network === undefined ? {} : { network }),
      recognised: `${payment.recognised}, which names no network: taken for ${network === undefined ? 'that' : `${network.id}, that`} of ${source}, chain ${chainId}`,
    }
    return { payment: placed, signature: await search(placed) }
  }
  return { payment, signature }
}

/** Undefined too where a reader that a caller made throws: it is asked again for the rest, and its words are told then. */
async function chainIdOf(chain: ChainReader): Promise<Known<number> | undefined> {
  try {
    return await chain.chainId?.()
  } catch {
    return undefined
  }
}
