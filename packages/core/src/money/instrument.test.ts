import { describe, expect, it } from 'vitest'
import { type Instrument, type InstrumentState, type Money, moneyOf } from './instrument.ts'

const instrument = (state: InstrumentState, change: Partial<Instrument> = {}): Instrument => ({
  form: 'as-sent',
  state,
  opens: null,
  closes: null,
  blocks: null,
  usableBy: 'anybody',
  needs: [],
  pays: null,
  at: null,
  nonce: null,
  evidence: 'chain',
  finality: 'latest',
  depth: null,
  says: state,
  ...change,
})

const all = ['spent-on-this', 'live', 'unknown', 'canceled', 'spent-on-another', 'dead'] as const satisfies readonly InstrumentState[]

/** By docs/money.md: `moved` if one is spent on this payment, `can-move` if one is live, `unknown` if of one it is not known, `not-moved` only if all are over. */
function told(states: readonly InstrumentState[]): Money['state'] {
  if (states.includes('spent-on-this')) return 'moved'
  if (states.includes('live')) return 'can-move'
  return states.includes('unknown') ? 'unknown' : 'not-moved'
}

describe('what authorizations come to', () => {
  it.each(all.map((state) => [state, told([state])] as const))('%s alone: %s', (state, expected) => {
    expect(moneyOf([instrument(state)]).state).toBe(expected)
  })

  it('of two and of three, in whatever order they are in sight', () => {
    let combinations = 0
    for (const a of all)
      for (const b of all)
        for (const c of [undefined, ...all]) {
          const states = [a, b, ...(c === undefined ? [] : [c])]
          const [first, ...rest] = states.map((state) => instrument(state))
          if (first === undefined) continue
          const money = moneyOf([first, ...rest])
          expect(money.state, states.join(' ')).toBe(told(states))
          // The decisive one is in front, and what is said is said of it.
          expect(told([money.instruments[0]?.state ?? 'unknown'])).toBe(money.state)
          expect(money.says).toBe(money.instruments[0]?.says)
          expect([...money.instruments].map(({ state }) => state).sort()).toEqual([...states].sort())
          combinations++
        }
    expect(combinations).toBe(6 * 6 * 7)
  })

  it('are told with the finality and the depth of the decisive one', () => {
    const money = moneyOf([
      instrument('dead', { finality: 'finalized', depth: '9' }),
      instrument('live', { finality: 'latest', depth: '1' }),
      instrument('unknown', { finality: 'none' }),
    ])
    expect(money).toMatchObject({ state: 'can-move', finality: 'latest', depth: '1', says: 'live' })
  })

  it('are in one order: what moved, what can, what nobody knows, what was taken back, what went elsewhere, what is dead', () => {
    const [first, ...rest] = [...all].reverse().map((state) => instrument(state))
    if (first === undefined) throw new TypeError('none')
    expect(moneyOf([first, ...rest]).instruments.map(({ state }) => state)).toEqual(all)
  })

  it('that weigh the same stay in the order in which they were found', () => {
    const one = instrument('live', { form: 'as-signed', says: 'one' })
    const two = instrument('live', { form: 'elsewhere', says: 'two' })
    expect(moneyOf([one, two]).instruments).toEqual([one, two])
    expect(moneyOf([two, one]).says).toBe('two')
  })

  it('are not changed where they were', () => {
    const given = [instrument('dead'), instrument('live')] as const
    moneyOf([...given])
    expect(given.map(({ state }) => state)).toEqual(['dead', 'live'])
  })
})
