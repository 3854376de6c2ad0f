import { fstatSync } from 'node:fs'
import type { Secrets, Sharer } from '@eip3009/core'
import { exitCodes } from './exit-codes.ts'

/** What --share keeps in mind while a command runs: the secrets of what it was given, so that nothing that it prints holds a piece of them. */
export interface Sharing extends Pick<Sharer, 'model'> {
  /** Takes note of an input as it was read, whatever becomes of it. */
  readonly read: (input: string | Uint8Array) => void
  /** Takes note of what a payment's signature says once it is understood. */
  readonly know: (secrets: Secrets) => void
}

/** Everything that a command knows of the world around it, so that tests can drive it in-process. */
export interface Console {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly stdin: () => AsyncIterable<Uint8Array>
  /** Whether somebody gives something on standard input without being asked: a pipe or a file, and no terminal. */
  readonly isPiped: () => boolean
  /** Calls it when somebody interrupts, or reads what is printed no more, once; returns what takes that back. Absent where nobody can. */
  readonly onInterrupt?: (stop: () => void) => () => void
  /** Unix seconds. */
  readonly now: () => bigint
  /** Milliseconds after which somebody who waits is told what for; infinite where nobody does. */
  readonly patience: number
  /** Columns of the terminal, undefined when the output is piped. */
  readonly columns: number | undefined
  readonly color: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  /** The folder that files and packages are looked up from. */
  readonly cwd: () => string
  /** Present with --share. */
  readonly sharing?: Sharing
}

/** The real terminal. Colour follows NO_COLOR and FORCE_COLOR, and is off when the output is piped. */
export function processConsole(): Console {
  const { env, stdout, stderr, stdin } = process
  // A reader that stops early (`| head`) is no fault of ours, and changes nothing about the payment: the exit code still tells of that. What can't
  // be written for another reason, such as a full disk, is no report at all.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return
    stderr.write(
      `eip3009: the report could not be written (${error.code ?? 'for no reason that was given'}); nothing is known from what is there of it.\n`,
    )
    process.exit(exitCodes.inconclusive)
  })
  // Nobody who stops listening to the progress wants the report to stop with it.
  stderr.on('error', () => undefined)
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0'
  const plain = env.NO_COLOR !== undefined && env.NO_COLOR !== ''
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    stdin: () => stdin,
    isPiped: () => {
      try {
        // As bigints: Node keeps the numbers of the last file that it looked at, and realpathSync, by which modules are found, stops at once where that was a pipe.
        const about = fstatSync(0, { bigint: true })
        return about.isFIFO() || about.isFile() || about.isSocket()
      } catch {
        // It was closed before this began.
        return false
      }
    },
    onInterrupt: (stop) => {
      // Whoever interrupts a second time does not want to wait for what the first one does.
      process.once('SIGINT', stop)
      process.once('SIGTERM', stop)
      // Whoever stopped reading waits for nothing that comes now, and a shell waits for all of its pipe.
      stdout.once('error', stop)
      return () => {
        stdout.off('error', stop)
        process.off('SIGINT', stop)
        process.off('SIGTERM', stop)
      }
    },
    now: () => BigInt(Math.floor(Date.now() / 1000)),
    patience: 1000,
    columns: stdout.isTTY ? stdout.columns : undefined,
    color: !plain && (forced || stdout.isTTY === true),
    env,
    // Asked only by who needs it: it can be gone, and then asking fails.
    cwd: () => process.cwd(),
  }
}
