import { PublicKey } from '@solana/web3.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { base58, fromBase58 } from './base58.ts'

it('writes and reads keys as web3.js does', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat({ max: 32 }), (random, zeros) => {
      const bytes = Uint8Array.from(random, (byte, index) => (index < zeros ? 0 : byte))
      const text = new PublicKey(bytes).toBase58()
      expect(base58(bytes)).toBe(text)
      expect(fromBase58(text)).toEqual(bytes)
    }),
  )
})

it('reads the vectors of the draft that describes it', () => {
  // https://datatracker.ietf.org/doc/html/draft-msporny-base58-03#section-5
  expect(new TextDecoder().decode(fromBase58('2NEpo7TZRRrLZSi2U'))).toBe('Hello World!')
  expect(fromBase58('11233QC4')).toEqual(Uint8Array.from([0, 0, 0x28, 0x7f, 0xb4, 0xcd]))
  expect(fromBase58('')).toEqual(new Uint8Array())
})

it.each(['0OIl', 'abc def', 'EPjF-'])('takes no other letters: %s', (text) => {
  expect(fromBase58(text)).toBeUndefined()
})
