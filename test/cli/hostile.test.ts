import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fixture, realPayments } from '@eip3009/fixtures'
import { pad } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jsonText } from '../../packages/cli/src/report/json-text.ts'
import { type CommandRun, run } from '../fake-console.ts'
import { startRpcServer } from '../rpc-server.ts'
import { withoutProgress } from './run-cli.ts'

const incident = realPayments[0]?.input as { readonly paymentPayload: object; readonly paymentRequirements: { readonly extra: object } }
const wrongName = JSON.stringify(realPayments.find(({ id }) => id === 'cdp-unable-to-estimate-gas')?.input)
const escapes = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e'
// biome-ignore lint/suspicious/noControlCharactersInRegex: that none gets through is what is tested
const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eip3009-hostile-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function expectOneSentence({ code, out, err }: CommandRun): void {
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(/^eip3009: [^\n]+\.\n$/)
  expect(err).not.toMatch(control)
  expect(err).not.toContain('fault of the tool')
}

describe('control characters are never printed', () => {
  it.each([
    ['diagnose', `/tmp/no${escapes}file.json`],
    ['diagnose', '{}', '--at', escapes],
    ['diagnose', wrongName, '--rpc-url', 'http://127.0.0.1:1', '--block', escapes],
    ['diagnose', wrongName, '--rpc-url', 'http://127.0.0.1:1', '--facilitator-address', escapes],
    [`dia${escapes}`],
    ['diagnose', '{}', `--fo${escapes}`],
    ['explain', escapes],
    ['identify', escapes],
    ['identify', pad('0x01'), '--hint', `${escapes}=1`],
    ['domains', '--against', `/tmp/${escapes}.json`],
  ])('in a message about %j', async (...args) => expectOneSentence(await run(args)))

  it('in JSON, and parsing gives them back', async () => {
    const { paymentPayload, paymentRequirements } = incident
    const payment = {
      paymentPayload,
      paymentRequirements: { ...paymentRequirements, extra: { ...paymentRequirements.extra, name: `USD${escapes}` } },
    }
    const { out } = await run(['diagnose', JSON.stringify(payment), '--no-replay', '--json'])
    expect(out).not.toMatch(control)
    expect(JSON.parse(out).verdict).toBe('fails')
    // What is parsed is what was there: characters beyond the first plane, line separators and bigints, too.
    const value = { [escapes]: [escapes, '\u2028', '\u{e0001}', 'a\nb', 1n] }
    expect(jsonText(value as never)).not.toMatch(control)
    expect(JSON.parse(jsonText(value as never))).toEqual({ [escapes]: [escapes, '\u2028', '\u{e0001}', 'a\nb', '1'] })
  })
})

describe('secrets that were pasted are not printed, and not asked about', () => {
  const key = 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'

  it.each([
    ['replay', `0x${key}`],
    ['replay', `private key: 0x${key}`],
    ['replay', `PRIVATE_KEY=0x${key}`],
    ['identify', `PRIVATE_KEY=0x${key}`],
    ['decode', `PRIVATE_KEY=0x${key}`],
    ['diagnose', 'https://user:hunter2pass@base-mainnet.g.alchemy.com/v2/abcdEFGH1234567890abcd'],
    ['decode', 'https://user:hunter2pass@base-mainnet.g.alchemy.com/v2/abcdEFGH1234567890abcd'],
  ])('%s %s', async (...args) => {
    const done = await run(args)
    expectOneSentence(done)
    expect(done.err).not.toContain(key.slice(0, 8))
    expect(done.err).not.toMatch(/hunter2|abcdEFGH/)
  })

  it('a private key that is called one is no transaction hash', async () => {
    await using server = await startRpcServer(() => ({ body: { jsonrpc: '2.0', id: 1, result: '0x2105' } }))
    for (const text of [`private key: 0x${key}`, `PRIVATE_KEY=0x${key}`])
      expectOneSentence(await run(['replay', text, '--rpc-url', server.url]))
    expect(server.requests).toEqual([])
  })

  it.each([['--json'], []])("an RPC's key in the answer that is decoded, %j", async (...options) => {
    const answer =
      'HTTP request failed. Status: 429 URL: https://base-mainnet.g.alchemy.com/v2/abcdEFGH1234567890abcd Authorization: Bearer sk_live_12345678abcdefg'
    const { code, out } = await run(['decode', answer, ...options])
    expect(code).toBe(0)
    expect(out).toContain('base-mainnet.g.alchemy.com')
    expect(out).not.toMatch(/abcdEFGH|sk_live/)
  })

  it.each(['compact-eip2098', 'signature-length', 'v-0-or-1', 'signer-not-owner'] as const)(
    'signature --share leaves s out, whatever the length: %s',
    async (cause) => {
      const text = JSON.stringify(fixture('base', cause).input)
      // r is the first 32 bytes of every form, and s the next.
      const s = /"signature":"0x[0-9a-f]{64}([0-9a-f]{64})/i.exec(text)?.[1] ?? ''
      expect(s).toHaveLength(64)
      for (const options of [['--json'], []]) {
        const open = await run(['signature', text, '--search', 'quick', ...options])
        const shared = await run(['signature', text, '--search', 'quick', ...options, '--share'])
        expect(open.out).toContain(s.slice(1))
        expect(shared.out).not.toContain(s.slice(1, 33))
      }
    },
  )
})

describe('what is called wrongly is refused in a sentence, with exit code 2', () => {
  it.each([
    [['diagnose', '{}', '--at', '1', '--at', '2'], '--at is given more than once'],
    [['replay', '{}', '--export', 'a', '--export', 'b'], '--export is given more than once'],
    [['signature', '{}', '--timeout', '5', '--timeout', '6'], '--timeout is given more than once'],
    [['diagnose', '{}', '--rpc-url'], '--rpc-url needs a value'],
    [['diagnose', '{}', '--at'], '--at needs a value'],
    [['replay', wrongName, '--rpc-url', ''], '--rpc-url needs a URL'],
    [['signature', wrongName, '--threads', '2'], '--threads is for a search that goes on'],
    [['diagnose', '', '--snapshot', 'x'], 'Read nothing'],
    [['decode', ''], 'Read nothing'],
    [['domains', '--against', '/tmp'], '"/tmp" is a folder'],
  ] as const)('%j', async (args, says) => {
    const done = await run(args)
    expectOneSentence(done)
    expect(done.err).toContain(says)
  })

  it.each([['diagnose'], ['replay'], ['signature']])(
    '%s: a --network that contradicts the payment is no fault of its signer',
    async (command) => {
      const done = await run([command, wrongName, '--network', 'base'])
      expectOneSentence(done)
      expect(done.err).toBe(
        'eip3009: --network says base, and the payment itself says base-sepolia; leave --network out, or paste the right payment.\n',
      )
      const agreeing = await run([command, wrongName, '--network', '84532', ...(command === 'diagnose' ? ['--no-replay'] : [])])
      expect(agreeing.code).toBe(1)
    },
  )

  it('an option that may be repeated still may', async () => {
    const dead = ['--rpc-url', 'http://127.0.0.1:1', '--rpc-url', 'http://127.0.0.1:2']
    const { code, out } = await run(['diagnose', wrongName, '--no-replay', '--json', ...dead])
    expect([code, JSON.parse(out).chain.length]).toEqual([1, 2])
  })
})

describe('a replay that settles', () => {
  it('says when, what became of the money, and what that rests on', async () => {
    const { code, out } = await run(['replay', JSON.stringify(incident)], { columns: 120 })
    expect(code).toBe(0)
    expect(out).toMatch(/^✓ SETTLES {6}It settles on base inside its window \(2025-10-31/)
    expect(out).toContain('proven · look nonce 0x557d32dd39152569962a110ce6aa2ba11326cf2b067974b319352fcfa26c3b13')
    expect(out).toMatch(/^ {2}Money +unknown: the window closed/m)
    expect(out).toMatch(/^ {2}Taken for granted +the payer holds 0.01 USDC/m)
  })
})

describe('the built command', () => {
  const bin = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url))

  /** Runs it with these for stdout and stderr, of which a pipe is closed at once. */
  const closing = (
    args: readonly string[],
    stdout: 'pipe' | number,
    stderr: 'pipe' | number,
    closed: 'stdout' | 'stderr',
  ): Promise<{ code: number | null; said: string }> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', stdout, stderr] })
      let said = ''
      child[closed]?.destroy()
      ;(closed === 'stdout' ? child.stderr : child.stdout)?.on('data', (chunk: Buffer) => {
        said += chunk.toString()
      })
      child.on('error', reject)
      child.on('close', (code) => resolve({ code, said: withoutProgress(said) }))
    })

  it('tells by its exit code what it found, also to a reader who stops early', async () => {
    const done = await closing(['diagnose', wrongName, '--no-replay'], 'pipe', 'pipe', 'stdout')
    expect(done).toEqual({ code: 1, said: '' })
  })

  it('goes on when nobody listens to its progress', async () => {
    const none = await closing(['diagnose', '{}'], 'pipe', 'pipe', 'stderr')
    expect(none).toEqual({ code: 2, said: '' })
  })

  it.skipIf(process.platform !== 'linux')('says that a report could not be written, which is no verdict', async () => {
    const full = openSync('/dev/full', 'w')
    try {
      const child = await closing(['explain', 'expired'], full, 'pipe', 'stdout')
      expect(child.code).toBe(4)
      expect(child.said).toMatch(/^eip3009: the report could not be written \(ENOSPC\)[^\n]+\.\n$/)
    } finally {
      closeSync(full)
    }
  })

  it('says what it waits for when nothing comes', async () => {
    const child = spawn(process.execPath, [bin, 'diagnose', '-'], { stdio: ['pipe', 'pipe', 'pipe'] })
    const said = await new Promise<string>((resolve) => child.stderr.once('data', (chunk: Buffer) => resolve(chunk.toString())))
    expect(said).toBe('waiting for standard input to end …\n')
    child.stdin.end(wrongName)
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(1)
  })

  it('stops at once when it is interrupted', async () => {
    const file = join(folder, 'stranger.json')
    writeFileSync(file, JSON.stringify(fixture('base', 'signer-not-owner').input))
    const child = spawn(process.execPath, [bin, 'signature', file, '--timeout', '60000'], { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    await new Promise<void>((resolve) =>
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        resolve()
      }),
    )
    const gone = new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)))
    child.kill('SIGINT')
    // What a shell reports as 130.
    expect(['SIGINT', 130]).toContain(await gone)
    expect(said).not.toMatch(/^\s+at /m)
  })
})
