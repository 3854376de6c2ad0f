import { sha256 } from '@noble/hashes/sha2.js'
import { toHex } from '../../bytes/bytes.ts'
import type { Address } from '../../bytes/hex.ts'
import { Eip3009Error, type ErrorCode } from '../../errors/eip3009-error.ts'
import { clock } from '../../evidence/clock.ts'
import { type Codec, count, factOf, listOf, maybe, nullable, oneOf, record, tagged, text, textOf, whole } from '../../evidence/codec.ts'
import type { Known } from '../../evidence/known.ts'
import { documentOf, moment, readDocument, type Snapshot, type SnapshotMoment, type snapshotSchema } from '../../evidence/snapshot.ts'
import { reasonOf } from '../../rpc/chain-client.ts'
import { type Blanks, blanksFor, emptied } from '../signature/blanks.ts'
import type { ChainAnswer, ChainQuestion, ChainReader } from './chain.ts'
import { type AskedOfChain, address, askedOfChain, chainAnswer } from './chain-codec.ts'
import type { Intervention, ReplayChain, Replayer, ReplayOptions, ReplayOutcome, ReplayPayment, ReplayTarget } from './replay.ts'
import { chainState, intervention, type OpenedChain, openedChain, outcome } from './replay-codec.ts'

/** Where a diagnosis has its evidence from, as `diagnose` takes it. Times are unix seconds. */
export interface EvidenceSources {
  readonly now: bigint
  readonly at?: bigint
  readonly block?: bigint
  readonly facilitator?: Address
  readonly chains?: readonly ChainReader[]
  readonly replayer?: Replayer
}

/** The same sources, with what they said so far: `captureSnapshot` keeps it. */
export interface RecordedSources extends EvidenceSources {
  readonly recorded: Recorded
}

/** A failure of ours, which is an answer too: a replay that can't be made is reported as such. */
interface Failure {
  readonly kind: 'failed'
  readonly code: ErrorCode
  readonly message: string
}

interface Run {
  readonly at: bigint
  readonly interventions: readonly Intervention[]
  readonly result: { readonly kind: 'outcome'; readonly outcome: ReplayOutcome } | Failure
}

interface Opened {
  readonly target: { readonly chainId: number; readonly token: Address }
  readonly result: { readonly kind: 'opened'; readonly chain: OpenedChain; readonly runs: readonly Run[] } | Failure
}

interface RecordedReader {
  readonly source: string
  /** Absent where it can't be asked. */
  readonly chainId?: Known<number>
  readonly answers: readonly { readonly question: AskedOfChain; readonly answer: ChainAnswer }[]
}

interface RecordedReplayer {
  readonly state?: 'own' | 'assumed'
  readonly chains: readonly Opened[]
}

/** What was said so far. Only `recordSources` makes one. */
export class Recorded {
  readonly #readers: () => readonly RecordedReader[]
  readonly #replayer: () => RecordedReplayer | null

  constructor(readers: () => readonly RecordedReader[], replayer: () => RecordedReplayer | null) {
    this.#readers = readers
    this.#replayer = replayer
  }

  now(): Pick<Body, 'readers' | 'replayer'> {
    return { readers: this.#readers(), replayer: this.#replayer() }
  }
}

/** A snapshot of a payment on an EVM chain, as the JSON document that it is. */
export interface EvmSnapshot {
  readonly schema: typeof snapshotSchema
  readonly family: 'evm'
  readonly moment: SnapshotMoment
  /**
   * SHA-256 of the payment in hex: which payment it was.
   * @pattern ^[0-9a-f]{64}$
   */
  readonly payment: string
  readonly block: bigint | null
  readonly facilitator: Address | null
  readonly readers: readonly RecordedReader[]
  readonly replayer: RecordedReplayer | null
}

type Body = Omit<EvmSnapshot, 'schema' | 'family'>

/** What `diagnose` reports of a replay that it was refused, by its code. */
const errorCodes: Readonly<Record<ErrorCode, true>> = {
  'invalid-network': true,
  'unknown-network': true,
  'unreadable-input': true,
  'unsupported-input': true,
  'invalid-argument': true,
  'missing-package': true,
  'rpc-unavailable': true,
  'chain-unavailable': true,
  'controls-failed': true,
  'wrong-signer': true,
  unsettleable: true,
  internal: true,
}

const failed = { code: oneOf<ErrorCode>(errorCodes), message: text }

const run: Codec<Run> = record<Run>({
  at: whole,
  interventions: listOf(intervention),
  result: tagged<Run['result'], 'kind'>('kind', { outcome: { outcome }, failed }),
})

const reader: Codec<RecordedReader> = record<RecordedReader>({
  source: text,
  chainId: maybe(factOf(count)),
  answers: listOf(record({ question: askedOfChain, answer: chainAnswer })),
})

const opened: Codec<Opened> = record<Opened>({
  target: record({ chainId: count, token: address }),
  result: tagged<Opened['result'], 'kind'>('kind', {
    opened: { chain: record<OpenedChain>(openedChain), runs: listOf(run) },
    failed,
  }),
})

const sha256Text: Codec<string> = textOf((value): value is string => /^[0-9a-f]{64}$/.test(value), 'a SHA-256 in hex')

const body: Codec<Body> = record<Body>({
  moment,
  payment: sha256Text,
  block: nullable(whole),
  facilitator: nullable(address),
  readers: listOf(reader),
  replayer: nullable(record<RecordedReplayer>({ state: maybe(chainState), chains: listOf(opened) })),
})

/**
 * The same sources for `diagnose`, which remember what they say.
 *
 * ```ts
 * const sources = recordSources({ chains: [chainReader(url)], replayer: embeddedReplayer() })
 * const diagnosis = await diagnose(payment, sources)
 * await writeFile('snapshot.json', JSON.stringify(captureSnapshot(payment, sources)))
 * ```
 */
export function recordSources({ now = clock(), ...sources }: Partial<EvidenceSources>): RecordedSources {
  const { chains = [], replayer } = sources
  const readers = chains.map(recordReader)
  const replays = replayer === undefined ? undefined : recordReplayer(replayer)
  return {
    ...sources,
    now,
    ...(sources.chains === undefined ? {} : { chains: readers.map(({ live }) => live) }),
    ...(replays === undefined ? {} : { replayer: replays.live }),
    recorded: new Recorded(
      () => readers.map(({ recorded }) => recorded()),
      () => replays?.recorded() ?? null,
    ),
  }
}

/**
 * What was said of a payment so far, as an object for `JSON.stringify`. The bytes of the payment's signature are blank in it, wherever a chain or a replay
 * shows them: only who has the payment can fill them in.
 */
export function captureSnapshot(payment: ReplayPayment, { now, at, block, facilitator, recorded }: RecordedSources): Snapshot<'evm'> {
  const { readers, replayer } = recorded.now()
  const moment = { now, at: at ?? null }
  const whole = { moment, payment: idOf(payment), block: block ?? null, facilitator: facilitator ?? null, readers, replayer }
  const blank = blanksFor(payment.signature).blank(JSON.stringify(body.encode(whole)))
  return documentOf('evm', JSON.parse(blank))
}

/**
 * The sources of a snapshot, for `diagnose`: readers that answer as its RPCs did, and a replayer that shows what its replays showed. The diagnosis of the same
 * payment, searched as far, is the one that was made then, byte for byte; asked anything else they say that the snapshot does not have it.
 * @throws Eip3009Error `unreadable-input` when it is no snapshot of a payment on an EVM chain, or a damaged one.
 */
export function readSnapshot(input: string | object): EvidenceSources {
  const document = readDocument(input, 'evm')
  // Everything is read once as it is, so that damage is told now and not in the middle of a diagnosis.
  const { moment, payment, block, facilitator, readers, replayer } = body.decode(withBlanks(document, emptied), '')
  let filled: Body | undefined
  const of = (asked: ReplayPayment): Body | undefined => {
    if (idOf(asked) !== payment) return undefined
    filled ??= body.decode(withBlanks(document, blanksFor(asked.signature)), '')
    return filled
  }
  return {
    now: moment.now,
    ...(moment.at === null ? {} : { at: moment.at }),
    ...(block === null ? {} : { block }),
    ...(facilitator === null ? {} : { facilitator }),
    chains: readers.map(({ source, chainId }, index): ChainReader => {
      return {
        source,
        ...(chainId === undefined ? {} : { chainId: async () => chainId }),
        read: async ({ payment: asked, ...question }) => {
          const own = of(asked)
          if (own === undefined) return { kind: 'unreachable', source, reason: 'the snapshot was captured for another payment' }
          const key = questionKey(question)
          const found = own.readers[index]?.answers.find((each) => questionKey(each.question) === key)
          return found?.answer ?? { kind: 'unreachable', source, reason: 'the snapshot has no answer to what it was asked' }
        },
      }
    }),
    ...(replayer === null ? {} : { replayer: replayerOf(replayer, of) }),
  }
}

function replayerOf({ state, chains }: RecordedReplayer, of: (asked: ReplayPayment) => Body | undefined): Replayer {
  return {
    ...(state === undefined ? {} : { state }),
    async open(target) {
      const wanted = targetOf(target)
      const index = chains.findIndex((each) => each.target.chainId === wanted.chainId && each.target.token === wanted.token)
      const result = chains[index]?.result
      if (result === undefined) throw new Eip3009Error('chain-unavailable', 'the snapshot has no replay on that chain')
      if (result.kind === 'failed') throw new Eip3009Error(result.code, result.message)
      const chain: ReplayChain = {
        ...result.chain,
        async replay(payment, options) {
          const own = of(payment)?.replayer?.chains[index]?.result
          if (own?.kind !== 'opened') throw new Eip3009Error('chain-unavailable', 'the snapshot was captured for another payment')
          const key = runKey(options)
          const found = own.runs.find((each) => runKey(each) === key)?.result
          if (found === undefined) throw new Eip3009Error('chain-unavailable', 'the snapshot has no replay with these changes')
          if (found.kind === 'failed') throw new Eip3009Error(found.code, found.message)
          return found.outcome
        },
        close: async () => undefined,
      }
      return chain
    },
  }
}

function recordReader(reader: ChainReader): { readonly live: ChainReader; readonly recorded: () => RecordedReader } {
  const answers = new Map<string, RecordedReader['answers'][number]>()
  let known: Known<number> | undefined
  const { source, chainId } = reader
  return {
    live: {
      ...reader,
      ...(chainId === undefined
        ? {}
        : {
            chainId: async () => {
              known = await chainId.call(reader)
              return known
            },
          }),
      read: async (asked) => {
        const { payment: _, ...question } = asked
        const answer = await ask(reader, asked)
        // What nothing else is read of is kept as it was first said.
        const key = questionKey(question)
        if (!answers.has(key)) answers.set(key, { question, answer })
        return answer
      },
    },
    recorded: () => ({ source, ...(known === undefined ? {} : { chainId: known }), answers: [...answers.values()] }),
  }
}

/** A reader that a caller made can throw, which says as much of the chain as no answer. */
async function ask(reader: ChainReader, question: ChainQuestion): Promise<ChainAnswer> {
  try {
    return await reader.read(question)
  } catch (error) {
    return { kind: 'unreachable', source: reader.source, reason: reasonOf(error) }
  }
}

function recordReplayer(replayer: Replayer): { readonly live: Replayer; readonly recorded: () => RecordedReplayer } {
  const chains: (() => Opened)[] = []
  const { state } = replayer
  return {
    live: {
      ...replayer,
      async open(target) {
        const of = targetOf(target)
        let chain: ReplayChain
        try {
          chain = await replayer.open(target)
        } catch (error) {
          const result = failureOf(error)
          if (result !== undefined) chains.push(() => ({ target: of, result }))
          throw error
        }
        const { live, runs } = recordChain(chain)
        chains.push(() => ({ target: of, result: { kind: 'opened', chain, runs: runs() } }))
        return live
      },
    },
    recorded: () => ({ ...(state === undefined ? {} : { state }), chains: chains.map((each) => each()) }),
  }
}

function recordChain(chain: ReplayChain): { readonly live: ReplayChain; readonly runs: () => readonly Run[] } {
  const runs = new Map<string, Run>()
  const keep = (options: ReplayOptions, result: Run['result']): void => {
    const key = runKey(options)
    if (!runs.has(key)) runs.set(key, { at: options.at, interventions: options.interventions ?? [], result })
  }
  return {
    live: {
      ...chain,
      async replay(payment, options) {
        try {
          const found = await chain.replay(payment, options)
          keep(options, { kind: 'outcome', outcome: found })
          return found
        } catch (error) {
          const failure = failureOf(error)
          if (failure !== undefined) keep(options, failure)
          throw error
        }
      },
      close: () => chain.close(),
    },
    runs: () => [...runs.values()],
  }
}

function failureOf(error: unknown): Failure | undefined {
  return error instanceof Eip3009Error ? { kind: 'failed', code: error.code, message: error.message } : undefined
}

function targetOf(target: ReplayTarget): Opened['target'] {
  return 'network' in target
    ? { chainId: target.network.chainId, token: (target.token ?? target.network.usdc).address }
    : { chainId: target.chainId, token: target.token.address }
}

function questionKey(question: AskedOfChain): string {
  return JSON.stringify(askedOfChain.encode(question))
}

function runKey({ at, interventions = [] }: ReplayOptions): string {
  return JSON.stringify([String(at), interventions.map((each) => intervention.encode(each))])
}

/** Which payment it is, whatever it was read from. */
function idOf({ authorization, primaryType, signature }: ReplayPayment): string {
  const { from, to, value, validAfter, validBefore, nonce } = authorization
  const parts = [primaryType, from, to, nonce, value, validAfter, validBefore, signature].map((part) => String(part).toLowerCase())
  return toHex(sha256(new TextEncoder().encode(parts.join()))).slice(2)
}

/** The body with its blanks filled in. */
function withBlanks(document: object, { fill }: Pick<Blanks, 'fill'>): unknown {
  return JSON.parse(fill(JSON.stringify(document)))
}
