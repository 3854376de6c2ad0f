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
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
