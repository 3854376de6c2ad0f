// Mutation testing of what judges: `pnpm mutate [folder…]` (`scripts/mutate.mjs`), with the tests that open nothing.
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.config.ts', related: true },
  plugins: ['@stryker-mutator/vitest-runner'],
  coverageAnalysis: 'perTest',
  reporters: ['clear-text', 'progress', 'json'],
  jsonReporter: { fileName: 'reports/mutation.json' },
  clearTextReporter: { allowColor: false, reportTests: false, reportScoreTable: true },
  concurrency: 2,
  tempDirName: '.stryker-tmp',
  ignorePatterns: ['docs', '**/dist', 'reports'],
  thresholds: { high: 90, low: 80, break: null },
}
