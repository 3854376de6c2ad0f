import type { Address, Hex } from '../../bytes/hex.ts'
import type { EvmNetwork } from '../../networks/network.ts'
import type { ChainQuestion, ChainState } from './chain.ts'
import type { ReplayChain } from './replay.ts'

/** The state that an RPC was read at, which a fork of that chain has to begin with. */
export interface ForkPlace {
  /** Which RPC, as its reader calls it. */
  readonly source: string
  readonly network: EvmNetwork
  readonly token: Address
  readonly block: bigint
}

/** A chain of our own that begins with the state of another. */
export interface Fork extends ReplayChain {
  readonly state: 'own'
  readonly fork: { readonly block: { readonly number: bigint; readonly hash: Hex } }
  /** What the RPC said, as our chain makes it of the same state: its calls run here. What only the RPC knows, such as what came later, stays the RPC's. */
  reread(question: ChainQuestion, there: ChainState): Promise<ChainState>
}

/** Where a diagnosis gets chains from that have the payment's own state. */
export interface Forker<Chain extends Fork = Fork> {
  /** @throws Eip3009Error when there can be none. Nothing stays behind then. */
  open(place: ForkPlace): Promise<Chain>
}
