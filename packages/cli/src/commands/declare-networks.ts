import { defineCommand } from './command.ts'

export const networks = defineCommand(
  'networks [network]',
  'list the networks, or tell one in full with its doubts and sources',
  (command) =>
    command
      .positional('network', { type: 'string', describe: 'base, 8453, eip155:8453' })
      .option('json', { type: 'boolean', default: false, describe: 'the same as --format json' })
      .option('format', { choices: ['text', 'markdown', 'json'] as const, default: 'text' as const, describe: 'how to print it' })
      .example('$0 networks polygon', ''),
  async (options, console) => (await import('./networks.ts')).networksCommand(options, console),
)
