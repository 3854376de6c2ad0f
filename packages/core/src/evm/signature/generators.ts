import type { CauseId } from '../../causes/catalogue.ts'

/** What a kind of hypothesis proves when it is the one that fits, and what it assumes to have happened. */
interface Generator {
  readonly cause: CauseId
  readonly says: string
}

/** Every kind of hypothesis, the likeliest first within each of domain, type, message, digest and bytes. Their names appear in what was tried. */
export const generators = {
  'domain-name': { cause: 'domain-name-mismatch', says: 'another name in the domain' },
  'domain-version': { cause: 'domain-version-mismatch', says: 'another version in the domain' },
  'domain-chain-id': { cause: 'chain-id-mismatch', says: 'another chain id in the domain' },
  'domain-contract': { cause: 'verifying-contract-mismatch', says: 'another contract in the domain' },
  'domain-token': { cause: 'verifying-contract-mismatch', says: 'the whole domain of another token' },
  'domain-empty': { cause: 'eip712domain-type-missing', says: 'a domain without fields' },
  'domain-subset': { cause: 'domain-field-missing', says: 'a field of the domain left out' },
  'domain-layout': { cause: 'nonstandard-domain-layout', says: 'the domain laid out differently' },
  'primary-type': { cause: 'primary-type-mismatch', says: 'another message of EIP-3009' },
  permit: { cause: 'primary-type-mismatch', says: 'an EIP-2612 Permit' },
  'struct-types': { cause: 'struct-type-mismatch', says: 'other types for the members' },
  'struct-order': { cause: 'struct-type-mismatch', says: 'the members in another order' },
  'struct-names': { cause: 'struct-type-mismatch', says: 'another spelling of the struct' },
  offer: { cause: 'message-altered', says: "the offer's amount, payTo or timeout in place of the payload's" },
  'value-scaled': { cause: 'message-altered', says: 'the value off by a power of ten' },
  'value-round': { cause: 'message-altered', says: 'another round value' },
  'time-unit': { cause: 'message-altered', says: 'a time in milliseconds, or the reverse' },
  'time-swapped': { cause: 'message-altered', says: 'validAfter and validBefore swapped' },
  'time-constant': { cause: 'message-altered', says: 'a time of 0 or of the largest number' },
  'time-rounded': { cause: 'message-altered', says: 'a time rounded' },
  'time-shifted': { cause: 'message-altered', says: 'times made a second time' },
  'digit-changed': { cause: 'message-altered', says: 'a digit changed in a number' },
  'digit-inserted': { cause: 'message-altered', says: 'a digit more in a number that was signed' },
  'digit-lost': { cause: 'message-altered', says: 'a digit less in a number that was signed' },
  'address-swapped': { cause: 'message-altered', says: 'from and to swapped' },
  'address-other': { cause: 'message-altered', says: 'another address that is known' },
  'address-digit': { cause: 'message-altered', says: 'a digit changed in an address' },
  'nonce-bytes': { cause: 'message-altered', says: 'the nonce reversed, padded on the other side or hashed' },
  'nonce-known': { cause: 'message-altered', says: 'another nonce that is known' },
  'nonce-digit': { cause: 'message-altered', says: 'a digit changed in the nonce' },
  'personal-sign': { cause: 'message-prefixed', says: 'personal_sign or eth_sign of the digest' },
  'personal-sign-json': { cause: 'message-prefixed', says: 'personal_sign or a plain hash of the JSON' },
  'prefix-missing': { cause: 'message-prefixed', says: 'the digest made without 0x1901' },
  'hashed-again': { cause: 'message-prefixed', says: 'the digest hashed once more' },
  'v-form': { cause: 'v-0-or-1', says: 'a recovery byte that is not 27 or 28' },
  's-negated': { cause: 'high-s', says: 's in the upper half' },
  'v-flipped': { cause: 'v-flipped', says: 'the other recovery byte' },
  compact: { cause: 'compact-eip2098', says: 'the compact form of EIP-2098' },
  'v-lost': { cause: 'signature-length', says: 'the recovery byte cut off' },
  'bytes-around': { cause: 'signature-length', says: 'bytes before or behind the signature, or the signature twice' },
  'bytes-lost': { cause: 'signature-length', says: 'leading zeros of r or s lost' },
  'text-encoded': { cause: 'signature-length', says: 'the signature as text: hex of hex, or base64' },
  'words-encoded': { cause: 'signature-length', says: 'the signature as a contract call encodes it' },
  'parts-swapped': { cause: 'signature-byte-order', says: 'r and s swapped, or v first' },
  'parts-reversed': { cause: 'signature-byte-order', says: 'the bytes of r and s reversed' },
  der: { cause: 'signature-byte-order', says: 'the DER form' },
  wrapper: { cause: 'smart-wallet-signature', says: "a smart wallet's wrapper around the signature" },
} as const satisfies Record<string, Generator>

/**
 * The kind of a hypothesis; kinds may be added.
 * @pattern ^[a-z0-9]+(-[a-z0-9]+)*$
 */
export type GeneratorId = keyof typeof generators

export const generatorIds = Object.keys(generators) as readonly GeneratorId[]

/** The part of a hypothesis that a generator changes. */
export type Area = 'domain' | 'type' | 'message' | 'digest' | 'bytes'

const firstOf: readonly (readonly [GeneratorId, Area])[] = [
  ['v-form', 'bytes'],
  ['personal-sign', 'digest'],
  ['offer', 'message'],
  ['primary-type', 'type'],
  ['domain-name', 'domain'],
]

/** The generators stand in the order of the areas. */
export function areaOf(generator: GeneratorId): Area {
  const place = generatorIds.indexOf(generator)
  return firstOf.find(([first]) => place >= generatorIds.indexOf(first))?.[1] ?? 'domain'
}
