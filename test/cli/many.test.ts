import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type CauseId, type Diagnosis, diagnose, readPayment } from '@eip3009/core'
import { fixture } from '@eip3009/fixtures'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openCases, type RecordedCount } from '../../packages/cli/src/commands/record-cases.ts'
import type { ManyDiagnoses } from '../../packages/cli/src/families/many.ts'
import { run } from '../fake-console.ts'
import { runCli } from './run-cli.ts'

let root: string
let folder: string
let count = 0
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'eip3009-many-'))
})
afterAll(() => rm(root, { recursive: true }))
beforeEach(async () => {
  folder = join(root, String(count++))
  await mkdir(folder)
})

const textOf = (input: unknown): string => (typeof input === 'string' ? input : JSON.stringify(input))
const good = textOf(fixture('base', 'valid').input)
const wrongName = textOf(fixture('base', 'domain-name-mismatch').input)
const wrongChain = textOf(fixture('base-sepolia', 'chain-id-mismatch').input)
const onSolana = textOf(fixture('solana', 'valid').input)
const mismatch = textOf(fixture('solana', 'svm-amount-mismatch').input)
/** Inside of the windows of all fixtures. */
const at = ['--at', String(fixture('base', 'valid').at)]

async function put(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`

interface Line {
  readonly schema: string
  readonly place: { readonly file: string; readonly line: number | null; readonly entry: number | null }
  readonly standing: string
  readonly kind?: string
  readonly again?: boolean
  readonly says?: string
  readonly diagnosis: { readonly cause: string | null }
}

const ajv = new Ajv2020({ strictTypes: true })
const schemas = new Map(
  ['many-payment', 'many-unread', 'many'].map((name) => {
    const path = new URL(`../../packages/cli/schema/${name}.schema.json`, import.meta.url)
    return [`eip3009/${name}@1`, ajv.compile(JSON.parse(readFileSync(path, 'utf8')))] as const
  }),
)

/** What each line of --json says, and the last one. */
function parsed(out: string) {
  const all = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  for (const each of all) {
    const validate = schemas.get(each.schema)
    expect(validate?.(each), JSON.stringify(validate?.errors)).toBe(true)
  }
  const last = all.pop()
  expect(last.schema).toBe('eip3009/many@1')
  return { records: all as readonly Line[], last }
}

const told = ({ place, standing, kind, diagnosis }: Line): string =>
  [place.file.split('/').at(-1), place.line ?? place.entry, kind ?? standing, diagnosis?.cause].filter(Boolean).join(' ')

describe('diagnose with one payment', () => {
  it('says what it always said, whatever it is given as', async () => {
    const alone = await run(['diagnose', wrongName, '--no-replay', ...at])
    expect(alone.out).toMatch(/^✗ FAILS /)
    const path = await put('one.json', wrongName)
    expect(await run(['diagnose', path, '--no-replay', ...at])).toEqual(alone)
    const log = await put('log.jsonl', lines(wrongName, '{"level":"info","msg":"started"}', '{"level":"info","msg":"done"}'))
    expect((await run(['diagnose', log, '--no-replay', ...at])).out).toMatch(/^✗ FAILS /)
    // The same payment twice is one.
    const twice = await put('twice.jsonl', lines(wrongName, wrongName))
    expect((await run(['diagnose', twice, '--no-replay', ...at])).out).toMatch(/^✗ FAILS /)
  })

  it('needs something where nobody pipes anything', async () => {
    const { code, err } = await run(['diagnose'])
    expect(code).toBe(2)
    expect(err).toContain('"diagnose" needs something to work on')
  })
})

describe('diagnose with many payments', () => {
  it('counts the causes of a folder with payments of both families', async () => {
    await put('a.jsonl', lines(good, wrongName, '{"signature": "0x12', wrongName))
    await mkdir(join(folder, 'deep', 'er'), { recursive: true })
    await put('deep/er/b.json', onSolana)
    await put('deep/c.json', mismatch)
    await put('notes.md', '# Notes\n\nNothing to see.\n')
    const { code, out, err } = await run(['diagnose', folder, '--no-replay', '--json', ...at])
    expect(err).toBe('')
    const { records, last } = parsed(out)
    expect(records.map(told)).toEqual([
      'a.jsonl 1 good',
      'a.jsonl 2 fails domain-name-mismatch',
      'a.jsonl 3 unreadable',
      'a.jsonl 4 fails domain-name-mismatch',
      'c.json fails svm-amount-mismatch',
      'b.json good',
    ])
    expect(records.map(({ again }) => again)).toEqual([false, false, undefined, true, false, false])
    expect([last.payments, last.records, last.unreadable.count, last.noPayment.count, last.isWhole]).toEqual([4, 5, 1, 1, true])
    expect(
      last.groups.map((group: { cause: string | null; standing: string; payments: number }) => [
        group.cause ?? group.standing,
        group.payments,
      ]),
    ).toEqual([
      ['domain-name-mismatch', 1],
      ['svm-amount-mismatch', 1],
      ['good', 2],
    ])
    // What can not be read comes before what fails.
    expect(code).toBe(2)
  })

  it('says first what they come to, and of each cause whose fault it is, what to do and where one is', async () => {
    const path = await put('some.jsonl', lines(good, wrongName, wrongChain))
    const { code, out } = await run(['diagnose', path, '--no-replay', ...at])
    expect(code).toBe(1)
    expect(out.split('\n')[0]).toBe('✗ SOME FAIL    3 payments: 1 is good · 1 domain-name-mismatch · 1 chain-id-mismatch')
    expect(out).toMatch(/ {2}1 domain-name-mismatch · fault client signer/)
    expect(out).toContain(`Look at                   ${path}:2`)
    expect(out).toContain(`Look at                   ${path}:3`)
    const markdown = await run(['diagnose', path, '--no-replay', '--format', 'markdown', ...at])
    expect(markdown.out).toMatch(/^### ✗ SOME FAIL: 3 payments: /)
    const github = await run(['diagnose', path, '--no-replay', '--format', 'github', ...at])
    expect(github.out).toMatch(/^::error title=✗ SOME FAIL::3 payments: [^\n]*\n$/)
  })

  it.each([
    ['a list', (all: readonly string[]) => `[${all.join(',\n')}]`, '1 good|2 fails domain-name-mismatch'],
    [
      'a HAR file',
      (all: readonly string[]) =>
        JSON.stringify({
          log: {
            version: '1.2',
            entries: all.map((text) => ({
              request: { method: 'POST', url: 'https://x.example/settle', postData: { mimeType: 'application/json', text } },
              response: { status: 200 },
            })),
          },
        }),
      '1 good|2 fails domain-name-mismatch',
    ],
    [
      'documents one behind the other',
      (all: readonly string[]) => all.map((text) => JSON.stringify(JSON.parse(text), null, 2)).join('\n'),
      'good|fails domain-name-mismatch',
    ],
    [
      'lines of a log',
      (all: readonly string[]) => all.map((text, index) => `2025-10-31T15:31:0${index}Z INFO settle body=${text}`).join('\n'),
      '1 good|2 fails domain-name-mismatch',
    ],
    ['UTF-16', (all: readonly string[]) => Buffer.from(`\uFEFF${all.join('\r\n')}`, 'utf16le'), '1 good|2 fails domain-name-mismatch'],
  ] as const)('reads %s', async (_, write, wanted) => {
    const path = await put('input', write([good, wrongName]))
    const { records } = parsed((await run(['diagnose', path, '--no-replay', '--json', ...at])).out)
    expect(
      records
        .map(({ place, standing, diagnosis }) =>
          [place.entry ?? place.line ?? '', standing, diagnosis.cause ?? '']
            .join(' ')
            .trim()
            .replace(/^(\d+) (?=.*)/, (all) => (wanted.startsWith('1') ? all : '')),
        )
        .join('|'),
    ).toBe(wanted)
  })

  it('takes several arguments and patterns, and tells which of them is nothing', async () => {
    await put('a.json', good)
    await put('b.json', wrongName)
    await put('b.txt', wrongChain)
    const { code, out } = await run([
      'diagnose',
      join(folder, '*.json'),
      join(folder, 'none.json'),
      join(folder, '*.har'),
      good,
      '--no-replay',
      '--json',
      ...at,
    ])
    expect(code).toBe(2)
    expect(parsed(out).records.map(told)).toEqual([
      'a.json good',
      'b.json fails domain-name-mismatch',
      'none.json unreadable',
      '*.har unreadable',
      'argument 4 good',
    ])
  })

  it('takes for the answer what an id or a nonce says is one, and nothing that only stands near', async () => {
    const refusal = '"success":false,"errorReason":"insufficient_funds"'
    const withId = (id: string, text: string): string => `{"reqId":"${id}",${text.slice(1)}`
    const answered = async (...all: readonly string[]): Promise<string> => {
      const path = await put('log.jsonl', lines(...all))
      const { records } = parsed((await run(['diagnose', path, '--no-replay', '--json', ...at])).out)
      return records.map(({ place, standing }) => `${place.line} ${standing}`).join(', ')
    }
    const second = onSolana
    expect(await answered(withId('r-1', good), withId('r-2', second), `{"reqId":"r-1",${refusal}}`)).toBe('1 refused-though-good, 2 good')
    expect(await answered(withId('r-1', second), good, `{${refusal}}`)).toBe('1 good, 2 good')
    expect(await answered(withId('r-1', good), withId('r-1', second), `{"reqId":"r-1",${refusal}}`)).toBe('1 good, 2 good')
    expect(await answered(withId('r-1', good), second, `{"reqId":"r-1",${refusal}}`, '{"reqId":"r-1","isValid":true}')).toBe(
      '1 good, 2 good',
    )
    const { nonce } = (JSON.parse(good) as { paymentPayload: { payload: { authorization: { nonce: string } } } }).paymentPayload.payload
      .authorization
    expect(await answered(good, second, `{"nonce":"${nonce}",${refusal}}`)).toBe('1 refused-though-good, 2 good')
  })

  it('takes a list of hashes for transactions where it says that they are some', async () => {
    const path = await put('hashes.csv', lines('tx_hash', `0x${'1'.repeat(64)}`, `0x${'2'.repeat(64)}`))
    const { code, out } = await run(['diagnose', path, '--json'])
    expect(code).toBe(4)
    const { records } = parsed(out)
    expect(records.map(told)).toEqual(['hashes.csv 2 not-diagnosed', 'hashes.csv 3 not-diagnosed'])
    expect(records[0]?.says).toContain('give an RPC to read it from')
  })

  it('refuses what is about one payment', async () => {
    for (const option of [
      ['--answer', 'no'],
      ['--tx', `0x${'1'.repeat(64)}`],
      ['--snapshot', 'x'],
      ['--save-snapshot', 'y'],
      ['--block', 'pending'],
    ]) {
      const { code, err, out } = await run(['diagnose', good, wrongName, ...option])
      expect([code, out]).toEqual([2, ''])
      expect(err).toMatch(new RegExp(`${option[0]}.*\\.\\n$`))
    }
  })

  it('shows no lines of 32 bytes, and asks nobody about them', async () => {
    const secret = 'ab'.repeat(32)
    const path = await put('keys.txt', lines(secret, `0x${'cd'.repeat(32)}`))
    const { code, out, err } = await run(['diagnose', path, good, '--no-replay', ...at], {
      env: { EIP3009_RPC_BASE: 'http://127.0.0.1:9' },
    })
    expect(code).toBe(2)
    expect(out + err).not.toContain(secret)
    expect(out).toContain('they can be private keys')
  })

  it('shares no key that a record names in one place and has in another, too', async () => {
    const key = '4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318'
    const body: unknown = JSON.parse(good)
    const record = JSON.stringify({ privateKey: `0x${key}`, body, error: `the account ${key} was refused` })
    const broken = `{"privateKey":"0x${key}","validBefore":1,"network":"the ${key}"}`
    for (const given of [[record], [record, wrongName, broken]])
      for (const format of ['text', 'json', 'markdown', 'github']) {
        const path = await put('log.jsonl', lines(...given))
        const { out, err } = await run(['diagnose', path, '--no-replay', '--share', '--format', format, ...at])
        expect(out).toContain('the account')
        expect(`${out}${err}`.toLowerCase()).not.toContain(key.slice(0, 20))
      }
  })

  it('has no piece of a signature in what is shared', async () => {
    const { payload } = (JSON.parse(good) as { paymentPayload: { payload: { signature: string } } }).paymentPayload
    const s = payload.signature.slice(66, 130)
    const { out } = await run(['diagnose', good, wrongName, '--no-replay', '--json', '--share', ...at])
    expect(out).not.toContain(s.slice(0, 24))
    expect(parsed(out).records).toHaveLength(2)
  })
})

describe('diagnose --record', () => {
  it('writes cases that regress finds as they were, once each, and no credentials that stood beside them', async () => {
    const cases = join(folder, 'cases')
    const key = 'sk_live_51Habcdefghijklmnopqrstuvwx'
    const log = `2026-09-21T14:13:20Z INFO headers={"authorization":"Bearer ${key}"} body=${wrongChain}`
    const path = await put('some.jsonl', lines(good, wrongName, good, onSolana, log))
    const args = ['diagnose', path, '--record', cases, '--no-replay', ...at]
    const first = await run(args)
    expect(first.code).toBe(1)
    expect(first.err).toMatch(/^eip3009: "[^"]*" has 4 new cases\. A case holds a signed authorization: [^\n]*\n$/)
    const names = (await readdir(cases)).sort()
    expect(names.map((name) => name.replace(/-[0-9a-f]{16}\.json$/, ''))).toEqual([
      'fails-chain-id-mismatch',
      'fails-domain-name-mismatch',
      'settles',
      'settles',
    ])
    const written = await Promise.all(names.map((name) => readFile(join(cases, name), 'utf8')))
    expect(written.join('')).not.toContain(key)
    const again = await run(args)
    expect(again.err).toContain('has 0 new cases; 4 were there already.')
    expect(await Promise.all(names.map((name) => readFile(join(cases, name), 'utf8')))).toEqual(written)
    const { code, out } = await run(['regress', cases])
    expect(out).toMatch(/^✓ All 4 cases are as expected\n/)
    expect(code).toBe(0)
  })

  it('expects no cause that regress, which searches further, takes back', async () => {
    const cases = join(folder, 'cases')
    const { out } = await run(['diagnose', wrongName, '--record', cases, '--no-replay', '--search', 'none', '--json', ...at])
    expect(parsed(out).records[0]?.diagnosis.cause).toBe('signer-not-owner')
    expect(parsed(out).last.groups[0].says).toMatch(/, or it was signed under another domain, which was not looked for\.$/)
    const again = await run(['regress', cases, '--json'])
    expect(again.code, again.out).toBe(0)
  })

  it("expects nothing that hangs on a chain's state, which regress asks nobody for", async () => {
    const cases = join(folder, 'cases')
    const readAs = async (input: string, cause: CauseId | null): Promise<RecordedCount> => {
      const payment = readPayment(input)
      const diagnosis = await diagnose(payment, { now: BigInt(fixture('base', 'valid').at) })
      const chain = [{ kind: 'read', source: 'x', says: '', doubts: [] }] as unknown as Diagnosis['chain']
      const verdict = cause === null ? 'settles' : 'fails'
      const writer = await openCases(cases, {}, { search: 'pairs' } as ManyDiagnoses)
      const place = { file: 'x', line: 1, entry: null }
      await writer.write({ kind: 'diagnosed', place, key: input, payment, input, diagnosis: { ...diagnosis, chain, verdict, cause } })
      return writer.count
    }
    expect(await readAs(good, 'insufficient-balance')).toEqual({ written: 0, known: 0, left: 1 })
    expect(await readAs(good, null)).toEqual({ written: 1, known: 0, left: 0 })
    expect(await readAs(wrongName, 'domain-name-mismatch')).toEqual({ written: 1, known: 0, left: 0 })
  })

  it('of one payment, too, and not of what is to be shared', async () => {
    const cases = join(folder, 'cases')
    expect((await run(['diagnose', good, '--record', cases, '--no-replay', ...at])).code).toBe(0)
    expect(await readdir(cases)).toHaveLength(1)
    const { code, err } = await run(['diagnose', good, '--record', cases, '--share'])
    expect(code).toBe(2)
    expect(err).toContain('--share')
  })
})

describe('what nobody would give on purpose', () => {
  it('is told in one sentence each, and the others are read all the same', async () => {
    await put('a.json.gz', gzipSync(good))
    await put('b.zip', Buffer.from('PK\u0003\u0004rest', 'latin1'))
    const tar = Buffer.alloc(1024)
    tar.write('ustar', 257)
    await put('c.tar', tar)
    await put('d.bin', Buffer.from([0, 255, 254, 1, 2, 128, 200]))
    await put('e.json', '')
    await put('f.jsonl', lines(good, `{"signature":"${'a'.repeat(2_000_000)}"}`, wrongName))
    await put(
      'g.jsonl',
      Buffer.concat([Buffer.from(lines(onSolana)), Buffer.from('{"signature":"\xff\xfe"}\n', 'latin1'), Buffer.from(lines(mismatch))]),
    )
    await symlink(folder, join(folder, 'h'))
    await symlink(join(folder, 'nowhere'), join(folder, 'i'))
    await symlink(join(folder, 'j'), join(folder, 'j'))
    const { code, out, err } = await run(['diagnose', folder, '--no-replay', '--json', ...at])
    expect([code, err]).toEqual([2, ''])
    const { records, last } = parsed(out)
    expect(records.map(told)).toEqual([
      'a.json.gz unreadable',
      'b.zip unreadable',
      'c.tar unreadable',
      'f.jsonl 1 good',
      'f.jsonl 2 unreadable',
      'f.jsonl 3 fails domain-name-mismatch',
      'g.jsonl 1 good',
      'g.jsonl 2 unreadable',
      'g.jsonl 3 fails svm-amount-mismatch',
      'i unreadable',
      'j unreadable',
    ])
    for (const { says } of records) if (says !== undefined) expect(says).toMatch(/^[A-Z][^\n]*\.$/)
    expect(last.noPayment.count).toBe(2)
  })

  it('a pipe is read where it was given, and waited for nowhere else', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    await put('a.json', good)
    const { out } = await run(['diagnose', folder, '--no-replay', '--json', ...at])
    const { records, last } = parsed(out)
    expect(records.map(told)).toEqual(['a.json good'])
    expect(last.noPayment.some).toEqual([
      { place: { file: pipe, line: null, entry: null }, says: 'It is a pipe, a socket or a device, which is not read.' },
    ])
    const writing = writeFile(pipe, lines(good, wrongName))
    const given = await run(['diagnose', pipe, '--no-replay', '--json', ...at])
    await writing
    expect(parsed(given.out).records.map(({ standing }) => standing)).toEqual(['good', 'fails'])
  })

  it('a device is not read', async () => {
    const { code, out } = await run(['diagnose', '/dev/zero', good, '--no-replay', '--json', ...at])
    expect(code).toBe(2)
    expect(parsed(out).records.map(told)).toEqual(['zero unreadable', 'argument 2 good'])
  })
})

describe('the built command line', () => {
  it('reads what is piped without an argument, and proves it on one chain', async () => {
    const { code, stdout, stderr } = await runCli(['diagnose', '--json', ...at], lines(good, wrongName, good))
    expect([code, stderr]).toEqual([1, ''])
    const { records, last } = parsed(stdout)
    expect(records.map(told)).toEqual(['- 1 good', '- 2 fails domain-name-mismatch', '- 3 good'])
    expect(last.groups.map((group: { proven: number }) => group.proven)).toEqual([1, 1])
    const one = await runCli(['diagnose', ...at], good)
    expect(one.stdout).toMatch(/^✓ PAYMENT IS GOOD/)
  })

  it('ends when nobody reads what it says any more', async () => {
    const { fileURLToPath } = await import('node:url')
    const bin = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url))
    const child = spawn(process.execPath, [bin, 'diagnose', '--no-replay', '--json', ...at], { stdio: ['pipe', 'pipe', 'pipe'] })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    child.stdin.on('error', () => undefined)
    child.stdout.once('data', () => child.stdout.destroy())
    // More never comes, and it is never said that this was all.
    const filler = `${JSON.stringify({ msg: 'x'.repeat(1000) })}\n`.repeat(1100)
    child.stdin.write(lines(good, wrongName) + lines(...Array.from({ length: 64 }, () => good)) + filler)
    expect(await ended).not.toBe(0)
  })

  it('says what was done when it is interrupted', async () => {
    const { fileURLToPath } = await import('node:url')
    const bin = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url))
    const child = spawn(process.execPath, [bin, 'diagnose', '--no-replay', '--json', ...at], { stdio: ['pipe', 'pipe', 'pipe'] })
    let out = ''
    // Longer than what is looked at to tell one from many, and then nothing more comes.
    const filler = `${JSON.stringify({ msg: 'x'.repeat(1000) })}\n`.repeat(1100)
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk
      if (out.includes('\n')) child.kill('SIGINT')
    })
    child.stdin.write(lines(good, wrongName) + lines(...Array.from({ length: 64 }, () => good)) + filler)
    const code = await ended
    const { records, last } = parsed(out)
    expect(records.length).toBeGreaterThan(0)
    expect(last.isWhole).toBe(false)
    expect(code).not.toBe(0)
  })
})
