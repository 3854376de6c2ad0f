import { formatOptions } from '../sources/format.ts'
import { rpcOptions, shareOption, sourceOptions, timeoutOption } from '../sources/options.ts'
import { defineCommand } from './command.ts'

export const status = defineCommand(
  'status <input..>',
  'say what became of the money: used, canceled or unused, by which transaction, by whom, when, and whether that stays so',
  (command) =>
    command
      .positional('input', {
        type: 'string',
        array: true,
        demandOption: true,
        describe:
          'a payment, as for diagnose; or a network, a token, a payer and a nonce; or the hash of a transaction, on Solana its signature (as the argument itself)',
      })
      .options({
        network: {
          ...sourceOptions.network,
          describe: 'the network, when the payment does not say, or of a hash: base, 8453, eip155:8453',
        },
        tx: sourceOptions.tx,
        at: { ...sourceOptions.at, describe: 'when a payment on Solana was made: unix seconds, an ISO time, or now' },
        ...rpcOptions,
        'rpc-url': {
          ...rpcOptions['rpc-url'],
          describe:
            'ask this RPC; it is only read. A second one has to agree. public: those that eip3009 networks lists. EIP3009_RPC_BASE and the like, eip3009.config.json and the [rpc_endpoints] of foundry.toml count when absent',
        },
      })
      .option('timeout', timeoutOption(30_000))
      .options(formatOptions)
      .option('share', shareOption)
      .example('$0 status settle-body.json --rpc-url https://mainnet.base.org', '')
      .example('$0 status base 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 0x<payer> 0x<nonce>', '')
      .example('$0 status 0x<hash> --network base', '')
      .epilogue(
        'Exit code: 0 paid, 1 not paid and never by this one (canceled, used for something else, out of its time, failed), both in a safe or finalized block; 4 unused, waiting, not final yet, or not known; 2 bad usage or unreadable input.',
      ),
  async (options, console) => (await import('./status.ts')).statusCommand(options, console),
)
