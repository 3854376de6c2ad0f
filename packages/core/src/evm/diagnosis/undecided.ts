import type { Finding } from '../../causes/finding.ts'
import { quote } from '../../errors/quote.ts'
import { chainWithId } from '../../networks/registered.ts'
import { claimedCode, describeClaim } from '../checks/payer-claim.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'
import { type ExpectedDomain, isKnown } from '../signature/expected-domain.ts'
import type { SignatureEvidence } from '../signature/forensics.ts'
import { rpcOf, whoSignedInShort } from '../signature/wallets/tell.ts'
import { leftToRail, type RailDecides } from './rail.ts'

/** Why nothing is claimed about a payment: the id stays the same whatever the words. */
export type UndecidedId =
  /** Nothing says which chain it is for, or only a name that nobody knows. */
  | 'network-unnamed'
  | 'network-unknown'
  /** Nothing says which token it is for. */
  | 'token-unnamed'
  /** Nothing but the payload says what the token's domain is. */
  | 'token-unknown'
  /** Sources differ about the token's domain. */
  | 'token-disputed'
  /** It is good for a token that we know, and another contract was called. */
  | 'called-address-unknown'
  /** It is good for a token that we know, and another token or network is named. */
  | 'other-token'
  /** Only the payer's own code tells, and nobody asked it. */
  | 'wallet-not-asked'
  /** Nothing is wrong with what was signed, and whoever settles it checks more than the token: Circle Gateway, the MPP server, a collector's contract. */
  | RailDecides['id']

/** What keeps a verdict open, and what would close it. */
export interface Undecided {
  readonly id: UndecidedId
  /** The answer in one sentence. */
  readonly says: string
  /** The one call that would tell, filled in. */
  readonly check?: string
}

/**
 * What keeps open what becomes of a payment, before anybody contradicts anybody; undefined where it is judged by a token that is known. What stops it
 * whatever the token is, an error among the findings, decides all the same.
 */
export function undecided(payment: Payment, evidence: Evidence, errors: readonly Finding[]): Undecided | undefined {
  if (errors.length > 0) return undefined
  const { signature } = evidence
  const { expected } = signature
  if (expected === undefined) return nothingNamed(payment, evidence)
  if (expected.basis === 'gateway') return leftToRail(payment, evidence)
  if (expected.basis === 'other-token') return otherToken(payment, expected)
  if (!isKnown(expected)) return unknownToken(payment, expected, signature)
  const claim = claimedCode(payment, evidence)
  if (claim !== undefined && !isWallets(signature)) {
    const own = signature.matches.length > 0 ? "The signature is the payer's own, and " : 'Nothing here can judge the signature: '
    return {
      id: 'wallet-not-asked',
      says: `${own}${describeClaim(claim)}: then the token asks the account's code, and only the chain tells what that answers (--rpc-url).`,
      check: `eip3009 diagnose … --rpc-url ${rpcOf(expected)}`,
    }
  }
  if (!isWallets(signature)) return leftToRail(payment, evidence)
  const inside = signature.wallet === undefined ? '' : whoSignedInShort(signature.wallet)
  return {
    id: 'wallet-not-asked',
    says: `The signature is a smart wallet's${inside === '' ? '' : `, ${inside}`}: whether the wallet accepts it, only the chain tells (--rpc-url).`,
    check: `eip3009 diagnose … --rpc-url ${rpcOf(expected)}`,
  }
}

/** A smart wallet's signature, which only the wallet can judge: neither shown to be the payer's nor shown to be wrong. */
function isWallets({ wallet, matches }: SignatureEvidence): boolean {
  return wallet !== undefined && matches.length === 0
}

function nothingNamed({ chainId, networkName, token }: Payment, { networks }: Evidence): Undecided {
  const chain = chainWithId(chainId, networks)
  const where = chain?.id ?? (chainId === undefined ? undefined : `chain ${chainId}`)
  if (where !== undefined && token === undefined) {
    return {
      id: 'token-unnamed',
      says: `The payment is on ${where} and names no token, and nothing here knows a token with EIP-3009 there: say which it is (--token, --token-name, --token-version).`,
    }
  }
  if (networkName !== undefined) {
    return {
      id: 'network-unknown',
      says: `The payment names the network ${quote(networkName)}, which nothing here knows, and its signature fits no token that we know: say which chain it is (--chain-id).`,
    }
  }
  return {
    id: 'network-unnamed',
    says: 'The payload names no network, and the signature fits no token that we know: say which network it is for (--network).',
  }
}

/** Good for a token that we know: a router, a batcher or a wallet may have forwarded it, or it went to the wrong place. */
function otherToken({ token, networkName, call }: Payment, { network, units, domain }: ExpectedDomain): Undecided {
  const good = `The signature is valid for ${units?.symbol ?? 'the token'} of ${network?.id ?? 'a network'} (${domain.verifyingContract ?? '?'})`
  if (call !== undefined && token !== undefined) {
    return {
      id: 'called-address-unknown',
      says: `${good}. What was called, ${token}, is not that token: either a contract that forwards it (a router, a batcher, a wallet), or the wrong address.`,
      check: `cast code ${token} --rpc-url ${rpcOf({ network })}`,
    }
  }
  const named = [
    ...(networkName === undefined ? [] : [`the network ${quote(networkName)}`]),
    ...(token === undefined ? [] : [`the token ${token}`]),
  ]
  return { id: 'other-token', says: `${good}. The payment names ${named.join(' and ')}, of which nothing here knows anything.` }
}

function unknownToken(payment: Payment, expected: ExpectedDomain, { matches, recovered }: SignatureEvidence): Undecided {
  const { basis, domain, network, provenance } = expected
  const address = domain.verifyingContract ?? payment.token ?? '?'
  const where = network?.id ?? `chain ${payment.chainId ?? '?'}`
  const isDisputed = basis === 'disputed'
  const unknown = isDisputed
    ? `sources differ about its domain (${provenance.says})`
    : "nothing here knows this token's domain, so nobody can say whether it accepts it"
  const tell = `name(), version() or DOMAIN_SEPARATOR() of ${address} would`
  const [match] = matches
  const isOffered = basis === 'offer' || basis === 'typed-data'
  const said = payment.requirements?.extra?.name
  const signed =
    match === undefined
      ? `Under the domain that is claimed for it the signature recovers to ${recovered ?? 'no key'}, not to from`
      : match.edits.length === 0
        ? !isOffered
          ? `Signed under the name "${domain.name ?? ''}"${said === undefined || said === domain.name ? '' : `, while the offer says "${said}"`}`
          : `Signed as offered (name "${domain.name ?? ''}", version "${domain.version ?? ''}": the payload's own word)`
        : `Signed under name "${match.domain.name ?? 'none'}", version "${match.domain.version ?? 'none'}"`
  const wanted = match === undefined ? '' : `   must be ${match.separator}`
  return {
    id: isDisputed ? 'token-disputed' : 'token-unknown',
    says: `${signed}, on ${where} for ${address}: ${unknown}; ${tell}.`,
    check: `cast call ${address} "DOMAIN_SEPARATOR()(bytes32)" --rpc-url ${rpcOf(expected)}${wanted}`,
  }
}
