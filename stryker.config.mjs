// Mutation testing of what judges: `pnpm mutate [folder…]` (`scripts/mutate.mjs`), with the tests beside it, which open nothing and take milliseconds.
export default {
  testRunner: 'tables',
  plugins: ['./scripts/mutate-runner.mjs', './scripts/mutate-logic.mjs'],
  ignorers: ['sentences'],
  coverageAnalysis: 'perTest',
  // What is made once while a file is loaded is the same for all tests of a worker: a mutant of it is no mutant of a run.
  ignoreStatic: true,
  // A string is a sentence, which is an output that people read (`test/prose` says all of them in noise, and every answer stays), or an id of a closed
  // union, of which the compiler refuses an empty one. The score is about logic.
  mutator: { excludedMutations: ['StringLiteral'] },
  // Tests of a room are made for this; a machine that is busy with something else is no reason to take a mutant for dead.
  timeoutMS: 30_000,
  reporters: ['clear-text', 'progress', 'json'],
  jsonReporter: { fileName: 'reports/mutation.json' },
  clearTextReporter: { allowColor: false, reportTests: false, reportScoreTable: true },
  concurrency: 2,
  tempDirName: '.stryker-tmp',
  ignorePatterns: ['docs', '**/dist', 'reports'],
  thresholds: { high: 90, low: 80, break: null },
}
