import { keccak_256 } from '@noble/hashes/sha3.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createKeccakState, keccak256, keccakInto } from './keccak.ts'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

// The empty message and "abc" as the Keccak team's submission and every Ethereum client have them.
it.each([
  ['', 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
  ['abc', '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
  // FiatToken's own constant, from Circle's source.
  [
    'TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)',
    '7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267',
  ],
])('hashes %j', (message, hash) => {
  expect(hex(keccak256(text(message)))).toBe(hash)
})

it('agrees with @noble/hashes for every length around the ends of blocks', () => {
  for (let length = 0; length <= 420; length++) {
    const message = Uint8Array.from({ length }, (_, i) => (i * 131 + length) & 0xff)
    expect(hex(keccak256(message)), `${length} bytes`).toBe(hex(keccak_256(message)))
  }
})

it('agrees with @noble/hashes for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1000 }), (message) => {
      expect(hex(keccak256(message))).toBe(hex(keccak_256(message)))
    }),
  )
})

it('leaves nothing of the last message in the state, and may overwrite the message', () => {
  const state = createKeccakState()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ minLength: 32, maxLength: 300 }), (first, second) => {
      keccakInto(state, first, new Uint8Array(32), 0)
      const hash = hex(keccak_256(second))
      keccakInto(state, second, second, 0)
      expect(hex(second.subarray(0, 32))).toBe(hash)
    }),
  )
})
