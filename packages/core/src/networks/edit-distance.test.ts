import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { editDistance } from './edit-distance.ts'

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 })

test.each([
  ['kitten', 'sitting', 3],
  ['base', 'base', 0],
  ['basee', 'base', 1],
  ['', 'abc', 3],
  ['flaw', 'lawn', 2],
])('%s → %s: %d', (a, b, distance) => {
  expect(editDistance(a, b, 99)).toBe(distance)
})

test('is a metric, and the limit only cuts it off', () => {
  fc.assert(
    fc.property(word, word, word, fc.integer({ min: 1, max: 9 }), (a, b, c, limit) => {
      const distance = editDistance(a, b, 99)
      expect(distance).toBe(editDistance(b, a, 99))
      expect(distance === 0).toBe(a === b)
      expect(distance).toBeLessThanOrEqual(editDistance(a, c, 99) + editDistance(c, b, 99))
      expect(editDistance(a, b, limit)).toBe(Math.min(distance, limit))
    }),
  )
})
