import { Eip3009Error } from '@eip3009/core'
import type { Console } from '../console.ts'
import { exitCodeOf, exitCodes } from '../exit-codes.ts'
import type { EvmOptions } from '../families/evm.ts'
import { examine } from '../families/examine.ts'
import type { Report } from '../families/examined.ts'
import { type FormatOptions, formatOf } from '../sources/format.ts'
import type { SourceOptions } from '../sources/options.ts'
import { UsageError } from '../usage-error.ts'
import { printReport } from './print-report.ts'

export interface ReplayOptions extends SourceOptions, EvmOptions, FormatOptions {
  readonly input: string
  readonly share: boolean
  readonly matrix: boolean
  readonly export?: string | undefined
}

/** Diagnoses a payment, a transaction or a recording as `diagnose` does, prints what its replays showed, and returns the exit code. */
export async function replayCommand(options: ReplayOptions, console: Console): Promise<number> {
  const { input, matrix, export: directory, share } = options
  if (share && directory !== undefined)
    throw new UsageError('--share leaves out what can move money, and an export has to hold it: give one of the two.')
  formatOf(options)
  if (directory?.trim() === '') throw new UsageError('--export takes the name of a directory that does not exist yet, or is empty.')
  try {
    const { answer, report } = await examine(input, options, { command: 'replay', replay: 'shown', matrix, export: directory }, console)
    printReport(report, options, console)
    return exitCodeOf(answer)
  } catch (error) {
    if (!(error instanceof Eip3009Error)) throw error
    return withoutAnswer(error, options, console)
  }
}

/** Controls that fail are an answer of their own, and a chain that can not be had leaves the question open; the rest is the caller's to mend. */
function withoutAnswer(error: Eip3009Error, options: ReplayOptions, console: Console): number {
  const { code, message } = error
  if (code === 'rpc-unavailable' || code === 'chain-unavailable') console.err(`eip3009: ${message}\n`)
  else if (code !== 'controls-failed') throw error
  else printReport(invalid(message), options, console)
  return exitCodes.inconclusive
}

function invalid(says: string): Report {
  return {
    model: { schema: 'eip3009/replay@1', status: 'invalid', says },
    document: () => ({ title: { tone: 'warn', mark: '? INVALID', headline: says, details: [] }, blocks: [] }),
  }
}
