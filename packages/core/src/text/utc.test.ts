import { expect, it } from 'vitest'
import { formatUnits } from './amount.ts'
import { duration, utc } from './utc.ts'

it('writes a second in UTC, and says so where the calendar ends', () => {
  expect(utc(1761924682n)).toBe('2025-10-31 15:31:22 UTC')
  expect(utc(2n ** 256n - 1n)).toContain('beyond the calendar')
})

it.each([
  [65n, '65 s'],
  [660n, '11 min'],
  [9000n, '2.5 h'],
  [2_592_000n, '30 d'],
  [1_760_000_000_000n, '55771 years'],
])('writes %s seconds as %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text)
})

it.each([
  [0n, '0'],
  [1n, '0.000001'],
  [10_000n, '0.01'],
  [250_000_000n, '250'],
  [1_230_001n, '1.230001'],
])('writes %s atomic units as %s', (value, text) => {
  expect(formatUnits(value, 6)).toBe(text)
})
