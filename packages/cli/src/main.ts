import yargs from 'yargs'
import { version } from '../package.json' with { type: 'json' }
import type { Console } from './console.ts'
import { exitCodes } from './exit-codes.ts'
import { standardInput } from './input.ts'
import { searchOption } from './search.ts'
import { tokenOptions } from './token-options.ts'
import { UsageError } from './usage-error.ts'

/**
 * Parses the arguments, runs one command and returns the exit code. Nothing but the parser is loaded before a command is chosen.
 */
export async function main(args: readonly string[], console: Console): Promise<number> {
  let exitCode: number = exitCodes.settles
  // What a command failed with is told where it would have printed its report.
  let used = console
  const consoleFor = async (shared: boolean): Promise<Console> => {
    if (shared) used = (await import('./sharing.ts')).sharingConsole(console)
    return used
  }
  // yargs takes a lone - for an option without a name, and its value is lost.
  const words = args.map((word) => (word === '-' ? standardInput : word))
  // It would ask for the working directory, of which it needs nothing, and which can be gone.
  const parser = yargs(words, '/')
    .scriptName('eip3009')
    // --json.x would be taken for --json, and an option's complaint be in the language of the machine.
    .parserConfiguration({ 'dot-notation': false })
    .detectLocale(false)
    .usage('$0 <command>\n\nFind out why an EIP-3009 payment failed, and prove it.')
    .command(
      'diagnose <payment>',
      'say what is wrong with a payment, whose fault it is, and what to do',
      (command) =>
        command
          .positional('payment', {
            type: 'string',
            demandOption: true,
            describe:
              'a file, - for standard input, an X-PAYMENT or PAYMENT-SIGNATURE header value, or 0x… calldata or raw transaction; on Solana, too',
          })
          .option('json', { type: 'boolean', default: false, describe: 'print the diagnosis as one JSON object' })
          .option('at', { type: 'string', requiresArg: true, describe: 'when it was submitted: unix seconds, an ISO time, or now' })
          .option('network', {
            type: 'string',
            requiresArg: true,
            describe: 'the network, when the payload does not say: base, 8453, eip155:8453',
          })
          .options(tokenOptions)
          .option('rpc-url', {
            type: 'string',
            array: true,
            nargs: 1,
            describe: 'ask this RPC what the chain knows; a second one has to agree. EIP3009_RPC_BASE and the like count when absent',
          })
          .option('facilitator-address', {
            type: 'string',
            requiresArg: true,
            describe: 'the account that submits: is it able to pay for gas, and did it settle this?',
          })
          .option('block', {
            type: 'string',
            requiresArg: true,
            describe: 'the state of this block, instead of the newest or that of --at',
          })
          .option('timeout', { type: 'number', default: 30_000, requiresArg: true, describe: 'milliseconds that each RPC may take in all' })
          .option('snapshot', {
            type: 'string',
            requiresArg: true,
            describe: 'on Solana: take what a cluster said from this file instead of an RPC',
          })
          .option('save-snapshot', {
            type: 'string',
            requiresArg: true,
            describe: 'on Solana: write what the RPCs said into this new file, so that the diagnosis can be made again without them',
          })
          .option('replay', {
            type: 'boolean',
            default: true,
            describe: 'replay the payment on an embedded chain; --no-replay is faster, and then only what a chain shows twice is proven',
          })
          .option('search', searchOption)
          .option('share', share)
          .example('$0 diagnose settle-body.json', '')
          .example('$0 diagnose settle-body.json --rpc-url https://mainnet.base.org', '')
          .example('pbpaste | $0 diagnose - --json', '')
          .epilogue(
            'Exit code: 0 settles, 1 fails through the payment’s side, 3 fails through facilitator or RPC, 4 inconclusive, 2 bad usage or unreadable input.',
          ),
      async ({ share: shared, ...options }) => {
        const { diagnoseCommand } = await import('./commands/diagnose.ts')
        exitCode = await diagnoseCommand(options, await consoleFor(shared))
      },
    )
    .command(
      'replay <input>',
      'replay a payment or a failed transaction on a chain of our own, and prove why it fails',
      (command) =>
        command
          .positional('input', {
            type: 'string',
            demandOption: true,
            describe: 'a payment, as for diagnose; a transaction hash; a log line that has either; or the directory of an export',
          })
          .option('rpc-url', {
            type: 'string',
            requiresArg: true,
            describe: 'fork this chain, which is only read; without, an embedded one. EIP3009_RPC_BASE and the like count when absent',
          })
          .option('rpc-header', { type: 'string', array: true, nargs: 1, describe: 'a header for the RPC: "Name: value"; can be repeated' })
          .option('network', { type: 'string', requiresArg: true, describe: 'the network, when the input does not say' })
          .options(tokenOptions)
          .option('at', { type: 'string', requiresArg: true, describe: 'when it was submitted: unix seconds, an ISO time, or now' })
          .option('block', {
            type: 'string',
            requiresArg: true,
            describe: 'fork after this block, or on the pending one, instead of the one that counts',
          })
          .option('matrix', { type: 'boolean', default: false, describe: 'try every single intervention too' })
          .option('export', {
            type: 'string',
            requiresArg: true,
            describe: 'write a directory that replays without a network: payment, state, a test, a cast command',
          })
          .option('timeout', {
            type: 'number',
            default: 30_000,
            requiresArg: true,
            describe: 'milliseconds that one request to the RPC may take',
          })
          .option('json', { type: 'boolean', default: false, describe: 'print the replay as one JSON object' })
          .option('search', searchOption)
          .option('share', share)
          .example('$0 replay settle-body.json', '')
          .example('$0 replay 0x… --rpc-url https://mainnet.base.org --matrix', '')
          .example('$0 replay 0x… --rpc-url https://mainnet.base.org --export case', '')
          .epilogue(
            'Exit code: 0 settles, 1 fails through the payment’s side, 3 fails through facilitator or RPC, 4 inconclusive or invalid controls, 2 bad usage or unreadable input.',
          ),
      async ({ share: shared, ...options }) => {
        const { replayCommand } = await import('./commands/replay.ts')
        exitCode = await replayCommand({ ...options, share: shared }, await consoleFor(shared))
      },
    )
    .command(
      'signature <payment>',
      'show each step from the type to the recovered address: what the token computes beside what was signed',
      (command) =>
        command
          .positional('payment', { type: 'string', demandOption: true, describe: 'a payment, as for diagnose' })
          .option('json', { type: 'boolean', default: false, describe: 'print the steps as one JSON object' })
          .option('network', { type: 'string', requiresArg: true, describe: 'the network, when the payload does not say' })
          .options(tokenOptions)
          .option('max-hypotheses', {
            type: 'number',
            requiresArg: true,
            describe: 'search on until so many were tried (60 000 unless given)',
          })
          .option('timeout', { type: 'number', requiresArg: true, describe: 'search on for so many milliseconds' })
          .option('threads', {
            type: 'number',
            requiresArg: true,
            describe: 'of such a longer search; as many as the machine runs at once',
          })
          .option('search', searchOption)
          .option('share', share)
          .example('$0 signature settle-body.json', '')
          .example('$0 signature settle-body.json --timeout 60000', '')
          .epilogue('Exit code: 0 the signature is valid, 1 it is not, 4 nothing tells, 2 bad usage or unreadable input.'),
      async ({ share: shared, ...options }) => {
        const { signatureCommand } = await import('./commands/signature.ts')
        exitCode = await signatureCommand(options, await consoleFor(shared))
      },
    )
    .command(
      'decode <input>',
      'say what something pasted is, and what it means: revert data, an RPC error, a log line, a reason code, a payment, a signature',
      (command) =>
        command
          .positional('input', { type: 'string', demandOption: true, describe: 'a file, - for standard input, or the text itself' })
          .option('json', { type: 'boolean', default: false, describe: 'print what was decoded as one JSON object' })
          .option('share', share)
          .example("$0 decode 'execution reverted: FiatTokenV2: invalid signature'", '')
          .example('$0 decode 0x08c379a0…', '')
          .epilogue('Exit code: 0 decoded, 2 nothing in it is known, or bad usage.'),
      async ({ share: shared, ...options }) => {
        const { decodeCommand } = await import('./commands/decode.ts')
        exitCode = await decodeCommand(options, await consoleFor(shared))
      },
    )
    .command(
      'explain [cause]',
      'tell one cause in full, or list all',
      (command) =>
        command
          .positional('cause', { type: 'string', describe: 'the id of a cause, e.g. domain-name-mismatch' })
          .option('json', { type: 'boolean', default: false, describe: 'print the catalogue entry as JSON' })
          .option('format', { choices: ['text', 'markdown'] as const, default: 'text' as const, describe: 'how to print it' })
          .example('$0 explain eip7702-payer', ''),
      async (options) => {
        const { explainCommand } = await import('./commands/explain.ts')
        exitCode = explainCommand(options, console)
      },
    )
    .command(
      'domains [networks..]',
      'compare EIP-712 domains: registry, computed, on chain, and somebody’s table',
      (command) =>
        command
          .positional('networks', { type: 'string', array: true, describe: 'only these: base, 8453, eip155:8453; all when absent' })
          .option('rpc-url', { type: 'string', requiresArg: true, describe: 'read the one network that is named from this RPC' })
          .option('rpc', { type: 'string', array: true, nargs: 1, describe: 'read a network from an RPC: base=URL; can be repeated' })
          .option('against', { type: 'string', requiresArg: true, describe: 'a table as a JSON file, or an installed package: @x402/evm' })
          .option('timeout', { type: 'number', default: 10_000, requiresArg: true, describe: 'milliseconds that a request may take' })
          .option('json', { type: 'boolean', default: false, describe: 'the same as --format json' })
          .option('format', { choices: ['text', 'markdown', 'json'] as const, default: 'text' as const, describe: 'how to print it' })
          .example('$0 domains --against table.json', '')
          .example('$0 domains base --rpc-url https://mainnet.base.org', '')
          .epilogue(
            'RPCs can also be given as EIP3009_RPC_BASE, EIP3009_RPC_BASE_SEPOLIA …; without one, no network is used.\nExit code: 0 all agree, 1 something differs, 4 a chain could not be read, 2 bad usage or unreadable input.',
          ),
      async (options) => {
        const { domainsCommand } = await import('./commands/domains.ts')
        exitCode = await domainsCommand(options, console)
      },
    )
    .command(
      'networks [network]',
      'list the networks, or tell one in full with its doubts and sources',
      (command) =>
        command
          .positional('network', { type: 'string', describe: 'base, 8453, eip155:8453' })
          .option('json', { type: 'boolean', default: false, describe: 'the same as --format json' })
          .option('format', { choices: ['text', 'markdown', 'json'] as const, default: 'text' as const, describe: 'how to print it' })
          .example('$0 networks polygon', ''),
      async (options) => {
        const { networksCommand } = await import('./commands/networks.ts')
        exitCode = networksCommand(options, console)
      },
    )
    .command(
      'identify <separator>',
      'find which name, version, chain and contract give a domain separator',
      (command) =>
        command
          .positional('separator', {
            type: 'string',
            demandOption: true,
            describe: 'what DOMAIN_SEPARATOR() returns: 0x and 64 hex digits',
          })
          .option('hint', {
            type: 'string',
            array: true,
            nargs: 1,
            describe: 'name=…, version=…, chainId=…, network=…, contract=0x…, salt=0x…; can be repeated',
          })
          .option('json', { type: 'boolean', default: false, describe: 'print the result as one JSON object' })
          .example('$0 identify 0x294369e003769a2d4d625e8a9ebebffa09ff70dd7c708497d8b56d2c2d199a19', '')
          .example('$0 identify 0x… --hint name="GLUE Token" --hint contract=0x…', '')
          .epilogue('Exit code: 0 found, 1 not found, 2 bad usage.'),
      async (options) => {
        const { identifyCommand } = await import('./commands/identify.ts')
        exitCode = identifyCommand(options, console)
      },
    )
    .command(
      'regress <directory>',
      'replay every recorded payment of a directory, and fail when one does not come to what it should',
      (command) =>
        command
          .positional('directory', {
            type: 'string',
            demandOption: true,
            describe: 'its *.json files are cases: { "payment": …, "expect": { "verdict": "fails", "cause": "…" }, "at": … }',
          })
          .option('reporter', {
            choices: ['text', 'junit', 'json', 'github'] as const,
            default: 'text' as const,
            describe: 'how to print it: for people, as JUnit XML, as JSON, or as annotations of a GitHub workflow',
          })
          .option('json', { type: 'boolean', default: false, describe: 'the same as --reporter json' })
          .option('rpc', {
            type: 'string',
            array: true,
            nargs: 1,
            describe: 'replay a network on a fork of this RPC instead of an embedded chain: base=URL; can be repeated',
          })
          .option('parallel', { type: 'number', requiresArg: true, describe: 'chains at once; as many as the machine runs unless given' })
          .option('search', searchOption)
          .option('share', share)
          .example('$0 regress payments', '')
          .example('$0 regress payments --reporter junit > report.xml', '')
          .epilogue(
            'Exit code: 0 all as expected, 1 some differ, 4 some could not be replayed, 2 unreadable cases, no cases, or bad usage.',
          ),
      async ({ share: shared, ...options }) => {
        const { regressCommand } = await import('./commands/regress.ts')
        exitCode = await regressCommand(options, await consoleFor(shared))
      },
    )
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

/** The option of every report that holds somebody's payment. */
const share = {
  type: 'boolean',
  default: false,
  describe: 'leave out what must not be shared: the signature’s s, keys, credentials; the rest still answers',
} as const

/** yargs's complaints that do not say what to do, said so that they do. */
function plainly(message: string, args: readonly string[]): string {
  const command = args.find((word) => !word.startsWith('-')) ?? ''
  // The parser repeats what was given, of which long hex may be a part of a signature; no option has such a value to choose from.
  const line = message.replace(/\s*\n\s*/g, ' ').replace(/[0-9a-f]{16,}/gi, '…')
  const option = /^Not enough arguments following: (\S+)$/.exec(line)?.[1]
  if (option !== undefined) return `--${option} needs a value behind it; see eip3009 ${command} --help.`
  return line.startsWith('Not enough non-option arguments')
    ? `"${command}" needs something to work on; see eip3009 ${command} --help for what it takes (a payment: a file, - for standard input, or the text itself).`
    : `${line}; see eip3009 --help.`
}
