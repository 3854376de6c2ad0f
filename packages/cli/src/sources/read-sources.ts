import type { Console } from '../console.ts'
import { UsageError } from '../usage-error.ts'
import { type KnownRpcs, readRpcs } from './known-rpcs.ts'
import { readBlock, readNumber } from './number-options.ts'
import type { SourceOptions } from './options.ts'
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
  readonly rpcs: KnownRpcs
  readonly facilitator: `0x${string}` | undefined
  readonly told: TokenOptions
  readonly snapshot: string | undefined
  readonly saveSnapshot: string | undefined
  /** The RPCs for a payment on this network, none where none is known. */
  urlsFor(network: { readonly id: string } | undefined): readonly string[]
  /** What is sent to them. */
  headersFor(network: { readonly id: string } | undefined): Readonly<Record<string, string>>
}

/** @throws UsageError when an option can not be followed. */
export async function readSources(options: SourceOptions, console: Console): Promise<Sources> {
  const { at, block, timeout, rpcUrl = [], rpc = [], rpcHeader = [], facilitatorAddress, snapshot, saveSnapshot } = options
  const now = console.now()
  readNumber('timeout', timeout)
  tokenTold(options)
  if (snapshot !== undefined && (rpcUrl.length > 0 || rpc.length > 0))
    throw new UsageError('--snapshot stands in for an RPC; give one of --snapshot and --rpc-url. --save-snapshot keeps what an RPC says.')
  if (snapshot !== undefined && saveSnapshot !== undefined)
    throw new UsageError('--save-snapshot keeps what an RPC says, and --snapshot asks none; give one of the two.')
  if (snapshot !== undefined && rpcHeader.length > 0)
    throw new UsageError('--rpc-header is for an RPC, and --snapshot asks none; leave one of the two out.')
  const rpcs = await readRpcs(options, snapshot === undefined, console)
  return {
    now,
    at: at === undefined ? undefined : readTime(at, now),
    block: block === undefined ? undefined : readBlock(block),
    timeout,
    rpcs,
    facilitator: facilitatorAddress === undefined ? undefined : readAddress(facilitatorAddress),
    told: options,
    snapshot,
    saveSnapshot,
    urlsFor: (network) => rpcs.of(network)?.urls ?? [],
    headersFor: (network) => rpcs.of(network)?.headers ?? {},
  }
}

/** @throws UsageError where headers were given for an RPC and there is none. */
export function refuseHeaders({ rpcs }: Pick<Sources, 'rpcs'>, urls: readonly string[]): void {
  if (urls.length === 0 && rpcs.hasHeaders)
    throw new UsageError('--rpc-header is for an RPC, and there is none to ask; give one by --rpc-url.')
}

function readAddress(text: string): `0x${string}` {
  const address = text.trim()
  if (/^0x[0-9a-fA-F]{40}$/.test(address)) return address as `0x${string}`
  throw new UsageError(`--facilitator-address "${text.slice(0, 60)}" is no address; give 0x and 40 hex digits.`)
}
