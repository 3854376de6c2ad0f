import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import {
  type Codec,
  count,
  factOf,
  flag,
  listOf,
  mapOf,
  maybe,
  nullable,
  oneOf,
  record,
  tagged,
  text,
  textOf,
  whole,
  wholeOf,
  yes,
} from './codec.ts'
import { ifKnown, type Known, known, unknown } from './known.ts'

const colour = oneOf<'red' | 'blue'>({ red: true, blue: true })
const hash = textOf((value): value is `#${string}` => value.startsWith('#'), 'a text that begins with #')

interface Box {
  readonly name: string
  readonly weight: bigint
  readonly lid?: boolean
}
const box = record<Box>({ name: text, weight: whole, lid: maybe(flag) })

type Shape =
  | { readonly kind: 'round'; readonly radius: bigint }
  | { readonly kind: 'flat' }
  | { readonly kind: 'odd'; readonly why: Known<string> }
const shape: Codec<Shape> = tagged<Shape, 'kind'>('kind', { round: { radius: whole }, flat: {}, odd: { why: factOf(text) } })

const is = <T>(codec: Codec<T>): Codec<unknown> => codec as Codec<unknown>

/** A value and how it stands in JSON: both ways, for every codec. */
const pairs: readonly (readonly [title: string, codec: Codec<unknown>, value: unknown, json: unknown])[] = [
  ['a text', is(text), 'hello', 'hello'],
  ['an empty text', is(text), '', ''],
  ['a text of a form', is(hash), '#a', '#a'],
  ['true', is(flag), true, true],
  ['false', is(flag), false, false],
  ['yes', is(yes), true, true],
  ['a number', is(count), 0.5, 0.5],
  ['no number of things', is(count), 0, 0],
  ['a whole number', is(whole), 7n, '7'],
  ['nothing as a whole number', is(whole), 0n, '0'],
  ['the largest word', is(whole), 2n ** 256n - 1n, String(2n ** 256n - 1n)],
  ['the largest of 64 bits', is(wholeOf(64)), 2n ** 64n - 1n, '18446744073709551615'],
  ['a word of a table', is(colour), 'red', 'red'],
  ['a value that may be nothing', is(nullable(whole)), 7n, '7'],
  ['nothing', is(nullable(whole)), null, null],
  ['a list', is(listOf(whole)), [1n, 2n], ['1', '2']],
  ['an empty list', is(listOf(whole)), [], []],
  [
    'a map',
    is(mapOf((name) => name !== '', whole, 'a name')),
    new Map([
      ['a', 1n],
      ['b', 2n],
    ]),
    { a: '1', b: '2' },
  ],
  ['an object', is(box), { name: 'x', weight: 7n, lid: false }, { name: 'x', weight: '7', lid: false }],
  ['an object without what may be absent', is(box), { name: 'x', weight: 7n }, { name: 'x', weight: '7' }],
  ['one of several kinds', is(shape), { kind: 'round', radius: 7n }, { kind: 'round', radius: '7' }],
  ['a kind that has nothing else', is(shape), { kind: 'flat' }, { kind: 'flat' }],
  ['a fact', is(factOf(whole)), known(7n), { value: '7' }],
  ['a fact that nobody knows', is(factOf(whole)), unknown('it was not read'), { unknown: 'it was not read' }],
  ['a fact that is nothing', is(factOf(nullable(whole))), known(null), { value: null }],
]

describe('both ways', () => {
  it.each(pairs)('%s', (_, codec, value, json) => {
    expect(codec.encode(value)).toEqual(json)
    expect(codec.decode(json, 'it')).toEqual(value)
    expect(codec.decode(JSON.parse(JSON.stringify(codec.encode(value))), 'it')).toEqual(value)
  })

  it('a member that is undefined is absent in JSON, and one that is null is not', () => {
    const unset: Box = { name: 'x', weight: 7n }
    Reflect.set(unset, 'lid', undefined)
    expect(box.encode(unset)).toEqual({ name: 'x', weight: '7' })
    const open = record<{ readonly a: bigint | null }>({ a: nullable(whole) })
    expect(open.encode({ a: null })).toEqual({ a: null })
  })

  it('of any whole number and any text', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), fc.string(), (weight, name) => {
        expect(box.decode(JSON.parse(JSON.stringify(box.encode({ name, weight }))), '')).toEqual({ name, weight })
      }),
    )
  })
})

/** Something else than what has to stand there. */
const misfits: readonly (readonly [title: string, codec: Codec<unknown>, json: unknown, place: string])[] = [
  ['a number for a text', is(text), 7, 'it'],
  ['nothing for a text', is(text), null, 'it'],
  ['a text of another form', is(hash), 'a', 'it'],
  ['a word for true or false', is(flag), 'true', 'it'],
  ['1 for true or false', is(flag), 1, 'it'],
  ['false for yes', is(yes), false, 'it'],
  ['a text for a number', is(count), '7', 'it'],
  ['a negative number', is(count), -1, 'it'],
  ['no number at all', is(count), Number.POSITIVE_INFINITY, 'it'],
  ['NaN', is(count), Number.NaN, 'it'],
  ['a number for a whole number', is(whole), 7, 'it'],
  ['a negative whole number', is(whole), '-7', 'it'],
  ['hex for a whole number', is(whole), '0x7', 'it'],
  ['a fraction', is(whole), '7.5', 'it'],
  ['digits and more behind them', is(whole), '7 ', 'it'],
  ['more in front of digits', is(whole), ' 7', 'it'],
  ['an empty whole number', is(whole), '', 'it'],
  ['a number of too many bits', is(whole), String(2n ** 256n), 'it'],
  ['a number of 65 bits where 64 may stand', is(wholeOf(64)), '18446744073709551616', 'it'],
  ['more digits than any number has', is(whole), '0'.repeat(79), 'it'],
  ['a word that no table has', is(colour), 'green', 'it'],
  ['a word that every object has', is(colour), 'toString', 'it'],
  ['a number for a word', is(colour), 7, 'it'],
  ['text for what may be nothing', is(nullable(whole)), 'x', 'it'],
  ['an object for a list', is(listOf(whole)), {}, 'it'],
  ['one of a list', is(listOf(whole)), ['1', 'x'], 'it[1]'],
  ['a list for a map', is(mapOf(() => true, whole, 'a name')), [], 'it'],
  ['a name that is none', is(mapOf((name) => name !== 'b', whole, 'a name')), { a: '1', b: '2' }, 'it'],
  ['one of a map', is(mapOf(() => true, whole, 'a name')), { a: 'x' }, 'it.a'],
  ['a list for an object', is(box), [], 'it'],
  ['nothing for an object', is(box), null, 'it'],
  ['text for an object', is(box), 'x', 'it'],
  ['a member of another kind', is(box), { name: 7, weight: '7' }, 'it.name'],
  ['a member that is missing', is(box), { name: 'x' }, 'it.weight'],
  ['a member that there is not', is(box), { name: 'x', weight: '7', height: '7' }, 'height'],
  ['a member that every object has', is(box), { name: 'x', weight: '7', constructor: 7 }, 'constructor'],
  ['null for what may be absent', is(box), { name: 'x', weight: '7', lid: null }, 'it.lid'],
  ['a kind that there is not', is(shape), { kind: 'square' }, 'it.kind'],
  ['no kind', is(shape), {}, 'it.kind'],
  ['a number for a kind', is(shape), { kind: 7 }, 'it.kind'],
  ['a member of another of the kinds', is(shape), { kind: 'flat', radius: '7' }, 'radius'],
  ['a list for one of several kinds', is(shape), [], 'it'],
  ['a fact and why it is unknown', is(factOf(whole)), { value: '7', unknown: 'x' }, 'it'],
  ['an empty fact', is(factOf(whole)), {}, 'it'],
  ['a fact of another name', is(factOf(whole)), { known: '7' }, 'it'],
  ['a fact of another kind', is(factOf(whole)), { value: 7 }, 'it.value'],
  ['a reason that is none', is(factOf(whole)), { unknown: 7 }, 'it.unknown'],
]

it.each(misfits)('%s is refused, with the place where it stands', (_, codec, json, place) => {
  const decode = (): unknown => codec.decode(json, 'it')
  expect(decode).toThrow(Eip3009Error)
  expect(decode).toThrow(expect.objectContaining({ code: 'unreadable-input', message: expect.stringContaining(`"${place}"`) }))
  expect(decode).toThrow(/^Read .+; expected a snapshot .+\.$/)
})

it('a place at the top has no dot in front', () => {
  expect(() => box.decode({ name: 7, weight: '7' }, '')).toThrow('"name"')
  expect(() => box.decode({ name: 'x' }, '')).toThrow('"weight"')
  const nested = record<{ readonly boxes: readonly Box[] }>({ boxes: listOf(box) })
  expect(() =>
    nested.decode(
      {
        boxes: [
          { name: 'x', weight: '7' },
          { name: 'y', weight: 7 },
        ],
      },
      '',
    ),
  ).toThrow('"boxes[1].weight"')
})

it('a fact is known or not, and never false for want of an answer', () => {
  expect(ifKnown(known(0n))).toBe(0n)
  expect(ifKnown(known(null))).toBeNull()
  expect(ifKnown(unknown('x'))).toBeUndefined()
  expect(known(undefined)).toEqual({ known: true, value: undefined })
  expect(unknown('why')).toEqual({ known: false, reason: 'why' })
})
