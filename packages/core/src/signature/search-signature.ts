import type { Networks } from '../networks/networks.ts'
import type { Payment } from '../payment/payment.ts'
import { type SearchOptions, type SignatureEvidence, searchSteps } from './forensics.ts'
import { createKernel } from './kernel/create.ts'

export interface DeepSearchOptions extends SearchOptions {
  /**
   * Called between steps, each a few hundredths of a second long, so that others get their turn: timers, an abort, a page that wants to be
   * drawn. `() => new Promise((done) => setTimeout(done))` does; without it the promise resolves when the search is over and nothing runs before.
   */
  readonly pause?: () => Promise<void>
}

/** Nearly all pairs, and the likely triples, in about half a minute on one thread. */
const deep = { wasm: 5_000_000, noble: 30_000 } as const

/**
 * The search of `examineSignature` for as long as it takes: every pair of slips and the likely triples, up to `maxHypotheses` (5 million when
 * absent), `timeLimit` or `signal`. Never throws for a payment's fault; an abort ends the search with what it has.
 */
export async function searchSignature(payment: Payment, networks: Networks, options: DeepSearchOptions = {}): Promise<SignatureEvidence> {
  const kernel = options.kernel ?? createKernel()
  const steps = searchSteps(payment, networks, { maxHypotheses: deep[kernel.backend], ...options, kernel })
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
    options.onProgress?.(value)
    await options.pause?.()
  }
}
