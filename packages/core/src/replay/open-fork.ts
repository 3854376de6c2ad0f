import type { Address, Hex } from 'viem'
import type { ChainClient } from '../chain/chain-client.ts'
import { type ChainSource, connectChain } from '../chain/connect-chain.ts'
import { blockCall, findBlockAt, type Header, readHeader } from '../chain/find-block.ts'
import { chainReader } from '../chain/read-chain.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import type { ChainReader, ChainState } from '../evidence/chain.ts'
import { ifKnown } from '../evidence/chain.ts'
import type { CallFrame, ReplayChain, ReplayOptions, ReplayOutcome, ReplayPayment } from '../evidence/replay.ts'
import { firstFrame } from '../evidence/signature-check.ts'
import type { EvmNetwork } from '../networks/network.ts'
import { isPaymentSelector } from '../payment/calldata.ts'
import { callName } from '../revert/call-selectors.ts'
import { sameAddress } from '../typed-data/address.ts'
import type { EmbeddedOptions } from './open-chain.ts'
import { freeGas, openOwnState, type Recorder, takingTurns } from './own-state.ts'
import { accounts } from './place-token.ts'
import { openDoor } from './read-only-door.ts'
import { type BlockTransaction, type MinedTransaction, readTransaction, relevantTransactions } from './read-transaction.ts'
import { type Anvil, startAnvil } from './start-anvil.ts'

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
  /** A block's state. */
  readonly block?: bigint
  /** Unix seconds: the state of the last block that is not later. The newest block's when nothing is given. */
  readonly at?: bigint
  /** Headers for the RPC, e.g. an `authorization`. Never printed, and not among anvil's arguments. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface ForkOptions extends EmbeddedOptions {
  /** Milliseconds for one request to the RPC; 20 000 when absent. */
  readonly timeout?: number
  /** How often a request is repeated when the RPC limits their rate; 5 when absent. */
  readonly retries?: number
  /** As the provider counts them (Alchemy's free plan: 330); no limit of our own when absent. */
  readonly computeUnitsPerSecond?: number
  /** Told what is being waited for, one line each. */
  readonly progress?: (line: string) => void
}

/** A chain in an anvil of our own that begins with the state of another. */
export interface ForkedChain extends ReplayChain, AsyncDisposable {
  readonly state: 'own'
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
  readonly basis: 'transaction' | 'given' | 'time' | 'newest'
  /** Unix seconds at which a transaction was mined; for others the time of the block. */
  readonly time: bigint
  /** Transactions of the same block that came first: all of them, those that were replayed, and those that could not be, with the reason. */
  readonly earlier: { readonly count: number; readonly replayed: number; readonly failed: readonly string[] }
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
  const { timeout = 20_000, retries = 5, progress = () => undefined } = options
  const client = connectChain(source.rpcUrl, { timeout, retries, ...(source.headers === undefined ? {} : { headers: source.headers }) })
  await checkChain(client, source.network)
  const asked = source.transaction === undefined ? undefined : await readTransaction(client, source.transaction)
  const { header, basis } = await findPoint(client, source, asked)
  await checkState(client, source.network, header)

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
    return await prepare(anvil, door.close, client, source, options, { header, basis, asked })
  } catch (error) {
    await anvil?.stop()
    await door.close()
    throw error
  }
}

interface Point {
  readonly header: Header
  readonly basis: ForkPoint['basis']
  readonly asked: MinedTransaction | undefined
}

async function prepare(
  anvil: Anvil,
  closeDoor: () => Promise<void>,
  client: ChainClient,
  source: ForkSource,
  { progress = () => undefined, timeout = 20_000 }: ForkOptions,
  { header, basis, asked }: Point,
): Promise<ForkedChain> {
  const { network } = source
  await freeGas(anvil)
  const time = asked?.mined?.time ?? header.time
  const block = asked?.mined?.block ?? header.number
  const call = asked === undefined ? undefined : await findCall(anvil, asked.transaction, time)
  const address = source.token ?? call?.token ?? network.usdc.address
  const parties = [
    ...(call === undefined ? [] : [call.sender, `0x${call.data.slice(34, 74)}` as const, `0x${call.data.slice(98, 138)}` as const]),
  ]
  const all = asked?.earlier ?? []
  const relevant =
    all.length === 0
      ? []
      : await relevantTransactions(client, all, block, address, [...parties, asked?.transaction.from ?? accounts.relayer])
  if (relevant.length > 0) progress(`replaying ${relevant.length} of the ${all.length} transactions that came first in block ${block}`)

  const first = await anvil.request('evm_snapshot')
  const failed = await applyEarlier(anvil, relevant, time)
  const fork: ForkPoint = {
    source: client.description,
    block: header,
    basis,
    time,
    earlier: { count: all.length, replayed: relevant.length - failed.length, failed },
  }
  progress('trying the controls')
  const own = await openOwnState(anvil, {
    network,
    token: address,
    description: describeFork(network, address, fork),
    time,
    sent: asked?.transaction,
  })
  let base = first
  const withEarlier = async (payment: ReplayPayment, replayOptions: ReplayOptions): Promise<ReplayOutcome> => {
    const leftOut = relevant.length > 0 && (replayOptions.interventions ?? []).some(({ kind }) => kind === 'latest')
    if (!leftOut) return own.replay(payment, replayOptions)
    await anvil.request('evm_revert', [base])
    base = await anvil.request('evm_snapshot')
    try {
      return await own.replay(payment, replayOptions)
    } finally {
      await applyEarlier(anvil, relevant, time)
    }
  }

  const close = async (): Promise<void> => {
    await anvil.stop()
    await closeDoor()
  }
  const local = chainReader(`http://127.0.0.1:${anvil.port}`, { timeout })
  return {
    state: 'own',
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
    reader: mergedReader(local, chainReader(client, { timeout }), header.number),
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
  if (block !== undefined) return { header: await header(block), basis: 'given' }
  if (asked?.mined != null) return { header: await header(asked.mined.block - 1n), basis: 'transaction' }
  const newest = await header('latest')
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
  const place = basis === 'transaction' ? `right before the transaction, after block ${block.number}` : `at block ${block.number}`
  const first =
    basis === 'transaction' && earlier.count > 0 ? ` and ${earlier.replayed} of the ${earlier.count} transactions before it in its own` : ''
  return `fork of ${network.id}${which} ${place}${first} (${source}, time ${time})`
}

/** A limit on gas that a block's own transactions have and a single one of anvil's has not (EIP-7825). */
const mostGas = 16_777_216n

/** Sends the earlier transactions in their order and mines them in a block of their own. Fees are left out: they move no token. Returns what failed. */
async function applyEarlier(anvil: Anvil, earlier: readonly BlockTransaction[], time: bigint): Promise<string[]> {
  if (earlier.length === 0) return []
  const failed: string[] = []
  for (const { hash, from, to, data, gas, value, type, mint, more } of earlier) {
    if (!replayable.has(type)) {
      failed.push(`${hash} is of the type 0x${type.toString(16)}, which only its own chain executes`)
      continue
    }
    try {
      if (mint > 0n) {
        const balance = BigInt((await anvil.request('eth_getBalance', [from, 'latest'])) as Hex)
        await anvil.request('anvil_setBalance', [from, `0x${(balance + mint).toString(16)}`])
      }
      const limit = BigInt(gas) > mostGas ? mostGas : BigInt(gas)
      const transaction = { ...more, from, to, data, value, gas: `0x${limit.toString(16)}`, gasPrice: '0x0' }
      await anvil.request('eth_sendTransaction', [withoutPrice(transaction)])
    } catch (error) {
      if (!(error instanceof Eip3009Error)) throw error
      failed.push(`${hash}: ${error.message}`)
    }
  }
  await anvil.request('anvil_setTime', [`0x${time.toString(16)}`])
  await anvil.request('evm_mine', [`0x${time.toString(16)}`])
  return failed
}

/** Legacy, EIP-2930, 1559, 4844 and 7702; Celo's with a fee currency; deposits of the OP stack. All of them are calls when nobody pays for gas. */
const replayable: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 0x7b, 0x7e])

/** A delegation needs the newer form of fees. */
function withoutPrice(transaction: Readonly<Record<string, unknown>>): object {
  if (!('authorizationList' in transaction)) return transaction
  const { gasPrice: _, ...rest } = transaction
  return { ...rest, maxFeePerGas: '0x0', maxPriorityFeePerGas: '0x0' }
}

/**
 * The call that the token got: the transaction's own, or the one inside of it that a trace on our own chain shows.
 * @throws Eip3009Error `unsupported-input` when there is none, with what was found instead.
 */
async function findCall(anvil: Anvil, transaction: BlockTransaction, time: bigint): Promise<SentPayment['call']> {
  if (isPaymentSelector(transaction.data.slice(0, 10))) {
    return { token: transaction.to, sender: transaction.from, data: transaction.data, inner: false }
  }
  const trace = await traceOf(anvil, transaction, time)
  const frame = firstFrame(trace, ({ input, type }) => isPaymentSelector(input.slice(0, 10)) && type !== 'DELEGATECALL')
  if (frame?.to !== undefined && frame.from !== undefined) return { token: frame.to, sender: frame.from, data: frame.input, inner: true }
  const names = new Set<string>()
  firstFrame(trace, ({ input }) => {
    names.add(callName(input))
    return false
  })
  throw new Eip3009Error(
    'unsupported-input',
    `The transaction ${transaction.hash} has no transferWithAuthorization or receiveWithAuthorization in it: it calls ${transaction.to}, and inside of it are ${[...names].slice(0, 6).join(', ')}${names.size > 6 ? ' and more' : ''}. Give the transaction that called the token.`,
  )
}

async function traceOf(anvil: Anvil, { from, to, data, gas, value, more }: BlockTransaction, time: bigint): Promise<CallFrame> {
  const snapshot = await anvil.request('evm_snapshot')
  try {
    const hash = await anvil.request('eth_sendTransaction', [withoutPrice({ ...more, from, to, data, gas, value, gasPrice: '0x0' })])
    await anvil.request('anvil_setTime', [`0x${time.toString(16)}`])
    await anvil.request('evm_mine', [`0x${time.toString(16)}`])
    return (await anvil.request('debug_traceTransaction', [hash, { tracer: 'callTracer' }])) as CallFrame
  } finally {
    await anvil.request('evm_revert', [snapshot])
  }
}

/** The state from our own chain, which has the earlier transactions in it; from the RPC what is newer than that state. */
function mergedReader(local: ChainReader, remote: ChainReader, block: bigint): ChainReader {
  return {
    source: remote.source,
    read: async (question) => {
      const { at: _, block: __, ...rest } = question
      const [own, there] = await Promise.all([local.read(rest), remote.read({ ...rest, block })])
      if (own.kind !== 'read' || there.kind !== 'read') return there
      const newer: ChainState = {
        ...own,
        source: there.source,
        newest: false,
        head: there.head,
        nonce: { ...own.nonce, usedNow: there.nonce.usedNow, settlement: settlementOf(own, there) },
      }
      return newer
    },
  }
}

function settlementOf(own: ChainState, there: ChainState): ChainState['nonce']['settlement'] {
  return ifKnown(own.nonce.settlement) == null ? there.nonce.settlement : own.nonce.settlement
}
