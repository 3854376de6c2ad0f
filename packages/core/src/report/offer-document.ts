import type { Finding } from '../causes/finding.ts'
import type { OfferDiagnosis, OfferEntryReport, OfferStanding } from '../offer/offer.ts'
import type { Block, ReportDocument, Row, Title } from './document.ts'
import { facilitatorRows } from './facilitator-rows.ts'
import { parties } from './names.ts'
import { comparable, shortenAll } from './shorten.ts'

const marks = {
  good: { mark: '✓ OFFER IS GOOD', tone: 'good' },
  fails: { mark: '✗ OFFER FAILS', tone: 'bad' },
  unknown: { mark: '? OFFER UNCLEAR', tone: 'warn' },
  'other-rail': { mark: '→ NOT JUDGED', tone: 'warn' },
} as const satisfies Record<OfferStanding, Pick<Title, 'mark' | 'tone'>>

/** An offer without a payment as a report: the answer first, then each entry, what is wrong with it, and what to paste in its place. */
export function offerDocument(offer: OfferDiagnosis): ReportDocument {
  const { standing, headline, cause, party, proof, entries, chain, recognised } = offer
  const single = entries.length === 1
  return {
    title: {
      ...marks[standing],
      headline,
      details: [
        ...(cause === null ? [] : [`cause ${cause}`]),
        ...(party === null ? [] : [`fault ${parties[party]}`]),
        ...(proof === null ? [] : [proof === 'proven' ? 'proven by replay' : 'inferred, not proven']),
      ],
    },
    blocks: [
      { role: 'rows', rows: entries.map((entry) => ({ label: entry.path, text: entryText(entry) })) },
      ...entries.flatMap((entry) => details(entry, single)),
      {
        role: 'rows',
        rows: [
          ...chain.map(({ source, says }) => ({ label: 'Chain', text: `${source}: ${says}` })),
          { label: 'Read as', text: recognised },
        ],
      },
    ],
  }
}

function entryText({ standing, scheme, network, price, payTo, symbol, asset, cause }: OfferEntryReport): string {
  const what = [
    scheme ?? 'no scheme',
    network ?? 'no network',
    `${price ?? 'no amount'}${symbol === null && asset !== null ? ` of ${asset}` : ''}`,
    payTo === null ? 'to nobody that can be read' : `to ${payTo}`,
  ]
  const words = { good: 'good', fails: `fails: ${cause ?? ''}`, unknown: 'unclear', 'other-rail': 'not judged' } as const
  return `${shortenAll(what.join(' · '))} · ${words[standing]}`
}

function details(entry: OfferEntryReport, single: boolean): Block[] {
  const { findings, corrected, path, facilitators, standing, says } = entry
  const label = (text: string): string => (single ? text : `${path} ${text}`)
  const [first, ...others] = findings
  const rows: Row[] = [
    // Of several entries the title tells one.
    ...(single || standing === 'good' ? [] : [{ label: path, text: says }]),
    ...(first === undefined ? [] : standing === 'fails' ? others : findings).map((finding) => ({
      label: label('Also'),
      text: `${finding.summary} (${finding.cause})`,
    })),
    ...findings
      .filter(({ severity }) => severity !== 'info')
      .map((finding, index) => ({ label: index === 0 ? label('Fix') : '', text: finding.fix })),
    ...(standing === 'good' || standing === 'fails'
      ? facilitatorRows(facilitators, findings).map((row) => ({ ...row, label: label(row.label) }))
      : []),
  ]
  return [
    ...factsOf(findings),
    ...(rows.length === 0 ? [] : [{ role: 'rows', rows } as const]),
    ...(corrected === null ? [] : [{ role: 'lines', label: `${path} as it should be`, lines: corrected.split('\n') } as const]),
  ]
}

/** What stands in the offer, and what should, of each error that has both. */
function factsOf(findings: readonly Finding[]): Block[] {
  return findings.flatMap(({ severity, field, seen, expected }): Block[] => {
    if (severity !== 'error' || field === undefined || seen === undefined || expected === undefined) return []
    return [
      {
        role: 'facts',
        label: field.replace('requirements.', ''),
        values: [
          { label: 'offered', text: seen },
          { label: 'expected', text: expected },
        ],
        mark: comparable(seen, expected),
      },
    ]
  })
}
