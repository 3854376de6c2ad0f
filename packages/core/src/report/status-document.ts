import type { Finality } from '../money/instrument.ts'
import type { PaymentStatus, StatusState } from '../money/status.ts'
import type { Block, ReportDocument, Row, Title } from './document.ts'
import { timeOf } from './numbers.ts'

/** What became of it in a word or two. Green only where the money is there to stay. */
export const statusMarks = {
  paid: { mark: '✓ PAID', tone: 'good' },
  'spent-on-another': { mark: '✗ SPENT ON ANOTHER PAYMENT', tone: 'bad' },
  used: { mark: '? USED', tone: 'warn' },
  canceled: { mark: '✗ CANCELED', tone: 'bad' },
  unused: { mark: '→ UNUSED', tone: 'warn' },
  expired: { mark: '✗ EXPIRED, UNUSED', tone: 'bad' },
  pending: { mark: '→ WAITING', tone: 'warn' },
  failed: { mark: '✗ FAILED', tone: 'bad' },
  'no-payment': { mark: '? NO PAYMENT', tone: 'warn' },
  unknown: { mark: '? UNKNOWN', tone: 'warn' },
} as const satisfies Record<StatusState, Pick<Title, 'mark' | 'tone'>>

const finalities = {
  finalized: 'finalized: it stays so',
  safe: 'safe, not finalized yet',
  latest: 'in a block that can still be undone',
  none: undefined,
} as const satisfies Record<Finality, string | undefined>

/** What became of a payment's money, as a report: the answer first, then what to do, then what it rests on. */
export function statusDocument(status: PaymentStatus): ReportDocument {
  const { state, finality, headline, retry, transaction, chain, check, explorer, subject, network } = status
  const { mark, tone } = statusMarks[state]
  const isOpen = finality === 'latest' && (state === 'paid' || state === 'canceled' || state === 'spent-on-another')
  const row = (label: string, text: string | null | undefined): Row[] => (text == null ? [] : [{ label, text }])
  const rows: Row[] = [
    ...row('Explorer', explorer),
    // Of what is open anyway every block can change the answer.
    ...(state === 'unused' ? [] : row('Finality', finalities[finality])),
    ...(subject === null ? [] : row('Authorization', authorizationText(status))),
    ...(transaction === null ? [] : row('Transaction', transactionText(transaction))),
    ...chain.map(({ source, says }) => ({ label: 'Chain', text: `${source}: ${says}` })),
    ...(chain.length === 0 ? row('Chain', `${network ?? 'no network is named'}; no RPC was given (--rpc-url, --rpc name=URL)`) : []),
  ]
  const blocks: Block[] = [
    // A command is pasted whole.
    ...(check === null ? [] : [{ role: 'lines', label: 'One call tells', lines: [check] } as const]),
    { role: 'rows', rows },
  ]
  return {
    title: {
      // What a block shows that can still go is no news to be glad of, or sorry for.
      tone: isOpen ? 'warn' : tone,
      mark: isOpen ? `${mark.replace(/^\S+/, '?')}, NOT FINAL` : mark,
      headline,
      details: [retry.says],
    },
    blocks,
  }
}

function authorizationText({ subject, network }: PaymentStatus): string {
  if (subject === null) return ''
  const { token, from, nonce, to, value, opens, closes } = subject
  return [
    ...(value === null ? [] : [`${value} atomic units`]),
    ...(from === null ? [] : [`from ${from}`]),
    ...(to === null ? [] : [`to ${to}`]),
    ...(token === null ? [] : [`of ${token}`]),
    ...(network === null ? [] : [`on ${network}`]),
    ...(nonce === null ? [] : [`nonce ${nonce}`]),
    ...(opens === null || closes === null ? [] : [`window ${timeOf(opens)} … ${timeOf(closes)}`]),
  ].join(', ')
}

function transactionText({ id, state, block, time, sender, depth }: NonNullable<PaymentStatus['transaction']>): string {
  return [
    `${id}: ${state}`,
    ...(block === null ? [] : [`block ${block}`]),
    ...(time === null ? [] : [timeOf(time)]),
    ...(sender === null ? [] : [`sent by ${sender}`]),
    ...(depth === null ? [] : [`${depth} deep`]),
  ].join(', ')
}
