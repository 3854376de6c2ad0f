import { findNetwork } from '@eip3009/core'
import { UsageError } from '../usage-error.ts'
import type { FoundFile } from './file-upwards.ts'
import type { FileEndpoint } from './rpc-config.ts'

export const foundryName = 'foundry.toml'

/**
 * The `[rpc_endpoints]` of a foundry.toml, by the ids of their networks; names that are no network of ours (`mainnet`, `anvil`) are others' business.
 * An endpoint is a text, or a table with `endpoint` (or `url`) and `auth`, which Foundry sends as the Authorization header.
 * Source: crates/config/src/endpoints.rs of foundry-rs/foundry.
 * @throws UsageError in one sentence with file and line for what is no TOML.
 */
export async function readFoundryEndpoints({ path, text }: FoundFile): Promise<ReadonlyMap<string, FileEndpoint>> {
  const { parse, TomlError } = await import('smol-toml')
  let whole: Readonly<Record<string, unknown>>
  try {
    whole = parse(text)
  } catch (error) {
    // Its message repeats the text, which can hold a key.
    throw new UsageError(
      `${path}:${error instanceof TomlError ? error.line : 1}: this is no TOML, so that its [rpc_endpoints] are not read.`,
    )
  }
  const endpoints = whole.rpc_endpoints
  const out = new Map<string, FileEndpoint>()
  if (!isTable(endpoints)) return out
  for (const [name, value] of Object.entries(endpoints)) {
    const answer = findNetwork(name)
    const endpoint = endpointOf(value)
    if (answer.kind === 'unknown' || endpoint === undefined) continue
    // Of `base` and `base_mainnet` the one with the network's own id counts, else the first.
    if (out.has(answer.network.id) && answer.by !== 'id') continue
    out.set(answer.network.id, { name, ...endpoint })
  }
  return out
}

function endpointOf(value: unknown): Omit<FileEndpoint, 'name'> | undefined {
  if (typeof value === 'string') return { url: value, headers: {} }
  if (!isTable(value)) return undefined
  const url = value.endpoint ?? value.url
  if (typeof url !== 'string') return undefined
  return { url, headers: typeof value.auth === 'string' ? { authorization: value.auth } : {} }
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
