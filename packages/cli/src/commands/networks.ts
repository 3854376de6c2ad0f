import { builtInNetworks, getNetwork } from '@eip3009/core'
import type { Console } from '../console.ts'
import { exitCodes } from '../exit-codes.ts'
import { jsonText } from '../report/json-text.ts'
import { networkMarkdown, networksMarkdown, renderNetwork, renderNetworks } from '../report/networks.ts'

export interface NetworksOptions {
  readonly network?: string | undefined
  readonly json: boolean
  readonly format: 'text' | 'markdown' | 'json'
}

/** Lists the networks, or tells one in full: its tokens, the wrong values that were seen, what is in doubt, and where it all comes from. */
export function networksCommand(options: NetworksOptions, console: Console): number {
  const style = { color: console.color, columns: console.columns ?? 120 }
  const format = options.json ? 'json' : options.format
  if (options.network === undefined) {
    const { all, foreign } = builtInNetworks
    if (format === 'json') console.out(jsonText({ schema: 'eip3009/networks@1', networks: all, foreign }))
    else console.out(format === 'markdown' ? networksMarkdown(builtInNetworks) : renderNetworks(builtInNetworks, style))
    return exitCodes.settles
  }
  const network = getNetwork(options.network)
  if (format === 'json') console.out(jsonText({ schema: 'eip3009/network@1', network }))
  else console.out(format === 'markdown' ? networkMarkdown(network) : renderNetwork(network, style))
  return exitCodes.settles
}
