// What is made of one node's answers, each as agave's JSON-RPC has them. The node is a function here: nothing is opened.
import { describe, expect, it } from 'vitest'
import { addressOf, newest, now, type Recorded, recorded, rent, unreadable } from '../../../../../test/solana/recorded.ts'
import { bytesToBase64 } from '../../bytes/base64.ts'
import { chainClient, type RpcAnswer, type RpcCall } from '../../rpc/chain-client.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { keyBytes } from '../transaction/token-account.ts'
import { svmReader } from './read-state.ts'
import type { SvmAccount, SvmAnswer, SvmState } from './state.ts'
import { nonceAccountOf } from './wanted-accounts.ts'

type Node = Readonly<Record<string, (params: readonly unknown[]) => RpcAnswer>>

const result = (value: unknown): RpcAnswer => ({ kind: 'result', value })
const inContext = (value: unknown): RpcAnswer => result({ context: { slot: 1 }, value })
const refused: RpcAnswer = { kind: 'refused', code: -32_601, message: 'Method not found' }
const level = (param: unknown): unknown => (param as { commitment?: string }).commitment

/** A node of the payment's own cluster that has the accounts of its fixture. Finalized is 32 blocks below confirmed, and processed is no other. */
function nodeOf({ state, payment }: Pick<Recorded, 'state'> & { readonly payment: SvmPayment }): Node {
  return {
    getGenesisHash: () => result(state.genesisHash),
    getMultipleAccounts: ([addresses]) => inContext((addresses as string[]).map((address) => accountOf(state, address))),
    getEpochInfo: ([options]) => {
      const below = level(options) === 'finalized' ? 32 : 0
      return result({ absoluteSlot: Number(newest.slot) - below, blockHeight: Number(newest.height) - below })
    },
    getBlockTime: ([slot]) => result(Number(now) - Math.round((Number(newest.slot) - Number(slot)) * 0.4)),
    getFirstAvailableBlock: () => result(0),
    getMinimumBalanceForRentExemption: () => result(Number(rent)),
    isBlockhashValid: ([blockhash]) => inContext(blockhash === payment.transaction?.blockhash),
    simulateTransaction: () => inContext({ err: null, logs: ['ran'], unitsConsumed: 6_000 }),
    getSignaturesForAddress: () => result([]),
    getTransaction: () => result(null),
  }
}

function accountOf({ accounts }: SvmState, address: string): object | null {
  const fact = accounts.get(address)
  if (fact === undefined || !fact.known || fact.value === null) return null
  const { owner, lamports, data, executable } = fact.value
  return { owner, lamports: Number(lamports), data: [bytesToBase64(data), 'base64'], executable }
}

interface Asked {
  readonly answer: SvmAnswer
  readonly requests: readonly (readonly RpcCall[])[]
}

async function asked(of: Pick<Recorded, 'state'> & { readonly payment: SvmPayment }, changes: Node = {}, at?: bigint): Promise<Asked> {
  const node = { ...nodeOf(of), ...changes }
  const requests: (readonly RpcCall[])[] = []
  const client = chainClient('a.example', async (calls) => {
    requests.push(calls)
    return calls.map(({ method, params }) => node[method]?.(params) ?? refused)
  })
  const network = recorded('valid').payment.network
  const answer = await svmReader(client).read({ payment: of.payment, network, now, ...(at === undefined ? {} : { at }) })
  return { answer, requests }
}

async function read(
  changes: Node = {},
  of: Pick<Recorded, 'state'> & { readonly payment: SvmPayment } = recorded('valid'),
): Promise<SvmState> {
  const { answer } = await asked(of, changes)
  if (answer.kind !== 'read') throw new TypeError(answer.kind)
  return answer
}

const value = <T>(of: T): { readonly known: true; readonly value: T } => ({ known: true, value: of })
const unknown = { known: false, reason: expect.any(String) }

describe('a node that has everything', () => {
  it('is read whole', async () => {
    const { payment } = recorded('valid')
    const state = await read()
    const { accounts, ...rest } = state
    const simulated = { error: null, logs: ['ran'], units: 6_000n }
    expect(rest).toEqual({
      kind: 'read',
      source: 'a.example',
      network: 'solana',
      genesisHash: '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d',
      readAt: now,
      slot: value(newest.slot),
      height: value(newest.height),
      time: value(now),
      finalized: value({ slot: newest.slot - 32n, height: newest.height - 32n, time: value(now - 13n), blockhash: value('alive') }),
      blockhash: value('alive'),
      rent: value(rent),
      simulated: { asIs: value(simulated), fresh: value(simulated) },
      settlement: value(null),
      historySince: value(0n),
    })
    const own = recorded('valid').state.accounts
    for (const role of ['source', 'destination', 'mint', 'payer', 'feePayer', 'payTo'] as const)
      expect(accounts.get(addressOf(role, payment))).toEqual(own.get(addressOf(role, payment)))
  })

  it('is asked for what is confirmed, in three rounds, and never sees a signature', async () => {
    const { payment, state } = recorded('valid')
    const { requests } = await asked({ payment, state })
    expect(requests.length).toBeLessThanOrEqual(3)
    const calls = requests.flat()
    expect(calls.filter(({ method }) => method === 'isBlockhashValid').map(({ params }) => params)).toEqual(
      ['processed', 'confirmed', 'finalized'].map((commitment) => [payment.transaction.blockhash, { commitment }]),
    )
    const simulations = calls.filter(({ method }) => method === 'simulateTransaction').map(({ params }) => params as [string, object])
    expect(simulations.map(([, options]) => options)).toEqual(
      [false, true].map((replaceRecentBlockhash) => ({
        encoding: 'base64',
        sigVerify: false,
        replaceRecentBlockhash,
        commitment: 'confirmed',
      })),
    )
    const signature = (payment.bytes ?? new Uint8Array()).subarray(65, 129)
    for (const [sent] of simulations) {
      const bytes = new Uint8Array(Buffer.from(sent, 'base64'))
      expect(bytes.length).toBe(payment.bytes?.length)
      expect(bytes.subarray(1, 129).every((byte) => byte === 0)).toBe(true)
    }
    expect(JSON.stringify(calls)).not.toContain(bytesToBase64(signature.subarray(0, 30)))
    expect(calls.map(({ method }) => method)).not.toContain('sendTransaction')
    for (const { method, params } of calls)
      if (['getMultipleAccounts', 'getSignaturesForAddress'].includes(method)) expect(level(params[1])).toBe('confirmed')
  })

  it('is asked the same of every payment, and for each fact at its level', async () => {
    const { payment, state } = recorded('valid')
    const { requests } = await asked({ payment, state })
    const calls = requests.flat()
    const of = (method: string): readonly unknown[] => calls.filter((call) => call.method === method).map(({ params }) => params)
    expect(of('getGenesisHash')).toEqual([[]])
    expect(of('getEpochInfo')).toEqual([[{ commitment: 'confirmed' }], [{ commitment: 'finalized' }]])
    expect(of('getMinimumBalanceForRentExemption')).toEqual([[0]])
    expect(of('getFirstAvailableBlock')).toEqual([[]])
    expect(of('getBlockTime')).toEqual([[Number(newest.slot)], [Number(newest.slot) - 32]])
    // Nothing is asked twice: all accounts are in one call, where no table names more.
    expect(of('getMultipleAccounts')).toHaveLength(1)
    expect(of('getMultipleAccounts')).toEqual([[expect.any(Array), { encoding: 'base64', commitment: 'confirmed' }]])
  })

  it('is searched as far as was said, and around the time that was said', async () => {
    const { payment, state } = recorded('valid')
    const listed = [-300, 5].map((seconds) => ({ signature: String(seconds), memo: null, blockTime: Number(now) + seconds }))
    const node = { ...nodeOf({ payment, state }), getSignaturesForAddress: (_params: unknown) => result(listed) }
    const search = async (at?: bigint): Promise<readonly unknown[]> => {
      const looked: unknown[] = []
      const client = chainClient('a.example', async (calls) =>
        calls.map(({ method, params }) => {
          if (method === 'getTransaction') looked.push(params[0])
          return node[method as keyof typeof node]?.(params) ?? refused
        }),
      )
      await svmReader(client, { mostTransactions: 1 }).read({ payment, network: payment.network, now, ...(at === undefined ? {} : { at }) })
      return looked
    }
    expect(await search(now)).toEqual(['5'])
    expect(await search(now - 299n)).toEqual(['-300'])
    expect(await search()).toEqual(['-300'])
  })
})

describe('a node that does not tell', () => {
  it.each<readonly [method: string, facts: Readonly<Partial<Record<keyof SvmState, unknown>>>]>([
    ['getEpochInfo', { slot: unknown, height: unknown, time: unknown, finalized: unknown }],
    ['getBlockTime', { time: unknown, finalized: value(expect.objectContaining({ time: unknown })) }],
    ['getMinimumBalanceForRentExemption', { rent: unknown }],
    ['getFirstAvailableBlock', { historySince: unknown }],
    ['isBlockhashValid', { blockhash: unknown, finalized: value(expect.objectContaining({ blockhash: unknown })) }],
    ['simulateTransaction', { simulated: { asIs: unknown, fresh: unknown } }],
    ['getSignaturesForAddress', { settlement: unknown }],
  ])('%s: that is unknown, and the rest is known', async (method, facts) => {
    const whole = await read()
    for (const answer of [refused, result({ hello: 1 }), result(null), { kind: 'failed', reason: 'it took too long' } as const]) {
      // A node that has no block of a slot answers null, which is no list of signatures either.
      expect(await read({ [method]: () => answer })).toMatchObject({ ...whole, ...facts })
    }
  })

  it('getMultipleAccounts: no account is known, and none is missing', async () => {
    for (const answer of [refused, inContext([null]), inContext('x'), result([])]) {
      const { accounts } = await read({ getMultipleAccounts: () => answer })
      expect(accounts.size).toBeGreaterThan(5)
      expect([...accounts.values()].every(({ known }) => !known)).toBe(true)
    }
  })

  it.each<readonly [title: string, account: unknown, fact: unknown]>([
    ['no account', null, value(null)],
    [
      'an account without data',
      { owner: 'x', lamports: 1, data: ['', 'base64'] },
      value({ owner: 'x', lamports: 1n, data: new Uint8Array(), executable: false }),
    ],
    [
      'a program',
      { owner: 'x', lamports: 1, data: ['AQ==', 'base64'], executable: true },
      value({ owner: 'x', lamports: 1n, data: Uint8Array.of(1), executable: true }),
    ],
    ['one of another encoding', { owner: 'x', lamports: 1, data: 'AQ==' }, unknown],
    ['one that is no base64', { owner: 'x', lamports: 1, data: ['!', 'base64'] }, unknown],
    ['one without an owner', { lamports: 1, data: ['', 'base64'] }, unknown],
    ['one without lamports', { owner: 'x', data: ['', 'base64'] }, unknown],
    ['one with too many lamports', { owner: 'x', lamports: -1, data: ['', 'base64'] }, unknown],
    ['text', 'x', unknown],
  ])('%s among the accounts is told as it is', async (_, account, fact) => {
    const source = addressOf('source', recorded('valid').payment)
    const { accounts } = await read({
      getMultipleAccounts: ([addresses]) => inContext((addresses as string[]).map((address) => (address === source ? account : null))),
    })
    expect(accounts.get(source)).toEqual(fact)
  })

  it('which cluster it is of is not asked again', async () => {
    for (const answer of [refused, result(7), result('short')])
      expect((await asked(recorded('valid'), { getGenesisHash: () => answer })).answer).toMatchObject({
        kind: 'unreachable',
        source: 'a.example',
      })
  })
})

describe('a blockhash', () => {
  const levels = (answers: Readonly<Record<string, boolean | RpcAnswer>>): Node => ({
    isBlockhashValid: ([, options]) => {
      const answer = answers[String(level(options))]
      return typeof answer === 'object' ? answer : inContext(answer)
    },
  })
  // Dead is only what is dead in what is processed and in what is confirmed: what one of the two does not know the other may.
  it.each<readonly [processed: boolean | RpcAnswer, confirmed: boolean | RpcAnswer, finalized: boolean, life: unknown, finally_: unknown]>([
    [true, true, true, value('alive'), value('alive')],
    [true, false, false, value('alive'), value('dead')],
    [false, true, true, value('alive'), value('alive')],
    [false, false, false, value('dead'), value('dead')],
    [false, false, true, value('dead'), value('alive')],
    [refused, true, true, value('alive'), value('alive')],
    [true, refused, true, value('alive'), value('alive')],
    [refused, false, false, unknown, value('dead')],
    [false, refused, false, unknown, value('dead')],
    [inContext('yes'), false, false, unknown, value('dead')],
  ])('%j, %j, %j', async (processed, confirmed, finalized, life, finally_) => {
    const state = await read(levels({ processed, confirmed, finalized }))
    expect(state.blockhash).toEqual(life)
    expect(state.finalized).toMatchObject(value({ blockhash: finally_ }))
  })
})

describe('a durable nonce', () => {
  const { payment, state } = recorded('durable-nonce')
  const address = nonceAccountOf(payment) ?? ''
  const nonce = (kept: string): SvmAccount => {
    const data = new Uint8Array(80)
    data[4] = 1
    data.set(keyBytes(kept), 40)
    return { owner: '11111111111111111111111111111111', lamports: 1n, data, executable: false }
  }
  const keeping = (account: SvmAccount | null): Pick<Recorded, 'state'> & { readonly payment: SvmPayment } => ({
    payment,
    state: { ...state, accounts: new Map([...state.accounts, [address, value(account)]]) },
  })
  it.each<readonly [title: string, account: SvmAccount | null, life: 'alive' | 'dead']>([
    ['lives for as long as its account keeps it', nonce(payment.transaction.blockhash), 'alive'],
    ['is gone once it was advanced', nonce(address), 'dead'],
    ['is gone where its account is', null, 'dead'],
    ['is gone where its account is none', { ...nonce(payment.transaction.blockhash), data: new Uint8Array(79) }, 'dead'],
  ])('%s', async (_, account, life) => {
    // Whatever is said of it as of a blockhash, which it is not.
    for (const valid of [true, false]) {
      const found = await read({ isBlockhashValid: () => inContext(valid) }, keeping(account))
      expect(found.blockhash).toEqual(value(life))
      expect(found.finalized).toMatchObject(value({ blockhash: unknown }))
    }
  })

  it('of which nothing was told is unknown', async () => {
    const found = await read({ getMultipleAccounts: () => refused }, keeping(null))
    expect(found.blockhash).toEqual(unknown)
  })
})

describe('a simulation', () => {
  it.each<readonly [title: string, given: unknown, fact: unknown]>([
    ['that fails', { err: 'AccountNotFound', logs: null }, value({ error: 'AccountNotFound', logs: [], units: null })],
    ['that does not say how many units', { err: null, logs: [] }, value({ error: null, logs: [], units: null })],
    ['that does not say how it ended', { logs: [] }, unknown],
    ['that is none', 'x', unknown],
  ])('%s', async (_, given, fact) => {
    expect((await read({ simulateTransaction: () => inContext(given) })).simulated).toEqual({ asIs: fact, fresh: fact })
  })
})

it('of another cluster nothing counts but whether the blockhash lives there', async () => {
  const genesisHash = 'EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG'
  const { answer, requests } = await asked(recorded('valid'), { getGenesisHash: () => result(genesisHash) })
  expect(answer).toEqual({ kind: 'wrong-cluster', source: 'a.example', expected: 'solana', genesisHash, blockhash: value('alive') })
  expect(requests).toHaveLength(1)
})

it('how far back a node goes is the time of its first block, or all the way', async () => {
  const since = async (first: number): Promise<unknown> => (await read({ getFirstAvailableBlock: () => result(first) })).historySince
  expect(await since(0)).toEqual(value(0n))
  expect(await since(1)).toEqual(value(0n))
  expect(await since(Number(newest.slot) - 100)).toEqual(value(now - 40n))
})

it('of bytes that nobody can read only accounts are asked for', async () => {
  const { payment, state } = unreadable()
  const { answer, requests } = await asked({ payment, state })
  const methods = requests.flat().map(({ method }) => method)
  for (const method of ['isBlockhashValid', 'simulateTransaction', 'getSignaturesForAddress']) expect(methods).not.toContain(method)
  expect(answer).toMatchObject({ kind: 'read', blockhash: unknown, simulated: { asIs: unknown, fresh: unknown }, settlement: value(null) })
})

it('what a lookup table names is asked for once the table is there', async () => {
  const { payment, state } = recorded('svm-lookup-table-unresolved')
  const healthy = recorded('valid').payment
  const [mint, destination] = [addressOf('mint', healthy), addressOf('destination', healthy)]
  const data = new Uint8Array(56 + 64)
  data[0] = 1
  data.set(keyBytes(destination), 56)
  data.set(keyBytes(mint), 88)
  const table = { owner: 'AddressLookupTab1e1111111111111111111111111', lamports: 1n, data, executable: false }
  const [address = ''] = payment.transaction.lookupTables
  const { requirements: _, ...without } = payment
  const known = { ...state, accounts: new Map([...state.accounts, [address, value(table)]]) }
  const { answer, requests } = await asked({ payment: without, state: known })
  expect(requests.flat().filter(({ method }) => method === 'getMultipleAccounts')).toHaveLength(2)
  expect(answer.kind === 'read' && answer.accounts.get(destination)).toEqual(state.accounts.get(destination))
})
