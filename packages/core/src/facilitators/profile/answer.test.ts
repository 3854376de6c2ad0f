import { describe, expect, it } from 'vitest'
import type { Finding } from '../../causes/finding.ts'
import { type Answer, answerOf, type CheckResult, failed, failedIf, passed, refusalsOf, unknown } from './answer.ts'
import type { Knowledge, Profile } from './profile.ts'

type Check = 'one' | 'two' | 'three'

const profile = (change: Partial<Profile<Check, null>> = {}): Profile<Check, null> => ({
  id: 'a-1',
  name: 'A 1',
  family: 'x402-v1',
  versions: '1',
  known: 'read',
  source: 'a page',
  rules: null,
  checks: [
    ['one', 'code_one'],
    ['two', 'code_{}', 'says {}'],
    ['three', ''],
  ],
  ...change,
})

const answered = (results: Partial<Record<Check, CheckResult>>, known: Knowledge = 'read', settle: string | null = null): Answer<Check> =>
  answerOf(
    profile({ known }),
    (check) => results[check] ?? passed,
    () => settle,
  )

type Told = readonly [
  verify: Answer<Check>['verify'],
  check: Check | null,
  code: string | null,
  details: string | null,
  also: string,
  unread: string,
]

describe('one implementation', () => {
  it.each<readonly [title: string, results: Partial<Record<Check, CheckResult>>, known: Knowledge, told: Told]>([
    ['takes what passes', {}, 'read', ['accepts', null, null, null, '', '']],
    ['refuses for what fails', { one: failed() }, 'read', ['refuses', 'one', 'code_one', null, '', '']],
    ['refuses with what the check found', { two: failed('x') }, 'read', ['refuses', 'two', 'code_x', 'says x', '', '']],
    ['refuses without a code', { three: failed('x') }, 'read', ['refuses', 'three', null, null, '', '']],
    [
      'refuses for the first, and would for the others',
      { one: failed(), two: failed('y'), three: failed() },
      'run',
      ['refuses', 'one', 'code_one', null, 'two:code_y three:null', ''],
    ],
    [
      'refuses by its order, not by ours',
      { three: failed(), two: failed('y') },
      'read',
      ['refuses', 'two', 'code_y', 'says y', 'three:null', ''],
    ],
    ['depends on what nobody could tell', { two: unknown }, 'read', ['depends', null, null, null, '', 'two']],
    ['depends on all that nobody could tell', { one: unknown, three: unknown }, 'read', ['depends', null, null, null, '', 'one three']],
    [
      'refuses, and something before that nobody could tell',
      { one: unknown, two: failed('y') },
      'read',
      ['refuses', 'two', 'code_y', 'says y', '', 'one'],
    ],
    [
      'refuses, and what comes behind does not matter',
      { one: failed(), two: unknown },
      'read',
      ['refuses', 'one', 'code_one', null, '', ''],
    ],
    // Whose order nobody published may say either.
    ['that publishes no order refuses for one', { two: failed('y') }, 'published', ['refuses', 'two', 'code_y', 'says y', '', '']],
    [
      'that publishes no order refuses for two, and nobody knows which is first',
      { one: failed(), three: failed() },
      'published',
      ['refuses', null, null, null, 'one:code_one three:null', ''],
    ],
    [
      'that publishes no order has everything open that nobody could tell',
      { one: failed(), two: unknown, three: failed() },
      'published',
      ['refuses', null, null, null, 'one:code_one three:null', 'two'],
    ],
  ])('%s', (_, results, known, [verify, check, code, details, also, unread]) => {
    const answer = answered(results, known)
    expect([answer.verify, answer.check, answer.code, answer.details]).toEqual([verify, check, code, details])
    expect(answer.also.map((each) => `${each.check}:${each.code}`).join(' ')).toBe(also)
    expect(answer.unread.join(' ')).toBe(unread)
    expect(answer).toMatchObject({ profile: 'a-1', name: 'A 1', specification: false, known })
  })

  it('is the specification where it is of no family', () => {
    expect(
      answerOf(
        profile({ family: null }),
        () => passed,
        () => null,
      ).specification,
    ).toBe(true)
  })

  it('settles otherwise than it verifies only where the code is another one', () => {
    expect(answered({}, 'read', 'later').settle).toBe('later')
    expect(answered({ one: failed() }, 'read', 'code_one').settle).toBeNull()
    expect(answered({ one: failed() }, 'read', 'later').settle).toBe('later')
    expect(answered({}, 'read', null).settle).toBeNull()
    const asked: (Check | null)[] = []
    const settle = (first: Check | null): null => {
      asked.push(first)
      return null
    }
    answerOf(profile(), () => passed, settle)
    answerOf(profile(), (check) => failedIf(check === 'two'), settle)
    answerOf(profile({ known: 'published' }), failed, settle)
    expect(asked).toEqual([null, 'two', 'one'])
  })
})

describe('for each cause', () => {
  const finding = (cause: Finding['cause'], severity: Finding['severity'] = 'error'): Finding => ({
    cause,
    party: 'client',
    severity,
    summary: 'x',
    evidence: [],
    fix: 'x',
  })
  const answers = [
    { ...answered({}), profile: 'takes' },
    { ...answered({ one: failed() }), profile: 'refuses' },
    { ...answered({ two: failed('y'), one: failed() }), profile: 'also' },
    { ...answered({ one: unknown }), profile: 'open' },
    { ...answered({ two: failed('y') }), profile: 'for-another' },
  ]
  const finders = (cause: Finding['cause']): readonly Check[] =>
    cause === 'expired' ? ['one'] : cause === 'paused' ? ['two', 'three'] : []

  it('says who refuses, and who does not look; in neither is who looks at what nobody read', () => {
    expect(refusalsOf(answers, [finding('expired'), finding('paused', 'warning')], finders)).toEqual([
      {
        cause: 'expired',
        refusedBy: [
          { profile: 'refuses', code: 'code_one' },
          { profile: 'also', code: 'code_one' },
        ],
        acceptedBy: ['takes', 'for-another'],
      },
      {
        cause: 'paused',
        refusedBy: [
          { profile: 'also', code: 'code_y' },
          { profile: 'for-another', code: 'code_y' },
        ],
        acceptedBy: ['takes', 'refuses', 'open'],
      },
    ])
  })

  it('says each once, and nothing of notes', () => {
    expect(
      refusalsOf(answers, [finding('expired'), finding('paused', 'info'), finding('expired', 'warning')], finders).map(
        ({ cause }) => cause,
      ),
    ).toEqual(['expired'])
    expect(refusalsOf(answers, [], finders)).toEqual([])
    expect(refusalsOf(answers, [finding('blacklisted')], finders)[0]).toMatchObject({
      refusedBy: [],
      acceptedBy: answers.map(({ profile: id }) => id),
    })
  })
})
