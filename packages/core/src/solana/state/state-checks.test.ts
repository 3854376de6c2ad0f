// What the token program and the cluster look at, from the accounts' bytes. What a row expects is from spl-token's and Token-2022's processors (their order
// does not matter here: all that is wrong is told), from the associated token program, and from agave's rules for fee payers.
import { describe, expect, it } from 'vitest'
import { checked } from '../../../../../test/solana/checked.ts'
import {
  addressOf,
  decimals,
  delegatedTo,
  extended,
  frozen,
  having,
  holds,
  missing,
  ofMint,
  ownedBy,
  type Recorded,
  recorded,
  recordedOn,
  rent,
  runs,
  simulatedWith,
  stranger,
  token2022,
  tokenProgram,
  unasked,
  uninitialised,
  unread,
  unreadable,
  untold,
  type Word,
  withRent,
  written,
} from '../../../../../test/solana/recorded.ts'
import type { Finding } from '../../causes/finding.ts'
import { known, unknown } from '../../evidence/known.ts'
import type { SvmInstruction, SvmTransaction } from '../transaction/payment.ts'
import { programs } from '../transaction/programs.ts'
import { associatedTokenAccount } from '../transaction/token-account.ts'
import { transferOf } from '../transaction/transfer.ts'
import { readPayee } from './read-payee.ts'
import { ranOut, stateChecks } from './state-checks.ts'

const price = 10_000n
/** Two signatures of 5,000 lamports, and 20,000 units of 1 microlamport, rounded up to a whole lamport. */
const fee = 10_001n

const told = (name: string, ...words: readonly Word[]): readonly string[] => checked(stateChecks, recorded(name, runs, ...words))

type Row = readonly [title: string, words: readonly Word[], told: readonly string[]]

const one: readonly Row[] = [
  ['nothing is wrong', [], []],
  ['the payer holds just what it pays', [holds(price)], []],
  ['the payer holds one unit less', [holds(price - 1n)], ['source: svm-insufficient-funds transfer.amount']],
  ['the payer holds nothing', [holds(0n)], ['source: svm-insufficient-funds transfer.amount']],
  ["the payer's account is not there", [missing('source')], ['source: svm-source-account-missing transfer.source absent']],
  [
    "the payer's account was never initialised",
    [uninitialised('source')],
    ['source: svm-source-account-missing transfer.source uninitialised'],
  ],
  [
    "the payer's account is a wallet",
    [having('source', { owner: '11111111111111111111111111111111', data: new Uint8Array() })],
    ['source: svm-source-account-missing transfer.source other-kind'],
  ],
  ["the payer's account is frozen", [frozen('source')], ['source: svm-account-frozen transfer.source']],
  ["the payer's account is of another mint", [ofMint('source', stranger)], ['source: svm-mint-mismatch transfer.source']],
  ["the payer's account is a stranger's", [ownedBy('source', stranger)], ['source: svm-authority-mismatch transfer.authority']],
  [
    "the payee's account is not there",
    [missing('destination')],
    ['destination: svm-destination-account-missing transfer.destination absent'],
  ],
  [
    "the payee's account was never initialised",
    [uninitialised('destination')],
    ['destination: svm-destination-account-missing transfer.destination uninitialised'],
  ],
  [
    "the payee's account is a program's",
    [having('destination', { owner: stranger })],
    ['destination: svm-destination-account-missing transfer.destination other-kind'],
  ],
  ["the payee's account is frozen", [frozen('destination')], ['destination: svm-account-frozen transfer.destination']],
  ["the payee's account is of another mint", [ofMint('destination', stranger)], ['destination: svm-mint-mismatch transfer.destination']],
  [
    "the payee's account was handed over",
    [ownedBy('destination', stranger)],
    ['destination: svm-destination-owner-changed transfer.destination'],
  ],
  [
    'the mint is not there: what else is missing says no more',
    [missing('mint'), missing('source'), missing('destination')],
    ['mint: svm-wrong-cluster transfer.mint', 'source: moot', 'destination: moot'],
  ],
  ['the mint is a wallet', [having('mint', { owner: stranger })], ['mint: svm-mint-invalid transfer.mint']],
  ['the mint was never initialised', [written('mint', (data) => data.setUint8(45, 0))], ['mint: svm-mint-invalid transfer.mint']],
  ['the mint is of the other program', [having('mint', { owner: token2022 })], ['mint: svm-token-program-mismatch transfer.tokenProgram']],
  ['the mint has more decimals', [decimals(9)], ['mint: svm-decimals-mismatch transfer.decimals']],
  ['the mint has less', [decimals(5)], ['mint: svm-decimals-mismatch transfer.decimals']],
  ['the fee payer is not there', [missing('feePayer')], ['fee-payer: svm-fee-payer-funds transaction.feePayer']],
  ['the fee payer has no lamports', [having('feePayer', { lamports: 0n })], ['fee-payer: svm-fee-payer-funds transaction.feePayer']],
  [
    'the fee payer is an account of a program',
    [having('feePayer', { owner: tokenProgram })],
    ['fee-payer: svm-fee-payer-funds transaction.feePayer'],
  ],
  [
    'the fee payer has one lamport less than the fee',
    [having('feePayer', { lamports: fee - 1n })],
    ['fee-payer: svm-fee-payer-funds transaction.feePayer'],
  ],
  ['the fee payer has just the fee, and is empty afterwards', [having('feePayer', { lamports: fee })], []],
  [
    'the fee payer is left with one lamport',
    [having('feePayer', { lamports: fee + 1n })],
    ['fee-payer: svm-fee-payer-funds transaction.feePayer'],
  ],
  [
    'the fee payer is left with one lamport less than the rent',
    [having('feePayer', { lamports: fee + rent - 1n })],
    ['fee-payer: svm-fee-payer-funds transaction.feePayer'],
  ],
  ['the fee payer is left with the rent', [having('feePayer', { lamports: fee + rent })], []],
  ['the rent is another one', [withRent(1n), having('feePayer', { lamports: fee + 1n })], []],
  [
    'the rent was not told: the usual one',
    [untold('rent'), having('feePayer', { lamports: fee + rent - 1n })],
    ['fee-payer: svm-fee-payer-funds transaction.feePayer'],
  ],
  ['the rent was not told, and the usual one is left', [untold('rent'), having('feePayer', { lamports: fee + rent })], []],
]

const several: readonly Row[] = [
  [
    'frozen, empty and handed over: each is told',
    [frozen('source'), holds(0n), ownedBy('source', stranger)],
    [
      'source: svm-account-frozen transfer.source',
      'source: svm-insufficient-funds transfer.amount',
      'source: svm-authority-mismatch transfer.authority',
    ],
  ],
  [
    'both accounts are missing',
    [missing('source'), missing('destination')],
    [
      'source: svm-source-account-missing transfer.source absent',
      'destination: svm-destination-account-missing transfer.destination absent',
    ],
  ],
  [
    'both are frozen',
    [frozen('source'), frozen('destination')],
    ['source: svm-account-frozen transfer.source', 'destination: svm-account-frozen transfer.destination'],
  ],
  [
    'decimals, program and balance',
    [decimals(9), having('mint', { owner: token2022 }), holds(1n)],
    [
      'mint: svm-token-program-mismatch transfer.tokenProgram',
      'mint: svm-decimals-mismatch transfer.decimals',
      'source: svm-insufficient-funds transfer.amount',
    ],
  ],
  [
    'both are of another mint, which is what is wrong with each',
    [ofMint('source', stranger), ofMint('destination', stranger)],
    ['source: svm-mint-mismatch transfer.source', 'destination: svm-mint-mismatch transfer.destination'],
  ],
  [
    'the payee is missing, the payer is short, and nobody pays the fee',
    [missing('destination'), holds(price - 1n), having('feePayer', { lamports: 1n })],
    [
      'source: svm-insufficient-funds transfer.amount',
      'destination: svm-destination-account-missing transfer.destination absent',
      'fee-payer: svm-fee-payer-funds transaction.feePayer',
    ],
  ],
]

const open: readonly Row[] = [
  ['the mint was not told', [unread('mint')], ['mint: fact-unread']],
  ['the payer was not told', [unread('source')], ['source: fact-unread']],
  ['the payer was not asked for', [unasked('source')], ['source: fact-unasked']],
  ['the payee was not told', [unread('destination')], ['destination: fact-unread']],
  ['the fee payer was not told', [unread('feePayer')], ['fee-payer: fact-unread']],
  ['payTo was not told', [unread('payTo')], ['payee: fact-unread']],
  ['payTo does not exist: a wallet that nobody has used', [missing('payTo')], []],
  [
    'what could be read is told beside what could not',
    [unread('mint'), holds(0n), unasked('feePayer')],
    ['mint: fact-unread', 'source: svm-insufficient-funds transfer.amount', 'fee-payer: fact-unasked'],
  ],
  [
    'a mint that was not told makes nothing moot',
    [unread('mint'), missing('source')],
    ['mint: fact-unread', 'source: svm-source-account-missing transfer.source absent'],
  ],
]

describe('of a payment that is right in itself', () => {
  it.each([...one, ...several, ...open])('%s', (_, words, expected) => {
    expect(told('valid', ...words)).toEqual(expected)
  })
})

describe('of the other cluster', () => {
  it('is the same, with its own mint', () => {
    for (const [, words, expected] of one)
      expect(checked(stateChecks, recordedOn('solana-devnet', 'valid', runs, ...words))).toEqual(expected)
  })
})

describe('a delegate', () => {
  const authority = addressOf('payer', recorded('valid').payment)
  it.each<readonly [title: string, words: readonly Word[], told: readonly string[]]>([
    ['may move what it was allowed', [ownedBy('source', stranger), delegatedTo(authority, price)], []],
    [
      'may not move one unit more',
      [ownedBy('source', stranger), delegatedTo(authority, price - 1n)],
      ['source: svm-authority-mismatch transfer.authority'],
    ],
    [
      'who is another one may move nothing',
      [ownedBy('source', stranger), delegatedTo(stranger, price)],
      ['source: svm-authority-mismatch transfer.authority'],
    ],
    ['takes nothing from the owner', [delegatedTo(stranger, 1n)], []],
  ])('%s', (_, words, expected) => expect(told('valid', ...words)).toEqual(expected))
})

/** By Token-2022's `ExtensionType`: 1 TransferFeeConfig, 8 MemoTransfer, 9 NonTransferable, 14 TransferHook, 26 Pausable. */
const extensions: readonly (readonly [
  title: string,
  role: 'mint' | 'destination' | 'source',
  type: number,
  data: readonly number[] | Uint8Array,
  told: readonly string[],
])[] = [
  ['can not be transferred', 'mint', 9, [], ['mint: svm-token-extension transfer.mint']],
  ['is paused', 'mint', 26, [...Array(32).fill(7), 1], ['mint: svm-token-extension transfer.mint']],
  ['is not paused', 'mint', 26, [...Array(32).fill(7), 0], []],
  ['calls a program', 'mint', 14, [...Array(32).fill(0), ...Array(31).fill(0), 1], ['mint: svm-token-extension transfer.mint']],
  [
    'calls a program (first byte)',
    'mint',
    14,
    [...Array(32).fill(0), 1, ...Array(31).fill(0)],
    ['mint: svm-token-extension transfer.mint'],
  ],
  ['could be made to call a program, and calls none', 'mint', 14, [...Array(32).fill(7), ...Array(32).fill(0)], []],
  // Two authorities, what was withheld, then the older fee (epoch, most, basis points) and the newer one: bytes 88 and 106 are the basis points.
  ['keeps a fee, in the older form', 'mint', 1, feeWith(88), ['mint: warning svm-token-extension transfer.mint']],
  ['keeps a fee of more than 2.55 %', 'mint', 1, feeWith(89), ['mint: warning svm-token-extension transfer.mint']],
  ['keeps a fee from the next epoch on', 'mint', 1, feeWith(106), ['mint: warning svm-token-extension transfer.mint']],
  ['keeps a large fee from the next epoch on', 'mint', 1, feeWith(107), ['mint: warning svm-token-extension transfer.mint']],
  ['could keep a fee, and keeps none', 'mint', 1, feeWith(undefined), []],
  ['could keep a fee, up to some most, and keeps none', 'mint', 1, feeWith(80), []],
  ['has a name', 'mint', 19, [1, 2, 3], []],
  ['takes nothing without a memo', 'destination', 8, [1], ['destination: svm-token-extension transfer.destination']],
  ['took nothing without a memo once', 'destination', 8, [0], []],
  ['is of a payer who takes nothing without a memo, which stops nothing', 'source', 8, [1], []],
]

function feeWith(place: number | undefined): Uint8Array {
  const data = new Uint8Array(108)
  if (place !== undefined) data[place] = 1
  return data
}

describe('an account of Token-2022', () => {
  // All three accounts are of that program, and the payment calls it.
  const programmed = (words: readonly Word[]): readonly string[] => {
    const { payment, state } = recorded(
      'valid',
      runs,
      ...(['mint', 'source', 'destination'] as const).map((role) => having(role, { owner: token2022 })),
      ...words,
    )
    const instructions = payment.transaction.instructions.map((each) =>
      each.meaning.kind === 'transfer-checked' ? { ...each, meaning: { ...each.meaning, tokenProgram: token2022 } } : each,
    )
    return checked(stateChecks, { payment: { ...payment, transaction: { ...payment.transaction, instructions } }, state })
  }
  it.each(extensions)('that %s', (_, role, type, data, expected) => expect(programmed([extended(role, type, data)])).toEqual(expected))

  it('with several extensions is told for each', () => {
    const many = [
      extended('mint', 19, [1, 2]),
      extended('mint', 9, []),
      extended('mint', 26, [...Array(32).fill(0), 1]),
      extended('mint', 1, feeWith(88)),
    ]
    expect(programmed(many)).toEqual([
      'mint: svm-token-extension transfer.mint',
      'mint: svm-token-extension transfer.mint',
      'mint: warning svm-token-extension transfer.mint',
    ])
  })

  it('whose extensions are cut off is read as far as they go', () => {
    const cut = written('mint', (data) => data.setUint16(168, 9_999, true))
    expect(programmed([extended('mint', 9, [1, 2, 3]), cut])).toEqual([])
    expect(programmed([extended('mint', 0, []), extended('mint', 9, [])])).toEqual([])
  })
})

describe('payTo', () => {
  const named = (payTo: string | undefined, ...words: readonly Word[]): readonly string[] => {
    const { payment, state } = recorded('valid', runs, ...words)
    const { payTo: _, ...rest } = payment.requirements ?? {}
    return checked(stateChecks, { payment: { ...payment, requirements: payTo === undefined ? rest : { ...rest, payTo } }, state })
  }
  const { payment } = recorded('valid')
  const [source, destination] = (['source', 'destination'] as const).map((role) => addressOf(role, payment)) as [string, string]

  it('is nobody: nothing says who has to be paid', () => {
    expect(named(undefined)).toEqual(['payee: no-offer'])
    expect(named(undefined, ownedBy('destination', stranger))).toEqual(['payee: no-offer'])
  })

  it('is a token account, as the cluster shows: its owner should stand there', () => {
    expect(named(source)).toEqual(['payee: svm-recipient-mismatch requirements.payTo'])
    expect(named(destination)).toEqual(['payee: svm-recipient-mismatch requirements.payTo'])
  })

  it('is a program, or a mint that nobody knows', () => {
    const asProgram = having({ address: stranger }, { executable: true })
    expect(named(stranger, asProgram, missing('destination'))).toEqual([
      'destination: svm-recipient-mismatch transfer.destination absent',
      'payee: svm-recipient-mismatch requirements.payTo',
    ])
  })

  it('is somebody else, whose account is there or not', () => {
    const { address } = { address: stranger }
    // That it is another account than the payee's is for the offer's own checks; the cluster only adds what it knows.
    expect(named(address, having({ address }, {}))).toEqual([])
    expect(named(address, having({ address }, {}), missing('destination'))).toEqual([
      'destination: svm-recipient-mismatch transfer.destination absent',
    ])
  })
})

describe('accounts that the transaction makes itself', () => {
  it.each<readonly [fixture: string, words: readonly Word[], told: readonly string[]]>([
    ['svm-creates-token-account', [], []],
    ['svm-creates-token-account', [missing('destination')], []],
    ['creates-token-account-again', [], ['created-accounts: svm-creates-token-account instructions[2]']],
    ['creates-token-account-again', [missing('destination')], []],
    // Lamports that somebody sent to the address do not make it one.
    [
      'creates-token-account-again',
      [having('destination', { owner: '11111111111111111111111111111111', data: new Uint8Array() })],
      ['destination: svm-destination-account-missing transfer.destination other-kind'],
    ],
    ['creates-token-account-again', [unread('destination')], ['destination: fact-unread', 'created-accounts: fact-unread']],
  ])('%s', (name, words, expected) => expect(told(name, ...words)).toEqual(expected))
})

describe('compute units', () => {
  const out = [
    'Program consumed 5000 of 5000 compute units',
    'Program TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA failed: exceeded CUs meter at BPF instruction',
  ]
  it.each<readonly [title: string, word: Word, told: readonly string[]]>([
    ['nobody ran it', (state) => state, ['compute-units: fact-unread']],
    [
      'the run says that they ran out',
      simulatedWith({ InstructionError: [2, 'ProgramFailedToComplete'] }, out),
      ['compute-units: svm-compute-limit instructions[0]'],
    ],
    [
      'the run has an error for it',
      simulatedWith({ InstructionError: [2, 'ComputationalBudgetExceeded'] }),
      ['compute-units: svm-compute-limit instructions[0]'],
    ],
    ['the run fails for something else', simulatedWith({ InstructionError: [2, { Custom: 1 }] }), []],
    ['the run takes it, whatever its log says', simulatedWith(null, out), []],
  ])('%s', (_, word, expected) => expect(checked(stateChecks, recorded('valid', word))).toEqual(expected))

  it('ran out by the words of the runtime, old and new', () => {
    expect(ranOut('x', ['Program failed: exceeded maximum number of instructions allowed (200000)'])).toBe(true)
    expect(ranOut('x', ['Program log: all is well'])).toBe(false)
    expect(ranOut(undefined, out)).toBe(false)
    expect(ranOut(null, out)).toBe(false)
    expect(ranOut({ InstructionError: [3, 'ComputationalBudgetExceeded'] }, [])).toBe(true)
  })
})

describe('what can not be judged', () => {
  it('is told where there is not just one transfer', () => {
    expect(told('two-transfers')).toEqual(['mint: no-transfer', 'source: no-transfer'])
    expect(told('svm-instruction-layout')).toEqual(['mint: no-transfer', 'source: no-transfer'])
  })

  it('is told where accounts come from a lookup table that nobody has', () => {
    const lines = told('svm-lookup-table-unresolved')
    expect(lines).toContain('lookup-tables: fact-unasked')
  })
})

describe('a lookup table', () => {
  const { payment } = recorded('svm-lookup-table-unresolved')
  const [address = ''] = payment.transaction.lookupTables
  const kept = (change: (data: Uint8Array) => void = () => undefined): Word => {
    const data = new Uint8Array(56 + 64)
    data[0] = 1
    change(data)
    return having({ address }, { owner: 'AddressLookupTab1e1111111111111111111111111', data })
  }
  const lines = (...words: readonly Word[]): readonly string[] =>
    told('svm-lookup-table-unresolved', ...words).filter((line) => line.startsWith('lookup-tables'))
  it.each<readonly [title: string, words: readonly Word[], told: readonly string[]]>([
    ['that is there', [kept()], []],
    [
      'that is not there',
      [kept(), (state) => ({ ...state, accounts: new Map([...state.accounts, [address, known(null)]]) })],
      ['lookup-tables: svm-lookup-table-unresolved transaction.addressTableLookups'],
    ],
    [
      'that is of another kind',
      [kept((data) => data.fill(0))],
      ['lookup-tables: svm-lookup-table-unresolved transaction.addressTableLookups'],
    ],
    [
      'that was not told',
      [(state) => ({ ...state, accounts: new Map([...state.accounts, [address, unknown('no')]]) })],
      ['lookup-tables: fact-unread'],
    ],
    ['that was not asked for', [], ['lookup-tables: fact-unasked']],
  ])('%s', (_, words, expected) => expect(lines(...words)).toEqual(expected))

  it('whose accounts are not in place leaves them unknown, and what is in place is judged', () => {
    // The mint and the destination are in the table, the payer's account is not.
    const found = told('svm-lookup-table-unresolved', kept(), holds(0n, { address: addressOf('source', payment) }))
    expect(found).toEqual(['mint: fact-unread', 'source: svm-insufficient-funds transfer.amount', 'destination: fact-unread'])
  })
})

describe('the rest of a payment', () => {
  const changed = (
    change: (transaction: SvmTransaction, transfer: SvmInstruction) => SvmTransaction,
    ...words: readonly Word[]
  ): readonly string[] => {
    const { payment, state } = recorded('valid', runs, ...words)
    const transfer = payment.transaction.instructions.find(({ meaning }) => meaning.kind === 'transfer-checked')
    if (transfer === undefined) throw new TypeError('no transfer')
    return checked(stateChecks, { payment: { ...payment, transaction: change(payment.transaction, transfer) }, state })
  }
  const hook = extended('mint', 14, [...Array(32).fill(0), 1, ...Array(31).fill(0)])

  it('may list what a hook needs, behind the four accounts of the transfer', () => {
    const listing =
      (count: number) =>
      (transaction: SvmTransaction, transfer: SvmInstruction): SvmTransaction => ({
        ...transaction,
        instructions: transaction.instructions.map((each) =>
          each === transfer
            ? { ...each, accounts: [...each.accounts, ...Array(count).fill(stranger)] }
            : { ...each, accounts: Array(9).fill(stranger) },
        ),
      })
    expect(changed(listing(0), hook)).toContain('mint: svm-token-extension transfer.mint')
    expect(changed(listing(1), hook)).not.toContain('mint: svm-token-extension transfer.mint')
  })

  it('may have the memo right before the transfer, where the payee wants one', () => {
    const wanted = extended('destination', 8, [1])
    const before = (transaction: SvmTransaction, transfer: SvmInstruction): SvmTransaction => {
      const memo = transaction.instructions.filter(({ meaning }) => meaning.kind === 'memo')
      const rest = transaction.instructions.filter(({ meaning }) => meaning.kind !== 'memo')
      const place = rest.indexOf(transfer)
      return { ...transaction, instructions: [...rest.slice(0, place), ...memo, ...rest.slice(place)] }
    }
    const first = (transaction: SvmTransaction, transfer: SvmInstruction): SvmTransaction => ({
      ...transaction,
      instructions: [
        ...transaction.instructions.filter(({ meaning }) => meaning.kind === 'memo'),
        ...transaction.instructions.filter(({ meaning }) => meaning.kind !== 'memo'),
      ].filter((each) => each !== undefined && transfer !== undefined),
    })
    const line = 'destination: svm-token-extension transfer.destination'
    expect(changed(before, wanted)).not.toContain(line)
    expect(changed(first, wanted)).toContain(line)
    expect(changed((transaction) => transaction, wanted)).toContain(line)
    expect(changed((transaction, transfer) => ({ ...transaction, instructions: [transfer] }), wanted)).toContain(line)
  })

  it('may make the account that it pays from', () => {
    const making = (transaction: SvmTransaction): SvmTransaction => {
      const source = addressOf('source', recorded('valid').payment)
      const creation: SvmInstruction = {
        program: null,
        accounts: [null, source],
        data: new Uint8Array(),
        meaning: { kind: 'create-token-account', idempotent: true },
      }
      return { ...transaction, instructions: [creation, ...transaction.instructions] }
    }
    expect(changed(making, missing('source'))).toEqual([])
    // One that is there is not made, and holds what it holds.
    expect(changed(making, holds(0n))).toEqual(['source: svm-insufficient-funds transfer.amount'])
    expect(changed((transaction) => transaction, missing('source'))).toHaveLength(1)
  })

  it('may set no limit of units, and one that does not suffice is told as it is', () => {
    const { payment, state } = recorded('valid', simulatedWith('x', ['exceeded CUs meter']))
    const seen = (instructions: readonly SvmInstruction[]): string | undefined => {
      const found = stateChecks
        .find(({ id }) => id === 'compute-units')
        ?.run(
          { ...payment, transaction: { ...payment.transaction, instructions } },
          { network: payment.network, state, payee: { kind: 'wallet' } },
        )
      return found?.outcome === 'fail' ? found.findings[0]?.seen : undefined
    }
    const { instructions } = payment.transaction
    expect(seen(instructions)).toBe('20000')
    expect(seen([...instructions].reverse())).toBe('20000')
    expect(seen(instructions.filter(({ meaning }) => meaning.kind !== 'compute-limit'))).toBe('no limit')
  })

  it('of which only broken bytes are there is judged by nothing but its offer', () => {
    const { payment, state } = unreadable()
    const made = stateChecks.map(({ id, run }) => ({
      id,
      result: run(payment, { network: recorded('valid').payment.network, state, payee: readPayee(payment, state) }),
    }))
    expect(made.map(({ id, result }) => `${id} ${result.outcome === 'skip' ? result.code : result.outcome}`)).toEqual([
      'lookup-tables pass',
      'mint undecodable',
      'source undecodable',
      'destination pass',
      'payee pass',
      'created-accounts pass',
      'fee-payer undecodable',
      'compute-units fact-unread',
    ])
  })
})

describe('a payee that is named', () => {
  /** The payment with another payTo, its own account there or not. */
  const named = (payTo: string, account: 'there' | 'missing', ...words: readonly Word[]): readonly Finding[] => {
    const { payment, state: before } = recorded('valid', runs, ...words)
    const own = associatedTokenAccount(payTo, tokenProgram, payment.network.mint)
    const there = before.accounts.get(addressOf('destination', payment))
    const state = {
      ...before,
      accounts: new Map([...before.accounts, [own, account === 'missing' || there === undefined ? known(null) : there]]),
    }
    const of = { ...payment, requirements: { ...payment.requirements, payTo } }
    return findingsIn({ payment: of, state })
  }
  const lines = (found: readonly Finding[]): readonly string[] =>
    found.map(({ severity, cause, field, party }) => `${severity} ${cause} ${field} ${party}`)
  const wallet = having({ address: stranger }, {})

  it('has an account elsewhere, or none, beside the one that is paid', () => {
    expect(lines(named(stranger, 'there', wallet))).toEqual([])
    expect(lines(named(stranger, 'missing', wallet))).toEqual(['warning svm-destination-account-missing requirements.payTo server'])
    expect(named(stranger, 'missing', wallet)[0]).toMatchObject({ variant: 'absent', seen: 'no account' })
  })

  it('is the owner to put in place of a token account, and its account is not made', () => {
    const source = addressOf('source', recorded('valid').payment)
    const owner = addressOf('payer', recorded('valid').payment)
    for (const account of ['there', 'missing'] as const) {
      const [first, ...rest] = named(source, account)
      expect([first?.cause, first?.field, first?.party, first?.expected]).toEqual([
        'svm-recipient-mismatch',
        'requirements.payTo',
        'server',
        owner,
      ])
      expect(rest).toEqual([])
    }
  })

  it("is known by derivation alone: the offer's own checks tell of it", () => {
    const source = addressOf('source', recorded('valid').payment)
    // Not read as a token account, so that the chain does not say it once more; and what is paid is there.
    expect(lines(named(source, 'there', uninitialised('source')))).toEqual(['error svm-source-account-missing transfer.source client'])
  })

  it('is a program, which is told where it is there', () => {
    const program = having({ address: stranger }, { executable: true })
    expect(lines(named(stranger, 'there', program))).toEqual(['error svm-recipient-mismatch requirements.payTo server'])
    const known = programs.memo
    expect(lines(named(known, 'there', having({ address: known }, { executable: true })))).toEqual([
      'error svm-recipient-mismatch requirements.payTo server',
    ])
    // That the address of a program is no payee, its name says too: the cluster adds nothing where it has no such account.
    expect(
      lines(
        named(known, 'there', (state) => ({ ...state, accounts: new Map([...state.accounts, [known, { known: true, value: null }]]) })),
      ),
    ).toEqual([])
  })
})

describe('the own account of the payee, where the payment pays it', () => {
  /** The payment to payTo, whose own account is its destination. */
  const paying = (payTo: string, ...words: readonly Word[]): readonly Finding[] => {
    const { payment, state } = recorded('valid', runs, ...words)
    const own = associatedTokenAccount(payTo, tokenProgram, payment.network.mint)
    const instructions = payment.transaction.instructions.map((each) =>
      each.meaning.kind === 'transfer-checked' ? { ...each, meaning: { ...each.meaning, destination: own } } : each,
    )
    const accounts = new Map([...state.accounts, [own, known(null)] as const])
    return findingsIn({
      payment: { ...payment, requirements: { ...payment.requirements, payTo }, transaction: { ...payment.transaction, instructions } },
      state: { ...state, accounts },
    })
  }
  const source = addressOf('source', recorded('valid').payment)

  it('is to be made where payTo is a wallet', () => {
    const [found, ...rest] = paying(stranger, having({ address: stranger }, {}))
    expect(rest).toEqual([])
    expect(found).toMatchObject({ cause: 'svm-destination-account-missing', variant: 'absent', party: 'server' })
    expect(found?.fix).toContain(`--owner ${stranger}`)
  })

  it('is not to be made inside a token account, or inside a program', () => {
    expect(paying(source).map(({ cause, field }) => `${cause} ${field}`)).toEqual(['svm-recipient-mismatch requirements.payTo'])
    expect(paying(source, missing('source')).map(({ cause, field }) => `${cause} ${field}`)).toEqual([
      'svm-source-account-missing transfer.source',
    ])
    expect(paying(stranger, having({ address: stranger }, { executable: true })).map(({ cause, field }) => `${cause} ${field}`)).toEqual([
      'svm-recipient-mismatch requirements.payTo',
    ])
  })

  it('of an address that nobody holds the key of asks who that is', () => {
    // Off the curve, and of no key in sight: a vault, or somebody's token account.
    const vault = associatedTokenAccount(stranger, tokenProgram, stranger)
    const [found, ...rest] = paying(vault, (state) => ({
      ...state,
      accounts: new Map([...state.accounts, [vault, { known: true, value: null }]]),
    }))
    expect(rest).toEqual([])
    expect(found?.cause).toBe('svm-destination-account-missing')
    expect(found?.fix).not.toContain('spl-token create-account')
  })

  it('that is another one than the payment pays is told, and which it would be only of a wallet', () => {
    const { payment } = recorded('valid')
    const usual = addressOf('destination', payment)
    const named = (payTo: string, ...words: readonly Word[]): Finding | undefined => {
      const { payment: of, state } = recorded('valid', runs, missing('destination'), ...words)
      return findingsIn({ payment: { ...of, requirements: { ...of.requirements, payTo } }, state }).find(
        ({ field }) => field === 'transfer.destination',
      )
    }
    const asked = associatedTokenAccount(stranger, tokenProgram, payment.network.mint)
    expect(named(stranger, having({ address: stranger }, {}))).toMatchObject({
      cause: 'svm-recipient-mismatch',
      variant: 'absent',
      seen: 'no account',
      expected: asked,
    })
    expect(named(source)?.cause).toBe('svm-recipient-mismatch')
    expect(named(source)?.expected).not.toBe(asked)
    expect(named(source)?.expected).not.toContain(usual)
  })
})

it('where an account was read is told with what was read of it', () => {
  const notesOf = (cause: Finding['cause'], ...words: readonly Word[]): number | undefined =>
    findingsIn(recorded('valid', runs, ...words)).find((each) => each.cause === cause)?.evidence.length
  expect([
    notesOf('svm-wrong-cluster', missing('mint')),
    notesOf('svm-source-account-missing', missing('source')),
    notesOf('svm-insufficient-funds', holds(0n)),
    notesOf('svm-destination-account-missing', missing('destination')),
    notesOf('svm-fee-payer-funds', having('feePayer', { lamports: 1n })),
    notesOf('svm-compute-limit', simulatedWith('x', ['exceeded CUs meter'])),
    notesOf('svm-recipient-mismatch', having('payTo', { executable: true })),
  ]).toEqual([2, 2, 2, 2, 2, 2, 2])
})

it('whatever is told of an account was read from the chain, and says so', () => {
  let notes = 0
  const more: readonly (readonly Word[])[] = [[having('payTo', { executable: true })], [simulatedWith('x', ['exceeded CUs meter'])]]
  for (const words of [...[...one, ...several].map(([, each]) => each), ...more])
    for (const { evidence } of findingsIn(recorded('valid', runs, ...words)))
      for (const { source, says } of evidence) {
        expect(source).toBe('chain')
        expect(says.length).toBeGreaterThan(5)
        notes++
      }
  expect(notes).toBeGreaterThan(50)
})

function findingsIn({ payment, state }: Recorded): readonly Finding[] {
  const transfer = transferOf(payment.transaction)
  return stateChecks.flatMap((check) => {
    const result = check.run(payment, {
      network: payment.network,
      state,
      payee: readPayee(payment, state),
      ...(transfer === undefined ? {} : { transfer }),
    })
    return result.outcome === 'fail' ? result.findings : []
  })
}

describe('the words of a finding have the values in them', () => {
  const finding = (cause: Finding['cause'], ...words: readonly Word[]): Finding | undefined =>
    findingsIn(recorded('valid', runs, ...words)).find((each) => each.cause === cause)

  it('amounts as people and as programs have them', () => {
    expect(finding('svm-insufficient-funds', holds(2_500n))).toMatchObject({ seen: '10000', expected: 'at most 2500', party: 'client' })
    expect(finding('svm-insufficient-funds', holds(2_500n))?.fix).toMatch(/^Send 0\.0075 USDC more/)
    expect(finding('svm-insufficient-funds', holds(2_500n), missing('mint'))).toBeUndefined()
    expect(finding('svm-insufficient-funds', holds(2_500n), unread('mint'))?.fix).toMatch(/^Send 7500 atomic units more/)
    expect(finding('svm-decimals-mismatch', decimals(9))).toMatchObject({ seen: '6', expected: '9' })
    expect(finding('svm-fee-payer-funds', having('feePayer', { lamports: 7n }))).toMatchObject({
      seen: '7',
      expected: `at least ${fee}`,
      party: 'facilitator',
    })
  })

  it('an account that is missing says so, one that is something else says what', () => {
    expect(finding('svm-source-account-missing', missing('source'))).toMatchObject({ seen: 'no account', variant: 'absent' })
    const wallet = { owner: '11111111111111111111111111111111', data: new Uint8Array() }
    expect(finding('svm-source-account-missing', having('source', wallet))?.seen).toBe('a wallet')
    const { state, payment } = recorded('valid')
    const mint = state.accounts.get(addressOf('mint', payment))
    const asMint = mint?.known && mint.value !== null ? mint.value : {}
    expect(finding('svm-source-account-missing', having('source', asMint))?.seen).toBe('a mint')
    const source = state.accounts.get(addressOf('source', payment))
    const held = source?.known && source.value !== null ? source.value : {}
    expect(finding('svm-mint-invalid', having('mint', held))?.summary).toMatch(/it is a token account\.$/)
    expect(finding('svm-mint-invalid', having('mint', { owner: stranger }))?.summary).toMatch(new RegExp(`the program ${stranger}\\.$`))
  })

  it('whoever the account belongs to is told', () => {
    expect(finding('svm-authority-mismatch', ownedBy('source', stranger))).toMatchObject({ expected: stranger })
    expect(finding('svm-destination-owner-changed', ownedBy('destination', stranger))).toMatchObject({ seen: stranger, party: 'server' })
    expect(finding('svm-token-program-mismatch', having('mint', { owner: token2022 }))).toMatchObject({
      expected: token2022,
      seen: tokenProgram,
    })
  })
})
