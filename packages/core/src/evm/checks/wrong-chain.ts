import { sameAddress } from '../../bytes/address.ts'
import type { Finding } from '../../causes/finding.ts'
import { chainWithId, type RegisteredToken, tokensOf } from '../../networks/registered.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'
import { tokenDomain } from '../signature/expected-domain.ts'
import { domainSeparator } from '../typed-data/domain.ts'

/**
 * The token that a transaction calls, where it was made for another chain than that token's and what was signed is right for the token: then it is the
 * transaction that is wrong, and not the signature.
 */
function tokenAtHome({ call }: Payment, { signature, networks }: Evidence): RegisteredToken | undefined {
  const [match] = signature.matches
  const { to, chainId } = call?.transaction ?? {}
  if (match === undefined || to === undefined || chainId === undefined) return undefined
  if (match.edits.some(({ field, cause }) => field.startsWith('domain') && cause !== 'chain-id-mismatch')) return undefined
  const home = chainWithId(Number(match.domain.chainId ?? 0n), networks)
  if (home === undefined || home.chainId === chainId) return undefined
  return tokensOf(home).find(
    ({ token, disputed }) =>
      !disputed && sameAddress(token.address, to) && domainSeparator(tokenDomain(token, home.chainId)) === match.separator,
  )
}

/** What is wrong with a transaction that was made for another chain than the payment in it; nothing where it was not. */
export function onWrongChain(payment: Payment, evidence: Evidence): Finding[] {
  const found = tokenAtHome(payment, evidence)
  const chainId = payment.call?.transaction?.chainId
  if (found === undefined || chainId === undefined) return []
  const { network, token } = found
  return [
    {
      cause: 'network-mismatch',
      party: 'facilitator',
      severity: 'error',
      field: 'transaction.chainId',
      seen: String(chainId),
      expected: String(network.chainId),
      summary: `The transaction is for chain ${chainId}, and the authorization in it was signed for the ${token.symbol} of ${network.id}, chain ${network.chainId}, which it calls.`,
      evidence: [
        { source: 'payload', says: `the transaction's chain id is ${chainId}, and it calls ${token.address}` },
        { source: 'computed', says: `under the domain of ${token.symbol} on ${network.id} the signature recovers to from` },
      ],
      fix: `send the authorization on ${network.id}, for which it was signed; sign anew only once it can not move there any more`,
    },
  ]
}
