import type { Group, Place, TallyReport, UnreadReport } from '../tally/tally.ts'
import { thousands } from '../text/amount.ts'
import type { Standing } from '../verdict/standing.ts'
import type { Block, ReportDocument, Row, Title } from './document.ts'
import { parties } from './names.ts'
import { timeOf } from './numbers.ts'
import { shortenAll } from './shorten.ts'

/** How payments stand, behind their number: `812 are good`. A cause that is named comes after it, but of those that fail, which it says by itself. */
const are = {
  good: ['is good', 'are good'],
  'good-then': ['is good inside its window', 'are good inside their windows'],
  'said-settled': ['is said to be settled', 'are said to be settled'],
  sent: ['was sent and not confirmed', 'were sent and not confirmed'],
  inconclusive: ['is inconclusive', 'are inconclusive'],
  'refused-though-good': ['was refused though good', 'were refused though good'],
  fails: ['fails', 'fail'],
} as const satisfies Readonly<Record<Standing, readonly [string, string]>>

/** Standings that are no news to be glad of, and nothing that is wrong either. */
const isGood: ReadonlySet<Standing> = new Set<Standing>(['good', 'good-then', 'said-settled'])

/** More groups than this are told by their number in the first line. */
const mostInLine = 6

/** What many payments come to as a report: the counts, then the causes, the worst first, then what could not be read. */
export function tallyDocument(report: TallyReport, { isWhole }: { readonly isWhole: boolean }): ReportDocument {
  const { groups, unreadable, notDiagnosed, noPayment } = report
  return {
    title: titleOf(report, isWhole),
    blocks: [
      ...groups.filter(({ standing }) => !isGood.has(standing)).map(blockOf),
      ...goodRows(groups.filter(({ standing }) => isGood.has(standing))),
      ...unread('Could not be read', unreadable),
      ...unread('Not diagnosed', notDiagnosed),
      ...elsewhere(noPayment),
    ],
  }
}

function titleOf(report: TallyReport, isWhole: boolean): Title {
  const { payments, records, groups, unreadable, notDiagnosed } = report
  // What is good is looked for first; then the worst, and of those the most.
  const ordered = [...groups.filter(({ standing }) => isGood.has(standing)), ...groups.filter(({ standing }) => !isGood.has(standing))]
  const [shown, rest] = [ordered.slice(0, mostInLine), ordered.slice(mostInLine)]
  const more = rest.reduce((sum, group) => sum + group.payments, 0)
  const parts = [
    ...shown.map((group) => inLine(group, payments)),
    ...(more === 0 ? [] : [`${thousands(more)} with ${rest.length} other causes`]),
    ...(unreadable.count === 0 ? [] : [`${thousands(unreadable.count)} could not be read`]),
    ...(notDiagnosed.count === 0 ? [] : [`${thousands(notDiagnosed.count)} could not be diagnosed`]),
  ]
  const again = records - payments
  return {
    ...markOf(report, isWhole),
    headline: `${counted(payments, 'payment')}: ${parts.length === 0 ? 'none was found' : parts.join(' · ')}`,
    details: [
      ...(isWhole ? [] : ['interrupted: what is not here was not looked at']),
      ...(again === 0
        ? []
        : [
            again === 1
              ? '1 record is of a payment that was met before'
              : `${thousands(again)} records are of payments that were met before`,
          ]),
      ...span(groups),
    ],
  }
}

function markOf({ payments, groups, unreadable, notDiagnosed }: TallyReport, isWhole: boolean): Pick<Title, 'mark' | 'tone'> {
  const has = (standing: Standing): boolean => groups.some((group) => group.standing === standing)
  // Of what was not looked at nobody knows how it stands.
  const isAll = isWhole && unreadable.count + notDiagnosed.count === 0
  if (has('fails'))
    return { mark: isAll && groups.every(({ standing }) => standing === 'fails') ? '✗ ALL FAIL' : '✗ SOME FAIL', tone: 'bad' }
  if (has('refused-though-good')) return { mark: '? SOME REFUSED', tone: 'warn' }
  if (payments === 0) return { mark: '? NOTHING READ', tone: 'warn' }
  if (groups.some(({ standing }) => !isGood.has(standing))) return { mark: '? SOME OPEN', tone: 'warn' }
  if (!isAll) return { mark: '? SO FAR GOOD', tone: 'warn' }
  return groups.every(({ standing }) => standing === 'good') ? { mark: '✓ ALL GOOD', tone: 'good' } : { mark: '→ ALL GOOD', tone: 'warn' }
}

/** `164 domain-name-mismatch, all from 2 payers`. */
function inLine(group: Group, all: number): string {
  const { standing, payments, payers } = group
  const number = payments === all && all > 1 ? 'all' : thousands(payments)
  const from = isGood.has(standing) || payers === 0 || payments < 2 || payers > payments / 2 ? '' : `, all from ${counted(payers, 'payer')}`
  return `${number} ${nameOf(group)}${from}`
}

function nameOf({ standing, cause, open, payments }: Group): string {
  const [one, several] = are[standing]
  const name = cause ?? open
  if (standing === 'fails' && name !== null) return name
  return `${payments === 1 ? one : several}${name === null || isGood.has(standing) ? '' : ` (${name})`}`
}

function blockOf(group: Group): Block {
  const { payments, party, proven, payers, says, fix, common, consensus, first, last } = group
  const row = (label: string, text: string | null): Row[] => (text === null ? [] : [{ label, text: shortenAll(text) }])
  return {
    role: 'note',
    text: `${thousands(payments)} ${nameOf(group)}${party === null ? '' : ` · fault ${parties[party]}`}${provenWords(group.standing, proven, payments)}`,
    rows: [
      ...row(payments === 1 ? 'Says' : 'Says, of the first', says),
      ...row(payments === 1 ? 'Fix' : 'Fix, of the first', fix),
      ...row('Payers', payers === 0 ? null : payers === 1 && common.payer !== null ? common.payer : counted(payers, 'payer')),
      ...(payments === 1 ? [] : row('In common', inCommon(common))),
      ...consensus.flatMap(({ payer, payments: count, of, slip }, index) =>
        row(
          index === 0 ? 'One configuration' : '',
          `${count === of ? `all ${thousands(of)}` : `${thousands(count)} of ${thousands(of)}`} payments of ${payer} have ${slip.field} "${slip.has}" where "${slip.expected}" is expected`,
        ),
      ),
      ...row('Recorded', first === null || last === null ? null : first === last ? timeOf(first) : `${timeOf(first)} … ${timeOf(last)}`),
      // Not shortened: a file can be named like an address.
      ...group.places.map((place, index) => ({ label: index === 0 ? 'Look at' : '', text: placeText(place) })),
    ],
  }
}

function provenWords(standing: Standing, proven: number, payments: number): string {
  if (standing !== 'fails') return ''
  if (proven === payments) return ' · proven'
  return proven === 0 ? ' · inferred, not proven' : ` · ${thousands(proven)} proven, the others inferred`
}

function inCommon({ payTo, token, network, slip }: Group['common']): string | null {
  const parts = [
    ...(network === null ? [] : [network]),
    ...(token === null ? [] : [`token ${token}`]),
    ...(payTo === null ? [] : [`payTo ${payTo}`]),
    ...(slip === null ? [] : [`${slip.field} "${slip.has}" where "${slip.expected}" is expected`]),
  ]
  return parts.length === 0 ? null : parts.join(' · ')
}

/** `logs/2025-10-31.jsonl:12`, `trace.har, entry 3`. */
export function placeText({ file, line, entry }: Place): string {
  return `${file}${line === null ? '' : `:${line}`}${entry === null ? '' : `, entry ${entry}`}`
}

function goodRows(groups: readonly Group[]): Block[] {
  if (groups.length === 0) return []
  const rows = groups.map((group) => ({
    label: group.standing === 'said-settled' ? 'Said to be settled' : 'Good',
    text: shortenAll([`${thousands(group.payments)} ${nameOf(group)}`, ...listOf(inCommon(group.common))].join(' · ')),
  }))
  return [{ role: 'rows', rows }]
}

function listOf(text: string | null): readonly string[] {
  return text === null ? [] : [text]
}

function unread(label: string, { count, some }: UnreadReport): Block[] {
  if (count === 0) return []
  const more = count - some.length
  const rows = some.map(({ place, says }, index) => ({ label: index === 0 ? label : '', text: `${placeText(place)}: ${says}` }))
  return [{ role: 'rows', rows: more === 0 ? rows : [...rows, { label: '', text: `and ${thousands(more)} more` }] }]
}

/** What else there was, without a word on each: a folder has other files, and a log other lines. */
function elsewhere({ count, some }: UnreadReport): Block[] {
  if (count === 0) return []
  const text = `${thousands(count)}${count > some.length ? ', such as' : ':'} ${some.map(({ place }) => placeText(place)).join(', ')}`
  return [{ role: 'rows', rows: [{ label: 'No payment', text }] }]
}

function span(groups: readonly Group[]): readonly string[] {
  const times = groups.flatMap(({ first, last }) => [first, last]).flatMap((time) => (time === null ? [] : [BigInt(time)]))
  const sorted = times.sort((a, b) => Number(a - b)).map((time) => timeOf(String(time)))
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (first === undefined || last === undefined) return []
  return [first === last ? `recorded ${first}` : `recorded ${first} … ${last}`]
}

function counted(count: number, what: string): string {
  return `${thousands(count)} ${what}${count === 1 ? '' : 's'}`
}
