import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Authorization } from '../typed-data/authorization.ts'
import { chooseMoment, windowState } from './moment.ts'

const authorization = (validAfter: bigint, validBefore: bigint): Authorization => ({
  from: '0x6bdc03ae4BBAb31843dDDaAE749149aE675ea011',
  to: '0x4dFB1Cd42604194e79eDaCff4e0d28A576e40d19',
  value: 10_000n,
  validAfter,
  validBefore,
  nonce: `0x${'00'.repeat(32)}`,
})

describe('windowState', () => {
  it('excludes both ends, as FiatToken does', () => {
    const window = authorization(100n, 103n)
    expect([100n, 101n, 102n, 103n].map((time) => windowState(window, time))).toEqual(['not-yet', 'open', 'open', 'closed'])
  })
})

describe('chooseMoment', () => {
  it('takes the time that was given, whatever the window', () => {
    expect(chooseMoment(authorization(100n, 200n), 150n, 999n)).toEqual({ time: 999n, basis: 'given', now: 150n })
  })

  it('judges now while the window is open or has not opened', () => {
    expect(chooseMoment(authorization(100n, 200n), 150n).basis).toBe('now')
    expect(chooseMoment(authorization(100n, 200n), 50n)).toEqual({ time: 50n, basis: 'now', now: 50n })
  })

  it('judges an old payment inside its window, late, where it was most likely sent', () => {
    expect(chooseMoment(authorization(0n, 1_761_925_342n), 1_790_000_000n)).toEqual({
      time: 1_761_925_311n,
      basis: 'inside-window',
      now: 1_790_000_000n,
    })
  })

  it('has no window to go to when that is empty', () => {
    expect(chooseMoment(authorization(100n, 101n), 500n).basis).toBe('now')
    expect(chooseMoment(authorization(200n, 100n), 500n).basis).toBe('now')
  })

  it('never leaves an open window when nobody says when', () => {
    const times = fc.bigInt({ min: 0n, max: 2n ** 40n })
    fc.assert(
      fc.property(times, times, times, (validAfter, validBefore, now) => {
        const window = authorization(validAfter, validBefore)
        const moment = chooseMoment(window, now)
        if (moment.basis === 'inside-window') expect(windowState(window, moment.time)).toBe('open')
        else expect(moment.time).toBe(now)
      }),
    )
  })
})
