import { findNetwork } from '../networks/find-network.ts'
import type { Networks } from '../networks/networks.ts'
import { findOtherChain, namespaceOf } from '../networks/other-chains.ts'
import type { RailId } from '../rails/rail.ts'
import { carriedBytes, isTransactionShaped } from './carried-bytes.ts'
import { carriedTransaction } from './carried-transaction.ts'
import { isNumber, isObject, type Json, type JsonObject } from './json.ts'

/** Which rail a payload is of, and what said so where that is a word of the payload's. */
export interface FoundRail {
  readonly rail: RailId
  /** The network or the scheme, as it is written. */
  readonly named?: string
}

/** The name under which Circle Gateway offers itself: `extra.name`, and the name in its domain (CIRCLE_BATCHING_NAME of @circle-fin/x402-batching). */
export const gatewayName = 'GatewayWalletBatched'

/** Schemes of x402 by their name in the payload. */
const schemes: ReadonlyMap<string, RailId> = new Map([
  ['upto', 'permit2-upto'],
  ['batch-settlement', 'batch-settlement'],
  ['auth-capture', 'auth-capture'],
  ['escrow', 'escrow'],
  ['deferred', 'deferred'],
])

/**
 * The rail of an x402 payload, told by its network first, then by its scheme, then by its shape: bytes of one chain look like another's, names do
 * not. Undefined where nothing tells.
 */
export function findRail(payload: JsonObject, offer: JsonObject | undefined, networks: Networks): FoundRail | undefined {
  const accepted = payload.get('accepted')
  const own = isObject(accepted) ? accepted : payload
  const inner = payload.get('payload')
  const source = isObject(inner) ? inner : payload
  const chain = chainOf([own.get('network'), payload.get('network'), offer?.get('network')], networks)
  // An authorization under a Solana network's name is EIP-3009 all the same, and that its network is wrong is said of it.
  const isOther = chain !== undefined && chain !== 'evm' && !(chain.rail === 'solana' && isObject(source.get('authorization')))
  const scheme = own.get('scheme') ?? payload.get('scheme') ?? offer?.get('scheme')
  const named = typeof scheme === 'string' && scheme.toLowerCase() !== 'exact' ? scheme : undefined
  // "cloudflare:402" is no chain: of a namespace that nobody here knows a known scheme says more.
  const isPlainer = isOther && chain.rail === 'other-chain' && named !== undefined && schemes.has(named.toLowerCase())
  if (isOther && !isPlainer) return chain
  if (named !== undefined) return { rail: schemes.get(named.toLowerCase()) ?? 'other-scheme', named }
  const rail = byShape(source) ?? byExtra(own.get('extra'), offer?.get('extra')) ?? (chain === undefined ? byTransaction(inner) : undefined)
  if (rail !== undefined) return { rail }
  return isObject(source.get('authorization')) || source.has('from') ? { rail: 'x402-exact' } : undefined
}

/** Whether a payload is Solana's, whatever its scheme: a network that it or its offer names is Solana's, or none says anything and its bytes are. */
export function isSolana(payload: JsonObject, offer: JsonObject | undefined, networks: Networks): boolean {
  const accepted = payload.get('accepted')
  const names = [isObject(accepted) ? accepted.get('network') : undefined, payload.get('network'), offer?.get('network')]
  const said = names.map((name) => chainOf([name], networks))
  if (said.some((chain) => chain !== undefined && chain !== 'evm' && chain.rail === 'solana')) return true
  return said.every((chain) => chain === undefined) && byTransaction(carriedTransaction(payload)?.value) === 'solana'
}

/** What the first name that says something says: `evm`, or the rail of another kind of chain. */
function chainOf(names: readonly (Json | undefined)[], networks: Networks): FoundRail | 'evm' | undefined {
  for (const value of names) {
    const name = isNumber(value) ? value.digits : value
    if (typeof name !== 'string' || name.trim() === '') continue
    const answer = findNetwork(name, networks)
    if (answer.kind === 'network') return answer.network.family === 'evm' ? 'evm' : { rail: 'solana', named: name }
    const chain = findOtherChain(name)
    if (chain !== undefined) return { rail: chain.id, named: name }
    const namespace = namespaceOf(name)
    if (namespace === 'solana' || /^solana\b/i.test(name.trim())) return { rail: 'solana', named: name }
    if (answer.suggestion !== undefined) return answer.suggestion.family === 'evm' ? 'evm' : { rail: 'solana', named: name }
    if (answer.foreign !== undefined || namespace === 'eip155' || /^(?:0x)?[0-9a-f]+$/i.test(name.trim())) return 'evm'
    if (namespace !== undefined) return { rail: 'other-chain', named: name }
  }
  return undefined
}

/** By the members that only one rail has. */
function byShape(source: JsonObject): RailId | undefined {
  const permit2 = source.get('permit2Authorization') ?? source.get('permit2_authorization')
  if (permit2 !== undefined) {
    const witness = isObject(permit2) ? permit2.get('witness') : undefined
    return isObject(witness) && witness.has('facilitator') ? 'permit2-upto' : 'permit2-exact'
  }
  if (source.has('delegation') || source.has('permissionContext') || source.has('delegationManager')) return 'erc7710'
  if (source.has('channelConfig') || (source.has('voucher') && source.has('type'))) return 'batch-settlement'
  const authorization = source.get('authorization')
  if (isPermit(authorization) || isPermit(source)) return 'eip2612-permit'
  return isObject(authorization) && source.has('paymentInfo') ? 'escrow' : undefined
}

function isPermit(value: Json | undefined): boolean {
  return isObject(value) && value.has('owner') && value.has('spender')
}

/** By what the server asks for beside the price. */
function byExtra(...extras: readonly (Json | undefined)[]): RailId | undefined {
  for (const extra of extras) {
    if (!isObject(extra)) continue
    if (extra.get('name') === gatewayName) return 'circle-gateway'
    if (extra.has('settlementRouter')) return 'settlement-router'
  }
  return undefined
}

/** A transaction of any chain is base64: what its bytes begin with tells. */
function byTransaction(inner: Json | undefined): RailId | undefined {
  const carried = carriedBytes(isObject(inner) ? (inner.get('transaction') ?? inner) : inner)
  return carried?.ok === true && isTransactionShaped(carried.bytes) ? 'solana' : undefined
}
