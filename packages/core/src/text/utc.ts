/** The last second that a JavaScript Date can hold. */
const lastSecond = 8_640_000_000_000n

/** `2025-10-31 15:31:22 UTC` of unix seconds, or a plain statement where the calendar ends. */
export function utc(seconds: bigint): string {
  if (seconds > lastSecond) return `second ${seconds} (beyond the calendar)`
  return new Date(Number(seconds) * 1000).toISOString().replace('T', ' ').replace('.000Z', ' UTC')
}

const year = 31_557_600

/** `65 s`, `11 min`, `2.5 h`, `30 d` of a number of seconds. */
export function duration(seconds: bigint): string {
  const s = Number(seconds)
  if (s < 120) return `${s} s`
  if (s < 7200) return `${trim(s / 60)} min`
  if (s < 172_800) return `${trim(s / 3600)} h`
  if (s < 86_400 * 730) return `${trim(s / 86_400)} d`
  return s < 1e6 * year ? `${trim(s / year)} years` : 'more than a million years'
}

/** At most one decimal place. Not toLocaleString, whose first call loads 50 ms of locale data. */
function trim(value: number): string {
  return String(Math.round(value * 10) / 10)
}
