import type { EvmDiagnosis, EvmPayment, SignatureEvidence } from '@eip3009/core'
import type { ChainAnswer, ChainState } from '@eip3009/core/chain'
import type { Replayer, ReplayOutcome } from '@eip3009/core/replay'
import type { SolanaDiagnosis, SvmAnswer, SvmReader } from '@eip3009/core/solana'
import { type FixtureCause, type FixtureNetwork, fixture, type SvmVariant } from '@eip3009/fixtures'
import { healthyState, readerOf } from '../chain/healthy-state.ts'
import type { Pipeline } from './bundle.ts'

/** A pipeline with the token of Base on a chain of its own. */
export interface World extends Pipeline {
  readonly base: Replayer
  /** What it found out about a signature, by network and cause: its own search, made once. */
  readonly searched: Map<string, Promise<SignatureEvidence>>
}

/** Asks a pipeline about one payment. */
export type Question = (world: World) => Promise<EvmDiagnosis | SolanaDiagnosis>

/** Nothing is replayed, the token of Base is, or a fork of a pending block in which the token says this. */
export type Replay = 'no' | 'base' | { readonly pending: string }

function replayed({ base }: World, replay: Replay): { readonly replayer?: Replayer } {
  if (replay === 'no') return {}
  return { replayer: replay === 'base' ? base : pendingFork(replay.pending) }
}

/** A fixture on an EVM chain, by what its payload says alone, or replayed. */
export function evmFixture(network: FixtureNetwork, cause: FixtureCause, replay: Replay = 'no'): Question {
  const { input, at } = fixture(network, cause)
  return async (world) => {
    const payment = world.readEvmPayment(input)
    const key = `${network} ${cause}`
    const searched = world.searched.get(key) ?? world.searchSignature(payment, world.builtInNetworks, { depth: 'quick' })
    world.searched.set(key, searched)
    const options = { now: BigInt(at), at: BigInt(at), signature: await searched, ...replayed(world, replay) }
    return world.diagnose(payment, options)
  }
}

const yes = { known: true, value: true } as const
const reverts = (says: string): ChainState['simulated']['atBlock'] => ({ known: true, value: { outcome: 'reverts', says } })
const unread = { known: false, reason: 'the node says "header not found"' } as const
const stranger = '0x000000000000000000000000000000000000dEaD'
const hash = `0x${'5e'.repeat(32)}` as const

type Change = (state: ChainState, payment: EvmPayment) => readonly ChainAnswer[]
const one =
  (change: (state: ChainState, payment: EvmPayment) => Partial<ChainState>): Change =>
  (state, payment) => [{ ...state, ...change(state, payment) }]
const settledBy = (how: 'used' | 'canceled', sender: typeof stranger | undefined): Change =>
  one((_state, payment) => ({
    nonce: {
      used: yes,
      usedNow: yes,
      settlement: {
        known: true,
        value: {
          how,
          transaction: hash,
          block: 999n,
          time: { known: true, value: 1_789_999_900n },
          sender: sender === undefined ? unread : { known: true, value: sender },
          blockHash: hash,
          blocks: { receipt: { known: true, value: hash }, now: { known: true, value: hash } },
          called: unread,
          emitters: unread,
          paid: { known: true, value: { to: payment.authorization.to, value: payment.authorization.value } },
        },
      },
    },
    simulated: {
      atBlock: reverts('FiatTokenV2: authorization is used or canceled'),
      pending: reverts('FiatTokenV2: authorization is used or canceled'),
    },
  }))

/** What chains say of a good payment, each row one trouble or two of them. */
export const onChain: Readonly<Record<string, Change>> = {
  nothing: (state) => [state],
  paused: one(({ token }) => ({ token: { ...token, paused: yes }, simulated: { atBlock: reverts('Pausable: paused'), pending: unread } })),
  'paused beside a transfer that succeeds': one(({ token }) => ({ token: { ...token, paused: yes } })),
  'paused and blacklisted': one(({ token, payer }) => ({
    token: { ...token, paused: yes },
    payer: { ...payer, blacklisted: yes },
    simulated: { atBlock: reverts('Pausable: paused'), pending: unread },
  })),
  'blacklisted and poor': one(({ payer }) => ({
    payer: { ...payer, blacklisted: yes, balance: { known: true, value: 1n } },
    simulated: { atBlock: reverts('Blacklistable: account is blacklisted'), pending: unread },
  })),
  'no balance': one(({ payer }) => ({ payer: { ...payer, balance: { known: true, value: 0n } } })),
  'nonce used': settledBy('used', undefined),
  'nonce used by another': settledBy('used', stranger),
  'nonce canceled': settledBy('canceled', undefined),
  'nonce used, nobody knows how': one(() => ({ nonce: { used: yes, usedNow: yes, settlement: unread } })),
  'settling in the pending block': one(({ simulated }) => ({
    simulated: { ...simulated, pending: reverts('FiatTokenV2: authorization is used or canceled') },
  })),
  'refused in the pending block': one(({ simulated }) => ({
    simulated: { ...simulated, pending: reverts('FiatTokenV2: invalid signature') },
  })),
  'refused by a token that says why': one(() => ({ simulated: { atBlock: reverts('Blocked: account is blocked'), pending: unread } })),
  'no code at the asset': one(({ token }) => ({ token: { ...token, code: { known: true, value: 0 } } })),
  'a payer with another delegate': one(({ payer }) => ({
    payer: { ...payer, code: { known: true, value: { kind: 'eip7702', delegate: stranger, delegateCode: { known: true, value: 0 } } } },
    wallet: [],
  })),
  'a balance that nobody can read': one(({ payer }) => ({ payer: { ...payer, balance: unread } })),
  'a simulation that nobody can read': one(() => ({ simulated: { atBlock: unread, pending: unread } })),
  'a facilitator without gas money': one(() => ({
    facilitator: {
      address: stranger,
      native: { known: true, value: 1n },
      gasPrice: { known: true, value: 1_000_000_000n },
      nonce: { known: true, value: 1n },
      pendingNonce: { known: true, value: 3n },
      affords: { known: true, value: false },
      blacklisted: { known: true, value: false },
    },
  })),
  'another chain': ({ chainId }) => [{ kind: 'wrong-chain', source: 'rpc.example.com', expected: chainId, chainId: 1 }],
  'an RPC that does not answer': () => [{ kind: 'unreachable', source: 'rpc.example.com', reason: 'it hung up' }],
  'two that disagree': (state) => [
    state,
    {
      ...state,
      source: 'rpc.example.org',
      block: { ...state.block, number: state.block.number + 1n },
      token: { ...state.token, paused: yes },
    },
  ],
  'another separator': one(({ token }) => ({ token: { ...token, separator: { known: true, value: hash } } })),
}

/** A payment on Base with what chains say of it. */
export function onBase(name: string, replay: Replay = 'no', cause: FixtureCause = 'valid'): Question {
  const change = onChain[name]
  if (change === undefined) throw new RangeError(`There is no chain "${name}".`)
  const { input } = fixture('base', cause)
  return (world) => {
    const payment = world.readEvmPayment(input)
    const state = healthyState(payment)
    const answers = change(state, payment)
    const chains = answers.map(readerOf)
    return world.diagnose(payment, { now: state.block.time, chains, facilitator: stranger, ...replayed(world, replay) })
  }
}

/** A fork of a pending block in which the token says this, and nothing without what waits there. */
function pendingFork(reason: string): Replayer {
  return {
    open: async () => ({
      state: 'own',
      earlier: 'pending',
      code: { kind: 'fork', family: 'FiatTokenV2_2' },
      description: 'a fork that was made up',
      chainId: 8453,
      token: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
      separator: hash,
      controls: [],
      close: async () => undefined,
      replay: async (_payment, { at, interventions = [] }): Promise<ReplayOutcome> => {
        const call = { function: 'transferWithAuthorization', overload: 'vrs', selector: '0xe3ee160e', sender: stranger } as const
        const shared = { at, interventions, call, gasUsed: 50_000n, signatureCheck: null, balances: [] }
        return interventions.some(({ kind }) => kind === 'latest')
          ? { ...shared, status: 'settled', events: [] }
          : { ...shared, status: 'reverted', reason, data: '0x' }
      },
    }),
  }
}

/** A payment on Solana with what its snapshot says, `change` made to that, replayed where `isReplayed`. */
export function onSolana(
  { input, snapshot, at }: SvmVariant,
  isReplayed: boolean,
  change: (answer: SvmAnswer) => SvmAnswer = (own) => own,
): Question {
  return async ({ diagnose, liteSvmReplayer, readSnapshot, readSvmPayment }) => {
    const readers = readSnapshot(snapshot).readers.map(
      (own): SvmReader => ({ source: own.source, read: async (question) => change(await own.read(question)) }),
    )
    const replayer = isReplayed ? { replayer: liteSvmReplayer() } : {}
    return diagnose(readSvmPayment(input), { now: BigInt(at), readers, ...replayer })
  }
}

/** The same payment with nobody asked. */
export function alone({ input, at }: SvmVariant): Question {
  return async ({ diagnose, readSvmPayment }) => diagnose(readSvmPayment(input), { now: BigInt(at) })
}

const unasked = { known: false, reason: 'the node says "Node is behind by 200 slots"' } as const

/** Each fact of an answer in turn as one that nobody could read. */
export const unreadFacts = ['blockhash', 'settlement', 'accounts', 'historySince', 'rent', 'time'] as const

export function without(fact: (typeof unreadFacts)[number] | `account ${number}`): (answer: SvmAnswer) => SvmAnswer {
  return (answer) => {
    if (answer.kind !== 'read') return answer
    if (fact === 'accounts') return { ...answer, accounts: new Map([...answer.accounts.keys()].map((address) => [address, unasked])) }
    if (fact.startsWith('account ')) {
      const place = Number(fact.slice('account '.length))
      return {
        ...answer,
        accounts: new Map([...answer.accounts].map(([address, own], index) => [address, index === place ? unasked : own])),
      }
    }
    return { ...answer, [fact]: unasked }
  }
}
