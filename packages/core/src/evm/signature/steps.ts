import { fromHex, toHex } from '../../bytes/bytes.ts'
import { digestsBy, typedDigest } from './digest-parts.ts'
import { type Domains, hashed, type LateDomains, type LateStructs, type Structs } from './hashing.ts'
import type { DigestInput, DigestPart, DomainPart, Reading, Struct } from './hypothesis.ts'
import type { Kernel } from './kernel/recoverer.ts'
import { countKinds, extended, generatorsOf, kindOf, nothing, structKind, tileCounts } from './kinds.ts'
import { recoverAddress } from './recover.ts'
import type { Space } from './space.ts'

/** A hypothesis that fits: under it the signature recovers to `signer`, 20 bytes. */
export interface Hit {
  readonly domain: DomainPart
  readonly struct: Struct
  readonly digest?: DigestPart
  readonly reading: Reading
  readonly signer: Uint8Array
}

/** How many slips a hypothesis assumes. */
export type Order = 1 | 2 | 3

/** So many hypotheses that belong together. */
export interface Step {
  readonly order: Order
  readonly size: number
  /** How many of them each kind has: a generator, or two or three joined by ` × `. */
  readonly counts: ReadonlyMap<string, number>
  /**
   * Tries them, `Space.slice` at a time: every `yield` is a moment to let others have their turn. `expected` is how many hypotheses are to come in
   * all, for which the kernel makes its tables.
   */
  readonly run: (expected: number) => Generator<undefined, Hit[]>
}

/** Steps, and moments between them in which something was made ready and others may have their turn. */
export type Steps = Generator<Step | undefined, void>

/** Texts that are written and hashed in one go. */
const textsAtOnce = 128

/** Hypotheses a step: so many that the kernel's tables are worth it, and few enough that a limit is kept. */
export const stepSize = 8192

/** Every domain with every struct, under the usual digest. */
export function* tiles(
  space: Space,
  order: Order,
  readings: readonly Reading[],
  domains: Domains | LateDomains,
  structs: Structs | LateStructs,
): Steps {
  const columns = Math.min(structs.structs.length, stepSize)
  if (columns === 0 || domains.parts.length === 0) return
  const rows = Math.max(1, Math.floor(stepSize / columns))
  for (let column = 0; column < structs.structs.length; column += columns) {
    const some = structs.structs.slice(column, column + columns)
    const columnKinds = countKinds(some, (struct) => structKind(space.own, struct))
    for (let row = 0; row < domains.parts.length; row += rows) {
      const parts = domains.parts.slice(row, row + rows)
      const rowKinds = countKinds(parts, ({ generators }) => kindOf(generators))
      for (const reading of readings) {
        yield {
          order,
          size: parts.length * some.length,
          counts: tileCounts(rowKinds, columnKinds, reading),
          *run(expected) {
            const { separators } = yield* hashed(domains)
            const { hashes } = yield* hashed(structs)
            const tile = {
              separators: separators.subarray(32 * row, 32 * (row + parts.length)),
              hashes: hashes.subarray(32 * column, 32 * (column + some.length)),
            }
            const hits: Hit[] = []
            for (const place of yield* findPairs(space, reading, tile, expected)) {
              const [domain, struct] = [parts[place.row], some[place.column]]
              if (domain !== undefined && struct !== undefined) hits.push({ domain, struct, reading, signer: space.target })
            }
            return hits
          },
        }
      }
    }
  }
}

interface Place {
  readonly row: number
  readonly column: number
}

/** A recoverer is worth its tables from a few hypotheses on; the only one of a reading is recovered by itself. */
function* findPairs(
  space: Space,
  { ecdsa }: Reading,
  { separators, hashes }: { readonly separators: Uint8Array; readonly hashes: Uint8Array },
  expected: number,
): Generator<undefined, Place[]> {
  if (separators.length === 32 && hashes.length === 32) {
    const address = recoverAddress(toHex(typedDigest(separators, hashes)), ecdsa)
    return address !== undefined && equalAt(fromHex(address), 0, space.target, 0) ? [{ row: 0, column: 0 }] : []
  }
  const recoverer = space.recoverer(ecdsa).inTurns
  const found: Place[] = []
  for (const { row, rows, column, columns } of slices(separators.length / 32, hashes.length / 32, space.slice)) {
    const pairs = yield* recoverer.findPairs(
      separators.subarray(32 * row, 32 * (row + rows)),
      hashes.subarray(32 * column, 32 * (column + columns)),
      space.target,
      expected,
    )
    for (const { separator, structHash } of pairs) found.push({ row: row + separator, column: column + structHash })
    yield
  }
  return found
}

/** Rectangles of at most so many fields that make up a table: whole rows, or parts of one. */
function* slices(
  height: number,
  width: number,
  size: number,
): Generator<{ readonly row: number; readonly rows: number; readonly column: number; readonly columns: number }> {
  const [rows, columns] = [Math.max(1, Math.floor(size / width)), Math.min(width, size)]
  for (let row = 0; row < height; row += rows) {
    for (let column = 0; column < width; column += columns)
      yield { row, rows: Math.min(rows, height - row), column, columns: Math.min(columns, width - column) }
  }
}

/** Every domain with every struct, under other digests. */
export function* listed(
  space: Space,
  order: Order,
  readings: readonly Reading[],
  digests: readonly DigestPart[],
  domains: Domains,
  structs: Structs,
): Steps {
  if (structs.structs.length === 0) return
  for (const reading of readings) {
    for (const some of chunks(product(digests, domains, structs), stepSize / 4)) {
      if (some === undefined) {
        yield
        continue
      }
      yield {
        order,
        size: some.length,
        counts: tileCounts(
          countKinds(some, ({ digest, domain, struct }) =>
            extended(kindOf([...domain.generators, ...generatorsOf(structKind(space.own, struct))]), digest.generator),
          ),
          nothing,
          reading,
        ),
        *run(expected) {
          const hits: Hit[] = []
          for (let first = 0; first < some.length; first += space.slice) {
            const slice = some.slice(first, first + space.slice)
            const structs = slice.map(({ struct }) => struct)
            const digests = new Uint8Array(32 * slice.length)
            for (let at = 0; at < slice.length; at += textsAtOnce) {
              digests.set(digestsBy(slice.slice(at, at + textsAtOnce), space.kernel), 32 * at)
              yield
            }
            for (const { index, signer } of yield* signersOf(space, reading, digests, structs, expected)) {
              const found = slice[index]
              if (found !== undefined) hits.push({ domain: found.domain, struct: found.struct, digest: found.digest, reading, signer })
            }
            yield
          }
          return hits
        },
      }
    }
  }
}

interface Listed extends DigestInput {
  readonly digest: DigestPart
}

/** Every way to make a digest with every domain and every struct. */
export function* product(digests: readonly DigestPart[], domains: Domains, structs: Structs): Generator<Listed> {
  for (const digest of digests) {
    for (const [row, domain] of domains.parts.entries()) {
      const separator = domains.separators.subarray(32 * row, 32 * row + 32)
      for (const [column, struct] of structs.structs.entries()) {
        yield { digest, domain, separator, struct, structHash: structs.hashes.subarray(32 * column, 32 * column + 32) }
      }
    }
  }
}

/** Structs that name another payer: signed by that one's key, or by the one that the payload names. */
export function* byPayer(
  space: Space,
  order: Order,
  readings: readonly Reading[],
  domains: Domains,
  structs: Structs | LateStructs,
): Steps {
  const rows = Math.max(1, Math.floor(stepSize / 4 / Math.max(1, structs.structs.length)))
  if (structs.structs.length === 0) return
  const columnKinds = countKinds(structs.structs, (struct) => structKind(space.own, struct))
  for (const reading of readings) {
    for (let row = 0; row < domains.parts.length; row += rows) {
      const parts = domains.parts.slice(row, row + rows)
      const rowKinds = countKinds(parts, ({ generators }) => kindOf(generators))
      yield {
        order,
        size: parts.length * structs.structs.length,
        counts: tileCounts(rowKinds, columnKinds, reading),
        *run(expected) {
          const separators = domains.separators.subarray(32 * row, 32 * (row + parts.length))
          return yield* findPayers(space, reading, { parts, separators }, yield* hashed(structs), expected)
        },
      }
    }
  }
}

function* findPayers(
  space: Space,
  reading: Reading,
  { parts, separators }: Domains,
  { structs, hashes }: Structs,
  expected: number,
): Generator<undefined, Hit[]> {
  const hits: Hit[] = []
  for (const { row, rows, column, columns } of slices(parts.length, structs.length, Math.min(space.slice, stepSize / 4))) {
    const some = structs.slice(column, column + columns)
    const digests = digestsOf(
      { parts: parts.slice(row, row + rows), separators: separators.subarray(32 * row, 32 * (row + rows)) },
      { structs: some, hashes: hashes.subarray(32 * column, 32 * (column + columns)) },
      space.kernel,
    )
    yield
    for (const { index, signer } of yield* signersOf(space, reading, digests, some, expected)) {
      const struct = some[index % columns]
      const domain = parts[row + Math.floor(index / columns)]
      if (struct !== undefined && domain !== undefined) hits.push({ domain, struct, reading, signer })
    }
    yield
  }
  return hits
}

/** Digests that the target signed, or the payer that their struct names; structs are repeated as often as it takes. */
function* signersOf(
  { recoverer: recovererOf, target }: Space,
  { ecdsa }: Reading,
  digests: Uint8Array,
  structs: readonly Struct[],
  expected: number,
): Generator<undefined, { readonly index: number; readonly signer: Uint8Array }[]> {
  const recoverer = recovererOf(ecdsa).inTurns
  const payers = structs.map(payerOf)
  if (payers.every((payer) => payer === undefined)) {
    const found = yield* recoverer.findMatches(digests, target, expected)
    return found.map((index) => ({ index, signer: target }))
  }
  const { addresses, valid } = yield* recoverer.recoverAddresses(digests, expected)
  const out: { readonly index: number; readonly signer: Uint8Array }[] = []
  for (let index = 0; index < valid.length; index++) {
    if (valid[index] !== 1) continue
    const payer = payers[index % payers.length]
    if (equalAt(addresses, 20 * index, target, 0) || (payer !== undefined && equalAt(addresses, 20 * index, payer, 12)))
      out.push({ index, signer: addresses.slice(20 * index, 20 * index + 20) })
  }
  return out
}

/** The payer that a struct was signed for, as a word; undefined where that is the payload's. */
function payerOf({ changes }: Struct): Uint8Array | undefined {
  for (const { fields, values } of changes) {
    const payer = values[fields.indexOf(0)]
    if (payer instanceof Uint8Array) return payer
  }
  return undefined
}

/** Whether two addresses are the same, given where they begin. */
function equalAt(a: Uint8Array, at: number, b: Uint8Array, from: number): boolean {
  for (let i = 0; i < 20; i++) if (a[at + i] !== b[from + i]) return false
  return true
}

/** Items that are made between two moments for others. */
const madeAtOnce = 512

/** Lists of so many items, and moments for others while they are made. */
export function* chunks<T>(items: Iterable<T>, size: number): Generator<T[] | undefined> {
  let chunk: T[] = []
  let made = 0
  for (const item of items) {
    chunk.push(item)
    if (chunk.length === size) {
      yield chunk
      chunk = []
    }
    if (++made % madeAtOnce === 0) yield
  }
  if (chunk.length > 0) yield chunk
}

/** The usual digest of every domain with every struct, 32 bytes each, by domain. */
export function digestsOf(domains: Domains, { structs, hashes }: Structs, kernel: Kernel): Uint8Array {
  const size = 66
  const packed = new Uint8Array(size * structs.length * domains.parts.length)
  const messages: Uint8Array[] = []
  for (let row = 0; row < domains.parts.length; row++) {
    for (let column = 0; column < structs.length; column++) {
      const at = size * messages.length
      const message = packed.subarray(at, at + size)
      message.set([0x19, 0x01])
      message.set(domains.separators.subarray(32 * row, 32 * row + 32), 2)
      message.set(hashes.subarray(32 * column, 32 * column + 32), 34)
      messages.push(message)
    }
  }
  return kernel.hashTexts(messages)
}
