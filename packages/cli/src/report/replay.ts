import {
  amountOf,
  type Block,
  diagnosisDocument,
  parties,
  proofWords,
  type ReportDocument,
  type Row,
  shorten,
  shortenAll,
  type Title,
  timeOf,
} from '@eip3009/core/report'
import type { ReplayReport } from './replay-report.ts'

/** A replay as a report: what the token answered and why, what moved, what was hashed, and the calls last. */
export function replayDocument(report: ReplayReport): ReportDocument {
  const rows: Row[] = []
  const row = (label: string, text: string): void => {
    rows.push({ label, text })
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
  const { exported } = report
  return {
    title: titleOf(report),
    blocks: [
      { role: 'rows', rows },
      ...matrixBlock(report),
      ...(report.trace.length === 0 ? [] : [{ role: 'lines', label: 'Calls', lines: report.trace } as const]),
      ...(exported === null
        ? []
        : [{ role: 'note', text: `Recorded in ${exported}: eip3009 replay ${exported} needs no network.`, rows: [] } as const]),
    ],
  }
}

function titleOf({ status, revert, headline, cause, party, proof, call, chain, diagnosis }: ReplayReport): Title {
  const details = [
    ...(cause === null ? [] : [`cause ${cause}`]),
    ...(party === null ? [] : [`fault ${parties[party]}`]),
    ...(proof === null ? [] : [proof === 'proven' ? 'proven' : (proofWords(diagnosis) ?? '')]),
    diagnosis.retry.says,
  ]
  // What the replay shows is one side where something else excludes it.
  if (status === 'reverted') {
    const answered = `${chain.code.kind === 'stand-in' ? 'our stand-in says ' : ''}${said(revert)}`
    return { tone: 'bad', mark: '✗ REVERTED', headline: `${answered}: ${headline}`, details }
  }
  // What somebody answered is not undone by a replay that settles.
  const told = diagnosis.answer === null || diagnosis.answer.kind === 'valid' ? undefined : diagnosisDocument(diagnosis).title
  if (told !== undefined) return { ...told, headline: `${call.function} settles in the replay. ${told.headline}`, details }
  if (diagnosis.verdict === 'inconclusive')
    return { tone: 'warn', mark: '? INCONCLUSIVE', headline: `${call.function} settles in the replay. ${headline}`, details }
  const settles = cause === null ? headline : `${call.function} settles; what else was found: ${headline}`
  return { tone: 'good', mark: '✓ SETTLES', headline: settles, details }
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

function matrixBlock({ matrix }: ReplayReport): Block[] {
  if (matrix.length === 0) return []
  const mark = { settled: '✓ settles', reverted: '✗', impossible: '-' } as const
  const width = Math.max(...matrix.map(({ name }) => name.length)) + 2
  const lines = matrix.map(({ name, outcome, says }) => `${name.padEnd(width)}${mark[outcome]}${says === null ? '' : ` ${says}`}`)
  return [{ role: 'lines', label: 'Each intervention alone', lines }]
}
