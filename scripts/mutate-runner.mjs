// Stryker's way to our pure tests (`stryker.config.mjs`): loads them once, by Vite as vitest does, and runs those that reach a mutant in the same process.
// vitest would start a worker and load everything anew for each of some thousand mutants. `MUTATE_TESTS` names rooms or files, separated by commas.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const ofVitest = createRequire(createRequire(import.meta.url).resolve('vitest/package.json'))
const collector = join(dirname(fileURLToPath(import.meta.url)), 'mutate-collect.mjs')
const source = (path) => join(process.cwd(), path)

/** What takes longer searches over a signature: it is left out, so that a mutant takes milliseconds. */
const mostMs = 3_000

/** Who instrumented code asks which mutant it is, and tells what it reached. */
const stryker = () => {
  globalThis.__stryker__ ??= {}
  return globalThis.__stryker__
}

class TableRunner {
  #tests = []
  #server

  capabilities() {
    return { reloadEnvironment: false }
  }

  async init() {
    const { createServer } = await import(pathToFileURL(ofVitest.resolve('vite')).href)
    this.#server = await createServer({
      root: process.cwd(),
      configFile: false,
      logLevel: 'error',
      appType: 'custom',
      server: { middlewareMode: true, hmr: false, watch: null, ws: false },
      optimizeDeps: { noDiscovery: true, include: [] },
      resolve: {
        alias: [
          { find: /^vitest$/, replacement: collector },
          { find: /^@eip3009\/core$/, replacement: source('packages/core/src/index.ts') },
          { find: /^@eip3009\/core\/(.+)$/, replacement: `${source('packages/core/src/')}$1.ts` },
          { find: /^@eip3009\/fixtures$/, replacement: source('packages/fixtures/src/index.ts') },
          { find: /^fast-check$/, replacement: source('test/fast-check.ts') },
        ],
      },
    })
    const { collected, startFile } = await this.#server.ssrLoadModule(collector)
    const { testProjects } = await this.#server.ssrLoadModule(source('scripts/test-projects.ts'))
    const tried = (process.env.MUTATE_TESTS ?? 'packages/core/src').split(',')
    for (const file of testProjects(process.cwd()).pure) {
      if (!tried.some((path) => file === path || file.startsWith(`${path}/`))) continue
      startFile(file)
      try {
        await this.#server.ssrLoadModule(source(file))
      } catch (error) {
        process.stderr.write(`${file} is left out: ${error instanceof Error ? error.message : String(error)}\n`)
      }
    }
    this.#tests = collected
  }

  async dryRun() {
    const tests = []
    for (const test of this.#tests) {
      const { failure, timeSpentMs } = await this.#run(test)
      if (timeSpentMs > mostMs) continue
      // Snapshots and mocks are vitest's own.
      if (failure !== undefined) process.stderr.write(`${test.id} is left out: ${failure}\n`)
      else tests.push({ id: test.id, name: test.id, timeSpentMs, status: 0 })
    }
    return { status: 'complete', tests, mutantCoverage: stryker().mutantCoverage ?? { static: {}, perTest: {} } }
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }) {
    const wanted = testFilter === undefined ? undefined : new Set(testFilter)
    const tests = wanted === undefined ? this.#tests : this.#tests.filter(({ id }) => wanted.has(id))
    Object.assign(stryker(), { activeMutant: activeMutant.id, hitCount: 0, hitLimit })
    try {
      for (const [index, test] of tests.entries()) {
        const { failure } = await this.#run(test)
        const { hitCount } = stryker()
        if (hitLimit !== undefined && hitCount > hitLimit) return { status: 'timeout', reason: `reached ${hitLimit} times` }
        if (failure !== undefined) return { status: 'killed', killedBy: [test.id], failureMessage: failure, nrOfTests: index + 1 }
      }
      return { status: 'survived', nrOfTests: tests.length }
    } finally {
      Object.assign(stryker(), { activeMutant: undefined, hitCount: undefined, hitLimit: undefined })
    }
  }

  async dispose() {
    await this.#server?.close()
  }

  async #run({ id, run }) {
    stryker().currentTestId = id
    const began = performance.now()
    try {
      await run()
      return { timeSpentMs: performance.now() - began }
    } catch (error) {
      return { failure: error instanceof Error ? error.message : String(error), timeSpentMs: performance.now() - began }
    } finally {
      stryker().currentTestId = undefined
    }
  }
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'tables', injectableClass: TableRunner }]
