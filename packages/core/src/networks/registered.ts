import type { Confidence, DomainClaim, EvmNetwork, ForeignNetwork, ForeignToken, Lookalike, Token } from './network.ts'
import type { Networks } from './networks.ts'

/** An EVM chain that the registry knows, whether or not it is one of the supported networks. */
export type KnownChain = EvmNetwork | ForeignNetwork

/** A token at its address on its chain, under one domain that it has, or may have. */
export interface RegisteredToken {
  readonly token: Token
  readonly network: KnownChain
  /** How sure name and version are: `high` where the separator was published. */
  readonly confidence: Confidence
  /** Where name and version come from. */
  readonly source: string
  /** Sources differ about its domain and nobody has published its separator: this is one of several. */
  readonly disputed: boolean
}

/** The chain with this id, where the registry knows one. */
export function chainWithId(chainId: number | undefined, networks: Networks): KnownChain | undefined {
  if (chainId === undefined) return undefined
  const entry = networks.index.get(String(chainId))
  return entry === undefined || 'kind' in entry || entry.family === 'solana' ? undefined : entry
}

/** Every token of a chain whose domain the registry has: its USDC first, then other tokens with EIP-3009, then lookalikes that may have it. */
export function tokensOf(network: KnownChain): RegisteredToken[] {
  if (network.family === 'foreign') return network.usdc === undefined ? [] : [foreign(network.usdc, network)]
  return [
    ...own(network.usdc, network, 'usdc'),
    ...network.otherTokens.flatMap((token) => own(token, network, `otherTokens[${token.symbol}]`)),
    ...network.lookalikes.flatMap((lookalike) => taken(lookalike, network)),
  ]
}

const published = 'its DOMAIN_SEPARATOR() is published'

/** A token under its own domain, and under its rivals where nothing published decides between them. */
function own(token: Token, network: EvmNetwork, path: string): RegisteredToken[] {
  if (token.separator !== undefined) return [{ token, network, confidence: 'high', source: published, disputed: false }]
  const doubt = network.doubts.find(({ fact }) => fact === `${path}.name` || fact === `${path}.separator`)
  const shared = { network, confidence: doubt?.confidence ?? 'medium', source: doubt?.source ?? 'no separator is published' } as const
  const rivals = token.otherDomains ?? []
  const disputed = doubt?.fact === `${path}.name` && rivals.length > 0
  const all = [token, ...(disputed ? rivals.map((domain) => under(token, domain)) : [])]
  return all.map((each) => ({ ...shared, token: each, disputed }))
}

/** What is taken for USDC. Where one of its domains is published, the others are known to be wrong. */
function taken({ domains, symbol, address, decimals, family, overloads }: Lookalike, network: EvmNetwork): RegisteredToken[] {
  // What has no such function has no domain that a payment could be checked under.
  if (overloads?.vrs === false && !overloads.bytes) return []
  const certain = domains.filter(({ separator }) => separator !== undefined)
  const possible = certain.length > 0 ? certain : domains
  return possible.map(({ name, version, layout, separator }) => ({
    token: {
      symbol,
      address,
      name,
      version,
      layout,
      decimals,
      ...(family === undefined ? {} : { family }),
      overloads: overloads ?? { vrs: true, bytes: false },
      ...(separator === undefined ? {} : { separator }),
    },
    network,
    confidence: certain.length > 0 ? 'high' : 'low',
    source: certain.length > 0 ? published : 'no separator is published',
    disputed: possible.length > 1,
  }))
}

function foreign(token: ForeignToken, network: ForeignNetwork): RegisteredToken {
  const { confidence, source, ...rest } = token
  return {
    // What Circle issues itself is its FiatToken v2.2 everywhere, but where a chain has a build of its own.
    token: { family: 'FiatTokenV2_2', ...rest, overloads: { vrs: true, bytes: true } },
    network,
    confidence,
    source,
    disputed: false,
  }
}

function under({ separator: _, ...token }: Token, { name, version, layout }: DomainClaim): Token {
  return { ...token, name, version, layout }
}
