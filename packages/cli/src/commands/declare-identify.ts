import { defineCommand } from './command.ts'

export const identify = defineCommand(
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
  async (options, console) => (await import('./identify.ts')).identifyCommand(options, console),
)
