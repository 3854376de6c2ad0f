import { Eip3009Error } from '../errors/eip3009-error.ts'
import { quote } from '../errors/quote.ts'
import type { Hex } from './hex.ts'

/** The value of each hex digit by its character code; 255 for everything else. */
const digits: Uint8Array = /* @__PURE__ */ Uint8Array.from({ length: 128 }, (_, code) => {
  const value = Number.parseInt(String.fromCharCode(code), 16)
  return Number.isNaN(value) ? 255 : value
})

/** The two digits of each byte. */
const pairs: readonly string[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/**
 * The bytes of a `0x` string with an even number of digits.
 * @throws Eip3009Error `invalid-argument` when it has an odd number, or something that is no digit.
 */
export function fromHex(hex: Hex): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, (hex.length - 2) >> 1))
  if (parseHex(hex, bytes, 0)) return bytes
  throw new Eip3009Error('invalid-argument', `${quote(hex)} is no hex; expected 0x and an even number of the digits 0 to 9 and a to f.`)
}

/** The bytes of an even number of hex digits, without a `0x`. */
export function bytesOf(digits: string): Uint8Array {
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) => Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16))
}

export function toHex(bytes: Uint8Array): Hex {
  let hex: Hex = '0x'
  for (let i = 0; i < bytes.length; i++) hex += pairs[bytes[i] ?? 0]
  return hex as Hex
}

/** Writes the bytes of a `0x` string from byte `at` on; false when it has an odd number of digits, or something that is no digit. */
function parseHex(hex: string, target: Uint8Array, at: number): boolean {
  if ((hex.length & 1) === 1) return false
  for (let i = 2, to = at; i < hex.length; i += 2, to++) {
    const high = digits[hex.charCodeAt(i)] ?? 255
    const low = digits[hex.charCodeAt(i + 1)] ?? 255
    if ((high | low) > 15) return false
    target[to] = (high << 4) | low
  }
  return true
}

/** Writes a `0x` string right-aligned into the 32-byte word of zeros at `offset`. Longer bytes lose their front, as the EVM does. */
export function writeHex(target: Uint8Array, offset: number, hex: Hex): void {
  const length = (hex.length - 2) >> 1
  if (length > 32 || !parseHex(hex, target, offset + 32 - length)) writeBytes(target, offset, fromHex(hex))
}

const largestDouble = 2n ** 48n

/** Writes `value` as a big-endian number into the 32-byte word of zeros at `offset`. Bits above 256 are cut off, as the EVM does. */
export function writeWord(target: Uint8Array, offset: number, value: bigint): void {
  if (value >= 0n && value < largestDouble) {
    // Amounts and times: a double is exact here, and several times faster than a bigint.
    let rest = Number(value)
    for (let i = offset + 31; rest > 0; i--) {
      target[i] = rest & 0xff
      rest = Math.floor(rest / 256)
    }
    return
  }
  let rest = BigInt.asUintN(256, value)
  for (let i = offset + 31; rest > 0n; i -= 4, rest >>= 32n) {
    const limb = Number(rest & 0xffffffffn)
    target[i] = limb & 0xff
    target[i - 1] = (limb >>> 8) & 0xff
    target[i - 2] = (limb >>> 16) & 0xff
    target[i - 3] = limb >>> 24
  }
}

/** Writes `bytes` right-aligned into the 32-byte word at `offset`. Longer bytes lose their front, as the EVM does. */
export function writeBytes(target: Uint8Array, offset: number, bytes: Uint8Array): void {
  const tail = bytes.length > 32 ? bytes.subarray(bytes.length - 32) : bytes
  target.set(tail, offset + 32 - tail.length)
}
