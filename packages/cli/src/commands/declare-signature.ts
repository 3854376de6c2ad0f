import { searchOption } from '../search.ts'
import { shareOption, tokenOptions } from '../sources/options.ts'
import { defineCommand } from './command.ts'

export const signature = defineCommand(
  'signature <payment>',
  'show each step from the type to the recovered address: what the token computes beside what was signed',
  (command) =>
    command
      .positional('payment', {
        type: 'string',
        demandOption: true,
        describe: 'a payment, as for diagnose; or typed data, or an authorization, that has no signature yet',
      })
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
      .option('share', shareOption)
      .example('$0 signature settle-body.json', '')
      .example('$0 signature settle-body.json --timeout 60000', '')
      .example('$0 signature typed-data.json', 'not signed yet: the digest and each word, to compare with another library')
      .epilogue(
        'Exit code: 0 the signature is valid, 1 it is not, 4 nothing tells, 2 bad usage or unreadable input. Of what has no signature: 0 the token hashes the same, 1 it hashes something else, 4 the token is not known.',
      ),
  async (options, console) => (await import('./signature.ts')).signatureCommand(options, console),
)
