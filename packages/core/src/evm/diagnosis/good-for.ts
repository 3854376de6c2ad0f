import { sameAddress } from '../../bytes/address.ts'
import type { Networks } from '../../networks/networks.ts'
import { chainWithId, tokensOf } from '../../networks/registered.ts'
import { type ExpectedDomain, isKnown, tokenDomain } from '../signature/expected-domain.ts'
import type { Match } from '../signature/forensics.ts'
import { isGatewayDomain } from '../signature/gateway-domain.ts'
import { type Authorization, typeHashes } from '../typed-data/authorization.ts'
import { domainSeparator, type Eip712Domain } from '../typed-data/domain.ts'

/** What a signature can be used for, whatever it was sent as. */
export type GoodFor =
  /** A token takes this message under this signature. */
  | {
      readonly kind: 'payment'
      readonly type: keyof typeof typeHashes
      readonly authorization: Authorization
      /** The token, where it is another than the payment's own. */
      readonly elsewhere?: string
      /** Its bytes have to be put right first. */
      readonly repaired: boolean
    }
  /** It cancels the nonce, or gives somebody an allowance. */
  | { readonly kind: 'cancellation' | 'allowance' }
  /** No contract takes it: what was signed is no token's digest. */
  | { readonly kind: 'nothing' }
  /** A contract that nothing here knows may take it. */
  | { readonly kind: 'unknown' }

/** What somebody who holds the bytes can do with what was signed. */
export function goodFor(match: Match, expected: ExpectedDomain | undefined, networks: Networks): GoodFor {
  const owner = ownerOf(match, expected, networks)
  if (owner === 'nobody' || match.edits.some(({ cause }) => cause === 'message-prefixed')) return { kind: 'nothing' }
  if (owner === 'unknown') return { kind: 'unknown' }
  const type = typeOf(match)
  if (type === undefined) {
    if (match.primaryType === 'CancelAuthorization') return { kind: 'cancellation' }
    return { kind: match.primaryType === 'Permit' ? 'allowance' : 'nothing' }
  }
  return {
    kind: 'payment',
    type,
    authorization: match.authorization,
    ...(owner === 'own' ? {} : { elsewhere: owner.elsewhere }),
    repaired: match.edits.some(({ field }) => field.startsWith('signature')),
  }
}

function typeOf({ typeHash }: Match): keyof typeof typeHashes | undefined {
  if (typeHash === typeHashes.TransferWithAuthorization) return 'TransferWithAuthorization'
  return typeHash === typeHashes.ReceiveWithAuthorization ? 'ReceiveWithAuthorization' : undefined
}

/** Whose domain was signed: the payment's token, another one that we know, one that nobody here can rule out, or nobody's. */
function ownerOf(
  { separator, domain }: Match,
  expected: ExpectedDomain | undefined,
  networks: Networks,
): 'own' | 'nobody' | 'unknown' | { readonly elsewhere: string } {
  if (expected !== undefined && separator === expected.separator && isKnown(expected)) return 'own'
  for (const chain of [...networks.all.filter((network) => network.family === 'evm'), ...networks.foreign]) {
    const found = tokensOf(chain).find(({ token }) => domainSeparator(tokenDomain(token, chain.chainId)) === separator)
    if (found !== undefined) return { elsewhere: `${found.token.symbol} on ${chain.id}` }
  }
  if (isGatewayDomain(domain)) return { elsewhere: 'a payment of Circle Gateway' }
  return isRuledOut(domain, networks) ? 'nobody' : 'unknown'
}

/** A contract checks under a domain that names itself and its chain: without them nobody does, and a token that we know has another one. */
function isRuledOut({ verifyingContract, chainId, salt }: Eip712Domain, networks: Networks): boolean {
  if (verifyingContract === undefined || (chainId === undefined && salt === undefined)) return true
  const chain = chainWithId(Number(chainId ?? BigInt(salt ?? 0)), networks)
  return chain !== undefined && tokensOf(chain).some(({ token, disputed }) => !disputed && sameAddress(token.address, verifyingContract))
}
