import type { Hex } from '../../bytes/hex.ts'
import { decodeRevert } from '../../revert/revert.ts'
import { describeAnswer, type RpcAnswer } from '../../rpc/chain-client.ts'

/**
 * A fact that was asked of a contract. Known; known to be absent, because the contract reverted or has no such function; or unknown, because
 * nobody could tell. A call that failed never makes a fact absent.
 */
export type Reading<T> =
  | { readonly kind: 'known'; readonly value: T }
  /** The contract refused the call: an answer. `says` is the revert's reason, where there is one. */
  | { readonly kind: 'reverted'; readonly says?: string }
  /** The call returned nothing, or the slot or account is empty: no such function, no code. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'unknown'; readonly reason: string }

/** Whether the contract has a function. */
export type Presence = { readonly kind: 'present' } | { readonly kind: 'absent' } | { readonly kind: 'unknown'; readonly reason: string }

const hexAnswer = /^0x[0-9a-fA-F]*$/

/** Hex digits of the longest answer that is read: 1 MB, twenty times the longest code that any chain allows. */
const longest = 2_000_000

/**
 * Reads a result of bytes. `decode` returns undefined for what is not of the expected form, which `what` names: `a string`. Half a byte is damage: what
 * stands in front of it may be cut off, too, so that nothing is made of it.
 */
export function readHexAnswer<T>(answer: RpcAnswer | undefined, what: string, decode: (hex: Hex) => T | undefined): Reading<T> {
  if (answer === undefined) return { kind: 'unknown', reason: 'it was not asked' }
  if (answer.kind === 'failed') return { kind: 'unknown', reason: describeAnswer(answer) }
  if (answer.kind === 'refused') return isRevert(answer) ? reverted(answer) : { kind: 'unknown', reason: describeAnswer(answer) }
  const { value } = answer
  if (typeof value !== 'string' || value.length > longest || !hexAnswer.test(value))
    return { kind: 'unknown', reason: `it answered something that is not ${what}` }
  if (value === '0x') return { kind: 'empty' }
  const decoded = value.length % 2 === 0 ? decode(value as Hex) : undefined
  if (decoded !== undefined) return { kind: 'known', value: decoded }
  const cut = value.length > 42 ? `${value.slice(0, 42)}…` : value
  const odd = value.length % 2 === 0 ? '' : ', with an odd number of digits'
  return { kind: 'unknown', reason: `it answered ${cut}${odd}, which is not ${what}` }
}

/**
 * Code, `empty` where there is none. Some nodes write nothing as a quantity, `0x0`; a code of that one byte would be `0x00`.
 */
export function readCodeAnswer(answer: RpcAnswer | undefined): Reading<Hex> {
  return answer?.kind === 'result' && answer.value === '0x0'
    ? { kind: 'empty' }
    : unlessReverted(readHexAnswer(answer, 'code', (hex) => hex))
}

/** What is no call can not revert, whatever a node says. */
function unlessReverted<T>(reading: Reading<T>): Reading<T> {
  return reading.kind === 'reverted' ? { kind: 'unknown', reason: 'it says that it reverted, which only a call can' } : reading
}

/** The word of a slot, null where it is zero, which some nodes write as `0x0` or as `0x`; every other word has all its digits. */
export function readSlotAnswer<T>(answer: RpcAnswer | undefined, what: string, decode: (word: Hex) => T | undefined): Reading<T | null> {
  if (answer?.kind === 'result' && (answer.value === '0x0' || answer.value === '0x')) return { kind: 'known', value: null }
  return unlessReverted(readHexAnswer(answer, what, (hex) => (hex.length !== 66 ? undefined : BigInt(hex) === 0n ? null : decode(hex))))
}

/**
 * What a view function that has to return something told. Nothing, or a revert, is the answer of a contract that has no such function: only where its
 * code is known to be without it, or where a revert is all that tells and the code may hide anything. Of a function that the code has neither is an
 * answer at all, since it can only return its value.
 */
export function readView<T>(reading: Reading<T>, has: Presence): Reading<T> {
  if (reading.kind === 'empty' && has.kind !== 'absent')
    return { kind: 'unknown', reason: 'it answered nothing to a call that has to return something' }
  if (reading.kind === 'reverted' && has.kind === 'present')
    return { kind: 'unknown', reason: 'it says that a call reverted that only ever returns a value' }
  return reading
}

/** What nodes say when code refused to go on: geth and its kin, Parity's VM, Hardhat, and contracts from before `revert` existed. */
const revertWords = /revert|invalid opcode|bad instruction|invalid jump|stack underflow|VM execution error|VM Exception/i

function isRevert({ code, message, data }: Extract<RpcAnswer, { kind: 'refused' }>): boolean {
  return code === 3 || data !== undefined || revertWords.test(message)
}

function reverted(refusal: Extract<RpcAnswer, { kind: 'refused' }>): Reading<never> {
  const decoded = refusal.data === undefined || refusal.data === '0x' ? undefined : decodeRevert(refusal.data)
  const spoke = decoded?.kind === 'error-string' || decoded?.kind === 'custom-error' || decoded?.kind === 'panic'
  return { kind: 'reverted', ...(spoke ? { says: decoded.message } : {}) }
}
