import { type Finding, printable } from '@eip3009/core'
import type { DecodedAnswer, SvmTransactionReport } from '@eip3009/core/internal'
import { type Paint, paint, wrap } from '@eip3009/core/report'

/** A transaction on Solana, with the payment around it where there is one. JSON-safe. */
export interface DecodedSvm {
  readonly schema: 'eip3009/decoded@1'
  /** In one phrase. */
  readonly what: string
  /** Null where its bytes can not be read: the findings say why. */
  readonly transaction: SvmTransactionReport | null
  readonly payment?: {
    readonly network: string | null
    /** What the offer asks for, as far as it states it. */
    readonly offer: Readonly<Record<string, string>> | null
  }
  /** What was odd about the text or the bytes. */
  readonly findings: readonly Pick<Finding, 'cause' | 'severity' | 'summary'>[]
  /** A facilitator's or a node's answer in the same text. */
  readonly answer?: DecodedAnswer
}

const labelWidth = 16
/** Names of programs stand in a column of their own, as wide as the longest. */
const nameWidth = 26

type Row = (label: string, text: string) => void
type Role = SvmTransactionReport['signers'][number]['role']

const roles = {
  'fee-payer': 'fee payer',
  payer: 'payer',
  'fee-payer-and-payer': 'fee payer and payer',
  signer: 'signer',
} as const satisfies Record<Role, string>

/** A transaction on Solana: what it is in the first line, then who signed, then each instruction in words. */
export function renderDecodedSvm(
  { what, transaction, payment, findings, answer }: DecodedSvm,
  { color, columns }: { readonly color: boolean; readonly columns: number },
): string {
  const colors = paint(color)
  const width = Math.max(60, Math.min(columns, 130))
  const lines: string[] = [colors.strong(printable(what))]
  const row: Row = (label, text) => {
    wrap(printable(text), width - labelWidth - 2).forEach((part, index) => {
      lines.push(`  ${colors.dim((index === 0 ? label : '').padEnd(labelWidth))}${part}`)
    })
  }
  if (payment !== undefined) {
    row('Network', payment.network ?? 'not named')
    for (const [name, value] of Object.entries(payment.offer ?? {})) if (name !== 'network') row(`Offer ${name}`, value)
  }
  if (transaction !== null) transactionRows(transaction, row, colors, lines, width)
  for (const { summary, cause } of findings) row('Finding', `${summary} (${cause})`)
  if (answer !== undefined) row('Answer', `${answer.name}: ${answer.message}`)
  row(
    'Next',
    payment === undefined
      ? 'eip3009 diagnose wants the payment around it: the body or the header that it was sent in'
      : 'eip3009 diagnose, with the same input, says whether it settles',
  )
  return `${lines.join('\n')}\n`
}

function transactionRows(transaction: SvmTransactionReport, row: Row, colors: Paint, lines: string[], width: number): void {
  const { version, bytes, most, blockhash, signers, instructions, lookupTables } = transaction
  row('Transaction', `${version === 'legacy' ? 'legacy' : `version ${version}`}, ${bytes} of at most ${most} bytes`)
  row('Blockhash', blockhash)
  signers.forEach(({ key, role, state }, index) => {
    row(index === 0 ? 'Signatures' : '', `${index}  ${state.padEnd(8)} ${key}  ${roles[role]}${emptySlot(role, state)}`)
  })
  instructions.forEach(({ program, name, says }, index) => {
    const head = (name ?? program ?? "a lookup table's").padEnd(nameWidth)
    const indent = `  ${' '.repeat(labelWidth)}${' '.repeat(3 + nameWidth)}`
    const parts = wrap(printable(says), Math.max(30, width - indent.length))
    const first = head.trimEnd().length > nameWidth
    if (first) row(index === 0 ? 'Instructions' : '', `${index}  ${head}`)
    parts.forEach((part, line) => {
      const label = index === 0 && line === 0 && !first ? 'Instructions' : ''
      const lead = line === 0 && !first ? `  ${colors.dim(label.padEnd(labelWidth))}${index}  ${printable(head)}` : indent
      lines.push(`${lead}${part}`)
    })
  })
  if (lookupTables.length > 0) row('Lookup tables', lookupTables.join(', '))
}

/** An empty first slot is how a payment is sent; any other is a payment that was not signed. */
function emptySlot(role: Role, state: string): string {
  if (state !== 'missing') return ''
  return role === 'fee-payer' ? ', who signs at settlement' : ', who has to sign'
}
