import { fromHex } from '../../bytes/bytes.ts'
import type { Hex } from '../../bytes/hex.ts'

function wordAt(hex: Hex, digit: number): Hex {
  return `0x${hex.slice(digit, digit + 64)}`
}

/** The string of `Error(string)` revert data; null when the data is anything else, or cut short. */
export function readErrorString(data: Hex): string | null {
  if (!data.startsWith('0x08c379a0')) return null
  const bytes = fromHex(data).subarray(4)
  const length = bytes.length < 64 ? undefined : Number(BigInt(wordAt(data, 10 + 64)))
  if (length === undefined || length > bytes.length - 64) return null
  return new TextDecoder().decode(bytes.subarray(64, 64 + length))
}
