/**
 * Where things lie in the kernel's memory, in bytes. The generator (`packages/core/kernel`) bakes these addresses into the module and
 * `wasm.ts` reads and writes at them, so both take them from here.
 *
 * A field element has 20 limbs of 13 bits, two to a 32-bit word. Four elements travel together, one a lane, so an element of four
 * ("quad") is 10 vectors = 160 bytes, and a quad of points 320 bytes: x, then y. In the tables a point stands alone: 80 bytes, x, then y.
 */

/** Points per quad. */
export const LANES = 4

/** Quads per batch. One inversion (about 270 multiplications) is shared by so many quads: at 1024 it is 5 % of a step, and the batch's state still fits the cache. */
const QUADS = 1024

/** Hypotheses per batch. */
export const CAPACITY = LANES * QUADS

export const FIELD_BYTES = 160
export const POINT_BYTES = 320
export const ENTRY_BYTES = 80

/** Bits of the recoded scalar: it is below 3n < 2^258, see `scalar.ts` in the generator. */
export const SCALAR_BITS = 258

/** A recoded scalar: nine 32-bit words, little-endian, and four bytes that nobody reads the meaning of. */
export const SCALAR_BYTES = 40

/** The scalar constants of a signature and of the curve, 32 bytes each (the last one 4). */
export const MULTIPLIER = 0
export const ADDEND = 32
export const ORDER = 64
export const ORDER_INVERSE = 96
/** Seventeen 64-bit slots. */
export const PRODUCT = 128
/** A digest with its bytes reversed. */
export const REVERSED = 272

/** Quads of temporary field elements. */
export const TEMPORARIES = 512
const TEMPORARY_COUNT = 12
/** The inverse of the product of all denominators, then of what is left of it. */
export const INVERSE = TEMPORARIES + TEMPORARY_COUNT * FIELD_BYTES
/** A quad of zeros, never written. */
export const ZERO = INVERSE + FIELD_BYTES
/** The canonical x and y of a quad: 8 vectors of 32-bit words each, least significant first. */
export const WORDS = ZERO + FIELD_BYTES
/** 25 lanes of two Keccak states. */
export const STATE = WORDS + 256
export const ROUND_CONSTANTS = STATE + 400

/** One address a hypothesis: what to gather, or to scatter to. Bit 0 set: with y negated. */
export const POINTERS = 4096
export const SCALARS = POINTERS + CAPACITY * 4
/** 32 bytes a hypothesis, as they came. */
export const DIGESTS = SCALARS + CAPACITY * SCALAR_BYTES
/** 32 bytes a hypothesis: Keccak-256 of the public key, or of a message. */
export const HASHES = DIGESTS + CAPACITY * 32
/** Two addresses a hypothesis: of a domain separator and of a struct hash. */
export const PAIRS = HASHES + CAPACITY * 32
export const SEPARATORS = PAIRS + CAPACITY * 8
export const STRUCTS = SEPARATORS + CAPACITY * 32

export const ACCUMULATORS = STRUCTS + CAPACITY * 32
export const ADDENDS = ACCUMULATORS + QUADS * POINT_BYTES
export const DENOMINATORS = ADDENDS + QUADS * POINT_BYTES
/** Running products of the denominators: entry 0 is 1, entry g + 1 the product of denominators 0 to g. */
export const PRODUCTS = DENOMINATORS + QUADS * FIELD_BYTES

/** 2^i·G for i ≤ SCALAR_BITS, in table form. */
export const POWERS = PRODUCTS + (QUADS + 1) * FIELD_BYTES

/** The signature's own table, at most so many entries; then the tables of multiples of G. */
export const OFFSETS = POWERS + (SCALAR_BITS + 1) * ENTRY_BYTES
export const OFFSET_ENTRIES = 2048
export const TABLES = OFFSETS + OFFSET_ENTRIES * ENTRY_BYTES

/** Messages to hash lie where the batch would, from `ACCUMULATORS` on: the two never overlap in time. */
export const MESSAGES_BYTES = PRODUCTS - ACCUMULATORS

/** 64 KiB pages that hold everything but the tables. */
export const PAGES = Math.ceil(TABLES / 65536)
