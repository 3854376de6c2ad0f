import { toHex, writeHex, writeWord } from '../../bytes/bytes.ts'
import type { Address, Bytes32, Hex } from '../../bytes/hex.ts'
import { createKeccakState, keccak256, keccakInto } from '../../bytes/keccak.ts'
import type { SignedDigits } from '../../text/written.ts'

/** An EIP-712 domain: any subset of the five fields. Absent fields are absent from the type string too. */
export interface Eip712Domain {
  readonly name?: string
  readonly version?: string
  readonly chainId?: bigint
  readonly verifyingContract?: Address
  readonly salt?: Bytes32
}

/** A domain as JSON has it: its chain id may be too large for a number there. Absent fields are absent from the type string too. */
export interface DomainText {
  readonly name?: string
  readonly version?: string
  readonly chainId?: SignedDigits
  readonly verifyingContract?: Address
  readonly salt?: Bytes32
}

/** A domain as JSON has it, with what it comes to. */
export interface DomainReport extends DomainText {
  readonly separator: Bytes32
}

/** The fields of EIP712Domain in the order that EIP-712 gives them, with their types. */
export const fieldTypes = {
  name: 'string',
  version: 'string',
  chainId: 'uint256',
  verifyingContract: 'address',
  salt: 'bytes32',
} as const satisfies Record<keyof Eip712Domain, string>

export type DomainField = keyof typeof fieldTypes

export const domainFields = Object.keys(fieldTypes) as readonly DomainField[]

/** The fields that `domain` has, in EIP-712's order. */
export function presentFields(domain: Eip712Domain): DomainField[] {
  const fields: DomainField[] = []
  if (domain.name !== undefined) fields.push('name')
  if (domain.version !== undefined) fields.push('version')
  if (domain.chainId !== undefined) fields.push('chainId')
  if (domain.verifyingContract !== undefined) fields.push('verifyingContract')
  if (domain.salt !== undefined) fields.push('salt')
  return fields
}

export function domainText({ name, version, chainId, verifyingContract, salt }: Eip712Domain): DomainText {
  return {
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(chainId === undefined ? {} : { chainId: String(chainId) }),
    ...(verifyingContract === undefined ? {} : { verifyingContract }),
    ...(salt === undefined ? {} : { salt }),
  }
}

/** `EIP712Domain(string name,…)` with the given fields in the given order. */
export function domainType(fields: readonly DomainField[]): string {
  return `EIP712Domain(${fields.map((field) => `${fieldTypes[field]} ${field}`).join(',')})`
}

/** The type hash of name, version, chainId and verifyingContract, as nearly every contract has it; a constant in OpenZeppelin's EIP712. */
const standardType = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'
const standardTypeHash: Hex = '0x8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f'

/**
 * keccak256 of the encoded domain, as EIP-712 defines `domainSeparator`.
 * `order` is for contracts whose type string lists the fields in another order than EIP-712's.
 */
export function domainSeparator(domain: Eip712Domain, order: readonly DomainField[] = presentFields(domain)): Hex {
  const state = createKeccakState()
  const encoded = new Uint8Array(32 * (order.length + 1))
  encodeDomain(encoded, domain, order, (text, offset) => {
    if (text === standardType) writeHex(encoded, offset, standardTypeHash)
    else keccakInto(state, utf8(text), encoded, offset)
  })
  keccakInto(state, encoded, encoded, 0)
  return toHex(encoded.subarray(0, 32))
}

/**
 * The same as `domainSeparator`, for many domains: names, versions and type strings are hashed once each, and memory is kept.
 * The bytes that it returns are overwritten by the next call.
 */
export function createSeparatorHasher(): (domain: Eip712Domain, order: readonly DomainField[]) => Uint8Array {
  const state = createKeccakState()
  const memory = new Uint8Array(32 * (domainFields.length + 1))
  const separator = new Uint8Array(32)
  const hashes = new Map<string, Uint8Array>()
  const writeHash = (text: string, offset: number): void => {
    let hash = hashes.get(text)
    if (hash === undefined) {
      hash = keccak256(utf8(text))
      hashes.set(text, hash)
    }
    memory.set(hash, offset)
  }
  return (domain, order) => {
    const encoded = memory.subarray(0, 32 * (order.length + 1)).fill(0)
    encodeDomain(encoded, domain, order, writeHash)
    keccakInto(state, encoded, separator, 0)
    return separator
  }
}

function encodeDomain(
  target: Uint8Array,
  domain: Eip712Domain,
  order: readonly DomainField[],
  writeHash: (text: string, offset: number) => void,
): void {
  writeHash(domainType(order), 0)
  order.forEach((field, index) => {
    const offset = 32 * (index + 1)
    switch (field) {
      case 'name':
      case 'version':
        writeHash(domain[field] ?? '', offset)
        return
      case 'chainId':
        writeWord(target, offset, domain.chainId ?? 0n)
        return
      case 'verifyingContract':
      case 'salt':
        writeHex(target, offset, domain[field] ?? '0x')
    }
  })
}

/** The first field, in EIP-712's order, in which two domains differ; undefined when they are the same. Addresses compare without case. */
export function compareDomains(a: Eip712Domain, b: Eip712Domain): DomainField | undefined {
  return domainFields.find((field) => comparable(a[field]) !== comparable(b[field]))
}

function comparable(value: string | bigint | undefined): string | bigint | undefined {
  return typeof value === 'string' && value.startsWith('0x') ? value.toLowerCase() : value
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
