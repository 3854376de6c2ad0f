import type { CauseId } from '../causes/catalogue.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { clock } from '../evidence/clock.ts'
import type { DiagnoseOptions } from '../evm/diagnosis/diagnose.ts'
import type { SearchLimits } from '../evm/diagnosis/search-limits.ts'
import type { Replayer } from '../evm/evidence/replay.ts'
import type { Payment as EvmPayment } from '../evm/payment/payment.ts'
import type { EvmNetwork } from '../networks/network.ts'
import type { SvmPayment } from '../solana/transaction/payment.ts'
import type { SvmReplayer } from '../solana/world/svm-chain.ts'
import type { Count } from '../text/written.ts'
import type { DiagnosisTrunk, Verdict } from '../verdict/diagnosis.ts'
import type { RecordedCase, UnreadableCase } from './case.ts'
import { judge, settles } from './judge.ts'
import { judgeSolana } from './judge-solana.ts'

/** `not-run`: the chain that it needed could not be had, so that nothing was shown. */
export type CaseOutcome = 'as-expected' | 'differs' | 'unreadable' | 'not-run'

/** What became of one case; JSON-safe. */
export interface CaseResult {
  readonly file: string
  readonly name: string
  readonly outcome: CaseOutcome
  /** One sentence. */
  readonly says: string
  readonly network: string | null
  readonly expected: { readonly verdict: Verdict; readonly cause: CauseId | null } | null
  readonly actual: {
    readonly verdict: Verdict
    readonly cause: CauseId | null
    readonly headline: string
    readonly proof: DiagnosisTrunk['proof']
    /** What the token answered to the payment as it is; null where it settled or was not replayed. */
    readonly revert: string | null
    /** Whether another code stood in for the token's own, and how the token itself words it where that is known. */
    readonly standIn: boolean
    readonly tokenSays: string | null
    readonly fix: string | null
    /** Where it was replayed: `embedded base, FiatToken v2.2`. */
    readonly chain: string | null
  } | null
  readonly milliseconds: Count
}

/** What a group of cases is replayed on, one case after another. */
export interface CaseChain extends AsyncDisposable {
  readonly replayer: Replayer
  /** What else the diagnosis is to know: the state of a fork. */
  readonly options?: Pick<DiagnoseOptions, 'chains'>
}

export interface RunOptions {
  /** Unix seconds; the clock of this machine when absent. */
  readonly now?: bigint
  /** Opens what a group of cases of one network is replayed on. `network` is undefined for payments that name none that is known. */
  readonly open: (network: EvmNetwork | undefined, cases: readonly RecordedCase<EvmPayment>[]) => Promise<CaseChain>
  /** Opens what payments on Solana are replayed on: `ownChains().solana`, or `liteSvmReplayer()` of `@eip3009/core/solana`; without it they are not run. */
  readonly solana?: SvmReplayer
  /** Which group a case on an EVM chain is in: cases of a group share a chain. Its recording, or else its network's id, when absent. */
  readonly groupOf?: (one: RecordedCase<EvmPayment>) => string
  /** Groups at once; 2 when absent. */
  readonly parallel?: number
  /** How far the signatures of cases that fit nothing are searched over. */
  readonly search?: SearchLimits
  /** Told of each result as it comes. */
  readonly onResult?: (result: CaseResult, done: number, of: number) => void
  /** No more cases are begun once it is aborted; those that were not are `not-run`. */
  readonly signal?: AbortSignal
}

/**
 * Judges every case on a chain and compares with what it expects. Cases of one group share a chain; groups run side by side. Results are in the
 * order of the cases. A case that is expected to settle has to be shown to settle by the token: computing it is not enough.
 */
export async function runCases(cases: readonly (RecordedCase | UnreadableCase)[], options: RunOptions): Promise<readonly CaseResult[]> {
  const { parallel = 2, onResult = () => undefined, groupOf = ({ payment, recording }) => recording ?? payment.network?.id ?? '' } = options
  const results = new Map<RecordedCase | UnreadableCase, CaseResult>()
  const put = (one: RecordedCase | UnreadableCase, result: CaseResult): void => {
    results.set(one, result)
    onResult(result, results.size, cases.length)
  }
  const groups = new Map<string, RecordedCase<EvmPayment>[]>()
  const onSolana: RecordedCase<SvmPayment>[] = []
  for (const one of cases) {
    if (one.kind === 'unreadable') put(one, { ...blank(one), outcome: 'unreadable', says: one.reason })
    else if (isSolana(one)) onSolana.push(one)
    else if (isEvm(one)) {
      const key = groupOf(one)
      groups.set(key, [...(groups.get(key) ?? []), one])
    }
  }
  // The longest first, so that it is not what everybody waits for in the end.
  const waiting = [...groups.values()].sort((a, b) => b.length - a.length).map((group) => () => runGroup(group, options, put))
  if (onSolana.length > 0) waiting.push(() => runOnSolana(onSolana, options, put))
  const work = async (): Promise<void> => {
    for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) await run()
  }
  await Promise.all(Array.from({ length: Math.min(Math.max(1, parallel), waiting.length) }, work))
  return cases.map((one) => results.get(one)).filter((result) => result !== undefined)
}

function isSolana(one: RecordedCase): one is RecordedCase<SvmPayment> {
  return one.payment.family === 'solana'
}

function isEvm(one: RecordedCase): one is RecordedCase<EvmPayment> {
  return one.payment.family === 'evm'
}

/** Each has a chain of its own, which lives in this process: there is nothing to share, and nothing to wait for. */
async function runOnSolana(
  cases: readonly RecordedCase<SvmPayment>[],
  { now = clock(), solana, signal }: RunOptions,
  put: (one: RecordedCase, result: CaseResult) => void,
): Promise<void> {
  for (const one of cases) {
    if (solana === undefined) put(one, notRun(blank(one), 'nothing was given that replays payments on Solana.'))
    else if (signal?.aborted === true) put(one, notRun(blank(one), 'the run was interrupted.'))
    else {
      const start = performance.now()
      const { payment, at, snapshot } = one
      try {
        const judged = await judgeSolana(payment, solana, {
          now,
          ...(at === undefined ? {} : { at }),
          ...(snapshot === undefined ? {} : { snapshot }),
        })
        const [asIs] = judged.diagnosis.replay?.runs ?? []
        put(one, resultOf(one, judged, { revert: asIs?.error ?? null, standIn: false, tokenSays: null }, start))
      } catch (error) {
        // A snapshot that is none is the case's fault, and the others are run all the same.
        if (!(error instanceof Eip3009Error)) throw error
        put(one, { ...blank(one), outcome: 'unreadable', says: error.message })
      }
    }
  }
}

function notRun(result: Omit<CaseResult, 'outcome' | 'says'>, reason: string): CaseResult {
  return { ...result, outcome: 'not-run', says: `It was not replayed: ${reason}` }
}

async function runGroup(
  group: readonly RecordedCase<EvmPayment>[],
  { now = clock(), open, signal, search }: RunOptions,
  put: (one: RecordedCase, result: CaseResult) => void,
): Promise<void> {
  const fail = (one: RecordedCase, reason: string): void => put(one, notRun(blank(one), reason))
  const interrupted = (): boolean => signal?.aborted === true
  if (interrupted()) {
    for (const one of group) fail(one, 'the run was interrupted.')
    return
  }
  let chain: CaseChain
  try {
    chain = await open(group[0]?.payment.network, group)
  } catch (error) {
    for (const one of group) fail(one, error instanceof Error ? error.message : String(error))
    return
  }
  try {
    for (const one of group) {
      if (interrupted()) fail(one, 'the run was interrupted.')
      else put(one, await runCase(one, chain, { now, ...(search === undefined ? {} : { search }) }))
    }
  } finally {
    await chain[Symbol.asyncDispose]()
  }
}

async function runCase(
  one: RecordedCase<EvmPayment>,
  { replayer, options }: CaseChain,
  given: Pick<DiagnoseOptions, 'now' | 'search'>,
): Promise<CaseResult> {
  const start = performance.now()
  const at = one.at === undefined ? {} : { at: one.at }
  const judged = await judge(one.payment, replayer, { ...given, ...at, ...options })
  const { replay } = judged.diagnosis
  const words = {
    revert: replay?.runs[0]?.revert ?? null,
    standIn: replay?.code.kind === 'stand-in',
    tokenSays: replay?.runs[0]?.tokenSays ?? null,
  }
  return resultOf(one, judged, words, start)
}

/** What a case came to, beside what it was to come to. */
function resultOf(
  one: RecordedCase,
  { diagnosis, notRun: reason }: { readonly diagnosis: DiagnosisTrunk; readonly notRun?: string },
  words: Pick<NonNullable<CaseResult['actual']>, 'revert' | 'standIn' | 'tokenSays'>,
  start: number,
): CaseResult {
  const { verdict, cause, headline, proof, fix, replay } = diagnosis
  const shared = {
    ...blank(one),
    network: diagnosis.payment.network,
    actual: { verdict, cause, headline, proof, fix, ...words, chain: replay?.chain ?? null },
    milliseconds: Math.round(performance.now() - start),
  }
  if (reason !== undefined) return notRun(shared, reason)
  const difference = differenceOf(one, diagnosis)
  if (difference === undefined) return { ...shared, outcome: 'as-expected', says: said(diagnosis) }
  return { ...shared, outcome: 'differs', says: difference }
}

/** In which way a diagnosis is not what the case expects. */
function differenceOf({ expect }: RecordedCase, diagnosis: DiagnosisTrunk): string | undefined {
  const { verdict, cause } = diagnosis
  const wanted = expect.cause === undefined ? expect.verdict : `${expect.verdict} with ${expect.cause}`
  const got = `Expected ${wanted}, but it ${said(diagnosis)}`
  if (verdict !== expect.verdict || (expect.cause !== undefined && cause !== expect.cause)) return got
  return verdict !== 'settles' || settles(diagnosis)
    ? undefined
    : `Expected settles, but only the computation says so: there was no chain to ask.`
}

function said({ verdict, cause, headline }: DiagnosisTrunk): string {
  const what = { settles: 'settles', fails: cause === null ? 'fails' : `fails with ${cause}`, inconclusive: 'is inconclusive' }[verdict]
  return `${what}: ${headline}`
}

function blank(one: RecordedCase | UnreadableCase): Omit<CaseResult, 'outcome' | 'says'> {
  const { file, name } = one
  if (one.kind === 'unreadable') return { file, name, network: null, expected: null, actual: null, milliseconds: 0 }
  const { verdict, cause = null } = one.expect
  return { file, name, network: one.payment.network?.id ?? null, expected: { verdict, cause }, actual: null, milliseconds: 0 }
}
