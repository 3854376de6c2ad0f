import { UsageError } from '../usage-error.ts'

/** Beyond this a number of seconds is far more likely a number of milliseconds (the year 5138). */
const lastSecond = 100_000_000_000n

/**
 * `now`, unix seconds, or an ISO 8601 time; one without a zone is taken as UTC, as block times are.
 * @throws UsageError on anything else.
 */
export function readTime(text: string, now: bigint): bigint {
  const trimmed = text.trim()
  if (trimmed === 'now') return now
  if (/^\d{1,20}$/.test(trimmed)) {
    const seconds = BigInt(trimmed)
    if (seconds < lastSecond) return seconds
    throw new UsageError(`--at ${trimmed} looks like milliseconds; give unix seconds: ${seconds / 1000n}.`)
  }
  const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d{1,9})?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i.exec(trimmed)
  if (iso !== null) {
    const zone = iso[3] === undefined || /^(z|utc)$/i.test(iso[3]) ? 'Z' : iso[3]
    const milliseconds = Date.parse(`${iso[1]}T${iso[2] ?? '00:00'}${zone}`)
    if (!Number.isNaN(milliseconds)) return BigInt(Math.floor(milliseconds / 1000))
  }
  throw new UsageError(`--at "${trimmed.slice(0, 40)}" is not a time; give unix seconds, an ISO time such as 2025-10-31T15:35:00Z, or now.`)
}
