/**
 * Additions of points in affine coordinates, one for each hypothesis of a batch at a time:
 *
 *   λ = (y₂ − y₁)/(x₂ − x₁),  x₃ = λ² − x₁ − x₂,  y₃ = λ(x₁ − x₃) − y₁
 *
 * The divisions of a batch share one inversion (Montgomery): with the running products P_g = d_0 … d_(g−1) and the inverse I of the
 * product of all, going down, 1/d_g = I·P_g and then I becomes I·d_g. That makes 6 multiplications an addition, where the
 * cheapest projective one takes 11. Equal x would make a zero denominator and spoil its whole lane; `invert` reports it, and the caller splits
 * the batch.
 */
import {
  ACCUMULATORS,
  ADDENDS,
  DENOMINATORS,
  ENTRY_BYTES,
  FIELD_BYTES,
  HASHES,
  INVERSE,
  POINT_BYTES,
  POINTERS,
  PRODUCTS,
  SCALAR_BYTES,
  SCALARS,
  STATE,
  WORDS,
  ZERO,
} from '../src/evm/signature/kernel/layout.ts'
import { type Code, i16x8, i32, i32x4, type Local, v128, WasmFunction } from './assembler.ts'
import { temporary } from './field.ts'
import { FIRST_PADDING, squeeze } from './keccak.ts'

type Call = (...operands: readonly Code[]) => Code

const times = (index: Local, size: number, base: number): Code => i32.add(i32.mul(index.get, i32.const(size)), i32.const(base))
const next = (index: Local): Code => i32.add(index.get, i32.const(1))

/** Lanes 0, 1 (or 2, 3) of two vectors, alternating. */
const INTERLEAVE_LOW = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23] as const
const INTERLEAVE_HIGH = [8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31] as const
/** The low (or high) 64 bits of two vectors. */
const JOIN_LOW = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23] as const
const JOIN_HIGH = [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31] as const

/** Turns four vectors, one a point, into four vectors, one a word, or back. */
function transpose(f: WasmFunction, rows: readonly [Local, Local, Local, Local], put: (row: number, value: Code) => Code): Code[] {
  const [a, b, c, d] = rows
  const [t0, t1, t2, t3] = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')]
  return [
    t0.set(v128.shuffle(a.get, b.get, INTERLEAVE_LOW)),
    t1.set(v128.shuffle(c.get, d.get, INTERLEAVE_LOW)),
    t2.set(v128.shuffle(a.get, b.get, INTERLEAVE_HIGH)),
    t3.set(v128.shuffle(c.get, d.get, INTERLEAVE_HIGH)),
    put(0, v128.shuffle(t0.get, t1.get, JOIN_LOW)),
    put(1, v128.shuffle(t0.get, t1.get, JOIN_HIGH)),
    put(2, v128.shuffle(t2.get, t3.get, JOIN_LOW)),
    put(3, v128.shuffle(t2.get, t3.get, JOIN_HIGH)),
  ]
}

/** Four addresses, one a lane, with bit 0 cleared. */
function addressesOf(f: WasmFunction, pointers: Local): readonly [Local, Local, Local, Local] {
  const addresses = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')] as const
  addresses.forEach((address, lane) => {
    f.emit(address.set(i32.and(i32.load(pointers.get, 4 * lane), i32.const(-2))))
  })
  return addresses
}

const advance = (address: Local, size: number): Code => address.set(i32.add(address.get, i32.const(size)))

/** `gather(out, pointers)`: four points of a table, y negated where bit 0 of the pointer is set, become a quad. */
export function gather(): WasmFunction {
  const f = new WasmFunction(['i32', 'i32'])
  const [out, pointers] = [f.parameter(0), f.parameter(1)]
  const sign = f.local('v128')
  const end = f.local('i32')
  const addresses = addressesOf(f, pointers)
  const rows = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')] as const
  const [first] = addresses
  // 0 or −1: (y XOR sign) − sign is y or −y in both halves of a word.
  f.emit(sign.set(i32x4.sub(f.constant('v128', v128.splat32(0)), v128.and(v128.load(pointers.get), v128.splat32(1)))))
  f.emit(end.set(i32.add(first.get, i32.const(ENTRY_BYTES))))
  f.emit(
    WasmFunction.doWhile(
      [
        ...rows.flatMap((row, lane) => {
          const address = addresses[lane]
          return address === undefined ? [] : [row.set(v128.load(address.get)), advance(address, 16)]
        }),
        ...transpose(f, rows, (row, value) => v128.store(out.get, value, 16 * row)),
        advance(out, 64),
      ],
      i32.ltU(first.get, end.get),
    ),
  )
  f.emit(advance(out, -FIELD_BYTES))
  for (let q = 0; q < FIELD_BYTES; q += 16) {
    f.emit(v128.store(out.get, i16x8.sub(v128.xor(v128.load(out.get, q), sign.get), sign.get), q))
  }
  return f
}

/** `scatter(in, pointers)`: the points of a quad go to four places of a table. */
export function scatter(): WasmFunction {
  const f = new WasmFunction(['i32', 'i32'])
  const [source, pointers] = [f.parameter(0), f.parameter(1)]
  const end = f.local('i32')
  const addresses = addressesOf(f, pointers)
  const rows = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')] as const
  f.emit(end.set(i32.add(source.get, i32.const(POINT_BYTES))))
  f.emit(
    WasmFunction.doWhile(
      [
        ...rows.map((row, word) => row.set(v128.load(source.get, 16 * word))),
        ...transpose(f, rows, (lane, value) => {
          const address = addresses[lane]
          return address === undefined ? [] : [...v128.store(address.get, value), ...advance(address, 16)]
        }),
        advance(source, 64),
      ],
      i32.ltU(source.get, end.get),
    ),
  )
  return f
}

/** Runs `body` for each quad, upwards. */
function eachQuad(f: WasmFunction, quads: Local, quad: Local, body: readonly Code[]): void {
  f.emit(WasmFunction.doWhile([...body], i32.ltU(quad.tee(next(quad)), quads.get)))
}

/** `load(quads)`: the accumulators become the points at `POINTERS`. */
export function load(gatherCall: Call): WasmFunction {
  const f = new WasmFunction(['i32'], { exportName: 'load' })
  const quad = f.local('i32')
  eachQuad(f, f.parameter(0), quad, [gatherCall(times(quad, POINT_BYTES, ACCUMULATORS), times(quad, 16, POINTERS))])
  return f
}

/** `save(quads)`: the accumulators go to `POINTERS`. */
export function save(scatterCall: Call): WasmFunction {
  const f = new WasmFunction(['i32'], { exportName: 'save' })
  const quad = f.local('i32')
  eachQuad(f, f.parameter(0), quad, [scatterCall(times(quad, POINT_BYTES, ACCUMULATORS), times(quad, 16, POINTERS))])
  return f
}

/**
 * `prepare(quads)`: gathers the addends from `POINTERS`, and leaves the denominators and their running products.
 * All is gathered first: a multiplication is longer than what the processor looks ahead, so that in one loop each cache miss would be waited for.
 */
export function prepare(gatherCall: Call, differenceCall: Call, multiplyCall: Call): WasmFunction {
  const f = new WasmFunction(['i32'], { exportName: 'prepare' })
  const quad = f.local('i32')
  const addend = f.local('i32')
  eachQuad(f, f.parameter(0), quad, [
    gatherCall(addend.tee(times(quad, POINT_BYTES, ADDENDS)), times(quad, 16, POINTERS)),
    differenceCall(times(quad, FIELD_BYTES, DENOMINATORS), addend.get, times(quad, POINT_BYTES, ACCUMULATORS)),
  ])
  f.emit(quad.set(i32.const(0)))
  eachQuad(f, f.parameter(0), quad, [
    multiplyCall(
      times(quad, FIELD_BYTES, PRODUCTS + FIELD_BYTES),
      times(quad, FIELD_BYTES, PRODUCTS),
      times(quad, FIELD_BYTES, DENOMINATORS),
    ),
  ])
  return f
}

/** `divide(quads)`: inverts the product of all denominators. @returns one bit a lane: set when its product is zero. */
export function divide(invertCall: Call, canonicalCall: Call): WasmFunction {
  const f = new WasmFunction(['i32'], { result: 'i32', exportName: 'divide' })
  f.emit(invertCall(times(f.parameter(0), FIELD_BYTES, PRODUCTS)), canonicalCall(i32.const(WORDS), i32.const(INVERSE)))
  const words = Array.from({ length: 8 }, (_, j) => v128.load(i32.const(0), WORDS + 16 * j))
  f.emit(
    i32x4.bitmask(
      i32x4.eq(
        words.reduce((all, word) => v128.or(all, word)),
        v128.splat32(0),
      ),
    ),
  )
  return f
}

/** `accumulate(quads)`: the accumulators become the sums, given what `prepare` and `divide` left. */
export function accumulate(multiplyCall: Call, differenceCall: Call, subtractCall: Call): WasmFunction {
  const f = new WasmFunction(['i32'], { exportName: 'accumulate' })
  const quad = f.parameter(0)
  const accumulator = f.local('i32')
  const addend = f.local('i32')
  const denominator = f.local('i32')
  const y = i32.add(accumulator.get, i32.const(FIELD_BYTES))
  const inverse = i32.const(INVERSE)
  const zero = i32.const(ZERO)
  const [slope, x, t] = [i32.const(temporary(0)), i32.const(temporary(1)), i32.const(temporary(2))]
  f.emit(
    WasmFunction.doWhile(
      [
        quad.set(i32.sub(quad.get, i32.const(1))),
        accumulator.set(times(quad, POINT_BYTES, ACCUMULATORS)),
        addend.set(times(quad, POINT_BYTES, ADDENDS)),
        denominator.set(times(quad, FIELD_BYTES, DENOMINATORS)),
        multiplyCall(t, inverse, times(quad, FIELD_BYTES, PRODUCTS)),
        multiplyCall(inverse, inverse, denominator.get),
        subtractCall(slope, i32.add(addend.get, i32.const(FIELD_BYTES)), y, zero),
        multiplyCall(slope, slope, t),
        multiplyCall(x, slope, slope),
        subtractCall(x, x, accumulator.get, addend.get),
        differenceCall(t, accumulator.get, x),
        multiplyCall(t, slope, t),
        subtractCall(y, t, y, zero),
        differenceCall(accumulator.get, x, zero),
      ],
      quad.get,
    ),
  )
  return f
}

/**
 * `select(count, bit, mask, sign, base)`: writes to `POINTERS` which table entry each scalar's digit at `bit` asks for.
 *
 * A digit v of w bits stands for the odd number 2v − (2^w − 1), see `scalar.ts`. The table holds the positive ones, entry j = 2j + 1:
 * with the digit's top bit (`sign`) set it is entry v − 2^(w−1), otherwise the negative of entry 2^(w−1) − 1 − v, which is v's other bits inverted.
 * With `sign` 0 the table has an entry for each v. `mask` has the bits that count besides the sign.
 */
export function select(): WasmFunction {
  const f = new WasmFunction(['i32', 'i32', 'i32', 'i32', 'i32'], { exportName: 'select' })
  const [count, bit, mask, sign, base] = [f.parameter(0), f.parameter(1), f.parameter(2), f.parameter(3), f.parameter(4)]
  const index = f.local('i32')
  const digit = f.local('i32')
  const negative = f.local('i32')
  const byte = f.local('i32')
  const entry = i32.add(base.get, i32.mul(digit.get, i32.const(ENTRY_BYTES)))
  f.emit(byte.set(i32.shrU(bit.get, i32.const(3))), bit.set(i32.and(bit.get, i32.const(7))))
  f.emit(
    WasmFunction.doWhile(
      [
        digit.set(i32.shrU(i32.load(i32.add(i32.mul(index.get, i32.const(SCALAR_BYTES)), byte.get), SCALARS), bit.get)),
        negative.set(i32.eqz(i32.eqz(i32.and(i32.xor(digit.get, i32.const(-1)), sign.get)))),
        digit.set(i32.and(i32.xor(digit.get, i32.sub(i32.const(0), negative.get)), mask.get)),
        i32.store(i32.shl(index.get, i32.const(2)), i32.or(entry, negative.get), POINTERS),
      ],
      i32.ltU(index.tee(next(index)), count.get),
    ),
  )
  return f
}

/**
 * `plan(start, count, last, level, base, stride, unit)`: pointers number `start` onwards of a list of lists. Each list has 2^level points `unit`
 * bytes apart (0: the same point each time), and starts `stride` bytes behind the one before. Behind number `last`, that one again.
 */
export function plan(): WasmFunction {
  const f = new WasmFunction(['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], { exportName: 'plan' })
  const [start, count, last, level] = [f.parameter(0), f.parameter(1), f.parameter(2), f.parameter(3)]
  const [base, stride, unit] = [f.parameter(4), f.parameter(5), f.parameter(6)]
  const index = f.local('i32')
  const number = f.local('i32')
  const list = f.local('i32')
  f.emit(
    WasmFunction.doWhile(
      [
        number.set(i32.add(start.get, index.get)),
        number.set(i32.select(number.get, last.get, i32.ltU(number.get, last.get))),
        list.set(i32.shrU(number.get, level.get)),
        number.set(i32.sub(number.get, i32.shl(list.get, level.get))),
        i32.store(
          i32.shl(index.get, i32.const(2)),
          i32.add(base.get, i32.add(i32.mul(list.get, stride.get), i32.mul(number.get, unit.get))),
          POINTERS,
        ),
      ],
      i32.ltU(index.tee(next(index)), count.get),
    ),
  )
  return f
}

/**
 * `touch(address, end)`: reads one word of each cache line. A window's table has usually left the cache since the last batch; in sequence it comes
 * back several times faster than by the random look-ups that follow.
 *
 * @returns the sum of what was read, so that the reads can't be optimised away.
 */
export function touch(): WasmFunction {
  const f = new WasmFunction(['i32', 'i32'], { result: 'i32', exportName: 'touch' })
  const [address, end] = [f.parameter(0), f.parameter(1)]
  const sum = f.local('i32')
  f.emit(
    WasmFunction.doWhile(
      [sum.set(i32.add(sum.get, i32.load(address.get)))],
      i32.ltU(address.tee(i32.add(address.get, i32.const(64))), end.get),
    ),
    sum.get,
  )
  return f
}

/** Byte-reversed 32-bit words of two vectors, alternating: lanes 0 and 1, or 2 and 3. */
const REVERSED_PAIR = [
  [3, 2, 1, 0, 19, 18, 17, 16, 7, 6, 5, 4, 23, 22, 21, 20],
  [11, 10, 9, 8, 27, 26, 25, 24, 15, 14, 13, 12, 31, 30, 29, 28],
] as const

/** `finish(quads)`: writes Keccak-256 of each accumulator, as 64 big-endian bytes, to `HASHES`. */
export function finish(canonicalCall: Call, clearCall: Call, permuteCall: Call): WasmFunction {
  const f = new WasmFunction(['i32'], { exportName: 'finish' })
  const quad = f.local('i32')
  const out = f.local('i32')
  const zero = i32.const(0)
  const body: Code[] = [
    canonicalCall(i32.const(WORDS), times(quad, POINT_BYTES, ACCUMULATORS)),
    canonicalCall(i32.const(WORDS + 128), times(quad, POINT_BYTES, ACCUMULATORS + FIELD_BYTES)),
    out.set(times(quad, 128, HASHES)),
  ]
  for (const pattern of REVERSED_PAIR) {
    body.push(clearCall())
    for (let lane = 0; lane < 8; lane += 1) {
      // The 64-bit word of the sponge holds bytes in little-endian order, so its low half is the more significant word of the number.
      const at = WORDS + (lane < 4 ? 0 : 128) + 16 * (7 - 2 * (lane % 4))
      body.push(v128.store(zero, v128.shuffle(v128.load(zero, at), v128.load(zero, at - 16), pattern), STATE + 16 * lane))
    }
    body.push(v128.store(zero, FIRST_PADDING, STATE + 16 * 8), permuteCall(), ...squeeze(out, 0))
    body.push(advance(out, 64))
  }
  eachQuad(f, f.parameter(0), quad, body)
  return f
}
