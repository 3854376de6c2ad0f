import { type SvmFixtureState, svmFacilitator } from '@eip3009/fixtures'
import { Keypair, VersionedTransaction } from '@solana/web3.js'
import { LiteSVM } from 'litesvm'
import { answering, type Call, type Reply, type RpcServer, startRpcServer } from '../rpc-server.ts'
import { runNow, split } from './programs.ts'

/** When the newest block of the cluster was made, and the oldest that it still has. */
export const clusterTime = 1_790_000_000

/** How many slots are confirmed and not finalized yet. */
const unfinalized = 32

export interface ClusterOptions {
  /** The first slot that the node still has; 0 unless said. */
  readonly firstSlot?: number
  /** Answers in place of the cluster's own. */
  readonly answers?: Readonly<Record<string, (call: Call) => object | undefined>>
  /** What becomes of a whole request. */
  readonly http?: (body: unknown, request: number) => Reply | undefined
}

/** A JSON-RPC server on 127.0.0.1 that answers as a cluster in this state would; transactions are run by litesvm, from its own decoder. */
export function startCluster(state: SvmFixtureState, options: ClusterOptions = {}): Promise<RpcServer> {
  const { answers = {}, http, firstSlot = 0 } = options
  return startRpcServer((body, request) => {
    const other = http?.(body, request)
    if (other !== undefined) return other
    return answering(body, (call) => answers[call.method]?.(call) ?? answer(state, call, firstSlot))
  })
}

/** What rent is does not change with what stands in a chain. */
let rent: LiteSVM | undefined

function answer(state: SvmFixtureState, { method, params }: Call, firstSlot: number): object {
  const slot = Number(state.slot)
  const [first, second] = params as [never, { replaceRecentBlockhash?: boolean }?]
  const inContext = (value: unknown): object => ({ result: { context: { apiVersion: '3.0.0', slot }, value } })
  switch (method) {
    case 'getGenesisHash':
      return { result: state.genesisHash }
    case 'getEpochInfo': {
      const { commitment } = params[0] as { commitment: string }
      const absoluteSlot = commitment === 'finalized' ? slot - unfinalized : slot
      return { result: { absoluteSlot, blockHeight: absoluteSlot - 20_000_000, epoch: 810, slotIndex: 1, slotsInEpoch: 432_000 } }
    }
    case 'getBlockTime':
      return { result: clusterTime - Math.round((slot - Number(first)) * 0.4) }
    case 'getFirstAvailableBlock':
      return { result: firstSlot }
    case 'getMinimumBalanceForRentExemption':
      rent ??= new LiteSVM()
      return { result: Number(rent.minimumBalanceForRentExemption(BigInt(first as number))) }
    case 'isBlockhashValid':
      return inContext(state.blockhashes.includes(first))
    case 'getMultipleAccounts':
      return inContext((first as string[]).map((address) => accountAt(state, address)))
    case 'simulateTransaction':
      return inContext(simulate(state, first, second?.replaceRecentBlockhash === true))
    case 'getSignaturesForAddress':
      return { result: listed(state, first) }
    case 'getTransaction':
      return { result: landed(state, first) }
    default:
      return { error: { code: -32601, message: `Method not found: ${method}` } }
  }
}

function accountAt(state: SvmFixtureState, address: string): object | null {
  const account = state.accounts[address]
  if (account === undefined || account === null) return null
  const { owner, lamports, data } = account
  return { owner, lamports: Number(lamports), data: [data, 'base64'], executable: false, rentEpoch: 18446744073709552000, space: 0 }
}

/** A node looks at the blockhash before it looks whether it has run the message; what has settled has changed the accounts already. */
function simulate(state: SvmFixtureState, base64: string, freshBlockhash: boolean): object {
  const parts = split(Buffer.from(base64, 'base64'))
  const alive = state.blockhashes.includes(VersionedTransaction.deserialize(Buffer.from(base64, 'base64')).message.recentBlockhash)
  const landedBefore = alive && !freshBlockhash && state.settled.some((each) => sameMessage(each.transaction, parts.message))
  const { error, logs, units } = landedBefore
    ? { error: 'AlreadyProcessed', logs: [], units: 0n }
    : runNow({ ...state, settled: [] }, parts, { sigVerify: false, freshBlockhash })
  return { err: error, logs, unitsConsumed: Number(units), accounts: null, returnData: null }
}

function sameMessage(base64: string, message: Uint8Array): boolean {
  return Buffer.compare(split(Buffer.from(base64, 'base64')).message, message) === 0
}

function listed(state: SvmFixtureState, address: string): object[] {
  return state.settled
    .filter(({ transaction }) =>
      VersionedTransaction.deserialize(Buffer.from(transaction, 'base64')).message.staticAccountKeys.some(
        (key) => key.toBase58() === address,
      ),
    )
    .map(({ signature, slot, error }) => ({
      signature,
      slot: Number(slot),
      err: error,
      memo: null,
      blockTime: clusterTime - 4,
      confirmationStatus: 'finalized',
    }))
}

function landed(state: SvmFixtureState, signature: string): object | null {
  const found = state.settled.find((each) => each.signature === signature)
  if (found === undefined) return null
  return {
    slot: Number(found.slot),
    blockTime: clusterTime - 4,
    version: 0,
    meta: { err: found.error, fee: 10_001, logMessages: [], postTokenBalances: [] },
    transaction: [found.transaction, 'base64'],
  }
}

/** The facilitator of every fixture, who signs where a test needs a whole transaction. */
export const facilitator: Keypair = Keypair.fromSeed(new Uint8Array(Buffer.from(svmFacilitator.seed, 'hex')))
