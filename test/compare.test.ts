import { type Comparison, diagnose, type EvmPayment, findDifferences, readPayment } from '@eip3009/core'
import { fixture } from '@eip3009/fixtures'
import * as fc from 'fast-check'
import { encodeFunctionData, type Hex, parseAbi, parseSignature, serializeCompactSignature, signatureToCompactSignature } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { run } from './fake-console.ts'

const account = privateKeyToAccount(`0x${'11'.repeat(32)}`)
const other = privateKeyToAccount(`0x${'22'.repeat(32)}`)
const domain = { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913' } as const
const types = {
  TransferWithAuthorization: [
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'validAfter', type: 'uint256' },
    { name: 'validBefore', type: 'uint256' },
    { name: 'nonce', type: 'bytes32' },
  ],
} as const
const message = {
  from: account.address as Hex,
  to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C' as Hex,
  value: 10_000n,
  validAfter: 1_789_999_400n,
  validBefore: 1_790_000_300n,
  nonce: `0x${'ab'.repeat(32)}` as Hex,
}
type Message = typeof message

const requirements = {
  scheme: 'exact',
  network: 'base',
  maxAmountRequired: '10000',
  payTo: message.to,
  maxTimeoutSeconds: 60,
  asset: domain.verifyingContract,
  extra: { name: 'USD Coin', version: '2' },
}

const signed = (change: Partial<Message> = {}, under: Partial<Record<keyof typeof domain, unknown>> = {}, by = account) =>
  by.signTypedData({
    domain: { ...domain, ...under } as typeof domain,
    types,
    primaryType: 'TransferWithAuthorization',
    message: { ...message, ...change },
  })
const texts = (of: Message) => ({ ...of, value: String(of.value), validAfter: String(of.validAfter), validBefore: String(of.validBefore) })
const body = (signature: string, change: Partial<Message> = {}, offer: object = {}) => ({
  x402Version: 1,
  paymentPayload: {
    x402Version: 1,
    scheme: 'exact',
    network: 'base',
    payload: { signature, authorization: texts({ ...message, ...change }) },
  },
  paymentRequirements: { ...requirements, ...offer },
})
const compare = (one: unknown, two: unknown): Comparison =>
  findDifferences({ payment: readPayment(one as object, { unsigned: true }) }, { payment: readPayment(two as object, { unsigned: true }) })
const fields = ({ differences }: Comparison): string[] => differences.map(({ field }) => field)

const abi = parseAbi([
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)',
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)',
])

/** One payment in the forms that it is met in. */
const forms: Readonly<Record<string, (of: Message, signature: Hex) => unknown>> = {
  'a v1 body': (of, signature) => body(signature, of),
  'a v1 payload': (of, signature) => body(signature, of).paymentPayload,
  'a v1 header': (of, signature) => Buffer.from(JSON.stringify(body(signature, of).paymentPayload)).toString('base64'),
  'a v2 payload': (of, signature) => {
    const { maxAmountRequired: amount, ...rest } = requirements
    return {
      x402Version: 2,
      accepted: { ...rest, amount, network: 'eip155:8453' },
      payload: { signature, authorization: texts(of) },
    }
  },
  'a log line': (of, signature) => `2026-09-21T14:13:20Z WARN settle ${JSON.stringify(body(signature, of))}`,
  'an authorization and its signature': (of, signature) => ({
    authorization: texts(of),
    signature,
    network: 'base',
    asset: domain.verifyingContract,
  }),
  'typed data and its signature': (of, signature) => ({
    typedData: { domain, types, primaryType: 'TransferWithAuthorization', message: texts(of) },
    signature,
  }),
  'a call with bytes': (of, signature) => ({
    to: domain.verifyingContract,
    chainId: 8453,
    data: encodeFunctionData({
      abi,
      functionName: 'transferWithAuthorization',
      args: [of.from, of.to, of.value, of.validAfter, of.validBefore, of.nonce, signature],
    }),
  }),
  'a call with v, r and s': (of, signature) => {
    const { r, s, v } = parseSignature(signature)
    return {
      to: domain.verifyingContract,
      chainId: 8453,
      data: encodeFunctionData({
        abi,
        functionName: 'transferWithAuthorization',
        args: [of.from, of.to, of.value, of.validAfter, of.validBefore, of.nonce, Number(v), r, s],
      }),
    }
  },
}
const formNames = Object.keys(forms)

describe('one payment in two forms', () => {
  it('is the same, in every pair of forms', async () => {
    const signature = await signed()
    let pairs = 0
    for (const [one, write] of Object.entries(forms))
      for (const [two, rewrite] of Object.entries(forms)) {
        const found = compare(write(message, signature), rewrite(message, signature))
        expect({ one, two, fields: fields(found), relation: found.relation }).toEqual({ one, two, fields: [], relation: 'same' })
        pairs++
      }
    expect(pairs).toBe(formNames.length ** 2)
  })

  it('and a change in one field, signed anew, names that field, in any two forms', async () => {
    const changes: fc.Arbitrary<Partial<Message>> = fc.oneof(
      fc.record({ value: fc.bigInt(10_001n, 10n ** 12n) }),
      fc.record({ validBefore: fc.bigInt(1_790_000_301n, 1_790_090_000n) }),
      fc.record({ validAfter: fc.bigInt(1_789_000_000n, 1_789_999_399n) }),
      fc.record({
        nonce: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}` as Hex),
      }),
      fc.constant({ to: other.address }),
    )
    const name = fc.constantFrom(
      'an authorization and its signature',
      'typed data and its signature',
      'a call with bytes',
      'a call with v, r and s',
    )
    await fc.assert(
      fc.asyncProperty(changes, name, name, async (change, one, two) => {
        const changed = { ...message, ...change }
        const found = compare(forms[one]?.(message, await signed()), forms[two]?.(changed, await signed(change)))
        expect(fields(found)).toEqual(Object.keys(change).map((field) => `authorization.${field}`))
        expect(found.relation).toBe('nonce' in change ? 'two-payments' : 'same-nonce')
      }),
      { numRuns: 40 },
    )
  })
})

type Row = readonly [
  says: string,
  one: () => Promise<unknown>,
  two: () => Promise<unknown>,
  fields: readonly string[],
  relation: Comparison['relation'],
]

/** What a person who knows would say. */
const rows: readonly Row[] = [
  [
    'the domain has another name',
    async () => body(await signed()),
    async () => body(await signed({}, { name: 'USDC' })),
    ['domain.name'],
    'same-nonce',
  ],
  [
    'the domain has another version',
    async () => body(await signed()),
    async () => body(await signed({}, { version: '1' })),
    ['domain.version'],
    'same-nonce',
  ],
  [
    'the domain is of another chain',
    async () => body(await signed()),
    async () => body(await signed({}, { chainId: 84532 })),
    ['domain.chainId'],
    'same-nonce',
  ],
  [
    'a value that was changed after signing',
    async () => body(await signed()),
    async () => body(await signed(), { value: 20_000n }),
    ['authorization.value'],
    'same-nonce',
  ],
  [
    'the compact form',
    async () => body(await signed()),
    async () => body(serializeCompactSignature(signatureToCompactSignature(parseSignature(await signed())))),
    ['signature.form'],
    'same-nonce',
  ],
  [
    'v of 0 or 1',
    async () => body(await signed()),
    async () => body((await signed()).replace(/1b$/, '00').replace(/1c$/, '01')),
    ['signature.form'],
    'same-nonce',
  ],
  ['the malleable twin', async () => body(await signed()), async () => body(twin(await signed())), ['signature.s'], 'same-nonce'],
  ['another signer', async () => body(await signed()), async () => body(await signed({}, {}, other)), ['signature'], 'same-nonce'],
  [
    'another offer',
    async () => body(await signed()),
    async () => body(await signed(), {}, { maxTimeoutSeconds: 300, extra: { name: 'USDC', version: '2' } }),
    ['requirements.maxTimeoutSeconds', 'requirements.extra.name'],
    'same-nonce',
  ],
  [
    'another payer',
    async () => body(await signed()),
    async () => body(await signed({ from: other.address }, {}, other), { from: other.address }),
    ['authorization.from'],
    'same-nonce',
  ],
  [
    'typed data that was not signed',
    async () => body(await signed()),
    async () => ({ domain, types, primaryType: 'TransferWithAuthorization', message: texts(message) }),
    [],
    'same',
  ],
  [
    'typed data of another name that was not signed',
    async () => body(await signed()),
    async () => ({ domain: { ...domain, name: 'USDC' }, types, primaryType: 'TransferWithAuthorization', message: texts(message) }),
    ['domain.name'],
    'same-nonce',
  ],
  ['an authorization alone, of whatever token', async () => body(await signed()), async () => texts(message), [], 'same-message'],
  [
    'an authorization alone beside typed data',
    async () => texts(message),
    async () => ({ domain, types, primaryType: 'TransferWithAuthorization', message: texts(message) }),
    [],
    'same-message',
  ],
  ['the two families', async () => body(await signed()), async () => fixture('solana', 'valid').input, ['family'], 'unlike'],
  ['one on Solana', async () => fixture('solana', 'valid').input, async () => fixture('solana', 'valid').input, [], 'same'],
  [
    'two amounts on Solana',
    async () => fixture('solana', 'valid').input,
    async () => fixture('solana', 'svm-amount-mismatch').input,
    ['transfer.amount'],
    'two-payments',
  ],
]

function twin(signature: Hex): Hex {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
  const s = (order - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, '0')
  return `${signature.slice(0, 66)}${s}${signature.endsWith('1b') ? '1c' : '1b'}` as Hex
}

describe('two payments', () => {
  for (const [says, one, two, expected, relation] of rows)
    it(says, async () => {
      const found = compare(await one(), await two())
      expect({ fields: fields(found), relation: found.relation }).toEqual({ fields: expected, relation })
      const back = compare(await two(), await one())
      expect({ fields: fields(back), relation: back.relation }).toEqual({ fields: expected, relation })
    })

  it('two nonces for one purchase are told', async () => {
    const nonce = `0x${'cd'.repeat(32)}` as const
    const found = compare(body(await signed()), body(await signed({ nonce }), { nonce }))
    expect(found.notes.join()).toMatch(/if they are for one purchase, the payer pays twice/)
  })

  it('says values in words', async () => {
    const found = compare(body(await signed()), body(await signed({ value: 20_000n }), { value: 20_000n }, { maxAmountRequired: '10000' }))
    expect(found.headline).toBe('They differ in one field: authorization.value is 0.01 USDC in the first, and 0.02 USDC in the second.')
  })

  it('the difference that one of them fails for', async () => {
    const told = async (input: unknown) => {
      const payment = readPayment(input as object) as EvmPayment
      return { payment, diagnosis: await diagnose(payment, { now: 1_790_000_000n }) }
    }
    const good = await told(body(await signed()))
    for (const [bad, field] of [
      [body(await signed({}, { name: 'USDC' })), 'domain.name'],
      [body(twin(await signed())), 'signature.s'],
      [body(await signed(), { value: 20_000n }, { maxAmountRequired: '20000' }), 'authorization.value'],
    ] as const) {
      const found = findDifferences(good, await told(bad))
      expect(found.explains).toBe(field)
      expect(found.sides.map(({ verdict }) => verdict)).toEqual(['settles', 'fails'])
    }
  })
})

describe('eip3009 compare', () => {
  it('the same in two forms, and one that differs', async () => {
    const signature = await signed()
    const [header, call] = [forms['a v1 header']?.(message, signature), JSON.stringify(forms['a call with bytes']?.(message, signature))]
    const same = await run(['compare', String(header), call])
    expect(same.code, same.err).toBe(0)
    expect(same.out).toMatch(/^= SAME PAYMENT +They are the same payment, written in two forms: /)
    const wrong = JSON.stringify(body(await signed({}, { name: 'USDC' })))
    const differs = await run(['compare', JSON.stringify(body(signature)), wrong])
    expect(differs.code, differs.err).toBe(1)
    expect(differs.out).toMatch(
      /^≠ DIFFERENT +They differ in one field: domain\.name is "USD Coin" in the first, and "USDC" in the second\./,
    )
    expect(differs.out).toContain('domain.name is what one of them fails for')
  })

  it('shows no piece of a signature', async () => {
    const [one, two] = [await signed(), twin(await signed())]
    const { out } = await run(['compare', JSON.stringify(body(one)), JSON.stringify(body(two)), '--share'])
    for (const signature of [one, two]) expect(out).not.toContain(signature.slice(66, 82))
  })

  it('what is no payment is refused', async () => {
    expect(await run(['compare', JSON.stringify(body(await signed())), '{"hello": 1}'])).toMatchObject({ code: 2, out: '' })
  })
})
