import { pad } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { readEvmPayment } from '../evm/payment/read.ts'
import { createAuthorization } from './create-authorization.ts'
import { signAuthorization } from './sign-authorization.ts'
import { fromRequirements, toX402V1, toX402V2, type X402Requirements } from './x402.ts'

const account = privateKeyToAccount(pad('0x01'))
const v1 = {
  scheme: 'exact',
  network: 'base',
  maxAmountRequired: '10000',
  resource: 'https://example.com/weather',
  payTo: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  maxTimeoutSeconds: 60,
  asset: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
  extra: { name: 'USD Coin', version: '2' },
} as const
const { maxAmountRequired, resource, ...rest } = v1
const v2 = { ...rest, network: 'eip155:8453', amount: maxAmountRequired } as const

describe('an offer', () => {
  it.each([
    ['v1', v1],
    ['v2', v2],
    ['v1 without extra', { ...v1, extra: undefined }],
    ['v1 with an address in lower case', { ...v1, asset: v1.asset.toLowerCase() }],
  ])('of %s says what to sign', (_name, offer) => {
    expect(createAuthorization({ ...fromRequirements(offer), from: account.address, now: 1_790_000_000n })).toMatchObject({
      network: { id: 'base' },
      domain: { name: 'USD Coin', version: '2', chainId: 8453n, verifyingContract: v1.asset },
      authorization: { to: v1.payTo, value: 10_000n, validBefore: 1_790_000_060n },
    })
  })

  it('for another token is signed under the domain that it names', () => {
    const asset = '0x60a3E35Cc302bFA44Cb288Bc5a4F316Fdb1adb42'
    expect(fromRequirements({ ...v1, asset, extra: { name: 'EURC', version: '2' } }).token).toEqual({
      address: asset,
      name: 'EURC',
      version: '2',
    })
  })

  const refused: readonly (readonly [string, X402Requirements, RegExp])[] = [
    ['of another scheme', { ...v1, scheme: 'upto' }, /scheme is "upto"/],
    ['for an unknown network', { ...v1, network: 'bse' }, /Did you mean base/],
    ['for Solana', { ...v1, network: 'solana' }, /Solana payments are no EIP-3009/],
    ['that names USDC wrongly', { ...v1, extra: { name: 'USDC', version: '2' } }, /"USDC".*hashes "USD Coin".*The server has to correct/],
    ["that has USDC's version wrong", { ...v1, extra: { name: 'USD Coin', version: '1' } }, /version "1".*version "2"/],
    [
      'for a token that it does not describe',
      { ...v1, asset: '0x60a3E35Cc302bFA44Cb288Bc5a4F316Fdb1adb42', extra: {} },
      /under which domain to sign/,
    ],
    ['with an amount in words', { ...v1, maxAmountRequired: '0.01' }, /amount is "0.01"/],
    ['without an amount', { ...v2, amount: undefined as unknown as string }, /amount is undefined/],
    ['with an asset that is no address', { ...v1, asset: 'USDC' }, /the offer's asset is "USDC"/],
  ]
  it.each(refused)('%s is refused', (_name, offer, says) => {
    expect(() => fromRequirements(offer)).toThrow(says)
  })
})

describe('a payload', () => {
  it('of either version is read back as the payment that was signed', async () => {
    const payment = await signAuthorization(account, createAuthorization({ ...fromRequirements(v1), from: account.address }))
    for (const payload of [toX402V1(payment), toX402V2(payment, v2)]) {
      const read = readEvmPayment(JSON.stringify(payload))
      expect(read).toMatchObject({
        authorization: payment.authorization,
        signature: payment.signature,
        network: { id: 'base' },
        findings: [],
      })
      expect(read.x402Version).toBe(payload.x402Version)
    }
    expect(toX402V2(payment, v2).accepted).toBe(v2)
  })
})
