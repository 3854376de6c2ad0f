import { Eip3009Error } from '../errors/eip3009-error.ts'

export type Vitest = typeof import('vitest')

/** vitest, or why there is none. Importing this module does not need it; whoever registers a test does. */
const loaded: Vitest | { readonly missing: unknown } = await import('vitest').catch((missing: unknown) => ({ missing }))

/**
 * vitest as the user has it.
 * @throws Eip3009Error `missing-package`
 */
export function vitest(): Vitest {
  if (!('missing' in loaded)) return loaded
  throw new Eip3009Error('missing-package', 'Chain tests need the package vitest, which is not installed: npm install --save-dev vitest', {
    cause: loaded.missing,
  })
}

/** Whether a test run is under way: only then may something be registered. */
export function insideTestRun(): boolean {
  return !('missing' in loaded) && process.env.VITEST !== undefined
}
