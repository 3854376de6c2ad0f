import { diagnose, type EvmDiagnoseOptions, type EvmDiagnosis, type EvmPayment, readEvmPayment } from '@eip3009/core'
import { chainReader } from '@eip3009/core/chain'
import { type Address, encodeFunctionData, type Hex, pad, parseAbi } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { base, now, openWorld, payment, relayer, settle, type World } from './chain-world.ts'

const token = base.usdc.address
/** Where Multicall3 is on most chains. The code here makes what it is called with into a call of the token, and does not mind if that fails. */
const batch: Address = '0xcA11bde05977b3631167028862bE2a173976CA11'
const multicall = parseAbi(['function aggregate3((address target, bool allowFailure, bytes callData)[] calls) payable'])
/** For aggregate3 of one call: its bytes stand behind 4 + 7 words, their length before them. They are sent to the token with as much gas as slot 0 has. */
const batcher: Hex = `0x60c43560e45f375f5f60c4355f5f73${token.slice(2)}5f54f15000`

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

const batchOf = (...payments: readonly EvmPayment[]): Hex =>
  encodeFunctionData({
    abi: multicall,
    functionName: 'aggregate3',
    args: [payments.map((paid) => ({ target: token, allowFailure: true, callData: settle(paid) }))],
  })

/** A transaction as the node tells it, as people paste it. */
const told = async (hash: Hex): Promise<object> => (await world.request('eth_getTransactionByHash', hash)) as object

async function sendBatch(paid: EvmPayment, gas: bigint): Promise<Hex> {
  await world.setCode(batch, batcher)
  await world.request('anvil_setStorageAt', batch, pad('0x0'), pad(`0x${gas.toString(16)}`))
  return world.send(relayer, batch, batchOf(paid))
}

describe('a batch', () => {
  it('that succeeded without the payment is the fault of whoever sent it, and the payment settles alone', async () => {
    const paid = await payment()
    const hash = await sendBatch(paid, 30_000n)
    const read = readEvmPayment(await told(hash))
    expect(read).toMatchObject({ token, authorization: paid.authorization, call: { transaction: { hash, to: batch } } })
    const diagnosis = await ask(read)
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'batch-item-failed', party: 'facilitator', proof: 'proven' })
    expect(diagnosis.money.state).toBe('can-move')
    expect(diagnosis.findings.map(({ cause }) => cause)).not.toContain('transfer-event-missing')
    await world.send(relayer, token, settle(paid))
    expect((await ask(read)).cause).toBe('authorization-used')
  })

  it('that has it in it is the settlement', async () => {
    const hash = await sendBatch(await payment(), 200_000n)
    const diagnosis = await ask(readEvmPayment(await told(hash)))
    expect(diagnosis).toMatchObject({
      cause: 'authorization-used',
      money: { state: 'moved' },
      settlement: { transaction: hash, transferred: true },
    })
  })

  it('is read where one payment is in it, beside other calls, and not where nobody says which is meant', async () => {
    const [paid, second] = [await payment(), await payment({ nonce: pad('0xcd') })]
    const other = { target: batch, allowFailure: false, callData: '0x70a08231' } as const
    const mixed = encodeFunctionData({
      abi: multicall,
      functionName: 'aggregate3',
      args: [[other, { target: token, allowFailure: true, callData: settle(paid) }, other]],
    })
    expect(readEvmPayment({ to: batch, data: mixed, chainId: 8453 })).toMatchObject({
      token,
      authorization: paid.authorization,
      signature: paid.signature,
    })
    expect(() => readEvmPayment({ to: batch, data: batchOf(paid, second), chainId: 8453 })).toThrow('with 2 payments; expected one payment')
    for (let length = 10; length < mixed.length; length += 64)
      expect(() => readEvmPayment({ to: batch, data: mixed.slice(0, length) })).toThrow()
  })
})

describe('a transaction whose block the chain replaced', () => {
  it('is no settlement any more: the same bytes settle again', async () => {
    const paid = await payment()
    const before = await world.request('evm_snapshot')
    const hash = await world.send(relayer, token, settle(paid))
    const pasted = readEvmPayment(await told(hash))
    expect(await ask(pasted)).toMatchObject({ cause: 'authorization-used', money: { state: 'moved' } })
    await world.request('evm_revert', before)
    await world.mine(now + 2n)
    const diagnosis = await ask(pasted, { now: now + 2n })
    expect(diagnosis).toMatchObject({ verdict: 'settles', money: { state: 'can-move' }, settlement: null })
    expect(diagnosis.findings).toMatchObject([{ cause: 'settlement-reorged', party: 'nobody', severity: 'warning' }])
    expect(JSON.stringify(diagnosis.findings)).toContain(hash)
    await world.send(relayer, token, settle(paid))
  })
})
