import type { Payment } from '../evm/payment/payment.ts'
import type { SearchOptions, SignatureEvidence } from '../evm/signature/forensics.ts'
import type { SearchDepth } from '../evm/signature/plan.ts'
import type { Networks } from '../networks/networks.ts'

/** What a thread is given. Everything in it can be cloned into another thread. */
export interface ThreadTask {
  readonly payment: Payment
  readonly networks: Networks
  readonly options: Pick<SearchOptions, 'hints' | 'expected' | 'only' | 'depth'> & {
    readonly slice: Required<NonNullable<SearchOptions['slice']>>
    readonly maxHypotheses: number
    readonly timeoutMs?: number
  }
  /** Shared by all: the smallest step with a match so far, and whether to stop. */
  readonly shared: Int32Array
}

/** Places in what the threads share. */
export const shared = { firstMatch: 0, stop: 1 } as const

/** Of `firstMatch` while there is none. */
export const noMatch = 0x7fffffff

/** What a thread says. */
export type ThreadMessage =
  | { readonly kind: 'progress'; readonly tried: number; readonly order: number }
  | { readonly kind: 'done'; readonly evidence: SignatureEvidence; readonly step: number }

/** What a thread of a pool is made with. */
export interface PoolTask {
  readonly networks: Networks
  readonly depth: SearchDepth
  /** Hypotheses for a signature of whom nothing explained the one before. */
  readonly again?: number
}
