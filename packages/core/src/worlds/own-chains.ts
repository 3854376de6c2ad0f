import type { OwnChains } from '../diagnosis/own-chains.ts'
import { type EmbeddedOptions, embeddedReplayer } from '../evm/world/open-chain.ts'
import { rpcForker } from '../evm/world/open-fork.ts'
import { liteSvmReplayer } from '../solana/world/lite-svm.ts'

/**
 * Where `diagnose` replays payments of either family: on anvil, with the token's own code, or on a fork of the RPC that it asks, and in litesvm. Each is
 * loaded when the first payment needs it.
 */
export function ownChains(options: EmbeddedOptions = {}): OwnChains {
  return { evm: embeddedReplayer(options), forks: (rpc) => rpcForker(rpc, options), solana: liteSvmReplayer() }
}
