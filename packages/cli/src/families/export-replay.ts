import type { EvmDiagnosis, EvmPayment } from '@eip3009/core'
import type { ReplayOutcome } from '@eip3009/core/replay'
import type { Console } from '../console.ts'
import type { EvmChain } from '../report/replay-report.ts'

/** Records a replay in a directory, and says how long that is to be kept to oneself. */
export async function exportReplay(
  directory: string,
  {
    payment,
    at,
    chain,
    asIs,
    runs,
    diagnosis,
  }: {
    readonly payment: EvmPayment
    readonly at: bigint
    readonly chain: EvmChain
    readonly asIs: ReplayOutcome
    readonly runs: readonly ReplayOutcome[]
    readonly diagnosis: EvmDiagnosis
  },
  console: Console,
): Promise<void> {
  const { writeRecording } = await import('@eip3009/core/replay')
  const open = BigInt(diagnosis.evm.window.closes) >= console.now() && diagnosis.evm.window.now !== 'closed'
  await writeRecording(directory, {
    payment,
    at,
    chain,
    recorder: chain.recorder,
    asIs,
    runs: runs.map(({ interventions }) => interventions),
    cause: diagnosis.cause,
    headline: diagnosis.headline,
  })
  if (open && diagnosis.money.state !== 'moved') {
    console.err(
      `eip3009: "${directory}" holds a signed authorization whose window is open until ${diagnosis.evm.window.closes} (unix seconds): whoever has it can try to take the money. Keep it to yourself until then.\n`,
    )
  }
}
