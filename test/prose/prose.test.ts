import type { ReplayChain } from '@eip3009/core/replay'
import { fixtureCauses, fixtureNetworks, svmFixtureNetworks, variants } from '@eip3009/fixtures'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundled, type Patch } from './bundle.ts'
import type { Noise } from './noise.ts'
import { alone, evmFixture, onBase, onChain, onSolana, type Question, unreadFacts, type World, without } from './payments.ts'
import { skeletonOf } from './skeleton.ts'

/** Whatever else runs on the machine: these bundle and start chains. */
const patience = 600_000

const chains: Promise<ReplayChain>[] = []

async function open(noise?: Noise, ...patches: readonly Patch[]): Promise<World> {
  const pipeline = await bundled(noise, patches)
  const opened = new Map<string, Promise<ReplayChain>>()
  const base = {
    open: async (target: Parameters<World['base']['open']>[0]): Promise<ReplayChain> => {
      const key = JSON.stringify([target.token?.address, 'network' in target ? target.network.id : target])
      const chain = opened.get(key) ?? pipeline.openChain(target)
      opened.set(key, chain)
      chains.push(chain)
      return { ...(await chain), close: async () => undefined }
    },
  }
  return { ...pipeline, base, searched: new Map() }
}

let plain: World
let noises: Readonly<Record<Noise, World>>
beforeAll(async () => {
  plain = await open()
  noises = { own: await open('own'), same: await open('same') }
}, patience)
afterAll(async () => {
  for (const chain of await Promise.allSettled(new Set(chains))) if (chain.status === 'fulfilled') await chain.value.close()
})

async function answers(question: Question, world: World): Promise<object> {
  return skeletonOf(await question(world), world)
}

async function expectSame(question: Question, ...worlds: readonly World[]): Promise<void> {
  const expected = await answers(question, plain)
  for (const world of worlds) expect(await answers(question, world)).toEqual(expected)
}

/** Which of these questions a pipeline answers in another way once it speaks in noise of either kind. */
async function moved(questions: Readonly<Record<string, Question>>, patch: Patch): Promise<string[]> {
  const spoken = await open(undefined, patch)
  const noisy = [await open('own', patch), await open('same', patch)]
  const out: string[] = []
  for (const [name, question] of Object.entries(questions)) {
    const own = await answers(question, plain)
    // Without noise nobody sees the change: that is what makes it a trap.
    expect(await answers(question, spoken), name).toEqual(own)
    for (const world of noisy) if (!equal(await answers(question, world), own)) out.push(name)
  }
  return out
}

const equal = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b)

it('says everything in noise, and values as they are', async () => {
  const question = evmFixture('base', 'domain-name-mismatch')
  const [own, same, spoken] = [await question(noises.own), await question(noises.same), await question(plain)]
  expect(spoken.headline).toMatch(/^The client signed for a token named "/)
  expect(own.headline).toMatch(/^noise\w+USDCnoise.+USD Coinnoise\w+$/)
  expect(same.headline).toBe('noise')
  for (const { summary, fix, evidence } of [...own.findings, ...same.findings])
    for (const words of [summary, fix, ...evidence.map(({ says }) => says)]) expect(words).not.toMatch(/[a-z]{2} [a-z]{2}/)
  for (const { check, reason } of [...own.skipped, ...same.skipped]) expect(`${check} ${reason}`).not.toMatch(/payer|given|asked/)
})

describe('on EVM chains', () => {
  it('has every fixture of every network', () => {
    expect(fixtureNetworks.length * fixtureCauses.length).toBeGreaterThan(500)
  })

  describe.each(fixtureNetworks)('%s', (network) => {
    // One kind of noise a network, in turns, and both where the others begin: a search costs what it costs, whatever it says.
    const kinds: readonly Noise[] = network === 'base' ? ['own', 'same'] : [fixtureNetworks.indexOf(network) % 2 === 0 ? 'own' : 'same']
    // Every cause on Base; on the others by turns, each cause on three of them: what differs between networks is their data, which is no noise.
    const place = fixtureNetworks.indexOf(network)
    const some = network === 'base' ? fixtureCauses : fixtureCauses.filter((_, at) => (at + place) % 5 === 0)
    it.each(some)('%s', { timeout: patience }, (cause) => expectSame(evmFixture(network, cause), ...kinds.map((kind) => noises[kind])))
  })

  it.each(fixtureCauses)('replayed: %s', { timeout: patience }, (cause) =>
    expectSame(evmFixture('base', cause, 'base'), noises.own, noises.same),
  )

  it.each(Object.keys(onChain))('asked, and replayed: %s', { timeout: patience }, async (name) => {
    await expectSame(onBase(name), noises.own, noises.same)
    await expectSame(onBase(name, 'base'), noises.own, noises.same)
  })

  it.each(['FiatTokenV2: authorization is used or canceled', 'FiatTokenV2: invalid signature'])(
    'on a pending block that says "%s"',
    { timeout: patience },
    (pending) => expectSame(onBase('nothing', { pending }), noises.own, noises.same),
  )
})

describe.each(svmFixtureNetworks)('on %s', (network) => {
  const all = variants(network)
  // Both networks have the same variants.
  const some = network === 'solana' ? all : all.filter((_, at) => at % 4 === 0)

  it('has every variant', () => {
    expect(all.length).toBeGreaterThan(60)
  })

  it.each(some.map((variant) => [variant.name, variant] as const))('%s', { timeout: patience }, async (_name, variant) => {
    for (const question of [alone(variant), onSolana(variant, true)]) await expectSame(question, noises.own, noises.same)
  })

  it('with one fact after the other that nobody can read', { timeout: patience }, async () => {
    const [valid] = all.filter(({ name }) => name === 'valid')
    if (valid === undefined) throw new TypeError('no valid payment')
    for (const fact of [...unreadFacts, ...([0, 1, 2, 3, 4, 5] as const).map((place) => `account ${place}` as const)])
      await expectSame(onSolana(valid, false, without(fact)), noises.own, noises.same)
  })
})

describe('a comparison with a sentence', () => {
  const solana = variants('solana')
  const named = (...names: readonly string[]): Record<string, Question> =>
    Object.fromEntries(solana.filter(({ name }) => names.includes(name)).map((variant) => [variant.name, onSolana(variant, true)]))
  const [valid] = solana.filter(({ name }) => name === 'valid')

  const traps: Readonly<Record<string, readonly [Patch, Readonly<Record<string, Question>>]>> = {
    'a label that says which check decides': [
      {
        file: 'solana/diagnosis/examine.ts',
        from: 'check.decisive',
        to: `["the payer's token account", 'settlement', 'blockhash'].includes(notMade(svmCheckNames, check.id, { code: 'moot', reason: '' }).check)`,
      },
      valid === undefined ? {} : { unread: onSolana(valid, false, without('accounts')) },
    ],
    'a value in words that says which form of a cause it is': [
      {
        file: 'facilitators/solana/profile-checks.ts',
        from: "({ cause, severity, variant }) => cause === wanted && severity === 'error' && variant === 'absent'",
        to: "({ cause, severity, seen }) => cause === wanted && severity === 'error' && seen === 'no account'",
      },
      named('svm-source-account-missing', 'svm-destination-account-missing'),
    ],
    'an intervention that is told from others by its sentence': [
      {
        file: 'evm/diagnosis/circumstances.ts',
        from: 'export function keyOf(change: Change): string {',
        to: 'import { describeIntervention } from "../evidence/replay.ts"\nexport function keyOf(change: Change): string {\n  return describeIntervention(change.kind === "add" ? change.intervention : change.circumstance.intervention)',
      },
      { 'two troubles': onBase('paused and blacklisted', 'base') },
    ],
  }

  it.each(Object.keys(traps))('is caught: %s', { timeout: patience }, async (name) => {
    const [patch, questions] = traps[name] ?? []
    if (patch === undefined || questions === undefined) throw new TypeError(name)
    expect(Object.keys(questions).length).toBeGreaterThan(0)
    expect(await moved(questions, patch)).not.toEqual([])
  })
})
