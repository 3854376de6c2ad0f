import { searchOption } from '../search.ts'
import { rpcOptions, shareOption } from '../sources/options.ts'
import { defineCommand } from './command.ts'

export const regress = defineCommand(
  'regress <directory>',
  'replay every recorded payment of a directory, and fail when one does not come to what it should',
  (command) =>
    command
      .positional('directory', {
        type: 'string',
        demandOption: true,
        describe: 'its *.json files are cases: { "payment": …, "expect": { "verdict": "fails", "cause": "…" }, "at": … }',
      })
      .option('format', {
        choices: ['text', 'junit', 'json', 'github'] as const,
        default: 'text' as const,
        describe: 'how to print it: for people, as JUnit XML, as JSON, or as annotations of a GitHub workflow',
      })
      .option('json', { type: 'boolean', default: false, describe: 'the same as --format json' })
      .options({
        ...rpcOptions,
        'rpc-url': {
          ...rpcOptions['rpc-url'],
          describe:
            'replay on a fork of this RPC instead of an embedded chain, where all cases are of one network; public: each network on a fork of what eip3009 networks lists. Only what is given here counts',
        },
        rpc: {
          ...rpcOptions.rpc,
          describe: 'replay a network on a fork of this RPC instead of an embedded chain: base=URL; can be repeated',
        },
        'rpc-header': { ...rpcOptions['rpc-header'], describe: 'a header for these RPCs: "Name: value"; can be repeated' },
      })
      .option('parallel', { type: 'number', requiresArg: true, describe: 'chains at once; as many as the machine runs unless given' })
      .option('search', searchOption)
      .option('share', shareOption)
      .example('$0 regress payments', '')
      .example('$0 regress payments --format junit > report.xml', '')
      .epilogue('Exit code: 0 all as expected, 1 some differ, 4 some could not be replayed, 2 unreadable cases, no cases, or bad usage.'),
  async (options, console) => (await import('./regress.ts')).regressCommand(options, console),
)
