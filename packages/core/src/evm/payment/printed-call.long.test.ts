import { inspect } from 'node:util'
import { Interface } from 'ethers'
import fc from 'fast-check'
import {
  type Abi,
  ContractFunctionExecutionError,
  ContractFunctionRevertedError,
  encodeFunctionData,
  getAddress,
  type Hex,
  parseAbi,
  toHex,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { readEvmPayment } from './read.ts'

const inputs = 'address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce'
const signatures = { vrs: 'uint8 v, bytes32 r, bytes32 s', bytes: 'bytes signature' } as const

interface Call {
  readonly name: 'transferWithAuthorization' | 'receiveWithAuthorization'
  readonly overload: 'vrs' | 'bytes'
  /** As viem takes them. */
  readonly args: readonly (string | bigint | number)[]
}

const word = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => toHex(bytes))
const account = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => getAddress(toHex(bytes)))
const amount = fc.oneof(fc.bigInt(0n, 9n), fc.bigInt(0n, 10n ** 12n), fc.bigInt(0n, 2n ** 200n))
const time = fc.oneof(fc.constant(0n), fc.bigInt(1_600_000_000n, 2_000_000_000n), fc.constant(2n ** 256n - 1n))
const message = fc.tuple(account, account, amount, time, time, word)
const call: fc.Arbitrary<Call> = fc
  .record({
    name: fc.constantFrom('transferWithAuthorization' as const, 'receiveWithAuthorization' as const),
    overload: fc.constantFrom('vrs' as const, 'bytes' as const),
    message,
    v: fc.constantFrom(27, 28, 0, 1),
    r: word,
    s: word,
    long: fc.option(fc.uint8Array({ minLength: 66, maxLength: 400 }), { nil: undefined }),
  })
  .map(({ name, overload, message: parts, v, r, s, long }) => {
    const whole = long === undefined ? `${r}${s.slice(2)}${v.toString(16).padStart(2, '0')}` : toHex(long)
    return { name, overload, args: overload === 'vrs' ? [...parts, v, r, s] : [...parts, whole] }
  })

const abiOf = ({ name, overload }: Call): Abi => parseAbi([`function ${name}(${inputs}, ${signatures[overload]})`] as readonly string[])
const dataOf = (each: Call): Hex => encodeFunctionData({ abi: abiOf(each), functionName: each.name, args: each.args })
const typesOf = ({ overload }: Call): string[] => `${inputs}, ${signatures[overload]}`.split(', ')
const token = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const relayer = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'

const signatureOf = (each: Call): string =>
  `${each.name}(${typesOf(each)
    .map((each_) => each_.split(' ')[0])
    .join(',')})`
/** cast's `[1.795e9]` behind large numbers. */
const annotated = (value: string | bigint | number): string =>
  typeof value === 'bigint' && value > 9_999n ? `${value} [${Number(value).toExponential(3).replace('+', '')}]` : String(value)
const rows = (each: Call, row: (name: string, type: string, value: string, index: number) => string): string =>
  each.args
    .map((value, index) => {
      const [type = '', name = ''] = (typesOf(each)[index] ?? '').split(' ')
      return row(name, type, String(value), index)
    })
    .join('\n')
const parsed = (each: Call) =>
  new Interface([`function ${each.name}(${inputs}, ${signatures[each.overload]})`]).parseTransaction({ data: dataOf(each) })
const python = (value: string | bigint | number): string =>
  typeof value !== 'string'
    ? String(value)
    : value.length === 42
      ? `'${value}'`
      : `b'${(value.slice(2).match(/../g) ?? [])
          .map((pair) => {
            const code = Number.parseInt(pair, 16)
            const plain = code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : undefined
            return plain === "'" || plain === '\\' ? `\\${plain}` : (plain ?? `\\x${pair}`)
          })
          .join('')}'`

/** How tools show a call; `tells` what of it can be known from that alone. */
const forms: Readonly<
  Record<
    string,
    { readonly of?: Call['overload']; readonly tells: readonly ('function' | 'token' | 'chain')[]; readonly show: (each: Call) => string }
  >
> = {
  "viem's error": {
    tells: ['function', 'token'],
    show: (each) => {
      const abi = abiOf(each)
      const reverted = new ContractFunctionRevertedError({ abi, functionName: each.name, message: 'FiatTokenV2: invalid signature' })
      return new ContractFunctionExecutionError(reverted, {
        abi,
        args: [...each.args],
        contractAddress: token,
        functionName: each.name,
        sender: relayer,
      }).message
    },
  },
  "ethers' Result, under its description": {
    tells: ['function'],
    show: (each) => inspect(parsed(each), { depth: 2, maxStringLength: null }),
  },
  "ethers' Result alone": { tells: [], show: (each) => inspect(parsed(each)?.args, { maxStringLength: null }) },
  "ethers' Result by names": { of: 'vrs', tells: [], show: (each) => inspect(parsed(each)?.args.toObject()) },
  "ethers 5's error": {
    tells: ['function'],
    show: (each) =>
      `call revert exception (method="${signatureOf(each)}", errorArgs=null, args=${JSON.stringify(each.args.map((value) => (typeof value === 'bigint' ? { type: 'BigNumber', hex: toHex(value) } : value)))}, code=CALL_EXCEPTION)`,
  },
  'cast 4byte-decode': { tells: ['function'], show: (each) => [`1) "${signatureOf(each)}"`, ...each.args.map(annotated)].join('\n') },
  'cast calldata-decode': { tells: [], show: (each) => each.args.map(annotated).join('\n') },
  'cast pretty-calldata': {
    tells: ['function'],
    show: (each) =>
      ` Possible methods:\n - ${signatureOf(each)}\n ------------\n${(dataOf(each).slice(10).match(/.{64}/g) ?? []).map((each_, index) => ` [${(32 * index).toString(16).padStart(3, '0')}]: ${each_}`).join('\n')}`,
  },
  'cast tx': {
    tells: ['function', 'token', 'chain'],
    show: (each) =>
      `\nblockHash            0x${'ab'.repeat(32)}\nblockNumber          23456789\nfrom                 ${relayer}\ntransactionIndex     12\nchainId              8453\nhash                 0x${'34'.repeat(32)}\ninput                ${dataOf(each)}\nnonce                5\nto                   ${token}\ntype                 2\nvalue                0\n`,
  },
  "an explorer's words": {
    tells: ['function'],
    show: (each) =>
      `Function: ${signatureOf(each)} ***\n\nMethodID: ${dataOf(each).slice(0, 10)}\n${(dataOf(each).slice(10).match(/.{64}/g) ?? []).map((each_, index) => `[${index}]:  ${each_}`).join('\n')}`,
  },
  "an explorer's table": {
    tells: ['function'],
    show: (each) =>
      `Function: ${signatureOf(each)}\n\n#\tName\tType\tData\n${rows(each, (name, type, value, index) => `${index}\t${name}\t${type}\t${value}`)}`,
  },
  "an explorer's table, numbered from one, without a name": {
    tells: [],
    show: (each) => rows(each, (name, type, value, index) => `${index + 1} ${name} (${type}): ${value}`),
  },
  "another explorer's table": {
    tells: ['function', 'token'],
    show: (each) =>
      `Interacted with (to):\t${token}\nMethod id\t${dataOf(each).slice(0, 10)}\nCall\t${signatureOf(each)}\nName\tType\tData\n${rows(each, (name, type, value) => `${name}\t${type}\t${value}`)}`,
  },
  'the cells of a table, a line each': {
    tells: ['function'],
    show: (each) => `Call\n${signatureOf(each)}\nName\nType\nData\n${rows(each, (name, type, value) => `${name}\n${type}\n${value}`)}`,
  },
  "an indexer's list": {
    tells: ['function', 'token'],
    show: (each) =>
      JSON.stringify({
        to: token,
        decoded: {
          method: signatureOf(each),
          parameters: typesOf(each).map((type, index) => ({
            name: type.split(' ')[1],
            type: type.split(' ')[0],
            value: String(each.args[index]),
          })),
        },
      }),
  },
  "Foundry's trace": {
    tells: ['function', 'token'],
    show: (each) =>
      `  [12345] ${token}::${each.name}(${each.args.map(annotated).join(', ')})\n    └─ ← [Revert] FiatTokenV2: invalid signature`,
  },
  "an explorer's page": {
    tells: ['token'],
    show: (each) =>
      `Transaction Hash:\n0x${'34'.repeat(32)}\nStatus:\nFail\nFrom:\n${relayer}\nInteracted With (To):\n${token}\n (Circle: USDC)\nInput Data:\n#\tName\tType\tData\n${rows(each, (name, type, value, index) => `${index}\t${name}\t${type}\t${value}`)}`,
  },
  'a call in source': {
    tells: ['function', 'token'],
    show: (each) => `reverted: contract=${token} token.${each.name}(${each.args.join(', ')})`,
  },
  "web3.py's function": {
    tells: ['function'],
    show: (each) => `<Function ${signatureOf(each)} bound to (${each.args.map(python).join(', ')})>`,
  },
  "web3.js' arguments": { tells: ['function'], show: (each) => `${each.name} ${JSON.stringify(each.args.map(String))} on chainId: 8453` },
}

describe('a call as tools show it is the payment that its calldata is', () => {
  test.each(Object.entries(forms))('%s', (_name, { of, tells, show }) => {
    const calls = of === undefined ? call : call.filter(({ overload }) => overload === of)
    fc.assert(
      fc.property(calls, (each) => {
        const expected = readEvmPayment(dataOf(each))
        const read = readEvmPayment(show(each))
        expect(read.authorization).toEqual(expected.authorization)
        expect(read.signature).toBe(expected.signature)
        if (tells.includes('function')) {
          expect(read.primaryType).toBe(expected.primaryType)
          expect(read.call).toMatchObject({ function: each.name, overload: each.overload })
        }
        expect(read.token).toBe(tells.includes('token') ? token : undefined)
        if (tells.includes('chain'))
          expect(read).toMatchObject({ chainId: 8453, call: { transaction: { chainId: 8453, sender: relayer, to: token } } })
        // That a console's spelling is not JSON's is said, too.
        expect(read.findings.filter(({ severity, field }) => severity !== 'info' && field !== 'input')).toEqual([])
      }),
      { numRuns: 40 },
    )
  })
})

describe('arguments that are not all there', () => {
  const whole: Call = {
    name: 'transferWithAuthorization',
    overload: 'vrs',
    args: [
      token,
      relayer,
      10_000n,
      1_795_600_000n,
      1_795_900_000n,
      `0x${'4b'.repeat(32)}`,
      28,
      `0x${'59'.repeat(32)}`,
      `0x${'77'.repeat(32)}`,
    ],
  }
  const refusal = (text: string): string => {
    try {
      return `read: ${readEvmPayment(text).recognised}`
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
  const listed = (args: readonly unknown[]): string => `function transferWithAuthorization args: (${args.join(', ')})`

  test('the first that is missing is named', () => {
    expect(refusal(listed(whole.args.slice(0, 7)))).toMatch(
      /^Read the arguments of transferWithAuthorization, of which 7 are there: r is missing/,
    )
    expect(refusal(listed(whole.args.slice(0, 3)))).toMatch(/of which 3 are there: validAfter is missing/)
  })

  test('what its author cut is said', () => {
    expect(refusal(listed(whole.args.with(0, '0x19E7...')))).toMatch(/of which from is 0x19E7\.\.\., which its author cut/)
    expect(refusal(listed(whole.args.with(5, '0x4b4b…4b4b')))).toMatch(/of which nonce is 0x4b4b…4b4b, which its author cut/)
    expect(refusal(listed([...whole.args.slice(0, 6), '0x5959...']))).toMatch(/of which signature is 0x5959\.\.\., which its author cut/)
  })

  test('words of an explorer: one that is missing, one that was cut, the damaged one', () => {
    const lines = (forms["an explorer's words"]?.show(whole) ?? '').split('\n')
    expect(refusal(lines.filter((line) => !line.startsWith('[4]')).join('\n'))).toMatch(
      /^Read calldata in words, of which \[4\] is missing/,
    )
    expect(refusal(lines.slice(0, -1).join('\n'))).toMatch(/that is cut in s, its word 9 of 9|cut behind|cut in s/)
    expect(refusal(`${lines.slice(0, 8).join('\n').slice(0, -20)}...`)).toMatch(/cut by dots in validBefore, its word 5 of 9/)
    expect(refusal(lines.map((line) => (line.startsWith('[3]') ? line.slice(0, -1) : line)).join('\n'))).toMatch(/a digit too few in/)
  })

  test('a list of other things is none', () => {
    for (const text of [
      `${token}, ${relayer}, 10000, 1, 2`,
      `Transfer(${token}, ${relayer}, 10000) of 0x${'34'.repeat(32)}`,
      `transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)`,
      `permit(${token}, ${relayer}, 10000, 1795900000, 28, 0x${'59'.repeat(32)}, 0x${'77'.repeat(32)})`,
    ])
      expect(refusal(text)).toMatch(/^Read [0-9]+ characters/)
  })
})

test('whatever stands in a text, the answer is a payment or a sentence', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '{',
      '}',
      '(',
      ')',
      '[',
      ']',
      ' ',
      ': ',
      '=',
      ', ',
      '"',
      "'",
      '`',
      '\n',
      '...',
      '…',
      '<',
      '>',
      '&',
      '0x',
      '::',
      '|',
      '\\',
    ),
    fc.constantFrom(
      'from',
      'to',
      'value',
      'validAfter',
      'validBefore',
      'nonce',
      'signature',
      'authorization',
      'payload',
      'Some',
      'HexBytes',
      'MethodID: 0xe3ee160e',
      '[0]: ',
    ),
    fc.constantFrom(
      token,
      relayer,
      `0x${'4b'.repeat(32)}`,
      `0x${'59'.repeat(65)}`,
      '10000',
      'transferWithAuthorization',
      "b'\\x4b",
      '[Object]',
      'map[',
      '<Buffer 4b',
    ),
    fc.string({ maxLength: 4 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      try {
        expect(readEvmPayment(pieces.join('')).family).toBe('evm')
      } catch (error) {
        expect(error).toMatchObject({ name: 'Eip3009Error', message: expect.stringMatching(/^Read [^\n]{10,2000}\.$/) })
      }
    }),
    { numRuns: 1500 },
  )
})

test('a mebibyte of one thing is read to its end', () => {
  for (const unit of [
    '{',
    'a{',
    'Ab(',
    '"',
    `"'\\`,
    'a=b ',
    'a: ',
    'x {A:b c ',
    `${token}, `,
    '0 ',
    '…',
    'a::',
    'MethodID: 0xe3ee160e\n[0]: 00\n',
    'to: ',
    '<Buffer 00 ',
    'e3ee160e',
    '}])',
  ]) {
    const text = `x ${unit.repeat(Math.floor(1_000_000 / unit.length))}`
    expect(() => readEvmPayment(text)).toThrow(/^Read /)
  }
})
