import { fromHex, toHex, writeBytes, writeWord } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { keccak256 } from '../../bytes/keccak.ts'

/** Selectors of FiatToken's functions, from the contracts' ABI. */
export const selectors = {
  initialize: '0x3357162b',
  initializeV2: '0xd608ea64',
  initializeV2_1: '0x2fc81e09',
  initializeV2_2: '0x430239b4',
  balanceOf: '0x70a08231',
  domainSeparator: '0x3644e515',
  authorizationState: '0xe94a0102',
  isBlacklisted: '0xfe575a87',
  paused: '0x5c975abb',
  name: '0x06fdde03',
  version: '0x54fd4d50',
  symbol: '0x95d89b41',
  decimals: '0x313ce567',
} as const satisfies Record<string, Hex>

/** First topics of the token's events. */
export const eventTopics = {
  Transfer: '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
  AuthorizationUsed: '0x98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5',
} as const satisfies Record<string, Hex>

/** The slots in which FiatTokenProxy, a zeppelinos proxy, keeps its own two addresses; EIP-1967 came later. */
export const proxySlots = {
  /** keccak256("org.zeppelinos.proxy.implementation") */
  implementation: '0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3',
  /** keccak256("org.zeppelinos.proxy.admin") */
  admin: '0x10d6a54a4754c8869d6886b5f5d7fbfa5b4522237ea5c60d11bc4e7a1ff9390b',
} as const satisfies Record<string, Hex>

/** Slots of FiatToken's storage; the order of state variables is the same in v2, v2.1 and v2.2. */
const slots = {
  /** Pauser in the lower 20 bytes, `paused` above it. */
  pauser: 1n,
  /** The blacklist before v2.2: mapping(address => bool). */
  blacklisted: 3n,
  /** mapping(address => uint256); in v2.2 the top bit is the blacklist. */
  balances: 9n,
  /** The separator that versions before v2.2 keep. */
  separator: 15n,
  /** mapping(address => mapping(bytes32 => bool)) */
  authorizationStates: 16n,
} as const

export const separatorSlot: Hex = word(slots.separator)
export const pauserSlot: Hex = word(slots.pauser)

/** What `pauserSlot` holds of a paused token. */
export function pausedBy(pauser: Address): Hex {
  return word((1n << 160n) | BigInt(pauser))
}

export function balanceSlot(account: Address): Hex {
  return mappingSlot(account, word(slots.balances))
}

export function blacklistedSlot(account: Address): Hex {
  return mappingSlot(account, word(slots.blacklisted))
}

export function authorizationStateSlot(authorizer: Address, nonce: Hex): Hex {
  return mappingSlot(nonce, mappingSlot(authorizer, word(slots.authorizationStates)))
}

/** Solidity's slot of a mapping's value: keccak256(key ‖ slot of the mapping). */
export function mappingSlot(key: Hex, slot: Hex): Hex {
  const packed = new Uint8Array(64)
  writeBytes(packed, 0, fromHex(key))
  packed.set(fromHex(slot), 32)
  return toHex(keccak256(packed))
}

/** A 32-byte word. */
export function word(value: bigint): Hex {
  const bytes = new Uint8Array(32)
  writeWord(bytes, 0, value)
  return toHex(bytes)
}
