import { describe, expect, it } from 'vitest'
import { fixture } from '../../../../fixtures/src/index.ts'
import type { Payment } from '../payment/payment.ts'
import { readEvmPayment } from '../payment/read.ts'
import type { Authorization } from '../typed-data/authorization.ts'
import { comparePayments } from './compare-payments.ts'

const { input } = fixture('base', 'valid')
const first = readEvmPayment(input)
const other = `0x${'5a'.repeat(32)}` as const
const stranger = '0x00000000000000000000000000000000DeaDBeef'
const like = (change: Partial<Authorization>, rest: Partial<Payment> = {}): Payment => ({
  ...first,
  ...rest,
  authorization: { ...first.authorization, ...change },
})
const told = (...payments: readonly Payment[]): string[] =>
  comparePayments(payments).map(({ payments: [a, b], finding }) => `${a} ${b} ${finding.severity} ${finding.cause}`)

describe('comparePayments', () => {
  it('says nothing of one payment, or of the same bytes twice', () => {
    expect(told()).toEqual([])
    expect(told(first)).toEqual([])
    expect(told(first, readEvmPayment(input))).toEqual([])
  })

  it('names one nonce for two payments', () => {
    expect(told(first, like({ to: stranger }))).toEqual(['0 1 warning nonce-reused'])
    expect(told(first, like({ value: first.authorization.value + 1n }))).toEqual(['0 1 warning nonce-reused'])
    // At another token, on another chain, or of another payer it is another nonce.
    expect(told(first, like({ to: stranger }, { token: stranger }))).toEqual([])
    expect(told(first, like({ to: stranger }, { chainId: 10 }))).toEqual([])
    expect(told(first, like({ from: stranger, to: stranger }))).toEqual([])
  })

  it('names two nonces for what may be one purchase, while both can settle', () => {
    expect(told(first, like({ nonce: other }))).toEqual(['0 1 warning retry-mints-new-nonce'])
    expect(told(first, like({ nonce: other, to: stranger }))).toEqual([])
    const { validBefore } = first.authorization
    expect(told(first, like({ nonce: other, validAfter: validBefore, validBefore: validBefore + 600n }))).toEqual([])
  })

  it('tells of each pair in a list', () => {
    expect(told(first, like({ nonce: other }), like({ to: stranger }))).toEqual([
      '0 1 warning retry-mints-new-nonce',
      '0 2 warning nonce-reused',
    ])
  })

  it('has each nonce in what it asks for', () => {
    const [pair] = comparePayments([first, like({ nonce: other })])
    expect(pair?.finding.fix).toContain(other)
    expect(pair?.finding.fix).toContain(first.authorization.nonce)
  })
})
