import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import type { Payment } from '../evm/payment/payment.ts'
import { type SearchOptions, type SignatureEvidence, searchSteps } from '../evm/signature/forensics.ts'
import { createKernel } from '../evm/signature/kernel/create.ts'
import { commonCoverage } from '../evm/signature/plan.ts'
import type { Networks } from '../networks/networks.ts'
import { noMatch, shared as places, type ThreadMessage, type ThreadTask } from './messages.ts'

export interface ThreadedSearchOptions extends Pick<SearchOptions, 'hints' | 'expected' | 'only' | 'depth' | 'signal'> {
  /** How many threads search; as many as the machine runs at once when absent. */
  readonly threads?: number
  /** The search ends before more than these were tried, all threads together; 60 million when absent, a minute or two on four cores. */
  readonly maxHypotheses?: number
  /** Milliseconds after which the search ends with what it has. */
  readonly timeoutMs?: number
  /** Called several times a second at most for each thread. */
  readonly onProgress?: (progress: { readonly tried: number; readonly order: number; readonly threads: number }) => void
}

/** So many are tried here before threads are started, which takes as long as these do. */
const beforeThreads = 60_000
const deep = 60_000_000

/** Where the thread's program stands beside the chunks of the built package. */
const program = new URL('./threads/search-thread.js', import.meta.url)

/**
 * The search of `searchSignature`, shared by threads: the same answer as one thread gives, since that of the earliest step counts. Threads take the steps in
 * turn and know of each other only the earliest match.
 * @throws Eip3009Error `invalid-argument` for a number of threads that is none, `internal` when a thread dies.
 */
export async function searchInThreads(
  payment: Payment,
  networks: Networks,
  { threads = availableParallelism(), maxHypotheses = deep, timeoutMs, signal, onProgress, ...options }: ThreadedSearchOptions = {},
): Promise<SignatureEvidence> {
  if (!Number.isSafeInteger(threads) || threads < 1 || threads > 256) {
    throw new Eip3009Error('invalid-argument', `A search in ${threads} threads was asked for; a whole number from 1 to 256 was expected.`)
  }
  const start = performance.now()
  const kernel = createKernel()
  /** The steps from `from` on, on this thread, with a pause between them for timers, an abort and whoever else waits. */
  const searchHere = async (from: number, most: number): Promise<Done> => {
    const steps = searchSteps(payment, networks, {
      ...options,
      kernel,
      maxHypotheses: most,
      slice: { index: 0, of: 1, from },
      ...(signal === undefined ? {} : { signal }),
      ...(timeoutMs === undefined ? {} : { timeLimit: { timeoutMs, now: () => performance.now() - start } }),
    })
    let step = from - 1
    for (;;) {
      const { done, value } = steps.next()
      if (done === true) return { kind: 'done', evidence: value, step }
      step = value.step
      onProgress?.({ tried: value.tried, order: value.order, threads: 1 })
      await new Promise<void>((next) => setImmediate(next))
    }
  }

  const { evidence: here, step } = await searchHere(0, Math.min(beforeThreads, maxHypotheses))
  if (here.ended !== 'max-hypotheses' || maxHypotheses <= beforeThreads) return here
  const from = step + 1

  const shared = new Int32Array(new SharedArrayBuffer(8))
  shared[places.firstMatch] = noMatch
  const timeLeft = timeoutMs === undefined ? {} : { timeoutMs: Math.max(0, timeoutMs - (performance.now() - start)) }
  const tried = Array.from({ length: threads }, () => 0)
  const workers: Worker[] = []
  try {
    const answers = await Promise.all(
      tried.map((_, index) => {
        const slice = { index, of: threads, from }
        const task: ThreadTask = { payment, networks, options: { ...options, slice, maxHypotheses, ...timeLeft }, shared }
        return answerOf(task, workers, (message) => {
          if (signal?.aborted === true) Atomics.store(shared, places.stop, 1)
          tried[index] = message.tried
          onProgress?.({ tried: here.tried + tried.reduce((sum, each) => sum + each, 0), order: message.order, threads })
        })
      }),
    )
    return merge(here, answers)
  } catch (error) {
    // Where the package was bundled into one file there is no program for a thread.
    if (error instanceof NoProgramError) return merge(here, [await searchHere(from, maxHypotheses)])
    throw error
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

class NoProgramError extends Error {
  override readonly name = 'NoProgramError'
}

type Done = Extract<ThreadMessage, { readonly kind: 'done' }>

/** What a thread of its own makes of a task. It is put among `workers`, which somebody ends. */
function answerOf(
  task: ThreadTask,
  workers: Worker[],
  onProgress: (message: Extract<ThreadMessage, { readonly kind: 'progress' }>) => void,
): Promise<Done> {
  // Within the promise, so that a thread that can not even be made rejects like one that dies, and the others are waited for all the same.
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, { workerData: task })
    workers.push(worker)
    const died = (why: string): void => reject(new Eip3009Error('internal', `A thread of the search died: ${why}.`))
    worker.on('message', (message: ThreadMessage) => {
      if (message.kind === 'done') return resolve(message)
      try {
        onProgress(message)
      } catch (error) {
        // Thrown by a callback of the caller, who waits for this promise; nobody waits for an event.
        reject(error)
      }
    })
    worker.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND') reject(new NoProgramError())
      else died(error.message)
    })
    worker.once('exit', (code) => died(`exit code ${code} and no answer`))
  })
}

/** The answer of the earliest step; what was tried is what all have tried. */
function merge(here: SignatureEvidence, answers: readonly Done[]): SignatureEvidence {
  const counts = new Map(Object.entries(here.triedBy))
  let tried = here.tried
  for (const { evidence } of answers) {
    for (const [kind, count] of Object.entries(evidence.triedBy)) {
      // Each thread looks first whether the signature is simply right, which was tried here.
      if (kind === asChecked) continue
      counts.set(kind, (counts.get(kind) ?? 0) + count)
      tried += count
    }
  }
  const [best] = [...answers].filter(({ evidence }) => evidence.matches.length > 0).sort((a, b) => a.step - b.step)
  const ends = answers.map(({ evidence }) => evidence.ended)
  const ended = (['aborted', 'timeout', 'max-hypotheses', 'depth'] as const).find((each) => ends.includes(each)) ?? 'exhausted'
  return {
    ...(best?.evidence ?? here),
    ended: best === undefined ? ended : 'found',
    tried,
    triedBy: Object.fromEntries([...counts].sort(([, a], [, b]) => b - a)),
    coverage: commonCoverage(answers.map(({ evidence }) => evidence.coverage)),
  }
}

const asChecked = 'as the token checks it'
