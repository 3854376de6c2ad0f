/** One thread of a search: the steps of its slice, until one has a match, another thread has one earlier in the order, or the search ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { searchSteps } from '../evm/signature/forensics.ts'
import { shared as places, type ThreadMessage, type ThreadTask } from './messages.ts'

const { payment, networks, options, shared } = workerData as ThreadTask
const { timeoutMs, ...rest } = options
const say = (message: ThreadMessage): void => parentPort?.postMessage(message)

let step = options.slice.from - 1
const steps = searchSteps(payment, networks, {
  ...rest,
  ...(timeoutMs === undefined ? {} : { timeLimit: { timeoutMs, now: () => performance.now() } }),
  // A match further on in the order is no better answer than one that is known.
  signal: {
    get aborted() {
      return Atomics.load(shared, places.stop) === 1 || step > Atomics.load(shared, places.firstMatch)
    },
  },
})
for (;;) {
  const { done, value } = steps.next()
  if (done === true) {
    if (value.matches.length > 0) noteMatch(step)
    say({ kind: 'done', evidence: value, step })
    break
  }
  step = value.step
  say({ kind: 'progress', tried: value.tried, order: value.order })
}

/** Lowers the first step with a match to this one, unless it is lower already. */
function noteMatch(found: number): void {
  for (;;) {
    const known = Atomics.load(shared, places.firstMatch)
    if (known <= found || Atomics.compareExchange(shared, places.firstMatch, known, found) === known) return
  }
}
