import { findNetwork } from '@eip3009/core'
import { parseJson } from '@eip3009/core/internal'
import { UsageError } from '../usage-error.ts'
import type { FoundFile } from './file-upwards.ts'

export const configName = 'eip3009.config.json'

/** An RPC with headers of its own. `${NAME}` in a value is that environment variable, so that no key stands in the file. */
export interface RpcConfigEndpoint {
  /** `https://…`, or `${NAME}`. */
  readonly url: string
  /** Header names and values. */
  readonly headers?: Readonly<Record<string, string>>
}

/** `eip3009.config.json`: looked for in the working directory, in those above it, then in the user's folder for configuration. */
interface RpcConfig {
  /** Where the schema is, for editors. */
  readonly $schema?: string
  /** The RPC of each network, by a name of it: an id such as `base`, a CAIP-2 id or a chain id. */
  readonly rpc?: Readonly<Record<string, string | RpcConfigEndpoint>>
}

/** What the file can have. */
const settings = { $schema: true, rpc: true } as const satisfies Record<keyof RpcConfig, true>

/** An RPC as a file names it, before its variables are put in. */
export interface FileEndpoint {
  /** What the file calls the network. */
  readonly name: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * The RPCs of an `eip3009.config.json`, by the ids of their networks.
 * @throws UsageError in one sentence with file and line for what it can not mean. No value is repeated: it can hold a key.
 */
export function readRpcConfig({ path, text }: FoundFile): ReadonlyMap<string, FileEndpoint> {
  const refuse = (at: number, says: string): UsageError => new UsageError(`${path}:${lineOf(text, at)}: ${says}`)
  const placed = (key: string): number => Math.max(0, text.indexOf(JSON.stringify(key)))
  const parsed = parseJson(text)
  if (!parsed.ok) throw refuse(parsed.at, 'this is not JSON from here on; mend it, or delete the file.')
  const [slip] = parsed.slips
  if (slip !== undefined) throw refuse(slip.at, `the file ${slip.what}, which JSON does not allow.`)
  if (text.slice(parsed.end).trim() !== '') throw refuse(parsed.end, 'something stands behind the JSON; delete it.')
  // The same text once more, as plain values: what is left of it is JSON.
  const whole: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
  if (!isRecord(whole)) throw refuse(0, 'an object is expected: { "rpc": { "base": "https://…" } }.')
  for (const [key, value] of Object.entries(whole)) {
    if (!Object.hasOwn(settings, key))
      throw refuse(placed(key), `there is no setting ${JSON.stringify(key)}; the file has "rpc" (and "$schema") only.`)
    if (key === '$schema') continue
    if (!isRecord(value)) throw refuse(placed(key), 'rpc is an object of networks and URLs: { "rpc": { "base": "https://…" } }.')
  }
  const out = new Map<string, FileEndpoint>()
  for (const [name, value] of Object.entries(isRecord(whole.rpc) ? whole.rpc : {})) {
    const answer = findNetwork(name)
    if (answer.kind === 'unknown') throw refuse(placed(name), answer.reason)
    const before = out.get(answer.network.id)
    if (before !== undefined) throw refuse(placed(name), `"${before.name}" and "${name}" are both ${answer.network.id}; keep one.`)
    out.set(answer.network.id, { name, ...endpointOf(value, (says) => refuse(placed(name), `the RPC of "${name}" ${says}`)) })
  }
  return out
}

function endpointOf(value: unknown, refuse: (says: string) => UsageError): Omit<FileEndpoint, 'name'> {
  if (typeof value === 'string') return { url: value, headers: {} }
  if (!isRecord(value) || typeof value.url !== 'string') throw refuse('is a URL, or { "url": "https://…", "headers": { … } }.')
  const other = Object.keys(value).find((key) => key !== 'url' && key !== 'headers')
  if (other !== undefined) throw refuse(`has no setting ${JSON.stringify(other)}; it has "url" and "headers" only.`)
  const headers: [string, string][] = Object.entries(isRecord(value.headers) ? value.headers : {}).map(([name, text]) => {
    if (typeof text !== 'string' || !isHeaderName(name)) throw refuse('has a header that is none: a name and a text are expected.')
    return [name.toLowerCase(), text]
  })
  if (value.headers !== undefined && !isRecord(value.headers)) throw refuse('has headers that are no object of names and texts.')
  return { url: value.url, headers: Object.fromEntries(headers) }
}

export function isHeaderName(name: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length
}
