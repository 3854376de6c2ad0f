import { type ResourceLimits, Worker } from 'node:worker_threads'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import type { Payment } from '../evm/payment/payment.ts'
import type { SignatureEvidence } from '../evm/signature/forensics.ts'
import type { SearchDepth } from '../evm/signature/plan.ts'
import { knowRecovered } from '../evm/signature/recover.ts'
import { searchSignature } from '../evm/signature/search-signature.ts'
import type { Networks } from '../networks/networks.ts'
import type { PoolTask } from './messages.ts'

export interface SearchPoolOptions {
  /** How many threads search at most. */
  readonly threads: number
  readonly depth: SearchDepth
  /** How many hypotheses are tried at most for a payer of whom a whole search explained nothing before; as many as the depth has when absent. */
  readonly again?: number
}

/** Searches many signatures, each in one thread, as many at a time as there are threads. */
export interface SearchPool extends AsyncDisposable {
  /**
   * The same answer as `searchSignature` gives to the same depth, found in fewer tries where the payer was met before.
   * @throws Eip3009Error `internal` when a thread dies.
   */
  search(payment: Payment): Promise<SignatureEvidence>
  close(): Promise<void>
}

/** So many are searched here before threads are started, which takes as long as these do. */
const beforeThreads = 12

/** Where the thread's program stands beside the chunks of the built package. */
const program = new URL('./threads/pool-thread.js', import.meta.url)

/**
 * In MB: what a search drops would otherwise be kept until there are dozens of megabytes of it in each thread. A deeper one holds more at a time; where that
 * is too much all the same, the payment is searched here.
 */
const memory = {
  none: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 56 },
  quick: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 56 },
  pairs: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 },
  deep: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 512 },
} as const satisfies Readonly<Record<SearchDepth, ResourceLimits>>

interface Waiting {
  readonly payment: Payment
  readonly resolve: (evidence: SignatureEvidence) => void
  readonly reject: (error: unknown) => void
}

export function openSearchPool(networks: Networks, { threads, depth, again }: SearchPoolOptions): SearchPool {
  let asked = 0
  let here: Promise<unknown> = Promise.resolve()
  let isBundled = false
  const queue: Waiting[] = []
  const idle: Worker[] = []
  const workers = new Map<Worker, Waiting | undefined>()

  const searchHere = (payment: Payment): Promise<SignatureEvidence> => {
    const next = here.then(() => searchSignature(payment, networks, { depth, pause, clock: () => performance.now() }))
    here = next.catch(() => undefined)
    return next
  }
  const give = (worker: Worker): void => {
    const next = queue.shift()
    workers.set(worker, next)
    if (next === undefined) {
      idle.push(worker)
      // Nobody waits for a thread that has nothing to do.
      worker.unref()
      return
    }
    worker.ref()
    worker.postMessage(next.payment)
  }
  const lose = (worker: Worker, why: string): void => {
    const waiting = workers.get(worker)
    if (!workers.delete(worker)) return
    const error = new Eip3009Error('internal', `A thread of the search died: ${why}.`)
    waiting?.reject(error)
    if (workers.size === 0) for (const each of queue.splice(0)) each.reject(error)
  }
  const start = (): void => {
    const task: PoolTask = { networks, depth, ...(again === undefined ? {} : { again }) }
    const worker = new Worker(program, { workerData: task, resourceLimits: memory[depth] })
    workers.set(worker, undefined)
    worker.on('message', (evidence: SignatureEvidence) => {
      const { digest, recovered, bytes } = evidence
      if (digest !== undefined && bytes.ecdsa !== undefined) knowRecovered(recovered, digest, bytes.ecdsa)
      workers.get(worker)?.resolve(evidence)
      give(worker)
    })
    worker.once('error', (error: NodeJS.ErrnoException) => {
      // Where the package was bundled into one file there is no program for a thread.
      const isMissing = error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND'
      if (!isMissing && error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return lose(worker, error.message)
      isBundled ||= isMissing
      const waiting = workers.get(worker)
      workers.delete(worker)
      const left = isMissing ? queue.splice(0) : []
      for (const each of [...(waiting === undefined ? [] : [waiting]), ...left]) searchHere(each.payment).then(each.resolve, each.reject)
      if (queue.length > 0) start()
    })
    worker.once('exit', (code) => lose(worker, `exit code ${code} and no answer`))
    give(worker)
  }
  const close = async (): Promise<void> => {
    const all = [...workers.keys()]
    workers.clear()
    await Promise.all(all.map((worker) => worker.terminate()))
  }
  return {
    search: (payment) => {
      asked++
      if (asked <= beforeThreads || isBundled) return searchHere(payment)
      return new Promise((resolve, reject) => {
        queue.push({ payment, resolve, reject })
        const worker = idle.shift()
        if (worker !== undefined) give(worker)
        else if (workers.size < threads) start()
      })
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function pause(): Promise<void> {
  return new Promise((done) => setImmediate(done))
}
