import { quote } from '../../errors/quote.ts'
import { customProgramError } from '../../revert/solana-errors.ts'

/** A transaction's error as JSON-RPC has it, in a few words: `BlockhashNotFound`, `instruction 2: Custom(1), insufficient funds`. */
export function sayError(error: unknown, logs: readonly string[] = []): string {
  if (typeof error === 'string') return safe(error)
  const entry = only(error)
  if (entry === undefined) return quote(error)
  const [name, detail] = entry
  if (name !== 'InstructionError' || !Array.isArray(detail))
    return typeof detail === 'object' && detail !== null ? `${safe(name)} ${plainly(detail)}` : safe(name)
  const [index, inner]: unknown[] = detail
  const place = typeof index === 'number' ? `instruction ${index}: ` : ''
  if (typeof inner === 'string') return `${place}${safe(inner)}`
  const custom = only(inner)
  if (custom?.[0] !== 'Custom' || typeof custom[1] !== 'number') return `${place}${quote(custom?.[0] ?? inner)}`
  const { message } = customProgramError(custom[1], undefined, logs.join('\n'))
  return `${place}Custom(${custom[1]}), ${message.slice(message.indexOf(': ') + 2)}`
}

/** Whether two errors are the same one: numbers and names, not their order in JSON. */
export function errorKey(error: unknown): string {
  if (error === null || error === undefined) return ''
  if (typeof error === 'string') return error
  const entry = only(error)
  if (entry === undefined) return JSON.stringify(error)
  return entry[0] === 'InstructionError' && Array.isArray(entry[1]) ? `${entry[1][0]}:${JSON.stringify(entry[1][1])}` : entry[0]
}

function only(value: unknown): readonly [string, unknown] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const [entry] = Object.entries(value)
  return entry
}

function safe(text: string): string {
  return /^[\w() ,:.-]{1,80}$/.test(text) ? text : quote(text)
}

/** `{ account_index: 0 }` as "account_index 0". */
function plainly(detail: object): string {
  return Object.entries(detail)
    .map(([key, value]) => `${safe(key)} ${typeof value === 'number' ? value : quote(value)}`)
    .join(', ')
}
