import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fixture } from '@eip3009/fixtures'
import { pad } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCodeOf, exitCodes } from '../../packages/cli/src/exit-codes.ts'
import { type CommandRun, run } from '../fake-console.ts'
import { answering, startRpcServer } from '../rpc-server.ts'
import { withoutProgress } from './run-cli.ts'

const [valid, wrongName] = (['valid', 'domain-name-mismatch'] as const).map((cause) => fixture('base', cause))
const payment = JSON.stringify(valid?.input)
const broken = JSON.stringify(wrongName?.input)
const at = String(valid?.at)
/** Nothing listens there: the port is reserved, and nobody but root may. */
const dead = 'http://127.0.0.1:1'

let folder: string
const file = (name: string, text: string | Uint8Array): string => {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
  return path
}
const cases = (name: string, of: object): string => {
  file(`${name}/case.json`, JSON.stringify(of))
  return join(folder, name)
}
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eip3009-exit-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Arguments as the name of a test: payments are long. */
const named = (args: readonly string[]): string => args.map((word) => (word.length > 80 ? '{…}' : word)).join(' ')

function expectRefusal({ code, out, err }: CommandRun): void {
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(/^eip3009: [^\n]+\.\n$/)
  expect(err).not.toContain('fault of the tool')
}

describe('each command says by its exit code what came of it', () => {
  const { settles, payment: fails, usage, inconclusive } = exitCodes
  const outcomes: readonly (readonly [number, string, () => readonly string[]])[] = [
    [settles, 'diagnose: it settles', () => ['diagnose', payment, '--at', at, '--no-replay']],
    [fails, 'diagnose: it fails', () => ['diagnose', broken, '--at', at, '--no-replay']],
    [inconclusive, 'diagnose: the RPC is dead', () => ['diagnose', payment, '--at', at, '--no-replay', '--rpc-url', dead]],
    [usage, 'diagnose: no payment', () => ['diagnose', '{"hello":"world"}']],
    [settles, 'replay: it settles', () => ['replay', payment, '--at', at]],
    [fails, 'replay: it fails', () => ['replay', broken, '--at', at]],
    [inconclusive, 'replay: the RPC is dead', () => ['replay', payment, '--rpc-url', dead]],
    [inconclusive, 'replay of a hash: the RPC is dead', () => ['replay', pad('0x01'), '--rpc-url', dead]],
    [usage, 'replay: no payment', () => ['replay', '{"hello":"world"}']],
    [settles, 'signature: it is valid', () => ['signature', payment]],
    [fails, 'signature: it is not', () => ['signature', broken]],
    [usage, 'signature: no payment', () => ['signature', '{"hello":"world"}']],
    [settles, 'decode: known', () => ['decode', 'execution reverted: FiatTokenV2: invalid signature']],
    [usage, 'decode: unknown', () => ['decode', 'hello world']],
    [settles, 'explain', () => ['explain', 'expired']],
    [usage, 'explain: no such cause', () => ['explain', 'expirde']],
    [settles, 'networks', () => ['networks', 'base']],
    [usage, 'networks: no such network', () => ['networks', 'bsae']],
    [settles, 'identify: found', () => ['identify', '0x02fa7265e7c5d81118673727957699e4d68f74cd74b7db77da710fe8a2c7834f']],
    [fails, 'identify: not found', () => ['identify', pad('0x01')]],
    [usage, 'identify: no separator', () => ['identify', 'hello']],
    [settles, 'domains: none differs', () => ['domains', '--against', file('same.json', '{"base":{"usdc":{"name":"USD Coin"}}}')]],
    [fails, 'domains: one differs', () => ['domains', '--against', file('drift.json', '{"base":{"usdc":{"name":"USDC"}}}')]],
    [inconclusive, 'domains: the RPC is dead', () => ['domains', 'base', '--rpc-url', dead]],
    [usage, 'domains: no such table', () => ['domains', '--against', join(folder, 'none.json')]],
    [
      settles,
      'regress: as expected',
      () => ['regress', cases('good', { payment: valid?.input, at: valid?.at, expect: { verdict: 'settles' } })],
    ],
    [
      fails,
      'regress: otherwise',
      () => ['regress', cases('bad', { payment: wrongName?.input, at: valid?.at, expect: { verdict: 'settles' } })],
    ],
    [
      inconclusive,
      'regress: the RPC is dead',
      () => ['regress', cases('unrun', { payment: valid?.input, at: valid?.at, expect: { verdict: 'settles' } }), '--rpc', `base=${dead}`],
    ],
    [usage, 'regress: an unreadable case', () => ['regress', cases('odd', { payment: valid?.input })]],
    [usage, 'regress: no such directory', () => ['regress', join(folder, 'none')]],
  ]
  it.each(outcomes)('%i for %s', async (code, _name, args) => {
    const done = await run(args())
    expect(done.code).toBe(code)
    if (code === usage && done.out === '') expectRefusal(done)
    else expect(done.err).not.toContain('fault of the tool')
  })

  it('1 or 3 as the fault is the payment’s or the facilitator’s, and a verdict that is none is never one of both', () => {
    const parties = ['client', 'wallet', 'server', 'token', 'nobody', 'facilitator', 'rpc'] as const
    expect(parties.map((party) => exitCodeOf({ verdict: 'fails', answer: null, party }))).toEqual([1, 1, 1, 1, 1, 3, 3])
    for (const party of [...parties, null]) {
      expect(exitCodeOf({ verdict: 'settles', answer: null, party })).toBe(0)
      expect(exitCodeOf({ verdict: 'inconclusive', answer: null, party })).toBe(4)
    }
  })
})

describe('names that every object of JavaScript has are names like all others', () => {
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__']
  const uses: readonly (readonly string[])[] = [
    ['NAME'],
    ['diagnose', 'NAME'],
    ['diagnose', payment, '--network', 'NAME', '--no-replay'],
    ['diagnose', payment, '--at', 'NAME'],
    ['diagnose', payment, '--block', 'NAME'],
    ['diagnose', payment, '--snapshot', 'NAME'],
    ['diagnose', payment, '--NAME'],
    ['diagnose', payment, '--json.NAME=1'],
    ['replay', 'NAME'],
    ['replay', payment, '--network', 'NAME'],
    ['replay', payment, '--rpc-header', 'NAME'],
    ['signature', 'NAME'],
    ['decode', 'NAME'],
    ['explain', 'NAME'],
    ['explain', 'expired', '--format', 'NAME'],
    ['domains', 'NAME'],
    ['domains', '--against', 'NAME'],
    ['domains', '--rpc', 'NAME=http://127.0.0.1:1'],
    ['networks', 'NAME'],
    ['identify', 'NAME'],
    ['identify', pad('0x01'), '--hint', 'NAME=1'],
    ['identify', pad('0x01'), '--hint', 'network=NAME'],
    ['regress', 'NAME'],
    ['regress', '/', '--format', 'NAME'],
  ]
  it.each(uses.flatMap((use) => names.map((name) => use.map((word) => word.replace('NAME', name)))).map((args) => [args]))(
    '%j',
    async (args) => expectRefusal(await run(args)),
  )

  it.each(names)('%s in what is read', async (name) => {
    const decoded = JSON.stringify({ error: { code: name, message: name, data: { [name]: name } } })
    for (const text of [decoded, `{"${name}":{"${name}":1}}`]) {
      const { code, err } = await run(['decode', text])
      expect([0, 2]).toContain(code)
      expect(err).not.toContain('fault of the tool')
    }
    const odd = `{"${name}":{"usdc":{"${name}":1,"domain":{"version":{"toString":1},"chainId":{"valueOf":2}}}},"base":{"${name}":"x"}}`
    const { code, err } = await run(['domains', '--against', file('odd.json', odd)])
    expect([code, err]).toEqual([0, ''])
  })
})

describe('what can not be followed is refused in one sentence', () => {
  const url = 'http://user:p%zz@127.0.0.1:1'
  const refused: readonly (readonly [readonly string[], RegExp])[] = [
    ...[
      ['diagnose', payment, '--rpc-url', url],
      ['replay', payment, '--rpc-url', url],
      ['replay', pad('0x01'), '--rpc-url', url],
      ['domains', 'base', '--rpc-url', url],
      ['domains', '--rpc', `base=${url}`],
      ['regress', '.', '--rpc', `base=${url}`],
    ].map((args) => [args, /^eip3009: --rpc(?:-url| base): The user or the password in the RPC's URL has a % .*%25\.\n$/] as const),
    ...['NaN', '0', '-1', '1.5', '1e12', 'Infinity', ''].flatMap((number) =>
      [
        ['diagnose', payment, '--rpc-url', dead],
        ['replay', payment],
        ['signature', payment],
        ['domains', 'base'],
      ].map((args) => [[...args, `--timeout=${number}`], /: --timeout takes a whole number of milliseconds from 1 to 86400000, /] as const),
    ),
    ...['NaN', '0', '-1', '1.5', '1e300'].flatMap((number) => [
      [['signature', payment, `--max-hypotheses=${number}`], /: --max-hypotheses takes a whole number above 0/] as const,
      [['signature', payment, '--timeout', '5', `--threads=${number}`], /: --threads takes a whole number from 1 to 256/] as const,
      [['regress', '.', `--parallel=${number}`], /: --parallel takes a whole number above 0/] as const,
    ]),
    ...['-1', '1.5', 'NaN', 'latest', '9'.repeat(19)].flatMap((number) => [
      [['diagnose', payment, '--rpc-url', dead, `--block=${number}`], /: --block ".*" is no block number/] as const,
      [['replay', payment, '--rpc-url', dead, `--block=${number}`], /: --block ".*" is no block number/] as const,
    ]),
    [['diagnose', payment, '--json.x=1'], /Unknown argument: json\.x/],
    [['diagnose', payment, '--replay=yes'], /--replay takes no value/],
    [['replay', payment, '--rpc-url', dead, '--rpc-header', 'authorization: S3cret\u0001'], /character that no HTTP header can have/],
  ]
  it.each(refused.map(([args, says]) => [named(args), args, says] as const))('%s', async (_name, args, says) => {
    const done = await run(args)
    expectRefusal(done)
    expect(done.err).toMatch(says)
    expect(done.err).not.toMatch(/%zz|S3cret/)
  })

  it('a thousand million chains at once are as many as there are cases', async () => {
    const directory = cases('one', { payment: valid?.input, at: valid?.at, expect: { verdict: 'settles' } })
    expect((await run(['regress', directory, '--parallel', '1000000000'])).code).toBe(0)
  })

  it('a complaint is in English on every machine', async () => {
    const before = process.env.LC_ALL
    process.env.LC_ALL = 'de_DE.UTF-8'
    try {
      expect((await run(['diagnose', payment, '--jsn'])).err).toBe('eip3009: Unknown argument: jsn; see eip3009 --help.\n')
    } finally {
      if (before === undefined) delete process.env.LC_ALL
      else process.env.LC_ALL = before
    }
  })
})

describe('files that can not be read', () => {
  const odd: readonly (readonly [string, () => string | undefined, string])[] = [
    ['that fail while they are read', () => (existsSync('/proc/self/mem') ? '/proc/self/mem' : undefined), 'EIO'],
    ['behind a file that is no folder', () => join(file('plain.json', '{}'), 'x.json'), ''],
    [
      'in a circle of links',
      () => {
        const path = join(folder, 'loop.json')
        if (!existsSync(path)) rmSync(path, { force: true })
        symlinkSync('loop.json', path)
        return path
      },
      'ELOOP',
    ],
    ['whose name no file can have', () => `${folder}/\u0000.json`, ''],
    ['whose name is too long', () => `/${'x'.repeat(250)}/${'y'.repeat(300)}.json`, ''],
    ['that are a folder', () => folder, ''],
  ]
  it.each(odd)('%s', async (_name, make, code) => {
    const path = make()
    if (path === undefined) return
    // A folder is many payments to diagnose.
    for (const command of [path === folder ? 'replay' : 'diagnose', 'signature', 'decode']) {
      const done = await run([command, path])
      // What is no path that any file could have is taken for the payment itself.
      expectRefusal(done)
      expect(done.err).toContain(code)
    }
    for (const args of [
      ['domains', '--against', path],
      ['regress', `${path}/`],
      ['regress', path],
    ]) {
      const done = await run(args)
      if (path !== folder) expectRefusal(done)
      expect([2]).toContain(done.code)
    }
  })

  it('among the cases of a directory are told one by one', async () => {
    const directory = cases('mixed', { payment: valid?.input, at: valid?.at, expect: { verdict: 'settles' } })
    symlinkSync('loop.json', join(directory, 'loop.json'))
    symlinkSync('/dev/zero', join(directory, 'endless.json'))
    file(
      'mixed/wide.json',
      Buffer.from(`\ufeff${JSON.stringify({ payment: valid?.input, at: valid?.at, expect: { verdict: 'settles' } })}`, 'utf16le'),
    )
    const { code, out } = await run(['regress', directory, '--json'])
    expect(code).toBe(2)
    const outcomes = (JSON.parse(out) as { results: { file: string; outcome: string }[] }).results.map((each) => [each.file, each.outcome])
    expect(outcomes).toEqual([
      ['case.json', 'as-expected'],
      ['endless.json', 'unreadable'],
      ['loop.json', 'unreadable'],
      ['wide.json', 'as-expected'],
    ])
  })

  it('in UTF-16 with a mark are read like all others', async () => {
    const wide = (text: string): Uint8Array => Buffer.from(`\ufeff${text}`, 'utf16le')
    expect((await run(['decode', file('log.txt', wide('execution reverted: FiatTokenV2: invalid signature'))])).out).toContain(
      'invalid signature',
    )
    expect((await run(['diagnose', file('wide.json', wide(payment)), '--at', at, '--no-replay'])).code).toBe(0)
    expect((await run(['domains', '--against', file('wide-table.json', wide('{"base":{"usdc":{"name":"USDC"}}}'))])).code).toBe(1)
    const svm = fixture('solana', 'valid')
    const snapshot = file('snapshot.json', wide(JSON.stringify(svm.snapshot)))
    expect(
      (await run(['diagnose', JSON.stringify(svm.input), '--at', String(svm.at), '--no-replay', '--snapshot', snapshot, '--json'])).err,
    ).toBe('')
  })
})

describe('an RPC that does what no RPC should', () => {
  it('redirects to something that is no URL', async () => {
    await using server = await startRpcServer(() => ({ status: 302, headers: { location: 'http://[bad' }, body: '' }))
    const { code, out, err } = await run(['diagnose', payment, '--at', at, '--no-replay', '--rpc-url', server.url])
    expect([code, err]).toEqual([4, ''])
    expect(out).toContain('it redirects to something that is no URL')
    expect((await run(['domains', 'base', '--rpc-url', server.url])).code).toBe(4)
    const replay = await run(['replay', payment, '--rpc-url', server.url])
    expect([replay.code, replay.err]).toEqual([4, expect.stringContaining('it redirects to something that is no URL')])
  })

  it.each([{}, null, 'base', [[]], '0x', '0x0', 0, -1, 1.5].map((chainId) => [JSON.stringify(chainId), chainId] as const))(
    'says that its chain id is %s',
    async (_name, chainId) => {
      await using server = await startRpcServer((body) => answering(body, () => ({ result: chainId })))
      const { code, err } = await run(['replay', pad('0x01'), '--rpc-url', server.url])
      expect(code).toBe(4)
      expect(err).toMatch(/^eip3009: [^\n]+\.\n$/)
      expect(err).not.toMatch(/fault of the tool|NaN/)
    },
  )
})

describe('the built command never exits as if a payment failed when it is the tool that does', () => {
  const bin = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url))
  const started = (command: string, args: readonly string[], { env = {}, stdin = 'ignore' as 'ignore' | 'pipe' } = {}) =>
    new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) => {
      const child = spawn(command, args, { stdio: [stdin, 'pipe', 'pipe'], env: { ...process.env, ...env } })
      let [out, err] = ['', '']
      child.stdout?.on('data', (chunk: Buffer) => {
        out += chunk
      })
      child.stderr?.on('data', (chunk: Buffer) => {
        err += chunk
      })
      child.on('error', reject)
      child.on('close', (code) => resolve({ code, out, err: withoutProgress(err) }))
    })
  const oneSentence = /^eip3009: [^\n]+\.?\n$/

  /** Does `what` in the process as soon as it listens for what nobody catches. Its input stays open, so that it is at work then. */
  const failing = (what: string) => {
    const program = `const wait = () => process.listenerCount('uncaughtException') > 0 ? (() => { ${what} })() : setTimeout(wait, 1); wait()`
    return started(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(program)}`, bin, 'diagnose', '-'], {
      stdin: 'pipe',
    })
  }

  it.each([
    ['an exception in an event', "throw new Error('boom of authorization: Basic dXNlcjpwYXNzd29yZA==')"],
    ['a rejection that nobody holds', "Promise.reject(new Error('boom of authorization: Basic dXNlcjpwYXNzd29yZA=='))"],
    ['something thrown that is no error', 'throw { boom: 1 }'],
    ['nothing at all', 'Promise.reject()'],
  ])('%s', async (_name, what) => {
    const { code, out, err } = await failing(what)
    expect({ code, out }).toEqual({ code: 4, out: '' })
    expect(err).toMatch(oneSentence)
    expect(err).toMatch(/^eip3009: this is a fault of the tool, not of the payment: (boom of |something was thrown)/)
    expect(err).not.toContain('dXNlcjpwYXNzd29yZA')
  })

  it('a part of it that can not be loaded', async () => {
    const copy = join(folder, 'alone')
    cpSync(join(bin, '..'), copy, { recursive: true })
    file('package.json', '{"type":"module"}')
    const { code, out, err } = await started(process.execPath, [join(copy, 'bin.js'), 'diagnose', '{}'])
    expect({ code, out }).toEqual({ code: 4, out: '' })
    expect(err).toBe('eip3009: this is a fault of the tool, not of the payment: a part of it can not be loaded; install it again.\n')
  })

  const sh = process.platform === 'win32' ? it.skip : it
  /** Runs it in a directory that somebody has deleted. */
  const lost = (...args: readonly string[]) =>
    started('/bin/sh', ['-c', 'mkdir "$0" && cd "$0" && rmdir "$0" && exec "$@"', join(folder, 'gone'), process.execPath, bin, ...args])

  sh('a working directory that is gone, where nothing of it is needed', async () => {
    expect(await lost('--version')).toMatchObject({ code: 0, err: '' })
    expect(await lost('diagnose', payment, '--at', at)).toMatchObject({ code: 0, err: '' })
    expect(await lost('regress', cases('far', { payment: valid?.input, at: valid?.at, expect: { verdict: 'settles' } }))).toMatchObject({
      code: 0,
      err: '',
    })
  })

  sh('a working directory that is gone, where it is needed', async () => {
    for (const args of [
      ['diagnose', 'payment.json'],
      ['domains', '--against', 'table.json'],
      ['replay', '.'],
      ['regress', '.'],
    ]) {
      const { code, out, err } = await lost(...args)
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(err).toMatch(oneSentence)
    }
  })
})
