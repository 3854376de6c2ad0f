import { UsageError } from '../usage-error.ts'

interface Bounds {
  /** What it counts: `of milliseconds`. */
  readonly of?: string
  readonly most?: number
  readonly such: number
}

/** Every option that takes a number. A timer of Node counts in 31 bits, and takes what is more for 1 ms; nobody waits for longer than a day. */
const bounds = {
  timeout: { of: ' of milliseconds', most: 86_400_000, such: 30_000 },
  'max-hypotheses': { such: 1_000_000 },
  threads: { most: 256, such: 4 },
  parallel: { such: 2 },
} as const satisfies Readonly<Record<string, Bounds>>

/**
 * The number that was given for an option, if one was.
 * @throws UsageError for everything but a whole number within its bounds, be it a fraction, negative, too large or no number at all.
 */
export function readNumber(option: keyof typeof bounds, value: number): number
export function readNumber(option: keyof typeof bounds, value: number | undefined): number | undefined
export function readNumber(option: keyof typeof bounds, value: number | undefined): number | undefined {
  const { of = '', most = Number.MAX_SAFE_INTEGER, such }: Bounds = bounds[option]
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= most)) return value
  const range = most === Number.MAX_SAFE_INTEGER ? 'above 0' : `from 1 to ${most}`
  throw new UsageError(`--${option} takes a whole number${of} ${range}, such as ${such}.`)
}

/**
 * The number of a block, in decimal or in hex, or the block that is pending.
 * @throws UsageError for anything else.
 */
export function readBlock(text: string): bigint | 'pending' {
  const number = text.trim()
  if (number === 'pending') return number
  if (/^(\d{1,18}|0x[0-9a-fA-F]{1,15})$/.test(number)) return BigInt(number)
  throw new UsageError(`--block "${text.slice(0, 40)}" is no block number; give one such as 38846084, or pending.`)
}
