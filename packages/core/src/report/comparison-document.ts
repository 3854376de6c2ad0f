import type { ComparedSide, Comparison } from '../comparison/comparison.ts'
import type { ReportDocument, Row } from './document.ts'

/** Two payments beside each other: whether they are one, where they differ, and which difference explains that one of them fails. */
export function comparisonDocument({ relation, headline, sides, differences, explains, notes }: Comparison): ReportDocument {
  const row = (label: string, text: string): Row => ({ label, text })
  const names = ['first', 'second'] as const
  const explained = differences.find(({ field }) => field === explains)
  return {
    title: {
      mark: relation === 'same' ? '= SAME PAYMENT' : relation === 'same-message' ? '? SAME MESSAGE' : '≠ DIFFERENT',
      tone: relation === 'same' ? 'good' : relation === 'same-message' ? 'warn' : 'bad',
      headline,
      details: explained === undefined ? [] : [`${explained.field} is what one of them fails for`],
    },
    blocks: [
      ...(differences.length === 0
        ? []
        : [
            {
              role: 'table' as const,
              heads: ['first', 'second'] as const,
              short: true,
              rows: differences.map(({ field, first, second, words }) => ({
                label: field,
                left: words?.[0] ?? first,
                right: words?.[1] ?? second,
                differs: true,
                mark: false,
              })),
            },
          ]),
      {
        role: 'rows',
        rows: [
          ...differences.flatMap(({ field, says }) => (says === null ? [] : [row(field, says)])),
          ...differences.flatMap(({ field, words, first, second }) =>
            words === null || field.startsWith('domain') || field.startsWith('requirements') ? [] : [row(field, `${first} and ${second}`)],
          ),
          ...sides.flatMap((side, index) => sideRows(side, names[index] ?? '', row)),
          ...notes.map((note) => row('Note', note)),
        ],
      },
    ],
  }
}

function sideRows(
  { recognised, digest, signer, isSigned, verdict, cause, answer }: ComparedSide,
  name: string,
  row: (label: string, text: string) => Row,
): Row[] {
  const standing = verdict === null ? [] : [`${verdict}${cause === null ? '' : ` (${cause})`}`]
  const signed = signer === null ? (isSigned ? [] : ['not signed']) : [`signed by ${signer}`]
  return [
    row(`The ${name}`, [recognised, ...signed, ...standing].join(' · ')),
    ...(digest === null ? [] : [row('', `digest ${digest}`)]),
    ...(answer === null ? [] : [row('', `answered "${answer}"`)]),
  ]
}
