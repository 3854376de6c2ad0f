import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { diagnose, Eip3009Error, type EvmPayment, readEvmPayment } from '@eip3009/core'
import {
  type ChainAnswer,
  type ChainReader,
  type ChainState,
  captureSnapshot,
  chainReader,
  type EvidenceSources,
  readSnapshot,
  recordSources,
} from '@eip3009/core/chain'
import type { CallFrame, Intervention, Replayer, ReplayOutcome } from '@eip3009/core/replay'
import { fixture, fixtureCauses, fixtureNetworks } from '@eip3009/fixtures'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { encodeFunctionData, type Hex, pad, parseSignature } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../fake-console.ts'
import { base, domain, now, openWorld, payee, payer, payment, relayer, settle, tokenAbi, type World } from './chain-world.ts'
import { healthyState, readerOf } from './healthy-state.ts'

const schema = new Ajv2020({ strictTypes: true }).compile(
  JSON.parse(readFileSync(new URL('../../packages/core/schema/snapshot.schema.json', import.meta.url), 'utf8')),
)
const unknown = { known: false, reason: 'the RPC answered "429 too many requests"' } as const

/** Enough for the signatures of the fixtures; how far is searched is no part of a snapshot. */
const search = { maxHypotheses: 2_000 } as const

/** Diagnoses a payment, and again from what was kept of that, with nobody to ask. */
async function twice(own: EvmPayment, sources: Partial<EvidenceSources>): Promise<{ live: string; again: string; text: string }> {
  const recorded = recordSources(sources)
  const live = JSON.stringify(await diagnose(own, { ...recorded, search }))
  const text = JSON.stringify(captureSnapshot(own, recorded))
  expect(schema(JSON.parse(text)) ? [] : schema.errors).toEqual([])
  const again = JSON.stringify(await diagnose(own, { ...readSnapshot(text), search }))
  return { live, again, text }
}

/** A chain of nobody's: what it answers follows from what it is asked, and its trace shows the call with the signature in it. */
function pretended(own: EvmPayment, settles: (interventions: readonly Intervention[]) => boolean): Replayer {
  const { from, to, value, nonce } = own.authorization
  const token = own.token ?? payee
  return {
    open: async () => ({
      description: 'a chain that a test pretends',
      code: { kind: 'artifact', family: 'FiatTokenV2_2' },
      chainId: own.chainId ?? 1,
      token,
      separator: pad('0x01'),
      controls: ['a good payment settles'],
      async replay(paid, { at, interventions = [] }): Promise<ReplayOutcome> {
        if (interventions.some(({ kind }) => kind === 'token-separator')) throw new Eip3009Error('unsupported-input', 'no such change here')
        const input = encodeFunctionData({
          abi: tokenAbi,
          functionName: 'transferWithAuthorization',
          args: [from, to, value, 1n, 2n, nonce, paid.signature],
        })
        const called = {
          at,
          interventions,
          call: { function: 'transferWithAuthorization', overload: 'bytes', selector: '0xcf092995', sender: relayer },
          gasUsed: 78_176n,
          signatureCheck: { by: 'ecrecover', digest: pad('0x02'), recovered: null },
          balances: [{ address: from, before: value, after: 0n }],
          trace: { type: 'CALL', from: relayer, to: token, gasUsed: '0x1', input, calls: [{ input: paid.signature, error: 'out of gas' }] },
        } as const
        if (settles(interventions))
          return {
            ...called,
            status: 'settled',
            events: [
              { name: 'Transfer', from, to, value },
              { name: 'AuthorizationUsed', authorizer: from, nonce },
            ],
          }
        return { ...called, status: 'reverted', reason: null, data: `0x08c379a0${paid.signature.slice(2)}` }
      },
      close: async () => undefined,
    }),
  }
}

/** What may not be in a snapshot of it: each half of what is a signature of 65 bytes, by viem's reading, and the whole. */
function secretParts(signature: Hex): readonly string[] {
  const whole = signature.slice(2).toLowerCase()
  return whole.length === 130 ? [whole, whole.slice(0, 64), whole.slice(64, 128)] : [whole]
}

/** Every fact that a state has, as one that could not be read, one at a time. */
function withoutEach(state: ChainState): readonly ChainState[] {
  const paths: string[][] = []
  const walk = (value: unknown, path: string[]): void => {
    if (typeof value !== 'object' || value === null) return
    if ('known' in value) paths.push(path)
    else for (const [name, member] of Object.entries(value)) walk(member, [...path, name])
  }
  walk(state, [])
  return paths.map((path) => {
    const copy = structuredClone(state)
    const last = path.at(-1) ?? ''
    const parent = path.slice(0, -1).reduce<object>((here, name) => Reflect.get(here, name), copy)
    Reflect.set(parent, last, unknown)
    return copy
  })
}

describe('a diagnosis made again from a snapshot is the same byte for byte', () => {
  it.each(fixtureCauses.map((cause) => [cause] as const))('%s', async (cause) => {
    let looked = 0
    for (const network of cause === 'valid' ? fixtureNetworks : (['base'] as const)) {
      const { input, at } = fixture(network, cause)
      const own = readEvmPayment(input)
      const state = own.network === undefined || own.token === undefined ? undefined : healthyState(own)
      const answers: ChainAnswer[] = [
        ...(state === undefined ? [] : [state]),
        { kind: 'unreachable', source: 'two.example.com', reason: 'nobody answers' },
        { kind: 'wrong-chain', source: 'three.example.com', expected: 8453, chainId: 1 },
      ]
      for (const settles of [(all: readonly Intervention[]) => all.length > 0, () => true, () => false]) {
        const { live, again, text } = await twice(own, {
          now: BigInt(at),
          at: BigInt(at),
          chains: answers.map(readerOf),
          replayer: pretended(own, settles),
        })
        expect(again).toBe(live)
        for (const part of secretParts(own.signature)) expect(text).not.toContain(part)
        looked++
      }
    }
    expect(looked).toBeGreaterThanOrEqual(3)
  })

  it('with each fact in turn unknown, and its reason kept', async () => {
    const own = await payment()
    const states = withoutEach(healthyState(own))
    expect(states.length).toBeGreaterThan(30)
    for (const state of states) {
      const { live, again, text } = await twice(own, { now, chains: [readerOf(state)] })
      expect(again).toBe(live)
      expect(text).toContain('429 too many requests')
    }
  })

  it('where a reader throws, and where no replay can be had', async () => {
    const own = await payment()
    const rude: ChainReader = { source: 'rude.example.com', read: () => Promise.reject(new TypeError('boom')) }
    const closed: Replayer = { open: () => Promise.reject(new Eip3009Error('missing-package', 'There is no anvil; install one.')) }
    const { live, again } = await twice(own, { now, chains: [rude], replayer: closed })
    expect(again).toBe(live)
    expect(live).toContain('boom')
    expect(live).toContain('There is no anvil')
  })

  it('of a payment that names no network: what the RPC said of itself is kept', async () => {
    const { network: _, networkName: __, chainId: ___, ...own } = await payment()
    const state = healthyState(await payment())
    const reader: ChainReader = { ...readerOf(state), chainId: async () => ({ known: true, value: 8453 }) }
    const { live, again } = await twice(own, { now, chains: [reader] })
    expect(again).toBe(live)
  })
})

const target = { network: base }
const digest: Hex = pad('0x0d')
const hash: Hex = pad('0x0b', { dir: 'right' })

/** A state with every member that there can be. */
function fullState(own: EvmPayment): ChainState {
  const state = healthyState(own)
  const simulation = { known: true, value: { outcome: 'reverts', says: 'paused', data: '0x' } } as const
  const known = <T>(value: T): { readonly known: true; readonly value: T } => ({ known: true, value })
  return {
    ...state,
    blockTime: 0.25,
    instead: 'it has no state of then',
    token: { ...state.token, family: 'FiatTokenV2_2', implementation: known(relayer) },
    payer: {
      ...state.payer,
      code: known({ kind: 'eip7702', delegate: relayer, delegateCode: unknown }),
      balance: known(2n ** 256n - 1n),
      owners: known([
        { kind: 'address', address: payee, by: 'getOwners()' },
        { kind: 'passkey', by: 'ownerAtIndex(uint256)' },
      ]),
    },
    payee: { ...state.payee, code: known({ kind: 'contract', bytes: 7 }) },
    nonce: {
      ...state.nonce,
      settlement: known({
        how: 'used',
        transaction: hash,
        block: 9n,
        blockHash: hash,
        time: known(1n),
        sender: unknown,
        paid: known({ to: payee, value: 3n }),
        blocks: { receipt: known(hash), now: known(null) },
        called: known(null),
        emitters: known([payee]),
      }),
    },
    simulated: { ...state.simulated, fromAnother: simulation, limited: simulation },
    traced: known({ by: 'erc1271', digest, wallet: payer.address, answer: '0x', accepted: false }),
    wallet: [{ form: 'as-sent', signature: own.signature, digest, accepts: unknown }],
    deployment: { factory: relayer, signature: own.signature, deploys: known(true), accepts: unknown },
    facilitator: {
      address: relayer,
      native: known(0n),
      gasPrice: known(1n),
      nonce: known(2n),
      pendingNonce: known(3n),
      affords: known(null),
      blacklisted: known(false),
    },
    sent: known({ transaction: hash, succeeded: true, block: 9n, blockHash: hash, uses: true }),
    minedNow: known(null),
    separatorThen: { block: 1n, time: 2n, separator: hash },
    apart: ['a call says 1 and the storage 2'],
  }
}

describe('a snapshot', () => {
  it('keeps every fact as it was, with the signature filled in again for who has it', async () => {
    const own = await payment()
    const state = fullState(own)
    const question = {
      payment: own,
      token: domain.verifyingContract,
      chainId: 8453,
      digest,
      trace: true,
      block: 3n,
      at: 4n,
      facilitator: relayer,
    } as const
    const recorded = recordSources({ now, chains: [readerOf(state)] })
    const [reader] = recorded.chains ?? []
    await reader?.read(question)
    const text = JSON.stringify(captureSnapshot(own, recorded))
    const [kept] = readSnapshot(text).chains ?? []
    expect(await kept?.read(question)).toEqual(state)
    const { r, s } = parseSignature(own.signature)
    for (const part of [own.signature, r, s]) expect(text.toLowerCase()).not.toContain(part.slice(2).toLowerCase())
    // Once more from what was read of it.
    const second = recordSources(readSnapshot(text))
    await second.chains?.[0]?.read(question)
    expect(JSON.stringify(captureSnapshot(own, second))).toBe(text)
  })

  it('keeps moment, block and facilitator as they were given', async () => {
    const given = { now, at: now - 5n, block: 7n, facilitator: relayer } as const
    expect(readSnapshot(captureSnapshot(await payment(), recordSources(given)))).toEqual({ ...given, chains: [] })
  })

  it('of another payment tells nothing of this one', async () => {
    const own = await payment()
    const recorded = recordSources({ now, chains: [readerOf(healthyState(own))], replayer: pretended(own, () => true) })
    await diagnose(own, recorded)
    const other = await payment({ nonce: pad('0xac') })
    const { verdict, chain, skipped } = await diagnose(other, readSnapshot(captureSnapshot(own, recorded)))
    expect(verdict).toBe('inconclusive')
    expect(JSON.stringify([chain, skipped])).toContain('captured for another payment')
  })

  it('asked what it was not asked then says that it does not have it', async () => {
    const own = await payment()
    const recorded = recordSources({ now, chains: [readerOf(healthyState(own))], replayer: pretended(own, () => true) })
    await diagnose(own, recorded)
    const sources = readSnapshot(captureSnapshot(own, recorded))
    const { chain, skipped } = await diagnose(own, { ...sources, at: now - 100n })
    expect(JSON.stringify(chain)).toContain('the snapshot has no answer to what it was asked')
    expect(JSON.stringify(skipped)).toContain('the snapshot has no replay with these changes')
  })

  it('has no piece of a signature that was repaired, swapped, wrapped or written twice', async () => {
    const own = await payment()
    const { r, s } = parseSignature(own.signature)
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const negated = (order - BigInt(s)).toString(16).padStart(64, '0')
    const rest = `${s.slice(2)}${r.slice(2)}1b`
    const forms = [
      own.signature,
      `0x${r.slice(2)}${negated}1b`,
      `0x${rest}`,
      `0x1b${r.slice(2)}${s.slice(2)}`,
      `0x${'ab'.repeat(31)}${rest}`,
    ] as const
    for (const signature of forms) {
      const paid: EvmPayment = { ...own, signature }
      const { text, live, again } = await twice(paid, {
        now,
        chains: [readerOf(fullState(paid))],
        replayer: pretended(paid, (all) => all.length > 0),
      })
      expect(again).toBe(live)
      for (const secret of [s.slice(2), signature.slice(2)]) expect(text).not.toContain(secret)
    }
  })

  it('takes what is damaged for what it is, in one sentence', async () => {
    const own = await payment()
    const recorded = recordSources({ now, chains: [readerOf(fullState(own))], replayer: pretended(own, () => false) })
    await diagnose(own, recorded)
    const text = JSON.stringify(captureSnapshot(own, recorded))
    expect(readSnapshot(text).now).toBe(now)
    const changes: readonly (readonly [string | RegExp, string])[] = [
      ['eip3009/snapshot@1', 'eip3009/snapshot@2'],
      ['"family":"evm"', '"family":"solana"'],
      ['"kind":"read"', '"kind":"guess"'],
      ['"newest":true', '"newest":"true"'],
      ['"newest":true,', ''],
      ['"newest":true', '"newest":true,"surprise":1'],
      ['"newest":true', '"newest":true,"__proto__":{"polluted":true}'],
      [/"now":"\d+"/, '"now":-1'],
      [/"now":"\d+"/, '"now":"1e3"'],
      [/"now":"\d+"/, `"now":"${'9'.repeat(78)}"`],
      [/"chainId":8453/, '"chainId":1e999'],
      [/"address":"0x[0-9a-fA-F]{40}"/, '"address":"0x12"'],
      [/"value":"FiatTokenV2_2"|"family":"FiatTokenV2_2"/, '"family":"FiatTokenV9"'],
      ['{"unknown":"the RPC', '{"known":false,"unknown":"the RPC'],
      [/\{"value":1852\}/, '{}'],
      [/\{"value":1852\}/, '{"value":-1}'],
      [/\{"value":1852\}/, '{"value":null}'],
      ['"status":"reverted"', '"status":"pending"'],
      [/"payment":"[0-9a-f]{64}"/, '"payment":"0"'],
      [/"readers":\[/, '"readers":["x",'],
      [/\}$/, ''],
    ]
    for (const [from, to] of changes) {
      const broken = text.replace(from, to)
      expect(broken, String(from)).not.toBe(text)
      expect(() => readSnapshot(broken), `${from} → ${to}`).toThrow(/^Read [^\n]+; expected a snapshot as captureSnapshot makes it/)
    }
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })

  it.each([
    ['nothing', ''],
    ['words', 'hello'],
    ['a list', '[]'],
    ['no object', 'null'],
    ['an empty object', '{}'],
    ['brackets', '['.repeat(100_000)],
    [
      'a cycle',
      (() => {
        const own: { own?: object } = {}
        own.own = own
        return own
      })(),
    ],
  ])('that is %s is refused', (_, input) => {
    expect(() => readSnapshot(input)).toThrow(/^Read [^\n]+; expected a snapshot/)
  })

  it('keeps a trace with all its calls in their order, as deep as the EVM nests them', async () => {
    const own = await payment()
    let deep: CallFrame = { input: '0x', calls: [] }
    for (let level = 1; level < 1_024; level++) deep = { input: '0x', calls: [deep] }
    const trace: CallFrame = {
      input: '0x01',
      calls: [
        { input: '0x02', calls: [{ input: '0x03' }, { input: '0x04', calls: [] }] },
        { input: '0x05' },
        { input: '0x06', calls: [deep] },
      ],
    }
    const inner = await pretended(own, () => true).open(target)
    const replayer: Replayer = {
      open: async () => ({ ...inner, replay: async (...call) => ({ ...(await inner.replay(...call)), trace }) }),
    }
    const recorded = recordSources({ now, replayer })
    const live = await (await recorded.replayer?.open(target))?.replay(own, { at: now })
    const again = await (await readSnapshot(captureSnapshot(own, recorded)).replayer?.open(target))?.replay(own, { at: now })
    const below = (frame: CallFrame | undefined): readonly Hex[] => {
      const out: Hex[] = []
      const open = frame === undefined ? [] : [frame]
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        out.push(next.input)
        open.push(...(next.calls ?? []))
      }
      return out
    }
    expect(below(again?.trace)).toEqual(below(live?.trace))
    const { trace: _, ...rest } = again ?? {}
    const { trace: __, ...first } = live ?? {}
    expect(rest).toEqual(first)
    expect(again?.trace?.calls?.slice(0, 2)).toEqual(trace.calls?.slice(0, 2))
    expect(below(again?.trace)).toHaveLength(1_024 + 6)
  })
})

describe('on a chain', () => {
  let world: World
  let folder = ''
  beforeAll(async () => {
    world = await openWorld()
    folder = await mkdtemp(join(tmpdir(), 'eip3009-snapshot-'))
  })
  afterAll(async () => {
    await world[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })

  const body = ({ authorization, signature }: EvmPayment): string => {
    const members = Object.fromEntries(Object.entries(authorization).map(([name, value]) => [name, String(value)]))
    return JSON.stringify({ x402Version: 1, scheme: 'exact', network: 'base', payload: { signature, authorization: members } })
  }

  it('the command prints the same from its snapshot, as text and as JSON, and the file moves no money', async () => {
    const wrong = await payment({ domain: { ...domain, name: 'USDC' }, nonce: pad('0x51') })
    const paid = await payment({ nonce: pad('0x52') })
    await world.send(relayer, domain.verifyingContract, settle(paid))
    for (const [index, own] of [wrong, paid, await payment({ nonce: pad('0x53') })].entries()) {
      const file = join(folder, `${index}.json`)
      const asked = ['diagnose', body(own), '--rpc-url', world.url, '--facilitator-address', relayer]
      const live = await run([...asked, '--json', '--save-snapshot', file])
      expect(live.err).toBe('')
      expect(await run(['diagnose', body(own), '--json', '--snapshot', file])).toEqual(live)
      const shown = await run(['diagnose', body(own), '--snapshot', file])
      expect(shown).toMatchObject({ code: live.code, err: '' })
      const saved = await readFile(file, 'utf8')
      for (const part of secretParts(own.signature)) expect(saved).not.toContain(part)
      expect((await run([...asked, '--save-snapshot', file])).err).toMatch(/exists already/)
    }
  })

  it('a snapshot of the library and of the other family are told apart', async () => {
    const own = await payment({ nonce: pad('0x54') })
    const { live, again } = await twice(own, { now, chains: [chainReader(world.url)] })
    expect(again).toBe(live)
    const file = join(folder, 'solana.json')
    await writeFile(file, JSON.stringify(fixture('solana', 'valid').snapshot))
    const { code, err } = await run(['diagnose', body(own), '--snapshot', file])
    expect([code, err]).toMatchObject([2, expect.stringMatching(/^eip3009: Read a snapshot of the family "solana"[^\n]+\n$/)])
  })

  it.each([
    [['--snapshot', '{}', '--rpc-url', 'http://127.0.0.1:1'], /^eip3009: --snapshot stands in for an RPC/],
    [['--snapshot', '{}', '--save-snapshot', 'x'], /^eip3009: --save-snapshot keeps what an RPC says/],
    [['--snapshot', '{}', '--at', '1'], /^eip3009: A snapshot has its own moment/],
    [['--snapshot', '{}'], /^eip3009: Read something whose schema is undefined/],
  ])('refuses %j with one sentence', async (args, sentence) => {
    const { code, out, err } = await run(['diagnose', body(await payment()), ...args])
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(sentence)
    expect(err.trimEnd()).not.toContain('\n')
  })
})
