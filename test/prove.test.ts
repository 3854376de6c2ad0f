import { type CauseId, diagnose, type EvmDiagnosis, investigate, readEvmPayment } from '@eip3009/core'
import type { ChainState, Known } from '@eip3009/core/chain'
import type { Intervention, ReplayChain, Replayer, ReplayOutcome } from '@eip3009/core/replay'
import {
  readSvmPayment,
  type SolanaDiagnosis,
  type SvmChain,
  type SvmIntervention,
  type SvmReader,
  type SvmState,
} from '@eip3009/core/solana'
import { fixture } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'
import { healthyState, readerOf } from './chain/healthy-state.ts'

const known = <T>(value: T): Known<T> => ({ known: true, value })

describe('on a chain that is told what was read', () => {
  const { input } = fixture('base', 'valid')
  const paid = readEvmPayment(input)

  type Kind = Intervention['kind']
  type Trouble = (state: ChainState) => ChainState

  const refused =
    (change: Trouble): Trouble =>
    (state) => ({
      ...change(state),
      simulated: { atBlock: known({ outcome: 'reverts', says: 'refused' }), pending: known({ outcome: 'reverts', says: 'refused' }) },
    })
  const paused = refused((state) => ({ ...state, token: { ...state.token, paused: known(true) } }))
  const poor = refused((state) => ({ ...state, payer: { ...state.payer, balance: known(1n) } }))
  const listed = refused((state) => ({ ...state, payee: { ...state.payee, blacklisted: known(true) } }))

  /** A token that refuses under any of these interventions, or, on a chain of its own, while one of these lifts is missing. */
  function token(state: 'assumed' | 'own', refuses: (kinds: ReadonlySet<Kind>) => boolean): Replayer & { readonly runs: Kind[][] } {
    const runs: Kind[][] = []
    const chain: ReplayChain = {
      state,
      description: 'model',
      code: { kind: 'artifact', family: 'FiatTokenV2_2' },
      chainId: 8453,
      token: healthyState(paid).token.address,
      separator: '0x',
      controls: [],
      replay: async (_payment, { at, interventions = [] }): Promise<ReplayOutcome> => {
        const kinds = interventions.map(({ kind }) => kind)
        runs.push(kinds)
        const call = {
          at,
          interventions,
          call: { function: 'transferWithAuthorization', overload: 'vrs', selector: '0x', sender: paid.authorization.to },
          gasUsed: 80_000n,
          signatureCheck: null,
          balances: [],
        } as const
        return refuses(new Set(kinds))
          ? { ...call, status: 'reverted', reason: 'refused', data: '0x' }
          : { ...call, status: 'settled', events: [] }
      },
      close: async () => undefined,
    }
    return { state, open: async () => chain, runs }
  }

  const ask = async (replayer: Replayer, ...troubles: readonly Trouble[]): Promise<EvmDiagnosis> => {
    const state = troubles.reduce((before, trouble) => trouble(before), healthyState(paid))
    return diagnose(paid, { now: state.block.time, chains: [readerOf(state)], replayer })
  }
  const became = ({ findings }: EvmDiagnosis): readonly (readonly [CauseId, string, string | undefined])[] =>
    findings.map(({ cause, severity, proof }) => [cause, severity, proof] as const)

  it('is given the trouble, and what lifting it does shows nothing that the RPC did not say', async () => {
    const replayer = token('assumed', (kinds) => kinds.has('paused'))
    const diagnosis = await ask(replayer, paused)
    expect(replayer.runs).toEqual([['paused'], []])
    expect(became(diagnosis)).toEqual([['paused', 'error', undefined]])
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'paused', proof: 'inferred' })
    expect(diagnosis.replay?.runs.map(({ interventions, without }) => [interventions, without])).toEqual([
      [['The token is paused.'], []],
      [[], ['The token is paused.']],
    ])
  })

  it.each<[string, readonly Kind[], readonly (readonly [CauseId, string, string | undefined])[]]>([
    [
      'two troubles that are both needed are both proven',
      ['unpaused', 'blacklist-lifted'],
      [
        ['paused', 'error', 'proven'],
        ['blacklisted', 'error', 'proven'],
      ],
    ],
    [
      'one that makes no difference is withdrawn, though it was read',
      ['blacklist-lifted'],
      [
        ['blacklisted', 'error', 'proven'],
        ['paused', 'info', 'withdrawn'],
      ],
    ],
  ])('on its own state: %s', async (_, needed, expected) => {
    const replayer = token('own', (kinds) => !needed.every((each) => kinds.has(each)))
    const diagnosis = await ask(replayer, paused, listed)
    expect(became(diagnosis)).toEqual(expected)
    expect(replayer.runs).toEqual([
      [],
      ['unpaused', 'blacklist-lifted'],
      ['unpaused'],
      ...(replayer.runs.length > 3 ? [['blacklist-lifted']] : []),
    ])
  })

  it('of three troubles the last in rank is left in first, and each at most once', async () => {
    const replayer = token('own', (kinds) => !(kinds.has('unpaused') && kinds.has('blacklist-lifted') && kinds.has('balance')))
    const diagnosis = await ask(replayer, poor, paused, listed)
    expect(became(diagnosis)).toEqual([
      ['paused', 'error', 'proven'],
      ['blacklisted', 'error', 'proven'],
      ['insufficient-balance', 'error', 'proven'],
    ])
    const all = ['unpaused', 'blacklist-lifted', 'balance']
    expect(replayer.runs).toEqual([[], all, all.toSpliced(2, 1), all.toSpliced(1, 1), all.toSpliced(0, 1)])
  })

  it('that settles whatever was read leaves the question open', async () => {
    const replayer = token('own', () => false)
    const diagnosis = await ask(replayer, paused)
    expect(replayer.runs).toEqual([[]])
    expect(diagnosis.verdict).toBe('inconclusive')
  })
})

describe('on a cluster of our own', () => {
  const { input, state } = fixture('solana', 'valid')
  const payment = readSvmPayment(input)
  const now = 1_790_000_000n
  const source = payment.transaction?.instructions.flatMap(({ meaning }) =>
    meaning.kind === 'transfer-checked' ? [meaning.source] : [],
  )[0]
  if (source === undefined || source === null || payment.network === undefined) throw new TypeError('the fixture has no transfer')
  const { id, genesisHash } = payment.network

  type Trouble = (state: SvmState) => SvmState

  const healthy: SvmState = {
    kind: 'read',
    source: 'model',
    network: id,
    genesisHash,
    readAt: now,
    slot: known(1_000n),
    height: known(900n),
    time: known(now),
    finalized: known({ slot: 960n, height: 860n, time: known(now - 15n), blockhash: known('alive') }),
    accounts: new Map(
      Object.entries(state.accounts).map(([address, account]) => [
        address,
        known(
          account === null
            ? null
            : {
                owner: account.owner,
                lamports: BigInt(account.lamports),
                data: Uint8Array.from(Buffer.from(account.data, 'base64')),
                executable: false,
              },
        ),
      ]),
    ),
    blockhash: known('alive'),
    rent: known(890_880n),
    simulated: { asIs: { known: false, reason: 'not asked' }, fresh: { known: false, reason: 'not asked' } },
    settlement: known(null),
    historySince: known(0n),
  }
  const dead: Trouble = (before) => ({ ...before, blockhash: known('dead') })
  const held =
    (change: (data: DataView) => void): Trouble =>
    (before) => {
      const fact = before.accounts.get(source)
      if (fact?.known !== true || fact.value === null) throw new TypeError('the fixture has no source')
      const data = Uint8Array.from(fact.value.data)
      change(new DataView(data.buffer))
      return { ...before, accounts: new Map([...before.accounts, [source, known({ ...fact.value, data })]]) }
    }
  const frozen = held((data) => data.setUint8(108, 2))
  const poor = held((data) => data.setBigUint64(64, 1n, true))

  const nameOf = (each: SvmIntervention): string => (each.kind === 'account' ? each.effect.is : each.kind)

  /** What stands for no cause by itself: here and in the cluster's own run. */
  const refusal = { InstructionError: [2, { Custom: 99 }] }

  /** Programs that want all of these changes. */
  function programs(...wanted: readonly string[]): SvmChain & { readonly runs: string[][] } {
    const runs: string[][] = []
    return {
      description: 'model',
      controls: [],
      runs,
      knows: () => true,
      replay: async (_payment, _destination, _world, interventions) => {
        const names = interventions.map(nameOf)
        runs.push(names)
        const error = wanted.every((each) => names.includes(each)) ? null : refusal
        return { interventions, error, logs: [], units: 6_000n, received: null, balances: [] }
      },
    }
  }

  const ask = async (chain: SvmChain, ...troubles: readonly Trouble[]): Promise<SolanaDiagnosis> => {
    const run = known({ error: refusal, logs: [], units: null })
    // A replay over what one RPC said bears it out only where the cluster itself fails in the same way.
    const answer = { ...troubles.reduce((before, trouble) => trouble(before), healthy), simulated: { asIs: run, fresh: run } }
    const reader: SvmReader = { source: 'model', read: async () => answer }
    return (await investigate(payment, { now, readers: [reader], replayer: { open: async () => chain } })).diagnosis
  }
  const became = ({ findings }: SolanaDiagnosis): readonly (readonly [CauseId, string | undefined])[] =>
    findings.flatMap(({ cause, severity, proof }) => (severity === 'error' ? [[cause, proof] as const] : []))

  it('what is refused as it is and taken without it is proven', async () => {
    const chain = programs('thawed')
    const diagnosis = await ask(chain, frozen)
    expect(chain.runs).toEqual([[], ['thawed']])
    expect(became(diagnosis)).toEqual([['svm-account-frozen', 'proven']])
    expect(diagnosis.replay?.proven).toEqual(['svm-account-frozen'])
  })

  it('what can be left in is not proven, and stays an error: another than the programs may refuse it', async () => {
    const chain = programs('thawed')
    expect(became(await ask(chain, frozen, poor, dead))).toEqual([
      ['svm-account-frozen', 'proven'],
      ['svm-insufficient-funds', undefined],
      ['svm-blockhash-expired', undefined],
    ])
    expect(chain.runs).toHaveLength(4)
  })

  it('all that is needed is proven, the last in rank left in first', async () => {
    const chain = programs('thawed', 'filled', 'blockhash')
    const diagnosis = await ask(chain, frozen, poor, dead)
    expect(new Set(became(diagnosis).map(([, proof]) => proof))).toEqual(new Set(['proven']))
    const [, all = []] = chain.runs
    expect(chain.runs).toEqual([[], all, all.toSpliced(2, 1), all.toSpliced(1, 1), all.toSpliced(0, 1)])
  })

  it('what fails all the same proves nothing', async () => {
    const chain = programs('a miracle')
    expect(became(await ask(chain, frozen))).toEqual([['svm-account-frozen', undefined]])
    expect(chain.runs).toEqual([[], ['thawed']])
  })
})
