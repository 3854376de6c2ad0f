import { diagnose, type EvmDiagnoseOptions, type EvmDiagnosis } from '@eip3009/core'
import { type ChainReaderOptions, chainReader } from '@eip3009/core/chain'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answering, type Call, forward, type Reply, type RpcServer, startRpcServer } from '../rpc-server.ts'
import { base, now, openWorld, payer, payment, relayer, settle, stranger, type World } from './chain-world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const good = (): ReturnType<typeof payment> => payment()
/** The payer has nothing: whoever says that this settles is wrong. */
const poor = (): ReturnType<typeof payment> => payment({ from: stranger.address, signer: stranger })

async function through(
  reply: (body: unknown, request: number) => Reply | Promise<Reply>,
  paid: Awaited<ReturnType<typeof payment>>,
  { timeout = 600_000, retries = 1, ...more }: ChainReaderOptions & Partial<EvmDiagnoseOptions> = {},
): Promise<{ diagnosis: EvmDiagnosis; server: RpcServer }> {
  await using server = await startRpcServer(reply)
  const { at, block, facilitator } = more
  const diagnosis = await diagnose(paid, {
    now,
    chains: [chainReader(server.url, { timeout, retries })],
    ...(at === undefined ? {} : { at }),
    ...(block === undefined ? {} : { block }),
    ...(facilitator === undefined ? {} : { facilitator }),
  })
  return { diagnosis, server }
}

const causes = (diagnosis: EvmDiagnosis): string[] => diagnosis.findings.map(({ cause }) => cause)

/** A reply that answers some calls by itself, and passes all others on. */
function except(own: (call: Call) => object | undefined): (body: unknown) => Promise<Reply> {
  return async (body) => {
    const calls = [body as Call | Call[]].flat()
    const results = await Promise.all(
      calls.map(async (call) => {
        const answer = own(call)
        if (answer !== undefined) return { jsonrpc: '2.0', id: call.id, ...answer }
        const reply = await forward(world.url, call)
        return typeof reply === 'string' ? {} : JSON.parse(String(reply.body))
      }),
    )
    return { body: Array.isArray(body) ? results : results[0] }
  }
}

describe('an RPC that does not answer at all ends inconclusive, and says why', () => {
  const faults: readonly (readonly [string, (body: unknown) => Reply | Promise<Reply>, RegExp])[] = [
    ['hangs', () => 'hang', /200 ms/],
    ['hangs up', () => 'hang up', /broke off the connection/],
    [
      'is rate-limited and asks for patience',
      () => ({ status: 429, headers: { 'retry-after': '3600' }, body: {} }),
      /limits the rate.*3600 s/,
    ],
    ['is rate-limited and stays so', () => ({ status: 429, headers: { 'retry-after': '0' }, body: {} }), /limits the rate/],
    ['is down', () => ({ status: 502, body: 'bad gateway' }), /HTTP 502/],
    ['has an internal error', () => ({ status: 500, body: '' }), /HTTP 500/],
    [
      'is a web page',
      () => ({ headers: { 'content-type': 'text/html' }, body: '<html><title>Just a moment...</title></html>' }),
      /HTML page/,
    ],
    ['breaks off its JSON', () => ({ body: '[{"jsonrpc":"2.0","id":0,"resu' }), /breaks off/],
    ['answers something else', () => ({ body: { hello: 'world' } }), /no answer of JSON-RPC/],
    [
      'refuses everything',
      (body) => answering(body, () => ({ error: { code: -32005, message: 'daily limit reached' } })),
      /daily limit reached/,
    ],
  ]
  it.each(faults)('%s', async (name, reply, says) => {
    for (const paid of [await good(), await poor()]) {
      const { diagnosis } = await through(reply, paid, name === 'hangs' ? { timeout: 200 } : {})
      expect(diagnosis).toMatchObject({ verdict: 'inconclusive', cause: 'rpc-fault', party: 'rpc', retry: { action: 'unknown' } })
      expect(diagnosis.headline).toMatch(says)
      expect(diagnosis.assumes).toEqual([])
      expect(diagnosis.skipped.map(({ id }) => id)).toContain('balance')
    }
  })

  it.each([
    ['hangs up', 'hang up', /broke off the connection/],
    ['hangs', 'hang', /200 ms/],
  ] as const)('%s after the first answer', async (_name, reply, says) => {
    for (const paid of [await good(), await poor()]) {
      // Only what never comes is waited for until the time is up: an honest answer may take as long as the machine wants.
      const patience = reply === 'hang' ? { timeout: 200 } : {}
      const { diagnosis } = await through((body, request) => (request === 1 ? forward(world.url, body) : reply), paid, patience)
      expect(diagnosis).toMatchObject({ verdict: 'inconclusive', cause: 'rpc-fault', party: 'rpc', retry: { action: 'unknown' } })
      expect(diagnosis.headline).toMatch(says)
    }
  })

  it('still tells what the payload alone shows', async () => {
    const wrong = await payment({ domain: { name: 'USDC', version: '2', chainId: 8453, verifyingContract: base.usdc.address } })
    const { diagnosis } = await through(() => 'hang up', wrong)
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'domain-name-mismatch' })
    expect(causes(diagnosis)).toContain('rpc-fault')
  })
})

it('another chain is not believed', async () => {
  const reply = except(({ method }) => (method === 'eth_chainId' ? { result: '0x14a34' } : undefined))
  for (const paid of [await good(), await poor()]) {
    const { diagnosis, server } = await through(reply, paid)
    expect(diagnosis).toMatchObject({ verdict: 'inconclusive', cause: 'rpc-wrong-chain', party: 'rpc' })
    expect(diagnosis.headline).toContain('is of chain 84532, not 8453')
    expect(server.requests).toHaveLength(1)
  }
})

describe('an RPC that gets over it ends in the true diagnosis', () => {
  const recovering: readonly (readonly [string, (body: unknown, request: number) => Reply | Promise<Reply>])[] = [
    [
      'slow',
      async (body) => {
        for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
        return forward(world.url, body)
      },
    ],
    [
      '429 once',
      (body, request) => (request === 1 ? { status: 429, headers: { 'retry-after': '0' }, body: {} } : forward(world.url, body)),
    ],
    [
      '503 with Retry-After once',
      (body, request) => (request === 2 ? { status: 503, headers: { 'retry-after': '0' }, body: {} } : forward(world.url, body)),
    ],
    ['a connection that is dropped once', (body, request) => (request === 2 ? 'hang up' : forward(world.url, body))],
    [
      'no batches',
      (body) =>
        Array.isArray(body)
          ? { status: 400, body: { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'batches are not supported' } } }
          : forward(world.url, body),
    ],
    [
      'a batch that leaves answers out',
      async (body) => {
        const reply = await forward(world.url, body)
        if (!Array.isArray(body) || typeof reply === 'string') return reply
        return { body: (JSON.parse(String(reply.body)) as unknown[]).filter((_, index) => index % 3 !== 2) }
      },
    ],
    [
      'a batch in another order',
      async (body) => {
        const reply = await forward(world.url, body)
        if (!Array.isArray(body) || typeof reply === 'string') return reply
        return { body: (JSON.parse(String(reply.body)) as unknown[]).reverse() }
      },
    ],
    [
      'no pending block',
      except(({ params }) => (params.includes('pending') ? { error: { code: -32000, message: 'unknown block' } } : undefined)),
    ],
  ]
  it.each(recovering)('%s', async (_name, reply) => {
    expect((await through(reply, await good())).diagnosis).toMatchObject({ verdict: 'settles', proof: 'proven' })
    expect((await through(reply, await poor())).diagnosis).toMatchObject({ verdict: 'fails', cause: 'insufficient-balance' })
  })
})

describe('an RPC that leaves something out', () => {
  const missing = (name: string) =>
    except(({ method }) => (method === name ? { error: { code: -32601, message: 'method not found' } } : undefined))

  it('eth_call: nothing of the token is known, and nothing is claimed', async () => {
    for (const paid of [await good(), await poor()]) {
      const { diagnosis } = await through(missing('eth_call'), paid)
      expect(diagnosis).toMatchObject({ verdict: 'inconclusive', cause: 'rpc-fault' })
      expect(diagnosis.headline).toContain('method not found')
    }
  })

  it('eth_getCode: the simulated transfer still tells', async () => {
    expect((await through(missing('eth_getCode'), await good())).diagnosis).toMatchObject({ verdict: 'inconclusive', cause: 'rpc-fault' })
    expect((await through(missing('eth_getCode'), await poor())).diagnosis).toMatchObject({
      verdict: 'fails',
      cause: 'insufficient-balance',
    })
  })

  it('a balance: a simulated transfer that is refused is never called settling', async () => {
    const reply = except(({ method, params }) =>
      method === 'eth_call' && JSON.stringify(params).includes('0x70a08231')
        ? { error: { code: -32603, message: 'internal error' } }
        : undefined,
    )
    expect((await through(reply, await good())).diagnosis).toMatchObject({ verdict: 'settles' })
    const { diagnosis } = await through(reply, await poor())
    expect(diagnosis.verdict).toBe('inconclusive')
    expect(diagnosis.headline).toContain('ERC20: transfer amount exceeds balance')
  })
})

describe('a nonce that is used', () => {
  let chain: World
  let paid: Awaited<ReturnType<typeof payment>>
  let hash: string
  beforeAll(async () => {
    chain = await openWorld()
    paid = await payment()
    hash = await chain.send(relayer, base.usdc.address, settle(paid))
    // Enough blocks for ranges to be too long.
    await chain.request('anvil_mine', '0x28', '0x1')
  })
  afterAll(() => chain[Symbol.asyncDispose]())

  const passing =
    (own: (call: Call) => object | undefined) =>
    async (body: unknown): Promise<Reply> => {
      const calls = [body as Call | Call[]].flat()
      const results = await Promise.all(
        calls.map(async (call) => {
          const answer = own(call)
          if (answer !== undefined) return { jsonrpc: '2.0', id: call.id, ...answer }
          const reply = await forward(chain.url, call)
          return typeof reply === 'string' ? {} : JSON.parse(String(reply.body))
        }),
      )
      return { body: Array.isArray(body) ? results : results[0] }
    }

  it('is found by halving what the provider refuses', async () => {
    const reply = passing(({ method, params }) => {
      const [filter] = params as readonly [{ fromBlock: string; toBlock: string }]
      if (method !== 'eth_getLogs' || Number(filter.toBlock) - Number(filter.fromBlock) < 4) return undefined
      return { error: { code: -32005, message: 'query exceeds max block range 4' } }
    })
    const { diagnosis } = await through(reply, paid)
    expect(diagnosis).toMatchObject({
      cause: 'authorization-used',
      money: { state: 'moved' },
      settlement: { transaction: hash, sender: relayer },
    })
  })

  it('without logs: used or canceled, and nothing is made up', async () => {
    for (const error of [
      { code: -32601, message: 'the method eth_getLogs does not exist' },
      { code: -32005, message: 'query exceeds max block range 0' },
    ]) {
      const { diagnosis } = await through(
        passing(({ method }) => (method === 'eth_getLogs' ? { error } : undefined)),
        paid,
      )
      expect(diagnosis).toMatchObject({ verdict: 'inconclusive', money: { state: 'unknown' }, settlement: null })
      expect(diagnosis.headline).toContain('used or canceled')
      expect(diagnosis.headline).toContain(error.message)
    }
  })

  it('on a node without old state: what is used stays used, and the rest is said to be of now', async () => {
    const reply = passing(({ method, params }) =>
      /eth_call|eth_getCode|eth_getBalance|eth_getStorageAt/.test(method) && Number(params.at(-1)) < 40
        ? { error: { code: -32000, message: 'missing trie node' } }
        : undefined,
    )
    const { diagnosis } = await through(reply, paid, { at: now - 1n })
    expect(diagnosis).toMatchObject({ cause: 'authorization-used', money: { state: 'moved' } })
    expect(diagnosis.findings.find(({ cause }) => cause === 'rpc-fault')?.summary).toContain('missing trie node')
  })
})

it('a node without old state: what it has now proves nothing about then', async () => {
  await using old = await openWorld()
  await old.mine(now + 100n)
  const reply = async (body: unknown): Promise<Reply> => {
    const calls = [body as Call | Call[]].flat()
    const newest = (await old.request('eth_blockNumber')) as string
    const results = await Promise.all(
      calls.map(async (call) => {
        const tag = call.params.at(-1)
        if (/eth_call|eth_getCode|eth_getBalance|eth_getStorageAt/.test(call.method) && tag !== newest && tag !== 'pending')
          return { jsonrpc: '2.0', id: call.id, error: { code: -32000, message: 'missing trie node' } }
        const answer = await forward(old.url, call)
        return typeof answer === 'string' ? {} : JSON.parse(String(answer.body))
      }),
    )
    return { body: Array.isArray(body) ? results : results[0] }
  }
  for (const paid of [await good(), await poor()]) {
    const { diagnosis } = await through(reply, paid, { at: now + 50n })
    expect(diagnosis).toMatchObject({ verdict: 'inconclusive', cause: 'rpc-fault' })
    expect(diagnosis.headline).toContain('missing trie node')
  }
})

it('a node that stands still is not believed about now', async () => {
  const { diagnosis } = await through((body) => forward(world.url, body), await good(), { at: now + 250n })
  expect(diagnosis).toMatchObject({ verdict: 'inconclusive', cause: 'rpc-lagging' })
  expect(diagnosis.findings[0]?.summary).toContain('before the moment that counts')
})

it('two RPCs that disagree: a finding, and nothing is claimed', async () => {
  const rich = except(({ method, params }) =>
    method === 'eth_call' && JSON.stringify(params).includes('0x70a08231') ? { result: `0x${'f'.padStart(64, '0')}` } : undefined,
  )
  await using server = await startRpcServer(rich)
  const diagnosis = await diagnose(await good(), { now, chains: [chainReader(world.url), chainReader(server.url)] })
  expect(diagnosis).toMatchObject({ verdict: 'inconclusive', cause: 'rpc-fault' })
  expect(diagnosis.headline).toContain("whether the payer's balance is enough")
})

it('one dead RPC of two does not matter, and is named', async () => {
  await using server = await startRpcServer(() => 'hang up')
  const diagnosis = await diagnose(await good(), { now, chains: [chainReader(server.url), chainReader(world.url)] })
  expect(diagnosis).toMatchObject({ verdict: 'settles', chain: [{ kind: 'unreachable' }, { kind: 'read' }] })
  expect(causes(diagnosis)).toEqual(['rpc-fault'])
})

it('an eth_call that succeeds outweighs what was computed', async () => {
  const wrong = { ...(await good()), signature: (await payment({ signer: stranger })).signature }
  const lying = except(({ method, params }) =>
    method === 'eth_call' && JSON.stringify(params).includes('0xe3ee160e') ? { result: '0x' } : undefined,
  )
  const { diagnosis } = await through(lying, wrong)
  expect(diagnosis).toMatchObject({ verdict: 'inconclusive', proof: null, retry: { action: 'unknown' }, money: { state: 'unknown' } })
  expect(diagnosis.contradictions.map(({ id }) => id)).toContain('finding-and-simulation')
})

it('a pending block that refuses falsely is named', async () => {
  const reply = except(({ params }) =>
    params.includes('pending') && JSON.stringify(params).includes('0xe3ee160e')
      ? {
          error: {
            code: 3,
            message: 'execution reverted: FiatTokenV2: invalid signature',
            data: revertData('FiatTokenV2: invalid signature'),
          },
        }
      : undefined,
  )
  const { diagnosis } = await through(reply, await good())
  expect(diagnosis.verdict).toBe('settles')
  expect(diagnosis.findings).toMatchObject([{ cause: 'pending-block-estimate', party: 'rpc', seen: 'FiatTokenV2: invalid signature' }])
})

/** Error(string), by hand. */
function revertData(text: string): string {
  const hex = Buffer.from(text).toString('hex')
  return `0x08c379a0${'20'.padStart(64, '0')}${text.length.toString(16).padStart(64, '0')}${hex.padEnd(64 * Math.ceil(hex.length / 64), '0')}`
}

it("keys in an RPC's URL are never printed", async () => {
  await using server = await startRpcServer(() => 'hang up')
  const diagnosis = await diagnose(await good(), { now, chains: [chainReader(`${server.url}/v2/S3cretKey123?apikey=An0therKey`)] })
  expect(JSON.stringify(diagnosis)).not.toMatch(/S3cretKey123|An0therKey/)
  expect(payer.address).toBe((await good()).authorization.from)
})
