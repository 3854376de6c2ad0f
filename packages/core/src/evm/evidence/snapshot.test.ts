import { describe, expect, it } from 'vitest'
import {
  chain,
  delegate,
  now,
  opens,
  pay,
  payee,
  payer,
  relayer,
  reverts,
  sender,
  settled,
  signatureOf,
  stranger,
  unread,
  usdc,
} from '../../../../../test/evidence/evm.ts'
import { Eip3009Error, type ErrorCode } from '../../errors/eip3009-error.ts'
import { known } from '../../evidence/known.ts'
import { diagnose } from '../diagnosis/diagnose.ts'
import type { ChainAnswer, ChainQuestion, ChainReader, ChainState } from './chain.ts'
import { chainAnswer } from './chain-codec.ts'
import type { CallFrame, Intervention, ReplayChain, Replayer, ReplayOutcome } from './replay.ts'
import { intervention, outcome } from './replay-codec.ts'
import { captureSnapshot, type EvidenceSources, readSnapshot, recordSources } from './snapshot.ts'

const paid = pay()
const word = (byte: string): `0x${string}` => `0x${byte.repeat(32)}`
const bare = chain(paid)

/** Everything that a state can have, each kind once. */
const full: ChainState = {
  ...bare,
  instead: 'pruned',
  token: {
    ...bare.token,
    family: 'FiatTokenV2_2',
    implementation: known(stranger),
    name: known(null),
    decimals: known(null),
    paused: known(null),
  },
  payer: {
    ...bare.payer,
    code: known({ kind: 'eip7702', delegate, delegateCode: unread }),
    sameCode: unread,
    owners: known([
      { kind: 'address', by: 'owner()', address: stranger },
      { kind: 'passkey', by: 'ownerAtIndex(1)' },
    ]),
  },
  payee: { ...bare.payee, code: known({ kind: 'contract', bytes: 9 }) },
  nonce: {
    used: known(null),
    usedNow: unread,
    settlement: known(
      settled(paid, {
        how: 'canceled',
        paid: known(null),
        called: known(null),
        emitters: unread,
        blocks: { receipt: unread, now: known(null) },
      }),
    ),
  },
  simulated: {
    atBlock: known(reverts('Pausable: paused')),
    pending: unread,
    fromAnother: known({ outcome: 'succeeds' }),
    limited: known({ outcome: 'reverts', says: 'out of gas' }),
  },
  traced: known({ by: 'erc1271', digest: word('01'), wallet: payer, answer: '0x', accepted: false }),
  wallet: [{ form: 'unwrapped', signature: '0x12', digest: word('02'), accepts: known(true) }],
  deployment: { factory: stranger, signature: '0x34', deploys: known(true), accepts: unread },
  facilitator: sender({ affords: known(true) }),
  sent: known({ transaction: word('03'), succeeded: true, block: 7n, blockHash: word('04'), uses: false }),
  minedNow: known(null),
  separatorThen: { block: 1n, time: 2n, separator: word('05') },
  apart: ['paused() is true'],
}
const answers: readonly ChainAnswer[] = [
  bare,
  full,
  { ...full, traced: known({ by: 'ecrecover', digest: word('01'), recovered: null }), sent: known(null), minedNow: known(word('06')) },
  { kind: 'wrong-chain', source: 'wrong.example.com', expected: 8453, chainId: 1 },
  { kind: 'unreachable', source: 'dead.example.com', reason: 'it timed out' },
]
const interventions: readonly Intervention[] = [
  { kind: 'time', at: 1n },
  { kind: 'signature', signature: '0x12' },
  { kind: 'authorization', fields: { value: 1n, to: stranger } },
  { kind: 'authorization', fields: { from: stranger, validAfter: 1n, validBefore: 2n, nonce: word('07') } },
  { kind: 'function', function: 'receiveWithAuthorization', overload: 'bytes' },
  { kind: 'function', function: 'transferWithAuthorization' },
  { kind: 'sender', sender: stranger },
  { kind: 'payer-code', code: '0x', delegateCode: '0x12' },
  { kind: 'payer-code', code: '0x' },
  { kind: 'balance', value: 1n },
  { kind: 'blacklist', address: stranger },
  { kind: 'blacklist-lifted', address: stranger },
  { kind: 'paused' },
  { kind: 'unpaused' },
  { kind: 'nonce-used' },
  { kind: 'nonce-free' },
  { kind: 'relayer-funds', wei: 1n, gasPrice: 2n },
  { kind: 'gas', limit: 1n },
  { kind: 'latest' },
  { kind: 'token-separator', separator: word('08') },
]
const leaf = (input: `0x${string}`): CallFrame => ({
  type: 'CALL',
  from: payer,
  to: usdc,
  gasUsed: '0x1',
  value: '0x0',
  input,
  output: '0x02',
  error: 'out of gas',
})
const trace: CallFrame = { input: '0x01', calls: [{ input: '0x02', calls: [leaf('0x03'), { input: '0x04', calls: [] }] }, leaf('0x05')] }
const called = {
  at: now,
  interventions,
  call: { function: 'transferWithAuthorization', overload: 'vrs', selector: '0xe3ee160e', sender: relayer },
  gasUsed: 78_176n,
  balances: [{ address: payer, before: 2n, after: 1n }],
} as const
const outcomes: readonly ReplayOutcome[] = [
  {
    ...called,
    signatureCheck: null,
    trace,
    status: 'settled',
    events: [
      { name: 'Transfer', from: payer, to: payee, value: 1n },
      { name: 'AuthorizationUsed', authorizer: payer, nonce: word('09') },
    ],
  },
  { ...called, signatureCheck: { by: 'ecrecover', digest: word('01'), recovered: payer }, status: 'reverted', reason: 'no', data: '0x' },
  { ...called, signatureCheck: null, status: 'reverted', reason: null, data: '0x12', refused: true },
]

const through = (json: unknown): unknown => JSON.parse(JSON.stringify(json))

describe('JSON both ways', () => {
  it.each(answers.map((each, index) => [index, each] as const))('what an RPC answered, %d', (_index, each) => {
    expect(chainAnswer.decode(through(chainAnswer.encode(each)), '')).toEqual(each)
  })
  it.each(interventions.map((each) => [each.kind, each] as const))('%s', (_kind, each) => {
    expect(intervention.decode(through(intervention.encode(each)), '')).toEqual(each)
  })
  it.each(outcomes.map((each, index) => [index, each] as const))('what a replay showed, %d', (_index, each) => {
    expect(outcome.decode(through(outcome.encode(each)), '')).toEqual(each)
  })

  it('a trace as deep as the EVM nests', () => {
    let deep: CallFrame = { input: '0x00' }
    for (let level = 0; level < 1_024; level++) deep = { input: '0x01', calls: [deep] }
    const [first] = outcomes
    if (first === undefined) throw new TypeError('no outcome')
    const whole = { ...first, trace: deep }
    expect(JSON.stringify(outcome.encode(outcome.decode(through(outcome.encode(whole)), '')))).toBe(JSON.stringify(outcome.encode(whole)))
  })

  it('calls that belong to none, or are missing, are damage', () => {
    const [first] = outcomes
    if (first === undefined) throw new TypeError('no outcome')
    const json = through(outcome.encode(first)) as { trace: object[] }
    for (const broken of [[], [...json.trace, { input: '0x' }], [{ input: '0x', calls: 9 }]])
      expect(() => outcome.decode({ ...json, trace: broken }, '')).toThrow(Eip3009Error)
  })
})

const reader = (answer: ChainAnswer | (() => Promise<ChainAnswer>), more: Partial<ChainReader> = {}): ChainReader => ({
  source: 'rpc.example.com',
  read: typeof answer === 'function' ? answer : async () => answer,
  ...more,
})
const model = (replay: ReplayChain['replay']): ReplayChain => ({
  description: 'a model',
  code: { kind: 'stand-in', family: 'FiatTokenV2_2', of: null },
  chainId: 8453,
  token: usdc,
  separator: word('0a'),
  controls: ['it behaves'],
  replay,
  close: async () => undefined,
})
const replayer = (replay: ReplayChain['replay'], state?: 'own'): Replayer => ({
  ...(state === undefined ? {} : { state }),
  open: async () => ({ ...model(replay), ...(state === undefined ? {} : { state }) }),
})
const fine: ReplayChain['replay'] = async (_payment, options) => ({
  ...called,
  at: options.at,
  interventions: options.interventions ?? [],
  signatureCheck: null,
  status: 'settled',
  events: [],
})

/** A diagnosis, and the same from what was kept of it. */
async function twice(
  sources: Partial<EvidenceSources>,
  given = paid,
): Promise<{ readonly live: string; readonly again: string; readonly document: object }> {
  const recorded = recordSources({ now, ...sources })
  const search = { depth: 'none' } as const
  const live = JSON.stringify(await diagnose(given, { ...recorded, search }))
  const document = captureSnapshot(given, recorded)
  return { live, again: JSON.stringify(await diagnose(given, { ...readSnapshot(JSON.stringify(document)), search })), document }
}

describe('a diagnosis made again', () => {
  const rows: readonly (readonly [string, Partial<EvidenceSources>])[] = [
    ['without anybody to ask', {}],
    ['of one RPC', { chains: [reader(bare)] }],
    ['of two that differ', { chains: [reader(bare), reader(chain(paid, { source: 'other.example.com', balance: 0n }))] }],
    ['of everything that a state has', { chains: [reader(full)] }],
    [
      'of one that is dead, and one that throws',
      { chains: [reader({ kind: 'unreachable', source: 'a', reason: 'b' }), reader(() => Promise.reject(new TypeError('a bug')))] },
    ],
    ['of a given second, a block and a relayer', { chains: [reader(bare)], at: now - 9n, block: 7n, facilitator: relayer }],
    ['with a replay', { replayer: replayer(fine) }],
    ['with a replay on a chain of its own', { chains: [reader(bare)], replayer: replayer(fine, 'own') }],
    ['with a replay that can not be opened', { replayer: { open: () => Promise.reject(new Eip3009Error('missing-package', 'no anvil')) } }],
    [
      'with a replay that ends in the middle',
      { replayer: replayer(() => Promise.reject(new Eip3009Error('chain-unavailable', 'it ended'))) },
    ],
  ]
  it.each(rows)('%s', async (_name, sources) => {
    const { live, again } = await twice(sources)
    expect(again).toBe(live)
  })

  it('of a payment that names no network, on the chain that its RPC told', async () => {
    const { network: _, networkName: __, chainId: ___, token: ____, ...unplaced } = pay({ by: 'stranger' })
    const telling = reader(bare, { chainId: async () => known(8453) })
    const { live, again } = await twice({ chains: [telling] }, unplaced)
    expect(again).toBe(live)
    expect(JSON.parse(live).payment.network).toBe('base')
  })

  it('has neither the payment nor its signature in it', async () => {
    const { document } = await twice({
      chains: [
        reader({
          ...bare,
          wallet: [{ form: 'as-sent', signature: paid.signature, digest: signatureOf(paid).digest ?? '0x', accepts: known(true) }],
        }),
      ],
    })
    const text = JSON.stringify(document)
    expect(text).not.toContain(paid.signature.slice(2))
    expect(text).not.toContain(paid.signature.slice(2, 66))
    expect(readSnapshot(document).now).toBe(now)
  })
})

describe('what a snapshot does not have', () => {
  const question: ChainQuestion = { payment: paid, token: usdc, chainId: 8453 }
  const captured = async (sources: Partial<EvidenceSources>): Promise<EvidenceSources> => {
    const recorded = recordSources({ now, ...sources })
    await recorded.chains?.[0]?.read(question)
    const world = await recorded.replayer?.open({ chainId: 8453, token: { address: usdc, name: '', version: '' } })
    await world?.replay(paid, { at: now, interventions: [{ kind: 'paused' }] })
    await world?.replay(paid, { at: now })
    return readSnapshot(captureSnapshot(paid, recorded))
  }
  const asked = async (more: Partial<ChainQuestion>): Promise<string> => {
    const { chains = [] } = await captured({ chains: [reader(bare)] })
    const answer = await chains[0]?.read({ ...question, ...more })
    return answer?.kind === 'unreachable' ? answer.reason : (answer?.kind ?? '')
  }

  it('an answer to another question, or about another payment', async () => {
    expect(await asked({})).toBe('read')
    for (const other of [
      { token: stranger },
      { chainId: 1 },
      { block: 7n },
      { at: 7n },
      { trace: true },
      { digest: word('01') },
      { facilitator: relayer },
      { family: 'FiatTokenV2' },
    ] as const)
      expect(await asked(other)).toBe('the snapshot has no answer to what it was asked')
    expect(await asked({ payment: pay({ says: { value: 9n } }) })).toBe('the snapshot was captured for another payment')
    for (const says of [{ to: stranger }, { validAfter: opens + 1n }, { validBefore: now }, { nonce: word('01') }])
      expect(await asked({ payment: pay({ says }) })).toContain('another payment')
    expect(await asked({ payment: { ...paid, signature: '0x12' } })).toContain('another payment')
    expect(await asked({ payment: { ...paid, primaryType: 'ReceiveWithAuthorization' } })).toContain('another payment')
    // Which case an address is written in says nothing.
    expect(await asked({ payment: { ...paid, authorization: { ...paid.authorization, to: payee.toLowerCase() as `0x${string}` } } })).toBe(
      'read',
    )
  })

  it('the first answer is kept, and a reader without a chain id has none', async () => {
    const said: ChainAnswer[] = [bare, { ...bare, newest: false }]
    const recorded = recordSources({ now, chains: [reader(async () => said.shift() ?? bare)] })
    for (const _ of [1, 2]) await recorded.chains?.[0]?.read(question)
    const { chains = [] } = readSnapshot(captureSnapshot(paid, recorded))
    expect(await chains[0]?.read(question)).toEqual(bare)
    expect(chains[0]).not.toHaveProperty('chainId')
  })

  it('a replay on another chain, of another payment, or with other changes', async () => {
    const sources = await captured({ replayer: replayer(fine) })
    const open = (chainId: number, address: `0x${string}`) =>
      sources.replayer?.open({ chainId, token: { address, name: 'x', version: 'y' } })
    const world = await open(8453, usdc)
    expect(await world?.replay(paid, { at: now, interventions: [{ kind: 'paused' }] })).toMatchObject({
      status: 'settled',
      interventions: [{ kind: 'paused' }],
    })
    expect(await world?.replay(paid, { at: now })).toMatchObject({ status: 'settled', interventions: [] })
    await expect(world?.replay(paid, { at: now + 1n })).rejects.toThrow('no replay with these changes')
    await expect(world?.replay(paid, { at: now, interventions: [{ kind: 'unpaused' }] })).rejects.toThrow('no replay with these changes')
    await expect(world?.replay(pay({ says: { value: 9n } }), { at: now })).rejects.toThrow('another payment')
    await expect(open(1, usdc)).rejects.toThrow('no replay on that chain')
    await expect(open(8453, stranger)).rejects.toThrow('no replay on that chain')
    await world?.close()
  })

  it('a failure is kept with its code, and a bug is none', async () => {
    const codes: readonly ErrorCode[] = ['unsupported-input', 'chain-unavailable']
    for (const code of codes) {
      const recorded = recordSources({ now, replayer: replayer(() => Promise.reject(new Eip3009Error(code, 'no'))) })
      const world = await recorded.replayer?.open({ chainId: 8453, token: { address: usdc, name: '', version: '' } })
      await expect(world?.replay(paid, { at: now })).rejects.toThrow('no')
      const again = await readSnapshot(captureSnapshot(paid, recorded)).replayer?.open({
        chainId: 8453,
        token: { address: usdc, name: '', version: '' },
      })
      await expect(again?.replay(paid, { at: now })).rejects.toMatchObject({ code })
    }
    const buggy = recordSources({ now, replayer: { open: () => Promise.reject(new TypeError('a bug')) } })
    await expect(buggy.replayer?.open({ chainId: 1, token: { address: usdc, name: '', version: '' } })).rejects.toThrow('a bug')
    expect(JSON.stringify(captureSnapshot(paid, buggy))).toContain('"chains":[]')
  })

  it('no sources at all', () => {
    const { chains, replayer: none, at, block, facilitator } = readSnapshot(captureSnapshot(paid, recordSources({ now })))
    expect([chains, none, at, block, facilitator]).toEqual([[], undefined, undefined, undefined, undefined])
    expect(recordSources({ now })).not.toHaveProperty('chains')
    expect(typeof recordSources({}).now).toBe('bigint')
  })
})

/** Every value of a document, changed into one that can not stand there. */
describe('damage is told when it is read, wherever it is', () => {
  const made = (async () => {
    const recorded = recordSources({
      now,
      at: now,
      block: 7n,
      facilitator: relayer,
      chains: [reader(full, { chainId: async () => known(8453) })],
      replayer: replayer(fine, 'own'),
    })
    await recorded.chains?.[0]?.chainId?.()
    await recorded.chains?.[0]?.read({
      payment: paid,
      token: usdc,
      chainId: 8453,
      blockTime: 2,
      digest: word('01'),
      trace: true,
      block: 1n,
      at: 2n,
      facilitator: relayer,
      family: 'FiatTokenV2_2',
    })
    const world = await recorded.replayer?.open({ chainId: 8453, token: { address: usdc, name: '', version: '' } })
    await world?.replay(paid, { at: now, interventions })
    return captureSnapshot(paid, recorded) as unknown as Json
  })()
  type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

  function* places(json: Json, path: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
    if (path.length > 0) yield path
    if (Array.isArray(json)) for (const [index, each] of json.entries()) yield* places(each, [...path, index])
    else if (typeof json === 'object' && json !== null)
      for (const [name, each] of Object.entries(json)) yield* places(each, [...path, name])
  }
  function put(json: Json, path: readonly (string | number)[], value: Json): Json {
    const [first, ...rest] = path
    if (first === undefined) return value
    if (Array.isArray(json)) return json.map((each, index) => (index === first ? put(each, rest, value) : each))
    if (typeof json !== 'object' || json === null) return json
    return Object.fromEntries(Object.entries(json).map(([name, each]) => [name, name === first ? put(each, rest, value) : each]))
  }

  it('a value of another kind', async () => {
    const document = await made
    const all = [...places(document)]
    expect(all.length).toBeGreaterThan(200)
    for (const path of all) expect(() => readSnapshot(put(document, path, { damaged: -1 }) as object), path.join('.')).toThrow(Eip3009Error)
  })

  it('a member that is missing, unless it may be', async () => {
    const document = await made
    const mayBe = new Set([
      'chainId',
      'instead',
      'blockTime',
      'family',
      'traced',
      'sent',
      'minedNow',
      'separatorThen',
      'apart',
      'fromAnother',
      'limited',
      'data',
      'state',
      'trace',
      'digest',
      'block',
      'at',
      'facilitator',
      'overload',
      'delegateCode',
    ])
    const without = (json: Json, path: readonly (string | number)[]): Json => {
      const [first, ...rest] = path
      if (typeof json !== 'object' || json === null || first === undefined) return json
      if (Array.isArray(json)) return json.map((each, index) => (index === first ? without(each, rest) : each))
      return Object.fromEntries(
        Object.entries(json).flatMap(([name, each]) =>
          name !== first ? [[name, each]] : rest.length === 0 ? [] : [[name, without(each, rest)]],
        ),
      )
    }
    for (const path of places(document)) {
      const last = path.at(-1)
      if (typeof last === 'number' || mayBe.has(String(last)) || path.includes('fields')) continue
      expect(() => readSnapshot(without(document, path) as object), path.join('.')).toThrow(Eip3009Error)
    }
  })
})
