import { describe, expect, it } from 'vitest'
import {
  chain,
  delegate,
  evidenceOf,
  now,
  opens,
  pay,
  payee,
  payer,
  relayer,
  revertsWith,
  said,
  sender,
  settled,
  signatureOf,
  stranger,
  unread,
  usdc,
  type Words,
} from '../../../../../test/evidence/evm.ts'
import { known } from '../../evidence/known.ts'
import type { ChainState, Settlement } from '../evidence/chain.ts'
import type { Payment } from '../payment/payment.ts'
import type { SignatureEvidence } from '../signature/forensics.ts'
import { accountChecks, askedCode } from './account.ts'
import { amount, firstUnknown, unreadable } from './on-chain.ts'

const of = (id: (typeof accountChecks)[number]['id'], paid: Payment, words: Words = {}, more: Partial<ChainState> = {}): string =>
  said(accountChecks, id, paid, evidenceOf(paid, [chain(paid, words, more)], { at: now }))

describe('the balance', () => {
  const poor = 'error insufficient-balance/client authorization.value'
  const rows: readonly (readonly [string, Words, string])[] = [
    ['just enough', { balance: 10_000n }, 'pass'],
    ['one too little', { balance: 9_999n }, poor],
    ['none', { balance: 0n }, poor],
    ['unread', { balance: unread }, 'skip fact-unread'],
    ['no balanceOf', { balance: null }, 'skip no-function'],
    ['too little once it is paid', { balance: 0n, used: true }, 'pass'],
    ['too little, and nobody knows whether it is paid', { balance: 0n, used: unread }, 'pass'],
    ['too little at that moment, and paid since', { balance: 0n, usedNow: true }, poor],
    ['read long before the moment', { balance: 0n, time: now - 300n }, poor.replace('error', 'warning')],
  ]
  it.each(rows)('%s', (_name, words, found) => expect(of('balance', pay(), words)).toBe(found))

  it('of another moment than was asked for it is a warning', () => {
    expect(of('balance', pay(), { balance: 0n }, { instead: 'the node has no state of that block' })).toBe(poor.replace('error', 'warning'))
  })
})

describe('the nonce', () => {
  const finding = (cause: string, severity = 'error', party = 'nobody'): string => `${severity} ${cause}/${party} authorization.nonce`
  const on = (more: Partial<Settlement> = {}): Words => ({ used: true, settlement: settled(pay(), more) })
  const other = known({ to: stranger, value: 10_000n })
  const hash = `0x${'ee'.repeat(32)}` as const

  const rows: readonly (readonly [string, Words, string])[] = [
    ['unused', {}, 'pass'],
    ['unread', { used: unread }, 'skip fact-unread'],
    ['no authorizationState', { used: null }, 'skip no-function'],
    ['unused then, and nobody knows of now', { used: false, usedNow: unread }, 'skip fact-unread'],
    ['used, and no log of it was found', { used: true, settlement: null }, 'pass'],
    ['used, and the logs could not be read', { used: true, settlement: unread }, finding('authorization-used', 'warning')],
    ['used later, and the logs could not be read', { usedNow: true, settlement: unread }, finding('authorization-used', 'warning')],
    ['used for this', on(), finding('authorization-used')],
    ['used for this, later than the moment', { ...on(), used: false, usedNow: true }, finding('authorization-used', 'info')],
    ['used, and what of now is unread', { ...on(), usedNow: unread }, 'skip fact-unread'],
    ['canceled', on({ how: 'canceled', paid: known(null) }), finding('authorization-canceled', 'error', 'client')],
    ['used for somebody else', on({ paid: other }), finding('nonce-reused', 'error', 'client')],
    ['used for one unit less', on({ paid: known({ to: payee, value: 9_999n }) }), finding('nonce-reused', 'error', 'client')],
    [
      'used, and no Transfer follows',
      on({ paid: known(null) }),
      `${finding('authorization-used')}, warning transfer-event-missing/token -`,
    ],
    ['used, and the receipt is unread', on({ paid: unread }), finding('authorization-used')],
    ['used by the facilitator itself', { ...on(), facilitator: sender() }, finding('authorization-used')],
    ['used by somebody else', { ...on({ sender: known(stranger) }), facilitator: sender() }, finding('executed-by-third-party')],
    ['used by nobody knows whom', { ...on({ sender: unread }), facilitator: sender() }, finding('authorization-used')],
    ['used by somebody, and nobody knows the facilitator', on({ sender: known(stranger) }), finding('authorization-used')],
    [
      'used in a block that was replaced',
      on({ blocks: { receipt: known(hash), now: known(hash) } }),
      finding('settlement-reorged', 'warning'),
    ],
    ['used in a block whose height is empty now', on({ blocks: { receipt: unread, now: known(null) } }), finding('authorization-used')],
    [
      'the receipt names another block than the log',
      on({ blocks: { receipt: known(hash), now: unread } }),
      finding('settlement-reorged', 'warning'),
    ],
  ]
  it.each(rows)('%s', (_name, words, found) => expect(of('nonce', pay(), words)).toBe(found))

  it('what moved as it was signed is paid, also where the payload says another value', () => {
    const paid = pay({ says: { value: 12_000n }, signed: { value: 10_000n } })
    const [match] = signatureOf(pay()).matches
    if (match === undefined) throw new TypeError('no match')
    const signature: SignatureEvidence = { ...signatureOf(paid), matches: [match] }
    const words: Words = { used: true, settlement: settled(paid, { paid: known({ to: payee, value: 10_000n }) }) }
    expect(said(accountChecks, 'nonce', paid, evidenceOf(paid, [chain(paid, words)], { signature }))).toBe(finding('authorization-used'))
    expect(of('nonce', paid, words)).toBe(finding('nonce-reused', 'error', 'client'))
  })

  describe('a payee that is a contract', () => {
    const contract = (paid: Payment): Partial<ChainState> => ({
      payee: { ...chain(paid).payee, code: known({ kind: 'contract', bytes: 9 }) },
    })
    const note = (severity: string): string =>
      `${finding('authorization-used')}, ${severity} payee-contract-not-credited/server authorization.to`
    const rows: readonly (readonly [string, Partial<Settlement>, Partial<Payment>, string])[] = [
      ['no log of its own, most are wallets', {}, {}, note('info')],
      ['meant to be received by it', {}, { primaryType: 'ReceiveWithAuthorization' }, note('warning')],
      ['it has a log there', { emitters: known([usdc, payee]) }, {}, finding('authorization-used')],
      ['nobody knows who has', { emitters: unread }, {}, finding('authorization-used')],
      ['its own function was called', { called: known(payee) }, {}, finding('authorization-used')],
      ['nobody knows what was called', { called: unread }, {}, finding('authorization-used')],
      ['a contract was created', { called: known(null) }, {}, finding('authorization-used')],
      [
        'the transaction that was given is for it',
        {},
        { call: { function: 'transferWithAuthorization', selector: '0x', overload: 'vrs', transaction: { to: payee } } },
        note('warning'),
      ],
    ]
    it.each(rows)('%s', (_name, settlement, more, found) => {
      const paid = pay({}, more)
      expect(of('nonce', paid, { used: true, settlement: settled(paid, settlement) }, contract(paid))).toBe(found)
    })

    it('a delegated account is none', () => {
      const paid = pay()
      const code = known({ kind: 'eip7702', delegate, delegateCode: known(9) } as const)
      expect(of('nonce', paid, { used: true, settlement: settled(paid) }, { payee: { ...chain(paid).payee, code } })).toBe(
        finding('authorization-used'),
      )
    })

    it('sent by somebody else than the facilitator', () => {
      const paid = pay()
      const words: Words = { used: true, settlement: settled(paid, { sender: known(stranger) }), facilitator: sender() }
      expect(of('nonce', paid, words, contract(paid))).toBe(
        `${finding('executed-by-third-party')}, warning payee-contract-not-credited/server authorization.to`,
      )
    })
  })
})

describe('the transaction that was given', () => {
  const transaction = `0x${'7b'.repeat(32)}` as const
  const hash = `0x${'aa'.repeat(32)}` as const
  const other = `0x${'ab'.repeat(32)}` as const
  const sent = { transaction, succeeded: true, block: 990n, blockHash: hash, uses: false } as const
  const inBatch = (mined = false): Payment =>
    pay(
      {},
      {
        call: {
          function: 'transferWithAuthorization',
          selector: '0x',
          overload: 'vrs',
          transaction: { to: relayer, hash: transaction, ...(mined ? { mined: { block: 990n, blockHash: hash } } : {}) },
        },
      },
    )
  const direct = (): Payment =>
    pay({}, { call: { function: 'transferWithAuthorization', selector: '0x', overload: 'vrs', transaction: { to: usdc } } })
  const left = 'error batch-item-failed/facilitator transaction'
  const back = 'warning settlement-reorged/nobody authorization.nonce'

  const rows: readonly (readonly [string, () => Payment, Words, Partial<ChainState>, string])[] = [
    ['none was given', pay, {}, {}, 'pass'],
    ['a batch that left it out', () => inBatch(), {}, { sent: known(sent) }, left],
    ['a batch with it in', () => inBatch(), {}, { sent: known({ ...sent, uses: true }) }, 'pass'],
    ['a batch that failed as a whole', () => inBatch(), {}, { sent: known({ ...sent, succeeded: false }) }, 'pass'],
    ['a batch without a receipt', () => inBatch(), {}, { sent: known(null) }, 'pass'],
    ['a batch whose receipt is unread', () => inBatch(), {}, { sent: unread }, 'skip fact-unread'],
    ['a batch that left it out, and it is used by now', () => inBatch(), { used: true }, { sent: known(sent) }, 'pass'],
    ['a batch that left it out, and nobody knows of the nonce', () => inBatch(), { usedNow: unread }, { sent: known(sent) }, 'pass'],
    ['a call of the token itself', direct, {}, { sent: known(sent) }, 'pass'],
    ['nothing says what was called', pay, {}, { sent: known(sent) }, 'pass'],
    ['its block was replaced', () => inBatch(true), {}, { sent: known(sent), minedNow: known(other) }, back],
    ['its block is still there', () => inBatch(true), {}, { sent: known(sent), minedNow: known(hash) }, left],
    ['at its height there is nothing now', () => inBatch(true), {}, { sent: known(sent), minedNow: known(null) }, left],
    ['what is at its height is unread', () => inBatch(true), {}, { sent: known(sent), minedNow: unread }, left],
    ['its block was replaced, and the receipt is unread', () => inBatch(true), {}, { sent: unread, minedNow: known(other) }, back],
    ['no block is named', () => inBatch(), {}, { sent: known(sent), minedNow: known(other) }, left],
  ]
  it.each(rows)('%s', (_name, make, words, more, found) => expect(of('transaction', make(), words, more)).toBe(found))
})

/** OpenZeppelin's NoncesKeyed: 24 bytes of a key, 8 bytes that count; what is due stands in InvalidAccountNonce(address,uint256). */
describe('nonces that count', () => {
  const word = (hex: string): string => hex.padStart(64, '0')
  const due = (nonce: string): Words => ({ simulated: revertsWith(`0x752d88c0${word(payer.slice(2).toLowerCase())}${nonce}`) })
  const key = 'cd'.repeat(24)
  const turn = (number: number): string => `${key}${number.toString(16).padStart(16, '0')}`
  const paid = (nonce: string): Payment => pay({ says: { nonce: `0x${nonce}` } }, { told: { family: 'ERC20TransferAuthorization' } })
  const early = 'error nonce-out-of-turn/client authorization.nonce'
  const never = 'error nonce-out-of-sequence/client authorization.nonce'

  it.each([
    ['turn 3 where 2 is due', turn(3), due(turn(2)), early],
    ['turn 3 where 3 is due', turn(3), due(turn(3)), 'pass'],
    ['turn 3 where 4 is due: it is used', turn(3), due(turn(4)), 'pass'],
    ['turn 3 of another key', turn(3), due(`ab${turn(2).slice(2)}`), 'pass'],
    ['a random nonce', `${key}${'ab'.repeat(8)}`, due(turn(0)), never],
    ['another error of the same length', turn(3), { simulated: revertsWith(`0x752d88c1${word('')}${turn(2)}`) }, 'pass'],
    ['the error without its second word', turn(3), { simulated: revertsWith(`0x752d88c0${word('')}`) }, 'pass'],
    ['it is taken', turn(3), { simulated: { outcome: 'succeeds' } }, 'pass'],
    ['nobody knows whether it is taken', turn(3), { simulated: unread }, 'pass'],
  ] as const)('%s', (_name, nonce, words, found) => expect(of('nonce-in-turn', paid(nonce), words)).toBe(found))

  it('is named as unchecked only where the token counts them', () => {
    expect(said(accountChecks, 'nonce-in-turn', paid(turn(1)), evidenceOf(paid(turn(1))))).toBe('skip no-chain')
    expect(said(accountChecks, 'nonce-in-turn', pay(), evidenceOf(pay()))).toBe('pass')
  })

  it('of an earlier state it is a warning', () => {
    expect(of('nonce-in-turn', paid(turn(3)), { ...due(turn(2)), time: opens - 500n })).toBe(early.replace('error', 'warning'))
  })
})

describe("the payer's code", () => {
  const contract = { kind: 'contract', bytes: 100 } as const
  const delegated = { kind: 'eip7702', delegate, delegateCode: known(100) } as const
  const refuses = 'error smart-wallet-signature/wallet signature'
  const delegates = 'error eip7702-payer/wallet authorization.from'
  const vrsOnly = (paid: Payment): Partial<ChainState> => {
    const { token } = chain(paid)
    return { token: { ...token, functions: { ...token.functions, 'transfer-bytes': known(false) } } }
  }

  const rows: readonly (readonly [string, Words, string])[] = [
    ['none', {}, 'pass'],
    ['unread', { payerCode: unread }, 'skip fact-unread'],
    ['a contract that accepts', { payerCode: contract, accepts: true }, 'pass'],
    ['a contract that refuses', { payerCode: contract, accepts: false }, refuses],
    ['a contract that nobody asked', { payerCode: contract }, 'skip fact-unasked'],
    ['a contract whose answer is unread', { payerCode: contract, accepts: unread }, 'skip fact-unread'],
    ['a delegate that accepts', { payerCode: delegated, accepts: true }, 'pass'],
    ['a delegate that refuses', { payerCode: delegated, accepts: false }, delegates],
    ['a delegate that nobody asked', { payerCode: delegated }, 'skip fact-unasked'],
    [
      'a contract that refuses, read too early',
      { payerCode: contract, accepts: false, time: now - 300n },
      refuses.replace('error', 'warning'),
    ],
    [
      'a delegate that refuses, read too early',
      { payerCode: delegated, accepts: false, time: now - 300n },
      delegates.replace('error', 'warning'),
    ],
  ]
  it.each(rows)('%s', (_name, words, found) => expect(of('payer-code', pay(), words)).toBe(found))

  it('the answer counts for the digest that it was asked about', () => {
    const paid = pay()
    const answer = { form: 'as-sent', signature: paid.signature, digest: `0x${'00'.repeat(32)}`, accepts: known(true) } as const
    expect(of('payer-code', paid, { payerCode: contract }, { wallet: [answer] })).toBe('skip fact-unasked')
  })

  it('what is taken only without the wrapper is for the facilitator to unwrap', () => {
    const paid = pay()
    const { digest } = signatureOf(paid)
    if (digest === undefined) throw new TypeError('no digest')
    const sent = { form: 'as-sent', signature: paid.signature, digest, accepts: known(false) } as const
    const inner = (accepts: boolean) => ({ ...sent, form: 'unwrapped', accepts: known(accepts) }) as const
    expect(of('payer-code', paid, { payerCode: contract }, { wallet: [sent, inner(true)] })).toBe(
      'error smart-wallet-signature/facilitator signature',
    )
    expect(of('payer-code', paid, { payerCode: contract }, { wallet: [sent, inner(false)] })).toBe(refuses)
  })

  // UChildAdministrableERC20 never asks an account; AgoraDollar asks one where the key that was recovered is not the payer's.
  it('matters only to a token that asks it', () => {
    const polygon = pay({}, { told: { family: 'UChildAdministrableERC20' } })
    expect(of('payer-code', polygon, { payerCode: contract, accepts: false })).toBe('pass')
    const agora = pay({}, { told: { family: 'AgoraDollar' } })
    expect(of('payer-code', agora, { payerCode: delegated, accepts: false })).toBe('pass')
    expect(of('payer-code', agora, { payerCode: contract, accepts: false })).toBe(refuses)
  })

  const simulated: readonly (readonly [string, Words, string])[] = [
    [
      'a delegate that refuses, and the call is taken',
      { payerCode: delegated, accepts: false, simulated: { outcome: 'succeeds' } },
      'pass',
    ],
    ['a delegate that refuses, and so does the token', { payerCode: delegated, accepts: false }, delegates],
    ['a contract that refuses: the missing overload is said', { payerCode: contract, accepts: false }, 'pass'],
    ['no simulation tells', { payerCode: delegated, accepts: false, simulated: unread }, 'skip fact-unread'],
  ]
  it.each(simulated)('a token without the bytes overload: %s', (_name, words, found) => {
    const paid = pay()
    expect(of('payer-code', paid, words, vrsOnly(paid))).toBe(found)
  })
})

/** ERC-6492: factory, its calldata and the inner signature; the token does not take the wrapper off, so that the wallet has to be there first. */
describe('a wallet that is not deployed', () => {
  const foreign = pay({ by: 'stranger' })
  const wallet = {
    wrappers: ['a wrapper'],
    kinds: ['erc6492'],
    signers: [],
    slips: [],
    elsewhere: [],
    deployment: { factory: stranger, calldata: '0x', owners: [] },
  } as const
  const signature: SignatureEvidence = { ...signatureOf(foreign), wallet }
  const would = (deploys: boolean | typeof unread, accepts: boolean | typeof unread): ChainState['deployment'] => ({
    factory: stranger,
    signature: '0x12',
    deploys: deploys === unread ? unread : known(deploys as boolean),
    accepts: accepts === unread ? unread : known(accepts as boolean),
  })
  const finding = (deployment: ChainState['deployment'], given: SignatureEvidence = signature) => {
    const check = accountChecks.find(({ id }) => id === 'payer-code')
    const result = check?.run(foreign, evidenceOf(foreign, [chain(foreign, {}, { deployment })], { signature: given }))
    return result?.outcome === 'fail' ? result.findings[0] : undefined
  }

  it('is an error, and only for what a wallet signed', () => {
    expect(finding(null)).toMatchObject({
      cause: 'smart-wallet-signature',
      severity: 'error',
      party: 'wallet',
      seen: '65 bytes: a wrapper',
    })
    expect(finding(null, signatureOf(foreign))).toBeUndefined()
    const [match] = signatureOf(pay()).matches
    if (match === undefined) throw new TypeError('the payment is signed')
    expect(finding(null, { ...signature, matches: [match] })).toBeUndefined()
  })

  it('what it would say is told where a simulated deployment told it, and what to do follows', () => {
    const fix = (deployment: ChainState['deployment']): string => finding(deployment)?.fix ?? ''
    expect(finding(null)?.evidence).toHaveLength(1)
    for (const each of [would(true, true), would(true, false), would(false, false), would(unread, unread)])
      expect(finding(each)?.evidence).toHaveLength(2)
    expect(fix(null)).toContain(stranger)
    expect(fix(would(true, true))).toContain('0x12')
    expect(fix(would(true, false))).toContain('sign anew')
    expect(fix(would(false, false))).toContain('calldata')
    expect(fix(would(unread, true))).toBe(fix(null))
    expect(fix(would(true, unread))).toBe(fix(null))
    const { deployment: _, ...undeployed } = wallet
    expect(finding(null, { ...signature, wallet: undeployed })?.fix).toContain('whose key signs')
  })
})

describe('who may sign for a wallet', () => {
  const contract = { kind: 'contract', bytes: 9 } as const
  const finding = (owners: ChainState['payer']['owners'], by: 'payer' | 'stranger' = 'payer', change: Partial<SignatureEvidence> = {}) => {
    const paid = pay({ by })
    const state = chain(paid, { payerCode: contract, accepts: false })
    const evidence = evidenceOf(paid, [{ ...state, payer: { ...state.payer, owners } }], { signature: { ...signatureOf(paid), ...change } })
    const result = accountChecks.find(({ id }) => id === 'payer-code')?.run(paid, evidence)
    return result?.outcome === 'fail' ? result.findings[0] : undefined
  }
  const owner = (address: `0x${string}`) => ({ kind: 'address', by: 'owner()', address }) as const
  const passkey = { kind: 'passkey', by: 'ownerAtIndex(0)' } as const

  it('is told beside whom the bytes recover to', () => {
    const notes = (owners: ChainState['payer']['owners'], ...rest: [by?: 'payer' | 'stranger', change?: Partial<SignatureEvidence>]) =>
      finding(owners, ...rest)?.evidence.length
    expect(notes(known(null))).toBe(2)
    expect(notes(unread)).toBe(2)
    expect(notes(known([owner(stranger)]))).toBe(3)
    const summary = (...given: Parameters<typeof finding>) => finding(...given)?.summary ?? ''
    expect(summary(known([owner(stranger)]), 'payer')).toContain('None of its owners')
    expect(summary(known([owner(stranger), passkey]), 'stranger')).toContain(`Its owner ${stranger}`)
    expect(summary(known([passkey]), 'stranger')).toContain('None of its owners')
    expect(summary(known(null), 'stranger')).not.toContain('owner')
    // Inside of a wrapper it is whoever may have signed there.
    const bare = { wrappers: ['w'], kinds: [], signers: [], slips: [], elsewhere: [] }
    const signers = [{ address: payee, hash: 'digest', under: 'a hash', named: false }] as const
    expect(summary(known([owner(payee)]), 'stranger', { wallet: { ...bare, signers } })).toContain(`Its owner ${payee}`)
    expect(summary(known([owner(stranger)]), 'stranger', { wallet: bare })).not.toContain('owner')
    expect(notes(known([owner(stranger)]), 'stranger', { wallet: bare })).toBe(3)
  })
})

it('tells what was seen of code, and who is called for it', () => {
  const paid = pay()
  const delegated = (code: number | typeof unread) => {
    const state = chain(paid, {
      payerCode: { kind: 'eip7702', delegate, delegateCode: code === unread ? unread : known(code as number) },
      accepts: false,
    })
    const result = accountChecks.find(({ id }) => id === 'payer-code')?.run(paid, evidenceOf(paid, [state]))
    return result?.outcome === 'fail' ? result.findings[0] : undefined
  }
  expect(delegated(9)?.seen).toBe(`0xef0100${delegate.slice(2).toLowerCase()}`)
  expect([
    delegated(0)?.summary.includes('no code'),
    delegated(9)?.summary.includes('no code'),
    delegated(unread)?.summary.includes('no code'),
  ]).toEqual([true, false, false])
  const asked = (
    more: Partial<Payment>,
    bytes?: (signature: `0x${string}`) => `0x${string}`,
    family: 'FiatTokenV2_2' | 'UChildAdministrableERC20' | 'FiatTokenV2' = 'FiatTokenV2_2',
  ) => askedCode(family, pay(bytes === undefined ? {} : { bytes }, more))
  expect(asked({})).toBe('instead')
  expect(asked({}, undefined, 'UChildAdministrableERC20')).toBe('never')
  // FiatToken v2 has neither the bytes overload nor receiveWithAuthorization.
  expect(asked({}, undefined, 'FiatTokenV2')).toBe('never')
  expect(asked({}, (signature) => `${signature}00`, 'FiatTokenV2')).toBeUndefined()
  expect(asked({ primaryType: 'ReceiveWithAuthorization' }, undefined, 'FiatTokenV2')).toBeUndefined()
  expect(
    asked({ call: { function: 'transferWithAuthorization', selector: '0x', overload: 'bytes' } }, undefined, 'FiatTokenV2'),
  ).toBeUndefined()
  expect(
    asked(
      { primaryType: 'ReceiveWithAuthorization', call: { function: 'transferWithAuthorization', selector: '0x', overload: 'vrs' } },
      undefined,
      'FiatTokenV2',
    ),
  ).toBe('never')
})

it('writes amounts with what is known of the token', () => {
  const paid = pay()
  const state = chain(paid)
  const { expected, ...rest } = signatureOf(paid)
  if (expected === undefined) throw new TypeError('no domain')
  const { units: _, ...bare } = expected
  const of = (token: Partial<ChainState['token']>, signature: SignatureEvidence): string =>
    amount(1_500_000n, { ...state, token: { ...state.token, ...token } }, evidenceOf(paid, [state], { signature }))
  const unknown = { ...rest, expected: bare }
  expect(of({}, { ...rest, expected })).toBe('1.5 USDC')
  expect(of({ decimals: known(18) }, { ...rest, expected })).toBe('1.5 USDC')
  expect(of({}, unknown)).toBe('1.5 USDC')
  expect(of({}, rest)).toBe('1.5 USDC')
  expect(of({ symbol: known(null) }, unknown)).toBe('1.5 tokens')
  expect(of({ symbol: unread }, unknown)).toBe('1.5 tokens')
  expect(of({ decimals: unread }, unknown)).toBe('1500000 atomic units')
  expect(of({ decimals: known(null) }, unknown)).toBe('1500000 atomic units')
  expect(of({ decimals: known(36) }, unknown)).not.toContain('atomic')
  expect(of({ decimals: known(37) }, unknown)).toBe('1500000 atomic units')
})

it('says why none of the RPCs could be read', () => {
  expect(unreadable([])).toContain('which chain')
  const dead = { kind: 'unreachable', source: 'a', reason: 'it timed out' } as const
  const wrong = { kind: 'wrong-chain', source: 'b', expected: 8453, chainId: 1 } as const
  expect(unreadable([dead])).toBe('a: it timed out')
  expect(unreadable([wrong, dead])).toBe('b is of chain 1, not 8453; a: it timed out')
  expect(firstUnknown([known(1), unread, known(2)])).toBe(unread)
  expect(firstUnknown([known(1)])).toBeUndefined()
})
