import { describe, expect, it } from 'vitest'
import { chain, evidenceOf, now, pay, payee, payer, said, signatureOf, unread, type Words } from '../../../../../test/evidence/evm.ts'
import { known } from '../../evidence/known.ts'
import type { ChainState } from '../evidence/chain.ts'
import type { Payment } from '../payment/payment.ts'
import { domainSeparator } from '../typed-data/domain.ts'
import { contractChecks, tokenStateChecks } from './chain-token.ts'

const from = 'error blacklisted/token authorization.from'
const to = 'error blacklisted/token authorization.to'

describe('lists', () => {
  const rows: readonly (readonly [string, Words, string])[] = [
    ['nobody', {}, 'pass'],
    ['the payer', { payerListed: true }, from],
    ['the payee', { payeeListed: true }, to],
    ['both', { payerListed: true, payeeListed: true }, `${from}, ${to}`],
    ['the payer, the payee unknown', { payerListed: true, payeeListed: unread }, from],
    ['the payee, the payer unknown', { payerListed: unread, payeeListed: true }, to],
    ['not the payer, the payee unknown', { payeeListed: unread }, 'skip fact-unread'],
    ['the payer unknown', { payerListed: unread }, 'skip fact-unread'],
    ['a token without lists', { payerListed: null, payeeListed: null }, 'skip no-function'],
    ['a list of payers only', { payeeListed: null }, 'skip no-function'],
    ['read long before the moment', { payerListed: true, time: now - 300n }, 'warning blacklisted/token authorization.from'],
  ]
  it.each(rows)('%s', (_name, words, found) => {
    const paid = pay()
    expect(said(tokenStateChecks, 'blacklist', paid, evidenceOf(paid, [chain(paid, words)], { at: now }))).toBe(found)
  })

  // TetherTokenV2's transferWithAuthorization looks at the payer's list alone.
  it("a payee on the list of Tether's token is paid", () => {
    const paid = pay({}, { told: { family: 'TetherTokenV2' } })
    const of = (words: Words): string => said(tokenStateChecks, 'blacklist', paid, evidenceOf(paid, [chain(paid, words)]))
    expect([of({ payeeListed: true }), of({ payeeListed: unread }), of({ payerListed: true })]).toEqual(['pass', 'pass', from])
  })

  it('no chain, and none that could be read', () => {
    const paid = pay()
    expect(said(tokenStateChecks, 'blacklist', paid, evidenceOf(paid))).toBe('skip no-chain')
    const dead = { kind: 'unreachable', source: 'rpc.example.com', reason: 'it timed out' } as const
    expect(said(tokenStateChecks, 'blacklist', paid, evidenceOf(paid, [dead]))).toBe('skip chain-unread')
    expect(said(tokenStateChecks, 'blacklist', paid, evidenceOf(paid, []))).toBe('skip chain-unread')
  })
})

describe('a pause', () => {
  const rows: readonly (readonly [string, Words, Partial<Payment>, string])[] = [
    ['none', {}, {}, 'pass'],
    ['paused', { paused: true }, {}, 'error paused/token token'],
    ['unread', { paused: unread }, {}, 'skip fact-unread'],
    ['no such function, of a token that has one', { paused: null }, {}, 'skip no-function'],
    ['no such function, of a token that can not be paused', { paused: null }, { told: { family: 'TetherTokenV2' } }, 'pass'],
    ['no such function, of a token that nobody knows', { paused: null }, { token: payee }, 'skip no-function'],
    ['paused, read long before the moment', { paused: true, time: now - 300n }, {}, 'warning paused/token token'],
  ]
  it.each(rows)('%s', (_name, words, more, found) => {
    const paid = pay({}, more)
    expect(said(tokenStateChecks, 'pause', paid, evidenceOf(paid, [chain(paid, words)], { at: now }))).toBe(found)
  })
})

describe('the contract at the asset', () => {
  const token = (paid: Payment, more: Partial<ChainState['token']>): Partial<ChainState> => ({ token: { ...chain(paid).token, ...more } })
  const functions = (paid: Payment, vrs: boolean | typeof unread, bytes: boolean | typeof unread): Partial<ChainState['token']> => ({
    functions: {
      ...chain(paid).token.functions,
      'transfer-vrs': vrs === unread ? unread : known(vrs as boolean),
      'transfer-bytes': bytes === unread ? unread : known(bytes as boolean),
    },
  })
  const call = { function: 'transferWithAuthorization', selector: '0xcf092995' } as const
  const wallet: Words = { payerCode: { kind: 'contract', bytes: 100 }, accepts: true }
  const long = (): Payment => pay({ bytes: (signature) => `${signature}00` })
  const none = 'error asset-has-no-code/server requirements.asset'
  const without = 'error token-without-eip3009/server requirements.asset'

  const rows: readonly (readonly [string, () => Payment, Words, (paid: Payment) => Partial<ChainState['token']>, string])[] = [
    ['as it should be', pay, {}, () => ({}), 'pass'],
    ['no code', pay, {}, () => ({ code: known(0) }), none],
    // A node whose head is behind may not have come to the block that put the code there.
    ['no code on a node that is behind', pay, { time: now - 300n }, () => ({ code: known(0) }), none.replace('error', 'warning')],
    ['code unread', pay, {}, () => ({ code: unread }), 'skip fact-unread'],
    ['neither overload', pay, {}, (paid) => functions(paid, false, false), without],
    [
      'neither, on a node that is behind',
      pay,
      { time: now - 300n },
      (paid) => functions(paid, false, false),
      without.replace('error', 'warning'),
    ],
    ['(v, r, s) only, for 65 bytes of an account', pay, {}, (paid) => functions(paid, true, false), 'pass'],
    ['bytes only', pay, {}, (paid) => functions(paid, false, true), 'pass'],
    ['(v, r, s) unread', pay, {}, (paid) => functions(paid, unread, false), 'skip fact-unread'],
    ['bytes unread', pay, {}, (paid) => functions(paid, true, unread), 'skip fact-unread'],
    ['(v, r, s) only, for 66 bytes', long, {}, (paid) => functions(paid, true, false), 'error no-bytes-overload/token token'],
    [
      '(v, r, s) only, and bytes are called',
      () => pay({}, { call: { ...call, overload: 'bytes' } }),
      {},
      (paid) => functions(paid, true, false),
      'error no-bytes-overload/facilitator token',
    ],
    [
      '(v, r, s) only, and that is called',
      () => pay({}, { call: { ...call, overload: 'vrs' } }),
      {},
      (paid) => functions(paid, true, false),
      'pass',
    ],
    [
      '(v, r, s) only, for a contract that pays, and no simulation shows it',
      pay,
      { ...wallet, simulated: unread },
      (paid) => functions(paid, true, false),
      'error no-bytes-overload/token authorization.from',
    ],
    ['(v, r, s) only, for a contract that pays, and it is taken', pay, wallet, (paid) => functions(paid, true, false), 'pass'],
    [
      '(v, r, s) only, bytes are called for a contract',
      () => pay({}, { call: { ...call, overload: 'bytes' } }),
      wallet,
      (paid) => functions(paid, true, false),
      'error no-bytes-overload/token authorization.from',
    ],
  ]
  it.each(rows)('%s', (_name, make, words, more, found) => {
    const paid = make()
    expect(said(contractChecks, 'contract', paid, evidenceOf(paid, [chain(paid, words, token(paid, more(paid)))]))).toBe(found)
  })

  it('what the registry says of an overload is not said again of the chain', () => {
    const avalanche = pay({ bytes: (signature) => `${signature}00` })
    const { network } = avalanche
    if (network === undefined) throw new TypeError('no network')
    const vrsOnly = { ...network, usdc: { ...network.usdc, overloads: { vrs: true, bytes: false } } }
    const paid = { ...avalanche, network: vrsOnly }
    const state = (given: Payment): ChainState => chain(given, {}, token(given, functions(given, true, false)))
    expect(said(contractChecks, 'contract', paid, evidenceOf(paid, [state(paid)]))).toBe('pass')
    // A contract that pays is another matter: that it is one, only the chain tells.
    const short = { ...pay(), network: vrsOnly }
    const paying = chain(short, { ...wallet, simulated: unread }, token(short, functions(short, true, false)))
    expect(said(contractChecks, 'contract', short, evidenceOf(short, [paying]))).toBe('error no-bytes-overload/token authorization.from')
  })
})

describe("the token's own domain", () => {
  const other = domainSeparator({ name: 'Other', version: '2', chainId: 8453n, verifyingContract: payer })
  const of = (paid: Payment, separator: ChainState['token']['separator'], signature = signatureOf(paid)): string => {
    const state = chain(paid)
    return said(
      contractChecks,
      'domain-on-chain',
      paid,
      evidenceOf(paid, [{ ...state, token: { ...state.token, separator } }], { signature }),
    )
  }

  it('the one on record, another one, none, unread', () => {
    const paid = pay()
    expect(of(paid, chain(paid).token.separator)).toBe('pass')
    expect(of(paid, known(other))).toBe('warning facilitator-config-drift/nobody domain')
    expect(of(paid, known(null))).toBe('skip no-function')
    expect(of(paid, unread)).toBe('skip fact-unread')
  })

  it('nothing was taken for it, so that nothing differs', () => {
    const { expected: _, ...unplaced } = signatureOf(pay())
    expect(of(pay(), known(other), unplaced)).toBe('pass')
  })

  // An unknown token that told its domain: then the offer is held to it.
  const offers: readonly (readonly [string, { name?: string; version?: string } | undefined, string])[] = [
    ['the same', { name: 'USD Coin', version: '2' }, 'pass'],
    ['the same, the version left out', { name: 'USD Coin' }, 'pass'],
    ['another name', { name: 'USDC', version: '2' }, 'error facilitator-config-drift/server requirements.extra.name'],
    ['another version', { name: 'USD Coin', version: '1' }, 'error facilitator-config-drift/server requirements.extra.version'],
    ['both', { name: 'USDC', version: '1' }, 'error facilitator-config-drift/server requirements.extra.name'],
    ['no name', { version: '1' }, 'pass'],
    ['nothing', undefined, 'pass'],
  ]
  it.each(offers)('an offer with %s', (_name, extra, found) => {
    const paid = pay({}, extra === undefined ? {} : { requirements: { extra } })
    const { expected, ...rest } = signatureOf(pay())
    if (expected === undefined) throw new TypeError('no domain')
    expect(of(paid, known(expected.separator), { ...rest, expected: { ...expected, basis: 'chain' } })).toBe(found)
    // Where the registry tells, `offer-domain` says it.
    expect(of(paid, known(expected.separator), { ...rest, expected })).toBe('pass')
  })

  it('a token that does not tell its name is held to nothing', () => {
    const paid = pay({}, { requirements: { extra: { name: 'USDC' } } })
    const { expected, ...rest } = signatureOf(pay())
    if (expected === undefined) throw new TypeError('no domain')
    const state = chain(paid)
    const evidence = evidenceOf(paid, [{ ...state, token: { ...state.token, name: known(null) } }], {
      signature: { ...rest, expected: { ...expected, basis: 'chain' } },
    })
    expect(said(contractChecks, 'domain-on-chain', paid, evidence)).toBe('pass')
  })
})
