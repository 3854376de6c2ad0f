import { isAbsolute, join } from 'node:path'
import { parseEnv } from 'node:util'
import { builtInNetworks, findNetwork, type Network, printable } from '@eip3009/core'
import { redactUrl } from '@eip3009/core/chain'
import type { Console } from '../console.ts'
import { UsageError } from '../usage-error.ts'
import { type FoundFile, findUpwards, readIfThere } from './file-upwards.ts'
import { foundryName, readFoundryEndpoints } from './foundry-endpoints.ts'
import { expand } from './placeholders.ts'
import { configName, type FileEndpoint, isHeaderName, readRpcConfig } from './rpc-config.ts'
import { checkedRpcUrl, distinctRpcs } from './rpc-urls.ts'
import { rpcVariable, type UnknownVariable, unknownVariables } from './rpc-variables.ts'

/** The options by which every command is told of RPCs. */
export interface RpcOptions {
  /** URLs, or `public`. */
  readonly rpcUrl?: readonly string[] | undefined
  /** `base=https://…`, any number of times. */
  readonly rpc?: readonly string[] | undefined
  readonly rpcHeader?: readonly string[] | undefined
}

/** Where an RPC is known from that nobody gave to this command. The first that has one counts. */
export type FoundOrigin = 'environment' | 'config' | 'foundry'

/** The same, of all: what was given now goes before it, and the registry's are asked for by name. */
export type RpcOrigin = 'option' | FoundOrigin | 'registry'

/** The RPCs of a network, of which all have to agree. */
export interface NetworkRpcs {
  readonly urls: readonly string[]
  /** What is sent with each request. Never printed. */
  readonly headers: Readonly<Record<string, string>>
  readonly origin: RpcOrigin
  /** What gives it: an option, a variable, a file and the name in it. */
  readonly from: string
}

/** A network and what gives its RPC, which is not read before it is wanted: a variable that it needs may be missing. */
export interface RpcEntry {
  readonly network: Network
  readonly origin: FoundOrigin
  readonly from: string
  /** @throws UsageError where it can't be used. */
  readonly read: () => NetworkRpcs
}

export interface KnownRpcs {
  /**
   * The RPCs of a network, undefined where none is known. Without a network those that --rpc-url gives. Says on stderr where they are from where
   * nobody gave them to this command. Of the registry's no more than `most`.
   * @throws UsageError for what is no URL of an RPC, and for what is given twice.
   */
  readonly of: (network: { readonly id: string } | undefined, most?: number) => NetworkRpcs | undefined
  /** The networks of which an RPC is known, of the first origin that has any. */
  readonly networks: () => readonly Network[]
  /** Each network that the environment or a file has an RPC of, from the origin that counts. */
  readonly entries: readonly RpcEntry[]
  readonly unknown: readonly UnknownVariable[]
  /** Whether the registry's own were asked for. */
  readonly isPublic: boolean
  readonly hasHeaders: boolean
}

const publicRpcs = 'public'

/**
 * What is known of RPCs: what the options say, and where `around` is asked for also the environment, the nearest `eip3009.config.json`, and the
 * nearest foundry.toml.
 * @throws UsageError for an option or a file of ours that can not be followed.
 */
export async function readRpcs(options: RpcOptions, around: boolean, console: Console): Promise<KnownRpcs> {
  const { rpcUrl = [] } = options
  const headers = readHeaders(options.rpcHeader ?? [])
  const isPublic = rpcUrl.includes(publicRpcs)
  const urls = distinctRpcs(
    rpcUrl.filter((url) => url !== publicRpcs).map((url) => checkedRpcUrl(url, '--rpc-url')),
    '--rpc-url',
    console,
  )
  const named = readNamed(options.rpc ?? [], console)
  const looked = around && rpcUrl.length === 0
  const unknown = looked ? unknownVariables(console.env) : []
  for (const { variable, suggestion } of unknown)
    console.err(
      `eip3009: ${printable(variable)} is no network's RPC, and counts for nothing${suggestion === null ? '' : `; is ${suggestion} meant?`}\n`,
    )
  const entries = looked ? await entriesAround(headers, console) : []

  const given = (network: { readonly id: string } | undefined, most: number | undefined): NetworkRpcs | undefined => {
    const own = network === undefined ? undefined : named.get(network.id)
    if (own !== undefined && rpcUrl.length > 0) throw new UsageError(`--rpc-url and --rpc both give the RPC of ${network?.id}; give one.`)
    if (own !== undefined) return { urls: own, headers, origin: 'option', from: '--rpc' }
    if (!isPublic) return urls.length === 0 ? undefined : { urls, headers, origin: 'option', from: '--rpc-url' }
    const all = builtInNetworks.all.find(({ id }) => id === network?.id)?.rpcUrls.filter((url) => /^https?:/i.test(url)) ?? []
    const asked = [...urls, ...all].slice(0, most)
    return asked.length === 0 ? undefined : { urls: asked, headers: {}, origin: 'registry', from: "the registry's public RPCs" }
  }
  const told = new Set<string>()
  const tell = (says: string): void => {
    if (!told.has(says)) console.err(`eip3009: ${says}\n`)
    told.add(says)
  }
  /** A file of ours is followed or refused; Foundry's is somebody else's, and was not meant for us. */
  const found = ({ origin, read }: RpcEntry): NetworkRpcs | undefined => {
    try {
      return read()
    } catch (error) {
      if (origin !== 'foundry' || !(error instanceof UsageError)) throw error
      tell(`passed over: ${printable(error.message)}`)
      return undefined
    }
  }
  return {
    of: (network, most) => {
      const entry = entries.find((each) => each.network.id === network?.id)
      const rpcs = given(network, most) ?? (entry === undefined ? undefined : found(entry))
      if (rpcs === undefined || network === undefined) return rpcs
      const { origin, from } = rpcs
      if (origin === 'option' || origin === 'environment') return rpcs
      // A key for one RPC is not sent to another, which somebody else may have named.
      if (Object.keys(headers).length > 0)
        throw new UsageError(
          `--rpc-header is for an RPC that is given by --rpc-url, --rpc or the environment; that of ${network.id} is from ${from}.`,
        )
      tell(`${network.id} is asked at ${rpcs.urls.map(redactUrl).join(' and ')} (${printable(from)}).`)
      return rpcs
    },
    networks: () => {
      if (named.size > 0) return builtInNetworks.all.filter(({ id }) => named.has(id))
      const [first] = origins.filter((origin) => entries.some((entry) => entry.origin === origin))
      return entries.filter(({ origin }) => origin === first).map(({ network }) => network)
    },
    entries,
    unknown,
    isPublic,
    hasHeaders: Object.keys(headers).length > 0,
  }
}

const origins: readonly FoundOrigin[] = ['environment', 'config', 'foundry']

/** The RPCs that nobody gave to this command, a network once. */
async function entriesAround(headers: Readonly<Record<string, string>>, console: Console): Promise<readonly RpcEntry[]> {
  const all = [...environmentEntries(headers, console), ...(await configEntries(console)), ...(await foundryEntries(console))]
  return all.filter(({ network }, index) => all.findIndex((each) => each.network.id === network.id) === index)
}

function environmentEntries(headers: Readonly<Record<string, string>>, { env }: Console): readonly RpcEntry[] {
  return builtInNetworks.all.flatMap((network) => {
    const variable = rpcVariable(network)
    const url = env[variable]
    if (url === undefined || url.trim() === '') return []
    const read = (): NetworkRpcs => ({ urls: [checkedRpcUrl(url, variable)], headers, origin: 'environment', from: variable })
    return [{ network, origin: 'environment' as const, from: variable, read }]
  })
}

async function configEntries(console: Console): Promise<readonly RpcEntry[]> {
  const folder = userFolder(console.env)
  const file = (await findFromHere(configName, console)) ?? (folder === undefined ? undefined : await readIfThere(join(folder, configName)))
  if (file === undefined) return []
  return entriesOf(readRpcConfig(file), file, 'config', console.env)
}

async function foundryEntries(console: Console): Promise<readonly RpcEntry[]> {
  try {
    const file = await findFromHere(foundryName, console)
    if (file === undefined) return []
    // As Foundry does, which reads variables from this file, too; what is set counts more.
    const kept = await readIfThere(join(file.path, '..', '.env')).catch(() => undefined)
    const env = { ...(kept === undefined ? {} : parseEnv(kept.text)), ...console.env }
    return entriesOf(await readFoundryEndpoints(file), file, 'foundry', env)
  } catch (error) {
    // It is somebody else's file, and nobody asked to read it.
    if (!(error instanceof UsageError)) throw error
    console.err(`eip3009: ${printable(error.message)}\n`)
    return []
  }
}

function entriesOf(
  endpoints: ReadonlyMap<string, FileEndpoint>,
  { path }: FoundFile,
  origin: Exclude<FoundOrigin, 'environment'>,
  env: Readonly<Record<string, string | undefined>>,
): readonly RpcEntry[] {
  return builtInNetworks.all.flatMap((network) => {
    const endpoint = endpoints.get(network.id)
    if (endpoint === undefined) return []
    const from = `"${endpoint.name}" in ${path}`
    const filled = (text: string): string => {
      const expanded = expand(text, (name) => env[name])
      if ('text' in expanded) return expanded.text
      throw new UsageError(`${from} needs the environment variable ${expanded.missing}, which is not set.`)
    }
    const read = (): NetworkRpcs => {
      const headers = Object.entries(endpoint.headers).map(([name, text]) => [name, filled(text)] as const)
      return { urls: [checkedRpcUrl(filled(endpoint.url), from)], headers: Object.fromEntries(headers), origin, from }
    }
    return [{ network, origin, from, read }]
  })
}

/** What is above a folder that is gone, nobody knows. */
async function findFromHere(name: string, console: Console): Promise<FoundFile | undefined> {
  let here: string
  try {
    here = console.cwd()
  } catch {
    return undefined
  }
  return findUpwards(here, name)
}

/** Where a user's configuration is: by XDG_CONFIG_HOME, else ~/.config; on Windows by APPDATA. */
function userFolder({ XDG_CONFIG_HOME, APPDATA, HOME }: Readonly<Record<string, string | undefined>>): string | undefined {
  const own = process.platform === 'win32' ? APPDATA : HOME && join(HOME, '.config')
  // The specification has a relative one be none.
  const folder = XDG_CONFIG_HOME !== undefined && isAbsolute(XDG_CONFIG_HOME) ? XDG_CONFIG_HOME : own
  return folder ? join(folder, 'eip3009') : undefined
}

/** What --rpc gives, by the ids of the networks. */
function readNamed(texts: readonly string[], console: Console): ReadonlyMap<string, readonly string[]> {
  const out = new Map<string, string[]>()
  for (const text of texts) {
    const at = text.indexOf('=')
    if (at < 1 || /^[a-z]+:\/\//i.test(text)) throw new UsageError('--rpc takes a network and a URL: --rpc base=https://mainnet.base.org.')
    const name = text.slice(0, at)
    const answer = findNetwork(name)
    if (answer.kind === 'unknown') throw new UsageError(`--rpc ${answer.reason}`)
    out.set(answer.network.id, [...(out.get(answer.network.id) ?? []), checkedRpcUrl(text.slice(at + 1), `--rpc ${name}`)])
  }
  return new Map([...out].map(([id, urls]) => [id, distinctRpcs(urls, `--rpc ${id}`, console)]))
}

function readHeaders(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((text) => {
      const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(text.trim()) ?? []
      // The value can be a key, so the text is not repeated.
      if (name === undefined || value === undefined || !isHeaderName(name))
        throw new UsageError("--rpc-header takes a name and a value: --rpc-header 'Authorization: Bearer …'.")
      return [name.toLowerCase(), value]
    }),
  )
}
