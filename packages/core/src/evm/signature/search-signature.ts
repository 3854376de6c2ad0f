import type { Networks } from '../../networks/networks.ts'
import type { Payment } from '../payment/payment.ts'
import { type Ended, type SearchOptions, type SearchProgress, type SignatureEvidence, startSearch } from './forensics.ts'
import { loadKernel } from './kernel/create.ts'
import type { Kernel } from './kernel/recoverer.ts'

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

/** The kernel of a search that is over, with its tables, for the next one: two at a time have two, since in one they would wait for each other. */
let idle: Kernel | undefined

/** A search that was cut may have left half a table. */
const cut: ReadonlySet<Ended> = new Set(['timeout', 'aborted'])

async function withKernel(search: (kernel: Kernel) => Promise<SignatureEvidence>): Promise<SignatureEvidence> {
  const kernel = idle ?? (await loadKernel())
  if (kernel === idle) idle = undefined
  const evidence = await search(kernel)
  if (!cut.has(evidence.ended)) idle = kernel
  return evidence
}

/** The last answers, by the set of networks and by all else that they follow from: a client that tries again sends the same bytes. */
const answers = new WeakMap<Networks, Map<string, SignatureEvidence>>()
const mostAnswers = 16

/** What an answer follows from; undefined where it hangs on the machine, too, or is a part of one. */
function questionOf(payment: Payment, options: DeepSearchOptions): string | undefined {
  const { kernel, timeLimit, signal, yieldEvery, slice, depth, maxHypotheses, only, hints, expected } = options
  if ([kernel, timeLimit, signal, yieldEvery, slice].some((each) => each !== undefined)) return undefined
  return JSON.stringify([payment, depth, maxHypotheses, only, hints, expected], (_, value) =>
    typeof value === 'bigint' ? `${value}n` : value,
  )
}

/**
 * The search of `examineSignature` with moments for others, and as deep as the limits allow (every pair of slips and the likely triples, 5 million
 * hypotheses when absent) unless `depth` says otherwise. Never throws for a payment's fault; an abort ends the search with what it has.
 * An answer that was given lately and depends on no limit of time is given again without a search, and `onProgress` then hears nothing.
 */
export async function searchSignature(payment: Payment, networks: Networks, options: DeepSearchOptions = {}): Promise<SignatureEvidence> {
  // The search does not see how a payment was written: forms of the same payment have the same answer.
  const asked: Payment = { ...payment, form: 'authorization-and-signature', recognised: '', findings: [] }
  const question = questionOf(asked, options)
  if (question === undefined) return search(asked, networks, options)
  const kept = answers.get(networks) ?? new Map<string, SignatureEvidence>()
  answers.set(networks, kept)
  const answer = kept.get(question) ?? (await search(asked, networks, options))
  kept.delete(question)
  kept.set(question, answer)
  const [oldest] = kept.keys()
  if (kept.size > mostAnswers && oldest !== undefined) kept.delete(oldest)
  return answer
}

async function search(payment: Payment, networks: Networks, options: DeepSearchOptions = {}): Promise<SignatureEvidence> {
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
  if ('evidence' in search) return search.evidence
  return options.kernel === undefined ? withKernel((kernel) => runs(search.steps(kernel))) : runs(search.steps(options.kernel))
}
