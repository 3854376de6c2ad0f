import { formatOptions } from '../sources/format.ts'
import { shareOption } from '../sources/options.ts'
import { defineCommand } from './command.ts'

export const compare = defineCommand(
  'compare <first> <second>',
  'say in which fields two payments differ, and which difference explains that one of them fails',
  (command) =>
    command
      .positional('first', {
        type: 'string',
        demandOption: true,
        describe: 'a payment, as for diagnose; or typed data, or an authorization, that has no signature yet',
      })
      .positional('second', { type: 'string', demandOption: true, describe: 'the other' })
      .options(formatOptions)
      .option('network', { type: 'string', requiresArg: true, describe: 'the network, when neither payload says' })
      .option('share', shareOption)
      .example('$0 compare works.json fails.json', '')
      .example('$0 compare settle-body.json what-the-wallet-was-asked.json', '')
      .epilogue(
        'Exit code: 0 they are the same payment, however they are written, 1 they differ, 4 only their messages are known to be the same, 2 bad usage or unreadable input.',
      ),
  async (options, console) => (await import('./compare.ts')).compareCommand(options, console),
)
