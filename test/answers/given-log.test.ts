import { readPayment } from '@eip3009/core'
import { fixture, variants } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'
import { withTold } from '../../packages/core/src/answer/given.ts'
import { evmMarks } from '../../packages/core/src/evm/payment/marks.ts'
import type { Answer } from '../../packages/core/src/revert/answer.ts'
import { svmMarks } from '../../packages/core/src/solana/transaction/marks.ts'

const valid = fixture('base', 'valid').input as object
const solana = variants('solana').map(({ input }) => input as object)
/** The same payment under another nonce, with what can pass for its signature. */
const elsewhere = JSON.parse(
  JSON.stringify(valid).replace(
    /("(?:nonce|signature)":"0x)([0-9a-f]{60})/g,
    (_, name, digits) => `${name}${[...digits].reverse().join('')}`,
  ),
)
const families = {
  evm: { mine: valid, theirs: elsewhere },
  solana: { mine: solana[0] ?? {}, theirs: solana[1] ?? {} },
}

const answerIn = (mine: object, answer: unknown): Answer | undefined => {
  const payment = readPayment(mine)
  const told =
    payment.family === 'evm'
      ? withTold(payment, { answer }, 'evm', evmMarks(payment))
      : withTold(payment, { answer }, 'svm', svmMarks(payment))
  return told.beside?.answer
}

const text = JSON.stringify
const says = 'insufficient allowance'
const other = 'something quite different failed'
const record = (body: object, error: string, more: object = {}): object => ({ msg: 'settle', body, error, ...more })
const header = (body: object): string => Buffer.from(text((body as { paymentPayload: object }).paymentPayload)).toString('base64')

type Log = (mine: object, theirs: object) => unknown

const own: Readonly<Record<string, Log>> = {
  'records of a line each, mine first': (mine, theirs) => `${text(record(mine, says))}\n${text(record(theirs, other))}`,
  'records of a line each, mine last': (mine, theirs) => `${text(record(theirs, other))}\n${text(record(mine, says))}`,
  'records over many lines': (mine, theirs) =>
    [record(theirs, other), record(mine, says), record(theirs, other)].map((each) => JSON.stringify(each, null, 2)).join('\n'),
  'a list': (mine, theirs) => text([record(theirs, other), record(mine, says)]),
  'a list that was parsed': (mine, theirs) => [record(theirs, other), record(mine, says)],
  'a HAR': (mine, theirs) => ({
    log: {
      entries: [theirs, mine].map((body) => ({
        request: { postData: { text: text(body) } },
        response: { content: { text: text({ error: body === mine ? says : other }) } },
      })),
    },
  }),
  'a line for what was sent, and one for what came back': (mine, theirs) =>
    [`POST /settle ${text(theirs)}`, `error: ${other}`, `POST /settle ${text(mine)}`, `error: ${says}`].join('\n'),
  'headers, and what came back': (mine, theirs) =>
    [`PAYMENT-SIGNATURE: ${header(mine)}`, `< error: ${says}`, '', `PAYMENT-SIGNATURE: ${header(theirs)}`, `< error: ${other}`].join('\n'),
  'requests beside each other, by their ids': (mine, theirs) =>
    [
      `request_id=a-1 body=${text(mine)}`,
      `request_id=b-2 body=${text(theirs)}`,
      `request_id=b-2 error: ${other}`,
      `request_id=a-1 error: ${says}`,
    ].join('\n'),
  'records beside each other, by their ids': (mine, theirs) =>
    [
      { reqId: '1', body: theirs },
      { reqId: '2', body: mine },
      { reqId: '1', error: other },
      { reqId: '2', error: says },
    ]
      .map((each) => text(each))
      .join('\n'),
}

const nobodys: Readonly<Record<string, Log>> = {
  'requests beside each other': (mine, theirs) => [`body=${text(theirs)}`, `body=${text(mine)}`, `error: ${other}`].join('\n'),
  "the answer to the other one's request": (mine, theirs) => [`body=${text(mine)}`, `body=${text(theirs)}`, `error: ${other}`].join('\n'),
  'the other one beside mine in one record': (mine, theirs) => ({ first: mine, second: theirs, error: other }),
  'an answer with the id of another request': (mine) =>
    [
      { reqId: 'x', body: mine },
      { reqId: 'y', error: other },
    ]
      .map((each) => text(each))
      .join('\n'),
}

describe.each(Object.entries(families))('a log of several payments that is given as the answer, %s', (_family, { mine, theirs }) => {
  it('has two different payments', () => expect(readPayment(mine)).not.toEqual(readPayment(theirs)))

  it.each(Object.entries(own))('says what was answered to this one: %s', (_name, log) => {
    const answer = answerIn(mine, log(mine, theirs))
    expect(answer).toMatchObject({ kind: 'refused', from: 'given' })
    expect(text([answer?.says, answer?.revert.message])).toContain(says)
    expect(text(answer)).not.toContain(other)
    expect(answer).not.toHaveProperty('other')
  })

  it.each(Object.entries(nobodys))('says nothing of this one: %s', (_name, log) => {
    expect(answerIn(mine, log(mine, theirs))?.kind).not.toBe('refused')
  })

  it.each(Object.entries(own))('is of another payment where it shows no other: %s', (_name, log) => {
    expect(answerIn(mine, log(theirs, theirs))).toHaveProperty('other')
  })

  it('is taken whole where it shows no payment', () => {
    expect(answerIn(mine, `line one\nerror: ${says}`)).toMatchObject({ kind: 'refused', from: 'given' })
  })
})

describe('a line with the nonce alone', () => {
  const { mine } = families.evm
  const payment = readPayment(mine)
  const nonce = payment.family === 'evm' ? payment.authorization.nonce : ''
  const another = `0x${'88'.repeat(32)}`

  it.each([
    `nonce=${another} failed: ${other}`,
    `nonce: ${another}, error: ${other}`,
    `"nonce":"${another}","error":"${other}"`,
    `nonce ${another} ${other}`,
  ])('%s is of another payment', (line) => {
    expect(answerIn(mine, line)).toHaveProperty('other', `the nonce ${another}`)
    expect(readPayment(`body=${text(mine)}\n${line}`).beside?.answer).toBeUndefined()
    expect(readPayment(`${line}\nbody=${text(mine)}`).beside?.answer).toBeUndefined()
  })

  it.each([`nonce=${nonce} failed: ${says}`, `{"nonce":"${nonce}","error":"${says}"}`])('%s is of this one', (line) => {
    expect(answerIn(mine, `nonce=${another} failed: ${other}\n${line}`)).toMatchObject({ kind: 'refused' })
    expect(text(answerIn(mine, `nonce=${another} failed: ${other}\n${line}`))).not.toContain(other)
    expect(readPayment(`body=${text(mine)}\n${line}`).beside?.answer).toMatchObject({ kind: 'refused' })
  })
})
