import { describe, expect, it } from 'vitest'
import {
  behind,
  dead,
  deadUnfinalized,
  holds,
  landed,
  missing,
  now,
  recorded,
  runs,
  simulatedWith,
  stranger,
  unreachable,
  unread,
  unreadable,
  untold,
  type Word,
  wrongCluster,
} from '../../../../../test/solana/recorded.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { known, unknown } from '../../evidence/known.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { captureSnapshot, readSnapshot } from './snapshot.ts'
import type { SvmAnswer } from './state.ts'

const { payment } = recorded('valid')
const { network } = payment

const asked = async (snapshot: object | string, of: SvmPayment = payment): Promise<readonly SvmAnswer[]> =>
  Promise.all(readSnapshot(snapshot).readers.map((reader) => reader.read({ payment: of, network, now })))

const answers: readonly (readonly [title: string, answer: SvmAnswer])[] = [
  ...(
    [
      ['everything', [runs]],
      ['what landed', [landed({ error: { InstructionError: [2, { Custom: 1 }] }, logs: ['a', 'b'], receiver: stranger })]],
      ['what landed without a time', [landed({ time: unknown('no') })]],
      ['what is dead', [dead, behind(600n)]],
      ['what is dead in one block', [deadUnfinalized]],
      ['accounts that are missing and unread', [missing('destination'), unread('mint'), holds(2n ** 64n - 1n)]],
      [
        'nothing but accounts',
        (['slot', 'height', 'time', 'finalized', 'blockhash', 'rent', 'settlement', 'historySince'] as const).map(untold),
      ],
      ['a simulation that failed', [simulatedWith({ InstructionError: [2, 'ProgramFailedToComplete'] }, ['a line'])]],
    ] as const satisfies readonly (readonly [string, readonly Word[]])[]
  ).map(([title, words]) => [title, recorded('valid', ...words).state] as const),
  ['nobody that answered', unreachable()],
  ['another cluster', wrongCluster(known('alive'))],
  ['another cluster that does not tell', wrongCluster(unknown('no'))],
]

describe('a snapshot', () => {
  it.each(answers)('with %s is read as it was', async (_, answer) => {
    const snapshot = captureSnapshot(payment, { answers: [answer], now })
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot)
    for (const form of [snapshot, JSON.stringify(snapshot)]) {
      expect(await asked(form)).toEqual([answer])
      expect(readSnapshot(form).now).toBe(now)
    }
  })

  it('keeps all answers in their order, and when it was', async () => {
    const all = answers.map(([, answer]) => answer)
    const snapshot = captureSnapshot(payment, { answers: all, now, at: now - 60n })
    expect(await asked(snapshot)).toEqual(all)
    expect(readSnapshot(snapshot).readers.map(({ source }) => source)).toEqual(all.map(({ source }) => source))
    expect(readSnapshot(snapshot)).toMatchObject({ now, at: now - 60n })
    expect(readSnapshot(captureSnapshot(payment, { answers: all, now }))).not.toHaveProperty('at')
  })

  it('has no signature of the payment in it', () => {
    const { payment: signed, state } = recorded('fee-payer-signed-before')
    const text = JSON.stringify(captureSnapshot(signed, { answers: [state], now }))
    const bytes = signed.bytes ?? new Uint8Array()
    for (const start of [1, 65]) {
      const signature = Buffer.from(bytes.subarray(start, start + 64))
      expect(text).not.toContain(signature.toString('base64').slice(0, 40))
      expect(text).not.toContain(signature.toString('hex'))
    }
  })

  it('tells nothing of another payment, and says so', async () => {
    const { payment: other } = recorded('memo-as-asked')
    const { state } = recorded('valid', runs, landed())
    const all = [state, unreachable(), wrongCluster(known('alive'))]
    expect(await asked(captureSnapshot(payment, { answers: all, now }), other)).toMatchObject([
      { kind: 'unreachable', source: state.source },
      { kind: 'unreachable', source: 'b.example' },
      { kind: 'wrong-cluster', source: 'b.example', blockhash: { known: false } },
    ])
  })

  it('is of the message: another signature under it makes no difference', async () => {
    const { state } = recorded('valid', landed())
    const bytes = Uint8Array.from(payment.bytes ?? [], (byte, index) => (index > 0 && index < 65 ? 7 : byte))
    expect(await asked(captureSnapshot(payment, { answers: [state], now }), { ...payment, bytes })).toEqual([state])
  })

  it('of bytes that nobody can read is for those alone', async () => {
    const { payment: broken, state } = unreadable(landed())
    const snapshot = captureSnapshot(broken, { answers: [state], now })
    expect(snapshot).toMatchObject({ payment: null })
    expect(await asked(snapshot, broken)).toEqual([state])
    expect(await asked(snapshot)).toMatchObject([{ kind: 'unreachable' }])
  })
})

describe('a snapshot that is damaged', () => {
  const text = JSON.stringify(captureSnapshot(payment, { answers: [recorded('valid', landed()).state], now, at: now }))
  it.each<readonly [from: string | RegExp, to: string]>([
    ['"kind":"read"', '"kind":"guess"'],
    ['"value":"alive"', '"value":"maybe"'],
    [/"lamports":"\d+"/, '"lamports":-1'],
    [/"lamports":"\d+"/, '"lamports":"18446744073709551616"'],
    [/"slot":\{"value":"\d+"\}/, '"slot":{}'],
    [/"data":"[^"]{8}/, '"data":"!!!'],
    [/"data":"([^"]{8})/, '"data":" $1'],
    [/"owner":"[^"]+"/, '"owner":"0x00"'],
    [/"payment":"[0-9a-f]{64}"/, '"payment":"abc"'],
    [/"payment":"[0-9a-f]/, '"payment":"G'],
    [/"accounts":\{"[^"]+"/, '"accounts":{"nobody"'],
    ['"now":', '"then":'],
    ['"logs":[]', '"logs":[7]'],
    ['"executable":false', '"executable":"no"'],
    ['"receiver":null', '"receiver":7'],
  ])('%s, %s is refused', (from, to) => {
    const broken = text.replace(from, to)
    expect(broken).not.toBe(text)
    expect(() => readSnapshot(broken)).toThrow(Eip3009Error)
    expect(() => readSnapshot(broken)).toThrow(expect.objectContaining({ code: 'unreadable-input' }))
  })

  it('is none of the other family', () => {
    expect(() => readSnapshot(text.replace('"family":"solana"', '"family":"evm"'))).toThrow(/evm/)
  })
})
