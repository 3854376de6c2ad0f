import { findMint } from '../../networks/find-token.ts'
import type { SolanaNetwork } from '../../networks/network.ts'

/** A token with all that decides about a transfer of it, from the registry of networks. Of any other mint only the chain knows. */
export interface KnownMint {
  readonly symbol: string
  readonly mint: string
  readonly decimals: number
  readonly tokenProgram: string
  /** The clusters that have it at this address. */
  readonly clusters: readonly SolanaNetwork[]
}

/** What is known of a mint. */
export function knownMint(mint: string | null | undefined): KnownMint | undefined {
  const matches = mint === null || mint === undefined ? [] : findMint(mint)
  const [first] = matches
  if (first === undefined) return undefined
  const { symbol, mint: address, decimals, tokenProgram } = first.role === 'usdc' ? { ...first.network, symbol: 'USDC' } : first.token
  return { symbol, mint: address, decimals, tokenProgram, clusters: matches.map(({ network }) => network) }
}

/** Whether a mint is known to be one of other clusters than this. */
export function isElsewhere(known: KnownMint | undefined, network: SolanaNetwork | undefined): boolean {
  return known !== undefined && network !== undefined && !known.clusters.some(({ id }) => id === network.id)
}

/** "the USDC of solana-devnet"; just "EURC" where several clusters have it at one address. */
export function nameMint({ symbol, clusters }: KnownMint): string {
  const [only, ...others] = clusters
  return only === undefined || others.length > 0 ? symbol : `the ${symbol} of ${only.id}`
}
