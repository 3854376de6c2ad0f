import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixture } from '@eip3009/fixtures'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Hex } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { base, domain, now, openWorld, payee, payment, settle, type World } from '../chain/chain-world.ts'
import { run } from '../fake-console.ts'
import { mineAnyway, scenarios } from './fail.ts'

const schema = JSON.parse(readFileSync(new URL('../../packages/cli/schema/replay.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ allErrors: true, strictTypes: true }).compile(schema)

/** What is printed, with everything that the schema has against it. */
async function replayed(...args: string[]): Promise<{ readonly report: Record<string, unknown>; readonly errors: unknown[] }> {
  const { out, err } = await run(['replay', '--json', ...args])
  if (out === '') throw new TypeError(err)
  const report = JSON.parse(out)
  validate(report)
  return { report, errors: validate.errors ?? [] }
}

let world: World
let snapshot: unknown
let folder = ''
beforeAll(async () => {
  world = await openWorld()
  folder = await mkdtemp(join(tmpdir(), 'eip3009-schema-'))
})
beforeEach(async () => {
  if (snapshot !== undefined) await world.request('evm_revert', snapshot)
  snapshot = await world.request('evm_snapshot')
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

describe('replay --json is what its schema says', () => {
  it.each(scenarios.map((scenario, index) => [`${index} ${scenario.cause}`, scenario] as const))('%s', async (_, { stage }) => {
    const { paid, time, data = settle(paid) } = await stage(world)
    const mined = await mineAnyway(world, { data, time })
    const { report, errors } = await replayed(mined.hash, '--rpc-url', world.url, '--matrix')
    expect([report.status, errors]).toEqual(['reverted', []])
  })

  it('for one that settled, with another transaction before it', async () => {
    const before = [{ from: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266', to: payee, data: '0x' }] as const
    const mined = await mineAnyway(world, { data: settle(await payment()), before })
    const { report, errors } = await replayed(mined.hash, '--rpc-url', world.url)
    expect([report.status, (report.events as unknown[]).length, errors]).toEqual(['settled', 2, []])
  })

  it('for a recording, and the replay of one', async () => {
    const { hash } = await mineAnyway(world, { data: settle(await payment({ domain: { ...domain, name: 'USDC' } })) })
    const directory = join(folder, 'case')
    const first = await replayed(hash, '--rpc-url', world.url, '--export', directory)
    expect([first.report.exported, first.errors]).toEqual([directory, []])
    const again = await replayed(directory)
    expect([again.report.chain, again.errors]).toMatchObject([{ kind: 'recorded', block: null }, []])
  })

  it('for an embedded chain', async () => {
    const { authorization, signature } = await payment()
    const members = Object.fromEntries(Object.entries(authorization).map(([name, value]) => [name, String(value)]))
    const body = JSON.stringify({ x402Version: 1, scheme: 'exact', network: 'base', payload: { signature, authorization: members } })
    const { report, errors } = await replayed(body, '--at', String(now))
    expect([report.chain, errors]).toMatchObject([{ kind: 'embedded' }, []])
  })

  it.each(['valid', 'svm-account-frozen', 'svm-amount-mismatch'] as const)('for %s on Solana', async (cause) => {
    const { input, at, snapshot: said } = fixture('solana', cause)
    const file = join(folder, `${cause}.json`)
    await writeFile(file, JSON.stringify(said))
    const { report, errors } = await replayed(JSON.stringify(input), '--at', String(at), '--snapshot', file)
    expect([report.family, errors]).toEqual(['solana', []])
  })

  it('for a run that is invalid', async () => {
    const takesAll: Hex = '0x600160005260206000f3'
    const { hash } = await mineAnyway(world, { data: settle(await payment()) })
    await world.setCode(base.usdc.address, takesAll)
    await world.mine(now + 50n)
    const { out } = await run([
      'replay',
      hash,
      '--rpc-url',
      world.url,
      '--json',
      '--block',
      String(Number(await world.request('eth_blockNumber'))),
    ])
    const report = JSON.parse(out)
    expect([validate(report), report.status]).toEqual([true, 'invalid'])
  })

  it('and the schema refuses what is something else', async () => {
    const { hash } = await mineAnyway(world, { data: settle(await payment()) })
    const { report } = await replayed(hash, '--rpc-url', world.url)
    for (const name of Object.keys(report)) expect(validate({ ...report, [name]: undefined }), name).toBe(false)
    expect(validate({ ...report, more: 1 })).toBe(false)
    expect(validate({ ...report, gasUsed: 1 })).toBe(false)
    expect(validate({ ...report, diagnosis: { verdict: 'fails' } })).toBe(false)
    expect(validate({ schema: 'eip3009/replay@1', status: 'invalid' })).toBe(false)
  })
})
