// What a node's answers to a search show of a payment, each as getSignaturesForAddress and getTransaction of agave's JSON-RPC have them.
import { describe, expect, it } from 'vitest'
import { addressOf, recorded, stranger } from '../../../../../test/solana/recorded.ts'
import { bytesToBase64 } from '../../bytes/base64.ts'
import type { Known } from '../../evidence/known.ts'
import type { RpcAnswer, RpcCall } from '../../rpc/chain-client.ts'
import { messageOf } from '../transaction/message.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { findSettled, type SearchOptions } from './find-settled.ts'
import type { SvmSettlement } from './state.ts'

const at = 1_790_000_000n
const { payment } = recorded('valid')
const bytesOf = (name: string): Uint8Array => recorded(name).payment.bytes ?? new Uint8Array()
const own = bytesOf('valid')
const memo = 'a7c1f0d2e4b6988034125c7e9fb0d6a1'

const answered = (value: unknown): RpcAnswer => ({ kind: 'result', value })
const refused: RpcAnswer = { kind: 'refused', code: -32_005, message: 'Node is behind by 200 slots' }

interface Listed {
  readonly signature?: unknown
  readonly memo?: unknown
  readonly blockTime?: unknown
}
const listed = (...ids: readonly string[]): readonly Listed[] => ids.map((signature) => ({ signature, memo: null, blockTime: Number(at) }))
const transaction = (bytes: Uint8Array, change: object = {}, meta: object | null = {}): RpcAnswer =>
  answered({
    slot: 7,
    blockTime: Number(at) - 4,
    meta: meta === null ? null : { err: null, logMessages: ['a line'], ...meta },
    transaction: [bytesToBase64(bytes), 'base64'],
    ...change,
  })

interface Search {
  readonly found: Known<SvmSettlement | null>
  /** The ids that were asked for, in their order, a list for each request. */
  readonly asked: readonly (readonly string[])[]
  readonly address: unknown
}

async function search(
  list: readonly Listed[] | RpcAnswer,
  transactions: Readonly<Record<string, RpcAnswer>>,
  { of = payment, ...options }: SearchOptions & { readonly of?: SvmPayment } = {},
): Promise<Search> {
  const requests: (readonly RpcCall[])[] = []
  const ask = async (calls: readonly RpcCall[]): Promise<readonly RpcAnswer[]> => {
    requests.push(calls)
    return calls.map(({ method, params }) =>
      method === 'getSignaturesForAddress'
        ? 'kind' in list
          ? list
          : answered(list)
        : (transactions[String(params[0])] ?? transaction(bytesOf('memo-as-asked'))),
    )
  }
  const found = await findSettled(ask, of, options)
  const [first, ...rest] = requests
  return { found, asked: rest.map((calls) => calls.map(({ params }) => String(params[0]))), address: first?.[0]?.params[0] }
}

/** `none`: all was looked through; `unknown`: nobody can tell; else the id of what was found. */
async function outcome(...args: Parameters<typeof search>): Promise<string> {
  const { found } = await search(...args)
  return found.known ? (found.value?.transaction ?? 'none') : 'unknown'
}

const wrong = { slot: -1 }
const spoiled = Uint8Array.from(own, (byte, index) => (index === 1 + 64 + 5 ? byte ^ 1 : byte))

describe('a search', () => {
  it.each<readonly [title: string, args: Parameters<typeof search>, outcome: string]>([
    ['of nothing finds nothing', [[], {}], 'none'],
    ["finds what has the payer's signature", [listed('one'), { one: transaction(own) }], 'one'],
    ['goes through all that are listed', [listed('one', 'two', 'three'), { three: transaction(own) }], 'three'],
    ['passes by another transaction of the payer', [listed('one'), { one: transaction(bytesOf('memo-as-asked')) }], 'none'],
    [
      'finds the same message under a signature that was spoiled in this copy',
      [listed('one'), { one: transaction(own) }, { of: withBytes(spoiled) }],
      'one',
    ],
    ['is not over when the list was refused', [refused, {}], 'unknown'],
    ['is not over when the list is none', [answered({ hello: 1 }), {}], 'unknown'],
    ['is not over when one of the list has no name', [[{ signature: 'one' }, { memo: null }], { one: transaction(own) }], 'unknown'],
    ['is not over when one could not be read', [listed('one'), { one: refused }], 'unknown'],
    ['is not over when one is listed and not there', [listed('one'), { one: answered(null) }], 'unknown'],
    ['that could not read one finds it in another', [listed('one', 'two'), { one: refused, two: transaction(own) }], 'two'],
    ['that could not read the last one is not over', [listed('one', 'two'), { two: answered(null) }], 'unknown'],
    ['does not believe an answer without a slot', [listed('one'), { one: transaction(own, { slot: null }) }], 'unknown'],
    ['does not believe an answer with a slot that is none', [listed('one'), { one: transaction(own, wrong) }], 'unknown'],
    ['does not believe an answer without what became of it', [listed('one'), { one: transaction(own, {}, null) }], 'unknown'],
    ['does not believe an answer without bytes', [listed('one'), { one: transaction(own, { transaction: 'x' }) }], 'unknown'],
    [
      'does not believe an answer whose bytes are no base64',
      [listed('one'), { one: transaction(own, { transaction: ['!', 'base64'] }) }],
      'unknown',
    ],
    ['does not believe an answer whose bytes are no transaction', [listed('one'), { one: transaction(Uint8Array.of(9, 1)) }], 'unknown'],
  ])('%s', async (_, args, expected) => expect(await outcome(...args)).toBe(expected))

  const changed = (bytes: Uint8Array, ...places: readonly number[]): Uint8Array =>
    Uint8Array.from(bytes, (byte, index) => (places.includes(index) ? byte ^ 1 : byte))
  const last = own.length - 1
  /** In the payer's signature, and at the end of the message. */
  const [inSignature, inMessage] = [1 + 64 + 63, last]

  it.each<readonly [title: string, copy: Uint8Array, landed: Uint8Array, outcome: string]>([
    ['by the signature, where this copy was changed after signing', changed(own, inMessage), own, 'one'],
    ['by the message, where the signature of this copy was', changed(own, inSignature), own, 'one'],
    ['not where both are others, if only by a bit each', own, changed(own, inSignature, inMessage), 'none'],
    ['not where the message goes on', changed(own, inSignature), Uint8Array.of(...own, 0), 'none'],
    ['not where the message ends before', changed(own, inSignature), own.subarray(0, last), 'none'],
    [
      'by the message, where nothing of it was signed by the payer',
      Uint8Array.from(own, (byte, index) => (index > 64 && index < 129 ? 0 : byte)),
      own,
      'one',
    ],
  ])('tells it %s', async (_, copy, landed, expected) => {
    expect(await outcome(listed('one'), { one: transaction(landed) }, { of: withBytes(copy) })).toBe(expected)
  })

  it('asks for what is confirmed, as bytes, of every version', async () => {
    const calls: RpcCall[] = []
    await findSettled(
      async (some) => {
        calls.push(...some)
        return some.map(({ method }) => answered(method === 'getTransaction' ? null : listed('one')))
      },
      payment,
      {},
    )
    expect(calls).toEqual([
      { method: 'getSignaturesForAddress', params: [addressOf('source', payment), { limit: 1_000, commitment: 'confirmed' }] },
      { method: 'getTransaction', params: ['one', { encoding: 'base64', commitment: 'confirmed', maxSupportedTransactionVersion: 0 }] },
    ])
  })

  it('of bytes that nobody can read asks nothing', async () => {
    const { found, address } = await search([], {}, { of: { ...payment, transaction: null } })
    expect({ found, address }).toEqual({ found: { known: true, value: null }, address: undefined })
  })
})

function withBytes(bytes: Uint8Array): SvmPayment {
  return { ...payment, bytes }
}

describe('how far it goes', () => {
  const many = (count: number, time = Number(at)): readonly Listed[] =>
    Array.from({ length: count }, (_, index) => ({ signature: `id${index}`, memo: null, blockTime: time }))

  it('looks at a hundred, and says so where there are more', async () => {
    expect(await outcome(many(100), {})).toBe('none')
    expect(await outcome(many(101), {})).toBe('unknown')
    expect(await outcome(many(101), { id99: transaction(own) })).toBe('id99')
    expect(await outcome(many(101), { id100: transaction(own) })).toBe('unknown')
    expect(await outcome(many(101), { id100: transaction(own) }, { mostTransactions: 101 })).toBe('id100')
    expect(await outcome(many(2), { id0: transaction(own) }, { mostTransactions: 0 })).toBe('id0')
    expect(await outcome(many(1), {}, { mostTransactions: 0 })).toBe('none')
  })

  it('asks for 25 in one go, and for no more once it is found', async () => {
    const { asked } = await search(many(60), { id30: transaction(own) })
    expect(asked.map((ids) => ids.length)).toEqual([25, 25])
    expect((await search(many(51), {})).asked.map((ids) => ids.length)).toEqual([25, 25, 1])
  })

  it('knows that a full page is not the end, unless it goes back to before the payment', async () => {
    const page = (count: number, seconds: bigint): readonly Listed[] =>
      many(count).map((each, index) => ({
        ...each,
        memo: 'another memo',
        blockTime: Number(at) - (index === count - 1 ? Number(seconds) : 0),
      }))
    expect(await outcome(page(999, 0n), {}, { at })).toBe('none')
    expect(await outcome(page(1_000, 0n), {}, { at })).toBe('unknown')
    expect(await outcome(page(1_000, 180n), {}, { at })).toBe('unknown')
    expect(await outcome(page(1_000, 181n), {}, { at })).toBe('none')
    expect(await outcome(page(1_000, 86_400n), {})).toBe('unknown')
    const untimed = page(1_000, 181n).map((each, index) => (index === 999 ? { ...each, blockTime: null } : each))
    expect(await outcome(untimed, {}, { at })).toBe('unknown')
  })
})

describe('what is looked at first', () => {
  it('is what has the memo of this payment; what has another one is not looked at', async () => {
    const list = [
      { signature: 'untold', memo: null },
      { signature: 'other', memo: '[32] 00000000000000000000000000000000' },
      { signature: 'own', memo: `[32] ${memo}` },
      { signature: 'odd', memo: 7 },
    ]
    expect((await search(list, {})).asked).toEqual([['own', 'untold', 'odd']])
    expect(await outcome(list, { other: transaction(own) })).toBe('none')
  })

  it('is everything where the payment has no memo that could be told apart', async () => {
    const list = [{ signature: 'untold' }, { signature: 'other', memo: 'something else' }]
    for (const text of [undefined, 'seven77', 'é2345678', '2345678é']) {
      const source = recorded('memo-absent').payment
      const bytes = new TextEncoder().encode(text)
      const note = { program: null, accounts: [], data: bytes, meaning: { kind: 'memo', bytes } } as const
      const instructions = text === undefined ? source.transaction.instructions : [...source.transaction.instructions, note]
      const of = { ...source, transaction: { ...source.transaction, instructions } }
      expect((await search(list, {}, { of })).asked).toEqual([['untold', 'other']])
    }
  })

  it('is what is nearest to the time that was said', async () => {
    const times = [100, -5, 20, -300, 0].map((seconds) => ({ signature: String(seconds), blockTime: Number(at) + seconds }))
    expect((await search(times, {}, { at })).asked).toEqual([['0', '-5', '20', '100', '-300']])
    expect((await search(times, {})).asked).toEqual([['100', '-5', '20', '-300', '0']])
    // What has no time may be of any.
    expect((await search([...times, { signature: 'untimed' }], {}, { at })).asked[0]?.slice(0, 2)).toEqual(['0', 'untimed'])
  })

  it('is its own id where the fee payer has signed already, which is no gap where the node does not have it', async () => {
    const of = recorded('fee-payer-signed-before').payment
    const { asked, found } = await search([], {}, { of })
    const [[id = ''] = []] = asked
    expect(id).toMatch(/^[1-9A-HJ-NP-Za-km-z]{80,90}$/)
    expect(found).toEqual({ known: true, value: null })
    expect(await outcome([], { [id]: answered(null) }, { of })).toBe('none')
    expect(await outcome([], { [id]: refused }, { of })).toBe('unknown')
    expect(await outcome([], { [id]: transaction(of.bytes ?? new Uint8Array()) }, { of })).toBe(id)
  })

  it("is looked for at the payer's token account; without one transfer at the payer; alone at the fee payer", async () => {
    expect((await search([], {})).address).toBe(addressOf('source', payment))
    const two = recorded('two-transfers').payment
    expect((await search([], {}, { of: two })).address).toBe(two.transaction.signers[1]?.key)
    const [feePayer] = two.transaction.signers
    const alone = { ...two, transaction: { ...two.transaction, signers: feePayer === undefined ? [] : [feePayer] } }
    expect((await search([], {}, { of: alone })).address).toBe(two.transaction.feePayer)
    const looked = payment.transaction.instructions.map((each) =>
      each.meaning.kind === 'transfer-checked' ? { ...each, meaning: { ...each.meaning, source: null } } : each,
    )
    const of = { ...payment, transaction: { ...payment.transaction, instructions: looked } }
    expect((await search([], {}, { of })).address).toBe(addressOf('payer', payment))
  })
})

describe('what was found', () => {
  const settled = async (answer: RpcAnswer, of = payment): Promise<SvmSettlement | null | undefined> => {
    const { found } = await search(listed('one'), { one: answer }, { of })
    return found.known ? found.value : undefined
  }

  it('has slot, time, error and log as the node gave them', async () => {
    expect(await settled(transaction(own))).toEqual({
      transaction: 'one',
      slot: 7n,
      time: { known: true, value: at - 4n },
      error: null,
      logs: ['a line'],
      receiver: null,
    })
    expect(await settled(transaction(own, { blockTime: null }))).toMatchObject({ time: { known: false } })
    expect(await settled(transaction(own, {}, { err: { InstructionError: [2, { Custom: 1 }] } }))).toMatchObject({
      error: { InstructionError: [2, { Custom: 1 }] },
    })
  })

  it('says who owned the account that was paid, where the node tells', async () => {
    const place = messageOf(own)?.keys.indexOf(addressOf('destination', payment))
    const balances = (postTokenBalances: unknown): RpcAnswer => transaction(own, {}, { postTokenBalances })
    expect(place).toBeGreaterThan(0)
    expect(await settled(balances([{ accountIndex: place, owner: stranger }]))).toMatchObject({ receiver: stranger })
    expect(
      await settled(
        balances([
          { accountIndex: 0, owner: payment.transaction.feePayer },
          { accountIndex: place, owner: stranger },
        ]),
      ),
    ).toMatchObject({ receiver: stranger })
    for (const none of [
      [],
      [{ accountIndex: 0, owner: stranger }],
      [{ accountIndex: place }],
      [{ accountIndex: place, owner: 7 }],
      'x',
      null,
    ])
      expect(await settled(balances(none))).toMatchObject({ receiver: null })
    const two = recorded('two-transfers').payment
    expect(
      await settled(transaction(two.bytes ?? own, {}, { postTokenBalances: [{ accountIndex: place, owner: stranger }] }), two),
    ).toMatchObject({ receiver: null })
  })
})
