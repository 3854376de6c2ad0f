import { type Answer, readAnswer } from '../revert/answer.ts'
import type { ChainKind } from '../revert/chain-words.ts'
import { decodeRevert } from '../revert/revert.ts'
import { type Beside, saidIn } from '../wire/beside.ts'
import type { Marks } from '../wire/share.ts'

/** What somebody tells of what became of a payment. */
export interface Told {
  /**
   * What was answered to the payment: a text, a parsed body, an error. It goes before what stood beside the payment, is decoded as `decodeRevert` does, and
   * names the cause where nothing contradicts it.
   */
  readonly answer?: unknown
  /** The transaction that it is said to have become: a hash, or a signature on Solana. Looked up where a chain is asked. */
  readonly transaction?: string
}

/** A payment with what somebody tells of it, in place of what stood beside it. */
export function withTold<P extends { readonly beside?: Beside }>(
  payment: P,
  { answer: input, transaction }: Told,
  chain: ChainKind,
  marks: Marks,
): P {
  const answer = input === undefined ? payment.beside?.answer : answerTo(input, chain, marks)
  if (transaction === undefined)
    return input === undefined ? payment : { ...payment, beside: { ...payment.beside, ...(answer && { answer }) } }
  const named = chain === 'evm' ? { transaction: transaction as `0x${string}` } : { solanaTransaction: transaction }
  const sent: Answer = answer ?? { kind: 'pending', says: '', from: 'given', revert: decodeRevert('') }
  return { ...payment, beside: { ...payment.beside, answer: { ...sent, revert: { ...sent.revert, ...named } } } }
}

/** An answer, or what is about this payment of a log that has it. */
function answerTo(input: unknown, chain: ChainKind, marks: Marks): Answer | undefined {
  const share = saidIn(input, marks)
  if (share === undefined) return readAnswer(input, 'given', chain)
  if ('said' in share) return readAnswer(share.said, 'given', chain)
  const answer = readAnswer(input, 'given', chain)
  return answer && { ...answer, other: share.another }
}
