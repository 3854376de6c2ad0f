import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { fromHex, toHex } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { remembering } from '../../bytes/remembering.ts'
import { checksum } from '../../networks/checksum.ts'
import type { Ecdsa } from './signature.ts'

/** Of one signature: each check of a diagnosis and of each facilitator asks the same, which takes noble two milliseconds. */
const recover = /* @__PURE__ */ remembering(
  64,
  (digest: Hex, { r, s, yParity }: Ecdsa) => `${digest} ${r} ${s} ${yParity}`,
  (digest, { r, s, yParity }): Address | undefined => {
    try {
      const point = new secp256k1.Signature(r, s, yParity).recoverPublicKey(fromHex(digest))
      return checksum(toHex(keccak_256(point.toBytes(false).subarray(1)).subarray(12)))
    } catch {
      // noble throws for exactly these: r or s outside 1 … n−1, no point with that x, the point at infinity.
      return undefined
    }
  },
)

/**
 * The address whose key made this signature of `digest`; undefined when no key could have
 * (r is not the x-coordinate of a point, or r or s is out of range), where `ecrecover` answers the zero address.
 */
export function recoverAddress(digest: Hex, ecdsa: Ecdsa): Address | undefined {
  return recover(digest, ecdsa)
}

/** Keeps what another thread recovered, so that it is not recovered here again. */
export function knowRecovered(address: Address | undefined, digest: Hex, ecdsa: Ecdsa): void {
  recover.know(address, digest, ecdsa)
}
