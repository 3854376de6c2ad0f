import { rpcOptions, timeoutOption } from '../sources/options.ts'
import { defineCommand } from './command.ts'

export const domains = defineCommand(
  'domains [networks..]',
  'compare EIP-712 domains: registry, computed, on chain, and somebody’s table',
  (command) =>
    command
      .positional('networks', { type: 'string', array: true, describe: 'only these: base, 8453, eip155:8453; all when absent' })
      .options(rpcOptions)
      .option('against', { type: 'string', requiresArg: true, describe: 'a table as a JSON file, or an installed package: @x402/evm' })
      .option('timeout', timeoutOption(10_000))
      .option('json', { type: 'boolean', default: false, describe: 'the same as --format json' })
      .option('format', { choices: ['text', 'markdown', 'json'] as const, default: 'text' as const, describe: 'how to print it' })
      .example('$0 domains --against table.json', '')
      .example('$0 domains base --rpc-url https://mainnet.base.org', '')
      .epilogue(
        'Without an RPC, no network is used.\nExit code: 0 all agree, 1 something differs, 4 a chain could not be read, 2 bad usage or unreadable input.',
      ),
  async (options, console) => (await import('./domains.ts')).domainsCommand(options, console),
)
