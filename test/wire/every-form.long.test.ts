import { type Payment, readPayment } from '@eip3009/core'
import { fixture, fixtureNetworks, svmFixtureNetworks, variants } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'
import { goPlus, goSharp, node, pydantic, pydanticString, rust, type Value } from './printers.ts'

/** A body as it would be sent, both versions of it among them. */
type Body = Readonly<Record<string, unknown>>

const isBody = (input: object | string): input is Body => typeof input === 'object' && 'paymentPayload' in input

const evmCauses = ['valid', 'domain-name-mismatch', 'expired', 'recipient-mismatch', 'accepted-mismatch'] as const

/** Well and ill in their own ways: bytes, signers, offers, lookup tables, versions, and what is odd about the text. */
const svmNames = new Set([
  'valid',
  'version-1-body',
  'svm-transaction-malformed',
  'svm-signature-missing',
  'svm-signature-invalid',
  'svm-lookup-table-unresolved',
  'svm-memo-mismatch',
  'svm-wrong-cluster',
  'accepted-mismatch',
  'svm-amount-mismatch',
])

const bodies: Readonly<Record<'evm' | 'solana', readonly (readonly [string, Body])[]>> = {
  evm: fixtureNetworks.slice(0, 3).flatMap((network) => {
    const inputs = evmCauses.flatMap((cause) => {
      const { input } = fixture(network, cause)
      return isBody(input) ? [[`${network} ${cause}`, input] as const] : []
    })
    const [valid] = inputs
    return valid === undefined ? [] : [...inputs, [`${network} version 1`, versionOne(network, valid[1])] as const]
  }),
  solana: svmFixtureNetworks.flatMap((network) =>
    variants(network).flatMap(({ name, input }) => (isBody(input) && svmNames.has(name) ? [[`${network} ${name}`, input] as const] : [])),
  ),
}

/** The same payment as x402 v1 has it. */
function versionOne(network: string, { paymentPayload, paymentRequirements }: Body): Body {
  const { payload } = paymentPayload as Body
  const { amount, ...offer } = paymentRequirements as Body
  return {
    x402Version: 1,
    paymentPayload: { x402Version: 1, scheme: 'exact', network, payload },
    paymentRequirements: { ...offer, network, maxAmountRequired: amount },
  }
}

const asValue = (value: unknown): Value => value as Value
const asRecord = (value: Body): Readonly<Record<string, Value>> => value as Readonly<Record<string, Value>>
const text = (value: unknown): string => JSON.stringify(value)
const base64 = (value: string): string => Buffer.from(value).toString('base64')
const payloadOf = ({ paymentPayload }: Body): Body => paymentPayload as Body
const header = (body: Body): string => base64(text(payloadOf(body)))
const nameOf = (body: Body): string => (payloadOf(body).x402Version === 1 ? 'X-PAYMENT' : 'PAYMENT-SIGNATURE')

/** As pydantic dumps it. */
function snake(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snake)
  if (typeof value !== 'object' || value === null) return value
  const name = (key: string): string => key.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [name(key), snake(member)]))
}

const dump = (body: Body): string =>
  `GET /weather HTTP/1.1\r\nHost: api.example.com\r\nAccept: */*\r\n${nameOf(body)}: ${header(body)}\r\nUser-Agent: x402-axios/1.0\r\n\r\n`

/** Each way to paste one payment; those that leave the offer out are compared with the payload alone. */
const forms: Readonly<Record<string, { readonly of: 'body' | 'payload'; readonly paste: (body: Body) => string | Uint8Array | object }>> = {
  'the body as text': { of: 'body', paste: text },
  'the body, indented': { of: 'body', paste: (body) => JSON.stringify(body, null, 2) },
  'the body as an object': { of: 'body', paste: (body) => structuredClone(body) },
  'the body as bytes': { of: 'body', paste: (body) => Buffer.from(text(body)) },
  'UTF-16 with a mark': { of: 'body', paste: (body) => Buffer.from(`\ufeff${text(body)}`, 'utf16le') },
  'UTF-8 with a mark': { of: 'body', paste: (body) => Buffer.from(`\ufeff${text(body)}`) },
  'a quoted string': { of: 'body', paste: (body) => text(text(body)) },
  'a string quoted twice': { of: 'body', paste: (body) => text(text(text(body))) },
  'single quotes, as a shell has them': { of: 'body', paste: (body) => `'${text(body)}'` },
  'a block of Markdown': { of: 'body', paste: (body) => `\`\`\`json\n${JSON.stringify(body, null, 2)}\n\`\`\`` },
  'a log line': { of: 'body', paste: (body) => `2026-11-27T10:00:00Z ERROR settle failed body=${text(body)}` },
  'a log line with a brace before it': { of: 'body', paste: (body) => `[req {a1}] settle {attempt: 2} ${text(body)} after 3s` },
  'a log line with a brace before the quoted body': {
    of: 'body',
    paste: (body) => `level=error ctx={a} body=${JSON.stringify(text(body))} }`,
  },
  'a log line that begins with a brace': { of: 'body', paste: (body) => `{req-1} settle failed ${text(body)}` },
  'behind a record of another kind': { of: 'body', paste: (body) => `{"level":"info"} settle failed: ${text(body)}` },
  "a logger's record": { of: 'body', paste: (body) => text({ level: 50, time: 1, msg: 'settle failed', req: { body } }) },
  "a logger's record, as text": { of: 'body', paste: (body) => text({ level: 50, msg: 'settle failed', body: text(body) }) },
  "a logger's message": { of: 'body', paste: (body) => text({ level: 'error', msg: `settle {attempt 2} failed: ${text(body)}` }) },
  'a later line of JSONL': { of: 'body', paste: (body) => `${text({ level: 'info', msg: 'up' })}\n${text({ level: 'warn', body })}\n` },
  'the first line of JSONL': { of: 'body', paste: (body) => `${text({ body })}\n${text({ level: 'info', msg: 'down' })}\n` },
  snake_case: { of: 'body', paste: (body) => text(snake(body)) },
  'JSON-RPC': { of: 'body', paste: (body) => text({ jsonrpc: '2.0', id: 1, method: 'x402_settle', params: [body] }) },
  'a tool call': {
    of: 'payload',
    paste: (body) => text({ method: 'tools/call', params: { name: 'pay', _meta: { 'x402/payment': payloadOf(body) } } }),
  },
  'the post of a HAR entry': { of: 'body', paste: (body) => text(har([], text(body))) },
  'a curl command': {
    of: 'body',
    paste: (body) => `curl -X POST https://x402.example/settle -H 'content-type: application/json' -d '${text(body)}'`,
  },
  'a request and its answer': {
    of: 'body',
    paste: (body) => text({ request: { method: 'POST', body }, response: { status: 402, body: { isValid: false } } }),
  },
  'the payload alone': { of: 'payload', paste: (body) => text(payloadOf(body)) },
  'the payload in a list': { of: 'payload', paste: (body) => text([payloadOf(body)]) },
  "a header's value": { of: 'payload', paste: header },
  "a header's value, quoted": { of: 'payload', paste: (body) => `"${header(body)}"` },
  "a header's value in backticks": { of: 'payload', paste: (body) => `The client sent \`${header(body)}\` twice.` },
  'a line of a header': { of: 'payload', paste: (body) => `${nameOf(body)}: ${header(body)}` },
  'a line of a header, in lower case and bytes': {
    of: 'payload',
    paste: (body) => Buffer.from(`${nameOf(body).toLowerCase()}: ${header(body)}\r\n`),
  },
  'base64 in base64': { of: 'payload', paste: (body) => base64(header(body)) },
  'base64url without padding': {
    of: 'payload',
    paste: (body) => header(body).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
  },
  'broken over lines': { of: 'payload', paste: (body) => header(body).replace(/.{76}/g, '$&\n') },
  'an HTTP dump': { of: 'payload', paste: dump },
  'an HTTP dump in a string': { of: 'payload', paste: (body) => text({ raw: dump(body) }) },
  'headers as an object': {
    of: 'payload',
    paste: (body) => text({ url: '/', headers: { host: 'a', [nameOf(body).toLowerCase()]: header(body) } }),
  },
  'headers as lists': { of: 'payload', paste: (body) => text({ headers: { [nameOf(body)]: [header(body)] } }) },
  'raw headers': { of: 'payload', paste: (body) => text({ rawHeaders: ['Host', 'a', nameOf(body), header(body)] }) },
  'the headers of a HAR entry': { of: 'payload', paste: (body) => text(har([{ name: nameOf(body), value: header(body) }])) },
  'a value somewhere in JSON': { of: 'payload', paste: (body) => text({ event: 'paid', credential: header(body) }) },
  'a struct as Rust prints it': { of: 'body', paste: (body) => rust(asValue(body), 'verifyRequest') },
  'a struct as Rust prints it, over lines': { of: 'body', paste: (body) => rust(asValue(body), 'verifyRequest', true) },
  'a span of a tracer': {
    of: 'body',
    paste: (body) => `2026-11-27T10:00:00.1Z  WARN settle{id=7}: x402_rs: failed request=${rust(asValue(body), 'settleRequest')} attempt=2`,
  },
  "a struct in a logger's record": {
    of: 'body',
    paste: (body) => text({ level: 'WARN', message: `failed: ${rust(asValue(body), 'verifyRequest')}` }),
  },
  'a struct as Go prints it': { of: 'body', paste: (body) => `settle failed: ${goPlus(asValue(body))}` },
  'a struct as Go prints it, with types': { of: 'body', paste: (body) => `&${goSharp(asValue(body), 'verifyRequest')}` },
  'a model as Python prints it': { of: 'body', paste: (body) => pydantic(asValue(body), 'verifyRequest') },
  'a model as Python says it': { of: 'payload', paste: (body) => pydanticString(asRecord(payloadOf(body))) },
  'two models in a line': {
    of: 'body',
    paste: (body) =>
      `payload=${pydantic(asValue(payloadOf(body)), 'paymentPayload')} requirements=${pydantic(asValue(body.paymentRequirements), 'paymentRequirements')}`,
  },
  "an object of Node's console": { of: 'body', paste: (body) => `settle failed ${node(asValue(body))}` },
  'a transcript of curl': {
    of: 'payload',
    paste: (body) =>
      `> GET /weather HTTP/1.1\n> Host: api.example.com\n> ${nameOf(body)}: ${header(body)}\n> \n< HTTP/1.1 402 Payment Required\n< PAYMENT-RESPONSE: ${base64(text({ success: false, errorReason: 'unexpected_settle_error', transaction: '', network: 'base' }))}\n< \n{}`,
  },
  'a transcript of curl, the answer first': {
    of: 'payload',
    paste: (body) =>
      `< HTTP/2 402\n< payment-required: ${base64(text({ x402Version: 2, error: 'payment required', accepts: [] }))}\n<\n> ${nameOf(body).toLowerCase()}: ${header(body)}\n>`,
  },
  'a curl command with a header': {
    of: 'payload',
    paste: (body) => `curl -H '${nameOf(body)}: ${header(body)}' https://api.example.com/weather`,
  },
}

function har(headers: readonly object[], posted?: string): object {
  const postData = posted === undefined ? {} : { postData: { mimeType: 'application/json', text: posted } }
  return { log: { version: '1.2', entries: [{ request: { method: 'POST', url: 'https://x402.example/settle', headers, ...postData } }] } }
}

/** Everything but how it was wrapped: the form, the line about it, what was noted of the wrapping, and what stood beside it. */
function plain({ form: _form, recognised: _recognised, beside: _beside, findings, ...rest }: Payment): object {
  const causes = new Set(['malformed-field', 'header-encoding', 'wire-version-mismatch'])
  // Fields are called as they are spelled, which differs in snake_case.
  const kept = findings
    .filter(({ cause }) => !causes.has(cause))
    .map(({ cause, severity, seen, expected }) => ({ cause, severity, seen, expected }))
  return { ...rest, findings: kept }
}

describe.each(['evm', 'solana'] as const)('a payment of the family %s', (family) => {
  const some = bodies[family]

  it('is there to be pasted', () => {
    expect(some.length).toBeGreaterThan(10)
    expect(new Set(some.map(([, body]) => payloadOf(body).x402Version)).size).toBe(2)
  })

  it.each(Object.entries(forms))('is read from %s, and is the same', (_form, { of, paste }) => {
    for (const [name, body] of some) {
      const expected = readPayment(of === 'body' ? body : payloadOf(body))
      expect(expected.family, name).toBe(family)
      const read = readPayment(paste(body))
      expect(plain(read), name).toEqual(plain(expected))
    }
  })

  it.each(Object.entries(forms).filter(([form]) => !isWhole.has(form)))(
    'with its answer is read from %s, and so is the answer',
    (form, { of, paste }) => {
      const [, body] = some[0] ?? ['', {}]
      const read = readPayment(answered(paste(body), answers[family].says))
      expect(plain(read)).toEqual(plain(readPayment(of === 'body' ? body : payloadOf(body))))
      // Two forms have an answer of their own, which is nearer.
      if (!hasItsOwn.has(form)) expect(read.beside?.answer?.revert.causes).toContain(answers[family].cause)
      expect(read.beside?.answer).toMatchObject({ kind: 'refused', from: 'beside' })
    },
  )

  it.each(Object.entries(forms))('without an answer is read from %s, and nothing is taken for a cause', (form, { paste }) => {
    const [, body] = some[0] ?? ['', {}]
    const { beside } = readPayment(paste(body))
    // Some of their words say that it failed, and none of them why.
    if (!hasItsOwn.has(form)) expect(beside?.answer?.revert.causes ?? []).toEqual([])
  })
})

const answers = {
  evm: { says: 'FiatTokenV2: authorization is used or canceled', cause: 'authorization-used' },
  solana: {
    says: 'Transaction simulation failed: Error processing Instruction 2: custom program error: 0x1',
    cause: 'svm-insufficient-funds',
  },
} as const
const hasItsOwn: ReadonlySet<string> = new Set([
  'a transcript of curl',
  'a transcript of curl, the answer first',
  'a request and its answer',
])

/** With words behind them these are no longer what they are. */
const isWhole: ReadonlySet<string> = new Set(['a string quoted twice', 'base64 in base64', 'broken over lines'])

/** A paste with the answer that came back: in the same object, or on the next line. */
function answered(paste: string | Uint8Array | object, says: string): string | object {
  if (paste instanceof Uint8Array) return answered(new TextDecoder(paste[0] === 0xff ? 'utf-16le' : 'utf-8').decode(paste), says)
  if (typeof paste === 'object') return { exchange: paste, error: says }
  try {
    const parsed: unknown = JSON.parse(paste)
    if (typeof parsed === 'object' && parsed !== null) return text({ exchange: parsed, error: says })
  } catch {
    // It is no JSON.
  }
  return `${paste}\nerror: ${says}`
}
