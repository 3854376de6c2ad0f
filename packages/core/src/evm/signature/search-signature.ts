import type { Networks } from '../../networks/networks.ts'
import type { Payment } from '../payment/payment.ts'
import { type SearchOptions, type SearchProgress, type SignatureEvidence, startSearch } from './forensics.ts'
import { loadKernel } from './kernel/create.ts'

export interface DeepSearchOptions extends SearchOptions {
  /**
   * Called so that others get their turn: timers, an abort, a page that wants to be drawn. `() => new Promise((done) => setTimeout(done))` does; without
   * it the promise resolves when the search is over and nothing runs before.
   */
  readonly pause?: () => Promise<void>
  /**
   * Milliseconds. With it `pause` is called after every two of them; without it, and with `yieldEvery`, whenever a bit was done, which is about every
   * millisecond.
   */
  readonly clock?: () => number
}

/** Milliseconds of work after which others have their turn. What is done between two looks at the clock takes one or two more. */
const turn = 2

/**
 * The search of `examineSignature` with moments for others, and as deep as the limits allow (every pair of slips and the likely triples, 5 million
 * hypotheses when absent) unless `depth` says otherwise. Never throws for a payment's fault; an abort ends the search with what it has.
 */
export async function searchSignature(payment: Payment, networks: Networks, options: DeepSearchOptions = {}): Promise<SignatureEvidence> {
  const { pause, onProgress, yieldEvery } = options
  const clock = yieldEvery === undefined ? options.clock : undefined
  let began = clock?.() ?? 0
  const runs = async <T>(work: Generator<SearchProgress | undefined, T>): Promise<T> => {
    for (;;) {
      const { done, value } = work.next()
      if (done === true) return value
      if (value !== undefined) onProgress?.(value)
      if (pause === undefined || (clock !== undefined && clock() - began < turn)) continue
      await pause()
      began = clock?.() ?? 0
    }
  }
  const search = await runs(startSearch(payment, networks, { depth: 'deep', ...options }))
  return 'evidence' in search ? search.evidence : runs(search.steps(options.kernel ?? (await loadKernel())))
}
