import { secp256k1 } from '@noble/curves/secp256k1.js'
import { fromHex, toHex, writeWord } from '../../bytes/bytes.ts'
import type { Hex } from '../../bytes/hex.ts'
import type { Byte, Count } from '../../text/written.ts'

/** The order n of secp256k1's group (SEC 2, 2.4.1). */
export const curveOrder: bigint = secp256k1.Point.CURVE().n

/** What an ECDSA signature over secp256k1 says once its wire form is undone. */
export interface Ecdsa {
  readonly r: bigint
  readonly s: bigint
  readonly yParity: 0 | 1
}

/** Why FiatToken's ECRecover refuses the bytes before it recovers anything, in the order in which it looks. */
export type ByteProblem = 'compact-eip2098' | 'signature-length' | 'high-s' | 'v-0-or-1' | 'v-invalid'

export interface SignatureBytes {
  /** How many bytes were read. */
  readonly length: Count
  /** The recovery byte as written; absent unless there are 65 bytes. */
  readonly v?: Byte
  readonly ecdsa?: Ecdsa
  readonly problems: readonly ByteProblem[]
}

/**
 * Takes a signature's bytes apart and says what FiatToken's ECRecover would refuse about them:
 * it wants exactly 65 bytes, s in the lower half and v of 27 or 28 (ECRecover.sol of Circle's contracts).
 */
export function readSignature(signature: Hex): SignatureBytes {
  const bytes = fromHex(signature)
  if (bytes.length === 64) return readCompact(bytes)
  if (bytes.length !== 65) return { length: bytes.length, problems: ['signature-length'] }

  const v = bytes[64] ?? 0
  const s = wordAt(bytes, 32)
  const problems: ByteProblem[] = []
  if (s > curveOrder / 2n) problems.push('high-s')
  if (v === 0 || v === 1) problems.push('v-0-or-1')
  else if (v !== 27 && v !== 28) problems.push('v-invalid')
  const yParity = parityOf(v)
  return { length: 65, v, problems, ...(yParity === undefined ? {} : { ecdsa: { r: wordAt(bytes, 0), s, yParity } }) }
}

/** EIP-2098: the parity is the top bit of s. */
function readCompact(bytes: Uint8Array): SignatureBytes {
  const s = wordAt(bytes, 32)
  const yParity = s >> 255n === 1n ? 1 : 0
  return { length: 64, problems: ['compact-eip2098'], ecdsa: { r: wordAt(bytes, 0), s: BigInt.asUintN(255, s), yParity } }
}

/** 27 and 28, 0 and 1, and EIP-155's 35 + 2 · chainId + parity, as far as one byte holds it. */
function parityOf(v: number): 0 | 1 | undefined {
  if (v === 0 || v === 1) return v
  if (v === 27 || v === 28) return v === 27 ? 0 : 1
  if (v >= 35) return (v - 35) % 2 === 0 ? 0 : 1
  return undefined
}

/** The one form that FiatToken accepts: r, s in the lower half, v of 27 or 28. Recovers to the same key. */
export function canonicalSignature({ r, s, yParity }: Ecdsa): Hex {
  const high = s > curveOrder / 2n
  const bytes = new Uint8Array(65)
  writeWord(bytes, 0, r)
  writeWord(bytes, 32, high ? curveOrder - s : s)
  bytes[64] = 27 + (high ? 1 - yParity : yParity)
  return toHex(bytes)
}

function wordAt(bytes: Uint8Array, offset: number): bigint {
  return BigInt(toHex(bytes.subarray(offset, offset + 32)))
}
