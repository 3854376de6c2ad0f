import { describe, expect, it } from 'vitest'
import {
  chain,
  closes,
  diagnosed,
  evidenceOf,
  now,
  pay,
  payee,
  payer,
  relayer,
  reverts,
  shown,
  signatureOf,
  told,
  unread,
  usdc,
  type Words,
} from '../../../../../test/evidence/evm.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import type { ChainAnswer, ChainState } from '../evidence/chain.ts'
import type { Fork, Forker } from '../evidence/fork.ts'
import type { CallFrame, Intervention, ReplayChain, ReplayCode, Replayer, ReplayOutcome, TokenEvent } from '../evidence/replay.ts'
import type { Payment } from '../payment/payment.ts'
import type { ExpectedDomain } from '../signature/expected-domain.ts'
import { explain } from './explanations.ts'
import { openForked, openWorld } from './open-world.ts'
import { prove } from './prove.ts'
import { replayMatrix } from './replay-matrix.ts'
import { replayTarget, targetFor } from './replay-target.ts'
import { toRun } from './report-run.ts'
import { suspects } from './suspects.ts'

const paid = pay()
const artifact: ReplayCode = { kind: 'artifact', family: 'FiatTokenV2_2' }
const standIn: ReplayCode = { kind: 'stand-in', family: 'FiatTokenV2_2', of: 'TetherTokenV2' }
const call = {
  at: now,
  interventions: [],
  call: { function: 'transferWithAuthorization', overload: 'vrs', selector: '0x', sender: relayer },
  gasUsed: 80_000n,
  signatureCheck: null,
  balances: [],
} as const
const settles: ReplayOutcome = { ...call, status: 'settled', events: [] }
const refused = (says: string, more: Partial<Extract<ReplayOutcome, { status: 'reverted' }>> = {}): ReplayOutcome => ({
  ...call,
  status: 'reverted',
  reason: says,
  data: reverts(says).data ?? '0x',
  ...more,
})
const finding = (cause: CauseId, more: Partial<Finding> = {}): Finding => ({
  cause,
  party: 'nobody',
  severity: 'error',
  summary: 's',
  evidence: [{ source: 'chain', says: 'read' }],
  fix: 'f',
  ...more,
})

interface Model extends ReplayChain {
  readonly runs: string[][]
  closed: number
}

/** A chain on which the payment is refused as long as `refuses` says so of what is in force. */
function model(
  refuses: (kinds: ReadonlySet<Intervention['kind']>, interventions: readonly Intervention[]) => string | undefined,
  more: Partial<ReplayChain> = {},
): Model {
  const made: Model = {
    runs: [],
    closed: 0,
    description: 'model',
    code: artifact,
    chainId: 8453,
    token: usdc,
    separator: '0x',
    controls: [],
    replay: async (_payment, { interventions = [] }) => {
      made.runs.push(interventions.map(({ kind }) => kind))
      const says = refuses(new Set(interventions.map(({ kind }) => kind)), interventions)
      return says === undefined
        ? { ...settles, interventions }
        : { ...(refused(says) as Extract<ReplayOutcome, { status: 'reverted' }>), interventions }
    },
    close: async () => {
      made.closed += 1
    },
    ...more,
  }
  return made
}
const replayer = (made: ReplayChain, state?: 'own'): Replayer => ({ ...(state === undefined ? {} : { state }), open: async () => made })

describe('a replay beside what was read', () => {
  const poor: Words = { balance: 0n }
  it('a chain that is told of the money proves nothing that the token did not say, and settles with it', async () => {
    const world = model((kinds) => (kinds.has('balance') ? 'ERC20: transfer amount exceeds balance' : undefined))
    const evidence = evidenceOf(paid, [chain(paid, poor)])
    const error = finding('insufficient-balance')
    const report = await prove(world, paid, evidence, [error])
    expect(world.runs).toEqual([['balance'], []])
    expect([report.proofs.get(error), report.told.has(error), report.own]).toEqual(['proven', true, false])
    expect([report.asIs.status, report.withFix?.status]).toEqual(['reverted', 'settled'])
    expect(report.runs.map(({ outcome, without }) => [outcome, without.length])).toEqual([
      ['reverted', 0],
      ['settled', 1],
    ])
  })

  it('a chain with its own state is not told, and is put right', async () => {
    const world = model((kinds) => (kinds.has('balance') ? undefined : 'ERC20: transfer amount exceeds balance'), { state: 'own' })
    const error = finding('insufficient-balance')
    const report = await prove(world, paid, evidenceOf(paid, [chain(paid, poor)]), [error])
    expect(world.runs).toEqual([[], ['balance']])
    expect([report.proofs.get(error), report.told.has(error), report.own]).toEqual(['proven', false, true])
  })

  it('what other evidence excludes is not put onto a chain', async () => {
    const world = model(() => undefined)
    await prove(world, paid, evidenceOf(paid, [chain(paid, { ...poor, paused: true })]), [], ['insufficient-balance'])
    expect(world.runs[0]).toEqual(['paused'])
  })

  it('what is left in without harm is withdrawn', async () => {
    const world = model((kinds) => (kinds.has('paused') ? 'Pausable: paused' : undefined))
    const [paused, listed] = [finding('paused'), finding('blacklisted', { seen: payer })]
    const report = await prove(world, paid, evidenceOf(paid, [chain(paid, { paused: true, payerListed: true })]), [paused, listed])
    expect([report.proofs.get(paused), report.proofs.get(listed)]).toEqual(['proven', 'withdrawn'])
  })

  it('explains what settles, and only that', async () => {
    const report = await prove(
      model(() => undefined),
      paid,
      evidenceOf(paid),
      [],
    )
    expect(report.explanations.map(({ cause }) => cause)).toEqual(['eip7702-payer', 'pending-block-estimate', 'message-altered'])
    expect(report.runs).toHaveLength(2)
    expect(
      (
        await prove(
          model(() => undefined),
          paid,
          evidenceOf(paid),
          [finding('expired')],
        )
      ).explanations,
    ).toEqual([])
    expect(
      (
        await prove(
          model(() => 'no'),
          paid,
          evidenceOf(paid),
          [],
        )
      ).explanations,
    ).toEqual([])
  })
})

describe('why a payment that is right can still have been refused', () => {
  const of = async (
    chains: readonly ChainAnswer[] | undefined,
    code: ReplayCode = artifact,
    says = 'FiatTokenV2: invalid signature',
  ): Promise<string[]> =>
    (await explain(code, 'transferWithAuthorization', evidenceOf(paid, chains), async () => refused(says))).map(
      ({ cause, shown: isShown }) => `${cause}${isShown ? '!' : ''}`,
    )
  const late = (words: Words, more: Partial<ChainState> = {}): readonly ChainAnswer[] => [chain(paid, words, more)]
  it('what a chain rules out is left out', async () => {
    expect(await of(undefined)).toEqual(['eip7702-payer!', 'pending-block-estimate', 'message-altered'])
    expect(await of(late({}))).toEqual(['message-altered'])
    expect(await of(late({ payerCode: unread, simulated: unread }))).toEqual([
      'eip7702-payer!',
      'pending-block-estimate',
      'message-altered',
    ])
    expect(await of(late({ payerCode: unread }))).toEqual(['eip7702-payer!', 'pending-block-estimate', 'message-altered'])
    expect(await of(late({ payerCode: unread, simulated: { outcome: 'succeeds' } }))).toEqual(['eip7702-payer!', 'message-altered'])
    expect(await of(late({ simulated: reverts('no') }))).toEqual(['pending-block-estimate', 'message-altered'])
    expect(await of(late({}, { instead: 'pruned' }))).toEqual(['eip7702-payer!', 'pending-block-estimate', 'message-altered'])
  })
  it('is shown by the code of the token alone, and by its own words', async () => {
    expect((await of(undefined, artifact, 'whatever'))[0]).toBe('eip7702-payer')
    expect((await of(undefined, { kind: 'fork', family: 'FiatTokenV2_2' }))[0]).toBe('eip7702-payer!')
    expect((await of(undefined, { kind: 'stand-in', family: 'FiatTokenV2_2', of: 'FiatTokenV2_2' }))[0]).toBe('eip7702-payer')
    expect((await of(undefined, { kind: 'fork', family: null }))[0]).toBe('eip7702-payer')
  })
  it('a token that asks no code is not asked about code', async () => {
    expect(await of(undefined, { kind: 'artifact', family: 'UChildAdministrableERC20' })).toEqual([
      'pending-block-estimate',
      'message-altered',
    ])
    expect(await of(undefined, { kind: 'stand-in', family: 'FiatTokenV2_2', of: 'UChildAdministrableERC20' })).toEqual([
      'pending-block-estimate',
      'message-altered',
    ])
  })
})

describe('what a refused replay itself hints at', () => {
  const of = (outcome: ReplayOutcome, gasLimit?: bigint, more: Partial<ReplayChain> = {}): string =>
    shown(suspects({ ...model(() => undefined), ...more }, outcome, gasLimit))
  const gas = 'error facilitator-gas-limit/facilitator transaction.gas'
  const frame = (error?: string, calls?: readonly CallFrame[]): CallFrame => ({
    input: '0x',
    ...(error === undefined ? {} : { error }),
    ...(calls === undefined ? {} : { calls }),
  })
  const outOf = (trace: CallFrame): ReplayOutcome => refused('no', { trace })
  // A call keeps a 64th of its gas (EIP-150): 95 % and more are all that there was.
  it.each([
    ['it settles', settles, 80_000n, ''],
    ['more than 95 % was used', refused('no'), 84_210n, gas],
    ['just 95 %', refused('no', { gasUsed: 95_000n }), 100_000n, ''],
    ['one more', refused('no', { gasUsed: 95_001n }), 100_000n, gas],
    ['nobody knows the limit', refused('no'), undefined, ''],
    ['a call ran out', outOf(frame('out of gas')), undefined, gas],
    ['an inner call ran out', outOf(frame('execution reverted', [frame(), frame('OutOfGas')])), undefined, gas],
    ['a call failed otherwise', outOf(frame('execution reverted')), undefined, ''],
  ] as const)('%s', (_name, outcome, gasLimit, found) => expect(of(outcome, gasLimit)).toBe(found))

  it('what waits in the pending block', () => {
    const pending = { earlier: 'pending' } as const
    expect(of(refused('Pausable: paused'), undefined, pending)).toBe('error pending-block-estimate/rpc rpc')
    expect(of(refused('FiatTokenV2: authorization is used or canceled'), undefined, pending)).toBe(
      'error settlement-unconfirmed/facilitator authorization.nonce',
    )
    expect(of(refused('Pausable: paused'), undefined, { earlier: 'mined' })).toBe('')
    expect(
      of(refused('FiatTokenV2: authorization is used or canceled'), undefined, { ...pending, code: { kind: 'fork', family: null } }),
    ).toBe('error pending-block-estimate/rpc rpc')
  })
})

describe('which token a payment is replayed against', () => {
  const { expected } = signatureOf(paid)
  if (expected === undefined) throw new TypeError('no domain')
  const basis = (is: ExpectedDomain['basis'], more: Partial<ExpectedDomain> = {}): ExpectedDomain => ({ ...expected, basis: is, ...more })
  const { network: _, ...nowhere } = expected
  const own = { state: 'own' } as const

  it('one that is known, and not one that only the payload tells', () => {
    expect(replayTarget(paid, expected)).toEqual({ network: expected.network, token: expected.token })
    expect(replayTarget(paid, undefined)).toBeUndefined()
    for (const is of ['offer', 'typed-data', 'elsewhere', 'usual', 'disputed', 'other-token', 'gateway'] as const)
      expect(replayTarget(paid, basis(is))).toBeUndefined()
    for (const is of ['chain', 'any-network'] as const)
      expect(replayTarget(paid, basis(is))).toEqual({ network: expected.network, token: expected.token })
  })

  it('as it was told, where somebody told it', () => {
    expect(replayTarget(paid, basis('user'))).toEqual({
      chainId: 8453,
      place: 'base',
      token: {
        address: usdc,
        name: 'USD Coin',
        version: '2',
        layout: 'standard',
        symbol: 'USDC',
        decimals: 6,
        family: 'FiatTokenV2_2',
        overloads: { vrs: true, bytes: true },
        separator: expected.separator,
      },
    })
    expect(replayTarget(paid, basis('chain', { family: 'TetherTokenV2' }))).toMatchObject({
      chainId: 8453,
      token: { family: 'TetherTokenV2' },
    })
    const { token: __, units: ___, family: ____, ...bare } = nowhere
    expect(replayTarget(paid, { ...bare, basis: 'chain' })).toEqual({
      chainId: 8453,
      token: { address: usdc, name: 'USD Coin', version: '2', layout: 'standard' },
    })
    expect(replayTarget(paid, { ...bare, basis: 'chain', domain: { verifyingContract: usdc, salt: '0x01' } })).toMatchObject({
      token: { name: '', version: '', layout: 'salt' },
    })
    expect(replayTarget(paid, { ...bare, basis: 'chain', domain: {} })).toBeUndefined()
    const { chainId: _____, ...unplaced } = paid
    expect(replayTarget(unplaced, { ...bare, basis: 'chain' })).toBeUndefined()
  })

  it('a chain that has the token itself needs nobody to tell it', () => {
    expect(targetFor(own, paid, expected)).toEqual({ network: expected.network, token: expected.token })
    expect(targetFor(own, paid, basis('offer'))).toEqual({ chainId: 8453, token: { address: usdc, name: 'USD Coin', version: '2' } })
    expect(targetFor(own, paid, undefined)).toEqual({ chainId: 8453, token: { address: usdc, name: '', version: '' } })
    expect(targetFor({}, paid, basis('offer'))).toBeUndefined()
    expect(targetFor(own, paid, basis('gateway'))).toBeUndefined()
    const { token: _token, ...untokened } = paid
    expect(targetFor(own, untokened, undefined)).toBeUndefined()
    const { chainId: _chainId, ...unplaced } = paid
    expect(targetFor(own, unplaced, undefined)).toBeUndefined()
  })
})

describe('a world that does not open', () => {
  const state = chain(paid)
  const evidence = evidenceOf(paid, [state])
  const question = { payment: paid, token: usdc, chainId: 8453 } as const
  const forkOf = (hash: `0x${string}`, reread: (there: ChainState) => Promise<ChainState> = async (there) => there): Fork & Model =>
    ({
      ...model(() => undefined, { state: 'own' }),
      state: 'own',
      fork: { block: { number: 1_000n, hash } },
      reread: (_question: unknown, there: ChainState) => reread(there),
    }) as unknown as Fork & Model
  const forker = (made: Fork): Forker => ({ open: async () => made })
  const code = async (
    given: Parameters<typeof openForked>[2],
    asked: Parameters<typeof openForked>[3] = question,
    from: Forker = forker(forkOf(state.block.hash)),
    of: Payment = paid,
  ) => {
    const opened = await openForked(from, of, given, asked)
    return 'code' in opened ? opened.code : 'opened'
  }

  it('a fork', async () => {
    expect(await code(evidence)).toBe('opened')
    expect(await openForked(forker(forkOf(state.block.hash)), paid, evidence, undefined)).toMatchObject({ code: 'no-network' })
    expect(await code(evidenceOf(paid))).toBe('no-network')
    expect(await code(evidenceOf(paid, [{ kind: 'unreachable', source: 'a', reason: 'b' }]))).toBe('chain-unread')
    expect(await code(evidenceOf(paid, [{ kind: 'wrong-chain', source: 'a', expected: 8453, chainId: 1 }]))).toBe('chain-unread')
    expect(await code(evidenceOf(paid, [chain(paid, {}, { instead: 'pruned' })]))).toBe('past')
    const { network: _, ...unknown } = paid
    const { expected: __, ...rest } = signatureOf(paid)
    expect(await code(evidenceOf(paid, [state], { signature: rest }), question, undefined, unknown)).toBe('no-network')
    const { expected } = signatureOf(paid)
    if (expected === undefined) throw new TypeError('no domain')
    expect(await code(evidenceOf(paid, [state], { signature: { ...rest, expected: { ...expected, basis: 'gateway' } } }))).toBe(
      'token-unknown',
    )
    const failing: Forker = { open: () => Promise.reject(new Eip3009Error('missing-package', 'no anvil')) }
    expect(await code(evidence, question, failing)).toBe('unavailable')
    await expect(code(evidence, question, { open: () => Promise.reject(new TypeError('a bug')) })).rejects.toThrow('a bug')
  })

  it('is closed where its block was replaced, or its state can not be read', async () => {
    const other = forkOf(`0x${'01'.repeat(32)}`)
    expect(await code(evidence, question, forker(other))).toBe('unavailable')
    const broken = forkOf(state.block.hash, () => Promise.reject(new TypeError('a bug')))
    await expect(code(evidence, question, forker(broken))).rejects.toThrow('a bug')
  })

  it('puts what the fork makes of the state in the place of what was believed', async () => {
    const then = { block: 1n, time: 2n, separator: '0x01' } as const
    const believedOne = { ...state, separatorThen: then }
    const other = chain(paid, { source: 'other.example.com', number: 900n })
    const opened = await openForked(
      forker(forkOf(state.block.hash, async (there) => ({ ...chain(paid, { paused: true }), source: there.source }))),
      paid,
      evidenceOf(paid, [other, believedOne]),
      question,
    )
    if ('code' in opened) throw new TypeError(opened.reason)
    expect(opened.evidence.chains).toEqual([other, { ...chain(paid, { paused: true }), separatorThen: then }])
  })

  it('a chain that stands in for a token without code', async () => {
    const missing = finding('asset-has-no-code')
    const open = async (errors: readonly Finding[], made: Model, state_?: 'own') => {
      const opened = await openWorld(replayer(made, state_), paid, evidence, errors)
      return ['code' in opened ? opened.code : 'opened', made.closed]
    }
    expect(
      await open(
        [],
        model(() => undefined),
      ),
    ).toEqual(['opened', 0])
    expect(
      await open(
        [missing],
        model(() => undefined),
      ),
    ).toEqual(['moot', 1])
    expect(
      await open(
        [missing],
        model(() => undefined, { state: 'own' }),
      ),
    ).toEqual(['opened', 0])
    expect(
      await open(
        [finding('paused')],
        model(() => undefined),
      ),
    ).toEqual(['opened', 0])
    const { expected: _, ...rest } = signatureOf(paid)
    const opened = await openWorld(replayer(model(() => undefined)), paid, evidenceOf(paid, undefined, { signature: rest }), [])
    expect('code' in opened ? opened.code : '').toBe('no-network')
  })
})

describe('a diagnosis with a replay', () => {
  const of = async (words: Words | undefined, made: ReplayChain, more: Parameters<typeof diagnosed>[2] = {}) =>
    told(await diagnosed(paid, words === undefined ? [] : [chain(paid, words)], { replayer: replayer(made), ...more }))
  it('settles by it, fails by it, or contradicts it', async () => {
    expect(
      await of(
        undefined,
        model(() => undefined),
      ),
    ).toMatchObject({ verdict: 'settles', proof: 'proven' })
    expect(
      await of(
        undefined,
        model(() => 'whatever'),
      ),
    ).toMatchObject({ verdict: 'inconclusive', proof: null })
    const poor = { balance: 0n, simulated: unread } as const
    expect(
      await of(
        poor,
        model((kinds) => (kinds.has('balance') ? 'ERC20: transfer amount exceeds balance' : undefined)),
      ),
    ).toMatchObject({ verdict: 'fails', errors: ['insufficient-balance'], proof: 'inferred' })
    const own = {
      replayer: replayer(
        model((kinds) => (kinds.has('balance') ? undefined : 'ERC20: transfer amount exceeds balance'), { state: 'own' }),
        'own',
      ),
    }
    expect(
      await of(
        poor,
        model(() => undefined),
        own,
      ),
    ).toMatchObject({ verdict: 'fails', errors: ['insufficient-balance'], proof: 'proven' })
    const rich = {
      replayer: replayer(
        model(() => undefined, { state: 'own' }),
        'own',
      ),
    }
    expect(
      await of(
        poor,
        model(() => undefined),
        rich,
      ),
    ).toMatchObject({ verdict: 'inconclusive', errors: [], others: ['insufficient-balance', 'rpc-fault'] })
  })

  it('a chain that can not be opened, or stops working, is told as skipped', async () => {
    const skipped = async (from: Replayer) =>
      (await diagnosed(paid, [], { replayer: from })).skipped.find(({ id }) => id === 'replay')?.code
    expect(await skipped({ open: () => Promise.reject(new Eip3009Error('missing-package', 'no anvil')) })).toBe('unavailable')
    const broken = model(() => undefined, { replay: () => Promise.reject(new Eip3009Error('chain-unavailable', 'it ended')) })
    expect(await skipped(replayer(broken))).toBe('unavailable')
    expect(broken.closed).toBe(1)
    await expect(
      diagnosed(paid, [], { replayer: replayer(model(() => undefined, { replay: () => Promise.reject(new TypeError('a bug')) })) }),
    ).rejects.toThrow('a bug')
    expect((await diagnosed(paid)).skipped.find(({ id }) => id === 'replay')?.code).toBe('not-wanted')
  })

  it('closes what it opened', async () => {
    const made = model(() => undefined)
    await diagnosed(paid, [], { replayer: replayer(made) })
    expect(made.closed).toBe(1)
  })

  it('a fork that can not be had gives way to a chain of our own, but not where its controls failed', async () => {
    const chains = [chain(paid)]
    const from = (error: Eip3009Error): Forker => ({ open: () => Promise.reject(error) })
    const of_ = async (error: Eip3009Error, more: Parameters<typeof diagnosed>[2]) => {
      const { replay, skipped } = await diagnosed(paid, chains, { forker: from(error), ...more })
      return [replay !== null, ...skipped.map(({ id }) => id).filter((id) => id === 'fork' || id === 'replay')]
    }
    const none = new Eip3009Error('missing-package', 'no anvil')
    expect(await of_(none, { replayer: replayer(model(() => undefined)) })).toEqual([true, 'fork'])
    expect(await of_(none, {})).toEqual([false, 'replay'])
    expect(await of_(new Eip3009Error('controls-failed', 'it is no such token'), { replayer: replayer(model(() => undefined)) })).toEqual([
      false,
      'replay',
    ])
  })
})

describe('one replay as JSON has it', () => {
  const transfer: TokenEvent = { name: 'Transfer', from: payer, to: payee, value: 7n }
  const used: TokenEvent = { name: 'AuthorizationUsed', authorizer: payer, nonce: '0x01' }
  it('what moved, what was refused, what was hashed', () => {
    expect(toRun({ ...settles, events: [used, transfer, { ...transfer, value: 9n }] } as ReplayOutcome, artifact, [])).toMatchObject({
      outcome: 'settled',
      transferred: '7',
      revert: null,
      at: String(now),
      gasUsed: '80000',
    })
    expect(toRun(settles, artifact, [])).toMatchObject({ transferred: null, digest: null, recovered: null })
    expect(toRun({ ...settles, events: [used] } as ReplayOutcome, artifact, [])).toMatchObject({ transferred: null })
    expect(toRun(refused('Pausable: paused'), artifact, [{ kind: 'paused' }])).toMatchObject({
      outcome: 'reverted',
      transferred: null,
      revert: 'Pausable: paused',
      without: [expect.any(String)],
    })
    const checked = { ...settles, signatureCheck: { by: 'ecrecover', digest: '0x02', recovered: payer } } as ReplayOutcome
    expect(toRun(checked, artifact, [])).toMatchObject({ digest: '0x02', recovered: payer })
    const asked = {
      ...settles,
      signatureCheck: { by: 'erc1271', digest: '0x03', wallet: payer, answer: '0x', accepted: false },
    } as ReplayOutcome
    expect(toRun(asked, artifact, [])).toMatchObject({ digest: '0x03', recovered: null })
    expect(toRun(refused('Pausable: paused'), standIn, [])).toMatchObject({ revert: 'Pausable: paused' })
  })
})

describe('every intervention alone', () => {
  const matrix = async (given: Payment, made = model(() => undefined)) =>
    (await replayMatrix(made, given, { at: now, signature: signatureOf(given) })).map(({ name }) => name)
  const usual = [
    'time into the window',
    'fund the payer',
    'free the nonce',
    "clear the payer's code",
    'delegate the payer to code that accepts',
    "lift the payer's blacklisting",
    "lift the payee's blacklisting",
    'unpause',
  ]
  it('those that would change something of this payment', async () => {
    expect(await matrix(paid)).toEqual([...usual, 'the other overload', 'fund the relayer'])
    expect(
      await matrix(
        paid,
        model(() => undefined, { earlier: 'mined' }),
      ),
    ).toEqual([...usual, 'the other overload', 'fund the relayer', 'latest for pending'])
    expect(await matrix(pay({ says: { validBefore: now } }))).toEqual([...usual, 'the other overload', 'fund the relayer'])
    expect((await matrix(pay({ says: { validAfter: closes } })))[0]).toBe('fund the payer')
    const odd = pay({ bytes: (signature) => `${signature.slice(0, 130) as '0x'}${signature.endsWith('1b') ? '00' : '01'}` })
    expect(await matrix(odd)).toContain('normalise v or s')
    const bytes = (overload: 'vrs' | 'bytes') => pay({}, { call: { function: 'transferWithAuthorization', selector: '0x', overload } })
    const other = async (given: Payment) =>
      (
        await replayMatrix(
          model(() => undefined),
          given,
          { at: now, signature: signatureOf(given) },
        )
      ).find(({ name }) => name === 'the other overload')?.intervention
    expect(await other(bytes('vrs'))).toContain('signature bytes')
    expect(await other(bytes('bytes'))).toContain('(v, r, s)')
    expect(await other(pay({ bytes: (signature) => `${signature}00` }))).toBeUndefined()
    const [match] = signatureOf(paid).matches
    if (match === undefined) throw new TypeError('the payment is signed')
    const signature = {
      ...signatureOf(paid),
      matches: [{ ...match, separator: '0x01', authorization: { ...paid.authorization, value: 1n } } as const],
    }
    const names = (
      await replayMatrix(
        model(() => undefined),
        paid,
        { at: now, signature },
      )
    ).map(({ name }) => name)
    expect(names).toEqual([...usual, "the token's domain as signed", 'the message as signed', 'the other overload', 'fund the relayer'])
  })

  it('what the chain can not be given is impossible, and a bug is a bug', async () => {
    const failing = (error: Error) => model(() => undefined, { replay: () => Promise.reject(error) })
    const rows = await replayMatrix(failing(new Eip3009Error('unsupported-input', 'not that')), paid, {
      at: now,
      signature: signatureOf(paid),
    })
    expect(new Set(rows.map(({ outcome, says }) => `${outcome} ${says}`))).toEqual(new Set(['impossible not that']))
    await expect(
      replayMatrix(failing(new Eip3009Error('chain-unavailable', 'it ended')), paid, { at: now, signature: signatureOf(paid) }),
    ).rejects.toThrow('it ended')
    await expect(replayMatrix(failing(new TypeError('a bug')), paid, { at: now, signature: signatureOf(paid) })).rejects.toThrow('a bug')
    const [row] = await replayMatrix(
      model(() => 'Pausable: paused'),
      paid,
      { at: now, signature: signatureOf(paid) },
    )
    expect(row).toMatchObject({ outcome: 'reverted', says: 'Pausable: paused' })
    const [fine] = await replayMatrix(
      model(() => undefined),
      paid,
      { at: now, signature: signatureOf(paid) },
    )
    expect(fine).toMatchObject({ outcome: 'settled', says: null })
  })
})
