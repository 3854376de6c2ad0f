import { readFileSync } from 'node:fs'
import { evmProfiles } from '@eip3009/core'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { answersToCases, answersToFixtures, type Outcome, runs } from './evm-facilitators.ts'
import { evmFacilitatorsPage } from './evm-facilitators-page.ts'

let cases: readonly Outcome[]
let fixtures: readonly Outcome[]
beforeAll(async () => {
  // Older versions print what they can not settle.
  const silenced = [
    vi.spyOn(console, 'error').mockImplementation(() => undefined),
    vi.spyOn(console, 'log').mockImplementation(() => undefined),
  ]
  cases = await answersToCases()
  fixtures = await answersToFixtures()
  for (const each of silenced) each.mockRestore()
})

/** Predicted with all that the chain shows, so that nothing is left to depend on. */
const told = ({ predicted: { verify, code } }: Outcome): string | null =>
  verify === 'accepts' ? null : verify === 'depends' ? 'depends' : code

describe('each version answers what its profile predicts', () => {
  it('to every payment of the page about the reference', () => {
    expect(cases.map((each) => [each.name, each.run, told(each)])).toEqual(cases.map(({ name, run, verify }) => [name, run, verify]))
    expect(cases.length).toBeGreaterThanOrEqual(runs.length * 30)
  })

  it('to every fixture that is a body of /verify', () => {
    expect(fixtures.map((each) => [each.name, each.run, told(each)])).toEqual(fixtures.map(({ name, run, verify }) => [name, run, verify]))
    expect(fixtures.length).toBeGreaterThanOrEqual(runs.length * 30)
  })

  it('and at settle, where it has a code for what the token refuses', () => {
    const coded = cases.filter(({ run }) => evmProfiles.find(({ id }) => id === run)?.rules.settles !== null)
    expect(
      coded.map(({ name, run, predicted, ...each }) => [name, run, predicted.settle ?? told({ name, run, predicted, ...each })]),
    ).toEqual(coded.map(({ name, run, settle }) => [name, run, settle]))
  })
})

it('the page about them says what they answered; where it does not, run `pnpm docs`', () => {
  expect(evmFacilitatorsPage(cases)).toBe(readFileSync(new URL('../../docs/evm-facilitators.md', import.meta.url), 'utf8'))
})
