import { Eip3009Error } from '../errors/eip3009-error.ts'
import { quote } from '../errors/quote.ts'
import { avalanche } from './avalanche.ts'
import { avalancheFuji } from './avalanche-fuji.ts'
import { base } from './base.ts'
import { baseSepolia } from './base-sepolia.ts'
import { celo } from './celo.ts'
import { celoSepolia } from './celo-sepolia.ts'
import { defineNetwork, type NetworkInput } from './define-network.ts'
import { foreignNetworks } from './foreign.ts'
import { hyperevm } from './hyperevm.ts'
import { hyperevmTestnet } from './hyperevm-testnet.ts'
import { misnomers } from './misnomers.ts'
import type { ForeignNetwork, Misnomer, Network } from './network.ts'
import { optimism } from './optimism.ts'
import { optimismSepolia } from './optimism-sepolia.ts'
import { polygon } from './polygon.ts'
import { polygonAmoy } from './polygon-amoy.ts'
import { sei } from './sei.ts'
import { seiTestnet } from './sei-testnet.ts'
import { solana } from './solana.ts'
import { solanaDevnet } from './solana-devnet.ts'
import { xdc } from './xdc.ts'

const supported = [
  baseSepolia,
  base,
  xdc,
  avalancheFuji,
  avalanche,
  solana,
  solanaDevnet,
  polygonAmoy,
  polygon,
  optimism,
  optimismSepolia,
  celo,
  celoSepolia,
  hyperevm,
  hyperevmTestnet,
  sei,
  seiTestnet,
] as const

/** The id of a built-in network. */
export type NetworkId = (typeof supported)[number]['id']

/** Those of one family. */
export type EvmNetworkId = Extract<(typeof supported)[number], { readonly family: 'evm' }>['id']
export type SolanaNetworkId = Exclude<NetworkId, EvmNetworkId>

/** A set of networks to look things up in. Made by `createNetworks`; never changes. */
export interface Networks {
  /** The networks that payments are diagnosed on. */
  readonly all: readonly Network[]
  /** Chains known only so that a payment for them can be recognised. */
  readonly foreign: readonly ForeignNetwork[]
  /** Names and chain ids of chains that are gone or were never what the writer meant. */
  readonly misnomers: readonly Misnomer[]
  /** Everything above by `nameKey` of its names, by CAIP-2 id in lower case, and by chain id in decimal. */
  readonly index: ReadonlyMap<string, Network | ForeignNetwork | Misnomer>
}

/**
 * The built-in networks together with `extra` ones. An extra network with the id of a built-in one takes its place.
 * @throws Eip3009Error `invalid-network` when one does not hold together, or shares an id, a name or a chain id with another.
 */
export function createNetworks(extra: readonly NetworkInput[] = []): Networks {
  const own = extra.map((input) => defineNetwork(input))
  const replaced = new Set(own.map((network) => network.id))
  const all: readonly Network[] = [...supported.filter((network) => !replaced.has(network.id)), ...own]
  const index = new Map<string, Network | ForeignNetwork | Misnomer>()
  for (const network of all) {
    for (const key of keysOf(network)) {
      const owner = index.get(key)
      if (owner !== undefined) throw clash(owner, network, key)
      index.set(key, network)
    }
  }
  // What a user defines is no longer foreign, retired or mistaken.
  const free = (other: ForeignNetwork | Misnomer): boolean => !keysOf(other).some((key) => index.has(key))
  const foreign = foreignNetworks.filter(free)
  const wrong = misnomers.filter(free)
  for (const other of [...foreign, ...wrong]) for (const key of keysOf(other)) index.set(key, other)
  return { all, foreign, misnomers: wrong, index }
}

/** The 17 networks. */
export const builtInNetworks: Networks = /* @__PURE__ */ createNetworks()

/** A name without what people write differently: case, spaces, `-` and `_`. */
export function nameKey(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '')
}

/** The keys under which something stands in the index of `Networks`. */
export function keysOf(entry: Network | ForeignNetwork | Misnomer): readonly string[] {
  if ('kind' in entry) return distinct([...entry.names.map(nameKey), ...(entry.chainId === undefined ? [] : evmKeys(entry.chainId))])
  const names = [entry.id, ...entry.aliases, ...(entry.family === 'foreign' ? [entry.label] : entry.x402Names)].map(nameKey)
  if (entry.family !== 'solana') return distinct([...names, ...evmKeys(entry.chainId)])
  const genesis = entry.genesisHash.toLowerCase()
  // The whole hash in place of its first 32 characters is a mistake that real SDKs make.
  return distinct([...names, entry.caip2.toLowerCase(), `solana:${genesis}`, genesis, genesis.slice(0, 32)])
}

function evmKeys(chainId: number): readonly string[] {
  return [String(chainId), `eip155:${chainId}`]
}

function distinct(keys: readonly string[]): readonly string[] {
  return [...new Set(keys)]
}

function clash(owner: Network | ForeignNetwork | Misnomer, network: Network, key: string): Eip3009Error {
  const name = 'id' in owner ? owner.id : owner.label
  return new Eip3009Error(
    'invalid-network',
    `Networks ${quote(name)} and ${quote(network.id)} both go by ${quote(key)}; expected names and chain ids of their own: change one, or use the id ${quote(name)} to replace that network.`,
  )
}
