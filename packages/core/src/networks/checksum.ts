import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Address } from '../bytes/hex.ts'
import { remembering } from '../bytes/remembering.ts'

/** The EIP-55 form of an address; `address` has `0x` and 40 hex digits of any case. The same few are asked for again and again. */
export const checksum: (address: string) => Address = /* @__PURE__ */ remembering(256, (address: string) => address, hashed)

function hashed(address: string): Address {
  const digits = address.slice(2).toLowerCase()
  const hash = bytesToHex(keccak_256(utf8ToBytes(digits)))
  let out = ''
  for (let i = 0; i < 40; i++) {
    const digit = digits.charAt(i)
    out += Number.parseInt(hash.charAt(i), 16) >= 8 ? digit.toUpperCase() : digit
  }
  return `0x${out}`
}
