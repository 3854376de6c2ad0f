import { sameAddress } from '../../../bytes/address.ts'
import { fromHex, toHex } from '../../../bytes/bytes.ts'
import type { Address, Hex, Selector } from '../../../bytes/hex.ts'
import { checksum } from '../../../networks/checksum.ts'
import { wordAt } from './wrappers.ts'

/** An owner that the call names which deploys the wallet. */
export type FirstOwner =
  | { readonly kind: 'address'; readonly address: Address }
  /** A P-256 key's two coordinates, 64 bytes. */
  | { readonly kind: 'passkey'; readonly key: Hex }

/** The functions of factories whose owners can be read, by selector. The test computes each of its signature. */
export const factoryCalls = {
  '0x3ffba36f': {
    signature: 'createAccount(bytes[],uint256)',
    owners: (args: Uint8Array): FirstOwner[] => listAt(args, 0).flatMap((at) => ownerIn(bytesFrom(args, at))),
    source: 'coinbase/smart-wallet 924743b, CoinbaseSmartWalletFactory.sol',
  },
  '0x1688f0b9': {
    signature: 'createProxyWithNonce(address,bytes,uint256)',
    owners: (args: Uint8Array): FirstOwner[] => safeOwners(args),
    source: 'safe-global/safe-smart-account c35264b, SafeProxyFactory.sol',
  },
  '0x5fbfb9cf': {
    signature: 'createAccount(address,uint256)',
    owners: (args: Uint8Array): FirstOwner[] => addressIn(args.subarray(0, 32)),
    source: 'eth-infinitism/account-abstraction SimpleAccountFactory.sol; alchemyplatform/light-account 93f46a2, LightAccountFactory.sol',
  },
  '0x0d51f0b7': {
    signature: 'createAccount(address,uint256,address[],uint8)',
    owners: (args: Uint8Array): FirstOwner[] => addressIn(args.subarray(0, 32)),
    source: 'bcnmy/nexus 7db9b00, K1ValidatorFactory.sol',
  },
} as const satisfies Record<
  Selector,
  { readonly signature: string; readonly owners: (args: Uint8Array) => FirstOwner[]; readonly source: string }
>

/** `setup(address[],…)` of a Safe. */
export const safeSetup: Selector = '0xb63e800d'

/** The owners that a factory's call names, where it is one that is known; empty where it is not. */
export function firstOwners(calldata: Hex): readonly FirstOwner[] {
  const call = new Map<string, (typeof factoryCalls)[keyof typeof factoryCalls]>(Object.entries(factoryCalls)).get(
    calldata.slice(0, 10).toLowerCase(),
  )
  return call?.owners(fromHex(calldata).subarray(4)) ?? []
}

/** Whether the address stands anywhere in the calldata: 20 bytes that agree are no chance, however they are packed. */
export function isNamedIn(calldata: Hex, address: Address): boolean {
  return calldata.toLowerCase().includes(address.slice(2).toLowerCase())
}

function safeOwners(args: Uint8Array): FirstOwner[] {
  const initializer = bytesFrom(args, offsetAt(args, 32))
  if (toHex(initializer.subarray(0, 4)) !== safeSetup) return []
  const setup = initializer.subarray(4)
  const at = offsetAt(setup, 0)
  const count = Math.min(lengthAt(setup, at), mostOwners)
  return Array.from({ length: count }, (_, index) => addressIn(setup.subarray(at + 32 * (index + 1), at + 32 * (index + 2)))).flat()
}

/** More than any wallet has. */
const mostOwners = 64

function ownerIn(bytes: Uint8Array): FirstOwner[] {
  if (bytes.length === 64) return [{ kind: 'passkey', key: toHex(bytes) }]
  return bytes.length === 32 ? addressIn(bytes) : []
}

function addressIn(word: Uint8Array): FirstOwner[] {
  const value = wordAt(word, 0)
  return value > 0n && value >> 160n === 0n ? [{ kind: 'address', address: checksum(toHex(word.subarray(12, 32))) }] : []
}

/** Where the elements of a list of dynamic bytes begin, whose own offset stands in the word at `head`. */
function listAt(args: Uint8Array, head: number): number[] {
  const at = offsetAt(args, head)
  const first = at + 32
  const count = Math.min(lengthAt(args, at), mostOwners)
  return Array.from({ length: count }, (_, index) => first + offsetAt(args, first + 32 * index))
}

/** Behind the end where the word holds no offset into the bytes. */
function offsetAt(bytes: Uint8Array, at: number): number {
  const word = wordAt(bytes, at)
  return word < 0n || word > BigInt(bytes.length) ? bytes.length : Number(word)
}

function lengthAt(bytes: Uint8Array, at: number): number {
  const word = wordAt(bytes, at)
  return word < 0n || word > BigInt(bytes.length) ? 0 : Number(word)
}

function bytesFrom(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.subarray(at + 32, at + 32 + lengthAt(bytes, at))
}

/** Factories of Coinbase's, all of whose wallets wrap what they check in one way. */
const coinbaseFactories = [
  // coinbase/smart-wallet 924743b, README.md: versions 1.1 and 1.
  '0xBA5ED110eFDBa3D005bfC882d75358ACBbB85842',
  '0x0BA5ED0c6AA8c49038F819E587E2633c4A9F428a',
] as const satisfies readonly Address[]

/** Whether the factory is known to deploy nothing but Coinbase Smart Wallets. */
export function isCoinbaseFactory(factory: Address): boolean {
  return coinbaseFactories.some((each) => sameAddress(each, factory))
}
