import { describe, expect, it } from 'vitest'
import { known, unknown } from '../../evidence/known.ts'
import { getNetwork } from '../../networks/find-network.ts'
import type { Settlement } from '../evidence/chain.ts'
import type { StatusAnswer, StatusReading } from '../evidence/status.ts'
import { evmStatus, type StatusCase } from './status.ts'

const now = 1_790_000_000n
const network = getNetwork('base')
const from = '0x1111111111111111111111111111111111111111'
const to = '0x2222222222222222222222222222222222222222'
const sender = '0x3333333333333333333333333333333333333333'
const nonce = `0x${'ab'.repeat(32)}` as const
const tx = `0x${'cd'.repeat(32)}` as const
const hash = `0x${'ef'.repeat(32)}` as const
const { address: token } = network.usdc

const asked: StatusCase = {
  network,
  chainId: 8453,
  authorization: { token, from, nonce, to, value: 10_000n, validAfter: now - 600n, validBefore: now + 600n },
  now,
}

const settlement: Settlement = {
  how: 'used',
  transaction: tx,
  block: 990n,
  blockHash: hash,
  time: known(now - 20n),
  sender: known(sender),
  paid: known({ to, value: 10_000n }),
  blocks: { receipt: known(hash), now: known(hash) },
  called: known(token),
  emitters: known([token]),
}

type Nonce = NonNullable<StatusReading['nonce']>

function reading(given: Partial<Nonce> = {}, more: Partial<StatusReading> = {}): StatusReading {
  return {
    kind: 'read',
    source: 'https://a.example',
    head: { number: 1000n, time: now },
    safe: known({ number: 900n, time: now - 200n }),
    finalized: known({ number: 500n, time: now - 1000n }),
    nonce: { used: known(false), pending: known(false), safe: known(false), finalized: known(false), settlement: known(null), ...given },
    ...more,
  }
}

const used = (given: Partial<Settlement> = {}, more: Partial<StatusReading> = {}): StatusReading =>
  reading({ used: known(true), settlement: known({ ...settlement, ...given }) }, more)
const other = (one: StatusReading, more: Partial<StatusReading> = {}): StatusReading => ({ ...one, source: 'https://b.example', ...more })

/** What was read, and what a person who knows would say of it. */
const rows: readonly (readonly [string, readonly StatusAnswer[], object])[] = [
  ['nobody was asked', [], { state: 'unknown', finality: 'none', money: 'unknown', lookAgain: null }],
  ['unused, open', [reading()], { state: 'unused', finality: 'latest', money: 'can-move', check: null }],
  ['used at the newest block only', [used()], { state: 'paid', finality: 'latest', money: 'moved', lookAgain: 200 }],
  ['used at the safe block', [used({ block: 900n })], { state: 'paid', finality: 'safe', lookAgain: 1000 }],
  [
    'used at the finalized block',
    [used({ block: 500n })],
    { state: 'paid', finality: 'finalized', lookAgain: null, retry: { action: 'never' } },
  ],
  [
    'used, and the chain names no final block',
    [used({}, { safe: unknown('no such tag'), finalized: known(null) })],
    { state: 'paid', finality: 'latest', lookAgain: null },
  ],
  [
    'used, on a chain of which the first block alone is final',
    [used({}, { safe: known({ number: 0n, time: 0n }), finalized: known({ number: 0n, time: 0n }) })],
    { state: 'paid', finality: 'latest', lookAgain: null },
  ],
  [
    'used, and no log is there',
    [reading({ used: known(true), settlement: unknown('too many blocks') })],
    { state: 'used', money: 'unknown' },
  ],
  [
    'used at the finalized block, and no log is there',
    [reading({ used: known(true), safe: known(true), finalized: known(true), settlement: unknown('too many blocks') })],
    { state: 'used', finality: 'finalized', retry: { action: 'unknown' } },
  ],
  ['used, and whom it paid is not told', [used({ paid: unknown('limit') })], { state: 'used', money: 'unknown', transaction: { id: tx } }],
  ['used for another payee', [used({ paid: known({ to: sender, value: 10_000n }) })], { state: 'spent-on-another', money: 'not-moved' }],
  ['used for another value', [used({ paid: known({ to, value: 10_001n }) })], { state: 'spent-on-another', money: 'not-moved' }],
  ['canceled', [used({ how: 'canceled', paid: known(null) })], { state: 'canceled', money: 'not-moved', finality: 'latest' }],
  [
    'in a block that was replaced',
    [used({ blocks: { receipt: known(hash), now: known(tx) } })],
    { state: 'unknown', money: 'unknown', transaction: { state: 'replaced' } },
  ],
  ['a transaction waits', [reading({ pending: known(true) })], { state: 'pending', money: 'can-move', retry: { action: 'send-same' } }],
  ['no such function', [reading({ used: known(null) })], { state: 'unknown' }],
  ['not told', [reading({ used: unknown('limit exceeded') })], { state: 'unknown' }],
  ['unused an hour ago', [reading({}, { head: { number: 1000n, time: now - 3600n } })], { state: 'unknown', money: 'unknown' }],
  ['used an hour ago', [used({ block: 500n }, { head: { number: 1000n, time: now - 3600n } })], { state: 'paid', finality: 'finalized' }],
  ['two that agree', [used({ block: 500n }), other(used({ block: 500n }))], { state: 'paid', finality: 'finalized' }],
  [
    'one that has not come to the block',
    [other(reading(), { head: { number: 989n, time: now - 22n } }), used()],
    { state: 'paid', transaction: { id: tx } },
  ],
  ['one that has, and knows nothing of it', [other(reading()), used()], { state: 'unknown', money: 'unknown' }],
  ['two that name other transactions', [used(), other(used({ transaction: hash }))], { state: 'unknown' }],
  ['one that does not answer', [{ kind: 'unreachable', source: 'x', reason: 'HTTP 502' }, used({ block: 500n })], { state: 'paid' }],
  [
    'one of another chain',
    [{ kind: 'wrong-chain', source: 'x', expected: 8453, chainId: 1 }],
    { state: 'unknown', chain: [{ kind: 'wrong-chain' }] },
  ],
]

describe('what became of an authorization', () => {
  it('counts', () => expect(rows.length).toBeGreaterThan(20))

  it.each(rows)('%s', (_name, answers, expected) => {
    const status = evmStatus(asked, answers)
    expect(status).toMatchObject(expected)
    // What is not known has the one call that tells; what a chain has told does not.
    expect(status.check === null).toBe(status.state !== 'unknown' && status.state !== 'used')
    // Of what may still be paid nothing new is signed.
    if (status.money !== 'not-moved') expect(status.retry.action).not.toBe('sign-again')
  })

  it('without anybody to ask tells what its window alone does', () => {
    expect(evmStatus(asked, []).headline).toContain('whoever holds it can use it until 2026-09-21 14:23:19 UTC')
    expect(evmStatus({ ...asked, now: now + 600n }, []).headline).toContain('closed at 2026-09-21 14:23:19 UTC')
  })

  it.each([
    ['still to open', { validAfter: now + 10n, validBefore: now + 600n }, reading(), 'unused', 'latest'],
    ['open in its last second', { validAfter: 0n, validBefore: now + 1n }, reading(), 'unused', 'latest'],
    ['closed by the newest block alone', { validAfter: 0n, validBefore: now }, reading(), 'expired', 'latest'],
    ['closed by a finalized block', { validAfter: 0n, validBefore: now - 1000n }, reading(), 'expired', 'finalized'],
    [
      'closed by it, and whether it was unused then is not told',
      { validAfter: 0n, validBefore: now - 1000n },
      reading({ finalized: unknown('no state') }),
      'expired',
      'latest',
    ],
  ] as const)('a window that is %s', (_name, window, answer, state, finality) => {
    const one = { ...asked, authorization: { token, from, nonce, to, value: 10_000n, ...window } } as const
    expect(evmStatus(one, [answer])).toMatchObject({ state, finality })
  })
})

it('nobody was asked, and its window is closed: the same bytes are of no use, and nothing is signed before it is looked up', () => {
  const late = evmStatus({ ...asked, now: now + 600n }, [])
  expect(late).toMatchObject({ state: 'unknown', money: 'unknown', retry: { action: 'unknown', onlyIf: ['receipt-read'] } })
  // The last second in which it could be used.
  expect(evmStatus({ ...asked, now: now + 599n }, []).retry.action).toBe('send-same')
})
