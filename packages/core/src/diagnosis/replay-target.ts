import type { ReplayTarget } from '../evidence/replay.ts'
import type { Payment } from '../payment/payment.ts'
import type { ExpectedDomain } from '../signature/expected-domain.ts'

/**
 * Which token a payment is replayed against: the registry's where it knows one, else the one that the payload names, under what it says of itself.
 * Undefined where nothing says which chain and token the payment is for.
 */
export function replayTarget(payment: Payment, expected: ExpectedDomain | undefined): ReplayTarget | undefined {
  if (expected === undefined) return undefined
  const { domain, network, token } = expected
  if (network !== undefined) return token === undefined ? { network } : { network, token }
  const chainId = payment.chainId ?? payment.network?.chainId
  const address = domain.verifyingContract
  if (chainId === undefined || address === undefined) return undefined
  return { chainId, token: { address, name: domain.name ?? '', version: domain.version ?? '' } }
}
