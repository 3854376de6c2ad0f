import type { Area } from './generators.ts'
import type { Likelihood } from './hypothesis.ts'

/**
 * How far a search goes. `none`: no further than the token itself; `quick`: every single slip, and the pairs that happen most; `pairs`: all pairs
 * but those of two rare slips; `deep`: the rest of the pairs, long ranges of times and amounts, and the likely triples.
 */
export const searchDepths = ['none', 'quick', 'pairs', 'deep'] as const

export type SearchDepth = (typeof searchDepths)[number]

/** Slips of one area, from one likelihood to another; `far` are those out of long ranges, such as each second of a day. */
export type Slips = readonly [area: Area, from: Likelihood, to: Likelihood] | readonly [area: 'message', from: 'far', to: 'far']

/** Hypotheses that put one slip of each of these together. */
export interface Stage {
  readonly depth: Exclude<SearchDepth, 'none'>
  readonly of: readonly Slips[]
  /** Whether it is about the less likely ones of the tokens that the payment may be in. Single slips are tried of all in one stage. */
  readonly others?: true
}

const stage = (depth: Stage['depth'], ...of: readonly Slips[]): Stage => ({ depth, of })

/**
 * Everything that is tried, in this order: one slip, two, three, and within that by how much is found for how much work. Each combination of likelihoods
 * stands in one line only, so that what was exhausted can be told from the lines that were worked off.
 */
const ofLikeliest: readonly Stage[] = [
  stage('quick', ['bytes', 1, 3]),
  stage('quick', ['domain', 1, 3]),
  stage('quick', ['type', 1, 1]),
  stage('quick', ['message', 1, 1]),
  stage('quick', ['digest', 1, 1]),
  stage('quick', ['type', 2, 2]),
  stage('quick', ['message', 2, 2]),
  stage('quick', ['type', 3, 3]),
  stage('quick', ['message', 3, 3]),
  stage('quick', ['digest', 2, 3]),

  stage('quick', ['domain', 1, 3], ['bytes', 1, 3]),
  stage('quick', ['domain', 1, 1], ['domain', 1, 1]),
  stage('quick', ['domain', 1, 1], ['type', 1, 1]),
  stage('quick', ['domain', 1, 1], ['message', 1, 1]),
  stage('quick', ['type', 1, 1], ['message', 1, 1]),
  stage('quick', ['type', 1, 1], ['type', 1, 1]),
  stage('quick', ['message', 1, 1], ['message', 1, 1]),
  stage('quick', ['type', 1, 1], ['bytes', 1, 3]),
  stage('quick', ['message', 1, 1], ['bytes', 1, 3]),
  stage('quick', ['domain', 1, 1], ['digest', 1, 1]),
  stage('quick', ['type', 1, 1], ['digest', 1, 1]),
  stage('quick', ['message', 1, 1], ['digest', 1, 1]),
  stage('quick', ['digest', 1, 1], ['bytes', 1, 3]),
  stage('quick', ['message', 2, 3], ['bytes', 1, 1]),
  stage('quick', ['type', 2, 3], ['bytes', 1, 1]),
  stage('quick', ['domain', 2, 3], ['type', 1, 1]),

  stage('pairs', ['domain', 1, 1], ['type', 2, 2]),
  stage('pairs', ['type', 2, 2], ['message', 1, 1]),
  stage('pairs', ['type', 2, 3], ['bytes', 2, 3]),
  stage('pairs', ['message', 2, 2], ['bytes', 2, 3]),
  stage('pairs', ['domain', 1, 1], ['domain', 2, 3]),
  stage('pairs', ['domain', 2, 3], ['domain', 2, 3]),
  stage('pairs', ['domain', 2, 3], ['type', 2, 2]),
  stage('pairs', ['domain', 2, 2], ['message', 1, 1]),
  stage('pairs', ['domain', 3, 3], ['message', 1, 1]),
  stage('pairs', ['domain', 1, 1], ['message', 2, 2]),
  stage('pairs', ['type', 1, 1], ['message', 2, 2]),
  stage('pairs', ['type', 2, 2], ['message', 2, 2]),
  stage('pairs', ['message', 1, 1], ['message', 2, 2]),
  stage('pairs', ['domain', 2, 3], ['digest', 1, 1]),
  stage('pairs', ['domain', 1, 1], ['digest', 2, 3]),
  stage('pairs', ['type', 1, 1], ['digest', 2, 3]),
  stage('pairs', ['message', 1, 1], ['digest', 2, 3]),
  stage('pairs', ['type', 2, 3], ['digest', 1, 1]),
  stage('pairs', ['message', 2, 2], ['digest', 1, 1]),
  stage('pairs', ['digest', 2, 3], ['bytes', 1, 3]),

  stage('deep', ['domain', 1, 1], ['message', 3, 3]),
  stage('deep', ['domain', 2, 2], ['message', 2, 2]),
  stage('deep', ['message', 'far', 'far']),
  stage('deep', ['domain', 1, 1], ['type', 1, 1], ['bytes', 1, 1]),
  stage('deep', ['domain', 1, 1], ['message', 1, 1], ['bytes', 1, 1]),
  stage('deep', ['domain', 1, 1], ['domain', 1, 1], ['bytes', 1, 1]),
  stage('deep', ['type', 1, 1], ['message', 1, 1], ['bytes', 1, 1]),
  stage('deep', ['domain', 1, 1], ['domain', 1, 1], ['domain', 1, 1]),
  stage('deep', ['domain', 1, 1], ['domain', 1, 1], ['type', 1, 1]),
  stage('deep', ['domain', 1, 1], ['domain', 1, 1], ['message', 1, 1]),
  stage('deep', ['domain', 1, 1], ['type', 1, 1], ['message', 1, 1]),
  stage('deep', ['domain', 1, 1], ['message', 1, 1], ['message', 1, 1]),
  stage('deep', ['domain', 1, 1], ['type', 1, 1], ['digest', 1, 1]),
  stage('deep', ['domain', 1, 1], ['message', 1, 1], ['digest', 1, 1]),
  stage('deep', ['type', 1, 1], ['message', 3, 3]),
  stage('deep', ['type', 3, 3], ['message', 1, 1]),
  stage('deep', ['domain', 1, 1], ['type', 3, 3]),
  stage('deep', ['domain', 2, 2], ['type', 3, 3]),
  stage('deep', ['domain', 3, 3], ['type', 3, 3]),
  stage('deep', ['message', 1, 1], ['message', 3, 3]),
  stage('deep', ['message', 3, 3], ['bytes', 2, 3]),
  stage('deep', ['message', 2, 2], ['message', 2, 2]),
  stage('deep', ['domain', 3, 3], ['message', 2, 2]),
  stage('deep', ['domain', 2, 3], ['digest', 2, 3]),
  stage('deep', ['message', 3, 3], ['digest', 1, 1]),
  stage('deep', ['type', 2, 3], ['digest', 2, 3]),
  stage('deep', ['message', 2, 3], ['digest', 2, 3]),
  stage('deep', ['domain', 2, 3], ['message', 3, 3]),
  stage('deep', ['type', 2, 3], ['message', 3, 3]),
  stage('deep', ['type', 3, 3], ['message', 2, 2]),
  stage('deep', ['message', 2, 2], ['message', 3, 3]),
  stage('deep', ['message', 3, 3], ['message', 3, 3]),
]

/** The same pairs for the other tokens that the payment may be in come last: where it names none, it is nearly always the first. */
export const plan: readonly Stage[] = [
  ...ofLikeliest,
  ...ofLikeliest.filter(({ of }) => of.length === 2).map(({ of }): Stage => ({ depth: 'deep', of, others: true })),
]

/** Whether a search of this depth comes to the stage. */
export function reaches(depth: SearchDepth, { depth: needed }: Stage): boolean {
  return searchDepths.indexOf(needed) <= searchDepths.indexOf(depth)
}

/** What became of all hypotheses that put slips of the same areas together. */
export interface Coverage {
  /** The areas, as in `domain × message`; `far times and amounts` are the long ranges. */
  readonly of: string
  /**
   * How many at once.
   * @asType integer
   * @minimum 1
   * @maximum 3
   */
  readonly slips: number
  /** Whether these are the long ranges, each second of a day and each small amount. */
  readonly isFar: boolean
  /** `all`: each that is known to happen, or each pair of those; `some`: the likelier ones. */
  readonly tried: 'all' | 'some' | 'none'
}

export type StageState = 'done' | 'begun' | 'untouched'

/** What was exhausted and what not, by the stages of the plan. Of triples the plan has the likeliest only, so they are never `all`. */
export function coverageOf(stateOf: (stage: Stage) => StageState): Coverage[] {
  const byAreas = new Map<string, Stage[]>()
  for (const each of plan) {
    const label = labelOf(each)
    byAreas.set(label, [...(byAreas.get(label) ?? []), each])
  }
  return [...byAreas].map(([of, stages]): Coverage => {
    const slips = stages[0]?.of.length ?? 0
    const done = stages.filter((each) => stateOf(each) === 'done')
    const isAll = slips < 3 && done.length === stages.length && isWhole(stages)
    const isNone = stages.every((each) => each.others === true || stateOf(each) === 'untouched')
    const tried = isAll ? 'all' : isNone ? 'none' : 'some'
    return { of, slips, isFar: stages[0]?.of[0]?.[1] === 'far', tried }
  })
}

/** What several searches that shared the steps have exhausted together: what each of them came to the end of. */
export function commonCoverage([first = [], ...others]: readonly (readonly Coverage[])[]): Coverage[] {
  return first.map((each, index): Coverage => {
    const isSame = others.every((other) => other[index]?.tried === each.tried)
    return isSame ? each : { ...each, tried: 'some' }
  })
}

function labelOf({ of }: Stage): string {
  return of.map(([area, from]) => (from === 'far' ? 'far times and amounts' : area)).join(' × ')
}

/** Whether stages of the same areas are all combinations of the three likelihoods. */
function isWhole(stages: readonly Stage[]): boolean {
  const cells = new Set(stages.flatMap(cellsOf))
  const [first, second] = stages[0]?.of ?? []
  if (first?.[1] === 'far') return true
  return cells.size === (second === undefined ? 3 : first?.[0] === second[0] ? 6 : 9)
}

/** The combinations of likelihoods that a stage has; of two slips of one area the order does not count. */
export function cellsOf({ of }: Stage): string[] {
  const [first, second] = of.map(([, from, to]) =>
    from === 'far' ? ['far'] : likelihoods.filter((each) => each >= from && each <= Number(to)).map(String),
  )
  if (second === undefined) return first ?? []
  const sorted = of[0]?.[0] === of[1]?.[0]
  return [...new Set((first ?? []).flatMap((a) => second.map((b) => (sorted && a > b ? `${b}${a}` : `${a}${b}`))))]
}

const likelihoods = [1, 2, 3] as const satisfies readonly Likelihood[]
