/**
 * Drives the WebAssembly kernel.
 *
 * A hypothesis asks for Q = C + k·G with a new k each (`scalar.ts` in the generator turns the digest into the digits of k). The 258 digits ±1 are cut into
 * windows of w bits, and for each window there is a table of the odd multiples that it can stand for; the digits above the last window
 * select from a small table of the signature's own, which has C inside. So Q is one look-up and W = ⌊258/w⌋ additions.
 *
 * The additions are affine: a batch of 4096 hypotheses goes through one window together and shares one inversion (`curve.ts` in the generator).
 * Wider windows save additions and cost table: W·2^(w−1) additions to build, so the width follows from the number of hypotheses.
 */
import { normalizeZ } from '@noble/curves/abstract/curve.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { createKeccakState, keccakInto } from '../../../bytes/keccak.ts'
import { atOnce } from '../gradual.ts'
import {
  ACCUMULATORS,
  ADDEND,
  CAPACITY,
  DIGESTS,
  ENTRY_BYTES,
  HASHES,
  LANES,
  MESSAGES_BYTES,
  MULTIPLIER,
  OFFSET_ENTRIES,
  OFFSETS,
  ORDER,
  ORDER_INVERSE,
  PAIRS,
  POWERS,
  PRODUCTS,
  SCALAR_BITS,
  SEPARATORS,
  STRUCTS,
  TABLES,
} from './layout.ts'
import { nobleRecoverer } from './noble.ts'
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

/** What the module exports; see the generator's docstrings for the functions. */
export interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  load(quads: number): void
  save(quads: number): void
  prepare(quads: number): void
  divide(quads: number): number
  accumulate(quads: number): void
  select(count: number, bit: number, mask: number, sign: number, base: number): void
  plan(start: number, count: number, last: number, level: number, base: number, stride: number, unit: number): void
  touch(address: number, end: number): number
  recode(count: number): void
  finish(quads: number): void
  digests(count: number): void
  hash(count: number, words: number, isWhole: 0 | 1): void
}

const { Point } = secp256k1
type CurvePoint = InstanceType<typeof Point>

const LIMB_BITS = 13
const LIMB_MASK = (1 << LIMB_BITS) - 1
/** Four limbs: as many as a number holds exactly. */
const CHUNK_BITS = 4 * LIMB_BITS
const WORDS_PER_FIELD = 10

/** Below so many digests the reference is faster than building even the smallest table. */
const SMALLEST_BATCH = 4

/** One inversion takes as long as about so many additions. */
const INVERSION_ADDITIONS = 180

/** More than this changes no choice. */
const MOST_EXPECTED = 1e9

const NARROWEST = 5
/** Beyond this, fetching from a larger table costs what the additions save (measured with 14 and 15 bits: 10 and 22 MB of table). */
const WIDEST = 13

/** How the scalar is cut: `windows` of `width` bits from the bottom, and `rest` bits above them. */
interface Cut {
  readonly width: number
  readonly windows: number
  readonly rest: number
}

function cutInto(width: number): Cut {
  const windows = Math.floor(SCALAR_BITS / width)
  return { width, windows, rest: SCALAR_BITS - windows * width }
}

/** Additions, and what is worth an addition, that `count` hypotheses take with this cut. */
function cost(cut: Cut, count: number, isBuilt: boolean): number {
  const batches = Math.ceil(count / CAPACITY)
  const table = cut.windows * 2 ** (cut.width - 1)
  const build = isBuilt ? 0 : table + INVERSION_ADDITIONS * (cut.width + table / CAPACITY)
  return count * cut.windows + batches * cut.windows * INVERSION_ADDITIONS + 2 ** cut.rest + cut.rest * INVERSION_ADDITIONS + build
}

/** A coordinate as ten words of two limbs each. */
function packField(value: bigint): number[] {
  return Array.from({ length: WORDS_PER_FIELD / 2 }, (_, i) => {
    const chunk = Number(BigInt.asUintN(CHUNK_BITS, value >> BigInt(CHUNK_BITS * i)))
    const high = Math.floor(chunk / 2 ** (2 * LIMB_BITS))
    return [chunk, high].map((pair) => (pair & LIMB_MASK) | (((pair >>> LIMB_BITS) & LIMB_MASK) << 16))
  }).flat()
}

const roundUp = (count: number, unit: number): number => Math.ceil(count / unit) * unit

/** So many hypotheses take no turns: three or four milliseconds. */
const IN_ONE_TURN = 1024

/** Powers that are made in one go: a millisecond of noble's doublings. */
const POWERS_AT_ONCE = 64

/** The same point without the table that noble makes of G when it is first multiplied, which takes 34 ms. */
const withoutTable = (point: CurvePoint): CurvePoint => Point.fromAffine(point.toAffine())

/** Called with hashes of public keys that lie one behind the other, the first of them for digest number `first`. None: no key. */
type Sink = (first: number, hashes: Uint8Array | undefined) => void

/** What a signature brings to the kernel. */
interface Loaded {
  readonly multiplier: bigint
  /** C, the part of the key that no digest changes. */
  readonly constant: CurvePoint
  readonly reference: Recoverer
}

/**
 * Multiples of G by which C is moved, and the scalars back, when C itself collides with a multiple that the tables hold: such a signature can be made
 * on purpose, but not for two unrelated numbers. The numbers are the first hexadecimal digits of π's fraction.
 */
const DETOURS = [
  0n,
  0x243f6a8885a308d313198a2e03707344a4093822299f31d0082efa98ec4e6c89n,
  0x452821e638d01377be5466cf34e90c6cc0ac29b7c97c50ddn,
]

/**
 * The kernel over an instance of the module. All state is in here: the instance's memory, which tables it holds, and whose constants.
 */
export function wasmKernel(wasm: KernelExports): Kernel {
  const { Fn } = Point
  const tables = new Map<number, number>()
  let freeAt = TABLES
  let hasPowers = false
  /** Whose `OFFSETS`, `MULTIPLIER` and `ADDEND` are in memory, and for which width. */
  let active: { readonly loaded: Loaded; readonly width: number } | undefined
  /** Counts what overwrites a batch that somebody works on: searches with one kernel take turns. */
  let uses = 0

  // Growing the memory detaches its buffer, so views are made where they are used.
  const bytes = (address: number, length: number): Uint8Array => new Uint8Array(wasm.memory.buffer, address, length)
  const words = (address: number, length: number): Uint32Array => new Uint32Array(wasm.memory.buffer, address, length)

  const writeScalar = (address: number, value: bigint): void => {
    words(address, 8).set(Array.from({ length: 8 }, (_, j) => Number((value >> BigInt(32 * j)) & 0xffffffffn)))
  }
  const writePoint = (address: number, point: { readonly x: bigint; readonly y: bigint }): void => {
    words(address, 2 * WORDS_PER_FIELD).set([...packField(point.x), ...packField(point.y)])
  }

  writeScalar(ORDER, Fn.ORDER)
  // −n⁻¹ mod 2^32: six Newton steps from n·n ≡ 1 mod 8.
  let inverse = Fn.ORDER
  for (let step = 0; step < 6; step += 1) inverse = BigInt.asUintN(32, inverse * (2n - Fn.ORDER * inverse))
  words(ORDER_INVERSE, 1)[0] = Number(BigInt.asUintN(32, -inverse))
  // Entry 0 of the running products is 1 in all lanes.
  words(PRODUCTS, LANES).fill(1)

  const reserve = (size: number): number => {
    const at = freeAt
    freeAt += roundUp(size, 16)
    const missing = freeAt - wasm.memory.buffer.byteLength
    if (missing > 0) wasm.memory.grow(Math.ceil(missing / 65536))
    return at
  }

  function* writePowers(): Generator<undefined, void> {
    if (hasPowers) return
    let point = Point.BASE
    for (let first = 0; first <= SCALAR_BITS; first += POWERS_AT_ONCE) {
      const points: CurvePoint[] = []
      for (let i = first; i <= SCALAR_BITS && i < first + POWERS_AT_ONCE; i += 1) {
        points.push(point)
        point = point.double()
      }
      for (const [i, power] of normalizeZ(Point, points).entries()) writePoint(POWERS + (first + i) * ENTRY_BYTES, power)
      yield
    }
    hasPowers = true
  }
  const power = (i: number): number => POWERS + i * ENTRY_BYTES

  /** Adds the point that `POINTERS` gives to each accumulator. @returns false when two had the same x: the accumulators are then spoilt. */
  const addSelected = (quads: number): boolean => {
    wasm.prepare(quads)
    if (wasm.divide(quads) !== 0) return false
    wasm.accumulate(quads)
    return true
  }

  /**
   * Grows `lists` lists of 2^level points each to twice their length: entry 2^level + j of a list = entry j + the list's step.
   * The lists lie `stride` bytes apart, their steps `stepStride` bytes.
   *
   * @returns false when a sum was not possible.
   */
  function* double(
    lists: number,
    level: number,
    base: number,
    stride: number,
    step: number,
    stepStride: number,
  ): Generator<undefined, boolean> {
    const total = lists * 2 ** level
    for (let start = 0; start < total; start += CAPACITY) {
      const count = roundUp(Math.min(CAPACITY, total - start), LANES)
      uses += 1
      wasm.plan(start, count, total - 1, level, base, stride, ENTRY_BYTES)
      wasm.load(count / LANES)
      wasm.plan(start, count, total - 1, level, step, stepStride, 0)
      if (!addSelected(count / LANES)) return false
      wasm.plan(start, count, total - 1, level, base + 2 ** level * ENTRY_BYTES, stride, ENTRY_BYTES)
      wasm.save(count / LANES)
      if (count === CAPACITY) yield
    }
    return true
  }

  /** The table of window i has (2j + 1)·2^(w·i)·G for j < 2^(w−1). @returns where the first one lies. */
  function* makeTable(cut: Cut): Generator<undefined, number> {
    const known = tables.get(cut.width)
    if (known !== undefined) return known
    yield* writePowers()
    const entries = 2 ** (cut.width - 1)
    const base = reserve(cut.windows * entries * ENTRY_BYTES)
    const size = entries * ENTRY_BYTES
    for (let i = 0; i < cut.windows; i += 1) bytes(base + i * size, ENTRY_BYTES).set(bytes(power(i * cut.width), ENTRY_BYTES))
    for (let level = 0; level < cut.width - 1; level += 1) {
      // Odd multiples of one point never share an x with an even one, so this can't fail.
      yield* double(cut.windows, level, base, size, power(1 + level), cut.width * ENTRY_BYTES)
    }
    tables.set(cut.width, base)
    return base
  }

  /**
   * Puts a signature's constants into memory. Between the first word of them and the last it does not yield (`OFFSETS` is smaller than a batch),
   * so that searches with one kernel can take turns. @returns false when its C can't be used by any detour.
   */
  function* activate(loaded: Loaded, cut: Cut): Generator<undefined, boolean> {
    if (active?.loaded === loaded && active.width === cut.width) return true
    yield* writePowers()
    const bit = cut.windows * cut.width
    for (const detour of DETOURS) {
      const first = detour === 0n ? loaded.constant : loaded.constant.add(withoutTable(Point.BASE).multiplyUnsafe(detour))
      if (first.is0()) continue
      writePoint(OFFSETS, first.toAffine())
      let isBuilt = true
      for (let level = 0; level < cut.rest && isBuilt; level += 1) isBuilt = yield* double(1, level, OFFSETS, 0, power(bit + 1 + level), 0)
      if (!isBuilt) continue
      writeScalar(MULTIPLIER, loaded.multiplier)
      // The bits below the rest stand for ±1 each, so that they add up to 2·(their value) − (2^bit − 1).
      writeScalar(ADDEND, Fn.div(Fn.create((1n << BigInt(bit)) - 1n - detour), 2n))
      active = { loaded, width: cut.width }
      return true
    }
    return false
  }

  /** The cheapest cut for so many hypotheses, given the tables that are there. */
  const chooseCut = (count: number): Cut => {
    let best = cutInto(NARROWEST)
    for (let width = NARROWEST + 1; width <= WIDEST; width += 1) {
      const cut = cutInto(width)
      if (2 ** cut.rest > OFFSET_ENTRIES) continue
      if (cost(cut, count, tables.has(width)) < cost(best, count, tables.has(best.width))) best = cut
    }
    return best
  }

  /**
   * Recovers `count` digests, which `put` writes to `DIGESTS`, a window at a time. @returns false when one of them met an addition that affine
   * formulas can't do.
   */
  function* run(loaded: Loaded, cut: Cut, count: number, put: () => void): Generator<undefined, boolean> {
    const base = tables.get(cut.width)
    if (base === undefined || !atOnce(activate(loaded, cut))) return false
    uses += 1
    put()
    const padded = roundUp(count, LANES)
    for (let i = count; i < padded; i += 1) bytes(DIGESTS, CAPACITY * 32).copyWithin(32 * i, 32 * (count - 1), 32 * count)
    const quads = padded / LANES
    const isLong = count > IN_ONE_TURN
    if (isLong) yield
    wasm.recode(padded)
    wasm.select(padded, cut.windows * cut.width, 2 ** cut.rest - 1, 0, OFFSETS)
    wasm.load(quads)
    const entries = 2 ** (cut.width - 1)
    const size = entries * ENTRY_BYTES
    for (let i = 0; i < cut.windows; i += 1) {
      if (isLong) yield
      // Not worth it when most entries would not be looked up.
      if (entries <= count) wasm.touch(base + i * size, base + (i + 1) * size)
      wasm.select(padded, i * cut.width, entries - 1, entries, base + i * size)
      if (!addSelected(quads)) return false
    }
    if (isLong) yield
    wasm.finish(quads)
    return true
  }

  /** The same, done again where somebody else used the memory in a turn of theirs: then with no turn for anybody, or two would disturb each other for ever. */
  function* runUndisturbed(loaded: Loaded, cut: Cut, count: number, put: () => void): Generator<undefined, boolean> {
    const work = run(loaded, cut, count, put)
    for (;;) {
      const { done, value } = work.next()
      if (done === true) return value
      const before = uses
      yield
      if (uses !== before) return atOnce(run(loaded, cut, count, put))
    }
  }

  /** Like `run`, with the reference for what it can't do, found by halving the batch. */
  function* recoverBatch(loaded: Loaded, cut: Cut, first: number, count: number, put: () => void, sink: Sink): Generator<undefined, void> {
    if (yield* runUndisturbed(loaded, cut, count, put)) {
      sink(first, bytes(HASHES, 32 * count))
      return
    }
    const digests = bytes(DIGESTS, 32 * count).slice()
    if (count <= LANES) {
      useReference(loaded, digests, first, sink)
      return
    }
    const half = roundUp(count / 2, LANES)
    for (const [from, to] of [
      [0, half],
      [half, count],
    ] as const) {
      yield* recoverBatch(loaded, cut, first + from, to - from, putDigests(digests.subarray(32 * from, 32 * to)), sink)
    }
  }

  const putDigests = (digests: Uint8Array) => (): void => bytes(DIGESTS, digests.length).set(digests)

  const useReference = (loaded: Loaded, digests: Uint8Array, first: number, sink: Sink): void => {
    const { addresses, valid } = loaded.reference.recoverAddresses(digests)
    for (const [i, isValid] of valid.entries()) {
      const hash = new Uint8Array(32)
      hash.set(addresses.subarray(20 * i, 20 * i + 20), 12)
      sink(first + i, isValid === 1 ? hash : undefined)
    }
  }

  const load = (signature: RecoverableSignature): Loaded | undefined => {
    const [r, s] = [toBigint(signature.r), toBigint(signature.s)]
    const point = Fn.isValidNot0(r) && Fn.isValidNot0(s) ? liftX(r, signature.yParity) : undefined
    if (point === undefined) return undefined
    const inverse = Fn.inv(r)
    // m = −1/(2r), times the 2^256 that Montgomery's reduction takes away.
    const multiplier = Fn.create(Fn.neg(Fn.mul(inverse, Fn.inv(2n))) * Fn.create(1n << 256n))
    return { multiplier, constant: point.multiplyUnsafe(Fn.mul(s, inverse)), reference: nobleRecoverer(signature) }
  }

  const createRecoverer = (signature: RecoverableSignature, expectedHypotheses = 0): Recoverer => {
    const loaded = load(signature)

    /** A cut whose tables are in memory, or nothing when the reference should answer. */
    function* begin(count: number, more: number): Generator<undefined, Cut | undefined> {
      const expected = Math.min(Math.max(count, more, expectedHypotheses), MOST_EXPECTED)
      if (loaded === undefined || expected < SMALLEST_BATCH) return undefined
      const cut = chooseCut(expected)
      yield* makeTable(cut)
      return (yield* activate(loaded, cut)) ? cut : undefined
    }

    function* recoverAll(digests: Uint8Array, more: number, sink: Sink): Generator<undefined, void> {
      const total = itemCount('digests', digests, 32)
      if (loaded === undefined || total === 0) return
      const cut = yield* begin(total, more)
      if (cut === undefined) {
        useReference(loaded, digests, 0, sink)
        return
      }
      for (let first = 0; first < total; first += CAPACITY) {
        const count = Math.min(CAPACITY, total - first)
        yield* recoverBatch(loaded, cut, first, count, putDigests(digests.subarray(32 * first, 32 * (first + count))), sink)
      }
    }

    return inTurns({
      *recoverAddresses(digests, more = 0): Generator<undefined, RecoveredAddresses> {
        const count = itemCount('digests', digests, 32)
        const addresses = new Uint8Array(20 * count)
        const valid = new Uint8Array(count)
        yield* recoverAll(digests, more, (first, hashes) => {
          if (hashes === undefined) return
          for (let i = 0; 32 * i < hashes.length; i += 1) {
            addresses.set(hashes.subarray(32 * i + 12, 32 * i + 32), 20 * (first + i))
            valid[first + i] = 1
          }
        })
        return { addresses, valid }
      },

      *findMatches(digests, target, more = 0): Generator<undefined, number[]> {
        requireAddress(target)
        const found: number[] = []
        yield* recoverAll(digests, more, (first, hashes) => {
          for (const i of equalAddresses(hashes, target)) found.push(first + i)
        })
        return found
      },

      *findPairs(separators, structHashes, target, more = 0): Generator<undefined, PairMatch[]> {
        requireAddress(target)
        const rows = itemCount('separators', separators, 32)
        const columns = itemCount('struct hashes', structHashes, 32)
        const found: PairMatch[] = []
        if (loaded === undefined || rows === 0 || columns === 0) return found
        const cut = yield* begin(rows * columns, more)
        if (cut === undefined) return loaded.reference.findPairs(separators, structHashes, target)
        for (let row = 0; row < rows; row += CAPACITY) {
          const tileRows = Math.min(CAPACITY, rows - row)
          for (let column = 0; column < columns; column += CAPACITY) {
            const tileColumns = Math.min(CAPACITY, columns - column)
            const tile = tileRows * tileColumns
            for (let first = 0; first < tile; first += CAPACITY) {
              const count = Math.min(CAPACITY, tile - first)
              const put = (): void => {
                bytes(SEPARATORS, 32 * tileRows).set(separators.subarray(32 * row, 32 * (row + tileRows)))
                bytes(STRUCTS, 32 * tileColumns).set(structHashes.subarray(32 * column, 32 * (column + tileColumns)))
                writePairs(first, count, tileColumns)
                wasm.digests(count)
              }
              yield* recoverBatch(loaded, cut, first, count, put, (from, hashes) => {
                for (const i of equalAddresses(hashes, target)) {
                  const index = from + i
                  found.push({ separator: row + Math.floor(index / tileColumns), structHash: column + (index % tileColumns) })
                }
              })
            }
          }
        }
        return found.sort((a, b) => a.separator - b.separator || a.structHash - b.structHash)
      },
    })
  }

  /** The addresses of pairs number `first` onwards of a tile, and one more so that the count is even. */
  const writePairs = (first: number, count: number, columns: number): void => {
    const pairs = words(PAIRS, 2 * CAPACITY)
    for (let i = 0; i < roundUp(count, 2); i += 1) {
      const index = first + Math.min(i, count - 1)
      pairs[2 * i] = SEPARATORS + 32 * Math.floor(index / columns)
      pairs[2 * i + 1] = STRUCTS + 32 * (index % columns)
    }
  }

  /** Hashes messages of `size` 64-bit words, as many at a time as fit. */
  const hashAll = (messages: Uint8Array, total: number, size: number, isWhole: 0 | 1): Uint8Array<ArrayBuffer> => {
    uses += 1
    const out = new Uint8Array(32 * total)
    const perBatch = Math.min(CAPACITY, Math.floor(MESSAGES_BYTES / (8 * size)))
    for (let first = 0; first < total; first += perBatch) {
      const count = Math.min(perBatch, total - first)
      bytes(ACCUMULATORS, 8 * size * count).set(messages.subarray(8 * size * first, 8 * size * (first + count)))
      wasm.hash(count, size, isWhole)
      out.set(bytes(HASHES, 32 * count), 32 * first)
    }
    return out
  }

  return {
    backend: 'wasm',
    createRecoverer,
    hashWords(messages, wordCount): Uint8Array<ArrayBuffer> {
      return hashAll(messages, messageCount(messages, wordCount), 4 * wordCount, 1)
    },
    hashTexts(texts): Uint8Array<ArrayBuffer> {
      const out = new Uint8Array(32 * texts.length)
      const state = createKeccakState()
      for (const [length, places] of placesByLength(texts)) {
        const size = Math.ceil(length / 8)
        const isWhole = length % 8 === 0
        // The kernel ends a block as soon as its words are full, which a word with padding in it must not do.
        if (length === 0 || 8 * size > MESSAGES_BYTES || (!isWhole && size % RATE === 0)) {
          for (const place of places) keccakInto(state, texts[place] ?? new Uint8Array(), out, 32 * place)
          continue
        }
        const messages = new Uint8Array(8 * size * places.length)
        places.forEach((place, index) => {
          messages.set(texts[place] ?? [], 8 * size * index)
          if (!isWhole) messages[8 * size * index + length] = 1
        })
        const hashes = hashAll(messages, places.length, size, isWhole ? 1 : 0)
        places.forEach((place, index) => {
          out.set(hashes.subarray(32 * index, 32 * index + 32), 32 * place)
        })
      }
      return out
    },
  }
}

/** 64-bit words that a permutation takes in. */
const RATE = 17

/** Places in the list of the texts of each length. */
function placesByLength(texts: readonly Uint8Array[]): Map<number, number[]> {
  const out = new Map<number, number[]>()
  texts.forEach(({ length }, place) => {
    const places = out.get(length)
    if (places === undefined) out.set(length, [place])
    else places.push(place)
  })
  return out
}

/** The point with this x and the given parity of y; undefined when no point has it, which is so for half of all x. */
function liftX(x: bigint, yParity: 0 | 1): CurvePoint | undefined {
  const { Fp } = Point
  const square = Fp.add(Fp.mul(Fp.sqr(x), x), 7n)
  // p ≡ 3 mod 4: the power (p + 1)/4 of a square is its root.
  const root = Fp.pow(square, (Fp.ORDER + 1n) / 4n)
  if (Fp.sqr(root) !== square) return undefined
  return Point.fromAffine({ x, y: (root & 1n) === BigInt(yParity) ? root : Fp.neg(root) })
}

/** Positions of the hashes whose last 20 bytes are the address. */
function equalAddresses(hashes: Uint8Array | undefined, target: Uint8Array): number[] {
  const found: number[] = []
  if (hashes === undefined) return found
  for (let at = 0; at < hashes.length; at += 32) {
    // The first byte alone rejects all but one in 256.
    if (hashes[at + 12] === target[0] && target.every((byte, j) => hashes[at + 12 + j] === byte)) found.push(at / 32)
  }
  return found
}
