import { describe, expect, it } from 'vitest'
import { recorded, stranger } from '../../../../../test/solana/recorded.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding, Severity } from '../../causes/finding.ts'
import { facilitatorReport } from '../../facilitators/solana/facilitator-answers.ts'
import { svmFinding } from '../offer/finding.ts'
import type { SvmInstruction, SvmPayment } from '../transaction/payment.ts'
import { refusedByAll, stopping } from './refused-by-all.ts'

const { payment } = recorded('valid')
const finding = (cause: CauseId, severity: Severity = 'warning'): Finding => svmFinding({ cause, severity, field: cause, summary: 'x' })
const told = (of: SvmPayment, ...findings: readonly Finding[]): readonly string[] =>
  stopping(of, findings).map(({ cause, severity }) => `${severity} ${cause}`)

const built = (change: (instructions: readonly SvmInstruction[]) => readonly SvmInstruction[]): SvmPayment => ({
  ...payment,
  transaction: { ...payment.transaction, instructions: [...change(payment.transaction.instructions)] },
})
const priced = (microLamports: bigint, units?: number): SvmPayment =>
  built((all) =>
    all.map((each) => {
      if (each.meaning.kind === 'compute-price') return { ...each, meaning: { ...each.meaning, microLamports } }
      return each.meaning.kind === 'compute-limit' && units !== undefined ? { ...each, meaning: { ...each.meaning, units } } : each
    }),
  )
const repeated = (count: number): SvmPayment =>
  built((all) => [
    ...all,
    ...all.filter(({ meaning }) => meaning.kind === 'memo').flatMap((memo) => Array(count).fill(memo) as SvmInstruction[]),
  ])

describe('what no facilitator takes', () => {
  it('is so where each of them refuses, and the specification is none', () => {
    const report = facilitatorReport(payment, [])
    expect(refusedByAll(report)).toBe(false)
    expect(refusedByAll({ ...report, answers: [] })).toBe(false)
    expect(refusedByAll({ ...report, answers: report.answers.filter(({ specification }) => specification) })).toBe(false)
    const answers = report.answers.map((answer) => ({ ...answer, verify: 'refuses' as const }))
    expect(refusedByAll({ ...report, answers })).toBe(true)
    expect(
      refusedByAll({
        ...report,
        answers: answers.map((answer) => (answer.specification ? { ...answer, verify: 'accepts' as const } : answer)),
      }),
    ).toBe(true)
    for (const verify of ['accepts', 'depends'] as const)
      expect(
        refusedByAll({
          ...report,
          answers: answers.map((answer, index) => (index === answers.length - 1 ? { ...answer, verify } : answer)),
        }),
      ).toBe(false)
  })

  // By the profiles' sources: seven instructions are too many for @x402/svm 2.10, Go v1 and Python; more than was asked is too much for all that compare
  // amounts exactly, which are the others; a price above 1,000,000 microlamports for x402-rs and its fork; and another mint for everybody.
  const seven = repeated(3)
  const paying = (of: SvmPayment, amount: bigint): SvmPayment => ({ ...of, requirements: { ...of.requirements, amount: amount - 1n } })
  const layout = finding('svm-instruction-layout')
  const amount = finding('svm-amount-mismatch')

  it('is an error, and what some take stays a warning', () => {
    expect(told(seven, layout)).toEqual(['warning svm-instruction-layout'])
    expect(told(paying(payment, 10_000n), amount)).toEqual(['warning svm-amount-mismatch'])
    expect(told(priced(2_000_000n), finding('svm-compute-price'))).toEqual(['warning svm-compute-price'])
    expect(told(payment, finding('svm-compute-price'))).toEqual(['warning svm-compute-price'])
    const elsewhere: SvmPayment = { ...payment, requirements: { ...payment.requirements, asset: stranger } }
    expect(told(elsewhere, finding('svm-mint-mismatch'))).toEqual(['error svm-mint-mismatch'])
  })

  it('of two causes that together leave nobody is both, though neither does alone; what nobody refuses for is none', () => {
    expect(told(paying(seven, 10_000n), layout, amount)).toEqual(['error svm-instruction-layout', 'error svm-amount-mismatch'])
    expect(told(paying(seven, 10_000n), layout, amount, finding('rpc-fault'))).toEqual([
      'error svm-instruction-layout',
      'error svm-amount-mismatch',
      'warning rpc-fault',
    ])
    expect(told(paying(seven, 10_000n), layout, finding('svm-amount-mismatch', 'info'))).toEqual([
      'error svm-instruction-layout',
      'info svm-amount-mismatch',
    ])
  })

  it('of several causes is the one that all refuse for', () => {
    const of: SvmPayment = { ...seven, requirements: { ...payment.requirements, asset: stranger } }
    expect(told(of, layout, finding('svm-mint-mismatch'))).toEqual(['warning svm-instruction-layout', 'error svm-mint-mismatch'])
  })

  it('leaves alone what has an error already, and what has nothing but notes', () => {
    const of = priced(10_000_000n, 10_000_000)
    expect(told(of, finding('svm-compute-price'), finding('svm-insufficient-funds', 'error'))).toEqual([
      'warning svm-compute-price',
      'error svm-insufficient-funds',
    ])
    expect(told(of, finding('svm-compute-price', 'info'))).toEqual(['info svm-compute-price'])
    expect(told(of)).toEqual([])
  })

  it('says of each that nobody takes it, beside what was known', () => {
    const of: SvmPayment = { ...payment, bytes: null, transaction: null }
    const [own] = stopping(of, [finding('svm-transaction-malformed')])
    expect(own?.severity).toBe('error')
    expect(own?.evidence.map(({ source }) => source)).toEqual(['payload', 'registry'])
  })
})
