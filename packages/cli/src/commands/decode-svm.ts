import { decodeRevert, type SvmPayment } from '@eip3009/core'
import { describeTransaction, readTransactionText } from '@eip3009/core/internal'
import type { DecodedSvm } from '../report/decoded-svm.ts'
import { shownAnswer } from '../shown-answer.ts'
import { UsageError } from '../usage-error.ts'

const schema = 'eip3009/decoded@1'

/**
 * Decodes a bare transaction as base64; undefined when the input is none.
 * @throws UsageError for base64 that begins as a transaction does and is no whole one.
 */
export function decodeTransaction(text: string): DecodedSvm | undefined {
  const read = readTransactionText(text)
  if (read === undefined) return undefined
  if (!read.ok) {
    if (!beginsAsTransaction(text)) return undefined
    throw new UsageError(`Read base64 that begins as a Solana transaction does, and it ${read.problem}; copy the whole transaction again.`)
  }
  const { transaction, slips } = read
  const odd = [
    ...slips.map((slip) => `The base64 is odd: ${slip.replaceAll('-', ' ')}. Some decoders refuse that.`),
    ...(transaction.trailingBytes > 0 ? [`There are ${transaction.trailingBytes} bytes behind the transaction.`] : []),
  ]
  return {
    schema,
    what: 'a transaction on Solana',
    transaction: describeTransaction(transaction),
    findings: odd.map((summary) => ({ cause: 'svm-transaction-malformed', severity: 'warning', summary })),
  }
}

/** One to four signatures, of which the first is the facilitator's and not there yet. */
function beginsAsTransaction(text: string): boolean {
  return /^(?:AQ|Ag|Aw|BA)AAAAAAAAAAAAAAAA/.test(text.trim())
}

/** A payment on Solana, and the answer in the same text. */
export function decodeSvm({ transaction, recognised, network, networkName, requirements, findings }: SvmPayment, text: string): DecodedSvm {
  const answer = decodeRevert(text)
  return {
    schema,
    what: recognised,
    transaction: transaction === null ? null : describeTransaction(transaction),
    payment: {
      network: network?.id ?? networkName ?? null,
      offer:
        requirements === undefined ? null : Object.fromEntries(Object.entries(requirements).map(([name, value]) => [name, String(value)])),
    },
    findings: findings.map(({ cause, severity, summary }) => ({ cause, severity, summary })),
    ...(answer.kind === 'unknown' || answer.kind === 'empty' ? {} : { answer: shownAnswer(answer) }),
  }
}
