import type { Finding } from '../causes/finding.ts'
import type { Party } from '../causes/party.ts'
import { findNetwork, type NetworkAnswer } from '../networks/find-network.ts'
import type { Network } from '../networks/network.ts'
import type { Networks } from '../networks/networks.ts'
import type { NetworkClaim } from './context.ts'
import type { Envelope } from './envelope.ts'
import { isNumber, isObject, type Json } from './json.ts'
import { show } from './text.ts'

/** What a claim names, as far as anything here knows it. */
export interface ResolvedClaim {
  readonly claim: NetworkClaim
  readonly answer: NetworkAnswer
  readonly network?: Network
  /** Of an EVM chain, also of one that is not supported or that nobody has heard of. */
  readonly chainId?: number
  /** The same for two names of one chain; absent of a name that nobody knows, which may be any. */
  readonly chain?: string
}

/** A network that is named somewhere: a name, a CAIP-2 id or a chain id, as text or as a number. */
export function claimOf(field: string, value: Json | undefined, party: Party): readonly NetworkClaim[] {
  const name = isNumber(value) ? value.digits : value
  return typeof name === 'string' && name !== '' ? [{ field, name, party }] : []
}

/** The network by each name that an x402 payment and its offer give it, what binds most first. */
export function claimsIn({ payload, offer }: Pick<Envelope, 'payload' | 'offer'>): readonly NetworkClaim[] {
  const accepted = payload.get('accepted')
  return [
    ...(isObject(accepted) ? claimOf('accepted.network', accepted.get('network'), 'client') : []),
    ...claimOf('network', payload.get('network'), 'client'),
    ...claimOf('requirements.network', offer?.get('network'), 'server'),
  ]
}

export function resolveClaim(claim: NetworkClaim, networks: Networks): ResolvedClaim {
  const answer = findNetwork(claim.name, networks)
  if (answer.kind === 'network') {
    const { network } = answer
    return { claim, answer, network, chain: network.caip2, ...(network.family === 'evm' ? { chainId: network.chainId } : {}) }
  }
  if (answer.because === 'foreign' && answer.foreign !== undefined)
    return { claim, answer, chain: answer.foreign.caip2, chainId: answer.foreign.chainId }
  const digits = /^(?:eip155:)?([0-9]{1,15}|0x[0-9a-f]{1,12})$/i.exec(claim.name.trim())?.[1]
  if (digits !== undefined) return { claim, answer, chain: `eip155:${Number(digits)}`, chainId: Number(digits) }
  return { claim, answer, ...(answer.because === 'unheard' ? {} : { chain: answer.foreign?.caip2 ?? claim.name }) }
}

/** A name that is not how x402 writes a network: facilitators look it up letter by letter. */
export function noteUnknown(resolved: readonly ResolvedClaim[], findings: Finding[]): void {
  const noted = new Set<string>()
  for (const { claim, answer } of resolved) {
    if (noted.has(claim.name) || (answer.kind === 'network' && answer.exact)) continue
    noted.add(claim.name)
    const seen = show(claim.name)
    const meant = answer.kind === 'network' ? answer.network : answer.suggestion
    const expected = meant === undefined ? undefined : `${meant.id} (${meant.caip2})`
    findings.push({
      cause: 'network-unsupported',
      party: claim.party,
      severity: 'warning',
      field: claim.field,
      seen,
      ...(expected === undefined ? {} : { expected }),
      summary: answer.kind === 'network' ? `${claim.field} is "${seen}", which x402 writes as ${expected}.` : answer.reason,
      evidence: [{ source: 'registry', says: `${claim.field} is "${seen}", which is no network's id, x402 name or CAIP-2 id.` }],
      fix:
        meant === undefined
          ? 'Name a network that the facilitator lists under /supported; an EVM network that this toolkit does not know can be defined for it.'
          : `Write "${meant.id}" in x402 v1 or "${meant.caip2}" in v2.`,
    })
  }
}

/** That two names are of two networks; `party` is who named the wrong one. */
export function twoNetworks(first: ResolvedClaim, other: ResolvedClaim, party: Party, fix: string): Finding {
  const [a, b] = [describeClaim(first), describeClaim(other)]
  return {
    cause: 'network-mismatch',
    party,
    severity: 'error',
    field: other.claim.field,
    seen: show(other.claim.name),
    expected: show(first.claim.name),
    summary: `${first.claim.field} is ${a} and ${other.claim.field} is ${b}: two networks.`,
    evidence: [{ source: 'payload', says: `${first.claim.field} is ${a}; ${other.claim.field} is ${b}.` }],
    fix,
  }
}

export function describeClaim({ claim, network, chainId }: ResolvedClaim): string {
  const name = show(claim.name)
  if (network === undefined || network.id === claim.name)
    return `"${name}"${name === String(chainId) || chainId === undefined ? '' : ` (chain ${chainId})`}`
  return `"${name}" (${network.id})`
}
