import { readPayment } from '@eip3009/core'
import { fixture, variants } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'

const bodyOf = (input: object | string | undefined): Record<string, unknown> => {
  if (typeof input !== 'object' || !('paymentPayload' in input)) throw new TypeError('the fixture is no body')
  return { ...input }
}
const text = (value: unknown): string => JSON.stringify(value)
const base64 = (value: unknown): string => Buffer.from(text(value)).toString('base64')

const families = {
  evm: {
    body: bodyOf(fixture('base', 'valid').input),
    words: 'FiatTokenV2: authorization is used or canceled',
    cause: 'authorization-used',
  },
  solana: {
    body: bodyOf(variants('solana').find(({ name }) => name === 'valid')?.input),
    words: 'Transaction simulation failed: Error processing Instruction 2: custom program error: 0x1',
    cause: 'svm-insufficient-funds',
  },
} as const

type Body = Readonly<Record<string, unknown>>

/** Each place in which people's pastes have the answer, or where there is none for `undefined`. `says` is a refusal in the token's own words. */
const forms: Readonly<Record<string, (body: Body, says: string | undefined) => string | object>> = {
  'a log line with both': (body, says) => `2026-11-27T10:00:00Z settle body=${text(body)}${says === undefined ? '' : ` err="${says}"`}`,
  'a log line with the answer first': (body, says) => `10:00 settle${says === undefined ? '' : `: ${says}:`} body=${text(body)}`,
  'a log line with the body quoted': (body, says) => `lvl=x body=${text(text(body))}${says === undefined ? '' : ` err=${text(says)}`}`,
  "a logger's record": (body, says) => ({ msg: 'settle', ...(says === undefined ? {} : { err: { message: says } }), req: { body } }),
  "a logger's record with the payment beside": (body, says) => ({ ...body, ...(says === undefined ? {} : { error: says }) }),
  "a cloud's record": (body, says) => ({
    severity: 'X',
    jsonPayload: { ...(says === undefined ? {} : { reason: says }), request: { body } },
  }),
  'the body as text in a record': (body, says) => ({ message: 'settle', body: text(body), ...(says === undefined ? {} : { error: says }) }),
  'a request and its response': (body, says) => ({
    request: { method: 'POST', body },
    response: says === undefined ? { status: 200 } : { status: 200, body: { success: false, errorReason: 'x', errorMessage: says } },
  }),
  'a HAR entry': (body, says) => ({
    log: {
      entries: [
        { request: { url: '/first' }, response: { status: 402, content: { text: text({ error: 'X-PAYMENT header is required' }) } } },
        {
          request: { method: 'POST', url: '/settle', postData: { text: text(body) } },
          response: { status: 200, content: says === undefined ? {} : { text: text({ error: says }) } },
        },
      ],
    },
  }),
  'a HAR entry with headers': (body, says) => ({
    log: {
      entries: [
        {
          request: { headers: [{ name: 'PAYMENT-SIGNATURE', value: base64(body.paymentPayload) }] },
          response: {
            headers: says === undefined ? [] : [{ name: 'PAYMENT-RESPONSE', value: base64({ success: false, errorReason: says }) }],
          },
        },
      ],
    },
  }),
  'a transcript of curl': (body, says) =>
    [
      '> GET /paid HTTP/1.1',
      '>',
      '< HTTP/1.1 402 Payment Required',
      '< PAYMENT-REQUIRED: eyJ4NDAyVmVyc2lvbiI6MiwiZXJyb3IiOiJQQVlNRU5ULVNJR05BVFVSRSBoZWFkZXIgaXMgcmVxdWlyZWQiLCJhY2NlcHRzIjpbXX0=',
      '',
      '> GET /paid HTTP/1.1',
      `> PAYMENT-SIGNATURE: ${base64(body.paymentPayload)}`,
      '>',
      ...(says === undefined ? ['< HTTP/1.1 200 OK'] : ['< HTTP/1.1 200 OK', '', text({ error: says })]),
    ].join('\n'),
  'an issue, the error first': (body, says) =>
    `Hello, this is my payment${says === undefined ? '' : `, and I get:\n\n    Error: ${says}\n`}\n\nbody:\n${JSON.stringify(body, null, 2)}\nThank you!`,
  'an issue, the error last': (body, says) =>
    `What I send:\n${JSON.stringify(body, null, 2)}\n${says === undefined ? '' : `What comes back: ${says}`}`,
  'two lines of JSONL': (body, says) => `${text({ at: 'settle', body })}\n${says === undefined ? '' : text({ at: 'answer', error: says })}`,
  'two payments, of which the second was answered': (body, says) =>
    `${text(body)} ${says ?? ''}\n${text(bodyOf(fixture('polygon', 'valid').input))} err="Pausable: paused"`,
}

describe.each(['evm', 'solana'] as const)('what stands beside a payment of the family %s', (family) => {
  const { body, words, cause } = families[family]

  it.each(Object.entries(forms))('is taken for the answer in %s', (_form, paste) => {
    const { beside } = readPayment(paste(body, words))
    expect(beside?.answer?.kind).toBe('refused')
    expect(beside?.answer?.revert.causes).toContain(cause)
    expect(beside?.answer?.from).toBe('beside')
  })

  it.each(Object.entries(forms))('is no answer in %s where there is none', (_form, paste) => {
    expect(readPayment(paste(body, undefined)).beside?.answer).toBeUndefined()
  })

  it('is no answer where it is the offer, whatever that says', () => {
    const [payload, requirements] = [body.paymentPayload, body.paymentRequirements]
    const said = { ...bodyOf({ ...body, paymentPayload: payload }), paymentRequirements: { ...Object(requirements), description: words } }
    expect(readPayment(said).beside?.answer).toBeUndefined()
    expect(readPayment(`POST ${text(said)}`).beside?.answer).toBeUndefined()
  })

  it('is nothing in a payment alone', () => {
    expect(readPayment(body).beside).toBeUndefined()
    expect(readPayment(text(body)).beside).toBeUndefined()
    expect(readPayment(base64(body.paymentPayload)).beside).toBeUndefined()
  })
})

const { body } = families.evm
const at = 1_795_773_600n

describe('the time of a record', () => {
  it.each([
    ['a log line', `2026-11-27T10:00:00Z WARN settle ${text(body)}`],
    ['an offset', `2026-11-27 12:00:00.123+02:00 settle ${text(body)}`],
    ['a record in milliseconds', text({ time: 1_795_773_600_123, body })],
    ['a record in seconds', text({ ts: 1_795_773_600.5, body })],
    ['a record with a text', text({ '@timestamp': '2026-11-27T10:00:00.000Z', body })],
    [
      'a HAR entry',
      text({ log: { entries: [{ startedDateTime: '2026-11-27T10:00:00.000Z', request: { postData: { text: text(body) } } }] } }),
    ],
    ['the date of an answer', `POST /settle\n\n${text(body)}\n\nHTTP/1.1 200 OK\ndate: Fri, 27 Nov 2026 10:00:00 GMT\n`],
  ])('is read from %s', (_where, paste) => {
    expect(readPayment(paste).beside?.time).toBe(at)
  })

  it.each([
    ['no zone', `2026-11-27 10:00:00 settle ${text(body)}`],
    ['times that are far apart', `2026-11-27T10:00:00Z settle ${text(body)} first seen 2026-11-20T10:00:00Z`],
    ['none', `settle ${text(body)}`],
  ])('is unknown with %s', (_why, paste) => {
    expect(readPayment(paste).beside?.time).toBeUndefined()
  })
})
