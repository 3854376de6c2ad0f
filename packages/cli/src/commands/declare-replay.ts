import { searchOption } from '../search.ts'
import { formatOptions } from '../sources/format.ts'
import { shareOption, sourceOptions, timeoutOption } from '../sources/options.ts'
import { defineCommand } from './command.ts'

export const replay = defineCommand(
  'replay <input>',
  'diagnose a payment or a failed transaction, and show what its replays on a chain of our own came to',
  (command) =>
    command
      .positional('input', {
        type: 'string',
        demandOption: true,
        describe:
          'a payment, as for diagnose; a transaction hash (32 bytes as the argument itself are looked up at the RPC); a log line that has either; or the directory of an export; on Solana, too',
      })
      .options({
        ...sourceOptions,
        'save-snapshot': {
          ...sourceOptions['save-snapshot'],
          describe: 'of a payment on Solana: write what the RPCs said into this new file',
        },
      })
      .option('timeout', timeoutOption(300_000))
      .option('matrix', { type: 'boolean', default: false, describe: 'try every single intervention too' })
      .option('export', {
        type: 'string',
        requiresArg: true,
        describe: 'write a directory that replays without a network: payment, state, a test, a cast command',
      })
      .options(formatOptions)
      .option('search', searchOption)
      .option('share', shareOption)
      .example('$0 replay settle-body.json', '')
      .example('$0 replay 0x… --rpc-url https://mainnet.base.org --matrix', '')
      .example('$0 replay 0x… --rpc-url https://mainnet.base.org --export case', '')
      .epilogue(
        'Exit code: 0 settles, 1 fails through the payment’s side, 3 fails through facilitator or RPC, 4 inconclusive or invalid controls, 2 bad usage or unreadable input.',
      ),
  async (options, console) => (await import('./replay.ts')).replayCommand(options, console),
)
