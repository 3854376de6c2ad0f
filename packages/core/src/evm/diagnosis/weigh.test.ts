import { describe, expect, it } from 'vitest'
import {
  chain,
  delegate,
  evidenceOf,
  now,
  pay,
  payer,
  reverts,
  sender,
  settled,
  signatureOf,
  unread,
  type Words,
} from '../../../../../test/evidence/evm.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { EvidenceNote, Finding } from '../../causes/finding.ts'
import { known } from '../../evidence/known.ts'
import { accountChecks } from '../checks/account.ts'
import type { ChainAnswer, ChainState } from '../evidence/chain.ts'
import type { Contradiction, ContradictionId } from './contradiction.ts'
import { judged, weigh } from './weigh.ts'
import { isMissingCode, isRead, witnessOf } from './witness.ts'

const paid = pay()
const finding = (cause: CauseId, source: EvidenceNote['source'] = 'chain', more: Partial<Finding> = {}): Finding => ({
  cause,
  party: 'nobody',
  severity: 'error',
  summary: 's',
  evidence: [{ source, says: 'it was read' }],
  fix: 'f',
  ...more,
})
const proven = (cause: CauseId, source: EvidenceNote['source'] = 'chain'): Finding => finding(cause, source, { proof: 'proven' })
const about = (id: ContradictionId): Contradiction => ({ id, sides: ['a', 'b'], check: 'c', call: null, causes: [] })
const one = (words: Words = {}, more: Partial<ChainState> = {}): ChainState => chain(paid, words, more)

describe('which error stands', () => {
  const read = finding('paused')
  const computed = finding('domain-name-mismatch', 'computed')
  const rows: readonly (readonly [string, readonly Finding[], readonly ContradictionId[], CauseId | undefined, string])[] = [
    ['none', [], [], undefined, 'inferred'],
    ['what was read', [read], [], 'paused', 'inferred'],
    ['what was read and shown', [proven('paused')], [], 'paused', 'proven'],
    ['the first of two', [read, finding('insufficient-balance')], [], 'paused', 'inferred'],
    // What is shown to stop it comes before what is only said to.
    ['the one that is shown', [read, proven('insufficient-balance')], [], 'insufficient-balance', 'proven'],
    ['what was computed, before what is shown', [computed, proven('insufficient-balance')], [], 'domain-name-mismatch', 'inferred'],
    [
      'what was computed and shown does not put what was read aside',
      [read, proven('domain-name-mismatch', 'computed')],
      [],
      'paused',
      'inferred',
    ],
    ['what was read, where a contradiction is about something', [read], ['finding-and-simulation'], undefined, 'inferred'],
    [
      'what was read and shown, where a contradiction is about something',
      [proven('paused')],
      ['finding-and-simulation'],
      'paused',
      'proven',
    ],
    [
      'what was computed, where a contradiction is about something',
      [computed],
      ['finding-and-simulation'],
      'domain-name-mismatch',
      'inferred',
    ],
    ['what was read and shown, where the node itself is in question', [proven('paused')], ['rpc-and-rpc'], undefined, 'inferred'],
    ['what was computed, where the node itself is in question', [read, computed], ['block-and-block'], 'domain-name-mismatch', 'inferred'],
  ]
  it.each(rows)('%s', (_name, errors, contradictions, cause, proof) => {
    const { first, proof: shown } = weigh(errors, contradictions.map(about))
    expect([first?.cause, shown]).toEqual([cause, proof])
  })
})

describe('what becomes of each error', () => {
  const paused = finding('paused')
  const of = (
    findings: readonly Finding[],
    {
      proofs = [],
      told = [],
      state = one(),
      contradictions = [],
    }: {
      proofs?: readonly (readonly [Finding, 'proven' | 'withdrawn'])[]
      told?: readonly Finding[]
      state?: ChainState
      contradictions?: readonly ContradictionId[]
    } = {},
  ): string[] =>
    judged(
      findings,
      paid,
      evidenceOf(paid, [state]),
      { proofs: new Map(proofs), told: new Set(told) },
      contradictions.map(about),
      accountChecks,
    ).map(({ cause, severity, proof }) => `${severity} ${cause} ${proof ?? '-'}`)

  it('a replay proves it or withdraws it, unless it was only told', () => {
    expect(of([paused])).toEqual(['error paused -'])
    expect(of([paused], { proofs: [[paused, 'proven']] })).toEqual(['error paused proven'])
    expect(of([paused], { proofs: [[paused, 'proven']], told: [paused] })).toEqual(['error paused -'])
    expect(of([paused], { proofs: [[paused, 'withdrawn']], told: [paused] })).toEqual(['info paused withdrawn'])
    expect(judged([paused], paid, evidenceOf(paid), undefined, [], []).map(({ proof }) => proof)).toEqual([undefined])
    const warning = finding('paused', 'chain', { severity: 'warning' })
    expect(of([warning], { proofs: [[warning, 'proven']] })).toEqual(['warning paused -'])
  })

  it('a second witness on the chain proves it, unless the node is in question', () => {
    const state = one({ paused: true })
    expect(of([paused], { state })).toEqual(['error paused proven'])
    expect(of([paused], { state, proofs: [[paused, 'proven']], told: [paused] })).toEqual(['error paused proven'])
    expect(of([paused], { state, contradictions: ['rpc-and-rpc'] })).toEqual(['error paused -'])
    expect(of([paused], { state, contradictions: ['finding-and-simulation'] })).toEqual(['error paused proven'])
  })

  it('a trace proves nothing where a trace is in question', () => {
    const name = finding('domain-name-mismatch', 'computed')
    const { digest } = signatureOf(paid)
    if (digest === undefined) throw new TypeError('no digest')
    const state = one({ simulated: unread }, { traced: known({ by: 'ecrecover', digest, recovered: payer }) })
    expect(of([name], { state })).toEqual(['error domain-name-mismatch proven'])
    expect(of([name], { state, contradictions: ['signer-and-trace'] })).toEqual(['error domain-name-mismatch -'])
    expect(of([name], { state, contradictions: ['nonce-and-log'] })).toEqual(['error domain-name-mismatch proven'])
  })
})

describe('what bears a finding out', () => {
  const of = (each: Finding, state: ChainState, ...others: readonly ChainAnswer[]): string | undefined =>
    witnessOf(each, paid, evidenceOf(paid, [state, ...others], { at: now }), accountChecks)
  const refused = (says: string): Words => ({ simulated: reverts(says) })
  const invalid = refused('FiatTokenV2: invalid signature')
  const delegated: Words = { payerCode: { kind: 'eip7702', delegate, delegateCode: known(9) }, accepts: false, ...invalid }
  const simulated = (more: Partial<ChainState['simulated']>): Partial<ChainState> => ({ simulated: { ...one().simulated, ...more } })
  const token = (more: Partial<ChainState['token']>): Partial<ChainState> => ({ token: { ...one().token, ...more } })
  const taken = known({ outcome: 'succeeds' } as const)
  const no = known(reverts('no'))

  const rows: readonly (readonly [string, Finding, ChainState, string | undefined])[] = [
    ['a pause, refused for it', finding('paused'), one({ paused: true }), 'refusal'],
    ['a pause, refused for something else', finding('paused'), one({ balance: 0n }), undefined],
    ['a pause, and nobody simulated', finding('paused'), one({ paused: true, simulated: unread }), undefined],
    // Of what follows from the payload the token's words say on which side of the window it is.
    ['expired, refused for it', finding('expired', 'computed'), one(refused('FiatTokenV2: authorization is expired')), 'refusal'],
    [
      'not yet valid, refused for it',
      finding('not-yet-valid', 'computed'),
      one(refused('FiatTokenV2: authorization is not yet valid')),
      'refusal',
    ],
    [
      'expired, refused for the other end',
      finding('expired', 'computed'),
      one(refused('FiatTokenV2: authorization is not yet valid')),
      undefined,
    ],
    [
      'an amount by the registry, refused for the money',
      finding('amount-units-wrong', 'registry'),
      one(refused('ERC20: transfer amount exceeds balance')),
      undefined,
    ],
    ['an amount that was read, refused for the money', finding('insufficient-balance'), one({ balance: 0n }), 'refusal'],
    // "invalid signature" means many things: it bears out none of them.
    ['a wrong name, refused for the signature', finding('domain-name-mismatch', 'computed'), one(invalid), undefined],
    ['odd bytes, refused for just that', finding('high-s', 'computed'), one(refused("ECRecover: invalid signature 's' value")), 'refusal'],
    ['a delegate, refused for the signature', finding('eip7702-payer'), one(delegated), 'refusal'],
    [
      'a delegate whose code a call has otherwise',
      finding('eip7702-payer'),
      one(delegated, { payer: { ...one(delegated).payer, sameCode: known(false) } }),
      undefined,
    ],
    [
      'a delegate, and nobody compared the code',
      finding('eip7702-payer'),
      one(delegated, { payer: { ...one(delegated).payer, sameCode: unread } }),
      undefined,
    ],
    ['a nonce that paid somebody else', finding('nonce-reused'), one({ used: true, settlement: settled(paid) }), undefined],
    ['used, by the token and the receipt', finding('authorization-used'), one({ used: true, settlement: settled(paid) }), 'refusal'],
    ['used later, by the receipt', finding('authorization-used'), one({ usedNow: true, settlement: settled(paid) }), 'receipt'],
    [
      'used later, without the receipt',
      finding('authorization-used'),
      one({ usedNow: true, settlement: settled(paid, { paid: unread }) }),
      undefined,
    ],
    ['used later, and no log', finding('authorization-used'), one({ usedNow: true }), undefined],
    [
      'a relayer that is blocked, and another is not',
      finding('relayer-blocked'),
      one({}, simulated({ atBlock: no, fromAnother: taken })),
      'other-call',
    ],
    [
      'a relayer that is blocked, and so is another',
      finding('relayer-blocked'),
      one({}, simulated({ atBlock: no, fromAnother: no })),
      undefined,
    ],
    [
      'a relayer that is blocked, and of another it is unread',
      finding('relayer-blocked'),
      one({}, simulated({ atBlock: no, fromAnother: unread })),
      undefined,
    ],
    ['too little gas, and more does', finding('facilitator-gas-limit'), one({}, simulated({ atBlock: taken, limited: no })), 'other-call'],
    ['too little gas, and more does not', finding('facilitator-gas-limit'), one({}, simulated({ atBlock: no, limited: no })), undefined],
    ['too little gas, and it does', finding('facilitator-gas-limit'), one({}, simulated({ atBlock: taken, limited: taken })), undefined],
    ['too little gas, and nobody tried', finding('facilitator-gas-limit'), one({}, simulated({ atBlock: taken })), undefined],
    ['left out of a batch', finding('batch-item-failed'), one({}, { sent: known(null) }), 'receipt'],
    [
      'left out of a batch, and used',
      finding('batch-item-failed'),
      one({ used: true, simulated: unread }, { sent: known(null) }),
      undefined,
    ],
    ['left out of a batch that nobody gave', finding('batch-item-failed'), one(), undefined],
    ['no code, and silence', finding('asset-has-no-code'), one({ simulated: unread }, token({ responds: known(false) })), 'silence'],
    ['no code, and answers', finding('asset-has-no-code'), one({ simulated: unread }), undefined],
    [
      'no code, and nobody knows of answers',
      finding('asset-has-no-code'),
      one({ simulated: unread }, token({ responds: unread })),
      undefined,
    ],
    [
      'no money for gas, and a call that was not let',
      finding('facilitator-out-of-gas-money'),
      one({ facilitator: sender({ affords: known(false) }) }),
      'funds',
    ],
    [
      'no money for gas, and a call that was let',
      finding('facilitator-out-of-gas-money'),
      one({ facilitator: sender({ affords: known(true) }) }),
      undefined,
    ],
    ['no money for gas of nobody', finding('facilitator-out-of-gas-money'), one(), undefined],
    ['a domain on record', finding('facilitator-config-drift'), one(), undefined],
    ['something that nothing shows', finding('facilitator-nonce'), one(), undefined],
  ]
  it.each(rows)('%s', (_name, each, state, witness) => expect(of(each, state)).toBe(witness))

  it('no chain bears nothing out', () => expect(witnessOf(finding('paused'), paid, evidenceOf(paid), accountChecks)).toBeUndefined())

  it('a domain that was read has two readings of its own', () => {
    const { expected, ...rest } = signatureOf(paid)
    if (expected === undefined) throw new TypeError('no domain')
    const evidence = evidenceOf(paid, [one()], { signature: { ...rest, expected: { ...expected, basis: 'chain' } } })
    expect(witnessOf(finding('facilitator-config-drift'), paid, evidence, accountChecks)).toBe('separator')
    expect(witnessOf(finding('facilitator-nonce'), paid, evidence, accountChecks)).toBeUndefined()
  })

  it('a digest that the token was seen to hash, where it did not take the payment', () => {
    const { digest } = signatureOf(paid)
    if (digest === undefined) throw new TypeError('no digest')
    const traced = (hashed: `0x${string}`): Partial<ChainState> => ({ traced: known({ by: 'ecrecover', digest: hashed, recovered: null }) })
    const name = finding('domain-name-mismatch', 'computed')
    expect(of(name, one(invalid, traced(digest)))).toBe('trace')
    expect(of(name, one({}, traced(digest)))).toBeUndefined()
    expect(of(name, one(invalid, traced(`0x${'01'.repeat(32)}`)))).toBeUndefined()
  })

  it('another RPC that reads the same, by the same check', () => {
    const poor = finding('insufficient-balance', 'chain', { field: 'authorization.value' })
    const silent: Words = { balance: 0n, simulated: unread }
    const two = (words: Words): ChainState => one({ source: 'other.example.com', ...words })
    expect(of(poor, one(silent))).toBeUndefined()
    expect(of(poor, one(silent), two(silent))).toBe('rpc')
    expect(of(poor, one(silent), two({ simulated: unread }))).toBeUndefined()
    expect(of(poor, one(silent), two({ ...silent, time: now - 300n, number: 900n }))).toBeUndefined()
    expect(of({ ...poor, field: 'authorization.to' }, one(silent), two(silent))).toBeUndefined()
    expect(of(finding('insufficient-balance', 'payload', { field: 'authorization.value' }), one(silent), two(silent))).toBeUndefined()
    expect(of(poor, one(silent), { kind: 'unreachable', source: 'dead', reason: 'dead' })).toBeUndefined()
  })

  it('what was read, and what of it no stand-in can show', () => {
    expect([isRead(finding('paused')), isRead(finding('paused', 'payload'))]).toEqual([true, false])
    const missing = (['asset-has-no-code', 'token-without-eip3009', 'no-bytes-overload', 'paused'] as const).filter((cause) =>
      isMissingCode(finding(cause)),
    )
    expect(missing).toEqual(['asset-has-no-code', 'token-without-eip3009', 'no-bytes-overload'])
    expect(isMissingCode(finding('no-bytes-overload', 'registry'))).toBe(false)
  })
})
