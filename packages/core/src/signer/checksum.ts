import type { Address } from '../bytes/hex.ts'
import { keccak256 } from '../bytes/keccak.ts'

/**
 * The EIP-55 form of an address; `address` has `0x` and 40 hex digits of any case. The same as `networks/checksum.ts` over the hash that signing has
 * anyway: the other one comes from @noble/hashes and would be a fifth of the signer. A test compares the two.
 */
export function checksum(address: string): Address {
  const digits = address.slice(2).toLowerCase()
  const hash = keccak256(new TextEncoder().encode(digits))
  const cased = [...digits].map((digit, i) => (((hash[i >> 1] ?? 0) >> (i % 2 ? 0 : 4)) & 8 ? digit.toUpperCase() : digit))
  return `0x${cased.join('')}`
}
