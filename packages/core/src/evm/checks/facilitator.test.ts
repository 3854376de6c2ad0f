import { describe, expect, it } from 'vitest'
import { chain, evidenceOf, now, pay, relayer, reverts, said, sender, unread, usdc, type Words } from '../../../../../test/evidence/evm.ts'
import { known } from '../../evidence/known.ts'
import type { ChainState, FacilitatorState } from '../evidence/chain.ts'
import type { Payment } from '../payment/payment.ts'
import { facilitatorChecks } from './facilitator.ts'

const of = (id: (typeof facilitatorChecks)[number]['id'], paid: Payment, words: Words, more: Partial<ChainState> = {}): string =>
  said(facilitatorChecks, id, paid, evidenceOf(paid, [chain(paid, words, more)], { at: now }))
const simulated = (more: Partial<ChainState['simulated']>): Partial<ChainState> => ({ simulated: { ...chain(pay()).simulated, ...more } })
const withGas = (gasLimit?: bigint): Payment =>
  pay(
    {},
    {
      call: {
        function: 'transferWithAuthorization',
        selector: '0x',
        overload: 'vrs',
        transaction: { to: usdc, ...(gasLimit === undefined ? {} : { gasLimit }) },
      },
    },
  )

/**
 * A settlement used 78,176 gas on Base Sepolia, one to an account that never had the token some 20,000 more (a zero slot costs 20,000 to fill and one that is
 * not 2,900), so that 110,000 is what it has to have, and 109,999 too little.
 */
describe('money for gas', () => {
  const poor = 'error facilitator-out-of-gas-money/facilitator facilitator'
  const rows: readonly (readonly [string, Partial<FacilitatorState>, string])[] = [
    ['plenty', {}, 'pass'],
    ['none', { native: known(0n) }, poor],
    ['none, at no price', { native: known(0n), gasPrice: known(0n) }, poor],
    ['something, at no price', { native: known(1n), gasPrice: known(0n) }, 'pass'],
    ['just enough for 110,000 gas', { native: known(110_000n), gasPrice: known(1n) }, 'pass'],
    ['one wei less', { native: known(109_999n), gasPrice: known(1n) }, poor],
    ['enough for 60,000 gas, which pays for no transfer', { native: known(60_000n), gasPrice: known(1n) }, poor],
    ['a price of 7', { native: known(769_999n), gasPrice: known(7n) }, poor],
    ['enough at a price of 7', { native: known(770_000n), gasPrice: known(7n) }, 'pass'],
    ['the price unread, and none', { native: known(0n), gasPrice: unread }, poor],
    ['the price unread', { native: known(1n), gasPrice: unread }, 'pass'],
    ['unread', { native: unread }, 'skip fact-unread'],
  ]
  it.each(rows)('%s', (_name, more, found) => expect(of('facilitator-gas', pay(), { facilitator: sender(more) })).toBe(found))

  it('says how much it takes, where the price is known', () => {
    const finding = (more: Partial<FacilitatorState>) => {
      const result = facilitatorChecks[0]?.run(pay(), evidenceOf(pay(), [chain(pay(), { facilitator: sender(more) })]))
      return result?.outcome === 'fail' ? result.findings[0] : undefined
    }
    expect(finding({ native: known(0n), gasPrice: known(7n) })).toMatchObject({ seen: '0 wei', expected: 'at least 770000 wei' })
    expect(finding({ native: known(0n), gasPrice: known(0n) })).toMatchObject({ expected: 'more than 0 wei' })
    expect(finding({ native: known(0n), gasPrice: known(7n) })?.evidence).toHaveLength(2)
    expect(finding({ native: known(0n), gasPrice: unread })?.evidence).toHaveLength(1)
  })

  it('nobody named it, or it was read too early', () => {
    expect(of('facilitator-gas', pay(), {})).toBe('skip no-facilitator')
    expect(of('facilitator-gas', pay(), { facilitator: sender({ native: known(0n) }), time: now - 300n })).toBe(
      poor.replace('error', 'warning'),
    )
  })
})

describe('whom the token takes calls of', () => {
  const blocked = 'error relayer-blocked/facilitator facilitator'
  const refusal = reverts('Pausable: paused')
  const rows: readonly (readonly [string, Words, Partial<ChainState['simulated']>, string])[] = [
    ['taken from everybody', {}, {}, 'pass'],
    ['refused from everybody', { simulated: refusal }, { fromAnother: known(refusal) }, 'pass'],
    ['refused from it alone', { simulated: refusal }, { fromAnother: known({ outcome: 'succeeds' }) }, blocked],
    ['refused from it, and nobody asked for another', { simulated: refusal }, {}, 'pass'],
    ['refused from it, and of another it is unread', { simulated: refusal }, { fromAnother: unread }, 'pass'],
    ['unread from it', { simulated: unread }, { fromAnother: known({ outcome: 'succeeds' }) }, 'pass'],
    [
      'refused from it alone, read too early',
      { simulated: refusal, time: now - 300n },
      { fromAnother: known({ outcome: 'succeeds' }) },
      blocked.replace('error', 'warning'),
    ],
  ]
  it.each(rows)('%s', (_name, words, more, found) => {
    const state = chain(pay(), words)
    expect(of('facilitator-calls', pay(), { ...words, facilitator: sender() }, { simulated: { ...state.simulated, ...more } })).toBe(found)
  })

  // Of Tether's token the words themselves name the sender (TetherToken.sol).
  it('the words alone tell where only a relayer is answered so', () => {
    const words: Words = { simulated: reverts('Blocked: msg.sender is blocked'), facilitator: sender() }
    expect(of('facilitator-calls', pay({}, { told: { family: 'TetherTokenV2' } }), words)).toBe(blocked)
    expect(of('facilitator-calls', pay(), { simulated: reverts('whatever'), facilitator: sender() })).toBe('pass')
  })

  it('says what else shows it', () => {
    const notes = (listed: boolean, other: boolean): number | undefined => {
      const state = chain(pay(), { simulated: refusal, facilitator: sender({ blacklisted: known(listed) }) })
      const read = {
        ...state,
        simulated: { ...state.simulated, ...(other ? { fromAnother: known({ outcome: 'succeeds' } as const) } : {}) },
      }
      const result = facilitatorChecks.find(({ id }) => id === 'facilitator-calls')?.run(pay(), evidenceOf(pay(), [read]))
      return result?.outcome === 'fail' ? result.findings[0]?.evidence.length : undefined
    }
    expect([notes(true, true), notes(false, true), notes(true, false)]).toEqual([3, 2, undefined])
  })

  it('nobody sends it', () => {
    const more = simulated({ atBlock: known(refusal), fromAnother: known({ outcome: 'succeeds' }) })
    expect(of('facilitator-calls', pay(), {}, more)).toBe('pass')
  })

  it('who sent the transaction that was given comes before who is named', () => {
    const paid = pay(
      {},
      { call: { function: 'transferWithAuthorization', selector: '0x', overload: 'vrs', transaction: { sender: relayer } } },
    )
    const more = simulated({ atBlock: known(refusal), fromAnother: known({ outcome: 'succeeds' }) })
    expect(of('facilitator-calls', paid, {}, more)).toBe(blocked)
  })
})

describe('the gas limit', () => {
  const low = 'error facilitator-gas-limit/facilitator transaction.gas'
  const out = known(reverts('FiatTokenV2: invalid signature'))
  const fine = known({ outcome: 'succeeds' } as const)
  const rows: readonly (readonly [string, Payment, Words, Partial<ChainState['simulated']>, string])[] = [
    ['none is known', withGas(), {}, { limited: out }, 'pass'],
    ['no transaction', pay(), {}, { limited: out }, 'pass'],
    ['it does with it', withGas(60_000n), {}, { limited: fine }, 'pass'],
    ['it does only with more', withGas(60_000n), {}, { limited: out }, low],
    ['nobody tried', withGas(60_000n), {}, {}, 'pass'],
    ['unread', withGas(60_000n), {}, { limited: unread }, 'skip fact-unread'],
    ['it does not with any', withGas(60_000n), { paused: true }, { limited: out }, 'pass'],
    ['without a limit it is unread', withGas(60_000n), { simulated: unread }, { limited: out }, 'pass'],
    ['read too early', withGas(60_000n), { time: now - 250n }, { limited: out }, low.replace('error', 'warning')],
  ]
  it.each(rows)('%s', (_name, paid, words, more, found) => {
    expect(of('facilitator-gas-limit', paid, words, { simulated: { ...chain(paid, words).simulated, ...more } })).toBe(found)
  })
})

describe('what waits', () => {
  const waits = 'warning facilitator-nonce/facilitator facilitator'
  const rows: readonly (readonly [string, Partial<FacilitatorState> | undefined, string])[] = [
    ['nothing', {}, 'pass'],
    ['one', { pendingNonce: known(8n) }, waits],
    ['fewer than were mined: the two were read apart', { pendingNonce: known(6n) }, 'pass'],
    ['what was mined is unread', { nonce: unread }, 'skip fact-unread'],
    ['what waits is unread', { pendingNonce: unread }, 'skip fact-unread'],
    ['nobody named it', undefined, 'skip no-facilitator'],
  ]
  it.each(rows)('%s', (_name, more, found) =>
    expect(of('facilitator-queue', pay(), more === undefined ? {} : { facilitator: sender(more) })).toBe(found),
  )
})
