// One check of a facilitator at a time, by what their sources look at, over payments that are otherwise right.
import { describe, expect, it } from 'vitest'
import { addressOf, recorded, stranger, token2022, unreadable } from '../../../../../test/solana/recorded.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding, FindingVariant, Severity } from '../../causes/finding.ts'
import type { SvmCheck } from '../../causes/svm-check.ts'
import { svmFinding } from '../../solana/offer/finding.ts'
import type { SvmInstruction, SvmMeaning, SvmPayment, SvmSigner } from '../../solana/transaction/payment.ts'
import { programs } from '../../solana/transaction/programs.ts'
import { checkAs } from './profile-checks.ts'
import { type SvmRules, svmProfiles } from './profiles.ts'

const { payment } = recorded('valid')
const fixed = rulesOf('spec-2026-04')

function rulesOf(id: string): SvmRules {
  const found = svmProfiles.find((profile) => profile.id === id)
  if (found === undefined) throw new TypeError(`no profile ${id}`)
  return found.rules
}

interface Given {
  readonly of?: SvmPayment
  readonly rules?: Partial<SvmRules>
  readonly findings?: readonly Finding[]
  readonly runs?: 'succeeds' | 'fails' | 'unknown'
}

/** `passed`, `unknown`, `failed`, or what it found. */
function result(check: SvmCheck, { of = payment, rules = {}, findings = [], runs = 'unknown' }: Given = {}): string {
  const made = checkAs(check, { payment: of, findings, runs, rules: { ...fixed, ...rules } })
  return made.state === 'failed' && made.found !== '' ? made.found : made.state
}

const finding = (cause: CauseId, severity: Severity = 'error', variant?: FindingVariant): Finding =>
  svmFinding({ cause, severity, field: 'x', summary: 'x', ...(variant === undefined ? {} : { variant }) })

const offering = (change: Partial<NonNullable<SvmPayment['requirements']>>): SvmPayment => ({
  ...payment,
  requirements: { ...payment.requirements, ...change },
})
const { requirements: _offer, ...unoffered } = payment
const { network: _network, ...homeless } = payment
const built = (change: (instructions: readonly SvmInstruction[]) => readonly SvmInstruction[], of = payment): SvmPayment => ({
  ...of,
  transaction: { ...of.transaction, instructions: [...change(of.transaction.instructions)] },
})
const meant = (change: (meaning: SvmMeaning) => SvmMeaning): SvmPayment =>
  built((all) => all.map((each) => ({ ...each, meaning: change(each.meaning) })))
const transferring = (change: Partial<Extract<SvmMeaning, { kind: 'transfer-checked' }>>): SvmPayment =>
  meant((meaning) => (meaning.kind === 'transfer-checked' ? { ...meaning, ...change } : meaning))
const signed = (...states: readonly SvmSigner['state'][]): SvmPayment => ({
  ...payment,
  transaction: {
    ...payment.transaction,
    signers: states.map((state, index) => ({ key: payment.transaction.signers[index]?.key ?? stranger, state })),
  },
})
const instruction = (meaning: SvmMeaning, change: Partial<SvmInstruction> = {}): SvmInstruction => ({
  program: stranger,
  accounts: [],
  data: new Uint8Array(),
  meaning,
  ...change,
})
const other = instruction({ kind: 'other' })
const memo = (text: string): SvmInstruction => {
  const data = new TextEncoder().encode(text)
  return instruction({ kind: 'memo', bytes: data }, { program: programs.memo, data })
}
const guard = instruction({ kind: 'lighthouse' }, { program: programs.lighthouse })
const creation = instruction({ kind: 'create-token-account', idempotent: true })
const [limit, price, transfer] = payment.transaction.instructions as [SvmInstruction, SvmInstruction, SvmInstruction, SvmInstruction]
const only = (...instructions: readonly SvmInstruction[]): SvmPayment => built(() => instructions)
const long = { ...payment, bytes: new Uint8Array(1_233) }
const packet = { ...payment, bytes: new Uint8Array(1_232) }
const broken = unreadable().payment
const owner = addressOf('payer', payment)
const [feePayer] = payment.transaction.signers

type Row = readonly [title: string, check: SvmCheck, given: Given, result: string]

const rows: readonly Row[] = [
  ['a network that is known', 'network', {}, 'passed'],
  ['a network that nobody names', 'network', { of: homeless }, 'unknown'],
  ['two networks', 'network', { findings: [finding('network-mismatch')] }, 'failed'],
  ['a network by a name that is not exact', 'network', { findings: [finding('network-unsupported', 'warning')] }, 'unknown'],
  ['copies of the offer that differ in it', 'network', { of: { ...payment, differences: ['network'] } }, 'failed'],
  ['copies that differ in it, of version 1', 'network', { of: { ...payment, x402Version: 1, differences: ['network'] } }, 'passed'],
  ['copies that differ in something else', 'network', { of: { ...payment, differences: ['amount'] } }, 'passed'],
  ['copies that are equal', 'accepted-equal', {}, 'passed'],
  ['copies that differ', 'accepted-equal', { of: { ...payment, differences: ['extra.name'] } }, 'failed'],
  ['an offer with a fee payer', 'fee-payer-offered', {}, 'passed'],
  ['no offer', 'fee-payer-offered', { of: unoffered }, 'unknown'],
  ['base64', 'decode', {}, 'passed'],
  ['no base64', 'decode', { of: { ...payment, bytes: null, transaction: null } }, 'failed'],
  ['base64url', 'decode', { of: { ...payment, slips: ['url-alphabet'] } }, 'failed'],
  ['a slip that this one takes', 'decode', { of: { ...payment, slips: ['unpadded'] }, rules: { refusedSlips: [] } }, 'passed'],
  [
    'one slip of two that it does not take',
    'decode',
    { of: { ...payment, slips: ['trailing-bytes', 'unpadded'] }, rules: { refusedSlips: ['unpadded'] } },
    'failed',
  ],
  ['a transaction', 'decode-message', {}, 'passed'],
  ['bytes that are none', 'decode-message', { of: broken }, 'failed'],
  ['no bytes', 'decode-message', { of: { ...broken, bytes: null } }, 'passed'],
  ['too many bytes', 'decode-message', { of: { ...long, transaction: null } }, 'passed'],
  ['as many bytes as a packet has, which are none', 'decode-message', { of: { ...packet, transaction: null } }, 'failed'],
  ['bytes that are none, for all else', 'signatures', { of: broken }, 'unknown'],
  ['bytes that are none, to be run', 'simulation', { of: broken, runs: 'fails' }, 'unknown'],
  ['too many bytes, to be run', 'simulation', { of: long, runs: 'succeeds' }, 'failed'],
  [
    'as many bytes as a packet has, to be run',
    'simulation',
    { of: { ...packet, transaction: signed('missing', 'valid').transaction }, runs: 'succeeds' },
    'passed',
  ],
  ['a message of version 0', 'message-version', {}, 'passed'],
  [
    'a message from before versions',
    'message-version',
    { of: { ...payment, transaction: { ...payment.transaction, version: 'legacy' } } },
    'failed',
  ],
  ['the fee payer of the offer', 'fee-payer-first', {}, 'passed'],
  ['another one', 'fee-payer-first', { of: offering({ feePayer: stranger }) }, 'failed'],
  ['the payer itself', 'fee-payer-first', { of: offering({ feePayer: owner }) }, 'failed'],
  ['no offer of one', 'fee-payer-first', { of: unoffered }, 'unknown'],
  ['one that signs, in whatever place', 'fee-payer-signs', { of: offering({ feePayer: owner }) }, 'passed'],
  ['one that does not', 'fee-payer-signs', { of: offering({ feePayer: stranger }) }, 'failed'],
  ['no offer of one that signs', 'fee-payer-signs', { of: unoffered }, 'unknown'],
  ["good signatures but the fee payer's", 'signatures', { of: signed('missing', 'valid') }, 'passed'],
  ['a missing one', 'signatures', { of: signed('valid', 'missing') }, 'failed'],
  ['a spoiled one', 'signatures', { of: signed('valid', 'invalid') }, 'failed'],
  ['a third that is missing', 'signatures', { of: signed('valid', 'valid', 'missing') }, 'failed'],
  [
    'bytes behind the transaction',
    'signatures',
    { of: { ...payment, transaction: { ...payment.transaction, trailingBytes: 3 } } },
    'passed',
  ],
  [
    'bytes behind it, taken for signed',
    'signatures',
    { of: { ...payment, transaction: { ...payment.transaction, trailingBytes: 3 } }, rules: { signsTrailingBytes: true } },
    'failed',
  ],
  ['no bytes behind it', 'signatures', { rules: { signsTrailingBytes: true } }, 'passed'],
  ['no lookup table', 'lookup-tables', {}, 'passed'],
  ['a lookup table', 'lookup-tables', { of: recorded('svm-lookup-table-unresolved').payment }, 'failed'],
  ['one or two signers', 'signer-count', {}, 'passed'],
  ['three', 'signer-count', { of: signed('missing', 'valid', 'valid') }, 'failed'],
  // Three to six.
  ['as few instructions as may be', 'instruction-count', { of: only(limit, price, transfer) }, 'passed'],
  ['one less', 'instruction-count', { of: only(limit, price) }, 'Too few instructions'],
  ['as many as may be', 'instruction-count', { of: only(limit, price, transfer, other, other, other) }, 'passed'],
  [
    'one more',
    'instruction-count',
    { of: only(limit, price, transfer, other, other, other, other) },
    'Instruction count exceeds maximum: 6',
  ],
  ['any number, where none is set', 'instruction-count', { of: only(limit), rules: { instructions: null } }, 'passed'],
  ['the limit in front', 'compute-limit', {}, 'passed'],
  ['the price in front', 'compute-limit', { of: only(price, limit, transfer) }, 'failed'],
  ['the price second', 'compute-price', {}, 'passed'],
  ['the price in front, looked for second', 'compute-price', { of: only(price, limit, transfer) }, 'failed'],
  ['the limit anywhere', 'compute-limit', { of: only(transfer, price, limit), rules: { places: 'anywhere' } }, 'passed'],
  ['no limit anywhere', 'compute-limit', { of: only(transfer, price), rules: { places: 'anywhere' } }, 'missing'],
  ['two limits', 'compute-limit', { of: only(limit, limit, transfer), rules: { places: 'anywhere' } }, 'duplicate'],
  ['two prices', 'compute-price', { of: only(price, price), rules: { places: 'anywhere' } }, 'duplicate'],
  ['20,000 units under a cap of as many', 'compute-limit-cap', { rules: { mostUnits: 20_000 } }, 'passed'],
  ['20,000 units above the cap', 'compute-limit-cap', { rules: { mostUnits: 19_999 } }, 'failed'],
  ['no cap', 'compute-limit-cap', { rules: { mostUnits: null } }, 'passed'],
  ['1 microlamport under a cap of as many', 'compute-price-cap', { rules: { mostPrice: 1n } }, 'passed'],
  ['1 microlamport above the cap', 'compute-price-cap', { rules: { mostPrice: 0n } }, 'failed'],
  ['no cap of the price', 'compute-price-cap', { rules: { mostPrice: null } }, 'passed'],
  ['no creation', 'token-account-creation', {}, 'passed'],
  ['a creation that may not be', 'token-account-creation', { of: only(limit, price, creation, transfer) }, 'failed'],
  ['a creation behind, which is no third', 'token-account-creation', { of: only(limit, price, transfer, creation) }, 'passed'],
  ['a creation that may be', 'token-account-creation', { of: only(limit, price, creation, transfer), rules: { creation: true } }, 'passed'],
  ['four instructions without it, where it may be', 'token-account-creation', { rules: { creation: true } }, 'failed'],
  [
    'three instructions, where it may be',
    'token-account-creation',
    { of: only(limit, price, transfer), rules: { creation: true } },
    'passed',
  ],
  ['the transfer third', 'transfer', {}, 'passed'],
  ['the transfer fourth', 'transfer', { of: only(limit, price, other, transfer) }, 'not_a_transfer_instruction'],
  [
    'the transfer fourth, behind a creation that may be',
    'transfer',
    { of: only(limit, price, creation, transfer), rules: { creation: true } },
    'passed',
  ],
  [
    'the transfer third of three, where a creation may be',
    'transfer',
    { of: only(limit, price, transfer), rules: { creation: true } },
    'passed',
  ],
  [
    'a plain transfer of SPL Token',
    'transfer',
    { of: only(limit, price, instruction({ kind: 'plain-transfer', amount: 1n }, { program: programs.token })) },
    'instruction_not_spl_token_transfer_checked',
  ],
  [
    'something of Token-2022',
    'transfer',
    { of: only(limit, price, instruction({ kind: 'other' }, { program: token2022 })) },
    'instruction_not_token_2022_transfer_checked',
  ],
  ['nothing third', 'transfer', { of: only(limit, price) }, 'not_a_transfer_instruction'],
  ['a fee payer that is no authority', 'fee-payer-authority', {}, 'passed'],
  ['a fee payer that is', 'fee-payer-authority', { of: offering({ feePayer: owner }) }, 'failed'],
  ['no transfer to look at', 'fee-payer-authority', { of: only(limit, price) }, 'unknown'],
  ['no offer to compare with', 'mint', { of: unoffered }, 'unknown'],
  ['the mint of the offer', 'mint', {}, 'passed'],
  ['another mint', 'mint', { of: offering({ asset: stranger }) }, 'failed'],
  ['the account of the payee', 'recipient', {}, 'passed'],
  ['the account of somebody else', 'recipient', { of: offering({ payTo: stranger }) }, 'failed'],
  ['the account by the program of the transfer', 'recipient', { of: transferring({ tokenProgram: token2022 }) }, 'failed'],
  ['just the amount', 'amount', {}, 'passed'],
  ['a unit less', 'amount', { of: offering({ amount: 10_001n }) }, 'failed'],
  ['a unit more', 'amount', { of: offering({ amount: 9_999n }) }, 'failed'],
  ['a unit more, which is enough', 'amount', { of: offering({ amount: 9_999n }), rules: { amount: 'at-least' } }, 'passed'],
  ['a unit less, which is not enough', 'amount', { of: offering({ amount: 10_001n }), rules: { amount: 'at-least' } }, 'failed'],
  ['nobody in the instructions', 'fee-payer-isolated', {}, 'passed'],
  [
    'a fee payer in an instruction',
    'fee-payer-isolated',
    { of: built((all) => [...all, { ...other, accounts: [feePayer?.key ?? ''] }]) },
    'failed',
  ],
  ['no offer of whom to look for', 'fee-payer-isolated', { of: unoffered }, 'unknown'],
  ['a memo behind', 'extra-instructions', {}, 'passed'],
  ['a guard behind', 'extra-instructions', { of: only(limit, price, transfer, guard, memo('x')) }, 'passed'],
  ['something fourth', 'extra-instructions', { of: only(limit, price, transfer, other) }, 'fourth'],
  ['something fifth', 'extra-instructions', { of: only(limit, price, transfer, guard, other) }, 'fifth'],
  ['something seventh', 'extra-instructions', { of: only(limit, price, transfer, guard, guard, guard, other) }, 'seventh'],
  ['something eighth', 'extra-instructions', { of: only(limit, price, transfer, guard, guard, guard, guard, other) }, 'optional'],
  ['something, where all may be anywhere', 'extra-instructions', { of: only(other), rules: { places: 'anywhere' } }, 'passed'],
  ['no memo asked for', 'memo', { of: only(limit, price, transfer) }, 'passed'],
  ['an empty memo asked for', 'memo', { of: offering({ memo: '' }) }, 'passed'],
  ['the memo that was asked for', 'memo', { of: { ...only(limit, price, transfer, memo('a')), requirements: { memo: 'a' } } }, 'passed'],
  ['another memo', 'memo', { of: { ...only(limit, price, transfer, memo('b')), requirements: { memo: 'a' } } }, 'mismatch'],
  ['no memo', 'memo', { of: { ...only(limit, price, transfer), requirements: { memo: 'a' } } }, 'count'],
  ['two memos', 'memo', { of: { ...only(limit, price, transfer, memo('a'), memo('a')), requirements: { memo: 'a' } } }, 'count'],
  [
    'a memo in front, where places are fixed',
    'memo',
    { of: { ...only(memo('a'), limit, price, transfer), requirements: { memo: 'a' } } },
    'count',
  ],
  [
    'a memo in front, where they are not',
    'memo',
    { of: { ...only(memo('a'), limit, price, transfer), requirements: { memo: 'a' } }, rules: { places: 'anywhere' } },
    'passed',
  ],
  ['a payer with an account', 'source-exists', {}, 'passed'],
  ['a payer without one', 'source-exists', { findings: [finding('svm-source-account-missing', 'error', 'absent')] }, 'failed'],
  // It is there, and passes for one.
  [
    'a payer with another kind of one',
    'source-exists',
    { findings: [finding('svm-source-account-missing', 'error', 'other-kind')] },
    'passed',
  ],
  ['a payee without one', 'destination-exists', { findings: [finding('svm-destination-account-missing', 'error', 'absent')] }, 'failed'],
  [
    'a payee without one elsewhere, which is a warning',
    'destination-exists',
    { findings: [finding('svm-destination-account-missing', 'warning', 'absent')] },
    'passed',
  ],
  [
    'a payee whose account was never initialised',
    'destination-exists',
    { findings: [finding('svm-destination-account-missing', 'error', 'uninitialised')] },
    'passed',
  ],
  ['another finding than that', 'destination-exists', { findings: [finding('svm-source-account-missing', 'error', 'absent')] }, 'passed'],
  ['one right transfer', 'one-transfer', {}, 'passed'],
  ['two right transfers', 'one-transfer', { of: only(transfer, transfer) }, 'failed'],
  ['two right transfers, where one will do', 'some-transfer', { of: only(transfer, transfer) }, 'passed'],
  [
    'one right and one wrong',
    'one-transfer',
    { of: built((all) => [...all, { ...transfer, meaning: { ...transfer.meaning, amount: 1n } as SvmMeaning }]) },
    'passed',
  ],
  ['no right transfer', 'one-transfer', { of: offering({ amount: 1n }) }, 'failed'],
  ['no right transfer, where one will do', 'some-transfer', { of: offering({ amount: 1n }) }, 'failed'],
  ['a right transfer out of nothing', 'one-transfer', { findings: [finding('svm-source-account-missing')] }, 'failed'],
  ['a right transfer out of nothing, where one will do', 'some-transfer', { findings: [finding('svm-source-account-missing')] }, 'failed'],
  ['a transfer and no offer', 'one-transfer', { of: unoffered }, 'unknown'],
  ['a transfer and no offer, where one will do', 'some-transfer', { of: unoffered }, 'unknown'],
  ['a run that succeeds', 'simulation', { runs: 'succeeds' }, 'passed'],
  ['a run that fails', 'simulation', { runs: 'fails' }, 'failed'],
  ['no run, and nothing is wrong', 'simulation', {}, 'unknown'],
  ['no run, and something that fails for all', 'simulation', { findings: [finding('svm-insufficient-funds')] }, 'failed'],
  ['no run, and something that has landed', 'simulation', { findings: [finding('svm-already-processed')] }, 'failed'],
  ['no run, and a warning', 'simulation', { findings: [finding('svm-insufficient-funds', 'warning')] }, 'unknown'],
  ['no run, and something that runs', 'simulation', { findings: [finding('svm-amount-mismatch')] }, 'unknown'],
  ['no run, and something that may run', 'simulation', { findings: [finding('svm-mint-mismatch')] }, 'unknown'],
  ['no run, and a fault of another family', 'simulation', { findings: [finding('accepted-mismatch')] }, 'unknown'],
  ['no run, and two limits', 'simulation', { of: only(limit, limit, transfer) }, 'failed'],
  ['no run, and two prices', 'simulation', { of: only(price, price, transfer) }, 'failed'],
  [
    'a run that succeeds without signatures, and one is missing',
    'simulation',
    { of: signed('valid', 'missing'), runs: 'succeeds' },
    'failed',
  ],
  [
    'the same, where signatures are not looked at',
    'simulation',
    { of: signed('valid', 'missing'), runs: 'succeeds', rules: { simulatesSigned: false } },
    'passed',
  ],
]

describe('a check', () => {
  it.each(rows)('%s (%s)', (_, check, given, expected) => expect(result(check, given)).toBe(expected))

  it('of every kind has rows that pass and rows that do not', () => {
    const all = new Set(svmProfiles.flatMap(({ checks }) => checks.map(([check]) => check)))
    expect(all.size).toBeGreaterThan(25)
    for (const check of all) {
      const own = rows.filter(([, each]) => each === check).map(([, , , made]) => made)
      expect([check, own.includes('passed'), own.some((made) => made !== 'passed' && made !== 'unknown')]).toEqual([
        check,
        true,
        check !== 'fee-payer-offered',
      ])
    }
  })

  it('of an offer without a fee payer is one that refuses, where one is needed', () => {
    const { feePayer: _, ...rest } = payment.requirements ?? {}
    expect(result('fee-payer-offered', { of: { ...payment, requirements: rest } })).toBe('failed')
    expect(result('fee-payer-isolated', { of: { ...payment, requirements: rest } })).toBe('unknown')
    expect(result('fee-payer-authority', { of: { ...payment, requirements: rest } })).toBe('passed')
  })

  it('compares with what the offer names, and with nothing that it leaves out', () => {
    for (const check of ['mint', 'recipient', 'amount'] as const)
      expect(result(check, { of: { ...payment, requirements: {} } })).toBe('passed')
  })
})
