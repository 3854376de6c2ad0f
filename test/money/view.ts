import type { ChainClient, RpcAnswer, RpcCall } from '@eip3009/core/chain'
import { type Hex, toHex } from 'viem'
import type { Chain, Json } from './chain.ts'

export type RpcState = (typeof rpcStates)[number]
/**
 * None; one that tells the truth; one whose newest block is a minute or an hour old; one that gives no receipts; one that tells the truth of a block
 * that is then reorganised away; one that tells the truth of a chain that stopped a minute ago.
 */
export const rpcStates = ['none', 'honest', 'lag-60', 'lag-3600', 'no-receipts', 'reorged', 'halted'] as const

interface View {
  /** The newest block that it tells of; the chain's own when absent. */
  readonly head?: bigint
  readonly receipts: boolean
}

/** A node of a chain that does not tell all. */
export function clientOf(chain: Chain, { head, receipts }: View): ChainClient {
  const batch = async (calls: readonly RpcCall[]): Promise<readonly RpcAnswer[]> => {
    const own = calls.map((call) => (receipts ? undefined : refused(call)))
    const asked = calls.filter((_, index) => own[index] === undefined).map((call) => (head === undefined ? call : capped(call, head)))
    const answers = await chain.batch(asked)
    let next = 0
    return own.map((each, index) => each ?? answerOf(calls[index], answers[next++] ?? {}, head))
  }
  return {
    kind: 'chain-client',
    description: 'a simulated node',
    batch,
    request: async (method, params = []) => {
      const [answer] = await batch([{ method, params }])
      if (answer?.kind !== 'result') throw new TypeError(`${method} has no answer`)
      return answer.value
    },
  }
}

function refused({ method }: RpcCall): RpcAnswer | undefined {
  return method === 'eth_getTransactionReceipt' || method === 'eth_getTransactionByHash'
    ? { kind: 'refused', code: -32005, message: 'limit exceeded' }
    : undefined
}

const newest = ['latest', 'pending']
const isBlock = (value: unknown): value is Hex => typeof value === 'string' && /^0x[0-9a-f]{1,16}$/.test(value)

/** The same call as the node of that height would understand it. */
function capped({ method, params }: RpcCall, head: bigint): RpcCall {
  const at = (value: unknown): unknown => (newest.includes(String(value)) || (isBlock(value) && BigInt(value) > head) ? toHex(head) : value)
  switch (method) {
    case 'eth_getBlockByNumber':
      // Of a block that it has not got it says so: of 2^52 no chain has one.
      return { method, params: [isBlock(params[0]) && BigInt(params[0]) > head ? toHex(2n ** 52n) : at(params[0]), params[1]] }
    case 'eth_getLogs': {
      const filter = params[0] as { readonly fromBlock?: unknown; readonly toBlock?: unknown }
      return { method, params: [{ ...filter, fromBlock: at(filter.fromBlock), toBlock: at(filter.toBlock ?? 'latest') }] }
    }
    case 'eth_call':
    case 'debug_traceCall':
    case 'eth_getCode':
    case 'eth_getBalance':
    case 'eth_getTransactionCount':
      return { method, params: [params[0], at(params[1] ?? 'latest'), ...params.slice(2)] }
    case 'eth_getStorageAt':
      return { method, params: [params[0], params[1], at(params[2] ?? 'latest')] }
    default:
      return { method, params }
  }
}

function answerOf(call: RpcCall | undefined, { result, error }: Json, head: bigint | undefined): RpcAnswer {
  if (error !== undefined) {
    const { code, message, data } = error
    return { kind: 'refused', code, message, ...(typeof data === 'string' ? { data } : {}) }
  }
  if (head !== undefined && call?.method.startsWith('eth_getTransaction') === true && result !== null && typeof result === 'object') {
    const { blockNumber } = result as { readonly blockNumber?: Hex }
    if (blockNumber !== undefined && BigInt(blockNumber) > head) return { kind: 'result', value: null }
  }
  if (head !== undefined && call?.method === 'eth_blockNumber') return { kind: 'result', value: toHex(head) }
  return { kind: 'result', value: result ?? null }
}
