import { UsageError } from '../usage-error.ts'

const formats = ['text', 'markdown', 'github', 'json'] as const

export type Format = (typeof formats)[number]

export interface FormatOptions {
  readonly format: Format
  readonly json: boolean
}

/** In which of its forms a report is printed. */
export const formatOptions = {
  format: {
    choices: formats,
    default: 'text',
    describe: 'how to print it: for people, as Markdown for an issue, as an annotation of a GitHub workflow, or as one JSON object',
  },
  json: { type: 'boolean', default: false, describe: 'the same as --format json' },
} as const

/**
 * The one that is asked for, of those that a command has.
 * @throws UsageError where it is two.
 */
export function formatOf<F extends string>({ format, json }: { readonly format: F; readonly json: boolean }): F | 'json' {
  if (json && format !== 'text' && format !== 'json')
    throw new UsageError(`--json and --format ${format} ask for two forms; give one of them.`)
  return json ? 'json' : format
}
