import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { quote } from '../../errors/quote.ts'
import type { Networks } from '../../networks/networks.ts'
import { takeTurn } from '../../verdict/take-turn.ts'
import type { Payment } from '../payment/payment.ts'
import type { ExpectedDomain } from '../signature/expected-domain.ts'
import type { SearchProgress, SignatureEvidence } from '../signature/forensics.ts'
import type { SignatureHints } from '../signature/hints.ts'
import type { Kernel } from '../signature/kernel/recoverer.ts'
import { type SearchDepth, searchDepths } from '../signature/plan.ts'
import { searchSignature } from '../signature/search-signature.ts'

/**
 * How far a signature that fits nothing is searched over. Without any of these it is every single slip and the pairs that happen most: some 80 000
 * hypotheses, a third of a second of work for a signature that nothing explains, which is what a server can spend on what a stranger sent. Others have
 * their turn every few milliseconds, whatever the limits are. With no `budgetMs` the answer depends on the payment alone.
 */
export interface SearchLimits {
  /** `quick` when absent, and as far as the limits allow where `maxHypotheses` or `budgetMs` sets one. */
  readonly depth?: SearchDepth
  /** The search ends before it tries more than these. */
  readonly maxHypotheses?: number
  /** The search ends after so many milliseconds, those in which others had their turn included. */
  readonly budgetMs?: number
  /** Ends the search with what it has; the rest of the diagnosis is made all the same. */
  readonly signal?: { readonly aborted: boolean }
  /** Hypotheses between one moment for others and the next; as many as take two milliseconds when absent. */
  readonly yieldEvery?: number
  /** What the caller knows beyond the payment. */
  readonly hints?: SignatureHints
  /** Holds the tables, which take some milliseconds to make: one of `loadKernel()` does for all searches of a thread. */
  readonly kernel?: Kernel
  readonly onProgress?: (progress: SearchProgress) => void
  /** The clock, in milliseconds; `performance.now` when absent. */
  readonly now?: () => number
}

/** Searches, and lets everybody else have a turn meanwhile. */
export type Search = (payment: Payment, expected?: ExpectedDomain) => Promise<SignatureEvidence>

/** @throws Eip3009Error `invalid-argument` for a limit that is none. */
export function searchWithin(networks: Networks, limits: SearchLimits = {}): Search {
  const { depth, maxHypotheses, budgetMs, signal, yieldEvery, hints, kernel, onProgress, now = () => performance.now() } = limits
  if (depth !== undefined && !searchDepths.includes(depth)) throw wrong('depth', `one of ${searchDepths.join(', ')}`, depth)
  if (maxHypotheses !== undefined && !(Number.isSafeInteger(maxHypotheses) && maxHypotheses >= 0))
    throw wrong('maxHypotheses', 'a whole number', maxHypotheses)
  if (budgetMs !== undefined && !(budgetMs >= 0)) throw wrong('budgetMs', 'a number of milliseconds', budgetMs)
  if (yieldEvery !== undefined && !(Number.isSafeInteger(yieldEvery) && yieldEvery > 0))
    throw wrong('yieldEvery', 'a whole number above 0', yieldEvery)
  return (payment, expected) =>
    searchSignature(payment, networks, {
      depth: depth ?? (maxHypotheses === undefined && budgetMs === undefined ? 'quick' : 'deep'),
      pause: takeTurn,
      clock: now,
      ...(maxHypotheses === undefined ? {} : { maxHypotheses }),
      ...(budgetMs === undefined ? {} : { timeLimit: { timeoutMs: budgetMs, now } }),
      ...(signal === undefined ? {} : { signal }),
      ...(yieldEvery === undefined ? {} : { yieldEvery }),
      ...(hints === undefined ? {} : { hints }),
      ...(kernel === undefined ? {} : { kernel }),
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(expected === undefined ? {} : { expected }),
    })
}

function wrong(name: string, wanted: string, got: unknown): Eip3009Error {
  return new Eip3009Error('invalid-argument', `The option search.${name} takes ${wanted}; got ${quote(got)}.`)
}
