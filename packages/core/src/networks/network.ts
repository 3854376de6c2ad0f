import type { Address, Bytes32 } from '../bytes/hex.ts'
import type { Count, SolanaKey } from '../text/written.ts'
import type { TokenFamily } from '../tokens/models.ts'

/** How sure we are of a fact that was not read from the chain or an issuer's own list. */
export type Confidence = 'high' | 'medium' | 'low'

/**
 * Which fields a token puts into its EIP-712 domain.
 * `standard` is name, version, chainId, verifyingContract; `salt` is name, version, verifyingContract and
 * salt = bytes32(chainId), as Polygon's bridged tokens have it.
 */
export type DomainLayout = 'standard' | 'salt'

/** Which `transferWithAuthorization` overloads a contract has: (v, r, s) and (bytes). */
export interface Overloads {
  readonly vrs: boolean
  readonly bytes: boolean
}

/** A domain that a source gives for a token. */
export interface DomainClaim {
  readonly name: string
  readonly version: string
  readonly layout: DomainLayout
  /** `DOMAIN_SEPARATOR()` as published or read on chain; absent where it is only ours to compute. */
  readonly separator?: Bytes32
}

/** A contract with EIP-3009. */
export interface Token {
  readonly symbol: string
  readonly address: Address
  /** EIP-712 domain name, which is not always the ERC-20 name that wallets show. */
  readonly name: string
  readonly version: string
  readonly layout: DomainLayout
  readonly decimals: Count
  /** Which contract it is, as far as that is known: it decides what the token checks, in which order, and how it words it. */
  readonly family?: TokenFamily
  readonly overloads: Overloads
  /** `DOMAIN_SEPARATOR()` as published or read on chain, independent of our own computation. */
  readonly separator?: Bytes32
  /** Other domains that some source gives for it: wrong ones, or the rival where nothing was published. */
  readonly otherDomains?: readonly DomainClaim[]
}

/** A token that people take for the network's USDC. */
export interface Lookalike {
  readonly symbol: string
  readonly address: Address
  readonly name: string
  readonly decimals: Count
  /** What it is and how it differs. */
  readonly note: string
  /** Its overloads of `transferWithAuthorization`, both false where it has none; absent where nobody has published it. */
  readonly overloads?: Overloads
  readonly family?: TokenFamily
  /** Domains that it may have; more than one where nothing was published, none where it is not known to have one. */
  readonly domains: readonly DomainClaim[]
}

/** A value that was found wrong in the wild, so that a table or a payload that has it can be recognised. */
export interface WrongValue {
  /** Path into the network: `usdc.name`, `chainId`, `otherTokens[EURC].name`, `rpcUrls[0]`. */
  readonly fact: string
  /** The wrong value as text: a name without quotes, a number in decimal. */
  readonly wrong: string
  /** What the network has at `fact`, as text. */
  readonly right: string
  /** Who has or had it, and when. */
  readonly seenIn: string
}

/** A fact of the network whose confidence is not high. */
export interface Doubt {
  /** Path into the network: `usdc.separator`, `lookalikes[USDC.e].overloads`. */
  readonly fact: string
  readonly confidence: Exclude<Confidence, 'high'>
  /** Where the fact comes from, or why it is in doubt. */
  readonly source: string
}

/** What networks of both families have. */
export interface NetworkIdentity {
  /** The x402 v1 name where there is one: `base`, `base-sepolia`. */
  readonly id: string
  readonly testnet: boolean
  /** CAIP-2 id: `eip155:8453`. */
  readonly caip2: string
  /** The names that x402 v1 implementations use for it. */
  readonly x402Names: readonly string[]
  /** Other names that someone uses. Case, spaces, `-` and `_` do not matter when they are looked up. */
  readonly aliases: readonly string[]
  /** Public RPC endpoints, the usual one first. */
  readonly rpcUrls: readonly string[]
  /** Absent where no explorer is known to work. */
  readonly explorerUrl?: string
  /**
   * Seconds between blocks.
   * @minimum 0
   */
  readonly blockTime: number
  readonly wrongValues: readonly WrongValue[]
  readonly doubts: readonly Doubt[]
  /** Where the data comes from. */
  readonly sources: readonly string[]
  /**
   * When the data was last checked against its sources, as year and month: `2026-11`. Absent on networks that users define.
   * @pattern ^[0-9]{4}-[0-9]{2}$
   */
  readonly checked?: string
}

export interface EvmNetwork extends NetworkIdentity {
  readonly family: 'evm'
  readonly chainId: Count
  readonly nativeCurrency: string
  readonly eip1559: boolean
  readonly multicall3?: Address
  readonly usdc: Token
  readonly otherTokens: readonly Token[]
  readonly lookalikes: readonly Lookalike[]
}

/** Another token of a Solana cluster that payments are made in, or that people take for its USDC. */
export interface MintLookalike {
  readonly symbol: string
  readonly mint: SolanaKey
  readonly decimals: Count
  /** The program that the mint belongs to: a transfer through the other one fails. */
  readonly tokenProgram: SolanaKey
  readonly note: string
}

export interface SolanaNetwork extends NetworkIdentity {
  readonly family: 'solana'
  readonly genesisHash: SolanaKey
  /** The USDC mint, base58. */
  readonly mint: SolanaKey
  readonly decimals: Count
  readonly tokenProgram: SolanaKey
  readonly lookalikes: readonly MintLookalike[]
}

export type Network = EvmNetwork | SolanaNetwork

/** A token with EIP-3009 of a chain outside the supported networks. */
export interface ForeignToken {
  readonly symbol: string
  readonly address: Address
  readonly name: string
  readonly version: string
  readonly layout: DomainLayout
  readonly decimals: Count
  readonly separator?: Bytes32
  readonly family?: TokenFamily
  /** How sure name and version are; addresses are Circle's own. */
  readonly confidence: Confidence
  /** Where name, version and separator come from. */
  readonly source: string
}

/** A token of which nothing can be said but what it is: nobody has published its domain, or it takes no EIP-3009 payments. */
export interface UnjudgedToken {
  readonly symbol: string
  readonly address: Address
  readonly decimals: Count
  /** `none`: it has no EIP-3009; `unpublished`: nobody has published its domain. */
  readonly eip3009: 'none' | 'unpublished'
  readonly source: string
}

/** A chain that people meet but that is not supported: what is known of its tokens, so that a payment in one of them can be judged. */
export interface ForeignNetwork {
  readonly family: 'foreign'
  readonly id: string
  readonly label: string
  readonly chainId: Count
  readonly caip2: string
  readonly testnet: boolean
  readonly aliases: readonly string[]
  /** Absent where Circle issues no USDC, or nobody has published its domain. */
  readonly usdc?: ForeignToken
  readonly unjudged?: readonly UnjudgedToken[]
  readonly source: string
}

/** Names and numbers that stand for a chain which is gone, or for one that is not what the writer thought. */
export interface Misnomer {
  /** What the names stand for: `Celo Alfajores`. */
  readonly label: string
  readonly names: readonly string[]
  readonly chainId?: number
  /** `retired`: the chain is gone; `mistaken`: never the chain that it was used for; `other`: a real chain that is not supported. */
  readonly kind: 'retired' | 'mistaken' | 'other'
  /** Id of the network, supported or foreign, that was probably meant. */
  readonly meant?: string
  readonly source: string
}
