/**
 * From a digest z to digits of the scalar that multiplies G.
 *
 * The key is Q = C + k·G with k = −z/r mod n (n from SEC 2 v2, section 2.4.1). The lowest B bits b_i of a number K shall stand for ±1 each, the bits above them
 * for 0 or 2: Σ (2 b_i − 1)·2^i over i < B, plus Σ 2 b_i·2^i above, is 2K − (2^B − 1). That is k when K ≡ z·m + a with the constants m = −1/(2r) and
 * a = (2^B − 1)/2 mod n. So the recoding costs one addition, and no digit of the windows is ever zero: no look-up needs a branch.
 *
 * K = REDC(z·m′) + a, with m′ = m·2^256 mod n and REDC Montgomery's reduction by 2^256, is below 2n + n < 2^258, and need not be smaller.
 */
import {
  ADDEND,
  DIGESTS,
  MULTIPLIER,
  ORDER,
  ORDER_INVERSE,
  PRODUCT,
  REVERSED,
  SCALAR_BYTES,
  SCALARS,
} from '../src/evm/signature/kernel/layout.ts'
import { type Code, i32, i64, v128, WasmFunction } from './assembler.ts'

const WORD_COUNT = 8
const BYTES_REVERSED = [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0] as const

/**
 * `recode(count)`: a K at `SCALARS` for each digest at `DIGESTS`.
 *
 * The product and its reduction go word by word (CIOS): T += z_i·m′; then T += q·n with the q that makes T's lowest word zero; then T moves down
 * a word. Each of the two carries fits 32 bits, because (2^32 − 1)² + 2·(2^32 − 1) = 2^64 − 1. T is kept in 64-bit slots that hold 32 bits each.
 */
export function recode(): WasmFunction {
  const f = new WasmFunction(['i32'], { exportName: 'recode' })
  const count = f.parameter(0)
  const index = f.local('i32')
  const word = f.local('i32')
  const address = f.local('i32')
  const z = f.local('i64')
  const q = f.local('i64')
  const low = f.local('i64')
  const sum = f.local('i64')
  const carry = f.local('i64')
  const carryOrder = f.local('i64')
  const lowWord = f.local('i64')
  const zero = i32.const(0)
  const digest = (offset: number): Code => v128.load(i32.shl(index.get, i32.const(5)), DIGESTS + offset)
  const upper = (value: Code): Code => i64.shrU(value, i64.const(32n))
  const slot = (j: number): Code => i64.load(zero, PRODUCT + 8 * j)

  const step: Code[] = [
    z.set(i64.load32(i32.shl(word.get, i32.const(2)), REVERSED)),
    carry.set(i64.const(0n)),
    carryOrder.set(i64.const(0n)),
  ]
  for (let j = 0; j < WORD_COUNT; j += 1) {
    step.push(
      sum.set(i64.add(i64.add(i64.mul(z.get, i64.load32(zero, MULTIPLIER + 4 * j)), slot(j)), carry.get)),
      carry.set(upper(sum.get)),
      low.set(i64.and(sum.get, lowWord.get)),
    )
    if (j === 0) step.push(q.set(i64.and(i64.mul(low.get, i64.load32(zero, ORDER_INVERSE)), lowWord.get)))
    step.push(
      sum.set(i64.add(i64.add(i64.mul(q.get, i64.load32(zero, ORDER + 4 * j)), low.get), carryOrder.get)),
      carryOrder.set(upper(sum.get)),
    )
    // The lowest word has become zero and falls out; each other one moves down.
    if (j > 0) step.push(i64.store(zero, i64.and(sum.get, lowWord.get), PRODUCT + 8 * (j - 1)))
  }
  step.push(
    sum.set(i64.add(i64.add(slot(WORD_COUNT), carry.get), carryOrder.get)),
    i64.store(zero, i64.and(sum.get, lowWord.get), PRODUCT + 8 * (WORD_COUNT - 1)),
    i64.store(zero, upper(sum.get), PRODUCT + 8 * WORD_COUNT),
  )

  const body: Code[] = [
    v128.store(zero, v128.shuffle(digest(16), digest(16), BYTES_REVERSED), REVERSED),
    v128.store(zero, v128.shuffle(digest(0), digest(0), BYTES_REVERSED), REVERSED + 16),
  ]
  for (let j = 0; j <= WORD_COUNT; j += 1) body.push(i64.store(zero, i64.const(0n), PRODUCT + 8 * j))
  body.push(
    word.set(i32.const(0)),
    WasmFunction.doWhile(step, i32.ltU(word.tee(i32.add(word.get, i32.const(1))), i32.const(WORD_COUNT))),
    address.set(i32.mul(index.get, i32.const(SCALAR_BYTES))),
    carry.set(i64.const(0n)),
  )
  for (let j = 0; j < WORD_COUNT; j += 1) {
    body.push(
      sum.set(i64.add(i64.add(slot(j), i64.load32(zero, ADDEND + 4 * j)), carry.get)),
      i64.store32(address.get, sum.get, SCALARS + 4 * j),
      carry.set(upper(sum.get)),
    )
  }
  body.push(i64.store32(address.get, i64.add(slot(WORD_COUNT), carry.get), SCALARS + 4 * WORD_COUNT))
  f.emit(lowWord.set(i64.const(0xffffffffn)), WasmFunction.doWhile(body, i32.ltU(index.tee(i32.add(index.get, i32.const(1))), count.get)))
  return f
}
