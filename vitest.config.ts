import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig, type UserWorkspaceConfig } from 'vitest/config'
import { testProjects } from './scripts/test-projects.ts'

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const files = testProjects()

const alias = [
  { find: /^@eip3009\/core$/, replacement: source('packages/core/src/index.ts') },
  { find: /^@eip3009\/core\/(.+)$/, replacement: `${source('packages/core/src/')}$1.ts` },
  { find: /^@eip3009\/fixtures$/, replacement: source('packages/fixtures/src/index.ts') },
  { find: /^fast-check$/, replacement: source('test/fast-check.ts') },
]

/** Guards against hanging, no measures: a test that passes must pass on a machine that is busy with something else. */
const guards = { testTimeout: 300_000, hookTimeout: 300_000 }

/** Nothing here opens anything, so files have nothing to leave behind, and share a thread and what it has loaded. */
const opensNothing = (name: 'pure' | 'long'): UserWorkspaceConfig => ({
  resolve: { alias: [...alias, { find: /^(?:litesvm|@viem\/anvil)$/, replacement: source('test/no-chain.ts') }] },
  test: { ...guards, name, include: files[name], setupFiles: ['test/pure.ts'], pool: 'threads', isolate: false },
})

/** One process a worker, and in it the chains that its files share (`test/chain/chain-world.ts`). */
const chain: UserWorkspaceConfig = {
  resolve: { alias },
  test: { ...guards, name: 'chain', include: files.chain, pool: 'forks', isolate: false },
}

/** What starts processes, or runs what is built. */
const packages: UserWorkspaceConfig = {
  resolve: { alias },
  test: { ...guards, name: 'package', include: files.package, pool: 'forks' },
}

export default defineConfig({
  test: {
    // All cores: on a machine with two, the usual one less would be half of it.
    maxWorkers: availableParallelism(),
    // A guard against hanging, no measure.
    teardownTimeout: 120_000,
    projects: [packages, chain, opensNothing('long'), opensNothing('pure')],
  },
})
