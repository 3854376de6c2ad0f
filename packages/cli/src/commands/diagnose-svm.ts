import { diagnoseSvm, readSvmPayment, type SvmDiagnosis } from '@eip3009/core/solana'
import type { Console } from '../console.ts'
import { exitCodeOf } from '../exit-codes.ts'
import { renderSvmDiagnosis } from '../report/svm.ts'

/** Diagnoses a payment on Solana from its own bytes, prints the report, and returns the exit code. */
export function diagnoseSvmCommand(
  input: Uint8Array | string,
  { json, rpcUrl = [] }: { readonly json: boolean; readonly rpcUrl?: readonly string[] | undefined },
  console: Console,
): number {
  if (rpcUrl.length > 0) console.err('eip3009: a payment on Solana is diagnosed without a chain so far; --rpc-url was not used.\n')
  const diagnosis: SvmDiagnosis = diagnoseSvm(readSvmPayment(input), { now: console.now() })
  console.out(
    json
      ? `${JSON.stringify(diagnosis, null, 2)}\n`
      : renderSvmDiagnosis(diagnosis, { color: console.color, columns: console.columns ?? 120 }),
  )
  return exitCodeOf(diagnosis)
}
