import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CauseId, causeIds } from '../causes/catalogue.ts'
import type { Finding } from '../causes/finding.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { prove, type Shown, type Trial } from './prove.ts'

function finding(cause: CauseId): Finding {
  return { cause, party: 'client', severity: 'error', summary: cause, evidence: [], fix: '' }
}

/** The first causes of the catalogue, to be told apart by: what they mean makes no difference to the engine. */
const [a, b, c, hint] = causeIds.slice(0, 4).map((cause) => finding(cause)) as [Finding, Finding, Finding, Finding]

interface World {
  /** What each finding asks for; nothing where it is not named. */
  readonly asks: ReadonlyMap<Finding, readonly string[]>
  readonly takes: (changes: readonly string[]) => boolean
  readonly hints?: readonly Finding[]
  readonly can?: (changes: readonly string[]) => boolean
}

type Run = readonly string[]

async function shown({ asks, takes, hints = [], can = () => true }: World, errors: readonly Finding[]): Promise<Shown<Run>> {
  const trial: Trial<string, Run> = {
    replay: async (changes) => {
      if (!can(changes)) throw new Eip3009Error('unsupported-input', 'not here')
      return changes
    },
    settles: takes,
    suspects: () => hints,
    undo: (each) => asks.get(each),
    keyOf: (change) => change,
  }
  return prove(trial, errors)
}

const all =
  (...wanted: readonly string[]) =>
  (changes: readonly string[]): boolean =>
    wanted.every((each) => changes.includes(each))
const any =
  (...wanted: readonly string[]) =>
  (changes: readonly string[]): boolean =>
    wanted.some((each) => changes.includes(each))

const asks = (...of: readonly (readonly [Finding, ...string[]])[]): World['asks'] =>
  new Map(of.map(([each, ...changes]) => [each, changes]))

/** The runs in their order, by what was changed in each; and what became of each finding. */
const rows: readonly [
  name: string,
  world: World,
  errors: readonly Finding[],
  runs: readonly string[],
  verdicts: readonly (readonly [Finding, 'proven' | 'withdrawn'])[],
][] = [
  ['settles as it is: nothing else is run', { asks: asks([a, 'x']), takes: () => true }, [a], [''], []],
  ['is refused, and nothing can be undone', { asks: asks(), takes: () => false }, [a], [''], []],
  ['asks for nothing, which is nothing that a replay shows', { asks: asks([a]), takes: () => false }, [a], [''], []],
  ['is refused with everything undone, too', { asks: asks([a, 'x'], [b, 'y']), takes: () => false }, [a, b], ['', 'x y'], []],
  ['one that is undone by one change', { asks: asks([a, 'x']), takes: all('x') }, [a], ['', 'x'], [[a, 'proven']]],
  [
    'two that are both needed',
    { asks: asks([a, 'x'], [b, 'y']), takes: all('x', 'y') },
    [a, b],
    ['', 'x y', 'x', 'y'],
    [
      [a, 'proven'],
      [b, 'proven'],
    ],
  ],
  [
    'one that changes nothing is withdrawn',
    { asks: asks([a, 'x'], [b, 'y']), takes: all('y') },
    [a, b],
    ['', 'x y', 'x', 'y'],
    [
      [a, 'withdrawn'],
      [b, 'proven'],
    ],
  ],
  [
    'of two that would each do alone the one that stops the payment first stays',
    { asks: asks([a, 'x'], [b, 'y']), takes: any('x', 'y') },
    [a, b],
    ['', 'x y', 'x'],
    [
      [a, 'proven'],
      [b, 'withdrawn'],
    ],
  ],
  [
    'one that nothing undoes keeps what it was, beside one that is proven',
    { asks: asks([b, 'y']), takes: all('y') },
    [a, b],
    ['', 'y'],
    [[b, 'proven']],
  ],
  [
    'two names of one trouble stand or fall together, and are run once',
    { asks: asks([a, 'x'], [b, 'x'], [c, 'y']), takes: all('x') },
    [a, b, c],
    ['', 'x y', 'x'],
    [
      [a, 'proven'],
      [b, 'proven'],
      [c, 'withdrawn'],
    ],
  ],
  [
    'of two changes of one finding neither is half a cause',
    { asks: asks([a, 'x', 'y'], [b, 'z']), takes: (changes) => changes.includes('x') && any('y', 'z')(changes) },
    [a, b],
    ['', 'x y z', 'x y'],
    [
      [a, 'proven'],
      [b, 'withdrawn'],
    ],
  ],
  [
    'what the run hinted at outlives what was only predicted',
    { asks: asks([a, 'x'], [hint, 'h']), takes: any('x', 'h'), hints: [hint] },
    [a],
    ['', 'h x', 'h'],
    [
      [hint, 'proven'],
      [a, 'withdrawn'],
    ],
  ],
  [
    'a hint at what was found already is none',
    { asks: asks([a, 'x']), takes: all('x'), hints: [finding(a.cause)] },
    [a],
    ['', 'x'],
    [[a, 'proven']],
  ],
  [
    'what the chain can not be given as a whole shows nothing',
    { asks: asks([a, 'x'], [b, 'y']), takes: all('x'), can: (changes) => changes.length < 2 },
    [a, b],
    [''],
    [],
  ],
  [
    'what the chain can not be given without the other is not left out',
    { asks: asks([a, 'x'], [b, 'y']), takes: all('x'), can: (changes) => changes.join(' ') !== 'x' },
    [a, b],
    ['', 'x y', 'y'],
    [
      [a, 'proven'],
      [b, 'proven'],
    ],
  ],
]

describe('a payment', () => {
  it.each(rows)('%s', async (_, world, errors, runs, verdicts) => {
    const made = await shown(world, errors)
    expect(made.runs.map((changes) => changes.join(' '))).toEqual(runs)
    expect([...made.verdicts]).toEqual(verdicts)
    expect(made.asIs).toEqual([])
  })

  it('is told what it hinted at, but for what was found already', async () => {
    const suspected = async (world: World, ...errors: readonly Finding[]): Promise<readonly Finding[]> =>
      (await shown(world, errors)).suspected
    const takes = (changes: readonly string[]): boolean => changes.includes('x')
    expect(await suspected({ asks: asks([a, 'x']), takes, hints: [hint] }, a)).toEqual([hint])
    expect(await suspected({ asks: asks(), takes, hints: [hint] }, a)).toEqual([hint])
    expect(await suspected({ asks: asks([a, 'y']), takes, hints: [hint] }, a)).toEqual([hint])
    expect(await suspected({ asks: asks([a, 'x'], [b, 'y']), takes, hints: [finding(b.cause), hint, finding(a.cause)] }, a, b)).toEqual([
      hint,
    ])
    expect(await suspected({ asks: asks([a, 'x']), takes: () => true, hints: [hint] }, a)).toEqual([])
    expect(await suspected({ asks: asks([a, 'x']), takes }, a)).toEqual([])
  })

  it('has the run with everything undone, where there was one', async () => {
    const withFix = async (world: World, ...errors: readonly Finding[]): Promise<Run | undefined> => (await shown(world, errors)).withFix
    expect(await withFix({ asks: asks([a, 'x'], [b, 'y']), takes: all('x', 'y') }, a, b)).toEqual(['x', 'y'])
    expect(await withFix({ asks: asks([a, 'x'], [b, 'y']), takes: () => false }, a, b)).toEqual(['x', 'y'])
    expect(await withFix({ asks: asks(), takes: () => false }, a)).toBeUndefined()
    expect(await withFix({ asks: asks([a, 'x']), takes: all('x'), can: (changes) => changes.length === 0 }, a)).toBeUndefined()
  })

  it.each(['unsupported-input', 'invalid-argument'] as const)('can not be given what a chain refuses with %s', async (code) => {
    const trial = (refuses: (changes: Run) => Error | undefined): Trial<string, Run> => ({
      replay: async (changes) => {
        const refusal = refuses(changes)
        if (refusal !== undefined) throw refusal
        return changes
      },
      settles: all('x'),
      suspects: () => [],
      undo: (each) => (each === a ? ['x'] : ['y']),
      keyOf: (change) => change,
    })
    const { verdicts } = await prove(
      trial((changes) => (changes.join() === 'x' ? new Eip3009Error(code, 'not here') : undefined)),
      [a, b],
    )
    expect([...verdicts.values()]).toEqual(['proven', 'proven'])
    // Anything else that goes wrong is no answer of the chain.
    for (const error of [new Eip3009Error('controls-failed', 'broken'), Object.assign(new TypeError('broken'), { code })])
      await expect(
        prove(
          trial((changes) => (changes.length === 1 ? error : undefined)),
          [a, b],
        ),
      ).rejects.toThrow('broken')
  })

  it('fails with what is wrong on our own side', async () => {
    const broken: Trial<string, Run> = {
      replay: async () => {
        throw new Eip3009Error('unsupported-input', 'not even as it is')
      },
      settles: () => true,
      suspects: () => [],
      undo: () => ['x'],
      keyOf: (change) => change,
    }
    await expect(prove(broken, [a])).rejects.toMatchObject({ code: 'unsupported-input' })
    const dead = {
      ...broken,
      replay: async (changes: Run) => (changes.length === 0 ? changes : Promise.reject(new TypeError('dead'))),
      settles: () => false,
    }
    await expect(prove(dead, [a])).rejects.toThrow('dead')
  })
})

/** Up to six findings, each with some of five changes, and what the chain takes: any of some sets of changes, or more than that. */
const worlds = fc.record({
  asked: fc.array(fc.subarray(['p', 'q', 'r', 's', 't']), { minLength: 1, maxLength: 6 }),
  sets: fc.array(fc.subarray(['p', 'q', 'r', 's', 't'], { minLength: 1 }), { maxLength: 3 }),
})

it('proves a smallest set: it settles with all of it undone, not with one left in, and costs no more than a run for each', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async ({ asked, sets }) => {
      const errors = causeIds.slice(0, asked.length).map(finding)
      const of = new Map(errors.map((each, index) => [each, asked[index] ?? []]))
      const takes = (changes: readonly string[]): boolean => sets.some((set) => all(...set)(changes))
      const { verdicts, runs } = await shown({ asks: of, takes }, errors)
      expect(runs.length).toBeLessThanOrEqual(errors.length + 2)
      expect(new Set(runs.map((changes) => changes.join())).size).toBe(runs.length)
      const able = errors.filter((each) => of.get(each)?.length !== 0)
      const isShown = takes(able.flatMap((each) => of.get(each) ?? []))
      expect([...verdicts.keys()]).toEqual(isShown ? able : [])
      if (!isShown) return
      const proven = able.filter((each) => verdicts.get(each) === 'proven')
      const undoing = (findings: readonly Finding[]): string[] => findings.flatMap((each) => of.get(each) ?? [])
      expect(takes(undoing(proven))).toBe(true)
      for (const each of proven) {
        const without = undoing(proven.filter((other) => other !== each)).filter((change) => of.get(each)?.includes(change) !== true)
        expect(takes(without), `${each.cause} of ${proven.map(({ cause }) => cause).join(', ')}`).toBe(false)
      }
    }),
  )
})
