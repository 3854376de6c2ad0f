import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Comparison, cases, compareAll, referenceVersion } from './reference-facilitator.ts'
import { renderPage } from './reference-page.ts'

let comparisons: readonly Comparison[]
beforeAll(async () => {
  comparisons = await compareAll()
})

const of = (broken: string): Comparison => {
  const found = comparisons.find((each) => each.broken === broken)
  if (found === undefined) throw new TypeError(`no case ${broken}`)
  return found
}

describe('beside the reference facilitator', () => {
  it('a good payment is valid and settles for both', () => {
    expect(of('nothing')).toMatchObject({ verify: 'valid', settle: 'settled', verdict: 'settles', cause: '' })
  })

  it('twelve causes that it answers with one code, and no message, are twelve', () => {
    const twelve = comparisons.slice(0, 12)
    for (const { broken, verify, message, settle } of twelve) {
      expect([broken, verify, settle, message]).toEqual([broken, 'invalid_exact_evm_signature', 'invalid_exact_evm_signature', ''])
    }
    expect(twelve.map(({ cause }) => cause)).toEqual([
      'domain-name-mismatch',
      'domain-version-mismatch',
      'chain-id-mismatch',
      'verifying-contract-mismatch',
      'eip712domain-type-missing',
      'primary-type-mismatch',
      'facilitator-config-drift',
      'signer-not-owner',
      'message-altered',
      'v-flipped',
      'compact-eip2098',
      'eip7702-payer',
    ])
    expect(new Set(twelve.map(({ cause }) => cause)).size).toBe(12)
  })

  it("the fault is the server's where the server is wrong, whatever the code blames", () => {
    for (const broken of [
      'the server names the token "USDC", and the client is right',
      'server and client agree on the name "USDC"',
      'server and client agree on version "1"',
    ]) {
      expect([broken, of(broken).party]).toEqual([broken, 'server'])
    }
  })

  it('whatever it refuses we say fails, and whatever it settles we say settles', () => {
    expect(comparisons).toHaveLength(cases.length)
    expect(comparisons.length).toBeGreaterThanOrEqual(25)
    for (const { broken, settle, verdict } of comparisons) {
      expect([broken, verdict]).toEqual([broken, settle === 'settled' ? 'settles' : 'fails'])
    }
  })

  it('validBefore in milliseconds is valid there without a word, and a warning here', () => {
    expect(of('validBefore is in milliseconds')).toMatchObject({
      verify: 'valid',
      message: '',
      verdict: 'settles',
      cause: 'time-in-milliseconds',
    })
  })

  it('the page in docs/ says what was measured (pnpm compare:facilitator writes it)', () => {
    const page = readFileSync(new URL('../../docs/reference-facilitator.md', import.meta.url), 'utf8')
    expect(page).toBe(renderPage(comparisons, referenceVersion))
  })
})
