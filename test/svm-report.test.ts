import { diagnoseSvm, readSvmPayment } from '@eip3009/core/solana'
import { variants } from '@eip3009/fixtures'
import { expect, it } from 'vitest'
import { facilitatorRows } from '../packages/cli/src/report/svm-facilitators.ts'

function rows(name: string): string {
  const found = variants('solana').find((variant) => variant.name === name)
  if (found === undefined) throw new TypeError(`no fixture ${name}`)
  const { facilitators } = diagnoseSvm(readSvmPayment(found.input), { now: 0n })
  return facilitatorRows(facilitators)
    .map(([label, text]) => `${label} | ${text}`)
    .join('\n')
}

it('says who would refuse a payment with which code, and who would take it', () => {
  expect(rows('valid')).toMatchInlineSnapshot(`"Accepted by | all that are known, as long as their simulation succeeds"`)
  expect(rows('compute-price-above-caps')).toMatchInlineSnapshot(`
    "Refused by | x402-rs 2.0 (transaction_simulation: Compute unit price exceeds facilitator maximum); Ultravioleta’s x402-rs (compute unit price exceeds facilitator maximum)
    Accepted by | the specification, @x402/svm 2.27, @x402/svm 2.10, x402 Go v2, x402 Go v1, x402 Python, as long as their simulation succeeds"
  `)
  expect(rows('svm-signature-missing')).toContain(
    'Fails at settle | x402-rs 2.0 (unexpected_error); Ultravioleta’s x402-rs (unexpected_settle_error)',
  )
})

it('goes through the causes where there are several', () => {
  expect(rows('creates-token-account-by-fee-payer')).toMatch(
    /Cause by cause \| svm-creates-token-account: refused by [^\n]+; taken by Ultravioleta’s x402-rs\n \| svm-fee-payer-in-instructions: refused by the specification, x402-rs 2\.0, Ultravioleta’s x402-rs; taken by @x402\/svm 2\.27/,
  )
  expect(rows('svm-lookup-table-unresolved')).toContain('@x402/svm 2.10, x402 Python (without an answer: it throws)')
})
