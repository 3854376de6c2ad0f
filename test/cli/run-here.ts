import { main } from '../../packages/cli/src/main.ts'
import type { CliResult } from './run-cli.ts'

/** As `runCli` of `run-cli.ts`, in this process: for what is not about the process, whose start costs half a second. Nobody waits, so that no progress is told. */
export async function runCli(
  args: readonly string[],
  input: string | Uint8Array = '',
  environment: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  let [stdout, stderr] = ['', '']
  const code = await main(args, {
    out: (text) => {
      stdout += text
    },
    err: (text) => {
      stderr += text
    },
    stdin: async function* () {
      yield Buffer.from(input)
    },
    isPiped: () => input.length > 0,
    now: () => BigInt(Math.floor(Date.now() / 1000)),
    patience: Number.POSITIVE_INFINITY,
    columns: undefined,
    color: false,
    env: { ...process.env, ...environment },
    cwd: () => process.cwd(),
  })
  return { code, stdout, stderr, progress: '' }
}
