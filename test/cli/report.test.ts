import { realPayments } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'
import { runCli } from './run-cli.ts'

async function report(id: string, ...options: string[]): Promise<string> {
  const payment = realPayments.find((each) => each.id === id)
  const { stdout } = await runCli(['diagnose', '-', ...options], JSON.stringify(payment?.input))
  return stdout
}

describe('the terminal report', () => {
  it.each(realPayments.map(({ id }) => id))('of %s leads with the verdict, fits one screen and has no colour when piped', async (id) => {
    const text = await report(id)
    const lines = text.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^(✓ SETTLES|→ GOOD|✗ FAILS|\? INCONCLUSIVE) +\S/)
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
})
