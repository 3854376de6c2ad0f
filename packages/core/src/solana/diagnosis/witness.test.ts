// What bears out what one RPC said: a second witness, and never that RPC once more.
import { describe, expect, it } from 'vitest'
import {
  calledBy,
  dead,
  frozen,
  holds,
  landed,
  now,
  recorded,
  runs,
  simulatedAsIs,
  simulatedWith,
  type Word,
  wrongCluster,
} from '../../../../../test/solana/recorded.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import { findingsOf, runChecks } from '../../evidence/check.ts'
import { known } from '../../evidence/known.ts'
import { svmFinding } from '../offer/finding.ts'
import type { SvmAnswer } from '../state/state.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import type { SvmProof } from '../world/prove-svm.ts'
import { checksOf, gather, sift } from './examine.ts'
import { type SvmWitness, witnessOf } from './witness.ts'

const { payment } = recorded('valid')
const rpc = (source: string, ...words: readonly Word[]): SvmAnswer => recorded('valid', calledBy(source), ...words).state

const proofOf = (error: unknown, ...proven: readonly Finding[]): SvmProof => {
  const asIs = { interventions: [], error, logs: [], units: 1n, received: null, balances: [] }
  return { chain: 'a chain', controls: [], world: 'a world', runs: [asIs], asIs, withFix: undefined, proven, found: [] }
}

interface Given {
  readonly of?: SvmPayment
  readonly answers: readonly SvmAnswer[]
  /** The error of a replay that settles with the finding undone. */
  readonly replayed?: unknown
}

function witness(cause: CauseId, { of = payment, answers, replayed }: Given): SvmWitness | undefined | 'not found' {
  const { payment: read, evidence } = gather(of, { now, answers })
  const made = runChecks(checksOf(read, evidence), read, evidence)
  const found = sift(read, evidence, findingsOf(made)).find((each) => each.cause === cause && each.severity === 'error')
  if (found === undefined) return 'not found'
  return witnessOf(found, read, evidence, replayed === undefined ? undefined : proofOf(replayed, found))
}

const custom = (code: number): unknown => ({ InstructionError: [2, { Custom: code }] })
const short = holds(0n)

// Custom 1 is spl-token's InsufficientFunds, and 17 its AccountFrozen.
it.each<readonly [title: string, cause: CauseId, given: Given, witness: SvmWitness | undefined]>([
  ['one RPC', 'svm-insufficient-funds', { answers: [rpc('a', short)] }, undefined],
  ['one RPC, whose run takes it all the same', 'svm-insufficient-funds', { answers: [rpc('a', short, runs)] }, undefined],
  ['one RPC, whose run fails for it', 'svm-insufficient-funds', { answers: [rpc('a', short, simulatedWith(custom(1)))] }, 'simulation'],
  [
    'one RPC, whose run as it is fails for it',
    'svm-insufficient-funds',
    { answers: [rpc('a', short, simulatedAsIs(custom(1)))] },
    'simulation',
  ],
  [
    'one RPC, whose run fails for something else',
    'svm-insufficient-funds',
    { answers: [rpc('a', short, simulatedWith(custom(17)))] },
    undefined,
  ],
  [
    'the other one of two, whose run fails for it',
    'svm-account-frozen',
    { answers: [rpc('a', short, frozen('source'), simulatedWith(custom(17)))] },
    'simulation',
  ],
  [
    'a dead blockhash, and a run that fails for it',
    'svm-blockhash-expired',
    { answers: [rpc('a', dead, simulatedAsIs('BlockhashNotFound'))] },
    'simulation',
  ],
  // What is found in the error alone is not borne out by it.
  [
    'that it was processed, by the run alone',
    'svm-already-processed',
    { answers: [rpc('a', simulatedAsIs('AlreadyProcessed'))] },
    undefined,
  ],
  [
    'that the units ran out, by the run alone',
    'svm-compute-limit',
    { answers: [rpc('a', simulatedWith({ InstructionError: [2, 'ComputationalBudgetExceeded'] }))] },
    undefined,
  ],
  ['what landed', 'svm-already-processed', { answers: [rpc('a', landed())] }, 'receipt'],
  ['what landed with an error', 'svm-landed-with-error', { answers: [rpc('a', landed({ error: custom(1) }))] }, 'receipt'],
  [
    'what accounts hold after it landed with an error',
    'svm-insufficient-funds',
    { answers: [rpc('a', short, landed({ error: custom(1) }))] },
    undefined,
  ],
  ['a replay over what one RPC said', 'svm-insufficient-funds', { answers: [rpc('a', short)], replayed: 'x' }, undefined],
  [
    'a replay that fails as the cluster does',
    'svm-insufficient-funds',
    { answers: [rpc('a', short, simulatedWith('x'))], replayed: 'x' },
    'replay',
  ],
  [
    'a replay that fails otherwise than the cluster does',
    'svm-insufficient-funds',
    { answers: [rpc('a', short, simulatedWith('y'))], replayed: 'x' },
    undefined,
  ],
  ['two RPCs', 'svm-insufficient-funds', { answers: [rpc('a', short), rpc('b', short)] }, 'rpc'],
  ['the same RPC twice', 'svm-insufficient-funds', { answers: [rpc('a', short), rpc('a', short)] }, undefined],
  [
    'two RPCs that say another thing each',
    'svm-account-frozen',
    { answers: [rpc('a', frozen('source')), rpc('b', frozen('destination'))] },
    undefined,
  ],
  [
    'one RPC beside one of another cluster',
    'svm-insufficient-funds',
    { answers: [rpc('a', short), wrongCluster(known('alive'))] },
    undefined,
  ],
  // A finding that the believed one does not have, and only one of another cluster does.
  [
    'one of another cluster, on which the blockhash lives',
    'svm-wrong-cluster',
    { answers: [rpc('a', dead), wrongCluster(known('alive'))] },
    undefined,
  ],
  ['one of another cluster alone', 'svm-wrong-cluster', { answers: [wrongCluster(known('alive'))] }, undefined],
  ['the payload and the chain', 'svm-decimals-mismatch', { of: recorded('svm-decimals-mismatch').payment, answers: [rpc('a')] }, 'payload'],
  ['the payload alone', 'svm-amount-mismatch', { of: recorded('svm-amount-mismatch').payment, answers: [rpc('a')] }, undefined],
  [
    'the payload, and a replay',
    'svm-amount-mismatch',
    { of: recorded('svm-amount-mismatch').payment, answers: [], replayed: 'x' },
    'replay',
  ],
])('%s', (_, cause, given, expected) => expect(witness(cause, given)).toBe(expected))

describe('a replay', () => {
  it('bears out what it undid, by cause and field', () => {
    const finding = (field: string): Finding => svmFinding({ cause: 'svm-amount-mismatch', field, summary: 'x' })
    const { evidence } = gather(payment, { now, answers: [] })
    expect(witnessOf(finding('a'), payment, evidence, proofOf('x', finding('a')))).toBe('replay')
    expect(witnessOf(finding('a'), payment, evidence, proofOf('x', finding('b')))).toBeUndefined()
    expect(witnessOf(finding('a'), payment, evidence, proofOf('x'))).toBeUndefined()
    expect(witnessOf(finding('a'), payment, evidence, undefined)).toBeUndefined()
  })
})
