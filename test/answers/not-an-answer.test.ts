import { diagnose, readEvmPayment, readPayment } from '@eip3009/core'
import { diagnosisDocument } from '@eip3009/core/report'
import { fixture } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'

const bodyOf = (input: object | string): Record<string, unknown> => {
  if (typeof input !== 'object' || !('paymentPayload' in input)) throw new TypeError('the fixture is no body')
  return { ...input }
}
const text = (value: unknown): string => JSON.stringify(value)
const base64 = (value: unknown): string => Buffer.from(text(value)).toString('base64')
const { input, at } = fixture('base', 'valid')
const body = bodyOf(input)
const other = bodyOf(fixture('polygon', 'valid').input)
const { authorization } = readEvmPayment(input)
const header = (of: Record<string, unknown>): string => `> PAYMENT-SIGNATURE: ${base64(of.paymentPayload)}`
const hash = `0x${'cd'.repeat(32)}`
const used = 'FiatTokenV2: authorization is used or canceled'
const kindOf = (paste: string | object): string | undefined => readPayment(paste).beside?.answer?.kind

describe('what is no answer', () => {
  it.each<[string, string | object]>([
    ['an error that is none, as loggers of Go write it', `settle ${text(body)} err=<nil>`],
    ['an undefined error', `settle ${text(body)} error=undefined`],
    ['no error', `settle ${text(body)} error: none`],
    ['a count of none', `settle ${text(body)} with 0 errors`],
    ['what did not happen', `this did not fail: ${text(body)}`],
    ['a question', `Does somebody know if this would fail? ${text(body)}`],
    ['what is set up', { config: { onError: 'fail-closed' }, body }],
    ['the name of a logger', { logger: 'failed-payments', msg: 'enqueue', body }],
    ['what could be answered', { possibleErrors: ['invalid_exact_evm_nonce_already_used'], body }],
    ['what is tried again', { retryOn: ['insufficient_funds'], body }],
    ['what is left of a quota', `${header(body)}\n< HTTP/2 200\n< x-ratelimit-limit: 100\n< ratelimit-remaining: 99\n<\n{}`],
    ['checks that failed nothing', `settle ${text(body)} expired=false insufficient_funds=false`],
    ["any service's envelope", { success: true, data: body }],
    ['the offer, without a version of HTTP', `HTTP 402 {"error":"X-PAYMENT header is required"}\n${text(body)}\n200 OK`],
    ['a record of before, of its own', `2026-09-21T10:00:00Z ERROR ${used}\n2026-09-21T10:00:01Z verify ok payload=${text(body)}`],
    [
      'a record of after, of its own',
      `2026-09-21T10:00:00Z verify ok payload=${text(body)}\n2026-09-21T10:00:01Z ERROR webhook failed: 500`,
    ],
    [
      "the next payment's, in a transcript",
      `${header(body)}\n< HTTP/1.1 200 OK\n\n${header(other)}\n< HTTP/1.1 402 Payment Required\n\n${text({ error: 'insufficient_funds' })}`,
    ],
  ])('%s', (_what, paste) => {
    expect(kindOf(paste)).toBeUndefined()
  })
})

describe('what is a refusal, whatever its words', () => {
  it.each<[string, string | object]>([
    ...[
      'timed out after 30s',
      'Unable to settle payment',
      'Could not verify payment',
      'Forbidden',
      'bad request',
      'not enough USDC',
      'TypeError: x',
    ].map((words): [string, string] => [words, `settle ${text(body)} -> ${words}`]),
    ['a receipt that failed', { body, receipt: { status: '0x0', transactionHash: hash } }],
    ['a text for a flag', { body, response: { isValid: 'false' } }],
    ['a number for a flag', { body, response: { success: 0 } }],
    ['headers as pairs', { body, response: { headers: [['payment-response', base64({ success: false, errorReason: 'x' })]] } }],
  ])('%s', (_what, paste) => {
    expect(kindOf(paste)).toBe('refused')
  })

  it('is read from the header of a refusal in a transcript, however long it is', () => {
    const refusal = { x402Version: 2, error: 'invalid_exact_evm_nonce_already_used', resource: { url: 'x'.repeat(300) }, accepts: [] }
    const paste = `${header(body)}\n>\n< HTTP/2 402\n< payment-required: ${base64(refusal)}\n<\n{}`
    expect(readPayment(paste).beside?.answer?.revert.causes).toContain('authorization-used')
  })

  it('is quoted without what was sent', () => {
    const { revert } = readPayment(`${header(body)}\n< HTTP/2 402\n`).beside?.answer ?? {}
    expect(revert?.message).toMatch(/^\W*HTTP\/2 402\W*$/)
  })

  it('is no more than sent, where it says of itself that it is settled', () => {
    expect(kindOf({ request: body, response: { success: true, errorReason: 'insufficient_funds', transaction: hash } })).toBe('pending')
  })

  it('keeps its words apart from ours, and shows no key', async () => {
    const secret = `0x${'1234567890abcdef'.repeat(4)}`
    const words = `failed": ✓ PAYMENT IS GOOD, paid. MNEMONIC=test test test test test test test test test test test junk PRIVATE_KEY=${secret}`
    const said = await diagnose(readEvmPayment(input), { now: BigInt(at), at: BigInt(at), answer: words })
    expect(text(said)).not.toContain(secret.slice(2, 40))
    expect(said.answer?.says).not.toMatch(/["✓]/)
  })
})

describe('what is about another payment', () => {
  const stranger = `0x${'11'.repeat(20)}`
  const topic = (address: string): string => `0x${'00'.repeat(12)}${address.slice(2)}`
  const usedTopic = '0x98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5'
  const canceledTopic = '0x1cdd46ff242716cdaa72d159d339a485b3438398348d68f09d7c8c0a59353d81'
  const log = (...topics: readonly string[]): object => ({ address: `0x${'22'.repeat(20)}`, topics, data: '0x' })

  it.each<[string, unknown]>([
    ['a use by another payer', log(usedTopic, topic(stranger), `0x${'66'.repeat(32)}`)],
    ['a use of another nonce', log(usedTopic, topic(authorization.from), `0x${'66'.repeat(32)}`)],
    ['a cancellation by another payer', log(canceledTopic, topic(stranger), authorization.nonce)],
    ['a settlement of another payer', { success: true, payer: stranger, transaction: hash }],
    ['a refusal of another payer', { isValid: false, invalidReason: 'invalid_exact_evm_nonce_already_used', payer: stranger }],
    ['what another has', { message: `execution reverted: ERC20InsufficientBalance(${stranger}, 5000000, 10000)` }],
  ])('%s', async (_what, answer) => {
    const said = await diagnose(readEvmPayment(input), { now: BigInt(at), at: BigInt(at), answer })
    expect([said.verdict, said.cause, said.answer?.relation]).toEqual(['settles', null, 'another-payment'])
    expect(diagnosisDocument(said).title.tone).toBe('warn')
  })

  it('a use of this very nonce is about this one', async () => {
    const answer = log(usedTopic, topic(authorization.from), authorization.nonce)
    const said = await diagnose(readEvmPayment(input), { now: BigInt(at), at: BigInt(at), answer })
    expect(said.answer?.relation).toBe('settled')
  })
})

describe('a time that is not the payment’s', () => {
  it.each<[string, string | object]>([
    ['when somebody was made', { user: { createdAt: '2026-09-20T10:00:00Z' }, body }],
    ['when a server began', `2026-09-20T20:00:00Z server started\n${text(body)}`],
    ['when a certificate ends', `${text(body)}\nTLS expire date: 2026-09-22T10:00:00Z`],
  ])('%s', (_what, paste) => {
    expect(readPayment(paste).beside?.time).toBeUndefined()
  })

  it('outside of its window, or still to come, judges nothing', async () => {
    const payment = readEvmPayment(input)
    for (const time of [BigInt(at) + 7_200n, authorization.validAfter - 1n, authorization.validBefore + 30n]) {
      const said = await diagnose({ ...payment, beside: { time } }, { now: BigInt(at) })
      expect([said.verdict, said.time.basis]).toEqual(['settles', 'now'])
    }
  })
})

describe('what is given as an answer, whatever it is', () => {
  const ask = (answer: unknown) => diagnose(readEvmPayment(input), { now: BigInt(at), at: BigInt(at), answer })

  it('throws nothing, and costs no more than it holds', async () => {
    // Each of them holds all of them, as a client's error holds its sockets: who walked every way would never end.
    const all: Record<string, unknown>[] = Array.from({ length: 30 }, () => ({ status: 'open' }))
    for (const each of all) for (const [index, other] of all.entries()) each[`socket${index}`] = other
    const throws = {
      get message(): string {
        throw new TypeError('no')
      },
    }
    const refuses = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new TypeError('no')
        },
      },
    )
    for (const answer of [all[0], throws, refuses]) expect((await ask(answer)).answer?.kind).toBe('unclear')
  })

  it('is a refusal where it is an error, enumerable or not', async () => {
    expect((await ask(new Error('the request failed'))).answer?.kind).toBe('refused')
    expect((await ask({ error: true })).answer?.kind).toBe('refused')
    expect((await ask({ error: null })).answer?.kind).toBe('unclear')
  })

  it('is read past any number of empty lines', () => {
    expect(kindOf(`${text(body)}${'\n'.repeat(200_000)}failed`)).toBe('refused')
  })
})
