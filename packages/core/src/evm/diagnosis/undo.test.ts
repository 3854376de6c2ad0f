import { describe, expect, it } from 'vitest'
import {
  chain,
  closes,
  delegate,
  evidenceOf,
  opens,
  pay,
  payee,
  payer,
  sender,
  settled,
  signatureOf,
  stranger,
  unread,
  usdc,
  usdcDomain,
  type Words,
} from '../../../../../test/evidence/evm.ts'
import { type CauseId, causeIds } from '../../causes/catalogue.ts'
import type { EvidenceNote, Finding } from '../../causes/finding.ts'
import { isShown } from '../../causes/not-shown.ts'
import { known } from '../../evidence/known.ts'
import type { ChainState } from '../evidence/chain.ts'
import { delegationTo, type ReplayChain, walletCode } from '../evidence/replay.ts'
import type { Payment } from '../payment/payment.ts'
import type { Match } from '../signature/forensics.ts'
import { domainSeparator } from '../typed-data/domain.ts'
import { type Circumstance, type CircumstanceId, circumstancesOf, isGiven, keyOf, surroundingsWith } from './circumstances.ts'
import { calledBy, changedFields, changesFor, isMadeBy } from './undo.ts'

const paid = pay()
const finding = (cause: CauseId, more: Partial<Finding> = {}, source: EvidenceNote['source'] = 'chain'): Finding => ({
  cause,
  party: 'nobody',
  severity: 'error',
  summary: 's',
  evidence: [{ source, says: 'it was read' }],
  fix: 'f',
  ...more,
})
const of = (words: Words, more: Partial<ChainState> = {}): readonly Circumstance[] =>
  circumstancesOf(paid, evidenceOf(paid, [chain(paid, words, more)]))
const short = (all: readonly Circumstance[]): string => all.map(({ id, always }) => `${id}${always === true ? '!' : ''}`).join(' ')

describe('state that a chain of our own has to be given, or that has to be lifted', () => {
  const contract = { kind: 'contract', bytes: 9 } as const
  const delegated = { kind: 'eip7702', delegate, delegateCode: known(9) } as const
  const rows: readonly (readonly [string, Words, string])[] = [
    ['none', {}, ''],
    ['a pause', { paused: true }, 'paused'],
    ['the payer on a list', { payerListed: true }, 'listed'],
    ['both on one', { payerListed: true, payeeListed: true }, 'listed listed'],
    ['a used nonce', { used: true, settlement: settled(paid) }, 'spent'],
    // The payer paid with it: what is missing now is no trouble of this payment.
    ['a used nonce, and nothing left', { used: true, balance: 0n, settlement: settled(paid) }, 'spent'],
    ['a nonce that was used later', { usedNow: true }, ''],
    ['one unit too little', { balance: 9_999n }, 'balance'],
    ['just enough', { balance: 10_000n }, ''],
    ['nobody knows how much', { balance: unread }, ''],
    ['no money for gas', { facilitator: sender({ native: known(0n) }) }, 'gas-money!'],
    ['money for gas', { facilitator: sender() }, ''],
    ['nobody knows the price of gas', { facilitator: sender({ native: known(0n), gasPrice: unread }) }, ''],
    ['nobody knows the money for gas', { facilitator: sender({ native: unread }) }, ''],
    ['a contract that refuses', { payerCode: contract, accepts: false }, 'wallet'],
    ['a contract that accepts', { payerCode: contract, accepts: true }, 'wallet'],
    ['a contract that nobody asked', { payerCode: contract }, ''],
    [
      'a contract that refuses and is not asked by the token',
      { payerCode: contract, accepts: false, simulated: { outcome: 'succeeds' } },
      '',
    ],
    ['a delegate that refuses', { payerCode: delegated, accepts: false }, 'delegation'],
    [
      'everything',
      { paused: true, payeeListed: true, balance: 0n, payerCode: delegated, accepts: false },
      'paused listed balance delegation',
    ],
  ]
  it.each(rows)('%s', (_name, words, found) => expect(short(of(words))).toBe(found))

  it('none of another moment, and none without a chain', () => {
    expect(of({ paused: true }, { instead: 'pruned' })).toEqual([])
    expect(circumstancesOf(paid, evidenceOf(paid))).toEqual([])
    expect(circumstancesOf(paid, evidenceOf(paid, []))).toEqual([])
  })

  it('each is given with the values that were read, and lifted to what settles', () => {
    const [first] = of({ balance: 7n })
    expect(first).toEqual({ id: 'balance', intervention: { kind: 'balance', value: 7n }, lift: { kind: 'balance', value: 10_000n } })
    expect(of({ payerListed: true, payeeListed: true }).map(({ intervention }) => intervention)).toEqual([
      { kind: 'blacklist', address: payer },
      { kind: 'blacklist', address: payee },
    ])
    expect(of({ payerCode: contract, accepts: false })[0]?.intervention).toEqual({ kind: 'payer-code', code: walletCode.refuses })
    expect(of({ payerCode: contract, accepts: true })[0]?.intervention).toEqual({ kind: 'payer-code', code: walletCode.accepts })
    expect(of({ payerCode: delegated, accepts: false })[0]).toMatchObject({
      intervention: { kind: 'payer-code', code: delegationTo(delegate), delegateCode: walletCode.refuses },
      lift: { kind: 'payer-code', code: '0x' },
    })
    expect(of({ facilitator: sender({ native: known(5n), gasPrice: known(3n) }) })[0]?.intervention).toEqual({
      kind: 'relayer-funds',
      wei: 5n,
      gasPrice: 3n,
    })
    // Gas that costs nothing would let anybody pay for it.
    expect(of({ facilitator: sender({ native: known(0n), gasPrice: known(0n) }) })[0]?.intervention).toEqual({
      kind: 'relayer-funds',
      wei: 0n,
      gasPrice: 1n,
    })
  })

  it('a chain with its own state is given none of it, but for money for gas', () => {
    const [paused] = of({ paused: true })
    const [poor] = of({ facilitator: sender({ native: known(0n) }) })
    if (paused === undefined || poor === undefined) throw new TypeError('no circumstance')
    expect([isGiven(paused, 'own'), isGiven(paused, 'assumed'), isGiven(paused, undefined), isGiven(poor, 'own')]).toEqual([
      false,
      true,
      true,
      true,
    ])
    const with_ = (changes: Parameters<typeof surroundingsWith>[0], state: ReplayChain['state']) =>
      surroundingsWith(changes, [paused, poor], state)
    expect(with_([], undefined)).toEqual({ interventions: [paused.intervention, poor.intervention], without: [] })
    expect(with_([], 'own')).toEqual({ interventions: [poor.intervention], without: [] })
    const remove = { kind: 'remove', circumstance: paused } as const
    expect(with_([remove], undefined)).toEqual({ interventions: [poor.intervention], without: [paused.intervention] })
    expect(with_([remove], 'own')).toEqual({ interventions: [paused.lift, poor.intervention], without: [] })
    const add = { kind: 'add', intervention: { kind: 'latest' } } as const
    expect(with_([add, { kind: 'remove', circumstance: poor }], 'own')).toEqual({
      interventions: [add.intervention],
      without: [poor.intervention],
    })
    expect(keyOf(add)).not.toBe(keyOf(remove))
    expect(keyOf({ kind: 'add', intervention: { kind: 'time', at: 1n } })).not.toBe(
      keyOf({ kind: 'add', intervention: { kind: 'time', at: 2n } }),
    )
    expect(keyOf({ kind: 'add', intervention: { kind: 'time', at: 1n } })).toBe(
      keyOf({ kind: 'add', intervention: { kind: 'time', at: 1n } }),
    )
    expect(keyOf({ kind: 'add', intervention: { kind: 'balance', value: 1n } })).not.toBe(
      keyOf({ kind: 'add', intervention: { kind: 'time', at: 1n } }),
    )
  })
})

describe('what takes a finding away', () => {
  const undone = (
    each: Finding,
    {
      words = {},
      given = paid,
      state,
      signature = signatureOf(given),
    }: { words?: Words; given?: Payment; state?: ReplayChain['state']; signature?: ReturnType<typeof signatureOf> } = {},
  ): string[] | undefined => {
    const evidence = evidenceOf(given, [chain(given, words)], { signature })
    const changes = changesFor(each, { payment: given, evidence, circumstances: circumstancesOf(given, evidence), state })
    return changes?.map((change) =>
      change.kind === 'remove'
        ? `without ${change.circumstance.id}`
        : JSON.stringify(change.intervention, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
    )
  }
  const none = { ...signatureOf(paid), matches: [] }
  const [match] = signatureOf(paid).matches
  if (match === undefined) throw new TypeError('the payment is signed')
  const signedAs = (change: Partial<Match>) => ({ ...signatureOf(paid), matches: [{ ...match, ...change }] })

  it.each([
    'token-upgraded',
    'domain-name-mismatch',
    'domain-version-mismatch',
    'chain-id-mismatch',
    'verifying-contract-mismatch',
    'nonstandard-domain-layout',
    'domain-field-missing',
    'eip712domain-type-missing',
  ] as const)('%s: the token checks under what was signed', (cause) => {
    const separator = domainSeparator({ ...usdcDomain, name: 'USDC' })
    expect(undone(finding(cause), { signature: signedAs({ separator }) })).toEqual([JSON.stringify({ kind: 'token-separator', separator })])
    expect(undone(finding(cause), { signature: none })).toBeUndefined()
  })

  it.each(['v-0-or-1', 'v-flipped', 'high-s', 'compact-eip2098', 'signature-length', 'signature-byte-order'] as const)(
    '%s: repaired',
    (cause) => {
      expect(undone(finding(cause), { signature: signedAs({ signature: '0x1234' }) })).toEqual([
        JSON.stringify({ kind: 'signature', signature: '0x1234' }),
      ])
      expect(undone(finding(cause), { signature: none })).toBeUndefined()
    },
  )

  it('the function and the message that were signed', () => {
    const called = (primaryType: string) => undone(finding('primary-type-mismatch'), { signature: signedAs({ primaryType }) })
    expect(called('ReceiveWithAuthorization')).toEqual([JSON.stringify({ kind: 'function', function: 'receiveWithAuthorization' })])
    expect(called('TransferWithAuthorization')).toEqual([JSON.stringify({ kind: 'function', function: 'transferWithAuthorization' })])
    expect(undone(finding('primary-type-mismatch'), { signature: none })).toBeUndefined()
    const authorization = { ...paid.authorization, value: 9n }
    expect(undone(finding('message-altered'), { signature: signedAs({ authorization }) })).toEqual([
      JSON.stringify({ kind: 'authorization', fields: { value: '9' } }),
    ])
    expect(undone(finding('message-altered'), { signature: none })).toBeUndefined()
    expect(changedFields(paid.authorization, { ...authorization, to: stranger })).toEqual({ to: stranger, value: 9n })
    expect(changedFields(paid.authorization, paid.authorization)).toEqual({})
  })

  it('a time within the window, where there is one', () => {
    for (const cause of ['time-in-milliseconds', 'not-yet-valid', 'expired', 'boundary-second'] as const)
      expect(undone(finding(cause))).toEqual([JSON.stringify({ kind: 'time', at: String(closes - 1n) })])
    expect(undone(finding('expired'), { given: pay({ says: { validBefore: opens + 1n } }) })).toBeUndefined()
    expect(undone(finding('expired'), { given: pay({ says: { validBefore: opens + 2n } }) })).toEqual([
      JSON.stringify({ kind: 'time', at: String(opens + 1n) }),
    ])
  })

  it('the other overload, of 65 bytes, and not on a stand-in for what was read', () => {
    const vrs = [JSON.stringify({ kind: 'function', function: 'transferWithAuthorization', overload: 'vrs' })]
    const missing = finding('no-bytes-overload')
    expect(undone(missing, { state: 'own' })).toEqual(vrs)
    expect(undone(missing)).toBeUndefined()
    expect(undone(finding('no-bytes-overload', {}, 'registry'))).toEqual(vrs)
    expect(undone(missing, { state: 'own', given: pay({ bytes: (signature) => `${signature}00` }) })).toBeUndefined()
    const receive = pay({}, { primaryType: 'ReceiveWithAuthorization' })
    expect(undone(missing, { state: 'own', given: receive })).toEqual([
      JSON.stringify({ kind: 'function', function: 'receiveWithAuthorization', overload: 'vrs' }),
    ])
  })

  it('state, where it was read', () => {
    const rows: readonly (readonly [CauseId, Words, string])[] = [
      ['paused', { paused: true }, 'without paused'],
      ['insufficient-balance', { balance: 0n }, 'without balance'],
      ['authorization-used', { used: true }, 'without spent'],
      ['authorization-canceled', { used: true }, 'without spent'],
      ['executed-by-third-party', { used: true }, 'without spent'],
      ['nonce-reused', { used: true }, 'without spent'],
      ['eip7702-payer', { payerCode: { kind: 'eip7702', delegate, delegateCode: known(9) }, accepts: false }, 'without delegation'],
      ['facilitator-out-of-gas-money', { facilitator: sender({ native: known(0n) }) }, 'without gas-money'],
      ['blacklisted', { payerListed: true }, 'without listed'],
    ]
    for (const [cause, words, change] of rows) {
      expect(undone(finding(cause), { words })).toEqual([change])
      expect(undone(finding(cause))).toBeUndefined()
    }
    expect(undone(finding('blacklisted', { seen: usdc }))).toEqual([JSON.stringify({ kind: 'blacklist-lifted', address: payee })])
    expect(undone(finding('blacklisted', { seen: usdc }), { words: { payeeListed: true } })).toEqual(['without listed'])
    expect(undone(finding('nonce-out-of-sequence'))).toEqual([JSON.stringify({ kind: 'nonce-free' })])
    expect(undone(finding('facilitator-gas-limit'))).toEqual([JSON.stringify({ kind: 'gas', limit: '16000000' })])
    for (const cause of ['pending-block-estimate', 'settlement-unconfirmed'] as const)
      expect(undone(finding(cause))).toEqual([JSON.stringify({ kind: 'latest' })])
  })

  it('a wrapper, where the wallet takes what is inside, on a chain that has the wallet', () => {
    const { digest } = signatureOf(paid)
    if (digest === undefined) throw new TypeError('no digest')
    const answer = { form: 'unwrapped', signature: '0x12', digest, accepts: known(true) } as const
    const of = (wallet: ChainState['wallet'], state: ReplayChain['state']) => {
      const evidence = evidenceOf(paid, [chain(paid, {}, { wallet })])
      return changesFor(finding('smart-wallet-signature'), { payment: paid, evidence, circumstances: [], state })
    }
    expect(of([answer], 'own')).toEqual([{ kind: 'add', intervention: { kind: 'signature', signature: '0x12' } }])
    expect(of([answer], undefined)).toBeUndefined()
    expect(of([{ ...answer, accepts: known(false) }], 'own')).toBeUndefined()
    expect(of([{ ...answer, accepts: unread }], 'own')).toBeUndefined()
    expect(of([{ ...answer, form: 'as-sent' }], 'own')).toBeUndefined()
    expect(of([{ ...answer, digest: '0x00' }], 'own')).toBeUndefined()
    expect(of([], 'own')).toBeUndefined()
  })

  it('nothing, of what no replay can show', () => {
    const hidden = causeIds.filter((cause) => !isShown('evm', cause))
    expect(hidden.length).toBeGreaterThan(20)
    for (const cause of hidden) expect(undone(finding(cause), { words: { paused: true, used: true, balance: 0n } })).toBeUndefined()
  })

  it('which circumstances a cause is made by', () => {
    const circumstance = (id: CircumstanceId): Circumstance => ({ id, intervention: { kind: 'paused' }, lift: { kind: 'unpaused' } })
    expect(isMadeBy(circumstance('spent'), ['paused', 'nonce-reused'])).toBe(true)
    expect(isMadeBy(circumstance('spent'), ['paused', 'rpc-fault'])).toBe(false)
    expect(isMadeBy(circumstance('wallet'), ['smart-wallet-signature'])).toBe(true)
    expect(isMadeBy(circumstance('wallet'), ['eip7702-payer'])).toBe(false)
    expect(isMadeBy(circumstance('paused'), [])).toBe(false)
    const call = { function: 'receiveWithAuthorization', selector: '0x', overload: 'vrs' } as const
    expect(calledBy({ primaryType: 'TransferWithAuthorization', call })).toBe('receiveWithAuthorization')
    expect(calledBy({ primaryType: 'TransferWithAuthorization' })).toBe('transferWithAuthorization')
  })
})
