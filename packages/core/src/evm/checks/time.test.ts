import { describe, expect, it } from 'vitest'
import { chooseMoment, untilText, windowText } from '../evidence/moment.ts'
import type { Authorization } from '../typed-data/authorization.ts'
import { formFindings, openFindings } from './time.ts'

const now = 1_790_000_000n
const most = 2n ** 256n - 1n
const window = (validAfter: bigint, validBefore: bigint): Authorization => ({
  from: '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf',
  to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  value: 1n,
  validAfter,
  validBefore,
  nonce: `0x${'ab'.repeat(32)}`,
})
const found = (authorization: Authorization, at = now): string[] =>
  [...openFindings({ authorization }, chooseMoment(authorization, now, at)), ...formFindings({ authorization })].map(
    ({ cause, severity, summary }) => `${severity} ${cause}: ${summary}`,
  )

describe('a window is told as what it is, not as a span of the calendar', () => {
  it.each([
    ['as usual', window(now - 600n, now + 300n), '2026-09-21 14:03:21 UTC … 2026-09-21 14:18:19 UTC'],
    ['validAfter 0', window(0n, now + 300n), 'open since ever … 2026-09-21 14:18:19 UTC'],
    ['a little more than 0', window(1n, now + 300n), 'open since ever … 2026-09-21 14:18:19 UTC'],
    ['the largest validBefore', window(now - 600n, most), '2026-09-21 14:03:21 UTC … never closes'],
    ['both', window(0n, most), 'open since ever … never closes'],
  ])('%s', (_name, authorization, text) => {
    expect(windowText(authorization)).toBe(text)
    expect(untilText(authorization)).toBe(
      authorization.validBefore === most ? 'for ever (its window never closes)' : 'until 2026-09-21 14:18:19 UTC',
    )
    expect(found(authorization)).toEqual([])
  })

  it.each([
    ['the usual', window(now - 900n, now - 300n), 'error expired: Its window of 10 min closed on 2026-09-21 14:08:19 UTC.'],
    ['validAfter 0', window(0n, now - 300n), 'error expired: Its window, open since ever, closed on 2026-09-21 14:08:19 UTC.'],
  ])('once it is closed: %s', (_name, authorization, finding) => expect(found(authorization)).toEqual([finding]))

  it.each([
    [
      'later',
      window(now + 59n, now + 300n),
      'error not-yet-valid: It is valid from 2026-09-21 14:14:20 UTC on, 60 s after the judged time 2026-09-21 14:13:20 UTC.',
    ],
    [
      'in milliseconds',
      window(now * 1000n, most),
      'error time-in-milliseconds: validAfter 1790000000000 is in milliseconds: the token takes it for seconds, so this authorization is not valid before +058692-11-03 14:13:20 UTC.',
    ],
    [
      'in microseconds',
      window(now * 1_000_000n, most),
      'error not-yet-valid: It never opens: validAfter 1790000000000000 lies beyond the year 9999.',
    ],
    [
      'at the end of time',
      window(most - 9n, most),
      `error not-yet-valid: It never opens: validAfter ${most - 9n} lies beyond the year 9999.`,
    ],
  ])('while it is not open: %s', (_name, authorization, finding) => expect(found(authorization)[0]).toBe(finding))
})
