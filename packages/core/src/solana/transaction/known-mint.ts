import type { SolanaNetwork } from '../../networks/network.ts'
import { builtInNetworks } from '../../networks/networks.ts'

const clusters: readonly SolanaNetwork[] = builtInNetworks.all.filter((network): network is SolanaNetwork => network.family === 'solana')

/** The cluster whose USDC a mint is. */
export function clusterOf(mint: string | null | undefined): SolanaNetwork | undefined {
  return clusters.find((each) => each.mint === mint)
}

/** A token that people take for USDC, where a mint is a known one. */
export function lookalikeOf(mint: string): SolanaNetwork['lookalikes'][number] | undefined {
  return clusters.flatMap(({ lookalikes }) => lookalikes).find((each) => each.mint === mint)
}
