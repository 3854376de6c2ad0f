import type { Hex } from 'viem'
import { decodeRevert } from '../revert/revert.ts'
import { describeAnswer, type RpcAnswer } from './chain-client.ts'

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

/** Reads a result of bytes. `decode` returns undefined for what is not of the expected form, which `what` names: `a string`. */
export function readHexAnswer<T>(answer: RpcAnswer | undefined, what: string, decode: (hex: Hex) => T | undefined): Reading<T> {
  if (answer === undefined) return { kind: 'unknown', reason: 'it was not asked' }
  if (answer.kind === 'failed') return { kind: 'unknown', reason: describeAnswer(answer) }
  if (answer.kind === 'refused') return isRevert(answer) ? reverted(answer) : { kind: 'unknown', reason: describeAnswer(answer) }
  const { value } = answer
  if (typeof value !== 'string' || !hexAnswer.test(value)) return { kind: 'unknown', reason: `it answered something that is not ${what}` }
  if (value === '0x') return { kind: 'empty' }
  // An empty slot is "0x0" in some nodes.
  const decoded = decode(value.length % 2 === 0 ? (value as Hex) : `0x0${value.slice(2)}`)
  if (decoded !== undefined) return { kind: 'known', value: decoded }
  const cut = value.length > 42 ? `${value.slice(0, 42)}…` : value
  return { kind: 'unknown', reason: `it answered ${cut}, which is not ${what}` }
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
