import type { EvmDiagnosis } from '@eip3009/core'
import { type Address, encodeFunctionData, type Hex, parseAbi } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  base,
  domain,
  now,
  openWorld,
  payee,
  payer,
  payment,
  relayer,
  settle,
  stranger,
  tokenAbi,
  type World,
} from '../chain/chain-world.ts'
import { run } from '../fake-console.ts'
import { answering, type Call, forward, startRpcServer } from '../rpc-server.ts'
import { mineAnyway } from './fail.ts'

const delegate: Address = '0x00000000000000000000000000000000000000d1'
/** `isValidSignature` that answers 0xffffffff to everything. */
const refuses = '0x63ffffffff60e01b60005260206000f3'
const wrongName = { domain: { ...domain, name: 'USDC' } }

let world: World
let snapshot: unknown
beforeAll(async () => {
  world = await openWorld()
})
beforeEach(async () => {
  if (snapshot !== undefined) await world.request('evm_revert', snapshot)
  snapshot = await world.request('evm_snapshot')
})
afterAll(() => world[Symbol.asyncDispose]())

async function bodyOf(changes: Parameters<typeof payment>[0] = {}): Promise<string> {
  const { authorization, signature } = await payment(changes)
  const members = Object.fromEntries(Object.entries(authorization).map(([name, value]) => [name, String(value)]))
  return JSON.stringify({ x402Version: 1, scheme: 'exact', network: 'base', payload: { signature, authorization: members } })
}

/** What the token itself says now, asked as a facilitator asks. */
async function tokenSays(changes: Parameters<typeof payment>[0] = {}): Promise<string> {
  const call = { from: relayer, to: base.usdc.address, data: settle(await payment(changes)) }
  return world.request('eth_call', call, 'latest').then(
    () => 'settles',
    (error: Error) => error.message,
  )
}

const spend = async (): Promise<Hex> => {
  const abi = parseAbi(['function transfer(address to, uint256 value) returns (bool)'])
  return world.send(
    payer.address,
    base.usdc.address,
    encodeFunctionData({ abi, functionName: 'transfer', args: [stranger.address, 999_000n] }),
  )
}

interface Trouble {
  readonly make: () => Promise<unknown>
  readonly changes?: Parameters<typeof payment>[0]
}

/** Each with its cause and the token's own words. */
const troubles: readonly (readonly [string, string, string, Trouble])[] = [
  ['too little money', 'insufficient-balance', 'transfer amount exceeds balance', { make: spend }],
  [
    'a listed payee',
    'blacklisted',
    'account is blacklisted',
    { make: () => world.asRole('blacklister', encodeFunctionData({ abi: tokenAbi, functionName: 'blacklist', args: [payee] })) },
  ],
  [
    'a paused token',
    'paused',
    'Pausable: paused',
    { make: () => world.asRole('pauser', encodeFunctionData({ abi: tokenAbi, functionName: 'pause' })) },
  ],
  [
    'a delegated payer',
    'eip7702-payer',
    'invalid signature',
    {
      make: async () => {
        await world.setCode(delegate, refuses)
        await world.setCode(payer.address, `0xef0100${delegate.slice(2)}`)
      },
    },
  ],
  [
    'a used nonce',
    'authorization-used',
    'authorization is used or canceled',
    { make: async () => world.send(relayer, base.usdc.address, settle(await payment())) },
  ],
  ['another name', 'domain-name-mismatch', 'invalid signature', { make: async () => undefined, changes: wrongName }],
]

const answer = ({ verdict, cause, party, proof, money, retry, fix, contradictions }: EvmDiagnosis): object => ({
  verdict,
  cause,
  party,
  proof,
  money,
  retry,
  fix,
  contradictions,
})

describe('diagnose --rpc-url replays on a fork, and says what replay says', () => {
  it.each(troubles)('%s', async (_name, cause, revert, { make, changes }) => {
    await make()
    expect(await tokenSays(changes)).toContain(revert)
    const input = await bodyOf(changes)
    const options = ['--rpc-url', world.url, '--at', String(now + 20n), '--facilitator-address', relayer, '--json']
    const [short, long] = [await run(['diagnose', input, ...options]), await run(['replay', input, ...options])]
    expect([short.err, long.err]).toEqual(['', ''])
    const [diagnosis, replay] = [JSON.parse(short.out), JSON.parse(long.out)]
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause, proof: 'proven', replay: { code: { kind: 'fork' } } })
    expect(diagnosis.replay.runs[0].revert).toContain(revert)
    expect(replay.revert).toContain(revert)
    expect(answer(replay.diagnosis)).toEqual(answer(diagnosis))
    expect(replay.diagnosis.replay.runs).toEqual(diagnosis.replay.runs)
    expect(short.code).toBe(long.code)
  })

  it('a good payment settles, and nothing is sent to the RPC', async () => {
    await using decoy = await startRpcServer((request) => forward(world.url, request))
    const { code, out } = await run([
      'diagnose',
      await bodyOf(),
      '--rpc-url',
      decoy.url,
      '--at',
      String(now),
      '--rpc-header',
      'x-key: one',
      '--json',
    ])
    expect([code, JSON.parse(out)]).toMatchObject([0, { verdict: 'settles', proof: 'proven', replay: { code: { kind: 'fork' } } }])
    const methods = new Set(
      decoy.requests.flatMap((each) => (Array.isArray(each) ? (each as Call[]) : [each as Call])).map(({ method }) => method),
    )
    expect(
      [...methods].filter(
        (method) => !/^(eth_get\w+|eth_call|eth_chainId|eth_gasPrice|net_version|eth_blockNumber|debug_traceCall)$/.test(method),
      ),
    ).toEqual([])
    expect(decoy.headers.every((each) => each['x-key'] === 'one')).toBe(true)
  })

  it('with several RPCs a fork of one, and each is heard', async () => {
    await spend()
    const { out } = await run([
      'diagnose',
      await bodyOf(),
      '--rpc-url',
      world.url,
      '--rpc-url',
      // The same address twice is one RPC.
      `${world.url}/?another`,
      '--at',
      String(now + 20n),
      '--json',
    ])
    expect(JSON.parse(out)).toMatchObject({ cause: 'insufficient-balance', proof: 'proven', replay: { code: { kind: 'fork' } } })
    expect(JSON.parse(out).chain).toHaveLength(2)
  })

  it('without --no-replay only', async () => {
    const { out } = await run(['diagnose', await bodyOf(), '--rpc-url', world.url, '--at', String(now), '--no-replay', '--json'])
    const { replay, skipped } = JSON.parse(out)
    expect(replay).toBeNull()
    const why = new Map(skipped.map(({ id, code }: { id: string; code: string }) => [id, code]))
    expect([why.get('replay'), why.has('fork')]).toEqual(['not-wanted', false])
  })
})

describe('where nothing can be forked', () => {
  /** A node that tells what a contract answers, and nothing of its storage. */
  const shallow = () =>
    startRpcServer(async (request) => {
      const calls = Array.isArray(request) ? (request as Call[]) : [request as Call]
      const kept = calls.filter(({ method }) => method !== 'eth_getStorageAt')
      const { body } = (await forward(world.url, kept)) as { readonly body: string }
      const answers = new Map((kept.length === 0 ? [] : (JSON.parse(body) as (Call & object)[])).map((each) => [each.id, each]))
      return answering(request, ({ id }) => answers.get(id) ?? { error: { code: -32601, message: 'the method does not exist' } })
    })

  it('diagnose says so, and replays what was read on a chain of its own', async () => {
    await world.asRole('pauser', encodeFunctionData({ abi: tokenAbi, functionName: 'pause' }))
    await using rpc = await shallow()
    const { code, out } = await run(['diagnose', await bodyOf(), '--rpc-url', rpc.url, '--at', String(now + 20n), '--json'])
    const { cause, proof, replay, skipped } = JSON.parse(out)
    expect([code, cause, proof, replay.code.kind]).toEqual([1, 'paused', 'proven', 'artifact'])
    expect(skipped.map(({ id, code: why }: { id: string; code: string }) => [id, why])).toContainEqual(['fork', 'unavailable'])
  })

  it('replay has nothing to show', async () => {
    await using rpc = await shallow()
    const { code, out, err } = await run(['replay', await bodyOf(), '--rpc-url', rpc.url, '--at', String(now)])
    expect([code, out]).toEqual([4, ''])
    expect(err).toMatch(/^eip3009: .*storage.*\.\n$/)
  })

  it('--timeout is for all that an RPC is asked, its fork included', async () => {
    await using slow = await startRpcServer((request) =>
      JSON.stringify(request).includes('eth_getStorageAt') ? 'hang' : forward(world.url, request),
    )
    const { code, out } = await run([
      'diagnose',
      await bodyOf(wrongName),
      '--rpc-url',
      slow.url,
      '--at',
      String(now),
      '--timeout',
      '4000',
      '--json',
    ])
    const { cause, skipped } = JSON.parse(out)
    expect([code, cause]).toEqual([1, 'domain-name-mismatch'])
    expect(skipped.find(({ id }: { id: string }) => id === 'fork')?.reason).toContain('ms in all')
  })
})

describe('diagnose takes a transaction by its hash', () => {
  it('and says what replay says', async () => {
    const { hash } = await mineAnyway(world, { data: settle(await payment(wrongName)) })
    const [short, long] = [
      await run(['diagnose', hash, '--rpc-url', world.url, '--json']),
      await run(['replay', hash, '--rpc-url', world.url, '--json']),
    ]
    const [diagnosis, replay] = [JSON.parse(short.out), JSON.parse(long.out)]
    expect(diagnosis).toMatchObject({ cause: 'domain-name-mismatch', proof: 'proven', replay: { code: { kind: 'fork' } } })
    expect(answer(replay.diagnosis)).toEqual(answer(diagnosis))
    expect([short.code, long.code]).toEqual([1, 1])
  })

  it('in a line of a log', async () => {
    const { hash } = await mineAnyway(world, { data: settle(await payment(wrongName)) })
    const { out } = await run(['diagnose', `settle failed: transaction ${hash} reverted`, '--rpc-url', world.url, '--json'])
    expect(JSON.parse(out)).toMatchObject({ cause: 'domain-name-mismatch', proof: 'proven' })
  })

  it('from what the RPC tells of it where nothing is replayed', async () => {
    const { hash } = await mineAnyway(world, { data: settle(await payment(wrongName)) })
    const { code, out } = await run(['diagnose', hash, '--rpc-url', world.url, '--no-replay', '--json'])
    expect([code, JSON.parse(out)]).toMatchObject([1, { cause: 'domain-name-mismatch', replay: null }])
  })

  it('and without an RPC says what it takes', async () => {
    const { code, out, err } = await run(['diagnose', `0x${'12'.repeat(32)}`])
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('is a transaction hash: give an RPC')
    expect(err).not.toContain('121212')
  })

  it('that no chain knows: refused in one sentence', async () => {
    const { code, out, err } = await run(['diagnose', `0x${'12'.repeat(32)}`, '--rpc-url', world.url])
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('knows no transaction')
  })
})
