import { describe, expect, it } from 'vitest'
import { chain, closes, evidenceOf, now, pay, reverts, said, settled, unread, type Words } from '../../../../../test/evidence/evm.ts'
import { known } from '../../evidence/known.ts'
import type { ChainAnswer, ChainState } from '../evidence/chain.ts'
import type { Payment } from '../payment/payment.ts'
import { pendingChecks, rpcChecks, unknownFacts } from './rpc.ts'

const paid = pay()
const one = (words: Words = {}, more: Partial<ChainState> = {}): ChainState => chain(paid, words, more)
const two = (words: Words = {}, more: Partial<ChainState> = {}): ChainState => chain(paid, { source: 'other.example.com', ...words }, more)
const dead: ChainAnswer = { kind: 'unreachable', source: 'dead.example.com', reason: 'it timed out' }
const wrong: ChainAnswer = { kind: 'wrong-chain', source: 'wrong.example.com', expected: 8453, chainId: 1 }
const ofChain = (chains: readonly ChainAnswer[], at = now): string => said(rpcChecks, 'rpc-chain', paid, evidenceOf(paid, chains, { at }))

describe('each node by itself', () => {
  const fault = 'warning rpc-fault/rpc rpc'
  const lagging = 'warning rpc-lagging/rpc rpc'
  const halted = 'warning chain-halted/nobody rpc'
  const rows: readonly (readonly [string, readonly ChainAnswer[], string])[] = [
    ['in order', [one()], 'pass'],
    ['of another chain', [wrong], 'warning rpc-wrong-chain/rpc rpc'],
    ['dead', [dead], fault],
    ['in order, beside one of another chain and a dead one', [one(), wrong, dead], `warning rpc-wrong-chain/rpc rpc, ${fault}`],
    ['without the state of the moment', [one({}, { instead: 'it has no state of block 7' })], fault],
    ['one fact left out', [one({ balance: unread })], fault],
    // Blocks of two seconds: twenty of them.
    ['its head 40 s old', [one({ time: now - 40n })], 'pass'],
    ['its head 41 s old', [one({ time: now - 41n })], lagging],
    ['its head old, and not its newest', [one({ time: now - 400n }, { newest: false, head: { number: 1_200n, time: now } })], 'pass'],
    ['40 s behind another one', [one({ time: now - 38n }), two({ time: now + 2n })], 'pass'],
    ['41 s behind another one', [one({ time: now - 39n }), two({ time: now + 2n })], lagging],
    ['both of the same old head', [one({ time: now - 300n }), two({ time: now - 300n })], halted],
    ['the same node twice is no second one', [one({ time: now - 300n }), one({ time: now - 300n })], `${lagging}, ${lagging}`],
    ['both old, and of two heads', [one({ time: now - 300n }), two({ time: now - 290n, number: 1_005n })], `${lagging}, ${lagging}`],
    ['one old and one new', [one({ time: now - 300n }), two()], lagging],
    ['halted, and one of them dead', [one({ time: now - 300n }), two({ time: now - 300n }), dead], `${halted}, ${fault}`],
  ]
  it.each(rows)('%s', (_name, chains, found) => expect(ofChain(chains)).toBe(found))

  it('says once what several facts have in common', () => {
    expect(ofChain([one({ balance: unread, paused: unread, used: unread })])).toBe(fault)
  })

  // How old a head may be hangs on how often there are blocks: twenty of them, and never less than half a minute nor more than two.
  it.each([
    [0.4, 30n],
    [1.5, 30n],
    [1.6, 32n],
    [2, 40n],
    [6, 120n],
    [12, 120n],
    [undefined, 120n],
  ])('blocks of %d s: a head is fresh for %d s', (blockTime, seconds) => {
    const aged = (age: bigint): string => {
      const { blockTime: _, ...state } = one({ time: now - age })
      return ofChain([{ ...state, ...(blockTime === undefined ? {} : { blockTime }) }])
    }
    expect([aged(seconds), aged(seconds + 1n)]).toEqual(['pass', lagging])
  })

  it.each([
    ['code', (state: ChainState) => ({ token: { ...state.token, code: unread } })],
    ['separator', (state: ChainState) => ({ token: { ...state.token, separator: unread } })],
    ['paused', (state: ChainState) => ({ token: { ...state.token, paused: unread } })],
    ['payer code', (state: ChainState) => ({ payer: { ...state.payer, code: unread } })],
    ['balance', (state: ChainState) => ({ payer: { ...state.payer, balance: unread } })],
    ['payer listed', (state: ChainState) => ({ payer: { ...state.payer, blacklisted: unread } })],
    ['payee listed', (state: ChainState) => ({ payee: { ...state.payee, blacklisted: unread } })],
    ['used', (state: ChainState) => ({ nonce: { ...state.nonce, used: unread } })],
    ['used now', (state: ChainState) => ({ nonce: { ...state.nonce, usedNow: unread } })],
    ['settlement', (state: ChainState) => ({ nonce: { ...state.nonce, settlement: unread } })],
    ['simulated', (state: ChainState) => ({ simulated: { ...state.simulated, atBlock: unread } })],
  ] as const)('left out: %s', (_name, without) => {
    const state = one()
    expect(unknownFacts(state)).toEqual([])
    expect(unknownFacts({ ...state, ...without(state) })).toHaveLength(1)
  })
})

describe('nodes beside each other', () => {
  const fault = 'warning rpc-fault/rpc rpc'
  const of = (...chains: readonly ChainAnswer[]): string => said(rpcChecks, 'rpc-agreement', paid, evidenceOf(paid, chains))

  it('one, one beside a dead one, two that agree, two that do not', () => {
    expect([of(one()), of(one(), dead), of(one(), two()), of(one(), two({ balance: 0n }))]).toEqual(['pass', 'pass', 'pass', fault])
  })

  it('a settlement in a block that another one has otherwise', () => {
    const landed = settled(paid, { block: 1_000n })
    const at = (hash: `0x${string}`, number = 1_000n): ChainState =>
      two({ used: true, settlement: landed }, { block: { number, hash, time: now - 2n } })
    const other = `0x${'01'.repeat(32)}` as const
    const reorged = 'warning settlement-reorged/nobody authorization.nonce'
    expect(of(at(landed.blockHash), at(landed.blockHash))).toBe('pass')
    // Each of the two has it in a block that the second one has otherwise.
    expect(of(at(landed.blockHash), at(other))).toBe(`${reorged}, ${reorged}, ${fault}`)
    expect(of(at(landed.blockHash), at(other, 1_001n))).toBe('pass')
    expect(of(two(), two({ number: 1_001n }))).toBe('pass')
  })
})

describe('the pending block beside the newest', () => {
  const spent = reverts('FiatTokenV2: authorization is used or canceled')
  const of = (
    given: Payment,
    words: Words,
    pending: ChainState['simulated']['pending'],
    more: Partial<ChainState> = {},
    when = now,
  ): string => {
    const state = chain(given, words)
    return said(
      pendingChecks,
      'pending',
      given,
      evidenceOf(given, [{ ...state, simulated: { ...state.simulated, pending }, ...more }], { when, at: now }),
    )
  }
  const estimate = 'warning pending-block-estimate/rpc rpc'
  it('as it is on the newest', () => expect(of(paid, {}, known({ outcome: 'succeeds' }))).toBe('pass'))
  it('another refusal', () => expect(of(paid, {}, known(reverts('Pausable: paused')))).toBe(estimate))
  it('its nonce', () => expect(of(paid, {}, known(spent))).toBe('info settlement-unconfirmed/facilitator authorization.nonce'))
  it('refused on both', () => expect(of(paid, { paused: true }, known(reverts('Pausable: paused')))).toBe('pass'))
  it('unread on the newest', () => expect(of(paid, { simulated: unread }, known(spent))).toBe('pass'))
  it('unread', () => expect(of(paid, {}, unread)).toBe('skip fact-unread'))
  it('of a past block', () => expect(of(paid, {}, known(spent), { newest: false })).toBe('skip past'))
  it('a window that closes in between', () => {
    expect(of(paid, {}, known(reverts('FiatTokenV2: authorization is expired')), {}, closes - 1n)).toBe(estimate)
    expect(of(paid, {}, known(reverts('FiatTokenV2: authorization is expired')), {}, closes)).toBe('pass')
  })
})
