import type { Console } from '../console.ts'
import { UsageError } from '../usage-error.ts'
import { readBlock, readNumber } from './number-options.ts'
import type { SourceOptions } from './options.ts'
import { checkedRpcUrl, isSameRpc, rpcUrlsFor } from './rpc-urls.ts'
import { readTime } from './time.ts'
import { type TokenOptions, tokenTold } from './token-options.ts'
import type { ToldOutcome } from './told.ts'

/** Whom to ask about a payment, and what, as the options say. Nobody was asked yet. */
export interface Sources extends ToldOutcome {
  /** Unix seconds. */
  readonly now: bigint
  readonly at: bigint | undefined
  readonly block: bigint | 'pending' | undefined
  /** Milliseconds that each RPC may take in all. */
  readonly timeout: number
  readonly headers: Readonly<Record<string, string>>
  readonly facilitator: `0x${string}` | undefined
  readonly told: TokenOptions
  readonly snapshot: string | undefined
  readonly saveSnapshot: string | undefined
  /** The RPCs for a payment on this network: those that were given, else the one that the environment has. */
  urlsFor(network: { readonly id: string } | undefined): readonly string[]
}

/** @throws UsageError when an option can not be followed. */
export function readSources(options: SourceOptions, console: Console): Sources {
  const { at, block, timeout, rpcUrl = [], rpcHeader = [], facilitatorAddress, snapshot, saveSnapshot } = options
  const now = console.now()
  readNumber('timeout', timeout)
  tokenTold(options)
  if (snapshot !== undefined && rpcUrl.length > 0)
    throw new UsageError('--snapshot stands in for an RPC; give one of --snapshot and --rpc-url. --save-snapshot keeps what an RPC says.')
  if (snapshot !== undefined && saveSnapshot !== undefined)
    throw new UsageError('--save-snapshot keeps what an RPC says, and --snapshot asks none; give one of the two.')
  if (snapshot !== undefined && rpcHeader.length > 0)
    throw new UsageError('--rpc-header is for an RPC, and --snapshot asks none; leave one of the two out.')
  const all = rpcUrl.map((url) => checkedRpcUrl(url, '--rpc-url'))
  const given = all.filter((url, index) => all.findIndex((each) => isSameRpc(each, url)) === index)
  if (given.length < all.length)
    console.err('eip3009: --rpc-url gives the same RPC more than once: it is asked once, and is one witness.\n')
  return {
    now,
    at: at === undefined ? undefined : readTime(at, now),
    block: block === undefined ? undefined : readBlock(block),
    timeout,
    headers: readHeaders(rpcHeader),
    facilitator: facilitatorAddress === undefined ? undefined : readAddress(facilitatorAddress),
    told: options,
    snapshot,
    saveSnapshot,
    urlsFor: (network) => (given.length > 0 ? given : rpcUrlsFor(network, console)),
  }
}

/** @throws UsageError where headers were given for an RPC and there is none. */
export function refuseHeaders({ headers }: Sources, urls: readonly string[]): void {
  if (urls.length === 0 && Object.keys(headers).length > 0)
    throw new UsageError('--rpc-header is for an RPC, and there is none to ask; give one by --rpc-url.')
}

function readHeaders(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((text) => {
      const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(.*)$/.exec(text.trim()) ?? []
      // The value can be a key, so the text is not repeated.
      if (name === undefined || value === undefined)
        throw new UsageError("--rpc-header takes a name and a value: --rpc-header 'Authorization: Bearer …'.")
      return [name.toLowerCase(), value]
    }),
  )
}

function readAddress(text: string): `0x${string}` {
  const address = text.trim()
  if (/^0x[0-9a-fA-F]{40}$/.test(address)) return address as `0x${string}`
  throw new UsageError(`--facilitator-address "${text.slice(0, 60)}" is no address; give 0x and 40 hex digits.`)
}
