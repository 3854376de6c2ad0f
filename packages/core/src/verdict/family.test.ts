import { describe, expect, it } from 'vitest'
import type { Finding } from '../causes/finding.ts'
import type { Check, NotMade } from '../evidence/check.ts'
import { fromFindings, skip } from '../evidence/check.ts'
import type { DiagnosisTrunk } from './diagnosis.ts'
import { errorsIn, examine, type Family, type Kinds } from './family.ts'

const finding = (cause: Finding['cause'], severity: Finding['severity'] = 'error'): Finding => ({
  cause,
  party: 'client',
  severity,
  summary: 'x',
  evidence: [],
  fix: 'x',
})

interface Toy extends Kinds {
  readonly payment: string
  readonly options: { readonly steps: string[]; readonly fails?: 'checks' | 'replay' }
  readonly evidence: number
  readonly checkId: 'one' | 'two' | 'three'
  readonly replay: { readonly runs: number }
  readonly answer: DiagnosisTrunk
}

function toy({ steps, fails, world = true }: Toy['options'] & { readonly world?: boolean }): {
  readonly family: Family<Toy>
  readonly closed: () => number
} {
  let closed = 0
  const check = (
    id: Toy['checkId'],
    result: ReturnType<Check<string, number, Toy['checkId']>['run']>,
  ): Check<string, number, Toy['checkId']> => ({
    id,
    run: (payment, evidence) => {
      steps.push(`${id} of ${payment} with ${evidence}`)
      if (fails === 'checks') throw new TypeError('a bug')
      return result
    },
  })
  const opened: AsyncDisposable = {
    [Symbol.asyncDispose]: async () => {
      closed++
    },
  }
  const family: Family<Toy> = {
    id: 'evm',
    ask: async (payment) => {
      steps.push('ask')
      return { payment: `${payment}, read`, evidence: 7, world: world ? opened : undefined }
    },
    checks: () => [
      [check('one', fromFindings([finding('expired')])), check('two', skip('no-chain', 'x'))],
      [check('three', fromFindings([finding('paused'), finding('blacklisted', 'warning')]))],
    ],
    sift: (payment, evidence, found) => {
      steps.push(`sift ${found.map(({ cause }) => cause).join(' ')} of ${payment} with ${evidence}`)
      return { findings: [...found].reverse(), contradictions: [] }
    },
    replay: async (payment, evidence, { findings }, _options, given): Promise<{ readonly runs: number } | NotMade> => {
      steps.push(`replay ${findings.length} of ${payment} with ${evidence} on ${given === undefined ? 'nothing' : 'what was opened'}`)
      if (fails === 'replay') throw new TypeError('a bug')
      return { runs: 2 }
    },
    answer: () => {
      throw new TypeError('not asked for here')
    },
  }
  return { family, closed: () => closed }
}

describe('an examination', () => {
  it('asks, checks group by group, sifts once, and replays what was sifted', async () => {
    const steps: string[] = []
    const { family, closed } = toy({ steps })
    const made = await examine(family, 'a payment', { steps })
    expect(steps).toEqual([
      'ask',
      'one of a payment, read with 7',
      'two of a payment, read with 7',
      'three of a payment, read with 7',
      'sift expired paused blacklisted of a payment, read with 7',
      'replay 3 of a payment, read with 7 on what was opened',
    ])
    expect(made).toMatchObject({ payment: 'a payment, read', evidence: 7, replay: { runs: 2 } })
    expect(made.made.map((group) => group.map(({ check }) => check.id))).toEqual([['one', 'two'], ['three']])
    expect(made.found.findings.map(({ cause }) => cause)).toEqual(['blacklisted', 'paused', 'expired'])
    // Whoever replays closes what it was given.
    expect(closed()).toBe(0)
  })

  it.each(['checks', 'replay'] as const)('that breaks in its %s closes what was opened, and says what broke', async (fails) => {
    const steps: string[] = []
    const { family, closed } = toy({ steps, fails })
    await expect(examine(family, 'a payment', { steps })).rejects.toThrow('a bug')
    expect(closed()).toBe(1)
    const without = toy({ steps, fails, world: false })
    await expect(examine(without.family, 'a payment', { steps })).rejects.toThrow('a bug')
    expect(without.closed()).toBe(0)
  })
})

it('errors are what stops a payment', () => {
  const all = [finding('paused', 'warning'), finding('expired'), finding('blacklisted', 'info'), finding('not-yet-valid')]
  expect(errorsIn(all).map(({ cause }) => cause)).toEqual(['expired', 'not-yet-valid'])
  expect(errorsIn([])).toEqual([])
})
