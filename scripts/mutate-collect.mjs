// What stands for `vitest` while mutants are tried (`scripts/mutate-runner.mjs`): it takes down the tests of a file instead of running them, so that the same
// ones can be run for one mutant after the other in one process that has everything loaded. What it has not, no test that is tried may use.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const ofVitest = createRequire(createRequire(import.meta.url).resolve('vitest/package.json'))
const from = (name) => import(pathToFileURL(ofVitest.resolve(name)).href)
const { chai, JestChaiExpect, JestExtend, JestAsymmetricMatchers, GLOBAL_EXPECT, setState } = await from('@vitest/expect')

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin)
export const expect = (value, message) => chai.expect(value, message)
for (const name of ['anything', 'any', 'objectContaining', 'arrayContaining', 'stringContaining', 'stringMatching', 'closeTo'])
  expect[name] = chai.expect[name]
Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: expect, configurable: true, writable: true })
setState({ assertionCalls: 0, isExpectingAssertions: false, environment: 'node' }, expect)

/** Each as `{ id, run }`, in order; whoever runs them reads it. */
export const collected = []
let titles = []
let before = []

export function startFile(path) {
  titles = [path]
  before = []
}

const named = (name, row, index) => `${String(name)} #${index} ${row.filter((each) => typeof each === 'string').join(' ')}`
const each = (make) => (rows) => (name, body) =>
  rows.forEach((row, index) => {
    const values = Array.isArray(row) ? row : [row]
    make(named(name, values, index), () => body(...values))
  })

export function describe(name, body) {
  const outside = before
  titles.push(String(name))
  before = [...outside]
  body()
  titles.pop()
  before = outside
}
describe.each = each(describe)

let numbered = 0
export function it(name, body) {
  const hooks = before
  numbered += 1
  collected.push({
    id: `${titles.join(' > ')} > ${String(name)} (${numbered})`,
    run: async () => {
      for (const hook of hooks) await hook()
      await body()
    },
  })
}
it.each = each(it)
export const test = Object.assign((name, body) => it(name, body), { each: it.each })
export const beforeEach = (hook) => before.push(hook)
const unsupported = (name) => () => {
  throw new Error(`${name} is not there while mutants are tried`)
}
export const [afterEach, beforeAll, afterAll] = ['afterEach', 'beforeAll', 'afterAll'].map(unsupported)
export const vi = {}
