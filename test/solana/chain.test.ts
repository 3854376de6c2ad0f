import { svmFixtureNetworks, variants } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'
import { type ChainError, coSigned, packet, run, split, transactionOf } from './programs.ts'

describe.each(svmFixtureNetworks)('what the chain does with the payments of %s', (network) => {
  const all = variants(network)
  it.each(all.filter(({ chain }) => chain.outcome !== 'unreadable' && chain.outcome !== 'unknown'))(
    '$name',
    async ({ chain, state, ...fixture }) => {
      const signed = coSigned(split(Buffer.from(transactionOf(fixture), 'base64')))
      if (chain.outcome === 'unsigned') expect(signed).toBeUndefined()
      else {
        if (signed === undefined) throw new TypeError('the facilitator has no slot')
        const expected: ChainError = chain.outcome === 'fails' ? (chain.error as ChainError) : null
        expect(await run(state, signed, { sigVerify: true })).toEqual(expected)
      }
    },
  )

  const unread = all.filter(({ chain }) => chain.outcome === 'unreadable')
  it.each(unread)('$name: no node reads it', (fixture) => {
    const bytes = Buffer.from(transactionOf(fixture), 'base64')
    // Too long for a packet, or no transaction: one of the two has to be so.
    expect(bytes.length > packet || throws(() => split(bytes))).toBe(true)
  })

  it('has run more than 60 of them', () => {
    expect(all.length).toBeGreaterThan(60)
    expect(unread.length).toBeGreaterThan(3)
    expect(all.filter(({ chain }) => chain.outcome === 'succeeds' || chain.outcome === 'fails').length).toBeGreaterThan(55)
  })
})

function throws(act: () => unknown): boolean {
  try {
    act()
    return false
  } catch (error) {
    return error instanceof Error
  }
}
