import * as fc from 'fast-check'
import { encodeAbiParameters, getAddress, hexToBytes, parseAbiParameters, toHex } from 'viem'
import { expect, test } from 'vitest'
import { canonicalSignature, readArguments, readInnerBytes } from './abi.ts'

const bytes = fc.uint8Array({ maxLength: 100 }).map((value) => toHex(value))
const uint = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
const int = fc.bigInt({ min: -(2n ** 255n), max: 2n ** 255n - 1n })
const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((value) => getAddress(toHex(value)))
// Text that stays as it is when it is made printable: letters, with single spaces between words.
const text = fc.array(fc.stringMatching(/^[a-zA-Zäöü€]{1,12}$/), { maxLength: 6 }).map((words) => words.join(' '))
const result = fc.record({ success: fc.boolean(), returnData: bytes })

test('reads what viem encodes', () => {
  fc.assert(
    fc.property(
      uint,
      int,
      fc.boolean(),
      address,
      bytes,
      text,
      fc.array(result, { maxLength: 5 }),
      fc.array(uint, { maxLength: 5 }),
      (u, i, b, a, d, t, r, l) => {
        const parameters = parseAbiParameters(
          'uint256, int256, bool, address, bytes, string, (bool success, bytes returnData)[], uint256[]',
        )
        const encoded = hexToBytes(encodeAbiParameters(parameters, [u, i, b, a, d, t, r, l]))
        const read = readArguments('E(uint256 u, int256 i, bool b, address a, bytes d, string t, (bool,bytes)[], uint256[])', encoded)
        expect(read?.map(({ value }) => value)).toEqual([u, i, b, a, d, t, r.map(({ success, returnData }) => [success, returnData]), l])
        expect(toHex(readInnerBytes('E(uint256 u, int256 i, bool b, address a, bytes d)', 4, encoded) ?? new Uint8Array())).toBe(d)
      },
    ),
  )
})

test('reads static tuples in front of dynamic values', () => {
  const encoded = hexToBytes(
    encodeAbiParameters(parseAbiParameters('(uint256 a, bool b), bytes4, string'), [{ a: 7n, b: true }, '0x01020304', 'x']),
  )
  expect(readArguments('E((uint256,bool), bytes4 four, string s)', encoded)?.map(({ value }) => value)).toEqual([
    [7n, true],
    '0x01020304',
    'x',
  ])
})

test('never throws on other bytes, and reads a bounded number of words', () => {
  const words = fc.array(fc.oneof(fc.constantFrom(0, 1, 2, 32, 64, 96, 4096, 2 ** 31), fc.nat()), { maxLength: 40 })
  fc.assert(
    fc.property(words, fc.nat({ max: 31 }), (values, cut) => {
      const data = new Uint8Array(values.length * 32)
      for (const [index, value] of values.entries()) new DataView(data.buffer).setUint32(index * 32 + 28, value % 2 ** 32)
      for (const declaration of [
        'E((bool,bytes)[])',
        'E((bool,(bool,bytes)[])[])',
        'E(string,bytes)',
        'E(uint256[][])',
        'E((bytes,(bytes,string))[])',
      ]) {
        readArguments(declaration, data.subarray(0, Math.max(0, data.length - cut)))
      }
    }),
  )
})

test('a list that points into itself ends', () => {
  // Every element is again the list: 2^words values if it were followed.
  const data = new Uint8Array(32 * 4_000)
  new DataView(data.buffer).setUint32(28, 32)
  new DataView(data.buffer).setUint32(60, 3_990)
  expect(readArguments('E((bool,(bool,bytes)[])[])', data)).toBeUndefined()
})

test.each([
  ['E()', 'E()'],
  ['E(uint256 a, bytes b)', 'E(uint256,bytes)'],
  ['E((bool success, bytes returnData)[])', 'E((bool success, bytes returnData)[])'],
  ['E(address)', 'E(address)'],
])('canonicalSignature(%j)', (declaration, signature) => {
  expect(canonicalSignature(declaration)).toBe(signature)
})

test('a content that is cut off is read as far as it goes', () => {
  const encoded = hexToBytes(encodeAbiParameters(parseAbiParameters('string'), ['FiatTokenV2: authorization is expired']))
  expect(readArguments('Error(string reason)', encoded.subarray(0, 64 + 12))?.[0]?.value).toBe('FiatTokenV2:')
  expect(readArguments('Error(string reason)', encoded.subarray(0, 40))).toBeUndefined()
})
