import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBase64 } from './base64.ts'

describe('base64', () => {
  test('decodes what Buffer encodes, in both alphabets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64')
        expect(decodeBase64(text)).toEqual({ ok: true, bytes, slips: [] })
        const url = decodeBase64(Buffer.from(bytes).toString('base64url'))
        expect(url.ok && url.bytes).toEqual(bytes)
      }),
    )
  })

  test.each([
    ['-_-_', ['url-alphabet']],
    ['YQ', ['unpadded']],
    ['YW\nI=', ['line-breaks']],
    ['YQ%3D%3d', ['percent-encoded']],
    ['%2B%2f%2B%2F', ['percent-encoded']],
  ])('%j is read with the slips %j', (text, slips) => {
    const decoded = decodeBase64(text)
    expect(decoded.ok && decoded.slips).toEqual(slips)
  })

  test.each([
    ['YQ=a', 'has a character that is not base64 at character 4'],
    ['YW!I', 'has a character that is not base64 at character 3'],
    ['YWJjZ', 'has 5 base64 digits, one more than whole bytes have: it was cut or joined'],
  ])('%j is refused', (text, problem) => {
    expect(decodeBase64(text)).toEqual({ ok: false, problem })
  })

  test('any text is answered', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof decodeBase64(text).ok === 'boolean'))
  })
})
