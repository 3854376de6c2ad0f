import { describe, expect, it } from 'vitest'
import {
  chain,
  closes,
  delegate,
  evidenceOf,
  now,
  opens,
  pay,
  payer,
  reverts,
  sender,
  settled,
  signatureOf,
  stranger,
  unread,
  usdcDomain,
  type Words,
} from '../../../../../test/evidence/evm.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { EvidenceNote, Finding } from '../../causes/finding.ts'
import { known } from '../../evidence/known.ts'
import type { ChainAnswer, ChainState } from '../evidence/chain.ts'
import type { ReplayOutcome, SignatureCheck } from '../evidence/replay.ts'
import type { Payment } from '../payment/payment.ts'
import { domainSeparator } from '../typed-data/domain.ts'
import { type Contradiction, contested, doubtsNonce, doubtsTrace, undermines } from './contradiction.ts'
import { contradictionOfReplay, contradictionsIn } from './find-contradictions.ts'

const paid = pay()
const finding = (cause: CauseId, source: EvidenceNote['source'] = 'chain', severity: Finding['severity'] = 'error'): Finding => ({
  cause,
  party: 'nobody',
  severity,
  summary: 'it is so',
  evidence: [{ source, says: 'it was read' }],
  fix: 'mend it',
})
const ids = (all: readonly Contradiction[]): string[] => all.map(({ id, causes }) => [id, ...causes].join(' '))
const of = (state: ChainState, findings: readonly Finding[] = [], others: readonly ChainAnswer[] = [], given: Payment = paid): string[] =>
  ids(contradictionsIn(given, evidenceOf(given, [state, ...others]), findings))
const one = (words: Words = {}, more: Partial<ChainState> = {}): ChainState => chain(paid, words, more)
const token = (more: Partial<ChainState['token']>): Partial<ChainState> => ({ token: { ...one().token, ...more } })
const taken: Words = { simulated: { outcome: 'succeeds' } }

it('a chain in order, and none at all, contradict nothing', () => {
  expect(of(one())).toEqual([])
  expect(contradictionsIn(paid, evidenceOf(paid), [])).toEqual([])
  expect(contradictionsIn(paid, evidenceOf(paid, []), [finding('paused')])).toEqual([])
})

describe('a block', () => {
  const { block } = one()
  const other = `0x${'01'.repeat(32)}` as const
  const rows: readonly (readonly [string, ChainState, string[]])[] = [
    ['the same again', one({}, { again: known(block) }), []],
    ['another hash again', one({}, { again: known({ ...block, hash: other }) }), ['block-and-block']],
    ['another time again', one({}, { again: known({ ...block, time: block.time + 1n }) }), ['block-and-block']],
    // A node behind the same URL has not come to it yet.
    ['none again', one({}, { again: known(null) }), []],
    ['unread again', one({}, { again: unread }), []],
    ['the next one a second later', one({}, { newest: false, nextTime: known(block.time + 1n) }), []],
    ['the next one of the same second', one({}, { newest: false, nextTime: known(block.time) }), []],
    ['the next one earlier', one({}, { newest: false, nextTime: known(block.time - 1n) }), ['block-and-block']],
    ['the newest has none', one({}, { nextTime: known(block.time - 1n) }), []],
    ['a head of a lower number, as old as two nodes can be apart', one({}, { head: { number: 999n, time: block.time - 120n } }), []],
    ['a head of a lower number, older', one({}, { head: { number: 999n, time: block.time - 121n } }), ['block-and-block']],
    ['a head of a higher number and an earlier time', one({}, { head: { number: 1_001n, time: block.time - 1n } }), ['block-and-block']],
    ['a head of a higher number and the same time', one({}, { head: { number: 1_001n, time: block.time } }), []],
    ['the same number, and another time', one({}, { head: { number: 1_000n, time: block.time - 500n } }), []],
    ['a head two minutes ahead of the clock', one({}, { head: { number: 1_000n, time: now + 120n } }), []],
    ['a head further ahead', one({}, { head: { number: 1_000n, time: now + 121n } }), ['head-and-clock']],
  ]
  it.each(rows)('%s', (_name, state, found) => expect(of(state)).toEqual(found))

  it('the clock says nothing of a moment that was given', () => {
    const state = one({}, { head: { number: 1_000n, time: now + 500n } })
    expect(ids(contradictionsIn(paid, evidenceOf(paid, [state], { at: now }), []))).toEqual([])
  })

  // What a node simulates may be on the block that comes next, some seconds ahead.
  it.each([
    [closes - 1n, []],
    [closes + 119n, []],
    [closes + 120n, ['time-and-simulation']],
    [opens - 120n, ['time-and-simulation']],
    [opens - 119n, []],
  ])('taken in a block of %d', (time, found) => {
    expect(ids(contradictionsIn(paid, evidenceOf(paid, [one({ ...taken, time })], { at: time }), []))).toEqual(found)
  })

  it('refused in a block far from the window', () => expect(of(one({ time: opens - 500n }))).toEqual([]))

  it('a window in blocks knows no time', () => {
    const flag = 1n << 47n
    const inBlocks = pay({ says: { validAfter: flag | 1n, validBefore: flag | 9_999n } }, { told: { family: 'ERC3009' } })
    expect(of(chain(inBlocks, taken), [], [], inBlocks)).toEqual([])
  })
})

describe('what is said to stop it, and a simulation that is taken', () => {
  it.each([
    ['insufficient-balance', true],
    ['paused', true],
    ['blacklisted', true],
    ['domain-name-mismatch', true],
    ['window-inverted', true],
    // At another second it can be otherwise.
    ['expired', false],
    ['not-yet-valid', false],
    // Of the offer, of gas and of relayers the token knows nothing.
    ['amount-mismatch', false],
    ['facilitator-out-of-gas-money', false],
    ['relayer-blocked', false],
    ['asset-has-no-code', false],
  ] as const)('%s', (cause, excluded) => {
    expect(of(one(taken), [finding(cause)])).toEqual(excluded ? [`finding-and-simulation ${cause}`] : [])
  })

  it('one for each cause, and none for what is only worth knowing', () => {
    expect(
      of(one(taken), [
        finding('paused'),
        finding('paused'),
        finding('blacklisted', 'chain', 'warning'),
        finding('insufficient-balance', 'chain', 'info'),
      ]),
    ).toEqual(['finding-and-simulation paused', 'finding-and-simulation blacklisted'])
  })

  it('a nonce that was used after the block excludes nothing', () => {
    expect(of(one({ ...taken, used: true }), [finding('authorization-used')])).toEqual(['finding-and-simulation authorization-used'])
    expect(of(one({ ...taken, used: false, usedNow: true }), [finding('authorization-used')])).toEqual([])
  })

  it('where nothing answers, nothing was taken', () => {
    const nothing = one(taken, token({ responds: known(false), functions: { ...one().token.functions, authorizationState: known(false) } }))
    expect(of(nothing, [finding('paused')])).toEqual([])
    expect(of(one(taken, token({ code: known(0), responds: known(false) })), [finding('paused')])).toEqual([])
  })
})

/** FiatToken v2.2 looks at pause, lists, window, nonce, signature, and balance last. */
describe('what is said to stop it, and a refusal for what comes later', () => {
  const refused = (says: string): Words => ({ simulated: reverts(says) })
  const late = refused('ERC20: transfer amount exceeds balance')
  const rows: readonly (readonly [string, Words, readonly Finding[], string[]])[] = [
    [
      'paused, refused for the money',
      { ...late, balance: 0n },
      [finding('paused'), finding('insufficient-balance')],
      ['finding-and-refusal paused'],
    ],
    [
      'a wrong name, refused for the money',
      { ...late, balance: 0n },
      [finding('domain-name-mismatch', 'computed')],
      ['finding-and-refusal domain-name-mismatch'],
    ],
    [
      'used, refused for the money',
      { ...late, balance: 0n, used: true },
      [finding('authorization-used')],
      ['finding-and-refusal authorization-used'],
    ],
    ['used after the block, refused for the money', { ...late, balance: 0n, usedNow: true }, [finding('authorization-used')], []],
    ['expired, refused for the money', { ...late, balance: 0n }, [finding('expired', 'computed')], []],
    [
      'no money, refused for the pause',
      { ...refused('Pausable: paused'), paused: true, balance: 0n },
      [finding('insufficient-balance'), finding('paused')],
      [],
    ],
    ['the money is there, refused for it', late, [], ['refusal-and-reading']],
    ['one unit is missing', { ...late, balance: 9_999n }, [finding('insufficient-balance')], []],
    ['nobody knows of the money', { ...late, balance: unread }, [], []],
    ['not paused, refused for it', refused('Pausable: paused'), [], ['refusal-and-reading']],
    ['nobody knows of a pause', { ...refused('Pausable: paused'), paused: unread }, [], []],
    ['on no list, refused for one', refused('Blacklistable: account is blacklisted'), [], ['refusal-and-reading']],
    ['the payer on one', { ...refused('Blacklistable: account is blacklisted'), payerListed: true }, [finding('blacklisted')], []],
    ['the payee unread', { ...refused('Blacklistable: account is blacklisted'), payeeListed: unread }, [], []],
    [
      'unused, refused for its nonce',
      refused('FiatTokenV2: authorization is used or canceled'),
      [],
      ['refusal-and-reading authorization-used authorization-canceled executed-by-third-party nonce-reused'],
    ],
    [
      'used, refused for it',
      { ...refused('FiatTokenV2: authorization is used or canceled'), used: true, settlement: settled(paid) },
      [finding('authorization-used')],
      [],
    ],
    ['right, refused for the signature', refused('FiatTokenV2: invalid signature'), [], ['refusal-and-reading']],
    ['right, refused by a contract', { ...refused('FiatTokenV2: invalid signature'), payerCode: { kind: 'contract', bytes: 9 } }, [], []],
    ['refused in words that nobody knows', refused('whatever'), [finding('paused')], []],
  ]
  it.each(rows)('%s', (_name, words, findings, found) => expect(of(one(words), findings)).toEqual(found))

  it('a wallet that accepts, and a token that refuses the signature', () => {
    const wallet: Words = { payerCode: { kind: 'contract', bytes: 9 }, accepts: true, ...refused('FiatTokenV2: invalid signature') }
    expect(of(one(wallet))).toEqual(['refusal-and-reading'])
    expect(of(one({ ...wallet, accepts: false }), [finding('smart-wallet-signature')])).toEqual([])
  })

  it('a wrong signature, refused for it', () => {
    const foreign = pay({ by: 'stranger' })
    expect(of(chain(foreign), [finding('signer-not-owner', 'computed')], [], foreign)).toEqual([])
  })

  it('what is refused to this sender alone says nothing of the payment', () => {
    const more = (fromAnother: ChainState['simulated']['fromAnother']): ChainState => {
      const state = one(late)
      return { ...state, simulated: { ...state.simulated, ...(fromAnother === undefined ? {} : { fromAnother }) } }
    }
    expect(of(more(known({ outcome: 'succeeds' })))).toEqual([])
    expect(of(more(unread))).toEqual(['refusal-and-reading'])
    expect(of(more(known(reverts('no'))))).toEqual(['refusal-and-reading'])
  })
})

describe('what is at the accounts', () => {
  const contract = { kind: 'contract', bytes: 9 } as const
  const differs = (words: Words, sameCode: ChainState['payer']['sameCode']): ChainState => {
    const state = one({ ...words, ...taken })
    return { ...state, payer: { ...state.payer, sameCode } }
  }
  it("the payer's", () => {
    expect(of(differs({}, known(true)))).toEqual([])
    expect(of(differs({}, unread))).toEqual([])
    expect(of(differs({}, known(false)))).toEqual(['code-and-hash'])
    expect(of(differs({ payerCode: unread }, known(false)))).toEqual([])
    const findings = [finding('paused'), finding('eip7702-payer'), finding('domain-name-mismatch', 'computed')]
    expect(of({ ...differs({ payerCode: contract }, known(false)), simulated: { atBlock: unread, pending: unread } }, findings)).toEqual([
      'code-and-hash eip7702-payer domain-name-mismatch',
    ])
  })

  it("the token's", () => {
    const at = (more: Partial<ChainState['token']>): string[] => of(one({ simulated: unread }, token(more)))
    expect(at({ code: known(0), responds: known(true) })).toEqual(['code-and-answers asset-has-no-code'])
    expect(at({ code: known(0), responds: known(false) })).toEqual([])
    expect(at({ code: known(0), responds: unread })).toEqual([])
    expect(at({ code: unread, responds: known(true) })).toEqual([])
    expect(at({ code: known(9), responds: known(false) })).toEqual(['code-and-answers'])
    expect(at({ code: known(9), responds: unread })).toEqual([])
    const without = { ...one().token.functions, authorizationState: known(false) }
    expect(at({ code: known(9), responds: known(false), functions: without })).toEqual([])
    expect(at({ code: unread, responds: known(false) })).toEqual([])
  })
})

describe('what the token was seen to hash', () => {
  const { digest } = signatureOf(paid)
  if (digest === undefined) throw new TypeError('no digest')
  const recovers: SignatureCheck = { by: 'ecrecover', digest, recovered: payer }
  const asks: SignatureCheck = { by: 'erc1271', digest, wallet: payer, answer: '0x', accepted: false }
  const contract = { kind: 'contract', bytes: 9 } as const
  const computed = finding('domain-name-mismatch', 'computed')
  const traced = (check: SignatureCheck | null, words: Words = {}): ChainState =>
    one({ simulated: unread, ...words }, { traced: known(check) })
  const wrong = { ...recovers, digest: `0x${'01'.repeat(32)}` } as const

  const rows: readonly (readonly [string, ChainState, string[]])[] = [
    ['the digest that was computed', traced(recovers), []],
    ['another digest', traced(wrong), ['digest-and-trace domain-name-mismatch']],
    ['it did not come to it', traced(null), []],
    ['unread', one({ simulated: unread }, { traced: unread }), []],
    ['code that nobody sees', traced(asks), ['code-and-trace domain-name-mismatch']],
    ['code that is there', traced(asks, { payerCode: contract }), []],
    ['code of nobody knows whom', traced(asks, { payerCode: unread }), []],
    ['a key, although there is code', traced(recovers, { payerCode: contract }), ['code-and-trace eip7702-payer smart-wallet-signature']],
    ['a key, and nobody knows of code', traced(recovers, { payerCode: unread }), []],
    ['another key', traced({ ...recovers, recovered: stranger }), ['signer-and-trace']],
    ['nobody', traced({ ...recovers, recovered: null }), ['signer-and-trace']],
    ['a wallet that refuses, and refused us', traced(asks, { payerCode: contract, accepts: false }), []],
    [
      'a wallet that refuses, and accepted ours',
      traced(asks, { payerCode: contract, accepts: true }),
      ['wallet-and-trace eip7702-payer smart-wallet-signature'],
    ],
    [
      'a wallet that accepts, and refused ours',
      traced({ ...asks, accepted: true }, { payerCode: contract, accepts: false }),
      ['wallet-and-trace eip7702-payer smart-wallet-signature'],
    ],
    ['a wallet that was not asked by us', traced(asks, { payerCode: contract, accepts: unread }), []],
  ]
  it.each(rows)('%s', (_name, state, found) => expect(of(state, [computed])).toEqual(found))

  it('of bytes that are odd the key says nothing', () => {
    const odd = pay({ bytes: (signature) => `${signature.slice(0, 130) as '0x'}00` })
    const own = signatureOf(odd).digest
    if (own === undefined) throw new TypeError('no digest')
    const state = chain(odd, { simulated: unread }, { traced: known({ by: 'ecrecover', digest: own, recovered: null }) })
    expect(of(state, [], [], odd)).toEqual([])
  })

  it('of another contract than was computed for it says nothing', () => {
    const state = { ...traced(wrong), token: { ...one().token, address: stranger } }
    expect(of(state, [computed])).toEqual([])
  })
})

describe("the token's separator", () => {
  const other = domainSeparator({ ...usdcDomain, name: 'New' })
  const at = (more: Partial<ChainState['token']>, words: Words = { simulated: unread }, extra: Partial<ChainState> = {}): string[] =>
    of(one(words, { ...token({ separator: known(other), ...more }), ...extra }))
  it('names that do not hash to it, and a signature that is taken under another', () => {
    expect(at({})).toEqual(['separator-and-name facilitator-config-drift'])
    expect(at({ name: known('New') })).toEqual([])
    expect(at({ version: known('1') })).toEqual([])
    expect(at({ name: unread })).toEqual([])
    expect(at({ separator: known(null) })).toEqual([])
    expect(at({ separator: unread })).toEqual([])
    expect(at({ separator: known(domainSeparator(usdcDomain)) })).toEqual([])
    expect(at({ name: known('New') }, taken)).toEqual(['separator-and-signature facilitator-config-drift'])
    expect(at({ name: known('New') }, { ...taken, payerCode: { kind: 'contract', bytes: 9 } })).toEqual([])
    const { digest } = signatureOf(paid)
    const traced = (hashed: `0x${string}` | undefined): Partial<ChainState> => ({
      traced: hashed === undefined ? unread : known({ by: 'ecrecover', digest: hashed, recovered: payer }),
    })
    expect(at({ name: known('New') }, { simulated: unread }, traced(digest))).toEqual(['separator-and-signature facilitator-config-drift'])
    expect(at({ name: known('New') }, { simulated: unread }, traced(undefined))).toEqual([])
  })
})

describe('the nonce, the sender, the storage, another RPC', () => {
  it('a log of what is said to be unused', () => {
    const log = 'nonce-and-log authorization-used authorization-canceled executed-by-third-party nonce-reused'
    expect(of(one({ used: false, settlement: settled(paid) }))).toEqual([log])
    expect(of(one({ used: true, settlement: settled(paid) }))).toEqual([])
    expect(of(one({ used: unread, settlement: settled(paid) }))).toEqual([])
    expect(of(one({ used: false, settlement: unread }))).toEqual([])
  })

  it('a call that somebody without money was let pay for', () => {
    const poor = finding('facilitator-out-of-gas-money')
    const state = (affords: boolean | null | typeof unread): ChainState =>
      one({ facilitator: sender({ native: known(0n), affords: affords === unread ? unread : known(affords as boolean | null) }) })
    expect(of(state(true), [poor])).toEqual(['funds-and-call facilitator-out-of-gas-money'])
    expect([of(state(false), [poor]), of(state(null), [poor]), of(state(unread), [poor]), of(state(true)), of(one(), [poor])]).toEqual([
      [],
      [],
      [],
      [],
      [],
    ])
  })

  it('calls and the storage that they are made of', () => {
    const nonces = 'authorization-used authorization-canceled executed-by-third-party nonce-reused'
    expect(of(one({}, { apart: ['paused() is true'] }))).toEqual([`calls-and-storage ${nonces}`])
    expect(of(one({}, { apart: [] }))).toEqual([])
  })

  const nonces = 'authorization-used authorization-canceled executed-by-third-party nonce-reused'
  const two = (words: Words = {}, more: Partial<ChainState> = {}): ChainState => one({ source: 'other.example.com', ...words }, more)
  it('two that agree, that differ, and that differ about the nonce', () => {
    expect(of(one(), [], [two()])).toEqual([])
    expect(of(one(), [], [two({ ...taken, balance: 0n })])).toEqual(['rpc-and-rpc'])
    expect(of(one(taken), [], [two({ ...taken, used: true })])).toEqual([`rpc-and-rpc ${nonces}`])
    expect(of(one(), [], [two({ ...taken }, { block: { ...one().block, hash: `0x${'01'.repeat(32)}` }, again: unread })])).toEqual([
      `rpc-and-rpc ${nonces}`,
    ])
    // Beside a doubt about the nonce no other is smaller.
    expect(of(one(taken), [], [two({ ...taken, used: true, balance: 0n })])).toEqual([`rpc-and-rpc ${nonces}`, `rpc-and-rpc ${nonces}`])
  })

  it('of what is used up nothing else matters', () => {
    const spent: Words = { used: true, settlement: settled(paid) }
    expect(of(one(spent), [], [two({ ...spent, balance: 0n })])).toEqual([])
    expect(of(one(spent), [], [two({ ...spent, settlement: settled(paid, { how: 'canceled' }), balance: 0n })])).toEqual([
      `rpc-and-rpc ${nonces}`,
      `rpc-and-rpc ${nonces}`,
    ])
    expect(of(one(spent), [], [two({ used: true, balance: 0n })])).toEqual(['rpc-and-rpc'])
  })
})

describe('a replay that settles', () => {
  const outcome = (status: 'settled' | 'reverted'): ReplayOutcome => {
    const call = {
      at: now,
      interventions: [],
      call: { function: 'transferWithAuthorization', overload: 'vrs', selector: '0x', sender: payer },
      gasUsed: 1n,
      signatureCheck: null,
      balances: [],
    } as const
    return status === 'settled' ? { ...call, status, events: [] } : { ...call, status, reason: 'no', data: '0x' }
  }
  const artifact = { kind: 'artifact', family: 'FiatTokenV2_2' } as const
  const standIn = { kind: 'stand-in', family: 'FiatTokenV2_2', of: null } as const
  const replayed = (
    errors: readonly Finding[],
    status: 'settled' | 'reverted' = 'settled',
    code: typeof artifact | typeof standIn = artifact,
  ): string[] => ids(contradictionOfReplay(paid, evidenceOf(paid), errors, { chain: 'model', code, asIs: outcome(status) }))
  it('excludes what makes the token refuse, in time as well', () => {
    expect(replayed([finding('paused')])).toEqual(['finding-and-replay paused'])
    expect(replayed([finding('expired', 'computed'), finding('amount-mismatch', 'payload'), finding('paused')])).toEqual([
      'finding-and-replay expired paused',
    ])
    expect(replayed([finding('amount-mismatch', 'payload')])).toEqual([])
    expect(replayed([finding('paused')], 'reverted')).toEqual([])
    expect(replayed([])).toEqual([])
    expect(ids(contradictionOfReplay(paid, evidenceOf(paid), [finding('paused')], undefined))).toEqual([])
    // What is known of the token's own family another one's code knows nothing of.
    expect(replayed([finding('payee-not-payable', 'registry')])).toEqual(['finding-and-replay payee-not-payable'])
    expect(replayed([finding('payee-not-payable', 'registry')], 'settled', standIn)).toEqual([])
    expect(replayed([finding('paused')], 'settled', standIn)).toEqual(['finding-and-replay paused'])
  })
})

describe('the call that would decide', () => {
  const call = (cause: CauseId, words: Words = {}, more: Partial<ChainState> = {}): unknown =>
    contradictionsIn(paid, evidenceOf(paid, [one({ ...taken, ...words }, more)]), [finding(cause)]).find(({ causes }) =>
      causes.includes(cause),
    )?.call
  const at = '0x3e8'
  const { from, nonce } = paid.authorization
  const word = (hex: string): string => hex.slice(2).toLowerCase().padStart(64, '0')
  const view = (data: string): object => ({ method: 'eth_call', params: [{ to: usdcDomain.verifyingContract, data }, at] })

  // Selectors by the ABI: paused(), isBlacklisted(address), balanceOf(address), authorizationState(address,bytes32).
  it.each([
    ['paused', {}, view('0x5c975abb')],
    ['blacklisted', { payerListed: true }, view(`0xfe575a87${word(from)}`)],
    ['blacklisted', { payeeListed: true }, view(`0xfe575a87${word(paid.authorization.to)}`)],
    ['blacklisted', { payerListed: true, payeeListed: true }, view(`0xfe575a87${word(from)}`)],
    ['insufficient-balance', { balance: 0n }, view(`0x70a08231${word(from)}`)],
    ['authorization-used', { used: true }, view(`0xe94a0102${word(from)}${word(nonce)}`)],
    ['nonce-out-of-turn', {}, null],
    ['eip7702-payer', { payerCode: { kind: 'eip7702', delegate, delegateCode: unread } }, { method: 'eth_getCode', params: [from, at] }],
    ['token-without-eip3009', {}, { method: 'eth_getCode', params: [usdcDomain.verifyingContract, at] }],
  ] as const)('%s', (cause, words, expected) => expect(call(cause, words)).toEqual(expected))

  it('asks for the code behind a proxy', () => {
    expect(call('token-without-eip3009', {}, token({ implementation: known(stranger) }))).toEqual({
      method: 'eth_getCode',
      params: [stranger, at],
    })
  })
})

describe('what becomes of findings and of the nonce', () => {
  const about = (id: Contradiction['id'], causes: readonly CauseId[] = []): Contradiction => ({
    id,
    sides: ['a', 'b'],
    check: 'c',
    call: null,
    causes,
  })
  it('what is named is no error any more', () => {
    const all = contested(
      [finding('paused'), finding('blacklisted'), finding('expired', 'computed', 'info')],
      [about('finding-and-simulation', ['paused', 'expired'])],
    )
    expect(all.map(({ cause, severity, proof }) => [cause, severity, proof])).toEqual([
      ['paused', 'warning', 'contradicted'],
      ['blacklisted', 'error', undefined],
      ['expired', 'info', undefined],
    ])
  })

  it('two RPCs, a block or a storage put all in question; a trace only traces', () => {
    const yes = (which: (each: Contradiction) => boolean) =>
      (
        [
          'rpc-and-rpc',
          'calls-and-storage',
          'block-and-block',
          'head-and-clock',
          'time-and-simulation',
          'finding-and-replay',
          'code-and-trace',
          'digest-and-trace',
          'signer-and-trace',
          'wallet-and-trace',
          'nonce-and-log',
        ] as const
      ).filter((id) => which(about(id)))
    expect(yes(undermines)).toEqual(['rpc-and-rpc', 'calls-and-storage', 'block-and-block', 'head-and-clock', 'time-and-simulation'])
    expect(yes(doubtsTrace)).toEqual(['code-and-trace', 'digest-and-trace', 'signer-and-trace', 'wallet-and-trace'])
    expect(yes(doubtsNonce)).toEqual(['block-and-block', 'head-and-clock', 'time-and-simulation'])
    expect(doubtsNonce(about('rpc-and-rpc', ['paused', 'nonce-reused']))).toBe(true)
  })
})
