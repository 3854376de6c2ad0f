import { main } from '../packages/cli/src/main.ts'

export interface CommandRun {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly color?: boolean
  readonly columns?: number
  /** Nobody waits unless given: what stands on stderr does not depend on how fast the machine is. */
  readonly patience?: number
}

/** Runs a command of the CLI in this process, with nothing of the real terminal or environment. */
export async function run(
  args: readonly string[],
  { env = {}, cwd = '/', color = false, columns, patience = Number.POSITIVE_INFINITY }: Surroundings = {},
): Promise<CommandRun> {
  let out = ''
  let err = ''
  const code = await main(args, {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    stdin: async function* () {},
    isPiped: () => false,
    now: () => 1_790_000_000n,
    patience,
    columns,
    color,
    env,
    cwd: () => cwd,
  })
  return { code, out, err }
}
