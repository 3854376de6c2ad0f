import { findNetwork } from '../networks/find-network.ts'
import { builtInNetworks, type Networks, nameKey } from '../networks/networks.ts'

/** What a table can say of a token or of its network, named after the registry's own fields. */
export type ClaimedFact =
  | 'chainId'
  | 'caip2'
  | 'address'
  | 'name'
  | 'version'
  | 'decimals'
  | 'symbol'
  | 'separator'
  | 'overloads.vrs'
  | 'overloads.bytes'
  | 'rpcUrl'
  | 'explorerUrl'
  | 'blockTime'
  | 'multicall3'

export interface Claim {
  readonly fact: ClaimedFact
  /** As text: a name without quotes, a number in decimal. */
  readonly value: string
  /** Where it stands in the table: `base.usdc.name`, `[3].extra.name`. */
  readonly path: string
}

/** Everything that a table says in one place, of one token or one network. */
export interface TableEntry {
  readonly path: string
  /** What the table calls the network, the nearest first: fields, then keys. Names, chain ids and CAIP-2 ids alike. */
  readonly networks: readonly string[]
  /** `USDC`, as the table writes it. */
  readonly symbol?: string
  readonly claims: readonly Claim[]
}

/** Tables are three or four levels deep, and have some hundred entries. */
const deepest = 12
const mostNodes = 100_000

/**
 * Reads the table of networks and tokens that a facilitator, a server or an SDK goes by, from JSON of about any shape: objects keyed by network
 * name, chain id or CAIP-2 id; lists; groups of these; tokens inside of networks or networks inside of tokens; x402's `chainConfig`, default
 * assets and payment requirements; maps from names to chain ids. What is not understood is left out.
 */
export function readTable(json: unknown, networks: Networks = builtInNetworks): TableEntry[] {
  const reading: Reading = { networks, symbols: symbolsOf(networks), entries: [], nodes: 0 }
  visit(reading, json, { path: '', networks: [] }, 0)
  return reading.entries
}

interface Reading {
  readonly networks: Networks
  /** In lower case. */
  readonly symbols: ReadonlySet<string>
  readonly entries: TableEntry[]
  nodes: number
}

/** What the keys on the way down have said. */
interface Context {
  readonly path: string
  readonly networks: readonly string[]
  readonly symbol?: string
}

type Fields = Readonly<Record<string, unknown>>

function symbolsOf(networks: Networks): ReadonlySet<string> {
  const symbols = ['usdc']
  for (const network of networks.all) {
    const tokens = network.family === 'evm' ? [...network.otherTokens, ...network.lookalikes] : network.lookalikes
    symbols.push(...tokens.map(({ symbol }) => symbol.toLowerCase()))
  }
  return new Set(symbols)
}

function visit(reading: Reading, value: unknown, context: Context, depth: number): void {
  if (depth > deepest || reading.nodes++ > mostNodes || typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      visit(reading, item, { ...context, path: `${context.path}[${index}]` }, depth + 1)
    })
    return
  }
  const fields = value as Fields
  const own = new Entry(reading, context)
  own.take(fields, context.path)
  own.close(context)
  const here = [...own.networks, ...context.networks]
  for (const [key, child] of Object.entries(fields)) {
    if (own.taken.has(key)) continue
    const path = join(context.path, key)
    // A number below a network is no other network, but the place of a token in a list.
    const names = isNetwork(reading, key) && (here.length === 0 || !isNumber(key))
    const networks = names ? [key, ...here] : here
    const symbol = reading.symbols.has(key.toLowerCase()) ? key : context.symbol
    const below = { path, networks, ...(symbol === undefined ? {} : { symbol }) }
    if (typeof child === 'object') visit(reading, child, below, depth + 1)
    else pair(reading, key, child, below)
  }
}

/** A key and a plain value that say something together: a network's chain id, a token's address, a chain id's name. */
function pair(reading: Reading, key: string, value: unknown, context: Context): void {
  if (!isPlain(value)) return
  const text = String(value)
  const entry = (networks: readonly string[], fact: ClaimedFact, claimed: string): void => {
    const { path, symbol } = context
    reading.entries.push({ path, networks, ...(symbol === undefined ? {} : { symbol }), claims: [{ fact, value: claimed, path }] })
  }
  const ofNetwork = isNetwork(reading, key)
  if ((ofNetwork || reading.symbols.has(key.toLowerCase())) && isAddress(text)) entry(context.networks, 'address', text)
  else if (ofNetwork && isCaip2(text)) entry(context.networks, 'caip2', text)
  else if (ofNetwork && !isNumber(key) && isNumber(text)) entry(context.networks, 'chainId', text)
  else if (isNumber(key) && isNetwork(reading, text)) entry([text], 'chainId', key)
  else if (isCaip2(key) && isNetwork(reading, text)) entry([text], 'caip2', key)
}

const groups = keys('eip712 extra domain eip712domain typeddatadomain eip712metadata')
const tokenGroups = keys('asset token tokeninfo')
const networkKeys = keys(
  'network networkname networkid networkkey chain chainname x402network x402name legacyname caip2 caip2id caip2network caip',
)
const chainIdKeys = keys('chainid evmchainid chainidnumber')
const addressKeys = keys('address asset token tokenaddress assetaddress contract contractaddress verifyingcontract mint mintaddress')
const nameKeys = keys('eip712name domainname erc3009domainname eip3009domainname eip712domainname tokenname contractname')
const versionKeys = keys('eip712version domainversion erc3009domainversion eip3009domainversion eip712domainversion tokenversion')
const decimalsKeys = keys('decimals tokendecimals')
const symbolKeys = keys('symbol ticker humanname tokensymbol assetsymbol')
const separatorKeys = keys('separator domainseparator')
const rpcKeys = keys('rpc rpcs rpcurl rpcurls rpcendpoint rpcendpoints defaultrpc')
const explorerKeys = keys('explorer explorers explorerurl blockexplorer blockexplorers blockexplorerurl')
const blockTimeKeys = keys('blocktime blocktimesec blocktimeseconds')
const multicallKeys = keys('multicall multicall3 multicalladdress multicall3address')
const eip3009Keys = keys('overloads eip3009 supportseip3009 haseip3009 iseip3009 eip3009compatible')

/** What of a token stands behind its symbol in one key: `usdcAddress`, `eurcName`. */
const suffixes = {
  address: 'address',
  contract: 'address',
  contractaddress: 'address',
  token: 'address',
  mint: 'address',
  name: 'name',
  version: 'version',
  decimals: 'decimals',
} as const satisfies Record<string, ClaimedFact>

function keys(words: string): ReadonlySet<string> {
  return new Set(words.split(' '))
}

/** Collects what one object says. */
class Entry {
  readonly taken = new Set<string>()
  readonly networks: string[] = []
  readonly #reading: Reading
  readonly #claims: Claim[] = []
  /** Claims under keys that start with a symbol. */
  readonly #bySymbol = new Map<string, Claim[]>()
  /** What only the whole object can decide: a token's name or the network's, a token's version or the table's. */
  #name: Claim | undefined
  #version: Claim | undefined
  #symbol: string | undefined

  constructor(reading: Reading, context: Context) {
    this.#reading = reading
    this.#symbol = context.symbol
  }

  take(fields: Fields, path: string): void {
    for (const [key, value] of Object.entries(fields)) {
      if (this.#field(nameKey(key), value, join(path, key))) this.taken.add(key)
    }
  }

  #field(key: string, value: unknown, path: string): boolean {
    if (typeof value === 'object' && value !== null) return this.#object(key, value, path)
    if (typeof value === 'boolean') return eip3009Keys.has(key) && this.#claim('overloads.vrs', String(value), path)
    if (!isPlain(value)) return false
    const text = String(value)
    if (chainIdKeys.has(key) || (key === 'id' && typeof value === 'number')) return this.#network(text, path)
    if (networkKeys.has(key)) return this.#network(text, path)
    if (addressKeys.has(key) && isAddress(text)) return this.#claim('address', text, path)
    if (nameKeys.has(key)) return this.#claim('name', text, path)
    if (versionKeys.has(key)) return this.#claim('version', text, path)
    if (decimalsKeys.has(key)) return this.#claim('decimals', text, path)
    if (separatorKeys.has(key)) return this.#claim('separator', text, path)
    if (rpcKeys.has(key)) return this.#claim('rpcUrl', text, path)
    if (explorerKeys.has(key)) return this.#claim('explorerUrl', text, path)
    if (blockTimeKeys.has(key)) return this.#claim('blockTime', text, path)
    if (key === 'blocktimems') return this.#claim('blockTime', String(Number(text) / 1000), path)
    if (multicallKeys.has(key)) return this.#claim('multicall3', text, path)
    if (symbolKeys.has(key) || (addressKeys.has(key) && this.#reading.symbols.has(text.toLowerCase()))) {
      this.#symbol = text
      return this.#claim('symbol', text, path)
    }
    if (key === 'name') this.#name = { fact: 'name', value: text, path }
    else if (key === 'version') this.#version = { fact: 'version', value: text, path }
    else return this.#prefixed(key, text, path)
    return true
  }

  #object(key: string, value: object, path: string): boolean {
    if (rpcKeys.has(key)) return this.#urls('rpcUrl', value, path)
    if (explorerKeys.has(key)) return this.#urls('explorerUrl', value, path)
    if (Array.isArray(value)) return false
    const fields = value as Fields
    if (multicallKeys.has(key) && typeof fields.address === 'string') return this.#claim('multicall3', fields.address, `${path}.address`)
    if (eip3009Keys.has(key)) {
      for (const overload of ['vrs', 'bytes'] as const) {
        if (typeof fields[overload] === 'boolean') this.#claim(`overloads.${overload}`, String(fields[overload]), `${path}.${overload}`)
      }
      return true
    }
    if (groups.has(key)) {
      if (typeof fields.name === 'string') this.#claim('name', fields.name, `${path}.name`)
      if (isPlain(fields.version)) this.#claim('version', String(fields.version), `${path}.version`)
      if (isPlain(fields.chainId)) this.#network(String(fields.chainId), `${path}.chainId`)
      if (typeof fields.verifyingContract === 'string') this.#claim('address', fields.verifyingContract, `${path}.verifyingContract`)
      return true
    }
    if (!tokenGroups.has(key) || !('address' in fields)) return false
    this.take(fields, path)
    return true
  }

  /** Every URL below, however it is nested: a list, or viem's `{ default: { http: […] } }`. */
  #urls(fact: 'rpcUrl' | 'explorerUrl', value: object, path: string, depth = 0): boolean {
    for (const [key, each] of Object.entries(value)) {
      const at = Array.isArray(value) ? `${path}[${key}]` : join(path, key)
      if (typeof each === 'string') this.#claim(fact, each, at)
      else if (typeof each === 'object' && each !== null && depth < 4) this.#urls(fact, each, at, depth + 1)
    }
    return true
  }

  #network(text: string, path: string): boolean {
    this.networks.push(text)
    if (isCaip2(text)) this.#claim('caip2', text, path)
    else if (isNumber(text)) this.#claim('chainId', text, path)
    return true
  }

  #prefixed(key: string, text: string, path: string): boolean {
    for (const [suffix, fact] of Object.entries(suffixes)) {
      const symbol = key.endsWith(suffix) ? key.slice(0, -suffix.length) : ''
      if (!this.#reading.symbols.has(symbol) || (fact === 'address' && !isAddress(text))) continue
      this.#bySymbol.set(symbol, [...(this.#bySymbol.get(symbol) ?? []), { fact, value: text, path }])
      return true
    }
    return false
  }

  #claim(fact: ClaimedFact, value: string, path: string): true {
    this.#claims.push({ fact, value, path })
    return true
  }

  /** Settles what was open and hands the entries over. */
  close(context: Context): void {
    const has = (fact: ClaimedFact): boolean => this.#claims.some((claim) => claim.fact === fact)
    const isNetworkName = this.#name !== undefined && isNetwork(this.#reading, this.#name.value)
    const ofToken = has('address') || has('name') || (context.symbol !== undefined && this.#bySymbol.size === 0)
    if (isNetworkName) this.networks.push(this.#name?.value ?? '')
    else if (this.#name !== undefined && !has('name') && this.#bySymbol.size === 0 && (ofToken || this.#version !== undefined))
      this.#claims.push(this.#name)
    if (this.#version !== undefined && !has('version') && (has('address') || has('name') || ofToken)) this.#claims.push(this.#version)

    const networks = [...this.networks, ...context.networks]
    const { path } = context
    const emit = (symbol: string | undefined, claims: readonly Claim[]): void => {
      // A field that names the network below a key that does is a claim already: they may disagree.
      const calls = this.networks.length > 0 && context.networks.length > 0
      // What is of no network and has no address can be compared with nothing.
      const placed = networks.length > 0 || claims.some(({ fact }) => fact === 'address')
      if (placed && (claims.length > 0 || calls))
        this.#reading.entries.push({ path, networks, ...(symbol === undefined ? {} : { symbol }), claims })
    }
    const [only, ...others] = this.#bySymbol
    // `{ usdcAddress, erc3009DomainName }`: with one token, the domain's name can be no other's.
    if (only !== undefined && others.length === 0 && !has('address')) emit(only[0], [...this.#claims, ...only[1]])
    else {
      emit(this.#symbol, this.#claims)
      for (const [symbol, claims] of this.#bySymbol) emit(symbol, claims)
    }
  }
}

function join(path: string, key: string): string {
  const plain = /^[\w-]+$/.test(key)
  if (!plain) return `${path}[${JSON.stringify(key)}]`
  return path === '' ? key : `${path}.${key}`
}

/** Whether text stands for a network, if only for one that nobody knows: nothing else is written like a CAIP-2 id. */
function isNetwork({ networks }: Reading, text: string): boolean {
  if (/^(?:eip155|solana):./i.test(text)) return true
  const answer = findNetwork(text, networks)
  return answer.kind === 'network' || answer.because !== 'unheard'
}

/** An EVM address, or a Solana mint. */
function isAddress(text: string): boolean {
  return /^0x[0-9a-fA-F]{40}$/.test(text) || /^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(text)
}

function isCaip2(text: string): boolean {
  return /^[a-z0-9-]{3,8}:[\w-]{1,64}$/i.test(text)
}

function isNumber(text: string): boolean {
  return /^(?:0x[0-9a-f]{1,16}|\d{1,20})$/i.test(text)
}

function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}
