import { investigate } from '@eip3009/core'
import { diagnosisDocument, renderText } from '@eip3009/core/report'
import { liteSvmReplayer, readSnapshot, readSvmPayment } from '@eip3009/core/solana'
import { fixture, type SvmFixtureCause, variants } from '@eip3009/fixtures'
import { expect, it } from 'vitest'
import { diagnoseSvm } from '../../packages/core/src/solana/diagnosis/diagnose.ts'

function rows(name: string): string {
  const found = variants('solana').find((variant) => variant.name === name)
  if (found === undefined) throw new TypeError(`no fixture ${name}`)
  const { blocks } = diagnosisDocument(diagnoseSvm(readSvmPayment(found.input), { now: 0n }))
  const all = blocks.flatMap((block) => (block.role === 'rows' ? block.rows.map(({ label, text }) => `${label} | ${text}`) : []))
  const first = all.findIndex((row) => /^(?:Refused by|Accepted by|Would be)/.test(row))
  return all
    .slice(
      first,
      all.findIndex((row) => row.startsWith('Read as')),
    )
    .join('\n')
}

it('says who would refuse a payment with which code, and who would take it', () => {
  expect(rows('valid')).toMatchInlineSnapshot(`"Accepted by | all that are known, as long as their simulation succeeds"`)
  expect(rows('compute-price-above-caps')).toMatchInlineSnapshot(`
    "Refused by | x402-rs 2.0 (transaction_simulation: Compute unit price exceeds facilitator maximum); Ultravioleta's x402-rs (compute unit price exceeds facilitator maximum)
    Accepted by | the specification, the specification of April 2026, @x402/svm 2.27, @x402/svm 2.10, x402 Go v2, x402 Go v1, x402 Python, as long as their simulation succeeds"
  `)
  expect(rows('svm-signature-missing')).toContain(
    "Fails at settle | x402-rs 2.0 (unexpected_error); Ultravioleta's x402-rs (unexpected_settle_error)",
  )
})

it('goes through the causes where there are several', () => {
  expect(rows('creates-token-account-by-fee-payer')).toMatch(
    /Cause by cause \| svm-creates-token-account: refused by [^\n]+; taken by the specification, Ultravioleta's x402-rs\n \| svm-fee-payer-in-instructions: refused by the specification, the specification of April 2026, x402-rs 2\.0, Ultravioleta's x402-rs; taken by @x402\/svm 2\.27/,
  )
  expect(rows('svm-lookup-table-unresolved')).toContain('@x402/svm 2.10, x402 Python (without an answer: it throws)')
})

it('does not say that a decoder threw where it answered in words of its own', () => {
  expect(rows('svm-transaction-malformed')).toContain('@x402/svm 2.10 (without an answer: it throws)')
  expect(rows('svm-transaction-malformed')).toContain("Ultravioleta's x402-rs (in its decoder's words)")
})

it("says that a replay was made without the wallet's guards, which then proves nothing", async () => {
  const { input, snapshot } = fixture('solana', 'svm-wallet-injected-instructions')
  const payment = readSvmPayment(input)
  const options = { now: 1_790_000_000n, readers: readSnapshot(snapshot).readers, replayer: liteSvmReplayer() }
  const { diagnosis } = await investigate(payment, options)
  const out = renderText(diagnosisDocument(diagnosis), { color: false, columns: 200 })
  expect(out).toMatch(/Replayed +settles, 0\.01 USDC arrive: The Lighthouse guards are left out/)
  expect(out).not.toContain('Replayed as it is')
  const appended = variants('solana').find(({ name }) => name === 'lighthouse-appended')
  const guarded = await investigate(readSvmPayment(appended?.input ?? {}), {
    ...options,
    readers: readSnapshot(appended?.snapshot ?? {}).readers,
  })
  expect(guarded.diagnosis).toMatchObject({ verdict: 'settles', proof: null })
  expect(guarded.diagnosis.headline).toContain('nothing that was read of solana stands against it')
})

it('says why a replay fails where one change explains it, and nothing where none does', async () => {
  const said = async (cause: SvmFixtureCause): Promise<string | undefined> => {
    const { input, snapshot } = fixture('solana', cause)
    const options = { now: 1_790_000_000n, readers: readSnapshot(snapshot).readers, replayer: liteSvmReplayer() }
    return (await investigate(readSvmPayment(input), options)).diagnosis.replay?.says
  }
  expect(await said('svm-insufficient-funds')).toMatch(/^It fails for svm-insufficient-funds: with that undone the programs take it/)
  expect(await said('svm-token-extension')).toBe('It fails, and nothing that was tried makes it settle.')
})
