import { builtInNetworks, type Payment, readPayment, searchSignature, signatureLadder, svmSignatures } from '@eip3009/core'
import { fixture, variants } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'
import { diagnoseSvm } from '../../packages/core/src/solana/diagnosis/diagnose.ts'

interface Body {
  readonly paymentPayload: { readonly payload: object }
}

const own = fixture('base', 'valid').input as Body
const others = {
  evm: JSON.parse(JSON.stringify(own).replaceAll(/("nonce":\s*"0x)[0-9a-f]{8}/g, '$112345678')) as Body,
  solana: fixture('solana', 'valid').input as Body,
}
const otherOnSolana = variants('solana').find(({ name }) => name === 'memo-as-asked')?.input as Body

const header = ({ paymentPayload }: Body): string => Buffer.from(JSON.stringify(paymentPayload)).toString('base64')

/** Two payments as people have them in one paste. */
const pastes: Readonly<Record<string, (one: Body, other: Body) => string | object>> = {
  JSONL: (one, other) => `${JSON.stringify(one)}\n${JSON.stringify(other)}\n`,
  'pretty documents': (one, other) => `${JSON.stringify(one, null, 2)}\n\n${JSON.stringify(other, null, 2)}`,
  'lines of a log': (one, other) => `12:00:01 settle ${JSON.stringify(one)} failed\n12:00:02 settle ${JSON.stringify(other)} failed`,
  'a body and a header': (one, other) => `${JSON.stringify(one)}\nX-PAYMENT: ${header(other)}`,
  'two headers': (one, other) => `X-PAYMENT: ${header(one)}\nX-PAYMENT: ${header(other)}`,
  'one object': (one, other) => ({ first: one, second: other }),
  'texts in a HAR': (one, other) =>
    JSON.stringify({ log: { entries: [one, other].map((each) => ({ request: { postData: { text: JSON.stringify(each) } } })) } }),
}

const told = (payment: Payment) => payment.findings.filter(({ variant }) => variant === 'several-payments')

describe.each(Object.entries(pastes))('two payments as %s', (_, paste) => {
  it.each([
    ['on EVM chains', own, others.evm],
    ['on Solana', others.solana, otherOnSolana],
    ['of both families', own, others.solana],
  ])('%s: the first is read, and the other is told', (_name, one, other) => {
    const [alone, second] = [readPayment(one), readPayment(other)]
    const payment = readPayment(paste(one, other))
    expect(payment.family).toBe(alone.family)
    const [note, ...more] = told(payment)
    expect(more).toEqual([])
    expect(note).toMatchObject({ seen: '2', severity: 'warning', field: 'input' })
    expect(note?.summary).toMatch(/^2 payments were read, and this is the first: \d+ atomic units from /)
    const names = second.family === 'evm' ? second.authorization.nonce : second.transaction?.blockhash
    expect(note?.summary.split('Not looked at: ')[1]).toContain(names)
    expect(payment.findings.filter(({ summary }) => summary.includes('were not read'))).toEqual([])
  })

  it.each([own, others.solana])('which are copies of one are one', (one) => {
    expect(told(readPayment(paste(one, one)))).toEqual([])
  })
})

it('of many payments their number is told as far as it was counted', () => {
  const log = (count: number): string =>
    Array.from({ length: count }, (_, index) =>
      JSON.stringify(own).replaceAll(/("nonce":\s*"0x)[0-9a-f]{8}/g, `$1${String(index + 10_000_000)}`),
    ).join('\n')
  expect(told(readPayment(log(5)))[0]?.seen).toBe('5')
  expect(told(readPayment(log(60)))[0]?.seen).toBe('16 or more')
})

it('is told by diagnose and signature, of both families', async () => {
  const evm = readPayment(`${JSON.stringify(own)}\n${JSON.stringify(others.evm)}`)
  const solana = readPayment(`${JSON.stringify(others.solana)}\n${JSON.stringify(others.evm)}`)
  if (evm.family !== 'evm' || solana.family !== 'solana') throw new TypeError('the families are not as they were pasted')
  const note = { cause: 'malformed-field', says: expect.stringMatching(/^2 payments were read/) }
  expect(signatureLadder(evm, await searchSignature(evm, builtInNetworks)).findings).toContainEqual(note)
  expect(svmSignatures(solana).findings).toContainEqual(note)
  const { findings, verdict } = diagnoseSvm(solana, { now: 1_790_000_000n })
  expect({ verdict, told: findings.filter(({ variant }) => variant === 'several-payments').length }).toEqual({
    verdict: 'settles',
    told: 1,
  })
})

describe('what was tolerated stands beside a valid signature', () => {
  const evm = (change: (text: string) => string | object) => change(JSON.stringify(own))
  const signature = /"signature":"(0x[0-9a-f]+)"/
  it.each<[string, string | object]>([
    ['no 0x', evm((text) => text.replace(signature, (_, hex) => `"signature":"${hex.slice(2)}"`))],
    ['white space', evm((text) => text.replace(signature, (_, hex) => `"signature":" ${hex} "`))],
    ['capitals', evm((text) => text.replace(signature, (_, hex) => `"signature":"0X${hex.slice(2)}"`))],
    ['line breaks in a header', header(own).replace(/^(.{100})/, '$1\n')],
  ])('on an EVM chain: %s', async (_, input) => {
    const payment = readPayment(input)
    if (payment.family !== 'evm') throw new TypeError('it is one on an EVM chain')
    const ladder = signatureLadder(payment, await searchSignature(payment, builtInNetworks))
    expect(ladder.standing).toBe('valid')
    expect(ladder.findings.length).toBeGreaterThan(0)
  })

  const transaction = (change: (bytes: Buffer) => unknown): object => {
    const body = structuredClone(others.solana) as { paymentPayload: { payload: { transaction: unknown } } }
    body.paymentPayload.payload.transaction = change(Buffer.from(String(body.paymentPayload.payload.transaction), 'base64'))
    return body
  }
  it.each<[string, object]>([
    ['base64url', transaction((bytes) => bytes.toString('base64url'))],
    ['hex', transaction((bytes) => bytes.toString('hex'))],
    ['bytes behind it', transaction((bytes) => Buffer.concat([bytes, Buffer.alloc(3)]).toString('base64'))],
    ['a list of numbers', transaction((bytes) => [...bytes])],
  ])('on Solana: %s', (_, input) => {
    const payment = readPayment(input)
    if (payment.family !== 'solana') throw new TypeError('it is one on Solana')
    const { standing, findings } = svmSignatures(payment)
    expect(standing).toBe('valid')
    expect(findings.map(({ cause }) => cause)).toContain('svm-transaction-malformed')
  })

  it('and nothing where nothing was', async () => {
    const payment = readPayment(own)
    if (payment.family !== 'evm') throw new TypeError('it is one on an EVM chain')
    expect(signatureLadder(payment, await searchSignature(payment, builtInNetworks)).findings).toEqual([])
    const solana = readPayment(others.solana)
    if (solana.family === 'solana') expect(svmSignatures(solana).findings).toEqual([])
  })
})
