import type { Drift } from '@eip3009/core'
import type { DomainRow, DomainsReport } from '../domain-rows.ts'

/** The report as `eip3009/domains@1`: addresses and separators in full, block numbers as text. Nothing that is here is ever taken away or given another meaning. */
export function domainsJson({ rows, withoutDomain, against }: DomainsReport): unknown {
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

function tokenJson({ network, symbol, role, address, domain, decimals, computed, published, onChain }: DomainRow): unknown {
  return {
    network: network.id,
    caip2: network.caip2,
    symbol,
    role,
    address,
    decimals,
    domain: { ...domain, ...(domain.chainId === undefined ? {} : { chainId: Number(domain.chainId) }) },
    computed,
    published: published ?? null,
    onChain: onChainJson(onChain),
  }
}

function onChainJson(onChain: DomainRow['onChain']): unknown {
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

function driftJson({ doubt, ...drift }: Drift): unknown {
  return { ...drift, ...(doubt === undefined ? {} : { doubt: { confidence: doubt.confidence, source: doubt.source } }) }
}
