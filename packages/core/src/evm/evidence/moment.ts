import { utc } from '../../text/utc.ts'
import type { Authorization } from '../typed-data/authorization.ts'

/** The second at which a payment is judged. Unix seconds. */
export interface Moment {
  readonly time: bigint
  /** `given`: somebody said when; `read`: the record that it was read from is of that time; `now`: the clock; `inside-window`: nobody said when and the window is closed now, so the cause is looked for as it was then. */
  readonly basis: 'given' | 'read' | 'now' | 'inside-window'
  readonly now: bigint
}

/** The first and the last second at which the token accepts: both comparisons are strict in FiatToken. Empty when `opens > closes`. */
export function windowOf({ validAfter, validBefore }: Pick<Authorization, 'validAfter' | 'validBefore'>): {
  readonly opens: bigint
  readonly closes: bigint
} {
  return { opens: validAfter + 1n, closes: validBefore - 1n }
}

/** Where a time stands towards the window. */
export function windowState(authorization: Authorization, time: bigint): 'not-yet' | 'open' | 'closed' {
  const { opens, closes } = windowOf(authorization)
  if (time < opens) return 'not-yet'
  return time > closes ? 'closed' : 'open'
}

/** Ethereum's first block, 2015-07-30: what is valid from before that on, as `validAfter: 0` is, was open since ever. */
const firstBlock = 1_438_269_973n

/** The last second of the year 9999. What closes later never does, for anybody who asks, and what opens later never opens. */
const lastYear = 253_402_300_799n

/** Whether a window is open since ever, as far as any chain can tell. */
export function opensEver({ validAfter }: Authorization): boolean {
  return validAfter < firstBlock
}

export function opensNever({ validAfter }: Authorization): boolean {
  return validAfter >= lastYear
}

function closesNever({ validBefore }: Authorization): boolean {
  return validBefore > lastYear
}

/** First and last second of a window: `2025-10-31 15:31:23 UTC … 2025-10-31 15:42:21 UTC`, `open since ever … `, ` … and never closes`. */
export function windowText(authorization: Authorization): string {
  const { opens, closes } = windowOf(authorization)
  return `${opensEver(authorization) ? 'open since ever' : utc(opens)} … ${closesNever(authorization) ? 'never closes' : utc(closes)}`
}

/** How long it can be submitted, behind a verb: `until 2025-10-31 15:42:21 UTC`, `for ever (its window never closes)`. */
export function untilText(authorization: Authorization): string {
  return closesNever(authorization) ? 'for ever (its window never closes)' : `until ${utc(windowOf(authorization).closes)}`
}

/** The same with when it begins, where that is still to come. */
export function whenText(authorization: Authorization, now: bigint): string {
  const { opens } = windowOf(authorization)
  return `${opens > now ? `from ${utc(opens)} ` : ''}${untilText(authorization)}`
}

/**
 * Chooses when to judge: at the given time; else when its record was made, where that is in its window; else now; but inside the window when that is closed now,
 * since an investigator with an old payload wants to know why it failed then.
 */
export function chooseMoment(authorization: Authorization, now: bigint, at?: bigint, read?: bigint): Moment {
  if (at !== undefined) return { time: at, basis: 'given', now }
  const { opens, closes } = windowOf(authorization)
  // Nobody says that it is the payment's: outside of its window, or still to come, it is a record of something else, or of another zone.
  if (read !== undefined && read >= opens && read <= closes && read <= now) return { time: read, basis: 'read', now }
  const hadWindow = opens <= closes
  if (windowState(authorization, now) === 'closed' && hadWindow) return { time: lateInWindow(opens, closes), basis: 'inside-window', now }
  return { time: now, basis: 'now', now }
}

/** Half a minute before the window closes, or its middle when it is shorter: clients that open it in 1970 are judged in their own year. */
function lateInWindow(opens: bigint, closes: bigint): bigint {
  const half = (closes - opens) / 2n
  return closes - (half < 30n ? half : 30n)
}
