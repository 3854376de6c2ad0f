/** ISO 8601 with a zone, as logs write it, and the date of an HTTP answer. Without a zone nobody knows which hour it is. */
const isoForm = /\b(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,]\d{1,9})? ?(Z|UTC\b|[+-]\d\d:?\d\d\b)/g
const httpForm =
  /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d) GMT\b/g

const mostTimes = 64

/** The times in a text, unix seconds, in their order there. */
export function timesIn(text: string): readonly bigint[] {
  const iso = [...text.matchAll(isoForm)].map(({ index, 1: day, 2: hour, 3: zone = 'Z' }) => ({
    index,
    at: Date.parse(`${day}T${hour}${zone === 'UTC' ? 'Z' : zone.replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2')}`),
  }))
  const http = [...text.matchAll(httpForm)].map(({ index, 1: date }) => ({ index, at: Date.parse(`${date} GMT`) }))
  return [...iso, ...http]
    .sort((a, b) => a.index - b.index)
    .slice(0, mostTimes)
    .flatMap(({ at }) => (Number.isFinite(at) && at >= 0 ? [BigInt(Math.floor(at / 1000))] : []))
}

const timeKeys: ReadonlySet<string> = new Set([
  'time',
  'timestamp',
  '@timestamp',
  'ts',
  't',
  'datetime',
  'starteddatetime',
  'eventtime',
  'event_time',
])

/** The time that a member of a record is, unix seconds: a number counts seconds, or milliseconds where it is too large for those. */
export function timeOfMember(key: string, value: unknown): bigint | undefined {
  if (!timeKeys.has(key.toLowerCase())) return undefined
  if (typeof value === 'string') {
    const [first] = timesIn(value)
    return first ?? (/^\d{10}(?:\d{3})?(?:\.\d{1,9})?$/.test(value) ? secondsOf(Number(value)) : undefined)
  }
  return typeof value === 'number' ? secondsOf(value) : undefined
}

/** Between 2001 and 2286 in seconds, in milliseconds, or in nanoseconds. */
function secondsOf(value: number): bigint | undefined {
  if (value >= 1e9 && value < 1e10) return BigInt(Math.floor(value))
  if (value >= 1e12 && value < 1e13) return BigInt(Math.floor(value / 1e3))
  return value >= 1e18 && value < 1e19 ? BigInt(Math.floor(value / 1e9)) : undefined
}
