import type { EvmNetwork, ForeignNetwork, ForeignToken, Lookalike, MintLookalike, SolanaNetwork, Token, UnjudgedToken } from './network.ts'
import { builtInNetworks, type Networks } from './networks.ts'
import { type OtherContract, otherContracts } from './other-contracts.ts'

/**
 * What an address is on one network. `usdc` is Circle's token there, `other` another token with EIP-3009, `lookalike` one that is
 * taken for USDC, `foreign` the USDC of a chain that is not supported, `unjudged` a token there whose domain nobody has published or that has none,
 * `contract` something that is no token but gets signed for as if it were.
 */
export type TokenMatch =
  | { readonly role: 'usdc' | 'other'; readonly network: EvmNetwork; readonly token: Token }
  | { readonly role: 'lookalike'; readonly network: EvmNetwork; readonly token: Lookalike }
  | { readonly role: 'foreign'; readonly network: ForeignNetwork; readonly token: ForeignToken }
  | { readonly role: 'unjudged'; readonly network: ForeignNetwork; readonly token: UnjudgedToken }
  | { readonly role: 'contract'; readonly contract: OtherContract }

export type TokenRole = TokenMatch['role']

/**
 * Everything that an EVM address is known to be, over all networks, USDC first and lookalikes last; empty where it is unknown.
 * One address can be several things: Celo's fee adapter was the USDC of Alfajores, and an issuer may deploy to one address everywhere.
 */
export function findToken(address: string, networks: Networks = builtInNetworks): readonly TokenMatch[] {
  const wanted = address.trim().toLowerCase()
  const same = (each: { readonly address: string }): boolean => each.address.toLowerCase() === wanted
  const usdc: TokenMatch[] = []
  const other: TokenMatch[] = []
  const lookalike: TokenMatch[] = []
  for (const network of networks.all) {
    if (network.family !== 'evm') continue
    if (same(network.usdc)) usdc.push({ role: 'usdc', network, token: network.usdc })
    for (const token of network.otherTokens.filter(same)) other.push({ role: 'other', network, token })
    for (const token of network.lookalikes.filter(same)) lookalike.push({ role: 'lookalike', network, token })
  }
  const foreign = networks.foreign.flatMap((network): TokenMatch[] =>
    network.usdc !== undefined && same(network.usdc) ? [{ role: 'foreign', network, token: network.usdc }] : [],
  )
  const unjudged = networks.foreign.flatMap((network): TokenMatch[] =>
    (network.unjudged ?? []).filter(same).map((token) => ({ role: 'unjudged', network, token })),
  )
  const contracts = otherContracts.filter(same).map((contract): TokenMatch => ({ role: 'contract', contract }))
  return [...usdc, ...other, ...foreign, ...unjudged, ...lookalike, ...contracts]
}

export type MintMatch =
  | { readonly role: 'usdc'; readonly network: SolanaNetwork }
  | { readonly role: 'lookalike'; readonly network: SolanaNetwork; readonly token: MintLookalike }

/** Everything that a Solana mint is known to be. Base58 is case-sensitive, so the mint has to be exact. */
export function findMint(mint: string, networks: Networks = builtInNetworks): readonly MintMatch[] {
  const wanted = mint.trim()
  return networks.all.flatMap((network): MintMatch[] => {
    if (network.family !== 'solana') return []
    const usdc: MintMatch[] = network.mint === wanted ? [{ role: 'usdc', network }] : []
    const lookalikes = network.lookalikes.filter((token) => token.mint === wanted)
    return [...usdc, ...lookalikes.map((token): MintMatch => ({ role: 'lookalike', network, token }))]
  })
}
