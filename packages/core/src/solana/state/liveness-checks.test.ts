// Whether a transaction landed, and whether it still can. A row has what one RPC said, and what the checks make of it.
import { describe, expect, it } from 'vitest'
import { checked } from '../../../../../test/solana/checked.ts'
import {
  addressOf,
  behind,
  dead,
  deadUnfinalized,
  landed,
  now,
  type Recorded,
  recorded,
  runs,
  simulatedAsIs,
  simulatedWith,
  stranger,
  unreadable,
  untold,
  type Word,
} from '../../../../../test/solana/recorded.ts'
import { catalogue } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { transferOf } from '../transaction/transfer.ts'
import { livenessChecks, sayLanded, wasProcessed } from './liveness-checks.ts'
import { readPayee } from './read-payee.ts'

const told = (name: string, ...words: readonly Word[]): readonly string[] => checked(livenessChecks, recorded(name, ...words))

const rows: readonly (readonly [title: string, words: readonly Word[], told: readonly string[]])[] = [
  ['not landed, and it lives', [], []],
  ['not landed, and it runs', [runs], []],
  ['landed', [landed()], ['settlement: svm-already-processed transaction', 'blockhash: moot']],
  ['landed, and the blockhash is dead', [landed(), dead], ['settlement: svm-already-processed transaction', 'blockhash: moot']],
  ['landed with an error', [landed({ error: 'x' }), dead], ['settlement: svm-landed-with-error transaction', 'blockhash: moot']],
  [
    'landed, and the simulation says so too',
    [landed(), simulatedAsIs('AlreadyProcessed')],
    ['settlement: svm-already-processed transaction', 'blockhash: moot'],
  ],
  [
    'landed with an error, and the simulation says that it was processed',
    [landed({ error: 'x' }), simulatedAsIs('AlreadyProcessed')],
    ['settlement: svm-landed-with-error transaction', 'blockhash: moot'],
  ],
  ['processed, and not found', [simulatedAsIs('AlreadyProcessed')], ['settlement: svm-already-processed transaction']],
  [
    'processed, and could not be looked for',
    [simulatedAsIs('AlreadyProcessed'), untold('settlement')],
    ['settlement: svm-already-processed transaction'],
  ],
  ['another error of the simulation says nothing of it', [simulatedWith('BlockhashNotFound')], []],
  ['could not be looked for', [untold('settlement')], ['settlement: fact-unread']],
  [
    'could not be looked for, and is dead',
    [untold('settlement'), dead],
    ['settlement: fact-unread', 'blockhash: svm-blockhash-expired transaction.blockhash'],
  ],
  ['not landed, and dead', [dead], ['blockhash: svm-blockhash-expired transaction.blockhash']],
  ['dead in the newest block', [deadUnfinalized], ['blockhash: svm-blockhash-expired transaction.blockhash']],
  ['whether it lives was not told', [untold('blockhash')], ['blockhash: fact-unread']],
  ['neither was told', [untold('blockhash'), untold('settlement')], ['settlement: fact-unread', 'blockhash: fact-unread']],
  [
    'landed at an account that was a stranger by then',
    [landed({ receiver: stranger })],
    ['settlement: svm-already-processed transaction', 'settlement: svm-destination-owner-changed transfer.destination', 'blockhash: moot'],
  ],
  [
    'landed with an error at an account of a stranger: nothing moved',
    [landed({ receiver: stranger, error: 'x' })],
    ['settlement: svm-landed-with-error transaction', 'blockhash: moot'],
  ],
]

describe('a payment', () => {
  it.each(rows)('%s', (_, words, expected) => expect(told('valid', ...words)).toEqual(expected))

  it('that landed at the account of the payee is told to have', () => {
    const { payment } = recorded('valid')
    expect(told('valid', landed({ receiver: addressOf('payTo', payment) }))).toEqual([
      'settlement: svm-already-processed transaction',
      'blockhash: moot',
    ])
  })

  it('that nobody can read is not judged', () => {
    const { payment, state } = unreadable(dead)
    for (const check of livenessChecks)
      expect(check.run(payment, { network: recorded('valid').payment.network, state, payee: { kind: 'wallet' } })).toMatchObject({
        outcome: 'skip',
        code: 'undecodable',
      })
  })
})

function findings({ payment, state }: Pick<Recorded, 'payment' | 'state'>, at?: bigint): readonly Finding[] {
  const transfer = transferOf(payment.transaction)
  return livenessChecks.flatMap((check) => {
    const result = check.run(payment, {
      network: payment.network,
      state,
      payee: readPayee(payment, state),
      ...(transfer === undefined ? {} : { transfer }),
      ...(at === undefined ? {} : { at }),
    })
    return result.outcome === 'fail' ? result.findings : []
  })
}

it('whatever is told was read from the chain, and says where', () => {
  for (const words of [[landed()], [landed({ error: 'x' })], [simulatedAsIs('AlreadyProcessed')], [dead]] as const) {
    const [found] = findings(recorded('valid', ...words))
    expect(found?.evidence.map(({ source }) => source)).toEqual(['chain', 'chain'])
    for (const { says } of found?.evidence ?? []) expect(says).toMatch(/^[A-Za-z].+/)
    expect(found?.evidence.map(({ says }) => says).join(' ')).toMatch(/a\.example/)
  }
  const [, changed] = findings(recorded('valid', landed({ receiver: stranger })))
  expect(changed?.evidence.map(({ source }) => source)).toEqual(['chain'])
})

it('that it was paid, or processed, is the fault of nobody', () => {
  expect(findings(recorded('valid', landed())).map(({ party }) => party)).toEqual(['nobody'])
  expect(findings(recorded('valid', simulatedAsIs('AlreadyProcessed'))).map(({ party }) => party)).toEqual(['nobody'])
})

it('an account that is not the own one of the payee may be of whom it will', () => {
  const { payment, state } = recorded('valid', landed({ receiver: addressOf('payer', recorded('valid').payment) }))
  const elsewhere = { ...payment, requirements: { ...payment.requirements, payTo: stranger } }
  expect(findings({ payment: elsewhere, state }).map(({ cause }) => cause)).toEqual(['svm-already-processed'])
  const unnamed = { ...payment, requirements: { asset: payment.network.mint } }
  expect(findings({ payment: unnamed, state }).map(({ cause }) => cause)).toEqual(['svm-already-processed'])
})

it('what the blockhash should have been is of the last blocks, or what a nonce account keeps', () => {
  const [usual, durable] = [findings(recorded('valid', dead))[0], findings(recorded('durable-nonce', dead))[0]]
  expect(usual?.expected).toMatch(/150 blocks/)
  expect(usual?.summary).toMatch(/blockhash is dead/)
  expect(durable?.summary).toMatch(/nonce account/)
  expect(findings(recorded('valid', dead), now)[0]?.summary).not.toBe(usual?.summary)
})

describe('whose fault a dead blockhash is', () => {
  // One that was good when it was submitted lives for 60 s at the least: dead before that, it was dead at once.
  it.each<readonly [title: string, words: readonly Word[], at: bigint | undefined, party: Finding['party']]>([
    ['nobody said when', [dead], undefined, 'nobody'],
    ['asked 60 s after it', [dead], now - 60n, 'nobody'],
    ['asked 59 s after it', [dead], now - 59n, 'client'],
    ['asked before it', [dead], now + 5n, 'client'],
    ['asked of a node that is as late as that', [dead, behind(600n)], now - 659n, 'client'],
    ['asked of a node of which nobody knows how late it is', [dead, untold('time')], now - 1n, 'nobody'],
  ])('%s', (_, words, at, party) => {
    expect(findings(recorded('valid', ...words), at).map((finding) => finding.party)).toEqual([party])
  })

  it("a durable nonce's that is gone is the client's", () => {
    const [found] = findings(recorded('durable-nonce', dead))
    expect(found).toMatchObject({ cause: 'svm-blockhash-expired', party: 'client' })
    expect(found?.expected).toMatch(/^what the nonce account \w+ keeps$/)
  })
})

describe('whose fault an error is that it landed with', () => {
  // Numbers of spl-token's TokenError; of several causes with several parties nobody is said.
  it.each<readonly [error: unknown, logs: readonly string[], party: Finding['party']]>([
    ['InsufficientFundsForFee', [], 'facilitator'],
    [{ InsufficientFundsForRent: { account_index: 0 } }, [], 'facilitator'],
    [{ InstructionError: [2, { Custom: 1 }] }, [], 'client'],
    [{ InstructionError: [2, { Custom: 17 }] }, [], 'token'],
    [{ InstructionError: [2, { Custom: 4 }] }, [], 'client'],
    // Insufficient funds of the token, and insufficient lamports of whoever pays for an account.
    [
      { InstructionError: [2, { Custom: 1 }] },
      ['Program TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA failed: custom program error: 0x1'],
      'client',
    ],
    [{ InstructionError: [2, { Custom: 1 }] }, ['Program 11111111111111111111111111111111 failed: custom program error: 0x1'], 'nobody'],
    [{ InstructionError: [2, { Custom: 2 }] }, [], 'nobody'],
    [{ InstructionError: [2, { Custom: 5 }] }, [], 'nobody'],
    [{ InstructionError: [2, { Custom: 4_242 }] }, [], 'nobody'],
    [{ InstructionError: [2, 'InvalidAccountData'] }, [], 'nobody'],
    ['AccountInUse', [], 'nobody'],
  ])('%j', (error, logs, party) => {
    const [found] = findings(recorded('valid', landed({ error, logs })))
    expect(found).toMatchObject({ cause: 'svm-landed-with-error', party })
  })

  it('is one of a party that the catalogue has for its causes', () => {
    expect(catalogue['svm-insufficient-funds'].parties[0]).toBe('client')
    expect(catalogue['svm-account-frozen'].parties[0]).toBe('token')
  })
})

describe('what landed is the settlement of the offer', () => {
  const asked = (change: Partial<NonNullable<SvmPayment['requirements']>>, receiver: string | null = null): string => {
    const { payment, state } = recorded('valid', landed({ receiver }))
    const [found] = findings({ payment: { ...payment, requirements: { ...payment.requirements, ...change } }, state })
    expect(found?.cause).toBe('svm-already-processed')
    return /^Take \w+ as the settlement/.test(found?.fix ?? '')
      ? 'yes'
      : /is no settlement of this offer/.test(found?.fix ?? '')
        ? 'no'
        : 'unclear'
  }
  const { payment } = recorded('valid')
  it.each<readonly [title: string, answer: string, settled: 'yes' | 'no']>([
    ['as it was asked', asked({}), 'yes'],
    ['one unit less was asked for', asked({ amount: 9_999n }), 'yes'],
    ['one unit more was asked for', asked({ amount: 10_001n }), 'no'],
    ['another token was asked for', asked({ asset: stranger }), 'no'],
    ['another payee was named', asked({ payTo: stranger }), 'no'],
    ["the account was the payee's then", asked({}, addressOf('payTo', payment)), 'yes'],
    ["the account was a stranger's then", asked({}, stranger), 'no'],
  ])('%s', (_, answer, settled) => expect(answer).toBe(settled))

  it('cannot be told without the offer, or where it has not just one transfer', () => {
    const { payment: own, state } = recorded('valid', landed())
    const { requirements: _, ...without } = own
    expect(findings({ payment: { ...without, network: own.network, transaction: own.transaction }, state })[0]?.fix).toMatch(
      /is no settlement/,
    )
    expect(findings(recorded('two-transfers', landed()))[0]?.fix).toMatch(/is no settlement/)
  })

  it('may move more than was asked for, of what was asked for', () => {
    const { payment: own, state } = recorded('valid', landed())
    const fixOf = (requirements: NonNullable<SvmPayment['requirements']>): string | undefined =>
      findings({ payment: { ...own, requirements }, state })[0]?.fix
    expect(fixOf({ amount: 9_999n })).toMatch(/^Take/)
    expect(fixOf({ amount: 10_001n })).toMatch(/is no settlement/)
    expect(fixOf({ asset: own.network.mint })).toMatch(/^Take/)
    expect(fixOf({ asset: stranger })).toMatch(new RegExp(`it moved ${own.network.mint}, and not ${stranger}`))
    expect(fixOf({})).toMatch(/^Take/)
  })

  it('of an offer that names neither payee nor amount is what it says', () => {
    const { payment: own, state } = recorded('valid', landed({ receiver: stranger }))
    const { payTo: _, amount: __, ...rest } = own.requirements ?? {}
    const found = findings({ payment: { ...own, requirements: rest }, state })
    expect(found.map(({ cause }) => cause)).toEqual(['svm-already-processed'])
    expect(found[0]?.fix).toMatch(/^Take/)
  })
})

it('processed is what the node has run, and its search has not shown', () => {
  const is = (...words: readonly Word[]): boolean => wasProcessed(recorded('valid', ...words).state)
  expect(is()).toBe(false)
  expect(is(simulatedAsIs('AlreadyProcessed'))).toBe(true)
  expect(is(simulatedAsIs('AlreadyProcessed'), untold('settlement'))).toBe(true)
  expect(is(simulatedAsIs('AlreadyProcessed'), landed())).toBe(false)
  expect(is(simulatedAsIs('BlockhashNotFound'))).toBe(false)
  expect(is(runs)).toBe(false)
})

it('where it landed is said with the time where that is known', () => {
  const settlement = { transaction: 'x', slot: 5n, error: null, logs: [], receiver: null }
  expect(sayLanded({ ...settlement, time: { known: true, value: 1_790_000_000n } })).toBe('in slot 5 (2026-09-21 14:13:20 UTC)')
  expect(sayLanded({ ...settlement, time: { known: false, reason: 'no' } })).toBe('in slot 5')
})
