import { expect, it } from 'vitest'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { chainClient, type RpcAnswer } from '../../rpc/chain-client.ts'
import { connectSolana } from './connect-solana.ts'

const call = { method: 'getGenesisHash', params: [] }

/** What comes of one call through the inside of web3.js's `Connection`. */
async function through(answer: () => unknown): Promise<RpcAnswer | undefined> {
  const connection = { rpcEndpoint: 'https://api.example.com/v2/S3cr3tK3yOfAProvider', _rpcRequest: async () => answer() }
  const client = connectSolana(connection as never)
  expect(client.description).toContain('api.example.com')
  expect(client.description).not.toContain('S3cr3t')
  const [first] = await client.batch([call])
  return first
}

const throwing = (error: unknown) => () => {
  throw error
}

it.each<readonly [title: string, answer: () => unknown, expected: object]>([
  ['a result', () => ({ result: 'hash' }), { kind: 'result', value: 'hash' }],
  ['a result that is nothing', () => ({ result: null }), { kind: 'result', value: null }],
  [
    'an error of the node',
    () => ({ error: { code: -32_005, message: 'Node is behind' } }),
    { kind: 'refused', code: -32_005, message: 'Node is behind' },
  ],
  ['an error beside a result', () => ({ error: { code: -32_005, message: 'no' }, result: 'x' }), { kind: 'refused' }],
  ['an empty error beside a result', () => ({ error: null, result: 'x' }), { kind: 'result', value: 'x' }],
  ['an error without words', () => ({ error: 'odd' }), { kind: 'refused', message: 'an error without words' }],
  ['neither', () => ({}), { kind: 'failed' }],
  ['nothing', () => null, { kind: 'failed' }],
  ['text', () => 'hello', { kind: 'failed' }],
  [
    'HTTP 429',
    throwing(new Error('429 Too Many Requests:  {"jsonrpc":"2.0"}')),
    { kind: 'failed', reason: expect.stringContaining('429') },
  ],
  [
    'HTTP 503 with its words',
    throwing(new Error('503 Service Unavailable: <html>')),
    { kind: 'failed', reason: 'it answered HTTP 503 "Service Unavailable"' },
  ],
  ['HTTP 503 without words', throwing(new Error('503 : ')), { kind: 'failed', reason: 'it answered HTTP 503' }],
  ['no JSON', throwing(new SyntaxError('Unexpected token < in JSON')), { kind: 'failed', reason: expect.stringContaining('JSON') }],
  [
    'a cause of its own',
    throwing(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })),
    { kind: 'failed', reason: expect.stringContaining('ECONNREFUSED') },
  ],
  ['something that is no error', throwing('gone'), { kind: 'failed', reason: expect.stringContaining('gone') }],
  ['only the first line', throwing(new Error('one\ntwo')), { kind: 'failed', reason: expect.not.stringContaining('two') }],
])('a Connection that gives %s', async (_, answer, expected) => expect(await through(answer)).toMatchObject(expected))

it('a client is taken as it is', () => {
  const client = chainClient('mine', async () => [])
  expect(connectSolana(client)).toBe(client)
})

it.each([
  null,
  undefined,
  7,
  {},
  { kind: 'chain-client' },
  { rpcEndpoint: 'https://x' },
  { rpcEndpoint: 7, _rpcRequest: () => null },
  { rpcEndpoint: 'x', _rpcRequest: 7 },
  'ftp://x',
  'hello',
])('%j is no source, which is told at once', (source) => {
  const connect = (): unknown => connectSolana(source as never)
  expect(connect).toThrow(Eip3009Error)
  expect(connect).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
})
