import { builtInNetworks, type TypedDataSteps, typedDataSteps } from '@eip3009/core'
import { fixture, vectors } from '@eip3009/fixtures'
import { TypedDataEncoder } from 'ethers'
import * as fc from 'fast-check'
import { hashStruct, hashTypedData, hexToBigInt, keccak256, pad, stringToHex, toHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { run } from './fake-console.ts'

interface Member {
  readonly name: string
  readonly type: string
}

interface TypedData {
  readonly domain: Readonly<Record<string, unknown>>
  readonly types: Readonly<Record<string, readonly Member[]>>
  readonly primaryType: string
  readonly message: Readonly<Record<string, unknown>>
}

const domainTypes = {
  name: 'string',
  version: 'string',
  chainId: 'uint256',
  verifyingContract: 'address',
  salt: 'bytes32',
} as const

const hexOf = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => (bytes.length === 0 ? '0x' : toHex(bytes)))

/** A type with a value that it holds; a struct's members are made of these. */
const atoms: fc.Arbitrary<readonly [type: string, value: unknown]> = fc.oneof(
  fc.tuple(fc.constant('address'), hexOf(20)),
  fc.tuple(fc.constant('bool'), fc.boolean()),
  fc.tuple(fc.constant('string'), fc.string({ unit: 'grapheme' })),
  fc.integer({ min: 0, max: 70 }).chain((length) => fc.tuple(fc.constant('bytes'), hexOf(length))),
  fc.integer({ min: 1, max: 32 }).chain((length) => fc.tuple(fc.constant(`bytes${length}`), hexOf(length))),
  fc
    .integer({ min: 1, max: 32 })
    .chain((bytes) => fc.tuple(fc.constant(`uint${8 * bytes}`), fc.bigInt(0n, 2n ** BigInt(8 * bytes) - 1n).map(String))),
  fc
    .integer({ min: 1, max: 32 })
    .chain((bytes) =>
      fc.tuple(fc.constant(`int${8 * bytes}`), fc.bigInt(-(2n ** BigInt(8 * bytes - 1)), 2n ** BigInt(8 * bytes - 1) - 1n).map(String)),
    ),
)
const lists: fc.Arbitrary<readonly [type: string, value: unknown]> = fc
  .tuple(atoms, fc.integer({ min: 0, max: 3 }), fc.boolean())
  .map(([[type, value], length, fixed]) => [`${type}[${fixed && length > 0 ? length : ''}]`, Array.from({ length }, () => value)])

const struct = (inner: readonly (readonly [string, unknown])[], more: readonly (readonly [string, unknown])[]): TypedData => {
  const members = (values: readonly (readonly [string, unknown])[]): Member[] =>
    values.map(([type], index) => ({ name: `m${index}`, type }))
  const object = (values: readonly (readonly [string, unknown])[]) =>
    Object.fromEntries(values.map(([, value], index) => [`m${index}`, value]))
  const own = object(inner)
  const outer: readonly (readonly [string, unknown])[] = [['Inner', own], ['Inner[]', [own, own]], ['Beside[]', [{ of: own }]], ...more]
  return {
    domain: {},
    types: { Outer: members(outer), Inner: members(inner), Beside: [{ name: 'of', type: 'Inner' }] },
    primaryType: 'Outer',
    message: object(outer),
  }
}

const domains = fc.record(
  {
    name: fc.string({ unit: 'grapheme' }),
    version: fc.string(),
    chainId: fc.bigInt(1n, 2n ** 53n - 1n).map(Number),
    verifyingContract: hexOf(20),
    salt: hexOf(32),
  },
  { requiredKeys: [] },
)

const generated = fc
  .tuple(fc.array(fc.oneof(atoms, lists), { minLength: 1, maxLength: 4 }), fc.array(fc.oneof(atoms, lists), { maxLength: 4 }), domains)
  .map(([inner, more, domain]): TypedData => {
    const fields = Object.entries(domainTypes).filter(([name]) => name in domain)
    const made = struct(inner, more)
    return { ...made, domain, types: { ...made.types, EIP712Domain: fields.map(([name, type]) => ({ name, type })) } }
  })

/** What viem and ethers make of it; ethers derives the domain's type itself. */
function others({ domain, types, primaryType, message }: TypedData) {
  const { EIP712Domain: _, ...structs } = types
  const mutable = Object.fromEntries(Object.entries(structs).map(([name, members]) => [name, [...members]]))
  const given = { domain, types, primaryType, message } as never
  return {
    viem: hashTypedData(given),
    ethers: TypedDataEncoder.hash(domain, mutable, message),
    separator: TypedDataEncoder.hashDomain(domain),
    struct: hashStruct({ data: message, types: structs, primaryType } as never),
    payload: TypedDataEncoder.encode(domain, mutable, message),
  }
}

function expectSameAsOthers(steps: TypedDataSteps, typedData: TypedData): void {
  const { viem, ethers, separator, struct: hash, payload } = others(typedData)
  expect({
    digest: steps.encoded.digest,
    separator: steps.encoded.domain.hash,
    struct: steps.encoded.message.hash,
    preimage: steps.encoded.preimage,
  }).toEqual({ digest: viem, separator, struct: hash, preimage: payload })
  expect(viem).toBe(ethers)
}

const usdc = { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913' } as const
const authorizationType = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const
const message = {
  from: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  to: '0x52908400098527886E0F7030069857D2E4169EE7',
  value: '10000',
  validAfter: '0',
  validBefore: '1790000000',
  nonce: `0x${'ab'.repeat(32)}`,
} as const
const domainType = Object.entries(domainTypes)
  .slice(0, 4)
  .map(([name, type]) => ({ name, type }))
const good: TypedData = {
  domain: usdc,
  types: { EIP712Domain: domainType, TransferWithAuthorization: authorizationType },
  primaryType: 'TransferWithAuthorization',
  message,
}

describe('what a wallet would hash', () => {
  it('is what viem and ethers hash, of any types', () => {
    fc.assert(
      fc.property(generated, (typedData) => expectSameAsOthers(typedDataSteps(typedData), typedData)),
      { numRuns: 100 },
    )
  })

  it('is the same as text, and inside a JSON-RPC request of a wallet', () => {
    fc.assert(
      fc.property(generated, (typedData) => {
        const text = JSON.stringify(typedData)
        const request = JSON.stringify({ id: 1, method: 'eth_signTypedData_v4', params: [message.from, text] })
        const { digest } = typedDataSteps(typedData).encoded
        expect([typedDataSteps(text).encoded.digest, typedDataSteps(request).encoded.digest]).toEqual([digest, digest])
      }),
      { numRuns: 25 },
    )
  })

  it('is each published vector', () => {
    expect(vectors.length).toBeGreaterThan(0)
    for (const { domain, primaryType, message: of, typeString, typeHash, structHash, domainSeparator, digest } of vectors) {
      const steps = typedDataSteps({ ...good, domain, types: { [primaryType]: authorizationType }, primaryType, message: of })
      expect({
        type: steps.encoded.message.type,
        typeHash: steps.encoded.message.typeHash,
        structHash: steps.encoded.message.hash,
        separator: steps.encoded.domain.hash,
        digest: steps.encoded.digest,
      }).toEqual({ type: typeString, typeHash, structHash, separator: domainSeparator, digest })
    }
  })

  it('has each word of the message and of the domain, with what it was made of', () => {
    const { encoded } = typedDataSteps(good)
    expect(encoded.message.members.map(({ field, word }) => [field, word])).toEqual([
      ['message.from', pad(message.from, { size: 32 }).toLowerCase()],
      ['message.to', pad(message.to, { size: 32 }).toLowerCase()],
      ['message.value', toHex(10_000n, { size: 32 })],
      ['message.validAfter', toHex(0n, { size: 32 })],
      ['message.validBefore', toHex(1_790_000_000n, { size: 32 })],
      ['message.nonce', message.nonce],
    ])
    expect(encoded.domain.members.map(({ field, as, word }) => [field, as, word])).toEqual([
      ['domain.name', 'hash-of-bytes', keccak256(stringToHex('USD Coin'))],
      ['domain.version', 'hash-of-bytes', keccak256(stringToHex('2'))],
      ['domain.chainId', 'word', toHex(8453, { size: 32 })],
      ['domain.verifyingContract', 'word', pad(usdc.verifyingContract, { size: 32 }).toLowerCase()],
    ])
  })

  it('is made for an authorization whose token is known, on every network', () => {
    const networks = builtInNetworks.all.filter(({ family }) => family === 'evm').map(({ id }) => id)
    let made = 0
    for (const network of networks) {
      const input = { network, asset: undefined, authorization: message }
      const known = builtInNetworks.all.find(({ id }) => id === network)
      if (known?.family !== 'evm') throw new TypeError(network)
      const steps = ((): TypedDataSteps | undefined => {
        try {
          return typedDataSteps({ ...input, asset: known.usdc.address })
        } catch {
          return undefined
        }
      })()
      if (steps === undefined) continue
      made++
      expect(steps).toMatchObject({ source: 'authorization', standing: 'same', token: { network, address: known.usdc.address } })
      if (known.usdc.separator !== undefined) expect(steps.encoded.domain.hash).toBe(known.usdc.separator)
      const { name, version, layout, address } = known.usdc
      if (layout === 'standard')
        expectSameAsOthers(steps, { ...good, domain: { name, version, chainId: known.chainId, verifyingContract: address } })
    }
    expect(made).toBeGreaterThan(10)
  })

  it('is made for a payload that has lost its signature', () => {
    const body = fixture('base', 'valid').input as {
      paymentPayload: { payload: { authorization: Record<string, string>; signature: string } }
    }
    const { authorization } = body.paymentPayload.payload
    const unsigned = { ...body, paymentPayload: { ...body.paymentPayload, payload: { authorization } } }
    expectSameAsOthers(typedDataSteps(unsigned), { ...good, message: authorization })
    expectSameAsOthers(typedDataSteps({ authorization, signature: '' }, { network: 'base', token: { address: usdc.verifyingContract } }), {
      ...good,
      message: authorization,
    })
  })
})

/** One thing changed of what USDC on Base hashes: where it differs from that. */
const changed: readonly (readonly [says: string, typedData: TypedData, fields: readonly string[], cause: string])[] = [
  ['another name', { ...good, domain: { ...usdc, name: 'USDC' } }, ['domain.name'], 'domain-name-mismatch'],
  ['another version', { ...good, domain: { ...usdc, version: '1' } }, ['domain.version'], 'domain-version-mismatch'],
  [
    'the token of one chain with the id of another',
    { ...good, domain: { ...usdc, chainId: 84532 } },
    ['domain.chainId'],
    'chain-id-mismatch',
  ],
  [
    'no version',
    {
      ...good,
      domain: { ...usdc, version: undefined },
      types: { ...good.types, EIP712Domain: domainType.filter(({ name }) => name !== 'version') },
    },
    ['domain.version'],
    'domain-field-missing',
  ],
  [
    'a version that its type does not list',
    { ...good, types: { ...good.types, EIP712Domain: domainType.filter(({ name }) => name !== 'version') } },
    ['domain.version'],
    'domain-field-missing',
  ],
  [
    'a salt',
    {
      ...good,
      domain: { ...usdc, salt: `0x${'00'.repeat(32)}` },
      types: { ...good.types, EIP712Domain: [...domainType, { name: 'salt', type: 'bytes32' }] },
    },
    ['domain.salt'],
    'nonstandard-domain-layout',
  ],
  [
    'the fields of the domain in another order',
    { ...good, types: { ...good.types, EIP712Domain: domainType.toReversed() } },
    ['types.EIP712Domain'],
    'nonstandard-domain-layout',
  ],
  [
    'another type of a member',
    {
      ...good,
      types: {
        ...good.types,
        TransferWithAuthorization: authorizationType.map((each) => (each.name === 'value' ? { ...each, type: 'uint128' } : each)),
      },
    },
    ['types.TransferWithAuthorization'],
    'struct-type-mismatch',
  ],
]

describe('beside what the token hashes', () => {
  it('is the same', () => {
    expect(typedDataSteps(good)).toMatchObject({
      standing: 'same',
      differences: [],
      token: { network: 'base', symbol: 'USDC', separator: others(good).separator },
    })
  })

  it.each(changed)('%s', (_says, typedData, fields, cause) => {
    const steps = typedDataSteps(typedData)
    expect(steps.standing).toBe('different')
    expect(steps.differences.map(({ field }) => field)).toEqual(fields)
    expect(steps.differences.map((each) => each.cause)).toEqual([cause])
    expectTokens(steps)
    expect(steps.encoded.digest).not.toBe(others(good).viem)
  })

  /** What the token hashes is what viem hashes of the right typed data. */
  function expectTokens(steps: TypedDataSteps): void {
    expect(steps.token?.encoded?.digest).toBe(others(good).viem)
  }

  it('a token that nobody knows', () => {
    const steps = typedDataSteps({ ...good, domain: { ...usdc, verifyingContract: message.to } })
    expect(steps).toMatchObject({ standing: 'unknown', token: null, differences: [] })
    const told = typedDataSteps(
      { ...good, domain: { ...usdc, name: 'Mine', verifyingContract: message.to } },
      { token: { address: message.to, name: 'Mine too', version: '2' } },
    )
    expect(told.differences).toMatchObject([{ field: 'domain.name', seen: 'Mine', expected: 'Mine too' }])
  })

  it('a message that is none of EIP-3009, of which the domain is compared alone', () => {
    const permit = {
      ...good,
      types: {
        Permit: [
          { name: 'owner', type: 'address' },
          { name: 'value', type: 'uint256' },
        ],
      },
      primaryType: 'Permit',
      message: { owner: message.from, value: '1' },
    }
    expect(typedDataSteps(permit)).toMatchObject({ standing: 'same', token: { encoded: null } })
    expectSameAsOthers(typedDataSteps(permit), permit)
  })

  it('the cancellation of an authorization, which the token checks, too', () => {
    const cancel = {
      ...good,
      types: {
        CancelAuthorization: [
          { name: 'authorizer', type: 'address' },
          { name: 'nonce', type: 'bytes32' },
        ],
      },
      primaryType: 'CancelAuthorization',
      message: { authorizer: message.from, nonce: message.nonce },
    }
    const steps = typedDataSteps(cancel)
    expect(steps).toMatchObject({ standing: 'same', token: { encoded: { digest: steps.encoded.digest } } })
    // CANCEL_AUTHORIZATION_TYPEHASH of EIP-3009.
    expect(steps.encoded.message.typeHash).toBe('0x158b0a9edf7a828aad02f63cd515c68ef2f50ba807396f6d12842833a1597429')
  })
})

describe('what can not be hashed', () => {
  it.each<readonly [string, unknown, RegExp]>([
    ['a decimal amount', { ...good, message: { ...message, value: '0.01' } }, /message\.value is "0\.01"; expected a whole number/],
    [
      'too large a number',
      { ...good, message: { ...message, value: String(2n ** 256n) } },
      /message\.value is .*; expected a number that uint256 holds/,
    ],
    ['a negative amount', { ...good, message: { ...message, value: '-1' } }, /expected a number that uint256 holds/],
    ['a short nonce', { ...good, message: { ...message, nonce: '0x12' } }, /message\.nonce is "0x12"; expected 32 bytes/],
    ['a member that is missing', { ...good, message: { ...message, to: undefined } }, /message\.to is missing; expected an address/],
    ['a name instead of an address', { ...good, message: { ...message, to: 'alice.eth' } }, /message\.to is "alice\.eth"/],
    ['a type that is none', { ...good, types: { TransferWithAuthorization: [{ name: 'from', type: 'adress' }] } }, /has the type "adress"/],
    ['a struct that types lack', { ...good, primaryType: 'Permit' }, /types have no "Permit"/],
    ['an authorization without a token', { authorization: message }, /the domain of its token is not known/],
    ['a payment on Solana', fixture('solana', 'valid').input, /Solana/],
  ])('%s', (_says, input, message) => {
    expect(() => typedDataSteps(input as object)).toThrow(message)
  })

  it('types that refer to each other do not go on for ever', () => {
    const types = { A: [{ name: 'b', type: 'B[]' }], B: [{ name: 'a', type: 'A[]' }] }
    const typedData = { ...good, types, primaryType: 'A', message: { b: [{ a: [] }] } }
    // ethers takes no circle of types.
    const { digest, message: outer } = typedDataSteps(typedData).encoded
    expect([digest, outer.type]).toEqual([hashTypedData(typedData as never), 'A(B[] b)B(A[] a)'])
  })
})

describe('eip3009 signature, of what has no signature', () => {
  it('prints each step and the digest, and what the token hashes', async () => {
    const wrong = { ...good, domain: { ...usdc, name: 'USDC' } }
    const { code, out } = await run(['signature', JSON.stringify(wrong)], { columns: 160 })
    expect(code).toBe(1)
    expect(out).toMatch(/^✗ DIFFERENT +USDC on base hashes something else: domain\.name is "USDC", and there "USD Coin"\./)
    const [own, right] = [others(wrong), others(good)]
    for (const [label, mine, theirs] of [
      ['separator', own.separator, right.separator],
      ['digest', own.viem, right.viem],
    ] as const) {
      const lines = out.split('\n')
      const at = lines.findIndex((line) => new RegExp(`^ +${label} +${mine}$`).test(line))
      expect(lines[at + 1]?.trim()).toBe(`≠ ${theirs}`)
    }
    expect(out).toContain(own.payload)
    expect(out).toContain(own.struct)
  })

  it.each<readonly [string, unknown, number, RegExp]>([
    ['the same', good, 0, /^✓ SAME/],
    ['an unknown token', { ...good, domain: { ...usdc, verifyingContract: message.to } }, 4, /^\? UNKNOWN TOKEN/],
    ['an authorization', { network: 'base', asset: usdc.verifyingContract, authorization: message }, 0, /^✓ TO BE SIGNED/],
  ])('%s', async (_says, input, code, first) => {
    const printed = await run(['signature', JSON.stringify(input)])
    expect(printed.code, printed.err).toBe(code)
    expect(printed.out).toMatch(first)
    expect(hexToBigInt(typedDataSteps(input as object).encoded.digest)).toBeGreaterThan(0n)
    expect(printed.out).toContain(typedDataSteps(input as object).encoded.digest)
  })

  it('goes on saying what is wrong where it is no payment at all', async () => {
    expect(await run(['signature', '{"hello": 1}'])).toMatchObject({ code: 2, out: '' })
    const solana = JSON.stringify({ ...(fixture('solana', 'valid').input as object), hello: 1 })
    expect((await run(['signature', solana])).err).not.toContain('EVM payment')
  })
})
