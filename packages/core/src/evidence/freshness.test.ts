import { expect, it } from 'vitest'
import { freshFor, freshnessOf, lagOf } from './freshness.ts'

// Twenty blocks, at least half a minute, at most two.
it.each<readonly [blockTime: number | undefined, seconds: bigint]>([
  [undefined, 120n],
  [0.4, 30n],
  [1.5, 30n],
  [1.51, 31n],
  [2, 40n],
  [6, 120n],
  [6.1, 120n],
  [12, 120n],
])('a chain with a block in %s s', (blockTime, seconds) => expect(freshnessOf(blockTime)).toBe(seconds))

it('a block lies behind a moment by more than that, or not at all', () => {
  expect(lagOf(1_000n, 1_030n, 0.4)).toBeUndefined()
  expect(lagOf(1_000n, 1_031n, 0.4)).toBe(31n)
  expect(lagOf(1_000n, 900n, 0.4)).toBeUndefined()
  expect(lagOf(1_000n, 1_000n + freshFor, undefined)).toBeUndefined()
  expect(lagOf(1_000n, 1_001n + freshFor, undefined)).toBe(freshFor + 1n)
})
