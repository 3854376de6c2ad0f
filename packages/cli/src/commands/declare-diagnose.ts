import { searchOption } from '../search.ts'
import { formatOptions } from '../sources/format.ts'
import { shareOption, sourceOptions, timeoutOption } from '../sources/options.ts'
import { defineCommand } from './command.ts'

export const diagnose = defineCommand(
  'diagnose [payments..]',
  'say what is wrong with a payment, whose fault it is, and what to do',
  (command) =>
    command
      .positional('payments', {
        type: 'string',
        array: true,
        describe:
          'a file, - for standard input (also where nothing is given and something is piped), an X-PAYMENT or PAYMENT-SIGNATURE header value, 0x… calldata or raw transaction, a transaction hash (32 bytes as the argument itself are looked up at the RPC), or the directory of an export; on Solana, too. Also an offer that nobody has paid by yet: a 402 body, or a PAYMENT-REQUIRED header. Many at once: several of these, a folder, a pattern, a file with JSON Lines, a HAR, a log or a list of hashes',
      })
      .options(formatOptions)
      .options(sourceOptions)
      .option('timeout', timeoutOption(30_000))
      .option('replay', {
        type: 'boolean',
        default: true,
        describe:
          'replay the payment on a chain of our own, with an RPC on a fork of its chain; --no-replay is faster, and then only what a chain shows twice is proven',
      })
      .option('search', searchOption)
      .option('record', {
        type: 'string',
        requiresArg: true,
        describe: 'write each payment into this folder as a case that regress replays; of those that are there already none is changed',
      })
      .option('share', shareOption)
      .example('$0 diagnose settle-body.json', '')
      .example('$0 diagnose settle-body.json --rpc-url https://mainnet.base.org', '')
      .example('pbpaste | $0 diagnose - --json', '')
      .example('curl -si https://api.example/paid | $0 diagnose -', 'an offer, before anybody pays')
      .example('$0 diagnose payments/ --json', '')
      .example('$0 diagnose settle-body.json --share --format markdown', '')
      .epilogue(
        'Exit code: 0 settles, or the offer is good, 1 fails through the payment’s side, 3 fails through facilitator or RPC, 4 inconclusive, or good and refused all the same, 2 bad usage or unreadable input. Of many it is that of the worst: 2, then 1, 3, 4, 0.',
      ),
  async (options, console) => (await import('./diagnose.ts')).diagnoseCommand(options, console),
)
