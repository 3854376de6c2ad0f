import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toHex } from '../../bytes/bytes.ts'
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

/** The one way from an anvil of ours to somebody's chain. */
export interface Door {
  /** On 127.0.0.1, with a path that nobody can guess. */
  readonly url: string
  close(): Promise<void>
}

interface Call extends RpcCall {
  readonly id: unknown
}

/** More than any of anvil's questions has. */
const mostBytes = 8 * 1024 * 1024

/**
 * An HTTP server on loopback that passes reads on to `client` and refuses everything else, so that nothing can be sent to a chain that is not
 * ours, whatever anvil is asked. The RPC's URL with its key and the headers stay inside of this process, where `ps` does not show them, and
 * time-outs, retries and rate limits are those of our own client. It does not keep the process alive.
 */
export async function openDoor(client: ChainClient): Promise<Door> {
  const path = `/${toHex(randomBytes(16)).slice(2)}`
  const server = createServer((request, response) => {
    const refuse = (status: number): void => {
      response.writeHead(status).end()
      request.destroy()
    }
    if (request.method !== 'POST' || request.url !== path) return refuse(404)
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      text += chunk
      if (text.length > mostBytes) refuse(413)
    })
    request.on('end', () => {
      void answer(client, text)
        .then((body) => JSON.stringify(body))
        .then(
          (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(body),
          // A caller's client can answer with what JSON can't hold, such as a bigint.
          () => refuse(502),
        )
    })
  })
  server.on('connection', (socket) => socket.unref())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  server.unref()
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(client: ChainClient, text: string): Promise<unknown> {
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
