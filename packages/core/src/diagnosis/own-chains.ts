import type { Forker } from '../evm/evidence/fork.ts'
import type { Replayer } from '../evm/evidence/replay.ts'
import type { SvmReplayer } from '../solana/world/svm-chain.ts'

/** Chains of our own to replay payments of either family on; `ownChains` of `@eip3009/core/replay` makes them. Nothing is opened before it is needed. */
export interface OwnChains {
  /** For a payment on an EVM chain that nobody is asked about. */
  readonly evm: Replayer
  /** For one on an EVM chain whose RPCs are asked: begins with the state that they have. */
  readonly forks: (rpc: readonly (string | URL)[]) => Forker
  readonly solana: SvmReplayer
}
