import type { TestAPI } from 'vitest'
import { clock } from '../evidence/clock.ts'
import { insideTestRun, vitest } from './load-vitest.ts'
import { type JudgingChain, type PaymentMatchers, paymentMatchers } from './matchers.ts'
import { poolChains } from './pool-chains.ts'
import { type ChainSourceOfTests, type ChainTestOptions, checkOptions, resolveChain, type TestChain, testChain } from './test-chain.ts'

declare module 'vitest' {
  // The parameter has to be named and defaulted as vitest has it, or the two do not merge.
  // biome-ignore lint/suspicious/noExplicitAny: as vitest declares it
  interface Matchers<T = any> extends PaymentMatchers<T> {}
}

/** What a test created by `createChainTest` is given besides vitest's own context. */
export interface ChainTestContext {
  readonly chain: TestChain
}

/** Which chain stands behind a test's `chain`, which says nothing of how it can be written to. */
const judging = Symbol('the chain that assertions ask')

interface JudgedChain extends TestChain {
  readonly [judging]?: JudgingChain
}

const { matchers, chains } = paymentMatchers({
  chainOf: (state) =>
    (state as { readonly task?: { readonly context?: { readonly chain?: JudgedChain } } }).task?.context?.chain?.[judging],
  now: clock,
})

if (insideTestRun()) {
  const { expect } = vitest()
  expect.extend({ ...matchers })
}

/**
 * A `test` whose every test has its own chain: `test('…', async ({ chain, expect }) => …)`. A chain is an anvil of ours with Circle's contract at the
 * network's real address, or a fork of `forkUrl`. Tests that run one after another share an anvil, which is put back as it was between them; tests that
 * run side by side have one each. Assertions of `expect` are made on the test's chain; tests that run side by side take `expect` from their context.
 * @throws Eip3009Error `missing-package` without vitest, `unknown-network`, `unsupported-input`, `invalid-argument`. What keeps a chain from being opened
 * fails the test that needs it.
 */
export function createChainTest(options: ChainTestOptions): TestAPI<ChainTestContext> {
  const { afterAll, test } = vitest()
  checkOptions(options)
  let source: Promise<ChainSourceOfTests> | undefined
  const resolve = (): Promise<ChainSourceOfTests> => {
    source ??= resolveChain(options)
    return source
  }
  const pool = poolChains(async () => (await resolve()).open())
  afterAll(async () => {
    await Promise.all([pool.close(), chains.close()])
  })
  return test.extend<ChainTestContext>({
    chain: [
      // biome-ignore lint/correctness/noEmptyPattern: vitest reads the pattern to find out what a fixture needs
      async ({}, use) => {
        const { chain, giveBack } = await pool.take()
        try {
          await use(judged({ chain, network: (await resolve()).network }))
        } finally {
          await giveBack()
        }
      },
      { auto: true },
    ],
  })
}

function judged(own: JudgingChain): JudgedChain {
  const chain: JudgedChain = { ...testChain(own.network, own.chain), [judging]: own }
  // Not enumerable, so that a chain that is printed or compared is what it looks like.
  Object.defineProperty(chain, judging, { enumerable: false })
  return chain
}
