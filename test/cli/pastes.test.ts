import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runCli } from './run-cli.ts'

interface Paste {
  readonly name: string
  readonly input: string
  /** Of what can be judged. `refused`: it is good, and what stands beside it refuses it without saying why. */
  readonly verdict?: 'settles' | 'refused' | 'fails' | 'inconclusive'
  /** What is said of what can not be read. */
  readonly says?: readonly string[]
}

/** A payment of a key that nobody has money under, in shapes that people paste into reports: judged at a second at which its window is open. */
const pastes: readonly Paste[] = JSON.parse(readFileSync(new URL('pastes.json', import.meta.url), 'utf8'))
const inside = '2026-11-27T10:00:00Z'
const exits = { settles: 0, refused: 4, fails: 1, inconclusive: 4 } as const

describe('eip3009 diagnose reads what a person reads at once', () => {
  it('there are such', () => {
    expect(pastes.length).toBeGreaterThan(5)
  })

  it.each(pastes)('$name', async ({ input, verdict, says = [] }) => {
    const { code, stdout, stderr } = await runCli(['diagnose', '-', '--json', '--at', inside], input)
    if (verdict === undefined) {
      expect(code).toBe(2)
      for (const part of says) expect(stderr).toContain(part)
      return
    }
    expect(stderr).toBe('')
    const diagnosis: { verdict: string; headline: string } = JSON.parse(stdout)
    expect({ code, verdict: diagnosis.verdict }).toEqual({ code: exits[verdict], verdict: verdict === 'refused' ? 'settles' : verdict })
    for (const part of says) expect(diagnosis.headline).toContain(part)
  })
})
