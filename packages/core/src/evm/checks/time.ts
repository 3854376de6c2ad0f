import type { Finding } from '../../causes/finding.ts'
import type { EvmNetwork } from '../../networks/network.ts'
import { duration, utc } from '../../text/utc.ts'
import { type Moment, opensEver, opensNever, windowOf, windowState } from '../evidence/moment.ts'
import type { Authorization } from '../typed-data/authorization.ts'

/** Seconds that the reference facilitator wants left before validBefore (@x402/evm refuses what closes within 6 s). */
const facilitatorMargin = 6n

/** Times from here on up to the next bound are milliseconds of the years 2001 … 5138, and no sane second. */
const firstMilliseconds = 1_000_000_000_000n
const lastMilliseconds = 100_000_000_000_000n

/** What a window is judged by: the two times, and how often the network makes a block. */
export interface Windowed {
  readonly authorization: Authorization
  readonly network?: Pick<EvmNetwork, 'blockTime'>
}

/** What is wrong with a window, whatever the time. */
export function formFindings(windowed: Windowed): Finding[] {
  return [...milliseconds(windowed), ...inverted(windowed), ...tooShort(windowed)]
}

/** What is wrong with a window at a moment. */
export function openFindings(windowed: Windowed, moment: Moment): Finding[] {
  return [...closed(windowed, moment), ...notYet(windowed, moment), ...boundary(windowed, moment)]
}

/** Seconds that a window needs on a network: the facilitator's margin and two blocks. `blockTime` is in seconds. */
export function shortestWindow(blockTime: number): bigint {
  return facilitatorMargin + BigInt(Math.ceil(2 * blockTime))
}

function milliseconds({ authorization }: Windowed): Finding[] {
  return (['validAfter', 'validBefore'] as const).flatMap((field): Finding[] => {
    const value = authorization[field]
    if (value < firstMilliseconds || value >= lastMilliseconds) return []
    const passes = field === 'validBefore'
    const seconds = value / 1000n
    return [
      {
        cause: 'time-in-milliseconds',
        party: 'client',
        severity: passes ? 'warning' : 'error',
        field: `authorization.${field}`,
        seen: String(value),
        expected: String(seconds),
        summary: passes
          ? `validBefore ${value} is in milliseconds: the token takes it for seconds, so this authorization stays open for ${duration(value - seconds)}.`
          : `validAfter ${value} is in milliseconds: the token takes it for seconds, so this authorization is not valid before ${utc(value)}.`,
        evidence: [{ source: 'computed', says: `as milliseconds it is ${utc(seconds)}; as seconds it is ${utc(value)}` }],
        fix: `sign with ${field} ${seconds} (unix seconds: Math.floor(Date.now() / 1000), not Date.now())`,
      },
    ]
  })
}

/** A window without a second in it. */
export function inverted({ authorization }: Windowed): Finding[] {
  const { opens, closes } = windowOf(authorization)
  if (opens <= closes) return []
  const { validAfter, validBefore } = authorization
  return [
    {
      cause: 'window-inverted',
      party: 'client',
      severity: 'error',
      field: 'authorization.validBefore',
      seen: String(validBefore),
      expected: `more than ${validAfter + 1n}`,
      summary: `The window is empty: validBefore ${validBefore} leaves no second after validAfter ${validAfter}, and the token excludes both.`,
      evidence: [{ source: 'computed', says: 'FiatToken wants validAfter < block time < validBefore, both strict' }],
      fix: 'sign with validBefore later than validAfter: validAfter = now − 600, validBefore = now + maxTimeoutSeconds',
    },
  ]
}

function tooShort({ authorization, network }: Windowed): Finding[] {
  const { opens, closes } = windowOf(authorization)
  const length = closes - opens + 1n
  const needed = shortestWindow(network?.blockTime ?? 2)
  if (length <= 0n || length >= needed) return []
  return [
    {
      cause: 'window-too-short',
      party: 'client',
      severity: 'warning',
      field: 'authorization.validBefore',
      seen: `${length} s`,
      expected: `at least ${needed} s`,
      summary: `The window is ${length} s long; two blocks and the facilitator's margin of ${facilitatorMargin} s need ${needed} s.`,
      evidence: [{ source: 'computed', says: `validAfter ${authorization.validAfter}, validBefore ${authorization.validBefore}` }],
      fix: `sign with validBefore at least ${needed} s later than the signing time`,
    },
  ]
}

function closed({ authorization }: Windowed, moment: Moment): Finding[] {
  const { opens, closes } = windowOf(authorization)
  if (opens > closes) return []
  const judgedClosed = windowState(authorization, moment.time) === 'closed'
  const nowClosed = windowState(authorization, moment.now) === 'closed'
  if (!judgedClosed && !nowClosed) return []
  const reference = judgedClosed ? moment.time : moment.now
  return [
    {
      cause: 'expired',
      party: 'client',
      severity: judgedClosed ? 'error' : 'info',
      field: 'authorization.validBefore',
      seen: String(authorization.validBefore),
      expected: `later than ${reference}`,
      summary: `Its window${opensEver(authorization) ? ', open since ever,' : ` of ${duration(authorization.validBefore - authorization.validAfter)}`} closed on ${utc(closes)}.`,
      evidence: [
        {
          source: 'computed',
          says: `validBefore ${authorization.validBefore} is not later than ${judgedClosed ? 'the judged time' : 'now'}, ${reference} (${utc(reference)})`,
        },
      ],
      fix: "sign a new authorization, after making sure that this one's nonce is unused (authorizationState), so that nobody pays twice",
    },
  ]
}

function notYet({ authorization }: Windowed, moment: Moment): Finding[] {
  const { opens, closes } = windowOf(authorization)
  if (opens > closes || windowState(authorization, moment.time) !== 'not-yet') return []
  // Said of the milliseconds.
  if (authorization.validAfter >= firstMilliseconds && authorization.validAfter < lastMilliseconds) return []
  return [
    {
      cause: 'not-yet-valid',
      party: 'client',
      severity: 'error',
      field: 'authorization.validAfter',
      seen: String(authorization.validAfter),
      expected: `less than ${moment.time}`,
      summary: opensNever(authorization)
        ? `It never opens: validAfter ${authorization.validAfter} lies beyond the year 9999.`
        : `It is valid from ${utc(opens)} on, ${duration(opens - moment.time)} after the judged time ${utc(moment.time)}.`,
      evidence: [
        {
          source: 'computed',
          says: `FiatToken wants block time > validAfter ${authorization.validAfter}, strict; chain time lags the wall clock`,
        },
      ],
      fix: 'send the same payload again once the window is open',
    },
  ]
}

function boundary({ authorization }: Windowed, moment: Moment): Finding[] {
  const field = (['validAfter', 'validBefore'] as const).find((name) => authorization[name] === moment.time)
  if (field === undefined) return []
  return [
    {
      cause: 'boundary-second',
      party: 'nobody',
      severity: 'info',
      field: `authorization.${field}`,
      seen: String(moment.time),
      expected: field === 'validAfter' ? `more than ${moment.time}` : `less than ${moment.time}`,
      summary: `The judged second is exactly ${field}: the token refuses it, and verifiers that compare with ≤ accept it.`,
      evidence: [{ source: 'computed', says: 'both comparisons in FiatToken are strict' }],
      fix: field === 'validAfter' ? 'send it one second later' : 'sign with a later validBefore',
    },
  ]
}
