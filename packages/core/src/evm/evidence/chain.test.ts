import { describe, expect, it } from 'vitest'
import {
  chain,
  closes,
  now,
  opens,
  pay,
  payee,
  reverts,
  settled,
  signatureOf,
  stranger,
  unread,
  type Words,
} from '../../../../../test/evidence/evm.ts'
import { ifKnown, known } from '../../evidence/known.ts'
import {
  behind,
  behindOthers,
  believed,
  type ChainAnswer,
  type ChainState,
  isHalted,
  isPaidBy,
  isReplaced,
  type Settlement,
  simulationAt,
  walletAccepts,
} from './chain.ts'

const paid = pay()
const one = (words: Words = {}, more: Partial<ChainState> = {}): ChainState => chain(paid, words, more)
const two = (words: Words = {}, more: Partial<ChainState> = {}): ChainState => chain(paid, { source: 'other.example.com', ...words }, more)
const dead: ChainAnswer = { kind: 'unreachable', source: 'dead.example.com', reason: 'it timed out' }
const wrong: ChainAnswer = { kind: 'wrong-chain', source: 'wrong.example.com', expected: 8453, chainId: 1 }

describe('which of several is believed', () => {
  const rows: readonly (readonly [string, readonly ChainAnswer[], string | undefined])[] = [
    ['nobody', [], undefined],
    ['none that could be read', [dead, wrong], undefined],
    ['the one that could', [dead, two()], 'other.example.com'],
    ['the later block, first', [one({ number: 1_001n }), two()], 'rpc.example.com'],
    ['the later block, second', [one(), two({ number: 1_001n })], 'other.example.com'],
    ['of equals the first', [one(), two()], 'rpc.example.com'],
    ['the moment that was asked about, before a later block', [one({ number: 1_009n }, { instead: 'pruned' }), two()], 'other.example.com'],
    ['the moment that was asked about, given first', [two(), one({ number: 1_009n }, { instead: 'pruned' })], 'other.example.com'],
    [
      'of two without it the later block',
      [one({}, { instead: 'pruned' }), two({ number: 1_001n }, { instead: 'pruned' })],
      'other.example.com',
    ],
    [
      'one with a state, before a later block without',
      [one({ number: 1_009n, used: unread, simulated: unread }, { token: { ...one().token, code: unread } }), two()],
      'other.example.com',
    ],
    [
      'one with a state, given second',
      [two(), one({ number: 1_009n, used: unread, simulated: unread }, { token: { ...one().token, code: unread } })],
      'other.example.com',
    ],
    [
      'a state is any of three: the nonce',
      [one({ number: 1_009n, simulated: unread }, { token: { ...one().token, code: unread } }), two()],
      'rpc.example.com',
    ],
    [
      'a state is any of three: the simulation',
      [one({ number: 1_009n, used: unread, simulated: { outcome: 'succeeds' } }, { token: { ...one().token, code: unread } }), two()],
      'rpc.example.com',
    ],
    ['a state is any of three: the code', [one({ number: 1_009n, used: unread, simulated: unread }), two()], 'rpc.example.com'],
    ['of three', [one(), two({ number: 1_002n }), one({ number: 1_001n })], 'other.example.com'],
  ]
  it.each(rows)('%s', (_name, chains, source) => expect(believed(chains)?.source).toBe(source))
})

describe('how old a head is', () => {
  it('twenty blocks of two seconds, and only of the newest', () => {
    expect(behind(one({ time: now - 40n }), now)).toBeUndefined()
    expect(behind(one({ time: now - 41n }), now)).toBe(41n)
    expect(behind(one({ time: now - 41n }, { newest: false }), now)).toBeUndefined()
    expect(behind(one({ time: now + 41n }), now)).toBeUndefined()
  })

  it('beside others, by their heads', () => {
    const late = one({ time: now - 41n })
    expect(behindOthers(late, [late])).toBeUndefined()
    expect(behindOthers(late, [late, two({ time: now }), dead, wrong])).toBe(41n)
    expect(behindOthers(late, [two({ time: now }), late])).toBe(41n)
    expect(behindOthers(late, [late, two({ time: now - 1n })])).toBeUndefined()
    expect(behindOthers(two({ time: now }), [late, two({ time: now })])).toBeUndefined()
    // The state of an earlier block was read of both; their heads tell.
    expect(behindOthers(one({}, { head: { number: 1n, time: now - 100n } }), [two()])).toBe(98n)
  })

  it('a chain stands still where several say so of one block', () => {
    const still = (source: string, more: Partial<ChainState> = {}): ChainState => one({ source, time: now - 41n }, more)
    const other = { number: 1_000n, hash: `0x${'01'.repeat(32)}`, time: now - 41n } as const
    expect(isHalted([], now)).toBe(false)
    expect(isHalted([still('a')], now)).toBe(false)
    expect(isHalted([still('a'), still('a')], now)).toBe(false)
    expect(isHalted([still('a'), still('b')], now)).toBe(true)
    expect(isHalted([still('a'), still('b'), dead], now)).toBe(true)
    expect(isHalted([still('a'), dead], now)).toBe(false)
    expect(isHalted([still('a'), still('b', { block: other })], now)).toBe(false)
    expect(isHalted([still('a'), still('b'), two()], now)).toBe(false)
    expect(isHalted([still('a'), still('b')], now - 1n)).toBe(false)
  })
})

describe('whose payment a settlement is', () => {
  const of = (more: Partial<Settlement>): boolean | undefined => ifKnown(isPaidBy(settled(paid, more), paid.authorization))
  const other = `0x${'01'.repeat(32)}` as const
  const { blockHash } = settled(paid)

  // The token logs AuthorizationUsed without payee and value: the Transfer behind it has both.
  it.each([
    ['this payee, this value', {}, true],
    ['the payee in other case', { paid: known({ to: payee.toLowerCase() as `0x${string}`, value: 10_000n }) }, true],
    ['one unit less', { paid: known({ to: payee, value: 9_999n }) }, false],
    ['one unit more', { paid: known({ to: payee, value: 10_001n }) }, false],
    ['somebody else', { paid: known({ to: stranger, value: 10_000n }) }, false],
    ['nobody', { paid: known(null) }, false],
    ['nobody knows whom', { paid: unread }, undefined],
    ['canceled', { how: 'canceled' }, false],
    ['canceled in a block that is gone', { how: 'canceled', blocks: { receipt: known(other), now: known(other) } }, false],
    ['a block that is gone', { blocks: { receipt: known(blockHash), now: known(other) } }, undefined],
  ] as const)('%s', (_name, more, paidBy) => expect(of(more)).toBe(paidBy))

  it.each([
    ['the same', known(blockHash), known(blockHash), false],
    ['the receipt names another', known(other), known(blockHash), true],
    ['the chain has another', known(blockHash), known(other), true],
    ['the chain has none there', known(blockHash), known(null), false],
    ['both unread', unread, unread, false],
    ['the receipt unread, the chain has another', unread, known(other), true],
  ] as const)('its block: %s', (_name, receipt, chained, replaced) => {
    expect(isReplaced(settled(paid, { blocks: { receipt, now: chained } }))).toBe(replaced)
  })
})

describe('what a simulated transfer says', () => {
  const of = (words: Words, more: Partial<ChainState> = {}): unknown => simulationAt(one(words, more), paid.authorization)
  const token = (more: Partial<ChainState['token']>): Partial<ChainState> => ({ token: { ...one().token, ...more } })
  const taken: Words = { simulated: { outcome: 'succeeds' } }
  const refused: Words = { simulated: reverts('Pausable: paused') }
  const says = { says: 'Pausable: paused' }

  it.each([
    ['taken', taken, {}, 'succeeds'],
    ['refused', refused, {}, says],
    ['unread', { simulated: unread }, {}, undefined],
    ['taken where no code is', taken, token({ code: known(0) }), undefined],
    ['refused where no code is', refused, token({ code: known(0) }), undefined],
    ['taken, and nobody knows whether code is there', taken, token({ code: unread }), undefined],
    ['taken, and nothing answers there', taken, token({ responds: known(false) }), undefined],
    ['taken, and nobody knows whether anything answers', taken, token({ responds: unread }), undefined],
    ['refused, and nobody knows whether anything answers', refused, token({ responds: unread }), says],
    ['taken in a block of the second of validAfter', { ...taken, time: opens }, {}, undefined],
    ['taken in a block of the first second', { ...taken, time: opens + 1n }, {}, 'succeeds'],
    ['taken in a block of the last second', { ...taken, time: closes - 1n }, {}, 'succeeds'],
    ['refused in a block of the second of validBefore', { ...refused, time: closes }, {}, undefined],
  ] as const)('%s', (_name, words, more, found) => expect(of(words, more)).toEqual(found))
})

describe("what the payer's code says", () => {
  const { digest } = signatureOf(paid)
  if (digest === undefined) throw new TypeError('no digest')
  const answer = { form: 'as-sent', signature: paid.signature, digest, accepts: known(true) } as const
  const of = (...wallet: ChainState['wallet']): boolean | undefined => walletAccepts(one({}, { wallet }), digest)
  it('of the signature as it was sent, about this digest', () => {
    expect(of()).toBeUndefined()
    expect(of(answer)).toBe(true)
    expect(of({ ...answer, accepts: known(false) })).toBe(false)
    expect(of({ ...answer, accepts: unread })).toBeUndefined()
    expect(of({ ...answer, form: 'unwrapped' })).toBeUndefined()
    expect(of({ ...answer, digest: `0x${'00'.repeat(32)}` })).toBeUndefined()
    expect(of({ ...answer, form: 'unwrapped', accepts: known(false) }, answer)).toBe(true)
  })
})
