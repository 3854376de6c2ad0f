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
  untold,
  type Word,
  withRent,
  written,
} from '../../../../../test/solana/recorded.ts'
import type { Finding } from '../../causes/finding.ts'
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

describe('the words of a finding have the values in them', () => {
  const finding = (cause: Finding['cause'], ...words: readonly Word[]): Finding | undefined => {
    const { payment, state } = recorded('valid', runs, ...words)
    return stateChecks
      .flatMap((check) => {
        const transfer = payment.transaction.instructions.flatMap(({ meaning }) =>
          meaning.kind === 'transfer-checked' ? [meaning] : [],
        )[0]
        const result = check.run(payment, {
          network: payment.network,
          state,
          payee: readPayee(payment, state),
          ...(transfer === undefined ? {} : { transfer }),
        })
        return result.outcome === 'fail' ? result.findings : []
      })
      .find((each) => each.cause === cause)
  }

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
