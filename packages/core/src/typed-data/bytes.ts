import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { Hex } from 'viem'

/** The bytes of a `0x` string with an even number of digits. */
export function fromHex(hex: Hex): Uint8Array {
  return hexToBytes(hex.slice(2))
}

export function toHex(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`
}

/** Writes `value` as a 32-byte big-endian word at `offset`. Bits above 256 are cut off, as the EVM does. */
export function writeWord(target: Uint8Array, offset: number, value: bigint): void {
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
