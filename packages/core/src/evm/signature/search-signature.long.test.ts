import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { createNetworks } from '../../networks/networks.ts'
import type { Payment } from '../payment/payment.ts'
import { readEvmPayment } from '../payment/read.ts'
import { createKernel } from './kernel/create.ts'
import { type DeepSearchOptions, searchSignature } from './search-signature.ts'

// A public test key: nobody's money.
const payer = privateKeyToAccount(`0x${'0'.repeat(63)}7`)
const token = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'

async function paymentOf(value: bigint, name: string): Promise<Payment> {
  const authorization = {
    from: payer.address,
    to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
    value,
    validAfter: 1_790_000_000n,
    validBefore: 1_790_000_600n,
    nonce: `0x${'ac'.repeat(32)}`,
  } as const
  const signature = await payer.signTypedData({
    domain: { name, version: '2', chainId: 8453, verifyingContract: token },
    types: {
      TransferWithAuthorization: [
        { name: 'from', type: 'address' },
        { name: 'to', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'validAfter', type: 'uint256' },
        { name: 'validBefore', type: 'uint256' },
        { name: 'nonce', type: 'bytes32' },
      ],
    },
    primaryType: 'TransferWithAuthorization',
    message: authorization,
  })
  const told = { ...authorization, value: String(value), validAfter: '1790000000', validBefore: '1790000600' }
  return readEvmPayment({ network: 'base', asset: token, authorization: told, signature })
}

/** How often a search told where it stands: never where nothing was searched. */
async function steps(payment: Payment, networks: ReturnType<typeof createNetworks>, options: DeepSearchOptions = {}): Promise<number> {
  let told = 0
  await searchSignature(payment, networks, { depth: 'quick', onProgress: () => told++, ...options })
  return told
}

describe('an answer that was given lately', () => {
  it('is given again, also for the same payment in another form, and is what a search finds', async () => {
    const networks = createNetworks()
    const payment = await paymentOf(10_000n, 'USDC')
    expect(await steps(payment, networks)).toBeGreaterThan(0)
    expect(await steps({ ...payment, form: 'calldata', recognised: 'something else' }, networks)).toBe(0)
    const fresh = await searchSignature(payment, networks, { depth: 'quick', kernel: createKernel() })
    expect(fresh.matches[0]?.domain.name).toBe('USDC')
    expect(await searchSignature(payment, networks, { depth: 'quick' })).toEqual(fresh)
  })

  it('is of one payment, one set of networks and one question', async () => {
    const networks = createNetworks()
    const payment = await paymentOf(10_000n, 'USDC')
    await steps(payment, networks)
    const other = await paymentOf(10_001n, 'Some Coin')
    expect(await steps(other, networks)).toBeGreaterThan(0)
    expect(await steps(payment, createNetworks())).toBeGreaterThan(0)
    for (const options of [
      { only: ['domain-name'] },
      { hints: { names: ['Some Coin'] } },
      { maxHypotheses: 40_000 },
      { depth: 'pairs' },
      { kernel: createKernel() },
      { signal: { aborted: false } },
      { timeLimit: { timeoutMs: 1e9, now: () => 0 } },
    ] as const satisfies readonly DeepSearchOptions[])
      expect(await steps(payment, networks, options), Object.keys(options)[0]).toBeGreaterThan(0)
  })

  it('is not that of a search that was cut, whose tables nobody uses, either', async () => {
    const networks = createNetworks()
    const payment = await paymentOf(10_000n, 'A name that nobody has')
    const signal = { aborted: false }
    const cut = await searchSignature(payment, networks, {
      depth: 'quick',
      signal,
      onProgress: ({ tried }) => {
        signal.aborted = tried > 1000
      },
    })
    expect(cut.ended).toBe('aborted')
    const fresh = await searchSignature(payment, networks, { depth: 'quick', kernel: createKernel() })
    expect(await searchSignature(payment, networks, { depth: 'quick' })).toEqual(fresh)
  })
})
