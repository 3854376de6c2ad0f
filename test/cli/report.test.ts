import { diagnose, readEvmPayment } from '@eip3009/core'
import { fixture, realPayments } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'
import { renderDiagnosis } from '../../packages/cli/src/report/terminal.ts'
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
      renderDiagnosis(
        { ...diagnosis, skipped: diagnosis.skipped.map((each) => (each.code === 'no-chain' ? { ...each, reason } : each)) },
        { color: false, columns: 120 },
      )
    expect(diagnosis.skipped.filter(({ code }) => code === 'no-chain').length).toBeGreaterThan(3)
    expect(text('other words')).toContain('Taken for granted')
    expect(text('other words')).not.toContain('other words')
    // What is not taken for granted is told.
    expect(text('other words')).toMatch(/Not checked +replay: not asked for/)
  })
})
