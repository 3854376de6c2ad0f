import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainText, shorten } from './plain-text.ts'

test.each([
  ['a\nb\t c\r\n', 'a b c'],
  ['\u001b[31mred\u001b[0m', 'red'],
  ['\u001b[38;5;196mred\u001b[m and \u001b[1;4mbold\u001b[22m', 'red and bold'],
  ['\u001b]0;title\u0007text', 'text'],
  ['\u001b]8;;https://example.org\u001b\\link\u001b]8;;\u001b\\', 'link'],
  ['\u001bc reset', 'reset'],
  ['USD₮0 \u{1f600}', 'USD₮0 \u{1f600}'],
  ['a\ud83d', 'a\u{fffd}'],
  ['\ude00b', '\u{fffd}b'],
  ['\u202eevil\u202c \u200bzero\ufeff', 'evil zero'],
  ['soft\u00adhyphen', 'soft hyphen'],
  ['\u{e0041}tag', 'tag'],
  ['\u001b[', ''],
  ['\u001b', ''],
  ['', ''],
])('%j', (text, plain) => {
  expect(plainText(text)).toBe(plain)
})

test('nothing unseen is left, and plain text stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.nat({ max: 210 }), (text, limit) => {
      const plain = plainText(text, limit)
      expect(plain.replaceAll(' ', '')).not.toMatch(/[\p{C}\p{Z}]/u)
      expect(plain).not.toMatch(/^ | $| {2}/)
      expect(plainText(plain)).toBe(plain)
      expect(shorten(plain, 10).length).toBeLessThanOrEqual(11)
      expect(shorten(plain, 10)).not.toMatch(/\p{Cs}/u)
    }),
  )
})
