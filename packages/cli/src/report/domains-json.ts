import type { DomainText, Doubt, Drift, DriftReport } from '@eip3009/core'
import type { Address, Bytes32, Count, Digits } from '@eip3009/core/internal'
import type { DomainRow, DomainsReport } from '../domain-rows.ts'

/** What `eip3009 domains --json` prints: addresses and separators in full, block numbers as text. Nothing that is here is ever taken away or given another meaning. */
export interface DomainsDocument {
  readonly schema: 'eip3009/domains@1'
  readonly tokens: readonly DomainJson[]
  /** Networks that were named and have no EIP-712 domain. */
  readonly withoutDomain: readonly string[]
  /** The table that was compared with the registry; null without one. */
  readonly against: {
    readonly name: string
    /** How many claims were compared. */
    readonly compared: Count
    readonly drifts: readonly DriftJson[]
    /** Differences that nobody can call wrong, because the registry's own value is a guess. */
    readonly notes: readonly DriftJson[]
    /** Entries that were not compared, with the reason. */
    readonly skipped: DriftReport['skipped']
  } | null
}

/** Its chain id is one of the registry's, and small. */
export interface TokenDomain extends Omit<DomainText, 'chainId'> {
  readonly chainId?: Count
}

/** One token: what the registry says, what that makes, and what the chain says where it was asked. */
export interface DomainJson {
  readonly network: string
  /** @pattern ^eip155:[0-9]+$ */
  readonly caip2: string
  readonly symbol: string
  readonly role: DomainRow['role']
  readonly address: Address
  readonly decimals: Count
  readonly domain: TokenDomain
  readonly computed: Bytes32
  readonly published: Bytes32 | null
  readonly onChain: OnChainJson
}

/** What came of asking the chain. */
export type OnChainJson =
  | { readonly status: 'not-asked' }
  | { readonly status: 'same'; readonly source: string; readonly block: Digits | null }
  | {
      readonly status: 'differs'
      readonly source: string
      /** Null where there is none. */
      readonly separator: Bytes32 | null
      /**
       * How the chain differs from the registry, in the words of a pull request.
       * @minItems 1
       */
      readonly lines: readonly string[]
    }
  | { readonly status: 'unread'; readonly source: string; readonly reason: string }

export interface DriftJson extends Omit<Drift, 'doubt'> {
  /** What is not certain about the registry's own value. */
  readonly doubt?: Omit<Doubt, 'fact'>
}

export function domainsJson({ rows, withoutDomain, against }: DomainsReport): DomainsDocument {
  return {
    schema: 'eip3009/domains@1',
    tokens: rows.map(tokenJson),
    withoutDomain: withoutDomain.map(({ id }) => id),
    against:
      against === undefined
        ? null
        : {
            name: against.name,
            compared: against.compared,
            drifts: against.drifts.map(driftJson),
            notes: against.notes.map(driftJson),
            skipped: against.skipped,
          },
  }
}

function tokenJson({
  network,
  symbol,
  role,
  address,
  domain: { chainId, ...domain },
  decimals,
  computed,
  published,
  onChain,
}: DomainRow): DomainJson {
  return {
    network: network.id,
    caip2: network.caip2,
    symbol,
    role,
    address,
    decimals,
    domain: { ...domain, ...(chainId === undefined ? {} : { chainId: Number(chainId) }) },
    computed,
    published: published ?? null,
    onChain: onChainJson(onChain),
  }
}

function onChainJson(onChain: DomainRow['onChain']): OnChainJson {
  switch (onChain.kind) {
    case 'not-asked':
      return { status: 'not-asked' }
    case 'same':
      return { status: 'same', source: onChain.source, block: onChain.block ?? null }
    case 'differs':
      return { status: 'differs', source: onChain.source, separator: onChain.separator ?? null, lines: onChain.lines }
    case 'unread':
      return { status: 'unread', source: onChain.source, reason: onChain.reason }
  }
}

function driftJson({ doubt, ...drift }: Drift): DriftJson {
  return { ...drift, ...(doubt === undefined ? {} : { doubt: { confidence: doubt.confidence, source: doubt.source } }) }
}
