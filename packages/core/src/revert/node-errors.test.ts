import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runs } from '../../../../test/runs.ts'
import { findNodeRule, findRelayer, httpStatuses, nodeRules, rpcCodes } from './node-errors.ts'
import { knownReasons } from './reason-codes.ts'
import { decodeRevert } from './revert.ts'
import { excludedAt } from './stage.ts'

const wordings = nodeRules.flatMap(({ name, wordings, on, onlyWhereNamed }) =>
  wordings.map((parts) => [parts.join(' … '), name, onlyWhereNamed === true ? on : undefined] as const),
)

test.each(wordings)('%s is %s', (text, name, chain) => {
  // Written in lower case, as they are compared, and not taken by a rule further up.
  expect(text).toBe(text.toLowerCase())
  expect(findNodeRule(text, chain)?.name).toBe(name)
  expect(findNodeRule(`Error: ${text.toUpperCase()}`.replace(/^Error: (?=")/, '{'), chain)?.name).toBe(name)
  // What others say too says nothing by itself.
  if (chain !== undefined) expect(findNodeRule(text)?.name).not.toBe(name)
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

/** Who speaks is said only where the words are that speaker's alone: an HTTP server, a browser and a node's client all time out. */
test.each<readonly [says: string, name: string, speaker?: 'node']>([
  ['HTTP/1.1 504 Gateway Timeout', 'HTTP 504'],
  ['<html><head><title>504 Gateway Time-out</title></head></html>', 'HTTP 504'],
  ['Gateway Timeout', 'HTTP 504'],
  ['Bad Gateway', 'HTTP 502'],
  ['error code: 524', 'HTTP 524'],
  ['timeout of 30000ms exceeded', 'timed out'],
  ['AbortError: The operation was aborted', 'timed out'],
  ['context deadline exceeded', 'timed out'],
  ['execution timeout', 'node timed out', 'node'],
])('%s', (says, name, speaker) => {
  const decoded = decodeRevert(says)
  expect(decoded.name).toBe(name)
  expect('speaker' in decoded ? decoded.speaker : undefined).toBe(speaker)
})

test.each([
  'x-ratelimit-remaining: 99',
  'HTTP/2 200\nratelimit-limit: 100\nratelimit-remaining: 12\nx-ratelimit-reset: 1790000000',
  'rate limit: 100 remaining',
  'invalid_signature: false',
  'checks: expired=false, insufficient_funds=false',
  'invalid signature check: passed',
])('%s says that nothing failed', (text) => {
  expect(decodeRevert(text).kind).toBe('unknown')
})

test.each<readonly [text: string, name: string]>([
  ['HTTP/2 429\nx-ratelimit-remaining: 0\n\nToo Many Requests', 'rate limited'],
  ['isValid: false, invalidReason: insufficient_funds', 'insufficient_funds'],
  ['settle failed, retried: false: nonce too low', 'nonce too low'],
])('%s says what failed beside it', (text, name) => {
  expect(decodeRevert(text)).toMatchObject({ name })
})

test.each(['3.0', '3e0', '504.0', '-32000.0', 'exit code 3', 'Process exited with code 3', 'code 3.5'])(
  '%s is no number of an error',
  (text) => {
    expect(decodeRevert(text).kind).toBe('unknown')
  },
)

describe('a number of JSON-RPC', () => {
  const numbers = [...Object.keys(rpcCodes).map(Number), ...Array.from({ length: 100 }, (_, index) => -32_000 - index)]

  test('decides nothing beside words that say something else', () => {
    let tried = 0
    fc.assert(
      fc.property(
        fc.constantFrom(...numbers),
        fc.stringMatching(/^[b-df-hj-np-tv-z]{4,9}( [b-df-hj-np-tv-z]{4,9}){1,6}$/),
        (code, words) => {
          fc.pre(findNodeRule(words) === undefined)
          for (const input of [{ jsonrpc: '2.0', id: 1, error: { code, message: words } }, `${words} (code: ${code})`]) {
            const { kind, causes, retry, message } = decodeRevert(input)
            expect({ kind, causes, retry }).toEqual({ kind: 'rpc-error', causes: [], retry: 'unknown' })
            expect(message).toContain(words)
          }
          tried++
        },
      ),
      { numRuns: 300, seed: 1 },
    )
    expect(tried).toBeGreaterThan(runs(290))
  })

  test.each(Object.entries(rpcCodes))(
    '%s speaks where nothing else is said, and where its own words are',
    (code, { name, words, causes }) => {
      for (const message of ['', ...words]) {
        const decoded = decodeRevert({ jsonrpc: '2.0', id: 1, error: { code: Number(code), message } })
        // Some of the words are a rule's or a revert's too, which know more.
        if (findNodeRule(message) === undefined && decoded.kind === 'rpc-error')
          expect({ name: decoded.name, causes: decoded.causes }).toEqual({ name, causes })
      }
    },
  )
})

test('what a stage rules out is no suspect of a rule or a code of that stage', () => {
  const staged = [...nodeRules.map((rule) => ({ ...rule, code: rule.name })), ...knownReasons].filter(({ stage }) => stage !== undefined)
  expect(staged.length).toBeGreaterThan(8)
  for (const { code, stage, causes } of staged)
    expect({ code, wrong: causes.filter((cause) => stage !== undefined && excludedAt[stage].has(cause)) }).toEqual({ code, wrong: [] })
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
