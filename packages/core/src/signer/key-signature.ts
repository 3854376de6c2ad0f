import { Point } from '@noble/secp256k1'
import { fromHex, toHex, writeWord } from '../bytes/bytes.ts'
import type { Address, Hex } from '../bytes/hex.ts'
import { keccak256 } from '../bytes/keccak.ts'
import { checksum } from './checksum.ts'

/**
 * Signatures of a key, with as little code as it takes: `signature/` does more with the same bytes and brings @noble/curves along, which is
 * larger than all of this. A test compares the two.
 */

const { n: order } = /* @__PURE__ */ Point.CURVE()

/** Why the token would refuse bytes before it recovers anything; its own order. */
export type FormProblem = 'signature-length' | 'high-s' | 'v-0-or-1'

export interface KeySignature {
  /** 65 bytes: r, s in the lower half, v of 27 or 28. */
  readonly canonical: Hex
  /** What had to be changed to get there; empty where the bytes were in that form. */
  readonly problems: readonly FormProblem[]
}

/** A signature that one key made, whatever its form: 65 bytes with any v, or 64 as EIP-2098 packs them. Undefined for anything else. */
export function readKeySignature(signature: Hex): KeySignature | undefined {
  if (!/^0x(?:[0-9a-fA-F]{2}){64,65}$/.test(signature)) return undefined
  const bytes = fromHex(signature)
  const compact = bytes.length === 64
  const word = BigInt(toHex(bytes.subarray(32, 64)))
  const v = bytes[64] ?? 0
  const parity = compact ? Number(word >> 255n) : parityOf(v)
  if (parity === undefined) return undefined
  const s = compact ? BigInt.asUintN(255, word) : word
  const high = s > order >> 1n
  const out = new Uint8Array(65)
  out.set(bytes.subarray(0, 32))
  writeWord(out, 32, high ? order - s : s)
  out[64] = 27 + (high ? 1 - parity : parity)
  return {
    canonical: toHex(out),
    problems: [
      ...(compact ? (['signature-length'] as const) : []),
      ...(high ? (['high-s'] as const) : []),
      ...(!compact && v !== 27 && v !== 28 ? (['v-0-or-1'] as const) : []),
    ],
  }
}

/** 27 and 28, 0 and 1, and EIP-155's 35 + 2 · chainId + parity, as far as a byte holds it. */
function parityOf(v: number): number | undefined {
  if (v < 2) return v
  if (v === 27 || v === 28) return v - 27
  return v < 35 ? undefined : (v - 35) % 2
}

/**
 * Whose key made a canonical signature of a digest: Q = r⁻¹(s·R − z·G), SEC 1, 4.1.6. Undefined when nobody's can have. The recovery of
 * @noble/secp256k1 itself is this and 1 kB more for forms that do not come here.
 */
export function recoverSigner(digest: Hex, canonical: Hex): Address | undefined {
  const bytes = fromHex(canonical)
  const [r, s, z] = [bytes.subarray(0, 32), bytes.subarray(32, 64), fromHex(digest)].map((word) => BigInt(toHex(word))) as [
    bigint,
    bigint,
    bigint,
  ]
  if (r <= 0n || r >= order || s <= 0n || s >= order) return undefined
  const compressed = new Uint8Array(33)
  compressed[0] = (bytes[64] ?? 27) - 25
  compressed.set(bytes.subarray(0, 32), 1)
  try {
    const inverse = invert(r)
    const onPoint = Point.fromBytes(compressed).multiplyUnsafe((s * inverse) % order)
    const key = onPoint.add(Point.BASE.multiplyUnsafe(((order - (z % order)) * inverse) % order)).toBytes(false)
    return checksum(toHex(keccak256(key.subarray(1)).subarray(12)))
  } catch {
    // noble throws for an r that is no point's, and for the point at infinity, which has no bytes.
    return undefined
  }
}

/** 1 / a modulo the order, by Euclid's algorithm. */
function invert(a: bigint): bigint {
  let [low, high, x, y] = [a, order, 1n, 0n]
  while (low > 1n) [low, high, x, y] = [high % low, low, y - (high / low) * x, x]
  return ((x % order) + order) % order
}
