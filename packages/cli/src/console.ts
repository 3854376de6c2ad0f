/** Everything that a command knows of the world around it, so that tests can drive it in-process. */
export interface Console {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly stdin: () => AsyncIterable<Uint8Array>
  /** Unix seconds. */
  readonly now: () => bigint
  /** Columns of the terminal, undefined when the output is piped. */
  readonly columns: number | undefined
  readonly color: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  /** The folder that files and packages are looked up from. */
  readonly cwd: string
}

/** The real terminal. Colour follows NO_COLOR and FORCE_COLOR, and is off when the output is piped. */
export function processConsole(): Console {
  const { env, stdout, stderr, stdin } = process
  // A reader that stops early (`| head`) is no fault of ours.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1)
  })
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0'
  const plain = env.NO_COLOR !== undefined && env.NO_COLOR !== ''
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    stdin: () => stdin,
    now: () => BigInt(Math.floor(Date.now() / 1000)),
    columns: stdout.isTTY ? stdout.columns : undefined,
    color: !plain && (forced || stdout.isTTY === true),
    env,
    cwd: process.cwd(),
  }
}
