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
  reverts,
  sender,
  settled,
  signatureOf,
  stranger,
  told,
  unread,
  usdc,
  usdcDomain,
  type Words,
} from '../../../../../test/evidence/evm.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import { known } from '../../evidence/known.ts'
import { type Instrument, moneyOf } from '../../money/instrument.ts'
import type { Retry } from '../../money/retry.ts'
import type { ChainAnswer, ChainState } from '../evidence/chain.ts'
import type { Payment } from '../payment/payment.ts'
import type { Match, SignatureEvidence } from '../signature/forensics.ts'
import { type Authorization, typeHashes } from '../typed-data/authorization.ts'
import { domainSeparator, type Eip712Domain } from '../typed-data/domain.ts'
import { advise, withNonce, withRetry } from './advise.ts'
import type { DiagnoseOptions } from './diagnose.ts'
import type { EvmDiagnosis } from './diagnosis.ts'

/** A payment under another domain, or of another message, with what a search over it finds. */
function signedAs(
  change: Partial<Match>,
  more: Partial<Payment> = {},
  by: 'payer' | 'stranger' = 'payer',
): { paid: Payment; signature: SignatureEvidence } {
  const { domain = usdcDomain, authorization, primaryType } = change
  const type = primaryType === 'ReceiveWithAuthorization' ? ({ type: primaryType } as const) : {}
  const paid = pay({ domain, by, ...type, ...(authorization === undefined ? {} : { signed: authorization }) }, more)
  const [match] = signatureOf(pay()).matches
  if (match === undefined) throw new TypeError('the payment is signed')
  return { paid, signature: { ...signatureOf(paid), matches: [{ ...match, ...change, separator: domainSeparator(domain) }] } }
}
const edit = (cause: CauseId, field: string, more: object = {}): Match['edits'][number] => ({
  cause,
  generator: 'domain-name',
  field,
  ...more,
})
const wrongName = (more: Partial<Payment> = {}) =>
  signedAs(
    {
      domain: { ...usdcDomain, name: 'USDC' },
      edits: [edit('domain-name-mismatch', 'domain.name', { signed: 'USDC', expected: 'USD Coin' })],
    },
    more,
  )
const sepolia: Eip712Domain = {
  name: 'USDC',
  version: '2',
  chainId: 84532n,
  verifyingContract: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
}
const elsewhere = () =>
  signedAs({ domain: sepolia, edits: [edit('chain-id-mismatch', 'domain.chainId', { signed: '84532', expected: '8453' })] })
const nonce = `0x${'cd'.repeat(32)}` as const
const base = pay().authorization
const altered = (fields: Partial<Authorization>, expected?: string) => {
  const [field = 'value', signed] = Object.entries(fields)[0] ?? []
  return signedAs({
    authorization: { ...base, ...fields },
    edits: [
      edit('message-altered', `authorization.${field}`, {
        seen: String(base[field as keyof Authorization]),
        signed: String(signed),
        ...(expected === undefined ? {} : { expected }),
      }),
    ],
  })
}

/** Heads after the window, at a block that is final. */
const overAt = (final = true): Partial<ChainState> => ({
  head: { number: 1_000n, time: closes + 60n },
  newest: false,
  finality: { safe: known({ number: 1_000n, time: closes + 60n }), finalized: known({ number: 900n, time: final ? closes : 0n }) },
})

interface Given {
  readonly paid?: Payment
  readonly signature?: SignatureEvidence
  readonly words?: Words
  readonly more?: Partial<ChainState>
  readonly others?: (paid: Payment) => readonly ChainAnswer[]
  readonly offline?: true
  readonly options?: DiagnoseOptions
}

async function of({ paid = pay(), signature, words, more, others, offline, options }: Given): Promise<EvmDiagnosis> {
  const chains = offline === true ? [] : [chain(paid, words, more), ...(others?.(paid) ?? [])]
  return diagnosed(paid, chains, { ...options, ...(signature === undefined ? {} : { signature }) })
}

/**
 * docs/money.md and the causes' own rows: what the causes ask for, the one that asks for most first (never, unknown, wait, cancel first, sign again, fix
 * first, send the same), as far as no authorization in sight makes the payer pay twice.
 */
describe('what to do next', () => {
  const rows: readonly (readonly [string, Given, { errors: readonly CauseId[]; money: string; retry: string }])[] = [
    ['nothing is wrong', {}, { errors: [], money: 'can-move latest', retry: 'send-same' }],
    ['nothing is wrong, and no chain was asked', { offline: true }, { errors: [], money: 'can-move none', retry: 'send-same' }],
    [
      'too little money',
      { words: { balance: 9_999n } },
      { errors: ['insufficient-balance'], money: 'can-move latest', retry: 'fix-first fixed' },
    ],
    ['paused', { words: { paused: true } }, { errors: ['paused'], money: 'can-move latest', retry: 'send-same' }],
    [
      'paused, and too little money',
      { words: { paused: true, balance: 0n } },
      { errors: ['paused', 'insufficient-balance'], money: 'can-move latest', retry: 'fix-first fixed' },
    ],
    // A list can be lifted, and then it pays: that is no end.
    ['on a list', { words: { payerListed: true } }, { errors: ['blacklisted'], money: 'can-move latest', retry: 'fix-first fixed' }],
    ['a wrong name', wrongName(), { errors: ['domain-name-mismatch'], money: 'not-moved none', retry: 'sign-again nonce' }],
    // What asks for a new signature comes before what only asks for money: the old one is refused with all the money there is.
    [
      'a wrong name, and too little money',
      { ...wrongName(), words: { balance: 0n } },
      { errors: ['domain-name-mismatch', 'insufficient-balance'], money: 'not-moved none', retry: 'sign-again nonce' },
    ],
    [
      'a wrong name, on a list, paused, and too little money',
      { ...wrongName(), words: { balance: 0n, paused: true, payerListed: true } },
      { errors: ['paused', 'blacklisted', 'domain-name-mismatch', 'insufficient-balance'], money: 'not-moved none', retry: 'never' },
    ],
    ['another network', elsewhere(), { errors: ['chain-id-mismatch'], money: 'can-move none', retry: 'cancel-first cancellation-landed' }],
    [
      'a contract that nobody knows',
      signedAs({
        domain: { ...usdcDomain, verifyingContract: stranger },
        edits: [edit('verifying-contract-mismatch', 'domain.verifyingContract')],
      }),
      { errors: ['verifying-contract-mismatch'], money: 'unknown none', retry: 'sign-again nonce not-good-elsewhere' },
    ],
    [
      'an allowance was signed',
      signedAs(
        {
          primaryType: 'Permit',
          typeHash: `0x${'01'.repeat(32)}`,
          edits: [edit('primary-type-mismatch', 'primaryType', { signed: 'Permit' })],
        },
        {},
        'stranger',
      ),
      { errors: ['primary-type-mismatch'], money: 'unknown none', retry: 'cancel-first cancellation-landed' },
    ],
    // Whoever holds it can use the nonce up: another one is needed.
    [
      'a cancellation was signed',
      signedAs(
        {
          primaryType: 'CancelAuthorization',
          typeHash: `0x${'01'.repeat(32)}`,
          edits: [edit('primary-type-mismatch', 'primaryType', { signed: 'CancelAuthorization' })],
        },
        {},
        'stranger',
      ),
      { errors: ['primary-type-mismatch'], money: 'not-moved none', retry: 'sign-again' },
    ],
    [
      'to be received by the payee',
      signedAs({
        primaryType: 'ReceiveWithAuthorization',
        typeHash: typeHashes.ReceiveWithAuthorization,
        edits: [edit('primary-type-mismatch', 'primaryType', { signed: 'ReceiveWithAuthorization' })],
      }),
      { errors: ['primary-type-mismatch'], money: 'can-move latest', retry: 'sign-again nonce' },
    ],
    [
      'the value was changed',
      altered({ value: 9_999n }),
      { errors: ['message-altered'], money: 'can-move latest', retry: 'fix-first fixed' },
    ],
    [
      'the value was changed to what the offer asks for',
      altered({ value: 9_999n }, '10000'),
      { errors: ['message-altered'], money: 'can-move latest', retry: 'sign-again nonce' },
    ],
    [
      'the value was changed, and what was signed is what the offer asks for',
      altered({ value: 9_999n }, '9999'),
      { errors: ['message-altered'], money: 'can-move latest', retry: 'fix-first fixed' },
    ],
    ['the nonce was changed', altered({ nonce }), { errors: ['message-altered'], money: 'can-move none', retry: 'fix-first fixed' }],
    // What nothing explains may be good elsewhere, or under another nonce.
    [
      'another key',
      { paid: pay({ by: 'stranger' }) },
      { errors: ['signer-not-owner'], money: 'unknown none', retry: 'unknown signed-message-known not-good-elsewhere' },
    ],
    [
      'another key, and too little money',
      { paid: pay({ by: 'stranger' }), words: { balance: 0n } },
      {
        errors: ['signer-not-owner', 'insufficient-balance'],
        money: 'unknown none',
        retry: 'unknown signed-message-known not-good-elsewhere',
      },
    ],
    [
      'a delegate refuses a signature that is right',
      { words: { payerCode: { kind: 'eip7702', delegate, delegateCode: known(9) }, accepts: false } },
      { errors: ['eip7702-payer'], money: 'can-move latest', retry: 'fix-first fixed' },
    ],
    [
      'a wallet refuses what nothing explains',
      { paid: pay({ by: 'stranger' }), words: { payerCode: { kind: 'contract', bytes: 9 }, accepts: false } },
      { errors: ['smart-wallet-signature'], money: 'unknown none', retry: 'unknown signed-message-known not-good-elsewhere' },
    ],
    // There is no such function, whoever pays and however much it has (a call of it reverts without a word).
    [
      'the bytes overload of a token that has none, and too little money, and a list',
      {
        paid: pay({}, { call: { function: 'transferWithAuthorization', selector: '0xcf092995', overload: 'bytes' } }),
        words: { balance: 0n, payerListed: true, simulated: { outcome: 'reverts', says: 'execution reverted', data: '0x' } },
        more: { token: { ...chain(pay()).token, functions: { ...chain(pay()).token.functions, 'transfer-bytes': known(false) } } },
      },
      { errors: ['no-bytes-overload', 'blacklisted', 'insufficient-balance'], money: 'can-move latest', retry: 'fix-first fixed' },
    ],
    [
      'no money for gas',
      { words: { facilitator: sender({ native: known(0n) }) } },
      { errors: ['facilitator-out-of-gas-money'], money: 'can-move latest', retry: 'send-same' },
    ],
    // Another relayer can send the same bytes.
    [
      'a relayer that the token has blocked',
      {
        words: { simulated: reverts('Blacklistable: account is blacklisted'), facilitator: sender({ blacklisted: known(true) }) },
        more: {
          simulated: {
            atBlock: known(reverts('Blacklistable: account is blacklisted')),
            pending: unread,
            fromAnother: known({ outcome: 'succeeds' }),
          },
        },
      },
      { errors: ['relayer-blocked'], money: 'can-move latest', retry: 'send-same another' },
    ],
    [
      'paid',
      { words: { used: true, settlement: settled(pay()) } },
      { errors: ['authorization-used'], money: 'moved safe', retry: 'never' },
    ],
    [
      'paid, and the payer has nothing left',
      { words: { used: true, balance: 0n, settlement: settled(pay()) } },
      { errors: ['authorization-used'], money: 'moved safe', retry: 'never' },
    ],
    [
      'paid, and paused since',
      { words: { used: true, paused: true, settlement: settled(pay()) } },
      { errors: ['paused', 'authorization-used'], money: 'moved safe', retry: 'never' },
    ],
    [
      'paid, under a name that is wrong now',
      { ...wrongName(), words: { used: true, settlement: settled(pay()) } },
      { errors: ['authorization-used', 'domain-name-mismatch'], money: 'moved safe', retry: 'never' },
    ],
    [
      'paid, and not what the offer asks for',
      { paid: pay({}, { requirements: { payTo: payee, amount: 20_000n } }), words: { used: true, settlement: settled(pay()) } },
      { errors: ['authorization-used'], money: 'moved safe', retry: 'unknown payer-agrees' },
    ],
    [
      'paid just what the offer asks for',
      { paid: pay({}, { requirements: { payTo: payee, amount: 10_000n } }), words: { used: true, settlement: settled(pay()) } },
      { errors: ['authorization-used'], money: 'moved safe', retry: 'never' },
    ],
    [
      'paid to whom the offer does not ask to pay',
      { paid: pay({}, { requirements: { payTo: stranger } }), words: { used: true, settlement: settled(pay()) } },
      { errors: ['authorization-used'], money: 'moved safe', retry: 'unknown payer-agrees' },
    ],
    [
      'paid by somebody else',
      { words: { used: true, settlement: settled(pay(), { sender: known(stranger) }), facilitator: sender() } },
      { errors: ['executed-by-third-party'], money: 'moved safe', retry: 'never' },
    ],
    [
      'taken back by the payer',
      { words: { used: true, settlement: settled(pay(), { how: 'canceled', paid: known(null) }) } },
      { errors: ['authorization-canceled'], money: 'not-moved safe', retry: 'never' },
    ],
    [
      'its nonce paid somebody else',
      { words: { used: true, settlement: settled(pay(), { paid: known({ to: stranger, value: 1n }) }) } },
      { errors: ['nonce-reused'], money: 'not-moved safe', retry: 'unknown payer-agrees' },
    ],
    [
      'used, and the receipt could not be read',
      { words: { used: true, settlement: settled(pay(), { paid: unread }) } },
      { errors: ['authorization-used'], money: 'unknown safe', retry: 'unknown receipt-read' },
    ],
    [
      'its nonce is used, and what was signed has another',
      { ...altered({ nonce }), words: { used: true, settlement: settled(pay(), { paid: known({ to: stranger, value: 1n }) }) } },
      { errors: ['nonce-reused', 'message-altered'], money: 'can-move none', retry: 'unknown signed-message-known not-good-elsewhere' },
    ],
    [
      'taken back, and nobody knows what was signed',
      {
        paid: pay({ by: 'stranger' }),
        words: { used: true, settlement: settled(pay(), { how: 'canceled', paid: known(null) }) },
      },
      {
        errors: ['authorization-canceled', 'signer-not-owner'],
        money: 'unknown none',
        retry: 'unknown signed-message-known not-good-elsewhere',
      },
    ],
  ]
  it.each(rows)('%s', async (_name, given, { errors, money, retry }) => {
    expect(told(await of(given))).toMatchObject({ errors, money, retry })
  })
})

describe('a window that is over', () => {
  const rows: readonly (readonly [string, Given, { verdict: string; errors: readonly CauseId[]; money: string; retry: string }])[] = [
    [
      'by the clock, and no chain was asked',
      { offline: true, options: { at: closes } },
      { verdict: 'fails', errors: ['expired'], money: 'can-move none', retry: 'sign-again nonce' },
    ],
    [
      'by the clock now',
      { offline: true, options: { now: closes, at: closes } },
      { verdict: 'fails', errors: ['expired'], money: 'unknown none', retry: 'unknown nonce nonce-unused' },
    ],
    // The chain has no block of after that yet: the old bytes can still settle.
    [
      'by the clock, and the head is of before its end',
      { words: { time: closes - 2n }, options: { now: closes, at: closes } },
      { verdict: 'fails', errors: ['expired'], money: 'unknown none', retry: 'wait nonce' },
    ],
    [
      'by the chain, not final',
      { words: { time: closes + 3n }, options: { now: closes + 3n, at: closes + 3n } },
      { verdict: 'fails', errors: ['expired'], money: 'not-moved latest', retry: 'sign-again nonce' },
    ],
    [
      'what failed in it was the money, and it is over for good',
      { words: { balance: 0n }, more: overAt(), options: { at: now, now: closes + 60n } },
      { verdict: 'fails', errors: ['insufficient-balance'], money: 'not-moved finalized', retry: 'sign-again nonce' },
    ],
    // Once nothing of it can move, a list is an end: the same payer is refused again.
    [
      'what failed in it was a list, and money was missing',
      { words: { balance: 0n, payerListed: true }, more: overAt(), options: { at: now, now: closes + 60n } },
      { verdict: 'fails', errors: ['blacklisted', 'insufficient-balance'], money: 'not-moved finalized', retry: 'never' },
    ],
    [
      'nothing failed in it',
      { more: overAt(), options: { at: now, now: closes + 60n } },
      { verdict: 'settles', errors: [], money: 'not-moved finalized', retry: 'sign-again nonce' },
    ],
    [
      'still to come',
      { offline: true, options: { at: opens, now: opens } },
      { verdict: 'fails', errors: ['not-yet-valid'], money: 'can-move none', retry: 'send-same' },
    ],
  ]
  it.each(rows)('%s', async (_name, given, expected) => expect(told(await of(given))).toMatchObject(expected))

  it('says from when on', async () => {
    const notBefore = async (given: Given) => (await of(given)).retry.notBefore
    expect(await notBefore({ offline: true, options: { at: opens, now: opens } })).toEqual({
      time: String(opens + 1n),
      block: null,
      finalized: false,
    })
    expect(await notBefore({ offline: true, options: { at: opens + 1n, now: opens + 1n } })).toBeNull()
    expect(await notBefore({ words: { time: closes - 2n }, options: { now: closes, at: closes } })).toEqual({
      time: String(closes),
      block: null,
      finalized: false,
    })
    expect(await notBefore({ offline: true, options: { now: closes, at: closes } })).toEqual({
      time: String(closes),
      block: null,
      finalized: false,
    })
    const canceled = (block: bigint): Given => ({
      words: { used: true, settlement: settled(pay(), { how: 'canceled', paid: known(null), block }) },
    })
    expect(await notBefore(canceled(995n))).toEqual({ time: null, block: '995', finalized: true })
    expect(await notBefore(canceled(990n))).toBeNull()
    const other = (block: bigint): Given => ({
      words: { used: true, settlement: settled(pay(), { paid: known({ to: stranger, value: 1n }), block }) },
    })
    expect(await notBefore(other(995n))).toEqual({ time: null, block: '995', finalized: true })
    expect(await notBefore(other(990n))).toBeNull()
    expect(await notBefore(elsewhere())).toEqual({ time: null, block: null, finalized: true })
  })
})

describe('what a new signature costs, and by which nonce', () => {
  const retry = async (given: Given) => (await of(given)).retry
  it('is made over the nonce of what can still move', async () => {
    expect((await retry(wrongName())).nonce).toBe(base.nonce)
    const other = signedAs({
      authorization: { ...base, nonce },
      edits: [edit('message-altered', 'authorization.nonce', { signed: nonce, expected: base.nonce })],
    })
    expect(await retry(other)).toMatchObject({ action: 'sign-again', nonce, sameNonce: true })
    expect(await retry(elsewhere())).toMatchObject({ nonce: base.nonce, sameNonce: false })
  })

  it('costs nothing where nothing of the first can move', async () => {
    expect((await retry({ ...wrongName(), offline: true })).cost).toBeNull()
    expect((await retry({ words: { time: closes + 3n }, options: { now: closes + 3n, at: closes + 3n } })).cost).not.toBeNull()
    expect((await retry({ words: { balance: 0n }, more: overAt(), options: { at: now, now: closes + 60n } })).cost).toBeNull()
    expect((await retry({ words: { balance: 0n }, more: overAt(false), options: { at: now, now: closes + 60n } })).cost).not.toBeNull()
    expect((await retry({})).cost).toBeNull()
    expect((await retry({ words: { balance: 0n } })).cost).not.toBeNull()
  })

  it('is told with the fix, but never to a server, and never twice', async () => {
    const fix = async (given: Given) => (await of(given)).fix
    expect(await fix(wrongName())).toContain(base.nonce)
    const server = await of(wrongName({ requirements: { extra: { name: 'USDC', version: '2' } } }))
    expect(server.party).toBe('server')
    expect(server.fix).not.toContain(base.nonce)
    expect(await fix({ words: { balance: 0n } })).not.toContain(base.nonce)
  })
})

describe('where nothing is claimed', () => {
  const rows: readonly (readonly [string, Given, string, string])[] = [
    ['the node is behind', { words: { time: now - 41n } }, 'can-move latest', 'wait'],
    ['a fact was left out, and no simulation', { words: { balance: unread } }, 'can-move latest', 'unknown nonce-unused'],
    ['its nonce is unread', { words: { used: unread } }, 'can-move none', 'unknown nonce-unused'],
    ['used, and its logs are unread', { words: { used: true, settlement: unread } }, 'unknown none', 'unknown receipt-read'],
    [
      'two RPCs differ about the nonce',
      { words: { used: true, settlement: settled(pay()) }, others: (paid) => [chain(paid, { source: 'other.example.com' })] },
      'unknown none',
      'unknown receipt-read',
    ],
    [
      'two RPCs differ about the money',
      { words: { balance: 0n }, others: (paid) => [chain(paid, { source: 'other.example.com' })] },
      'unknown none',
      'unknown nonce-unused',
    ],
    [
      'the wallet was not asked',
      { paid: pay({ by: 'stranger' }, { payerClaims: [{ kind: 'contract', field: 'payload.smartWallet', says: 'true' }] }), offline: true },
      'unknown none',
      'unknown nonce-unused',
    ],
  ]
  it.each(rows)('%s', async (_name, given, money, retry) => {
    expect(told(await of(given))).toMatchObject({ verdict: 'inconclusive', proof: null, money, retry })
  })
})

/** One authorization, and what else is needed to say what is next. */
describe('what is next, by the authorizations in sight', () => {
  const paid = pay()
  const first = `0x${'01'.repeat(32)}` as const
  const second = `0x${'02'.repeat(32)}` as const
  const one = (more: Partial<Instrument>): Instrument => ({
    form: 'as-sent',
    state: 'live',
    opens: String(opens + 1n),
    closes: String(closes - 1n),
    blocks: null,
    usableBy: 'anybody',
    needs: [],
    pays: { to: payee, value: '10000' },
    at: null,
    nonce: first,
    evidence: 'chain',
    finality: 'latest',
    depth: null,
    says: 's',
    ...more,
  })
  const finding = (cause: CauseId, more: Partial<Finding> = {}): Finding => ({
    cause,
    party: 'client',
    severity: 'error',
    summary: 's',
    evidence: [],
    fix: 'f',
    ...more,
  })
  const whole = signatureOf(paid)
  const unmatched: SignatureEvidence = { ...whole, matches: [] }
  interface Stand {
    readonly errors?: readonly Finding[]
    readonly signature?: SignatureEvidence
    readonly chains?: readonly ChainAnswer[]
    readonly when?: bigint
    readonly verdict?: 'fails' | 'settles' | 'inconclusive'
    readonly given?: Payment
  }
  const next = (
    instruments: readonly [Instrument, ...Instrument[]],
    { errors = [], signature = whole, chains, when = now, verdict = 'fails', given = paid }: Stand = {},
  ) =>
    advise({
      verdict,
      payment: given,
      evidence: evidenceOf(given, chains, { signature, when }),
      errors,
      contradictions: [],
      money: moneyOf(instruments),
    })
  const short = (...args: Parameters<typeof next>): string => {
    const { action, sameNonce, nonce, onlyIf } = next(...args)
    return [
      action,
      ...(sameNonce ? ['same'] : []),
      ...(nonce === null ? [] : [nonce === first ? '1' : nonce === second ? '2' : '?']),
      ...onlyIf,
    ].join(' ')
  }
  const anew = [finding('domain-name-mismatch')]
  const dead = one({ state: 'dead', nonce: first })

  it('a new signature is over the nonce of what can still move', () => {
    const bound = (...instruments: readonly [Instrument, ...Instrument[]]) => short(instruments, { errors: anew })
    expect(bound(one({ nonce: second }))).toBe('sign-again same 2')
    expect(bound(one({ nonce: second, state: 'unknown' }))).toBe('sign-again same 2')
    // What is dead, elsewhere, a sibling, another message or without a nonce binds nothing.
    expect(bound(one({ state: 'dead', nonce: second }))).toBe('sign-again same ?')
    expect(bound(one({ form: 'sibling', nonce: second }), dead)).toBe('sign-again same ?')
    expect(bound(one({ form: 'other-message', nonce: second }), dead)).toBe('sign-again same ?')
    expect(bound(one({ nonce: null }), one({ form: 'as-signed', nonce: second }))).toBe('sign-again same 2')
    expect(bound(one({ form: 'receive', nonce: second }), dead)).toBe('sign-again same 2')
  })

  it('what is good elsewhere is canceled there, or ruled out', () => {
    const elsewhere = (state: Instrument['state'], more: Partial<Instrument> = {}) =>
      short([one({ form: 'elsewhere', state, nonce: second, at: 'USDC on x', ...more }), dead], { errors: anew })
    expect(elsewhere('live')).toBe('cancel-first 2 cancellation-landed')
    expect(elsewhere('live', { closes: null })).toBe('cancel-first 2 cancellation-landed')
    expect(elsewhere('unknown')).toBe('sign-again same 2 not-good-elsewhere')
    expect(elsewhere('dead')).toBe('sign-again same ?')
    const allowance = (state: Instrument['state']) => short([one({ form: 'other-message', state, nonce: null }), dead], { errors: anew })
    expect([allowance('unknown'), allowance('dead')]).toEqual(['cancel-first cancellation-landed', 'sign-again same ?'])
  })

  it('what is used up, taken back or paid', () => {
    const paidTo = (more: Partial<Instrument>) => short([one({ state: 'spent-on-this', ...more })])
    expect(paidTo({})).toBe('never')
    expect(paidTo({ pays: null })).toBe('never')
    const asked = pay({}, { requirements: { payTo: stranger } })
    expect(short([one({ state: 'spent-on-this' })], { given: asked })).toBe('unknown payer-agrees')
    expect(short([one({ state: 'spent-on-this', pays: null })], { given: asked })).toBe('never')
    expect(short([one({ state: 'canceled' })])).toBe('never')
    expect(short([one({ state: 'canceled' }), dead])).toBe('never')
    expect(short([one({ state: 'spent-on-another' }), dead])).toBe('unknown payer-agrees')
    expect(short([one({ state: 'canceled' }), one({ form: 'as-signed' })])).toBe('unknown signed-message-known not-good-elsewhere')
    expect(short([one({ state: 'canceled' }), one({ form: 'as-signed', state: 'unknown' })])).toBe(
      'unknown signed-message-known not-good-elsewhere',
    )
    // What is good elsewhere, and what used the nonce, are not the one that was sent.
    expect(short([one({ state: 'canceled' }), one({ form: 'elsewhere' })])).toBe('never')
    expect(short([one({ form: 'sibling', state: 'canceled' }), one({})])).toBe('send-same')
    expect(short([one({ state: 'spent-on-another' }), one({ form: 'elsewhere' })])).toBe('unknown payer-agrees')
    expect(short([one({ state: 'unknown', usableBy: 'nobody' })])).toBe('unknown receipt-read')
    expect(short([one({ state: 'unknown', usableBy: 'nobody' }), dead])).toBe('unknown receipt-read')
    expect(short([one({ state: 'unknown', usableBy: 'nobody', evidence: 'bytes' })])).toBe('send-same')
  })

  it('once its window is over, and by which head', () => {
    const open = one({ state: 'unknown' })
    const over = (when: bigint, head?: bigint, instrument = open) => {
      const chains = head === undefined ? undefined : [chain(paid, {}, { head: { number: 1_000n, time: head } })]
      return short([instrument], { errors: [finding('insufficient-balance')], when, ...(chains === undefined ? {} : { chains }) })
    }
    expect(over(closes)).toBe('unknown same 1 nonce-unused')
    // In the last second itself it is not over.
    expect(over(closes - 1n)).toBe('fix-first fixed')
    expect(over(closes, closes - 2n)).toBe('wait same 1')
    expect(over(closes, closes - 1n)).toBe('fix-first fixed')
    expect(over(closes, undefined, one({ state: 'live' }))).toBe('fix-first fixed')
    expect(over(closes, undefined, one({ state: 'unknown', closes: null }))).toBe('fix-first fixed')
    expect(
      short([one({ form: 'elsewhere', state: 'unknown' }), dead], { errors: [finding('insufficient-balance')], when: closes }),
    ).not.toContain('nonce-unused')
  })

  it('what is dead by a chain is signed again, what is dead by its bytes is kept where that helps', () => {
    const fix = [finding('insufficient-balance')]
    expect(short([dead], { errors: fix })).toBe('sign-again same ?')
    expect(short([one({ state: 'dead', evidence: 'bytes' })], { errors: fix })).toBe('fix-first fixed')
    expect(short([dead, one({ form: 'sibling', state: 'dead' })], { errors: fix })).toBe('sign-again same ?')
    expect(short([one({ form: 'sibling', state: 'dead' })], { errors: fix })).toBe('fix-first fixed')
    expect(short([one({ form: 'receive', state: 'dead' })], { errors: fix })).toBe('sign-again same ?')
    const cost = (...instruments: readonly [Instrument, ...Instrument[]]) => next(instruments, { errors: anew }).cost !== null
    expect(cost(one({ state: 'dead', finality: 'finalized' }))).toBe(false)
    expect(cost(one({ state: 'dead', evidence: 'bytes', finality: 'none' }))).toBe(false)
    expect(cost(dead)).toBe(true)
    expect(cost(one({ state: 'dead', finality: 'finalized' }), dead)).toBe(true)
    expect(cost(one({ state: 'live', finality: 'finalized' }))).toBe(true)
  })

  it('what nothing shows to be signed is asked about, unless the wallet takes it', () => {
    const open = one({ state: 'unknown', evidence: 'bytes' })
    expect(short([open], { errors: anew, signature: unmatched })).toBe('unknown signed-message-known not-good-elsewhere')
    expect(short([one({})], { errors: anew, signature: unmatched })).toBe('unknown')
    expect(short([one({ form: 'as-signed', state: 'unknown' })], { errors: anew, signature: unmatched })).toBe('unknown')
    const { expected: _, ...unplaced } = unmatched
    expect(short([open], { errors: anew, signature: unplaced })).toBe('unknown')
    const accepted = (wallet: ChainState['wallet'], deployment: ChainState['deployment'] = null) => [
      chain(paid, {}, { wallet, deployment }),
    ]
    const answer = { form: 'unwrapped', signature: '0x', digest: '0x', accepts: known(true) } as const
    const would = { factory: stranger, signature: '0x', deploys: known(true), accepts: known(true) } as const
    const by = [finding('smart-wallet-signature')]
    const stand = (chains: readonly ChainAnswer[], errors = by) => short([open], { errors, signature: unmatched, chains })
    expect(stand(accepted([]))).toBe('unknown signed-message-known not-good-elsewhere')
    expect(stand(accepted([answer]))).toBe('fix-first fixed')
    expect(stand(accepted([{ ...answer, accepts: known(false) }]))).toBe('unknown signed-message-known not-good-elsewhere')
    expect(stand(accepted([{ ...answer, accepts: known(false) }, answer]))).toBe('fix-first fixed')
    expect(stand(accepted([], would))).toBe('fix-first fixed')
    expect(stand(accepted([], { ...would, accepts: known(false) }))).toBe('unknown signed-message-known not-good-elsewhere')
    expect(stand(accepted([answer]), anew)).toBe('sign-again same 1')
    expect(short([open], { errors: [finding('expired')], signature: unmatched })).toBe('unknown signed-message-known not-good-elsewhere')
    expect(short([open], { errors: [finding('insufficient-balance')], signature: unmatched })).toBe('fix-first fixed')
    expect(short([one({})], { errors: [finding('boundary-second')] })).toBe('unknown')
  })

  it('a payee that its own token lists is the wrong payee, and any other one on a list is not', () => {
    const itself = pay({ says: { to: usdc } })
    const listed = (field: string) => [finding('blacklisted', { field })]
    expect(short([one({})], { errors: listed('authorization.to'), given: itself, signature: signatureOf(itself) })).toBe(
      'sign-again same 1',
    )
    expect(short([one({})], { errors: listed('authorization.from'), given: itself, signature: signatureOf(itself) })).toBe(
      'fix-first fixed',
    )
    expect(short([one({})], { errors: listed('authorization.to') })).toBe('fix-first fixed')
    expect(short([one({ state: 'unknown' })], { errors: listed('authorization.from') })).toBe('fix-first fixed')
    // Nothing of it can move here any more, and what is good elsewhere still can.
    expect(short([dead, one({ form: 'elsewhere' })], { errors: listed('authorization.from') })).toBe('cancel-first 1 cancellation-landed')
    expect(
      short([one({})], {
        errors: [finding('insufficient-balance', { field: 'authorization.to' })],
        given: itself,
        signature: signatureOf(itself),
      }),
    ).toBe('fix-first fixed')
  })

  it('a new nonce is for what the token never comes to, and for what was used up', () => {
    expect(short([one({})], { errors: [finding('nonce-out-of-sequence')] })).toBe('sign-again')
    expect(short([one({})], { errors: [finding('nonce-out-of-sequence'), ...anew] })).toBe('sign-again')
    const used = [chain(paid, { used: true })]
    expect(short([one({})], { errors: anew, chains: used })).toBe('sign-again')
    expect(short([one({})], { errors: anew, chains: [chain(paid, { usedNow: unread })] })).toBe('sign-again same 1')
  })

  it('where nothing is claimed it hangs on whether anything can move', () => {
    const open = (...instruments: readonly [Instrument, ...Instrument[]]) => short(instruments, { verdict: 'inconclusive' })
    expect(open(one({}))).toBe('unknown ? nonce-unused')
    expect(open(dead, one({ form: 'elsewhere', state: 'unknown' }))).toBe('unknown ? nonce-unused')
    expect(open(dead)).toBe('unknown')
    expect(next([one({})], { verdict: 'inconclusive', chains: [chain(paid, { time: now - 41n })] })).toMatchObject({
      action: 'wait',
      notBefore: { time: String(now), block: null, finalized: false },
    })
    expect(next([one({})], { verdict: 'inconclusive', chains: [] }).action).toBe('unknown')
  })

  describe('the fix beside it', () => {
    const retry = (more: Partial<Retry>): Retry => ({
      action: 'sign-again',
      sameNonce: true,
      nonce: first,
      notBefore: null,
      onlyIf: [],
      through: 'same',
      cost: null,
      says: '',
      ...more,
    })
    const name = finding('domain-name-mismatch')
    const money = finding('insufficient-balance')
    it('has the nonce, where a new signature is made by whoever reads it', () => {
      const has = (more: Partial<Retry>, each = name) => withNonce(each, retry(more)).includes(first)
      expect([
        has({}),
        has({ action: 'unknown' }),
        has({ sameNonce: false }),
        has({ nonce: null }),
        has({}, money),
        has({}, { ...name, party: 'server' }),
      ]).toEqual([true, false, false, false, false, false])
    })
    it('says what has to be before it, and what is too late by itself', () => {
      const of = (more: Partial<Retry>, each = name) => withRetry(each, retry(more))
      expect(of({})).toContain(first)
      for (const action of ['cancel-first', 'wait', 'unknown'] as const) {
        expect(of({ action })).toBe('not before that is known: f')
        expect(of({ action, onlyIf: ['cancellation-landed'] })).toBe('once the first is canceled: f')
        expect(of({ action }, money)).toMatch(/^a new signature, with the same nonce, once .*: f$/)
        expect(of({ action, sameNonce: false }, money)).toBe('f')
      }
      expect(of({}, money)).toMatch(new RegExp(`^a new signature, with nonce ${first}.*: f$`))
      expect(of({ nonce: null }, money)).toBe('f')
      expect(of({ action: 'fix-first' }, money)).toBe('f')
      expect(of({ action: 'never' }, finding('authorization-used'))).toBe('f')
      expect(of({}, finding('authorization-used'))).toBe('f')
      expect(of({}, finding('paused'))).toContain(first)
      // What was altered can be put back only where what was signed answers the offer.
      const altered = (expected?: string) => finding('message-altered', { signed: '0xAB', ...(expected === undefined ? {} : { expected }) })
      expect([of({}, altered()), of({}, altered('0xab'))].every((fix) => fix.startsWith('a new signature'))).toBe(true)
      expect(of({}, altered('0xcd'))).toMatch(/^f, and the new signature has nonce/)
      expect(of({}, finding('message-altered', { expected: '1' }))).toMatch(/^f, and the new signature has nonce/)
    })
  })
})
