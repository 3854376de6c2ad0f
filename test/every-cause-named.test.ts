import { readFileSync } from 'node:fs'
import { type CauseId, causeIds, comparePayments, decodeRevert, diagnose, readEvmPayment } from '@eip3009/core'
import { readSvmPayment } from '@eip3009/core/solana'
import { fixture, fixtureCauses, reverts, svmFixtureCauses } from '@eip3009/fixtures'
import { describe, expect, it, test } from 'vitest'
import { diagnoseSvm } from '../packages/core/src/solana/diagnosis/diagnose.ts'

/** Named by what a chain shows, in the test that shows it. */
const onChain = {
  'eip7702-payer': 'chain/diagnose-state.test.ts',
  'smart-wallet-signature': 'chain/diagnose-state.test.ts',
  'authorization-used': 'chain/diagnose-state.test.ts',
  'authorization-canceled': 'chain/diagnose-state.test.ts',
  'executed-by-third-party': 'chain/diagnose-state.test.ts',
  'token-without-eip3009': 'chain/diagnose-state.test.ts',
  'no-bytes-overload': 'chain/diagnose-state.test.ts',
  'asset-has-no-code': 'chain/diagnose-state.test.ts',
  'nonce-out-of-sequence': 'token-families.test.ts',
  'nonce-out-of-turn': 'token-families.test.ts',
  'nonce-not-bound': 'rails.test.ts',
  'pending-block-estimate': 'chain/faulty-rpc.test.ts',
  'rpc-wrong-chain': 'chain/faulty-rpc.test.ts',
  'payee-contract-not-credited': 'chain/relayers.test.ts',
} as const satisfies Partial<Record<CauseId, string>>

/** Never stated as a fact by an answer, because the answers that mean it mean other things, too: named as one that it can be. */
const suspected = [
  'token-upgraded',
  'transfer-event-missing',
  'below-facilitator-minimum',
  'facilitator-schema-limit',
  'settlement-reorged',
  'paid-not-delivered',
  'facilitator-replays-answer',
  'batch-item-failed',
  'chain-halted',
  'rpc-lagging',
] as const satisfies readonly CauseId[]

const stated = new Set<CauseId>()
const possible = new Set<CauseId>()
for (const { input, expect: wanted } of reverts) {
  const { cause, causes } = decodeRevert(input)
  if (cause !== undefined && wanted.cause === cause) stated.add(cause)
  for (const id of causes) if (wanted.mayBe?.includes(id)) possible.add(id)
}

/** Causes of the findings of the payments that `@eip3009/fixtures` breaks, offline. */
async function ofPayments(): Promise<ReadonlySet<CauseId>> {
  const found = new Set<CauseId>()
  for (const cause of fixtureCauses) {
    const { input, at } = fixture('base', cause)
    const { findings } = await diagnose(readEvmPayment(input), { now: BigInt(at), at: BigInt(at), search: { depth: 'quick' } })
    for (const finding of findings) if (finding.cause === cause) found.add(finding.cause)
  }
  // What the cluster alone shows is shown there: test/solana/state.test.ts asserts each of these on its own state.
  for (const cause of svmFixtureCauses) {
    const { input, shownBy } = fixture('solana', cause)
    const { findings } = diagnoseSvm(readSvmPayment(input), { now: 1_790_000_000n })
    for (const finding of findings) if (finding.cause === cause) found.add(finding.cause)
    if (shownBy !== 'payload') for (const id of causeIds) if (id === cause) found.add(id)
  }
  return found
}

describe('each cause of the catalogue', () => {
  it('is named by a diagnosis, a decode or a comparison of payments', async () => {
    const payments = await ofPayments()
    const valid = readEvmPayment(fixture('base', 'valid').input)
    const { authorization } = valid
    const pairs = comparePayments([
      valid,
      { ...valid, authorization: { ...authorization, value: authorization.value + 1n } },
      { ...valid, authorization: { ...authorization, nonce: `0x${'5a'.repeat(32)}` } },
    ]).map(({ finding }) => finding.cause)
    const named = new Set<string>([...stated, ...payments, ...pairs, ...Object.keys(onChain), ...suspected])
    expect(causeIds.length).toBeGreaterThan(100)
    expect(causeIds.filter((id) => !named.has(id))).toEqual([])
    // Nothing is listed by hand that is named anyway.
    const anyway = new Set<CauseId>([...stated, ...payments])
    expect([...Object.keys(onChain), ...suspected].filter((id) => causeIds.some((each) => each === id && anyway.has(each)))).toEqual([])
  })

  test.each(Object.entries(onChain))('%s: %s', (cause, file) => {
    expect(readFileSync(new URL(file, import.meta.url), 'utf8')).toContain(`'${cause}'`)
  })

  test.each(suspected)('%s is one that an answer can mean', (cause) => {
    expect([...possible]).toContain(cause)
  })
})
