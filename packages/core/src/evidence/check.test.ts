import { expect, it } from 'vitest'
import type { Finding } from '../causes/finding.ts'
import { type Check, findingsOf, fromFindings, runChecks, skip, skippedIn } from './check.ts'

const names = { weight: 'what it weighs', lid: 'the lid', seal: 'the seal' } as const
type Box = { readonly weight: number }
const heavy: Finding = {
  cause: 'malformed-field',
  party: 'client',
  severity: 'error',
  summary: 'It is too heavy.',
  evidence: [],
  fix: 'take something out',
}

const checks: readonly Check<Box, { readonly most: number }, keyof typeof names>[] = [
  { id: 'weight', decisive: true, run: ({ weight }, { most }) => fromFindings(weight > most ? [heavy] : []) },
  { id: 'lid', run: () => skip('fact-unread', 'nobody looked') },
  { id: 'seal', decisive: true, run: () => skip('not-wanted', 'nobody asked') },
]

it.each([
  [5, [heavy]],
  [3, []],
])('of %i pounds, checks find what they were made for, and nothing else', (weight, findings) => {
  const made = runChecks(checks, { weight }, { most: 4 })
  expect(made.map(({ check }) => check.id)).toEqual(['weight', 'lid', 'seal'])
  expect(findingsOf(made)).toEqual(findings)
})

it('nothing found is a check that holds', () => {
  expect(fromFindings([])).toEqual({ outcome: 'pass' })
  expect(fromFindings([heavy])).toEqual({ outcome: 'fail', findings: [heavy] })
})

it('what was not made is told in the words of its family, in order, and which of it decides', () => {
  const made = runChecks(checks, { weight: 1 }, { most: 4 })
  expect(skippedIn(made, names)).toEqual([
    { id: 'lid', check: 'the lid', code: 'fact-unread', reason: 'nobody looked' },
    { id: 'seal', check: 'the seal', code: 'not-wanted', reason: 'nobody asked' },
  ])
  expect(
    skippedIn(
      made.filter(({ check }) => check.decisive),
      names,
    ).map(({ id }) => id),
  ).toEqual(['seal'])
})
