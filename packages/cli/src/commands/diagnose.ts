import type { Console } from '../console.ts'
import { exitCodeOf } from '../exit-codes.ts'
import type { EvmOptions } from '../families/evm.ts'
import { examine } from '../families/examine.ts'
import { howMany } from '../families/how-many.ts'
import { type FormatOptions, formatOf } from '../sources/format.ts'
import type { SourceOptions } from '../sources/options.ts'
import { printReport } from './print-report.ts'

export interface DiagnoseOptions extends SourceOptions, EvmOptions, FormatOptions {
  /** Empty where standard input is meant. */
  readonly payments?: readonly string[] | undefined
  readonly replay: boolean
  readonly record?: string | undefined
}

/** Reads a payment or many, diagnoses each, prints the report, and returns the exit code. */
export async function diagnoseCommand(options: DiagnoseOptions, console: Console): Promise<number> {
  formatOf(options)
  const given = await howMany(options.payments ?? [], options.record !== undefined, console)
  if (given.kind === 'many') return (await import('./diagnose-many.ts')).diagnoseMany(given.args, options, given.isSeveral, given.console)
  const wishes = { command: 'diagnose', replay: options.replay ? 'for-proof' : 'no', matrix: false, export: undefined } as const
  const { answer, report } = await examine(given.argument, options, wishes, given.console)
  printReport(report, options, given.console)
  return exitCodeOf(answer)
}
