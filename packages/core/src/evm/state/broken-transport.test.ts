import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { base } from '../../networks/base.ts'
import { chainClient, type RpcAnswer } from '../../rpc/chain-client.ts'
import { diagnose } from '../diagnosis/diagnose.ts'
import type { ChainReader } from '../evidence/chain.ts'
import type { Payment } from '../payment/payment.ts'
import { openDoor } from '../world/read-only-door.ts'
import type { ChainSource } from './connect-chain.ts'
import { chainReader } from './read-chain.ts'

// A public test key (the number 1): nobody's money.
const account = privateKeyToAccount('0x0000000000000000000000000000000000000000000000000000000000000001')
const now = 1_790_000_000n
const authorization = {
  from: account.address,
  to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  value: 10_000n,
  validAfter: now - 600n,
  validBefore: now + 300n,
  nonce: `0x${'ab'.repeat(32)}`,
} as const
const signature = await account.signTypedData({
  domain: { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: base.usdc.address },
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
const payment: Payment = {
  family: 'evm',
  rail: 'x402-exact',
  form: 'x402-payment-payload',
  recognised: 'a test payment',
  networkName: 'base',
  network: base,
  chainId: 8453,
  token: base.usdc.address,
  primaryType: 'TransferWithAuthorization',
  authorization,
  signature,
  payerClaims: [],
  findings: [],
}

/** Everything that a function which should return a promise can do instead. */
const faults: readonly (readonly [string, () => unknown, string])[] = [
  [
    'throws before it returns',
    () => {
      throw new TypeError('Invalid URL')
    },
    'the call failed ("Invalid URL")',
  ],
  ['rejects', () => Promise.reject(new Error('socket hang up')), 'the call failed ("socket hang up")'],
  ['rejects with text', () => Promise.reject('out of order'), 'the call failed ("out of order")'],
  ['rejects with nothing', () => Promise.reject(undefined), 'the call failed, and nothing says why'],
  ['rejects with an object without a prototype', () => Promise.reject(Object.create(null)), 'the call failed, and nothing says why'],
  [
    'throws a symbol',
    () => {
      throw Symbol('no')
    },
    'the call failed, and nothing says why',
  ],
  [
    'says a URL with a key in it',
    () => Promise.reject(new Error('no route to https://rpc.example/v2/S3cretKey1 today\nand so on')),
    'the call failed ("no route to https://rpc.example/v2/… today")',
  ],
]

describe('a transport of many calls', () => {
  const calls = [
    { method: 'eth_chainId', params: [] },
    { method: 'eth_blockNumber', params: [] },
  ]
  it.each(faults)('that %s gives each call a failure of its own', async (_name, fault, reason) => {
    const client = chainClient('a test', fault as never)
    expect(await client.batch(calls)).toEqual(calls.map(() => ({ kind: 'failed', reason })))
    await expect(client.request('eth_chainId')).rejects.toMatchObject({ code: 'rpc-unavailable', answer: { kind: 'failed', reason } })
  })

  const known: RpcAnswer = { kind: 'result', value: '0x1' }
  it.each<readonly [string, unknown, readonly boolean[]]>([
    ['nothing', undefined, [false, false]],
    ['no list', { kind: 'result' }, [false, false]],
    ['too few', [known], [true, false]],
    ['too many', [known, known, known], [true, true]],
    ['something that is no answer', [known, '0x1'], [true, false]],
    ['a failure without a reason', [{ kind: 'failed' }, known], [false, true]],
    ['a refusal without words', [{ kind: 'refused', message: 7 }, known], [false, true]],
  ])('that answers %s is believed as far as it answers', async (_name, answers, believed) => {
    const got = await chainClient('a test', async () => answers as never).batch(calls)
    expect(got).toEqual(believed.map((yes) => (yes ? known : { kind: 'failed', reason: 'it left out the answer' })))
  })
})

describe('a diagnosis ends, whatever a caller has for an RPC, and nobody has to catch anything', () => {
  /** Each kind of thing that a caller can give, which does `fault` when it is asked. */
  const sources: readonly (readonly [string, (fault: () => unknown) => ChainSource])[] = [
    ['an EIP-1193 provider', (fault) => ({ request: fault }) as never],
    ['an ethers provider', (fault) => ({ send: fault }) as never],
    ['a client of ours over its own transport', (fault) => chainClient('a client', fault as never)],
    ['a client that somebody wrote', (fault) => ({ kind: 'chain-client', description: 'a client', request: fault, batch: fault }) as never],
  ]
  for (const [kind, source] of sources) {
    it.each(faults)(`${kind} that %s`, async (_name, fault, reason) => {
      const { verdict, chain } = await diagnose(payment, { now, chains: [chainReader(source(fault))] })
      expect(chain).toMatchObject([{ kind: 'unreachable', says: reason }])
      expect(verdict).toBe('inconclusive')
    })

    it(`${kind} that never answers is not waited for when the time is up`, async () => {
      const { chain } = await diagnose(payment, {
        now,
        chains: [
          chainReader(
            source(() => new Promise(() => undefined)),
            { timeout: 20 },
          ),
        ],
      })
      expect(chain).toMatchObject([{ kind: 'unreachable', says: 'it took more than 20 ms in all' }])
    })
  }

  it.each(faults)('a fetch that %s', async (_name, fault) => {
    const reader = chainReader('http://rpc.example', { fetch: fault as never })
    const { chain } = await diagnose(payment, { now, chains: [reader] })
    expect(chain).toMatchObject([{ kind: 'unreachable' }])
    expect(JSON.stringify(chain)).not.toContain('S3cretKey1')
  })

  it('a fetch that answers with something else than a response', async () => {
    for (const response of [undefined, null, {}, { status: 200 }, { status: 200, body: null }, { status: 302, body: null }]) {
      const reader = chainReader('http://rpc.example', { fetch: async () => response as never, retries: 0 })
      expect((await diagnose(payment, { now, chains: [reader] })).chain).toMatchObject([{ kind: 'unreachable' }])
    }
  })

  it.each(faults)('a reader that %s, asked for its chain and for the payment', async (_name, fault, reason) => {
    const reader = { source: 'a reader', chainId: fault, read: fault } as unknown as ChainReader
    expect((await diagnose(payment, { now, chains: [reader] })).chain).toMatchObject([
      { kind: 'unreachable', source: 'a reader', says: reason },
    ])
    // Only for a payment that fits no token that is known is a reader asked which chain it is of.
    const { network: _, networkName: __, chainId: ___, ...unplaced } = { ...payment, authorization: { ...authorization, value: 1n } }
    expect(await diagnose(unplaced, { now, chains: [reader] })).not.toMatchObject({ verdict: 'settles' })
  })
})

it('the door to a chain that is forked answers too, where a caller has a client for values that JSON can not hold', async () => {
  const door = await openDoor(chainClient('a client', async (calls) => calls.map(() => ({ kind: 'result', value: 1n }))))
  try {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] })
    expect((await fetch(door.url, { method: 'POST', body })).status).toBe(502)
  } finally {
    await door.close()
  }
})
