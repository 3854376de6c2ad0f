// fast-check with as many runs as `FC_NUM_RUNS` asks for: 100 is what each property says itself, 25 a quarter of it, 2000 twenty times as many. Stands in
// for `fast-check` in every test (`vitest.config.ts`), so that no property is left out. `FC_SEED` makes every run the same one: a push is not to fail by chance.
import * as real from '../node_modules/fast-check/lib/fast-check.js'
import { runs } from './runs.ts'

// biome-ignore lint/performance/noReExportAll: all of it but what is changed here
// biome-ignore lint/performance/noBarrelFile: it stands in for a package
export * from '../node_modules/fast-check/lib/fast-check.js'

const seed = process.env.FC_SEED ? { seed: Number(process.env.FC_SEED) } : {}

function scaled<T>(parameters: real.Parameters<T> = {}): real.Parameters<T> {
  return { ...seed, ...parameters, numRuns: runs(parameters.numRuns ?? 100) }
}

export function assert<T>(property: real.IAsyncProperty<T>, parameters?: real.Parameters<T>): Promise<void>
export function assert<T>(property: real.IProperty<T>, parameters?: real.Parameters<T>): void
export function assert<T>(property: real.IRawProperty<T>, parameters?: real.Parameters<T>): Promise<void> | void {
  return real.assert(property, scaled(parameters))
}

export default { ...real.default, assert }
