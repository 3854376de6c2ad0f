import { stat } from 'node:fs/promises'
import {
  builtInNetworks,
  decodeRevert,
  diagnose,
  Eip3009Error,
  type EvmDiagnosis,
  type EvmNetwork,
  findNetwork,
  type MatrixRow,
  type Payment,
  readPayment,
  redact,
  replayMatrix,
  replayTarget,
  type SearchDepth,
  type SignatureEvidence,
  searchSignature,
  secretsOf,
} from '@eip3009/core'
import type { ChainReader } from '@eip3009/core/chain'
import type { ForkedChain, ForkSource, Recorder, ReplayChain, ReplayOutcome } from '@eip3009/core/replay'
import type { Console } from '../console.ts'
import { exitCodeOf, exitCodes } from '../exit-codes.ts'
import { textOf } from '../files.ts'
import { forkMoment } from '../fork-moment.ts'
import { readGivenPayment } from '../given-payment.ts'
import { readInput } from '../input.ts'
import { readForkBlock, readNumber } from '../number-options.ts'
import { waiting } from '../progress.ts'
import { jsonText } from '../report/json-text.ts'
import { renderReplay } from '../report/replay.ts'
import { type ReplayReport, replayReport } from '../report/replay-report.ts'
import { rpcUrlsFor, rpcVariable } from '../rpc-urls.ts'
import { searchLimits } from '../search.ts'
import { shown } from '../sharing.ts'
import { readTime } from '../time.ts'
import type { TokenOptions } from '../token-options.ts'
import { UsageError } from '../usage-error.ts'

export interface ReplayOptions extends TokenOptions {
  readonly input: string
  readonly json: boolean
  readonly share: boolean
  readonly rpcUrl?: string | undefined
  readonly rpcHeader?: readonly string[] | undefined
  readonly at?: string | undefined
  readonly block?: string | undefined
  readonly matrix: boolean
  readonly export?: string | undefined
  readonly timeout: number
  readonly search?: SearchDepth | undefined
}

/** A payment with the chain that it is replayed on, and the second that counts. */
interface Stage {
  readonly payment: Payment
  readonly chain: ReplayChain
  readonly fork?: ForkedChain
  readonly recorder: Recorder
  readonly at?: bigint
  readonly readers: readonly ChainReader[]
  /** What was found out about the signature, where that came first. */
  readonly signature?: SignatureEvidence
  readonly close: () => Promise<void>
}

/** Replays a payment, a transaction or a recording, prints what the token makes of it and why, and returns the exit code. */
export async function replayCommand(options: ReplayOptions, console: Console): Promise<number> {
  checkOptions(options)
  try {
    const stage = await openStage(options, console)
    try {
      return await onStage(stage, options, console)
    } finally {
      await stage.close()
    }
  } catch (error) {
    if (!(error instanceof Eip3009Error)) throw error
    return withoutAnswer(error, options, console)
  }
}

/** Controls that fail are an answer of their own, and a chain that can not be had leaves the question open; the rest is the caller's to mend. */
function withoutAnswer(error: Eip3009Error, { json }: ReplayOptions, console: Console): number {
  const { code, message } = error
  if (code === 'rpc-unavailable' || code === 'chain-unavailable') console.err(`eip3009: ${message}\n`)
  else if (code !== 'controls-failed') throw error
  else if (json) console.out(jsonText({ schema: 'eip3009/replay@1', status: 'invalid', says: message }))
  else console.out(`? INVALID      ${message}\n`)
  return exitCodes.inconclusive
}

async function onStage(stage: Stage, options: ReplayOptions, console: Console): Promise<number> {
  const { payment, chain, readers } = stage
  const now = console.now()
  const search = searchLimits(options.search, console)
  const signature = stage.signature ?? (await searchSignature(payment, builtInNetworks, search))
  const outcomes: ReplayOutcome[] = []
  const watched: ReplayChain = {
    ...chain,
    replay: async (...call) => {
      const outcome = await chain.replay(...call)
      outcomes.push(outcome)
      return outcome
    },
    close: async () => undefined,
  }
  const diagnosis: EvmDiagnosis = await diagnose(payment, {
    now,
    search,
    signature,
    ...(stage.at === undefined ? {} : { at: stage.at }),
    ...(readers.length === 0 ? {} : { chains: readers }),
    replayer: { ...(chain.state === undefined ? {} : { state: chain.state }), open: async () => watched },
  })
  const at = stage.at ?? BigInt(diagnosis.time.judgedAt)
  const [asIs = await chain.replay(payment, { at })] = outcomes
  const matrix: readonly MatrixRow[] = options.matrix ? await replayMatrix(chain, payment, { at, signature }) : []
  const exported = options.export === undefined ? undefined : await exportTo(options.export, stage, at, asIs, diagnosis, outcomes, console)
  const whole: ReplayReport = replayReport({
    payment,
    chain,
    ...(stage.fork === undefined ? {} : { fork: stage.fork }),
    asIs,
    diagnosis,
    signed: signature.matches[0],
    matrix,
    exported: exported ?? null,
  })
  const report = shown(whole, console, () => secretsOf(payment, signature))
  console.out(options.json ? jsonText(report) : renderReplay(report, { color: console.color, columns: console.columns ?? 120 }))
  return exitCodeOf(diagnosis)
}

async function exportTo(
  directory: string,
  { payment, chain, recorder }: Stage,
  at: bigint,
  asIs: ReplayOutcome,
  diagnosis: EvmDiagnosis,
  outcomes: readonly ReplayOutcome[],
  console: Console,
): Promise<string> {
  const { writeRecording } = await import('@eip3009/core/replay')
  const open = BigInt(diagnosis.evm.window.closes) >= console.now() && diagnosis.evm.window.now !== 'closed'
  await writeRecording(directory, {
    payment,
    at,
    chain,
    recorder,
    asIs,
    runs: outcomes.map(({ interventions }) => interventions),
    cause: diagnosis.cause,
    headline: diagnosis.headline,
  })
  if (open && diagnosis.money.state !== 'moved') {
    console.err(
      `eip3009: "${directory}" holds a signed authorization whose window is open until ${diagnosis.evm.window.closes} (unix seconds): whoever has it can try to take the money. Keep it to yourself until then.\n`,
    )
  }
  return directory
}

function checkOptions({ timeout, export: directory, share, rpcUrl: url, rpcHeader, block }: ReplayOptions): void {
  readHeaders(rpcHeader)
  if (block?.trim() === 'pending' && directory !== undefined) {
    throw new UsageError('--export records what was mined, and nothing of a pending block is: give --export or --block pending, not both.')
  }
  if (url?.trim() === '') throw new UsageError('--rpc-url is empty; give a URL that starts with https:// or http://, or leave it out.')
  if (share && directory !== undefined) {
    throw new UsageError('--share leaves out what can move money, and an export has to hold it: give one of the two.')
  }
  readNumber('timeout', timeout)
  if (directory?.trim() === '') throw new UsageError('--export takes the name of a directory that does not exist yet, or is empty.')
}

async function openStage(options: ReplayOptions, console: Console): Promise<Stage> {
  if (await isDirectory(options.input)) return openRecorded(options, console)
  const hash = /^0x[0-9a-fA-F]{64}$/.test(options.input.trim()) ? options.input.trim() : undefined
  if (hash !== undefined) return openTransaction(hash as `0x${string}`, options, console)
  const input = await readInput(options.input, console)
  const payment = tryRead(input, options)
  if (payment instanceof Eip3009Error) {
    const text = textOf(input)
    const found = hashIn(text)
    if (found === undefined) throw payment
    return openTransaction(found, options, console)
  }
  const url = rpcUrl(options, payment.network, console)
  if (url === undefined) return openEmbedded(payment, options, console)
  const sent = payment.call?.transaction?.hash
  if (sent !== undefined && options.block === undefined && options.at === undefined) {
    const mined = await tryTransaction(sent, options, console)
    if (mined !== undefined) return mined
  }
  return openPayload(payment, url, options, console)
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    // What is not there is a payment itself, or a file whose absence is reported when it is read.
    return false
  }
}

function tryRead(input: string | Uint8Array, options: ReplayOptions): Payment | Eip3009Error {
  try {
    return readGivenPayment(input, options)
  } catch (error) {
    if (error instanceof Eip3009Error) return error
    throw error
  }
}

/** The transaction that a line of a log is about: the one that it names, or the only 32 bytes in it. */
function hashIn(text: string): `0x${string}` | undefined {
  // A private key that is called one is 32 bytes, too, and must not be asked about.
  const shared = redact(text)
  const named = decodeRevert(shared).transaction
  if (named !== undefined) return named
  const all = new Set([...shared.matchAll(/\b0x[0-9a-fA-F]{64}\b/g)].map(([hash]) => hash.toLowerCase()))
  const [only] = all
  return all.size === 1 ? (only as `0x${string}`) : undefined
}

/** What is known when nobody gave an RPC: a chain of our own with the token on it. */
async function openEmbedded(payment: Payment, options: ReplayOptions, console: Console): Promise<Stage> {
  if (options.block !== undefined) throw new UsageError('--block needs an RPC to read that block from; give one by --rpc-url.')
  const { openChain } = await import('@eip3009/core/replay')
  const signature = await searchSignature(payment, builtInNetworks, searchLimits(options.search, console))
  const target = replayTarget(payment, signature.expected)
  if (target === undefined) throw await noTarget(payment, signature, console)
  const chain = await openChain(target)
  const at = options.at === undefined ? undefined : readTime(options.at, console.now())
  return {
    payment,
    chain,
    recorder: chain.recorder,
    readers: [],
    signature,
    close: () => chain.close(),
    ...(at === undefined ? {} : { at }),
  }
}

/** Why there is nothing to replay it on: a replay of what only the payload says could only agree with it. */
async function noTarget(payment: Payment, signature: SignatureEvidence | undefined, console: Console): Promise<Error> {
  const { headline, undecided } = await diagnose(payment, { now: console.now(), ...(signature === undefined ? {} : { signature }) })
  if (undecided?.id === 'network-unnamed' || (payment.network === undefined && payment.chainId === undefined)) {
    return new UsageError('Nothing says which network the payment is for, so there is no chain to replay it on; name it: --network base.')
  }
  const why =
    undecided === null
      ? "nothing here knows this token's domain, and a replay of what only the payload says could only agree with it; tell it by --token-name and --token-version."
      : `${headline}${undecided.check === null ? '' : ` ${undecided.check}`}`
  return new Eip3009Error('chain-unavailable', `${why.charAt(0).toUpperCase()}${why.slice(1)}`)
}

async function openPayload(payment: Payment, url: string, options: ReplayOptions, console: Console): Promise<Stage> {
  const { network, token } = payment
  // No token ever sees what Circle Gateway settles.
  if (payment.rail === 'circle-gateway') throw await noTarget(payment, undefined, console)
  if (network === undefined) throw new UsageError('Nothing says which network the payment is for; name it: --network base.')
  const now = console.now()
  const at = options.at === undefined ? undefined : readTime(options.at, now)
  const moment = forkMoment(payment, now, at)
  const block = options.block === undefined ? undefined : readForkBlock(options.block)
  const fork = await openForkOf(
    {
      rpcUrl: url,
      network,
      headers: readHeaders(options.rpcHeader),
      ...(token === undefined ? {} : { token }),
      ...(block === undefined ? (moment === undefined ? {} : { at: moment }) : { block }),
    },
    options,
    console,
  )
  const time = at ?? (block === undefined ? undefined : fork.fork.time)
  return {
    payment,
    chain: fork,
    recorder: fork.recorder,
    fork,
    readers: [fork.reader],
    close: () => fork.close(),
    ...(time === undefined ? {} : { at: time }),
  }
}

/** A transaction that the chain may know; undefined when it does not. */
async function tryTransaction(hash: `0x${string}`, options: ReplayOptions, console: Console): Promise<Stage | undefined> {
  try {
    return await openTransaction(hash, options, console)
  } catch (error) {
    if (error instanceof Eip3009Error && error.code === 'invalid-argument') return undefined
    throw error
  }
}

async function openTransaction(hash: `0x${string}`, options: ReplayOptions, console: Console): Promise<Stage> {
  const network = await networkOfTransaction(options, console)
  const url = rpcUrl(options, network, console)
  if (url === undefined) throw noRpc()
  const block = options.block === undefined ? undefined : readForkBlock(options.block)
  if (block === 'pending')
    throw new UsageError('--block pending is for a payment that waits for its transaction; leave it out for a transaction.')
  const fork = await openForkOf(
    { rpcUrl: url, network, transaction: hash, headers: readHeaders(options.rpcHeader), ...(block === undefined ? {} : { block }) },
    options,
    console,
  )
  try {
    const { call } = fork.sent ?? {}
    if (call === undefined) throw new UsageError(`The transaction ${hash} has no payment in it.`)
    const payment = readPayment(
      { chainId: network.chainId, hash, from: call.sender, to: call.token, data: call.data },
      { network: network.caip2 },
    )
    const at = options.at === undefined ? fork.fork.time : readTime(options.at, console.now())
    return { payment, chain: fork, recorder: fork.recorder, fork, at, readers: [fork.reader], close: () => fork.close() }
  } catch (error) {
    await fork.close()
    throw error
  }
}

async function openRecorded(options: ReplayOptions, console: Console): Promise<Stage> {
  if (options.rpcUrl !== undefined || options.block !== undefined || options.network !== undefined) {
    throw new UsageError('A recording has its own network, block and state: leave --rpc-url, --block and --network out.')
  }
  const at = options.at === undefined ? undefined : readTime(options.at, console.now())
  const { openRecording } = await import('@eip3009/core/replay')
  const recording = await openRecording(options.input)
  return {
    payment: recording.payment,
    chain: recording,
    recorder: recording.recorder,
    at: at ?? recording.at,
    readers: [recording.reader],
    close: () => recording.close(),
  }
}

async function networkOfTransaction({ network, rpcUrl: url, rpcHeader, timeout }: ReplayOptions, console: Console): Promise<EvmNetwork> {
  if (network !== undefined) {
    const answer = findNetwork(network)
    if (answer.kind === 'unknown') throw new UsageError(`--network ${answer.reason}`)
    if (answer.network.family !== 'evm') throw new UsageError(`--network ${network} is not an EVM network: there is nothing to replay.`)
    return answer.network
  }
  const evm = builtInNetworks.all.filter((each): each is EvmNetwork => each.family === 'evm')
  const rpc = rpcUrl({ rpcUrl: url }, undefined, console)
  if (rpc !== undefined) {
    const { chainReader } = await import('@eip3009/core/chain')
    const reader = chainReader(rpc, { timeout, headers: readHeaders(rpcHeader) })
    const answer = (await reader.chainId?.()) ?? { known: false, reason: 'it was not asked' }
    if (!answer.known) throw new Eip3009Error('rpc-unavailable', `${reader.source} does not say of which chain it is: ${answer.reason}.`)
    const id = answer.value
    const found = evm.find(({ chainId }) => chainId === id)
    if (found === undefined)
      throw new UsageError(`The RPC is of chain ${id}, which is none of the networks that are known; see eip3009 networks.`)
    return found
  }
  const given = evm.filter((each) => (console.env[rpcVariable(each)]?.trim() ?? '') !== '')
  const [only, ...others] = given
  if (only === undefined) throw noRpc()
  if (others.length > 0)
    throw new UsageError(
      `The environment has RPCs of ${given.map(({ id }) => id).join(', ')}: say which network the transaction is of (--network).`,
    )
  return only
}

function noRpc(): UsageError {
  return new UsageError(
    'Read 32 bytes, which are not shown; if what was given is a transaction hash: give an RPC to read it from, by --rpc-url or EIP3009_RPC_BASE and the like; if it was a private key: treat it as exposed.',
  )
}

function rpcUrl({ rpcUrl: given }: Pick<ReplayOptions, 'rpcUrl'>, network: EvmNetwork | undefined, console: Console): string | undefined {
  return rpcUrlsFor(given === undefined ? [] : [given], network, console)[0]
}

function readHeaders(given: readonly string[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((text) => {
      const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(.*)$/.exec(text.trim()) ?? []
      // The value can be a key, so the text is not repeated.
      if (name === undefined || value === undefined)
        throw new UsageError("--rpc-header takes a name and a value: --rpc-header 'Authorization: Bearer …'.")
      return [name.toLowerCase(), value]
    }),
  )
}

/** Opens a fork, and says what for when that takes a while. */
async function openForkOf(source: ForkSource, { timeout }: ReplayOptions, console: Console): Promise<ForkedChain> {
  const { openFork } = await import('@eip3009/core/replay')
  const { progress, done } = waiting(console)
  try {
    return await openFork(source, { timeout, progress })
  } finally {
    done()
  }
}
