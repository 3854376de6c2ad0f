// The whole answer to a payment and what was recorded of its cluster, as ids: causes in their order, verdict, proof, money and the next step.
import { describe, expect, it } from 'vitest'
import {
  behind,
  calledBy,
  dead,
  decimals,
  finalizedAs,
  frozen,
  having,
  holds,
  inSlot,
  landed,
  missing,
  newest,
  now,
  ownedBy,
  readAgo,
  recorded,
  runs,
  simulatedAsIs,
  simulatedWith,
  stranger,
  token2022,
  unasked,
  unreachable,
  unread,
  unreadable,
  untold,
  type Word,
  wrongCluster,
} from '../../../../../test/solana/recorded.ts'
import { type CauseId, catalogue } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import { known, unknown } from '../../evidence/known.ts'
import { svmFinding } from '../offer/finding.ts'
import type { SvmAnswer } from '../state/state.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import type { SvmProof } from '../world/prove-svm.ts'
import type { SvmOutcome } from '../world/svm-chain.ts'
import { diagnoseSvm } from './diagnose.ts'
import type { SolanaDiagnosis } from './diagnosis.ts'

const longAgo = now - 3_600n

interface Given {
  readonly at?: bigint
  readonly later?: bigint
  readonly beside?: readonly SvmAnswer[]
  readonly replay?: SvmProof
}

function diagnosed(name: string, words: readonly Word[], { at, later = 0n, beside = [], replay }: Given = {}): SolanaDiagnosis {
  const { payment, state } = recorded(name, ...words)
  return diagnoseSvm(payment, {
    now: now + later,
    answers: [...beside, state],
    ...(at === undefined ? {} : { at }),
    ...(replay === undefined ? {} : { replay }),
  })
}

/** Errors by their causes, in order; the others with their severity in front. */
const causesOf = ({ findings }: SolanaDiagnosis): readonly string[] =>
  findings.map(({ cause, severity }) => (severity === 'error' ? cause : `${severity} ${cause}`))

const told = (diagnosis: SolanaDiagnosis): string =>
  [diagnosis.verdict, diagnosis.proof ?? '-', diagnosis.money.state, diagnosis.retry.action].join(' ')

type Row = readonly [title: string, words: readonly Word[], given: Given, causes: readonly string[], told: string]

const one: readonly Row[] = [
  ['nothing is wrong, and nobody ran it', [], {}, [], 'settles - can-move send-same'],
  ['nothing is wrong, and the node ran it', [runs], {}, [], 'settles proven can-move send-same'],
  ['short of one unit', [holds(9_999n)], {}, ['svm-insufficient-funds'], 'fails inferred can-move sign-again'],
  ['no account of the payer', [missing('source')], {}, ['svm-source-account-missing'], 'fails inferred can-move sign-again'],
  ['no account of the payee', [missing('destination')], {}, ['svm-destination-account-missing'], 'fails inferred can-move sign-again'],
  [
    "an account of the payee that is a stranger's",
    [ownedBy('destination', stranger)],
    {},
    ['svm-destination-owner-changed'],
    'fails inferred can-move sign-again',
  ],
  ['frozen', [frozen('source')], {}, ['svm-account-frozen'], 'fails inferred can-move sign-again'],
  ['other decimals', [decimals(9)], {}, ['svm-decimals-mismatch'], 'fails inferred not-moved sign-again'],
  ['no lamports', [having('feePayer', { lamports: 1n })], {}, ['svm-fee-payer-funds'], 'fails inferred can-move send-same'],
  ['dead, and nobody said when', [dead], {}, ['svm-blockhash-expired'], 'fails inferred unknown sign-again'],
  ['dead for good', [dead], { at: longAgo }, ['svm-blockhash-expired'], 'fails inferred not-moved sign-again'],
  ['landed', [landed()], {}, ['svm-already-processed'], 'fails proven moved never'],
  ['landed with an error', [landed({ error: 'x' })], {}, ['svm-landed-with-error'], 'fails proven not-moved sign-again'],
  ['processed and not found', [simulatedAsIs('AlreadyProcessed')], {}, ['svm-already-processed'], 'fails inferred unknown wait'],
]

/** By the catalogue's own columns: what explains most, or stops the payment first, is in front; a dead blockhash explains nothing else. */
const several: readonly Row[] = [
  [
    'dead, and short',
    [dead, holds(0n)],
    { at: longAgo },
    ['svm-insufficient-funds', 'svm-blockhash-expired'],
    'fails inferred not-moved sign-again',
  ],
  [
    "dead, no account of the payee, nothing in the payer's",
    [dead, missing('destination'), holds(0n)],
    {},
    ['svm-destination-account-missing', 'svm-insufficient-funds', 'svm-blockhash-expired'],
    'fails inferred unknown sign-again',
  ],
  [
    'frozen, short, and of another owner',
    [frozen('source'), holds(0n), ownedBy('source', stranger)],
    {},
    ['svm-authority-mismatch', 'svm-account-frozen', 'svm-insufficient-funds'],
    'fails inferred can-move sign-again',
  ],
  [
    'both accounts are missing, and nobody pays the fee',
    [missing('source'), missing('destination'), having('feePayer', { lamports: 1n })],
    {},
    ['svm-source-account-missing', 'svm-destination-account-missing', 'svm-fee-payer-funds'],
    'fails inferred can-move sign-again',
  ],
  [
    'decimals, frozen, dead',
    [decimals(9), frozen('destination'), dead],
    { at: longAgo },
    ['svm-decimals-mismatch', 'svm-account-frozen', 'svm-blockhash-expired'],
    'fails inferred not-moved sign-again',
  ],
  // What it landed with explains what became of it; what accounts hold now is not what they held then.
  ['landed, and empty since', [landed(), holds(0n), dead], {}, ['svm-already-processed'], 'fails proven moved never'],
  [
    'landed with an error, and short still',
    [landed({ error: { InstructionError: [2, { Custom: 1 }] } }), holds(0n), dead],
    {},
    ['svm-insufficient-funds', 'svm-landed-with-error'],
    'fails inferred not-moved sign-again',
  ],
  [
    'an RPC that could not be read beside one that was',
    [holds(0n)],
    { beside: [unreachable()] },
    ['svm-insufficient-funds', 'warning rpc-fault'],
    'fails inferred can-move sign-again',
  ],
  [
    'an RPC of another cluster beside one that was read',
    [],
    { beside: [wrongCluster(unknown('no'))] },
    ['warning rpc-wrong-chain'],
    'settles - can-move send-same',
  ],
  [
    'an RPC of another cluster on which the blockhash lives: it was built there',
    [dead],
    { beside: [wrongCluster(known('alive'))] },
    ['svm-wrong-cluster', 'svm-blockhash-expired', 'warning rpc-wrong-chain'],
    'fails inferred unknown sign-again',
  ],
]

/** What decides: without it nobody says that it settles. */
const decisive: readonly Row[] = [
  ['the mint was not told', [unread('mint')], {}, [], 'inconclusive - can-move send-same'],
  ["the payer's account was not told", [unread('source')], {}, [], 'inconclusive - can-move send-same'],
  ["the payer's account was not asked for", [unasked('source')], {}, [], 'inconclusive - can-move send-same'],
  ["the payee's account was not told", [unread('destination')], {}, [], 'inconclusive - can-move send-same'],
  ['the fee payer was not told', [unread('feePayer')], {}, [], 'inconclusive - can-move send-same'],
  ['whether it landed was not told', [untold('settlement')], {}, [], 'inconclusive - unknown unknown'],
  ['whether it lives was not told', [untold('blockhash')], {}, [], 'inconclusive - unknown unknown'],
  // What does not: the wallet of the payee and the rent are beside the point where the accounts are right.
  ['payTo was not told', [unread('payTo')], {}, [], 'settles - can-move send-same'],
  ['the rent was not told', [untold('rent')], {}, [], 'settles - can-move send-same'],
  ['nothing was simulated', [], {}, [], 'settles - can-move send-same'],
  ['no slot was told', [untold('slot'), untold('height')], {}, [], 'settles - can-move send-same'],
  ['no time was told, and what is finalized is of now', [untold('time')], {}, [], 'settles - can-move send-same'],
  [
    'an error decides beside what was not told',
    [unread('mint'), holds(0n)],
    {},
    ['svm-insufficient-funds'],
    'fails inferred can-move sign-again',
  ],
  ['the run of the node does not stand in for what was not told', [runs, unread('source')], {}, [], 'inconclusive - can-move send-same'],
]

/** What is old: state of a while ago is of then. */
const old: readonly Row[] = [
  ['read 150 s ago', [], { later: 150n }, [], 'settles - can-move send-same'],
  ['read 151 s ago: a blockhash that lived then is dead by now, or it landed', [], { later: 151n }, [], 'settles - unknown unknown'],
  [
    'dead then, and sent before that',
    [dead],
    { later: 86_400n, at: longAgo },
    ['svm-blockhash-expired'],
    'fails inferred not-moved sign-again',
  ],
  ['landed then', [landed()], { later: 86_400n }, ['svm-already-processed'], 'fails proven moved never'],
]

describe('one RPC', () => {
  it.each([...one, ...several, ...decisive, ...old])('%s', (_, words, given, causes, expected) => {
    const diagnosis = diagnosed('valid', words, given)
    expect(causesOf(diagnosis)).toEqual(causes)
    expect(told(diagnosis)).toBe(expected)
    const first = causes[0]?.includes(' ') === false ? causes[0] : null
    expect(diagnosis.cause).toBe(first)
    expect(diagnosis.party).toBe(first === null ? null : diagnosis.findings[0]?.party)
    expect(JSON.parse(JSON.stringify(diagnosis))).toEqual(diagnosis)
  })

  it('every pair of faults is told, both in the order of the catalogue', () => {
    const faults = {
      'svm-blockhash-expired': dead,
      'svm-insufficient-funds': holds(0n),
      'svm-account-frozen': frozen('source'),
      'svm-authority-mismatch': ownedBy('source', stranger),
      'svm-destination-account-missing': missing('destination'),
      'svm-decimals-mismatch': decimals(9),
      'svm-token-program-mismatch': having('mint', { owner: token2022 }),
      'svm-fee-payer-funds': having('feePayer', { lamports: 1n }),
    } as const satisfies Partial<Record<CauseId, Word>>
    const names = Object.keys(faults) as (keyof typeof faults)[]
    // As FiatToken has its order, so has the scheme of x402 and spl-token: the offer, the accounts, whoever pays, and last what dies of age.
    const order = [
      'svm-token-program-mismatch',
      'svm-decimals-mismatch',
      'svm-destination-account-missing',
      'svm-authority-mismatch',
      'svm-account-frozen',
      'svm-insufficient-funds',
      'svm-fee-payer-funds',
      'svm-blockhash-expired',
    ]
    let pairs = 0
    for (const [index, one] of names.entries())
      for (const other of names.slice(index + 1)) {
        expect(causesOf(diagnosed('valid', [faults[one], faults[other]]))).toEqual(
          order.filter((cause) => cause === one || cause === other),
        )
        pairs++
      }
    expect(pairs).toBe(28)
  })
})

describe('which error the cluster itself would say', () => {
  // spl-token's TransferChecked looks at the program and the accounts, at frozen ones, at the balance, the mint, the decimals, and at the authority last;
  // before all of that the cluster looks at the blockhash and at who pays the fee. Each alone and each of these pairs was run (test/solana/several.test.ts).
  it.each<readonly [words: readonly Word[], first: CauseId | null]>([
    [[], null],
    [[dead, holds(0n)], 'svm-blockhash-expired'],
    [[having('feePayer', { lamports: 1n }), holds(0n)], 'svm-fee-payer-funds'],
    [[missing('destination'), holds(0n)], 'svm-destination-account-missing'],
    [[frozen('source'), holds(0n)], 'svm-account-frozen'],
    [[holds(0n), decimals(9)], 'svm-insufficient-funds'],
    [[decimals(9), ownedBy('source', stranger)], 'svm-decimals-mismatch'],
    [[frozen('source'), ownedBy('source', stranger)], 'svm-account-frozen'],
    [[missing('source'), missing('destination')], 'svm-source-account-missing'],
    // Whoever the account was handed to, the cluster pays.
    [[ownedBy('destination', stranger)], null],
    [[ownedBy('destination', stranger), holds(0n)], 'svm-insufficient-funds'],
  ])('%#', (words, first) => expect(diagnosed('valid', words).solana.firstOnChain).toBe(first))
})

describe('one RPC that is late', () => {
  // What a node says that is behind the moment that counts is no evidence of it: twenty slots, and half a minute at the least for clocks.
  it.each<readonly [title: string, words: readonly Word[], at: bigint | undefined, cause: CauseId | null, told: string]>([
    ['half a minute behind', [holds(0n), behind(30n)], undefined, 'svm-insufficient-funds', 'fails inferred can-move sign-again'],
    ['a second more', [holds(0n), behind(31n)], undefined, 'rpc-lagging', 'inconclusive - unknown unknown'],
    ['a second more, and nothing is wrong', [behind(31n)], undefined, 'rpc-lagging', 'inconclusive - unknown unknown'],
    [
      'behind, and the payment is older than that',
      [holds(0n), behind(3_600n)],
      now - 3_600n,
      'svm-insufficient-funds',
      'fails inferred unknown sign-again',
    ],
    ['read a day ago, and sent since', [dead, readAgo(86_400n)], now, 'rpc-lagging', 'inconclusive - unknown unknown'],
    [
      'of which nobody knows how late',
      [holds(0n), untold('time'), untold('finalized')],
      undefined,
      'rpc-fault',
      'inconclusive - unknown unknown',
    ],
    // A block that was made stays.
    ['behind, and it landed by then', [landed(), behind(3_600n)], undefined, 'svm-already-processed', 'fails proven moved never'],
  ])('%s', (_, words, at, cause, expected) => {
    const diagnosis = diagnosed('valid', words, at === undefined ? {} : { at })
    expect(diagnosis.cause).toBe(cause)
    expect(told(diagnosis)).toBe(expected)
  })
})

describe('several RPCs', () => {
  const { payment } = recorded('valid')
  const rpc = (source: string, ...words: readonly Word[]): SvmAnswer => recorded('valid', calledBy(source), ...words).state
  const asked = (...answers: readonly SvmAnswer[]): SolanaDiagnosis => diagnoseSvm(payment, { now, answers })
  const both = (one: SvmAnswer, other: SvmAnswer): readonly SolanaDiagnosis[] => [asked(one, other), asked(other, one)]
  const newer = inSlot(newest.slot + 50n)

  it.each<readonly [title: string, answers: readonly [SvmAnswer, SvmAnswer], causes: readonly string[], told: string]>([
    ['the newer one says short', [rpc('a'), rpc('b', newer, holds(0n))], ['svm-insufficient-funds'], 'fails inferred can-move sign-again'],
    ['both say short', [rpc('a', holds(0n)), rpc('b', newer, holds(0n))], ['svm-insufficient-funds'], 'fails proven can-move sign-again'],
    [
      'both say short, and one of them frozen besides',
      [rpc('a', holds(0n)), rpc('b', newer, holds(0n), frozen('source'))],
      ['svm-account-frozen', 'svm-insufficient-funds'],
      'fails inferred can-move sign-again',
    ],
    ['the older one says short', [rpc('a', holds(0n)), rpc('b', newer)], [], 'settles - can-move send-same'],
    ['the older one found it', [rpc('a', landed()), rpc('b', newer, dead)], ['svm-already-processed'], 'fails proven moved never'],
    ['the older one knows the blockhash', [rpc('a'), rpc('b', newer, dead)], [], 'settles - can-move send-same'],
    ['the newer one knows the blockhash', [rpc('a', dead), rpc('b', newer)], [], 'settles - can-move send-same'],
    ['neither knows it', [rpc('a', dead), rpc('b', newer, dead)], ['svm-blockhash-expired'], 'fails proven unknown sign-again'],
    ['the newer one could not read what decides', [rpc('a'), rpc('b', newer, unread('source'))], [], 'inconclusive - can-move send-same'],
  ])('%s, whichever is asked first', (_, answers, causes, expected) => {
    for (const diagnosis of both(...answers)) {
      expect(causesOf(diagnosis)).toEqual(causes)
      expect(told(diagnosis)).toBe(expected)
      expect(diagnosis.chain).toHaveLength(2)
    }
  })
})

describe('nobody who could be believed', () => {
  const { payment } = recorded('valid')
  it.each<
    readonly [title: string, answers: readonly SvmAnswer[], causes: readonly string[], cause: CauseId | null, told: string, skipped: string]
  >([
    ['nobody was asked', [], [], null, 'settles - unknown send-same', 'no-chain'],
    ['nobody answered', [unreachable()], ['warning rpc-fault'], 'rpc-fault', 'inconclusive - unknown unknown', 'chain-unread'],
    [
      'one of another cluster did',
      [wrongCluster(known('dead'))],
      ['warning rpc-wrong-chain'],
      'rpc-wrong-chain',
      'inconclusive - unknown unknown',
      'chain-unread',
    ],
    [
      'neither of two',
      [unreachable(), wrongCluster(known('dead'))],
      ['warning rpc-wrong-chain', 'warning rpc-fault'],
      'rpc-wrong-chain',
      'inconclusive - unknown unknown',
      'chain-unread',
    ],
    [
      'one of another cluster, on which the blockhash lives',
      [wrongCluster(known('alive'))],
      ['svm-wrong-cluster', 'warning rpc-wrong-chain'],
      'svm-wrong-cluster',
      'fails inferred unknown sign-again',
      'chain-unread',
    ],
  ])('%s', (_, answers, causes, cause, expected, skipped) => {
    const diagnosis = diagnoseSvm(payment, { now, answers })
    expect(causesOf(diagnosis)).toEqual(causes)
    expect(diagnosis.cause).toBe(cause)
    expect(told(diagnosis)).toBe(expected)
    const unmade = diagnosis.skipped.filter(({ id }) => ['accounts', 'blockhash', 'settlement'].includes(id))
    expect(unmade.map(({ code }) => code)).toEqual([skipped, skipped, skipped])
    expect(diagnosis.settlement).toBeNull()
  })
})

describe('what the payment itself leaves open', () => {
  const without = (
    change: (payment: ReturnType<typeof recorded>['payment']) => SvmPayment,
    ...words: readonly Word[]
  ): readonly [SvmPayment, SvmAnswer] => {
    const { payment, state } = recorded('valid', ...words)
    return [change(payment), state]
  }
  const open: readonly (readonly [
    title: string,
    given: readonly [SvmPayment, SvmAnswer],
    offline: SolanaDiagnosis['verdict'],
    read: SolanaDiagnosis['verdict'],
  ])[] = [
    ['nothing', without((it) => it), 'settles', 'settles'],
    ['the offer', without(({ requirements: _, ...it }) => it), 'inconclusive', 'inconclusive'],
    ['the network', without(({ network: _, ...it }) => it), 'inconclusive', 'inconclusive'],
  ]
  it.each(open)('%s', (_, [payment, state], offline, read) => {
    expect(diagnoseSvm(payment, { now }).verdict).toBe(offline)
    expect(diagnoseSvm(payment, { now, answers: [state] }).verdict).toBe(read)
  })

  it('a mint that nobody knows is what the chain says it is', () => {
    const { payment, state } = recorded('valid')
    const asStranger = (text: string | null | undefined): string | null | undefined => (text === payment.network.mint ? stranger : text)
    const instructions = payment.transaction.instructions.map((each) =>
      each.meaning.kind === 'transfer-checked' ? { ...each, meaning: { ...each.meaning, mint: stranger } } : each,
    )
    const of: SvmPayment = {
      ...payment,
      transaction: { ...payment.transaction, instructions },
      requirements: { ...payment.requirements, asset: asStranger(payment.requirements?.asset) ?? '' },
    }
    // Its accounts are derived anew, so that only what says nothing of them is looked at here.
    const offline = diagnoseSvm(of, { now })
    expect(offline.findings.map(({ cause }) => cause)).not.toContain('svm-mint-invalid')
    expect(offline.verdict).not.toBe('settles')
    expect(diagnoseSvm(of, { now, answers: [state] }).cause).not.toBeNull()
  })

  it('bytes that nobody can read are not called anything else', () => {
    const { payment, state } = unreadable()
    for (const answers of [[], [state]]) {
      const diagnosis = diagnoseSvm(payment, { now, answers })
      expect(told(diagnosis)).toMatch(/^fails inferred unknown sign-again$/)
      expect(diagnosis.cause).toBe('svm-transaction-malformed')
      expect(diagnosis.skipped.find(({ id }) => id === 'transaction')?.code).toBe('undecodable')
      expect(diagnosis.solana).toEqual({ firstOnChain: 'svm-transaction-malformed', transaction: null, transfer: null })
    }
  })
})

describe('what is taken for granted', () => {
  const many = (diagnosis: SolanaDiagnosis): number => diagnosis.assumes.length
  it('is much without a chain, little with one, and nothing where it does not settle', () => {
    const { payment } = recorded('valid')
    const offline = many(diagnoseSvm(payment, { now }))
    expect(offline).toBeGreaterThan(many(diagnosed('valid', [])))
    expect(many(diagnosed('valid', []))).toBeGreaterThan(0)
    expect(many(diagnosed('valid', [holds(0n)]))).toBe(0)
    expect(many(diagnosed('valid', [unread('mint')]))).toBe(0)
  })
})

describe('the state of when it was sent', () => {
  it.each<readonly [title: string, words: readonly Word[], at: bigint | undefined, isSkipped: boolean]>([
    ['nobody said when', [], undefined, false],
    ['119 s before it was read', [], now - 119n, false],
    ['120 s before it was read', [], now - 120n, true],
    ['in a block of an unknown time', [untold('time')], now - 1n, true],
    ['by a node that is as late', [behind(3_600n)], longAgo, false],
  ])('%s', (_, words, at, isSkipped) => {
    const { skipped, time } = diagnosed('valid', words, at === undefined ? {} : { at })
    expect(skipped.some(({ id, code }) => id === 'state-then' && code === 'past')).toBe(isSkipped)
    expect(time).toEqual({ judgedAt: String(at ?? now), basis: at === undefined ? 'now' : 'given', now: String(now) })
  })
})

describe('a simulation of the node', () => {
  it.each<readonly [title: string, words: readonly Word[], told: string]>([
    ['that fails, and nothing says why', [simulatedWith('AccountInUse')], 'inconclusive - can-move send-same'],
    ['that fails as it is alone', [simulatedAsIs('AccountInUse')], 'inconclusive - can-move send-same'],
    ['that succeeds with a living blockhash alone', [runs, simulatedAsIs('AccountInUse')], 'inconclusive - can-move send-same'],
    [
      'that fails, and something says why',
      [simulatedWith({ InstructionError: [2, { Custom: 1 }] }), holds(0n)],
      'fails proven can-move sign-again',
    ],
    ['that succeeds', [runs], 'settles proven can-move send-same'],
  ])('%s', (_, words, expected) => expect(told(diagnosed('valid', words))).toBe(expected))
})

describe('a replay', () => {
  const outcome = (error: unknown, interventions: SvmOutcome['interventions'] = []): SvmOutcome => ({
    interventions,
    error,
    logs: [],
    units: 6_000n,
    received: error === null ? 10_000n : null,
    balances: [],
  })
  const proof = (
    asIs: SvmOutcome,
    { proven = [], found = [] }: { readonly proven?: readonly Finding[]; readonly found?: readonly Finding[] } = {},
  ): SvmProof => ({
    chain: 'a chain',
    controls: [],
    world: 'a world',
    runs: [asIs],
    asIs,
    withFix: undefined,
    proven,
    found,
  })
  const finding = (cause: CauseId, field: string): Finding => svmFinding({ cause, field, summary: 'x' })
  const guardsOut = [{ kind: 'without-program', program: 'x', says: 'x' }] as const

  it.each<readonly [title: string, words: readonly Word[] | undefined, proof: SvmProof, told: string]>([
    ['that settles over the accounts that were read proves it', [], proof(outcome(null)), 'settles proven can-move send-same'],
    ['that settles over accounts that are assumed shows nothing', undefined, proof(outcome(null)), 'settles - unknown send-same'],
    ['that leaves guards out is of another transaction', [], proof(outcome(null, guardsOut)), 'settles - can-move send-same'],
    ['that fails, and nothing says why', [], proof(outcome('x')), 'inconclusive - can-move send-same'],
    ['that fails over accounts that are assumed, and nothing says why', undefined, proof(outcome('x')), 'inconclusive - unknown unknown'],
    [
      'that found something of its own',
      [],
      proof(outcome('x'), { found: [finding('svm-compute-limit', 'instructions[0]')] }),
      'fails inferred can-move sign-again',
    ],
    [
      'that found it, and undid it',
      [],
      proof(outcome('x'), {
        found: [finding('svm-compute-limit', 'instructions[0]')],
        proven: [finding('svm-compute-limit', 'instructions[0]')],
      }),
      'fails proven can-move sign-again',
    ],
    [
      'that mends what one RPC said shows no more than that RPC',
      [holds(0n)],
      proof(outcome('x'), { proven: [finding('svm-insufficient-funds', 'transfer.amount')] }),
      'fails inferred can-move sign-again',
    ],
    [
      'that mends it, and fails with the very error of the cluster',
      [holds(0n), simulatedWith('x')],
      proof(outcome('x'), { proven: [finding('svm-insufficient-funds', 'transfer.amount')] }),
      'fails proven can-move sign-again',
    ],
    [
      'that mends it, and fails with another error than the cluster',
      [holds(0n), simulatedWith('y')],
      proof(outcome('x'), { proven: [finding('svm-insufficient-funds', 'transfer.amount')] }),
      'fails inferred can-move sign-again',
    ],
  ])('%s', (_, words, replay, expected) => {
    const { payment, state } = recorded('valid', ...(words ?? []))
    const diagnosis = diagnoseSvm(payment, { now, replay, answers: words === undefined ? [] : [state] })
    expect(told(diagnosis)).toBe(expected)
    expect(diagnosis.replay?.runs).toHaveLength(1)
    expect(diagnosis.skipped.map(({ id }) => id)).not.toContain('replay')
  })

  it('marks the finding that it proves by cause and field, and no other', () => {
    const proven = [finding('svm-account-frozen', 'transfer.destination')]
    const { findings, replay } = diagnosed('valid', [frozen('source'), frozen('destination'), simulatedWith('x')], {
      replay: proof(outcome('x'), { proven }),
    })
    expect(findings.map(({ field, proof: shown }) => [field, shown])).toEqual([
      ['transfer.source', undefined],
      ['transfer.destination', 'proven'],
    ])
    expect(replay?.proven).toEqual(['svm-account-frozen'])
  })

  it('names each cause once', () => {
    const proven = [finding('svm-account-frozen', 'transfer.source'), finding('svm-account-frozen', 'transfer.destination')]
    expect(diagnosed('valid', [], { replay: proof(outcome('x'), { proven }) }).replay?.proven).toEqual(['svm-account-frozen'])
  })

  it('tells each run as it was', () => {
    const { replay } = diagnosed('valid', [], {
      replay: { ...proof(outcome('BlockhashNotFound')), runs: [outcome('BlockhashNotFound'), outcome(null, guardsOut)] },
    })
    expect(replay?.runs).toEqual([
      { interventions: [], without: [], outcome: 'failed', error: 'BlockhashNotFound', units: '6000', received: null },
      { interventions: ['x'], without: [], outcome: 'settled', error: null, units: '6000', received: '10000' },
    ])
  })

  it('was not made, and says why', () => {
    const { skipped, replay } = diagnosed('valid', [])
    expect(replay).toBeNull()
    expect(skipped.find(({ id }) => id === 'replay')?.code).toBe('not-wanted')
  })
})

describe('a node at fault', () => {
  it('is the cause only where nothing is known for certain', () => {
    const { payment, state } = recorded('valid')
    const settles = diagnoseSvm(payment, { now, answers: [unreachable(), state] })
    expect({ cause: settles.cause, fix: settles.fix }).toEqual({ cause: null, fix: null })
    const open = diagnoseSvm(payment, { now, answers: [unreachable()] })
    expect({ cause: open.cause, party: open.party }).toEqual({ cause: 'rpc-fault', party: 'rpc' })
    expect(open.fix).not.toBeNull()
    expect(catalogue['rpc-fault'].stops.at).toBe('node')
  })
})

it('what has settled is not judged by what accounts hold now', () => {
  const { skipped } = diagnosed('valid', [landed(), holds(0n)])
  const past = skipped.filter(({ code }) => code === 'past').map(({ id }) => id)
  expect(past).toEqual(expect.arrayContaining(['mint', 'source', 'destination', 'fee-payer']))
  // A failed one left everything as it was.
  expect(diagnosed('valid', [landed({ error: 'x' })]).skipped.filter(({ code }) => code === 'past')).toEqual([])
})

it('the same of what the payload and the chain both say is one finding, with the evidence of both', () => {
  const { findings } = diagnosed('svm-mint-mismatch', [])
  const [first] = findings
  expect(first?.cause).toBe('svm-mint-mismatch')
  expect(new Set(findings.map(({ cause, field }) => `${cause} ${field}`)).size).toBe(findings.length)
  const twice = diagnosed('fee-payer-signed-before', [landed()])
  expect(causesOf(twice)).toEqual(['svm-already-processed'])
})

it('a state that is finalized is no part of the verdict', () => {
  for (const change of [finalizedAs({ time: unknown('no') }), untold('finalized')])
    expect(diagnosed('valid', [change]).verdict).toBe('settles')
})
