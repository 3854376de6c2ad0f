import type { Finding } from '../causes/finding.ts'
import type { Diagnosis } from '../diagnosis/diagnosis.ts'
import type { DiagnosisTrunk } from '../verdict/diagnosis.ts'
import { type Standing, standingOf } from '../verdict/standing.ts'
import type { Block, ReportDocument, Row, Title } from './document.ts'
import { partsOfEvm } from './evm-parts.ts'
import { facilitatorRows } from './facilitator-rows.ts'
import type { FamilyParts } from './family-parts.ts'
import { parties, proofWords, speakerOf } from './names.ts'
import { timeOf } from './numbers.ts'
import { comparable, shortenAll } from './shorten.ts'
import { partsOfSolana } from './solana-parts.ts'

/** A diagnosis of either family as a report: the answer first, then why, then what to do, then what it rests on. */
export function diagnosisDocument(diagnosis: Diagnosis): ReportDocument {
  const parts = diagnosis.family === 'evm' ? partsOfEvm(diagnosis) : partsOfSolana(diagnosis)
  const { undecided, chain, money, fix, assumes } = diagnosis
  const rows = (...all: readonly Row[]): Block[] => (all.length === 0 ? [] : [{ role: 'rows', rows: all }])
  const taken = assumes.length > 0
  return {
    title: titleOf(diagnosis),
    blocks: [
      ...answered(diagnosis),
      ...(undecided?.check == null || diagnosis.answer?.check != null ? [] : rows({ label: 'One call tells', text: undecided.check })),
      ...parts.compared,
      ...factsOf(diagnosis, parts),
      ...rows(
        ...elsewhere(diagnosis),
        ...parts.replayed,
        ...chain.map((answer) => ({ label: 'Chain', text: parts.sayChain(answer) })),
        { label: 'Money', text: money.says },
        ...others(diagnosis).map((finding) => ({ label: standing(finding), text: `${finding.summary} (${finding.cause})` })),
        ...besideHeadline(diagnosis).map(({ sides }) => ({ label: 'At odds', text: shortenAll(`${sides[0]}, and ${sides[1]}`) })),
      ),
      ...explained(diagnosis),
      ...rows(
        ...(fix === null ? [] : [{ label: 'Fix', text: fix }]),
        ...parts.rows,
        ...facilitatorRows(diagnosis.facilitators, diagnosis.findings),
        { label: 'Read as', text: parts.readAs },
        ...parts.known,
        ...(taken ? [{ label: 'Taken for granted', text: assumes.map(shortenAll).join('; ') }] : []),
        ...notChecked(diagnosis, taken),
      ),
    ],
  }
}

function titleOf(diagnosis: DiagnosisTrunk): Title {
  const { headline, cause, party, retry } = diagnosis
  const proof = proofWords(diagnosis)
  return {
    ...marks[standingOf(diagnosis)],
    headline,
    details: [
      ...(cause === null ? [] : [`cause ${cause}`]),
      ...(party === null ? [] : [`fault ${parties[party]}`]),
      ...(proof === undefined ? [] : [proof]),
      retry.says,
    ],
  }
}

/** What is right in itself did not fail by itself: where nobody tells what was answered, what failed is somewhere else. */
const marks = {
  good: { mark: '✓ PAYMENT IS GOOD', tone: 'good' },
  // Who asks about a payment whose window is closed asks why it failed: that it is good is no news to be glad of.
  'good-then': { mark: '→ PAYMENT IS GOOD', tone: 'warn' },
  'said-settled': { mark: '→ SAID TO BE SETTLED', tone: 'warn' },
  sent: { mark: '? SENT, NOT CONFIRMED', tone: 'warn' },
  inconclusive: { mark: '? INCONCLUSIVE', tone: 'warn' },
  'refused-though-good': { mark: '? REFUSED, though good', tone: 'warn' },
  fails: { mark: '✗ FAILS', tone: 'bad' },
} as const satisfies Readonly<Record<Standing, Pick<Title, 'mark' | 'tone'>>>

/** Where to look for what failed, when it is not the payment, and nobody told what was answered. */
function elsewhere({ verdict, answer, chain, settlement }: DiagnosisTrunk): Row[] {
  if (verdict !== 'settles' || answer !== null || settlement !== null) return []
  const isRead = chain.some(({ kind }) => kind === 'read')
  const next = isRead ? 'at whoever submits it' : 'at what only the chain knows (--rpc-url)'
  return [{ label: 'Look elsewhere', text: `if it failed: at what was answered (paste it beside the payment, or --answer), and ${next}` }]
}

/** What was answered, whose words it is in, and when; and what would tell whether it is so. */
function answered({ answer, time }: DiagnosisTrunk): Block[] {
  const judged: Row[] =
    time.basis === 'read'
      ? [{ label: 'Judged at', text: `${timeOf(time.judgedAt)}, the time of the record that it stands in (--at says another)` }]
      : []
  if (answer === null) return judged.length === 0 ? [] : [{ role: 'rows', rows: judged }]
  const { says, transaction, lookedUp, check, refuted, relation } = answer
  const [first] = refuted
  const ruledOut = refuted.length > 0 && relation !== 'contradicted' ? refuted.map(({ cause }) => cause).slice(0, 6) : []
  return [
    {
      role: 'rows',
      rows: [
        ...(says === ''
          ? []
          : [
              {
                label: 'Answered',
                text: `"${says}", in the words of ${speakerOf(answer)}${answer.from === 'given' ? '' : ', beside the payment'}`,
              },
            ]),
        ...(transaction === null
          ? []
          : [{ label: 'Transaction', text: `${transaction}${lookedUp === null ? '' : `: ${shortenAll(lookedUp)}`}` }]),
        ...(ruledOut.length === 0 || first === undefined
          ? []
          : [
              {
                label: 'Not the reason',
                text: `${ruledOut.join(', ')}${refuted.length > ruledOut.length ? ' and others' : ''}: ${first.because}`,
              },
            ]),
        ...(check === null ? [] : [{ label: 'One call tells', text: check }]),
        ...judged,
      ],
    },
  ]
}

/** What was seen, signed and expected, of each error whose field no table has. */
function factsOf({ findings }: DiagnosisTrunk, { told }: FamilyParts): Block[] {
  return findings
    .filter((finding) => finding.severity === 'error' && !told(finding))
    .flatMap(({ field, seen, signed, expected }): Block[] => {
      const values = [
        ['seen', seen],
        ['signed', signed],
        ['expected', expected],
      ].flatMap(([label = '', text]) => (text === undefined ? [] : [{ label, text }]))
      const [a, b] = values
      if (a === undefined) return []
      return [{ role: 'facts', label: field ?? '', values, mark: b !== undefined && comparable(a.text, b.text) }]
    })
}

/** The headline of what is inconclusive has the first contradiction in full. */
function besideHeadline({ verdict, contradictions }: DiagnosisTrunk): DiagnosisTrunk['contradictions'] {
  return verdict === 'inconclusive' ? contradictions.slice(1) : contradictions
}

/** What was predicted and did not show when it was replayed is no note about the payment. */
function standing({ severity, proof }: Finding): string {
  if (proof === 'withdrawn') return 'Withdrawn by replay'
  if (proof === 'contradicted') return 'Contradicted'
  return severity === 'info' ? 'Note' : 'Also'
}

function others({ findings, cause }: DiagnosisTrunk): readonly Finding[] {
  const first = findings.findIndex((finding) => finding.cause === cause)
  return findings.filter((_, index) => index !== first)
}

function explained({ explanations, answer }: DiagnosisTrunk): Block[] {
  const [first] = explanations
  if (first === undefined) return []
  const words = first.revert === null ? 'a refusal of its signature' : `"${first.revert}"`
  return [
    {
      role: 'note',
      text:
        answer === null
          ? `If it was answered with ${words} all the same, one of these is why, the likeliest first:`
          : 'One of these is why, the likeliest first:',
      rows: explanations.map(({ cause, says, shown, check }) => ({
        label: cause,
        text: `${says}${shown ? '; replayed: the token then answers exactly this' : ''}. Check: ${check}`,
      })),
    },
  ]
}

/** What a chain would tell is already listed as taken for granted. */
function notChecked({ skipped }: DiagnosisTrunk, taken: boolean): Row[] {
  const reasons = new Map<string, string[]>()
  for (const { code, check, reason } of skipped)
    if (!(taken && code === 'no-chain')) reasons.set(reason, [...(reasons.get(reason) ?? []), check])
  return [...reasons].map(([reason, checks]) => ({ label: 'Not checked', text: `${checks.join(', ')}: ${reason}` }))
}
