import { describe, expect, it } from 'vitest'
import {
  chain,
  closes,
  diagnosed,
  evidenceOf,
  now,
  opens,
  pay,
  payee,
  payer,
  relayer,
  reverts,
  sender,
  settled,
  signatureOf,
  stranger,
  unread,
  usdc,
  usdcDomain,
  type Words,
} from '../../../../../test/evidence/evm.ts'
import { known } from '../../evidence/known.ts'
import { builtInNetworks } from '../../networks/networks.ts'
import type { ChainAnswer, ChainQuestion, ChainReader, ChainState } from '../evidence/chain.ts'
import type { Payment } from '../payment/payment.ts'
import type { ExpectedDomain } from '../signature/expected-domain.ts'
import type { SignatureEvidence } from '../signature/forensics.ts'
import { domainSeparator } from '../typed-data/domain.ts'
import { assumptions, remedy } from './answers.ts'
import { askChains, questionOf } from './ask-chains.ts'
import { placePayment } from './place-payment.ts'
import { chainReport, settlementReport } from './report-chain.ts'
import { evmReport, paymentReport } from './report-payment.ts'
import type { Search } from './search-limits.ts'

const paid = pay()
const whole = signatureOf(paid)
const { expected } = whole
const [match] = whole.matches
if (expected === undefined || match === undefined) throw new TypeError('the payment is signed')
const unmatched: SignatureEvidence = { ...whole, matches: [] }

describe('what a chain is asked', () => {
  const of = (
    given: Payment,
    { signature = signatureOf(given), ...when }: { signature?: SignatureEvidence; at?: bigint; when?: bigint } = {},
    options: Parameters<typeof questionOf>[2] = {},
  ) => questionOf(given, evidenceOf(given, undefined, { signature, ...when }), options)
  const { network: _, chainId: __, token: ___, ...unplaced } = paid
  const { expected: ____, digest: _____, ...unknown } = whole

  it('about the payment, at its token and chain', () => {
    expect(of(paid)).toEqual({ payment: paid, token: usdc, chainId: 8453, blockTime: 2, digest: whole.digest, family: 'FiatTokenV2_2' })
    expect(of(paid, { signature: unmatched })).toMatchObject({ trace: true })
    expect(
      of(paid, {
        signature: { ...whole, matches: [{ ...match, edits: [{ cause: 'high-s', generator: 'domain-name', field: 'signature.s' }] }] },
      }),
    ).toMatchObject({ trace: true })
    expect(of(paid, {}, { facilitator: relayer })).toMatchObject({ facilitator: relayer })
    expect(of(unplaced, { signature: whole })).toMatchObject({ token: usdc, chainId: 8453, blockTime: 2 })
    expect(of(unplaced, { signature: unknown })).toBeUndefined()
    expect(of({ ...unplaced, chainId: 7 }, { signature: unknown })).toBeUndefined()
    expect(of({ ...unplaced, token: usdc }, { signature: unknown })).toBeUndefined()
    expect(of({ ...unplaced, token: usdc, chainId: 7 }, { signature: unknown })).toEqual({
      payment: expect.anything(),
      token: usdc,
      chainId: 7,
    })
  })

  it('of the newest block, of a second, or of a block', () => {
    expect(of(paid)).not.toHaveProperty('at')
    expect(of(paid, { at: now })).toMatchObject({ at: now })
    expect(of(paid, { when: closes + 99n })).toMatchObject({ at: closes - 31n })
    expect(of(paid, { at: now }, { block: 7n })).toMatchObject({ block: 7n })
    expect(of(paid, { at: now }, { block: 7n })).not.toHaveProperty('at')
  })
})

/** A search that knows what it is told, and remembers under what it was asked. */
const searching =
  (asked: (ExpectedDomain | undefined)[] = []): Search =>
  async (given, under) => {
    asked.push(under)
    return { ...signatureOf(given), ...(under === undefined ? {} : { expected: under }) }
  }

describe('the evidence with what chains said', () => {
  const reader = (answer: ChainAnswer, asked: ChainQuestion[] = []): ChainReader => ({
    source: answer.source,
    read: async (question) => {
      asked.push(question)
      return answer
    },
  })
  const state = chain(paid)
  const of = async (
    readers: readonly ChainReader[],
    {
      given = paid,
      options = {},
      signature = whole,
      at,
      asked = [],
    }: {
      given?: Payment
      options?: Parameters<typeof askChains>[3]
      signature?: SignatureEvidence
      at?: bigint
      asked?: (ExpectedDomain | undefined)[]
    } = {},
  ) =>
    askChains(given, evidenceOf(given, undefined, { signature, ...(at === undefined ? {} : { at }) }), readers, options, searching(asked))
  const token = (more: Partial<ChainState['token']>): ChainState => ({ ...state, token: { ...state.token, ...more } })

  it('is what each said, also where one throws or none can be asked', async () => {
    expect((await of([reader(state)])).chains).toEqual([state])
    const { chains } = await of([{ source: 'a', read: () => Promise.reject(new TypeError('a bug')) }, reader(state)])
    expect(chains?.map(({ kind, source }) => [kind, source])).toEqual([
      ['unreachable', 'a'],
      ['read', 'rpc.example.com'],
    ])
    expect((await of([{ source: 'a', read: () => Promise.reject(new TypeError('a bug')) }])).signature).toBe(whole)
    const { network: _, chainId: __, ...unplaced } = paid
    const { expected: ___, ...unknown } = whole
    expect((await of([reader(state)], { given: unplaced, signature: unknown })).chains).toEqual([])
  })

  it('is judged at the block that was asked for', async () => {
    expect((await of([reader(state)], { options: { block: 7n } })).moment).toEqual({ time: state.block.time, basis: 'given', now })
    expect((await of([reader(state)], { options: { block: 7n }, at: now - 9n })).moment.time).toBe(now - 9n)
    expect((await of([reader({ ...state, instead: 'pruned' })], { options: { block: 7n } })).moment.time).toBe(now)
    expect((await of([reader(state)])).moment.time).toBe(now)
  })

  it("takes the token's own word for its domain, where that hashes to its separator", async () => {
    const renamed = { ...usdcDomain, name: 'New Coin' }
    const salted = { name: 'New Coin', version: '2', verifyingContract: usdc, salt: `0x${(8453).toString(16).padStart(64, '0')}` } as const
    const under = async (more: Partial<ChainState['token']>, signature = whole): Promise<ExpectedDomain | undefined> => {
      const asked: (ExpectedDomain | undefined)[] = []
      await of([reader(token(more))], { asked, signature })
      expect(asked.length).toBeLessThan(2)
      return asked[0]
    }
    const separator = known(domainSeparator(renamed))
    expect(await under({})).toBeUndefined()
    expect(await under({ separator, name: known('New Coin') })).toMatchObject({
      basis: 'chain',
      domain: renamed,
      units: { decimals: 6, symbol: 'USDC' },
      family: 'FiatTokenV2_2',
    })
    expect(await under({ separator: known(domainSeparator(salted)), name: known('New Coin') })).toMatchObject({ domain: salted })
    expect(await under({ separator })).toBeUndefined()
    expect(await under({ separator: known(null) })).toBeUndefined()
    expect(await under({ separator: unread })).toBeUndefined()
    const blind = await under({ separator, name: known('New Coin'), decimals: unread, symbol: unread })
    expect(blind).not.toHaveProperty('units')
    expect(blind).not.toHaveProperty('token')
    expect(
      await under({
        separator,
        name: known('New Coin'),
        symbol: known(null),
        functions: { ...state.token.functions, 'transfer-bytes': known(false), 'transfer-vrs': unread },
      }),
    ).toMatchObject({
      units: { symbol: 'tokens' },
      token: { overloads: { vrs: true, bytes: false } },
    })
    // What was only claimed is known once the chain says the same.
    expect(await under({}, { ...whole, expected: { ...expected, basis: 'offer' } })).toMatchObject({ basis: 'chain', domain: usdcDomain })
    expect(await under({ name: unread, version: unread }, { ...whole, expected: { ...expected, basis: 'offer' } })).toMatchObject({
      basis: 'chain',
      domain: usdcDomain,
    })
  })

  it('asks what the separator was when it was signed, where another name was signed', async () => {
    const old = domainSeparator({ ...usdcDomain, name: 'Old' })
    const signature: SignatureEvidence = {
      ...whole,
      expected: { ...expected, basis: 'chain' },
      matches: [{ ...match, separator: old, domain: { ...usdcDomain, name: 'Old' } }],
    }
    const then = async (
      signatureOfIt: SignatureEvidence,
      given: Payment = paid,
      before: ChainAnswer = { ...token({ separator: known(old) }), block: { number: 9n, hash: '0x01', time: opens } },
    ) => {
      const asked: ChainQuestion[] = []
      const answers = [state, before]
      const two: ChainReader = {
        source: 'a',
        read: async (question) => {
          asked.push(question)
          return answers[asked.length - 1] ?? state
        },
      }
      // The signature stays what it is, whatever the token says of itself.
      const { chains } = await askChains(
        given,
        evidenceOf(given, undefined, { signature: signatureOfIt }),
        [two],
        {},
        async () => signatureOfIt,
      )
      const [read] = chains ?? []
      return { was: read?.kind === 'read' ? read.separatorThen : undefined, at: asked[1]?.at, count: asked.length }
    }
    expect(await then(signature)).toEqual({ was: { block: 9n, time: opens, separator: old }, at: opens, count: 2 })
    const since = pay({ says: { validAfter: 0n } })
    expect((await then(signature, since)).count).toBe(1)
    expect((await then(signature, { ...since, requirements: { maxTimeoutSeconds: 60.5 } })).at).toBe(closes - 60n)
    expect((await then({ ...signature, expected })).count).toBe(1)
    expect((await then({ ...signature, matches: [] })).count).toBe(1)
    expect((await then({ ...signature, matches: [{ ...match, separator: expected.separator }] })).count).toBe(1)
    expect(
      (await then({ ...signature, matches: [{ ...match, separator: old, domain: { ...usdcDomain, verifyingContract: stranger } }] })).count,
    ).toBe(1)
    expect((await then({ ...signature, matches: [{ ...match, separator: old, domain: { ...usdcDomain, chainId: 1n } }] })).count).toBe(1)
    expect((await then(signature, paid, { kind: 'unreachable', source: 'a', reason: 'b' })).was).toBeUndefined()
    expect((await then(signature, paid, { ...state, instead: 'pruned' })).was).toBeUndefined()
    expect((await then(signature, paid, token({ separator: unread }))).was).toBeUndefined()
  })
})

describe('a payment that names no network', () => {
  const { network: _, chainId: __, networkName: ___, token: ____, ...unplaced } = paid
  const { expected: _____, ...unknown } = whole
  const reader = (chainId?: ChainReader['chainId']): ChainReader => ({
    source: 'a',
    read: async () => ({ kind: 'unreachable', source: 'a', reason: 'b' }),
    ...(chainId === undefined ? {} : { chainId }),
  })
  const of = async (given: Payment, readers: readonly ChainReader[], signature: SignatureEvidence = unknown) => {
    const { payment } = await placePayment(given, signature, readers, builtInNetworks, searching())
    return [payment.chainId, payment.network?.id, payment.recognised !== given.recognised]
  }
  it('is put on the chain of the first RPC that tells', async () => {
    expect(await of(unplaced, [reader(async () => known(8453))])).toEqual([8453, 'base', true])
    expect(await of(unplaced, [reader(async () => known(424_242))])).toEqual([424_242, undefined, true])
    expect(await of(unplaced, [reader(async () => known(1))])).toEqual([1, undefined, true])
    expect(
      await of(unplaced, [
        reader(),
        reader(async () => unread),
        reader(() => Promise.reject(new TypeError('a bug'))),
        reader(async () => known(137)),
      ]),
    ).toEqual([137, 'polygon', true])
    expect(await of(unplaced, [reader()])).toEqual([undefined, undefined, false])
    expect(await of(unplaced, [])).toEqual([undefined, undefined, false])
  })
  it('is left where it says, or where its signature fits', async () => {
    const elsewhere = [reader(async () => known(1))]
    expect(await of(paid, elsewhere)).toEqual([8453, 'base', false])
    expect(await of({ ...unplaced, chainId: 7 }, elsewhere)).toEqual([7, undefined, false])
    expect(await of(unplaced, elsewhere, whole)).toEqual([undefined, undefined, false])
  })
})

describe('what is taken for granted', () => {
  const of = (
    given: Payment,
    {
      chains,
      signature = signatureOf(given),
      when,
      shown,
    }: { chains?: readonly ChainAnswer[]; signature?: SignatureEvidence; when?: bigint; shown?: boolean } = {},
  ): number => assumptions(given, evidenceOf(given, chains, { signature, ...(when === undefined ? {} : { when }) }), shown).length
  const gas = pay({}, { call: { function: 'transferWithAuthorization', selector: '0x', overload: 'vrs', transaction: { gasLimit: 9n } } })
  it('without a chain four things, with one none of them', () => {
    expect(of(paid)).toBe(4)
    expect(of(paid, { chains: [chain(paid)] })).toBe(0)
    expect(of(paid, { chains: [{ kind: 'unreachable', source: 'a', reason: 'b' }] })).toBe(4)
    expect(of(gas, { chains: [chain(gas)] })).toBe(1)
    expect(of(gas, { chains: [chain(gas)], shown: true })).toBe(0)
    expect(of(paid, { when: closes, chains: [chain(paid)] })).toBe(1)
    for (const basis of ['any-network', 'user'] as const)
      expect(of(paid, { chains: [chain(paid)], signature: { ...whole, expected: { ...expected, basis } } })).toBe(1)
    const { token: _, ...untokened } = paid
    expect(of(untokened, { chains: [chain(paid)], signature: whole })).toBe(1)
    expect(of(untokened, { chains: [chain(paid)], signature: { ...whole, expected: { ...expected, basis: 'chain' } } })).toBe(0)
    const counted = pay({}, { told: { family: 'ERC20TransferAuthorization' } })
    expect(assumptions(counted, evidenceOf(counted)).join()).toContain('next of its key')
    expect(assumptions(paid, evidenceOf(paid)).join()).toContain('0.01 USDC')
    const { expected: __, ...unknown } = whole
    expect(assumptions(paid, evidenceOf(paid, undefined, { signature: unknown })).join()).toContain('10000 atomic units')
  })

  it('what to do about what failed comes after what was paid already', () => {
    const finding = (cause: 'paused' | 'authorization-used' | 'nonce-reused' | 'domain-name-mismatch' | 'v-0-or-1', more: object = {}) =>
      ({ cause, party: 'nobody', severity: 'error', summary: 's', evidence: [], fix: `fix ${cause}`, ...more }) as const
    const retry = {
      action: 'send-same',
      sameNonce: false,
      nonce: null,
      notBefore: null,
      onlyIf: [],
      through: 'same',
      cost: null,
      says: '',
    } as const
    const of = (first: ReturnType<typeof finding>, ...all: ReturnType<typeof finding>[]) => remedy(first, [first, ...all], retry)
    expect(remedy(undefined, [], retry)).toBeNull()
    expect(of(finding('paused'))).toBe('fix paused')
    expect(of(finding('paused'), finding('authorization-used'))).toBe('fix authorization-used')
    expect(of(finding('paused'), finding('authorization-used', { proof: 'proven' }))).toBe('fix authorization-used')
    expect(of(finding('paused'), finding('authorization-used', { proof: 'contradicted' }))).toBe('fix paused')
    expect(of(finding('paused'), finding('nonce-reused'))).toBe('fix paused')
    // Bytes that are mended are of no use where another message has to be signed.
    expect(of(finding('v-0-or-1'), finding('domain-name-mismatch'))).toBe('fix domain-name-mismatch')
    expect(of(finding('v-0-or-1'), finding('domain-name-mismatch', { severity: 'warning' }))).toBe('fix v-0-or-1')
    expect(of(finding('paused'), finding('domain-name-mismatch'))).toBe('fix paused')
  })
})

describe('what a report has of it', () => {
  const facts = (words: Words, more: Partial<ChainState> = {}): Record<string, string | null> =>
    Object.fromEntries(chainReport(chain(paid, words, more)).facts.map(({ fact, says, unknown }) => [fact, says ?? `? ${unknown}`]))

  it('each fact as it was read, or why it is unknown', () => {
    expect(facts({})).toMatchObject({
      'token.code': '1852 bytes',
      'token.implementation': 'not a proxy',
      'payer.code': 'none',
      'payer.balance': '10000',
      'nonce.used': 'false',
      simulated: 'succeeds',
    })
    expect(facts({ balance: unread, paused: null })).toMatchObject({
      'payer.balance': '? it timed out',
      'token.paused': 'no such function',
    })
    expect(facts({ payerCode: { kind: 'contract', bytes: 9 }, accepts: false })).toMatchObject({
      'payer.code': '9 bytes',
      'isValidSignature as-sent': 'refused',
    })
    expect(facts({ payerCode: { kind: 'eip7702', delegate: stranger, delegateCode: unread }, accepts: true })).toMatchObject({
      'payer.code': `delegated (EIP-7702) to ${stranger}`,
      'isValidSignature as-sent': 'accepted',
    })
    expect(facts({ simulated: reverts('Pausable: paused') })).toMatchObject({ simulated: 'reverts: Pausable: paused' })
    const { token, finality } = chain(paid)
    expect(facts({}, { token: { ...token, code: known(0), implementation: known(stranger) } })).toMatchObject({
      'token.code': 'none',
      'token.implementation': stranger,
    })
    expect(facts({}, { finality: { ...finality, safe: known(null) } })).toMatchObject({ 'chain.safe': 'none yet' })
    expect(facts({}, { traced: known(null) })).toMatchObject({ 'token.hashed': 'it did not come to the signature' })
    expect(facts({}, { traced: known({ by: 'ecrecover', digest: '0x01', recovered: null }) })).toMatchObject({ 'token.hashed': '0x01' })
    expect(facts({})).not.toHaveProperty('token.hashed')
    expect(facts({})).toHaveProperty(['simulated.pending'])
    expect(facts({})).not.toHaveProperty(['nonce.usedNow'])
    expect(facts({}, { newest: false })).toHaveProperty(['nonce.usedNow'])
    expect(facts({}, { newest: false })).not.toHaveProperty(['simulated.pending'])
    expect(facts({})).not.toHaveProperty(['facilitator.native'])
    expect(facts({ facilitator: sender() })).toMatchObject({ 'facilitator.native': String(10n ** 18n), 'facilitator.nonce': '7' })
  })

  it('what could not be read, and the block', () => {
    expect(chainReport({ kind: 'unreachable', source: 'a', reason: 'it timed out' })).toEqual({
      source: 'a',
      kind: 'unreachable',
      block: null,
      facts: [],
      says: 'it timed out',
    })
    expect(chainReport({ kind: 'wrong-chain', source: 'a', expected: 8453, chainId: 1 })).toMatchObject({
      kind: 'wrong-chain',
      block: null,
      facts: [],
    })
    expect(chainReport(chain(paid)).block).toEqual({ number: '1000', hash: chain(paid).block.hash, time: String(now - 2n) })
    expect(chainReport(chain(paid)).says).toContain('its newest')
    expect(chainReport(chain(paid, {}, { newest: false, instead: 'pruned' })).says).toMatch(/UTC; pruned$/)
  })

  it('the settlement', () => {
    const of = (words: Words) => settlementReport([chain(paid, words)], paid.authorization)
    expect(settlementReport(undefined, paid.authorization)).toBeNull()
    expect(of({})).toBeNull()
    expect(of({ used: true, settlement: unread })).toBeNull()
    expect(of({ used: true, settlement: settled(paid) })).toMatchObject({
      how: 'used',
      block: '990',
      time: String(now - 22n),
      sender: relayer,
      transferred: true,
      paid: { to: payee, value: '10000' },
    })
    expect(of({ used: true, settlement: settled(paid, { paid: known({ to: stranger, value: 1n }) }) })).toMatchObject({
      transferred: false,
      paid: { to: stranger, value: '1' },
    })
    expect(of({ used: true, settlement: settled(paid, { paid: known(null), time: unread, sender: unread }) })).toMatchObject({
      transferred: false,
      paid: null,
      time: null,
      sender: null,
    })
    expect(of({ used: true, settlement: settled(paid, { paid: unread }) })).toMatchObject({ transferred: null, paid: null })
  })

  it('the payment, its window, what was signed and how far was searched', () => {
    const { network: _, networkName: __, token: ___, chainId: ____, ...bare } = paid
    const { expected: _____, digest: ______, recovered: _______, ...unknown } = whole
    const of = (given: Payment, signature: SignatureEvidence, when = now) =>
      evmReport(given, evidenceOf(given, undefined, { signature, when }))
    expect(paymentReport(paid, evidenceOf(paid))).toMatchObject({
      network: 'base',
      token: usdc,
      symbol: 'USDC',
      decimals: 6,
      from: payer,
      to: payee,
      value: '10000',
    })
    expect(paymentReport(bare, evidenceOf(bare, undefined, { signature: unknown }))).toMatchObject({
      network: null,
      token: null,
      symbol: null,
      decimals: null,
    })
    expect(paymentReport(bare, evidenceOf(bare, undefined, { signature: whole }))).toMatchObject({ network: 'base', token: usdc })
    expect(paymentReport({ ...bare, networkName: 'atlantis' }, evidenceOf(bare, undefined, { signature: unknown }))).toMatchObject({
      network: 'atlantis',
    })
    // Gateway's contract is no token.
    const gateway: SignatureEvidence = {
      ...whole,
      expected: { ...expected, basis: 'gateway', domain: { ...usdcDomain, verifyingContract: stranger } },
    }
    expect(paymentReport(bare, evidenceOf(bare, undefined, { signature: gateway }))).toMatchObject({ token: usdc })
    expect(of(paid, whole)).toMatchObject({
      rail: 'eip3009',
      chainId: 8453,
      signed: null,
      signer: payer,
      window: { opens: String(opens + 1n), closes: String(closes - 1n), judged: 'open', now: 'open' },
      search: { says: null },
      domain: { signed: { chainId: '8453' } },
    })
    expect(of(paid, whole, closes)).toMatchObject({ window: { judged: 'open', now: 'closed' } })
    expect(of(bare, unknown)).toMatchObject({
      chainId: null,
      signer: null,
      digest: null,
      domain: { expected: null },
      token: { domain: null, units: null },
    })
    expect(of({ ...bare, chainId: 7 }, unknown).chainId).toBe(7)
    expect(of(paid, unmatched)).toMatchObject({ domain: { signed: null }, search: { says: expect.any(String) } })
    const changed = { ...match, authorization: { ...match.authorization, value: 9n } }
    expect(of(paid, { ...whole, matches: [changed] }).signed).toMatchObject({ value: '9', differs: ['value'] })
    expect(of(paid, { ...whole, matches: [{ ...match, primaryType: 'ReceiveWithAuthorization' }] }).signed).toMatchObject({
      primaryType: 'ReceiveWithAuthorization',
      differs: [],
    })
    expect(of(paid, { ...whole, matches: [{ ...match, domain: {} }] }).domain.signed).toEqual({ separator: match.separator })
    expect(of(paid, { ...whole, matches: [{ ...match, domain: { salt: '0x01' } }] }).domain.signed).toMatchObject({ salt: '0x01' })
    expect(of(paid, whole).authorization.signatureBytes).toBe(65)
  })
})

describe('what a diagnosis rests on', () => {
  it('a trace is told beside what was computed', async () => {
    const foreign = pay({ by: 'stranger' })
    const { digest } = signatureOf(foreign)
    if (digest === undefined) throw new TypeError('no digest')
    const notes = async (traced: ChainState['traced'] | undefined) =>
      (await diagnosed(foreign, [chain(foreign, {}, traced === undefined ? {} : { traced })])).findings.find(
        ({ cause }) => cause === 'signer-not-owner',
      )?.evidence.length ?? 0
    const plain = await notes(undefined)
    expect(plain).toBeGreaterThan(0)
    expect(await notes(known({ by: 'ecrecover', digest, recovered: stranger }))).toBe(plain + 1)
    expect(await notes(known(null))).toBe(plain)
    expect(await notes(unread)).toBe(plain)
  })

  it('what only a table says of a foreign token proves nothing', async () => {
    const proof = async (separator: boolean) => {
      const { token } = expected
      if (token === undefined) throw new TypeError('no token')
      const { separator: _, ...tabled } = token
      const ethereum = builtInNetworks.foreign.find(({ id }) => id === 'ethereum')
      if (ethereum === undefined) throw new TypeError('no ethereum')
      const signature: SignatureEvidence = { ...whole, expected: { ...expected, network: ethereum, token: separator ? token : tabled } }
      return (await diagnosed(paid, [chain(paid)], { signature })).proof
    }
    expect([await proof(true), await proof(false)]).toEqual(['proven', 'inferred'])
  })
})
