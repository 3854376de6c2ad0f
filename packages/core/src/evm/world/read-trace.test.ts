import fc from 'fast-check'
import { encodeErrorResult, type Hex, parseAbi } from 'viem'
import { describe, expect, it } from 'vitest'
import { readErrorString } from './read-trace.ts'

const abi = parseAbi(['error Error(string)', 'error Panic(uint256)'])
const encode = (reason: string): Hex => encodeErrorResult({ abi, errorName: 'Error', args: [reason] })

describe('readErrorString', () => {
  it('reads back what viem encodes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (reason) => {
        expect(readErrorString(encode(reason))).toBe(reason)
      }),
    )
  })

  it('answers null to anything else', () => {
    expect(readErrorString('0x')).toBeNull()
    expect(readErrorString('0x08c379a0')).toBeNull()
    expect(readErrorString(encodeErrorResult({ abi, errorName: 'Panic', args: [17n] }))).toBeNull()
  })

  it('survives data that is cut anywhere', () => {
    const whole = encode('FiatTokenV2: invalid signature')
    for (let length = 2; length < whole.length; length += 2) {
      const read = readErrorString(whole.slice(0, length) as Hex)
      expect(read === null || read === 'FiatTokenV2: invalid signature').toBe(true)
    }
  })
})
