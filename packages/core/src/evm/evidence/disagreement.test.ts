import { describe, expect, it } from 'vitest'
import { chain, pay, payee, relayer, reverts, sender, settled, stranger, unread, type Words } from '../../../../../test/evidence/evm.ts'
import { known } from '../../evidence/known.ts'
import type { ChainState } from './chain.ts'
import { disagreements } from './disagreement.ts'
import type { SignatureCheck } from './replay.ts'

const paid = pay()
const one = (words: Words = {}, more: Partial<ChainState> = {}): ChainState => chain(paid, words, more)
const two = (words: Words = {}, more: Partial<ChainState> = {}): ChainState => chain(paid, { source: 'other.example.com', ...words }, more)

describe('what two nodes say differently', () => {
  const about = (a: ChainState, b: ChainState): string[] => disagreements([a, b], paid.authorization.value).map(({ fact }) => fact)
  const token = (more: Partial<ChainState['token']>): Partial<ChainState> => ({ token: { ...one().token, ...more } })
  const functions = (more: Partial<ChainState['token']['functions']>): Partial<ChainState> =>
    token({ functions: { ...one().token.functions, ...more } })
  const contract = { kind: 'contract', bytes: 9 } as const
  const same: Words = { simulated: { outcome: 'succeeds' } }
  const answer = (accepts: typeof unread | { known: true; value: boolean }): Partial<ChainState> => ({
    wallet: [{ form: 'as-sent', signature: paid.signature, digest: `0x${'00'.repeat(32)}`, accepts }],
  })

  const rows: readonly (readonly [string, ChainState, string[]])[] = [
    ['nothing', two(), []],
    ['the hash of the same block', two({}, { block: { ...one().block, hash: `0x${'01'.repeat(32)}` } }), ['block']],
    ['another block', two({ number: 1_001n }), []],
    ['code', two({}, token({ code: known(0) })), ['code']],
    ['answers', two({}, token({ responds: known(false) })), ['responds']],
    ['(v, r, s)', two({}, functions({ 'transfer-vrs': known(false) })), ['vrs']],
    ['bytes', two({}, functions({ 'transfer-bytes': known(false) })), ['bytes']],
    ['receive, which nobody compares', two({}, functions({ 'receive-bytes': known(false) })), []],
    ['separator', two({}, token({ separator: known(null) })), ['separator']],
    ['name', two({}, token({ name: known('USDC') })), ['name']],
    ['version', two({}, token({ version: known('1') })), ['version']],
    ['pause', two({ ...same, paused: true }), ['paused']],
    ["the payer's code", two({ ...same, payerCode: contract }), ['payer-code']],
    ['balances that are both enough', two({ balance: 10_001n }), []],
    ['one unit too little', two({ ...same, balance: 9_999n }), ['balance']],
    ['the payer on a list', two({ ...same, payerListed: true }), ['payer-listed']],
    ['the payee on a list', two({ ...same, payeeListed: true }), ['payee-listed']],
    ['used, of the same head', two({ ...same, used: true }), ['nonce']],
    ['a simulation', two({ simulated: reverts('Pausable: paused') }), ['simulated']],
    ['unread is no other word', two({ balance: unread, paused: unread, payerListed: unread, used: unread, simulated: unread }), []],
    ['who pays for gas, where only one was asked', two({ facilitator: sender() }), []],
  ]
  it.each(rows)('they differ in: %s', (_name, other, facts) => expect(about(one(), other)).toEqual(facts))

  it('what happened between two heads is no contradiction, and what was undone is', () => {
    const used = (number: bigint): ChainState => two({ ...same, number, used: true })
    expect(about(one(), used(1_001n))).toEqual([])
    expect(about(one(), used(1_000n))).toEqual(['nonce'])
    expect(about(one(), used(999n))).toEqual(['nonce'])
    expect(about(used(1_001n), one())).toEqual([])
    expect(about(used(999n), one())).toEqual(['nonce'])
  })

  it('how it was used, by whom it was paid, and which code the payer has', () => {
    const on = (more: Parameters<typeof settled>[1]): ChainState => two({ used: true, settlement: settled(paid, more) })
    const own = on({})
    expect(about(own, on({}))).toEqual([])
    expect(about(own, on({ paid: unread }))).toEqual(['settlement'])
    expect(about(own, on({ paid: known({ to: payee, value: 1n }) }))).toEqual(['settlement'])
    expect(about(own, on({ how: 'canceled' }))).toEqual(['settlement'])
    expect(about(own, on({ transaction: `0x${'01'.repeat(32)}` }))).toEqual(['settlement'])
    expect(about(own, two({ used: true }))).toEqual([])
    const delegated = (delegate: typeof relayer | typeof stranger): ChainState =>
      two({ ...same, payerCode: { kind: 'eip7702', delegate, delegateCode: unread } })
    expect(about(delegated(relayer), delegated(relayer))).toEqual([])
    expect(about(delegated(relayer), delegated(stranger))).toEqual(['payer-code'])
  })

  it('what the wallet answered, whether there is money for gas, what the token hashed', () => {
    expect(about(one({}, answer(known(true))), two({}, answer(known(false))))).toEqual(['wallet'])
    expect(about(one({}, answer(known(true))), two({}, answer(unread)))).toEqual([])
    expect(about(one({}, answer(known(true))), two())).toEqual([])
    const rich = one({ facilitator: sender() })
    expect(about(rich, two({ facilitator: sender({ native: known(0n) }) }))).toEqual(['funds'])
    expect(about(rich, two({ facilitator: sender({ native: known(10n ** 17n) }) }))).toEqual([])
    expect(about(rich, two({ facilitator: sender({ native: unread }) }))).toEqual([])
    expect(about(rich, two({ facilitator: sender({ gasPrice: unread }) }))).toEqual([])
    const traced = (digest: `0x${string}`) => ({ traced: known<SignatureCheck>({ by: 'ecrecover', digest, recovered: null }) })
    expect(about(one({}, traced('0x01')), two({}, traced('0x02')))).toEqual(['traced'])
    expect(about(one({}, traced('0x01')), two({}, { traced: known(null) }))).toEqual([])
    expect(about(one({}, traced('0x01')), two({}, { traced: unread }))).toEqual([])
    expect(about(one({}, traced('0x01')), two())).toEqual([])
  })

  it('each of the others is compared with the first', () => {
    const found = disagreements([one(), two(), two({ ...same, balance: 0n }), two({ ...same, paused: true })], 10_000n)
    expect(found.map(({ fact, between }) => [fact, between[0] === found[0]?.between[0]])).toEqual([
      ['balance', true],
      ['paused', true],
    ])
    expect(disagreements([], 10_000n)).toEqual([])
  })
})
