import { fromHex, toHex } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { checksum } from '../../networks/checksum.ts'
import type { Eip712Domain } from '../typed-data/domain.ts'

/** A number of 32 bytes, or a quantity of JSON-RPC. */
export function decodeNumber(hex: Hex): bigint {
  return BigInt(hex)
}

/** A word of 32 bytes; FiatToken's DOMAIN_SEPARATOR() returns nothing else. */
export function decodeWord(hex: Hex): Hex | undefined {
  return hex.length === 66 ? (hex.toLowerCase() as Hex) : undefined
}

export function decodeDecimals(hex: Hex): number | undefined {
  const value = hex.length === 66 ? BigInt(hex) : 256n
  return value < 256n ? Number(value) : undefined
}

/** The address in a word whose other bytes are zero, undefined in any other word and for the zero address. */
export function decodeAddress(hex: Hex): Address | undefined {
  if (hex.length !== 66 || !hex.startsWith(`0x${'0'.repeat(24)}`)) return undefined
  const address = hex.slice(26)
  return /^0+$/.test(address) ? undefined : checksum(`0x${address}`)
}

/** A `string`; or, as some old tokens have it, text in a bytes32 with zeros behind. */
export function decodeText(hex: Hex): string | undefined {
  const bytes = fromHex(hex)
  if (bytes.length === 32) {
    const end = bytes.indexOf(0)
    return end > 0 && bytes.subarray(end).every((byte) => byte === 0) ? utf8(bytes.subarray(0, end)) : undefined
  }
  return textAt(bytes, 0)
}

/** The text of the dynamic argument whose offset stands at byte `head`. */
function textAt(bytes: Uint8Array, head: number): string | undefined {
  const offset = smallNumberAt(bytes, head)
  const length = offset === undefined ? undefined : smallNumberAt(bytes, offset)
  if (offset === undefined || length === undefined || offset + 32 + length > bytes.length) return undefined
  return utf8(bytes.subarray(offset + 32, offset + 32 + length))
}

function smallNumberAt(bytes: Uint8Array, at: number): number | undefined {
  if (at + 32 > bytes.length) return undefined
  const value = BigInt(toHex(bytes.subarray(at, at + 32)))
  return value > BigInt(bytes.length) ? undefined : Number(value)
}

/** Text that is not UTF-8 has no name that could be compared. */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * What `eip712Domain()` returns (EIP-5267): bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt,
 * uint256[] extensions. Fields whose bit is not set are left out of the domain.
 */
export function decodeEip712Domain(hex: Hex): Eip712Domain | undefined {
  const bytes = fromHex(hex)
  if (bytes.length < 7 * 32) return undefined
  const fields = bytes[0] ?? 0
  const name = textAt(bytes, 32)
  const version = textAt(bytes, 64)
  if (name === undefined || version === undefined) return undefined
  const word = (index: number): Hex => toHex(bytes.subarray(32 * index, 32 * (index + 1)))
  return {
    ...(fields & 1 ? { name } : {}),
    ...(fields & 2 ? { version } : {}),
    ...(fields & 4 ? { chainId: BigInt(word(3)) } : {}),
    ...(fields & 8 ? { verifyingContract: checksum(`0x${word(4).slice(26)}`) } : {}),
    ...(fields & 16 ? { salt: word(5) } : {}),
  }
}
