import { describe, expect, it } from 'vitest'
import { dead, holds, now, recorded, simulatedWith, type Word } from '../../../../../test/solana/recorded.ts'
import type { Finding } from '../../causes/finding.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import type { SvmChain, SvmOutcome, SvmReplayer } from '../world/svm-chain.ts'
import { solana } from './family.ts'
import { investigateSvm } from './investigate.ts'

const { payment } = recorded('valid')
/** A reader of a cluster that is like that. */
const clusterWith = (...words: readonly Word[]) => ({ source: 'a', read: async () => recorded('valid', ...words).state })

/** A chain that takes a payment when all that it wants was undone, by what an intervention is. */
function chainThat(wants: readonly string[], seen: (readonly string[])[] = []): SvmReplayer {
  const chain: SvmChain = {
    description: 'a chain',
    controls: ['a control'],
    knows: () => true,
    replay: async (_payment, _destination, _world, interventions): Promise<SvmOutcome> => {
      const made: readonly string[] = interventions.map((each) => (each.kind === 'account' ? each.effect.is : each.kind))
      seen.push(made)
      const settles = wants.every((want) => made.includes(want))
      return {
        interventions,
        error: settles ? null : 'AccountInUse',
        logs: [],
        units: 1n,
        received: settles ? 10_000n : null,
        balances: [],
      }
    },
  }
  return { open: async () => chain }
}
const never = (error: unknown): SvmReplayer => ({
  open: async () => {
    throw error
  },
})

/** The cluster's own run fails with the error of that chain: what a replay undoes is the cluster's own trouble then. */
const failing = simulatedWith('AccountInUse')

describe('a replay of a payment', () => {
  it.each<readonly [title: string, words: readonly Word[], wants: readonly string[], verdict: string, proven: readonly string[]]>([
    ['that is good settles as it is', [], [], 'settles', []],
    ['that is short settles once it is filled', [holds(0n), failing], ['filled'], 'fails', ['svm-insufficient-funds']],
    ['that is dead settles once it lives', [dead, failing], ['blockhash'], 'fails', ['svm-blockhash-expired']],
    [
      'that is both needs both',
      [dead, holds(0n), failing],
      ['filled', 'blockhash'],
      'fails',
      ['svm-insufficient-funds', 'svm-blockhash-expired'],
    ],
    [
      'that is both, of which only one matters, proves that one',
      [dead, holds(0n), failing],
      ['blockhash'],
      'fails',
      ['svm-blockhash-expired'],
    ],
    ['that nothing mends proves nothing', [holds(0n)], ['a miracle'], 'fails', []],
    ['that fails though nothing is wrong is open', [], ['a miracle'], 'inconclusive', []],
  ])('%s', async (_, words, wants, verdict, proven) => {
    const { diagnosis } = await investigateSvm(payment, { now, readers: [clusterWith(...words)], replayer: chainThat(wants) })
    expect({ verdict: diagnosis.verdict, proven: diagnosis.replay?.proven }).toEqual({ verdict, proven })
    expect(diagnosis.findings.filter(({ proof }) => proof === 'proven').map(({ cause }) => cause)).toEqual(proven)
  })

  it('is shrunk: everything is undone, then one after the other is left in, the last first', async () => {
    const seen: (readonly string[])[] = []
    await investigateSvm(payment, { now, readers: [clusterWith(dead, holds(0n))], replayer: chainThat(['filled', 'blockhash'], seen) })
    expect(seen).toEqual([[], ['filled', 'blockhash'], ['filled'], ['blockhash']])
  })
})

describe('an investigation', () => {
  const replayed = async (of: SvmPayment, replayer?: SvmReplayer): Promise<string> => {
    const { replay } = await investigateSvm(of, { now, ...(replayer === undefined ? {} : { replayer }) })
    return 'reason' in replay ? replay.code : 'run'
  }
  it('replays what can be, and says why not', async () => {
    const { network: _, ...homeless } = payment
    expect(await replayed(payment, chainThat([]))).toBe('run')
    expect(await replayed(payment)).toBe('not-wanted')
    expect(await replayed(homeless, chainThat([]))).toBe('no-network')
    expect(await replayed({ ...payment, transaction: null }, chainThat([]))).toBe('undecodable')
    expect(await replayed(payment, never(new Eip3009Error('controls-failed', 'x')))).toBe('unavailable')
  })

  it('takes the clock where nobody says when it is', async () => {
    const { diagnosis } = await investigateSvm(payment)
    expect(BigInt(diagnosis.time.now)).toBeGreaterThan(1_700_000_000n)
    expect(diagnosis.time.basis).toBe('now')
  })

  it('tells what each answered, beside the diagnosis that rests on it', async () => {
    const { state } = recorded('valid', holds(0n))
    const { answers, diagnosis } = await investigateSvm(payment, { now, readers: [{ source: 'a', read: async () => state }] })
    expect(answers).toEqual([state])
    expect(diagnosis.cause).toBe('svm-insufficient-funds')
  })

  it('is one family, whose checks are in one group', () => {
    const { state } = recorded('valid')
    expect(solana.id).toBe('solana')
    const evidence = { given: payment, now, answers: [state], state, payee: { kind: 'wallet' } } as const
    expect(solana.checks(payment, evidence)).toHaveLength(1)
    const sifted: readonly Finding[] = solana.sift(payment, evidence, []).findings
    expect(sifted).toEqual([])
  })
})
