import { TypedDataEncoder } from 'ethers'
import fc from 'fast-check'
import { domainSeparator as viemSeparator } from 'viem'
import { describe, expect, it } from 'vitest'
import { compareDomains, createSeparatorHasher, domainSeparator, domainType, type Eip712Domain, presentFields } from './domain.ts'

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value): `0x${string}` => `0x${Buffer.from(value).toString('hex')}`)

const domains = fc.record(
  {
    name: fc.string({ unit: 'binary' }),
    version: fc.string(),
    chainId: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    verifyingContract: hex(20),
    salt: hex(32),
  },
  { requiredKeys: [] },
)

describe('domainSeparator', () => {
  // As Base's and Base Sepolia's USDC answer DOMAIN_SEPARATOR(), and Polygon's USDC.e, whose domain has a salt and no chain id.
  const published: readonly (readonly [string, Eip712Domain, string])[] = [
    [
      'Base USDC',
      { name: 'USD Coin', version: '2', chainId: 8453n, verifyingContract: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913' },
      '0x02fa7265e7c5d81118673727957699e4d68f74cd74b7db77da710fe8a2c7834f',
    ],
    [
      'Base Sepolia USDC',
      { name: 'USDC', version: '2', chainId: 84532n, verifyingContract: '0x036CbD53842c5426634e7929541eC2318f3dCF7e' },
      '0x71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818',
    ],
  ]
  it.each(published)('is what %s publishes on chain', (_name, domain, separator) => {
    expect(domainSeparator(domain)).toBe(separator)
  })

  it('agrees with viem and ethers for any subset of the fields', () => {
    fc.assert(
      fc.property(domains, (domain) => {
        expect(domainSeparator(domain)).toBe(viemSeparator({ domain }))
        expect(domainSeparator(domain)).toBe(TypedDataEncoder.hashDomain(domain))
      }),
    )
  })

  it('is the same for many domains, one after another in the same memory', () => {
    const hash = createSeparatorHasher()
    fc.assert(
      fc.property(domains, (domain) => {
        expect(`0x${Buffer.from(hash(domain, presentFields(domain))).toString('hex')}`).toBe(viemSeparator({ domain }))
      }),
    )
  })

  it('takes the fields in another order where a contract has one', () => {
    const domain = { name: 'A', version: '1', chainId: 1n }
    const types = {
      EIP712Domain: [
        { name: 'chainId', type: 'uint256' },
        { name: 'name', type: 'string' },
        { name: 'version', type: 'string' },
      ],
    }
    expect(domainSeparator(domain, ['chainId', 'name', 'version'])).toBe(TypedDataEncoder.hashStruct('EIP712Domain', types, domain))
    expect(domainSeparator(domain, ['chainId', 'name', 'version'])).not.toBe(domainSeparator(domain))
  })

  it('names the empty domain', () => {
    expect(domainType([])).toBe('EIP712Domain()')
    expect(domainSeparator({})).toBe(TypedDataEncoder.hashDomain({}))
  })
})

describe('compareDomains', () => {
  const base: Eip712Domain = {
    name: 'USD Coin',
    version: '2',
    chainId: 8453n,
    verifyingContract: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
  }

  it('names the first field that differs', () => {
    expect(compareDomains(base, { ...base, chainId: 1n, version: '1' })).toBe('version')
    expect(compareDomains(base, { ...base, salt: `0x${'00'.repeat(32)}` })).toBe('salt')
  })

  it('does not mind the case of an address, and minds the case of a name', () => {
    expect(compareDomains(base, { ...base, verifyingContract: '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913' })).toBeUndefined()
    expect(compareDomains(base, { ...base, name: 'usd coin' })).toBe('name')
  })

  it('is silent exactly when the separators are the same', () => {
    fc.assert(
      fc.property(domains, domains, (a, b) => {
        expect(compareDomains(a, b) === undefined).toBe(domainSeparator(a) === domainSeparator(b))
      }),
    )
  })
})
