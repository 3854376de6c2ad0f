import { readSvmPayment, type SolanaDiagnosis } from '@eip3009/core/solana'
import { fixture, type SvmFixtureCause, variants } from '@eip3009/fixtures'
import { Keypair, PublicKey, TransactionInstruction, TransactionMessage, VersionedTransaction } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import { diagnoseSvm } from '../../packages/core/src/solana/diagnosis/diagnose.ts'

interface Offer {
  amount: string
  network: string
  payTo: string
  asset: string
  extra: Record<string, string>
}

interface Body {
  x402Version: number
  paymentPayload: { accepted: Offer; payload: { transaction: string }; resource?: object }
  paymentRequirements: Offer
}

function bodyOf(cause: SvmFixtureCause = 'valid'): Body {
  return structuredClone(fixture('solana', cause).input) as Body
}

const diagnosed = (input: object | string): SolanaDiagnosis => diagnoseSvm(readSvmPayment(input), { now: 1_790_000_000n })
const told = ({ findings }: SolanaDiagnosis): string[] => findings.map(({ severity, cause, field }) => `${severity} ${cause} ${field}`)

/** Both copies of the offer, changed alike. */
function offering(change: (offer: Offer) => void, cause?: SvmFixtureCause): Body {
  const body = bodyOf(cause)
  change(body.paymentPayload.accepted)
  change(body.paymentRequirements)
  return body
}

/** The transaction of a fixture with its bytes changed. */
function sending(change: (bytes: Buffer) => string | Buffer): Body {
  const body = bodyOf()
  const changed = change(Buffer.from(body.paymentPayload.payload.transaction, 'base64'))
  body.paymentPayload.payload.transaction = typeof changed === 'string' ? changed : changed.toString('base64')
  return body
}

describe('the offer', () => {
  it('is what the transaction is compared with: without it nothing is certain', () => {
    const { paymentPayload } = bodyOf()
    const { verdict, retry, skipped, headline } = diagnosed({
      x402Version: 1,
      scheme: 'exact',
      network: 'solana',
      payload: paymentPayload.payload,
    })
    expect({ verdict, retry: retry.action }).toEqual({ verdict: 'inconclusive', retry: 'unknown' })
    expect(headline).toContain('without the offer')
    expect(skipped.map(({ id }) => id)).toContain('offer')
  })

  it('may be of version 1', () => {
    const { paymentPayload, paymentRequirements } = bodyOf()
    const { amount, ...rest } = paymentRequirements
    const payment = {
      x402Version: 1,
      paymentPayload: { x402Version: 1, scheme: 'exact', network: 'solana', payload: paymentPayload.payload },
      paymentRequirements: { ...rest, network: 'solana', maxAmountRequired: amount },
    }
    expect(diagnosed(payment).verdict).toBe('settles')
    expect(told(diagnosed({ ...payment, paymentRequirements: { ...payment.paymentRequirements, maxAmountRequired: '10001' } }))).toEqual([
      'error svm-amount-mismatch transfer.amount',
    ])
  })

  it.each<[string, Body, string[]]>([
    [
      'another payee',
      offering((it) => {
        it.payTo = it.extra.feePayer ?? ''
      }),
      ['error svm-recipient-mismatch transfer.destination'],
    ],
    [
      "the other cluster's network",
      offering((it) => {
        it.network = 'solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1'
      }),
      ['error svm-wrong-cluster requirements.asset'],
    ],
    [
      'no fee payer',
      offering((it) => {
        it.extra = {}
      }),
      ['error svm-fee-payer-mismatch requirements.extra.feePayer'],
    ],
    [
      'an EVM payee',
      offering((it) => {
        it.payTo = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
      }),
      ['error malformed-field requirements.payTo', 'error malformed-field accepted.payTo'],
    ],
    [
      'an amount in dollars',
      offering((it) => {
        it.amount = '$0.01'
      }),
      ['error malformed-field requirements.amount', 'error malformed-field accepted.amount'],
    ],
  ])('has %s', (_, body, expected) => {
    expect(told(diagnosed(body)).sort()).toEqual([...expected].sort())
  })

  it('differs from the one that was accepted', () => {
    const body = bodyOf()
    body.paymentRequirements.amount = '20000'
    expect(told(diagnosed(body))).toEqual(['error svm-amount-mismatch transfer.amount', 'error accepted-mismatch accepted.amount'])
    body.paymentRequirements = { ...bodyOf().paymentRequirements, network: 'solana-devnet' }
    expect(told(diagnosed(body))).toEqual(['error network-mismatch accepted.network'])
  })
})

describe('the bytes', () => {
  it.each<[string, Body, string[]]>([
    [
      'bytes behind them',
      sending((bytes) => Buffer.concat([bytes, Buffer.from('xyz')])),
      ['warning svm-transaction-malformed payload.transaction'],
    ],
    [
      'line breaks',
      sending((bytes) => bytes.toString('base64').replace(/(.{76})/g, '$1\n')),
      ['warning svm-transaction-malformed payload.transaction'],
    ],
    ['hex in place of base64', sending((bytes) => `${bytes.toString('hex')}!`), ['error svm-transaction-malformed payload.transaction']],
    [
      'more than a packet',
      sending((bytes) => Buffer.concat([bytes, Buffer.alloc(1232)])),
      ['error svm-transaction-malformed payload.transaction'],
    ],
  ])('have %s', (_, body, expected) => {
    const diagnosis = diagnosed(body)
    expect(told(diagnosis)).toEqual(expected)
    expect(diagnosis.verdict).toBe(expected.some((line) => line.startsWith('error')) ? 'fails' : 'settles')
  })

  it('were changed after signing: the signature explains what is wrong with the fields', () => {
    const body = sending((bytes) => {
      // The amount of 10,000 as the transfer has it, little-endian behind its number.
      const at = bytes.indexOf(Buffer.from([12, 0x10, 0x27, 0, 0, 0, 0, 0, 0, 6]))
      expect(at).toBeGreaterThan(0)
      bytes.writeUInt8(0x11, at + 1)
      return bytes
    })
    const diagnosis = diagnosed(body)
    expect(told(diagnosis)).toEqual(['error svm-signature-invalid signatures[1]', 'error svm-amount-mismatch transfer.amount'])
    // What was signed is another message, and nothing here tells what became of that.
    expect(diagnosis.money.instruments.map(({ form, state }) => `${form} ${state}`)).toEqual(['as-signed unknown', 'as-sent dead'])
    expect(diagnosis.solana.transfer?.amount).toBe('10001')
  })
})

it('never claims that money moved or did not when the signature is good', () => {
  expect(diagnosed(bodyOf()).money.state).toBe('unknown')
  expect(diagnosed(bodyOf('svm-mint-mismatch')).money.state).toBe('unknown')
  expect(diagnosed(bodyOf('svm-signature-missing')).money.state).toBe('not-moved')
})

describe('who can still send it, without a chain', () => {
  const money = (name: string): { readonly state: string; readonly says: string } => {
    const found = variants('solana').find((variant) => variant.name === name)
    if (found === undefined) throw new TypeError(`no fixture ${name}`)
    return diagnosed(found.input).money
  }

  it.each([
    ['valid', 'unknown', /whoever has the fee payer's key can send it while its blockhash lives/],
    ['fee-payer-signed-before', 'unknown', /everybody has signed, so whoever has these bytes can send it/],
    ['svm-instruction-layout', 'unknown', /the payer's signature is good, and whoever has the fee payer's key/],
    ['durable-nonce', 'unknown', /for as long as the account \w+ keeps its durable nonce, which does not end/],
    ['svm-fee-payer-transfers', 'unknown', /the tokens would be the facilitator's own/],
    ['svm-transaction-malformed', 'unknown', /whether the whole transaction was sent, they do not tell/],
    ['svm-signature-invalid', 'unknown', /the payer has not signed this message.*that one can be sent/],
    ['svm-signature-missing', 'not-moved', /the payer has not signed/],
  ])('%s: %s', (name, state, says) => {
    expect(money(name).state).toBe(state)
    expect(money(name).says).toMatch(says)
  })

  it('a spoiled signature of a fee payer, who can write a new one, rules nothing out', () => {
    const body = bodyOf('svm-fee-payer-mismatch')
    const bytes = Buffer.from(body.paymentPayload.payload.transaction, 'base64')
    bytes.fill(7, 1, 1 + 64)
    body.paymentPayload.payload.transaction = bytes.toString('base64')
    expect(diagnosed(body).money.state).toBe('unknown')
  })
})

it('a multisig signs by its members, and not by itself', () => {
  const [payer, one, two] = [1, 2, 3].map((seed) => Keypair.fromSeed(new Uint8Array(32).fill(seed))) as [Keypair, Keypair, Keypair]
  const multisig = new PublicKey(new Uint8Array(32).fill(9))
  const account = (pubkey: PublicKey, isSigner = false): { pubkey: PublicKey; isSigner: boolean; isWritable: boolean } => ({
    pubkey,
    isSigner,
    isWritable: false,
  })
  const mint = new PublicKey(bodyOf().paymentRequirements.asset)
  const build = (members: readonly PublicKey[]): VersionedTransaction =>
    new VersionedTransaction(
      new TransactionMessage({
        payerKey: payer.publicKey,
        recentBlockhash: PublicKey.default.toBase58(),
        instructions: [
          new TransactionInstruction({
            programId: new PublicKey('TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA'),
            keys: [...[multisig, mint, payer.publicKey, multisig].map((key) => account(key)), ...members.map((key) => account(key, true))],
            data: Buffer.from([12, 1, 0, 0, 0, 0, 0, 0, 0, 6]),
          }),
        ],
      }).compileToV0Message(),
    )
  const causes = (transaction: VersionedTransaction): string[] => {
    const body = bodyOf()
    body.paymentPayload.payload.transaction = Buffer.from(transaction.serialize()).toString('base64')
    return diagnosed(body).findings.map(({ cause, field }) => `${cause} ${field}`)
  }
  const shared = build([one.publicKey, two.publicKey])
  shared.sign([one, two])
  expect(causes(shared)).not.toContain('svm-signature-missing transfer.authority')
  expect(causes(build([]))).toContain('svm-signature-missing transfer.authority')
})

it('refuses what is no payment on Solana with one sentence', () => {
  for (const input of ['', '{}', '{"payload":', 'hello', { x402Version: 1 }, new Uint8Array([1, 2])])
    expect(() => readSvmPayment(input)).toThrow(/^Read .+; expected .+; .+\.$/)
})
