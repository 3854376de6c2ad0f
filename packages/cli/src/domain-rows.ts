import {
  type DriftReport,
  domainSeparator,
  type Eip712Domain,
  type EvmNetwork,
  type Lookalike,
  type Network,
  type Token,
  tokenDomain,
} from '@eip3009/core'

/** One token: what the registry says, what that makes, and what the chain says where it was asked. */
export interface DomainRow {
  readonly network: EvmNetwork
  readonly symbol: string
  readonly role: 'usdc' | 'other' | 'lookalike'
  readonly address: Token['address']
  readonly domain: Eip712Domain
  readonly decimals: number
  readonly overloads: Token['overloads'] | undefined
  readonly computed: `0x${string}`
  readonly published: `0x${string}` | undefined
  readonly onChain: OnChain
}

/** What came of asking the chain. */
export type OnChain =
  | { readonly kind: 'not-asked' }
  | { readonly kind: 'same'; readonly source: string; readonly block: string | undefined }
  /** The chain differs from the registry, in the words of a pull request. */
  | { readonly kind: 'differs'; readonly source: string; readonly separator: `0x${string}` | undefined; readonly lines: readonly string[] }
  | { readonly kind: 'unread'; readonly source: string; readonly short: string; readonly reason: string }

export interface DomainsReport {
  readonly rows: readonly DomainRow[]
  /** Networks that were named and have no EIP-712 domain. */
  readonly withoutDomain: readonly Network[]
  readonly against?: DriftReport & { readonly name: string }
}

/** The tokens of a network whose domain is known, its USDC first, with nothing read from the chain yet. */
export function rowsOf(network: EvmNetwork): DomainRow[] {
  const row = (token: Token, role: DomainRow['role']): DomainRow => {
    const domain = tokenDomain(token, network.chainId)
    const { symbol, address, decimals, overloads, separator: published } = token
    const computed = domainSeparator(domain)
    return { network, symbol, role, address, domain, decimals, overloads, computed, published, onChain: { kind: 'not-asked' } }
  }
  const lookalike = ({ domains: [claim], ...token }: Lookalike): DomainRow[] => {
    // Only where its domain is known: the rest are guesses, which a chain would have to settle.
    if (claim?.separator === undefined) return []
    const { symbol, address, decimals, overloads } = token
    const domain = tokenDomain({ ...claim, address }, network.chainId)
    const computed = domainSeparator(domain)
    return [
      {
        network,
        symbol,
        role: 'lookalike',
        address,
        domain,
        decimals,
        overloads,
        computed,
        published: claim.separator,
        onChain: { kind: 'not-asked' },
      },
    ]
  }
  return [row(network.usdc, 'usdc'), ...network.otherTokens.map((token) => row(token, 'other')), ...network.lookalikes.flatMap(lookalike)]
}
