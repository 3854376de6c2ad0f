import { expect, expectTypeOf, it } from 'vitest'
import { type CauseIdOf, catalogue, causeIds } from './catalogue.ts'
import { isShown, type NotShown, notShown, type ShownCauseIdOf, whyNotShown } from './not-shown.ts'

it.each(['evm', 'solana'] as const)('says of each cause of %s why no replay shows it, or has a family undo it', (family) => {
  const own = causeIds.filter((id) => [family, 'both'].includes(catalogue[id].family))
  const why: Readonly<Partial<Record<string, NotShown>>> = notShown[family]
  expect(Object.keys(why).filter((id) => !(own as readonly string[]).includes(id))).toEqual([])
  expect(own.filter((id) => isShown(family, id) !== (why[id] === undefined))).toEqual([])
  expect(own.filter((id) => isShown(family, id)).length).toBeGreaterThan(15)
  expect(Object.keys(why).length).toBeGreaterThan(15)
  for (const { says } of Object.values(why) as NotShown[]) expect(says).toMatch(/^[a-z@"].{20,}[^.]$/i)
})

it('has no cause of the other family', () => {
  expect(isShown('evm', 'svm-account-frozen')).toBe(false)
  expect(isShown('solana', 'paused')).toBe(false)
  expect(whyNotShown('evm', 'svm-memo-mismatch')).toBeUndefined()
  expect(whyNotShown('solana', 'svm-memo-mismatch')?.id).toBe('off-chain')
  expectTypeOf<'svm-account-frozen'>().toExtend<ShownCauseIdOf<'solana'>>()
  expectTypeOf<'svm-account-frozen'>().not.toExtend<CauseIdOf<'evm'>>()
  expectTypeOf<'rpc-fault'>().not.toExtend<ShownCauseIdOf<'evm'>>()
})

/** What a run of a transaction comes to, the catalogue says for another reason: the two must not say otherwise of it. */
it('agrees on Solana with what a run of each cause comes to', () => {
  const own = causeIds.flatMap((id) => {
    const entry = catalogue[id]
    return entry.family === 'solana' ? [[id, entry.cluster.run] as const] : []
  })
  const told = own.map(([id, run]) => [run, whyNotShown('solana', id)?.id] as const)
  expect(new Set(told.filter(([run]) => run === 'takes').map(([, id]) => id))).toEqual(new Set(['taken', 'off-chain']))
  expect(new Set(told.filter(([run]) => run === 'landed').map(([, id]) => id))).toEqual(new Set(['afterwards']))
  expect(told.filter(([run, id]) => run === 'fails' && id === 'taken')).toEqual([])
})

it('has nothing that only a replay would prove', () => {
  const needed = causeIds.filter((id) => (catalogue[id].proof.needs as readonly string[]).includes('replay'))
  expect(needed.length).toBeGreaterThan(10)
  const never = needed.filter((id) => !isShown('evm', id) && !isShown('solana', id))
  // A replay shows the token's refusal of the payee, which names it: that is a proof, though nothing undoes it.
  expect(never).toEqual(['payee-not-payable'])
})
