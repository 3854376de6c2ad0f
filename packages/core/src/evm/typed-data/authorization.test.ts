import { TypedDataEncoder } from 'ethers'
import fc from 'fast-check'
import { hashStruct, hashTypedData, keccak256, toBytes } from 'viem'
import { describe, expect, it } from 'vitest'
import {
  type Authorization,
  authorizationDigest,
  createAuthorizationHasher,
  type PrimaryType,
  structHash,
  typeHashes,
} from './authorization.ts'
import { domainSeparator } from './domain.ts'

const members = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const
const primaryTypes = Object.keys(typeHashes) as PrimaryType[]

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value): `0x${string}` => `0x${Buffer.from(value).toString('hex')}`)
const uint256 = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), fc.bigInt({ min: 0n, max: 2n ** 50n }))
const authorizations: fc.Arbitrary<Authorization> = fc.record({
  from: hex(20),
  to: hex(20),
  value: uint256,
  validAfter: uint256,
  validBefore: uint256,
  nonce: hex(32),
})
const domain = { name: 'USD Coin', version: '2', chainId: 8453n, verifyingContract: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913' } as const

describe('type hashes', () => {
  it.each(primaryTypes)('of %s is the hash of the type string in EIP-3009', (primaryType) => {
    const text = `${primaryType}(${members.map(({ type, name }) => `${type} ${name}`).join(',')})`
    expect(typeHashes[primaryType]).toBe(keccak256(toBytes(text)))
  })
})

describe.each(primaryTypes)('%s', (primaryType) => {
  const types = { [primaryType]: [...members] }

  it('hashes as viem and ethers hash it', () => {
    fc.assert(
      fc.property(authorizations, (message) => {
        expect(structHash(primaryType, message)).toBe(hashStruct({ data: { ...message }, primaryType, types }))
        expect(structHash(primaryType, message)).toBe(TypedDataEncoder.from(types).hash(message))
      }),
    )
  })

  it('gives the digest that viem and ethers give', () => {
    fc.assert(
      fc.property(authorizations, (message) => {
        const digest = authorizationDigest(domainSeparator(domain), primaryType, message)
        expect(digest).toBe(hashTypedData({ domain, types, primaryType, message: { ...message } }))
        expect(digest).toBe(TypedDataEncoder.hash(domain, types, message))
      }),
    )
  })

  it('hashes one authorization after another in the same memory', () => {
    const hasher = createAuthorizationHasher(domainSeparator(domain), primaryType)
    fc.assert(
      fc.property(authorizations, (message) => {
        expect(hasher(message)).toBe(hashTypedData({ domain, types, primaryType, message: { ...message } }))
      }),
    )
  })
})
