import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { quote } from './quote.ts'

test.each([
  ['base', '"base"'],
  ['USD₮0', '"USD₮0"'],
  ['a\u001b[31mb\n', '"a\\u{1b}[31mb\\u{a}"'],
  ['say "hi"\\', '"say \\"hi\\"\\\\"'],
  ['\u202egnp', '"\\u{202e}gnp"'],
  [8453, '8453'],
  [8453n, '8453'],
  [undefined, 'undefined'],
  [null, 'null'],
  [[1], 'a list'],
  [{}, 'an object'],
  [() => 1, 'a function'],
])('%#', (value, expected) => {
  expect(quote(value)).toBe(expected)
})

test('long text is cut, and nothing that could move a cursor survives', () => {
  expect(quote('x'.repeat(100))).toBe(`"${'x'.repeat(79)}…"`)
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.anything()), (value) => {
      expect(quote(value)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
    }),
  )
})
