import { describe, expect, it } from 'vitest'
import { chain, closes, evidenceOf, now, opens, pay, said, shown } from '../../../../../test/evidence/evm.ts'
import { chooseMoment } from '../evidence/moment.ts'
import type { Payment } from '../payment/payment.ts'
import { formFindings, openFindings, shortestWindow } from './time.ts'
import { timeChecks } from './window.ts'

/** What FiatToken compares (`EIP3009.sol`): block time > validAfter and block time < validBefore, both strict. */
describe('a window in seconds', () => {
  const form = (validAfter: bigint, validBefore: bigint, blockTime?: number): string =>
    shown(formFindings({ ...pay({ says: { validAfter, validBefore } }), ...(blockTime === undefined ? {} : { network: { blockTime } }) }))
  const before = 'authorization.validBefore'
  const after = 'authorization.validAfter'
  const short = `warning window-too-short/client ${before}`
  const empty = `error window-inverted/client ${before}`

  it.each([
    ['the usual', opens, closes, 2, ''],
    ['no second in it: the two times differ by one', now, now + 1n, 2, empty],
    ['the same time twice', now, now, 2, empty],
    ['the wrong way round', now, now - 1n, 2, empty],
    ['one second in it', now, now + 2n, 2, short],
    // Six seconds of @x402/evm's margin and two blocks.
    ['nine seconds where blocks take two', now, now + 10n, 2, short],
    ['ten seconds where blocks take two', now, now + 11n, 2, ''],
    ['six seconds where blocks take 0.4', now, now + 7n, 0.4, short],
    ['seven seconds where blocks take 0.4', now, now + 8n, 0.4, ''],
    ['29 seconds where blocks take 12', now, now + 30n, 12, short],
    ['30 seconds where blocks take 12', now, now + 31n, 12, ''],
    ['ten seconds where nobody knows the blocks: two seconds are taken', now, now + 11n, undefined, ''],
    ['nine of them', now, now + 10n, undefined, short],
    // The smallest and the largest number that is taken for milliseconds, and their neighbours.
    ['validBefore just no milliseconds', now, 999_999_999_999n, 2, ''],
    ['validBefore the first milliseconds', now, 1_000_000_000_000n, 2, `warning time-in-milliseconds/client ${before}`],
    ['validBefore the last milliseconds', now, 99_999_999_999_999n, 2, `warning time-in-milliseconds/client ${before}`],
    ['validBefore beyond milliseconds', now, 100_000_000_000_000n, 2, ''],
    ['validAfter alone in milliseconds', now * 1000n, 10n ** 15n, 2, `error time-in-milliseconds/client ${after}`],
    [
      'both in milliseconds',
      now * 1000n,
      now * 1000n + 600_000n,
      2,
      `error time-in-milliseconds/client ${after}, warning time-in-milliseconds/client ${before}`,
    ],
    ['validAfter in milliseconds, validBefore not', now * 1000n, closes, 2, `error time-in-milliseconds/client ${after}, ${empty}`],
  ])('%s', (_name, validAfter, validBefore, blockTime, found) => expect(form(validAfter, validBefore, blockTime)).toBe(found))

  it.each([
    [0.4, 7n],
    [0.5, 7n],
    [1, 8n],
    [1.7, 10n],
    [2, 10n],
    [12, 30n],
  ])('blocks of %d s: the shortest window is %d s', (blockTime, seconds) => expect(shortestWindow(blockTime)).toBe(seconds))

  const open = (says: object, at: bigint | undefined, when: bigint): string => {
    const paid = pay({ says })
    return shown(openFindings(paid, chooseMoment(paid.authorization, when, at)))
  }
  const early = `error not-yet-valid/client ${after}`
  const late = `error expired/client ${before}`
  it.each([
    ['before it opens', {}, opens - 1n, now, early],
    ['the second of validAfter', {}, opens, now, `${early}, info boundary-second/nobody ${after}`],
    ['the first second', {}, opens + 1n, now, ''],
    ['the last second', {}, closes - 1n, now, ''],
    ['the second of validBefore', {}, closes, now, `${late}, info boundary-second/nobody ${before}`],
    ['after it', {}, closes + 1n, now, late],
    ['within it then, and closed by now', {}, now, closes, `info expired/client ${before}`],
    ['within it then, and in its last second now', {}, now, closes - 1n, ''],
    ['nobody says when, and it is closed by now', {}, undefined, closes + 5n, `info expired/client ${before}`],
    ['nobody says when, and it is not open yet', {}, undefined, opens - 5n, early],
    ['an empty window is neither early nor late', { validBefore: opens + 1n }, opens + 9n, now, ''],
    ['an empty window, its own second', { validBefore: opens + 1n }, opens, now, `info boundary-second/nobody ${after}`],
    // What is said of the milliseconds is not said of the window as well.
    ['validAfter in milliseconds', { validAfter: now * 1000n, validBefore: 10n ** 15n }, now, now, ''],
    ['validAfter just no milliseconds', { validAfter: 999_999_999_999n, validBefore: 10n ** 15n }, now, now, early],
    ['validAfter beyond milliseconds', { validAfter: 10n ** 14n, validBefore: 10n ** 15n }, now, now, early],
  ])('%s', (_name, says, at, when, found) => expect(open(says, at, when)).toBe(found))
})

/** ERC3009.sol of OpenZeppelin: with bit 47 set in both times they are numbers of blocks. */
describe('a window in numbers of blocks', () => {
  const flag = 1n << 47n
  const paid = (validAfter: bigint, validBefore: bigint, family: 'ERC3009' | 'FiatTokenV2_2' = 'ERC3009'): Payment =>
    pay({ says: { validAfter, validBefore } }, { told: { family } })
  const at = (number: bigint, given = paid(flag | 900n, flag | 1_100n)): string =>
    said(timeChecks, 'window-open', given, evidenceOf(given, [chain(given, { number, time: now })], { at: now }))

  it.each([
    [900n, 'error not-yet-valid/client authorization.validAfter'],
    [901n, 'pass'],
    [1_099n, 'pass'],
    [1_100n, 'error expired/client authorization.validBefore'],
  ])('at block %d', (number, found) => expect(at(number)).toBe(found))

  it('an empty one is no matter of the block', () => expect(at(905n, paid(flag | 900n, flag | 901n))).toBe('pass'))

  it('no chain tells which block it is', () => {
    const given = paid(flag | 900n, flag | 1_100n)
    expect(said(timeChecks, 'window-open', given, evidenceOf(given))).toBe('skip no-chain')
  })

  it('a block of another moment says less', () => {
    const given = paid(flag | 900n, flag | 1_100n)
    const state = chain(given, { number: 1_200n, time: now - 500n })
    expect(said(timeChecks, 'window-open', given, evidenceOf(given, [state], { at: now }))).toBe(
      'warning expired/client authorization.validBefore',
    )
  })

  it.each([
    ['both flags: no milliseconds in it', flag | 900n, flag | 1_100n, 'ERC3009', 'pass'],
    ['both flags and no block between', flag | 900n, flag | 901n, 'ERC3009', 'error window-inverted/client authorization.validBefore'],
    ['both flags and one block between: short only where seconds count', flag | 900n, flag | 902n, 'ERC3009', 'pass'],
    ['the flag in one of them only is a time', 900n, flag | 1_100n, 'ERC3009', 'pass'],
    ['a token without blocks', flag | 900n, flag | 905n, 'FiatTokenV2_2', 'warning window-too-short/client authorization.validBefore'],
  ] as const)('%s', (_name, validAfter, validBefore, family, found) => {
    const given = paid(validAfter, validBefore, family)
    expect(said(timeChecks, 'window-form', given, evidenceOf(given))).toBe(found)
  })

  it('with the flag in one of them only the clock decides', () => {
    const given = paid(900n, flag | 1_100n)
    expect(said(timeChecks, 'window-open', given, evidenceOf(given, [chain(given, { number: 5n })]))).toBe('pass')
  })
})
