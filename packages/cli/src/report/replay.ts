import { printable } from '@eip3009/core'
import {
  amountOf,
  diagnosisDocument,
  type Paint,
  paint,
  parties,
  proofWords,
  shorten,
  shortenAll,
  timeOf,
  wrap,
} from '@eip3009/core/report'
import type { ReplayReport } from './replay-report.ts'

interface Options {
  readonly color: boolean
  readonly columns: number
}

const labelWidth = 19

/** A replay as a report: what the token answered and why, what moved, what was hashed, and the calls last. */
export function renderReplay(report: ReplayReport, { color, columns }: Options): string {
  const colors = paint(color)
  const width = Math.max(60, Math.min(columns, 130))
  const lines = [...head(report, colors, width), '']
  const row = (label: string, text: string): void => {
    wrap(printable(text), width - labelWidth - 2).forEach((part, index) => {
      lines.push(`  ${colors.dim((index === 0 ? `${label} ` : '').padEnd(labelWidth))}${part}`)
    })
  }
  const { symbol, decimals } = report.diagnosis.payment
  const amount = (value: string): string => amountOf(value, decimals, symbol, value)

  row('Replayed on', `${report.chain.description} · at ${timeOf(report.at)}`)
  if (report.tokenSays !== null) row('The token itself', `words it ${report.tokenSays}`)
  if (report.mined !== null) row('On the chain', minedText(report.mined, report))
  const { failed = [], leftOut = null } = report.chain.earlier ?? {}
  for (const each of leftOut === null ? failed : [leftOut, ...failed]) row('Left out', each)
  for (const { address, before, after } of report.balances) {
    row('Balance', `${shorten(address)}  ${amount(before)}${before === after ? ', as before' : ` → ${amount(after)}`}`)
  }
  row('Gas', report.gasUsed)
  for (const { name, ...members } of report.events) {
    row(
      'Event',
      `${name}(${Object.entries(members)
        .map(([key, value]) => `${key} ${key === 'value' ? amount(value) : shorten(value)}`)
        .join(', ')})`,
    )
  }
  digests(report, row)
  const [, withFix] = report.runs
  // What would be if it had not been settled helps nobody.
  if (report.status === 'reverted' && withFix !== undefined && report.diagnosis.settlement === null) {
    const gone = withFix.without.map((each) => `without this: ${each}`)
    row(
      'With the fix',
      `${withFix.outcome === 'settled' ? 'settles' : (withFix.revert ?? 'reverts')} · ${[...gone, ...withFix.interventions].map(shortenAll).join(' ')}`,
    )
  }
  for (const { cause, summary, proof } of report.diagnosis.findings.filter(
    ({ severity, proof }) => severity === 'error' || proof === 'withdrawn' || proof === 'contradicted',
  )) {
    const label = proof === 'withdrawn' ? 'Withdrawn' : proof === 'contradicted' ? 'Contradicted' : 'Also'
    if (cause !== report.cause || label !== 'Also') row(label, `${summary} (${cause})`)
  }
  if (report.diagnosis.fix !== null) row('Fix', report.diagnosis.fix)
  row('Money', report.diagnosis.money.says)
  const { assumes } = report.diagnosis
  if (report.status === 'settled' && assumes.length > 0) row('Taken for granted', assumes.map(shortenAll).join('; '))
  if (report.matrix.length > 0) lines.push('', ...matrixLines(report, colors, width))
  if (report.trace.length > 0) lines.push('', `  ${colors.dim('Calls')}`, ...report.trace.map((line) => `    ${printable(line)}`))
  if (report.exported !== null)
    lines.push('', `  Recorded in ${printable(report.exported)}: eip3009 replay ${printable(report.exported)} needs no network.`)
  return `${lines.join('\n')}\n`
}

function head(
  { status, revert, headline, cause, party, proof, call, chain, diagnosis }: ReplayReport,
  colors: Paint,
  width: number,
): string[] {
  const settles = cause === null ? headline : `${call.function} settles; what else was found: ${headline}`
  // What the replay shows is one side where something else excludes it.
  const { answer } = diagnosis
  const told = answer === null || answer.kind === 'valid' ? undefined : diagnosisDocument(diagnosis).title
  const [mark, first] =
    status === 'reverted'
      ? [colors.bad('✗ REVERTED'.padEnd(14)), `${chain.code.kind === 'stand-in' ? 'our stand-in says ' : ''}${said(revert)}: ${headline}`]
      : // What somebody answered is not undone by a replay that settles.
        told !== undefined
        ? [colors[told.tone](told.mark), `${call.function} settles in the replay. ${told.headline}`]
        : diagnosis.verdict === 'inconclusive'
          ? [colors.warn('? INCONCLUSIVE'), `${call.function} settles in the replay. ${headline}`]
          : [colors.good('✓ SETTLES'.padEnd(14)), settles]
  const [line = '', ...rest] = wrap(printable(first), width - 15)
  const parts = [
    ...(cause === null ? [] : [`cause ${cause}`]),
    ...(party === null ? [] : [`fault ${parties[party]}`]),
    ...(proof === null ? [] : [proof === 'proven' ? 'proven' : (proofWords(diagnosis) ?? '')]),
    diagnosis.retry.says,
  ]
  return [
    `${mark} ${colors.strong(line)}`,
    ...rest.map((each) => `${' '.repeat(15)}${colors.strong(each)}`),
    ...wrap(parts.join(' · '), width - 15).map((each) => `${' '.repeat(15)}${each}`),
  ]
}

function said(revert: string | null): string {
  return revert === null || revert === '0x' ? 'without a reason' : shorten(revert)
}

function minedText({ hash, block, status, gasUsed, same, inner }: NonNullable<ReplayReport['mined']>, report: ReplayReport): string {
  const where = `${shorten(hash)} ${status} in block ${block}, gas ${gasUsed}`
  const how = inner ? '; the token was called by another contract inside of it' : ''
  return same
    ? `${where}; the replay did the same${how}`
    : `${where}; the replay ${report.status} with gas ${report.gasUsed}, so its time or its state was another one${how}`
}

function digests({ signature: { token, signed }, diagnosis }: ReplayReport, row: (label: string, text: string) => void): void {
  const { from } = diagnosis.payment
  const who = (address: string | null): string =>
    address === null ? 'nobody' : address === from ? `${shorten(address)} = from` : `${shorten(address)}, not from`
  if (token === null) row('Token hashed', 'nothing: it did not come to check the signature')
  else if (token.by === 'ecrecover') row('Token hashed', `${token.digest}, and recovered ${who(token.recovered)}`)
  else row('Token hashed', `${token.digest}, and asked the payer's code, which ${token.accepted === true ? 'accepted' : 'refused'}`)
  if (signed === null) row('Signed', 'nothing that is known fits the signature')
  else if (token !== null && token.digest === signed.digest)
    row('Signed', `the same digest${signed.recovered === token.recovered ? '' : `, which recovers ${who(signed.recovered)}`}`)
  else row('Signed', `${signed.digest}, which recovers ${who(signed.recovered)}`)
}

function matrixLines({ matrix }: ReplayReport, colors: Paint, width: number): string[] {
  const names = Math.max(...matrix.map(({ name }) => name.length)) + 2
  return [
    `  ${colors.dim('Each intervention alone')}`,
    ...matrix.flatMap(({ name, outcome, says }) => {
      const mark = { settled: colors.good('✓ settles'), reverted: colors.bad('✗'), impossible: colors.warn('-') }[outcome]
      const [first = '', ...rest] = wrap(printable(says ?? ''), width - names - 8)
      return [
        `    ${name.padEnd(names)}${mark}${first === '' ? '' : ` ${first}`}`,
        ...rest.map((line) => `${' '.repeat(names + 6)}${line}`),
      ]
    }),
  ]
}
