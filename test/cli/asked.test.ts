import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixture } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'
import { answering, type RpcServer, startRpcServer } from '../rpc-server.ts'
import { runCli } from './run-here.ts'

const bytes = `0x${'4c0883a69102937d6231471b5dbb6204'.repeat(2)}`
const startRpc = (): Promise<RpcServer> =>
  startRpcServer((body) => answering(body, ({ method }) => (method === 'eth_chainId' ? { result: '0x2105' } : { result: null })))
const told = ({ requests }: RpcServer): boolean => JSON.stringify(requests).toLowerCase().includes(bytes.slice(2))

describe.each(['diagnose', 'replay'])('32 bytes, given to %s', (command) => {
  it.each([
    ['alone', bytes],
    ['alone, without a 0x', bytes.slice(2)],
    ['alone, on a line', `${bytes}\n`],
    ['as JSON', JSON.stringify(bytes)],
    ['as a member of JSON that says what it is', JSON.stringify({ privateKey: bytes })],
    ['in a file of the environment', `PAYER=${bytes}\n`],
    ['in a file of the environment, called a key', `PRIVATE_KEY=${bytes}\nTX_RETRIES=3\n`],
  ])('%s, out of a pipe or a file are told to no RPC', async (_, text) => {
    await using rpc = await startRpc()
    const folder = await mkdtemp(join(tmpdir(), 'eip3009-key-'))
    try {
      const file = join(folder, 'key.txt')
      await writeFile(file, text)
      for (const argument of ['-', file]) {
        const { code, stdout, stderr } = await runCli([command, argument, '--rpc-url', rpc.url], text)
        expect({ code, stdout, told: told(rpc) }).toEqual({ code: 2, stdout: '', told: false })
        expect(stderr).toMatch(/^eip3009: [^\n]+\n$/)
        expect(stderr).not.toContain(bytes.slice(2))
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('as the argument, or in a line that speaks of a transaction, are looked up', async () => {
    for (const [argument, input] of [
      [bytes, ''],
      ['-', `settle failed, tx ${bytes}`],
    ] as const) {
      await using rpc = await startRpc()
      await runCli([command, argument, '--rpc-url', rpc.url], input)
      expect(told(rpc)).toBe(true)
    }
  })
})

describe.each([
  ['base', fixture('base', 'valid').input],
  ['solana', fixture('solana', 'valid').input],
])('an RPC of %s that is given twice', (_, input) => {
  const payment = JSON.stringify(input)
  const refusing = (): Promise<RpcServer> =>
    startRpcServer((body) => answering(body, () => ({ error: { code: -32601, message: 'Method not found' } })))

  it.each([
    (url: string) => url,
    (url: string) => `${url}/`,
    (url: string) => url.replace('localhost', 'LocalHost'),
    (url: string) => url.replace('http', 'HTTP'),
  ])('is one witness', async (spelled) => {
    await using rpc = await refusing()
    const url = rpc.url.replace('127.0.0.1', 'localhost')
    const { stdout, stderr } = await runCli(['diagnose', payment, '--no-replay', '--json', '--rpc-url', url, '--rpc-url', spelled(url)])
    expect(JSON.parse(stdout).chain).toHaveLength(1)
    expect(stderr).toBe('eip3009: --rpc-url gives the same RPC more than once: it is asked once, and is one witness.\n')
  })

  it('and two are two', async () => {
    await using first = await refusing()
    await using second = await refusing()
    const { stdout, stderr } = await runCli(['diagnose', payment, '--no-replay', '--json', '--rpc-url', first.url, '--rpc-url', second.url])
    expect(JSON.parse(stdout).chain).toHaveLength(2)
    expect(stderr).toBe('')
  })
})
