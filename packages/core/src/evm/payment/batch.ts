import { toHex } from '../../bytes/bytes.ts'
import type { Address } from '../../bytes/hex.ts'
import { checksum } from '../../networks/checksum.ts'
import { isPaymentSelector } from './calldata.ts'

/** A call that a batch makes of a token. */
export interface BatchedCall {
  readonly target: Address
  readonly data: Uint8Array
}

/** `aggregate3((address target, bool allowFailure, bytes callData)[])` of Multicall3 (github.com/mds1/multicall3). */
const aggregate3 = '0x82ad56cb'

/** The one payment among the calls of a batch; undefined for what is no batch, or where there is none or more than one: then nobody says which is meant. */
export function onlyPaymentIn(bytes: Uint8Array): BatchedCall | undefined {
  if (toHex(bytes.subarray(0, 4)) !== aggregate3) return undefined
  const data = bytes.subarray(4)
  const list = numberAt(data, 0)
  const count = list === undefined ? undefined : numberAt(data, list)
  if (list === undefined || count === undefined || count > data.length / 32) return undefined
  const first = list + 32
  const calls = Array.from({ length: count }, (_, index) => callAt(data, first, index))
  // Behind what can't be read there may be another one.
  if (calls.includes(undefined)) return undefined
  const payments = calls.filter((call) => call !== undefined && isPaymentSelector(toHex(call.data.subarray(0, 4))))
  return payments.length === 1 ? payments[0] : undefined
}

/** Offsets count from the first of them; that of the calldata counts from its own struct. */
function callAt(data: Uint8Array, first: number, index: number): BatchedCall | undefined {
  const offset = numberAt(data, first + 32 * index)
  if (offset === undefined) return undefined
  const start = first + offset
  const inner = numberAt(data, start + 64)
  const length = inner === undefined ? undefined : numberAt(data, start + inner)
  if (inner === undefined || length === undefined || start + inner + 32 + length > data.length) return undefined
  const target = data.subarray(start + 12, start + 32)
  return { target: checksum(toHex(target)), data: data.subarray(start + inner + 32, start + inner + 32 + length) }
}

/** A word as an offset or a length; undefined where it is not there, or points out of the data. */
function numberAt(data: Uint8Array, at: number): number | undefined {
  const word = data.subarray(at, at + 32)
  if (word.length < 32) return undefined
  const number = BigInt(toHex(word))
  return number <= BigInt(data.length) ? Number(number) : undefined
}
