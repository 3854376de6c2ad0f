import { sameAddress } from '../../bytes/address.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { findNetwork } from '../../networks/find-network.ts'
import type { Token } from '../../networks/network.ts'
import { type Networks, nameKey } from '../../networks/networks.ts'
import type { Provenance } from '../../networks/provenance.ts'
import { chainWithId, type KnownChain, type RegisteredToken, tokensOf } from '../../networks/registered.ts'
import type { TokenFamily } from '../../tokens/models.ts'
import type { Payment } from '../payment/payment.ts'
import { domainSeparator, type Eip712Domain } from '../typed-data/domain.ts'

/** How amounts of a token are written, and who told so. */
export interface TokenUnits {
  readonly decimals: number
  readonly symbol: string
  readonly provenance: Provenance
}

/** A domain that the token may check signatures under, and why we think so. */
export interface ExpectedDomain {
  readonly domain: Eip712Domain
  readonly separator: Hex
  /**
   * `registry`: a token that we know; `chain`: what the token itself answers; `user`: what the user tells of it.
   * `gateway`: Circle Gateway's own, which is no token's.
   * `disputed`: a token that we know, and one of several domains that sources give for it.
   * `any-network`: nothing says which network, so each is tried; `other-token`: a token that we know, and not at the address that the payment names.
   * The rest is the payload's own word: `offer`, the server's extra.name; `typed-data`, the domain in it; `elsewhere`, a token at the
   * same address on another network; `usual`, a name that USDC has somewhere.
   */
  readonly basis:
    | 'registry'
    | 'gateway'
    | 'chain'
    | 'user'
    | 'disputed'
    | 'any-network'
    | 'other-token'
    | 'offer'
    | 'typed-data'
    | 'elsewhere'
    | 'usual'
  readonly provenance: Provenance
  /** The known token behind it, where there is one. */
  readonly token?: Token
  /** Which contract the token is, where the registry knows it or the user tells it. */
  readonly family?: TokenFamily
  readonly network?: KnownChain
  /** Absent where nobody told the decimals: amounts are atomic units then. */
  readonly units?: TokenUnits
}

/** What says which token a payment is in, and on which chain. */
export type TokenNamed = Pick<
  Payment,
  'network' | 'networkName' | 'chainId' | 'token' | 'told' | 'call' | 'requirements' | 'claimedDomain' | 'rail'
>

/** USDC's domain as a token has it; the salt layout is Polygon's bridge's. */
export function tokenDomain(token: Pick<Token, 'name' | 'version' | 'layout' | 'address'>, chainId: number): Eip712Domain {
  const { name, version, address: verifyingContract } = token
  if (token.layout === 'salt') return { name, version, verifyingContract, salt: `0x${chainId.toString(16).padStart(64, '0')}` }
  return { name, version, chainId: BigInt(chainId), verifyingContract }
}

/**
 * The domains that the payment's token may have, the likeliest first. One when the token is known on the payment's chain; several when the payment
 * does not say which token or chain, or we have to go by what the payload says of itself.
 */
export function expectedDomains(payment: TokenNamed, networks: Networks): ExpectedDomain[] {
  const family = payment.told?.family
  const domains = domainsOf(payment, networks)
  return family === undefined ? domains : domains.map((domain) => ({ ...domain, family }))
}

function domainsOf(payment: TokenNamed, networks: Networks): ExpectedDomain[] {
  const chainId = payment.network?.chainId ?? payment.chainId
  if (chainId === undefined) return anyNetwork(payment, networks)
  const chain = payment.network ?? chainWithId(chainId, networks)
  const tokens = chain === undefined ? [] : tokensOf(chain)
  const told = byUser(payment, chainId, tokens, chain)
  if (told !== undefined) return [told]
  const { token: address } = payment
  if (address === undefined) return distinct(tokens.map((each) => registered(each)))
  const here = tokens.filter(({ token }) => sameAddress(token.address, address))
  if (here.length > 0) return here.map((each) => registered(each))
  const others = isCalled(payment) ? tokens.map((each) => registered(each, 'other-token')) : []
  return distinct([...byWhatIsSaid(payment, networks, chain, chainId, address), ...others])
}

/** Whether it is only one of many that were tried because the payment does not say, so that without a match it is nothing to compare with. */
export function isGuess({ basis }: ExpectedDomain): boolean {
  return basis === 'any-network' || basis === 'other-token'
}

/** Whether what the payment is judged by is known from elsewhere than the payload. */
export function isKnown({ basis }: ExpectedDomain): boolean {
  return basis === 'registry' || basis === 'gateway' || basis === 'chain' || basis === 'user' || basis === 'any-network'
}

/** The token is where a call was sent to, which may as well be a contract that forwards it. */
function isCalled({ call, token, requirements }: TokenNamed): boolean {
  return (
    call !== undefined &&
    requirements?.asset === undefined &&
    (call.transaction === undefined || call.caller !== undefined || sameAddress(call.transaction.to, token))
  )
}

function registered({ token, network, confidence, source, disputed }: RegisteredToken, basis?: ExpectedDomain['basis']): ExpectedDomain {
  const defined = network.family === 'evm' && network.checked === undefined
  const sure = confidence === 'high' ? '' : ` (${confidence} confidence)`
  const provenance: Provenance = defined
    ? { from: 'user', says: `the network ${network.id} as it was defined` }
    : { from: 'registry', says: `${token.symbol} of ${network.id}: ${source}${sure}` }
  const domain = tokenDomain(token, network.chainId)
  return {
    domain,
    separator: domainSeparator(domain),
    basis: basis ?? (disputed ? 'disputed' : 'registry'),
    provenance,
    token,
    ...(token.family === undefined ? {} : { family: token.family }),
    network,
    units: { decimals: token.decimals, symbol: token.symbol, provenance },
  }
}

const toldBy: Provenance = { from: 'user', says: 'as it was told' }

/** The token as the user tells it; what is not told of a known token is as the registry has it. */
function byUser(
  { told, token }: TokenNamed,
  chainId: number,
  tokens: readonly RegisteredToken[],
  chain: KnownChain | undefined,
): ExpectedDomain | undefined {
  const address = told?.address ?? token
  if (told?.name === undefined || told.version === undefined || address === undefined) return undefined
  const known = tokens.find((each) => sameAddress(each.token.address, address))?.token
  const { name, version } = told
  const domain = tokenDomain({ name, version, layout: told.layout ?? known?.layout ?? 'standard', address }, chainId)
  const units = unitsTold(told, known, chain, address)
  const separator = domainSeparator(domain)
  // What was read from the chain and published is no less than anybody's word.
  const isAgainst = known?.separator !== undefined && known.separator !== separator
  return {
    domain,
    separator,
    basis: isAgainst ? 'disputed' : 'user',
    provenance: isAgainst
      ? {
          from: 'user',
          says: `you say name "${name}", version "${version}"; the published DOMAIN_SEPARATOR() of ${known.symbol} is that of name "${known.name}", version "${known.version}"`,
        }
      : toldBy,
    ...(known?.family === undefined ? {} : { family: known.family }),
    ...(chain === undefined ? {} : { network: chain }),
    ...(units === undefined ? {} : { units }),
  }
}

/** How amounts are written: as the user tells it, else as the registry has it, also of a token whose domain it does not have. */
function unitsTold(
  told: Payment['told'],
  known: Token | undefined,
  chain: KnownChain | undefined,
  address: Address,
): TokenUnits | undefined {
  const unjudged = chain?.family === 'foreign' ? chain.unjudged?.find((each) => sameAddress(each.address, address)) : undefined
  const listed = known ?? unjudged
  if (told?.decimals !== undefined)
    return { decimals: told.decimals, symbol: told.symbol ?? listed?.symbol ?? 'tokens', provenance: toldBy }
  if (listed === undefined) return undefined
  const says = unjudged === undefined || chain === undefined ? listed.symbol : `${listed.symbol} of ${chain.id}: ${unjudged.source}`
  return { decimals: listed.decimals, symbol: told?.symbol ?? listed.symbol, provenance: { from: 'registry', says } }
}

/** The token is not one that we know there: its name can only come from the payload, or from the same address on another network. */
function byWhatIsSaid(
  payment: TokenNamed,
  networks: Networks,
  chain: KnownChain | undefined,
  chainId: number,
  address: Address,
): ExpectedDomain[] {
  const units = unitsTold(payment.told, undefined, chain, address)
  const said = (basis: ExpectedDomain['basis'], says: string, name: string, version: string): ExpectedDomain => {
    const domain = tokenDomain({ name, version, layout: 'standard', address }, chainId)
    return {
      domain,
      separator: domainSeparator(domain),
      basis,
      provenance: { from: 'claim', says },
      ...(chain === undefined ? {} : { network: chain }),
      ...(units === undefined ? {} : { units }),
    }
  }
  const { claimedDomain } = payment
  const extra = payment.requirements?.extra
  const out: ExpectedDomain[] = []
  if (extra?.name !== undefined) out.push(said('offer', "the offer's extra.name and extra.version", extra.name, extra.version ?? '2'))
  if (claimedDomain?.name !== undefined)
    out.push(said('typed-data', 'the domain of the typed data', claimedDomain.name, claimedDomain.version ?? '2'))
  for (const { token, network } of everyToken(networks)) {
    if (sameAddress(token.address, address))
      out.push(said('elsewhere', `the token at this address on ${network.id}`, token.name, token.version))
  }
  for (const name of ['USD Coin', 'USDC']) out.push(said('usual', 'a name that USDC has on other networks', name, '2'))
  return out
}

/** Nothing says which network: each network's tokens are candidates, those at the named address first. */
function anyNetwork(payment: TokenNamed, networks: Networks): ExpectedDomain[] {
  const all = everyToken(networks)
  const named = all.filter(({ token }) => payment.token === undefined || sameAddress(token.address, payment.token))
  // A token at another address is another token; a network whose name is misspelled is the one that its name has in it or is nearest to, and no other.
  const { networkName } = payment
  const answer = networkName === undefined ? undefined : findNetwork(networkName, networks)
  const nearest = answer?.kind === 'unknown' ? (answer.suggestion ?? answer.foreign)?.id : undefined
  const isMeant = ({ id }: KnownChain): boolean => networkName === undefined || id === nearest || nameKey(networkName).includes(nameKey(id))
  const isOther = ({ network }: RegisteredToken): boolean => named.length === 0 || !isMeant(network)
  return distinct((named.length > 0 ? named : all).map((each) => registered(each, isOther(each) ? 'other-token' : 'any-network')))
}

function everyToken(networks: Networks): RegisteredToken[] {
  const chains = [...networks.all.filter((network) => network.family === 'evm'), ...networks.foreign]
  return chains.flatMap((network) => tokensOf(network)).filter(({ disputed }) => !disputed)
}

function distinct(domains: readonly ExpectedDomain[]): ExpectedDomain[] {
  const seen = new Set<string>()
  return domains.filter(({ separator }) => !seen.has(separator) && seen.add(separator))
}
