import fc from 'fast-check'
import type { Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { base } from '../../networks/base.ts'
import { builtInNetworks } from '../../networks/networks.ts'
import type { Payment } from '../payment/payment.ts'
import { examineSignature } from './forensics.ts'
import { areaOf, generatorIds } from './generators.ts'
import { createKernel } from './kernel/create.ts'
import { nobleKernel } from './kernel/noble.ts'
import { readings } from './readings.ts'
import { searchSignature } from './search-signature.ts'
import { unwrapAll } from './wallets/wrappers.ts'

const kernel = createKernel()
// Public test keys: nobody's money.
const payer = privateKeyToAccount(`0x${'0'.repeat(63)}1`)
const stranger = privateKeyToAccount(`0x${'0'.repeat(63)}2`)

const authorization = {
  from: payer.address,
  to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  value: 10_000n,
  validAfter: 1_790_000_000n,
  validBefore: 1_790_000_600n,
  nonce: `0x${'ab'.repeat(32)}`,
} as const
const domain = { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: base.usdc.address } as const
const members = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const

async function signed(
  change: {
    readonly domain?: object
    readonly message?: object
    readonly type?: 'TransferWithAuthorization' | 'ReceiveWithAuthorization'
  } = {},
  signer = payer,
  extra: Partial<Payment> = {},
): Promise<Payment> {
  const signature = await signer.signTypedData({
    domain: { ...domain, ...change.domain },
    types: { TransferWithAuthorization: members, ReceiveWithAuthorization: members },
    primaryType: change.type ?? 'TransferWithAuthorization',
    message: { ...authorization, ...change.message },
  })
  return {
    family: 'evm',
    rail: 'eip3009',
    payerClaims: [],
    form: 'authorization-and-signature',
    recognised: 'a test payment',
    networkName: 'base',
    network: base,
    chainId: 8453,
    token: base.usdc.address,
    primaryType: 'TransferWithAuthorization',
    authorization,
    signature,
    findings: [],
    ...extra,
  }
}

const examine = (payment: Payment, options = {}) => examineSignature(payment, builtInNetworks, { kernel, ...options })
const causes = (evidence: ReturnType<typeof examine>): string[] => evidence.matches[0]?.edits.map(({ cause }) => cause) ?? []

describe('what the search of a diagnosis finds, without being asked for anything', () => {
  it.each([
    ['name and type', { domain: { name: 'USDC' }, type: 'ReceiveWithAuthorization' }, ['domain-name-mismatch', 'primary-type-mismatch']],
    ['name and version', { domain: { name: 'USDC', version: '1' } }, ['domain-name-mismatch', 'domain-version-mismatch']],
    [
      "chain and contract of nobody's token",
      { domain: { chainId: 10, verifyingContract: authorization.to } },
      ['chain-id-mismatch', 'verifying-contract-mismatch'],
    ],
    [
      'name and milliseconds',
      { domain: { name: 'USDC' }, message: { validBefore: 1_790_000_600_000n } },
      ['domain-name-mismatch', 'message-altered'],
    ],
    [
      'type and 18 decimals',
      { type: 'ReceiveWithAuthorization', message: { value: 10n ** 16n } },
      ['primary-type-mismatch', 'message-altered'],
    ],
    [
      'version and no validAfter',
      { domain: { version: '1' }, message: { validAfter: 0n } },
      ['domain-version-mismatch', 'message-altered'],
    ],
  ] as const)('two slips: %s', async (_name, change, expected) => {
    expect(causes(examine(await signed(change)))).toEqual(expected)
  })

  it('a wrong name and the wrong v', async () => {
    const payment = await signed({ domain: { name: 'USDC' } })
    const flipped: Hex = `0x${payment.signature.slice(2, 130)}${payment.signature.endsWith('1b') ? '1c' : '1b'}`
    const evidence = examine({ ...payment, signature: flipped })
    expect(causes(evidence)).toEqual(['domain-name-mismatch', 'v-flipped'])
    expect(evidence.matches[0]?.signature).toBe(payment.signature)
  })

  it('the network, where nothing names it and the type is wrong', async () => {
    const {
      network: _network,
      networkName: _name,
      chainId: _chainId,
      token: _token,
      ...bare
    } = await signed({ type: 'ReceiveWithAuthorization' })
    const evidence = examine(bare)
    expect(causes(evidence)).toEqual(['primary-type-mismatch'])
    expect(evidence.expected).toMatchObject({ basis: 'any-network', network: { id: 'base' } })
  })

  it('values that only the caller knows', async () => {
    const payment = await signed({ domain: { name: 'My Own Dollar' }, message: { value: 7_777_777n } })
    expect(causes(examine(payment))).toEqual([])
    expect(causes(examine(payment, { hints: { names: ['My Own Dollar'], values: [7_777_777n] } }))).toEqual([
      'domain-name-mismatch',
      'message-altered',
    ])
  })
})

describe('the deep search', () => {
  it('finds three slips', async () => {
    const payment = await signed({ domain: { name: 'USDC', chainId: 84532 }, message: { validBefore: 1_790_000_600_000n } })
    const evidence = await searchSignature(payment, builtInNetworks, { kernel, only: ['domain-name', 'domain-chain-id', 'time-unit'] })
    expect(causes(evidence)).toEqual(['domain-name-mismatch', 'chain-id-mismatch', 'message-altered'])
  })

  it('finds an amount that nobody would guess, and a time most of an hour away', async () => {
    const options = { kernel, only: ['value-round', 'time-shifted'] as const }
    const amount = await searchSignature(await signed({ message: { value: 12_321n } }), builtInNetworks, {
      ...options,
      only: ['value-round'],
    })
    expect(amount.matches[0]?.edits).toMatchObject([{ field: 'authorization.value', seen: '10000', signed: '12321' }])
    const time = await searchSignature(await signed({ message: { validBefore: 1_790_003_000n } }), builtInNetworks, {
      ...options,
      only: ['time-shifted'],
    })
    expect(time.matches[0]?.edits).toMatchObject([{ field: 'authorization.validBefore', signed: '1790003000' }])
  })

  it('shares its steps among workers, who together find what one alone does', async () => {
    const payment = await signed({ domain: { name: 'USDC', version: '1' } })
    const slices = [0, 1, 2].map((index) => examine(payment, { slice: { index, of: 3 }, only: ['domain-name', 'domain-version'] }))
    expect(slices.map((slice) => slice.matches.length).sort()).toEqual([0, 0, 1])
    const whole = examine(payment, { only: ['domain-name', 'domain-version'] })
    expect(slices.find((slice) => slice.matches.length > 0)?.matches).toEqual(whole.matches)
  })
})

describe('limits', () => {
  it('tries no more than it may, and says so', async () => {
    const evidence = examine(await signed({}, stranger), { maxHypotheses: 5000 })
    expect(evidence.tried).toBeLessThanOrEqual(5000)
    expect(evidence).toMatchObject({ ended: 'max-hypotheses', matches: [], recovered: stranger.address })
  })

  it("ends when the time is up, by the caller's clock", async () => {
    let ticks = 0
    const timeLimit = { timeoutMs: 5, now: () => ticks++ }
    const evidence = examine(await signed({}, stranger), { timeLimit, maxHypotheses: Number.MAX_SAFE_INTEGER })
    expect(evidence.ended).toBe('timeout')
    expect(ticks).toBeLessThan(10)
  })

  it('ends when it is told to, between two steps', async () => {
    const abort = new AbortController()
    let pauses = 0
    const pause = async (): Promise<void> => {
      if (++pauses === 3) abort.abort()
    }
    const evidence = await searchSignature(await signed({}, stranger), builtInNetworks, { kernel, signal: abort.signal, pause })
    expect(evidence.ended).toBe('aborted')
    // What the search begins with is made in any case.
    expect(pauses).toBeLessThan(10)
  })

  it('tells how far it is', async () => {
    const seen: number[] = []
    const evidence = examine(await signed({}, stranger), {
      maxHypotheses: 20_000,
      onProgress: ({ tried }: { tried: number }) => seen.push(tried),
    })
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(seen.at(-1)).toBe(evidence.tried)
    expect(Object.values(evidence.triedBy).reduce((sum, count) => sum + count)).toBe(evidence.tried)
  })

  it('runs out where only a few kinds were asked for', async () => {
    const evidence = examine(await signed({}, stranger), { only: ['domain-version', 'v-flipped'], maxHypotheses: Number.MAX_SAFE_INTEGER })
    expect(evidence.ended).toBe('exhausted')
    expect(Object.keys(evidence.triedBy).sort()).toEqual(['as the token checks it', 'domain × bytes', 'domain-version', 'v-flipped'])
  })

  it('works without WebAssembly, on less', async () => {
    const payment = await signed({ domain: { name: 'USDC' } })
    const evidence = examineSignature(payment, builtInNetworks, { kernel: nobleKernel(), only: ['domain-name', 'domain-version'] })
    expect(causes(evidence)).toEqual(['domain-name-mismatch'])
  })
})

describe('never a false positive', () => {
  it("a stranger's signature, or noise, matches nothing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 0, maxLength: 140 }), async (noise) => {
        const payment = await signed()
        const evidence = examine({ ...payment, signature: `0x${Buffer.from(noise).toString('hex')}` }, { maxHypotheses: 2000 })
        expect(evidence.matches).toEqual([])
      }),
      { numRuns: 15 },
    )
    expect(examine(await signed({}, stranger)).matches).toEqual([])
  })

  it('every number of bytes from 0 to 300 is read without a fault', () => {
    for (const byte of ['00', '1b', '30', '41', 'ff']) {
      for (let length = 0; length <= 300; length++) {
        const bytes: Hex = `0x${byte.repeat(length)}`
        expect(readings(bytes).length).toBeLessThan(40)
        expect(unwrapAll(bytes).wrappers.length).toBeLessThan(5)
      }
    }
  })
})

it('says whose the key is', async () => {
  const payment = await signed({}, stranger, { requirements: { payTo: stranger.address } })
  expect(examine(payment, { maxHypotheses: 1 }).recoveredIs).toEqual([{ is: 'payTo', label: "the offer's payTo" }])
  const hints = { accounts: [{ address: stranger.address, label: 'the old hot wallet' }] }
  expect(examine({ ...payment, requirements: {} }, { maxHypotheses: 1, hints }).recoveredIs).toEqual([
    { is: 'hinted', label: 'the old hot wallet' },
  ])
})

it('counts a generator under its own area', () => {
  expect(generatorIds.map(areaOf).filter((area, at, all) => area !== all[at - 1])).toEqual(['domain', 'type', 'message', 'digest', 'bytes'])
})
