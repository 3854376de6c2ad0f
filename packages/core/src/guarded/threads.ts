import { expectedDomain, networks, payment, signal } from '../arguments/payment-shapes.ts'
import { callback, guarded, guardedAsync, list, maybe, milliseconds, object, oneOf, positive, record } from '../arguments/shape.ts'
import { generatorIds } from '../evm/signature/generators.ts'
import { searchDepths } from '../evm/signature/plan.ts'
import { searchInThreads as plainSearchInThreads } from '../threads/search-in-threads.ts'
import { openSearchPool as plainOpenSearchPool } from '../threads/search-pool.ts'

// The functions of the face of the same name, for callers who can give them anything: each refuses what is no argument of it in one sentence.
// Within the package the functions themselves are called, which have types to go by.
export const searchInThreads: typeof plainSearchInThreads = /* @__PURE__ */ guardedAsync(plainSearchInThreads, 'searchInThreads', () => ({
  payment,
  networks,
  options: maybe(
    record('options', {
      threads: maybe(positive),
      maxHypotheses: maybe(positive),
      timeoutMs: maybe(milliseconds),
      onProgress: maybe(callback),
      signal: maybe(signal),
      hints: maybe(object),
      expected: maybe(expectedDomain),
      only: maybe(list(oneOf(generatorIds))),
    }),
  ),
}))

export const openSearchPool: typeof plainOpenSearchPool = /* @__PURE__ */ guarded(plainOpenSearchPool, 'openSearchPool', () => ({
  networks,
  options: record('options', { threads: positive, depth: oneOf(searchDepths), again: maybe(positive) }),
}))
