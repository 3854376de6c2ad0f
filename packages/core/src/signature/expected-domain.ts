import type { Address } from 'viem'
import type { EvmNetwork, Token } from '../networks/network.ts'
import type { Networks } from '../networks/networks.ts'
import type { Payment } from '../payment/payment.ts'
import { sameAddress } from '../typed-data/address.ts'
import { domainSeparator, type Eip712Domain } from '../typed-data/domain.ts'

/** A domain that the token may check signatures under, and why we think so. */
export interface ExpectedDomain {
  readonly domain: Eip712Domain
  readonly separator: `0x${string}`
  /**
   * `registry`: a token that we know; `elsewhere`: its address is known, on another network; `offer`: the server's extra.name;
   * `claimed`: the typed data's own domain; `chain`: what the token itself answers; `assumed`: a name that USDC has somewhere; `any-network`: nothing says which network, so each is tried.
   */
  readonly basis: 'registry' | 'elsewhere' | 'offer' | 'claimed' | 'chain' | 'assumed' | 'any-network'
  /** The known token behind it, where there is one. */
  readonly token?: Token
  readonly network?: EvmNetwork
}

/** USDC's domain as a token has it; the salt layout is Polygon's bridge's. */
export function tokenDomain(token: Pick<Token, 'name' | 'version' | 'layout' | 'address'>, chainId: number): Eip712Domain {
  const { name, version, address: verifyingContract } = token
  if (token.layout === 'salt') return { name, version, verifyingContract, salt: `0x${chainId.toString(16).padStart(64, '0')}` }
  return { name, version, chainId: BigInt(chainId), verifyingContract }
}

/**
 * The domains that the payment's token may have, the likeliest first. One when the token is known on the payment's network;
 * several when we have to go by what the payload says of itself.
 */
export function expectedDomains(payment: Payment, networks: Networks): ExpectedDomain[] {
  const evm = networks.all.filter((network) => network.family === 'evm')
  const chainId = payment.network?.chainId ?? payment.chainId
  if (chainId === undefined) return anyNetwork(payment, evm)

  const address = payment.token ?? payment.network?.usdc.address
  if (address === undefined) return []
  const known = payment.network === undefined ? [] : tokensAt(payment.network, address)
  if (known.length > 0) return known.map((token) => expected(tokenDomain(token, chainId), 'registry', token, payment.network))
  return byWhatIsSaid(payment, evm, chainId, address)
}

function expected(domain: Eip712Domain, basis: ExpectedDomain['basis'], token?: Token, network?: EvmNetwork): ExpectedDomain {
  return {
    domain,
    separator: domainSeparator(domain),
    basis,
    ...(token === undefined ? {} : { token }),
    ...(network === undefined ? {} : { network }),
  }
}

/** The tokens that a network has at an address: its USDC, another EIP-3009 token, or a lookalike under each domain that it may have. */
function tokensAt(network: EvmNetwork, address: Address): Token[] {
  const tokens = [network.usdc, ...network.otherTokens].filter((token) => sameAddress(token.address, address))
  if (tokens.length > 0) return tokens
  return network.lookalikes
    .filter((lookalike) => sameAddress(lookalike.address, address))
    .flatMap(({ domains, symbol, decimals, note }) =>
      domains.map((domain) => ({ ...domain, symbol, address, decimals, standard: note, overloads: { vrs: true, bytes: false } })),
    )
}

/** The token is not one that we know there: its name can only come from the payload, or from the same address on another network. */
function byWhatIsSaid(payment: Payment, networks: readonly EvmNetwork[], chainId: number, address: Address): ExpectedDomain[] {
  const standard = (name: string, version: string): Eip712Domain => ({
    name,
    version,
    chainId: BigInt(chainId),
    verifyingContract: address,
  })
  const out: ExpectedDomain[] = []
  const { claimedDomain } = payment
  const extra = payment.requirements?.extra
  for (const network of networks) {
    for (const token of [network.usdc, ...network.otherTokens]) {
      if (sameAddress(token.address, address)) out.push(expected(standard(token.name, token.version), 'elsewhere', token))
    }
  }
  if (extra?.name !== undefined) out.push(expected(standard(extra.name, extra.version ?? '2'), 'offer'))
  if (claimedDomain?.name !== undefined) out.push(expected(standard(claimedDomain.name, claimedDomain.version ?? '2'), 'claimed'))
  for (const name of ['USD Coin', 'USDC']) out.push(expected(standard(name, '2'), 'assumed'))
  return distinct(out)
}

/** Nothing says which network: each network's tokens are candidates, those at the named address first. */
function anyNetwork(payment: Payment, networks: readonly EvmNetwork[]): ExpectedDomain[] {
  const all = networks.flatMap((network) =>
    [network.usdc, ...network.otherTokens].map((token) => expected(tokenDomain(token, network.chainId), 'any-network', token, network)),
  )
  const named = all.filter(({ token }) => payment.token === undefined || sameAddress(token?.address, payment.token))
  return named.length > 0 ? named : all
}

function distinct(domains: readonly ExpectedDomain[]): ExpectedDomain[] {
  const seen = new Set<string>()
  return domains.filter(({ separator }) => !seen.has(separator) && seen.add(separator))
}
