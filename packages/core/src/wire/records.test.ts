import { describe, expect, it } from 'vitest'
import { recordsIn } from './records.ts'

const pieces = (text: string) => recordsIn(text)?.records.map(({ text: piece, line, entry }) => [piece.trim(), line, entry])

describe('the records of a text', () => {
  it.each([
    ['nothing', ' \n '],
    ['one document', '{"a":1}'],
    ['one document over lines', '{\n  "a": 1,\n  "b": {"c": 2},\n  "d": {"e": 3}\n}\n'],
    ['a list with one item', '[{"a":1}]'],
    ['one line', 'X-PAYMENT: eyJ4'],
    ['a document with words behind it', '{"a":1} and more'],
  ])('are one: %s', (_, text) => {
    expect(recordsIn(text)).toBeUndefined()
  })

  it('are lines with their numbers, empty ones counted, a broken one among them', () => {
    expect(pieces('{"a":1}\n\n{"b":2}\r\n{"c":\n{"d":4}')).toEqual([
      ['{"a":1}', 1, null],
      ['{"b":2}', 3, null],
      ['{"c":', 4, null],
      ['{"d":4}', 5, null],
    ])
  })

  it('are documents one behind the other, each with the line that it begins on', () => {
    expect(pieces('{\n "a": 1\n}\n{\n "b": 2\n}{"c":3}')).toEqual([
      ['{\n "a": 1\n}', 1, null],
      ['{\n "b": 2\n}', 4, null],
      ['{"c":3}', 6, null],
    ])
  })

  it('are items of a list and entries of a HAR file, with every digit as it was written', () => {
    const digits = '{"v":123456789012345678901234567890}'
    expect(pieces(`[${digits}, {"b":2}]`)).toEqual([
      [digits, null, 1],
      ['{"b":2}', null, 2],
    ])
    expect(pieces(`{"log":{"version":"1.2","pages":[],"entries":[${digits},{"b":[]}]}}`)).toEqual([
      [digits, null, 1],
      ['{"b":[]}', null, 2],
    ])
  })

  it('are found behind what only begins like JSON', () => {
    expect(pieces('{"a": \n{"b":2}\nx\n{"c":3}')?.slice(1)).toEqual([
      ['{"b":2}', 2, null],
      ['x', 3, null],
      ['{"c":3}', 4, null],
    ])
    expect(pieces('[[[[\n{"b":2}')).toEqual([
      ['[[[[', 1, null],
      ['{"b":2}', 2, null],
    ])
    expect(pieces('{\n"a":1}\n{\n"b":2}\n"c\n{"d":4}\n')).toEqual([
      ['{\n"a":1}', 1, null],
      ['{\n"b":2}', 3, null],
      ['{"d":4}', 6, null],
    ])
  })

  it('say where what can be told apart ends', () => {
    expect(recordsIn('[{"a":1},{"b":2},{"c":')).toMatchObject({ broken: { entry: 3 } })
    expect(recordsIn('{\n"a":1}\n{\n"b":2}\n{\n"c":')).toMatchObject({ broken: { line: 5 } })
  })
})
