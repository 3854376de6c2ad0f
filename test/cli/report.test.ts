import { diagnose, readEvmPayment } from '@eip3009/core'
import { diagnosisDocument, renderText } from '@eip3009/core/report'
import { fixture, realPayments } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'
import { run } from '../fake-console.ts'
import { runCli } from './run-here.ts'

async function report(id: string, ...options: string[]): Promise<string> {
  const payment = realPayments.find((each) => each.id === id)
  const { stdout } = await runCli(['diagnose', '-', ...options], JSON.stringify(payment?.input))
  return stdout
}

describe('the terminal report', () => {
  it.each(realPayments.map(({ id }) => id))('of %s leads with the verdict, fits one screen and has no colour when piped', async (id) => {
    const text = await report(id)
    const lines = text.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^(✓ PAYMENT IS GOOD:|→ PAYMENT IS GOOD:|✗ FAILS|\? INCONCLUSIVE) +\S/)
    expect(lines.length).toBeLessThanOrEqual(40)
    expect(text).not.toContain('\u001b')
  })

  it('marks the first difference between what was signed and what is expected', async () => {
    const lines = (await report('cdp-unable-to-estimate-gas', '--no-replay')).split('\n')
    const name = lines.findIndex((line) => line.includes('"USD Coin"') && line.includes('≠ "USDC"'))
    expect(name).toBeGreaterThan(0)
    const carets = [...(lines[name + 1] ?? '').matchAll(/\^/g)].map(({ index }) => lines[name]?.[index ?? 0])
    // "USD Coin" and "USDC" part after USD.
    expect(carets).toEqual([' ', 'C'])
  })

  it('says once what only a chain tells, in whatever words', async () => {
    const { input, at } = fixture('base', 'valid')
    const diagnosis = await diagnose(readEvmPayment(input), { now: BigInt(at) })
    const text = (reason: string): string =>
      renderText(
        diagnosisDocument({
          ...diagnosis,
          skipped: diagnosis.skipped.map((each) => (each.code === 'no-chain' ? { ...each, reason } : each)),
        }),
        { color: false, columns: 120 },
      )
    expect(diagnosis.skipped.filter(({ code }) => code === 'no-chain').length).toBeGreaterThan(3)
    expect(text('other words')).toContain('Taken for granted')
    expect(text('other words')).not.toContain('other words')
    // What is not taken for granted is told.
    expect(text('other words')).toMatch(/Not checked +replay: not asked for/)
  })
})

describe('the other formats', () => {
  const { input } = fixture('base', 'domain-name-mismatch')
  const text = typeof input === 'string' ? input : JSON.stringify(input)
  const printed = (...options: string[]) => runCli(['diagnose', '-', '--no-replay', ...options], text)

  it('Markdown has the answer as its heading, and says on standard error that nothing was left out', async () => {
    const { code, stdout, stderr } = await printed('--format', 'markdown')
    expect([code, stdout.split('\n')[0]]).toEqual([1, expect.stringMatching(/^### ✗ FAILS: /)])
    expect(stdout).toMatch(/^- \*\*Fix\*\*: /m)
    expect(stderr).toMatch(/--share/)
  })

  it('with --share it says nothing more, and no half of the signature is in it', async () => {
    const { stdout, stderr } = await printed('--format', 'markdown', '--share')
    const [signature = ''] = /0x[0-9a-f]{130}/.exec(text) ?? []
    expect(signature).not.toBe('')
    expect([stderr, stdout.includes(signature.slice(66, 130))]).toEqual(['', false])
  })

  it('a workflow gets one command', async () => {
    const { stdout } = await printed('--format', 'github')
    expect(stdout).toMatch(/^::error title=✗ FAILS::[^\n]+\n$/)
  })

  it('--json is short for --format json', async () => {
    const [short, long] = await Promise.all(
      [['--json'], ['--format', 'json']].map((form) => run(['diagnose', text, '--no-replay', ...form])),
    )
    expect(JSON.parse(long?.out ?? '').verdict).toBe('fails')
    expect(long).toEqual(short)
  })

  it.each(['diagnose', 'replay'])('%s refuses two formats at once before it reads anything', async (command) => {
    const { code, stdout, stderr } = await runCli([command, '/nowhere/at-all.json', '--json', '--format', 'markdown'])
    expect([code, stdout, stderr]).toEqual([2, '', 'eip3009: --json and --format markdown ask for two forms; give one of them.\n'])
  })

  it('a replay has them, too, with its calls as they are', async () => {
    const { stdout } = await runCli(['replay', '-', '--format', 'markdown', '--share'], text)
    expect(stdout).toMatch(/^### ✗ REVERTED: /)
    const [, calls = ''] = /\*\*Calls\*\*\n\n```\n([\s\S]*?)\n```\n/.exec(stdout) ?? []
    expect(calls).toMatch(/^transferWithAuthorization on /)
    expect(calls).toMatch(/\n {2}\S/)
  })
})
