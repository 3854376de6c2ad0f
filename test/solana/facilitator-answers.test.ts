import { decodeRevert } from '@eip3009/core'
import { facilitatorAnswers, readSvmPayment, type SvmFacilitatorAnswer, svmProfiles, svmRefusals } from '@eip3009/core/solana'
import { fixture, type SvmFixtureNetwork, variants } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'
import { diagnoseSvm } from '../../packages/core/src/solana/diagnosis/diagnose.ts'

function answersTo(name: string, network: SvmFixtureNetwork = 'solana'): Readonly<Record<string, SvmFacilitatorAnswer>> {
  const found = variants(network).find((variant) => variant.name === name)
  if (found === undefined) throw new TypeError(`no fixture ${name}`)
  const payment = readSvmPayment(found.input)
  const { findings } = diagnoseSvm(payment, { now: 0n })
  return Object.fromEntries(facilitatorAnswers(payment, findings, { runs: 'succeeds' }).map((answer) => [answer.profile, answer]))
}

const said = (answer: SvmFacilitatorAnswer | undefined): string =>
  answer === undefined
    ? 'no answer'
    : answer.verify === 'refuses'
      ? [answer.code, ...(answer.details === null ? [] : [answer.details])].join(': ')
      : `accepts${answer.settle === null ? '' : `, then ${answer.settle}`}`

/** Read in the sources of each; the codes are those that the sources have. */
const read: readonly (readonly [fixture: string, profile: string, answer: string])[] = [
  ['valid', 'x402-rs-2.0', 'accepts'],
  ['valid', 'x402-rs-fork-mainnet', 'accepts'],
  ['version-1-body', 'x402-1.2', 'invalid_exact_svm_payload_transaction_instructions_length'],
  ['svm-signature-missing', 'x402-rs-fork-mainnet', 'accepts, then unexpected_settle_error'],
  ['svm-signature-invalid', 'x402-rs-fork-mainnet', 'accepts, then contract_call_failed'],
  ['svm-fee-payer-mismatch', 'x402-rs-fork-mainnet', 'fee_payer_not_in_transaction_signers'],
  ['svm-mint-mismatch', 'x402-rs-fork-mainnet', 'no_valid_transfer_instruction_found'],
  ['svm-recipient-mismatch', 'x402-rs-fork-mainnet', 'no_valid_transfer_instruction_found'],
  ['svm-amount-mismatch', 'x402-rs-fork-mainnet', 'no_valid_transfer_instruction_found'],
  ['svm-compute-limit', 'x402-rs-fork-mainnet', 'missing_compute_unit_limit_instruction'],
  ['compute-limit-twice', 'x402-rs-fork-mainnet', 'duplicate_compute_unit_limit_instruction'],
  ['compute-budget-swapped', 'x402-rs-fork-mainnet', 'accepts'],
  ['unknown-program', 'x402-rs-fork-mainnet', 'accepts'],
  ['svm-memo-mismatch', 'x402-rs-fork-mainnet', 'accepts'],
  ['svm-lookup-table-unresolved', 'x402-rs-fork-mainnet', 'invalid_account_index'],
  [
    'svm-fee-payer-in-instructions',
    'x402-rs-fork-mainnet',
    'invalid_exact_svm_payload_transaction_fee_payer_included_in_instruction_accounts',
  ],
  [
    'creates-token-account-by-fee-payer',
    'x402-rs-fork-mainnet',
    'invalid_exact_svm_payload_transaction_fee_payer_included_in_instruction_accounts',
  ],
  ['svm-mint-mismatch', 'x402-rs-2.0', 'asset_mismatch'],
  ['svm-recipient-mismatch', 'x402-rs-2.0', 'recipient_mismatch'],
  ['svm-amount-mismatch', 'x402-rs-2.0', 'invalid_payment_amount'],
  ['accepted-differs', 'x402-rs-2.0', 'accepted_requirements_mismatch'],
  ['compute-price-above-caps', 'x402-rs-2.0', 'transaction_simulation: Compute unit price exceeds facilitator maximum'],
  ['compute-limit-above-caps', 'x402-rs-2.0', 'transaction_simulation: Compute unit limit exceeds facilitator maximum'],
  ['svm-creates-token-account', 'x402-rs-2.0', 'transaction_simulation: CreateATA instruction not supported - destination ATA must exist'],
  ['unknown-program', 'x402-rs-2.0', 'transaction_simulation: Program not in allowed list'],
  ['seven-instructions', 'x402-rs-2.0', 'accepts'],
  ['amount-above', 'x402-go-1', 'accepts'],
  ['amount-above', 'x402-python', 'accepts'],
  ['amount-above', 'x402-go-2', 'invalid_exact_solana_payload_amount_mismatch'],
  ['svm-amount-mismatch', 'x402-python', 'invalid_exact_svm_payload_amount_insufficient'],
  ['svm-amount-mismatch', 'x402-go-1', 'invalid_exact_solana_payload_amount_insufficient'],
  ['svm-fee-payer-in-instructions', 'spec', ''],
  // The specification as it is now, section 1.1 to 1.4, and 2.1.4; beside it what it said in April 2026.
  ['amount-above', 'spec', 'accepts'],
  ['amount-above', 'spec-2026-04', ''],
  ['svm-amount-mismatch', 'spec', ''],
  ['seven-instructions', 'spec', 'accepts'],
  ['seven-instructions', 'spec-2026-04', ''],
  ['compute-budget-absent', 'spec', 'accepts'],
  ['compute-budget-swapped', 'spec', 'accepts'],
  ['unknown-program', 'spec', 'accepts'],
  ['svm-compute-price', 'spec', 'accepts'],
  ['two-transfers', 'spec', ''],
  ['third-signer', 'spec', ''],
  ['svm-instruction-layout', 'spec', ''],
  ['svm-memo-mismatch', 'spec', ''],
  ['svm-recipient-mismatch', 'spec', ''],
  ['svm-fee-payer-transfers', 'spec', ''],
]

describe('what was read in the sources', () => {
  it.each(read)('%s: %s', (name, profile, answer) => {
    expect(said(answersTo(name)[profile])).toBe(answer)
  })

  it('knows that the fork is stricter on devnet', () => {
    // The same transaction on both: 500,000 microlamports are between the two caps, and 300,000 units as well.
    const priced = (network: SvmFixtureNetwork, units: number, price: bigint): SvmFacilitatorAnswer | undefined => {
      const payment = readSvmPayment(fixture(network, 'valid').input)
      if (payment.transaction === null) throw new TypeError('unreadable')
      const instructions = payment.transaction.instructions.map((each) =>
        each.meaning.kind === 'compute-limit'
          ? { ...each, meaning: { ...each.meaning, units } }
          : each.meaning.kind === 'compute-price'
            ? { ...each, meaning: { ...each.meaning, microLamports: price } }
            : each,
      )
      const answers = facilitatorAnswers({ ...payment, transaction: { ...payment.transaction, instructions } }, [], { runs: 'succeeds' })
      return answers.find(({ profile }) => profile.startsWith('x402-rs-fork'))
    }
    expect(said(priced('solana', 20_000, 500_000n))).toBe('accepts')
    expect(said(priced('solana-devnet', 20_000, 500_000n))).toBe('compute unit price exceeds facilitator maximum')
    expect(said(priced('solana', 300_000, 1n))).toBe('accepts')
    expect(said(priced('solana-devnet', 300_000, 1n))).toBe('compute unit limit exceeds facilitator maximum')
  })

  it('answers for one network and one version of x402 only where the payment is of it', () => {
    expect(Object.keys(answersTo('valid'))).not.toContain('x402-rs-fork-devnet')
    expect(Object.keys(answersTo('valid', 'solana-devnet'))).not.toContain('x402-rs-fork-mainnet')
    expect(Object.keys(answersTo('valid'))).not.toContain('x402-1.2')
  })
})

describe('every profile', () => {
  it('says where it is from, and has an id of its own', () => {
    expect(svmProfiles.length).toBeGreaterThan(8)
    expect(new Set(svmProfiles.map(({ id }) => id)).size).toBe(svmProfiles.length)
    for (const { source, versions } of svmProfiles) expect([source.length > 20, versions.length > 3]).toEqual([true, true])
  })

  it('answers with codes that are known by heart', () => {
    const codes = variants('solana').flatMap(({ name }) =>
      Object.values(answersTo(name)).flatMap(({ code, settle }) => [code, settle].filter((each): each is string => each !== null)),
    )
    const distinct = [...new Set(codes)]
    expect(distinct.length).toBeGreaterThan(40)
    expect(distinct.filter((code) => decodeRevert(code).kind !== 'reason-code')).toEqual([])
  })
})

describe('for each cause', () => {
  it('says who refuses it with which code, and who takes it', () => {
    const payment = readSvmPayment(fixture('solana', 'svm-memo-mismatch').input)
    const { findings, facilitators } = diagnoseSvm(payment, { now: 0n })
    const [refusal] = svmRefusals(payment, findings)
    expect(refusal?.cause).toBe('svm-memo-mismatch')
    expect(refusal?.refusedBy).toContainEqual({ profile: 'x402-svm-2.27', code: 'invalid_exact_svm_payload_memo_mismatch' })
    expect(refusal?.acceptedBy).toEqual(['x402-rs-2.0', 'x402-rs-fork-mainnet', 'x402-go-1', 'x402-python'])
    expect(facilitators.refusals).toEqual([refusal])
  })

  it('finds somebody who refuses, for every error that the payload shows', () => {
    const nobody: string[] = []
    for (const { name, input, verdict, shownBy } of variants('solana')) {
      if (verdict === 'settles' || shownBy !== 'payload') continue
      const payment = readSvmPayment(input)
      const { findings, cause } = diagnoseSvm(payment, { now: 0n })
      const refusal = svmRefusals(payment, findings).find((each) => each.cause === cause)
      if (refusal?.refusedBy.length === 0) nobody.push(name)
    }
    expect(nobody).toEqual([])
  })
})
