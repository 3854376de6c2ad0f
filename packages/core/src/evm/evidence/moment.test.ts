import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Authorization } from '../typed-data/authorization.ts'
import { chooseMoment, opensEver, opensNever, untilText, whenText, windowState } from './moment.ts'

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

  // Half a minute before its end, or its middle where it is shorter than a minute.
  it.each([
    [100n, 102n, 101n],
    [100n, 103n, 102n],
    [100n, 112n, 106n],
    [100n, 160n, 130n],
    [100n, 162n, 131n],
    [100n, 163n, 132n],
    [100n, 1_000n, 969n],
  ])('judges a window of %d to %d at %d', (validAfter, validBefore, time) => {
    expect(chooseMoment(authorization(validAfter, validBefore), 5_000n)).toEqual({ time, basis: 'inside-window', now: 5_000n })
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

describe('how a window is told', () => {
  // Ethereum's first block, and the last second of the year 9999.
  const [genesis, end] = [1_438_269_973n, 253_402_300_799n]
  it('is open since ever, and never opens', () => {
    expect([genesis - 1n, genesis].map((at) => opensEver(authorization(at, end)))).toEqual([true, false])
    expect([end - 1n, end].map((at) => opensNever(authorization(at, end + 9n)))).toEqual([false, true])
  })

  it('never closes, and opens only where that is still to come', () => {
    expect(untilText(authorization(0n, end))).toBe('until 9999-12-31 23:59:58 UTC')
    expect(untilText(authorization(0n, end + 1n))).toContain('for ever')
    const window = authorization(1_790_000_000n, end + 1n)
    expect(whenText(window, 1_790_000_000n)).toMatch(/^from 2026-09-21 14:13:21 UTC /)
    expect(whenText(window, 1_790_000_001n)).toMatch(/^for ever/)
  })
})
