import type { Digits, SolanaKey } from '@eip3009/core/internal'
import { diagnosisDocument, type ReportDocument, type Row, shorten } from '@eip3009/core/report'
import type { SolanaDiagnosis, SvmProof, SvmReplayRun } from '@eip3009/core/solana'

/** One run of a payment on Solana, JSON-safe: numbers are decimal strings, amounts atomic units. */
export interface SvmShownRun extends SvmReplayRun {
  readonly logs: readonly string[]
  /** Of the token accounts that are paid from and paid. */
  readonly balances: readonly { readonly address: SolanaKey; readonly before: Digits; readonly after: Digits }[]
}

/** What the replays of a payment on Solana came to. */
export interface SolanaReplayReport {
  readonly schema: 'eip3009/replay@1'
  readonly family: 'solana'
  readonly status: 'settled' | 'failed'
  /** What the payment as it is ended with; null when it settled. */
  readonly error: string | null
  readonly cause: SolanaDiagnosis['cause']
  readonly party: SolanaDiagnosis['party']
  readonly proof: SolanaDiagnosis['proof']
  readonly headline: string
  readonly chain: { readonly description: string; readonly controls: readonly string[]; readonly world: string }
  /**
   * The payment as it is, then with what is wrong undone.
   * @minItems 1
   */
  readonly runs: readonly SvmShownRun[]
  readonly diagnosis: SolanaDiagnosis
}

export function svmReplayReport(diagnosis: SolanaDiagnosis, proof: SvmProof): SolanaReplayReport {
  const shown = diagnosis.replay?.runs ?? []
  const runs = proof.runs.flatMap(({ logs, balances }, index): SvmShownRun[] => {
    const run = shown[index]
    const plain = balances.map(({ address, before, after }) => ({ address, before: String(before), after: String(after) }))
    return run === undefined ? [] : [{ ...run, logs, balances: plain }]
  })
  const { cause, party, headline } = diagnosis
  return {
    schema: 'eip3009/replay@1',
    family: 'solana',
    status: proof.asIs.error === null ? 'settled' : 'failed',
    error: runs[0]?.error ?? null,
    cause,
    party,
    proof: diagnosis.proof,
    headline,
    chain: { description: proof.chain, controls: proof.controls, world: proof.world },
    runs,
    diagnosis,
  }
}

/** The replays as a report: what each run came to, what moved, and the logs last. */
export function svmReplayDocument({ diagnosis, chain, runs }: SolanaReplayReport): ReportDocument {
  const rows: Row[] = [{ label: 'Replayed on', text: `${chain.description}. ${chain.world}` }]
  for (const [index, { interventions, error, units, received, balances }] of runs.entries()) {
    const arrived = received === null ? '' : `, ${received} atomic units arrive`
    rows.push({
      label: index === 0 ? 'As it is' : `Run ${index + 1}`,
      text: [`${error === null ? 'settles' : `fails, ${error}`}${arrived} (${units} units)`, ...interventions].join(': '),
    })
    for (const { address, before, after } of balances)
      rows.push({
        label: 'Balance',
        text: `${shorten(address)}  ${before}${before === after ? ', as before' : ` → ${after}`} atomic units`,
      })
  }
  if (diagnosis.replay !== null) rows.push({ label: 'It shows', text: diagnosis.replay.says })
  if (diagnosis.fix !== null) rows.push({ label: 'Fix', text: diagnosis.fix })
  rows.push({ label: 'Money', text: diagnosis.money.says })
  const logs = runs[0]?.logs ?? []
  return {
    title: diagnosisDocument(diagnosis).title,
    blocks: [
      { role: 'rows', rows },
      ...(logs.length === 0 ? [] : [{ role: 'lines', label: 'Logs of the payment as it is', lines: logs } as const]),
    ],
  }
}
