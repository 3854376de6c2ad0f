import { sameAddress } from '../../bytes/address.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { quote } from '../../errors/quote.ts'
import { ifKnown } from '../../evidence/known.ts'
import type { EvmNetwork } from '../../networks/network.ts'
import { callName } from '../../revert/call-selectors.ts'
import type { ChainClient } from '../../rpc/chain-client.ts'
import { gatheringClient } from '../../rpc/gathering-client.ts'
import type { Count } from '../../text/written.ts'
import type { ChainQuestion, ChainReader, ChainState } from '../evidence/chain.ts'
import { disagreements } from '../evidence/disagreement.ts'
import type { Fork, Forker } from '../evidence/fork.ts'
import type { CallFrame, ReplayOptions, ReplayOutcome, ReplayPayment } from '../evidence/replay.ts'
import { firstFrame } from '../evidence/signature-check.ts'
import { isPaymentSelector } from '../payment/calldata.ts'
import { type ChainSource, connectChain } from '../state/connect-chain.ts'
import { blockCall, findBlockAt, type Header, readHeader } from '../state/find-block.ts'
import { chainReader } from '../state/read-chain.ts'
import { placeAccounts } from './account-state.ts'
import type { EmbeddedOptions } from './open-chain.ts'
import { freeGas, openOwnState, type Recorder, takingTurns } from './own-state.ts'
import { accounts } from './place-token.ts'
import { openDoor } from './read-only-door.ts'
import { type MinedTransaction, type PendingBlock, readPending, readTransaction, selectEarlier } from './read-transaction.ts'
import type { SentTransaction } from './replay-on-state.ts'
import { type Anvil, startAnvil } from './start-anvil.ts'
import { freeOfCharge, mineAt, stateAfter } from './state-after.ts'

/** What to fork, and where. */
export interface ForkSource {
  /** The URL of an RPC, a viem client, an EIP-1193 provider or an ethers provider. It is only read from. */
  readonly rpcUrl: ChainSource
  /** The chain that the RPC has to be of. */
  readonly network: EvmNetwork
  /** The network's USDC when absent; of a transaction the token that it called. */
  readonly token?: Address
  /** A transaction: the state right before it, other transactions of its block that came first included. */
  readonly transaction?: Hex
  /** A block's state; `pending` for the newest one's with what waits in the node's pending block, as a gas estimate on `pending` finds it. */
  readonly block?: bigint | 'pending'
  /** Unix seconds: the state of the last block that is not later. The newest block's when nothing is given. */
  readonly at?: bigint
  /** Headers for the RPC, e.g. an `authorization`. Never printed, and not among anvil's arguments. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface ForkOptions extends EmbeddedOptions {
  /** Milliseconds for one request to the RPC; 20 000 when absent. */
  readonly timeout?: number
  /** Milliseconds for everything that the RPC is asked until the chain is closed, each request's own time in it; no limit when absent. */
  readonly totalTimeout?: number
  /** How often a request is repeated when the RPC limits their rate; 5 when absent. */
  readonly retries?: number
  /** As the provider counts them (Alchemy's free plan: 330); no limit of our own when absent. */
  readonly computeUnitsPerSecond?: number
  /** Told what is being waited for, one line each. */
  readonly progress?: (line: string) => void
}

/** A chain in an anvil of our own that begins with the state of another. */
export interface ForkedChain extends Fork, AsyncDisposable {
  /** The process and its port on 127.0.0.1, for looking at the chain with other tools. */
  readonly anvil: { readonly pid: number; readonly port: number }
  readonly fork: ForkPoint
  /** The transaction that was asked for, and the payment inside of it. */
  readonly sent: SentPayment | undefined
  /** Writes down what a replay on this chain rests on. */
  readonly recorder: Recorder
  /** Reads the state that replays begin with, as a diagnosis asks for it; what came later is read from the RPC. */
  readonly reader: ChainReader
}

export interface ForkPoint {
  /** The RPC, safe to print. */
  readonly source: string
  /** The last whole block of the state. */
  readonly block: Header
  /** Why this block. */
  readonly basis: 'transaction' | 'given' | 'pending' | 'time' | 'newest'
  /** Unix seconds at which a transaction was mined; the pending block's; for others the time of the block. */
  readonly time: bigint
  /** What came first in a transaction's own block, or waits in the pending one. What it left behind is in the state, so that replays are mined in the block of that number. */
  readonly earlier: {
    readonly count: Count
    readonly replayed: Count
    /** Those that could not be replayed, with the reason. */
    readonly failed: readonly string[]
    /** How many were not tried and what that can change, in one sentence; null when all were. */
    readonly leftOut: string | null
  }
}

export interface SentPayment {
  readonly hash: Hex
  readonly from: Address
  readonly to: Address
  readonly mined: MinedTransaction['mined']
  readonly gasLimit: bigint
  /** The call that the token got: from whom, with what. The transaction's own when it was sent to the token. */
  readonly call: { readonly token: Address; readonly sender: Address; readonly data: Hex; readonly inner: boolean }
}

/** The RPCs of this machine: chains that come and go with the same numbers. */
function isLocal(source: ChainSource): boolean {
  if (typeof source !== 'string' && !(source instanceof URL)) return true
  const { hostname } = new URL(source)
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0|host\.docker\.internal)$/.test(hostname) || hostname.endsWith('.localhost')
}

/**
 * Opens a chain of our own with the state of another at the block that counts. The other chain is only read, through a door that passes nothing else
 * on; the token is the real one, under its real separator, and shows by two controls that it tells good payments from broken ones.
 * @throws Eip3009Error `rpc-unavailable`, `missing-package`, `chain-unavailable`, `invalid-argument` for a block or a transaction that is not there,
 * `unsupported-input` for a transaction without a payment in it, or `controls-failed`. Nothing stays behind then.
 */
export async function openFork(source: ForkSource, options: ForkOptions = {}): Promise<ForkedChain> {
  const { timeout = 20_000, retries = 5, totalTimeout } = options
  const direct = connectChain(source.rpcUrl, { timeout, retries, ...(source.headers === undefined ? {} : { headers: source.headers }) })
  if (totalTimeout === undefined) return openThrough(direct, () => undefined, source, options)
  const limited = gatheringClient(direct, { timeout: totalTimeout })
  try {
    return await openThrough(limited, limited.stop, source, options)
  } catch (error) {
    limited.stop()
    throw error
  }
}

/** `letGo` ends what the client holds on to, when the chain is closed. */
async function openThrough(client: ChainClient, letGo: () => void, source: ForkSource, options: ForkOptions): Promise<ForkedChain> {
  const { timeout = 20_000, retries = 5, progress = () => undefined } = options
  await checkChain(client, source.network)
  const asked = source.transaction === undefined ? undefined : await readTransaction(client, source.transaction)
  const { header, basis } = await findPoint(client, source, asked)
  await checkState(client, source.network, header)
  const pending = basis === 'pending' ? await readPending(client, header.number) : undefined

  const door = await openDoor(client)
  let anvil: Anvil | undefined
  try {
    progress(`forking ${source.network.id} at block ${header.number} of ${client.description}`)
    anvil = await startAnvil({
      ...options,
      startTimeout: options.startTimeout ?? 2 * timeout,
      chainId: source.network.chainId,
      fork: {
        url: door.url,
        block: header.number,
        cache: !isLocal(source.rpcUrl),
        retries,
        timeout,
        ...(options.computeUnitsPerSecond === undefined ? {} : { computeUnitsPerSecond: options.computeUnitsPerSecond }),
      },
    })
    const closeDoor = async (): Promise<void> => {
      letGo()
      await door.close()
    }
    return await prepare(anvil, closeDoor, client, source, options, { header, basis, asked, pending })
  } catch (error) {
    await anvil?.stop()
    await door.close()
    throw error
  }
}

/**
 * Opens forks of the RPCs that a diagnosis reads: of the one that it believes, at the block that it has read. `totalTimeout` counts from here on, for each
 * fork and what was read before it together.
 */
export function rpcForker(
  sources: readonly ChainSource[],
  { headers, totalTimeout, ...options }: ForkOptions & Pick<ForkSource, 'headers'> = {},
): Forker<ForkedChain> {
  const began = performance.now()
  return {
    open: async ({ source, network, token, block }) => {
      const rpcUrl = sources.find((each) => connectChain(each).description === source)
      if (rpcUrl === undefined) throw new Eip3009Error('invalid-argument', `There is no RPC ${quote(source)} to fork.`)
      const left = totalTimeout === undefined ? undefined : Math.max(1, Math.ceil(totalTimeout - (performance.now() - began)))
      return openFork(
        { rpcUrl, network, token, block, ...(headers === undefined ? {} : { headers }) },
        { ...options, ...(left === undefined ? {} : { totalTimeout: left }) },
      )
    },
  }
}

interface Point {
  readonly header: Header
  readonly basis: ForkPoint['basis']
  readonly asked: MinedTransaction | undefined
  readonly pending: PendingBlock | undefined
}

async function prepare(
  anvil: Anvil,
  closeDoor: () => Promise<void>,
  client: ChainClient,
  source: ForkSource,
  { progress = () => undefined, timeout = 20_000 }: ForkOptions,
  { header, basis, asked, pending }: Point,
): Promise<ForkedChain> {
  const { network } = source
  await freeGas(anvil)
  const time = asked?.mined?.time ?? pending?.time ?? header.time
  const block = header.number + 1n
  // The state of a block that somebody chose is that block's.
  const { earlier, unread } = (basis === 'transaction' ? asked : pending) ?? { earlier: [], unread: 0 }
  const first = asked === undefined ? undefined : await findCall(anvil, asked.transaction, time)
  const { transactions, leftOut } = await selectEarlier(
    client,
    earlier,
    block,
    source.token ?? first?.token ?? network.usdc.address,
    partiesOf(asked?.transaction, first),
  )
  if (transactions.length > 0)
    progress(
      `replaying ${transactions.length} of the ${earlier.length} transactions ${basis === 'pending' ? 'that wait' : `that came first in block ${block}`}`,
    )
  const { accounts: changed, failed } = await stateAfter(anvil, transactions, time)
  let base = await anvil.request('evm_snapshot')
  await placeAccounts(anvil, changed)
  // A contract around the token may come to call it only after what came first.
  const call = asked === undefined ? undefined : (first ?? (await findCall(anvil, asked.transaction, time)))
  if (asked !== undefined && call === undefined) throw await noPayment(anvil, asked.transaction, time)
  const address = source.token ?? call?.token ?? network.usdc.address
  const count = earlier.length + unread
  const fork: ForkPoint = {
    source: client.description,
    block: header,
    basis,
    time,
    earlier: {
      count,
      replayed: transactions.length - failed.length,
      failed: unread === 0 ? failed : [...failed, `${unread} of the transactions that came first have a form that can't be read`],
      leftOut,
    },
  }
  progress('trying the controls')
  const own = await openOwnState(anvil, {
    network,
    token: address,
    description: describeFork(network, address, fork),
    time,
    sent: asked?.transaction,
  })
  const withEarlier = async (payment: ReplayPayment, replayOptions: ReplayOptions): Promise<ReplayOutcome> => {
    const isLeftOut = transactions.length > 0 && (replayOptions.interventions ?? []).some(({ kind }) => kind === 'latest')
    if (!isLeftOut) return own.replay(payment, replayOptions)
    await anvil.request('evm_revert', [base])
    base = await anvil.request('evm_snapshot')
    try {
      return await own.replay(payment, replayOptions)
    } finally {
      await placeAccounts(anvil, changed)
    }
  }

  const close = async (): Promise<void> => {
    await anvil.stop()
    await closeDoor()
  }
  const local = chainReader(`http://127.0.0.1:${anvil.port}`, { timeout })
  const reread: ForkedChain['reread'] = (question, there) => rereadState(local, question, there, transactions.length === 0)
  return {
    state: 'own',
    ...(transactions.length === 0 ? {} : { earlier: basis === 'pending' ? 'pending' : 'mined' }),
    ...own,
    anvil: { pid: anvil.pid, port: anvil.port },
    fork,
    sent:
      asked === undefined || call === undefined
        ? undefined
        : {
            hash: asked.transaction.hash,
            from: asked.transaction.from,
            to: asked.transaction.to,
            mined: asked.mined,
            gasLimit: BigInt(asked.transaction.gas),
            call,
          },
    reader: mergedReader(chainReader(client, { timeout }), header.number, reread),
    reread,
    replay: takingTurns(withEarlier),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function checkChain(client: ChainClient, network: EvmNetwork): Promise<void> {
  const answered = await client.request('eth_chainId')
  if (typeof answered === 'string' && /^0x[0-9a-fA-F]{1,16}$/.test(answered) && Number(answered) === network.chainId) return
  const other =
    typeof answered === 'string' && /^0x[0-9a-fA-F]{1,16}$/.test(answered) ? `chain ${Number(answered)}` : 'no chain that it could name'
  throw new Eip3009Error(
    'rpc-unavailable',
    `${client.description} serves ${other}, not ${network.id} (${network.chainId}): give an RPC of ${network.id}.`,
  )
}

async function findPoint(
  client: ChainClient,
  { block, at }: ForkSource,
  asked: MinedTransaction | undefined,
): Promise<{ readonly header: Header; readonly basis: ForkPoint['basis'] }> {
  const header = async (number: bigint | 'latest'): Promise<Header> => {
    const [answer] = await client.batch([blockCall(number)])
    const read = readHeader(answer)
    if (!read.known) throw new Eip3009Error('rpc-unavailable', `${client.description} does not tell a block: ${read.reason}.`)
    if (read.value === null) throw new Eip3009Error('invalid-argument', `${client.description} has no block ${number}.`)
    return read.value
  }
  if (typeof block === 'bigint') return { header: await header(block), basis: 'given' }
  if (block === undefined && asked?.mined != null) return { header: await header(asked.mined.block - 1n), basis: 'transaction' }
  const newest = await header('latest')
  if (block === 'pending') return { header: newest, basis: 'pending' }
  if (at === undefined) return { header: newest, basis: 'newest' }
  const found = await findBlockAt(client, at, newest)
  if (!found.known)
    throw new Eip3009Error('rpc-unavailable', `${client.description}: ${found.reason}; give --block, or an RPC with the whole history.`)
  if (found.value === null)
    throw new Eip3009Error('invalid-argument', `${client.description} has no block of that time: the chain is younger.`)
  return { header: found.value, basis: found.value.number === newest.number ? 'newest' : 'time' }
}

/** Nodes keep the state of the last 128 blocks or so; what they lack comes back as zeros from some, and would look like an empty chain. */
async function checkState(client: ChainClient, network: EvmNetwork, { number }: Header): Promise<void> {
  const [answer] = await client.batch([{ method: 'eth_getCode', params: [network.usdc.address, `0x${number.toString(16)}`] }])
  if (answer?.kind === 'result') return
  const why = answer === undefined ? 'no answer' : answer.kind === 'refused' ? answer.message : answer.reason
  throw new Eip3009Error(
    'rpc-unavailable',
    `${client.description} has no state of block ${number} (${why.slice(0, 120)}): give an RPC with the whole history (an archive node), or a newer --block.`,
  )
}

function describeFork(network: EvmNetwork, token: Address, { source, block, basis, time, earlier }: ForkPoint): string {
  const which = sameAddress(token, network.usdc.address) ? '' : ` ${token}`
  const { count, replayed } = earlier
  const one = count === 1
  const some = replayed === count ? (one ? '1 transaction' : `the ${count} transactions`) : `${replayed} of the ${count} transactions`
  const when = basis === 'pending' ? `that ${one ? 'waits' : 'wait'} there` : `that came first in block ${block.number + 1n}`
  const then = count === 0 ? '' : `, then ${some} ${when}`
  const place = {
    transaction: `right before the transaction: block ${block.number}${then}`,
    pending: `at the pending block: block ${block.number}${then}`,
  }
  return `fork of ${network.id}${which} ${basis === 'transaction' || basis === 'pending' ? place[basis] : `at block ${block.number}`} (${source}, time ${time})`
}

/** Whose state decides on a payment, besides the token's. */
function partiesOf(transaction: SentTransaction | undefined, call: SentPayment['call'] | undefined): readonly Address[] {
  return [
    transaction?.from ?? accounts.relayer,
    // What everybody sends to the token tells nothing about this payment; its logs do.
    ...(transaction === undefined || call?.inner === false ? [] : [transaction.to]),
    ...(call === undefined ? [] : [call.sender, `0x${call.data.slice(34, 74)}` as const, `0x${call.data.slice(98, 138)}` as const]),
  ]
}

/** The call that the token got: the transaction's own, or the one inside of it that a trace on our own chain shows; undefined when there is none. */
async function findCall(anvil: Anvil, transaction: SentTransaction, time: bigint): Promise<SentPayment['call'] | undefined> {
  const { from, to, data } = transaction
  if (isPaymentSelector(data.slice(0, 10))) return { token: to, sender: from, data, inner: false }
  const trace = await traceOf(anvil, transaction, time)
  const frame = firstFrame(trace, ({ input, type }) => isPaymentSelector(input.slice(0, 10)) && type !== 'DELEGATECALL')
  if (frame?.to === undefined || frame.from === undefined) return undefined
  return { token: frame.to, sender: frame.from, data: frame.input, inner: true }
}

/** The error for a transaction without a payment, with what was found instead. */
async function noPayment(anvil: Anvil, transaction: SentTransaction, time: bigint): Promise<Eip3009Error> {
  const names = new Set<string>()
  firstFrame(await traceOf(anvil, transaction, time), ({ input }) => {
    names.add(callName(input))
    return false
  })
  return new Eip3009Error(
    'unsupported-input',
    `The transaction ${transaction.hash} has no transferWithAuthorization or receiveWithAuthorization in it: it calls ${transaction.to}, and inside of it are ${[...names].slice(0, 6).join(', ')}${names.size > 6 ? ' and more' : ''}. Give the transaction that called the token.`,
  )
}

async function traceOf(anvil: Anvil, transaction: SentTransaction, time: bigint): Promise<CallFrame> {
  const snapshot = await anvil.request('evm_snapshot')
  try {
    const hash = await anvil.request('eth_sendTransaction', [freeOfCharge(transaction)])
    await mineAt(anvil, time)
    return (await anvil.request('debug_traceTransaction', [hash, { tracer: 'callTracer' }])) as CallFrame
  } finally {
    await anvil.request('evm_revert', [snapshot])
  }
}

/**
 * The state from our own chain, which has the earlier transactions in it; from the RPC what only it knows: what is newer than that state, what waits, what
 * gas costs. Where both are of the same block, what the RPC answers to calls has to be what our chain makes of the RPC's storage.
 */
async function rereadState(local: ChainReader, question: ChainQuestion, there: ChainState, isSameState: boolean): Promise<ChainState> {
  const { at: _, block: __, ...rest } = question
  const own = await local.read(rest)
  if (own.kind !== 'read') return there
  const apart = isSameState ? disagreements([there, own], question.payment.authorization.value) : []
  const { facilitator, sent, minedNow } = there
  return {
    ...own,
    ...(apart.length === 0 ? {} : { apart: apart.map(({ name, values }) => `${name} (${values.join(' and ')})`) }),
    source: there.source,
    newest: false,
    head: there.head,
    finality: there.finality,
    ...(isSameState
      ? { block: there.block, newest: there.newest, again: there.again, nextTime: there.nextTime, simulated: simulatedBy(own, there) }
      : {}),
    nonce: { ...own.nonce, usedNow: there.nonce.usedNow, settlement: settlementOf(own, there) },
    facilitator,
    ...(sent === undefined ? {} : { sent }),
    ...(minedNow === undefined ? {} : { minedNow }),
  }
}

/** What waits at the RPC, only the RPC knows. */
function simulatedBy(own: ChainState, there: ChainState): ChainState['simulated'] {
  return { ...own.simulated, pending: there.simulated.pending }
}

/** Reads the state that replays begin with, as a diagnosis asks for it. */
function mergedReader(remote: ChainReader, block: bigint, reread: ForkedChain['reread']): ChainReader {
  return {
    source: remote.source,
    read: async ({ at: _, ...question }) => {
      const there = await remote.read({ ...question, block })
      // Whoever reads a fork asks about the state that it begins with, however old that is by now.
      return there.kind === 'read' ? { ...(await reread(question, there)), newest: false } : there
    },
  }
}

function settlementOf(own: ChainState, there: ChainState): ChainState['nonce']['settlement'] {
  return ifKnown(own.nonce.settlement) == null ? there.nonce.settlement : own.nonce.settlement
}
