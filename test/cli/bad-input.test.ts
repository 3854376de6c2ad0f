import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { realPayments } from '@eip3009/fixtures'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from './run-here.ts'

const incident = JSON.stringify(realPayments[0]?.input)
const noise = (bytes: number): Uint8Array => {
  // A fixed linear congruential generator (Numerical Recipes): noise that is the same in every run.
  const out = new Uint8Array(bytes)
  let state = 1
  for (let i = 0; i < bytes; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    out[i] = state >>> 24
  }
  return out
}

const inputs: readonly (readonly [string, string | Uint8Array])[] = [
  ['nothing', ''],
  ['white space', ' \n\t '],
  ['truncated JSON', incident.slice(0, 200)],
  ['JSON of something else', '{"hello":"world"}'],
  ['a JSON number', '42'],
  ['a JSON list', '[1,2,3]'],
  ['null', 'null'],
  ['10 MB of noise', noise(10_000_000)],
  ['10 MB of hex', `0x${'ab'.repeat(5_000_000)}`],
  ['10 MB of letters', 'a'.repeat(10_000_000)],
  ['10 MB of brackets', '['.repeat(10_000_000)],
  ['an odd number of hex digits', '0xcf0929950'],
  ['a letter that is no hex digit', `0xcf092995${'zz'.repeat(32)}`],
  ['calldata of another function', `0xa9059cbb${'00'.repeat(64)}`],
  ['calldata that is cut off', `0xe3ee160e${'00'.repeat(40)}`],
  ['a bearer token', 'Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30.ZRrHA1JJJW8opsbCGfG_HACGpVUMN_a9IV7pAx_Zmeo'],
  ['an L402 challenge', 'WWW-Authenticate: L402 macaroon="AGIAJEemVQUTEyNCR0exk7ek90Cg==", invoice="lnbc1500n1"'],
  ['base64 of something else', Buffer.from('hello world, this is not a payment').toString('base64')],
  ['a transaction hash', '0x6930b99758fe999681719bff43ce9f24acadeb1099d41e941ba6908c58ed3f04'],
  ['gzip', gzipSync(incident)],
  ['an ELF binary', Buffer.from('7f454c4602010100000000000000000003003e00', 'hex')],
  ['UTF-16', Buffer.from(`\ufeff${incident}`, 'utf16le').subarray(0, 400)],
  ['terminal escapes', '\u001b[2J\u001b]0;owned\u0007'],
]

describe('unreadable input gives one clear sentence and exit code 2', () => {
  it.each(inputs)('%s', async (_name, input) => {
    const { code, stdout, stderr } = await runCli(['diagnose', '-'], input)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expectOneSentence(stderr)
  })
})

describe('arguments', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'eip3009-input-'))
    writeFileSync(join(folder, 'payment.json'), incident)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const refused: readonly (readonly [string, (folder: string) => string[], string])[] = [
    ['no command', () => [], 'No command'],
    ['an unknown command', () => ['diagnoze', 'x'], 'diagnoze'],
    ['no payment', () => ['diagnose'], 'payment'],
    ['an unknown option', () => ['diagnose', '-', '--jsn'], 'jsn'],
    ['a file that is not there', (at) => ['diagnose', join(at, 'missing.json')], 'There is no file'],
    ['a folder', (at) => ['replay', at], 'is a folder'],
    ['a time that is none', (at) => ['diagnose', join(at, 'payment.json'), '--at', 'yesterday'], '--at'],
    ['a time in milliseconds', (at) => ['diagnose', join(at, 'payment.json'), '--at', '1761925000000'], 'milliseconds'],
    ['a network that nobody knows', (at) => ['diagnose', join(at, 'payment.json'), '--network', 'basee'], 'base'],
  ]
  it.each(refused)('%s', async (_name, args, says) => {
    const { code, stdout, stderr } = await runCli(args(folder))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expectOneSentence(stderr)
    expect(stderr).toContain(says)
  })

  it('reads a file, and the payment itself as an argument', async () => {
    const fromFile = await runCli(['diagnose', join(folder, 'payment.json'), '--no-replay', '--json'])
    const fromArgument = await runCli(['diagnose', incident, '--no-replay', '--json'])
    const fromHeader = await runCli([
      'diagnose',
      Buffer.from(JSON.stringify(JSON.parse(incident).paymentPayload)).toString('base64'),
      '--no-replay',
      '--json',
    ])
    expect([fromFile.code, fromArgument.code, fromHeader.code]).toEqual([0, 0, 0])
    const digest = JSON.parse(fromFile.stdout).evm.digest
    expect(digest).toMatch(/^0x[0-9a-f]{64}$/)
    expect([JSON.parse(fromArgument.stdout).evm.digest, JSON.parse(fromHeader.stdout).evm.digest]).toEqual([digest, digest])
  })
})

function expectOneSentence(stderr: string): void {
  expect(stderr).toMatch(/^eip3009: [^\n]+\n$/)
  expect(stderr).not.toMatch(/^\s+at /m)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that none gets through is what is tested
  expect(stderr.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
  expect(stderr.length).toBeLessThan(400)
}
