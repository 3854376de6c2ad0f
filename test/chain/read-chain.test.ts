import { builtInNetworks, diagnose, type EvmPayment, examineSignature } from '@eip3009/core'
import { type ChainAnswer, type ChainQuestion, type ChainSource, type ChainState, chainReader } from '@eip3009/core/chain'
import { JsonRpcProvider } from 'ethers'
import * as fc from 'fast-check'
import { createPublicClient, type Hex, http, pad } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Call, forward, type Reply, type RpcServer, startRpcServer } from '../rpc-server.ts'
import { base, domain, now, openWorld, payer, payment, relayer, settle, stranger, type World } from './chain-world.ts'
import { untrueRpc } from './untrue-rpc.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

function question(paid: EvmPayment, more: Partial<ChainQuestion> = {}): ChainQuestion {
  const { digest } = examineSignature(paid, builtInNetworks)
  return { payment: paid, token: base.usdc.address, chainId: 8453, ...(digest === undefined ? {} : { digest }), ...more }
}

function state(answer: ChainAnswer): ChainState {
  if (answer.kind !== 'read') throw new TypeError(`the answer is ${answer.kind}`)
  return answer
}

/** An EIP-1193 provider's method: it rejects with the node's message, code and data. */
function requestOf(url: string) {
  return async ({ method, params = [] }: { method: string; params?: readonly unknown[] }): Promise<unknown> => {
    const reply = await forward(url, { jsonrpc: '2.0', id: 1, method, params })
    const { result, error } = JSON.parse(String((reply as { body: unknown }).body)) as { result?: unknown; error?: { message: string } }
    if (error !== undefined) throw Object.assign(new TypeError(error.message), error)
    return result
  }
}

describe('clients', () => {
  it('all give the same answer: a URL, viem, ethers and an EIP-1193 provider', async () => {
    const ethers = new JsonRpcProvider(world.url, 8453, { staticNetwork: true })
    const sources: readonly ChainSource[] = [
      world.url,
      new URL(world.url),
      createPublicClient({ transport: http(world.url, { retryCount: 0 }), cacheTime: 0 }),
      ethers,
      { request: requestOf(world.url) },
    ]
    const used = await payment({ nonce: pad('0xdd') })
    await world.send(relayer, base.usdc.address, settle(used))
    const questions: readonly ChainQuestion[] = [
      question(await payment(), { facilitator: relayer }),
      question(used),
      question(await payment({ from: stranger.address, signer: stranger })),
      question(await payment({ domain: { ...domain, name: 'USDC' } }), { trace: true }),
      question(await payment(), { block: 5n }),
      question(await payment(), { at: now }),
    ]
    for (const [index, asked] of questions.entries()) {
      const answers = await Promise.all(sources.map((source) => chainReader(source).read(asked)))
      const [first] = answers
      expect(first).toMatchObject({ kind: 'read', chainId: 8453, simulated: { atBlock: { known: true } } })
      for (const answer of answers) expect([index, { ...answer, source: '' }]).toEqual([index, { ...first, source: '' }])
    }
    expect(await Promise.all(sources.map((source) => chainReader(source).chainId?.()))).toEqual(
      sources.map(() => ({ known: true, value: 8453 })),
    )
    ethers.destroy()
  })
})

describe('how final a chain is', () => {
  it('is what it calls safe and finalized, and unknown alone where a node does not know the words', async () => {
    const headOf = async (tag: string): Promise<object> => {
      const { number, timestamp } = (await world.request('eth_getBlockByNumber', tag, false)) as Record<'number' | 'timestamp', Hex>
      return { number: BigInt(number), time: BigInt(timestamp) }
    }
    const paid = await payment()
    const { finality, block } = state(await chainReader(world.url).read(question(paid)))
    expect(finality).toEqual({
      safe: { known: true, value: await headOf('safe') },
      finalized: { known: true, value: await headOf('finalized') },
    })
    await using server = await untrueRpc(world.url, ({ params: [tag] }) =>
      tag === 'safe' || tag === 'finalized' ? { error: { code: -32602, message: 'invalid block tag' } } : undefined,
    )
    const old = state(await chainReader(server.url).read(question(paid)))
    const unread = { known: false, reason: expect.stringContaining('invalid block tag') }
    expect(old).toMatchObject({ block, finality: { safe: unread, finalized: unread }, nonce: { usedNow: { known: true, value: false } } })
  })
})

describe('round trips', () => {
  const count = async (run: (server: RpcServer) => Promise<unknown>): Promise<number> => {
    await using server = await startRpcServer((body) => forward(world.url, body))
    await run(server)
    return server.requests.length
  }

  it('are three for an unused nonce, also at a block that is given and for a payer who is delegated', async () => {
    const paid = await payment()
    expect(await count(({ url }) => chainReader(url).read(question(paid)))).toBe(3)
    expect(await count(({ url }) => chainReader(url).read(question(paid, { facilitator: relayer })))).toBe(3)
    expect(await count(({ url }) => chainReader(url).read(question(paid, { block: 4n })))).toBe(3)
    await world.setCode(payer.address, `0xef0100${'0'.repeat(38)}d1`)
    expect(await count(({ url }) => chainReader(url).read(question(paid)))).toBe(3)
    await world.setCode(payer.address, '0x')
  })
})

describe('a block by its time', () => {
  /** A chain that only has headers, with blocks at uneven times; the first `pruned` of them are gone. */
  function headers(times: (number: number) => number, last: number, pruned = 0): (body: unknown) => Reply {
    const one = ({ id, method, params }: Call): object => {
      if (method === 'eth_chainId') return { jsonrpc: '2.0', id, result: '0x2105' }
      if (method !== 'eth_getBlockByNumber') return { jsonrpc: '2.0', id, result: `0x${'0'.repeat(64)}` }
      const number = params[0] === 'latest' ? last : Number(params[0])
      if (number > last || number < pruned) return { jsonrpc: '2.0', id, result: null }
      const hex = (value: number): string => `0x${value.toString(16)}`
      return { jsonrpc: '2.0', id, result: { number: hex(number), hash: pad(hex(number) as `0x${string}`), timestamp: hex(times(number)) } }
    }
    return (body) => ({ body: Array.isArray(body) ? body.map((call: Call) => one(call)) : one(body as Call) })
  }

  const even = (number: number): number => 1_686_789_347 + 2 * number
  /** Slow at first, then fast: an even pace is the wrong guess everywhere. */
  const bent = (number: number): number => 1_600_000_000 + Math.floor(number ** 0.5 * 1000) + number

  it.each([
    ['an even chain', even, 40_000_000],
    ['an uneven chain', bent, 40_000_000],
    ['a chain of one block', even, 0],
    ['a chain of three blocks', bent, 2],
  ] as const)('is found on %s, exactly, in a few round trips', async (_name, times, last) => {
    const paid = await payment()
    for (const number of [0, 1, 2, 12_345, 20_000_000, last - 1, last].filter((each) => each >= 0 && each <= last)) {
      await using server = await startRpcServer(headers(times, last))
      const next = number === last ? times(last) + 10 : times(number + 1) - 1
      for (const at of [times(number), next].filter((each) => each >= times(number))) {
        const answer = state(await chainReader(server.url).read(question(paid, { at: BigInt(at) })))
        expect([answer.block.number, answer.instead]).toEqual([BigInt(number), undefined])
      }
      expect(server.requests.length).toBeLessThanOrEqual(2 * 16)
    }
  })

  it('is not found before the chain began, or where the node has forgotten it: the newest is read, and says so', async () => {
    await using young = await startRpcServer(headers(even, 1000))
    const early = state(await chainReader(young.url).read(question(await payment(), { at: 1n })))
    expect([early.block.number, early.instead]).toEqual([
      1000n,
      'the block that was asked about was not found: the chain has no block of that time',
    ])
    await using pruned = await startRpcServer(headers(even, 100_000, 90_000))
    const gone = state(await chainReader(pruned.url).read(question(await payment(), { at: BigInt(even(50)) })))
    expect(gone.instead).toContain('its first one is 90000')
    const kept = state(await chainReader(pruned.url).read(question(await payment(), { at: BigInt(even(95_001)) })))
    expect(kept.block.number).toBe(95_001n)
  })

  it('that does not exist yet is said to be so', async () => {
    const answer = state(await chainReader(world.url).read(question(await payment(), { block: 10n ** 9n })))
    expect(answer.instead).toContain('it has no block 1000000000; its newest one is')
  })
})

describe('whatever a node answers', () => {
  const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), maxLength: 140 }).map((digits) => `0x${digits}`)
  const word = fc.bigInt({ min: 0n, max: 3n }).map((value) => pad(`0x${value.toString(16)}`))
  const header = fc.record({ number: hex, hash: fc.constant(pad('0x1')), timestamp: hex })
  const log = fc.record({
    address: hex,
    topics: fc.array(hex, { maxLength: 4 }),
    data: hex,
    transactionHash: hex,
    blockNumber: hex,
    blockHash: fc.constant(pad('0x1')),
  })
  const answer = fc.oneof(fc.jsonValue(), hex, word, header, fc.array(log, { maxLength: 2 }), fc.constant(new Error('no')))

  it('is read or reported, and never thrown', async () => {
    const paid = await payment()
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 40 }), fc.boolean(), async (answers, honest) => {
        let next = 0
        const request = async ({ method }: { method: string }): Promise<unknown> => {
          if (method === 'eth_chainId') return '0x2105'
          if (honest && method === 'eth_getBlockByNumber') return { number: '0x64', hash: pad('0x1'), timestamp: `0x${now.toString(16)}` }
          const value = answers[next++ % answers.length]
          if (value instanceof Error) throw value
          return value
        }
        const diagnosis = await diagnose(paid, { now, chains: [chainReader({ request })] })
        expect(['settles', 'fails', 'inconclusive']).toContain(diagnosis.verdict)
        expect(JSON.parse(JSON.stringify(diagnosis))).toEqual(diagnosis)
      }),
      { numRuns: 150 },
    )
  })
})
