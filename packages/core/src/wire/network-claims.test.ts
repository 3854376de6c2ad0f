import { describe, expect, it } from 'vitest'
import { fixture } from '../../../fixtures/src/index.ts'
import type { Finding } from '../causes/finding.ts'
import { builtInNetworks } from '../networks/networks.ts'
import { readPayment } from '../payment/read-payment.ts'
import { claimOf, noteUnknown, resolveClaim } from './network-claims.ts'

const resolved = (name: string) => resolveClaim({ field: 'network', name, party: 'client' }, builtInNetworks)

describe('a name of a network', () => {
  // Chain ids and genesis hashes: the chains' own, as chainlist and CAIP-2 have them.
  it.each([
    ['base', 'eip155:8453', 8453],
    ['eip155:8453', 'eip155:8453', 8453],
    ['8453', 'eip155:8453', 8453],
    ['solana', 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp', undefined],
    ['solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp', 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp', undefined],
    // Nobody has heard of it, and its id says all the same that it is another chain.
    ['eip155:424242', 'eip155:424242', 424242],
    ['0x67932', 'eip155:424242', 424242],
    ['nowhere', undefined, undefined],
  ])('%s is %s', (name, chain, chainId) => {
    expect(resolved(name)).toMatchObject({ claim: { name } })
    expect({ chain: resolved(name).chain, chainId: resolved(name).chainId }).toEqual({ chain, chainId })
  })

  it('is noted once where facilitators would not know it, and blamed on whoever wrote it', () => {
    const findings: Finding[] = []
    const server = resolveClaim({ field: 'requirements.network', name: 'Base', party: 'server' }, builtInNetworks)
    noteUnknown([server, { ...server, claim: { ...server.claim, field: 'network', party: 'client' } }, resolved('base')], findings)
    expect(findings).toMatchObject([{ cause: 'network-unsupported', party: 'server', severity: 'warning', expected: 'base (eip155:8453)' }])
  })

  it.each([
    ['base', 1],
    ['', 0],
    [null, 0],
    [undefined, 0],
  ])('%j is %d claims', (value, count) => expect(claimOf('network', value, 'client')).toHaveLength(count))
})

describe.each([
  ['base', fixture('base', 'valid').input],
  ['solana', fixture('solana', 'valid').input],
] as const)('an offer of %s', (network, input) => {
  const body = JSON.parse(typeof input === 'string' ? input : JSON.stringify(input))
  const offered = (change: object) => readPayment({ ...body, paymentRequirements: { ...body.paymentRequirements, ...change } })

  it('is read alike, whatever the dialect: the asset as an object, the amount by the name of the other version', () => {
    const plain = offered({})
    const { asset, amount, maxAmountRequired } = body.paymentRequirements
    expect(plain.requirements?.asset).toBe(asset)
    expect(offered({ asset: { address: asset } }).requirements?.asset).toBe(asset)
    const stated = String(maxAmountRequired ?? amount)
    for (const other of [
      { amount: undefined, maxAmountRequired: stated },
      { amount: stated, maxAmountRequired: undefined },
    ])
      expect(String(offered(JSON.parse(JSON.stringify(other))).requirements?.amount)).toBe(stated)
  })

  it('that can not be read is left out with the same words', () => {
    expect(offered({ payTo: 'nobody' }).findings).toContainEqual(
      expect.objectContaining({
        cause: 'malformed-field',
        party: 'server',
        field: 'requirements.payTo',
        seen: 'nobody',
        summary: expect.stringMatching(/^requirements\.payTo .+; it was left out of the comparison\.$/),
      }),
    )
  })

  it('of another network is one disagreement of two', () => {
    const found = offered({ network: network === 'base' ? 'polygon' : 'solana-devnet' }).findings
    expect(found.filter(({ cause, severity }) => cause === 'network-mismatch' && severity === 'error').length).toBeGreaterThan(0)
    expect(found.find(({ cause }) => cause === 'network-mismatch')?.summary).toMatch(/ is .+ and .+ is .+: two networks\.$/)
  })
})
