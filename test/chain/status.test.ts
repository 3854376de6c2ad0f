import { type EvmPayment, type PaymentStatus, paymentStatus } from '@eip3009/core'
import { encodeFunctionData, type Hex, numberToHex, pad } from 'viem'
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

const newest = async (): Promise<bigint> =>
  BigInt(((await world.request('eth_getBlockByNumber', 'latest', false)) as { timestamp: Hex }).timestamp)
const ask = async (of: Parameters<typeof paymentStatus>[0], rpc: readonly string[] = [world.url]): Promise<PaymentStatus> =>
  paymentStatus(of, { now: await newest(), rpc })

/** Blocks enough for the chain to call what came before them final. */
async function bury(): Promise<void> {
  await world.request('anvil_mine', numberToHex(100))
}

async function cancel({ authorization: { from, nonce } }: EvmPayment): Promise<Hex> {
  const signature = await payer.signTypedData({
    domain,
    types: {
      CancelAuthorization: [
        { name: 'authorizer', type: 'address' },
        { name: 'nonce', type: 'bytes32' },
      ],
    },
    primaryType: 'CancelAuthorization',
    message: { authorizer: from, nonce },
  })
  return world.send(
    relayer,
    token,
    encodeFunctionData({ abi: tokenAbi, functionName: 'cancelAuthorization', args: [from, nonce, signature] }),
  )
}

/** What the token itself says. */
async function stateOf({ authorization: { from, nonce } }: EvmPayment): Promise<bigint> {
  const data = encodeFunctionData({
    abi: [
      {
        type: 'function',
        name: 'authorizationState',
        stateMutability: 'view',
        inputs: [{ type: 'address' }, { type: 'bytes32' }],
        outputs: [{ type: 'bool' }],
      },
    ],
    args: [from, nonce],
  })
  return BigInt((await world.request('eth_call', { to: token, data }, 'latest')) as Hex)
}

const target = ({ authorization: { from, nonce } }: EvmPayment) => ({ network: 'base', token, from, nonce })

describe('an authorization', () => {
  it('that is unused can still be used, until its window closes', async () => {
    const paid = await payment()
    expect(await stateOf(paid)).toBe(0n)
    expect(await ask(paid)).toMatchObject({
      state: 'unused',
      money: 'can-move',
      transaction: null,
      check: null,
      retry: { action: 'send-same', onlyIf: ['nonce-unused'] },
    })
    expect((await ask(paid)).headline).toContain('nothing moved by it. Whoever holds it can still use it, until 2026-09-21')
    // Who has no more than the nonce is told as much, and no end.
    expect(await ask(target(paid))).toMatchObject({ state: 'unused', subject: { to: null, closes: null } })
  })

  it('that was used is paid, and how sure that is follows from the blocks on top of it', async () => {
    const paid = await payment()
    const hash = await world.send(relayer, token, settle(paid))
    expect(await stateOf(paid)).toBe(1n)
    for (const of of [paid, target(paid), { network: 8453, transaction: hash }]) {
      const status = await ask(of)
      expect(status).toMatchObject({
        state: 'paid',
        money: 'moved',
        finality: 'latest',
        transaction: { id: hash, state: 'succeeded', sender: relayer, paid: { to: payee, value: String(value) }, depth: '1' },
        retry: { action: 'never' },
        explorer: `https://basescan.org/tx/${hash}`,
      })
      expect(status.headline).toContain(`0.01 USDC to ${payee} in transaction ${hash}`)
      expect(status.headline).toContain('can still be undone')
    }
    await bury()
    for (const of of [paid, target(paid), { network: 8453, transaction: hash }]) {
      const status = await ask(of)
      expect(status).toMatchObject({ state: 'paid', finality: 'finalized', lookAgain: null, transaction: { depth: '101' } })
      expect(status.headline).toContain('That is final')
    }
  })

  it('that was canceled moved nothing', async () => {
    const paid = await payment()
    const hash = await cancel(paid)
    expect(await stateOf(paid)).toBe(1n)
    expect(await ask(paid)).toMatchObject({
      state: 'canceled',
      money: 'not-moved',
      finality: 'latest',
      transaction: { id: hash },
      retry: { action: 'sign-again', onlyIf: ['cancellation-landed', 'payer-agrees'] },
    })
    await bury()
    expect(await ask(target(paid))).toMatchObject({ state: 'canceled', finality: 'finalized', retry: { onlyIf: ['payer-agrees'] } })
    // The hash of the cancellation is one of this authorization, too.
    expect(await ask({ network: 'base', transaction: hash })).toMatchObject({
      state: 'canceled',
      subject: { nonce: paid.authorization.nonce },
    })
  })

  it('whose nonce paid somebody else is no payment of this', async () => {
    const paid = await payment()
    const authorization = { ...paid.authorization, value: 2n * value }
    const signature = await payer.signTypedData({
      domain,
      types: { TransferWithAuthorization: authorizationMembers },
      primaryType: 'TransferWithAuthorization',
      message: authorization,
    })
    const hash = await world.send(relayer, token, settle({ ...paid, authorization, signature }))
    const status = await ask(paid)
    expect(status).toMatchObject({ state: 'spent-on-another', money: 'not-moved', transaction: { id: hash, paid: { value: '20000' } } })
    expect(status.headline).toContain('0.02 USDC')
    expect(status.headline).toContain('0.01 USDC')
  })

  it('that nobody used in time is over once a final block shows it', async () => {
    const paid = await payment({ after: now - 300n, before: now + 50n })
    await world.mine(now + 60n)
    expect(await ask(paid)).toMatchObject({
      state: 'expired',
      money: 'not-moved',
      finality: 'latest',
      retry: { action: 'sign-again', notBefore: { time: String(now + 50n), finalized: true }, onlyIf: ['nonce-unused'] },
    })
    await bury()
    expect(await ask(paid)).toMatchObject({ state: 'expired', finality: 'finalized', retry: { action: 'sign-again', notBefore: null } })
  })

  it('that waits in the mempool is not paid, and nothing new is to be signed', async () => {
    const paid = await payment()
    const hash = (await world.request('eth_sendTransaction', {
      from: relayer,
      to: token,
      data: settle(paid),
      gas: '0xf42400',
      gasPrice: '0x0',
    })) as Hex
    expect(await stateOf(paid)).toBe(0n)
    const told = { state: 'pending', money: 'can-move', finality: 'none', retry: { action: 'send-same' } }
    expect(await ask(paid)).toMatchObject(told)
    const status = await ask({ network: 'base', transaction: hash })
    expect(status).toMatchObject({ ...told, transaction: { id: hash, state: 'pending', block: null } })
    expect(status.retry.says).toContain('no new signature may be made')
    await world.request('anvil_dropTransaction', hash)
    expect(await ask(paid)).toMatchObject({ state: 'unused' })
    expect(await ask({ network: 'base', transaction: hash })).toMatchObject({ state: 'unknown', transaction: { state: 'missing' } })
    expect((await ask({ network: 'base', transaction: hash })).headline).toContain('That it was never sent does not follow')
  })
})

describe('a transaction', () => {
  /** Sent and mined, whatever becomes of it. */
  const mined = async (data: Hex): Promise<Hex> => {
    const hash = (await world.request('eth_sendTransaction', { from: relayer, to: token, data, gas: '0xf42400', gasPrice: '0x0' })) as Hex
    await world.mine((await newest()) + 1n)
    return hash
  }

  it('that failed moved nothing, and the payment in it may be good, or paid by another one', async () => {
    const paid = await payment()
    const early = await world.request('evm_snapshot')
    await world.asRole('pauser', encodeFunctionData({ abi: tokenAbi, functionName: 'pause' }))
    const failed = await mined(settle(paid))
    const receipt = (await world.request('eth_getTransactionReceipt', failed)) as { status: Hex }
    expect(receipt.status).toBe('0x0')
    const status = await ask({ network: 'base', transaction: failed })
    expect(status).toMatchObject({ state: 'unused', money: 'can-move', transaction: { id: failed, state: 'failed' } })
    expect(status.headline).toMatch(/failed in block \d+: nothing moved by it.*It is unused/)
    await world.request('evm_revert', early)
    // Settled by one, and by another in vain.
    const settled = await world.send(relayer, token, settle(paid))
    const again = await mined(settle(paid))
    const both = await ask({ network: 'base', transaction: again })
    expect(both).toMatchObject({ state: 'paid', transaction: { id: settled } })
    expect(both.headline).toContain(`Transaction ${again} failed`)
  })

  it('that was in a block that the chain has replaced is in none', async () => {
    const paid = await payment()
    const before = await world.request('evm_snapshot')
    const hash = await world.send(relayer, token, settle(paid))
    const old = {
      eth_getTransactionReceipt: await world.request('eth_getTransactionReceipt', hash),
      eth_getTransactionByHash: await world.request('eth_getTransactionByHash', hash),
    }
    await world.request('evm_revert', before)
    await world.mine((await newest()) + 7n)
    expect(await stateOf(paid)).toBe(0n)
    expect(await ask({ network: 'base', transaction: hash })).toMatchObject({ state: 'unknown', transaction: { state: 'missing' } })
    // A node behind the same URL that has kept what it had.
    await using rpc = await untrueRpc(world.url, ({ method, params }) =>
      method in old && params[0] === hash ? { result: old[method as keyof typeof old] } : undefined,
    )
    const status = await ask({ network: 'base', transaction: hash }, [rpc.url])
    expect(status).toMatchObject({ state: 'unused', transaction: { id: hash, state: 'replaced' } })
    expect(status.headline).toContain('which the chain has replaced')
  })

  it('without a payment in it says so', async () => {
    const hash = await mined(encodeFunctionData({ abi: tokenAbi, functionName: 'balanceOf', args: [payee] }))
    expect(await ask({ network: 'base', transaction: hash })).toMatchObject({
      state: 'no-payment',
      subject: null,
      transaction: { state: 'succeeded' },
    })
  })

  it('that somebody says it became is looked up beside the nonce', async () => {
    const paid = await payment()
    const other = pad('0x77')
    const status = await paymentStatus(paid, { now: await newest(), rpc: world.url, transaction: other })
    expect(status).toMatchObject({ state: 'unused', transaction: { id: other, state: 'missing' } })
    const hash = await world.send(relayer, token, settle(paid))
    expect(await paymentStatus(paid, { now: await newest(), rpc: world.url, transaction: other })).toMatchObject({
      state: 'paid',
      transaction: { id: hash },
    })
  })
})

describe('who is asked', () => {
  it('and stands still is no evidence of now', async () => {
    const paid = await payment()
    const status = await paymentStatus(paid, { now: (await newest()) + 3600n, rpc: world.url })
    expect(status).toMatchObject({ state: 'unknown', money: 'unknown', chain: [{ kind: 'read', behind: '3600' }] })
    // What it has seen used stays used.
    await world.send(relayer, token, settle(paid))
    expect(await paymentStatus(paid, { now: (await newest()) + 3600n, rpc: world.url })).toMatchObject({ state: 'paid' })
  })

  it('and has not seen the block yet contradicts nobody, but one that has does', async () => {
    const paid = await payment()
    const early = await world.request('eth_getBlockByNumber', 'latest', false)
    await world.send(relayer, token, settle(paid))
    const unused = ({ method }: { method: string }) => (method === 'eth_call' ? { result: pad('0x00') } : undefined)
    await using behind = await untrueRpc(world.url, (call) =>
      call.method === 'eth_getBlockByNumber' && call.params[0] === 'latest' ? { result: early } : unused(call),
    )
    expect(await ask(paid, [behind.url, world.url])).toMatchObject({ state: 'paid' })
    await using untrue = await untrueRpc(world.url, unused)
    const status = await ask(paid, [untrue.url, world.url])
    expect(status).toMatchObject({ state: 'unknown', money: 'unknown' })
    expect(status.headline).toContain(untrue.url)
    expect(status.headline).toContain(world.url)
  })

  it.each([
    ['nobody', [], 'no RPC was given'],
    ['one who does not answer', ['http://127.0.0.1:9'], 'did not tell'],
  ])('is %s: the one call, filled in', async (_who, rpc, says) => {
    const paid = await payment()
    const status = await ask(paid, rpc)
    expect(status).toMatchObject({
      state: 'unknown',
      finality: 'none',
      check: `cast call ${token} "authorizationState(address,bytes32)(bool)" ${payer.address} ${paid.authorization.nonce} --rpc-url https://mainnet.base.org`,
      explorer: `https://basescan.org/address/${payer.address}`,
    })
    expect(status.headline).toContain(says)
  })

  it('of another chain is not believed', async () => {
    const { authorization } = await payment()
    const { from, nonce } = authorization
    expect(await ask({ network: 'polygon', token, from, nonce })).toMatchObject({ state: 'unknown', chain: [{ kind: 'wrong-chain' }] })
  })

  it('for a token without EIP-3009 is told so', async () => {
    const { from, nonce } = (await payment()).authorization
    const status = await ask({ network: 'base', token: payee, from, nonce })
    expect(status.state).toBe('unknown')
    expect(status.headline).toContain('no authorizationState')
  })
})
