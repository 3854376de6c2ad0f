import { type Finding, printable } from '@eip3009/core'
import type { SolanaDiagnosis } from '@eip3009/core/solana'
import { parties } from './names.ts'
import { amountOf } from './numbers.ts'
import { facilitatorRows } from './svm-facilitators.ts'
import { type Paint, paint, wrap } from './text.ts'

const labelWidth = 26

/** A diagnosis of a payment on Solana as a report that fits one screen: the answer first, then why, then what to do. */
export function renderSvmDiagnosis(
  diagnosis: SolanaDiagnosis,
  { color, columns }: { readonly color: boolean; readonly columns: number },
): string {
  const colors = paint(color)
  const width = Math.max(60, Math.min(columns, 130))
  const row = (label: string, text: string): string[] =>
    wrap(printable(text), width - labelWidth - 2).map(
      (part, index) => `  ${colors.dim((index === 0 ? label : '').padEnd(labelWidth))}${part}`,
    )
  const { findings, cause, money, fix, assumes, skipped } = diagnosis
  const first = findings.findIndex((finding) => finding.cause === cause)
  const errors = findings.filter(({ severity }) => severity === 'error')
  const pairs = errors.flatMap((finding) => pair(finding, colors))
  const unchecked = new Map<string, string[]>()
  for (const { check, reason } of skipped) unchecked.set(reason, [...(unchecked.get(reason) ?? []), check])
  return `${[
    ...head(diagnosis, colors, width),
    '',
    ...pairs,
    ...(pairs.length === 0 ? [] : ['']),
    ...replayRows(diagnosis).flatMap(([label, text]) => row(label, text)),
    ...row('Money', money.says),
    ...findings
      .filter((_, index) => index !== first)
      .flatMap(({ severity, summary, cause: id }) => row(severity === 'info' ? 'Note' : 'Also', `${summary} (${id})`)),
    ...(fix === null ? [] : row('Fix', fix)),
    ...facilitatorRows(diagnosis.facilitators, findings).flatMap(([label, text]) => row(label, text)),
    ...row('Read as', readAs(diagnosis)),
    ...diagnosis.chain.flatMap(({ source, says }) => row('Asked', `${source}: ${says}`)),
    ...(assumes.length === 0 ? [] : row('Taken for granted', assumes.join('; '))),
    ...[...unchecked].flatMap(([reason, checks]) => row('Not checked', `${checks.join(', ')}: ${reason}`)),
  ].join('\n')}\n`
}

function head(diagnosis: SolanaDiagnosis, colors: Paint, width: number): string[] {
  const { verdict, headline, cause, party, proof } = diagnosis
  const marks = {
    settles: ['✓ SETTLES', colors.good],
    fails: ['✗ FAILS', colors.bad],
    inconclusive: ['? INCONCLUSIVE', colors.warn],
  } as const
  const [mark, color] = marks[verdict]
  const indent = ' '.repeat(15)
  const [line = '', ...lines] = wrap(printable(headline), width - 15)
  const parts = [
    ...(cause === null ? [] : [`cause ${cause}`]),
    ...(party === null ? [] : [`fault ${parties[party]}`]),
    ...(cause === null || proof === null ? [] : [proof === 'proven' ? proofWords(diagnosis) : 'inferred, not proven']),
    diagnosis.retry.says,
  ]
  return [
    `${color(mark.padEnd(14))} ${colors.strong(line)}`,
    ...lines.map((each) => `${indent}${colors.strong(each)}`),
    ...wrap(parts.join(' · '), width - 15).map((each) => `${indent}${each}`),
  ]
}

/** What was seen above what is expected, aligned. */
function pair({ field, seen, expected }: Finding, colors: Paint): string[] {
  if (seen === undefined || expected === undefined) return []
  const line = (left: string, label: string, value: string): string =>
    `  ${colors.dim(left.padEnd(labelWidth))} ${colors.dim(label.padEnd(9))} ${printable(value)}`
  return [line(field ?? '', 'seen', seen), line('', 'expected', expected)]
}

function readAs({ payment: { recognised, network }, solana: { transfer, transaction } }: SolanaDiagnosis): string {
  const where = `${recognised}, ${network ?? 'no network named'}`
  if (transfer !== null) {
    const amount =
      transfer.symbol === null
        ? `${sayAmount(transfer.amount, transfer)} of ${transfer.mint ?? 'a mint from a lookup table'}`
        : sayAmount(transfer.amount, transfer)
    return `${where}: ${amount} from ${transfer.authority ?? 'a lookup table'} to ${transfer.destination ?? 'a lookup table'}`
  }
  return transaction === null ? where : `${where}: ${transaction.instructions.map(({ says }) => says).join(', ')}`
}

/** In the token's own unit where its decimals are known, else in atomic units. */
function sayAmount(amount: string, transfer: SolanaDiagnosis['solana']['transfer']): string {
  if (transfer === null || transfer.symbol === null) return `${amount} atomic units`
  return amountOf(amount, transfer.mintDecimals, transfer.symbol, `${amount} atomic units`)
}

function proofWords({ cause, replay }: SolanaDiagnosis): string {
  return cause !== null && replay?.proven.includes(cause) === true ? 'proven by replay' : 'proven by the chain'
}

/** The payment as it is, and with what is wrong undone. */
function replayRows({ replay, solana }: SolanaDiagnosis): readonly (readonly [string, string])[] {
  const [asIs, ...others] = replay?.runs ?? []
  if (replay === null || asIs === undefined) return []
  const what = ({ outcome, error, received }: typeof asIs): string => {
    if (outcome === 'failed') return `fails, ${error}`
    return `settles${received === null ? '' : `, ${sayAmount(received, solana.transfer)} arrive`}`
  }
  // The settlement under the fewest changes is the one that the proof rests on.
  const [fixed] = others.filter(({ outcome }) => outcome === 'settled').sort((a, b) => a.interventions.length - b.interventions.length)
  return [
    [
      asIs.interventions.length === 0 ? 'Replayed as it is' : 'Replayed',
      `${[what(asIs), ...asIs.interventions].join(': ')} (${replay.chain})`,
    ],
    ...(fixed === undefined ? [] : [['With the fix', `${what(fixed)}: ${fixed.interventions.join(' ')}`] as const]),
    ['The replay shows', `${replay.says} ${replay.world}`],
  ]
}
