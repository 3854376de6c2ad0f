import type { Address, Hex } from '../../bytes/hex.ts'
import { type ChainClient, chainClient, describeAnswer, type RpcAnswer, type RpcCall } from '../../rpc/chain-client.ts'
import type { Eip712Domain } from '../typed-data/domain.ts'
import { decodeAddress, decodeDecimals, decodeEip712Domain, decodeNumber, decodeText, decodeWord } from './answers.ts'
import { minimalProxyTarget, presenceOf, readBytecode } from './bytecode.ts'
import { type Presence, type Reading, readCodeAnswer, readHexAnswer, readSlotAnswer, readView } from './reading.ts'

/** Which contract is read, and the chain that it is on. */
export interface DomainTarget {
  readonly address: Address
  /** The chain that the RPC has to be of; what an RPC of another chain says is not believed. Absent: any chain will do. */
  readonly chainId?: number
}

export interface ReadDomainOptions {
  /** The block whose state is read; the latest when absent. */
  readonly block?: bigint
}

/** The selectors that are looked for in a token's code. */
export const tokenFunctions = {
  'transferWithAuthorization(v, r, s)': '0xe3ee160e',
  'transferWithAuthorization(bytes)': '0xcf092995',
  'receiveWithAuthorization(v, r, s)': '0xef55bec6',
  'receiveWithAuthorization(bytes)': '0x88b7ab63',
  'cancelAuthorization(v, r, s)': '0x5a049a70',
  'cancelAuthorization(bytes)': '0xb7b72899',
  authorizationState: '0xe94a0102',
} as const satisfies Record<string, Hex>

export type TokenFunction = keyof typeof tokenFunctions

/** Where a proxy's code is. `zeppelinos` is what FiatTokenProxy has; EIP-1967 came later. */
export interface Implementation {
  readonly proxy: 'eip1967' | 'eip1967-beacon' | 'zeppelinos' | 'minimal'
  readonly address: Address
}

/** What a token says of its domain, and what its code has. */
export interface DomainReading {
  readonly kind: 'read'
  /** Which RPC or provider said so. */
  readonly source: string
  readonly address: Address
  readonly chainId: number
  /** The block that was asked for, or the latest when the token was read. */
  readonly block: Reading<bigint>
  /** Length of the contract's code in bytes; `empty` where there is no contract. */
  readonly code: Reading<number>
  /** DOMAIN_SEPARATOR(). */
  readonly separator: Reading<Hex>
  readonly name: Reading<string>
  readonly version: Reading<string>
  readonly symbol: Reading<string>
  readonly decimals: Reading<number>
  /** EIP-5267; FiatToken has none. */
  readonly eip712Domain: Reading<Eip712Domain>
  /** `empty` where the contract is not a proxy of a known kind. */
  readonly implementation: Reading<Implementation>
  readonly functions: Readonly<Record<TokenFunction, Presence>>
}

export type DomainAnswer =
  | DomainReading
  /** The RPC is of another chain, so that nothing else that it says counts. */
  | { readonly kind: 'wrong-chain'; readonly source: string; readonly expected: number; readonly chainId: number }
  | { readonly kind: 'unreachable'; readonly source: string; readonly reason: string }

/** keccak256("eip1967.proxy.implementation") − 1 and keccak256("eip1967.proxy.beacon") − 1, from EIP-1967. */
const implementationSlot = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc'
const beaconSlot = '0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50'
/** keccak256("org.zeppelinos.proxy.implementation"), from FiatTokenProxy. */
const zeppelinosSlot = '0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3'

const viewSelectors = {
  separator: '0x3644e515',
  name: '0x06fdde03',
  version: '0x54fd4d50',
  symbol: '0x95d89b41',
  decimals: '0x313ce567',
  eip712Domain: '0x84b0196e',
} as const satisfies Record<string, Hex>

const implementationSelector = '0x5c60da1b'

/**
 * Reads a token's domain from the chain: one batched round trip, and a second one for the code behind a proxy. A revert is an answer, a failed call
 * is not: it makes the fact unknown. Never rejects because of the RPC.
 */
export async function readDomain(client: ChainClient, target: DomainTarget, options: ReadDomainOptions = {}): Promise<DomainAnswer> {
  return (await readToken(client, target, options)).domain
}

/** A token's domain, with what its code tells of functions that others ask about. */
export interface TokenReading {
  readonly domain: DomainAnswer
  readonly has: (selector: Hex) => Presence
  /** What came of asking it, before anything was concluded from its code: only code gives a value or reverts. */
  readonly answers: readonly Reading<unknown>[]
}

/** As `readDomain`, for readers that ask the same token more. */
export async function readToken(client: ChainClient, target: DomainTarget, options: ReadDomainOptions = {}): Promise<TokenReading> {
  const { address } = target
  // A client that others wrote can give anything.
  const { batch } = chainClient(client.description, (calls) => client.batch(calls))
  const block = options.block === undefined ? 'latest' : `0x${options.block.toString(16)}`
  const ask = async <Name extends string>(calls: Readonly<Record<Name, RpcCall>>): Promise<Partial<Record<Name, RpcAnswer>>> => {
    const names = Object.keys(calls) as Name[]
    const answers = await batch(names.map((name) => calls[name]))
    return Object.fromEntries(names.map((name, index) => [name, answers[index]])) as Partial<Record<Name, RpcAnswer>>
  }
  const view = (to: Address, data: Hex): RpcCall => ({ method: 'eth_call', params: [{ to, data }, block] })
  const slot = (position: Hex): RpcCall => ({ method: 'eth_getStorageAt', params: [address, position, block] })
  const codeAt = (account: Address): RpcCall => ({ method: 'eth_getCode', params: [account, block] })

  const first = await ask({
    chainId: { method: 'eth_chainId', params: [] },
    block: { method: 'eth_blockNumber', params: [] },
    code: codeAt(address),
    eip1967: slot(implementationSlot),
    beacon: slot(beaconSlot),
    zeppelinos: slot(zeppelinosSlot),
    separator: view(address, viewSelectors.separator),
    name: view(address, viewSelectors.name),
    version: view(address, viewSelectors.version),
    symbol: view(address, viewSelectors.symbol),
    decimals: view(address, viewSelectors.decimals),
    eip712Domain: view(address, viewSelectors.eip712Domain),
  })
  const source = client.description
  const chainId = chainIdIn(first.chainId)
  if (typeof chainId === 'string') return lost({ kind: 'unreachable', source, reason: chainId }, chainId)
  if (target.chainId !== undefined && chainId !== target.chainId)
    return lost({ kind: 'wrong-chain', source, expected: target.chainId, chainId }, `it turned out to be of chain ${chainId}`)

  const code = readCodeAnswer(first.code)
  const beacon = readSlotAnswer(first.beacon, 'an address', decodeAddress)
  const behindBeacon =
    beacon.kind === 'known' && beacon.value !== null
      ? (await ask({ target: view(beacon.value, implementationSelector) })).target
      : undefined
  const implementation = findImplementation(code, first.eip1967, first.zeppelinos, beacon, behindBeacon)
  const running = implementation.kind === 'known' ? readCodeAnswer((await ask({ code: codeAt(implementation.value.address) })).code) : code
  const has = presenceReader(running, implementation)
  const views = {
    separator: readHexAnswer(first.separator, 'a word of 32 bytes', decodeWord),
    name: readHexAnswer(first.name, 'a string', decodeText),
    version: readHexAnswer(first.version, 'a string', decodeText),
    symbol: readHexAnswer(first.symbol, 'a string', decodeText),
    decimals: readHexAnswer(first.decimals, 'a number of decimals', decodeDecimals),
    eip712Domain: readHexAnswer(first.eip712Domain, 'an EIP-5267 domain', decodeEip712Domain),
  } as const
  const domain: DomainReading = {
    kind: 'read',
    source,
    address,
    chainId,
    block: options.block === undefined ? readQuantity(first.block) : { kind: 'known', value: options.block },
    code: code.kind === 'known' ? { kind: 'known', value: (code.value.length - 2) / 2 } : code,
    separator: readView(views.separator, has(viewSelectors.separator)),
    name: readView(views.name, has(viewSelectors.name)),
    version: readView(views.version, has(viewSelectors.version)),
    symbol: readView(views.symbol, has(viewSelectors.symbol)),
    decimals: readView(views.decimals, has(viewSelectors.decimals)),
    eip712Domain: readView(views.eip712Domain, has(viewSelectors.eip712Domain)),
    implementation,
    functions: functionsIn(has),
  }
  return { domain, has, answers: Object.values(views) }
}

function lost(domain: DomainAnswer, reason: string): TokenReading {
  return { domain, has: () => ({ kind: 'unknown', reason }), answers: [] }
}

/** The chain id, or why nobody knows it. */
function chainIdIn(answer: RpcAnswer | undefined): number | string {
  if (answer === undefined) return 'it left out the answer to eth_chainId'
  if (answer.kind !== 'result') return describeAnswer(answer)
  const { value } = answer
  // ethers' own providers answer a number here.
  const chainId = typeof value === 'string' && /^0x[0-9a-fA-F]{1,16}$/.test(value) ? Number(value) : value
  return typeof chainId === 'number' && Number.isSafeInteger(chainId)
    ? chainId
    : 'it answered eth_chainId with something that is no chain id'
}

/** A quantity such as `0x1b4`, which has an odd number of digits. */
function readQuantity(answer: RpcAnswer | undefined): Reading<bigint> {
  if (answer?.kind === 'result' && typeof answer.value === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(answer.value)) {
    return { kind: 'known', value: decodeNumber(answer.value as Hex) }
  }
  const reason = answer === undefined || answer.kind === 'result' ? 'it answered something that is no number' : describeAnswer(answer)
  return { kind: 'unknown', reason }
}

function findImplementation(
  code: Reading<Hex>,
  eip1967: RpcAnswer | undefined,
  zeppelinos: RpcAnswer | undefined,
  beacon: Reading<Address | null>,
  behindBeacon: RpcAnswer | undefined,
): Reading<Implementation> {
  const minimal = code.kind === 'known' ? minimalProxyTarget(code.value) : undefined
  if (minimal !== undefined) return { kind: 'known', value: { proxy: 'minimal', address: minimal } }
  const slots = {
    eip1967: readSlotAnswer(eip1967, 'an address', decodeAddress),
    zeppelinos: readSlotAnswer(zeppelinos, 'an address', decodeAddress),
    'eip1967-beacon': behindBeacon === undefined ? beacon : readHexAnswer(behindBeacon, 'an address', decodeAddress),
  } as const
  for (const proxy of ['eip1967', 'zeppelinos', 'eip1967-beacon'] as const) {
    const reading = slots[proxy]
    if (reading.kind === 'known' && reading.value !== null) return { kind: 'known', value: { proxy, address: reading.value } }
  }
  const unread = Object.values(slots).find(({ kind }) => kind === 'unknown')
  return unread?.kind === 'unknown' ? unread : { kind: 'empty' }
}

function functionsIn(has: (selector: Hex) => Presence): DomainReading['functions'] {
  return Object.fromEntries(Object.entries(tokenFunctions).map(([name, selector]) => [name, has(selector)])) as DomainReading['functions']
}

function presenceReader(code: Reading<Hex>, implementation: Reading<Implementation>): (selector: Hex) => Presence {
  if (code.kind === 'unknown') return () => ({ kind: 'unknown', reason: code.reason })
  if (code.kind !== 'known') return () => ({ kind: 'absent' })
  const bytecode = readBytecode(code.value)
  return (selector) => {
    const presence = presenceOf(bytecode, selector)
    // Of a proxy whose target is known all code is here; that FiatToken's delegates to its signature library hides no function.
    if (presence.kind === 'unknown' && implementation.kind === 'known' && !bytecode.mentions(selector)) return { kind: 'absent' }
    if (presence.kind === 'absent' && implementation.kind === 'unknown') return { kind: 'unknown', reason: implementation.reason }
    return presence
  }
}
