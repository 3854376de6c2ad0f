import { describe, expect, it } from 'vitest'
import type { RetryAction } from '../causes/retry.ts'
import { type Condition, instruct, type Retry } from './retry.ts'

const actions = [
  'send-same',
  'fix-first',
  'sign-again',
  'cancel-first',
  'wait',
  'never',
  'unknown',
] as const satisfies readonly RetryAction[]
const conditions = [
  'nonce-unused',
  'nothing-landed',
  'not-good-elsewhere',
  'cancellation-landed',
  'payer-agrees',
  'signed-message-known',
  'receipt-read',
  'fixed',
] as const satisfies readonly Condition[]
const nonce = `0x${'ab'.repeat(32)}` as const

const said = (terms: Parameters<typeof instruct>[0], words?: Parameters<typeof instruct>[1]): string => instruct(terms, words).says

describe('an instruction', () => {
  it('has nothing but its action where nothing else was said', () => {
    expect(instruct({ action: 'wait' })).toEqual({
      action: 'wait',
      sameNonce: false,
      nonce: null,
      notBefore: null,
      onlyIf: [],
      through: 'same',
      cost: null,
      says: 'do not send or sign anything yet',
    } satisfies Retry)
  })

  it('keeps what was said, as it was said', () => {
    const terms = {
      action: 'sign-again',
      sameNonce: true,
      nonce,
      notBefore: { time: '1790000000', block: null, finalized: true },
      onlyIf: ['nonce-unused', 'fixed'],
      through: 'another',
      cost: 'the payee is paid twice',
    } as const
    expect(instruct(terms)).toMatchObject(terms)
  })

  it('says another thing for each action, without a full stop', () => {
    const all = actions.map((action) => said({ action }))
    expect(new Set(all).size).toBe(actions.length)
    for (const words of all) expect(words).toMatch(/^[a-z].*[^.]$/)
  })

  it('says another thing for each condition, and all of them where there are several', () => {
    const all = conditions.map((condition) => said({ action: 'send-same', onlyIf: [condition] }))
    expect(new Set(all).size).toBe(conditions.length)
    for (const words of all) expect(words).toMatch(/, only if \S/)
    const two = said({ action: 'send-same', onlyIf: ['nothing-landed', 'fixed'] })
    for (const condition of ['nothing-landed', 'fixed'] as const) {
      const [, clause = '?'] = said({ action: 'send-same', onlyIf: [condition] }).split('only if ')
      expect(two).toContain(clause)
    }
    expect(two).toMatch(/only if .+ and .+/)
    expect(said({ action: 'send-same' })).not.toContain('only if')
  })
})

describe('the nonce of a new signature', () => {
  it.each<readonly [terms: Parameters<typeof instruct>[0], has: readonly string[], hasNot: readonly string[]]>([
    [{ action: 'sign-again' }, [], ['nonce', 'only one of the two']],
    [{ action: 'sign-again', sameNonce: true }, ['the same nonce', 'only one of the two'], [nonce]],
    [{ action: 'sign-again', sameNonce: true, nonce }, [nonce, 'only one of the two'], ['the same nonce']],
    // A nonce stops nothing at another token: then it is not said to.
    [{ action: 'sign-again', sameNonce: true, nonce, onlyIf: ['not-good-elsewhere'] }, [nonce], ['only one of the two']],
    [{ action: 'sign-again', nonce }, [], [nonce]],
    [{ action: 'cancel-first', nonce }, [nonce], []],
    [{ action: 'cancel-first' }, [], ['nonce', 'null']],
  ])('%j', (terms, has, hasNot) => {
    for (const words of has) expect(said(terms)).toContain(words)
    for (const words of hasNot) expect(said(terms)).not.toContain(words)
  })
})

describe('when', () => {
  const from = (time: string | null, block: string | null, finalized: boolean): string =>
    said({ action: 'sign-again', notBefore: { time, block, finalized } })
  it.each<readonly [says: string, has: readonly string[], hasNot: readonly string[]]>([
    [from(null, '330000182', true), ['330000182', 'finalized'], ['UTC']],
    [from(null, '330000182', false), ['330000182'], ['finalized']],
    [from('1790000000', null, true), ['2026-09-21 14:13:20 UTC', 'finalized'], []],
    [from('1790000000', null, false), ['2026-09-21 14:13:20 UTC'], ['finalized']],
    // The number of a block is nearer than a time.
    [from('1790000000', '7', true), ['block height 7'], ['UTC']],
    [from(null, null, true), ['finalized'], ['null']],
    [from(null, null, false), [], ['finalized', ',', 'null']],
    [said({ action: 'sign-again' }), [], ['finalized', ',']],
  ])('%s', (says, has, hasNot) => {
    for (const words of has) expect(says).toContain(words)
    for (const words of hasNot) expect(says).not.toContain(words)
  })
})

describe('what comes behind', () => {
  it('is another facilitator, where this one refuses by a rule of its own', () => {
    expect(said({ action: 'send-same', through: 'another' })).toMatch(/, through another facilitator$/)
    expect(said({ action: 'send-same', through: 'same' })).not.toContain('through')
  })

  it('is a clause of its own', () => {
    expect(said({ action: 'wait' }, { after: 'diagnose again in a minute' })).toMatch(/yet; diagnose again in a minute$/)
    expect(said({ action: 'wait' }, {})).not.toContain(';')
  })

  it('may be said in other words altogether', () => {
    expect(said({ action: 'wait', onlyIf: ['fixed'] }, { says: 'in other words', after: 'x' })).toBe('in other words')
  })

  it('has each part once, in one order, with a comma between', () => {
    const all = said({
      action: 'send-same',
      notBefore: { time: null, block: '7', finalized: false },
      onlyIf: ['fixed'],
      through: 'another',
    })
    const places = ['sent again', 'block height 7', 'only if', 'through another'].map((words) => all.indexOf(words))
    expect(places.every((place) => place >= 0)).toBe(true)
    expect([...places].sort((a, b) => a - b)).toEqual(places)
    expect(all.split(', ')).toHaveLength(4)
  })
})
