import { utc } from '../../typed-data/utc.ts'
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
