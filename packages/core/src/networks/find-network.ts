import { Eip3009Error } from '../errors/eip3009-error.ts'
import { quote } from '../errors/quote.ts'
import { editDistance } from './edit-distance.ts'
import type { EvmNetwork, ForeignNetwork, Misnomer, Network, SolanaNetwork } from './network.ts'
import { builtInNetworks, type EvmNetworkId, type Networks, nameKey, type SolanaNetworkId } from './networks.ts'
import { findOtherChain } from './other-chains.ts'

/** How a network was recognised. */
export type FoundBy = 'id' | 'x402-name' | 'alias' | 'chain-id' | 'caip2' | 'genesis-hash'

export interface NetworkFound {
  readonly kind: 'network'
  readonly network: Network
  readonly by: FoundBy
  /** Whether it is written as x402 writes it, in every character: an x402 v1 name, the CAIP-2 id, or (never on the wire) our id or a plain chain id. */
  readonly exact: boolean
}

export interface NetworkUnknown {
  readonly kind: 'unknown'
  /** `foreign`: a known chain that is not supported; `retired`, `mistaken`, `other`: see `Misnomer`; `unheard`: nothing that we know. */
  readonly because: 'foreign' | Misnomer['kind'] | 'unheard'
  /** One sentence that names what was read and, where there is one, the network that was probably meant. */
  readonly reason: string
  /** The network that was probably meant. */
  readonly suggestion?: Network
  /** The unsupported chain that it is, or that was probably meant. */
  readonly foreign?: ForeignNetwork
}

export type NetworkAnswer = NetworkFound | NetworkUnknown

/**
 * The network that a name, chain id (number, bigint, decimal or hex text), CAIP-2 id or Solana genesis hash stands for.
 * Surrounding space and case do not matter. Never throws, whatever the text.
 */
export function findNetwork(name: string | number | bigint, networks: Networks = builtInNetworks): NetworkAnswer {
  const text = String(name).trim()
  // Only a name may be written with other separators: "8-453" and "-8453" are no chain ids.
  const entry = networks.index.get(canonical(text)) ?? (/^[a-z]/i.test(text) ? networks.index.get(nameKey(text)) : undefined)
  if (entry === undefined) return outside(text) ?? unheard(text, networks)
  if ('kind' in entry) return misnamed(text, entry, networks)
  if (entry.family === 'foreign') return foreignChain(text, entry)
  const by = recognisedBy(text, entry)
  return { kind: 'network', network: entry, by, exact: isExact(text, entry, by) }
}

/**
 * As `findNetwork`, for callers who cannot go on without the network. The id of a built-in network gives its family, too.
 * @throws Eip3009Error `unknown-network` with the reason.
 */
export function getNetwork(id: EvmNetworkId): EvmNetwork
export function getNetwork(id: SolanaNetworkId): SolanaNetwork
export function getNetwork(name: string | number | bigint, networks?: Networks): Network
export function getNetwork(name: string | number | bigint, networks: Networks = builtInNetworks): Network {
  const answer = findNetwork(name, networks)
  if (answer.kind === 'network') return answer.network
  throw new Eip3009Error('unknown-network', answer.reason)
}

/**
 * The EVM network of a name, a chain id or a CAIP-2 id.
 * @throws Eip3009Error `unknown-network`, or `unsupported-input` for a network without EIP-3009.
 */
export function getEvmNetwork(name: string | number | bigint): EvmNetwork {
  const network = getNetwork(name)
  if (network.family === 'evm') return network
  throw new Eip3009Error('unsupported-input', `${network.id} has no EIP-3009 token; give an EVM network such as base.`)
}

const numberPattern = /^(eip155:)?(0x[0-9a-f]{1,64}|[0-9]{1,78})$/

/** A CAIP-2 id or chain id in the form of the index: lower case, decimal without leading zeros. */
function canonical(text: string): string {
  const lower = text.toLowerCase()
  const match = numberPattern.exec(lower)
  return match?.[2] === undefined ? lower : `${match[1] ?? ''}${BigInt(match[2])}`
}

function recognisedBy(text: string, network: Network): FoundBy {
  const lower = text.toLowerCase()
  const key = nameKey(text)
  if (network.family === 'solana') {
    if (lower.startsWith('solana:')) return 'caip2'
    if (network.genesisHash.toLowerCase().startsWith(lower) && lower.length >= 32) return 'genesis-hash'
  } else if (numberPattern.test(lower)) {
    return lower.startsWith('eip155:') ? 'caip2' : 'chain-id'
  }
  if (text === network.id) return 'id'
  if (network.x402Names.includes(text)) return 'x402-name'
  if (key === nameKey(network.id)) return 'id'
  return network.x402Names.some((each) => nameKey(each) === key) ? 'x402-name' : 'alias'
}

function isExact(text: string, network: Network, by: FoundBy): boolean {
  if (by === 'chain-id') return network.family === 'evm' && text === String(network.chainId)
  return text === network.caip2 || text === network.id || network.x402Names.includes(text)
}

function misnamed(text: string, misnomer: Misnomer, networks: Networks): NetworkUnknown {
  const meant = misnomer.meant === undefined ? undefined : networks.index.get(nameKey(misnomer.meant))
  const network = meant !== undefined && !('kind' in meant) ? meant : undefined
  const what = {
    retired: `${quote(text)} is ${misnomer.label}, which is retired`,
    mistaken: `${quote(text)} is ${misnomer.label}`,
    other: `${quote(text)} is ${misnomer.label}, which is not supported`,
  }[misnomer.kind]
  return {
    kind: 'unknown',
    because: misnomer.kind,
    reason: network === undefined ? `${what}.` : `${what}; did you mean ${described(network)}?`,
    ...(network === undefined ? {} : network.family === 'foreign' ? { foreign: network } : { suggestion: network }),
  }
}

function foreignChain(text: string, foreign: ForeignNetwork): NetworkUnknown {
  return {
    kind: 'unknown',
    because: 'foreign',
    reason: `${quote(text)} is ${foreign.label} (${foreign.caip2}), a network that is known but not supported; ${usdcOf(foreign)}, and a network of your own can be defined for it.`,
    foreign,
  }
}

function usdcOf({ usdc, unjudged = [] }: ForeignNetwork): string {
  if (usdc !== undefined) return `its USDC is ${usdc.address}`
  const unpublished = unjudged.find(({ eip3009 }) => eip3009 === 'unpublished')
  if (unpublished !== undefined) return `Circle's ${unpublished.symbol} there is ${unpublished.address}, whose domain nobody has published`
  return 'no USDC of Circle is known there'
}

/** A chain of another kind, whose payments have a scheme of their own. */
function outside(text: string): NetworkUnknown | undefined {
  const chain = findOtherChain(text)
  return chain && { kind: 'unknown', because: 'other', reason: `${quote(text)} is ${chain.label}, which is not supported.` }
}

function unheard(text: string, networks: Networks): NetworkUnknown {
  const nearest = nearestTo(text, networks)
  const reason = `${text === '' ? 'An empty name' : quote(text)} is no network that is known`
  if (nearest === undefined) {
    return {
      kind: 'unknown',
      because: 'unheard',
      reason: `${reason}; expected a name such as base, a CAIP-2 id such as eip155:8453 or a chain id.`,
    }
  }
  return {
    kind: 'unknown',
    because: 'unheard',
    reason: `${reason}; did you mean ${described(nearest)}?`,
    ...(nearest.family === 'foreign' ? { foreign: nearest } : { suggestion: nearest }),
  }
}

function described(network: Network | ForeignNetwork): string {
  return `${network.id} (${network.family === 'solana' ? network.caip2 : network.chainId})`
}

/** Longer texts are no mistyped names, and the distance takes the product of the lengths. */
const longestName = 64

/** The network that a name nobody knows was probably meant for. Numbers have none: one digit off is another chain. */
function nearestTo(text: string, networks: Networks): Network | ForeignNetwork | undefined {
  const key = nameKey(text)
  if (key.length < 3 || key.length > longestName || !/^[a-z]/.test(key)) return undefined
  if (key.includes(':')) return namespaced(key, networks)
  return withoutSuffix(key, networks) ?? mistyped(key, networks)
}

/** `solana:mainnet` and `solana:101` are solana, `eip155:base` is base: a name where CAIP-2 has a reference. */
function namespaced(key: string, networks: Networks): Network | ForeignNetwork | undefined {
  const [namespace = '', name = '', ...rest] = key.split(':')
  if (rest.length > 0 || name === '' || (namespace === 'eip155' && /^\d/.test(name))) return undefined
  for (const each of [name, `${namespace}${name}`]) {
    const entry = networks.index.get(each)
    const meant = entry !== undefined && 'kind' in entry && entry.meant !== undefined ? networks.index.get(nameKey(entry.meant)) : entry
    if (meant !== undefined && !('kind' in meant) && meant.caip2.startsWith(`${namespace}:`)) return meant
  }
  return undefined
}

/** `sei-evm` is sei, `polygon-testnet` the testnet of polygon. */
function withoutSuffix(key: string, networks: Networks): Network | ForeignNetwork | undefined {
  const match = /(mainnet|testnet|sepolia|network|chain|evm)$/.exec(key)
  if (match === null) return undefined
  const entry = networks.index.get(key.slice(0, match.index))
  if (entry === undefined || 'kind' in entry) return undefined
  if (match[1] !== 'testnet' && match[1] !== 'sepolia') return entry
  return [...networks.all, ...networks.foreign].find((each) => each.testnet && each.id.startsWith(entry.id))
}

/** The name that is fewest edits away, at most one in four letters. Of two equally near the supported one wins: those come first in the index. */
function mistyped(key: string, networks: Networks): Network | ForeignNetwork | undefined {
  let best: Network | ForeignNetwork | undefined
  let least = Math.max(1, Math.floor(key.length / 4)) + 1
  for (const [name, entry] of networks.index) {
    if ('kind' in entry || !/^[a-z]+[a-z0-9]*$/.test(name)) continue
    const distance = editDistance(key, name, least)
    if (distance < least) {
      least = distance
      best = entry
    }
  }
  return best
}
