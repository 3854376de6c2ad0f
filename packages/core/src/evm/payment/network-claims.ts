import type { Address } from '../../bytes/hex.ts'
import type { Finding } from '../../causes/finding.ts'
import { findToken } from '../../networks/find-token.ts'
import type { EvmNetwork } from '../../networks/network.ts'
import type { Networks } from '../../networks/networks.ts'
import type { KnownChain } from '../../networks/registered.ts'
import type { NetworkClaim } from '../../wire/context.ts'
import { describeClaim, noteUnknown, type ResolvedClaim, resolveClaim, twoNetworks } from '../../wire/network-claims.ts'
import { show } from '../../wire/text.ts'

/** The network that a payment is on, as far as its input tells. */
export interface ClaimedNetwork {
  readonly network?: EvmNetwork
  /** Also of networks that we do not know. */
  readonly chainId?: number
}

/** USDC's, and those of every token that EIP-3009 payments are made with here. */
const usualDecimals = 6

/**
 * Decides which network is meant and notes where the input disagrees with itself. The first claim that names a network decides,
 * so the caller lists them by what binds most: its own choice, the transaction, the payload, the offer, the typed-data domain.
 */
export function resolveNetwork(claims: readonly NetworkClaim[], networks: Networks, findings: Finding[]): ClaimedNetwork {
  const resolved = claims.map((claim) => resolveClaim(claim, networks))
  noteUnknown(resolved, findings)
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
  const chains = new Set(claims.map((claim) => resolveClaim(claim, networks).chainId))
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

function noteDisagreement(resolved: readonly ResolvedClaim[], findings: Finding[]): void {
  const [first, ...rest] = resolved.filter((each) => each.chainId !== undefined)
  if (first === undefined) return
  for (const other of rest) {
    const differs = other.chainId !== first.chainId
    // x402's reference compares the two names as strings; a chain id has no other spelling that matters.
    const spelled = isOffered(first.claim.field) && isOffered(other.claim.field) && first.claim.name !== other.claim.name
    if (differs) {
      const fix = `Use one network throughout: sign for chain ${first.chainId} if ${describeClaim(first)} is meant, and make ${other.claim.field} agree.`
      findings.push(twoNetworks(first, other, other.claim.party, fix))
    } else if (spelled) findings.push(twoSpellings(first, other))
  }
}

function twoSpellings(first: ResolvedClaim, other: ResolvedClaim): Finding {
  const [a, b] = [describeClaim(first), describeClaim(other)]
  return {
    cause: 'network-mismatch',
    party: other.claim.party,
    severity: 'warning',
    field: other.claim.field,
    seen: show(other.claim.name),
    expected: show(first.claim.name),
    summary: `${first.claim.field} and ${other.claim.field} name the same network differently, "${show(first.claim.name)}" and "${show(other.claim.name)}", which the reference facilitator compares as text.`,
    evidence: [{ source: 'payload', says: `${first.claim.field} is ${a}; ${other.claim.field} is ${b}.` }],
    fix: `Write ${other.claim.field} as "${show(first.claim.name)}".`,
  }
}

/** An EIP-3009 authorization under a Solana network's name. */
function noteSolana(resolved: readonly ResolvedClaim[], findings: Finding[]): void {
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
