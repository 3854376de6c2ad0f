import { describe, expect, it } from 'vitest'
import { chain, evidenceOf, pay, said, signatureOf, stranger, unread, usdc } from '../../../../../test/evidence/evm.ts'
import { celo } from '../../networks/celo.ts'
import type { TokenFamily } from '../../tokens/models.ts'
import type { Payment } from '../payment/payment.ts'
import { refusedPayee, tokenChecks } from './token.ts'

const of = (id: (typeof tokenChecks)[number]['id'], paid: Payment, evidence = evidenceOf(paid)): string =>
  said(tokenChecks, id, paid, evidence)
const call = { function: 'transferWithAuthorization', selector: '0xe3ee160e', overload: 'vrs' } as const
const zero = '0x0000000000000000000000000000000000000000'
const onChain = (chainId: number, token: `0x${string}`, more: Partial<Payment> = {}): Payment => {
  const { network: _, networkName: __, ...rest } = pay()
  return { ...rest, chainId, token, ...more }
}

/** Addresses by the issuers' own lists, as the registry cites them. */
const usdbc = '0xd9aAEc86B65D86f6A7B5B1b0c42FFA531710b6CA'
const usdcOfEthereum = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
const usdcOfBaseSepolia = '0x036CbD53842c5426634e7929541eC2318f3dCF7e'
const eurc = '0x60a3E35Cc302bFA44Cb288Bc5a4F316Fdb1adb42'

describe('the asset', () => {
  const mismatch = (severity: string, party = 'server', field = 'requirements.asset'): string =>
    `${severity} asset-mismatch/${party} ${field}`
  const { token: _, ...unnamed } = pay()
  const { network: __, networkName: ___, chainId: ____, ...unplaced } = pay()
  const rows: readonly (readonly [string, Payment, string])[] = [
    ['USDC', pay(), 'pass'],
    ['another one with EIP-3009', pay({}, { token: eurc }), 'pass'],
    ['in other case', pay({}, { token: usdc.toLowerCase() as `0x${string}` }), 'pass'],
    ['none', unnamed, 'skip no-asset'],
    ['nothing says which chain', unplaced, 'skip no-network'],
    ['nobody knows the chain', onChain(424_242, usdc), 'skip no-network'],
    ['what is taken for USDC', pay({}, { token: usdbc }), mismatch('warning')],
    ['USDC of another supported chain', pay({}, { token: usdcOfBaseSepolia }), mismatch('error')],
    ['USDC of a foreign chain', pay({}, { token: usdcOfEthereum }), mismatch('error')],
    ['anything', pay({}, { token: stranger }), mismatch('warning')],
    ['anything that was called', pay({}, { token: stranger, call }), mismatch('warning', 'facilitator', 'transaction.to')],
    ['USDC on a foreign chain', onChain(1, usdcOfEthereum), 'pass'],
    ["another chain's USDC on a foreign chain", onChain(1, usdc), mismatch('error')],
    ['anything on a foreign chain', onChain(1, stranger), mismatch('warning')],
  ]
  it.each(rows)('%s', (_name, paid, found) => expect(of('asset', paid)).toBe(found))

  it('what the user tells of it is not held against the registry', () => {
    const paid = pay({}, { token: stranger, told: { address: stranger, name: 'Mine', version: '1' } })
    expect(of('asset', paid)).toBe('pass')
  })

  it('what is known to have no EIP-3009', () => {
    const without = 'error token-without-eip3009/server requirements.asset'
    const [listed] = celo.lookalikes.filter(({ overloads }) => overloads?.vrs === false && !overloads.bytes)
    if (listed === undefined) throw new TypeError('celo has no such token')
    const ofCelo = { ...pay(), network: celo, chainId: celo.chainId, networkName: 'celo' }
    expect(of('asset', { ...ofCelo, token: listed.address })).toBe(`${without}, ${mismatch('warning')}`)
    // mUSD of Mezo, which x402 pays by Permit2 since it has no EIP-3009; and USDC of a chain where nobody has published whether it has.
    expect(of('asset', onChain(31612, '0xdD468A1DDc392dcdbEf6db6e34E89AA338F9F186'))).toBe(without)
    expect(of('asset', onChain(31612, stranger))).toBe(mismatch('warning'))
  })

  it('a transaction that was made for another chain than its token is of', () => {
    const transaction = { to: usdc, chainId: 1 } as const
    const paid = onChain(1, usdc, { call: { ...call, transaction } })
    const { signature } = evidenceOf(pay())
    expect(said(tokenChecks, 'asset', paid, evidenceOf(paid, undefined, { signature }))).toBe('pass')
  })
})

describe('the overload', () => {
  const long = (more: Partial<Payment> = {}): Payment => pay({ bytes: (signature) => `${signature}00` }, more)
  const base = pay().network
  if (base === undefined) throw new TypeError('no network')
  const network = { ...base, usdc: { ...base.usdc, overloads: { vrs: true, bytes: false } } }
  const missing = (party: string): string => `error no-bytes-overload/${party} token`
  const rows: readonly (readonly [string, Payment, string])[] = [
    ['a token with both, 66 bytes', long(), 'pass'],
    ['(v, r, s) only, 65 bytes', pay({}, { network }), 'pass'],
    ['(v, r, s) only, 66 bytes', long({ network }), missing('token')],
    ['(v, r, s) only, 64 bytes', pay({ bytes: (signature) => signature.slice(0, 130) as `0x${string}` }, { network }), 'pass'],
    ['(v, r, s) only, bytes called', pay({}, { network, call: { ...call, overload: 'bytes' } }), missing('facilitator')],
    ['(v, r, s) only, and called', pay({}, { network, call }), 'pass'],
    ['another token', long({ network, token: stranger }), 'pass'],
    ['no network', (({ network: _, ...rest }) => rest)(long()), 'pass'],
  ]
  it.each(rows)('%s', (_name, paid, found) => expect(of('overload', paid)).toBe(found))
})

describe('the amount', () => {
  // A quadrillion whole units of six decimals, and one atomic unit less.
  it.each([
    [10n ** 21n, 'error amount-units-wrong/client authorization.value'],
    [10n ** 21n - 1n, 'pass'],
    [0n, 'pass'],
  ])('%d', (value, found) => expect(of('amount', pay({ says: { value } }))).toBe(found))

  it('of a token whose decimals are only told, or not known', () => {
    const value = 10n ** 30n
    const told = pay({ says: { value } }, { token: stranger, told: { address: stranger, name: 'Mine', version: '1', decimals: 6 } })
    expect(of('amount', told)).toBe('pass')
    const paid = pay({ says: { value } })
    const { expected, ...rest } = signatureOf(paid)
    if (expected === undefined) throw new TypeError('no domain')
    const { units: _, ...withoutUnits } = expected
    expect(of('amount', paid, evidenceOf(paid, undefined, { signature: { ...rest, expected: withoutUnits } }))).toBe('pass')
    expect(of('amount', paid, evidenceOf(paid, undefined, { signature: rest }))).toBe('pass')
  })
})

/**
 * FiatToken v2.2 lists itself when it is set up (initializeV2_1) and refuses the zero address; FiatToken v2 only the latter; Paxos's and OpenZeppelin's
 * ERC-20 refuse the zero address; Tether's refuses its own address as such.
 */
describe('the payee', () => {
  const to = (address: `0x${string}`, family?: TokenFamily, more: Partial<Payment> = {}): Payment =>
    pay({ says: { to: address } }, { ...(family === undefined ? {} : { told: { family } }), ...more })
  const listed = (party: string): string => `error blacklisted/${party} authorization.to`
  const unpayable = (party: string): string => `error payee-not-payable/${party} authorization.to`
  const rows: readonly (readonly [string, Payment, string])[] = [
    ['anybody', pay(), 'pass'],
    ['nobody, the zero address', to(zero), unpayable('client')],
    ['the zero address that the offer asks for', to(zero, undefined, { requirements: { payTo: zero } }), unpayable('server')],
    ['the token itself', to(usdc), listed('client')],
    ['the token itself, which the offer asks for', to(usdc, undefined, { requirements: { payTo: usdc } }), listed('server')],
    ['a token that does not list itself', to(usdc, 'FiatTokenV2'), 'pass'],
    ['the zero address of that one', to(zero, 'FiatTokenV2'), unpayable('client')],
    ['a token that refuses itself as such', to(usdc, 'TetherTokenV2'), unpayable('client')],
    ['the token itself, where nobody knows it', to(stranger, undefined, { token: stranger }), 'skip token-unknown'],
    ['the zero address, where nobody knows the token', to(zero, undefined, { token: stranger }), 'skip token-unknown'],
    ['another token', to(eurc), 'pass'],
    ['the token that is taken, where none is named', (({ token: _, ...rest }) => rest)(to(usdc)), listed('client')],
  ]
  it.each(rows)('%s', (_name, paid, found) => expect(of('payee', paid)).toBe(found))

  it('what its list says on chain is said from there', () => {
    const paid = to(usdc)
    const read = (payeeListed: boolean | null | typeof unread): string =>
      of('payee', paid, evidenceOf(paid, [chain(paid, { payeeListed })]))
    expect([read(true), read(false), read(unread), read(null)]).toEqual(['pass', 'pass', listed('client'), listed('client')])
    const none = to(zero)
    expect(of('payee', none, evidenceOf(none, [chain(none, { payeeListed: false })]))).toBe(unpayable('client'))
  })

  it('tells how it is refused', () => {
    const how = (paid: Payment) => {
      const refusal = refusedPayee(paid, evidenceOf(paid))
      return refusal === undefined ? undefined : { check: refusal.check, zero: refusal.zero, family: refusal.family }
    }
    expect(how(to(zero))).toEqual({ check: 'to-zero', zero: true, family: 'FiatTokenV2_2' })
    expect(how(to(usdc))).toEqual({ check: 'to-blacklisted', zero: false, family: 'FiatTokenV2_2' })
    expect(how(to(usdc, 'TetherTokenV2'))).toEqual({ check: 'to-itself', zero: false, family: 'TetherTokenV2' })
    expect(how(pay())).toBeUndefined()
    expect(how(to(stranger, undefined, { token: stranger }))).toBeUndefined()
  })
})

describe('the form of the nonce', () => {
  const counted = (nonce: `0x${string}`): Payment => pay({ says: { nonce } }, { told: { family: 'ERC20TransferAuthorization' } })
  const never = 'error nonce-out-of-sequence/client authorization.nonce'
  const key = 'cd'.repeat(24)
  it.each([
    ['a random one, of a token that takes any', pay(), 'pass'],
    ['a random one, of a token that counts', counted(`0x${'ab'.repeat(32)}`), never],
    ['the first turn of its key', counted(`0x${key}${'00'.repeat(8)}`), 'pass'],
    ['a later turn', counted(`0x${key}${'00'.repeat(7)}05`), 'pass'],
    ['a token that nobody knows', { ...pay(), token: stranger }, 'pass'],
  ] as const)('%s', (_name, paid, found) => expect(of('nonce-form', paid)).toBe(found))
})
