// The next step, by docs/money.md: the same bytes land once and may always be sent again; another signature is a second payment for as long as the first one
// may land, so that it comes only with the condition that ends that.
import { describe, expect, it } from 'vitest'
import {
  dead,
  deadUnfinalized,
  landed,
  newest,
  now,
  recorded,
  simulatedAsIs,
  unfinalized,
  unreadable,
  untold,
  type Word,
} from '../../../../../test/solana/recorded.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import { solanaCauses } from '../../causes/solana.ts'
import { type Instrument, type Money, moneyOf } from '../../money/instrument.ts'
import type { Condition, Retry } from '../../money/retry.ts'
import type { Verdict } from '../../verdict/diagnosis.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { instrumentsOf } from './instruments.ts'
import { retryOf } from './retry.ts'

const longAgo = now - 3_600n
const end = String(newest.height + 182n)

interface Given {
  readonly name?: string
  /** What an RPC said; nobody was asked without. */
  readonly words?: readonly Word[]
  readonly at?: bigint
  readonly verdict?: Verdict
}

function retry(
  cause: CauseId | undefined,
  { name = 'valid', words, at, verdict = cause === undefined ? 'settles' : 'fails' }: Given = {},
): Retry {
  const { payment, state } = recorded(name, ...(words ?? []))
  const money = moneyOf(instrumentsOf(payment, [], words === undefined ? undefined : state, { now, at }))
  return retryOf(payment, money, { verdict, cause })
}

type Row = readonly [
  title: string,
  cause: CauseId | undefined,
  given: Given,
  told: readonly [action: Retry['action'], block: string | null | 'at once', onlyIf: readonly Condition[], hasCost: boolean],
]

const rows: readonly Row[] = [
  // It is paid.
  ['landed and finalized', 'svm-already-processed', { words: [landed()] }, ['never', 'at once', [], false]],
  ['landed, not finalized yet', 'svm-already-processed', { words: [landed({ ago: 1n })] }, ['never', 'at once', [], false]],
  ['landed, though something else is said to be wrong', 'svm-amount-mismatch', { words: [landed()] }, ['never', 'at once', [], false]],
  // It ran, and how that ended is open.
  ['processed and not found', 'svm-already-processed', { words: [simulatedAsIs('AlreadyProcessed')] }, ['wait', 'at once', [], true]],
  // It is over.
  [
    'landed with an error, finalized',
    'svm-landed-with-error',
    { words: [landed({ error: 'x' })] },
    ['sign-again', 'at once', ['fixed'], false],
  ],
  [
    'landed with an error, not finalized',
    'svm-landed-with-error',
    { words: [landed({ error: 'x', ago: 31n })] },
    ['sign-again', end, ['fixed', 'nothing-landed'], true],
  ],
  ['dead for good', 'svm-blockhash-expired', { words: [dead], at: longAgo }, ['sign-again', 'at once', [], false]],
  [
    'dead for good, and something has to be mended',
    'svm-insufficient-funds',
    { words: [dead], at: longAgo },
    ['sign-again', 'at once', ['fixed'], false],
  ],
  [
    'dead for good, and the fee payer was broke',
    'svm-fee-payer-funds',
    { words: [dead], at: longAgo },
    ['sign-again', 'at once', [], false],
  ],
  [
    'dead, not finalized',
    'svm-blockhash-expired',
    { words: [deadUnfinalized], at: longAgo },
    ['sign-again', String(newest.height), ['nothing-landed'], true],
  ],
  [
    'dead, not finalized, and nobody told the height',
    'svm-blockhash-expired',
    { words: [deadUnfinalized, untold('height')], at: longAgo },
    ['sign-again', null, ['nothing-landed'], true],
  ],
  [
    'dead, or the node is late',
    'svm-blockhash-expired',
    { words: [dead] },
    ['sign-again', String(newest.height + 182n + 75n), ['nothing-landed'], true],
  ],
  ['never signed by the payer', 'svm-signature-missing', { name: 'svm-signature-missing' }, ['sign-again', 'at once', [], false]],
  // It can land.
  ['lives, and nothing is wrong', undefined, { words: [] }, ['send-same', 'at once', [], false]],
  ['lives, and something that nobody judged', undefined, { words: [], verdict: 'inconclusive' }, ['send-same', 'at once', [], false]],
  ['lives, and is for less than was asked', 'svm-amount-mismatch', { words: [] }, ['sign-again', end, ['nothing-landed'], true]],
  [
    'lives, and the payer is short of money',
    'svm-insufficient-funds',
    { words: [] },
    ['sign-again', end, ['fixed', 'nothing-landed'], true],
  ],
  [
    'lives, and the payee has no account',
    'svm-destination-account-missing',
    { words: [] },
    ['sign-again', end, ['fixed', 'nothing-landed'], true],
  ],
  // An issuer thaws what it froze, and then it pays.
  ['lives, and an account is frozen', 'svm-account-frozen', { words: [] }, ['sign-again', end, ['fixed', 'nothing-landed'], true]],
  ['lives, and the fee payer is broke: the same bytes will do', 'svm-fee-payer-funds', { words: [] }, ['send-same', 'at once', [], false]],
  [
    'lives, and nobody told the height',
    'svm-amount-mismatch',
    { words: [untold('height')] },
    ['sign-again', null, ['nothing-landed'], true],
  ],
  // Nobody knows.
  ['nobody was asked, and nothing is wrong', undefined, {}, ['send-same', 'at once', [], false]],
  ['nobody was asked, and nothing can be said', undefined, { verdict: 'inconclusive' }, ['unknown', 'at once', [], true]],
  ['nobody was asked, and it is for less than was asked', 'svm-amount-mismatch', {}, ['sign-again', null, ['nothing-landed'], true]],
  ['whether it lives was not told', undefined, { words: [untold('blockhash')], verdict: 'inconclusive' }, ['unknown', 'at once', [], true]],
  [
    'whether it lives was not told, and it is called good all the same',
    undefined,
    { words: [untold('blockhash')] },
    ['unknown', 'at once', [], true],
  ],
  [
    'whether it landed was not told',
    'svm-amount-mismatch',
    { words: [untold('settlement')] },
    ['sign-again', end, ['nothing-landed'], true],
  ],
  // What was signed is another message than this one.
  [
    'signed as something else',
    'svm-signature-invalid',
    { name: 'svm-signature-invalid', words: [] },
    ['sign-again', end, ['nothing-landed'], true],
  ],
  [
    'signed as something else, and no chain',
    'svm-signature-invalid',
    { name: 'svm-signature-invalid' },
    ['sign-again', null, ['nothing-landed'], true],
  ],
  // A nonce account ends nothing by itself: it has to be advanced.
  [
    'durable, and can land',
    'svm-instruction-layout',
    { name: 'durable-nonce', words: [] },
    ['cancel-first', null, ['cancellation-landed', 'nothing-landed'], true],
  ],
  [
    'durable, and no chain',
    'svm-instruction-layout',
    { name: 'durable-nonce' },
    ['cancel-first', null, ['cancellation-landed', 'nothing-landed'], true],
  ],
  [
    'durable, and something has to be mended',
    'svm-insufficient-funds',
    { name: 'durable-nonce', words: [] },
    ['cancel-first', null, ['cancellation-landed', 'nothing-landed', 'fixed'], true],
  ],
  ['durable, and good', undefined, { name: 'durable-nonce', words: [] }, ['send-same', 'at once', [], false]],
  [
    'durable, and gone in a block that is not finalized',
    'svm-blockhash-expired',
    { name: 'durable-nonce', words: [deadUnfinalized], at: longAgo },
    ['sign-again', null, ['nothing-landed'], true],
  ],
  ['durable, and landed', 'svm-already-processed', { name: 'durable-nonce', words: [landed()] }, ['never', 'at once', [], false]],
  // Bytes that can be read, written as nobody takes them.
  ['base64url', 'svm-transaction-malformed', { name: 'base64url', words: [] }, ['fix-first', 'at once', [], false]],
  [
    'base64url, dead for good',
    'svm-transaction-malformed',
    { name: 'base64url', words: [dead], at: longAgo },
    ['sign-again', 'at once', ['fixed'], false],
  ],
]

describe('what to do next', () => {
  it.each(rows)('%s', (_, cause, given, [action, block, onlyIf, hasCost]) => {
    const next = retry(cause, given)
    expect({ action: next.action, onlyIf: next.onlyIf, hasCost: next.cost !== null }).toEqual({ action, onlyIf, hasCost })
    // On Solana the height of a finalized block counts, never a time; and no nonce ties two signatures together.
    expect(next.notBefore).toEqual(block === 'at once' ? null : { time: null, block, finalized: true })
    expect(next).toMatchObject({ sameNonce: false, nonce: null, through: 'same' })
    expect(next.says).not.toMatch(/\.$|undefined|null/)
  })

  it('of bytes that nobody can read is to wait until whatever was sent is dead', () => {
    const { payment, state } = unreadable()
    const money = moneyOf(instrumentsOf(payment, [], state, { now, at: undefined }))
    expect(retryOf(payment, money, { verdict: 'fails', cause: 'svm-transaction-malformed' })).toMatchObject({
      action: 'sign-again',
      notBefore: { block: end, finalized: true },
      onlyIf: ['nothing-landed'],
    })
  })

  it('says what sending the same is good for', () => {
    expect(retry(undefined, { words: [] }).says).not.toBe(retry(undefined, { name: 'durable-nonce', words: [] }).says)
  })
})

/** Another signature is asked for at once only where each of the first is over, at a finalized block or by its bytes alone. */
function paysTwice(money: Money, next: Retry): boolean {
  if (next.action !== 'sign-again' && next.action !== 'cancel-first') return false
  const isOver = ({ state, finality, evidence }: Instrument): boolean =>
    !['live', 'unknown'].includes(state) && (finality === 'finalized' || evidence === 'bytes')
  const isGated = next.notBefore?.finalized === true && next.onlyIf.includes('nothing-landed') && next.cost !== null
  return !money.instruments.every(isOver) && !isGated
}

it('whatever is wrong and whatever was read, nobody is told to sign again while the first may land', () => {
  const words: readonly (readonly Word[])[] = [
    [],
    [dead],
    [deadUnfinalized],
    [untold('blockhash')],
    [untold('settlement')],
    [untold('height')],
    [untold('time'), dead],
    [untold('finalized'), dead],
    [landed()],
    [landed({ ago: unfinalized.slots - 1n })],
    [landed({ error: 'x' })],
    [landed({ error: 'x', ago: 1n })],
    [simulatedAsIs('AlreadyProcessed')],
  ]
  const causes = [undefined, ...(Object.keys(solanaCauses) as (keyof typeof solanaCauses)[])]
  const names = ['valid', 'durable-nonce', 'svm-signature-invalid', 'svm-signature-missing', 'base64url']
  const wrong: string[] = []
  let judged = 0
  for (const name of names)
    for (const said of words) {
      const { payment, state } = recorded(name, ...said)
      for (const at of [undefined, longAgo, now - 35n]) {
        for (const read of [state, undefined]) {
          const money = moneyOf(instrumentsOf(payment, [], read, { now, at }))
          for (const cause of causes)
            for (const verdict of ['settles', 'fails', 'inconclusive'] as const) {
              const next = retryOf(payment, money, { verdict, cause })
              if (paysTwice(money, next)) wrong.push(`${name} ${at} ${cause} ${verdict}: ${next.says}`)
              if ((money.state === 'moved') !== (next.action === 'never')) wrong.push(`${name} ${at} ${cause} ${verdict}: ${money.says}`)
              judged++
            }
        }
      }
    }
  expect(wrong).toEqual([])
  expect(judged).toBeGreaterThan(10_000)
})

it('an order of heights is one of numbers: the last end of all counts', () => {
  const { payment } = recorded('valid')
  const instrument = (closes: string | null, change: Partial<Instrument> = {}): Instrument => ({
    form: 'as-sent',
    state: 'live',
    opens: null,
    closes: null,
    blocks: closes === null ? null : { opens: null, closes },
    usableBy: 'anybody',
    needs: [],
    pays: null,
    at: null,
    nonce: null,
    evidence: 'chain',
    finality: 'latest',
    depth: null,
    says: '',
    ...change,
  })
  const block = (of: SvmPayment, ...all: readonly [Instrument, ...Instrument[]]): string | null | undefined =>
    retryOf(of, moneyOf(all), { verdict: 'fails', cause: 'svm-amount-mismatch' }).notBefore?.block
  expect(block(payment, instrument('99'), instrument('100'))).toBe('100')
  expect(block(payment, instrument('100'), instrument('99'))).toBe('100')
  expect(block(payment, instrument('100'), instrument(null))).toBeNull()
  // What is over needs no waiting for.
  expect(block(payment, instrument('99'), instrument('100', { state: 'dead', evidence: 'bytes', finality: 'none' }))).toBe('99')
  expect(block(payment, instrument('99'), instrument('100', { state: 'dead', finality: 'finalized' }))).toBe('99')
})
