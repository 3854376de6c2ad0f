import type { ChainClient, RpcAnswer, RpcCall } from '../../rpc/chain-client.ts'

/** What an anvil that forks asks the chain, and what our own readers ask of it through that anvil. Nothing here changes a chain. */
const reads: ReadonlySet<string> = new Set([
  'eth_chainId',
  'net_version',
  'web3_clientVersion',
  'eth_blockNumber',
  'eth_getBlockByNumber',
  'eth_getBlockByHash',
  'eth_getBlockReceipts',
  'eth_getTransactionByHash',
  'eth_getTransactionReceipt',
  'eth_getTransactionCount',
  'eth_getBalance',
  'eth_getCode',
  'eth_getStorageAt',
  'eth_getAccount',
  'eth_getAccountInfo',
  'eth_getProof',
  'eth_getLogs',
  'eth_gasPrice',
  'eth_feeHistory',
  'eth_maxPriorityFeePerGas',
  'eth_blobBaseFee',
  'eth_call',
  'debug_traceTransaction',
])

interface Call extends RpcCall {
  readonly id: unknown
}

/**
 * Answers a request of JSON-RPC, alone or a batch: what only reads is asked of `client`, and of everything else it never hears. The whole rule of the door
 * to somebody else's chain, apart from the server that it stands in.
 */
export async function passReads(client: ChainClient, text: string): Promise<unknown> {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return { jsonrpc: '2.0', id: null, error: { code: -32_700, message: 'not JSON' } }
  }
  const calls = (Array.isArray(body) ? body : [body]).map(callIn)
  const allowed = calls.filter(({ method }) => reads.has(method))
  const given = (await client.batch(allowed))[Symbol.iterator]()
  const answers = calls.map((call) => {
    const one: RpcAnswer = reads.has(call.method)
      ? (given.next().value ?? { kind: 'failed', reason: 'there is no answer' })
      : { kind: 'refused', code: -32_601, message: `${call.method} is not passed on: this chain is only read` }
    return { jsonrpc: '2.0', id: call.id, ...plain(one) }
  })
  return Array.isArray(body) ? answers : answers[0]
}

function callIn(value: unknown): Call {
  const { id = null, method, params } = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>
  return { id, method: typeof method === 'string' ? method : '', params: Array.isArray(params) ? params : [] }
}

/** As JSON-RPC has it. What failed is no node's error, so it gets a code that anvil does not take for a reason to ask again. */
function plain(answer: RpcAnswer): object {
  if (answer.kind === 'result') return { result: answer.value }
  if (answer.kind === 'failed') return { error: { code: -32_000, message: answer.reason } }
  const { code = -32_000, message, data } = answer
  return { error: { code, message, ...(data === undefined ? {} : { data }) } }
}
