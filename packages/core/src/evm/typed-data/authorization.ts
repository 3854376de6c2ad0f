import { fromHex, toHex, writeHex, writeWord } from '../../bytes/bytes.ts'
import type { Address, CoverableHex, Hex } from '../../bytes/hex.ts'
import { createKeccakState, keccak256, keccakInto } from '../../bytes/keccak.ts'
import type { SignedDigits } from '../../text/written.ts'

/** The EIP-3009 message. Times are unix seconds, `value` is in atomic units (1 USDC = 1 000 000). */
export interface Authorization {
  readonly from: Address
  readonly to: Address
  readonly value: bigint
  readonly validAfter: bigint
  readonly validBefore: bigint
  /** 32 bytes. */
  readonly nonce: CoverableHex
}

/** An authorization as JSON has it: numbers are decimal strings. */
export interface AuthorizationReport {
  readonly from: Address
  readonly to: Address
  /** Atomic units. */
  readonly value: SignedDigits
  /** Unix seconds. */
  readonly validAfter: SignedDigits
  /** Unix seconds. */
  readonly validBefore: SignedDigits
  readonly nonce: CoverableHex
}

/** keccak256 of each primary type's string, as EIP-3009 publishes them and FiatToken has them as constants. */
export const typeHashes = {
  TransferWithAuthorization: '0x7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267',
  ReceiveWithAuthorization: '0xd099cc98ef71107a616c4f0f941f04c322d8e254fe26b3c6668db87aae413de8',
} as const satisfies Record<string, Hex>

/** The EIP-712 primary types that the token's own functions check. */
export type PrimaryType = keyof typeof typeHashes

/** The members that both primary types have, in EIP-3009's order. */
export const authorizationFields = [
  'from',
  'to',
  'value',
  'validAfter',
  'validBefore',
  'nonce',
] as const satisfies readonly (keyof Authorization)[]

export function authorizationReport({ from, to, value, validAfter, validBefore, nonce }: Authorization): AuthorizationReport {
  return { from, to, value: String(value), validAfter: String(validAfter), validBefore: String(validBefore), nonce }
}

/** keccak256 of the type hash and the six members: seven words at fixed places, so no general encoder is needed. */
export function structHash(primaryType: PrimaryType, authorization: Authorization): Hex {
  const words = new Uint8Array(7 * 32)
  writeHex(words, 0, typeHashes[primaryType])
  writeMembers(words, authorization)
  return toHex(keccak256(words))
}

function writeMembers(words: Uint8Array, { from, to, value, validAfter, validBefore, nonce }: Authorization): void {
  writeHex(words, 32, from)
  writeHex(words, 64, to)
  writeWord(words, 96, value)
  writeWord(words, 128, validAfter)
  writeWord(words, 160, validBefore)
  writeHex(words, 192, nonce)
}

/** What a wallet signs: keccak256(0x1901 ‖ domain separator ‖ struct hash). */
export function digestOf(separator: Hex, struct: Hex): Hex {
  const packed = new Uint8Array(66)
  packed[0] = 0x19
  packed[1] = 0x01
  packed.set(fromHex(separator), 2)
  packed.set(fromHex(struct), 34)
  return toHex(keccak256(packed))
}

/** The digest of an authorization under a domain separator. */
export function authorizationDigest(separator: Hex, primaryType: PrimaryType, authorization: Authorization): Hex {
  return createAuthorizationHasher(separator, primaryType)(authorization)
}

/**
 * A function from authorizations to their digests under one domain separator: the same as `authorizationDigest`, for many authorizations.
 * Only the members are written for each; separator, type hash and memory are kept.
 */
export function createAuthorizationHasher(separator: Hex, primaryType: PrimaryType): (authorization: Authorization) => Hex {
  const state = createKeccakState()
  const words = new Uint8Array(7 * 32)
  writeHex(words, 0, typeHashes[primaryType])
  const packed = new Uint8Array(66)
  packed[0] = 0x19
  packed[1] = 0x01
  packed.set(fromHex(separator), 2)
  const digest = new Uint8Array(32)
  return (authorization) => {
    words.fill(0, 32)
    writeMembers(words, authorization)
    keccakInto(state, words, packed, 34)
    keccakInto(state, packed, digest, 0)
    return toHex(digest)
  }
}
