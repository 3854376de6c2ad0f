import { describe, expect, it } from 'vitest'
import { tallyDocument } from '../report/tally-document.ts'
import type { PaymentMark } from './mark.ts'
import { type Place, Tally } from './tally.ts'

const at = (line: number): Place => ({ file: 'log.jsonl', line, entry: null })

const good: PaymentMark = {
  standing: 'good',
  cause: null,
  party: null,
  open: null,
  isProven: true,
  says: 'good',
  fix: null,
  payer: 'alice',
  payTo: 'shop',
  token: 'usdc',
  network: 'base',
  slip: null,
  time: null,
}
const wrongName: PaymentMark = {
  ...good,
  standing: 'fails',
  cause: 'domain-name-mismatch',
  party: 'client',
  says: 'a wrong name',
  fix: 'the right name',
  slip: { field: 'domain.name', has: 'USDC', expected: 'USD Coin' },
}
const refused: PaymentMark = { ...good, standing: 'refused-though-good', cause: 'insufficient-balance', party: 'client' }
const open: PaymentMark = { ...good, standing: 'inconclusive', open: 'token-unknown', isProven: false }

function gathered(...marks: readonly (readonly [string, PaymentMark])[]): Tally {
  const tally = new Tally()
  marks.forEach(([key, mark], index) => {
    tally.add(key, mark, at(index + 1))
  })
  return tally
}

const headline = (tally: Tally): string => tallyDocument(tally.report(), { isWhole: true }).title.headline
const mark = (tally: Tally): string => tallyDocument(tally.report(), { isWhole: true }).title.mark

describe('payments that are counted together', () => {
  it.each([
    ['1 payment: 1 is good', '✓ ALL GOOD', [['a', good]]],
    [
      '2 payments: all are good',
      '✓ ALL GOOD',
      [
        ['a', good],
        ['b', good],
      ],
    ],
    [
      '2 payments: all are good inside their windows',
      '→ ALL GOOD',
      [
        ['a', { ...good, standing: 'good-then' }],
        ['b', { ...good, standing: 'good-then' }],
      ],
    ],
    [
      '3 payments: 1 is good · 2 domain-name-mismatch, all from 1 payer',
      '✗ SOME FAIL',
      [
        ['a', wrongName],
        ['b', good],
        ['c', wrongName],
      ],
    ],
    ['1 payment: 1 domain-name-mismatch', '✗ ALL FAIL', [['a', wrongName]]],
    [
      '2 payments: 1 is good · 1 was refused though good (insufficient-balance)',
      '? SOME REFUSED',
      [
        ['a', good],
        ['b', refused],
      ],
    ],
    [
      '2 payments: 1 is good · 1 is inconclusive (token-unknown)',
      '? SOME OPEN',
      [
        ['a', open],
        ['b', good],
      ],
    ],
  ] as const)('%s', (says, title, marks) => {
    const tally = gathered(...marks)
    expect(headline(tally)).toBe(says)
    expect(mark(tally)).toBe(title)
  })

  it('have the worst first, and of what is as bad the most', () => {
    const expired: PaymentMark = { ...wrongName, cause: 'expired', slip: null }
    const { groups } = gathered(['a', good], ['b', expired], ['c', wrongName], ['d', wrongName], ['e', open], ['f', refused]).report()
    expect(groups.map(({ cause, open: id, standing }) => cause ?? id ?? standing)).toEqual([
      'domain-name-mismatch',
      'expired',
      'insufficient-balance',
      'token-unknown',
      'good',
    ])
  })

  it('are one where it was met again, and stand as the worst record says', () => {
    const tally = gathered(['a', good], ['a', good], ['a', refused], ['a', good], ['b', good])
    const { payments, records, groups } = tally.report()
    expect([payments, records]).toEqual([2, 5])
    expect(groups.map(({ standing, payments: count, places }) => [standing, count, places.map(({ line }) => line)])).toEqual([
      ['refused-though-good', 1, [3]],
      ['good', 1, [5]],
    ])
    expect(headline(tally)).toBe('2 payments: 1 is good · 1 was refused though good (insufficient-balance)')
  })

  it.each([
    ['said-settled', 'good-then'],
    ['said-settled', 'refused-though-good'],
    ['said-settled', 'sent'],
    ['sent', 'refused-though-good'],
    ['fails', 'said-settled'],
  ] as const)('are %s where another record of them is %s, in either order: no refusal hides that money moved', (counts, other) => {
    for (const order of [
      [counts, other],
      [other, counts],
    ])
      expect(gathered(...order.map((standing) => ['a', { ...good, standing }] as const)).report().groups).toMatchObject([
        { standing: counts, payments: 1 },
      ])
  })

  it('are spoken for by one that is still among them, whatever the first of them turned out to be', () => {
    const first: PaymentMark = { ...open, says: 'of the first', fix: 'the fix of the first', time: 10n }
    const { groups } = gathered(
      ['a', first],
      ['b', { ...open, says: 'of the second', fix: null, time: 20n }],
      ['a', { ...refused, time: 30n }],
    ).report()
    expect(groups.map(({ standing, says, fix, first: from, last }) => [standing, says, fix, from, last])).toEqual([
      ['refused-though-good', 'good', null, '30', '30'],
      ['inconclusive', 'of the second', null, '20', '20'],
    ])
  })

  it('tell what all have in common, and nothing that one has not', () => {
    const [group] = gathered(['a', wrongName], ['b', { ...wrongName, payer: 'bob', payTo: null }]).report().groups
    expect(group?.common).toEqual({ payer: null, payTo: null, token: 'usdc', network: 'base', slip: wrongName.slip })
    expect(group?.payers).toBe(2)
  })

  it('agree on one configuration where a payer has the same slip twice, and no other', () => {
    const other: PaymentMark = { ...wrongName, slip: { field: 'domain.name', has: 'usdc', expected: 'USD Coin' } }
    const consensus = (...marks: readonly (readonly [string, PaymentMark])[]) => gathered(...marks).report().groups[0]?.consensus
    expect(consensus(['a', wrongName])).toEqual([])
    expect(consensus(['a', wrongName], ['a', wrongName])).toEqual([])
    expect(consensus(['a', wrongName], ['b', other])).toEqual([])
    expect(consensus(['a', wrongName], ['b', wrongName], ['c', good])).toEqual([
      { payer: 'alice', payments: 2, of: 3, slip: wrongName.slip },
    ])
  })

  it('are from the first to the last of their records', () => {
    const [group] = gathered(['a', { ...good, time: 30n }], ['b', { ...good, time: 10n }], ['c', good]).report().groups
    expect([group?.first, group?.last]).toEqual(['10', '30'])
  })

  it('stand beside what could not be read, which keeps all from being good', () => {
    const tally = gathered(['a', good])
    for (let line = 2; line < 100; line++) tally.addUnread('unreadable', { place: at(line), says: 'It is cut.' })
    tally.addUnread('no-payment', { place: at(100), says: 'It is a song.' })
    const { unreadable, noPayment } = tally.report()
    expect([unreadable.count, unreadable.some.length, noPayment.count]).toEqual([98, 50, 1])
    expect(headline(tally)).toBe('1 payment: 1 is good · 98 could not be read')
    expect(mark(tally)).toBe('? SO FAR GOOD')
  })
})

describe('the report of many', () => {
  it('says "all" of nothing that was not looked at to its end', () => {
    const cut = gathered(['a', wrongName])
    expect(tallyDocument(cut.report(), { isWhole: false }).title.mark).toBe('✗ SOME FAIL')
    for (const kind of ['unreadable', 'not-diagnosed'] as const) {
      const tally = gathered(['a', wrongName])
      tally.addUnread(kind, { place: at(2), says: 'It is cut.' })
      expect(mark(tally)).toBe('✗ SOME FAIL')
    }
  })

  it('has nothing green in it beside a refusal', () => {
    for (const other of [refused, open, wrongName, { ...good, standing: 'sent' }] as const)
      expect(tallyDocument(gathered(['a', good], ['b', other]).report(), { isWhole: true }).title.tone).not.toBe('good')
    expect(tallyDocument(gathered(['a', good]).report(), { isWhole: false }).title.tone).not.toBe('good')
    expect(tallyDocument(gathered().report(), { isWhole: true }).title).toMatchObject({
      mark: '? NOTHING READ',
      headline: '0 payments: none was found',
    })
  })
})
