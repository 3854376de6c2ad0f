import { type DomainReport, type EvmDiagnosis, type Finding, printable } from '@eip3009/core'
import { parties, unproven } from './names.ts'
import { amountOf, timeOf } from './numbers.ts'
import { firstDifference, type Paint, paint, shorten, shortenAll, wrap } from './text.ts'

/** How wide labels are, so that values stand below each other. */
const labelWidth = 26

interface Options {
  readonly color: boolean
  readonly columns: number
}

/** A diagnosis as a report that fits one screen: the answer first, then why, then what to do. */
export function renderDiagnosis(diagnosis: EvmDiagnosis, { color, columns }: Options): string {
  const page = new Page(paint(color), Math.max(60, Math.min(columns, 130)))
  head(page, diagnosis)
  if (diagnosis.undecided?.check != null) page.row('One call tells', diagnosis.undecided.check)
  compared(page, diagnosis)
  replayed(page, diagnosis)
  for (const chain of diagnosis.chain) page.row('Chain', chainLine(chain, diagnosis.payment))
  page.row('Money', diagnosis.money.says)
  for (const finding of others(diagnosis)) page.row(standing(finding), `${finding.summary} (${finding.cause})`)
  for (const { sides } of besideHeadline(diagnosis)) page.row('At odds', shortenAll(`${sides[0]}, and ${sides[1]}`))
  explained(page, diagnosis)
  remedy(page, diagnosis)
  if (diagnosis.evm.search.says !== null && diagnosis.evm.search.tried > 0 && diagnosis.verdict !== 'settles')
    page.row('Searched', diagnosis.evm.search.says)
  page.row('Read as', readAs(diagnosis))
  if (diagnosis.evm.token.domain !== null) page.row('Token known from', knownFrom(diagnosis.evm.token))
  const taken = diagnosis.assumes.length > 0
  if (taken) page.row('Taken for granted', `${diagnosis.assumes.map(shortenAll).join('; ')}`)
  // What a chain would tell is already listed as taken for granted.
  const skipped = diagnosis.skipped.filter(({ code }) => !(taken && code === 'no-chain'))
  for (const [reason, checks] of byReason(skipped)) page.row('Not checked', `${checks.join(', ')}: ${reason}`)
  return page.text()
}

/** Collects lines; every value from outside is made printable on its way in. */
class Page {
  readonly #lines: string[] = []
  readonly paint: Paint
  readonly width: number

  constructor(colors: Paint, width: number) {
    this.paint = colors
    this.width = width
  }

  line(text = ''): void {
    this.#lines.push(text)
  }

  /** Text after a label, wrapped and aligned below itself. */
  row(label: string, text: string): void {
    wrap(printable(text), this.width - labelWidth - 2).forEach((part, index) => {
      this.line(`  ${this.paint.dim((index === 0 ? label : '').padEnd(labelWidth))}${part}`)
    })
  }

  text(): string {
    return `${this.#lines.join('\n')}\n`
  }
}

function head(page: Page, diagnosis: EvmDiagnosis): void {
  const { verdict, headline, cause, party, proof, time } = diagnosis
  // Who asks about a payment whose window is closed asks why it failed: that it is good is no news to be glad of.
  const good = time.basis === 'inside-window' ? (['→ GOOD', page.paint.warn] as const) : (['✓ SETTLES', page.paint.good] as const)
  const [mark, color] = {
    settles: good,
    fails: ['✗ FAILS', page.paint.bad] as const,
    inconclusive: ['? INCONCLUSIVE', page.paint.warn] as const,
  }[verdict]
  const lines = wrap(printable(headline), page.width - 15)
  page.line(`${color(mark.padEnd(14))} ${page.paint.strong(lines[0] ?? '')}`)
  for (const line of lines.slice(1)) page.line(`${' '.repeat(15)}${page.paint.strong(line)}`)
  const parts = [
    ...(cause === null ? [] : [`cause ${cause}`]),
    ...(party === null ? [] : [`fault ${parties[party]}`]),
    ...(proof === null ? [] : [proof === 'proven' ? provenBy(diagnosis) : unproven(diagnosis)]),
    diagnosis.retry.says,
  ]
  for (const line of wrap(parts.join(' · '), page.width - 15)) page.line(`${' '.repeat(15)}${line}`)
  page.line()
}

/** The chain's own word where that is what names the cause; a replay else. */
function provenBy({ cause, findings, replay }: EvmDiagnosis): string {
  const first = findings.find((finding) => finding.cause === cause)
  const onChain = first?.evidence.some(({ source }) => source === 'chain') ?? false
  return onChain || replay === null ? 'proven on chain' : 'proven by replay'
}

/** What was signed or seen beside what is expected, with the first difference marked. */
function compared(page: Page, diagnosis: EvmDiagnosis): void {
  const { signed, expected } = diagnosis.evm.domain
  const errors = diagnosis.findings.filter(({ severity }) => severity === 'error')
  if (signed !== null && expected !== null && signed.separator !== expected.separator) domainTable(page, signed, expected, diagnosis)
  if (diagnosis.evm.signed !== null) messageTable(page, diagnosis.evm.signed, diagnosis.evm.authorization)
  const told = new Set(diagnosis.evm.signed?.differs.map((field) => `authorization.${field}`))
  // Of a member that the table has, only what the offer asks for besides is left to say.
  const rest = errors.filter(
    ({ field, seen, signed: was, expected: asked }) =>
      field !== undefined && !field.startsWith('domain') && !(told.has(field) && (asked === undefined || asked === seen || asked === was)),
  )
  for (const finding of rest) pair(page, finding)
  if (errors.length > 0) page.line()
}

/** The members of the message that were signed otherwise than they were sent. */
function messageTable(page: Page, signed: NonNullable<EvmDiagnosis['evm']['signed']>, payment: EvmDiagnosis['evm']['authorization']): void {
  const rows = [
    ...(signed.primaryType === payment.primaryType ? [] : [['type', payment.primaryType, signed.primaryType] as const]),
    ...signed.differs.map((field) => [field, payment[field], signed[field]] as const),
  ]
  const width = Math.max(12, ...rows.map(([, sent]) => printable(sent).length)) + 1
  page.line(`  ${page.paint.dim(`${''.padEnd(labelWidth)}${'as sent'.padEnd(width)}  as signed`)}`)
  for (const [label, sent, was] of rows) {
    page.line(`  ${page.paint.dim(label.padEnd(labelWidth))}${printable(sent).padEnd(width)}${page.paint.bad('≠')} ${printable(was)}`)
    const at = comparable(sent, was) ? firstDifference(sent, was) : undefined
    if (at !== undefined) page.line(`  ${''.padEnd(labelWidth)}${`${' '.repeat(at)}^`.padEnd(width)}  ${' '.repeat(at)}^`)
  }
}

function domainTable(page: Page, signed: DomainReport, expected: DomainReport, { payment, evm }: EvmDiagnosis): void {
  const { signer } = evm
  const rows = (['name', 'version', 'chainId', 'verifyingContract', 'salt', 'separator'] as const)
    .map((field) => ({ field, left: cell(field, signed[field]), right: cell(field, expected[field]) }))
    .filter(({ left, right }) => left !== '' || right !== '')
  const recovered = {
    field: 'recovers to',
    left: `${shorten(payment.from)} = from`,
    right: signer === null ? 'no key' : `${shorten(signer)} (not from)`,
  }
  const width = Math.max(12, ...[...rows, recovered].map(({ left }) => printable(left).length)) + 1
  page.line(`  ${page.paint.dim(`${''.padEnd(labelWidth)}${'signed under'.padEnd(width)}  ${expectedBy(payment, evm)}`)}`)
  let marked = false
  for (const { field, left, right } of [...rows, recovered]) {
    const a = printable(left)
    const b = printable(right)
    const differs = !sameText(left, right)
    page.line(`  ${page.paint.dim(field.padEnd(labelWidth))}${a.padEnd(width)}${differs ? page.paint.bad('≠') : ' '} ${b}`)
    const at = firstDifference(a, b)
    if (differs && !marked && at !== undefined && field !== 'recovers to') {
      marked = true
      page.line(`  ${''.padEnd(labelWidth)}${`${' '.repeat(at)}^`.padEnd(width)}  ${' '.repeat(at)}^`)
    }
  }
}

function expectedBy({ network }: EvmDiagnosis['payment'], { rail, token: { domain } }: EvmDiagnosis['evm']): string {
  if (rail === 'circle-gateway') return 'Circle Gateway expects'
  return domain?.from === 'claim' ? 'the payload says' : `${network ?? 'the token'} expects`
}

/** Where what is known of the token comes from, so that nobody takes a claim for knowledge. */
function knownFrom({ domain, units }: EvmDiagnosis['evm']['token']): string {
  const from = (each: NonNullable<typeof domain>): string =>
    ({ registry: 'the registry', chain: 'the chain', artifact: 'its artifact', user: 'you', claim: "the payload's own claim" })[each.from]
  const its = domain === null ? 'nothing' : `${from(domain)}: ${domain.says}`
  if (units === null) return `domain: ${its}; decimals: nobody told, so that amounts are atomic units`
  return domain !== null && domain.from === units.from ? its : `domain: ${its}; decimals: ${from(units)}`
}

function cell(field: string, value: string | undefined): string {
  if (value === undefined) return ''
  return field === 'name' || field === 'version' ? `"${value}"` : shorten(value)
}

function sameText(a: string, b: string): boolean {
  return a === b || (a.startsWith('0x') && a.toLowerCase() === b.toLowerCase())
}

/** Seen or signed above expected, aligned, with a caret below the first difference where both are written in the same way. */
function pair(page: Page, { field, seen, signed, expected }: Finding): void {
  const rows = [
    ['seen', seen],
    ['signed', signed],
    ['expected', expected],
  ].flatMap(([label, value]) => (value === undefined ? [] : [[label ?? '', printable(value)] as const]))
  rows.forEach(([label, value], index) => {
    page.line(`  ${page.paint.dim((index === 0 ? (field ?? '') : '').padEnd(labelWidth))} ${page.paint.dim(label.padEnd(9))} ${value}`)
  })
  const [a, b] = rows
  const at = a === undefined || b === undefined || !comparable(a[1], b[1]) ? undefined : firstDifference(a[1], b[1])
  if (at !== undefined) page.line(`  ${''.padEnd(labelWidth)} ${''.padEnd(9)} ${' '.repeat(at)}^`)
}

/** Two numbers or two hex strings; a caret below prose would mark nothing. */
function comparable(a: string, b: string): boolean {
  return (/^\d+$/.test(a) && /^\d+$/.test(b)) || (/^0x[0-9a-f]+$/i.test(a) && /^0x[0-9a-f]+$/i.test(b))
}

function replayed(page: Page, { replay, verdict, payment, settlement }: EvmDiagnosis): void {
  const [asIs, ...others] = replay?.runs ?? []
  if (replay === null || asIs === undefined) return
  const amount = ({ transferred }: (typeof replay.runs)[number]): string =>
    transferred === null ? 'nothing' : amountText(transferred, payment)
  const says =
    asIs.outcome === 'settled'
      ? `settles: transfers ${amount(asIs)}, gas ${asIs.gasUsed ?? '?'}`
      : (asIs.revert ?? 'reverts without a reason')
  const speaker = replay.code.kind === 'stand-in' ? 'Our stand-in says' : 'Token says'
  page.row(asIs.outcome === 'settled' ? 'Replayed' : speaker, `${says} · at ${timeOf(asIs.at)} on ${replay.chain}`)
  if (asIs.tokenSays !== null) page.row('The token itself', `words it ${asIs.tokenSays}`)
  const [withFix] = others
  // What would be if it had not been settled helps nobody.
  if (verdict === 'fails' && withFix !== undefined && settlement === null) {
    const gone = withFix.without.map((each) => `without this: ${each}`)
    page.row(
      'With the fix',
      `${withFix.outcome === 'settled' ? `settles: transfers ${amount(withFix)}` : (withFix.revert ?? 'reverts')} · ${[...gone, ...withFix.interventions].join('; ')}`,
    )
  }
}

/** The headline of what is inconclusive has the first contradiction in full. */
function besideHeadline({ verdict, contradictions }: EvmDiagnosis): EvmDiagnosis['contradictions'] {
  return verdict === 'inconclusive' ? contradictions.slice(1) : contradictions
}

/** What was predicted and did not show when it was replayed is no note about the payment. */
function standing({ severity, proof }: Finding): string {
  if (proof === 'withdrawn') return 'Withdrawn by replay'
  if (proof === 'contradicted') return 'Contradicted'
  return severity === 'info' ? 'Note' : 'Also'
}

function others({ findings, cause }: EvmDiagnosis): Finding[] {
  const first = findings.findIndex((finding) => finding.cause === cause)
  return findings.filter((_, index) => index !== first)
}

function explained(page: Page, { explanations }: EvmDiagnosis): void {
  if (explanations.length === 0) return
  page.line()
  const words = explanations[0]?.revert ?? undefined
  page.line(
    `  If it was answered with ${words === undefined ? 'a refusal of its signature' : `"${printable(words)}"`} all the same, one of these is why, the likeliest first:`,
  )
  for (const { cause, says, shown, check } of explanations) {
    page.row(cause, `${says}${shown ? '; replayed: the token then answers exactly this' : ''}. Check: ${check}`)
  }
  page.line()
}

/** The facts of the chain that people ask for first; all of them are in the JSON. */
const headlineFacts = [
  ['payer.balance', "payer's balance"],
  ['payer.code', "payer's code"],
  ['nonce.used', 'nonce used'],
  ['token.paused', 'paused'],
  ['simulated', 'simulated transfer'],
  ['token.hashed', 'token hashed'],
] as const

function chainLine({ source, kind, says, facts }: EvmDiagnosis['chain'][number], payment: EvmDiagnosis['payment']): string {
  if (kind !== 'read') return `${source}: ${says}`
  const shown = headlineFacts.flatMap(([name, label]) => {
    const found = facts.find(({ fact }) => fact === name)
    // Few RPCs trace, so that this one is worth no word where it is unknown.
    if (found === undefined || (name === 'token.hashed' && found.says === null)) return []
    const value = found.says ?? 'unknown'
    return [`${label} ${name === 'payer.balance' && /^\d+$/.test(value) ? amountText(value, payment) : value}`]
  })
  return `${shown.join(', ')} · ${says}, read from ${source}`
}

function remedy(page: Page, { fix }: EvmDiagnosis): void {
  if (fix !== null) page.row('Fix', fix)
}

function readAs({ payment, evm }: EvmDiagnosis): string {
  const where = payment.network ?? (evm.chainId === null ? 'no network named' : `chain ${evm.chainId}`)
  return `${payment.recognised}, ${where}: ${amountText(payment.value, payment)} from ${shorten(payment.from)} to ${shorten(payment.to)}`
}

function amountText(value: string, { decimals, symbol }: EvmDiagnosis['payment']): string {
  return amountOf(value, decimals, symbol ?? 'tokens', `${value} atomic units`)
}

function byReason(skipped: EvmDiagnosis['skipped']): Map<string, string[]> {
  const out = new Map<string, string[]>()
  for (const { check, reason } of skipped) out.set(reason, [...(out.get(reason) ?? []), check])
  return out
}
