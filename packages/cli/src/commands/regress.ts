import { availableParallelism } from 'node:os'
import { isAbsolute, relative } from 'node:path'
import {
  type EvmNetwork,
  type EvmPayment,
  noSecrets,
  type Payment,
  type SearchDepth,
  type Secrets,
  secretsOf,
  shared,
  svmSecretsOf,
} from '@eip3009/core'
import {
  type CaseChain,
  type CaseResult,
  embeddedReplayer,
  openFork,
  openRecording,
  ownChains,
  type RecordedCase,
  readCases,
  runCases,
  shareChains,
  type UnreadableCase,
} from '@eip3009/core/replay'
import type { Console } from '../console.ts'
import { exitCodes } from '../exit-codes.ts'
import { progressLines } from '../progress.ts'
import { jsonText } from '../report/json-text.ts'
import { renderRegression } from '../report/regress.ts'
import { regressionGithub } from '../report/regress-github.ts'
import { regressionJson } from '../report/regress-json.ts'
import { regressionJunit } from '../report/regress-junit.ts'
import { type Regression, summarize } from '../report/regress-summary.ts'
import { forkMoment } from '../sources/fork-moment.ts'
import { formatOf } from '../sources/format.ts'
import { type KnownRpcs, type NetworkRpcs, type RpcOptions, readRpcs } from '../sources/known-rpcs.ts'
import { readNumber } from '../sources/number-options.ts'
import { UsageError } from '../usage-error.ts'

export interface RegressOptions extends RpcOptions {
  readonly directory: string
  readonly format: 'text' | 'junit' | 'json' | 'github'
  readonly json: boolean
  /** Chains at once. */
  readonly parallel?: number | undefined
  readonly search?: SearchDepth | undefined
}

/** Replays every recorded case of a directory, prints what became of them, and returns the exit code. */
export async function regressCommand(options: RegressOptions, console: Console): Promise<number> {
  const { directory, parallel = availableParallelism() } = options
  readNumber('parallel', parallel)
  formatOf(options)
  const known = await readRpcs(options, false, console)
  const other = known.networks().find(({ family }) => family !== 'evm')
  if (other !== undefined)
    throw new UsageError(`--rpc ${other.id}: a payment on Solana is replayed on what was kept with it ("snapshot"), and no RPC is asked.`)
  const cases = await readCases(directory)
  if (cases.length === 0) {
    throw new UsageError(
      `There is no case in "${directory}", so nothing can be shown; a case is a file <name>.json with { "payment": …, "expect": { "verdict": … } }.`,
    )
  }
  const rpcs = rpcsOf(cases, known, options)
  const progress = progressLines(console)
  const results = await runCases(cases, {
    now: console.now(),
    search: { depth: options.search ?? 'pairs' },
    parallel,
    groupOf: ({ payment, at, recording }) => recording ?? groupOf(payment.network, forkMoment(payment, console.now(), at), rpcs),
    open: (network, group) => {
      const recording = group[0]?.recording
      if (recording !== undefined) return openRecorded(recording)
      const rpc = network === undefined ? undefined : rpcs.get(network.id)
      return network === undefined || rpc === undefined ? openEmbedded() : openForked(network, rpc, group, console.now())
    },
    solana: ownChains().solana,
    onResult: ({ network }, done, of) => progress(() => `${done} of ${of} cases${network === null ? '' : `, ${network}`} …`),
  })
  const regression: Regression = { directory, results: shownResults(results, cases, console), counts: summarize(results) }
  console.out(report(options, regression, console))
  return exitCodeOf(regression)
}

/** The one RPC that a network is forked from. */
interface ForkRpc {
  readonly rpcUrl: string
  readonly headers: NetworkRpcs['headers']
}

function rpcsOf(
  cases: readonly (RecordedCase | UnreadableCase)[],
  known: Pick<KnownRpcs, 'of'>,
  { rpcUrl }: RegressOptions,
): ReadonlyMap<string, ForkRpc> {
  const networks = new Map(
    cases.flatMap((one) =>
      one.kind === 'case' && one.payment.network?.family === 'evm' ? [[one.payment.network.id, one.payment.network] as const] : [],
    ),
  )
  if (networks.size > 1 && rpcUrl?.some((url) => url !== 'public'))
    throw new UsageError(
      `--rpc-url is the RPC of one network, and the cases are of ${networks.size}; give each its own: --rpc base=URL --rpc polygon=URL.`,
    )
  return new Map(
    [...networks.values()].flatMap((network) => {
      const found = known.of(network, 1)
      const [url, second] = found?.urls ?? []
      if (found === undefined || url === undefined) return []
      if (found.origin === 'option' && second !== undefined)
        throw new UsageError(`${found.from} gives two URLs for ${network.id}; give one.`)
      return [[network.id, { rpcUrl: url, headers: found.headers }] as const]
    }),
  )
}

/** Each result without what its own payment must not give away. */
function shownResults(
  results: readonly CaseResult[],
  cases: readonly (RecordedCase | UnreadableCase)[],
  { sharing }: Console,
): readonly CaseResult[] {
  if (sharing === undefined) return results
  const payments = new Map(cases.flatMap((one) => (one.kind === 'case' ? [[one.file, one.payment] as const] : [])))
  return results.map((result) => {
    const payment = payments.get(result.file)
    return shared(result, payment === undefined ? noSecrets : secretsIn(payment))
  })
}

function secretsIn(payment: Payment): Secrets {
  return payment.family === 'solana' ? svmSecretsOf(payment, false) : secretsOf(payment)
}

/** One embedded chain does for all cases of a network; a fork is of one moment. */
function groupOf(network: EvmNetwork | undefined, at: bigint | undefined, rpcs: ReadonlyMap<string, ForkRpc>): string {
  if (network === undefined) return ''
  return rpcs.has(network.id) ? `${network.id} ${at ?? 'newest'}` : network.id
}

async function openEmbedded(): Promise<CaseChain> {
  const chains = shareChains(embeddedReplayer())
  return { replayer: chains, [Symbol.asyncDispose]: chains.close }
}

/** The state that was written down with the payment. */
async function openRecorded(directory: string): Promise<CaseChain> {
  const chain = await openRecording(directory)
  return {
    replayer: { state: 'own', open: async () => ({ ...chain, close: async () => undefined }) },
    options: { chains: [chain.reader] },
    [Symbol.asyncDispose]: () => chain.close(),
  }
}

/** A fork at the moment of its cases, whose own state the diagnosis is told of. */
async function openForked(
  network: EvmNetwork,
  rpc: ForkRpc,
  [first]: readonly RecordedCase<EvmPayment>[],
  now: bigint,
): Promise<CaseChain> {
  const at = first === undefined ? undefined : forkMoment(first.payment, now, first.at)
  const fork = await openFork({ ...rpc, network, ...(at === undefined ? {} : { at }) })
  const others = shareChains({
    open: (target) =>
      openFork({
        ...rpc,
        network,
        block: fork.fork.block.number,
        ...('network' in target && target.token !== undefined ? { token: target.token.address } : {}),
      }),
  })
  return {
    replayer: {
      state: 'own',
      open: async (target) => {
        const token = 'network' in target ? (target.token ?? target.network.usdc).address : target.token.address
        return token.toLowerCase() === fork.token.toLowerCase() ? { ...fork, close: async () => undefined } : others.open(target)
      },
    },
    options: { chains: [fork.reader] },
    [Symbol.asyncDispose]: async () => {
      await others.close()
      await fork.close()
    },
  }
}

function report(options: RegressOptions, regression: Regression, console: Console): string {
  switch (formatOf(options)) {
    case 'json':
      return jsonText(regressionJson(regression))
    case 'junit':
      return regressionJunit(regression)
    case 'github':
      return regressionGithub({ ...regression, directory: fromHere(regression.directory, console) })
    case 'text':
      return renderRegression(regression, { color: console.color, columns: console.columns ?? 120 })
  }
}

/** GitHub shows an annotation at a file of the repository, by its path in there. */
function fromHere(directory: string, { cwd }: Console): string {
  const path = relative(cwd(), directory)
  return !isAbsolute(directory) || path.startsWith('..') ? directory : path
}

/** What cannot be read comes first: nobody knows what it would have shown. */
function exitCodeOf({ counts }: Regression): number {
  if (counts.unreadable > 0) return exitCodes.usage
  if (counts.differ > 0) return exitCodes.payment
  return counts.notRun > 0 ? exitCodes.inconclusive : exitCodes.settles
}
