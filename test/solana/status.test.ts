import { paymentStatus, readPayment } from '@eip3009/core'
import { variants } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'
import { run } from '../fake-console.ts'
import { clusterTime, startCluster } from './cluster.ts'

const all = variants('solana')
const settled = all.filter(({ state }) => state.settled.length > 0)
const now = BigInt(clusterTime)

describe('what became of a payment, by a cluster', () => {
  it('counts', () => expect(settled.map(({ state }) => state.settled[0]?.error === null)).toEqual(expect.arrayContaining([true, false])))

  it.each(settled.map((each) => [each.name, each] as const))(
    '%s: landed, as its own transaction tells, too',
    async (_name, { input, state }) => {
      const [landed] = state.settled
      if (landed === undefined) throw new TypeError('nothing landed')
      await using cluster = await startCluster(state)
      const isPaid = landed.error === null
      const expected = {
        state: isPaid ? 'paid' : 'failed',
        money: isPaid ? 'moved' : 'not-moved',
        transaction: { id: landed.signature, state: isPaid ? 'succeeded' : 'failed', block: String(landed.slot) },
        explorer: `https://solscan.io/tx/${landed.signature}`,
      }
      for (const of of [readPayment(input), { network: 'solana', transaction: landed.signature }])
        expect(await paymentStatus(of, { rpc: cluster.url, now })).toMatchObject(expected)
      const { out, code } = await run(['status', landed.signature, '--rpc', `solana=${cluster.url}`, '--json'])
      const document = JSON.parse(out)
      expect(document).toMatchObject(expected)
      expect(code).toBe(document.finality === 'finalized' ? (isPaid ? 0 : 1) : 4)
    },
  )

  it('nothing of it: it can still land, and a signature that nobody knows is not called never sent', async () => {
    const valid = all.find(({ name }) => name === 'valid')
    if (valid === undefined) throw new TypeError('no valid payment')
    const id = '3dF8CbLSeytRBCHGGsmMwuriuKppx81RKDugo4DnwbaMvYmU27426S7egg9ku3PhSJANk4dr6HS72EBDRdrq2FnM'
    const seen = { confirmationStatus: 'processed', confirmations: 0, err: null, slot: 1 }
    for (const [status, state] of [
      [null, 'missing'],
      [seen, 'pending'],
    ] as const) {
      await using cluster = await startCluster(valid.state, {
        answers: { getSignatureStatuses: () => ({ result: { context: { slot: 1 }, value: [status] } }) },
      })
      expect(await paymentStatus(readPayment(valid.input), { rpc: cluster.url, now })).toMatchObject({ state: 'unused', money: 'can-move' })
      const named = await paymentStatus({ network: 'solana', transaction: id }, { rpc: cluster.url, now })
      expect(named).toMatchObject({ state: state === 'pending' ? 'pending' : 'unknown', transaction: { id, state }, money: 'unknown' })
      if (state === 'missing') expect(named.headline).toContain('That it was never sent does not follow')
    }
  })

  it('of another cluster is not believed', async () => {
    const [valid] = all
    if (valid === undefined) throw new TypeError('no payment')
    await using cluster = await startCluster(valid.state)
    const id = '3dF8CbLSeytRBCHGGsmMwuriuKppx81RKDugo4DnwbaMvYmU27426S7egg9ku3PhSJANk4dr6HS72EBDRdrq2FnM'
    expect(await paymentStatus({ network: 'solana-devnet', transaction: id }, { rpc: cluster.url, now })).toMatchObject({
      state: 'unknown',
      chain: [{ kind: 'wrong-chain' }],
      explorer: `https://explorer.solana.com/tx/${id}?cluster=devnet`,
    })
  })
})
