import { describe, expect, it } from 'vitest'
import { now, recorded } from '../../../../test/solana/recorded.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { captureSnapshot } from '../solana/state/snapshot.ts'
import type { SvmReplayer } from '../solana/world/svm-chain.ts'
import { judgeSolana } from './judge-solana.ts'

const { payment } = recorded('valid')
const snapshot = (): object => captureSnapshot(payment, { answers: [recorded('valid').state], now })

/** A chain that takes whatever it is given. */
const chain: SvmReplayer = {
  open: async () => ({
    description: 'a chain',
    controls: ['a control'],
    knows: () => true,
    replay: async (_payment, _destination, _world, interventions) => ({
      interventions,
      error: null,
      logs: [],
      units: 1n,
      received: 10_000n,
      balances: [],
    }),
  }),
}
const never = (error: unknown): SvmReplayer => ({
  open: async () => {
    throw error
  },
})

describe('a judgement', () => {
  it('has the time of its snapshot, unless another one is given', async () => {
    const at = (options: object): Promise<string> => judgeSolana(payment, chain, options).then(({ diagnosis }) => diagnosis.time.now)
    expect(await at({ snapshot: snapshot() })).toBe(String(now))
    // What was captured has its own now.
    expect(await at({ snapshot: snapshot(), now: 5n })).toBe(String(now))
    expect(await at({ now: 5n })).toBe('5')
    const { diagnosis } = await judgeSolana(payment, chain, { snapshot: snapshot(), at: 7n })
    expect(diagnosis.time).toMatchObject({ judgedAt: '7', basis: 'given' })
  })

  it('says why a replay that it should have made was not', async () => {
    const broken = new Eip3009Error('controls-failed', 'The controls failed.')
    const { diagnosis, notRun } = await judgeSolana(payment, never(broken), { snapshot: snapshot() })
    expect({ notRun, replay: diagnosis.replay }).toEqual({ notRun: 'The controls failed.', replay: null })
    expect(diagnosis.skipped.find(({ id }) => id === 'replay')).toMatchObject({ code: 'unavailable', reason: 'The controls failed.' })
  })

  it('does not hide a bug', async () => {
    await expect(judgeSolana(payment, never(new TypeError('a bug')))).rejects.toThrow('a bug')
  })
})
