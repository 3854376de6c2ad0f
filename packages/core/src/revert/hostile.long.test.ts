import * as fc from 'fast-check'
import { encodeAbiParameters, encodeErrorResult, type Hex, parseAbi, parseAbiParameters } from 'viem'
import { describe, expect, test } from 'vitest'
import { isCauseId } from '../causes/catalogue.ts'
import { decodeRevert, type Revert } from './revert.ts'

const million = 1_000_000

/** What holds for every answer, whatever it was made from. */
function check(revert: Revert): void {
  // Nothing in it can move a cursor, hide text or break a log line.
  expect(revert.message.replaceAll(' ', '')).not.toMatch(/[\p{C}\p{Z}]/u)
  expect(revert.message.length).toBeLessThanOrEqual(520)
  expect(revert.message).not.toBe('')
  expect(revert.name).not.toBe('')
  expect(revert.causes.every(isCauseId)).toBe(true)
  expect(revert.rulesOut.filter((id) => revert.causes.includes(id))).toEqual([])
  for (const { value } of revert.args) if (typeof value === 'string') expect(value.replaceAll(' ', '')).not.toMatch(/[\p{C}\p{Z}]/u)
}

const error = (reason: string): Hex => encodeErrorResult({ abi: parseAbi(['error Error(string)']), errorName: 'Error', args: [reason] })
const wrap = (inner: Hex): Hex =>
  encodeErrorResult({
    abi: parseAbi(['error FailedOpWithRevert(uint256 opIndex, string reason, bytes inner)']),
    errorName: 'FailedOpWithRevert',
    args: [0n, 'AA23 reverted', inner],
  })
const aggregate = (inner: Hex): Hex =>
  encodeAbiParameters(parseAbiParameters('(bool success, bytes returnData)[]'), [[{ success: false, returnData: inner }]])

describe('any value', () => {
  test('is answered', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withNullPrototype: true }),
        (value) => check(decodeRevert(value)),
      ),
      { numRuns: 500 },
    )
  })

  test('any text is answered, hex, JSON and escapes included', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        '0x',
        '0x08c379a0',
        '\u001b[31m',
        '\ud800',
        '\\"',
        '{"',
        '}',
        'execution reverted: ',
        '"data":"',
        'code: -32000',
        'FailedOp(',
        '\u202e',
      ),
      fc.uint8Array({ maxLength: 80 }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`),
      fc.json(),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => check(decodeRevert(pieces.join('')))),
      { numRuns: 500 },
    )
  })

  test('any revert data is answered', () => {
    const selector = fc.constantFrom('08c379a0', '4e487b71', '65c8fd4d', '90bfb865', 'e450d38c', 'deadbeef', '')
    const word = fc.oneof(fc.constantFrom(0n, 1n, 32n, 64n, 96n, 2n ** 32n, 2n ** 255n), fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }))
    fc.assert(
      fc.property(selector, fc.array(word, { maxLength: 20 }), fc.nat({ max: 63 }), (head, words, cut) => {
        const data = head + words.map((value) => value.toString(16).padStart(64, '0')).join('')
        check(decodeRevert(`0x${data.slice(0, Math.max(0, data.length - cut))}`))
      }),
      { numRuns: 500 },
    )
  })
})

describe('ten megabytes', () => {
  const texts: Readonly<Record<string, () => string>> = {
    'of hex': () => error('x').concat('ab'.repeat(5 * million)),
    'of hex without a known selector': () => `0x${'12'.repeat(5 * million)}`,
    'of prefixes': () => '0x'.repeat(5 * million),
    'of one letter': () => 'a'.repeat(10 * million),
    'of underscores': () => '_a'.repeat(5 * million),
    'of backslashes': () => '\\'.repeat(10 * million),
    'of braces': () => '{'.repeat(10 * million),
    'of brackets': () => '['.repeat(10 * million),
    'of quotes': () => '"'.repeat(10 * million),
    'of escapes': () => '\u001b['.repeat(5 * million),
    'of opened titles': () => '\u001b]'.repeat(5 * million),
    'of spaces': () => ' '.repeat(10 * million),
    'of line breaks': () => '\r\n'.repeat(5 * million),
    'of lone surrogates': () => '\ud83d'.repeat(10 * million),
    'of parentheses': () => 'Aaa('.repeat(2.5 * million),
    'of codes': () => 'code: '.repeat(1.6 * million),
    'of statuses': () => 'status code 4'.repeat(0.8 * million),
    'of Solana errors': () => 'InstructionError '.repeat(0.6 * million),
    'of addresses': () => `address 0x${'ab'.repeat(19)} `.repeat(0.2 * million),
    'of numbers': () => '9'.repeat(10 * million),
  }
  test.each(Object.keys(texts))('%s', (name) => {
    check(decodeRevert(texts[name]?.()))
  })

  test('of bytes', () => {
    check(decodeRevert(new Uint8Array(10 * million).fill(0x20)))
  })

  test('in an object, deep or wide', () => {
    check(decodeRevert({ error: { message: 'x'.repeat(10 * million), data: `0x08c379a0${'00'.repeat(5 * million)}` } }))
    check(decodeRevert(Array.from({ length: million }, (_, index) => ({ message: `m${index}` }))))
    check(decodeRevert(Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, 'nonce too low']))))
  })
})

describe('nesting', () => {
  test('a few wrappers are removed, a hundred end', () => {
    const inner = error('FiatTokenV2: authorization is expired')
    expect(decodeRevert(wrap(aggregate(wrap(inner))))).toMatchObject({
      cause: 'expired',
      via: ['FailedOpWithRevert', 'aggregate3[0]', 'FailedOpWithRevert'],
    })
    let data = inner
    for (let i = 0; i < 100; i++) data = i % 2 === 0 ? wrap(data) : aggregate(data)
    check(decodeRevert(data))
  })

  test('results that share one content are not copied a thousand times', () => {
    // 4000 results whose bytes all point at the same 60 kB: 240 MB if each were kept.
    const words: bigint[] = [32n, 2_000n]
    for (let i = 0; i < 2_000; i++) words.push(64_000n)
    const data = `0x${words.map((value) => value.toString(16).padStart(64, '0')).join('')}${'00'.repeat(60_000)}`
    check(decodeRevert(data))
  })

  test('JSON within JSON within JSON is read, to a depth', () => {
    let text = JSON.stringify({ code: 3, message: 'execution reverted', data: error('Pausable: paused') })
    for (let i = 0; i < 3; i++) text = JSON.stringify({ level: 50, err: text })
    expect(decodeRevert(text)).toMatchObject({ cause: 'paused', message: 'Pausable: paused' })
    for (let i = 0; i < 6; i++) text = JSON.stringify(text)
    check(decodeRevert(text))
    check(decodeRevert(`${'['.repeat(100_000)}${']'.repeat(100_000)}`))
    check(decodeRevert(`${'{"error":'.repeat(20_000)}1${'}'.repeat(20_000)}`))
  })

  test('a chain of causes that ends in itself ends', () => {
    const first: Record<string, unknown> = { name: 'OuterError', message: 'outer' }
    const second: Record<string, unknown> = {
      name: 'InnerError',
      message: 'execution reverted: FiatTokenV2: authorization is expired',
      cause: first,
    }
    first.cause = second
    first.errors = [first, second, first]
    expect(decodeRevert(first)).toMatchObject({ cause: 'expired', via: ['OuterError', 'InnerError'] })
  })

  test('a chain of a thousand causes ends', () => {
    let error: object = { name: 'Innermost', message: 'nonce too low' }
    for (let i = 0; i < 1_000; i++) error = { name: 'Wrapper', message: 'wrapped', cause: error }
    check(decodeRevert(error))
  })
})

describe('objects that do harm', () => {
  test('getters and proxies that throw', () => {
    const getter = {
      get message(): string {
        throw new Error('no')
      },
      data: error('Pausable: paused'),
    }
    expect(decodeRevert(getter)).toMatchObject({ cause: 'paused' })
    const proxy = new Proxy(
      {},
      {
        get() {
          throw new Error('no')
        },
        ownKeys() {
          throw new Error('no')
        },
        getPrototypeOf() {
          throw new Error('no')
        },
      },
    )
    check(decodeRevert(proxy))
    const revoked = Proxy.revocable([], {})
    revoked.revoke()
    check(decodeRevert(revoked.proxy))
    check(decodeRevert({ error: proxy, cause: new Proxy([], { get: () => proxy }) }))
  })

  test('keys of prototypes are no codes', () => {
    for (const word of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      check(decodeRevert(word))
      check(decodeRevert({ errorReason: word, code: word, status: word }))
    }
  })

  test('an error whose name is an escape sequence is not shown as one', () => {
    const revert = decodeRevert({ name: '\u001b[2J', message: '\u001b]0;owned\u0007execution reverted: \u001b[8mnope\u001b[0m' })
    check(revert)
    expect(revert).toMatchObject({ kind: 'error-string', message: 'nope', via: [] })
  })
})

test('the same input gives the same answer', () => {
  const input = { code: 3, message: 'execution reverted', data: error('FiatTokenV2: invalid signature') }
  expect(decodeRevert(input)).toEqual(decodeRevert(input))
  expect(decodeRevert(input)).toEqual(decodeRevert(JSON.stringify(input)))
})
