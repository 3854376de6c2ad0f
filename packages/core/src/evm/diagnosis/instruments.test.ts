import { describe, expect, it } from 'vitest'
import {
  chain,
  closes,
  delegate,
  diagnosed,
  evidenceOf,
  now,
  opens,
  pay,
  payee,
  settled,
  signatureOf,
  stranger,
  unread,
  usdc,
  usdcDomain,
  type Words,
} from '../../../../../test/evidence/evm.ts'
import { known } from '../../evidence/known.ts'
import type { Instrument } from '../../money/instrument.ts'
import { modelOf, type TokenFamily, tokenFamilies } from '../../tokens/models.ts'
import type { ChainState } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'
import type { Match } from '../signature/forensics.ts'
import { type Authorization, typeHashes } from '../typed-data/authorization.ts'
import { domainSeparator, type Eip712Domain } from '../typed-data/domain.ts'
import type { Contradiction } from './contradiction.ts'
import { inDoubt, instrumentsOf } from './instruments.ts'

/** An instrument in ids: which one, what became of it, who can use it, what is in its way, and what shows it. */
const short = ({ form, state, usableBy, needs, evidence, finality, depth }: Instrument): string =>
  `${form} ${state} ${usableBy} [${needs.join(' ')}] ${evidence} ${finality}${depth === null ? '' : ` ${depth} deep`}`
const of = (paid: Payment, evidence: Evidence): string[] => instrumentsOf(paid, evidence).map(short)

/**
 * docs/money.md: a window is over at the first block whose time is not before validBefore, and no clock closes it. The newest block's successor is later, so
 * that in the window's last second nothing can be sent any more.
 */
describe('a good payment whose nonce is unused', () => {
  const late = (time: bigint, final: 'finalized' | 'safe' | 'latest' = 'latest'): Partial<ChainState> => ({
    head: { number: 1_000n, time },
    finality: {
      safe: known({ number: 1n, time: final === 'latest' ? 0n : time }),
      finalized: known({ number: 1n, time: final === 'finalized' ? time : 0n }),
    },
  })
  const live = 'as-sent live anybody [] chain latest'
  const contract = known({ kind: 'contract', bytes: 9 } as const)

  const rows: readonly (readonly [string, Words, Partial<ChainState>, bigint, string])[] = [
    ['in its window', {}, {}, now, live],
    ['before its window', {}, late(opens - 500n), opens - 500n, live],
    ['a head in the second before the last', {}, late(closes - 2n), closes - 2n, live],
    // Its successor is of validBefore at the earliest.
    ['a head in the last second', {}, late(closes - 1n), closes - 1n, 'as-sent dead nobody [] chain latest'],
    ['a head after the window', {}, late(closes + 9n), closes + 9n, 'as-sent dead nobody [] chain latest'],
    ['a head after the window that is safe', {}, late(closes + 9n, 'safe'), closes + 9n, 'as-sent dead nobody [] chain safe'],
    ['a head after the window that is final', {}, late(closes + 9n, 'finalized'), closes + 9n, 'as-sent dead nobody [] chain finalized'],
    ['a clock after the window and a head before its end', {}, late(closes - 2n), closes, 'as-sent unknown anybody [] chain none'],
    ['a clock in the last second and a head before', {}, late(closes - 2n), closes - 1n, live],
    ['too little money', { balance: 9_999n }, {}, now, 'as-sent live anybody [funds] chain latest'],
    ['just enough', { balance: 10_000n }, {}, now, live],
    ['no balance to read', { balance: unread }, {}, now, live],
    ['no balanceOf', { balance: null }, {}, now, live],
    ['paused', { paused: true }, {}, now, 'as-sent live anybody [pause] chain latest'],
    ['the payer on a list', { payerListed: true }, {}, now, 'as-sent live anybody [list] chain latest'],
    ['the payee on a list', { payeeListed: true }, {}, now, 'as-sent live anybody [list] chain latest'],
    [
      'delegated',
      { payerCode: { kind: 'eip7702', delegate, delegateCode: unread }, accepts: false },
      {},
      now,
      'as-sent live anybody [delegation] chain latest',
    ],
    ['a contract', {}, { payer: { ...chain(pay()).payer, code: contract } }, now, live],
    [
      'everything at once',
      { balance: 0n, paused: true, payerListed: true, payerCode: { kind: 'eip7702', delegate, delegateCode: unread }, accepts: false },
      {},
      now,
      'as-sent live anybody [funds pause list delegation] chain latest',
    ],
    ['nobody knows of the nonce', { used: unread }, {}, now, 'as-sent live anybody [] bytes none'],
    ['a token that knows no nonces', { used: null }, {}, now, 'as-sent live anybody [] bytes none'],
    ['no code and no answer at the token', {}, absent(), now, 'as-sent dead nobody [] chain latest'],
    ['no code, but answers', {}, absent({ responds: known(true) }), now, live],
    ['no answers, but code', {}, absent({ code: known(9) }), now, live],
    ['no code, on a node that is behind', { time: now - 300n }, absent(), now, live],
  ]
  it.each(rows)('%s', (_name, words, more, when, found) => {
    const paid = pay()
    expect(of(paid, evidenceOf(paid, [chain(paid, words, more)], { when }))).toEqual([found])
  })

  function absent(more: Partial<ChainState['token']> = {}): Partial<ChainState> {
    return { token: { ...chain(pay()).token, code: known(0), responds: known(false), ...more } }
  }

  const offline: readonly (readonly [string, Partial<Authorization>, bigint, string])[] = [
    ['in its window', {}, now, 'as-sent live anybody [] bytes none'],
    ['before it', {}, opens, 'as-sent live anybody [] bytes none'],
    ['in its last second', {}, closes - 1n, 'as-sent live anybody [] bytes none'],
    ['at validBefore it is over, and may have been used', {}, closes, 'as-sent unknown anybody [] bytes none'],
    ['an empty window never opens', { validBefore: opens + 1n }, now, 'as-sent dead nobody [] bytes none'],
    ['one second in it', { validAfter: now - 1n, validBefore: now + 1n }, now, 'as-sent live anybody [] bytes none'],
  ]
  it.each(offline)('without a chain: %s', (_name, says, when, found) => {
    const paid = pay({ says })
    expect(of(paid, evidenceOf(paid, undefined, { when }))).toEqual([found])
  })

  it('an empty window on a chain is dead for good', () => {
    const paid = pay({ says: { validBefore: opens + 1n } })
    expect(of(paid, evidenceOf(paid, [chain(paid)]))).toEqual(['as-sent dead nobody [] chain finalized'])
  })

  it('says when it can be used, what it pays and by which nonce', () => {
    const paid = pay()
    const [instrument] = instrumentsOf(paid, evidenceOf(paid, [chain(paid)]))
    expect(instrument).toMatchObject({
      opens: String(opens + 1n),
      closes: String(closes - 1n),
      blocks: null,
      pays: { to: payee, value: '10000' },
      at: null,
      nonce: paid.authorization.nonce,
    })
  })

  it.each([
    ['ERC3009', true],
    ['FiatTokenV2_2', false],
  ] as const)('numbers of blocks, of %s', (family: TokenFamily, inBlocks) => {
    const flag = 1n << 47n
    const paid = pay({ says: { validAfter: flag | 900n, validBefore: flag | 1_100n } }, { told: { family } })
    const blocks = inBlocks ? { opens: '901', closes: '1099' } : null
    for (const chains of [undefined, [chain(paid)]]) {
      const [instrument] = instrumentsOf(paid, evidenceOf(paid, chains))
      expect(instrument).toMatchObject({ state: 'live', blocks, opens: inBlocks ? null : String((flag | 900n) + 1n) })
    }
  })
})

/** docs/money.md: AuthorizationUsed has neither payee nor value; the settlement is the one whose next log is the Transfer of this value to this payee. */
describe('a nonce that is used', () => {
  const paid = pay()
  const on = (more: Parameters<typeof settled>[1] = {}, words: Words = {}): ChainState =>
    chain(paid, { used: true, settlement: settled(paid, more), ...words })
  const hash = `0x${'01'.repeat(32)}` as const
  const rows: readonly (readonly [string, ChainState, readonly string[]])[] = [
    ['for this payment', on(), ['as-sent spent-on-this nobody [] receipt safe 11 deep']],
    ['in a final block', on({ block: 900n }), ['as-sent spent-on-this nobody [] receipt finalized 101 deep']],
    ['in the first block that is not final', on({ block: 901n }), ['as-sent spent-on-this nobody [] receipt safe 100 deep']],
    ['in the last safe block', on({ block: 990n }), ['as-sent spent-on-this nobody [] receipt safe 11 deep']],
    ['in the first that is not safe', on({ block: 991n }), ['as-sent spent-on-this nobody [] receipt latest 10 deep']],
    ['in the head', on({ block: 1_000n }), ['as-sent spent-on-this nobody [] receipt latest 1 deep']],
    ['in a block that this node has not got', on({ block: 1_001n }), ['as-sent spent-on-this nobody [] receipt latest']],
    ['canceled', on({ how: 'canceled', paid: known(null) }), ['as-sent canceled nobody [] receipt safe 11 deep']],
    [
      'for one unit more',
      on({ paid: known({ to: payee, value: 10_001n }) }),
      ['as-sent spent-on-another nobody [] receipt safe 11 deep', 'sibling spent-on-another nobody [] receipt safe 11 deep'],
    ],
    [
      'for one unit less',
      on({ paid: known({ to: payee, value: 9_999n }) }),
      ['as-sent spent-on-another nobody [] receipt safe 11 deep', 'sibling spent-on-another nobody [] receipt safe 11 deep'],
    ],
    [
      'for somebody else',
      on({ paid: known({ to: stranger, value: 10_000n }) }),
      ['as-sent spent-on-another nobody [] receipt safe 11 deep', 'sibling spent-on-another nobody [] receipt safe 11 deep'],
    ],
    ['without a Transfer', on({ paid: known(null) }), ['as-sent unknown nobody [] receipt safe 11 deep']],
    ['without a receipt', on({ paid: unread }), ['as-sent unknown nobody [] receipt safe 11 deep']],
    ['in a block that is gone', on({ blocks: { receipt: known(hash), now: known(hash) } }), ['as-sent unknown anybody [] receipt none']],
    ['and no log says how', chain(paid, { used: true }), ['as-sent unknown nobody [] chain none']],
    ['and its logs are unread', chain(paid, { used: true, settlement: unread }), ['as-sent unknown nobody [] chain none']],
    // Where the state could not be read, the log is enough.
    ['by a log alone', on({}, { usedNow: unread }), ['as-sent spent-on-this nobody [] receipt safe 11 deep']],
    ['later than the moment that counts', on({}, { used: false, usedNow: true }), ['as-sent spent-on-this nobody [] receipt safe 11 deep']],
    [
      'only at another time, by a log that a state contradicts',
      on({}, { used: true, usedNow: false }),
      ['as-sent live anybody [] chain latest'],
    ],
  ]
  it.each(rows)('%s', (_name, state, found) => expect(of(paid, evidenceOf(paid, [state]))).toEqual(found))

  it('a sibling says what was paid in its place', () => {
    const [, sibling] = instrumentsOf(paid, evidenceOf(paid, [on({ paid: known({ to: stranger, value: 7n }) })]))
    expect(sibling?.pays).toEqual({ to: stranger, value: '7' })
  })

  it('of a signature that fits nothing it may be another nonce that was signed', () => {
    const foreign = pay({ by: 'stranger' })
    const state = chain(foreign, { used: true, settlement: settled(foreign) })
    expect(of(foreign, evidenceOf(foreign, [state]))).toEqual([
      'as-sent spent-on-this nobody [] receipt safe 11 deep',
      'as-signed unknown anybody [] bytes none',
    ])
    const taken: Words = { used: true, settlement: settled(foreign), accepts: true, payerCode: { kind: 'contract', bytes: 9 } }
    expect(of(foreign, evidenceOf(foreign, [chain(foreign, taken)]))).toEqual(['as-sent spent-on-this nobody [] receipt safe 11 deep'])
  })
})

describe('what was signed is something else than was sent', () => {
  const paid = pay()
  const [match] = signatureOf(paid).matches
  if (match === undefined) throw new TypeError('the payment is signed')
  const signedAs = (change: Partial<Match>): Evidence['signature'] => ({ ...signatureOf(paid), matches: [{ ...match, ...change }] })
  const under = (domain: Eip712Domain, more: Partial<Match> = {}): Evidence['signature'] =>
    signedAs({ domain, separator: domainSeparator(domain), ...more })
  const message = (fields: Partial<Authorization>): Partial<Match> => ({ authorization: { ...paid.authorization, ...fields } })
  const receive = { primaryType: 'ReceiveWithAuthorization', typeHash: typeHashes.ReceiveWithAuthorization } as const
  const bytes = { edits: [{ cause: 'v-0-or-1', generator: 'v-low', field: 'signature.v' }] } as unknown as Partial<Match>
  const prefixed = { edits: [{ cause: 'message-prefixed', generator: 'personal-sign', field: 'digest' }] } as const
  const otherNonce = `0x${'cd'.repeat(32)}` as const
  const sepolia: Eip712Domain = {
    name: 'USDC',
    version: '2',
    chainId: 84532n,
    verifyingContract: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
  }
  const gateway: Eip712Domain = {
    name: 'GatewayWalletBatched',
    version: '1',
    chainId: 8453n,
    verifyingContract: '0x77777777Dcc4d5A8B6E418Fd04D8997ef11000eE',
  }
  const sentDead = 'as-sent dead nobody [] bytes none'
  const other = { primaryType: 'Other', typeHash: `0x${'01'.repeat(32)}` } as const

  const rows: readonly (readonly [string, Evidence['signature'], readonly string[]])[] = [
    ['another value', signedAs(message({ value: 9_999n })), ['as-signed live anybody [fields] bytes none', sentDead]],
    ['another nonce', signedAs(message({ nonce: otherNonce })), ['as-signed live anybody [fields] bytes none', sentDead]],
    ['to be received', signedAs(receive), ['receive live payee [fields] bytes none', sentDead]],
    [
      'to be received, another value',
      signedAs({ ...receive, ...message({ value: 1n }) }),
      ['as-signed live payee [fields] bytes none', sentDead],
    ],
    ['odd bytes', signedAs(bytes), ['as-sent live anybody [bytes] bytes none']],
    ['for another network', under(sepolia), ['elsewhere live anybody [fields] bytes none', sentDead]],
    ['for Circle Gateway', under(gateway), ['elsewhere live anybody [fields] bytes none', sentDead]],
    ['under a wrong name of this token', under({ ...usdcDomain, name: 'USDC' }), ['other-message dead nobody [] bytes none', sentDead]],
    [
      'under a domain without a contract',
      under({ name: 'USD Coin', version: '2', chainId: 8453n }),
      ['other-message dead nobody [] bytes none', sentDead],
    ],
    [
      'under a domain without a chain',
      under({ name: 'USD Coin', version: '2', verifyingContract: usdc }),
      ['other-message dead nobody [] bytes none', sentDead],
    ],
    [
      'for a contract that nobody knows',
      under({ ...usdcDomain, verifyingContract: stranger }),
      ['elsewhere unknown anybody [] bytes none', sentDead],
    ],
    ['for a chain that nobody knows', under({ ...usdcDomain, chainId: 424_242n }), ['elsewhere unknown anybody [] bytes none', sentDead]],
    ['with a prefix', signedAs(prefixed), ['other-message dead nobody [] bytes none', sentDead]],
    ['a cancellation', signedAs({ ...other, primaryType: 'CancelAuthorization' }), ['other-message dead nobody [] bytes none', sentDead]],
    ['an allowance', signedAs({ ...other, primaryType: 'Permit' }), ['other-message unknown anybody [] bytes none', sentDead]],
    ['a struct of its own', signedAs(other), ['other-message dead nobody [] bytes none', sentDead]],
  ]
  it.each(rows)('%s', (_name, signature, found) => expect(of(paid, evidenceOf(paid, undefined, { signature }))).toEqual(found))

  it('on a chain the nonce that was read binds what has it', () => {
    const read = (signature: Evidence['signature'], words: Words = {}): string[] =>
      of(paid, evidenceOf(paid, [chain(paid, words)], { signature }))
    const dead = 'as-sent dead nobody [] chain none'
    expect(read(signedAs(message({ value: 9_999n })))).toEqual(['as-signed live anybody [fields] chain latest', dead])
    expect(read(signedAs(message({ nonce: otherNonce })))).toEqual(['as-signed live anybody [fields] bytes none', dead])
    expect(read(under(sepolia))).toEqual(['elsewhere live anybody [fields] bytes none', dead])
    expect(read(signedAs(receive))).toEqual(['receive live payee [fields] chain latest', dead])
    const spent: Words = { used: true, settlement: settled(paid, { paid: known({ to: payee, value: 9_999n }) }) }
    expect(read(signedAs(message({ value: 9_999n })), spent)).toEqual(['as-signed spent-on-this nobody [] receipt safe 11 deep'])
    expect(read(signedAs(message({ value: 9_998n })), spent)).toEqual([
      'as-sent spent-on-another nobody [] receipt safe 11 deep',
      'sibling spent-on-another nobody [] receipt safe 11 deep',
    ])
    expect(read(signedAs(message({ nonce: otherNonce })), spent)).toEqual([
      'as-sent spent-on-another nobody [] receipt safe 11 deep',
      'sibling spent-on-another nobody [] receipt safe 11 deep',
      'as-signed live anybody [fields] bytes none',
    ])
    expect(read(under(sepolia), spent)).toEqual([
      'as-sent spent-on-another nobody [] receipt safe 11 deep',
      'sibling spent-on-another nobody [] receipt safe 11 deep',
      'elsewhere live anybody [fields] bytes none',
    ])
    expect(read(signedAs(receive), { payerCode: unread })).toEqual(['receive live payee [fields] chain latest', sentDead])
  })

  it('what was signed has a window of its own', () => {
    const at = (fields: Partial<Authorization>, when: bigint): string | undefined =>
      of(paid, evidenceOf(paid, undefined, { signature: signedAs(message(fields)), when }))[0]
    expect(at({ validBefore: closes + 600n }, closes)).toBe('as-signed live anybody [fields] bytes none')
    expect(at({ validBefore: closes - 100n }, closes - 100n)).toBe('as-signed unknown anybody [fields] bytes none')
    expect(at({ validBefore: opens }, now)).toBe('as-signed dead nobody [] bytes none')
  })

  it('names where it is good, and no nonce where nobody knows which', () => {
    const first = (signature: Evidence['signature']): Instrument => instrumentsOf(paid, evidenceOf(paid, undefined, { signature }))[0]
    expect(first(under(sepolia))).toMatchObject({ at: 'USDC on base-sepolia', nonce: paid.authorization.nonce })
    expect(first(signedAs(message({ nonce: otherNonce })))).toMatchObject({ at: null, nonce: otherNonce })
    expect(first(signedAs({ ...other, primaryType: 'Permit' }))).toMatchObject({ nonce: null, pays: null })
    expect(first(under({ ...usdcDomain, verifyingContract: stranger }))).toMatchObject({ at: `the contract ${stranger}` })
  })
})

describe('a signature that fits nothing', () => {
  const paid = pay({ by: 'stranger' })
  const contract = { kind: 'contract', bytes: 9 } as const
  const unknown = (evidence: 'bytes' | 'chain'): string => `as-sent unknown anybody [deployment] ${evidence} none`
  const rows: readonly (readonly [string, Words | undefined, string])[] = [
    ['without a chain', undefined, unknown('bytes')],
    ['of an account without code, which may get some', {}, unknown('chain')],
    ['of nobody knows what', { payerCode: unread }, unknown('bytes')],
    ['of a contract that refuses', { payerCode: contract, accepts: false }, unknown('chain')],
    ['of a contract that accepts', { payerCode: contract, accepts: true }, 'as-sent live anybody [] chain latest'],
    ['that the token takes', { simulated: { outcome: 'succeeds' } }, 'as-sent live anybody [] chain latest'],
  ]
  it.each(rows)('%s', (_name, words, found) =>
    expect(of(paid, evidenceOf(paid, words === undefined ? undefined : [chain(paid, words)]))).toEqual([found]),
  )

  it('nothing says which token would check it', () => {
    const { expected: _, digest: __, ...rest } = signatureOf(paid)
    expect(of(paid, evidenceOf(paid, undefined, { signature: rest }))).toEqual(['as-sent unknown anybody [] bytes none'])
  })
})

/** A token that only the payload tells of is the payment's own all the same; one that keeps to EIP-3009 takes nothing once the window is over. */
describe('a token that nobody knows', () => {
  const paid = pay()
  const { expected, ...rest } = signatureOf(paid)
  const [match] = rest.matches
  if (expected === undefined || match === undefined) throw new TypeError('the payment is signed')
  const domain = { ...usdcDomain, verifyingContract: stranger }
  const separator = domainSeparator(domain)
  const offered = (change: Partial<Match> = {}, own = true): Evidence['signature'] => ({
    ...rest,
    expected: { ...expected, basis: 'offer', ...(own ? { domain, separator } : {}) },
    matches: [{ ...match, domain, separator, ...change }],
  })
  const first = (signature: Evidence['signature'], when = now): Instrument =>
    instrumentsOf(paid, evidenceOf(paid, undefined, { signature, when }))[0]
  it('is its own by its separator, as it was sent or as it was signed', () => {
    expect([first(offered()).form, first(offered()).at]).toEqual(['as-sent', null])
    expect(first(offered({ authorization: { ...paid.authorization, value: 9n } })).form).toBe('as-signed')
    expect([first(offered({}, false)).form, first(offered({}, false)).at]).toEqual(['elsewhere', `the contract ${stranger}`])
    const { expected: _, ...none } = offered()
    expect(first(none).form).toBe('elsewhere')
  })
  it('takes it as long as the window is open, as far as anybody can tell', () => {
    for (const when of [now, closes, opens - 9n]) expect(short(first(offered(), when))).toBe('as-sent unknown anybody [] bytes none')
    expect(first(offered(), now).says).toContain('whoever holds')
    expect(first(offered(), closes).says).toContain('keeps to EIP-3009')
    expect(first(offered({ authorization: { ...paid.authorization, validBefore: opens + 1n } }), now).says).toContain('keeps to EIP-3009')
    expect(first(offered({ typeHash: `0x${'01'.repeat(32)}`, primaryType: 'Other' }), closes).says).not.toContain('keeps to EIP-3009')
  })
})

it('a smart wallet that nobody asked, or that refuses', () => {
  const foreign = pay({ by: 'stranger' })
  const wallet = { wrappers: ['a wrapper'], kinds: ['coinbase'], signers: [], slips: [], elsewhere: [] } as const
  const signature = { ...signatureOf(foreign), wallet }
  expect(of(foreign, evidenceOf(foreign, undefined, { signature }))).toEqual(['as-sent unknown anybody [deployment] bytes none'])
  expect(of(foreign, evidenceOf(foreign, [chain(foreign)], { signature }))).toEqual(['as-sent unknown anybody [deployment] bytes none'])
})

/** FiatToken compares strictly at both ends; a family that does not says so in its model, which was read in its source. */
it('the ends of the window are those of the token', () => {
  const families = tokenFamilies.map((family) => [family, modelOf(family).boundaries] as const)
  expect(families.length).toBeGreaterThan(5)
  for (const [family, { validBefore }] of families) {
    const paid = pay({}, { told: { family } })
    const at = (time: bigint) =>
      instrumentsOf(
        paid,
        evidenceOf(paid, [chain(paid, { simulated: { outcome: 'succeeds' } }, { head: { number: 1_000n, time } })], { when: closes - 2n }),
      )[0].state
    const last = validBefore === 'included' ? closes : closes - 1n
    expect([at(last - 1n), at(last)]).toEqual(['live', 'dead'])
  }
})

it('nothing is final where no block is', () => {
  const paid = pay()
  const none = { safe: known(null), finalized: known(null) } as const
  const blind = { safe: unread, finalized: unread } as const
  for (const finality of [none, blind])
    expect(of(paid, evidenceOf(paid, [chain(paid, { used: true, settlement: settled(paid) }, { finality })]))).toEqual([
      'as-sent spent-on-this nobody [] receipt latest 11 deep',
    ])
})

/** FiatToken v2.2 has its own address on its list, which its issuer can lift; the zero address it pays never. */
describe('a payee that the token refuses', () => {
  const zero = '0x0000000000000000000000000000000000000000'
  const one = (to: `0x${string}`, words?: Words, when = now, family?: TokenFamily): string[] => {
    const paid = pay({ says: { to } }, family === undefined ? {} : { told: { family } })
    return of(paid, evidenceOf(paid, words === undefined ? undefined : [chain(paid, words)], { when }))
  }
  it('is nobody, or the token', () => {
    expect(one(zero)).toEqual(['as-sent dead nobody [] bytes none'])
    expect(one(zero, {})).toEqual(['as-sent dead nobody [] bytes none'])
    expect(one(usdc)).toEqual(['as-sent live anybody [list] bytes none'])
    expect(one(usdc, { payeeListed: true })).toEqual(['as-sent live anybody [list] bytes none'])
    expect(one(usdc, { payeeListed: unread })).toEqual(['as-sent live anybody [list] bytes none'])
    expect(one(usdc, { payeeListed: false })).toEqual(['as-sent live anybody [] chain latest'])
    expect(one(usdc, undefined, now, 'TetherTokenV2')).toEqual(['as-sent dead nobody [] bytes none'])
    expect(one(usdc, undefined, now, 'FiatTokenV2')).toEqual(['as-sent live anybody [] bytes none'])
  })

  it('matters to what was sent to it, and to no other signature', () => {
    const paid = pay({ says: { to: zero }, signed: { to: payee } })
    const [match] = signatureOf(pay()).matches
    if (match === undefined) throw new TypeError('the payment is signed')
    const signature = { ...signatureOf(paid), matches: [match] }
    expect(of(paid, evidenceOf(paid, undefined, { signature }))).toEqual([
      'as-signed live anybody [fields] bytes none',
      'as-sent dead nobody [] bytes none',
    ])
  })
})

describe('what contradicts itself', () => {
  const paid = pay()
  const about = (causes: Contradiction['causes'], id: Contradiction['id'] = 'rpc-and-rpc'): Contradiction => ({
    id,
    sides: ['one', 'other'],
    check: 'it',
    call: null,
    causes,
  })
  const doubted = (state: ChainState, verdict: 'fails' | 'settles' | 'inconclusive', ...all: readonly Contradiction[]): string[] =>
    inDoubt(instrumentsOf(paid, evidenceOf(paid, [state])), verdict, all).map(short)
  const live = 'as-sent live anybody [] chain latest'
  const open = 'as-sent unknown anybody [] chain none'

  it('of the nonce nobody knows anything then; of something else only where nothing is claimed', () => {
    expect(doubted(chain(paid), 'settles')).toEqual([live])
    expect(doubted(chain(paid), 'inconclusive')).toEqual([live])
    expect(doubted(chain(paid), 'fails', about(['paused']))).toEqual([live])
    expect(doubted(chain(paid), 'inconclusive', about(['paused']))).toEqual([open])
    expect(doubted(chain(paid), 'fails', about(['authorization-used']))).toEqual([open])
    expect(doubted(chain(paid), 'fails', about(['paused']), about(['authorization-canceled']))).toEqual([open])
    expect(doubted(chain(paid), 'fails', about([], 'block-and-block'))).toEqual([open])
    expect(doubted(chain(paid), 'settles', about([], 'head-and-clock'))).toEqual([open])
  })

  it('what nobody could use may be usable then', () => {
    const spent = chain(paid, { used: true, settlement: settled(paid, { paid: known({ to: stranger, value: 1n }) }) })
    expect(doubted(spent, 'fails', about(['authorization-used']))).toEqual([
      'as-sent unknown anybody [] receipt none',
      'sibling unknown anybody [] receipt none',
    ])
  })
})

it('the decisive one of several tells what became of the money', async () => {
  const paid = pay()
  const spent = chain(paid, { used: true, settlement: settled(paid) })
  expect((await diagnosed(paid, [spent])).money).toMatchObject({ state: 'moved', finality: 'safe', depth: '11' })
})
