import { expect, it } from 'vitest'
import { fieldOf, logsIn, read, toBigint } from './rpc-answers.ts'

it('an answer is a value, or why there is none', () => {
  const decode = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
  expect(read({ kind: 'result', value: 'x' }, decode)).toEqual({ known: true, value: 'x' })
  expect(read({ kind: 'result', value: 7 }, decode)).toMatchObject({ known: false })
  expect(read({ kind: 'result', value: null }, decode)).toMatchObject({ known: false })
  expect(read(undefined, decode)).toMatchObject({ known: false })
  expect(read({ kind: 'failed', reason: 'it answered HTTP 503' }, decode)).toEqual({ known: false, reason: 'it answered HTTP 503' })
  expect(read({ kind: 'refused', code: -32_005, message: 'Node is behind' }, decode)).toMatchObject({
    known: false,
    reason: expect.stringContaining('Node is behind'),
  })
})

it('a field is one of the object itself', () => {
  expect(fieldOf({ a: 1 }, 'a')).toBe(1)
  for (const value of [null, undefined, 'text', 7, {}, []]) expect(fieldOf(value, 'toString')).toBeUndefined()
  expect(fieldOf({}, 'constructor')).toBeUndefined()
})

it.each<readonly [value: unknown, number: bigint | undefined]>([
  [0, 0n],
  [7, 7n],
  [Number.MAX_SAFE_INTEGER, 9_007_199_254_740_991n],
  [-1, undefined],
  [0.5, undefined],
  ['7', undefined],
  [null, undefined],
  [Number.NaN, undefined],
  [7n, undefined],
])('%s is the number %s', (value, number) => expect(toBigint(value)).toBe(number))

it('logs are lines, and no more than anybody reads', () => {
  expect(logsIn({ logs: ['a', 7, 'b', null] }, 'logs')).toEqual(['a', 'b'])
  expect(logsIn({ logs: 'a' }, 'logs')).toEqual([])
  expect(logsIn({}, 'logs')).toEqual([])
  expect(logsIn({ logs: Array(101).fill('x') }, 'logs')).toHaveLength(100)
})
