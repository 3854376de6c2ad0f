import {
  builtInNetworks,
  type Diagnosis,
  Eip3009Error,
  type EvmPayment,
  findSecrets,
  investigate,
  type Payment,
  type SearchDepth,
  type Secrets,
  secretsOf,
  sharerOf,
} from '@eip3009/core'
import type { ChainReader } from '@eip3009/core/chain'
import { identityOf, joinSecrets, type Place, type UnreadKind } from '@eip3009/core/internal'
import type { SearchPool } from '@eip3009/core/threads'
import type { Console } from '../console.ts'
import { describeError } from '../report-error.ts'
import { readGivenPayment } from '../sources/given-payment.ts'
import type { SourceOptions } from '../sources/options.ts'
import { readSources, refuseHeaders, type Sources } from '../sources/read-sources.ts'
import { isBroken, type SourceRecord } from '../sources/records.ts'
import { UsageError } from '../usage-error.ts'
import { networkOfTransaction, readSentPayment } from './transaction.ts'

type Input = string | Uint8Array | undefined

/** What became of a record. */
export type Outcome =
  | {
      readonly kind: 'diagnosed'
      readonly place: Place
      /** Equal for two records of one payment. It holds the signature. */
      readonly key: string
      /** Without what must not be shared, where that is asked for. */
      readonly diagnosis: Diagnosis
      readonly payment: Payment
      readonly input: Input
    }
  | { readonly kind: UnreadKind; readonly place: Place; readonly says: string }

export interface ManyOptions extends SourceOptions {
  readonly replay: boolean
  readonly search?: SearchDepth | undefined
}

/** Diagnoses one record after another, several at a time, with what all of them share: chains, threads, RPCs. */
export interface ManyDiagnoses extends AsyncDisposable {
  /** How many records are worth being begun before the first of them is done. */
  readonly atOnce: number
  /** How far each signature is searched over. */
  readonly search: SearchDepth
  diagnose(record: SourceRecord): Promise<Outcome>
}

/** Signatures that were searched lately: a client that tries again sends the same bytes. */
const mostKept = 500

/** What one thread does beside them keeps no more of them busy. */
const mostThreads = 2

/** A single signature is searched over for longer than a thousand can be. */
const depthOfMany = 'quick' satisfies SearchDepth
/** All single slips: of a payer whose signature a whole search did not explain, the next one is seldom explained by two. */
const hypothesesAgain = 20_000

/** @throws UsageError for an option that can not be followed. */
export async function openMany(options: ManyOptions, console: Console): Promise<ManyDiagnoses> {
  const [{ availableParallelism }, { openSearchPool }] = await Promise.all([import('node:os'), import('@eip3009/core/threads')])
  const sources = await readSources(options, console)
  const world = options.replay ? await import('@eip3009/core/replay') : undefined
  const chains = world?.shareChains(world.embeddedReplayer())
  const threads = Math.min(mostThreads, availableParallelism())
  const depth = options.search ?? depthOfMany
  const pool = openSearchPool(builtInNetworks, { threads, depth, ...(options.search === undefined ? { again: hypothesesAgain } : {}) })
  const search = keptSearch(pool)
  const readersOf = keptReaders(sources)
  let network: ReturnType<typeof networkOfTransaction> | undefined

  /** With --share: what is secret in a record is covered in what is said of it, and forgotten with it. */
  const shown = <T>(model: T, input: Input, secrets?: () => Secrets): T => {
    if (console.sharing === undefined) return model
    return sharerOf(joinSecrets(findSecrets(input), ...(secrets === undefined ? [] : [secrets()]))).model(model)
  }

  const onEvm = async (
    payment: EvmPayment,
    input: Input,
    moment: { readonly at?: bigint; readonly block?: bigint },
  ): Promise<Diagnosis> => {
    const { at, block, facilitator, now } = sources
    const urls = sources.urlsFor(payment.network)
    refuseHeaders(sources, urls)
    if (urls.length === 0 && block !== undefined)
      throw new UsageError('--block needs an RPC to read that block from; give one by --rpc-url.')
    await using found = await investigate(payment, {
      now,
      signature: await search(payment),
      search: { depth },
      ...(at === undefined ? {} : { at }),
      ...(typeof block === 'bigint' ? { block } : {}),
      ...(facilitator === undefined ? {} : { facilitator }),
      ...moment,
      ...(urls.length === 0 ? {} : { chains: await readersOf(urls, sources.headersFor(payment.network)) }),
      ...(chains === undefined ? {} : { replayer: chains }),
    })
    return shown(found.diagnosis, input, () => secretsOf(found.payment, found.signature))
  }

  const onSolana = async (payment: Extract<Payment, { family: 'solana' }>, input: Input): Promise<Diagnosis> => {
    const { liteSvmReplayer, svmReader, svmSecretsOf } = await import('@eip3009/core/solana')
    const { at, now, timeout } = sources
    const headers = sources.headersFor(payment.network)
    const urls = sources.urlsFor(payment.network)
    refuseHeaders(sources, urls)
    const { diagnosis } = await investigate(payment, {
      now,
      readers: urls.map((url) => svmReader(url, { totalTimeout: timeout, headers })),
      ...(at === undefined ? {} : { at }),
      ...(options.replay ? { replayer: liteSvmReplayer() } : {}),
    })
    return shown(diagnosis, input, () => svmSecretsOf(payment, diagnosis.settlement !== null))
  }

  const judged = async (payment: Payment, place: Place, input: Input, moment = {}): Promise<Outcome> => {
    const diagnosis = payment.family === 'evm' ? await onEvm(payment, input, moment) : await onSolana(payment, input)
    return { kind: 'diagnosed', place, key: identityOf(payment), diagnosis, payment, input }
  }

  const diagnosed = async (record: SourceRecord): Promise<Outcome> => {
    switch (record.kind) {
      case 'text': {
        const payment = tryRead(record.input, options)
        if (!(payment instanceof Error)) return judged(payment, record.place, record.input)
        const isOther = payment instanceof Eip3009Error && !isBroken(record.input, record.place)
        return { kind: isOther ? 'no-payment' : 'unreadable', place: record.place, says: shown(sentenceOf(payment), record.input) }
      }
      case 'hash': {
        network ??= networkOfTransaction(sources)
        const on = await network
        const { payment, moment } = await readSentPayment(record.hash, on, sources.urlsFor(on), sources)
        return judged(payment, record.place, undefined, moment)
      }
      default:
        return record
    }
  }

  return {
    atOnce: 2 * threads + 4,
    search: depth,
    // What goes wrong with one is told, and does not end the others.
    diagnose: (record) =>
      diagnosed(record).catch((error: unknown) => {
        const input = record.kind === 'text' ? record.input : undefined
        return { kind: 'not-diagnosed' as const, place: record.place, says: shown(sentenceOf(error), input) }
      }),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([pool.close(), chains?.close()])
    },
  }
}

function sentenceOf(error: unknown): string {
  const text = describeError(error)
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

function tryRead(input: string | Uint8Array, options: SourceOptions): Payment | Eip3009Error | UsageError {
  try {
    return readGivenPayment(input, options)
  } catch (error) {
    if (error instanceof Eip3009Error || error instanceof UsageError) return error
    throw error
  }
}

/** The same payment is searched once, also while the first search of it is under way. */
function keptSearch(pool: SearchPool): SearchPool['search'] {
  const kept = new Map<string, ReturnType<SearchPool['search']>>()
  return (payment) => {
    const key = `${identityOf(payment)},${payment.primaryType}`
    const found = kept.get(key) ?? pool.search(payment)
    kept.delete(key)
    kept.set(key, found)
    const [oldest] = kept.keys()
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
    return found
  }
}

function keptReaders({
  timeout,
}: Sources): (urls: readonly string[], headers: Readonly<Record<string, string>>) => Promise<readonly ChainReader[]> {
  const kept = new Map<string, ChainReader>()
  return async (urls, headers) => {
    const { chainReader } = await import('@eip3009/core/chain')
    return urls.map((url) => {
      const reader = kept.get(url) ?? chainReader(url, { timeout, headers })
      kept.set(url, reader)
      return reader
    })
  }
}
