import { printable } from '@eip3009/core'
import type { Digits, SolanaKey } from '@eip3009/core/internal'
import { diagnosisDocument, type Paint, paint, parties, proofWords, shorten, wrap } from '@eip3009/core/report'
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

const labelWidth = 19

/** The runs as a report: the answer first, then what each run came to, with the logs of the payment as it is last. */
export function renderSvmReplay(
  { diagnosis, chain, runs }: SolanaReplayReport,
  { color, columns }: { readonly color: boolean; readonly columns: number },
): string {
  const colors = paint(color)
  const width = Math.max(60, Math.min(columns, 130))
  const lines = [...head(diagnosis, colors, width), '']
  const row = (label: string, text: string): void => {
    wrap(printable(text), width - labelWidth - 2).forEach((part, index) => {
      lines.push(`  ${colors.dim((index === 0 ? `${label} ` : '').padEnd(labelWidth))}${part}`)
    })
  }
  row('Replayed on', `${chain.description}. ${chain.world}`)
  for (const [index, { interventions, error, units, received, balances }] of runs.entries()) {
    const arrived = received === null ? '' : `, ${received} atomic units arrive`
    row(
      index === 0 ? 'As it is' : `Run ${index + 1}`,
      [`${error === null ? 'settles' : `fails, ${error}`}${arrived} (${units} units)`, ...interventions].join(': '),
    )
    for (const { address, before, after } of balances)
      row('Balance', `${shorten(address)}  ${before}${before === after ? ', as before' : ` → ${after}`} atomic units`)
  }
  if (diagnosis.replay !== null) row('It shows', diagnosis.replay.says)
  if (diagnosis.fix !== null) row('Fix', diagnosis.fix)
  row('Money', diagnosis.money.says)
  const logs = runs[0]?.logs ?? []
  if (logs.length > 0) lines.push('', `  ${colors.dim('Logs of the payment as it is')}`, ...logs.map((line) => `    ${printable(line)}`))
  return `${lines.join('\n')}\n`
}

function head(diagnosis: SolanaDiagnosis, colors: Paint, width: number): string[] {
  const { headline, cause, party, proof } = diagnosis
  const { mark, tone } = diagnosisDocument(diagnosis).title
  const color = colors[tone]
  const [line = '', ...rest] = wrap(printable(headline), width - 15)
  const parts = [
    ...(cause === null ? [] : [`cause ${cause}`]),
    ...(party === null ? [] : [`fault ${parties[party]}`]),
    ...(cause === null || proof === null ? [] : [proofWords(diagnosis) ?? '']),
    diagnosis.retry.says,
  ]
  return [
    `${color(mark.padEnd(14))} ${colors.strong(line)}`,
    ...rest.map((each) => `${' '.repeat(15)}${colors.strong(each)}`),
    ...wrap(parts.join(' · '), width - 15).map((each) => `${' '.repeat(15)}${each}`),
  ]
}
