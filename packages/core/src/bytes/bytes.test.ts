import fc from 'fast-check'
import { bytesToHex, hexToBytes, numberToHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex, writeBytes, writeHex, writeWord } from './bytes.ts'

const bytes = fc.uint8Array({ maxLength: 80 })

describe('hex', () => {
  it('is read and written as viem does it, in either case', () => {
    fc.assert(
      fc.property(bytes, fc.boolean(), (value, upper) => {
        const hex = bytesToHex(value)
        expect(toHex(value)).toBe(hex)
        expect(fromHex(upper ? `0x${hex.slice(2).toUpperCase()}` : hex)).toEqual(hexToBytes(hex))
      }),
    )
  })

  it.each(['0x0', '0xgg', '0x1g', '0x é', '0x₿₿', '0x0x'])('%s is refused', (text) => {
    expect(() => fromHex(text as `0x${string}`)).toThrow()
    expect(() => writeHex(new Uint8Array(32), 0, text as `0x${string}`)).toThrow()
  })
})

describe('words', () => {
  const boundaries = [0n, 1n, 255n, 256n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 48n - 1n, 2n ** 48n, 2n ** 53n, 2n ** 64n, 2n ** 256n - 1n]
  it.each(boundaries)('hold %s as viem writes it', (value) => {
    const words = new Uint8Array(96)
    writeWord(words, 32, value)
    expect(toHex(words)).toBe(`0x${'00'.repeat(32)}${numberToHex(value, { size: 32 }).slice(2)}${'00'.repeat(32)}`)
  })

  it('cut off what is above 256 bits, and hold negative numbers in two’s complement', () => {
    const words = new Uint8Array(64)
    writeWord(words, 0, 2n ** 256n + 7n)
    writeWord(words, 32, -1n)
    expect(toHex(words)).toBe(`0x${'7'.padStart(64, '0')}${'ff'.repeat(32)}`)
  })

  it('hold bytes and hex to the right, and of longer ones the end', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const [a, b] = [new Uint8Array(64), new Uint8Array(64)]
        writeBytes(a, 32, value)
        writeHex(b, 32, toHex(value))
        const expected = Buffer.concat([Buffer.alloc(64), value]).subarray(-32)
        expect(Buffer.from(a.subarray(32))).toEqual(expected)
        expect(b).toEqual(a)
      }),
    )
  })
})
