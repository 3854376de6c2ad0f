import { utf8ToBytes } from '@noble/hashes/utils.js'
import { toHex } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { keccak256 } from '../../bytes/keccak.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { readSequentialNonce } from '../../tokens/sequence.ts'
import type { Eip712Domain } from '../typed-data/domain.ts'
import { mappingSlot, word } from './fiat-token.ts'
import { openZeppelinCode } from './openzeppelin-code.ts'

export type OpenZeppelinFamily = 'ERC3009' | 'ERC20TransferAuthorization'

interface Placed {
  readonly address: Address
  readonly chainId: number
  readonly decimals: number
  readonly domain: Eip712Domain
}

/**
 * The code of a token at its address. Its own constructor would have put these immutables there, but for the separator, which it computes anew as long
 * as the cached one is for another address; one that is given is cached, so that it is the one that counts.
 */
export function openZeppelinBytecode(family: OpenZeppelinFamily, token: Placed, separator?: Hex): Hex {
  const { code, immutables } = openZeppelinCode.contracts[`${family}Token`]
  const { name = '', version = '' } = token.domain
  const hashed = (text: string): Hex => toHex(keccak256(utf8ToBytes(text)))
  const values: Readonly<Record<keyof typeof immutables, Hex>> = {
    _decimals: word(BigInt(token.decimals)),
    _cachedThis: word(separator === undefined ? 0n : BigInt(token.address)),
    _cachedChainId: word(separator === undefined ? 0n : BigInt(token.chainId)),
    _cachedDomainSeparator: separator ?? word(0n),
    _hashedName: hashed(name),
    _hashedVersion: hashed(version),
    _name: shortString(name),
    _version: shortString(version),
  }
  let out: string = code
  for (const [immutable, places] of Object.entries(immutables)) {
    const value = values[immutable as keyof typeof immutables].slice(2)
    for (const start of places) out = `${out.slice(0, 2 + 2 * start)}${value}${out.slice(2 + 2 * (start + 32))}`
  }
  return out as Hex
}

/** OpenZeppelin's ShortString: up to 31 bytes, and their number in the last one. A longer text only its hash stands for, which is all that is hashed. */
function shortString(text: string): Hex {
  const bytes = utf8ToBytes(text)
  const out = new Uint8Array(32)
  if (bytes.length > 31) return toHex(out)
  out.set(bytes)
  out[31] = bytes.length
  return toHex(out)
}

/** What a replay sets of it. */
export interface OpenZeppelinState {
  readonly from: Address
  readonly nonce: Hex
  /** Atomic units that the payer holds. */
  readonly funds: bigint
  /** Undefined where nothing says: then it is the next, if any account can come to it. */
  readonly nonceUsed: boolean | undefined
  readonly paused: boolean | undefined
  readonly blacklist: ReadonlyMap<Address, boolean>
}

/** @throws Eip3009Error `unsupported-input` for what these contracts do not have. */
export function openZeppelinStorage(family: OpenZeppelinFamily, state: OpenZeppelinState): ReadonlyMap<Hex, Hex> {
  if (state.paused === true || [...state.blacklist.values()].includes(true)) {
    throw new Eip3009Error(
      'unsupported-input',
      `OpenZeppelin's ${family} has no pause and no blacklist of its own, so a replay on it can set neither.`,
    )
  }
  const { from, nonce, funds, nonceUsed } = state
  const { slots } = openZeppelinCode.contracts[`${family}Token`]
  const storage = new Map<Hex, Hex>([[mappingSlot(word(BigInt(from)), word(BigInt(slots._balances))), word(funds)]])
  const ofPayer = (slot: number): Hex => mappingSlot(word(BigInt(from)), word(BigInt(slot)))
  if (family === 'ERC3009') {
    if (nonceUsed === true) storage.set(mappingSlot(nonce, ofPayer(slots._usedNonces)), word(1n))
    return storage
  }
  const { key, turn, reachable } = readSequentialNonce(nonce)
  const next = nonceUsed === true ? turn + 1n : nonceUsed === false || reachable ? turn : 0n
  const keyed = openZeppelinCode.contracts.ERC20TransferAuthorizationToken.slots
  storage.set(key === 0n ? ofPayer(keyed._nonces) : mappingSlot(word(key), ofPayer(keyed._keyedNonces)), word(next))
  return storage
}
