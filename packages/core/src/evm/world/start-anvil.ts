import { AsyncLocalStorage } from 'node:async_hooks'
import type { ChildProcess } from 'node:child_process'
import { channel } from 'node:diagnostics_channel'
import { existsSync } from 'node:fs'
import { Agent, request as httpRequest } from 'node:http'
import { Socket } from 'node:net'
import { dirname } from 'node:path'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { quote } from '../../errors/quote.ts'
import { timerMs } from '../../rpc/timer.ts'
import { existing, locateAnvil } from './locate-anvil.ts'
import { missingPackage } from './missing-package.ts'

export interface AnvilOptions {
  readonly chainId: number
  /** Path of the anvil binary; `locateAnvil()` when absent. */
  readonly binary?: string
  /** Milliseconds until anvil must have answered; 60 000 when absent, for a machine that is busy: an idle one takes 100. */
  readonly startTimeout?: number
  /** The chain whose state it begins with; an empty one when absent. */
  readonly fork?: AnvilFork
  /** The file of a state that an anvil dumped, to begin with. */
  readonly loadState?: string
}

/** Where a fork begins. The URL is a door of ours (`openDoor`), since arguments are there for everybody to read. */
export interface AnvilFork {
  readonly url: string
  readonly block: bigint
  /**
   * Whether what was read may be kept on disk for the next time, in ~/.foundry/cache. anvil keeps it by chain id and block number, so of a local
   * chain, of which there are many with the same numbers, nothing may be kept.
   */
  readonly cache: boolean
  /** Compute units a second, as some providers count requests; no limit when absent. */
  readonly computeUnitsPerSecond?: number
  /** How often anvil repeats a question, and how long it waits for an answer, in milliseconds. */
  readonly retries: number
  readonly timeout: number
}

export interface RpcCall {
  readonly method: string
  readonly params: readonly unknown[]
}

/** What anvil answered to one call: its result, or why it refused, with the revert data where it has some. */
export type RpcAnswer =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string; readonly data?: unknown } }

/**
 * An anvil that this process started. Its `request`, `batch` and `answers` are bound to the port that it printed, on 127.0.0.1, and are the
 * toolkit's only way to send a transaction: there is no URL to give, so nothing can be sent to any other chain.
 */
export interface Anvil {
  readonly chainId: number
  readonly port: number
  /** Of the started process, which is also its process group's id where there are process groups. */
  readonly pid: number
  /** @throws Eip3009Error `chain-unavailable` when anvil has ended or refuses the call. */
  request(method: string, params?: readonly unknown[]): Promise<unknown>
  /**
   * Several calls in one round trip, results in order. anvil works on them side by side, so they must not depend on each other.
   * @throws Eip3009Error `chain-unavailable` when anvil has ended or refuses one of them.
   */
  batch(calls: readonly RpcCall[]): Promise<readonly unknown[]>
  /**
   * As `batch`, for calls whose revert is an answer too.
   * @throws Eip3009Error `chain-unavailable` when anvil has ended.
   */
  answers(calls: readonly RpcCall[]): Promise<readonly RpcAnswer[]>
  /** Ends anvil and resolves when it has ended. May be called again. */
  stop(): Promise<void>
}

/**
 * What runs between us and anvil where there is a POSIX shell. Standard input is a pipe from us, and the kernel closes it however we
 * end, SIGKILL included; then the watcher kills anvil. The shell waits for anvil, so anvil's process id cannot be given to another
 * process before the watcher is gone, and it waits for the watcher too, so neither stays behind as a zombie in containers whose
 * first process does not collect orphans. Last, the shell ends what is left of its own process group, for an `anvil` that is a script
 * around the real one. anvil has no state worth a gentle end.
 */
const watchedLaunch = `exec 3<&0 </dev/null
"$@" 3<&- &
anvil=$!
{ read -r line <&3; kill -KILL "$anvil"; } >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$anvil"
status=$?
trap '' TERM
kill -TERM -$$ 2>/dev/null
wait "$watcher" 2>/dev/null
exit "$status"`

const shell = '/bin/sh'

/** One stuck call must not hang a diagnosis. The slowest of ours takes 30 ms on a machine that has nothing else to do. */
const answerTimeout = 120_000

/** How long the watcher gets before the started process is killed directly. */
const stopGrace = 2_000

/**
 * Starts anvil on a free port of 127.0.0.1, with blocks mined on demand only, its clock at zero, free gas and every account unlocked.
 * It ends with this process, whatever ends that, and does not keep it alive.
 * @throws Eip3009Error `missing-package`; `invalid-argument` for a binary that is not there; `chain-unavailable` when anvil ends, cannot
 * be started, or does not answer in time. Nothing stays behind then.
 */
export async function startAnvil(options: AnvilOptions): Promise<Anvil> {
  const { chainId, startTimeout = 60_000 } = options
  const binary = options.binary === undefined ? locateAnvil() : existing(options.binary, 'The option binary')
  const createAnvil = await loadCreateAnvil()
  const watched = process.platform !== 'win32' && existsSync(shell)

  let output = ''
  let heardPort: (port: number) => void = () => undefined
  const listening = new Promise<number>((resolve) => {
    heardPort = resolve
  })
  const starter = createAnvil({
    anvilBinary: binary,
    chainId,
    // anvil would listen elsewhere when ANVIL_IP_ADDR says so.
    host: '127.0.0.1',
    port: 0,
    // A chain that somebody else began has a time of its own.
    ...(options.fork === undefined && options.loadState === undefined ? { timestamp: 0 } : {}),
    accounts: 2,
    noMining: true,
    autoImpersonate: true,
    gasPrice: 0,
    blockBaseFeePerGas: 0,
    // Ours comes first.
    startTimeout: timerMs(startTimeout + 2 * stopGrace),
    execArgs: ([file, given, spawning]) => {
      // anvil writes old states to ~/.foundry otherwise, and leaves them there when it is killed.
      const args = [...given, '--max-persisted-states', '0', ...stateArguments(options)]
      const shared = {
        ...spawning,
        // execa would otherwise keep everything that anvil ever prints.
        buffer: false,
        stdin: 'pipe',
        killSignal: 'SIGKILL',
        // A foundry.toml or a variable of somebody's project is not for our chain.
        cwd: dirname(binary),
        extendEnv: false,
        env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(ANVIL|DAPP|ETH|FOUNDRY)_/.test(name))),
      } as const
      // With a session of its own, a terminal's Ctrl-C reaches us and not anvil: when to end is ours to decide.
      return watched ? [shell, ['-c', watchedLaunch, 'eip3009-anvil', file, ...args], { ...shared, detached: true }] : [file, args, shared]
    },
  })
  const stopListening = starter.on('message', (text) => {
    output += text
    const port = /Listening on 127\.0\.0\.1:(\d+)\s/.exec(output)?.[1]
    if (port !== undefined) heardPort(Number(port))
  })

  const { child, started } = await spawned(() => starter.start())
  if (child === undefined) {
    await starter.stop()
    throw unavailable('anvil cannot be started here: this runtime does not tell about the processes that it starts.')
  }
  let timer: NodeJS.Timeout | undefined
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(unavailable(`it ended with ${signal ?? `exit code ${code}`}`)))
    timer = setTimeout(() => reject(unavailable(`it did not answer within ${startTimeout} ms`)), timerMs(startTimeout))
  })
  const anvil = bind(child, watched)
  // Both lose the race in one of the cases below; the race has reported what counts.
  started.catch(() => undefined)
  failed.catch(() => undefined)
  try {
    const port = await Promise.race([listening, failed])
    const rpc = anvil.listensAt(port)
    const answered = await Promise.race([rpc.request('eth_chainId'), failed])
    if (answered !== `0x${chainId.toString(16)}`) throw unavailable(`it answered chain id ${quote(answered)} instead of ${chainId}`)
    anvil.detach()
    return { chainId, port, pid: child.pid ?? 0, ...rpc, stop: anvil.stop }
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\.$/, '') : quote(error)
    await anvil.lastHeard()
    const words = lastWords(output)
    await anvil.stop()
    throw unavailable(`anvil did not start: ${reason}. ${words}`, error)
  } finally {
    clearTimeout(timer)
    stopListening()
  }
}

/** @viem/anvil knows these too, but writes them all before it starts: what it does not know stands beside them. */
function stateArguments({ fork, loadState }: AnvilOptions): string[] {
  // The well-known accounts have a history on real chains, and code by now; blocks of theirs are as full as they like.
  const foreign = ['--mnemonic-random', '12', '--order', 'fifo', '--disable-block-gas-limit', '--disable-min-priority-fee']
  if (loadState !== undefined) return ['--load-state', loadState, ...foreign]
  if (fork === undefined) return []
  const { url, block, cache, computeUnitsPerSecond, retries, timeout } = fork
  return [
    ...['--fork-url', url, '--fork-block-number', String(block), '--retries', String(retries), '--timeout', String(timeout)],
    ...(cache ? [] : ['--no-storage-caching']),
    ...(computeUnitsPerSecond === undefined ? ['--no-rate-limit'] : ['--compute-units-per-second', String(computeUnitsPerSecond)]),
    ...foreign,
  ]
}

/**
 * Runs `start` and catches the child process that it creates, which @viem/anvil keeps to itself. Without it we could not wait for its
 * end, let our own process end before it, or answer for execa's promise, whose rejection nobody else handles when a spawn fails.
 */
async function spawned(start: () => Promise<void>): Promise<{ readonly child: ChildProcess | undefined; readonly started: Promise<void> }> {
  const own = new AsyncLocalStorage<true>()
  const created = channel('child_process')
  let child: ChildProcess | undefined
  let seen: () => void = () => undefined
  const first = new Promise<void>((resolve) => {
    seen = resolve
  })
  const onCreated = (message: unknown): void => {
    if (own.getStore() !== true) return
    const { process } = message as { readonly process: ChildProcess & Partial<Promise<unknown>> }
    child = process
    // execa makes it a promise after this call and before the next turn of the event loop.
    queueMicrotask(() => {
      process.catch?.(() => undefined)
      seen()
    })
  }
  created.subscribe(onCreated)
  const started = own.run(true, start)
  started.then(seen, seen)
  await first
  created.unsubscribe(onCreated)
  // While one is in use, Node 20 tracks every promise of the process.
  own.disable()
  return { child, started }
}

/** Everything that may be done with a started process. */
function bind(child: ChildProcess, watched: boolean) {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  const pipes = [child.stdin, child.stdout, child.stderr].filter((stream) => stream instanceof Socket)
  const handles = [child, ...pipes]
  let ended = false
  let stopping: Promise<void> | undefined
  const end = new Promise<void>((resolve) => {
    const done = (): void => {
      ended = true
      agent.destroy()
      resolve()
    }
    child.once('exit', done)
  })
  let silent = false
  const silence = new Promise<void>((resolve) => {
    child.once('close', () => {
      silent = true
      resolve()
    })
  })
  child.once('error', () => {
    // A process that could not be started never exits, and @viem/anvil would wait for that until its own time limit.
    if (child.pid === undefined) child.emit('exit', null, null)
  })
  child.stdin?.on('error', () => undefined)

  const stop = async (): Promise<void> => {
    if (ended) return
    for (const handle of handles) handle.ref()
    if (watched) child.stdin?.destroy()
    else child.kill('SIGKILL')
    const timer = setTimeout(() => child.kill('SIGKILL'), stopGrace)
    await end
    clearTimeout(timer)
  }

  /** The end of a process is told before its last words have been read. What it has started elsewhere can hold its output open, and is not waited for. */
  const lastHeard = async (): Promise<void> => {
    if (!ended || silent) return
    let timer: NodeJS.Timeout | undefined
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, 5 * stopGrace)
    })
    await Promise.race([silence, enough])
    clearTimeout(timer)
  }

  const listensAt = (port: number): Pick<Anvil, 'request' | 'batch' | 'answers'> => {
    const answers = (calls: readonly RpcCall[]): Promise<readonly RpcAnswer[]> => {
      // The port of an ended anvil may already be somebody else's.
      if (ended || stopping !== undefined) return Promise.reject(unavailable('The local chain has been closed.'))
      return post(agent, port, calls)
    }
    const batch = async (calls: readonly RpcCall[]): Promise<readonly unknown[]> => results(calls, await answers(calls))
    return {
      request: async (method, params = []) => (await batch([{ method, params }]))[0],
      batch,
      answers,
    }
  }

  return {
    listensAt,
    lastHeard,
    detach: (): void => {
      for (const handle of handles) handle.unref()
    },
    stop: (): Promise<void> => {
      stopping ??= stop()
      return stopping
    },
  }
}

function post(agent: Agent, port: number, calls: readonly RpcCall[]): Promise<readonly RpcAnswer[]> {
  const body = JSON.stringify(calls.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params })))
  return new Promise((resolve, reject) => {
    const fail = (reason: string, cause?: unknown): void =>
      reject(unavailable(`The local chain did not answer ${calls[0]?.method}: ${reason}.`, cause))
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        agent,
        method: 'POST',
        timeout: answerTimeout,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
        })
        response.on('error', (error) => fail(error.message, error))
        response.on('end', () => {
          try {
            resolve(inOrder(calls, text))
          } catch (error) {
            if (error instanceof Eip3009Error) reject(error)
            else fail(`HTTP ${response.statusCode}, ${quote(text)}`, error)
          }
        })
      },
    )
    request.on('timeout', () => request.destroy(new Error(`no answer within ${answerTimeout} ms`)))
    request.on('error', (error) => fail(error.message, error))
    request.end(body)
  })
}

/** The answers to a batch in the order of its calls, which is not always the order of their arrival. */
function inOrder(calls: readonly RpcCall[], text: string): readonly RpcAnswer[] {
  const answers = JSON.parse(text) as readonly (RpcAnswer & { readonly id: number })[]
  const byId = new Map(answers.map((answer) => [answer.id, answer]))
  return calls.map(({ method }, id) => {
    const answer = byId.get(id)
    if (answer === undefined) throw unavailable(`The local chain gave no answer to ${method}.`)
    return answer
  })
}

function results(calls: readonly RpcCall[], answers: readonly RpcAnswer[]): readonly unknown[] {
  return answers.map((answer, index) => {
    if ('error' in answer) throw new AnvilRefusal(calls[index]?.method ?? '', answer.error.message)
    return answer.result
  })
}

/** anvil's own no to a request. `words` are anvil's, as they came. */
export class AnvilRefusal extends Eip3009Error {
  readonly method: string
  readonly words: string

  constructor(method: string, words: string) {
    super('chain-unavailable', `The local chain refused ${method}: ${quote(words)}.`)
    this.method = method
    this.words = words
  }
}

async function loadCreateAnvil(): Promise<typeof import('@viem/anvil').createAnvil> {
  try {
    const { createAnvil } = await import('@viem/anvil')
    return createAnvil
  } catch (error) {
    throw missingPackage('@viem/anvil', error)
  }
}

function unavailable(message: string, cause?: unknown): Eip3009Error {
  return new Eip3009Error('chain-unavailable', message, { cause })
}

function lastWords(output: string): string {
  const line = output.trim().split('\n').at(-1)
  return line === undefined || line === '' ? 'It printed nothing.' : `Its last words: ${quote(line.trim())}.`
}
