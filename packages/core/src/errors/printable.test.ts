import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { hiddenAsJson, printable } from './printable.ts'

const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u

test.each([
  ['USD Coin', 'USD Coin'],
  ['USD₮0 é 日本 🙂', 'USD₮0 é 日本 🙂'],
  ['a\nb\tc', 'a\\u{a}b\\u{9}c'],
  ['\u001b[31m', '\\u{1b}[31m'],
  ['C1 \u009b31m', 'C1 \\u{9b}31m'],
  ['\u202egnp.exe', '\\u{202e}gnp.exe'],
  ['\u2066isolated\u2069', '\\u{2066}isolated\\u{2069}'],
  ['zero\u200bwidth\u200d\ufeff', 'zero\\u{200b}width\\u{200d}\\u{feff}'],
  ['line\u2028paragraph\u2029', 'line\\u{2028}paragraph\\u{2029}'],
  ['tag \u{e0041}', 'tag \\u{e0041}'],
  ['half \ud800', 'half \\u{d800}'],
])('%#', (text, expected) => {
  expect(printable(text)).toBe(expected)
})

test('nothing that is hidden is left, and once is enough', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const out = printable(text)
      expect(out).not.toMatch(hidden)
      expect(printable(out)).toBe(out)
      const json = JSON.stringify({ [text]: text }, null, 1)
      expect(hiddenAsJson(json).replaceAll('\n', '')).not.toMatch(hidden)
      expect(JSON.parse(hiddenAsJson(json))).toEqual({ [text]: text })
    }),
  )
})
