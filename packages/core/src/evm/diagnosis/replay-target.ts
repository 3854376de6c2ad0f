import type { Replayer, ReplayTarget } from '../evidence/replay.ts'
import type { Payment } from '../payment/payment.ts'
import { type ExpectedDomain, isKnown } from '../signature/expected-domain.ts'

/** What a replayer is asked for. A chain that has the token itself needs nobody to say what it is. */
export function targetFor(
  replayer: Pick<Replayer, 'state'>,
  payment: Payment,
  expected: ExpectedDomain | undefined,
): ReplayTarget | undefined {
  const { chainId, token } = payment
  if (expected?.basis === 'gateway') return undefined
  const known = replayTarget(payment, expected)
  if (known !== undefined || replayer.state !== 'own' || chainId === undefined || token === undefined) return known
  const { name = '', version = '' } = expected?.domain ?? {}
  return { chainId, token: { address: token, name, version } }
}

/**
 * Which token a payment is replayed against: one that the registry, a chain or the user tells. Undefined where nothing says which chain and token
 * the payment is for, or where only the payload says what the token is: such a replay could only agree. Nor for what Circle Gateway settles, which no
 * token ever sees.
 */
export function replayTarget(payment: Payment, expected: ExpectedDomain | undefined): ReplayTarget | undefined {
  if (expected === undefined || !isKnown(expected) || expected.basis === 'gateway') return undefined
  const { domain, network, token, family, units, basis } = expected
  if (network?.family === 'evm' && token !== undefined && basis !== 'user' && family === token.family) return { network, token }
  const chainId = network?.chainId ?? payment.chainId
  const address = domain.verifyingContract
  if (chainId === undefined || address === undefined) return undefined
  return {
    chainId,
    ...(network === undefined ? {} : { place: network.id }),
    token: {
      address,
      name: domain.name ?? '',
      version: domain.version ?? '',
      layout: domain.salt === undefined ? 'standard' : 'salt',
      ...(units === undefined ? {} : { symbol: units.symbol, decimals: units.decimals }),
      ...(family === undefined ? {} : { family }),
      ...(token === undefined ? {} : { overloads: token.overloads }),
      ...(token?.separator === undefined ? {} : { separator: token.separator }),
    },
  }
}
