import { type Diagnosis, diagnose, investigate, readEvmPayment, readPayment } from '@eip3009/core'
import { diagnosisDocument } from '@eip3009/core/report'
import { type FixtureCause, fixture, variants } from '@eip3009/fixtures'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { exitCodeOf } from '../../packages/cli/src/exit-codes.ts'
import { diagnoseSvm } from '../../packages/core/src/solana/diagnosis/diagnose.ts'
import { healthyState, readerOf } from '../chain/healthy-state.ts'

const hash = `0x${'77'.repeat(32)}`
const id = '5VERv8NMvzbJMEkV8xnrLkEaWRtSz9CosKDYjCJjBRnbJLgp8uirBgmQpjKhoR4tjF3ZpRzrFmBV6UjKdiSZkQUW'

/** What can be answered, one of each kind: about the payer, the nonce, the time, who submits, nothing at all, success, and a chain's own trouble. */
const answers = {
  evm: {
    signature: 'FiatTokenV2: invalid signature',
    balance: 'execution reverted: ERC20: transfer amount exceeds balance',
    used: 'FiatTokenV2: authorization is used or canceled',
    expired: 'FiatTokenV2: authorization is expired',
    relayer: { code: -32_000, message: 'nonce too low: next nonce 7, tx nonce 6' },
    nothing: 'HTTP/1.1 500 Internal Server Error',
    settled: { success: true, transaction: hash, network: 'base', payer: '0x1' },
    valid: { isValid: true },
    pending: { success: false, errorReason: 'settlement_pending', transaction: hash },
    paused: { error: { message: 'execution reverted: Pausable: paused' } },
  },
  solana: {
    signature: { isValid: false, invalidReason: 'invalid_exact_svm_payload_recipient_mismatch' },
    balance: 'Transaction simulation failed: Error processing Instruction 2: custom program error: 0x1',
    used: 'Transaction simulation failed: This transaction has already been processed',
    expired: 'Transaction simulation failed: Blockhash not found',
    relayer: 'Transaction simulation failed: Attempt to debit an account but found no record of a prior credit.',
    nothing: 'HTTP/1.1 500 Internal Server Error',
    settled: { success: true, transaction: id, network: 'solana' },
    valid: { isValid: true },
    pending: `TransactionExpiredTimeoutError: Transaction was not confirmed in 30.00 seconds. It is unknown if it succeeded or failed. Check signature ${id} using the Solana Explorer or CLI tools.`,
    paused: 'Error processing Instruction 2: custom program error: 0x11',
  },
} as const

type AnswerName = keyof (typeof answers)['evm']
type Ask = (answer?: unknown) => Promise<Diagnosis>

/** A payment in a token that nobody knows, signed as its offer says. */
async function signedFor(token: `0x${string}`, at: bigint): Promise<object> {
  const account = privateKeyToAccount(`0x${'42'.repeat(32)}`)
  const message = {
    from: account.address,
    to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
    value: 10_000n,
    validAfter: at - 60n,
    validBefore: at + 600n,
    nonce: `0x${'a1'.repeat(32)}`,
  } as const
  const signature = await account.signTypedData({
    domain: { name: 'Some Yen', version: '2', chainId: 8453, verifyingContract: token },
    types: {
      TransferWithAuthorization: [
        { name: 'from', type: 'address' },
        { name: 'to', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'validAfter', type: 'uint256' },
        { name: 'validBefore', type: 'uint256' },
        { name: 'nonce', type: 'bytes32' },
      ],
    },
    primaryType: 'TransferWithAuthorization',
    message,
  })
  const authorization = { ...message, value: '10000', validAfter: String(message.validAfter), validBefore: String(message.validBefore) }
  const offer = { scheme: 'exact', network: 'eip155:8453', amount: '10000', asset: token, payTo: message.to, maxTimeoutSeconds: 600 }
  const accepted = { ...offer, extra: { name: 'Some Yen', version: '2' } }
  return {
    x402Version: 2,
    paymentPayload: { x402Version: 2, accepted, payload: { authorization, signature } },
    paymentRequirements: accepted,
  }
}

const evm =
  (
    cause: FixtureCause,
    options: { readonly now?: bigint; readonly chain?: 'healthy' | 'poor'; readonly token?: `0x${string}` } = {},
  ): Ask =>
  async (answer) => {
    const { input, at } = fixture('base', cause)
    const payment = readEvmPayment(options.token === undefined ? input : await signedFor(options.token, BigInt(at)))
    const time = options.now === undefined ? { now: BigInt(at), at: BigInt(at) } : { now: options.now }
    const state = options.chain === undefined ? undefined : healthyState(payment)
    const poor = { known: true, value: 1n } as const
    const refusal = { known: true, value: { outcome: 'reverts', says: 'ERC20: transfer amount exceeds balance' } } as const
    const chains =
      state === undefined
        ? {}
        : {
            now: state.block.time,
            at: state.block.time,
            chains: [
              readerOf(
                options.chain === 'poor'
                  ? { ...state, payer: { ...state.payer, balance: poor }, simulated: { atBlock: refusal, pending: refusal } }
                  : state,
              ),
            ],
          }
    return diagnose(payment, { ...time, ...chains, search: { depth: 'quick' }, ...(answer === undefined ? {} : { answer }) })
  }

const solana =
  (name: string): Ask =>
  async (answer) => {
    const payment = readPayment(variants('solana').find((each) => each.name === name)?.input ?? '')
    if (payment.family !== 'solana') throw new TypeError('the fixture is of another family')
    const now = 1_790_000_000n
    if (answer === undefined) return diagnoseSvm(payment, { now })
    return (await investigate(payment, { now, answer })).diagnosis
  }

/** Verdict, party and what to do. `=`: as without the answer. */
type Wanted = '=' | `${'settles' | 'fails' | 'inconclusive'} ${string} ${string}`

interface Row {
  readonly ask: Ask
  readonly family: 'evm' | 'solana'
  /** As somebody who knows would say it, each by the rules of the token and of money: see docs/money.md. */
  readonly want: Readonly<Record<AnswerName, readonly [wanted: Wanted, relation: string]>>
}

const asBefore = (named: AnswerName | undefined): Row['want'] => {
  const kept = (name: AnswerName): readonly [Wanted, string] => ['=', name === named ? 'agrees' : 'beside']
  return {
    signature: kept('signature'),
    balance: kept('balance'),
    used: ['fails as-before unknown', 'beside'],
    expired: kept('expired'),
    relayer: kept('relayer'),
    nothing: kept('nothing'),
    settled: ['inconclusive - unknown', 'contradicted'],
    valid: ['=', 'contradicted'],
    // Whatever is wrong with it: what is said to be sent is looked up before anything is signed.
    pending: ['fails as-before unknown', 'beside'],
    paused: kept('paused'),
  }
}

// FiatToken looks at the balance last: whoever is told of it was not refused for the signature.
const neverSigned: Row['want'] = { ...asBefore('signature'), balance: ['=', 'contradicted'] }

const closed = BigInt(fixture('base', 'valid').at) + 86_400n * 365n

const rows: Readonly<Record<string, Row>> = {
  'good, open': {
    ask: evm('valid'),
    family: 'evm',
    want: {
      signature: ['settles - send-same', 'leaves-several'],
      balance: ['fails client fix-first', 'names-cause'],
      used: ['fails - unknown', 'names-cause'],
      expired: ['settles facilitator send-same', 'contradicted'],
      relayer: ['fails facilitator send-same', 'names-cause'],
      nothing: ['settles - send-same', 'leaves-several'],
      settled: ['settles - unknown', 'settled'],
      valid: ['=', 'agrees'],
      pending: ['inconclusive facilitator send-same', 'pending'],
      paused: ['fails token send-same', 'names-cause'],
    },
  },
  'good, its window closed a year ago': {
    ask: evm('valid', { now: closed }),
    family: 'evm',
    want: {
      signature: ['settles - unknown', 'leaves-several'],
      balance: ['fails client unknown', 'names-cause'],
      used: ['fails - unknown', 'names-cause'],
      expired: ['fails client unknown', 'names-cause'],
      relayer: ['fails facilitator unknown', 'names-cause'],
      nothing: ['settles - unknown', 'leaves-several'],
      settled: ['settles - unknown', 'settled'],
      valid: ['=', 'agrees'],
      pending: ['inconclusive facilitator unknown', 'pending'],
      paused: ['fails token unknown', 'names-cause'],
    },
  },
  'another name signed': { ask: evm('domain-name-mismatch'), family: 'evm', want: neverSigned },
  'changed after signing': { ask: evm('message-altered'), family: 'evm', want: neverSigned },
  // FiatToken looks at the window first: whatever else it is said to have answered, it can not have been to this one.
  'too late': {
    ask: evm('expired'),
    family: 'evm',
    want: { ...asBefore('expired'), signature: ['=', 'contradicted'], balance: ['=', 'contradicted'] },
  },
  'another key': { ask: evm('signer-not-owner'), family: 'evm', want: neverSigned },
  'another payee than the offer asks for': {
    ask: evm('recipient-mismatch'),
    family: 'evm',
    want: { ...asBefore(undefined), settled: ['fails as-before unknown', 'settled'] },
  },
  'a token that nobody knows': {
    ask: evm('valid', { token: '0x00000000000000000000000000000000000beef4' }),
    family: 'evm',
    want: {
      // Of a token that nobody knows anything can be wrong with the signature.
      signature: ['inconclusive - unknown', 'says-nothing'],
      balance: ['fails client fix-first', 'names-cause'],
      used: ['fails - unknown', 'names-cause'],
      expired: ['inconclusive facilitator unknown', 'contradicted'],
      relayer: ['fails facilitator send-same', 'names-cause'],
      nothing: ['inconclusive - unknown', 'leaves-several'],
      settled: ['inconclusive - unknown', 'settled'],
      valid: ['=', 'agrees'],
      pending: ['inconclusive facilitator unknown', 'pending'],
      paused: ['fails token send-same', 'names-cause'],
    },
  },
  'good, and the chain has all that it needs': {
    ask: evm('valid', { chain: 'healthy' }),
    family: 'evm',
    want: {
      signature: ['settles - send-same', 'leaves-several'],
      balance: ['settles facilitator send-same', 'contradicted'],
      used: ['settles facilitator send-same', 'contradicted'],
      expired: ['settles facilitator send-same', 'contradicted'],
      relayer: ['fails facilitator send-same', 'names-cause'],
      nothing: ['settles - send-same', 'leaves-several'],
      settled: ['inconclusive - unknown', 'contradicted'],
      valid: ['=', 'agrees'],
      pending: ['inconclusive facilitator send-same', 'pending'],
      paused: ['settles facilitator send-same', 'contradicted'],
    },
  },
  'good, and the chain says that the payer has too little': {
    ask: evm('valid', { chain: 'poor' }),
    family: 'evm',
    want: { ...asBefore('balance'), used: ['=', 'beside'] },
  },
  'good on Solana': {
    ask: solana('valid'),
    family: 'solana',
    want: {
      signature: ['settles facilitator send-same', 'contradicted'],
      balance: ['fails client sign-again', 'names-cause'],
      used: ['fails - unknown', 'names-cause'],
      expired: ['settles - send-same', 'leaves-several'],
      relayer: ['settles - send-same', 'leaves-several'],
      nothing: ['settles - send-same', 'leaves-several'],
      settled: ['settles - unknown', 'settled'],
      valid: ['=', 'agrees'],
      pending: ['inconclusive facilitator send-same', 'pending'],
      paused: ['fails token sign-again', 'names-cause'],
    },
  },
  'another payee than the offer asks for, on Solana': {
    ask: solana('svm-recipient-mismatch'),
    family: 'solana',
    want: { ...asBefore('signature'), settled: ['fails as-before unknown', 'settled'] },
  },
}

const names = Object.keys(answers.evm) as AnswerName[]

it('is a table of 120 pairs', () => {
  expect(Object.keys(rows).length * names.length).toBe(120)
})

describe.each(Object.entries(rows))('a payment that is %s', (_row, { ask, family, want }) => {
  it.each(names)('is judged as somebody who knows would, answered with %s', async (name) => {
    const [before, after] = [await ask(), await ask(answers[family][name])]
    const [wanted, relation] = want[name]
    const short = ({ verdict, party, retry }: Diagnosis): string => `${verdict} ${party ?? '-'} ${retry.action}`
    expect(`${short(after)} ${after.answer?.relation}`).toBe(
      `${wanted === '=' ? short(before) : wanted.replace('as-before', before.party ?? '-')} ${relation}`,
    )
    const { kind } = after.answer ?? {}
    const { title } = diagnosisDocument(after)
    // Never a green tick beside a refusal, and never an exit code that says that all is well.
    if (kind === 'refused' || kind === 'pending') {
      expect(title.tone).not.toBe('good')
      expect(exitCodeOf(after)).not.toBe(0)
    }
    // A second signature is asked for only where nothing says that the first may be paid.
    if (name === 'used' || name === 'settled' || name === 'pending')
      expect(after.retry.says).not.toMatch(/^sign again(?!.*(?:nonce|finalized))/)
  })
})
