import { diagnose, type EvmDiagnosis, readEvmPayment } from '@eip3009/core'
import { embeddedReplayer, type ReplayChain, type Replayer } from '@eip3009/core/replay'
import { type FixtureCause, type FixtureNetwork, fixture, fixtureNetworks } from '@eip3009/fixtures'
import { afterAll, describe, expect, it } from 'vitest'

/** What FiatToken answers, as its source has it, to a payment broken in this way. */
const reverts = {
  'domain-name-mismatch': 'FiatTokenV2: invalid signature',
  'domain-version-mismatch': 'FiatTokenV2: invalid signature',
  'chain-id-mismatch': 'FiatTokenV2: invalid signature',
  'verifying-contract-mismatch': 'FiatTokenV2: invalid signature',
  'nonstandard-domain-layout': 'FiatTokenV2: invalid signature',
  'domain-field-missing': 'FiatTokenV2: invalid signature',
  'eip712domain-type-missing': 'FiatTokenV2: invalid signature',
  'primary-type-mismatch': 'FiatTokenV2: invalid signature',
  'message-altered': 'FiatTokenV2: invalid signature',
  'v-0-or-1': "ECRecover: invalid signature 'v' value",
  'v-flipped': 'FiatTokenV2: invalid signature',
  'high-s': "ECRecover: invalid signature 's' value",
  'compact-eip2098': 'ECRecover: invalid signature length',
  'signature-length': 'ECRecover: invalid signature length',
  // With v in front, another byte stands where s begins: whether that or v is refused first depends on the signature.
  'signature-byte-order': /^ECRecover: invalid signature '[sv]' value$/,
  'not-yet-valid': 'FiatTokenV2: authorization is not yet valid',
  expired: 'FiatTokenV2: authorization is expired',
} as const satisfies Partial<Record<FixtureCause, string | RegExp>>

const causes = Object.keys(reverts) as (keyof typeof reverts)[]

/** Opens each network's chain once and keeps it for all its payments. */
class SharedChains implements Replayer {
  readonly #chains = new Map<string, Promise<ReplayChain>>()

  async open(target: Parameters<Replayer['open']>[0]): Promise<ReplayChain> {
    const key = 'network' in target ? target.network.id : String(target.chainId)
    const chain = this.#chains.get(key) ?? embeddedReplayer().open(target)
    this.#chains.set(key, chain)
    return { ...(await chain), close: async () => undefined }
  }

  async close(): Promise<void> {
    for (const chain of this.#chains.values()) await (await chain).close()
  }
}

const chains = new SharedChains()
afterAll(() => chains.close())

const prove = (network: FixtureNetwork, cause: FixtureCause): Promise<EvmDiagnosis> => {
  const { input, at } = fixture(network, cause)
  return diagnose(readEvmPayment(input), { now: BigInt(at), at: BigInt(at), replayer: chains })
}

describe.each(fixtureNetworks)('on %s', (network) => {
  it('a valid payment settles, and reverts when the payer is delegated', async () => {
    const { verdict, proof, replay } = await prove(network, 'valid')
    expect([verdict, proof]).toEqual(['settles', 'proven'])
    expect(replay?.runs.map(({ outcome, revert }) => [outcome, revert])).toEqual([
      ['settled', null],
      ['reverted', 'FiatTokenV2: invalid signature'],
    ])
  })

  it.each(causes)('%s is proven: the token’s own words, and a settlement once it is undone', async (cause) => {
    const diagnosis = await prove(network, cause)
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause, proof: 'proven' })
    expect(diagnosis.replay?.runs.slice(0, 2).map(({ outcome, revert }) => [outcome, revert])).toEqual([
      ['reverted', expect.stringMatching(reverts[cause])],
      ['settled', null],
    ])
  })
})
