import { describe, expect, it } from 'vitest'
import { cellsOf, commonCoverage, coverageOf, plan, reaches, type Stage, type StageState, searchDepths } from './plan.ts'

const areasOf = ({ of }: Stage): string => of.map(([area]) => area).join(' × ')
/** Of a payment in one token only. */
const upTo =
  (depth: (typeof searchDepths)[number]) =>
  (stage: Stage): StageState =>
    reaches(depth, stage) || stage.others ? 'done' : 'untouched'

describe('the plan', () => {
  it('has each combination of likelihoods once, of single slips and of pairs', () => {
    const cells = new Map<string, string[]>()
    for (const stage of plan) {
      if (stage.of.length > 2 || stage.of[0]?.[1] === 'far' || stage.others) continue
      cells.set(areasOf(stage), [...(cells.get(areasOf(stage)) ?? []), ...cellsOf(stage)])
    }
    for (const found of cells.values()) expect(new Set(found).size).toBe(found.length)
    const areas = ['domain', 'type', 'message', 'digest', 'bytes']
    for (const [at, first] of areas.entries()) {
      expect(cells.get(first)).toHaveLength(3)
      for (const second of areas.slice(at + 1)) expect(cells.get(`${first} × ${second}`), `${first} × ${second}`).toHaveLength(9)
    }
    // A second reading of the bytes, or a second way to make the digest, is a slip of its own among the single ones.
    expect(cells.get('domain × domain')).toHaveLength(6)
    expect(cells.get('message × message')).toHaveLength(6)
  })

  it('goes from the quick to the deep, and from few slips to many', () => {
    const depths = plan.filter(({ others }) => !others).map(({ depth }) => searchDepths.indexOf(depth))
    expect(depths).toEqual([...depths].sort((a, b) => a - b))
    expect(plan.slice(depths.length).every(({ others, depth }) => others && depth === 'deep')).toBe(true)
    expect(plan.filter(({ of }) => of.length === 1 && of[0]?.[1] !== 'far').every(({ depth }) => depth === 'quick')).toBe(true)
  })
})

describe('what was covered', () => {
  const tried = (state: (stage: Stage) => StageState, of: string) => coverageOf(state).find((each) => each.of === of)?.tried

  it('is all of what every stage was worked off for, and never of what the plan has only a part of', () => {
    for (const area of ['domain', 'type', 'message', 'digest', 'bytes']) {
      expect(tried(upTo('quick'), area)).toBe('all')
      expect(tried(upTo('none'), area)).toBe('none')
      expect(tried(upTo('none'), `${area} × bytes`)).toBe(area === 'bytes' ? undefined : 'none')
    }
    expect(tried(upTo('quick'), 'domain × message')).toBe('some')
    expect(tried(upTo('pairs'), 'domain × domain')).toBe('all')
    expect(tried(upTo('pairs'), 'domain × message')).toBe('some')
    expect(tried(upTo('deep'), 'domain × message')).toBe('all')
    expect(tried(upTo('deep'), 'type × type')).toBe('some')
    for (const { slips, tried: state } of coverageOf(upTo('deep'))) if (slips === 3) expect(state).toBe('some')
  })

  it('is not all where one stage was left in the middle', () => {
    const last = plan.findLast((stage) => areasOf(stage) === 'domain × domain' && !stage.others)
    const state = (stage: Stage): StageState => (stage === last ? 'begun' : upTo('pairs')(stage))
    expect(tried(state, 'domain × domain')).toBe('some')
  })

  it('is not all where other tokens are left, which the payment may be in', () => {
    const state = (stage: Stage): StageState => (reaches('pairs', stage) ? 'done' : 'untouched')
    expect([tried(state, 'domain'), tried(state, 'domain × domain')]).toEqual(['all', 'some'])
  })

  it('of searches that share the steps is what all of them came to the end of', () => {
    const [whole, cut] = [coverageOf(upTo('deep')), coverageOf(upTo('quick'))]
    const of = (name: string) => commonCoverage([whole, cut, whole]).find((each) => each.of === name)?.tried
    expect([of('domain'), of('domain × message'), of('far times and amounts')]).toEqual(['all', 'some', 'some'])
    expect(commonCoverage([])).toEqual([])
  })
})
