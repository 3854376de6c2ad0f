import { readFileSync } from 'node:fs'
import { diagnose, Eip3009Error, investigate, readPayment } from '@eip3009/core'
import { ownChains } from '@eip3009/core/replay'
import { liteSvmReplayer, readSvmPayment, type SolanaDiagnosis, svmReader } from '@eip3009/core/solana'
import { fixture, type SvmVariant, svmFixtureNetworks, variants } from '@eip3009/fixtures'
import { Connection } from '@solana/web3.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { startCluster } from './cluster.ts'

const now = 1_790_000_000n
const schema = JSON.parse(readFileSync(new URL('../../packages/core/schema/diagnosis.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ allErrors: true }).compile(schema)
const replayer = liteSvmReplayer()

async function investigated({ state, input }: Pick<SvmVariant, 'state' | 'input'>): Promise<SolanaDiagnosis> {
  await using cluster = await startCluster(state)
  const readers = [svmReader(new Connection(cluster.url, 'confirmed'))]
  return (await investigate(readSvmPayment(input), { now, readers, replayer })).diagnosis
}

/** How an error of JSON-RPC begins in words. */
function words(error: unknown): string {
  if (typeof error === 'string') return error
  const [[name = '', detail] = []] = Object.entries(error as object)
  if (name !== 'InstructionError') return name
  const [index, inner] = detail as [number, string | { Custom: number }]
  return `instruction ${index}: ${typeof inner === 'string' ? inner : `Custom(${inner.Custom})`}`
}

/** What the cluster's run of a fixture shows, and a replay without the facilitator's signature can not. */
const beyond = new Set(['SignatureFailure', 'AlreadyProcessed'])
// The nonce account of that fixture is missing, so to a node its blockhash is an unknown one before any instruction runs.
const reproduces = ({ chain, name }: SvmVariant): boolean =>
  chain.outcome === 'fails' && !beyond.has(String(chain.error)) && name !== 'durable-nonce'

/** No program of the cluster is at hand that undoes these: a table's keys are unknown, and extensions are the mint's own. */
const withoutCounterfactual = new Set(['svm-lookup-table-unresolved', 'svm-token-extension', 'compute-limit-twice'])

describe.each(svmFixtureNetworks)('%s, asked through a Connection and replayed', (network) => {
  const all = variants(network)

  it('has every fixture', () => {
    expect(all.length).toBeGreaterThan(60)
    expect(all.filter(({ shownBy }) => shownBy === 'state').length).toBeGreaterThan(12)
    expect(all.filter(reproduces).length).toBeGreaterThan(20)
  })

  it.each(all.map((variant): [string, SvmVariant] => [variant.name, variant]))('%s', async (name, variant) => {
    const diagnosis = await investigated(variant)
    // A program that litesvm does not have fails in the simulation of this stand-in too.
    if (variant.chain.outcome === 'unknown' && variant.verdict === 'settles') {
      expect(diagnosis.verdict).toBe('inconclusive')
      return
    }
    expect(diagnosis.verdict).toBe(variant.verdict)
    expect(diagnosis.cause).toBe(variant.verdict === 'settles' ? null : variant.cause)
    validate(JSON.parse(JSON.stringify(diagnosis)))
    expect(validate.errors ?? []).toEqual([])
    expect(JSON.parse(JSON.stringify(diagnosis))).toEqual(diagnosis)
    const asIs = diagnosis.replay?.runs[0]
    if (variant.chain.outcome === 'succeeds') expect(asIs).toMatchObject({ outcome: 'settled', error: null, interventions: [] })
    // Whose account it is no run looks at: that is the word of the one RPC.
    if (variant.shownBy !== 'payload') expect(diagnosis.proof).toBe(name === 'svm-destination-owner-changed' ? 'inferred' : 'proven')
    if (!reproduces(variant)) return
    expect(asIs?.error?.startsWith(words(errorOf(variant)))).toBe(true)
    if (withoutCounterfactual.has(name)) return
    expect(diagnosis.replay?.proven).not.toEqual([])
    expect(diagnosis.replay?.runs.some(({ outcome, interventions }) => outcome === 'settled' && interventions.length > 0)).toBe(true)
    expect(diagnosis.replay?.proven).toContain(variant.cause)
  })
})

/** A run without these would fail because they were left out, which shows nothing. */
const unassumable: Readonly<Record<string, string>> = {
  'svm-lookup-table-unresolved': 'nobody has read the lookup table',
  'durable-nonce': 'nobody has read the account of its durable nonce',
  'svm-wrong-cluster': 'nobody has read the mint',
  // What a transaction says of a mint is no world to run it in.
  'svm-mint-mismatch': 'nobody has read the mint',
  'mint-of-other-accounts': 'nobody has read the mint',
  'destination-is-wallet': 'nobody has read whether payTo',
  'pay-to-and-destination-token-account': 'nobody has read whether payTo',
}

describe('without any state the replay is made in a world where all is well', () => {
  // That its account exists already is what only the state tells.
  const all = variants('solana').filter(
    ({ shownBy, chain, name }) => shownBy === 'payload' && chain.outcome !== 'unreadable' && name !== 'creates-token-account-again',
  )

  it.each(all.map((variant): [string, SvmVariant] => [variant.name, variant]))('%s: it does as the cluster does', async (name, variant) => {
    const { diagnosis } = await investigate(readSvmPayment(variant.input), { now, replayer })
    if (name in unassumable) {
      expect(diagnosis).toMatchObject({ proof: 'inferred', replay: null })
      expect(diagnosis.skipped.find(({ id }) => id === 'replay')?.reason).toContain(unassumable[name])
      return
    }
    const asIs = diagnosis.replay?.runs[0]
    expect(diagnosis.replay?.world).toMatch(/^The accounts are assumed/)
    if (variant.chain.outcome === 'fails' && !beyond.has(String(variant.chain.error))) {
      expect(asIs?.error?.startsWith(words(errorOf(variant)))).toBe(true)
      if (withoutCounterfactual.has(name)) return
      expect(diagnosis.replay?.proven).toEqual([variant.cause])
      expect(diagnosis.proof).toBe('proven')
      return
    }
    expect(asIs).toMatchObject({ outcome: 'settled', error: null })
    expect(diagnosis.replay?.proven).toEqual([])
    expect(diagnosis.replay?.says).toContain('facilitator')
    if (diagnosis.verdict === 'fails') expect(diagnosis.proof).toBe('inferred')
  })
})

function errorOf({ chain }: SvmVariant): unknown {
  return chain.outcome === 'fails' ? chain.error : null
}

it('a replay that can not be made is said, and the diagnosis is still one', async () => {
  const { input } = fixture('solana', 'svm-decimals-mismatch')
  const missing = new Eip3009Error('missing-package', 'A replay on Solana needs the package litesvm, which is not installed.')
  const { diagnosis } = await investigate(readSvmPayment(input), { now, replayer: { open: () => Promise.reject(missing) } })
  expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'svm-decimals-mismatch', proof: 'inferred', replay: null })
  expect(diagnosis.skipped).toContainEqual({ id: 'replay', check: 'replay', code: 'unavailable', reason: missing.message })
})

it("a run over assumed accounts shows no facilitator's simulation: who accepts the payment depends on it still", async () => {
  const payment = readSvmPayment(fixture('solana', 'valid').input)
  const { diagnosis } = await investigate(payment, { now, replayer })
  expect(diagnosis.replay?.runs[0]?.outcome).toBe('settled')
  expect(new Set(diagnosis.facilitators.answers.map(({ verify }) => verify))).toEqual(new Set(['depends']))
  expect(new Set((await investigated(fixture('solana', 'valid'))).facilitators.answers.map(({ verify }) => verify))).toEqual(
    new Set(['accepts']),
  )
})

it('is the same through the door of both families, which is told no more than an RPC and that it is to be replayed', async () => {
  const { state, input } = fixture('solana', 'svm-insufficient-funds')
  await using cluster = await startCluster(state)
  const diagnosis = await diagnose(readPayment(input), { now, rpc: cluster.url, replay: ownChains() })
  expect(diagnosis).toMatchObject({
    verdict: 'fails',
    cause: 'svm-insufficient-funds',
    proof: 'proven',
    replay: { proven: ['svm-insufficient-funds'] },
  })
  expect(diagnosis.chain).toHaveLength(1)
})
