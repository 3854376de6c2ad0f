import fc from 'fast-check'
import { type Hex, keccak256, pad, recoverAddress, serializeSignature, toHex } from 'viem'
import { privateKeyToAccount, sign } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { runs } from '../../../../test/runs.ts'
import { recoverAddress as recoverWithCurves } from '../evm/signature/recover.ts'
import { canonicalSignature, readSignature } from '../evm/signature/signature.ts'
import { readKeySignature, recoverSigner } from './key-signature.ts'

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const word = (value: bigint): string => value.toString(16).padStart(64, '0')

describe('recovery', () => {
  it('gives the account that signed, as viem recovers it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: 1n, max: order - 1n }), fc.uint8Array({ minLength: 1, maxLength: 40 }), async (key, message) => {
        const hash = keccak256(message)
        const privateKey = pad(toHex(key))
        const signature = serializeSignature(await sign({ hash, privateKey }))
        const { address } = privateKeyToAccount(privateKey)
        expect(recoverSigner(hash, signature)).toBe(address)
        expect(await recoverAddress({ hash, signature })).toBe(address)
      }),
      { numRuns: 25 },
    )
  })

  it('agrees with @noble/curves about any bytes, also those that no key made', () => {
    const scalar = fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
      fc.constantFrom(0n, 1n, 2n, order - 1n, order, order + 1n, order >> 1n, (order >> 1n) + 1n),
    )
    let nobody = 0
    fc.assert(
      fc.property(scalar, scalar, fc.constantFrom(0, 1), scalar, (r, s, yParity, z) => {
        const digest: Hex = `0x${word(z)}`
        const canonical: Hex = `0x${word(r)}${word(s)}${(27 + yParity).toString(16)}`
        const expected = recoverWithCurves(digest, { r, s, yParity: yParity === 0 ? 0 : 1 })
        if (expected === undefined) nobody++
        expect(recoverSigner(digest, canonical)).toBe(expected)
      }),
      { numRuns: 120 },
    )
    expect(nobody).toBeGreaterThan(runs(5))
  })
})

describe('forms', () => {
  it('are read as signature/ reads them', () => {
    const v = fc.oneof(fc.constantFrom(0, 1, 27, 28, 29, 34, 35, 36, 255), fc.nat(255))
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 64, maxLength: 64 }),
      fc.tuple(fc.uint8Array({ minLength: 64, maxLength: 64 }), v).map(([rest, last]) => Uint8Array.from([...rest, last])),
    )
    fc.assert(
      fc.property(bytes, (value) => {
        const hex = toHex(value)
        const { ecdsa, problems } = readSignature(hex)
        const key = readKeySignature(hex)
        expect(key?.canonical).toBe(ecdsa === undefined ? undefined : canonicalSignature(ecdsa))
        if (key !== undefined && value.length === 65) {
          expect(key.problems.map(String)).toEqual(problems.map((problem) => (problem === 'v-invalid' ? 'v-0-or-1' : problem)))
        }
      }),
    )
  })

  it.each(['0x', '0x12', `0x${'11'.repeat(63)}`, `0x${'11'.repeat(66)}`, `0x${'zz'.repeat(65)}`])("%s is no key's", (hex) => {
    expect(readKeySignature(hex as Hex)).toBeUndefined()
  })
})
