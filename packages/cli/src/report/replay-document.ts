import type { ReplayReport } from './replay-report.ts'
import type { SolanaReplayReport } from './svm-replay.ts'

/** The controls did not behave, so that nothing that the chain shows counts. */
export interface InvalidReplay {
  readonly schema: 'eip3009/replay@1'
  readonly status: 'invalid'
  /** Why, in one sentence. */
  readonly says: string
}

/**
 * What `eip3009 replay --json` prints. Times are unix seconds and amounts are atomic units, as decimal strings.
 */
export type ReplayDocument = ReplayReport | SolanaReplayReport | InvalidReplay
