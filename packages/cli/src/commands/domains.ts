import {
  builtInNetworks,
  type Drift,
  type DriftReport,
  type EvmNetwork,
  findDrift,
  getNetwork,
  type Network,
  readTable,
} from '@eip3009/core'
import { readAgainst } from '../against.ts'
import type { Console } from '../console.ts'
import { type DomainRow, type DomainsReport, rowsOf } from '../domain-rows.ts'
import { exitCodes } from '../exit-codes.ts'
import { domainsMarkdown, renderDomains } from '../report/domains.ts'
import { domainsJson } from '../report/domains-json.ts'
import { jsonText } from '../report/json-text.ts'
import { type NetworkRpcs, type RpcOptions, readRpcs } from '../sources/known-rpcs.ts'
import { readNumber } from '../sources/number-options.ts'
import { UsageError } from '../usage-error.ts'

export interface DomainsOptions extends RpcOptions {
  readonly networks?: readonly string[] | undefined
  readonly against?: string | undefined
  readonly json: boolean
  readonly format: 'text' | 'markdown' | 'json'
  /** Milliseconds that one HTTP request may take. */
  readonly timeout: number
}

/** Compares the registry with its own arithmetic, with chains where there is an RPC, and with somebody's table. */
export async function domainsCommand(options: DomainsOptions, console: Console): Promise<number> {
  readNumber('timeout', options.timeout)
  const all = builtInNetworks.all.filter((network): network is EvmNetwork => network.family === 'evm')
  const named = [...new Set((options.networks ?? []).map((name) => getNetwork(name)))]
  const chosen = named.length === 0 ? all : named.filter((network): network is EvmNetwork => network.family === 'evm')
  const rpcs = await rpcsOf(chosen, options, console)
  const table = options.against === undefined ? undefined : await readAgainst(options.against, console)

  const readings = rpcs.size === 0 ? undefined : (await import('../read-chains.ts')).readChains
  const rows = chosen.flatMap(rowsOf)
  const read = readings === undefined ? rows : await readings(rows, rpcs, options.timeout)
  const report: DomainsReport = {
    rows: read,
    withoutDomain: named.filter(({ family }) => family === 'solana'),
    ...(table === undefined ? {} : { against: { name: table.name, ...compare(table.value, read, named) } }),
  }
  const format = options.json ? 'json' : options.format
  if (format === 'json') console.out(jsonText(domainsJson(report)))
  else if (format === 'markdown') console.out(domainsMarkdown(ofInterest(report, named)))
  else console.out(renderDomains(ofInterest(report, named), { color: console.color, columns: console.columns ?? 120 }))
  return exitCodeOf(report)
}

/** The one RPC of each network that is read: a domain is read from one. */
async function rpcsOf(chosen: readonly EvmNetwork[], options: RpcOptions, console: Console): Promise<ReadonlyMap<string, NetworkRpcs>> {
  const rpcs = await readRpcs(options, true, console)
  if (chosen.length !== 1 && options.rpcUrl?.some((url) => url !== 'public'))
    throw new UsageError('--rpc-url is the RPC of one network; name that one, or give each its own: --rpc base=URL --rpc polygon=URL.')
  const other = rpcs.networks().find(({ family }) => family !== 'evm')
  if (other !== undefined && options.rpc !== undefined)
    throw new UsageError(`--rpc ${other.id} is not an EVM network: there is no domain to read.`)
  return new Map(
    chosen.flatMap((network) => {
      const found = rpcs.of(network, 1)
      if (found === undefined) return []
      if (found.origin === 'option' && found.urls.length > 1)
        throw new UsageError(`${found.from} gives two URLs for ${network.id}; give one.`)
      return [[network.id, found] as const]
    }),
  )
}

/** Without the tokens of networks that nobody asked about: they are not in the table, not named, and were not read. */
function ofInterest(report: DomainsReport, named: readonly Network[]): DomainsReport {
  const { rows, against } = report
  if (against === undefined || named.length > 0) return report
  return { ...report, rows: rows.filter(({ network, onChain }) => against.networks.includes(network.id) || onChain.kind !== 'not-asked') }
}

/** The table's drift, of the networks that were named. */
function compare(value: unknown, rows: readonly DomainRow[], named: readonly Network[]): DriftReport {
  const report = findDrift(readTable(value), {
    proofOf: (network, contract) => {
      const row = rows.find((each) => each.network.id === network.id && each.address.toLowerCase() === contract.toLowerCase())
      if (row?.onChain.kind !== 'same') return undefined
      const { source, block } = row.onChain
      return { separator: row.computed, readFrom: block === undefined ? source : `${source} at block ${block}` }
    },
  })
  const ours = ({ network }: Drift): boolean => named.length === 0 || named.some(({ id }) => id === network)
  return { ...report, drifts: report.drifts.filter(ours), notes: report.notes.filter(ours) }
}

/** 1 for any drift; else 4 when a chain that should be read was not; else 0. */
function exitCodeOf({ rows, against }: DomainsReport): number {
  const drift = rows.some(
    ({ onChain, published, computed }) => onChain.kind === 'differs' || (published !== undefined && published !== computed),
  )
  if (drift || (against !== undefined && against.drifts.length > 0)) return exitCodes.payment
  return rows.some(({ onChain }) => onChain.kind === 'unread') ? exitCodes.inconclusive : exitCodes.settles
}
