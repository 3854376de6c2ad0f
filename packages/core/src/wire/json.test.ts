import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isList, isNumber, isObject, type Json, jsonOf, parseJson } from './json.ts'

/** Back to what JSON.parse makes, so that it can be the oracle. */
function plain(value: Json): unknown {
  if (isNumber(value)) return Number(value.digits)
  if (isList(value)) return value.map(plain)
  if (!isObject(value)) return value
  // Object.fromEntries defines __proto__ as an own key, as JSON.parse does.
  return Object.fromEntries([...value].map(([key, member]) => [key, plain(member)]))
}

function problemOf(text: string): string {
  const parsed = parseJson(text)
  return parsed.ok ? 'none' : parsed.problem
}

function slipsOf(text: string): string[] {
  const parsed = parseJson(text)
  return parsed.ok ? parsed.slips.map(({ what }) => what) : [`refused: ${parsed.problem}`]
}

describe('JSON text', () => {
  test('reads every valid document as JSON.parse does, without a slip', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const parsed = parseJson(text)
        if (!parsed.ok) throw new TypeError(`${parsed.problem}: ${text}`)
        expect(plain(parsed.value)).toEqual(JSON.parse(text))
        expect(parsed.end).toBe(text.length)
        expect(parsed.slips.filter(({ what }) => !what.includes('twice'))).toEqual([])
      }),
    )
  })

  test('takes a document that JSON.parse refuses only with a slip', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[[\]{},:"'0-9truefalsn \\.eE+-]{0,24}$/), (text) => {
        const parsed = parseJson(text)
        if (!parsed.ok || text.slice(parsed.end).trim() !== '') return
        let strict = true
        try {
          JSON.parse(text)
        } catch {
          strict = false
        }
        expect([text, parsed.slips.filter(({ what }) => !what.includes('twice')).length === 0]).toEqual([text, strict])
      }),
      { numRuns: 2000 },
    )
  })

  test('keeps the digits of numbers above 2^53', () => {
    const parsed = parseJson('{"value":123456789012345678901234567890}')
    expect(parsed.ok && isObject(parsed.value) && parsed.value.get('value')).toEqual({
      type: 'number',
      digits: '123456789012345678901234567890',
      from: 'text',
    })
  })

  test.each([
    ['{"a":1,}', 'has a trailing comma'],
    ['[1,]', 'has a trailing comma'],
    ["{'a':1}", 'has a string in single quotes'],
    ['{a:1}', 'has a key without quotes'],
    ['{"a":10000n}', 'has a JavaScript bigint (10000n)'],
    ['{"a":None}', 'has None where JSON has null'],
    ['{"a":undefined}', 'has undefined where JSON has null'],
    ['{"a":True}', 'has True where JSON has true'],
    ['{"a":1} // end', undefined],
    ['{/* note */"a":1}', 'has a comment'],
    ['{"a":0x10}', 'has a number that is not spelled as JSON does'],
    ['{"a":010}', 'has a number that is not spelled as JSON does'],
    ['{"a":"x\ny"}', 'has a line break or control character inside a string'],
    ['{"a":"\\x"}', 'has the escape "\\x", which JSON does not know'],
    ['{"a":1,"a":2}', 'has the key "a" twice, of which readers take the last'],
    ['\ufeff{"a":1}', 'has an invisible space (U+FEFF or U+00A0)'],
  ])('%j is read with the slip %j', (text, slip) => {
    expect(slipsOf(text)).toEqual(slip === undefined ? [] : [slip])
  })

  test.each([
    ['', 'ends after 0 characters, where a value should follow'],
    ['{"a":', 'ends after 5 characters, where a value should follow: "}" is missing'],
    [
      '{"a":[1,{"b":"cd',
      'ends after 16 characters in the string that begins at character 14: the closing quote, "}", "]", "}" are missing',
    ],
    ['{"a":1', 'ends after 6 characters, where "," or "}" should follow: "}" is missing'],
    ['{"a" 1}', 'has "1" at character 6, where ":" after the key "a" should be'],
    ['{"a":1 "b":2}', 'has "\\"" at character 8, where "," or "}" should be'],
    ['{"a":\u0000}', 'has U+0000 at character 6, where a value should be'],
    ['{"a":[Object]}', 'has "[Object]" at character 6, where a console left the value out: print it with JSON.stringify'],
    ['{"a":"\\u12zz"}', 'has "\\" at character 7, where four hex digits after "\\u" should be'],
    ['{"a":wrong}', 'has "w" at character 6, where a value should be'],
    ['['.repeat(100_000), 'is nested deeper than 64 levels'],
    ['{"a":'.repeat(100_000), 'is nested deeper than 64 levels'],
    [`[${'1,'.repeat(60_000)}1]`, 'has more than 50000 values'],
  ])('says what is wrong with text %#', (text, problem) => {
    expect(problemOf(text)).toBe(problem)
  })

  test('every beginning of a document is reported as cut', () => {
    const whole = JSON.stringify({ x402Version: 1, payload: { signature: '0x12', list: [true, null, 1.5, 'a\\"b\u0001'] } })
    for (let length = 0; length < whole.length; length++) {
      const parsed = parseJson(whole.slice(0, length))
      expect([length, parsed.ok ? 'read' : parsed.truncated]).toEqual([length, true])
    }
  })
})

describe('values in memory', () => {
  test('agrees with JSON.stringify', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const read = jsonOf(value)
        if (!read.ok) throw new TypeError(read.problem)
        // JSON has no minus zero.
        expect(plain(read.value)).toEqual(JSON.parse(JSON.stringify(value), (_key, each) => each))
      }),
    )
  })

  test('bigints, bytes, dates, maps and members without a value', () => {
    const read = jsonOf({
      a: 2n ** 200n,
      b: Uint8Array.of(1, 255),
      c: new Date(0),
      d: undefined,
      e: () => 1,
      f: new Map([['g', 1]]),
      h: Symbol('x'),
    })
    expect(read).toEqual({
      ok: true,
      value: new Map<string, unknown>([
        ['a', { type: 'number', digits: String(2n ** 200n), from: 'bigint' }],
        ['b', '0x01ff'],
        ['c', '1970-01-01T00:00:00.000Z'],
        ['f', new Map([['g', { type: 'number', digits: '1', from: 'number' }]])],
      ]),
    })
  })

  test('hostile objects are answered', () => {
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    const throws = Object.defineProperty({}, 'x', {
      enumerable: true,
      get() {
        throw new TypeError('secret')
      },
    })
    let deep: unknown = 1
    for (let i = 0; i < 100_000; i++) deep = [deep]
    const proxy = new Proxy(
      {},
      {
        getPrototypeOf() {
          throw new TypeError('secret')
        },
      },
    )
    const bare = Object.assign(Object.create(null), { __proto__: 1, a: 1 })
    expect([cycle, throws, deep, proxy, { big: 10n ** 100_000n }, new Array(1e7)].map((value) => jsonOf(value))).toEqual([
      { ok: false, problem: 'refers to itself' },
      { ok: false, problem: 'has properties that throw when they are read' },
      { ok: false, problem: 'is nested deeper than 64 levels' },
      { ok: false, problem: 'has properties that throw when they are read' },
      { ok: true, value: new Map([['big', { type: 'number', digits: '9'.repeat(200), from: 'bigint' }]]) },
      { ok: false, problem: 'has more than 50000 values' },
    ])
    expect(jsonOf(bare).ok).toBe(true)
  })

  test('the same object twice is no cycle', () => {
    const shared = { a: 1 }
    expect(jsonOf([shared, shared]).ok).toBe(true)
  })
})
