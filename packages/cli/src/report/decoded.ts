import {
  type CauseId,
  catalogue,
  type EvmPayment,
  type IdentifiedSeparator,
  type PayerClaim,
  printable,
  type Revert,
  rails,
  type SignatureBytes,
} from '@eip3009/core'
import { type CoverableBytes32, type DecodedAnswer, describeDomain, type StandardWord } from '@eip3009/core/internal'
import { paint, parties, wrap } from '@eip3009/core/report'
import type { DecodedSvm } from './decoded-svm.ts'
import { retries, sayRetry } from './names.ts'

const labelWidth = 14
const shownCauses = 6

interface Head {
  readonly schema: 'eip3009/decoded@1'
  /** In one phrase. */
  readonly what: string
}

export interface DecodedPayment extends Head {
  readonly payment: EvmPayment
  /** An answer to it in the same text. */
  readonly answer?: DecodedAnswer
}

export interface DecodedAlone extends Head {
  readonly answer: DecodedAnswer
}

export interface DecodedSignature extends Head {
  readonly signature: SignatureParts
}

export interface DecodedSeparator extends Head {
  readonly separator: IdentifiedSeparator
}

export interface DecodedConstant extends Head {
  readonly constant: StandardWord
}

/** A signature without s, which is what nobody else should have. */
export interface SignatureParts extends Omit<SignatureBytes, 'ecdsa'> {
  readonly r?: CoverableBytes32
  readonly yParity?: 0 | 1
}

/** Anything but a transaction on Solana. */
export type Decoded = DecodedPayment | DecodedAlone | DecodedSignature | DecodedSeparator | DecodedConstant

/**
 * What `eip3009 decode --json` prints: what was pasted, and what it says. Times are unix seconds and amounts are atomic units, as decimal strings.
 */
export type DecodedDocument = Decoded | DecodedSvm

/** All that can be in it, where it is. */
type Parts = Head & Partial<DecodedPayment & DecodedSignature & DecodedSeparator & DecodedConstant>

/** What was pasted: what it is in the first line, then what it means. */
export function renderDecoded(decoded: Decoded, { color, columns }: { readonly color: boolean; readonly columns: number }): string {
  const { strong, dim } = paint(color)
  const width = Math.max(60, Math.min(columns, 130))
  const lines: string[] = []
  const row = (label: string, text: string): void => {
    wrap(printable(text), width - labelWidth - 2).forEach((part, index) => {
      lines.push(`  ${dim((index === 0 ? label : '').padEnd(labelWidth))}${part}`)
    })
  }
  const { answer, payment, signature, separator, constant }: Parts = decoded
  lines.push(strong(printable(answer === undefined || payment !== undefined ? decoded.what : `${answer.name}: ${answer.message}`)))
  if (answer !== undefined) answerRows(answer, decoded.what, row)
  if (payment !== undefined) paymentRows(payment, row)
  if (signature !== undefined) signatureRows(signature, row)
  if (separator !== undefined) {
    row('Domain', describeDomain(separator.domain))
    for (const { of, why } of separator.origins) row('Of', of === undefined ? why : `${of}: ${why}`)
  }
  if (constant !== undefined) {
    if (constant.preimage !== undefined && constant.preimage !== '') row('Made from', constant.preimage)
    row('Known as', `a constant of ${constant.of}: everybody has it, and it is no secret`)
  }
  return `${lines.join('\n')}\n`
}

function answerRows(answer: DecodedAnswer, what: string, row: (label: string, text: string) => void): void {
  row('It is', answer.via.length === 0 ? what : `${what}, inside ${answer.via.join(' › ')}`)
  for (const { name, type, value } of answer.args) row(name ?? type, String(value))
  if (answer.cause !== undefined) row('Cause', `${answer.cause}: ${catalogue[answer.cause].title}`)
  else if (answer.causes.length > 0) candidates(answer.causes, row)
  else row('Cause', noCause(answer))
  if (answer.rail !== undefined && answer.causes.length > 0) row('Rail', rails[answer.rail].what)
  if (answer.rulesOut.length > 0) row('Rules out', answer.rulesOut.join(', '))
  if (answer.party !== undefined) row('Fault', parties[answer.party])
  row('Retry', retryOf(answer))
  if (answer.transaction !== undefined) row('Transaction', answer.transaction)
  if (answer.solanaTransaction !== undefined)
    row('Look up first', `${answer.solanaTransaction}: it was sent, and paid if it landed without an error`)
  if (answer.relayer !== undefined) row('Relayer', `${answer.relayer}: whose transaction the node refused, not the payer`)
  row('Next', nextOf(answer))
}

function nextOf({ causes, rail }: Revert): string {
  const [first] = causes
  const explain = first === undefined ? [] : [`eip3009 explain ${first}`]
  // Diagnosing says of these no more than that they are not judged.
  const isOther = rail !== undefined && rails[rail].eip3009 === 'none'
  return [...explain, isOther ? 'ask whoever answered: payments of this rail are not judged here' : 'eip3009 diagnose <payment>'].join(
    ' · ',
  )
}

function retryOf(answer: Revert): string {
  if ('stage' in answer && answer.stage === 'unsigned')
    return 'nothing was signed yet, so nothing can be paid twice: put it right, then sign'
  const isPending = answer.kind === 'reason-code' && answer.code === 'settlement_pending'
  return isPending ? `${retries[answer.retry]}, and nothing may be signed anew: it is not over` : sayRetry(answer.retry, answer.causes[0])
}

/** Why no cause is named: nothing is known of it, or what is known is not about EIP-3009. */
function noCause(answer: Revert): string {
  if (answer.kind === 'event') return 'none: nothing failed here'
  if (answer.rail !== undefined) return `none of EIP-3009: it is about ${rails[answer.rail].what}`
  const isKnown = answer.kind === 'panic' || ('known' in answer && answer.known)
  return isKnown ? 'none of the catalogue' : 'not known'
}

/** The likeliest in full and the rest by number: nobody reads twenty causes at night. */
function candidates(causes: readonly CauseId[], row: (label: string, text: string) => void): void {
  causes.slice(0, shownCauses).forEach((id, index) => {
    row(index === 0 ? 'Can be' : '', `${id}: ${catalogue[id].title}`)
  })
  const rest = causes.length - shownCauses
  if (rest > 0) row('', `and ${rest} more (--json); diagnosing the payment itself tells which`)
}

function paymentRows(
  { rail, authorization, network, networkName, token, payerClaims, findings }: EvmPayment,
  row: (label: string, text: string) => void,
): void {
  if (rails[rail].eip3009 === 'carried') row('Rail', rails[rail].what)
  row('Network', network?.id ?? networkName ?? 'not named')
  if (token !== undefined) row('Token', token)
  for (const [name, value] of Object.entries(authorization)) row(name, String(value))
  for (const claim of payerClaims) row('Payer', payerSays(claim))
  for (const { cause, summary } of findings) row('Finding', `${summary} (${cause})`)
  row('Next', 'eip3009 diagnose, with the same input, says whether it settles')
}

function payerSays(claim: PayerClaim): string {
  switch (claim.kind) {
    case 'delegated':
      return `this transaction gives it the code of ${claim.delegate} (${claim.field})`
    case 'delegation-cleared':
      return `this transaction takes its code away (${claim.field})`
    case 'contract':
      return `is said to be a contract: ${claim.field} is ${claim.says}`
  }
}

function signatureRows({ length, v, r, yParity, problems }: SignatureParts, row: (label: string, text: string) => void): void {
  row('Bytes', String(length))
  // s is left out: with it whoever reads over the shoulder could send the payment, and whoever pasted it has it.
  if (r !== undefined) row('r', r)
  if (yParity !== undefined) row('y parity', String(yParity))
  if (v !== undefined) row('v', String(v))
  row('FiatToken', problems.length === 0 ? 'takes bytes of this form' : `refuses them: ${problems.join(', ')}`)
}
