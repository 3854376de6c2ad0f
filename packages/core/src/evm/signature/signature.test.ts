import { Signature } from 'ethers'
import fc from 'fast-check'
import { parseSignature, serializeCompactSignature, signatureToCompactSignature, recoverAddress as viemRecover } from 'viem'
import { privateKeyToAccount, sign } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../bytes/bytes.ts'
import { readings } from './readings.ts'
import { recoverAddress } from './recover.ts'
import { canonicalSignature, curveOrder, readSignature } from './signature.ts'

// Public test keys: 1 … 2^64, never used for money.
const keys = fc.bigInt({ min: 1n, max: 2n ** 64n }).map((value): `0x${string}` => `0x${value.toString(16).padStart(64, '0')}`)
const digests = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex)

const withV = (signature: string, v: number): `0x${string}` =>
  `${signature.slice(0, 130) as `0x${string}`}${v.toString(16).padStart(2, '0')}`

describe('recoverAddress', () => {
  it('finds the address that viem finds, and that signed', async () => {
    await fc.assert(
      fc.asyncProperty(keys, digests, async (privateKey, digest) => {
        const signature = await sign({ hash: digest, privateKey, to: 'hex' })
        const { ecdsa } = readSignature(signature)
        const recovered = ecdsa === undefined ? undefined : recoverAddress(digest, ecdsa)
        expect(recovered).toBe(privateKeyToAccount(privateKey).address)
        expect(recovered).toBe(await viemRecover({ hash: digest, signature }))
      }),
      { numRuns: 25 },
    )
  })

  it('answers undefined where no key can have signed', () => {
    const digest = `0x${'11'.repeat(32)}` as const
    // 5 is not the x-coordinate of a point of secp256k1: 5³ + 7 = 132 has no square root modulo p.
    expect(recoverAddress(digest, { r: 5n, s: 1n, yParity: 0 })).toBeUndefined()
    expect(recoverAddress(digest, { r: 0n, s: 1n, yParity: 0 })).toBeUndefined()
    expect(recoverAddress(digest, { r: 1n, s: curveOrder, yParity: 0 })).toBeUndefined()
  })
})

describe('readSignature', () => {
  it.each([
    [0, ['v-0-or-1'], 0],
    [1, ['v-0-or-1'], 1],
    [27, [], 0],
    [28, [], 1],
    [37, ['v-invalid'], 0],
    [38, ['v-invalid'], 1],
    [26, ['v-invalid'], undefined],
  ] as const)('reads v of %s', (v, problems, yParity) => {
    const read = readSignature(withV(`0x${'11'.repeat(64)}`, v))
    expect(read.problems).toEqual(problems)
    expect(read.ecdsa?.yParity).toBe(yParity)
    expect(read.v).toBe(v)
  })

  it('says that s is in the upper half exactly from n/2 on', () => {
    const at = (s: bigint) => readSignature(`0x${'11'.repeat(32)}${s.toString(16).padStart(64, '0')}1b`).problems
    expect(at(curveOrder / 2n)).toEqual([])
    expect(at(curveOrder / 2n + 1n)).toEqual(['high-s'])
  })

  it('reads EIP-2098 as viem and ethers write it', async () => {
    await fc.assert(
      fc.asyncProperty(keys, digests, async (privateKey, digest) => {
        const signature = await sign({ hash: digest, privateKey, to: 'hex' })
        const compact = serializeCompactSignature(signatureToCompactSignature(parseSignature(signature)))
        expect(compact).toBe(Signature.from(signature).compactSerialized)
        const read = readSignature(compact)
        expect(read.problems).toEqual(['compact-eip2098'])
        expect(read.ecdsa === undefined ? undefined : canonicalSignature(read.ecdsa)).toBe(signature)
      }),
      { numRuns: 25 },
    )
  })

  it.each([0, 1, 63, 66, 130])('says that %s bytes are no signature', (length) => {
    expect(readSignature(`0x${'11'.repeat(length)}`)).toEqual({ length, problems: ['signature-length'] })
  })
})

describe('canonicalSignature', () => {
  it('undoes a negated s without changing the signer', async () => {
    await fc.assert(
      fc.asyncProperty(keys, digests, async (privateKey, digest) => {
        const signature = await sign({ hash: digest, privateKey, to: 'hex' })
        const { ecdsa } = readSignature(signature)
        if (ecdsa === undefined) throw new TypeError('unreadable')
        const high = { r: ecdsa.r, s: curveOrder - ecdsa.s, yParity: ecdsa.yParity === 0 ? 1 : 0 } as const
        expect(canonicalSignature(high)).toBe(signature)
        expect(recoverAddress(digest, high)).toBe(privateKeyToAccount(privateKey).address)
      }),
      { numRuns: 25 },
    )
  })
})

describe('readings', () => {
  const privateKey = '0x0000000000000000000000000000000000000000000000000000000000000001'
  const { address } = privateKeyToAccount(privateKey)
  const digest = `0x${'22'.repeat(32)}` as const

  const recoveredBy = async (damage: (signature: `0x${string}`) => `0x${string}`): Promise<string[]> => {
    const signature = await sign({ hash: digest, privateKey, to: 'hex' })
    return readings(damage(signature))
      .filter(({ ecdsa }) => recoverAddress(digest, ecdsa) === address)
      .map(({ edits }) => edits.map(({ cause }) => cause).join('+'))
  }

  it.each<readonly [string, (signature: `0x${string}`) => `0x${string}`, string]>([
    ['the plain form', (s) => s, ''],
    ['v of 0 or 1', (s) => withV(s, Number.parseInt(s.slice(130), 16) - 27), 'v-0-or-1'],
    ['the other v', (s) => withV(s, 55 - Number.parseInt(s.slice(130), 16)), 'v-flipped'],
    ['v that tells nothing', (s) => withV(s, 5), 'v-0-or-1'],
    ['s before r', (s) => `0x${s.slice(66, 130)}${s.slice(2, 66)}${s.slice(130)}`, 'signature-byte-order'],
    ['v in front', (s) => `0x${s.slice(130)}${s.slice(2, 130)}`, 'signature-byte-order'],
    ['bytes behind', (s) => `${s}00`, 'signature-length'],
    ['hex of hex', (s) => toHex(new TextEncoder().encode(s)), 'signature-length'],
    ['hex of hex without 0x', (s) => toHex(new TextEncoder().encode(s.slice(2))), 'signature-length'],
  ])('reads %s', async (_name, damage, causes) => {
    expect(await recoveredBy(damage)).toContain(causes)
  })

  it('reads nothing out of bytes that are too short', () => {
    expect(readings('0x')).toEqual([])
    expect(readings(`0x${'11'.repeat(59)}`)).toEqual([])
  })
})

it('uses the order of the curve that SEC 2 publishes', () => {
  expect(curveOrder).toBe(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n)
})
