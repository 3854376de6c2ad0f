import type { Hex } from '../bytes/hex.ts'

const turnBits = 64n
const turns = (1n << turnBits) - 1n

/** More turns of one key than any account takes: what lies behind was drawn at random. */
const reachable = 1n << 32n

/** A sequential nonce: a key that the payer chooses, and its turn among those of that key, from 0 on. */
export interface SequentialNonce {
  readonly key: bigint
  readonly turn: bigint
  /** Whether an account can come to that turn at all. */
  readonly reachable: boolean
}

/** A nonce as OpenZeppelin's NoncesKeyed reads it: 192 bits of a key, then 64 of its turn. */
export function readSequentialNonce(nonce: Hex): SequentialNonce {
  const value = BigInt(nonce)
  const turn = value & turns
  return { key: value >> turnBits, turn, reachable: turn < reachable }
}
