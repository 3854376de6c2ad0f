import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { quote } from '../../errors/quote.ts'
import { type ChainClient, chainClient, type RpcAnswer } from '../../rpc/chain-client.ts'
import { type HttpOptions, openHttpClient } from '../../rpc/http-client.ts'
import { redactUrl, redactUrls } from '../../rpc/redact-url.ts'
import { refusalIn } from '../../rpc/refusal.ts'

/** What of web3.js's `Connection` tells that it is one: its package is optional, also to whoever compiles against this one. */
export interface SvmConnection {
  readonly rpcEndpoint: string
  getGenesisHash(): Promise<string>
}

/** How a cluster can be given: the URL of an RPC, web3.js's `Connection`, or a client made before. */
export type SvmSource = string | URL | SvmConnection | ChainClient

/**
 * A client of whatever the caller has. `options` are for URLs; a `Connection` keeps its own headers, fetch and retries.
 * @throws Eip3009Error `invalid-argument` when it is none of these, or a URL that is not http or https.
 */
export function connectSolana(source: SvmSource, options: HttpOptions = {}): ChainClient {
  if (typeof source === 'string' || source instanceof URL) return openHttpClient(source, options)
  const given: unknown = source
  if (typeof given === 'object' && given !== null) {
    if ('kind' in given && given.kind === 'chain-client' && 'batch' in given) return given as ChainClient
    if (isConnection(given)) return overConnection(given)
  }
  throw new Eip3009Error(
    'invalid-argument',
    `A Solana cluster is given as the URL of an RPC or as a Connection of @solana/web3.js 1.x; got ${quote(given)}.`,
  )
}

/** The door through which all of a Connection's own methods go. It is not in its types, and every 1.x has it. */
interface OpenConnection {
  readonly rpcEndpoint: string
  _rpcRequest(method: string, params: readonly unknown[]): Promise<unknown>
}

function isConnection(value: object): value is OpenConnection {
  return (
    'rpcEndpoint' in value &&
    typeof value.rpcEndpoint === 'string' &&
    '_rpcRequest' in value &&
    typeof Reflect.get(value, '_rpcRequest') === 'function'
  )
}

function overConnection(connection: OpenConnection): ChainClient {
  return chainClient(redactUrl(connection.rpcEndpoint), (calls) =>
    Promise.all(
      calls.map(async ({ method, params }): Promise<RpcAnswer> => {
        try {
          const answer = await connection._rpcRequest(method, params)
          if (typeof answer === 'object' && answer !== null) {
            if ('error' in answer && answer.error) return refusalIn(answer.error) ?? { kind: 'refused', message: 'an error without words' }
            if ('result' in answer) return { kind: 'result', value: answer.result }
          }
          return { kind: 'failed', reason: 'it answered with something that is no answer of JSON-RPC' }
        } catch (error) {
          return { kind: 'failed', reason: whyNot(error) }
        }
      }),
    ),
  )
}

/** web3.js puts the status and the whole body of an HTTP error into its message. */
function whyNot(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const message = cause instanceof Error ? cause.message : String(cause)
  const status = /^(\d{3}) ([^:]{0,60}):/.exec(message)
  if (status?.[1] === '429') return 'it limits the rate of requests (HTTP 429)'
  if (status !== null) return `it answered HTTP ${status[1]}${status[2] === '' ? '' : ` ${quote(status[2])}`}`
  if (/Unexpected token|is not valid JSON|JSON/.test(message)) return 'it answered with something that is not JSON'
  return `it cannot be reached (${quote(redactUrls(message.split('\n', 1)[0] ?? ''))})`
}
