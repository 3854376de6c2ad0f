import { type Known, known, unknown } from '../../evidence/known.ts'
import { describeAnswer, type RpcAnswer } from '../../rpc/chain-client.ts'

/** The value of an answer, or why there is none. */
export function read<T>(answer: RpcAnswer | undefined, decode: (value: unknown) => T | undefined): Known<T> {
  if (answer === undefined) return unknown('it was not asked')
  if (answer.kind !== 'result') return unknown(describeAnswer(answer))
  const value = decode(answer.value)
  return value === undefined ? unknown('it answered with something else than what was asked for') : known(value)
}

export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
}

/** JSON's numbers lose digits beyond 2^53: 9 million SOL, or a slot in a hundred million years. */
export function toBigint(value: unknown): bigint | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? BigInt(value) : undefined
}

/** The most lines of a log that say anything about one payment. */
const mostLogs = 100

export function logsIn(value: unknown, name: string): readonly string[] {
  const logs = fieldOf(value, name)
  return Array.isArray(logs) ? logs.filter((line): line is string => typeof line === 'string').slice(0, mostLogs) : []
}
