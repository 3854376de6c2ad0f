import { diagnose, type EvmDiagnosis, isSvmPayment, type SearchDepth, secretsOf } from '@eip3009/core'
import { readChainOptions } from '../chains.ts'
import type { Console } from '../console.ts'
import { exitCodeOf } from '../exit-codes.ts'
import { readGivenPayment } from '../given-payment.ts'
import { readInput } from '../input.ts'
import { jsonText } from '../report/json-text.ts'
import { renderDiagnosis } from '../report/terminal.ts'
import { searchLimits } from '../search.ts'
import { shown } from '../sharing.ts'
import { readTime } from '../time.ts'
import type { TokenOptions } from '../token-options.ts'
import { UsageError } from '../usage-error.ts'

export interface DiagnoseOptions extends TokenOptions {
  readonly payment: string
  readonly json: boolean
  readonly at?: string | undefined
  readonly replay: boolean
  readonly search?: SearchDepth | undefined
  readonly rpcUrl?: readonly string[] | undefined
  readonly facilitatorAddress?: string | undefined
  readonly block?: string | undefined
  readonly timeout: number
  readonly snapshot?: string | undefined
  readonly saveSnapshot?: string | undefined
}

/** Reads a payment, diagnoses it, prints the report, and returns the exit code. */
export async function diagnoseCommand(options: DiagnoseOptions, console: Console): Promise<number> {
  const now = console.now()
  // First, so that what is said of an option that is wrong is without the input's secrets.
  const input = await readInput(options.payment, console)
  const at = options.at === undefined ? undefined : readTime(options.at, now)
  if (isSvmPayment(input)) return (await import('./diagnose-svm.ts')).diagnoseSvmCommand(input, options, console)
  const payment = readGivenPayment(input, options)
  if (options.snapshot !== undefined || options.saveSnapshot !== undefined)
    throw new UsageError('--snapshot and --save-snapshot are for payments on Solana; this one is on an EVM chain.')
  const diagnosis: EvmDiagnosis = await diagnose(payment, {
    now,
    search: searchLimits(options.search, console),
    ...(at === undefined ? {} : { at }),
    ...(await readChainOptions(options, payment, console)),
    ...(options.replay ? { replayer: (await import('@eip3009/core/replay')).embeddedReplayer() } : {}),
  })
  const model = shown(diagnosis, console, () => secretsOf(payment))
  console.out(options.json ? jsonText(model) : renderDiagnosis(model, { color: console.color, columns: console.columns ?? 120 }))
  return exitCodeOf(diagnosis)
}
