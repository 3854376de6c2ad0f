/** The reference: every answer from @noble/curves, one digest at a time. The kernel is tested against it and falls back to it. */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import {
  inTurns,
  itemCount,
  type Kernel,
  messageCount,
  type PairMatch,
  type RecoverableSignature,
  type RecoveredAddresses,
  type Recoverer,
  requireAddress,
  toBigint,
} from './recoverer.ts'

/** Recovers with @noble/curves, 2 ms a digest. See `Recoverer`. */
export function nobleRecoverer(signature: RecoverableSignature): Recoverer {
  const [r, s] = [toBigint(signature.r), toBigint(signature.s)]

  const recover = (digest: Uint8Array): Uint8Array | undefined => {
    try {
      const key = new secp256k1.Signature(r, s, signature.yParity).recoverPublicKey(digest)
      return keccak_256(key.toBytes(false).subarray(1)).subarray(12)
    } catch {
      // noble throws for exactly these: r or s outside 1 … n − 1, no point with that x, a key at infinity.
      return undefined
    }
  }
  const matches = (digest: Uint8Array, target: Uint8Array): boolean => {
    const address = recover(digest)
    return address?.every((byte, i) => byte === target[i]) ?? false
  }

  return inTurns({
    *recoverAddresses(digests): Generator<undefined, RecoveredAddresses> {
      const count = itemCount('digests', digests, 32)
      const addresses = new Uint8Array(count * 20)
      const valid = new Uint8Array(count)
      for (let i = 0; i < count; i += 1) {
        if (i > 0) yield
        const address = recover(digests.subarray(32 * i, 32 * i + 32))
        if (address === undefined) continue
        addresses.set(address, 20 * i)
        valid[i] = 1
      }
      return { addresses, valid }
    },
    *findMatches(digests, target): Generator<undefined, number[]> {
      requireAddress(target)
      const found: number[] = []
      const count = itemCount('digests', digests, 32)
      for (let i = 0; i < count; i += 1) {
        if (i > 0) yield
        if (matches(digests.subarray(32 * i, 32 * i + 32), target)) found.push(i)
      }
      return found
    },
    *findPairs(separators, structHashes, target): Generator<undefined, PairMatch[]> {
      requireAddress(target)
      const found: PairMatch[] = []
      const [rows, columns] = [itemCount('separators', separators, 32), itemCount('struct hashes', structHashes, 32)]
      const prefix = hexToBytes('1901')
      for (let separator = 0; separator < rows; separator += 1) {
        for (let structHash = 0; structHash < columns; structHash += 1) {
          const parts = [
            separators.subarray(32 * separator, 32 * separator + 32),
            structHashes.subarray(32 * structHash, 32 * structHash + 32),
          ]
          if (matches(keccak_256(concatBytes(prefix, ...parts)), target)) found.push({ separator, structHash })
          yield
        }
      }
      return found
    },
  })
}

/** The kernel without WebAssembly. */
export function nobleKernel(): Kernel {
  return {
    backend: 'noble',
    createRecoverer: nobleRecoverer,
    hashWords(messages, words): Uint8Array<ArrayBuffer> {
      const count = messageCount(messages, words)
      const out = new Uint8Array(count * 32)
      for (let i = 0; i < count; i += 1) out.set(keccak_256(messages.subarray(32 * words * i, 32 * words * (i + 1))), 32 * i)
      return out
    },
    hashTexts: (texts): Uint8Array<ArrayBuffer> => concatBytes(...texts.map((text) => keccak_256(text))),
  }
}
