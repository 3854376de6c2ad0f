import type { ArgumentsCamelCase, Argv } from 'yargs'
import type { Console } from '../console.ts'

/** Runs what a command does, on the console that --share asks for, and keeps its exit code. */
export type Runner = (share: boolean, work: (console: Console) => Promise<number> | number) => Promise<void>

/** A command as it declares itself. What it does is loaded when it runs. */
export interface Command {
  addTo(parser: Argv, run: Runner): Argv
}

/**
 * @param usage `diagnose <payment>`
 * @param run returns the exit code
 */
export function defineCommand<Options>(
  usage: string,
  says: string,
  declare: (command: Argv) => Argv<Options>,
  run: (options: ArgumentsCamelCase<Options> & { readonly share: boolean }, console: Console) => Promise<number> | number,
): Command {
  return {
    addTo: (parser, runner) =>
      parser.command(usage, says, declare, async (options) => {
        const share = 'share' in options && options.share === true
        await runner(share, (console) => run(Object.assign(options, { share }), console))
      }),
  }
}
