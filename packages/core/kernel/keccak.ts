/**
 * Keccak-256 (the padding of 2011 that Ethereum kept, not that of FIPS 202), two messages at a time, one in each 64-bit half of a vector.
 * Permutation: "The Keccak reference", version 3.0, section 1.2.
 */
import { DIGESTS, HASHES, ACCUMULATORS as MESSAGES, PAIRS, ROUND_CONSTANTS, STATE } from '../src/evm/signature/kernel/layout.ts'
import { type Code, i32, i64x2, type Local, v128, WasmFunction } from './assembler.ts'

type Call = (...operands: readonly Code[]) => Code

const ROUNDS = 24
/** Words of the 1088-bit rate. */
const RATE = 17

/** The 24 round constants: bit 2^j − 1 of constant i is output 7i + j of the register x^8 + x^6 + x^5 + x^4 + 1. */
export function roundConstants(): Uint8Array {
  const bytes = new Uint8Array(ROUNDS * 8)
  let register = 1
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let j = 0; j < 7; j += 1) {
      const bit = 2 ** j - 1
      const at = 8 * round + (bit >> 3)
      if (register & 1) bytes[at] = (bytes[at] ?? 0) | (1 << (bit & 7))
      register = (register << 1) ^ ((register >> 7) * 0x171)
    }
  }
  return bytes
}

/** Where word i of the state goes in ρ and π, and by how many bits it rotates. */
function rhoPi(): { readonly to: number; readonly rotation: number }[] {
  const moves = Array.from({ length: 25 }, () => ({ to: 0, rotation: 0 }))
  let [x, y] = [1, 0]
  for (let t = 0; t < 24; t += 1) {
    const [nextX, nextY] = [y, (2 * x + 3 * y) % 5]
    moves[x + 5 * y] = { to: nextX + 5 * nextY, rotation: (((t + 1) * (t + 2)) / 2) % 64 }
    ;[x, y] = [nextX, nextY]
  }
  return moves
}

/** `permute()`: Keccak-f[1600] on the two states at `STATE`. */
export function permute(): WasmFunction {
  const f = new WasmFunction([])
  const vectors = (count: number): Local[] => Array.from({ length: count }, () => f.local('v128'))
  const at = (list: readonly Local[], index: number): Local => {
    const item = list[index]
    if (item === undefined) throw new RangeError(`index ${index} is outside the ${list.length} items`)
    return item
  }
  const a = vectors(25)
  const b = vectors(25)
  const parity = vectors(5)
  const round = f.local('i32')
  const effect = f.local('v128')
  const zero = i32.const(0)
  const rotate = (value: Code, bits: number): Code =>
    bits === 0 ? value : v128.or(i64x2.shl(value, i32.const(bits)), i64x2.shrU(value, i32.const(64 - bits)))

  a.forEach((word, i) => {
    f.emit(word.set(v128.load(zero, STATE + 16 * i)))
  })
  const body: Code[] = []
  parity.forEach((column, x) => {
    const words = [0, 1, 2, 3, 4].map((y) => at(a, x + 5 * y).get)
    body.push(column.set(words.reduce((total, word) => v128.xor(total, word))))
  })
  const moves = rhoPi()
  for (let x = 0; x < 5; x += 1) {
    body.push(effect.set(v128.xor(at(parity, (x + 4) % 5).get, rotate(at(parity, (x + 1) % 5).get, 1))))
    for (let y = 0; y < 5; y += 1) {
      const move = moves[x + 5 * y]
      if (move === undefined) continue
      // Word by word: the effect, then the rotation, then its new place.
      const mixed = at(a, x + 5 * y)
      body.push(mixed.set(v128.xor(mixed.get, effect.get)), at(b, move.to).set(rotate(mixed.get, move.rotation)))
    }
  }
  for (let y = 0; y < 5; y += 1) {
    for (let x = 0; x < 5; x += 1) {
      const [here, one, two] = [at(b, x + 5 * y), at(b, ((x + 1) % 5) + 5 * y), at(b, ((x + 2) % 5) + 5 * y)]
      let value = v128.xor(here.get, v128.andNot(two.get, one.get))
      if (x === 0 && y === 0) value = v128.xor(value, v128.load64Splat(round.get, ROUND_CONSTANTS))
      body.push(at(a, x + 5 * y).set(value))
    }
  }
  f.emit(WasmFunction.doWhile(body, i32.ltU(round.tee(i32.add(round.get, i32.const(8))), i32.const(ROUNDS * 8))))
  a.forEach((word, i) => {
    f.emit(v128.store(zero, word.get, STATE + 16 * i))
  })
  return f
}

/** The byte 0x01 that follows a message of whole words, in both messages. The 0x80 that ends the block is set by `clear`. */
export const FIRST_PADDING = v128.const32(1, 0, 1, 0)

/** `clear()`: two states of zeros, but for the last bit of the rate, which padding sets in a message of one block. */
export function clear(): WasmFunction {
  const f = new WasmFunction([])
  const lane = f.local('i32')
  f.emit(
    WasmFunction.doWhile(
      [v128.store(lane.get, v128.splat32(0), STATE)],
      i32.ltU(lane.tee(i32.add(lane.get, i32.const(16))), i32.const(25 * 16)),
    ),
    v128.store(i32.const(0), LAST_PADDING, STATE + 16 * (RATE - 1)),
  )
  return f
}

const LAST_PADDING = v128.const32(0, 0x80000000, 0, 0x80000000)

/** Writes the first four words of both states as two 32-byte hashes. */
export function squeeze(address: Local, base: number): Code[] {
  const out: Code[] = []
  for (let lane = 0; lane < 4; lane += 1) {
    const value = v128.load(i32.const(0), STATE + 16 * lane)
    out.push(v128.store64Lane(0, address.get, value, base + 8 * lane), v128.store64Lane(1, address.get, value, base + 32 + 8 * lane))
  }
  return out
}

/** Two 64-bit words, from two addresses. */
const loadPair = (first: Code, second: Code, offset: number): Code => v128.load64Lane1(second, v128.load64Zero(first, offset), offset)

/**
 * `digests(count)`: the EIP-712 digest keccak256(0x19 01 ‖ separator ‖ structHash) of each pair of addresses at `PAIRS`, to `DIGESTS`.
 * The 66 bytes stand 16 bits off the words of the sponge, so each word joins 16 bits of one input word with 48 of the next.
 */
export function digests(clearCall: Call, permuteCall: Call): WasmFunction {
  const f = new WasmFunction(['i32'], { exportName: 'digests' })
  const count = f.parameter(0)
  const index = f.local('i32')
  const out = f.local('i32')
  const [separatorA, structA, separatorB, structB] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')] as const
  const word = f.local('v128')
  const before = f.local('v128')
  const zero = i32.const(0)
  const pair = i32.shl(index.get, i32.const(3))
  const body: Code[] = [
    clearCall(),
    separatorA.set(i32.load(pair, PAIRS)),
    structA.set(i32.load(pair, PAIRS + 4)),
    separatorB.set(i32.load(pair, PAIRS + 8)),
    structB.set(i32.load(pair, PAIRS + 12)),
    // So that the first word gets the bytes 0x19 0x01 from "before" it.
    before.set(v128.const32(0, 0x01190000, 0, 0x01190000)),
  ]
  for (let lane = 0; lane < 8; lane += 1) {
    const [first, second] = lane < 4 ? [separatorA, separatorB] : [structA, structB]
    body.push(
      word.set(loadPair(first.get, second.get, 8 * (lane % 4))),
      v128.store(zero, v128.or(i64x2.shl(word.get, i32.const(16)), i64x2.shrU(before.get, i32.const(48))), STATE + 16 * lane),
      before.set(word.get),
    )
  }
  body.push(v128.store(zero, v128.or(i64x2.shrU(before.get, i32.const(48)), v128.const32(0x10000, 0, 0x10000, 0)), STATE + 16 * 8))
  body.push(permuteCall(), out.set(i32.shl(index.get, i32.const(5))), ...squeeze(out, DIGESTS))
  f.emit(WasmFunction.doWhile(body, i32.ltU(index.tee(i32.add(index.get, i32.const(2))), count.get)))
  return f
}

/**
 * `hash(count, words, isWhole)`: Keccak-256 of `count` messages of `words` times 8 bytes that lie one behind the other at `MESSAGES`, to `HASHES`.
 * With an odd count the last one is hashed together with what stands behind it. `isWhole` is 1 for messages of whole words; with 0 the first byte of
 * padding, 0x01, stands in the last word, which must not be the last of a block.
 */
export function hash(clearCall: Call, permuteCall: Call): WasmFunction {
  const f = new WasmFunction(['i32', 'i32', 'i32'], { exportName: 'hash' })
  const [count, words, isWhole] = [f.parameter(0), f.parameter(1), f.parameter(2)]
  const index = f.local('i32')
  const first = f.local('i32')
  const second = f.local('i32')
  const end = f.local('i32')
  const lane = f.local('i32')
  const out = f.local('i32')
  const zero = i32.const(0)
  const mixIn = (address: Code, value: Code, offset: number): Code =>
    v128.store(address, v128.xor(v128.load(address, offset), value), offset)
  const absorb: Code[] = [
    mixIn(lane.get, loadPair(first.get, second.get, MESSAGES), STATE),
    first.set(i32.add(first.get, i32.const(8))),
    second.set(i32.add(second.get, i32.const(8))),
    lane.set(i32.add(lane.get, i32.const(16))),
    // A full block.
    WasmFunction.when(i32.eqz(i32.sub(lane.get, i32.const(16 * RATE))), [permuteCall(), lane.set(i32.const(0))]),
  ]
  f.emit(
    words.set(i32.shl(words.get, i32.const(3))),
    WasmFunction.doWhile(
      [
        clearCall(),
        // The padding comes in with the last block.
        mixIn(zero, LAST_PADDING, STATE + 16 * (RATE - 1)),
        first.set(i32.mul(index.get, words.get)),
        end.set(second.tee(i32.add(first.get, words.get))),
        lane.set(i32.const(0)),
        WasmFunction.doWhile(absorb, i32.ltU(first.get, end.get)),
        WasmFunction.when(isWhole.get, [mixIn(lane.get, FIRST_PADDING, STATE)]),
        mixIn(zero, LAST_PADDING, STATE + 16 * (RATE - 1)),
        permuteCall(),
        out.set(i32.shl(index.get, i32.const(5))),
        ...squeeze(out, HASHES),
      ],
      i32.ltU(index.tee(i32.add(index.get, i32.const(2))), count.get),
    ),
  )
  return f
}
