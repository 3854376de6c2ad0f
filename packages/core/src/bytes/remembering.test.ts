import { expect, it } from 'vitest'
import { remembering } from './remembering.ts'

it('answers once, and again when so many others were asked', () => {
  const asked: number[] = []
  const half = remembering(2, String, (number: number) => {
    asked.push(number)
    return number / 2
  })
  expect([4, 4, 6, 4, 8, 6, 4].map(half)).toEqual([2, 2, 3, 2, 4, 3, 2])
  // 8 put 6 out, which was asked for before 4; then 6 put 4 out.
  expect(asked).toEqual([4, 6, 8, 6, 4])
})

it('keeps that there is no answer, and nothing of one that failed', () => {
  let asked = 0
  const none = remembering(2, String, (_: number) => {
    asked++
    return undefined
  })
  expect([1, 1].map(none)).toEqual([undefined, undefined])
  expect(asked).toBe(1)
  const failing = remembering(2, String, (number: number) => {
    if (asked++ < 2) throw new Error('not now')
    return number
  })
  expect(() => failing(1)).toThrow('not now')
  expect(failing(1)).toBe(1)
})
