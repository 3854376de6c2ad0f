import { fixture, type SvmFixtureCause } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'
import { run } from '../fake-console.ts'

const pasted = (cause: SvmFixtureCause): string => JSON.stringify(fixture('solana', cause).input)

describe('eip3009 diagnose with a payment on Solana', () => {
  it('says that a valid one settles, and what it takes for granted', async () => {
    const { code, out, err } = await run(['diagnose', pasted('valid')])
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(out).toMatch(/^✓ SETTLES {6}The transaction is well built, signed, and pays what the offer asks for/)
    expect(out).toContain('0.01 USDC')
    expect(out).toContain('Taken for granted')
    expect(out).toContain('blockhash')
  })

  it('says cause, fault, retry, what was seen and expected, money and fix', async () => {
    const { code, out } = await run(['diagnose', pasted('svm-amount-mismatch')])
    expect(code).toBe(1)
    const [first = '', second = ''] = out.split('\n')
    expect(first).toMatch(/^✗ FAILS {8}The transfer moves 0\.009999 USDC/)
    expect(second).toMatch(/cause svm-amount-mismatch · fault client signer · inferred, not proven · a new signature is needed, once/)
    expect(out).toMatch(/transfer\.amount +seen +9999\n +expected +10000\n/)
    expect(out).toMatch(/ {2}Money /)
    expect(out).toMatch(/ {2}Fix /)
    expect(out).toMatch(/ {2}Not checked /)
  })

  it('prints one JSON object', async () => {
    const { code, out } = await run(['diagnose', pasted('svm-mint-mismatch'), '--json'])
    expect(code).toBe(1)
    const diagnosis = JSON.parse(out)
    expect(diagnosis.schema).toBe('eip3009/svm-diagnosis@1')
    expect(diagnosis.cause).toBe('svm-mint-mismatch')
  })

  it('reads a header value', async () => {
    const { paymentPayload } = fixture('solana-devnet', 'svm-signature-missing').input as { paymentPayload: object }
    const header = Buffer.from(JSON.stringify(paymentPayload)).toString('base64')
    const { code, out } = await run(['diagnose', `PAYMENT-SIGNATURE: ${header}`])
    expect(code).toBe(1)
    expect(out).toContain('cause svm-signature-missing')
  })

  it('says that it uses no RPC yet', async () => {
    const { code, err } = await run(['diagnose', pasted('valid'), '--rpc-url', 'http://127.0.0.1:1'])
    expect(code).toBe(0)
    expect(err).toContain('--rpc-url was not used')
  })

  it('refuses one whose transaction is not text', async () => {
    const input = { x402Version: 1, scheme: 'exact', network: 'solana', payload: { transaction: 7 } }
    const { code, err } = await run(['diagnose', JSON.stringify(input)])
    expect(code).toBe(2)
    expect(err).toMatch(/^eip3009: Read an x402 payment on Solana whose payload\.transaction is 7; expected /)
  })
})
