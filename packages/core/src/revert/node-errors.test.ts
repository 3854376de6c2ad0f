import { describe, expect, test } from 'vitest'
import { findNodeRule, findRelayer, httpStatuses, nodeRules, rpcCodes } from './node-errors.ts'

const wordings = nodeRules.flatMap(({ name, wordings }) => wordings.map((parts) => [parts.join(' … '), name] as const))

test.each(wordings)('%s is %s', (text, name) => {
  // Written in lower case, as they are compared, and not taken by a rule further up.
  expect(text).toBe(text.toLowerCase())
  expect(findNodeRule(text)?.name).toBe(name)
  expect(findNodeRule(`Error: ${text.toUpperCase()}`.replace(/^Error: (?=")/, '{'))?.name).toBe(name)
})

test('names are short, in lower case and unambiguous', () => {
  for (const { name, causes, party } of nodeRules) {
    expect(name).toMatch(/^[a-z][a-zA-Z0-9' -]{3,45}$/)
    expect(causes.length > 0 || party !== undefined, name).toBe(true)
  }
  for (const { name, means } of [
    ...Object.values(rpcCodes).map(({ name }) => ({ name, means: name })),
    ...Object.values(httpStatuses).map(({ means }) => ({ name: means, means })),
  ]) {
    expect(name.length).toBeGreaterThan(3)
    expect(means).not.toMatch(/\.$/)
  }
})

test.each([
  'execution reverted',
  'unknown transaction type',
  'the authorization nonce was used',
  'FiatTokenV2: authorization is used or canceled',
  'Missing or invalid parameters. Double check you have provided the correct parameters.',
  '',
])('%j fits no rule', (text) => {
  expect(findNodeRule(text)).toBeUndefined()
})

describe('the relayer', () => {
  const relayer = '0xd407e409E34E0b9afb99EcCeb609bDbcD5e7f1bf'
  const token = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'

  test.each([
    [`nonce too low: address ${relayer}, tx: 41 state: 44`, relayer],
    [`insufficient funds for gas * price + value: address ${relayer} have 0 want 3000`, relayer],
    [`{"from":"${relayer}","nonce":"0x29"}`, relayer],
    [`Raw Call Arguments: from: ${relayer} to: ${token}`, relayer],
    [`Contract Call: address: ${token} function: transferWithAuthorization(… validAfter …) sender: ${relayer}`, relayer],
    [`account ${relayer} has too many pending transactions`, relayer],
    // The payer of the authorization, which is no relayer.
    [`{"authorization":{"from":"${relayer}","to":"${token}","validAfter":"0"}}`, undefined],
    [`to: ${relayer}`, undefined],
    [`from: ${relayer}00`, undefined],
    ['nonce too low', undefined],
  ])('%s', (text, expected) => {
    expect(findRelayer(text)).toBe(expected)
  })
})
