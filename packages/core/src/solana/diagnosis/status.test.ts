import { describe, expect, it } from 'vitest'
import { behind, dead, deadUnfinalized, landed, newest, now, recorded, untold, wrongCluster } from '../../../../../test/solana/recorded.ts'
import { known } from '../../evidence/known.ts'
import type { SvmAnswer } from '../state/state.ts'
import { svmStatus } from './status.ts'

const { payment, state } = recorded('valid')
const said = (...words: Parameters<typeof recorded> extends [string, ...infer Words] ? Words : never): readonly SvmAnswer[] => [
  recorded('valid', ...words).state,
]
const id = '3dF8CbLSeytRBCHGGsmMwuriuKppx81RKDugo4DnwbaMvYmU27426S7egg9ku3PhSJANk4dr6HS72EBDRdrq2FnM'

/** What a cluster said of a payment that was made ten minutes ago, and what a person who knows would say of it. */
const rows: readonly (readonly [string, readonly SvmAnswer[], object])[] = [
  ['nobody was asked', [], { state: 'unknown', money: 'unknown', retry: { action: 'send-same' } }],
  ['nothing landed, and the blockhash lives', [state], { state: 'unused', money: 'can-move', check: null }],
  [
    'it landed, finalized',
    said(landed()),
    {
      state: 'paid',
      finality: 'finalized',
      money: 'moved',
      transaction: { id, state: 'succeeded', block: String(newest.slot - 100n) },
      lookAgain: null,
    },
  ],
  ['it landed a moment ago', said(landed({ ago: 1n })), { state: 'paid', finality: 'latest', lookAgain: 13 }],
  [
    'it landed and failed',
    said(landed({ error: { InstructionError: [2, { Custom: 1 }] } })),
    { state: 'failed', money: 'not-moved', finality: 'finalized', transaction: { state: 'failed', paid: null } },
  ],
  ['nothing landed, and the blockhash is dead for good', said(dead), { state: 'expired', money: 'not-moved', finality: 'finalized' }],
  ['nothing landed, and it is dead in the newest block', said(deadUnfinalized), { state: 'expired', finality: 'latest', lookAgain: 13 }],
  ['whether it landed is not told', said(untold('settlement')), { state: 'unknown', money: 'unknown' }],
  ['an RPC that is behind', said(behind(3600n)), { state: 'unknown', chain: [{ behind: '3600' }] }],
  ['an RPC that is behind and has it', said(landed(), behind(3600n)), { state: 'paid' }],
  ['an RPC of another cluster', [wrongCluster(known('dead'))], { state: 'unknown', chain: [{ kind: 'wrong-chain' }] }],
]

describe('what became of a payment on Solana', () => {
  it.each(rows)('%s', (_name, answers, expected) => {
    const status = svmStatus(payment, answers, { now, at: now - 600n })
    expect(status).toMatchObject({ family: 'solana', network: 'solana', ...expected })
    if (status.money === 'unknown') expect(status.check).toMatch(/^solana (?:confirm|transaction-history) /)
    if (status.money !== 'not-moved') expect(status.retry.action).not.toBe('sign-again')
  })

  it('a transaction that somebody named is what to look at', () => {
    const status = svmStatus(payment, [], { now, named: id })
    expect(status).toMatchObject({
      transaction: { id, state: 'unknown' },
      check: `solana confirm -v ${id} --url https://api.mainnet-beta.solana.com`,
      explorer: `https://solscan.io/tx/${id}`,
    })
    expect(status.retry.says).toContain('no new signature may be made')
  })
})
