import { shareOption } from '../sources/options.ts'
import { defineCommand } from './command.ts'

export const decode = defineCommand(
  'decode <input>',
  'say what something pasted is, and what it means: revert data, an RPC error, a log line, a reason code, a payment, a signature',
  (command) =>
    command
      .positional('input', { type: 'string', demandOption: true, describe: 'a file, - for standard input, or the text itself' })
      .option('json', { type: 'boolean', default: false, describe: 'print what was decoded as one JSON object' })
      .option('share', shareOption)
      .example("$0 decode 'execution reverted: FiatTokenV2: invalid signature'", '')
      .example('$0 decode 0x08c379a0…', '')
      .epilogue('Exit code: 0 decoded, 2 nothing in it is known, or bad usage.'),
  async (options, console) => (await import('./decode.ts')).decodeCommand(options, console),
)
