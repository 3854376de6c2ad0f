import { Eip3009Error, type EvmNetwork, findNetwork } from '@eip3009/core'
import { readRpcUrl } from '@eip3009/core/chain'
import type { Console } from '../console.ts'
import { UsageError } from '../usage-error.ts'

export interface RpcOptions {
  /** For the one network that is named. */
  readonly rpcUrl?: string | undefined
  /** `base=https://…`, any number of times. */
  readonly rpc?: readonly string[] | undefined
}

/** The variable that gives a network's RPC: `EIP3009_RPC_BASE_SEPOLIA`. */
export function rpcVariable({ id }: { readonly id: string }): string {
  return `EIP3009_RPC_${id.toUpperCase().replaceAll('-', '_')}`
}

/**
 * The RPC of each network that has one, by the network's id: from --rpc-url, else from --rpc, else from the environment.
 * `named` are the networks that the command was asked about, `all` those that it could be asked about.
 * @throws UsageError when an option cannot be followed. URLs are never in the message: they can hold keys.
 */
export function rpcUrls(
  options: RpcOptions,
  named: readonly EvmNetwork[],
  all: readonly EvmNetwork[],
  console: Console,
): Map<string, string> {
  const out = new Map<string, string>()
  for (const network of all) {
    const url = console.env[rpcVariable(network)]
    if (url !== undefined && url.trim() !== '') out.set(network.id, checkedRpcUrl(url, rpcVariable(network)))
  }
  const given = new Set<string>()
  for (const text of options.rpc ?? []) {
    const at = text.indexOf('=')
    if (at < 1 || /^[a-z]+:\/\//i.test(text)) throw new UsageError('--rpc takes a network and a URL: --rpc base=https://mainnet.base.org.')
    const name = text.slice(0, at)
    const answer = findNetwork(name)
    if (answer.kind === 'unknown') throw new UsageError(`--rpc ${answer.reason}`)
    if (answer.network.family !== 'evm') throw new UsageError(`--rpc ${name} is not an EVM network: there is no domain to read.`)
    if (given.has(answer.network.id)) throw new UsageError(`--rpc gives two URLs for ${answer.network.id}; give one.`)
    given.add(answer.network.id)
    out.set(answer.network.id, checkedRpcUrl(text.slice(at + 1), `--rpc ${name}`))
  }
  if (options.rpcUrl !== undefined) {
    const [network, ...others] = named
    if (network === undefined || others.length > 0) {
      throw new UsageError('--rpc-url is the RPC of one network; name that one, or give each its own: --rpc base=URL --rpc polygon=URL.')
    }
    if (given.has(network.id)) throw new UsageError(`--rpc-url and --rpc both give the RPC of ${network.id}; give one.`)
    out.set(network.id, checkedRpcUrl(options.rpcUrl, '--rpc-url'))
  }
  return out
}

/**
 * The RPC that the environment has for a payment's network.
 * @throws UsageError for what is no URL of an RPC.
 */
export function rpcUrlsFor(network: { readonly id: string } | undefined, { env }: Pick<Console, 'env'>): readonly string[] {
  const variable = network === undefined ? undefined : rpcVariable(network)
  const url = variable === undefined ? undefined : env[variable]
  return variable === undefined || url === undefined || url.trim() === '' ? [] : [checkedRpcUrl(url, variable)]
}

/** Whether two URLs are of one RPC: however the host is spelled, and with or without a slash at the end. */
export function isSameRpc(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => {
    const url = new URL(text)
    url.hash = ''
    url.pathname = url.pathname.replace(/\/+$/, '')
    url.hostname = url.hostname.replace(/\.$/, '')
    return url.href
  })
  return a === b
}

/** The URL without spaces around. Never in a message: it can hold keys. */
export function checkedRpcUrl(given: string, option: string): string {
  const url = given.trim()
  if (!/^https?:\/\//i.test(url)) throw new UsageError(`${option} needs a URL that starts with https:// or http://.`)
  try {
    readRpcUrl(url)
    return url
  } catch (error) {
    if (error instanceof Eip3009Error) throw new UsageError(`${option}: ${error.message}`)
    throw error
  }
}
