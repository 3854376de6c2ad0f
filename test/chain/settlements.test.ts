import { diagnose, type EvmDiagnoseOptions, type EvmDiagnosis, type EvmPayment } from '@eip3009/core'
import { chainReader } from '@eip3009/core/chain'
import { type Address, encodeFunctionData, type Hex, numberToHex, pad } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  authorizationMembers,
  base,
  domain,
  now,
  openWorld,
  payee,
  payer,
  payment,
  relayer,
  settle,
  tokenAbi,
  value,
  type World,
} from './chain-world.ts'
import { untrueRpc } from './untrue-rpc.ts'

const token = base.usdc.address
const other: Address = '0x00000000000000000000000000000000000000A1'
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

const ask = (paid: EvmPayment, options: Partial<EvmDiagnoseOptions> = {}): Promise<EvmDiagnosis> =>
  diagnose(paid, { now: now + 1n, chains: [chainReader(world.url)], ...options })

async function balanceOf(account: Address): Promise<bigint> {
  const data = encodeFunctionData({ abi: tokenAbi, functionName: 'balanceOf', args: [account] })
  return BigInt((await world.request('eth_call', { to: token, data }, 'latest')) as Hex)
}

interface Block {
  readonly number: Hex
  readonly hash: Hex
  readonly timestamp: Hex
}
const block = async (which: string): Promise<Block> => (await world.request('eth_getBlockByNumber', which, false)) as Block

/** What the same payer signed with the same nonce for somebody else, or for another value. */
async function rival(to: Address, paying: bigint): Promise<EvmPayment> {
  const paid = await payment()
  const authorization = { ...paid.authorization, to, value: paying }
  const signature = await payer.signTypedData({
    domain,
    types: { TransferWithAuthorization: authorizationMembers },
    primaryType: 'TransferWithAuthorization',
    message: authorization,
  })
  return { ...paid, authorization, signature }
}

describe('a nonce that was spent on another payment', () => {
  it.each([
    ['another payee', other, value, `${payee} was not paid by it`],
    ['another value', payee, value * 2n, 'It is not the payment of 0.01 USDC'],
  ] as const)('%s: is not the settlement, and says what was paid', async (_name, to, paying, says) => {
    const before = await balanceOf(payee)
    const hash = await world.send(relayer, token, settle(await rival(to, paying)))
    expect(await balanceOf(payee)).toBe(before + (to === payee ? paying : 0n))
    const diagnosis = await ask(await payment())
    expect(diagnosis).toMatchObject({
      verdict: 'fails',
      cause: 'nonce-reused',
      party: 'client',
      // One receipt is all that says whom it paid.
      proof: 'inferred',
      settlement: { transaction: hash, transferred: false, paid: { to, value: String(paying) } },
    })
    expect(diagnosis.headline).toContain(says)
    expect(diagnosis.headline).toContain(to)
    expect(diagnosis.money.state).not.toBe('moved')
    expect(JSON.stringify(diagnosis)).not.toMatch(/take transaction 0x[0-9a-f]{64} as the settlement/)
    expect(diagnosis.findings.map(({ cause }) => cause)).not.toContain('authorization-used')
  })

  it('is not called paid where the receipt can not be read', async () => {
    await world.send(relayer, token, settle(await rival(other, value)))
    await using rpc = await untrueRpc(world.url, ({ method }) =>
      method === 'eth_getTransactionReceipt' || method === 'eth_getTransactionByHash'
        ? { error: { code: -32005, message: 'limit exceeded' } }
        : undefined,
    )
    const diagnosis = await ask(await payment(), { chains: [chainReader(rpc.url)] })
    expect(await balanceOf(payee)).toBe(0n)
    expect(diagnosis).toMatchObject({
      cause: 'authorization-used',
      money: { state: 'unknown' },
      settlement: { transferred: null, paid: null },
    })
    expect(JSON.stringify(diagnosis)).not.toMatch(/take transaction 0x[0-9a-f]{64} as the settlement|went to/)
  })
})

describe('a settlement that the chain took back', () => {
  it('is no settlement, though a node still has its log: its block was replaced', async () => {
    const paid = await payment()
    const before = await world.request('evm_snapshot')
    const hash = await world.send(relayer, token, settle(paid))
    const mined = await block('latest')
    const old = {
      eth_getLogs: await world.request('eth_getLogs', { address: token, fromBlock: mined.number, toBlock: mined.number }),
      eth_getTransactionReceipt: await world.request('eth_getTransactionReceipt', hash),
      eth_getTransactionByHash: await world.request('eth_getTransactionByHash', hash),
    }
    await world.request('evm_revert', before)
    await world.mine(now + 2n)
    const replacing = await block(mined.number)
    expect(replacing.hash).not.toBe(mined.hash)
    // A node behind the same URL that has not heard of it yet: what it has kept, it answers.
    await using rpc = await untrueRpc(world.url, ({ method, params }) => {
      if (method in old) return { result: old[method as keyof typeof old] }
      const isNonce = method === 'eth_call' && JSON.stringify(params).includes('0xe94a0102')
      return isNonce ? { result: pad('0x1') } : undefined
    })
    const diagnosis = await ask(paid, { now: now + 2n, chains: [chainReader(rpc.url)] })
    expect(diagnosis).toMatchObject({
      verdict: 'inconclusive',
      money: { state: 'unknown' },
      settlement: { blockHash: mined.hash, transferred: null },
    })
    const found = diagnosis.findings.find(({ cause }) => cause === 'settlement-reorged')
    expect(found).toMatchObject({ party: 'nobody', severity: 'warning' })
    expect(JSON.stringify(found?.evidence)).toContain(replacing.hash)
    // The honest node: what was taken back can be settled again.
    expect(await ask(paid, { now: now + 2n })).toMatchObject({ verdict: 'settles', money: { state: 'can-move' } })
    await world.send(relayer, token, settle(paid))
    expect(await balanceOf(payee)).toBe(value)
  })
})

/** What of a chain that was reverted since an RPC still has, answer by answer. */
async function keeping(paid: EvmPayment): Promise<Awaited<ReturnType<typeof untrueRpc>>> {
  const kept = new Map<string, unknown>()
  const keyOf = ({ method, params }: { readonly method: string; readonly params: readonly unknown[] }): string =>
    JSON.stringify([method, params])
  const rpc = await untrueRpc(world.url, (call, honest) => {
    if (!kept.has(keyOf(call))) kept.set(keyOf(call), honest)
    return { result: kept.get(keyOf(call)) }
  })
  expect((await ask(paid, { chains: [chainReader(rpc.url)] })).money.state).toBe('moved')
  return rpc
}

describe('a settlement that only one of two RPCs has', () => {
  it('in a block of which the other has another one, is none until they agree', async () => {
    const paid = await payment()
    const before = await world.request('evm_snapshot')
    await world.send(relayer, token, settle(paid))
    await using old = await keeping(paid)
    await world.request('evm_revert', before)
    await world.mine(now + 2n)
    for (const urls of [
      [old.url, world.url],
      [world.url, old.url],
    ]) {
      const diagnosis = await ask(paid, { now: now + 2n, chains: urls.map((url) => chainReader(url)) })
      expect(diagnosis).toMatchObject({
        verdict: 'inconclusive',
        cause: 'settlement-reorged',
        party: 'nobody',
        money: { state: 'unknown' },
      })
    }
  })
})

/** An RPC whose head is this block, for ever. */
const held = (head: Block) =>
  untrueRpc(world.url, ({ method, params: [tag] }) =>
    method === 'eth_getBlockByNumber' && tag === 'latest' ? { result: head } : undefined,
  )

describe('a head that is old', () => {
  it('of one RPC: nobody can tell whether the node or the chain is behind', async () => {
    const head = await block('latest')
    await using rpc = await held(head)
    const late = BigInt(head.timestamp) + 60n
    const diagnosis = await ask(await payment(), { now: late, chains: [chainReader(rpc.url)] })
    expect(diagnosis).toMatchObject({ verdict: 'inconclusive', cause: 'rpc-lagging', party: 'rpc' })
    expect(diagnosis.findings[0]?.summary).toContain('one RPC can not tell the two apart')
  })

  it('of one of two: that one lags, and the other is believed', async () => {
    const head = await block('latest')
    await using rpc = await held(head)
    await world.mine(now + 60n)
    const poor = await payment({ nonce: pad('0xee') })
    const diagnosis = await ask(poor, { now: now + 60n, chains: [chainReader(rpc.url), chainReader(world.url)] })
    expect(diagnosis).toMatchObject({ verdict: 'settles' })
    expect(diagnosis.findings.map(({ cause, seen }) => [cause, seen])).toEqual([['rpc-lagging', new URL(rpc.url).origin]])
  })

  it('of two, the same: the chain stands still, which is nobody of theirs', async () => {
    const head = await block('latest')
    await using one = await held(head)
    await using two = await held(head)
    const paid = await payment()
    const diagnosis = await ask(paid, { now: BigInt(head.timestamp) + 90n, chains: [chainReader(one.url), chainReader(two.url)] })
    expect(diagnosis).toMatchObject({ verdict: 'inconclusive', cause: 'chain-halted', party: 'nobody' })
    expect(diagnosis.findings.map(({ cause }) => cause)).not.toContain('rpc-lagging')
    expect(diagnosis.money.state).toBe('can-move')
    // One RPC, given twice, is not two.
    const twice = await ask(paid, { now: BigInt(head.timestamp) + 90n, chains: [chainReader(one.url), chainReader(one.url)] })
    expect(twice.cause).toBe('rpc-lagging')
  })

  it('of an hour, without the token: it has not come to it yet, which is nobody’s fault', async () => {
    const head = await block('latest')
    const early = { ...head, timestamp: numberToHex(BigInt(head.timestamp) - 3600n) }
    await using rpc = await untrueRpc(world.url, ({ method, params: [first] }) => {
      if (method === 'eth_getBlockByNumber') return { result: early }
      return method === 'eth_call' || method === 'eth_getCode' || (method === 'eth_getStorageAt' && first === token)
        ? { result: '0x' }
        : undefined
    })
    const diagnosis = await ask(await payment(), { chains: [chainReader(rpc.url)] })
    expect(diagnosis).toMatchObject({ verdict: 'inconclusive', cause: 'rpc-lagging', proof: null })
    expect(diagnosis.findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(diagnosis.money.state).not.toBe('not-moved')
  })
})
