/**
 * Which key signed this signature, if the digest was that one? Asked of one signature under thousands of digests.
 *
 * From SEC 1 v2, section 4.1.6: with R the point whose x is r, the key is Q(z) = r⁻¹(s·R − z·G) = C − (z/r)·G. C does not depend on the digest, so
 * a hypothesis costs one multiplication of the fixed point G.
 */

import { bytesToHex } from '@noble/hashes/utils.js'
import { Eip3009Error } from '../../../errors/eip3009-error.ts'
import { atOnce } from '../gradual.ts'

/**
 * An ECDSA signature as `ecrecover` takes it. Numbers of any size are accepted, as 32 big-endian bytes or as bigints: one that `ecrecover` refuses
 * (r or s zero, or not below the order of the curve; r not the x of a point) has no key under any digest. High s is valid here.
 */
export interface RecoverableSignature {
  readonly r: bigint | Uint8Array
  readonly s: bigint | Uint8Array
  /** 0: R's y is even (v 27); 1: odd (v 28). */
  readonly yParity: 0 | 1
}

/** What was recovered from n digests. */
export interface RecoveredAddresses {
  /** n times 20 bytes; zeros where there is no key. */
  readonly addresses: Uint8Array<ArrayBuffer>
  /** n bytes: 1 where there is a key. */
  readonly valid: Uint8Array<ArrayBuffer>
}

/** Positions in two lists: which domain separator and which struct hash. */
export interface PairMatch {
  readonly separator: number
  readonly structHash: number
}

/**
 * The questions of a `Recoverer`, answered about a millisecond at a time: every `yield` is a moment to let others have their turn, who may ask the same
 * kernel meanwhile. `more` is how many hypotheses are to come in all, where the caller knows: the tables are made for as many.
 */
export interface RecovererInTurns {
  recoverAddresses(digests: Uint8Array, more?: number): Generator<undefined, RecoveredAddresses>
  findMatches(digests: Uint8Array, target: Uint8Array, more?: number): Generator<undefined, number[]>
  findPairs(separators: Uint8Array, structHashes: Uint8Array, target: Uint8Array, more?: number): Generator<undefined, PairMatch[]>
}

/** Recovers one signature under many digests. */
export interface Recoverer {
  readonly inTurns: RecovererInTurns

  /**
   * @param digests n times 32 bytes.
   * @throws Eip3009Error (`invalid-argument`) when the length is not a multiple of 32.
   */
  recoverAddresses(digests: Uint8Array): RecoveredAddresses

  /**
   * @param digests n times 32 bytes.
   * @param target the address, 20 bytes.
   * @returns the positions of the digests under which the signature is the target's, ascending.
   * @throws Eip3009Error (`invalid-argument`) when a length is wrong.
   */
  findMatches(digests: Uint8Array, target: Uint8Array): number[]

  /**
   * Tries each domain separator with each struct hash, under the EIP-712 digest keccak256(0x1901 ‖ separator ‖ structHash).
   *
   * @param separators m times 32 bytes.
   * @param structHashes n times 32 bytes.
   * @param target the address, 20 bytes.
   * @returns the pairs under which the signature is the target's, by separator, then by struct hash.
   * @throws Eip3009Error (`invalid-argument`) when a length is wrong.
   */
  findPairs(separators: Uint8Array, structHashes: Uint8Array, target: Uint8Array): PairMatch[]
}

/** Makes recoverers, and hashes what they are asked about. Holds the tables: make one a thread and keep it. */
export interface Kernel {
  /** `wasm`: the SIMD kernel. `noble`: the same answers, some hundred times slower, where there is no WebAssembly or no SIMD. */
  readonly backend: 'wasm' | 'noble'

  /**
   * @param expectedHypotheses how many digests will be tried in all, when the caller knows: a larger table of multiples of G is then
   * built at the first question. Without it, each call decides by its own number of digests.
   */
  createRecoverer(signature: RecoverableSignature, expectedHypotheses?: number): Recoverer

  /**
   * Keccak-256 of n messages of the same number of 32-byte words, such as the seven of an EIP-3009 struct hash (type hash, from, to, value,
   * validAfter, validBefore, nonce) or the five of a domain separator.
   *
   * @param messages n times 32·words bytes.
   * @returns n times 32 bytes.
   * @throws Eip3009Error (`invalid-argument`) when `words` is not from 1 to 1024, or the length not a multiple of 32·words.
   */
  hashWords(messages: Uint8Array, words: number): Uint8Array<ArrayBuffer>

  /**
   * Keccak-256 of messages of any lengths, such as type strings. Quick where many have the same length.
   *
   * @returns 32 bytes for each.
   */
  hashTexts(texts: readonly Uint8Array[]): Uint8Array<ArrayBuffer>
}

/** A recoverer that answers in turns where it is asked to, and at once else. */
export function inTurns(turns: RecovererInTurns): Recoverer {
  return {
    inTurns: turns,
    recoverAddresses: (digests) => atOnce(turns.recoverAddresses(digests)),
    findMatches: (digests, target) => atOnce(turns.findMatches(digests, target)),
    findPairs: (separators, structHashes, target) => atOnce(turns.findPairs(separators, structHashes, target)),
  }
}

/** The number in big-endian bytes of any length. */
export function toBigint(value: bigint | Uint8Array): bigint {
  return typeof value === 'bigint' ? value : BigInt(`0x0${bytesToHex(value)}`)
}

/** The longest message that `hashWords` takes. */
const MOST_WORDS = 1024

/** @returns how many items of `size` bytes there are. */
export function itemCount(what: string, bytes: Uint8Array, size: number): number {
  if (bytes.length % size !== 0) {
    throw new Eip3009Error('invalid-argument', `The ${what} are ${bytes.length} bytes long in all; a multiple of ${size} was expected.`)
  }
  return bytes.length / size
}

/** @returns how many messages there are. */
export function messageCount(messages: Uint8Array, words: number): number {
  if (!Number.isInteger(words) || words < 1 || words > MOST_WORDS) {
    throw new Eip3009Error(
      'invalid-argument',
      `Messages of ${words} words were asked for; a whole number from 1 to ${MOST_WORDS} was expected.`,
    )
  }
  return itemCount('messages', messages, 32 * words)
}

export function requireAddress(target: Uint8Array): void {
  if (target.length !== 20) {
    throw new Eip3009Error('invalid-argument', `The target address is ${target.length} bytes long; 20 were expected.`)
  }
}
