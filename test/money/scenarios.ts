import { moments, type Scenario } from './operator.ts'
import { type FaultId, faultIds, faults, fitTogether, positions } from './payments.ts'
import { rpcStates } from './view.ts'

type Place = Omit<Scenario, 'faults'>

const places: readonly Place[] = rpcStates.flatMap((rpc) =>
  positions.flatMap((position) => moments.map((moment): Place => ({ rpc, position, moment }))),
)

/** How many places each pair of faults is tried at: which ones goes round, so that each place has its pairs. */
const placesOfPair = 4

const pairs: readonly (readonly [FaultId, FaultId])[] = faultIds.flatMap((one, at) =>
  faultIds.slice(at + 1).flatMap((other) => (fitTogether(one, other) ? [[one, other] as const] : [])),
)

const take = <T>(all: readonly T[], at: number): T => all[at % all.length] as T

/** No fault and each alone, everywhere but for every other moment; each pair at some places. */
export const scenarios: readonly Scenario[] = [
  ...[[], ...faultIds.map((id) => [id])].flatMap((some, turn) =>
    places.filter((_, at) => (at + Math.floor(at / moments.length) + turn) % 2 === 0).map((place) => ({ faults: some, ...place })),
  ),
  ...pairs.flatMap((pair, at) =>
    Array.from({ length: placesOfPair }, (_, turn): Scenario => {
      // Two windows for each pair: what is found out about a signature need not be found out again.
      const position = take(positions, at + 2 * (turn % 2))
      return { faults: pair, position, rpc: take(rpcStates, 3 * at + turn), moment: take(moments, at + turn + Math.floor(at / 7)) }
    }),
  ),
]

/** Some of them, spread over all, the same in each run. */
export function sampleOf<T>(all: readonly T[], count: number): readonly T[] {
  const step = all.length / count
  return step <= 1 ? all : Array.from({ length: count }, (_, at) => all[Math.floor(at * step)] as T)
}

export function scenarioOf(id: string): Scenario {
  const [family, some = '', rpc, position, moment] = id.split('/')
  const chosen = some === 'none' ? [] : some.split('+')
  const isFault = (each: string): each is FaultId => Object.hasOwn(faults, each)
  const place = places.find((each) => each.rpc === rpc && each.position === position && each.moment === moment)
  const known = chosen.filter(isFault)
  if (family !== 'evm' || place === undefined || known.length !== chosen.length) throw new RangeError(`There is no scenario ${id}.`)
  return { faults: known, ...place }
}
