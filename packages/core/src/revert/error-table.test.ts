import { encodeErrorResult, parseAbiItem, toFunctionSelector } from 'viem'
import { expect, test } from 'vitest'
import { canonicalSignature } from './abi.ts'
import { errorTable, findError } from './error-table.ts'
import { decodeRevert } from './revert.ts'

const entries = Object.entries(errorTable)

test.each(entries)('%s is the selector of its declaration', (selector, { declaration }) => {
  expect(toFunctionSelector(canonicalSignature(declaration))).toBe(selector)
})

const samples: Readonly<Record<string, unknown>> = {
  address: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
  uint256: 10_000n,
  bytes32: `0x${'ab'.repeat(32)}`,
  bytes4: '0xe3ee160e',
  // No selector of an error, so that nothing is unwrapped.
  bytes: '0x00112233445566',
  string: 'a reason',
  bool: false,
}

test.each(entries)('%s decodes to its name and to the arguments that viem encodes', (selector, { declaration }) => {
  const item = parseAbiItem(`error ${declaration}`)
  if (item.type !== 'error') throw new Error('not an error')
  const args = item.inputs.map(({ type }) => samples[type])
  const data = encodeErrorResult({ abi: [item], errorName: item.name, args })
  const decoded = decodeRevert(data)
  expect(decoded).toMatchObject({ kind: 'custom-error', known: true, name: item.name, selector, data })
  expect(decoded.args.map(({ value }) => value)).toEqual(args)
  expect(decoded.args.map(({ name, type }) => [name, type])).toEqual(item.inputs.map(({ name, type }) => [name, type]))
})

test('no two declarations share a selector, and prototypes are not entries', () => {
  expect(new Set(entries.map(([, { declaration }]) => canonicalSignature(declaration))).size).toBe(entries.length)
  expect(findError('constructor')).toBeUndefined()
  expect(findError('0xdeadbeef')).toBeUndefined()
})
