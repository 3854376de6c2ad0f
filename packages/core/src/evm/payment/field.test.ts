import { Signature } from 'ethers'
import fc from 'fast-check'
import { getAddress, hexToBytes, pad, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { type Json, jsonOf, parseJson } from '../../wire/json.ts'
import { type Reading, readAddress, readAmount, readNonce, readSignatureBytes, readTime } from './field.ts'

/** A value as it is in JSON text. */
function json(text: string): Json {
  const parsed = parseJson(text)
  if (!parsed.ok) throw new TypeError(parsed.problem)
  return parsed.value
}

function inMemory(value: unknown): Json {
  const read = jsonOf(value)
  if (!read.ok) throw new TypeError(read.problem)
  return read.value
}

/** The value and the slips in short, or the problem. */
function short<T>(reading: Reading<T>): readonly (T | string)[] {
  return reading.ok
    ? [reading.value, ...reading.slips.map(({ kind, severity, cause }) => `${severity} ${cause} ${kind}`)]
    : [reading.problem]
}

const amount = (text: string): readonly (bigint | string)[] => short(readAmount(json(text), 6))

describe('amounts', () => {
  test('decimal strings are read as they are', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 256n - 1n), (value) => {
        expect(readAmount(String(value), 6)).toEqual({ ok: true, value, slips: [] })
      }),
    )
  })

  test.each<[string, bigint, ...string[]]>([
    ['10000', 10000n, 'warning malformed-field number'],
    ['"0x2710"', 10000n, 'warning malformed-field hex'],
    ['"0X2710"', 10000n, 'warning malformed-field hex'],
    ['" 10000\\n"', 10000n, 'warning malformed-field space'],
    ['"10,000"', 10000n, 'error malformed-field separators'],
    ['"10_000"', 10000n, 'error malformed-field separators'],
    ['"10000n"', 10000n, 'error malformed-field spelling'],
    ['"+10000"', 10000n, 'error malformed-field spelling'],
    ['"10000.0"', 10000n, 'error malformed-field spelling'],
    ['"1e4"', 10000n, 'error malformed-field spelling'],
    ['1e4', 10000n, 'error malformed-field spelling', 'warning malformed-field number'],
    ['"1.5e4"', 15000n, 'error malformed-field spelling'],
    ['"0.01"', 10000n, 'error amount-units-wrong decimal'],
    ['0.01', 10000n, 'error amount-units-wrong decimal', 'warning malformed-field number'],
    ['"$0.01"', 10000n, 'error amount-units-wrong decimal'],
    ['"0.01 USDC"', 10000n, 'error amount-units-wrong decimal'],
    ['".5"', 500000n, 'error amount-units-wrong decimal'],
    ['"1e-2"', 10000n, 'error amount-units-wrong decimal'],
    ['"1.23456789"', 1234567n, 'error amount-units-wrong decimal'],
    // 2^53 + 1: JSON.parse makes 9007199254740992 of it.
    ['9007199254740993', 9007199254740993n, 'error malformed-field digits-lost'],
    ['9007199254740992', 9007199254740992n, 'warning malformed-field number'],
  ])('%s reads %i', (text, value, ...slips) => {
    expect(amount(text)).toEqual([value, ...slips])
  })

  test('a number in memory above 2^53 has lost its digits, a bigint has not', () => {
    expect(short(readAmount(inMemory(2 ** 53), 6))).toEqual([2n ** 53n, 'error malformed-field digits-lost'])
    expect(short(readAmount(inMemory(1e21), 6))).toEqual([
      10n ** 21n,
      'error malformed-field spelling',
      'error malformed-field digits-lost',
    ])
    expect(short(readAmount(inMemory(10n ** 30n), 6))).toEqual([10n ** 30n])
  })

  test.each([
    ['""', 'is empty'],
    ['"  "', 'is blank'],
    ['"-1"', 'is "-1"'],
    ['-1', 'is "-1"'],
    ['"abc"', 'is "abc"'],
    ['"1.2.3"', 'is "1.2.3"'],
    ['null', 'is null'],
    ['true', 'is true'],
    ['{}', 'is an object'],
    ['[1]', 'is a list of 1'],
    [`"${2n ** 256n}"`, `is ${2n ** 256n}, which does not fit into 256 bits`],
    [`"${'9'.repeat(1000)}"`, 'has 1000 characters, more than 256 bits have digits'],
  ])('%s is refused: it %s', (text, problem) => {
    expect(amount(text)).toEqual([problem])
  })

  test('the finding of a decimal says what it was taken for', () => {
    const read = readAmount('0.01', 6)
    expect(read.ok && read.slips.map(({ says, expected, fix }) => ({ says, expected, fix }))).toMatchInlineSnapshot(`
      [
        {
          "expected": "10000",
          "fix": "Write the amount in atomic units, as a string: "10000", which is 0.01 × 10^6.",
          "says": "is 0.01, where the token counts in atomic units: read as 10000 with 6 decimals",
        },
      ]
    `)
  })
})

describe('times', () => {
  test('a fraction of a second is cut off', () => {
    expect(short(readTime('1740672089.75'))).toEqual([1740672089n, 'error malformed-field fraction'])
    expect(short(readTime(json('1740672089')))).toEqual([1740672089n, 'warning malformed-field number'])
  })
})

const address = getAddress('0x857b06519e91e3a54538791bdbb0e22373e36b66')

describe('addresses', () => {
  test.each<[string, ...string[]]>([
    [address],
    [address.toLowerCase()],
    [address.toUpperCase().replace('0X', '0x'), 'warning malformed-field checksum'],
    [address.replace('06519E', '06519e'), 'warning malformed-field checksum'],
    [`0X${address.slice(2)}`, 'warning malformed-field upper-0x'],
    [address.slice(2), 'warning malformed-field no-0x'],
    [` ${address}\n`, 'warning malformed-field space'],
    [pad(address).toLowerCase(), 'warning malformed-field padded'],
  ])('%j reads the address', (text, ...slips) => {
    expect(short(readAddress(text))).toEqual([address, ...slips])
  })

  test.each<[Json, string]>([
    ['', 'is empty'],
    ['0x', 'has 0 hex digits (0x)'],
    [address.slice(0, -1), `has 39 hex digits (${address.slice(0, -1)})`],
    ['vitalik.eth', 'is "vitalik.eth", a name that has to be resolved to an address first'],
    [
      'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v',
      'is "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", which looks like a Solana address',
    ],
    ['merchant', 'is "merchant"'],
    ['0xZ57b06519E91e3A54538791bDbb0E22373e36b66', 'is "0xZ57b06519E91e3A54538791bDbb0E22373e36b66"'],
    [null, 'is null'],
    [true, 'is true'],
  ])('%j is refused: it %s', (value, problem) => {
    expect(short(readAddress(value))).toEqual([problem])
  })

  test('checksums as viem does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
        const hex = toHex(bytes)
        expect(short(readAddress(hex))).toEqual([getAddress(hex)])
      }),
    )
  })
})

const nonce = '0xf3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480'

describe('nonces', () => {
  test.each<[Json, string, ...string[]]>([
    [nonce, nonce],
    [nonce.toUpperCase().replace('0X', '0x'), nonce],
    [nonce.slice(2), nonce, 'warning malformed-field no-0x'],
    [` ${nonce} `, nonce, 'warning malformed-field space'],
    ['0x1234', pad('0x1234'), 'error malformed-field short'],
    [`${nonce}ab`, nonce, 'error malformed-field long'],
    ['42', pad('0x2a'), 'error malformed-field number'],
    [inMemory(42), pad('0x2a'), 'error malformed-field number'],
    [inMemory([...hexToBytes(nonce)]), nonce, 'error malformed-field spelling'],
    [inMemory({ type: 'Buffer', data: [...hexToBytes(nonce)] }), nonce, 'error malformed-field spelling'],
    [inMemory(hexToBytes(nonce)), nonce],
  ])('case %# is read', (value, expected, ...slips) => {
    expect(short(readNonce(value))).toEqual([expected, ...slips])
  })

  test.each<[Json, string]>([
    ['', 'is empty'],
    ['0x12g4', 'has "g" at character 5, which is not a hex digit'],
    [inMemory(1.5), 'is the number 1.5'],
    [inMemory([1, 300]), 'is a list of 2'],
    [null, 'is null'],
  ])('case %# is refused', (value, problem) => {
    expect(short(readNonce(value))).toEqual([problem])
  })
})

const signature =
  '0x2d6a7588d6acca505cbf0d9a4a227e0c52c6c34008c8e8986a1283259764173608a2ce6496642e377d6da8dbbf5836e9bd15092f9ecab05ded3d6293af148b571c'
const parts = Signature.from(signature)

describe('signatures', () => {
  test.each<[Json, string, ...string[]]>([
    [signature, signature],
    [signature.slice(2), signature, 'warning malformed-field no-0x'],
    ['0x12', '0x12'],
    [`${signature}a`, signature, 'error malformed-field odd'],
    [inMemory({ r: parts.r, s: parts.s, v: parts.v }), signature],
    [inMemory({ r: parts.r, s: parts.s, v: '0x1c' }), signature],
    [inMemory({ r: parts.r, s: parts.s, yParity: parts.yParity }), signature],
    [inMemory({ r: BigInt(parts.r), s: BigInt(parts.s), recovery: 1 }), signature],
    [inMemory({ r: parts.r, s: parts.s, v: 0 }), `${signature.slice(0, -2)}00`],
    // EIP-155's v for Base: 35 + 2 · 8453 + 1.
    [inMemory({ r: parts.r, s: parts.s, v: 16942 }), signature, 'error malformed-field parts'],
    [inMemory({ r: parts.r, s: `0x8${parts.s.slice(4)}`, v: 28 }), signature, 'warning malformed-field short'],
    [Buffer.from(hexToBytes(signature)).toString('base64'), signature, 'error malformed-field spelling'],
    [inMemory([...hexToBytes(signature)]), signature, 'error malformed-field spelling'],
    // As JSON.stringify writes a Buffer of Node's.
    [json(JSON.stringify(Buffer.from(hexToBytes(signature)))), signature, 'error malformed-field spelling'],
  ])('case %# is read', (value, expected, ...slips) => {
    expect(short(readSignatureBytes(value))).toEqual([expected, ...slips])
  })

  test.each<[Json, string]>([
    ['0xzz', 'has "z" at character 3, which is not a hex digit'],
    [inMemory({ r: parts.r, v: 27 }), 'has the part s missing'],
    [inMemory({ r: parts.r, s: parts.s }), 'has no recovery byte: v, yParity and recovery are missing or not a number'],
    [inMemory({ r: `${parts.r}00`, s: parts.s, v: 27 }), `has the part r "${parts.r}00"`],
    [inMemory(5), 'is 5'],
  ])('case %# is refused', (value, problem) => {
    expect(short(readSignatureBytes(value))).toEqual([problem])
  })
})
