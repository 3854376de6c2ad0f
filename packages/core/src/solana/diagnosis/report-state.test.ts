import { describe, expect, it } from 'vitest'
import {
  dead,
  landed,
  missing,
  now,
  recorded,
  simulatedWith,
  stranger,
  unasked,
  unreachable,
  unread,
  unreadable,
  untold,
  type Word,
  wrongCluster,
} from '../../../../../test/solana/recorded.ts'
import { known, unknown } from '../../evidence/known.ts'
import { chainReport, settlementReport } from './report-state.ts'

type Report = ReturnType<typeof chainReport>

const reported = (...words: readonly Word[]): Report => {
  const { payment, state } = recorded('valid', ...words)
  return chainReport(state, payment, payment.network)
}
const said = ({ facts }: Report): Readonly<Record<string, string | null>> =>
  Object.fromEntries(facts.map(({ fact, says, unknown: why }) => [fact, says ?? (why === null ? null : `? ${why}`)]))

describe('what an RPC answered', () => {
  it('is told fact by fact', () => {
    const { payment } = recorded('valid')
    const report = reported(landed())
    expect(report).toMatchObject({ source: 'a.example', kind: 'read', block: { number: '350000000', hash: null, time: String(now) } })
    const [payer, payee] = [payment.transaction.signers[1]?.key, payment.requirements?.payTo]
    const mint = payment.network.mint
    expect(said(report)).toEqual({
      mint: 'a mint of 6 decimals',
      "payer's token account": `5000000 of ${mint}, initialized, of ${payer}`,
      "payee's token account": `0 of ${mint}, initialized, of ${payee}`,
      'fee payer': '1000000000 lamports, 0 bytes of 11111111111111111111111111111111',
      blockhash: 'alive',
      settlement: 'in slot 349999900 (2026-09-21 14:12:40 UTC)',
      simulation: '? nothing was simulated',
      'simulation with a living blockhash': '? nothing was simulated',
    })
    for (const { says, unknown: why } of report.facts) expect([says, why].filter((each) => each !== null)).toHaveLength(1)
  })

  it.each<readonly [words: readonly Word[], fact: string, says: string | undefined]>([
    [[dead], 'blockhash', 'dead'],
    [[untold('blockhash')], 'blockhash', '? blockhash was not told'],
    [[], 'settlement', 'none found'],
    [[untold('settlement')], 'settlement', '? settlement was not told'],
    [[landed({ error: 'AccountInUse' })], 'settlement', 'in slot 349999900 (2026-09-21 14:12:40 UTC), failed with AccountInUse'],
    [[missing('destination')], "payee's token account", 'does not exist'],
    [[unread('destination')], "payee's token account", '? the destination was not told'],
    [[unasked('destination')], "payee's token account", undefined],
    [[simulatedWith(null)], 'simulation', 'succeeds, 6000 units'],
    [[simulatedWith('AccountInUse')], 'simulation', 'fails with AccountInUse, 6000 units'],
    [
      [(state) => ({ ...state, simulated: { ...state.simulated, fresh: known({ error: null, logs: [], units: null }) } })],
      'simulation with a living blockhash',
      'succeeds',
    ],
  ])('%#', (words, fact, says) => expect(said(reported(...words))[fact]).toBe(says))

  it('is of a block that is as far known as it was told', () => {
    expect(reported(untold('slot')).block).toEqual({ number: null, hash: null, time: String(now) })
    expect(reported(untold('time')).block).toEqual({ number: '350000000', hash: null, time: null })
    expect(reported().says).toBe('solana, slot 350000000 of 2026-09-21 14:13:20 UTC')
    expect(reported(untold('slot'), untold('time')).says).toBe('solana')
  })

  it('of bytes that nobody can read tells of the account that the payee has', () => {
    const { payment, state } = unreadable()
    const facts = said(chainReport(state, payment, payment.network))
    expect(Object.keys(facts)).toContain("payee's token account")
    expect(Object.keys(facts)).not.toContain('mint')
    expect(Object.keys(said(chainReport(state, payment, undefined)))).not.toContain("payee's token account")
  })

  it('of who was not believed has no facts', () => {
    const { payment } = recorded('valid')
    expect(chainReport(unreachable('it hung up'), payment, payment.network)).toMatchObject({
      source: 'b.example',
      kind: 'unreachable',
      block: null,
      facts: [],
      says: expect.stringContaining('it hung up'),
    })
    expect(chainReport(wrongCluster(unknown('no')), payment, payment.network)).toMatchObject({
      kind: 'wrong-chain',
      block: null,
      facts: [],
      says: expect.stringContaining('EtWTRABZaYq6iMfeYKouRu166VU2xqa1'),
    })
  })
})

describe('the settlement', () => {
  const settlement = (...words: readonly Word[]): ReturnType<typeof settlementReport> => settlementReport(recorded('valid', ...words).state)
  it('is what landed, with what became of it', () => {
    expect(settlement(landed({ receiver: stranger }))).toMatchObject({
      block: '349999900',
      time: String(now - 40n),
      error: null,
      receiver: stranger,
    })
    expect(settlement(landed({ error: 'AccountInUse', time: unknown('no') }))).toMatchObject({
      time: null,
      error: 'AccountInUse',
      receiver: null,
    })
  })

  it('is null where there is none, and where nobody could tell', () => {
    expect(settlement()).toBeNull()
    expect(settlement(untold('settlement'))).toBeNull()
    expect(settlementReport(undefined)).toBeNull()
  })
})
