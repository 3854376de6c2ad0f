import yargs from 'yargs'
import { version } from '../package.json' with { type: 'json' }
import type { Runner } from './commands/command.ts'
import { compare } from './commands/declare-compare.ts'
import { decode } from './commands/declare-decode.ts'
import { diagnose } from './commands/declare-diagnose.ts'
import { domains } from './commands/declare-domains.ts'
import { explain } from './commands/declare-explain.ts'
import { identify } from './commands/declare-identify.ts'
import { networks } from './commands/declare-networks.ts'
import { regress } from './commands/declare-regress.ts'
import { replay } from './commands/declare-replay.ts'
import { signature } from './commands/declare-signature.ts'
import { status } from './commands/declare-status.ts'
import type { Console } from './console.ts'
import { exitCodes } from './exit-codes.ts'
import { standardInput } from './sources/standard-input.ts'
import { nothingGiven, UsageError } from './usage-error.ts'

/** In the order in which the help lists them. */
const commands = [diagnose, status, replay, signature, compare, decode, explain, domains, networks, identify, regress]

/**
 * Parses the arguments, runs one command and returns the exit code. Nothing but the parser is loaded before a command is chosen.
 */
export async function main(args: readonly string[], console: Console): Promise<number> {
  let exitCode: number = exitCodes.settles
  // What a command failed with is told where it would have printed its report.
  let used = console
  const run: Runner = async (share, work) => {
    if (share) used = (await import('./sharing.ts')).sharingConsole(console)
    exitCode = await work(used)
  }
  // yargs takes a lone - for an option without a name, and its value is lost.
  const words = args.map((word) => (word === '-' ? standardInput : word))
  // It would ask for the working directory, of which it needs nothing, and which can be gone.
  const parser = commands
    .reduce((all, command) => command.addTo(all, run), yargs(words, '/'))
    .scriptName('eip3009')
    // --json.x would be taken for --json, and an option's complaint be in the language of the machine.
    .parserConfiguration({ 'dot-notation': false })
    .detectLocale(false)
    .usage('$0 <command>\n\nFind out why an EIP-3009 payment failed, and prove it.')
    .demandCommand(1, 'No command was given; try: eip3009 diagnose payment.json')
    .strict()
    .version(version)
    .help()
    .alias('h', 'help')
    .wrap(Math.min(console.columns ?? 100, 110))
    .exitProcess(false)
    .check((argv, options) => eachOnce(argv, options) && switchesWithoutValue(args, options), true)
    .fail((message, error) => {
      // yargs throws its own where an option has no value.
      throw error === undefined || error.name === 'YError' ? new UsageError(plainly(message ?? error?.message ?? '', args)) : error
    })

  helpless(parser)
  try {
    await parser.parseAsync(words, {}, (_error, _argv, output) => {
      if (output !== '') console.out(`${output}\n`)
    })
    return exitCode
  } catch (error) {
    const { describeError, exitCodeOfError } = await import('./report-error.ts')
    used.err(`eip3009: ${describeError(error)}\n`)
    return exitCodeOfError(error)
  }
}

/** yargs lays out the whole help of a command whenever one runs, ten milliseconds for what nobody reads. With --help it is made when it is asked for. */
function helpless(parser: object): void {
  const { getInternalMethods } = parser as { getInternalMethods(): { getUsageInstance(): { cacheHelpMessage: () => void } } }
  getInternalMethods.call(parser).getUsageInstance().cacheHelpMessage = () => undefined
}

/**
 * Refuses an option that is given more than once where one counts: yargs makes a list of it, which no command expects.
 * The declared lists are in the options that yargs really passes; its types speak of aliases there.
 */
function eachOnce(argv: Readonly<Record<string, unknown>>, options: unknown): true {
  const { array } = options as { readonly array: readonly string[] }
  // Each name comes in camel case, too.
  const twice = Object.keys(argv).find((name) => Array.isArray(argv[name]) && /^[a-z-]+$/.test(name) && !array.includes(name))
  if (twice === undefined) return true
  throw new UsageError(`--${twice} is given more than once, and only one can count; give it once.`)
}

/** Refuses a value behind a switch: yargs takes all but `true` for false, so that --replay=yes would replay nothing. */
function switchesWithoutValue(args: readonly string[], options: unknown): true {
  const { boolean } = options as { readonly boolean: readonly string[] }
  for (const word of args) {
    const [, name = '', value] = /^--(?:no-)?([a-zA-Z-]+)=(.*)$/s.exec(word) ?? []
    if (value !== undefined && boolean.includes(name) && value !== 'true' && value !== 'false')
      throw new UsageError(`--${name} takes no value; give it alone, or leave it out.`)
  }
  return true
}

/** yargs's complaints that do not say what to do, said so that they do. */
function plainly(message: string, args: readonly string[]): string {
  const command = args.find((word) => !word.startsWith('-')) ?? ''
  // The parser repeats what was given, of which long hex may be a part of a signature; no option has such a value to choose from.
  const line = message.replace(/\s*\n\s*/g, ' ').replace(/[0-9a-f]{16,}/gi, '…')
  const option = /^Not enough arguments following: (\S+)$/.exec(line)?.[1]
  if (option !== undefined) return `--${option} needs a value behind it; see eip3009 ${command} --help.`
  return line.startsWith('Not enough non-option arguments') ? nothingGiven(command) : `${line}; see eip3009 --help.`
}
