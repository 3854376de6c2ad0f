/**
 * Arithmetic modulo p = 2^256 − 2^32 − 977 (SEC 2 v2, section 2.4.1), four elements at a time.
 *
 * An element is Σ limb_i·2^(13 i), i = 0 … 19, with signed limbs that may leave [0, 2^13) a little. Two limbs share a 32-bit word, limb 2q
 * low and 2q + 1 high, because one `i32x4.dot_i16x8_s` (pmaddwd on x86) then multiplies and adds two pairs in each of four lanes: eight
 * 16-bit products an instruction, without the widening shuffles that 32-bit limbs need. Thirteen bits is the most that lets twenty
 * products of two limbs add up in 31 bits. `checkBounds` proves that no sum overflows.
 */
import { FIELD_BYTES, INVERSE, TEMPORARIES, ZERO } from '../src/evm/signature/kernel/layout.ts'
import { type Code, i16x8, i32, i32x4, type Local, v128, WasmFunction } from './assembler.ts'

const LIMBS = 20
const PAIRS = LIMBS / 2
const BITS = 13
const LIMB_MASK = (1 << BITS) - 1
/** Limb 19 holds bits 247 to 255 of a reduced value. */
const TOP_BITS = 256 - BITS * (LIMBS - 1)
const TOP_MASK = (1 << TOP_BITS) - 1

/** 2^256 ≡ 977 + 2^32 = 977·2^0 + 64·2^26: limbs 0 and 2. */
const FOLD_0 = 977
const FOLD_2 = 64
/** 2^260 ≡ 16·(977 + 2^32) = 15632·2^0 + 1024·2^26: limbs 0 and 2. */
const HIGH_FOLD_0 = 16 * FOLD_0
const HIGH_FOLD_2 = 16 * FOLD_2

const FIELD_PRIME = 2n ** 256n - 2n ** 32n - 977n

const shift = (bits: number): Code => i32.const(bits)
/** The same 32 bits in each lane. */
const splat = (f: WasmFunction, value: number): Code => f.constant('v128', v128.splat32(value))

/** The words (b_2q, b_2q−1): low half of one vector, high half of the one before. */
const EVEN = [0, 1, 18, 19, 4, 5, 22, 23, 8, 9, 26, 27, 12, 13, 30, 31] as const
/** The words (b_2q+1, b_2q): halves swapped. */
const SWAPPED = [2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13] as const

/**
 * `multiply(out, a, b)`: out = a·b. The three may be the same address.
 *
 * Column k of the product is Σ a_i·b_(k−i). With the pairs A_p = (a_2p, a_2p+1), an even column 2m is Σ A_p·(b_2(m−p), b_2(m−p)−1) and an
 * odd one 2m + 1 is Σ A_p·(b_2(m−p)+1, b_2(m−p)). Columns 20 to 38 are carried first, so that their limbs can be folded into columns 0 to 19
 * (2^260 ≡ 15632 + 1024·2^26) before those are carried; what is then above bit 256 is folded into limbs 0 to 4.
 * All limbs are locals and all stores come last: TurboFan orders pure instructions well, and loads spread among them badly (measured: 2×).
 */
export function multiply(exportName?: string): WasmFunction {
  const f = new WasmFunction(['i32', 'i32', 'i32'], { exportName })
  const [out, a, b] = [f.parameter(0), f.parameter(1), f.parameter(2)]
  const mask = splat(f, LIMB_MASK)
  const lowHalf = splat(f, 0xffff)
  const vectors = (count: number): Local[] => Array.from({ length: count }, () => f.local('v128'))
  const at = <T>(list: readonly T[], index: number): T => {
    const item = list[index]
    if (item === undefined) throw new RangeError(`index ${index} is outside the ${list.length} items`)
    return item
  }
  const left = vectors(PAIRS)
  const even = vectors(PAIRS + 1)
  const odd = vectors(PAIRS)
  const high = vectors(LIMBS)
  const low = vectors(LIMBS)
  const sum = f.local('v128')
  const carry = f.local('v128')

  for (let q = 0; q < PAIRS; q += 1) f.emit(at(left, q).set(v128.load(a.get, 16 * q)))
  for (let q = 0; q < PAIRS; q += 1) f.emit(at(odd, q).set(v128.load(b.get, 16 * q)))
  for (let q = 0; q <= PAIRS; q += 1) {
    const here = q < PAIRS ? at(odd, q).get : splat(f, 0)
    const before = q > 0 ? at(odd, q - 1).get : splat(f, 0)
    f.emit(at(even, q).set(v128.shuffle(here, before, EVEN)))
  }
  for (const word of odd) f.emit(word.set(v128.shuffle(word.get, word.get, SWAPPED)))

  const column = (k: number): Code => {
    const right = k % 2 === 0 ? even : odd
    const m = k >> 1
    // Which product comes first decides how many operands are fetched again from the stack, and those loads are what limits the speed.
    // TurboFan works on four or five columns at a time, each two steps behind the one before (an addition and a shift carry over), so each
    // column starts its round two pairs earlier: columns then ask for the same pair at the same time (373 reloads instead of 465).
    const terms = left.flatMap((pair, p) => {
      const other = right[m - p]
      return other === undefined ? [] : [{ turn: (4 * LIMBS - 1 - 2 * k - p) % PAIRS, product: i32x4.dot(pair.get, other.get) }]
    })
    return terms
      .sort((one, two) => one.turn - two.turn)
      .map(({ product }) => product)
      .reduce((total, product) => i32x4.add(total, product))
  }

  for (let k = LIMBS; k < 2 * LIMBS - 1; k += 1) {
    const total = k === LIMBS ? column(k) : i32x4.add(column(k), carry.get)
    f.emit(sum.set(total), at(high, k - LIMBS).set(v128.and(sum.get, mask)), carry.set(i32x4.shrS(sum.get, shift(BITS))))
  }
  // The last one keeps its sign: the product may be negative.
  f.emit(at(high, LIMBS - 1).set(carry.get))

  const highFold = splat(f, HIGH_FOLD_0 | (HIGH_FOLD_2 << 16))
  for (let k = 0; k < LIMBS; k += 1) {
    const limb = k === LIMBS - 1 ? v128.and(at(high, k).get, lowHalf) : at(high, k).get
    const pair = k < 2 ? limb : v128.or(limb, i32x4.shl(at(high, k - 2).get, shift(16)))
    const total = i32x4.add(column(k), i32x4.dot(pair, highFold))
    f.emit(sum.set(k === 0 ? total : i32x4.add(total, carry.get)))
    if (k < LIMBS - 1) f.emit(at(low, k).set(v128.and(sum.get, mask)), carry.set(i32x4.shrS(sum.get, shift(BITS))))
  }
  f.emit(at(low, LIMBS - 1).set(v128.and(sum.get, splat(f, TOP_MASK))))

  // Above bit 256: what limb 19 had too much; high limb 18, folded, at 2^260 (1024·2^4 = 2^14); high limb 19 at 2^273 (1024·2^17 = 2·2^26).
  const [over, overLow, overHigh] = [at(high, 0), at(high, 1), at(high, 2)]
  const last = at(high, LIMBS - 1)
  f.emit(
    over.set(i32x4.add(i32x4.shrS(sum.get, shift(TOP_BITS)), i32x4.shl(at(high, LIMBS - 2).get, shift(14)))),
    overLow.set(v128.and(over.get, mask)),
    overHigh.set(i32x4.shrS(over.get, shift(BITS))),
    last.set(i32x4.shl(last.get, shift(1))),
  )
  // `dot` with a zero high half is the cheap multiplication; a negative factor needs its sign bits cut off for that.
  const times977 = (limb: Code): Code => i32x4.dot(v128.and(limb, lowHalf), splat(f, FOLD_0))
  const times64 = (limb: Code): Code => i32x4.shl(limb, shift(6))
  const folded = [
    times977(overLow.get),
    times977(overHigh.get),
    i32x4.add(times64(overLow.get), times977(last.get)),
    times64(overHigh.get),
    times64(last.get),
  ]
  folded.forEach((addend, k) => {
    const limb = at(low, k)
    const total = i32x4.add(limb.get, addend)
    f.emit(
      sum.set(k === 0 ? total : i32x4.add(total, carry.get)),
      limb.set(v128.and(sum.get, mask)),
      carry.set(i32x4.shrS(sum.get, shift(BITS))),
    )
  })
  f.emit(at(low, 5).set(i32x4.add(at(low, 5).get, carry.get)))
  for (let q = 0; q < PAIRS; q += 1) {
    const pair = v128.or(at(low, 2 * q).get, i32x4.shl(at(low, 2 * q + 1).get, shift(16)))
    f.emit(v128.store(out.get, pair, 16 * q))
  }
  return f
}

/** `difference(out, a, b)`: out = a − b, limb by limb, with nothing carried: good for one factor of a multiplication. */
export function difference(exportName?: string): WasmFunction {
  const f = new WasmFunction(['i32', 'i32', 'i32'], { exportName })
  const [out, a, b] = [f.parameter(0), f.parameter(1), f.parameter(2)]
  for (let q = 0; q < PAIRS; q += 1) {
    f.emit(v128.store(out.get, i16x8.sub(v128.load(a.get, 16 * q), v128.load(b.get, 16 * q)), 16 * q))
  }
  return f
}

/**
 * `subtract(out, a, b, c)`: out = a − b − c, carried once: each limb hands its carry to the next one, all at the same time, and limb 19
 * hands what is above bit 256 to limbs 0 and 2. `out` may be one of the others.
 */
export function subtract(exportName?: string): WasmFunction {
  const f = new WasmFunction(['i32', 'i32', 'i32', 'i32'], { exportName })
  const [out, a, b, c] = [f.parameter(0), f.parameter(1), f.parameter(2), f.parameter(3)]
  const lowHalf = splat(f, 0xffff)
  const limbs = Array.from({ length: PAIRS }, () => f.local('v128'))
  const top = f.local('v128')
  const carry = f.local('v128')
  const previous = f.local('v128')
  limbs.forEach((limb, q) => {
    const ab = i16x8.sub(v128.load(a.get, 16 * q), v128.load(b.get, 16 * q))
    f.emit(limb.set(i16x8.sub(ab, v128.load(c.get, 16 * q))))
  })
  const last = limbs.at(-1)
  if (last === undefined) return f
  f.emit(top.set(i32x4.shrS(last.get, shift(16 + TOP_BITS))))
  limbs.forEach((limb, q) => {
    const pairMask = q === PAIRS - 1 ? LIMB_MASK | (TOP_MASK << 16) : LIMB_MASK | (LIMB_MASK << 16)
    f.emit(carry.set(i16x8.shrS(limb.get, shift(BITS))))
    let value = v128.and(limb.get, splat(f, pairMask))
    value = i16x8.add(value, i32x4.shl(carry.get, shift(16)))
    if (q > 0) value = i16x8.add(value, i32x4.shrU(previous.get, shift(16)))
    if (q === 0) value = i16x8.add(value, v128.and(i32x4.mul(top.get, splat(f, FOLD_0)), lowHalf))
    if (q === 1) value = i16x8.add(value, v128.and(i32x4.shl(top.get, shift(6)), lowHalf))
    f.emit(v128.store(out.get, value, 16 * q), previous.set(carry.get))
  })
  return f
}

/**
 * `canonical(out, in)`: the element as a number in [0, p), eight vectors of 32-bit words, least significant first.
 *
 * p is added to make the value positive; it is then below 2^257. Folding what is above bit 256 leaves less than 2^256 + 2·(2^32 + 977) < 2p,
 * and v ≥ p exactly when v + 2^32 + 977 reaches bit 256, in which case v − p is what stands below that bit.
 */
export function canonical(exportName?: string): WasmFunction {
  const f = new WasmFunction(['i32', 'i32'], { exportName })
  const [out, source] = [f.parameter(0), f.parameter(1)]
  const limbs = Array.from({ length: LIMBS }, () => f.local('v128'))
  const reduced = Array.from({ length: LIMBS }, () => f.local('v128'))
  const word = f.local('v128')
  const sum = f.local('v128')
  const over = f.local('v128')
  const primeLimb = (i: number): number => Number((FIELD_PRIME >> BigInt(BITS * i)) & BigInt(LIMB_MASK))

  /** Carries from limb 0 to limb 19; `over` becomes what is above bit 256. */
  const chain = (target: readonly Local[], value: (i: number) => Code): void => {
    target.forEach((limb, i) => {
      const bits = i === LIMBS - 1 ? TOP_BITS : BITS
      f.emit(
        sum.set(i === 0 ? value(i) : i32x4.add(value(i), over.get)),
        limb.set(v128.and(sum.get, splat(f, (1 << bits) - 1))),
        over.set(i32x4.shrS(sum.get, shift(bits))),
      )
    })
  }
  const limbAt = (i: number): Code => {
    const limb = limbs[i]
    if (limb === undefined) throw new RangeError(`there is no limb ${i}`)
    return limb.get
  }
  for (let q = 0; q < PAIRS; q += 1) {
    const [evenLimb, oddLimb] = [limbs[2 * q], limbs[2 * q + 1]]
    if (evenLimb === undefined || oddLimb === undefined) continue
    f.emit(
      word.set(v128.load(source.get, 16 * q)),
      evenLimb.set(i32x4.shrS(i32x4.shl(word.get, shift(16)), shift(16))),
      oddLimb.set(i32x4.shrS(word.get, shift(16))),
    )
  }
  chain(limbs, (i) => i32x4.add(limbAt(i), splat(f, primeLimb(i))))
  f.emit(word.set(over.get))
  chain(limbs, (i) => {
    if (i === 0) return i32x4.add(limbAt(i), i32x4.mul(word.get, splat(f, FOLD_0)))
    return i === 2 ? i32x4.add(limbAt(i), i32x4.shl(word.get, shift(6))) : limbAt(i)
  })
  // A carry out of this second chain stays counted: limb 19 takes it back, so that the third chain sees the whole value.
  const whole = (i: number): Code => (i === LIMBS - 1 ? v128.or(limbAt(i), i32x4.shl(word.get, shift(TOP_BITS))) : limbAt(i))
  f.emit(word.set(over.get))
  chain(reduced, (i) => {
    if (i === 0) return i32x4.add(whole(i), splat(f, FOLD_0))
    return i === 2 ? i32x4.add(whole(i), splat(f, FOLD_2)) : whole(i)
  })
  // All ones where the value was below p.
  f.emit(over.set(i32x4.eq(over.get, splat(f, 0))))
  limbs.forEach((limb, i) => {
    const other = reduced[i]
    if (other !== undefined) f.emit(limb.set(v128.select(limb.get, other.get, over.get)))
  })
  for (let j = 0; j < 8; j += 1) {
    const parts = limbs.flatMap((limb, i) => {
      const distance = BITS * i - 32 * j
      if (distance <= -BITS || distance >= 32) return []
      return [distance < 0 ? i32x4.shrU(limb.get, shift(-distance)) : i32x4.shl(limb.get, shift(distance))]
    })
    f.emit(
      v128.store(
        out.get,
        parts.reduce((total, part) => v128.or(total, part)),
        16 * j,
      ),
    )
  }
  return f
}

/** `power(out, in, squarings, factor)`: out = in^(2^squarings)·factor, with at least one squaring; `out` may be neither of the others. */
export function power(multiplyCall: (...operands: readonly Code[]) => Code): WasmFunction {
  const f = new WasmFunction(['i32', 'i32', 'i32', 'i32'])
  const [out, source, squarings, factor] = [f.parameter(0), f.parameter(1), f.parameter(2), f.parameter(3)]
  f.emit(
    WasmFunction.doWhile(
      [multiplyCall(out.get, source.get, source.get), source.set(out.get)],
      squarings.tee(i32.sub(squarings.get, i32.const(1))),
    ),
    multiplyCall(out.get, out.get, factor.get),
  )
  return f
}

/**
 * The steps of in^(p − 2): p − 2 in binary is 223 ones, a zero, 22 ones, four zeros, 101101. `ones(k)` is in^(2^k − 1), and
 * ones(j + k) = ones(j)^(2^k)·ones(k). Slot 0 holds the input. [out, in, squarings, factor] by slot.
 */
const INVERSION: readonly (readonly [number, number, number, number])[] = [
  [1, 0, 1, 0], // ones(2)
  [2, 1, 1, 0], // ones(3)
  [3, 2, 3, 2], // ones(6)
  [4, 3, 3, 2], // ones(9)
  [3, 4, 2, 1], // ones(11)
  [4, 3, 11, 3], // ones(22)
  [5, 4, 22, 4], // ones(44)
  [6, 5, 44, 5], // ones(88)
  [7, 6, 88, 6], // ones(176)
  [6, 7, 44, 5], // ones(220)
  [5, 6, 3, 2], // ones(223)
  [6, 5, 23, 4],
  [5, 6, 5, 0],
  [6, 5, 3, 1],
  [5, 6, 2, 0],
]
const INVERSION_RESULT = 5

/** Slots of temporary elements that are free while nothing is inverted. */
export const temporary = (slot: number): number => TEMPORARIES + slot * FIELD_BYTES

/** `invert(in)`: `INVERSE` = in^(p − 2), which is 1/in, or 0 for 0 (Fermat). */
export function invert(
  powerCall: (...operands: readonly Code[]) => Code,
  differenceCall: (...operands: readonly Code[]) => Code,
): WasmFunction {
  const f = new WasmFunction(['i32'])
  const slot = (index: number): Code => i32.const(temporary(index))
  f.emit(differenceCall(slot(0), f.parameter(0).get, i32.const(ZERO)))
  for (const [out, source, squarings, factor] of INVERSION) {
    f.emit(powerCall(slot(out), slot(source), i32.const(squarings), slot(factor)))
  }
  f.emit(differenceCall(i32.const(INVERSE), slot(INVERSION_RESULT), i32.const(ZERO)))
  return f
}

interface Range {
  readonly least: number
  readonly most: number
}

/**
 * Interval arithmetic over the limbs: which values can occur after any number of additions of points, and does every sum fit its lane?
 *
 * @throws RangeError when one does not, so that a change to the generator that breaks the bounds can't be built.
 * @returns the largest magnitude of a product column, for the record.
 */
export function checkBounds(): number {
  const within = (what: string, range: Range, bits: number): Range => {
    if (range.least < -(2 ** (bits - 1)) || range.most >= 2 ** (bits - 1)) {
      throw new RangeError(`${what} spans ${range.least} to ${range.most}, which does not fit ${bits} bits`)
    }
    return range
  }
  const limb = (value: (i: number) => Range): Range[] => Array.from({ length: LIMBS }, (_, i) => value(i))
  const pick = (element: readonly Range[], i: number): Range => element[i] ?? { least: 0, most: 0 }
  const minus = (a: readonly Range[], b: readonly Range[]): Range[] =>
    limb((i) =>
      within(`limb ${i} of a difference`, { least: pick(a, i).least - pick(b, i).most, most: pick(a, i).most - pick(b, i).least }, 16),
    )
  const join = (a: readonly Range[], b: readonly Range[]): Range[] =>
    limb((i) => ({ least: Math.min(pick(a, i).least, pick(b, i).least), most: Math.max(pick(a, i).most, pick(b, i).most) }))
  const magnitude = (range: Range): number => Math.max(-range.least, range.most)
  const shifted = (range: Range, bits: number): Range => ({
    least: Math.floor(range.least / 2 ** bits),
    most: Math.floor(range.most / 2 ** bits),
  })

  const carried = (a: readonly Range[]): Range[] => {
    const top = shifted(pick(a, LIMBS - 1), TOP_BITS)
    return limb((i) => {
      const carry = i === 0 ? { least: 0, most: 0 } : shifted(pick(a, i - 1), BITS)
      const fold = i === 0 ? FOLD_0 : i === 2 ? FOLD_2 : 0
      const limbMost = i === LIMBS - 1 ? TOP_MASK : LIMB_MASK
      return within(`carried limb ${i}`, { least: carry.least + fold * top.least, most: limbMost + carry.most + fold * top.most }, 16)
    })
  }

  let widest = 0
  const product = (a: readonly Range[], b: readonly Range[]): Range[] => {
    const columns = Array.from({ length: 2 * LIMBS - 1 }, (_, k) => {
      let total = 0
      for (let i = Math.max(0, k - LIMBS + 1); i <= Math.min(k, LIMBS - 1); i += 1)
        total += magnitude(pick(a, i)) * magnitude(pick(b, k - i))
      return total
    })
    let carry = 0
    for (let k = LIMBS; k < 2 * LIMBS - 1; k += 1) {
      const total = (columns[k] ?? 0) + carry
      within(`column ${k}`, { least: -total, most: total }, 32)
      carry = Math.ceil(total / 2 ** BITS)
    }
    const last = carry
    within('the highest limb', { least: -last, most: last }, 16)
    carry = 0
    let top = 0
    for (let k = 0; k < LIMBS; k += 1) {
      const h = k === LIMBS - 1 ? Math.max(last, LIMB_MASK) : LIMB_MASK
      top = (columns[k] ?? 0) + HIGH_FOLD_0 * h + HIGH_FOLD_2 * LIMB_MASK + carry
      widest = Math.max(widest, top)
      within(`column ${k}`, { least: -top, most: top }, 32)
      carry = Math.ceil(top / 2 ** BITS)
    }
    const over = within('what is above bit 256', { least: -(top / 2 ** TOP_BITS) - 1, most: top / 2 ** TOP_BITS + LIMB_MASK * 2 ** 14 }, 32)
    const overHigh = Math.ceil(magnitude(over) / 2 ** BITS)
    within('the factor of 977', { least: -Math.max(overHigh, 2 * last), most: Math.max(overHigh, 2 * last) }, 16)
    let chain = 0
    for (const addend of [
      FOLD_0 * LIMB_MASK,
      FOLD_0 * overHigh,
      FOLD_2 * LIMB_MASK + FOLD_0 * 2 * last,
      FOLD_2 * overHigh,
      FOLD_2 * 2 * last,
    ]) {
      within('a folded limb', { least: -(addend + chain + LIMB_MASK), most: addend + chain + LIMB_MASK }, 32)
      chain = Math.ceil((addend + chain + LIMB_MASK) / 2 ** BITS)
    }
    return limb((i) => ({ least: i === 5 ? -chain : 0, most: i === LIMBS - 1 ? TOP_MASK : LIMB_MASK + (i === 5 ? chain : 0) }))
  }

  // Coordinates start as reduced numbers, and stay within a range that the steps of an addition map into itself.
  let coordinate: Range[] = limb((i) => ({ least: 0, most: i === LIMBS - 1 ? TOP_MASK : LIMB_MASK }))
  for (let round = 0; round < 8; round += 1) {
    const signedY = join(
      coordinate,
      limb((i) => ({ least: -pick(coordinate, i).most, most: -pick(coordinate, i).least })),
    )
    const gap = minus(coordinate, coordinate)
    const reduced = join(product(gap, gap), product(gap, coordinate))
    const numerator = carried(minus(signedY, coordinate))
    const slope = product(numerator, reduced)
    const x = carried(minus(minus(slope, coordinate), coordinate))
    const y = carried(minus(product(slope, minus(coordinate, x)), coordinate))
    const next = join(coordinate, join(join(x, y), reduced))
    if (JSON.stringify(next) === JSON.stringify(coordinate)) return widest
    coordinate = next
  }
  throw new RangeError('the bounds of a coordinate did not settle')
}
