import fc from 'fast-check'
import { encodeFunctionData, type Hex, parseAbi, parseSignature, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { runs } from '../../../../../test/runs.ts'
import { readEvmPayment } from './read.ts'

const abi = parseAbi([
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)',
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)',
])
const from = '0xdA42Bb49a3bda8Ef5c5869aAee3d439fb3570B94'
const to = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
const names = ['from', 'to', 'value', 'validAfter', 'validBefore', 'nonce', 'v', 'r', 's'] as const

interface Drawn {
  readonly value: bigint
  readonly after: bigint
  readonly nonce: Hex
  readonly signature: Hex
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  value: fc.bigInt(1n, 10n ** 12n),
  after: fc.constantFrom(0n, 1_795_600_000n, 1_740_672_089n),
  // A first digit that is none of padding's, so that a nonce is not taken for a small number.
  nonce: fc.bigInt(2n ** 255n, 2n ** 256n - 1n).map((each) => toHex(each, { size: 32 })),
  signature: fc
    .tuple(fc.bigInt(2n ** 253n, 2n ** 254n), fc.bigInt(2n ** 253n, 2n ** 254n), fc.constantFrom('1b', '1c'))
    .map(([r, s, v]): Hex => `${toHex(r, { size: 32 })}${toHex(s, { size: 32 }).slice(2)}${v}` as Hex),
})

function call({ value, after, nonce, signature }: Drawn, overload: 'vrs' | 'bytes'): Hex {
  const message = [from, to, value, after, 1_900_000_000n, nonce] as const
  if (overload === 'bytes') return encodeFunctionData({ abi, functionName: 'transferWithAuthorization', args: [...message, signature] })
  const { r, s, v } = parseSignature(signature)
  return encodeFunctionData({ abi, functionName: 'transferWithAuthorization', args: [...message, Number(v), r, s] })
}

function sentence(input: object | string): string {
  try {
    readEvmPayment(input)
  } catch (error) {
    if (error instanceof Error) return error.message
    throw error
  }
  return 'read'
}

/** The same calldata in each place where it is pasted. */
const places = [
  (data: string): object | string => ({ to: from, data }),
  (data: string): object | string => ({ transaction: { to: from, input: data }, chainId: 8453 }),
  (data: string): object | string => data,
  (data: string): object | string => `2026-11-27 ERROR estimateGas failed data=${data} from relayer`,
]

describe('calldata that was cut', () => {
  test('says in which word it ends, and reads the words before', () => {
    fc.assert(
      fc.property(
        drawn,
        fc.constantFrom('vrs', 'bytes'),
        fc.integer({ min: 10, max: 583 }),
        fc.constantFrom('...', '…', ''),
        (each, overload, length, dots) => {
          const data = `${call(each, overload).slice(0, 2 + length)}${dots}`
          const [word] = [names[Math.floor((length - 8) / 64)]]
          for (const place of places) {
            const says = sentence(place(data))
            expect(says).toContain('calldata of transferWithAuthorization')
            expect(says).toMatch(/^Read .+; expected .+; .+\.$/)
            // A digit lost at the end of a whole call, or in front of it: which word is short can not be told.
            if (dots !== '' && length < 8 + 64 * 6) expect(says).toContain(`in ${word}, its word`)
            if (dots !== '' && length >= 8 + 64 * 3) for (const read of [from, to, `value ${each.value}`]) expect(says).toContain(read)
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('calldata with a digit too many or too few', () => {
  const edits = fc.record({
    at: fc.nat({ max: 575 }),
    digit: fc.constantFrom(...'0123456789abcdef'),
    kind: fc.constantFrom('add', 'drop', 'add two', 'drop two'),
  })

  test('never becomes another payment, and the word is among those that are named', () => {
    let named = 0
    fc.assert(
      fc.property(drawn, edits, (each, { at, digit, kind }) => {
        const whole = call(each, 'vrs').slice(2)
        const place = 8 + at
        const edited =
          kind === 'add'
            ? whole.slice(0, place) + digit + whole.slice(place)
            : kind === 'add two'
              ? whole.slice(0, place) + digit + digit + whole.slice(place)
              : whole.slice(0, place) + whole.slice(place + (kind === 'drop' ? 1 : 2))
        for (const data of [{ to: from, data: `0x${edited}` }, `0x${edited}`]) {
          const says = sentence(data)
          if (says === 'read') {
            // Two digits behind the last word that matters are bytes that the token ignores.
            const { authorization } = readEvmPayment(data)
            expect(authorization).toMatchObject({ from, to, value: each.value, nonce: each.nonce })
            continue
          }
          expect(says).toContain('calldata of transferWithAuthorization')
          const word = names[Math.floor(at / 64)] ?? ''
          const list = /too (?:many|few) in (?:the word|one of the words) ([^;]*), so that/.exec(says)?.[1]?.split(', ')
          if (list === undefined) continue
          named++
          // A digit at the border of two words belongs to either.
          const neighbours = [word, names[Math.floor((at - 2) / 64)] ?? '', names[Math.floor((at + 2) / 64)] ?? '']
          expect([says, neighbours.some((name) => list.includes(name))]).toEqual([says, true])
        }
      }),
      { numRuns: 300 },
    )
    expect(named).toBeGreaterThan(runs(200))
  })

  test('whole calldata is read as it is, with a suffix or without', () => {
    fc.assert(
      fc.property(
        drawn,
        fc.constantFrom('vrs', 'bytes'),
        fc.constantFrom('', '80218021802180218021802180218021', `${'ab'.repeat(32)}`),
        (each, overload, suffix) => {
          const payment = readEvmPayment({ to: from, data: `${call(each, overload)}${suffix}` })
          expect(payment.authorization).toMatchObject({ from, to, value: each.value, validAfter: each.after, nonce: each.nonce })
          expect(payment.signature).toBe(each.signature)
        },
      ),
      { numRuns: 60 },
    )
  })
})
