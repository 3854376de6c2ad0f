import {
  Eip3009Error,
  type EvmDiagnoseOptions,
  type EvmNetwork,
  type EvmPayment,
  type EvmInvestigation as Investigation,
} from '@eip3009/core'
import type { ChainReader } from '@eip3009/core/chain'
import type { ForkedChain, Forker, ForkSource, RecordedChain } from '@eip3009/core/replay'
import type { Console } from '../console.ts'
import { patiently, type Waiting } from '../progress.ts'
import type { EvmChain } from '../report/replay-report.ts'
import { readGivenEvmPayment } from '../sources/given-payment.ts'
import { refuseHeaders, type Sources } from '../sources/read-sources.ts'
import { readSnapshotText, tellAge } from '../sources/snapshot.ts'
import { networkTold, tokenTold } from '../sources/token-options.ts'
import { UsageError } from '../usage-error.ts'
import type { Wishes } from './examined.ts'
import { networkOfTransaction, noRpc, readSentPayment } from './transaction.ts'

export type EvmInvestigation = Investigation<EvmChain>

/** Where a payment comes from. */
export type EvmSource =
  | { readonly payment: EvmPayment }
  /** A transaction, by its hash; `unless` is what is told instead where no RPC can be asked for it, or it knows none: the text had other things in it. */
  | { readonly hash: `0x${string}`; readonly unless?: Eip3009Error }
  /** The directory of an export. */
  | { readonly recording: string }

/** A payment, with what its diagnosis asks and replays on. */
export interface Stage extends AsyncDisposable {
  readonly payment: EvmPayment
  readonly options: EvmDiagnoseOptions<ForkedChain, EvmChain>
}

/** @throws UsageError or Eip3009Error where there is no payment, or nothing to replay it on that was asked for. */
export async function openStage(source: EvmSource, sources: Sources, wishes: Wishes, console: Console, wait: Waiting): Promise<Stage> {
  const { block } = sources
  if (block === 'pending' && wishes.replay === 'no')
    throw new UsageError('--block pending is a state to replay on; leave out --no-replay, or --block pending.')
  if (block === 'pending' && wishes.export !== undefined)
    throw new UsageError('--export records what was mined, and nothing of a pending block is: give --export or --block pending, not both.')
  const open = opener(sources, wishes, console, wait)
  if (sources.snapshot !== undefined) return open.kept(source, sources.snapshot)
  if ('recording' in source) return open.recording(source.recording)
  if ('hash' in source) return open.transaction(source.hash, source.unless)
  return open.payment(source.payment)
}

function opener(sources: Sources, wishes: Wishes, console: Console, wait: Waiting) {
  const { at, block, facilitator, headersFor, timeout, told, urlsFor } = sources
  const given = { ...(at === undefined ? {} : { at }), ...(facilitator === undefined ? {} : { facilitator }) }
  const wants = wishes.replay !== 'no'

  /** A chain that is open already, of which the diagnosis reads, too. */
  const on = (payment: EvmPayment, chain: ForkedChain | RecordedChain, time: bigint | undefined): Stage => ({
    payment,
    options: {
      ...given,
      ...(time === undefined ? {} : { at: time }),
      // What a chain of ours was given for a payment is nothing that was read of any chain.
      ...(chain.state === 'own' ? { chains: [chain.reader] } : {}),
      // Who opened it closes it.
      ...(wants ? { replayer: { state: chain.state, open: async () => ({ ...chain, close: async () => undefined }) } } : {}),
    },
    [Symbol.asyncDispose]: () => chain.close(),
  })

  const readersOf = async (urls: readonly string[], network: EvmNetwork | undefined): Promise<readonly ChainReader[]> => {
    const { chainReader } = await import('@eip3009/core/chain')
    const headers = headersFor(network)
    return urls.map((url) => impatient(chainReader(url, { timeout, headers }), console))
  }

  /** What is asked of RPCs, and the chain to replay on: a fork of one of them, or where there is none a chain with what was read on it. */
  const asking = async (
    payment: EvmPayment,
    urls: readonly string[],
    more: { readonly at?: bigint; readonly block?: bigint; readonly noFork?: Eip3009Error } = {},
  ): Promise<Stage> => {
    const { noFork, ...moment } = more
    const world = wants ? await import('@eip3009/core/replay') : undefined
    const forker: Forker<ForkedChain> | undefined =
      // What is kept has to be enough to make the same diagnosis again, and a fork's state is not: what was read is.
      urls.length === 0 || sources.saveSnapshot !== undefined
        ? undefined
        : noFork === undefined
          ? world &&
            waitedFor(world.rpcForker(urls, { headers: headersFor(payment.network), totalTimeout: timeout, progress: wait.progress }), wait)
          : { open: () => Promise.reject(noFork) }
    return {
      payment,
      options: {
        ...given,
        ...(typeof block === 'bigint' ? { block } : {}),
        ...moment,
        ...(urls.length === 0 ? {} : { chains: await readersOf(urls, payment.network) }),
        ...(forker === undefined ? {} : { forker }),
        // Who wants to see a fork is not shown another chain.
        ...(world === undefined || (wishes.replay === 'shown' && forker !== undefined) ? {} : { replayer: world.embeddedReplayer() }),
      },
      [Symbol.asyncDispose]: async () => undefined,
    }
  }

  const openFork = async (urls: readonly string[], source: Omit<ForkSource, 'rpcUrl'>): Promise<ForkedChain> => {
    const world = await import('@eip3009/core/replay')
    let failed: unknown
    for (const rpcUrl of urls) {
      try {
        return await world.openFork(
          { rpcUrl, headers: headersFor(source.network), ...source },
          { totalTimeout: timeout, progress: wait.progress },
        )
      } catch (error) {
        failed ??= error
      } finally {
        wait.done()
      }
    }
    throw failed
  }

  const kept = async (source: EvmSource, snapshot: string): Promise<Stage> => {
    if (!('payment' in source)) throw new UsageError('A snapshot is of a payment: give the payment that it was made of, with --snapshot.')
    if (at !== undefined || block !== undefined || facilitator !== undefined)
      throw new UsageError('A snapshot has its own moment, block and facilitator: leave --at, --block and --facilitator-address out.')
    const { replayer, ...options } = (await import('@eip3009/core/chain')).readSnapshot(await readSnapshotText(snapshot, console))
    tellAge(options.now, console)
    return {
      payment: source.payment,
      // The whole of it is what was kept, so that nothing is asked and nothing is replayed.
      options: { ...options, ...(wants && replayer !== undefined ? { replayer } : {}) } as Stage['options'],
      [Symbol.asyncDispose]: async () => undefined,
    }
  }

  const recording = async (directory: string): Promise<Stage> => {
    if (block !== undefined || networkTold(told) !== undefined || urlsFor(undefined).length > 0)
      throw new UsageError('A recording has its own network, block and state: leave --rpc-url, --block, --network and --chain-id out.')
    if (tokenTold(told) !== undefined)
      throw new UsageError(
        'A recording has its own payment and token: leave --token, --token-name, --token-version, --token-family and --decimals out.',
      )
    refuseHeaders(sources, [])
    const { openRecording } = await import('@eip3009/core/replay')
    const chain = await openRecording(directory)
    return on(chain.payment, chain, at ?? chain.at)
  }

  const payment = async (one: EvmPayment): Promise<Stage> => {
    const urls = urlsFor(one.network)
    refuseHeaders(sources, urls)
    if (urls.length === 0) {
      if (block !== undefined) throw new UsageError('--block needs an RPC to read that block from; give one by --rpc-url.')
      if (facilitator !== undefined) throw new UsageError('--facilitator-address needs an RPC to ask; give one by --rpc-url.')
      return asking(one, urls)
    }
    if (block === 'pending') {
      const { network, token } = one
      if (network === undefined) throw new UsageError('Nothing says which network the payment is for; name it: --network base.')
      const fork = await openFork(urls, { network, block, ...(token === undefined ? {} : { token }) })
      return on(one, fork, at ?? fork.fork.time)
    }
    const sent = one.call?.transaction?.hash
    if (wants && sent !== undefined && block === undefined && at === undefined) {
      try {
        return await forkedTransaction(sent, one.network ?? (await networkOfTransaction(sources)), urls)
      } catch (error) {
        // It was not sent yet: a payment like others.
        if (!(error instanceof Eip3009Error) || (wishes.replay === 'shown' && error.code !== 'invalid-argument')) throw error
      }
    }
    return asking(one, urls)
  }

  const forkedTransaction = async (hash: `0x${string}`, network: EvmNetwork, urls: readonly string[]): Promise<Stage> => {
    const fork = await openFork(urls, { network, transaction: hash, ...(typeof block === 'bigint' ? { block } : {}) })
    try {
      const { call } = fork.sent ?? {}
      if (call === undefined) throw new UsageError(`The transaction ${hash} has no payment in it.`)
      const sent = { chainId: network.chainId, hash, from: call.sender, to: call.token, data: call.data }
      return on(
        readGivenEvmPayment(JSON.stringify(sent), { ...told, network: network.caip2, chainId: undefined }),
        fork,
        at ?? fork.fork.time,
      )
    } catch (error) {
      await fork.close()
      throw error
    }
  }

  const transaction = async (hash: `0x${string}`, unless: Eip3009Error | undefined): Promise<Stage> => {
    if (block === 'pending')
      throw new UsageError('--block pending is for a payment that waits for its transaction; leave it out for a transaction.')
    const network = await networkOfTransaction(sources).catch((error: unknown) => {
      // Nobody can be asked what else the text may be.
      throw error instanceof UsageError && unless !== undefined ? unless : error
    })
    const urls = urlsFor(network)
    if (urls.length === 0) throw unless ?? noRpc()
    let noFork: Eip3009Error | undefined
    if (wants) {
      try {
        return await forkedTransaction(hash, network, urls)
      } catch (error) {
        if (!(error instanceof Eip3009Error)) throw error
        const answered = error.code === 'invalid-argument' || error.code === 'unsupported-input'
        if (answered || wishes.replay === 'shown') throw error
        noFork = error
      }
    }
    const sent = await readSentPayment(hash, network, urls, sources)
    return asking(sent.payment, urls, { ...sent.moment, ...(noFork === undefined ? {} : { noFork }) })
  }

  return { kept, recording, payment, transaction }
}

/** The same reader, which says on stderr what it waits for when that takes a while. */
function impatient(reader: ChainReader, console: Console): ChainReader {
  return {
    ...reader,
    read: (question) => patiently(`reading chain ${question.chainId} from ${reader.source}`, console, () => reader.read(question)),
  }
}

/** Says what the fork is replaying once it is open. */
function waitedFor(forker: Forker<ForkedChain>, wait: Waiting): Forker<ForkedChain> {
  return {
    open: async (place) => {
      try {
        const chain = await forker.open(place)
        wait.progress(`replaying on the ${chain.description}`)
        return chain
      } catch (error) {
        wait.done()
        throw error
      }
    },
  }
}
