import { sameAddress } from '../../bytes/address.ts'
import { fromHex } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { quote } from '../../errors/quote.ts'
import { checksum } from '../../networks/checksum.ts'
import { judgeFact } from '../../networks/fact.ts'
import { findToken, type TokenMatch } from '../../networks/find-token.ts'
import { type KnownDomain, knownDomains } from '../../networks/known-domains.ts'
import { builtInNetworks, type Networks } from '../../networks/networks.ts'
import { createSeparatorHasher, type DomainField, type Eip712Domain, presentFields } from './domain.ts'

/** Values that a domain may have besides those that the networks' data suggest. */
export interface SeparatorHints {
  readonly names?: readonly string[]
  readonly versions?: readonly string[]
  readonly chainIds?: readonly bigint[]
  /** `verifyingContract`. */
  readonly contracts?: readonly Address[]
  /** 32 bytes each. */
  readonly salts?: readonly Hex[]
}

export interface IdentifyOptions {
  readonly hints?: SeparatorHints
  readonly networks?: Networks
}

/** What a domain has to do with one contract. */
export interface DomainOrigin {
  /**
   * `token`, `claimed`, `wrong`: as `KnownDomain` has it; `variant`: a known contract's domain with a field, a value or the order changed in a
   * way that nobody has reported; `unknown`: no known contract is in it.
   */
  readonly standing: KnownDomain['standing'] | 'variant' | 'unknown'
  /** `USDC on base`; absent where no contract is known. */
  readonly of?: string
  /** One clause: `its own domain`, `name "USDC" in place of "USD Coin"`. */
  readonly why: string
  /** Who has or had the wrong value, where that is on record. */
  readonly seenIn?: string
}

export interface IdentifiedSeparator {
  readonly domain: Eip712Domain
  /** The fields in the order of the domain's type string. */
  readonly fields: readonly DomainField[]
  /** `standard` and `salt` as networks have it; `other` for any other set or order of fields. */
  readonly layout: 'standard' | 'salt' | 'other'
  /**
   * What it has to do with known contracts, the most telling first.
   * @minItems 1
   */
  readonly origins: readonly DomainOrigin[]
}

export interface SeparatorSearch {
  /** In lower case. */
  readonly separator: Hex
  /** Absent when nothing that was tried gives it. There is never a second one: two domains with one separator would be a collision of keccak256. */
  readonly found?: IdentifiedSeparator
  /** How many different domains were hashed. */
  readonly tried: number
}

/** A quarter of a million domains take a few seconds; nobody gives so many hints on purpose. */
const mostCandidates = 250_000

/**
 * Finds which domain gives a separator: among the domains of all known tokens and what is claimed and mixed up for them; then each of these
 * with other names, versions and chain ids, with fields left out, with bytes32(chainId) as a salt, with its fields in another order; and
 * among everything that the hints make of each other and of these.
 * @throws Eip3009Error `invalid-argument` when the separator is not 32 bytes, a hint has the wrong form, or the hints are too many.
 */
export function identifySeparator(separator: Hex, { hints = {}, networks = builtInNetworks }: IdentifyOptions = {}): SeparatorSearch {
  requireHex('A domain separator', separator, 32)
  const plans = searchPlans(checkHints(hints), networks)
  const wanted: Hex = `0x${separator.slice(2).toLowerCase()}`
  const target = fromHex(wanted)
  const hash = createSeparatorHasher()
  const tried = new Set<string>()
  for (const plan of plans) {
    for (const { domain, order } of plan()) {
      const key = keyOf(domain, order)
      if (tried.has(key)) continue
      tried.add(key)
      if (!sameBytes(hash(domain, order), target)) continue
      const layout = layoutOf(domain, order)
      return { separator: wanted, found: { domain, fields: order, layout, origins: originsOf(domain, order, networks) }, tried: tried.size }
    }
  }
  return { separator: wanted, tried: tried.size }
}

function keyOf({ name, version, chainId, verifyingContract, salt }: Eip712Domain, order: readonly DomainField[]): string {
  return `${order}\n${name}\n${version}\n${chainId}\n${verifyingContract}\n${salt}`
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < 32; i++) if (a[i] !== b[i]) return false
  return true
}

function layoutOf({ salt }: Eip712Domain, order: readonly DomainField[]): IdentifiedSeparator['layout'] {
  const fields = order.join()
  if (fields === 'name,version,chainId,verifyingContract') return 'standard'
  return fields === 'name,version,verifyingContract,salt' && salt !== undefined && BigInt(salt) < 2n ** 64n ? 'salt' : 'other'
}

/** Values to combine. */
type Values = Required<SeparatorHints>

function checkHints({ names = [], versions = [], chainIds = [], contracts = [], salts = [] }: SeparatorHints): Values {
  for (const contract of contracts) requireHex('A contract', contract, 20)
  for (const salt of salts) requireHex('A salt', salt, 32)
  const strange = chainIds.find((chainId) => chainId < 0n || chainId >= 2n ** 256n)
  if (strange !== undefined) {
    throw new Eip3009Error('invalid-argument', `A chain id is a whole number from 0 to 2^256 - 1; got ${quote(strange)}.`)
  }
  return {
    names,
    versions,
    chainIds,
    contracts: contracts.map(checksum),
    salts: salts.map((salt): Hex => `0x${salt.slice(2).toLowerCase()}`),
  }
}

function requireHex(what: string, value: string, bytes: number): void {
  if (value.length === 2 + 2 * bytes && /^0x[0-9a-fA-F]*$/.test(value)) return
  throw new Eip3009Error('invalid-argument', `${what} is 0x and ${2 * bytes} hex digits; got ${quote(value)}.`)
}

interface Candidate {
  readonly domain: Eip712Domain
  readonly order: readonly DomainField[]
}

/** Names that USDC has somewhere, and what people write for them. */
const writtenNames = ['USD Coin', 'USDC', 'USD//C', 'USDC.e', 'USDbC', 'Bridged USDC', 'USDCoin', 'USD coin', 'usdc', 'x402', '']

/** Everything that is tried, the likeliest first. The same domain can come twice. */
function searchPlans(hints: Values, networks: Networks): (() => Iterable<Candidate>)[] {
  const known = [...knownDomains(networks)]
  const own = known.filter(({ standing }) => standing === 'token').map(domainOf)
  const names = unique([...known.map(({ name }) => name), ...writtenNames])
  const chainIds = unique(known.map(({ chainId }) => BigInt(chainId)))
  const versions = unique([...hints.versions, '2', '1'])
  const hinted = hints.names.length + hints.versions.length + hints.chainIds.length + hints.contracts.length + hints.salts.length > 0
  const alone: Values = { ...hints, versions }
  const completed: Values = {
    ...alone,
    names: hints.names.length > 0 ? hints.names : names,
    chainIds: hints.chainIds.length > 0 ? hints.chainIds : chainIds,
  }
  const places = [...contractsOf(known)].map(([address, its]) => ({
    contracts: [address],
    names: unique([...hints.names, ...its.map(({ name }) => name)]),
    versions: unique([...versions, ...its.map(({ version }) => version)]),
    chainIds: unique([...hints.chainIds, ...its.map(({ chainId }) => BigInt(chainId))]),
    salts: hints.salts,
  }))
  const size = [...(hinted ? [alone, completed] : []), ...places].reduce((sum, values) => sum + sizeOf(values), 0)
  if (size > mostCandidates) {
    throw new Eip3009Error('invalid-argument', `The hints make ${size} domains to try, more than ${mostCandidates}; give fewer values.`)
  }
  return [
    () => known.map((each) => inStandardOrder(domainOf(each))),
    ...(hinted ? [() => subsets(alone), () => subsets(completed)] : []),
    () => flatten(places, subsets),
    () => flatten(places, (place) => commonLayouts({ ...place, names })),
    () => flatten(own, otherOrders),
    ...(hinted && sizeOf(hints) < 50 ? [() => flatten(complete(alone), otherOrders)] : []),
  ]
}

function* flatten<T>(items: Iterable<T>, each: (item: T) => Iterable<Candidate>): Generator<Candidate> {
  for (const item of items) yield* each(item)
}

function inStandardOrder(domain: Eip712Domain): Candidate {
  return { domain, order: presentFields(domain) }
}

/** Contracts with their domains. Where a contract is on every network, as Circle's Gateway is, each of its networks counts. */
function contractsOf(known: readonly KnownDomain[]): Map<Address, KnownDomain[]> {
  const out = new Map<Address, KnownDomain[]>()
  for (const each of known) out.set(each.address, [...(out.get(each.address) ?? []), each])
  return out
}

function domainOf({ name, version, chainId, address, layout }: KnownDomain): Eip712Domain {
  const id = BigInt(chainId)
  return layout === 'salt'
    ? { name, version, verifyingContract: address, salt: saltOf(id) }
    : { name, version, chainId: id, verifyingContract: address }
}

/** bytes32(chainId), as Polygon's bridged tokens have it. */
function saltOf(chainId: bigint): Hex {
  return `0x${chainId.toString(16).padStart(64, '0')}`
}

/** Every domain that has one of the values, or none, for each field. */
function* subsets({ names, versions, chainIds, contracts, salts }: Values): Generator<Candidate> {
  const ids = [undefined, ...chainIds]
  for (const name of [undefined, ...names]) {
    for (const version of [undefined, ...versions]) {
      for (const verifyingContract of [undefined, ...contracts]) {
        for (const chainId of ids) {
          for (const salt of [undefined, ...salts, ...(chainId === undefined ? chainIds : [chainId]).map(saltOf)]) {
            yield inStandardOrder({
              ...(name === undefined ? {} : { name }),
              ...(version === undefined ? {} : { version }),
              ...(chainId === undefined ? {} : { chainId }),
              ...(verifyingContract === undefined ? {} : { verifyingContract }),
              ...(salt === undefined ? {} : { salt }),
            })
          }
        }
      }
    }
  }
}

/** How many candidates `subsets` makes. */
function sizeOf({ names, versions, chainIds, contracts, salts }: Values): number {
  const chains = chainIds.length * (salts.length + 2) + (1 + salts.length + chainIds.length)
  return (names.length + 1) * (versions.length + 1) * (contracts.length + 1) * chains
}

/** The two layouts that tokens have, with every value. */
function* commonLayouts({ names, versions, chainIds, contracts }: Values): Generator<Candidate> {
  for (const name of names) {
    for (const version of versions) {
      for (const verifyingContract of contracts) {
        for (const chainId of chainIds) {
          yield inStandardOrder({ name, version, chainId, verifyingContract })
          yield inStandardOrder({ name, version, verifyingContract, salt: saltOf(chainId) })
        }
      }
    }
  }
}

/** The domains that have a value in each field that has values. */
function complete(values: Values): Eip712Domain[] {
  const most = [values.names, values.versions, values.chainIds, values.contracts, values.salts].filter(({ length }) => length > 0).length
  return [...subsets(values)].filter(({ order }) => order.length >= most).map(({ domain }) => domain)
}

/** Each choice of the domain's fields in each order, also with the salt in place of the chain id. */
function* otherOrders(domain: Eip712Domain): Generator<Candidate> {
  for (const order of arrangements(presentFields(domain))) yield { domain: pick(domain, order), order }
  const { chainId, ...rest } = domain
  if (chainId === undefined || domain.salt !== undefined) return
  const salted = { ...rest, salt: saltOf(chainId) }
  for (const order of arrangements(presentFields(salted))) yield { domain: pick(salted, order), order }
}

function pick(domain: Eip712Domain, fields: readonly DomainField[]): Eip712Domain {
  return Object.fromEntries(fields.map((field) => [field, domain[field]]))
}

function* arrangements(fields: readonly DomainField[]): Generator<DomainField[]> {
  yield []
  for (const first of fields) for (const rest of arrangements(fields.filter((field) => field !== first))) yield [first, ...rest]
}

/** What the domain has to do with the contracts that are known. */
function originsOf(domain: Eip712Domain, order: readonly DomainField[], networks: Networks): DomainOrigin[] {
  const key = keyOf(domain, order)
  const exact = [...knownDomains(networks)].find((each) => {
    const { domain: its, order: standard } = inStandardOrder(domainOf(each))
    return keyOf(its, standard) === key
  })
  const variants = variantsOf(domain, order, networks)
  if (exact?.standing === 'token') return [{ standing: 'token', of: exact.of, why: exact.why }]
  if (exact !== undefined) {
    const same = variants.find(({ of }) => of === exact.of)
    const changed = same === undefined || same.why === '' ? '' : `: ${same.why}`
    const origin = { standing: exact.standing, of: exact.of, why: `${exact.why}${changed}` }
    return [same?.seenIn === undefined ? origin : { ...origin, seenIn: same.seenIn }]
  }
  if (variants.length > 0) return variants
  const why = domain.verifyingContract === undefined ? 'no contract is in it' : 'its contract is not one that is known'
  return [{ standing: 'unknown', why }]
}

/** The domain as a change of the domain of each token at its contract's address, those on the domain's own chain first. */
function variantsOf(domain: Eip712Domain, order: readonly DomainField[], networks: Networks): DomainOrigin[] {
  if (domain.verifyingContract === undefined) return []
  const chainId = domain.chainId ?? (domain.salt === undefined ? undefined : BigInt(domain.salt))
  const matches = findToken(domain.verifyingContract, networks)
  const here = matches.filter((match) => 'network' in match && BigInt(match.network.chainId) === chainId)
  return (here.length > 0 ? here : matches).map((match) => variantOf(match, domain, order))
}

function variantOf(match: TokenMatch, domain: Eip712Domain, order: readonly DomainField[]): DomainOrigin {
  if (match.role === 'contract') return { standing: 'variant', of: match.contract.label, why: match.contract.note }
  const { network, token } = match
  const of = `${token.symbol} on ${network.id}${match.role === 'lookalike' ? ' (lookalike)' : ''}`
  const path = {
    usdc: 'usdc',
    other: `otherTokens[${token.symbol}]`,
    lookalike: `lookalikes[${token.symbol}].domains[0]`,
    foreign: 'usdc',
    unjudged: undefined,
  }[match.role]
  const claim = match.role === 'lookalike' ? match.token.domains[0] : match.role === 'unjudged' ? undefined : match.token
  // Where nobody knows the token's own domain there is nothing that could have been changed.
  if (claim === undefined || (match.role === 'lookalike' && match.token.domains.length > 1 && claim.separator === undefined)) {
    return { standing: 'variant', of, why: 'nobody has published its domain' }
  }
  const its = domainOf({ ...claim, chainId: network.chainId, address: token.address, standing: 'token', of, why: '' })
  const seen = (['name', 'version', 'chainId'] as const).flatMap((field) => {
    const value = domain[field]
    if (value === undefined || network.family !== 'evm') return []
    const verdict = judgeFact(network, field === 'chainId' ? 'chainId' : `${path}.${field}`, String(value))
    return verdict.kind === 'known-wrong' ? [verdict.wrongValue.seenIn] : []
  })
  return {
    standing: 'variant',
    of,
    why: changes(its, domain, order).join(', '),
    ...(seen.length === 0 ? {} : { seenIn: unique(seen).join('; ') }),
  }
}

/** What is different from the token's own domain, a phrase each. */
function changes(its: Eip712Domain, domain: Eip712Domain, order: readonly DomainField[]): string[] {
  const written = { name: 'name', version: 'version', chainId: 'chain id', verifyingContract: 'contract', salt: 'salt' } as const
  const fields = [...new Set([...presentFields(its), ...presentFields(domain)])]
  const phrases = fields.flatMap((field) => {
    const [own, got] = [its[field], domain[field]]
    if (own === got || (field === 'verifyingContract' && sameAddress(its.verifyingContract, domain.verifyingContract))) return []
    if (got === undefined) return [`without ${written[field]}`]
    return [own === undefined ? `with ${written[field]} ${shown(got)}` : `${written[field]} ${shown(got)} in place of ${shown(own)}`]
  })
  const standard = presentFields(domain).join(', ')
  return standard === order.join(', ') ? phrases : [...phrases, `fields in the order ${order.join(', ')}`]
}

function shown(value: string | bigint): string {
  return typeof value === 'bigint' || value.startsWith('0x') ? String(value) : quote(value)
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
