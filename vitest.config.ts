import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@eip3009\/core$/, replacement: source('packages/core/src/index.ts') },
      { find: /^@eip3009\/core\/(.+)$/, replacement: `${source('packages/core/src/')}$1.ts` },
      { find: /^@eip3009\/fixtures$/, replacement: source('packages/fixtures/src/index.ts') },
    ],
  },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts'],
    // All cores: on a machine with two, the usual one less would be half of it.
    maxWorkers: availableParallelism(),
    // Guards against hanging, no measures: a test that passes must pass on a machine that is busy with something else.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    teardownTimeout: 120_000,
  },
})
