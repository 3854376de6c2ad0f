import { defineCommand } from './command.ts'

export const explain = defineCommand(
  'explain [cause]',
  'tell one cause in full, or list all',
  (command) =>
    command
      .positional('cause', { type: 'string', describe: 'the id of a cause, e.g. domain-name-mismatch' })
      .option('json', { type: 'boolean', default: false, describe: 'print the catalogue entry as JSON' })
      .option('format', { choices: ['text', 'markdown'] as const, default: 'text' as const, describe: 'how to print it' })
      .example('$0 explain eip7702-payer', ''),
  async (options, console) => (await import('./explain.ts')).explainCommand(options, console),
)
