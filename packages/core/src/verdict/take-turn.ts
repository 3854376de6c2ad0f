/** As much of the platform as is used here: Node has the first, a browser the second. */
interface Platform {
  readonly setImmediate?: (call: () => void) => unknown
  readonly setTimeout: (call: () => void) => unknown
}

const { setImmediate: soon, setTimeout: later }: Platform = globalThis as unknown as Platform

/** A moment in which everything else that waits is done: requests, timers, other searches. */
function moment(): Promise<void> {
  return new Promise((done) => {
    if (soon === undefined) later(done)
    else soon(done)
  })
}

let queue: Promise<void> = Promise.resolve()

/**
 * Waits until everybody else had a turn. One of those who wait goes on in each round of the event loop, so that it is kept for as long as one
 * slice of work takes, and not as many as there are searches at a time: the event loop is one a process, and so is its queue.
 */
export function takeTurn(): Promise<void> {
  queue = queue.then(moment)
  return queue
}
