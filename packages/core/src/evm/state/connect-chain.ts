import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { quote } from '../../errors/quote.ts'
import { type ChainClient, chainClient, type RpcAnswer, type RpcCall, reasonOf } from '../../rpc/chain-client.ts'
import { type HttpOptions, openHttpClient } from '../../rpc/http-client.ts'
import { redactUrl } from '../../rpc/redact-url.ts'
import { refusalIn } from '../../rpc/refusal.ts'

/** An EIP-1193 provider, or a client of viem: both take `{ method, params }`. Each types that in its own way, so the type asks for no more than the method. */
export interface RequestProvider {
  readonly request: (...call: never[]) => Promise<unknown>
}

/** A provider of ethers, v5 or v6. */
export interface SendProvider {
  send(method: string, params: readonly unknown[]): Promise<unknown>
}

/** How a chain can be given: the URL of an RPC, a viem client, an EIP-1193 provider, an ethers provider, or a client made before. */
export type ChainSource = string | URL | RequestProvider | SendProvider | ChainClient

/**
 * A client of whatever the caller has. Objects are recognised by their methods, so neither viem nor ethers is loaded. `options` are for URLs;
 * a provider keeps its own time-outs and retries, and may batch by itself: its calls are all made in one go.
 * @throws Eip3009Error `invalid-argument` when it is none of these, or a URL that is not http or https.
 */
export function connectChain(source: ChainSource, options: HttpOptions = {}): ChainClient {
  if (typeof source === 'string' || source instanceof URL) return openHttpClient(source, options)
  const given: unknown = source
  if (typeof given === 'object' && given !== null) {
    if (isChainClient(given)) return given
    if (hasMethod(given, 'request')) return wrapped(describe(given), ({ method, params }) => given.request({ method, params }))
    if (hasMethod(given, 'send')) return wrapped('an ethers provider', ({ method, params }) => given.send(method, params))
  }
  throw new Eip3009Error(
    'invalid-argument',
    `A chain is given as the URL of an RPC, a viem client, an EIP-1193 provider or an ethers provider; got ${quote(given)}.`,
  )
}

function isChainClient(value: object): value is ChainClient {
  return 'kind' in value && value.kind === 'chain-client' && hasMethod(value, 'batch')
}

function hasMethod<Name extends string>(value: object, name: Name): value is Record<Name, (...args: unknown[]) => Promise<unknown>> {
  return name in value && typeof Reflect.get(value, name) === 'function'
}

/** A viem client tells its transport. */
function describe(provider: object): string {
  if (!('transport' in provider) || typeof provider.transport !== 'object' || provider.transport === null) return 'an EIP-1193 provider'
  const url = 'url' in provider.transport ? provider.transport.url : undefined
  return typeof url === 'string' ? `a viem client of ${redactUrl(url)}` : 'a viem client'
}

function wrapped(description: string, call: (call: RpcCall) => Promise<unknown>): ChainClient {
  return chainClient(description, (calls) =>
    Promise.all(
      calls.map(async (each): Promise<RpcAnswer> => {
        try {
          return { kind: 'result', value: await call(each) }
        } catch (error) {
          return refusalIn(error) ?? { kind: 'failed', reason: reasonOf(error) }
        }
      }),
    ),
  )
}
