import type { SignatureLadder } from '@eip3009/core'
import { fixture, realPayments, vectors } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'
import { type CommandRun, run as runCommand } from '../fake-console.ts'

const run = (...args: readonly string[]): Promise<CommandRun> => runCommand(['signature', ...args], { columns: 120 })

const text = (id: string): string => JSON.stringify(realPayments.find((payment) => payment.id === id)?.input)

describe('eip3009 signature', () => {
  it('a valid one: each step, once', async () => {
    const { code, out } = await run(text('base-incident-2025-10-31'))
    expect(code).toBe(0)
    expect(out).toMatch(/^✓ VALID/)
    expect(out).toContain('separator          0x02fa7265e7c5d81118673727957699e4d68f74cd74b7db77da710fe8a2c7834f')
    expect(out).toContain('recovered          0x6bdc03ae4BBAb31843dDDaAE749149aE675ea011')
    expect(out).not.toContain('≠')
  })

  it('a wrong name: signed beside expected, the first difference marked', async () => {
    const { code, out } = await run(text('cdp-unable-to-estimate-gas'))
    expect(code).toBe(1)
    const lines = out.split('\n')
    const name = lines.findIndex((line) => line.includes('"USD Coin"') && line.includes('≠ "USDC"'))
    expect(name).toBeGreaterThan(0)
    // "USD Coin" and "USDC" part after USD.
    expect([...(lines[name + 1] ?? '').matchAll(/\^/g)].map(({ index }) => lines[name]?.[index])).toEqual([' ', 'C'])
    expect(out).toContain('≠ 0x71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818')
    expect(out).toContain('domain-name-mismatch')
  })

  it('bytes that can be repaired', async () => {
    const { code, out } = await run(text('recovery-byte-zero'))
    expect(code).toBe(1)
    expect(out).toMatch(/in a form that the token refuses: see\s+signature\.v/)
    expect(out).toMatch(/repaired {11}0x[0-9a-f]{128}1b/)
  })

  it('as JSON: every step equals the published vector', async () => {
    const [vector] = vectors
    if (vector === undefined) throw new TypeError('no vectors')
    const { message, signature, domain } = vector
    const payment = { authorization: { ...message }, signature, network: vector.network, asset: domain.verifyingContract }
    const { code, out } = await run(JSON.stringify(payment), '--json', '--network', vector.network)
    expect(code).toBe(0)
    const ladder: SignatureLadder = JSON.parse(out)
    expect(ladder).toMatchObject({
      schema: 'eip3009/signature@1',
      standing: 'valid',
      expected: {
        type: vector.typeString,
        typeHash: vector.typeHash,
        structHash: vector.structHash,
        separator: vector.domainSeparator,
        digest: vector.digest,
      },
      signature: { r: vector.r, s: vector.s, v: vector.v, repaired: null },
    })
  })

  it.each(['message-altered', 'struct-type-mismatch', 'message-prefixed', 'signature-byte-order', 'nonstandard-domain-layout'] as const)(
    'the fixture %s is named so',
    async (cause) => {
      const { input } = fixture('base', cause)
      const { code, out } = await run(typeof input === 'string' ? input : JSON.stringify(input), '--json')
      expect(code).toBe(1)
      const ladder: SignatureLadder = JSON.parse(out)
      expect(ladder.edits.map((edit) => edit.cause)).toEqual([cause])
    },
  )

  it('bytes of a form that nobody here knows leave it open, as the first line says', async () => {
    const signature = `0x${'ff'.repeat(200)}`
    const authorization = {
      from: `0x${'5a'.repeat(20)}`,
      to: `0x${'20'.repeat(20)}`,
      value: '1',
      validAfter: '0',
      validBefore: '1900000000',
      nonce: `0x${'ab'.repeat(32)}`,
    }
    const { code, out } = await run(JSON.stringify({ authorization, signature, network: 'base' }), '--search', 'none')
    expect(code).toBe(4)
    expect(out).toMatch(/^\? UNDECIDED +There is no signature by a key in these bytes/)
  })

  it('another key: tells what was tried, and how to search on', async () => {
    const { input } = fixture('base', 'signer-not-owner')
    const { code, out } = await run(JSON.stringify(input), '--max-hypotheses', '3000')
    expect(code).toBe(1)
    expect(out).toContain('not to from')
    expect(out).toContain('--timeout 60000 searches on')
  })

  it.each([
    ['--max-hypotheses', '0'],
    ['--max-hypotheses', '1.5'],
    ['--timeout', '-1'],
    ['--timeout', 'x'],
  ])('refuses %s %s in one sentence', async (option, value) => {
    const { code, err } = await run(text('base-incident-2025-10-31'), `${option}=${value}`)
    expect(code).toBe(2)
    expect(err).toMatch(/^eip3009: --[a-z-]+ takes a whole number .*, such as \d+\.\n$/)
  })
})
