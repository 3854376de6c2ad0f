import { builtInNetworks, getNetwork } from '@eip3009/core'
import { redactUrl } from '@eip3009/core/chain'
import type { Console } from '../console.ts'
import { exitCodes } from '../exit-codes.ts'
import type { KnownRpc } from '../report/documents.ts'
import { jsonText } from '../report/json-text.ts'
import { networkMarkdown, networksMarkdown, renderNetwork, renderNetworks } from '../report/networks.ts'
import { type RpcEntry, readRpcs } from '../sources/known-rpcs.ts'
import { UsageError } from '../usage-error.ts'

export interface NetworksOptions {
  readonly network?: string | undefined
  readonly json: boolean
  readonly format: 'text' | 'markdown' | 'json'
}

/** Lists the networks, or tells one in full: its tokens, the wrong values that were seen, what is in doubt, where it all comes from, and whom we would ask. */
export async function networksCommand(options: NetworksOptions, console: Console): Promise<number> {
  const style = { color: console.color, columns: console.columns ?? 120 }
  const format = options.json ? 'json' : options.format
  const network = options.network === undefined ? undefined : getNetwork(options.network)
  const { entries, unknown } = await readRpcs({}, true, console)
  if (network === undefined) {
    const { all, foreign } = builtInNetworks
    const rpcs = entries.map(knownRpc)
    const warnings = unknown.map((each) => ({ id: 'rpc-variable-unknown' as const, ...each }))
    if (format === 'json') console.out(jsonText({ schema: 'eip3009/networks@1', networks: all, foreign, rpcs, warnings }))
    else console.out(format === 'markdown' ? networksMarkdown(builtInNetworks) : renderNetworks(builtInNetworks, rpcs, style))
    return exitCodes.settles
  }
  const entry = entries.find((each) => each.network.id === network.id)
  const rpc = entry === undefined ? null : knownRpc(entry)
  if (format === 'json') console.out(jsonText({ schema: 'eip3009/network@1', network, rpc }))
  else console.out(format === 'markdown' ? networkMarkdown(network) : renderNetwork(network, rpc, style))
  return exitCodes.settles
}

/** Nobody is asked, so that one that can't be used is told beside the others. */
function knownRpc({ network, origin, from, read }: RpcEntry): KnownRpc {
  const own = { network: network.id, origin, from }
  try {
    const [url] = read().urls
    return { ...own, url: url === undefined ? null : redactUrl(url), problem: null }
  } catch (error) {
    if (error instanceof UsageError) return { ...own, url: null, problem: error.message }
    throw error
  }
}
