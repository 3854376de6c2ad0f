import { TypedDataEncoder } from 'ethers'
import fc from 'fast-check'
import { getAddress, hashDomain, toHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { knownDomains } from '../../networks/known-domains.ts'
import { builtInNetworks, createNetworks } from '../../networks/networks.ts'
import { type DomainField, domainFields, type Eip712Domain } from './domain.ts'
import { identifySeparator } from './identify-separator.ts'

const types = { name: 'string', version: 'string', chainId: 'uint256', verifyingContract: 'address', salt: 'bytes32' } as const

/** viem's hash of a domain with its fields in the given order. */
function viemSeparator(domain: Eip712Domain, order: readonly DomainField[] = domainFields.filter((field) => domain[field] !== undefined)) {
  const fields = order.map((name) => ({ name, type: types[name] }))
  return hashDomain({ domain, types: { EIP712Domain: fields } } as Parameters<typeof hashDomain>[0])
}

describe("the networks' own separators", () => {
  const published = builtInNetworks.all.flatMap((network) =>
    network.family === 'evm'
      ? [
          ...[network.usdc, ...network.otherTokens].flatMap(({ symbol, name, separator }) =>
            separator === undefined ? [] : [[`${symbol} on ${network.id}`, name, separator] as const],
          ),
          ...network.lookalikes.flatMap(({ symbol, domains }) =>
            domains.flatMap(({ name, separator }) =>
              separator === undefined ? [] : [[`${symbol} on ${network.id} (lookalike)`, name, separator] as const],
            ),
          ),
        ]
      : [],
  )

  it('are 16 that were published, the salted one among them', () => {
    expect(published).toHaveLength(16)
  })

  it.each(published)('of %s', (of, name, separator) => {
    const { found } = identifySeparator(separator)
    expect(found?.domain.name).toBe(name)
    expect(found?.origins).toEqual([{ standing: 'token', of, why: 'its own domain' }])
  })

  it("names Polygon's bridged token and its salt layout", () => {
    expect(identifySeparator('0x294369E003769a2d4d625e8a9ebebffa09ff70dd7c708497d8b56d2c2d199a19')).toEqual({
      separator: '0x294369e003769a2d4d625e8a9ebebffa09ff70dd7c708497d8b56d2c2d199a19',
      found: {
        domain: {
          name: 'USD Coin (PoS)',
          version: '1',
          verifyingContract: '0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174',
          salt: toHex(137, { size: 32 }),
        },
        fields: ['name', 'version', 'verifyingContract', 'salt'],
        layout: 'salt',
        origins: [{ standing: 'token', of: 'USDC.e on polygon (lookalike)', why: 'its own domain' }],
      },
      tried: expect.any(Number),
    })
  })
})

it('finds every domain that is known, by the separator that viem computes', () => {
  const known = [...knownDomains()]
  for (const { name, version, chainId, address, layout, standing, of } of known) {
    const id = BigInt(chainId)
    const domain: Eip712Domain =
      layout === 'salt'
        ? { name, version, verifyingContract: address, salt: toHex(id, { size: 32 }) }
        : { name, version, chainId: id, verifyingContract: address }
    const { found } = identifySeparator(viemSeparator(domain))
    expect(found?.domain).toEqual(domain)
    expect(found?.origins[0]).toMatchObject({ standing, of })
  }
  expect(known.length).toBeGreaterThan(200)
})

describe('wrong values', () => {
  const address = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'

  it('says which is wrong, what is right, and who has it', () => {
    const separator = viemSeparator({ name: 'USDC', version: '2', chainId: 8453n, verifyingContract: address })
    expect(identifySeparator(separator).found?.origins).toEqual([
      {
        standing: 'wrong',
        of: 'USDC on base',
        why: 'the name of USDC on other networks: name "USDC" in place of "USD Coin"',
        seenIn: expect.stringContaining('x402-rs'),
      },
    ])
  })

  it('that the networks list for names, versions and chain ids of their USDC are all found, with their source', () => {
    let count = 0
    for (const network of builtInNetworks.all) {
      if (network.family !== 'evm') continue
      const { name, version, address: verifyingContract } = network.usdc
      for (const { fact, wrong, seenIn } of network.wrongValues) {
        const field = ({ 'usdc.name': 'name', 'usdc.version': 'version', chainId: 'chainId' } as const)[fact]
        if (field === undefined) continue
        const own = { name, version, chainId: BigInt(network.chainId), verifyingContract }
        const domain = { ...own, [field]: field === 'chainId' ? BigInt(wrong) : wrong }
        const { found } = identifySeparator(viemSeparator(domain))
        expect(found?.domain, `${network.id} ${fact}`).toEqual(domain)
        expect(found?.origins[0], `${network.id} ${fact}`).toMatchObject({
          of: `USDC on ${network.id}`,
          seenIn: expect.stringContaining(seenIn),
        })
        count++
      }
    }
    expect(count).toBe(14)
  })
})

describe('variants of known domains', () => {
  const own = { name: 'USD Coin', version: '2', chainId: 8453n, verifyingContract: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913' } as const

  it('with any of the fields left out', () => {
    const masks = Array.from({ length: 16 }, (_, mask) => domainFields.filter((field, index) => field !== 'salt' && (mask >> index) & 1))
    for (const fields of masks) {
      const domain = Object.fromEntries(fields.map((field) => [field, own[field as keyof typeof own]]))
      const { found } = identifySeparator(viemSeparator(domain))
      expect(found?.domain, fields.join()).toEqual(domain)
      expect(found?.layout).toBe(fields.length === 4 ? 'standard' : 'other')
    }
    expect(masks).toHaveLength(16)
  })

  it.each([
    [{ ...own, salt: toHex(8453, { size: 32 }) }, 'with salt 0x0000000000000000000000000000000000000000000000000000000000002105'],
    [{ name: own.name, version: own.version, verifyingContract: own.verifyingContract }, 'without chain id'],
    [{ ...own, name: 'USDC.e' }, 'name "USDC.e" in place of "USD Coin"'],
  ])('%# says what was changed', (domain, why) => {
    expect(identifySeparator(viemSeparator(domain)).found?.origins).toEqual([{ standing: 'variant', of: 'USDC on base', why }])
  })

  it('with their fields in another order', () => {
    const order: DomainField[] = ['name', 'version', 'verifyingContract', 'chainId']
    const { found } = identifySeparator(viemSeparator(own, order))
    expect(found).toMatchObject({ domain: own, fields: order, layout: 'other' })
    expect(found?.origins[0]?.why).toBe('fields in the order name, version, verifyingContract, chainId')
  })
})

describe('hints', () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 })
  const bytes = (length: number) =>
    fc.uint8Array({ minLength: length, maxLength: length }).map((value): `0x${string}` => `0x${Buffer.from(value).toString('hex')}`)
  const hints = fc.record({
    names: fc.array(text, { minLength: 1, maxLength: 3 }),
    versions: fc.array(text, { minLength: 1, maxLength: 2 }),
    chainIds: fc.array(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), { minLength: 1, maxLength: 2 }),
    contracts: fc.array(
      bytes(20).map((address) => getAddress(address)),
      { minLength: 1, maxLength: 2 },
    ),
    salts: fc.array(bytes(32), { minLength: 1, maxLength: 2 }),
  })

  it('find any domain that is made of them, by the separator that ethers computes', () => {
    fc.assert(
      fc.property(hints, fc.array(fc.nat(5), { minLength: 5, maxLength: 5 }), (given, choice) => {
        const lists = [given.names, given.versions, given.chainIds, given.contracts, given.salts] as const
        const values = lists.map((list, index) => list[choice[index] ?? 0])
        const domain = Object.fromEntries(
          domainFields.map((field, index) => [field, values[index]]).filter(([, value]) => value !== undefined),
        )
        const { found } = identifySeparator(TypedDataEncoder.hashDomain(domain) as `0x${string}`, { hints: given })
        expect(found?.domain).toEqual(domain)
      }),
      { numRuns: 60 },
    )
  })

  it('are combined with what is known: a name alone, a contract alone', () => {
    const contract = getAddress('0x3d4e4b8b4fc2d2ad65d0b3d0dcb7f0bf5a3b1c55')
    const glue = {
      name: 'GLUE Token',
      version: '1',
      chainId: 8453n,
      verifyingContract: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
    } as const
    expect(identifySeparator(viemSeparator(glue)).found).toBeUndefined()
    expect(identifySeparator(viemSeparator(glue), { hints: { names: ['GLUE Token'] } }).found?.domain).toEqual(glue)
    const copy = { name: 'USD Coin', version: '2', chainId: 43114n, verifyingContract: contract } as const
    expect(
      identifySeparator(viemSeparator(copy), { hints: { contracts: ['0x3d4e4b8b4fc2d2ad65d0b3d0dcb7f0bf5a3b1c55'] } }).found,
    ).toMatchObject({
      domain: copy,
      origins: [{ standing: 'unknown', why: 'its contract is not one that is known' }],
    })
  })

  it('are tried in other orders too', () => {
    const domain = { name: 'A', chainId: 7n, verifyingContract: getAddress('0x3d4e4b8b4fc2d2ad65d0b3d0dcb7f0bf5a3b1c55') } as const
    const order: DomainField[] = ['chainId', 'verifyingContract', 'name']
    const { found } = identifySeparator(viemSeparator(domain, order), {
      hints: { names: ['A'], chainIds: [7n], contracts: [domain.verifyingContract] },
    })
    expect(found).toMatchObject({ domain, fields: order })
  })

  it.each([
    ['0x12', {}, 'A domain separator is 0x and 64 hex digits; got "0x12".'],
    [`0x${'11'.repeat(32)}`, { contracts: ['0x12'] }, 'A contract is 0x and 40 hex digits; got "0x12".'],
    [`0x${'11'.repeat(32)}`, { salts: ['0x12'] }, 'A salt is 0x and 64 hex digits; got "0x12".'],
    [`0x${'11'.repeat(32)}`, { chainIds: [-1n] }, 'A chain id is a whole number from 0 to 2^256 - 1; got -1.'],
  ] as const)('%# of the wrong form are refused in one sentence', (separator, given, message) => {
    expect(() => identifySeparator(separator as `0x${string}`, { hints: given })).toThrow(message)
  })

  it('that make too many domains are refused before anything is hashed', () => {
    const many = Array.from({ length: 300 }, (_, index) => String(index))
    expect(() => identifySeparator(`0x${'11'.repeat(32)}`, { hints: { names: many, versions: many } })).toThrow('give fewer values')
  })
})

describe('what nobody knows', () => {
  it('is not found, and says how much was tried', () => {
    const { found, tried } = identifySeparator(`0x${'11'.repeat(32)}`)
    expect(found).toBeUndefined()
    expect(tried).toBeGreaterThan(5_000)
    expect(tried).toBeLessThan(50_000)
  })

  it('is found on a network that the user defines', () => {
    const networks = createNetworks([
      { id: 'my-chain', chainId: 31337, usdc: { address: '0x3d4e4b8b4fc2d2ad65d0b3d0dcb7f0bf5a3b1c55', name: 'My Dollar' } },
    ])
    const [mine] = [...knownDomains(networks)].filter(({ name }) => name === 'My Dollar')
    const domain = { name: 'My Dollar', version: '2', chainId: 31337n, verifyingContract: mine?.address ?? '0x' }
    expect(identifySeparator(viemSeparator(domain), { networks }).found?.origins).toEqual([
      { standing: 'token', of: 'USDC on my-chain', why: 'its own domain' },
    ])
    expect(identifySeparator(viemSeparator(domain)).found).toBeUndefined()
  })
})
