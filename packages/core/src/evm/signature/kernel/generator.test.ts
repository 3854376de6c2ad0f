import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { v128, WasmFunction, WasmModule } from '../../../../kernel/assembler.ts'
import { canonical, checkBounds, multiply, subtract } from '../../../../kernel/field.ts'
import { kernelModule } from '../../../../kernel/module.ts'
import { bytesModule } from '../../../../kernel/source.ts'
import { KERNEL_BASE64 } from './bytes.ts'
import { kernelBytes } from './create.ts'
import { PAGES } from './layout.ts'

interface FieldExports {
  readonly memory: { readonly buffer: ArrayBuffer }
  multiply(out: number, a: number, b: number): void
  subtract(out: number, a: number, b: number, c: number): void
  canonical(out: number, source: number): void
}
interface Engine {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: FieldExports }
}

const PRIME = 2n ** 256n - 2n ** 32n - 977n
const LIMBS = 20
const [A, B, C, OUT, WORDS] = [1024, 2048, 3072, 4096, 5120]

test('the committed bytes are what the generator writes', () => {
  expect(Buffer.from(kernelModule()).toString('base64') === KERNEL_BASE64).toBe(true)
  expect(Buffer.compare(kernelBytes(), kernelModule())).toBe(0)
  expect(bytesModule(kernelModule()).includes(KERNEL_BASE64)).toBe(true)
})

test('no sum of products leaves 31 bits', () => {
  const widest = checkBounds()
  expect(widest).toBeGreaterThan(2 ** 30)
  expect(widest).toBeLessThan(2 ** 31)
})

describe('the field, four elements at a time', () => {
  const module = new WasmModule()
  module.add(multiply('multiply'))
  module.add(subtract('subtract'))
  module.add(canonical('canonical'))
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: Engine }
  const field = new WebAssembly.Instance(new WebAssembly.Module(module.bytes(PAGES))).exports
  const memory = new DataView(field.memory.buffer)

  const limbAddress = (base: number, lane: number, i: number): number => base + (i >> 1) * 16 + lane * 4 + (i & 1) * 2
  const write = (base: number, lane: number, limbs: readonly number[]): void => {
    limbs.forEach((limb, i) => {
      memory.setInt16(limbAddress(base, lane, i), limb, true)
    })
  }
  const read = (base: number, lane: number): number[] =>
    Array.from({ length: LIMBS }, (_, i) => memory.getInt16(limbAddress(base, lane, i), true))
  const value = (limbs: readonly number[]): bigint => limbs.reduceRight((total, limb) => total * 8192n + BigInt(limb), 0n)
  const modulo = (number: bigint): bigint => ((number % PRIME) + PRIME) % PRIME
  const words = (lane: number): bigint =>
    Array.from({ length: 8 }, (_, j) => BigInt(memory.getUint32(WORDS + 16 * j + 4 * lane, true))).reduceRight(
      (total, word) => total * 2n ** 32n + word,
      0n,
    )
  /** Limbs of a difference of two reduced elements: as large as a factor may be; often at a limit. */
  const limit = 8191
  const limbs = fc.tuple(
    ...Array.from({ length: LIMBS }, (_, i) => {
      const most = i === LIMBS - 1 ? 511 : limit
      return fc.oneof(fc.integer({ min: -most, max: most }), fc.constantFrom(-most, 0, most))
    }),
  )
  const quad = fc.tuple(limbs, limbs, limbs, limbs)
  const extreme = (limb: number): number[] => Array.from({ length: LIMBS }, (_, i) => (i === LIMBS - 1 ? Math.sign(limb) * 511 : limb))
  const extremes = [extreme(limit), extreme(-limit), extreme(0), extreme(limit)] as const
  const mirrored = [extreme(limit), extreme(limit), extreme(-limit), extreme(-limit)] as const

  const fill = (base: number, elements: readonly (readonly number[])[]): void => {
    elements.forEach((element, lane) => {
      write(base, lane, element)
    })
  }

  test('multiplies, and stays within the limbs that the next step takes', () => {
    const check = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]): void => {
      fill(A, a)
      fill(B, b)
      field.multiply(OUT, A, B)
      field.canonical(WORDS, OUT)
      for (const lane of [0, 1, 2, 3]) {
        const product = modulo(value(a[lane] ?? []) * value(b[lane] ?? []))
        const out = read(OUT, lane)
        expect(modulo(value(out))).toBe(product)
        expect(words(lane)).toBe(product)
        expect(Math.min(...out)).toBeGreaterThanOrEqual(-8)
        expect(Math.max(...out)).toBeLessThanOrEqual(8199)
        expect(out[LIMBS - 1]).toBeLessThan(512)
      }
    }
    check(extremes, mirrored)
    fc.assert(fc.property(quad, quad, check), { numRuns: 300 })
  })

  test('subtracts', () => {
    fc.assert(
      fc.property(quad, quad, quad, (a, b, c) => {
        // Each operand is reduced first, as in an addition of points.
        for (const [at, elements] of [
          [A, a],
          [B, b],
          [C, c],
        ] as const) {
          fill(at, elements)
          field.multiply(at, at, at)
        }
        const operands = [0, 1, 2, 3].map((lane) => [A, B, C].map((at) => value(read(at, lane))))
        field.subtract(OUT, A, B, C)
        for (const [lane, [x = 0n, y = 0n, z = 0n]] of operands.entries()) expect(modulo(value(read(OUT, lane)))).toBe(modulo(x - y - z))
      }),
      { numRuns: 100 },
    )
  })

  test('brings the numbers around 0, p and 2^256 to their canonical form', () => {
    const near = [
      -PRIME + 1n,
      -5n,
      -1n,
      0n,
      1n,
      PRIME - 1n,
      PRIME,
      PRIME + 1n,
      2n ** 256n - 1n,
      2n ** 256n,
      2n ** 256n + 977n,
      2n ** 256n + 2n ** 33n,
    ]
    for (const number of near) {
      // The sign and all that is above bit 247 go to the last limb.
      const element = Array.from({ length: LIMBS }, (_, i) =>
        i === LIMBS - 1 ? Number(number >> BigInt(13 * i)) : Number((number >> BigInt(13 * i)) & 8191n),
      )
      fill(A, [element, extreme(1), element, extreme(-1)])
      field.canonical(WORDS, A)
      expect(words(0)).toBe(modulo(number))
      expect(words(1)).toBe(modulo(value(extreme(1))))
      expect(words(2)).toBe(modulo(number))
      expect(words(3)).toBe(modulo(value(extreme(-1))))
    }
  })
})

test('a vector constant that is used twice is written once', () => {
  const f = new WasmFunction([])
  const first = f.constant('v128', v128.splat32(7))
  expect(f.constant('v128', v128.splat32(7))).toEqual(first)
  expect(f.constant('v128', v128.splat32(8))).not.toEqual(first)
})
