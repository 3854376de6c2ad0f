import { utc } from '../../text/utc.ts'
import type { SvmState } from './state.ts'

/**
 * What it means that a cluster does not know a blockhash: it is too old, or so new that the RPC has not seen its block. `certain`: the RPC has seen
 * blocks from after the payment was made, so that it is too old and stays dead. `unless-new`: the RPC keeps up, and only a payment of the last
 * moments could still come to life. `behind`: the RPC may be the one that is late; `reason` is a clause.
 */
export type DeadBlockhash = { readonly kind: 'certain' | 'unless-new' } | { readonly kind: 'behind'; readonly reason: string }

/** Block times are a median of what validators say, and clocks differ; seconds. */
const drift = 30n

/** `at` is when the payment was submitted, unix seconds: its blockhash is older than that. */
export function deadBlockhash({ time, readAt, source }: SvmState, at: bigint | undefined): DeadBlockhash {
  if (!time.known) return { kind: 'behind', reason: `how new the newest block of ${source} is could not be read (${time.reason})` }
  if (at !== undefined && at <= readAt) {
    if (time.value >= at + drift) return { kind: 'certain' }
    return { kind: 'behind', reason: `the newest block of ${source} is of ${utc(time.value)}, and it may not have seen the payment's own` }
  }
  if (time.value + drift >= readAt) return { kind: 'unless-new' }
  return { kind: 'behind', reason: `${source} is ${readAt - time.value} s behind, and may not have seen the payment's own block` }
}

/** Whether a finalized block shows it dead, and is certainly later than the payment: then nothing brings it back. */
export function isDeadForGood({ finalized }: SvmState, at: bigint | undefined): boolean {
  if (!finalized.known || at === undefined) return false
  const { time, blockhash } = finalized.value
  return blockhash.known && blockhash.value === 'dead' && time.known && time.value >= at + drift
}

/** A blockhash can be used in the 150 blocks behind its own. Source: agave's MAX_PROCESSING_AGE, which getLatestBlockhash gives as lastValidBlockHeight. */
const blocksOfLife = 150n
/** How far what is processed can be ahead of what is confirmed: a vote's lockout goes no deeper. */
const unconfirmed = 32n

/**
 * The last block height at which a blockhash can be valid that was made before the RPC was asked: an upper bound, null where none can be told. An RPC
 * that knows the blockhash has seen its block; one that does not may be late, by 0.4 seconds for each block at most.
 */
export function lastHeight({ height, time, readAt, blockhash }: SvmState): bigint | null {
  if (!height.known) return null
  const end = height.value + blocksOfLife + unconfirmed
  if (blockhash.known && blockhash.value === 'alive') return end
  if (!time.known) return null
  const behind = (readAt > time.value ? readAt - time.value : 0n) + drift
  return end + (behind * 5n + 1n) / 2n
}
