import { describe, expect, it } from 'vitest'
import type { RpcAnswer } from '../../rpc/chain-client.ts'
import { readCodeAnswer, readHexAnswer, readSlotAnswer, readView } from './reading.ts'

const result = (value: unknown): RpcAnswer => ({ kind: 'result', value })
const word = (value: number): string => `0x${value.toString(16).padStart(64, '0')}`
const readWord = (value: unknown) => readHexAnswer(result(value), 'a word', (hex) => (hex.length === 66 ? hex : undefined))

/** Whatever else JSON can be. */
const otherTypes: readonly unknown[] = [
  null,
  undefined,
  0,
  1,
  true,
  false,
  '',
  'none',
  [],
  ['0x01'],
  {},
  { result: '0x01' },
  '0xzz',
  '0X01',
  '01',
]

describe('an answer of bytes', () => {
  it('is read where it is whole', () => {
    expect(readWord(word(1))).toEqual({ kind: 'known', value: word(1) })
    expect(readWord('0x')).toEqual({ kind: 'empty' })
  })

  it.each(['0x0', '0x1', `${word(1)}0`, word(1).slice(0, -1)])('with half a byte is damage: %s', (value) => {
    const reading = readHexAnswer(result(value), 'code', (hex) => hex)
    expect(reading).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('an odd number of digits') })
  })

  it('of another type is none, and neither is one without end', () => {
    for (const value of [...otherTypes, `0x${'00'.repeat(1_000_001)}`]) {
      expect(
        readHexAnswer(result(value), 'code', (hex) => hex),
        String(value).slice(0, 20),
      ).toMatchObject({ kind: 'unknown' })
      expect(readCodeAnswer(result(value)), String(value).slice(0, 20)).toMatchObject({ kind: 'unknown' })
      expect(
        readSlotAnswer(result(value), 'a word', (hex) => hex),
        String(value).slice(0, 20),
      ).toMatchObject({ kind: 'unknown' })
    }
  })

  it('that is cut is no word', () => {
    for (const value of ['0x01', word(1).slice(0, 64), `${word(1)}00`]) expect(readWord(value).kind, value).toBe('unknown')
  })
})

describe('nothing, as nodes write it', () => {
  it('is 0x or 0x0 for code, and nothing shorter than a byte is code', () => {
    for (const value of ['0x', '0x0']) expect(readCodeAnswer(result(value))).toEqual({ kind: 'empty' })
    for (const value of ['0x1', '0x00000', '0xef0100123']) expect(readCodeAnswer(result(value)).kind, value).toBe('unknown')
    expect(readCodeAnswer(result('0x00'))).toEqual({ kind: 'known', value: '0x00' })
  })

  it('is a zero for a slot, whose word has all its digits otherwise', () => {
    const slot = (value: unknown) => readSlotAnswer(result(value), 'a word', (hex) => hex)
    for (const value of ['0x', '0x0', word(0)]) expect(slot(value)).toEqual({ kind: 'known', value: null })
    expect(slot(word(5))).toEqual({ kind: 'known', value: word(5) })
    for (const value of ['0x5', '0x05', word(5).slice(0, -2)]) expect(slot(value).kind, value).toBe('unknown')
  })
})

describe('a view function that answers nothing, or a revert,', () => {
  const unsure = { kind: 'unknown', reason: 'a proxy' } as const
  const cases = [
    [{ kind: 'empty' }, { kind: 'absent' }, 'empty'],
    [{ kind: 'empty' }, { kind: 'present' }, 'unknown'],
    [{ kind: 'empty' }, unsure, 'unknown'],
    [{ kind: 'reverted' }, { kind: 'absent' }, 'reverted'],
    [{ kind: 'reverted' }, { kind: 'present' }, 'unknown'],
    [{ kind: 'reverted' }, unsure, 'reverted'],
    [{ kind: 'known', value: 1 }, { kind: 'absent' }, 'known'],
    [{ kind: 'known', value: 1 }, { kind: 'present' }, 'known'],
    [{ kind: 'unknown', reason: 'no' }, { kind: 'absent' }, 'unknown'],
  ] as const
  it.each(cases)('%j of code that has it %j is %s', (reading, has, kind) => {
    expect(readView(reading, has).kind).toBe(kind)
  })
})
