import { type ChainClient, chainClient, type RpcAnswer, type RpcCall } from './chain-client.ts'
import { timerMs } from './timer.ts'

interface Waiting {
  readonly calls: readonly RpcCall[]
  readonly resolve: (answers: readonly RpcAnswer[]) => void
}

export interface GatheringOptions {
  /** Milliseconds from now on after which every call is answered with a failure, whatever the RPC does. */
  readonly timeout: number
}

/** A client that sends what several readers ask at the same moment in one round trip, and that stops waiting when the time is up. */
export interface GatheringClient extends ChainClient {
  /** Lets go of the timer; what is asked afterwards is answered as if the time were up. */
  stop(): void
}

export function gatheringClient(client: ChainClient, { timeout }: GatheringOptions): GatheringClient {
  const held = chainClient(client.description, (calls) => client.batch(calls))
  const late: RpcAnswer = { kind: 'failed', reason: `it took more than ${timeout} ms in all` }
  let waiting: Waiting[] = []
  let over = false
  let end: () => void = () => undefined
  const ended = new Promise<undefined>((resolve) => {
    end = () => {
      over = true
      resolve(undefined)
    }
  })
  const timer = setTimeout(() => end(), timerMs(timeout))

  const send = async (): Promise<void> => {
    const asked = waiting
    waiting = []
    const calls = asked.flatMap((each) => each.calls)
    // The client can be one that a caller made: one that throws is held here, where nobody else waits for it.
    const answers = over ? undefined : await Promise.race([held.batch(calls), ended])
    let at = 0
    for (const { calls: own, resolve } of asked) {
      const start = at
      resolve(own.map((_, index) => answers?.[start + index] ?? late))
      at += own.length
    }
  }

  const gathering = chainClient(client.description, (calls) => {
    // A turn of the event loop, so that readers which continue on the same answer meet again.
    if (waiting.length === 0) setTimeout(() => void send(), 0)
    return new Promise((resolve) => {
      waiting.push({ calls, resolve })
    })
  })
  return {
    ...gathering,
    stop: () => {
      clearTimeout(timer)
      end()
    },
  }
}
