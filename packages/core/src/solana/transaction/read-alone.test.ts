import { Keypair, SystemProgram, TransactionMessage, VersionedTransaction } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import { fixture } from '../../../../fixtures/src/index.ts'
import { diagnose } from '../../diagnosis/diagnose.ts'
import { readEvmPayment } from '../../evm/payment/read.ts'
import { readPayment } from '../../payment/read-payment.ts'
import { readSvmPayment } from './read.ts'

const bodyOf = (network: 'solana' | 'solana-devnet') => JSON.parse(JSON.stringify(fixture(network, 'valid').input))
const transactionIn = (network: 'solana' | 'solana-devnet'): string => bodyOf(network).paymentPayload.payload.transaction
const now = 1_790_000_000n

describe('a transaction that stands alone', () => {
  it.each(['solana', 'solana-devnet'] as const)('of %s is the transaction that its body has, and its mint says the cluster', (network) => {
    const text = transactionIn(network)
    const whole = readSvmPayment(bodyOf(network))
    for (const alone of [
      readPayment(text),
      readPayment(`  ${text}\n`),
      readSvmPayment(text),
      readPayment(new TextEncoder().encode(text)),
    ]) {
      if (alone.family !== 'solana') throw new TypeError('It was read as a payment on an EVM chain.')
      expect(alone.form).toBe('solana-transaction')
      expect(alone.transaction).toEqual(whole.transaction)
      expect(alone.network?.id).toBe(network)
      expect(alone.requirements).toBeUndefined()
    }
  })

  it('is judged by what it says, and never called good: nothing tells what was asked for', async () => {
    const diagnosis = await diagnose(readPayment(transactionIn('solana')), { now })
    expect(diagnosis).toMatchObject({ verdict: 'inconclusive', cause: null, payment: { form: 'solana-transaction', network: 'solana' } })
    expect(diagnosis.headline).toContain('without the offer')
  })

  it('is of the cluster that was chosen', () => {
    const payment = readPayment(transactionIn('solana'), { network: 'solana-devnet' })
    expect(payment.network?.id).toBe('solana-devnet')
  })

  it('that moves no tokens is no payment', () => {
    const { publicKey } = Keypair.fromSeed(new Uint8Array(32).fill(1))
    const instructions = [SystemProgram.transfer({ fromPubkey: publicKey, toPubkey: publicKey, lamports: 1n })]
    const message = new TransactionMessage({ payerKey: publicKey, recentBlockhash: publicKey.toBase58(), instructions })
    const text = Buffer.from(new VersionedTransaction(message.compileToV0Message()).serialize()).toString('base64')
    expect(() => readPayment(text)).toThrow()
  })

  it('that was cut is none either, and one on Solana is none on an EVM chain', () => {
    const text = transactionIn('solana')
    expect(() => readPayment(text.slice(0, 200))).toThrow()
    expect(() => readEvmPayment(text)).toThrow()
  })
})
