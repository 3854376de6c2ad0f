import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Chain } from './chain.ts'
import { type Advice, idOf, play, type Scenario } from './operator.ts'
import { now, payer, wallet } from './payments.ts'
import { sampleOf, scenarios } from './scenarios.ts'
import { playSvm, svmIdOf, svmScenarios } from './solana.ts'
import { Tally } from './tally.ts'

/** Whoever does what `retry` says, against somebody who submits everything at the worst moment. `pnpm simulate` plays all scenarios. */
describe('the obedient operator', () => {
  let chain: Chain
  beforeAll(async () => {
    chain = await Chain.open(now - 9000n, [payer, wallet])
  })
  afterAll(() => chain[Symbol.asyncDispose]())

  const played = async (some: readonly Scenario[], advice: Advice): Promise<Tally> => {
    const tally = new Tally(advice)
    for (const scenario of some) tally.add(idOf(scenario), await play(chain, scenario, advice))
    return tally
  }

  it('never pays twice, is never told that it is over when it is not, and is paid wherever that can be', async () => {
    const tally = await played(sampleOf(scenarios, 250), 'ours')
    expect(tally.lines()).toEqual([])
    expect(tally.played).toBeGreaterThan(180)
  })

  it('by a word and a fresh nonce pays twice, in the same scenarios', async () => {
    const tally = await played(sampleOf(scenarios, 60), 'naive')
    expect(tally.count('pays-twice')).toBeGreaterThan(5)
  })

  const playedOnSolana = async (count: number, advice: Advice): Promise<Tally> => {
    const tally = new Tally(advice)
    for (const scenario of sampleOf(svmScenarios, count)) tally.add(svmIdOf(scenario), await playSvm(scenario, advice))
    return tally
  }

  it('on Solana, too', async () => {
    const tally = await playedOnSolana(150, 'ours')
    expect(tally.lines()).toEqual([])
    expect(tally.played).toBeGreaterThan(100)
  })

  it('by a word alone pays twice on Solana', async () => {
    expect((await playedOnSolana(60, 'naive')).count('pays-twice')).toBeGreaterThan(5)
  })
})
