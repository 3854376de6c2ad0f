import type { Console } from '../console.ts'
import { exitCodeOf } from '../exit-codes.ts'
import type { EvmOptions } from '../families/evm.ts'
import { examine } from '../families/examine.ts'
import { type FormatOptions, formatOf } from '../sources/format.ts'
import type { SourceOptions } from '../sources/options.ts'
import { printReport } from './print-report.ts'

export interface DiagnoseOptions extends SourceOptions, EvmOptions, FormatOptions {
  readonly payment: string
  readonly replay: boolean
}

/** Reads a payment, diagnoses it, prints the report, and returns the exit code. */
export async function diagnoseCommand(options: DiagnoseOptions, console: Console): Promise<number> {
  formatOf(options)
  const wishes = { command: 'diagnose', replay: options.replay ? 'for-proof' : 'no', matrix: false, export: undefined } as const
  const { answer, report } = await examine(options.payment, options, wishes, console)
  printReport(report, options, console)
  return exitCodeOf(answer)
}
