import fc from 'fast-check'
import { type Address, getAddress, isAddress, toHex } from 'viem'
import { describe, expect, it, vi } from 'vitest'
import { runs } from '../../../../test/runs.ts'
import { checksum as nobleChecksum } from '../networks/checksum.ts'
import { checksum } from './checksum.ts'
import { type AuthorizationRequest, createAuthorization } from './create-authorization.ts'
import { signerNetworks } from './signer-network.ts'

const from: Address = '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf'
const to: Address = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
const usdc: Address = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const now = 1_790_000_000n

const create = (request: Partial<AuthorizationRequest> = {}) =>
  createAuthorization({ network: 'base', from, to, value: 10_000n, now, ...request })

describe('the defaults', () => {
  it("are open since ten minutes and for five, under the network's own domain", () => {
    expect(create()).toMatchObject({
      domain: { name: 'USD Coin', version: '2', chainId: 8453n, verifyingContract: usdc },
      primaryType: 'TransferWithAuthorization',
      authorization: { from, to, value: 10_000n, validAfter: now - 600n, validBefore: now + 300n },
      notes: [],
    })
  })

  it('close when the offer says, to the second', () => {
    expect(create({ maxTimeoutSeconds: 60 }).authorization.validBefore).toBe(now + 60n)
    expect(create({ maxTimeoutSeconds: 600_000 }).authorization.validBefore).toBe(now + 600_000n)
  })

  it('are longer where a block takes minutes', () => {
    const slow = { id: 'slow', chainId: 1, blockTime: 60, usdc: { address: usdc, name: 'USDC', version: '2' } }
    expect(create({ network: slow }).authorization.validBefore).toBe(now + 600n)
  })

  it('draw a nonce of 32 random bytes each', () => {
    const nonces = Array.from({ length: 200 }, () => create().authorization.nonce)
    expect(new Set(nonces).size).toBe(200)
    expect(nonces.every((nonce) => /^0x[0-9a-f]{64}$/.test(nonce))).toBe(true)
  })

  it('take the clock and the dice that they are given', () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, i) => i)
    expect(create({ random: () => bytes }).authorization.nonce).toBe(toHex(bytes))
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Number(now) * 1000 + 999)
    try {
      expect(createAuthorization({ network: 'base', from, to, value: 1n }).authorization.validAfter).toBe(now - 600n)
    } finally {
      clock.mockRestore()
    }
  })

  it('hold for every network, its USDC in its own words', () => {
    for (const network of signerNetworks) {
      expect(create({ network: network.id, value: '12.5 USDC' })).toMatchObject({
        network,
        token: network.usdc,
        authorization: { value: 12_500_000n },
      })
    }
  })
})

describe('another token', () => {
  const eurc = { address: '0x60a3E35Cc302bFA44Cb288Bc5a4F316Fdb1adb42', name: 'EURC', version: '2', symbol: 'EURC', decimals: 6 } as const
  it('is signed for under its own domain', () => {
    expect(create({ token: eurc, value: '1 EURC' })).toMatchObject({
      domain: { name: 'EURC', verifyingContract: eurc.address },
      authorization: { value: 1_000_000n },
    })
  })
  it("may have the salt layout of Polygon's bridge", () => {
    const { domain } = create({ network: 'polygon', token: { ...eurc, layout: 'salt' } })
    expect(domain).toEqual({ name: 'EURC', version: '2', verifyingContract: eurc.address, salt: `0x${'89'.padStart(64, '0')}` })
  })
  it('needs a name and a version', () => {
    expect(() => create({ token: { ...eurc, name: '' } })).toThrow(/name\(\) and version\(\)/)
  })
})

describe('nonsense is refused in one sentence', () => {
  const refused: readonly (readonly [string, Partial<AuthorizationRequest>, RegExp])[] = [
    ['an unknown network', { network: 'bse' }, /Did you mean base \(8453\)/],
    ['the zero address', { to: `0x${'0'.repeat(40)}` }, /zero address/],
    ['the zero address as payer', { from: `0x${'0'.repeat(40)}` }, /zero address/],
    ['the token as payee', { to: usdc }, /payTo\), not the asset/],
    ['the token as payer', { from: usdc }, /account that pays/],
    ['a value of 0', { value: 0n }, /at least one atomic unit/],
    ['a negative value', { value: -1n }, /at least one atomic unit/],
    ['a value of 2^256', { value: 2n ** 256n }, /256 bits/],
    ['an amount without a unit', { value: '10000' }, /does not say in which unit/],
    ['an amount in another token', { value: '1 EURC' }, /in "EURC", and the token is USDC/],
    ['too many decimal places', { value: '0.0000001 USDC' }, /7 decimal places, and USDC has 6/],
    [
      'an amount in words for a token without decimals',
      { token: { address: to, name: 'x', version: '1' }, to: from, from: to, value: '1 X' },
      /symbol and decimals/,
    ],
    ['a number', { value: 0.01 as unknown as bigint }, /the number 0.01/],
    ['no value', { value: undefined as unknown as bigint }, /the undefined undefined/],
    ['a window that is too short', { maxTimeoutSeconds: 9 }, /needs 10 s/],
    ['a window that closed', { validBefore: now - 1n }, /closed already/],
    ['a window that is too long', { maxTimeoutSeconds: 604_801 }, /too long/],
    ['an endless window', { validBefore: 2n ** 40n - 1n }, /no unix time in seconds/],
    ['a window in milliseconds', { validBefore: now * 1000n }, /divide by 1000/],
    ['validAfter in milliseconds', { validAfter: now * 1000n }, /divide by 1000/],
    ['now in milliseconds', { now: now * 1000n }, /divide by 1000/],
    ['an inverted window', { validAfter: now + 100n, validBefore: now + 50n }, /window is empty/],
    ['a time that is no bigint', { validBefore: Number(now) as unknown as bigint }, /seconds as a bigint|mix BigInt/],
    ['a timeout that is no number', { maxTimeoutSeconds: Number.NaN }, /number of seconds/],
    ['a wrong checksum', { to: to.replace('Bc6', 'bc6') as Address }, /wrong checksum/],
    ['a name for an address', { to: 'vitalik.eth' as Address }, /0x and 40 hex digits/],
    ['a short nonce', { nonce: '0x12' }, /32 bytes/],
    ['a nonce of zeros', { nonce: `0x${'0'.repeat(64)}` }, /32 zeros/],
    ['a source of randomness that is broken', { random: (length) => new Uint8Array(length) }, /32 zeros/],
    ['a source of randomness that is short', { random: () => new Uint8Array(16) }, /32 bytes/],
  ]
  it.each(refused)('%s', (_name, request, says) => {
    let caught: unknown
    try {
      create(request)
    } catch (error) {
      caught = error
    }
    expect(caught).toMatchObject({ name: 'Eip3009Error', code: expect.stringMatching(/^(invalid-argument|unknown-network)$/) })
    expect(String(caught)).toMatch(says)
    expect(String(caught)).not.toContain('\n')
  })
})

describe('what is odd is noted', () => {
  it('a payment to oneself', () => expect(create({ to: from }).notes).toEqual([expect.stringContaining('to itself')]))
  it('a window that opens later', () =>
    expect(create({ validAfter: now + 59n, validBefore: now + 200n }).notes).toEqual([
      'It opens in 60 s: until then facilitators refuse it.',
    ]))
})

describe('properties', () => {
  it('whatever is asked for, what comes out is open now and long enough, or nothing comes out', () => {
    const anyTime = fc.bigInt({ min: -10n, max: 4_000_000_000n })
    const times = fc.option(fc.oneof(anyTime, fc.bigInt({ min: now - 700n, max: now + 700_000n })), { nil: undefined })
    let created = 0
    fc.assert(
      fc.property(
        times,
        times,
        fc.option(fc.integer({ min: -5, max: 700_000 }), { nil: undefined }),
        (validAfter, validBefore, maxTimeoutSeconds) => {
          const request = {
            ...(validAfter === undefined ? {} : { validAfter }),
            ...(validBefore === undefined ? {} : { validBefore }),
            ...(maxTimeoutSeconds === undefined ? {} : { maxTimeoutSeconds }),
          }
          let payment: ReturnType<typeof create>
          try {
            payment = create(request)
          } catch (error) {
            expect(error).toMatchObject({ code: 'invalid-argument' })
            return
          }
          created++
          const { authorization, notes } = payment
          expect(authorization.validBefore - now >= 10n && authorization.validBefore - now <= 604_800n).toBe(true)
          expect(authorization.validAfter < now || notes.length === 1).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
    expect(created).toBeGreaterThan(runs(20))
  })

  it('an amount in words is its digits, with the point moved', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 256n - 1n }), fc.integer({ min: 0, max: 36 }), (value, decimals) => {
        const digits = String(value).padStart(decimals + 1, '0')
        const at = digits.length - decimals
        const text = `${digits.slice(0, at)}${decimals === 0 ? '' : `.${digits.slice(at)}`} Tok`
        const token = { address: usdc, name: 'Token', version: '1', symbol: 'TOK', decimals }
        expect(create({ token, value: text }).authorization.value).toBe(value)
      }),
    )
  })

  it('addresses get the checksum that viem and networks/ give them, and one wrong letter is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), fc.nat(39), (bytes, at) => {
        const address = toHex(bytes)
        expect(checksum(address)).toBe(getAddress(address))
        expect(checksum(address)).toBe(nobleChecksum(address))
        const digits = [...getAddress(address).slice(2)]
        const other = digits[at] === digits[at]?.toLowerCase() ? digits[at]?.toUpperCase() : digits[at]?.toLowerCase()
        const wrong = `0x${digits.with(at, other ?? '').join('')}` as Address
        if (isAddress(wrong) || /^0x0+$/.test(wrong)) return
        expect(() => create({ to: wrong })).toThrow(/wrong checksum/)
      }),
    )
  })
})
