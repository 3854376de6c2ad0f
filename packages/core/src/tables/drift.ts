import { sameAddress } from '../bytes/address.ts'
import type { Address, Hex } from '../bytes/hex.ts'
import { quote } from '../errors/quote.ts'
import { domainSeparator, type Eip712Domain } from '../evm/typed-data/domain.ts'
import { judgeFact } from '../networks/fact.ts'
import { findNetwork } from '../networks/find-network.ts'
import { findToken } from '../networks/find-token.ts'
import type { Doubt, EvmNetwork, ForeignNetwork, Lookalike, Network, SolanaNetwork, Token } from '../networks/network.ts'
import { builtInNetworks, type Networks } from '../networks/networks.ts'
import type { Claim, ClaimedFact, TableEntry } from './table.ts'

/** A value of a table that is not the registry's. */
export interface Drift {
  /** The network's id. */
  readonly network: string
  /** The token's symbol; absent where the fact is the network's. */
  readonly token?: string
  /** Path into the registry's network: `usdc.name`, `chainId`. */
  readonly fact: string
  /** Where the value stands in the table. */
  readonly path: string
  readonly seen: string
  readonly expected: string
  /** Who else has or had this value, where it is on record. */
  readonly seenIn?: string
  /** What is not certain about the registry's own value. */
  readonly doubt?: Doubt
  /** One line for a pull request: what should be changed to what, and the evidence. */
  readonly line: string
}

export interface DriftReport {
  readonly drifts: readonly Drift[]
  /** Differences that nobody can call wrong, because the registry's own value is a guess. */
  readonly notes: readonly Drift[]
  /** How many claims were compared. */
  readonly compared: number
  /** The ids of the networks of which something was compared, in the table's order. */
  readonly networks: readonly string[]
  /** Entries that were not compared, with the reason. */
  readonly skipped: readonly { readonly path: string; readonly why: string }[]
}

/** A separator that was read from a chain, and where: `https://mainnet.base.org at block 123`. */
export interface SeparatorProof {
  readonly separator: Hex
  readonly readFrom: string
}

export interface DriftOptions {
  readonly networks?: Networks
  /** What chains have answered, so that a drift can be proven by it. */
  readonly proofOf?: (network: EvmNetwork, contract: Address) => SeparatorProof | undefined
}

/** Facts of which there is one right value; of the others only known wrong values count, since an RPC is as good as another. */
const strict: ReadonlySet<ClaimedFact> = new Set(['chainId', 'caip2', 'address', 'name', 'version', 'decimals', 'separator'])

/** Compares what a table says with the registry. */
export function findDrift(entries: readonly TableEntry[], options: DriftOptions = {}): DriftReport {
  const networks = options.networks ?? builtInNetworks
  const drifts = new Map<string, Drift>()
  const notes = new Map<string, Drift>()
  const skipped: { path: string; why: string }[] = []
  const seen = new Set<string>()
  let compared = 0
  for (const entry of entries) {
    const place = placeOf(entry, networks)
    if (typeof place === 'string') {
      skipped.push({ path: entry.path, why: place })
      continue
    }
    const judged = place.family === 'foreign' ? judgeForeign(entry, place) : judge(entry, place, networks, options)
    if (typeof judged === 'string') {
      skipped.push({ path: entry.path, why: judged })
      continue
    }
    compared += judged.compared
    if (place.family !== 'foreign' && judged.compared > 0) seen.add(place.id)
    for (const each of judged.found) {
      const key = `${each.drift.network} ${each.drift.fact} ${each.drift.seen}`
      const list = each.certain ? drifts : notes
      if (!list.has(key)) list.set(key, each.drift)
    }
  }
  return { drifts: [...drifts.values()], notes: [...notes.values()], compared, networks: [...seen], skipped }
}

interface Judged {
  readonly compared: number
  readonly found: readonly { readonly certain: boolean; readonly drift: Drift }[]
}

const numeric = /^(?:(?:eip155|solana):.*|0x[0-9a-f]+|\d+)$/i

/** The network that an entry is about, or why there is none. Names count for more than numbers, since numbers are what tables get wrong. */
function placeOf({ networks: called, claims }: TableEntry, networks: Networks): Network | ForeignNetwork | string {
  const address = claims.find(({ fact }) => fact === 'address')?.value
  const owners =
    address === undefined ? [] : findToken(address, networks).flatMap((match) => (match.role === 'usdc' ? [match.network] : []))
  let foreign: ForeignNetwork | undefined
  let reason: string | undefined
  for (const text of [...called.filter((each) => !numeric.test(each)), ...called.filter((each) => numeric.test(each))]) {
    const mistaken = networks.all.find(
      (network) => hasWrongId(network, text) && (owners.length === 0 || owners.includes(network as EvmNetwork)),
    )
    const answer = findNetwork(text, networks)
    // 998 is HyperEVM's testnet, but under the mainnet's USDC it is the mainnet with a wrong id.
    if (mistaken !== undefined && (answer.kind === 'unknown' || owners.includes(mistaken as EvmNetwork))) return mistaken
    if (answer.kind === 'network') return answer.network
    if (answer.because === 'mistaken' && answer.suggestion !== undefined) return answer.suggestion
    if (answer.because === 'foreign') foreign ??= answer.foreign
    reason ??= answer.reason
  }
  if (foreign !== undefined) return foreign
  const [owner] = owners
  return called.length === 0 && owner !== undefined ? owner : (reason ?? 'it does not say which network it is about')
}

function hasWrongId(network: Network, text: string): boolean {
  return network.wrongValues.some(({ fact, wrong }) => (fact === 'chainId' || fact === 'caip2') && wrong === text)
}

function judge(entry: TableEntry, network: Network, networks: Networks, options: DriftOptions): Judged | string {
  const subject = network.family === 'solana' ? solanaSubject(entry, network) : evmSubject(entry, network)
  if (typeof subject === 'string') return subject
  const found: { certain: boolean; drift: Drift }[] = []
  let compared = 0
  for (const claim of [...entry.claims, ...calledClaims(entry)]) {
    const fact = factOf(claim, subject)
    if (fact === undefined) continue
    compared++
    const value = fact.path === 'chainId' ? decimal(claim.value) : claim.value
    const verdict = judgeFact(network, fact.path, comparable(claim.fact, value))
    if (verdict.kind === 'right' || verdict.kind === 'unknown' || (verdict.kind === 'different' && !fact.strict)) continue
    const doubt = network.doubts.find(
      (each) => each.fact === fact.path || fact.path.startsWith(`${each.fact}.`) || fact.path.startsWith(`${each.fact}[`),
    )
    const certain = verdict.kind === 'known-wrong' || doubt?.confidence !== 'low'
    const drift: Drift = {
      network: network.id,
      ...(fact.ofToken ? { token: subject.symbol } : {}),
      fact: fact.path,
      path: claim.path,
      seen: value,
      expected: verdict.right,
      ...(verdict.kind === 'known-wrong' ? { seenIn: verdict.wrongValue.seenIn } : {}),
      ...(doubt === undefined ? {} : { doubt }),
      line: lineOf({ network, subject, fact: claim.fact, seen: value, right: verdict.right, certain }, networks, options),
    }
    found.push({ certain, drift })
  }
  return { compared, found }
}

/** What an entry calls its network is a claim too, when it is a number or a CAIP-2 id. */
function calledClaims({ networks, claims, path }: TableEntry): Claim[] {
  return networks
    .filter((text) => numeric.test(text) && !claims.some(({ value }) => value === text))
    .map((value) => ({ fact: value.includes(':') ? 'caip2' : 'chainId', value, path }))
}

function decimal(text: string): string {
  return /^0x[0-9a-f]+$/i.test(text) ? String(BigInt(text)) : text
}

/** URLs are compared without what nobody writes twice in the same way. */
function comparable(fact: ClaimedFact, value: string): string {
  return fact === 'rpcUrl' || fact === 'explorerUrl' ? value.replace(/\/$/, '') : value
}

/** The token that an entry means. */
interface Subject {
  readonly symbol: string
  readonly address: string
  /** The registry's path to it, and to the domain among its fields. */
  readonly path: string
  readonly domainPath: string
  /** Whether its domain is known, so that another one is wrong. */
  readonly certain: boolean
  readonly domain?: Eip712Domain
  readonly published?: Hex
}

function solanaSubject({ symbol }: TableEntry, { id, mint }: SolanaNetwork): Subject | string {
  if (symbol !== undefined && symbol.toLowerCase() !== 'usdc') return `${quote(symbol)} on ${id} is no token that is known`
  return { symbol: 'USDC', address: mint, path: '', domainPath: '', certain: true }
}

function evmSubject({ symbol, claims }: TableEntry, network: EvmNetwork): Subject | string {
  const address = claims.find(({ fact }) => fact === 'address')?.value
  const name = claims.find(({ fact }) => fact === 'name')?.value
  const all = [network.usdc, ...network.otherTokens, ...network.lookalikes]
  const there = all.find((token) => sameAddress(token.address, address))
  const named = symbol === undefined ? undefined : all.find((token) => token.symbol.toLowerCase() === symbol.toLowerCase())
  if (there === network.usdc) return subjectOf(network, network.usdc)
  if (named !== undefined) return subjectOf(network, named)
  if (there !== undefined && !network.lookalikes.includes(there as Lookalike)) return subjectOf(network, there)
  if (symbol !== undefined)
    return there === undefined ? `${quote(symbol)} on ${network.id} is no token that is known` : subjectOf(network, there)
  // Without a symbol a table is one of USDC, unless it has a token of a name that USDC has nowhere.
  const other = address !== undefined && there === undefined && name !== undefined && !/usdc|usd coin/i.test(name)
  return other ? `${quote(name)} on ${network.id} is no token that is known` : subjectOf(network, network.usdc)
}

function subjectOf(network: EvmNetwork, token: Token | Lookalike): Subject {
  const { symbol, address } = token
  const chainId = BigInt(network.chainId)
  const layoutOf = ({ name, version, layout }: Pick<Token, 'name' | 'version' | 'layout'>): Eip712Domain =>
    layout === 'salt'
      ? { name, version, verifyingContract: address, salt: `0x${chainId.toString(16).padStart(64, '0')}` }
      : { name, version, chainId, verifyingContract: address }
  if (!('domains' in token)) {
    const path = token === network.usdc ? 'usdc' : `otherTokens[${symbol}]`
    const { separator: published } = token
    return {
      symbol,
      address,
      path,
      domainPath: path,
      certain: true,
      domain: layoutOf(token),
      ...(published === undefined ? {} : { published }),
    }
  }
  const path = `lookalikes[${symbol}]`
  const [domain] = token.domains
  const certain = domain?.separator !== undefined
  return {
    symbol,
    address,
    path,
    domainPath: `${path}.domains[0]`,
    certain,
    ...(domain === undefined || !certain ? {} : { domain: layoutOf(domain), published: domain.separator }),
  }
}

/** Where the registry has what is claimed; undefined where it has nothing to compare with. */
function factOf(
  { fact }: Claim,
  { path, domainPath, certain }: Subject,
): { readonly path: string; readonly ofToken: boolean; readonly strict: boolean } | undefined {
  const ofNetwork = (at: string) => ({ path: at, ofToken: false, strict: strict.has(fact) })
  switch (fact) {
    case 'chainId':
    case 'caip2':
    case 'explorerUrl':
    case 'blockTime':
    case 'multicall3':
      return ofNetwork(fact)
    case 'rpcUrl':
      return ofNetwork('rpcUrls[0]')
    case 'address':
      return path === '' ? { path: 'mint', ofToken: true, strict: true } : { path: `${path}.address`, ofToken: true, strict: true }
    case 'decimals':
      return { path: path === '' ? 'decimals' : `${path}.decimals`, ofToken: true, strict: true }
    case 'name':
    case 'version':
    case 'separator':
      return path === '' ? undefined : { path: `${domainPath}.${fact}`, ofToken: true, strict: certain }
    case 'symbol':
    case 'overloads.vrs':
    case 'overloads.bytes':
      return path === '' ? undefined : { path: `${path}.${fact}`, ofToken: true, strict: false }
  }
}

const written: Readonly<Record<ClaimedFact, string>> = {
  chainId: 'chain id',
  caip2: 'CAIP-2 id',
  address: 'address',
  name: 'EIP-712 name',
  version: 'EIP-712 version',
  decimals: 'decimals',
  symbol: 'symbol',
  separator: 'domain separator',
  'overloads.vrs': 'transferWithAuthorization(v, r, s)',
  'overloads.bytes': 'transferWithAuthorization(bytes)',
  rpcUrl: 'RPC',
  explorerUrl: 'explorer',
  blockTime: 'block time in seconds',
  multicall3: 'Multicall3',
}

interface Difference {
  readonly network: Network
  readonly subject: Subject
  readonly fact: ClaimedFact
  readonly seen: string
  readonly right: string
  readonly certain: boolean
}

function lineOf({ network, subject, fact, seen, right, certain }: Difference, networks: Networks, options: DriftOptions): string {
  const token = subject.symbol === 'USDC' || !isOfToken(fact) ? '' : ` ${subject.symbol}`
  const text = (value: string): string => (fact === 'name' || fact === 'version' ? quote(value) : value)
  const what = fact === 'address' ? whatIs(seen, network, networks) : ''
  const said = certain ? `should be ${text(right)}, not ${text(seen)}${what}` : `is ${text(seen)}, and ${text(right)} in the registry`
  const plain = `${network.id}${token}: ${written[fact]} ${said}`
  const inDomain = fact === 'name' || fact === 'version' || fact === 'chainId' || fact === 'address' || fact === 'separator'
  if (network.family === 'solana' || subject.domain === undefined || !inDomain) return plain
  return `${plain} (${evidence(network, subject, subject.domain, options)})`
}

function isOfToken(fact: ClaimedFact): boolean {
  return ['address', 'name', 'version', 'decimals', 'symbol', 'separator', 'overloads.vrs', 'overloads.bytes'].includes(fact)
}

/** What an address really is, where that is known. */
function whatIs(address: string, network: Network, networks: Networks): string {
  const matches = findToken(address, networks).filter((match) => match.role !== 'contract')
  const match = matches.find((each) => each.network.id === network.id) ?? matches[0]
  if (match === undefined) return ''
  return `, which is ${match.token.symbol} on ${match.network.id}`
}

/** How the right value is known: the token's own separator, and what it is the hash of. */
function evidence(network: EvmNetwork, { address, published }: Subject, domain: Eip712Domain, { proofOf }: DriftOptions): string {
  const separator = domainSeparator(domain)
  const from = `computed from ${describeDomain(domain)}`
  const proof = proofOf?.(network, address as Address)
  if (proof !== undefined && proof.separator === separator)
    return `DOMAIN_SEPARATOR() is ${separator}, read from ${proof.readFrom} and ${from}`
  if (published !== undefined) return `DOMAIN_SEPARATOR() is ${separator}, ${from}`
  return `the separator is ${separator}, ${from}; what DOMAIN_SEPARATOR() returns was not read`
}

/** `name "USD Coin", version "2", chainId 8453, verifyingContract 0x8335…`, in full. */
export function describeDomain(
  domain: Eip712Domain,
  fields: readonly (keyof Eip712Domain)[] = ['name', 'version', 'chainId', 'verifyingContract', 'salt'],
): string {
  return fields
    .filter((field) => domain[field] !== undefined)
    .map((field) => `${field} ${field === 'name' || field === 'version' ? quote(domain[field]) : domain[field]}`)
    .join(', ')
}

/** A chain that is not supported, but whose USDC is known. */
function judgeForeign(entry: TableEntry, network: ForeignNetwork): Judged | string {
  const { usdc } = network
  if (!entry.claims.some(({ fact }) => isOfToken(fact))) return { compared: 0, found: [] }
  if (usdc === undefined) return `nobody has published the domain of a USDC on ${network.id}`
  const address = entry.claims.find(({ fact }) => fact === 'address')?.value
  const isUsdc = sameAddress(address, usdc.address) || (address === undefined && entry.symbol?.toLowerCase() === 'usdc')
  if (!isUsdc) return `its token on ${network.id} is not Circle's USDC`
  const domain: Eip712Domain = { name: usdc.name, version: usdc.version, chainId: BigInt(network.chainId), verifyingContract: usdc.address }
  const found: { certain: boolean; drift: Drift }[] = []
  let compared = 0
  for (const { fact, value, path } of entry.claims) {
    if (fact !== 'name' && fact !== 'version' && fact !== 'decimals') continue
    compared++
    const right = String(usdc[fact])
    if (value === right) continue
    const text = (each: string): string => (fact === 'decimals' ? each : quote(each))
    const certain = usdc.confidence === 'high'
    const said = certain ? `should be ${text(right)}, not ${text(value)}` : `is ${text(value)}, and ${text(right)} in the registry`
    const line = `${network.id}: ${written[fact]} ${said} (${usdc.separator === undefined ? 'the separator' : 'DOMAIN_SEPARATOR()'} is ${domainSeparator(domain)}, computed from ${describeDomain(domain)})`
    const drift = { network: network.id, token: 'USDC', fact: `usdc.${fact}`, path, seen: value, expected: right, line }
    found.push({ certain, drift })
  }
  return { compared, found }
}
