import { describe, expect, it } from 'vitest'
import {
  limit,
  price,
  type Readable,
  transfer,
  withInstructions,
  withOffer,
  withoutOffer,
  withSigners,
} from '../../../../../test/solana/built.ts'
import { addressOf, recorded, stranger } from '../../../../../test/solana/recorded.ts'
import type { SvmSigner } from '../transaction/payment.ts'
import { signerFindings } from './signers.ts'

const { payment } = recorded('valid')
const { feePayer } = payment.transaction
const payer = addressOf('payer', payment)
const third = addressOf('payTo', payment)

const told = (of: Readable): readonly string[] =>
  signerFindings(of, of.transaction).map(
    ({ severity, cause, field, party }) => `${severity === 'error' ? '' : `${severity} `}${cause} ${field} ${party}`,
  )
const signed = (...signers: readonly (readonly [key: string, state: SvmSigner['state']])[]): Readable =>
  withSigners(signers.map(([key, state]) => ({ key, state })))

describe('who has to sign', () => {
  it.each<readonly [title: string, payment: Readable, told: readonly string[]]>([
    ['the payer has, the fee payer will', signed([feePayer, 'missing'], [payer, 'valid']), []],
    // What stands in the facilitator's slot is written over.
    ["the fee payer's slot has something", signed([feePayer, 'invalid'], [payer, 'valid']), []],
    [
      'the fee payer has signed before',
      signed([feePayer, 'valid'], [payer, 'valid']),
      ['warning svm-already-processed signatures[0] client'],
    ],
    ['the payer has not', signed([feePayer, 'missing'], [payer, 'missing']), ['svm-signature-missing signatures[1] client']],
    [
      'the payer has signed something else',
      signed([feePayer, 'missing'], [payer, 'invalid']),
      ['svm-signature-invalid signatures[1] client'],
    ],
    ['the payer is none of them', signed([feePayer, 'missing']), ['svm-signature-missing transfer.authority client']],
    [
      'three of them',
      signed([feePayer, 'missing'], [payer, 'valid'], [third, 'valid']),
      ['warning svm-instruction-layout transaction.signers client'],
    ],
    [
      'three of them, of whom one has not',
      signed([feePayer, 'missing'], [payer, 'valid'], [third, 'missing']),
      ['svm-signature-missing signatures[2] client', 'warning svm-instruction-layout transaction.signers client'],
    ],
    [
      'three of them, of whom one signed something else',
      signed([feePayer, 'missing'], [payer, 'valid'], [third, 'invalid']),
      ['svm-signature-invalid signatures[2] client', 'warning svm-instruction-layout transaction.signers client'],
    ],
  ])('%s', (_, of, expected) => expect(told(of)).toEqual(expected))

  it('is each of a multisig that stands behind the transfer, and not the multisig', () => {
    const behind = (...members: readonly string[]): Readable =>
      withSigners(
        [
          { key: feePayer, state: 'missing' },
          { key: third, state: 'valid' },
        ],
        withInstructions([limit(), price(), transfer({ authority: stranger }, [stranger, stranger, stranger, stranger, ...members])]),
      )
    expect(told(behind(third))).toEqual([])
    expect(told(behind(payer, third))).toEqual([])
    expect(told(behind(payer))).toEqual(['svm-signature-missing transfer.authority client'])
    expect(told(behind())).toEqual(['svm-signature-missing transfer.authority client'])
  })

  it('is nobody in sight where the authority comes from a lookup table', () => {
    expect(told(withInstructions([limit(), price(), transfer({ authority: null })]))).toEqual([])
  })
})

describe('the fee payer', () => {
  it.each<readonly [title: string, payment: Readable, told: readonly string[]]>([
    ['is the one of the offer', payment, []],
    [
      'is another one: that it has not signed follows from it',
      withOffer({ feePayer: stranger }),
      ['svm-fee-payer-mismatch transaction.feePayer client'],
    ],
    ['is not offered', withOffer({ feePayer: undefined }), ['svm-fee-payer-mismatch requirements.extra.feePayer server']],
    ['is nobody where there is no offer', withoutOffer(), []],
  ])('%s', (_, of, expected) => expect(told(of)).toEqual(expected))

  it('that is another one and has signed something else is told twice', () => {
    const of = withOffer({ feePayer: stranger }, signed([feePayer, 'invalid'], [payer, 'valid']))
    expect(told(of)).toEqual(['svm-fee-payer-mismatch transaction.feePayer client', 'svm-signature-invalid signatures[0] client'])
  })

  it('that pays for its own transfer has to sign it', () => {
    const self = { ...signed([payer, 'missing']), transaction: { ...signed([payer, 'missing']).transaction, feePayer: payer } }
    expect(told(withOffer({ feePayer: stranger }, self))).toEqual([
      'svm-fee-payer-mismatch transaction.feePayer client',
      'svm-signature-missing signatures[0] client',
    ])
    expect(signerFindings(withOffer({ feePayer: stranger }, self), self.transaction)[0]?.summary).toMatch(/pays the fee too/)
    // The facilitator's own tokens: it signs at settlement, and that it has is no sign of anything.
    const own = withOffer({ feePayer: payer }, { ...self, transaction: { ...self.transaction, signers: [{ key: payer, state: 'valid' }] } })
    expect(told(own)).toEqual([])
  })
})
