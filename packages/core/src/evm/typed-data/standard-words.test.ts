import { hashDomain, keccak256, maxUint256, numberToHex, stringToHex, toEventHash, zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'
import { findStandardWord, standardWords } from './standard-words.ts'

describe('words of standards', () => {
  const hashed = standardWords.filter(({ kind }) => kind !== 'number')

  test('are what viem hashes', () => {
    for (const { word, kind, preimage = '', of } of hashed) {
      const hash = kind === 'event' ? toEventHash(preimage) : keccak256(stringToHex(preimage))
      expect({ preimage, word: of === 'EIP-1967' ? numberToHex(BigInt(hash) - 1n, { size: 32 }) : hash }).toEqual({ preimage, word })
    }
    expect(hashed.length).toBeGreaterThan(15)
  })

  test('the numbers are those of the curve, of viem and of the standards', async () => {
    const { secp256k1 } = await import('@noble/curves/secp256k1.js')
    const order = secp256k1.Point.Fn.ORDER
    const numbers: readonly (readonly [string, string])[] = [
      [numberToHex(order, { size: 32 }), 'secp256k1'],
      [numberToHex(order / 2n, { size: 32 }), 'EIP-2'],
      [numberToHex(maxUint256, { size: 32 }), 'Solidity'],
      [zeroHash, 'Solidity'],
      [keccak256('0x'), 'EIP-1052'],
      [`0x${'6492'.repeat(16)}`, 'ERC-6492'],
    ]
    for (const [word, of] of numbers) expect(findStandardWord(word as `0x${string}`)?.of).toBe(of)
    expect(numbers).toHaveLength(standardWords.length - hashed.length)
  })

  test('are each there once, and nothing else is one', () => {
    expect(new Set(standardWords.map(({ word }) => word)).size).toBe(standardWords.length)
    const separator = hashDomain({ domain: { name: 'USD Coin' }, types: { EIP712Domain: [{ name: 'name', type: 'string' }] } })
    expect(findStandardWord(separator)).toBeUndefined()
    expect(findStandardWord(`0x${standardWords[0]?.word.slice(2).toUpperCase() ?? ''}`)).toBe(standardWords[0])
  })
})
