import { keccak_256 } from '@noble/hashes/sha3.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { Address, Hex } from 'viem'
import { fromHex, toHex, writeBytes, writeWord } from './bytes.ts'

/** An EIP-712 domain: any subset of the five fields. Absent fields are absent from the type string too. */
export interface Eip712Domain {
  readonly name?: string
  readonly version?: string
  readonly chainId?: bigint
  readonly verifyingContract?: Address
  /** 32 bytes. */
  readonly salt?: Hex
}

/** The fields of EIP712Domain in the order that EIP-712 gives them, with their types. */
const fieldTypes = {
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
  return domainFields.filter((field) => domain[field] !== undefined)
}

/** `EIP712Domain(string name,…)` with the given fields in the given order. */
export function domainType(fields: readonly DomainField[]): string {
  return `EIP712Domain(${fields.map((field) => `${fieldTypes[field]} ${field}`).join(',')})`
}

/**
 * keccak256 of the encoded domain, as EIP-712 defines `domainSeparator`.
 * `order` is for contracts whose type string lists the fields in another order than EIP-712's.
 */
export function domainSeparator(domain: Eip712Domain, order: readonly DomainField[] = presentFields(domain)): Hex {
  const encoded = new Uint8Array(32 * (order.length + 1))
  encoded.set(keccak_256(utf8ToBytes(domainType(order))))
  order.forEach((field, index) => {
    writeField(encoded, 32 * (index + 1), field, domain)
  })
  return toHex(keccak_256(encoded))
}

function writeField(target: Uint8Array, offset: number, field: DomainField, domain: Eip712Domain): void {
  switch (field) {
    case 'name':
    case 'version':
      target.set(keccak_256(utf8ToBytes(domain[field] ?? '')), offset)
      return
    case 'chainId':
      writeWord(target, offset, domain.chainId ?? 0n)
      return
    case 'verifyingContract':
    case 'salt':
      writeBytes(target, offset, fromHex(domain[field] ?? '0x'))
  }
}

/** The first field, in EIP-712's order, in which two domains differ; undefined when they are the same. Addresses compare without case. */
export function compareDomains(a: Eip712Domain, b: Eip712Domain): DomainField | undefined {
  return domainFields.find((field) => comparable(a[field]) !== comparable(b[field]))
}

function comparable(value: string | bigint | undefined): string | bigint | undefined {
  return typeof value === 'string' && value.startsWith('0x') ? value.toLowerCase() : value
}
