import type { Address } from '../../bytes/hex.ts'
import type { Finding } from '../../causes/finding.ts'
import { findNetwork } from '../../networks/find-network.ts'
import { findToken } from '../../networks/find-token.ts'
import type { EvmNetwork, Network } from '../../networks/network.ts'
import type { Networks } from '../../networks/networks.ts'
import type { KnownChain } from '../../networks/registered.ts'
import type { NetworkClaim } from '../../wire/context.ts'
import { show } from '../../wire/text.ts'

/** The network that a payment is on, as far as its input tells. */
export interface ClaimedNetwork {
  readonly network?: EvmNetwork
  /** Also of networks that we do not know. */
  readonly chainId?: number
}

interface Resolved {
  readonly claim: NetworkClaim
  readonly network?: Network
  readonly chainId?: number
}

/** USDC's, and those of every token that EIP-3009 payments are made with here. */
const usualDecimals = 6

/**
 * Decides which network is meant and notes where the input disagrees with itself. The first claim that names a network decides,
 * so the caller lists them by what binds most: its own choice, the transaction, the payload, the offer, the typed-data domain.
 */
export function resolveNetwork(claims: readonly NetworkClaim[], networks: Networks, findings: Finding[]): ClaimedNetwork {
  const resolved = claims.map((claim) => resolve(claim, networks))
  noteUnknown(resolved, networks, findings)
  noteDisagreement(resolved, findings)
  noteSolana(resolved, findings)
  const first = resolved.find(({ chainId }) => chainId !== undefined)
  return {
    ...(first?.network?.family === 'evm' ? { network: first.network } : {}),
    ...(first?.chainId === undefined ? {} : { chainId: first.chainId }),
  }
}

/** The decimals of the token at `address`, to read amounts that were written in whole tokens. */
export function decimalsOf(address: Address | undefined, claims: readonly NetworkClaim[], networks: Networks): number {
  const matches = address === undefined ? [] : findToken(address, networks)
  const chains = new Set(claims.map((claim) => resolve(claim, networks).chainId))
  const here = matches.find((match) => match.role !== 'contract' && chains.has(match.network.chainId)) ?? matches[0]
  return here === undefined || here.role === 'contract' ? usualDecimals : here.token.decimals
}

/** The only chain whose token this address is, when nothing else says which chain is meant. */
export function chainOfToken(address: Address | undefined, networks: Networks): KnownChain | undefined {
  const owners = new Set<KnownChain>()
  for (const match of address === undefined ? [] : findToken(address, networks)) {
    if (match.role === 'usdc' || match.role === 'other' || match.role === 'foreign') owners.add(match.network)
  }
  const [owner] = owners
  return owners.size === 1 ? owner : undefined
}

function resolve(claim: NetworkClaim, networks: Networks): Resolved {
  const answer = findNetwork(claim.name, networks)
  if (answer.kind === 'network') {
    const { network } = answer
    return { claim, network, ...(network.family === 'evm' ? { chainId: network.chainId } : {}) }
  }
  if (answer.because === 'foreign' && answer.foreign !== undefined) return { claim, chainId: answer.foreign.chainId }
  const digits = /^(?:eip155:)?([0-9]{1,15}|0x[0-9a-f]{1,12})$/i.exec(claim.name.trim())?.[1]
  return { claim, ...(digits === undefined ? {} : { chainId: Number(digits) }) }
}

function noteUnknown(resolved: readonly Resolved[], networks: Networks, findings: Finding[]): void {
  const noted = new Set<string>()
  for (const { claim } of resolved) {
    const answer = findNetwork(claim.name, networks)
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
          ? 'Name a network that the facilitator lists under /supported; a network that this toolkit does not know can be defined for it.'
          : `Write "${meant.id}" in x402 v1 or "${meant.caip2}" in v2.`,
    })
  }
}

function noteDisagreement(resolved: readonly Resolved[], findings: Finding[]): void {
  const [first, ...rest] = resolved.filter((each) => each.chainId !== undefined)
  if (first === undefined) return
  for (const other of rest) {
    const differs = other.chainId !== first.chainId
    // x402's reference compares the two names as strings; a chain id has no other spelling that matters.
    const spelled = isOffered(first.claim.field) && isOffered(other.claim.field) && first.claim.name !== other.claim.name
    if (!differs && !spelled) continue
    const [a, b] = [describe(first), describe(other)]
    findings.push({
      cause: 'network-mismatch',
      party: other.claim.party,
      severity: differs ? 'error' : 'warning',
      field: other.claim.field,
      seen: show(other.claim.name),
      expected: show(first.claim.name),
      summary: differs
        ? `${first.claim.field} is ${a} and ${other.claim.field} is ${b}: two networks.`
        : `${first.claim.field} and ${other.claim.field} name the same network differently, "${show(first.claim.name)}" and "${show(other.claim.name)}", which the reference facilitator compares as text.`,
      evidence: [{ source: 'payload', says: `${first.claim.field} is ${a}; ${other.claim.field} is ${b}.` }],
      fix: differs
        ? `Use one network throughout: sign for chain ${first.chainId} if ${a} is meant, and make ${other.claim.field} agree.`
        : `Write ${other.claim.field} as "${show(first.claim.name)}".`,
    })
  }
}

/** An EIP-3009 authorization under a Solana network's name. */
function noteSolana(resolved: readonly Resolved[], findings: Finding[]): void {
  for (const { claim, network } of resolved) {
    if (network?.family !== 'solana') continue
    const seen = show(claim.name)
    findings.push({
      cause: 'network-mismatch',
      party: claim.party,
      severity: 'error',
      field: claim.field,
      seen,
      expected: 'an EVM network',
      summary: `${claim.field} is "${seen}", a Solana network, and the payment is an EIP-3009 authorization, which only EVM tokens know.`,
      evidence: [{ source: 'registry', says: `"${seen}" is ${network.caip2}.` }],
      fix: 'Name the EVM network that the authorization was signed for.',
    })
  }
}

function isOffered(field: string): boolean {
  return field === 'network' || field === 'accepted.network' || field === 'requirements.network'
}

function describe({ claim, network, chainId }: Resolved): string {
  const name = show(claim.name)
  if (network === undefined || network.id === claim.name)
    return `"${name}"${name === String(chainId) || chainId === undefined ? '' : ` (chain ${chainId})`}`
  return `"${name}" (${network.id})`
}
