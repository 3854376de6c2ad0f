// Whether a transfer pays what the offer asks for. Mints, programs and decimals are those of the registry; addresses of token accounts are derived.
import { describe, expect, it } from 'vitest'
import { limit, memo, price, type Readable, transfer, withInstructions, withOffer, withoutOffer } from '../../../../../test/solana/built.ts'
import { addressOf, recorded, recordedOn, stranger, token2022, tokenProgram } from '../../../../../test/solana/recorded.ts'
import type { SvmInstruction, SvmTransfer } from '../transaction/payment.ts'
import { associatedTokenAccount } from '../transaction/token-account.ts'
import { intentFindings } from './intent.ts'
import { type Payee, payeeOf } from './payee.ts'

const { payment } = recorded('valid')
const { network } = payment
const devnetMint = recordedOn('solana-devnet', 'valid').payment.network.mint
const [payTo, payer, source, destination] = (['payTo', 'payer', 'source', 'destination'] as const).map((role) =>
  addressOf(role, payment),
) as [string, string, string, string]

const told = (of: Readable, payee: Payee = payeeOf(of)): readonly string[] =>
  intentFindings(of, of.transaction, payee).map(
    ({ severity, cause, field, party }) => `${severity === 'error' ? '' : `${severity} `}${cause} ${field} ${party}`,
  )
const moving = (change: Partial<SvmTransfer>, of: Readable = payment): Readable =>
  withInstructions([limit(), price(), transfer(change), memo('a memo')], of)
const ata = (owner: string, mint: string, program = tokenProgram): string => associatedTokenAccount(owner, program, mint)

const amount = 'svm-amount-mismatch transfer.amount client'
const recipient = 'svm-recipient-mismatch transfer.destination client'
const payToLine = 'svm-recipient-mismatch requirements.payTo server'

describe('a transfer', () => {
  it.each<readonly [title: string, payment: Readable, told: readonly string[]]>([
    ['pays what was asked for', payment, []],
    ['pays a unit less', withOffer({ amount: 10_001n }), [amount]],
    ['pays a unit more', withOffer({ amount: 9_999n }), [amount]],
    ['is compared with nothing that is not offered', withoutOffer(), []],
    ['is compared with nothing that the offer leaves out', withOffer({ amount: undefined, payTo: undefined, asset: undefined }), []],
    ['states other decimals', moving({ decimals: 9 }), ['svm-decimals-mismatch transfer.decimals client']],
    [
      'states other decimals of a mint that nobody knows',
      moving({ decimals: 9, mint: stranger, destination: ata(payTo, stranger) }, withOffer({ asset: stranger })),
      [],
    ],
    ['calls the other program', moving({ tokenProgram: token2022 }), ['svm-token-program-mismatch transfer.tokenProgram client']],
    ['goes back to where it came from', moving({ destination: source }), ['warning self-payment transfer.destination client', recipient]],
    ['comes from a lookup table, both ways', moving({ source: null, destination: null }), []],
    [
      'moves another token, to an account of that',
      moving({ mint: stranger, destination: ata(payTo, stranger) }),
      ['svm-mint-mismatch transfer.mint client'],
    ],
    ['moves another token, to the account of the right one', moving({ mint: stranger }), ['svm-mint-mismatch transfer.mint client']],
    [
      'moves another token, to the account of the right one by the other program',
      moving({ mint: stranger, destination: ata(payTo, network.mint, token2022) }),
      ['svm-mint-mismatch transfer.mint client'],
    ],
    [
      'moves another token, to somebody',
      moving({ mint: stranger, destination: stranger }),
      ['svm-mint-mismatch transfer.mint client', recipient],
    ],
    [
      'moves the USDC of the other cluster',
      moving({ mint: devnetMint, destination: ata(payTo, devnetMint) }),
      ['svm-wrong-cluster transfer.mint client'],
    ],
    ['moves a token of a lookup table', moving({ mint: null }), []],
    ['goes to somebody else', moving({ destination: ata(stranger, network.mint) }), [recipient]],
    ['goes to the account of the other program', moving({ destination: ata(payTo, network.mint, token2022) }), [recipient]],
    ['goes to payTo itself', moving({ destination: payTo }), [recipient]],
    [
      'is for an offer of the other cluster',
      withOffer({ asset: devnetMint }),
      ['svm-wrong-cluster requirements.asset server', 'svm-mint-mismatch transfer.mint client'],
    ],
  ])('%s', (_, of, expected) => expect([...told(of)].sort()).toEqual([...expected].sort()))

  it('that is not the only one is compared with nothing', () => {
    expect(told(withInstructions([limit(), price(), transfer({ amount: 1n }), transfer({ amount: 2n }), memo('x')]))).toEqual([])
  })

  it('of three faults has all three', () => {
    expect(told(moving({ amount: 1n, decimals: 9, destination: stranger }))).toEqual([
      'svm-decimals-mismatch transfer.decimals client',
      recipient,
      amount,
    ])
  })

  it('to the wrong account is told which is the right one, where that is certain', () => {
    const [found] = intentFindings(moving({ destination: stranger }), moving({ destination: stranger }).transaction, { kind: 'wallet' })
    expect(found).toMatchObject({ seen: stranger, expected: destination })
    const [open] = intentFindings(moving({ destination: stranger }), moving({ destination: stranger }).transaction, {
      kind: 'unknown',
    }).filter(({ field }) => field === 'transfer.destination')
    expect(open?.expected).not.toBe(destination)
    expect(open?.evidence).toHaveLength(1)
    expect(found?.evidence).toHaveLength(2)
  })
})

describe('payTo', () => {
  it.each<readonly [title: string, payment: Readable, payee: Payee, told: readonly string[]]>([
    ['is a wallet', payment, { kind: 'wallet' }, []],
    ['is nobody', withOffer({ payTo: undefined }), { kind: 'unnamed' }, []],
    [
      'is a mint or a program: where the tokens go is no matter',
      moving({ destination: stranger }),
      { kind: 'no-account', what: 'a program' },
      [payToLine],
    ],
    [
      'is a token account, by derivation',
      withOffer({ payTo: source }, moving({ destination: ata(payer, network.mint) })),
      { kind: 'token-account', owner: payer, shownBy: 'derivation' },
      ['warning self-payment transfer.destination client', payToLine],
    ],
    [
      'is a token account, as was read',
      withOffer({ payTo: source }, moving({ destination: ata(payer, network.mint) })),
      { kind: 'token-account', owner: payer, shownBy: 'chain' },
      ['warning self-payment transfer.destination client'],
    ],
    [
      'is a token account whose owner is paid',
      withOffer({ payTo: source }),
      { kind: 'token-account', owner: payTo, shownBy: 'derivation' },
      [payToLine],
    ],
    [
      'is a token account, and another owner is paid',
      withOffer({ payTo: source }),
      { kind: 'token-account', owner: stranger, shownBy: 'derivation' },
      [payToLine, recipient],
    ],
    [
      'is a token account, and the account inside it is paid',
      withOffer({ payTo: source }, moving({ destination: ata(source, network.mint) })),
      { kind: 'token-account', owner: payer, shownBy: 'derivation' },
      [payToLine],
    ],
    ['may be one, and its own account is paid', payment, { kind: 'unknown' }, [`warning ${payToLine}`]],
    ['may be one, and it is paid itself', moving({ destination: payTo }), { kind: 'unknown' }, [payToLine]],
    ['may be one, and somebody else is paid', moving({ destination: stranger }), { kind: 'unknown' }, [`warning ${payToLine}`, recipient]],
  ])('%s', (_, of, payee, expected) => expect([...told(of, payee)].sort()).toEqual([...expected].sort()))
})

describe('the memo', () => {
  const line = 'svm-memo-mismatch requirements.extra.memo client'
  const asked = (text: string | undefined, ...memos: readonly SvmInstruction[]): readonly string[] =>
    told(withOffer({ memo: text }, withInstructions([limit(), price(), transfer(), ...memos])))
  it.each<readonly [title: string, told: readonly string[], expected: readonly string[]]>([
    ['is there, and none was asked for', asked(undefined, memo('x')), []],
    ['is not there, and none was asked for', asked(undefined), ['warning svm-memo-mismatch instructions client']],
    ['is the one that was asked for', asked('x', memo('x')), []],
    ['is another one', asked('x', memo('y')), [line]],
    ['is not there', asked('x'), [line]],
    ['is there twice', asked('x', memo('x'), memo('x')), [line]],
    ['is empty, as was asked for', asked('', memo('')), []],
    ['is as long as it may be', asked('x'.repeat(256), memo('x'.repeat(256))), []],
    ['is a byte longer', asked('x'.repeat(257), memo('x'.repeat(257))), ['warning svm-memo-mismatch requirements.extra.memo server']],
    [
      'is counted in bytes, not in letters',
      asked('é'.repeat(129), memo('é'.repeat(129))),
      ['warning svm-memo-mismatch requirements.extra.memo server'],
    ],
  ])('%s', (_, made, expected) => expect(made).toEqual(expected))
})

describe('the copy that the client accepted', () => {
  const copied = (change: Partial<NonNullable<Readable['accepted']>>, more: Partial<Readable> = {}): readonly string[] =>
    told({ ...payment, accepted: { ...payment.requirements, ...change }, ...more })
  it.each<readonly [title: string, told: readonly string[], expected: readonly string[]]>([
    ['is equal', copied({}), []],
    ['has another amount', copied({ amount: 1n }), ['accepted-mismatch accepted.amount client']],
    ['has another payee', copied({ payTo: stranger }), ['accepted-mismatch accepted.payTo client']],
    ['has another token', copied({ asset: stranger }), ['accepted-mismatch accepted.asset client']],
    ['has another fee payer', copied({ feePayer: stranger }), ['accepted-mismatch accepted.feePayer client']],
    [
      'has all of it otherwise',
      copied({ amount: 1n, payTo: stranger }),
      ['accepted-mismatch accepted.amount client', 'accepted-mismatch accepted.payTo client'],
    ],
    [
      'differs in what nothing answers',
      copied({}, { differences: ['extra.name'] }),
      ['warning accepted-mismatch accepted.extra.name client'],
    ],
    [
      'differs in both: what counts is told',
      copied({ amount: 1n }, { differences: ['extra.name', 'amount'] }),
      ['accepted-mismatch accepted.amount client'],
    ],
    ["differs in the network's name", copied({}, { differences: ['network'] }), ['warning accepted-mismatch accepted.network client']],
  ])('%s', (_, made, expected) => expect(made).toEqual(expected))

  it('of which the network is another one is told of once', () => {
    const mismatch = { cause: 'network-mismatch', party: 'client', severity: 'error', summary: 'x', evidence: [], fix: 'x' } as const
    expect(copied({}, { differences: ['network'], findings: [mismatch] })).toEqual([])
    expect(copied({}, { differences: ['network', 'extra.name'], findings: [mismatch] })).toEqual([
      'warning accepted-mismatch accepted.extra.name client',
    ])
  })

  it('is none where there is only one of them, or none', () => {
    expect(
      told({ ...payment, ...(payment.requirements === undefined ? {} : { accepted: payment.requirements }), differences: ['amount'] }),
    ).toEqual([])
    expect(told({ ...withoutOffer(), accepted: { amount: 1n }, differences: ['amount'] })).toEqual([])
    const { accepted: _, ...without } = payment
    expect(told({ ...without, differences: ['amount'] })).toEqual([])
  })

  it('that says nothing of a thing does not differ in it', () => {
    expect(told({ ...payment, accepted: {}, differences: [] })).toEqual([])
  })
})
