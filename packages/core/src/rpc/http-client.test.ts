import { describe, expect, it } from 'vitest'
import { answering, type Call, type Reply, startRpcServer } from '../../../../test/rpc-server.ts'
import { RpcError } from './chain-client.ts'
import { type HttpOptions, openHttpClient } from './http-client.ts'

const calls = [
  { method: 'eth_chainId', params: [] },
  { method: 'eth_blockNumber', params: [] },
  { method: 'net_version', params: [] },
]
const echo = ({ method }: Call): object => ({ result: `answer to ${method}` })
const results = calls.map(({ method }) => ({ kind: 'result', value: `answer to ${method}` }))

/** The answers of a server that replies in this way, and what it was asked. */
async function ask(reply: (body: unknown, request: number) => Reply | Promise<Reply>, options: HttpOptions = {}) {
  await using server = await startRpcServer(reply)
  const client = openHttpClient(server.url, options)
  const answers = await client.batch(calls)
  const again = await client.batch(calls.slice(0, 2))
  return { answers, again, requests: server.requests.length }
}

describe('a node that takes batches', () => {
  it('is asked once', async () => {
    const { answers, requests } = await ask((body) => answering(body, echo))
    expect(answers).toEqual(results)
    expect(requests).toBe(2)
  })

  it('may answer in any order, and with its ids as text', async () => {
    const { answers } = await ask((body) => ({
      body: (body as Call[]).map((call) => ({ jsonrpc: '2.0', id: String(call.id), ...echo(call) })).reverse(),
    }))
    expect(answers).toEqual(results)
  })

  it('may leave calls out, which are then sent alone', async () => {
    const { answers, requests } = await ask((body) => answering(Array.isArray(body) ? body.slice(0, 1) : body, echo))
    expect(answers).toEqual(results)
    expect(requests).toBe(1 + 2 + 1 + 1)
  })

  it('gives each call an answer of its own', async () => {
    const { answers } = await ask((body) =>
      answering(body, (call) => (call.method === 'net_version' ? { error: { code: -32601, message: 'no such method' } } : echo(call))),
    )
    expect(answers).toEqual([...results.slice(0, 2), { kind: 'refused', code: -32601, message: 'no such method' }])
  })

  it.each<readonly [unknown, string]>([
    [{ code: 1, message: 'quota exceeded' }, 'quota exceeded'],
    ['quota exceeded', 'quota exceeded'],
    [{ code: 1 }, 'an error without words'],
  ])('may put an error of its own kind into an answer: %j', async (error, message) => {
    const { answers } = await ask((body) => answering(body, () => ({ error })))
    expect(answers[0]).toEqual({ kind: 'refused', message })
  })

  it('gets long lists in parts', async () => {
    await using server = await startRpcServer((body) => answering(body, echo))
    const many = Array.from({ length: 120 }, () => ({ method: 'eth_chainId', params: [] }))
    const answers = await openHttpClient(server.url).batch(many)
    expect(answers).toHaveLength(120)
    expect(server.requests.map((body) => (body as unknown[]).length)).toEqual([50, 50, 20])
  })
})

describe('a node that takes no batches', () => {
  const single = { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'batch requests are not supported' } }
  it.each<readonly [string, Reply]>([
    ['a single error', { body: single }],
    ['a list with a single error', { body: [single] }],
    ['HTTP 400', { status: 400, body: single }],
    ['HTTP 404 and text', { status: 404, body: 'not found' }],
    ['HTTP 405 and HTML', { status: 405, body: '<html><title>Method Not Allowed</title></html>' }],
    ['HTTP 413', { status: 413, body: '' }],
    ['HTTP 500', { status: 500, body: single }],
    ['JSON that breaks off', { body: '[{"jsonrpc":"2.0","id":0,"resu' }],
  ])('and answers with %s is asked call by call, and never with a batch again', async (_name, reply) => {
    const { answers, again, requests } = await ask((body) => (Array.isArray(body) ? reply : answering(body, echo)))
    expect(answers).toEqual(results)
    expect(again).toEqual(results.slice(0, 2))
    expect(requests).toBe(1 + 3 + 2)
  })
})

describe('what is no answer is a failure with a reason', () => {
  it.each<readonly [string, Reply, string, number]>([
    [
      'HTML 502',
      { status: 502, body: '<!doctype html><html><head><title>502 Bad Gateway</title>' },
      'it answered HTTP 502 with an HTML page, "502 Bad Gateway"',
      1,
    ],
    ['HTML without a title', { body: '<p>hello</p>' }, 'it answered HTTP 200 with an HTML page', 2],
    ['an empty body', { status: 500, body: '' }, 'it answered HTTP 500 with an empty body', 2],
    [
      'truncated JSON',
      { body: '{"jsonrpc":"2.0","id":1,"resu' },
      'it answered HTTP 200 with JSON that breaks off or is damaged, after 29 characters',
      2,
    ],
    [
      'text',
      { body: 'upstream \u001b[31mtimeout' },
      'it answered HTTP 200 with something that is not JSON: "upstream \\u{1b}[31mtimeout"',
      2,
    ],
    ['JSON that is no JSON-RPC', { body: { ok: true } }, 'it answered HTTP 200 with JSON that is no answer of JSON-RPC', 2],
    [
      'HTTP 401',
      { status: 401, body: { error: { code: -32000, message: 'invalid project id' } } },
      'it answered HTTP 401, "invalid project id"',
      1,
    ],
    [
      'a redirect',
      { status: 301, headers: { location: 'https://rpc.example/v1/aB3xYz' }, body: '' },
      'it redirects to https://rpc.example/v1/… (HTTP 301); use that address',
      1,
    ],
    [
      'a redirect to something that is no URL',
      { status: 302, headers: { location: 'http://[bad' }, body: '' },
      'it redirects to something that is no URL (HTTP 302)',
      1,
    ],
    ['a redirect to nowhere', { status: 302, body: '' }, 'it redirects, and does not say where to (HTTP 302)', 1],
    ['a connection that is broken off each time', 'hang up', 'it broke off the connection', 3],
  ])('%s', async (_name, reply, reason, requests) => {
    await using server = await startRpcServer(() => reply)
    const answers = await openHttpClient(server.url).batch(calls)
    expect(answers).toEqual(calls.map(() => ({ kind: 'failed', reason })))
    expect(server.requests).toHaveLength(requests)
  })

  it('no answer in time, asked once for all calls', async () => {
    await using server = await startRpcServer(() => 'hang')
    const answers = await openHttpClient(server.url, { timeout: 50 }).batch(calls)
    expect(answers).toEqual(calls.map(() => ({ kind: 'failed', reason: 'it did not answer within 50 ms' })))
    expect(server.requests).toHaveLength(1)
  })

  it('an answer that is too long', async () => {
    await using server = await startRpcServer((body) => answering(body, () => ({ result: 'x'.repeat(5000) })))
    const [answer] = await openHttpClient(server.url, { largestAnswer: 1000 }).batch(calls)
    expect(answer).toEqual({ kind: 'failed', reason: 'its answer has more than 1000 bytes' })
  })

  it('a port where nothing listens', async () => {
    const url = await startRpcServer(() => 'hang').then(async (server) => {
      await server[Symbol.asyncDispose]()
      return server.url
    })
    const [answer] = await openHttpClient(url).batch(calls)
    expect(answer).toEqual({ kind: 'failed', reason: 'nothing listens there (ECONNREFUSED)' })
  })
})

describe('a node that limits the rate', () => {
  const limited = (retryAfter: string | undefined): Reply => ({
    status: 429,
    headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
    body: { error: { code: 429, message: 'slow down' } },
  })

  it('is asked again after the time that it gives', async () => {
    const { answers, requests } = await ask((body, request) => (request < 3 ? limited('0') : answering(body, echo)))
    expect(answers).toEqual(results)
    expect(requests).toBe(4)
  })

  it('may give a date that has passed', async () => {
    const { answers } = await ask((body, request) => (request < 2 ? limited('Wed, 21 Oct 2015 07:28:00 GMT') : answering(body, echo)))
    expect(answers).toEqual(results)
  })

  it('is given up after some attempts', async () => {
    await using server = await startRpcServer(() => limited('0'))
    const [answer] = await openHttpClient(server.url, { retries: 2 }).batch(calls)
    expect(answer).toEqual({ kind: 'failed', reason: 'it limits the rate of requests (HTTP 429, asked 3 times)' })
    expect(server.requests).toHaveLength(3)
  })

  it('is not waited for longer than allowed', async () => {
    await using server = await startRpcServer(() => limited('86400'))
    const [answer] = await openHttpClient(server.url).batch(calls)
    expect(answer).toEqual({ kind: 'failed', reason: 'it limits the rate of requests (HTTP 429, asked once), and asks to wait 86400 s' })
    expect(server.requests).toHaveLength(1)
  })

  it('with HTTP 503 and a time is asked again too', async () => {
    const { answers } = await ask((body, request) =>
      request < 2 ? { status: 503, headers: { 'retry-after': '0' }, body: 'busy' } : answering(body, echo),
    )
    expect(answers).toEqual(results)
  })
})

describe('request', () => {
  it('returns the result, and throws what the node refused with its data', async () => {
    await using server = await startRpcServer((body) =>
      answering(body, (call) =>
        call.method === 'eth_call' ? { error: { code: 3, message: 'execution reverted', data: '0x08c379a0' } } : { result: '0x1' },
      ),
    )
    const client = openHttpClient(server.url)
    expect(await client.request('eth_chainId')).toBe('0x1')
    const error = await client.request('eth_call', [{}, 'latest']).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RpcError)
    expect(error).toMatchObject({
      code: 'rpc-unavailable',
      message: `${server.url} has no result for eth_call: it answered error 3, "execution reverted".`,
      answer: { kind: 'refused', code: 3, message: 'execution reverted', data: '0x08c379a0' },
    })
  })
})

describe('secrets', () => {
  it('are sent and never printed: a user in the URL becomes a header', async () => {
    await using server = await startRpcServer((body) => answering(body, echo))
    const url = server.url.replace('http://', 'http://me:s3cr3t@')
    const client = openHttpClient(`${url}/v2/AbCdEf123456?apikey=K3Y`, { headers: { 'x-key': 'K3Y' } })
    expect(client.description).toBe(`${server.url}/v2/…?apikey=…`)
    await client.batch(calls)
    expect(server.headers[0]).toMatchObject({ authorization: `Basic ${Buffer.from('me:s3cr3t').toString('base64')}`, 'x-key': 'K3Y' })
  })

  it('may have any character, in UTF-8 as curl sends it', async () => {
    await using server = await startRpcServer((body) => answering(body, echo))
    const login = 'mé:100% €uro'
    const [user = '', password = ''] = login.split(':').map(encodeURIComponent)
    await openHttpClient(server.url.replace('http://', `http://${user}:${password}@`)).batch(calls)
    expect(server.headers[0]).toMatchObject({ authorization: `Basic ${Buffer.from(login).toString('base64')}` })
  })

  it('that no header can have are refused before they are sent, and not repeated', () => {
    expect(() => openHttpClient('http://rpc.example', { headers: { authorization: 'Bearer S3cret\n1' } })).toThrow(
      'A header for the RPC has a character that no HTTP header can have, such as a line break; its value is not shown.',
    )
  })

  it.each([
    [
      'http://user:%zz@base.example',
      "The user or the password in the RPC's URL has a % that is no escape of a character; write a % itself as %25.",
    ],
    [
      'http://100%:x@base.example',
      "The user or the password in the RPC's URL has a % that is no escape of a character; write a % itself as %25.",
    ],
    ['base.example', 'An RPC is given as a URL such as https://mainnet.base.org; got something that is no URL.'],
    ['wss://user:pass@base.example/KEY', 'RPCs are read over HTTP; got "wss:"//…: the same provider\'s https address works.'],
    ['file:///etc/passwd', 'RPCs are read over HTTP; got "file:"//…: expected https:// or http://.'],
  ])('are not in what is said of %s', (url, message) => {
    expect(() => openHttpClient(url)).toThrow(message)
  })
})
