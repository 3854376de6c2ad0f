/**
 * A WebAssembly assembler that is just large enough for the kernel: code is a list of bytes, an operator is a function from
 * operand code to code, so that an expression in TypeScript is the expression on the stack machine.
 *
 * Encodings: WebAssembly core specification 2.0, chapter 5, with the vector instructions of the SIMD proposal (finished, part of 2.0).
 */

/** Bytes of WebAssembly code. */
export type Code = readonly number[]

/** Unsigned LEB128. */
function unsigned(value: number): Code {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return bytes
}

/** Signed LEB128. */
function signed(value: bigint): Code {
  const bytes: number[] = []
  let rest = value
  for (;;) {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    if ((rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40)) {
      bytes.push(low)
      return bytes
    }
    bytes.push(low | 0x80)
  }
}

export type ValueType = 'i32' | 'i64' | 'v128'
const VALUE_TYPE = { i32: 0x7f, i64: 0x7e, v128: 0x7b } as const

type Unary = (a: Code) => Code
type Binary = (a: Code, b: Code) => Code

const plain1 =
  (opcode: number): Unary =>
  (a) => [...a, opcode]
const plain2 =
  (opcode: number): Binary =>
  (a, b) => [...a, ...b, opcode]
const vector1 =
  (opcode: number): Unary =>
  (a) => [...a, 0xfd, ...unsigned(opcode)]
const vector2 =
  (opcode: number): Binary =>
  (a, b) => [...a, ...b, 0xfd, ...unsigned(opcode)]
const load =
  (prefix: Code) =>
  (address: Code, offset = 0): Code => [...address, ...prefix, 0, ...unsigned(offset)]
const store =
  (prefix: Code) =>
  (address: Code, value: Code, offset = 0): Code => [...address, ...value, ...prefix, 0, ...unsigned(offset)]

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(BigInt(value | 0))],
  load: load([0x28]),
  store: store([0x36]),
  eqz: plain1(0x45),
  ltU: plain2(0x49),
  add: plain2(0x6a),
  sub: plain2(0x6b),
  mul: plain2(0x6c),
  and: plain2(0x71),
  or: plain2(0x72),
  xor: plain2(0x73),
  shl: plain2(0x74),
  shrU: plain2(0x76),
  /** `a` if `condition` is not 0, else `b`. */
  select: (a: Code, b: Code, condition: Code): Code => [...a, ...b, ...condition, 0x1b],
} as const

export const i64 = {
  const: (value: bigint): Code => [0x42, ...signed(BigInt.asIntN(64, value))],
  load: load([0x29]),
  load32: load([0x35]),
  store: store([0x37]),
  store32: store([0x3e]),
  add: plain2(0x7c),
  mul: plain2(0x7e),
  and: plain2(0x83),
  shrU: plain2(0x88),
} as const

/** Bytes of a vector constant from four 32-bit lanes. */
function lanes32(lanes: readonly number[]): Code {
  return lanes.flatMap((lane) => [lane & 0xff, (lane >>> 8) & 0xff, (lane >>> 16) & 0xff, lane >>> 24])
}

export const v128 = {
  load: load([0xfd, 0]),
  load64Zero: load([0xfd, 0x5d]),
  load64Lane1: (address: Code, vector: Code, offset = 0): Code => [...address, ...vector, 0xfd, 0x57, 0, ...unsigned(offset), 1],
  load64Splat: load([0xfd, 0x0a]),
  store: store([0xfd, 11]),
  store64Lane: (lane: 0 | 1, address: Code, vector: Code, offset = 0): Code => [
    ...address,
    ...vector,
    0xfd,
    0x5b,
    0,
    ...unsigned(offset),
    lane,
  ],
  const32: (...lanes: readonly [number, number, number, number]): Code => [0xfd, 12, ...lanes32(lanes)],
  /** One 32-bit value in all four lanes. */
  splat32: (value: number): Code => [0xfd, 12, ...lanes32([value, value, value, value])],
  /** `pattern[i]` is the byte (0–15 of `a`, 16–31 of `b`) that becomes byte i. */
  shuffle: (a: Code, b: Code, pattern: readonly number[]): Code => [...a, ...b, 0xfd, 13, ...pattern],
  and: vector2(78),
  /** a AND NOT b. */
  andNot: vector2(79),
  or: vector2(80),
  xor: vector2(81),
  /** Bits of `a` where `mask` is 1, of `b` where it is 0. */
  select: (a: Code, b: Code, mask: Code): Code => [...a, ...b, ...mask, 0xfd, 82],
} as const

export const i16x8 = {
  shrS: vector2(140),
  add: vector2(142),
  sub: vector2(145),
} as const

export const i32x4 = {
  extract: (a: Code, lane: number): Code => [...a, 0xfd, 27, lane],
  eq: vector2(55),
  shl: vector2(171),
  shrS: vector2(172),
  shrU: vector2(173),
  add: vector2(174),
  sub: vector2(177),
  mul: vector2(181),
  /** a₀·b₀ + a₁·b₁ of the two signed 16-bit halves in each 32-bit lane. */
  dot: vector2(186),
  bitmask: vector1(164),
} as const

export const i64x2 = {
  shl: vector2(203),
  shrU: vector2(205),
} as const

/** A local variable: a parameter or a declared one. */
export interface Local {
  readonly get: Code
  readonly set: (value: Code) => Code
  readonly tee: (value: Code) => Code
}

/** A function under construction. */
export class WasmFunction {
  readonly parameters: readonly ValueType[]
  readonly result: ValueType | undefined
  readonly exportName: string | undefined
  private readonly locals: ValueType[] = []
  private readonly code: number[] = []
  private readonly prelude: number[] = []
  private readonly constants = new Map<string, Local>()

  constructor(
    parameters: readonly ValueType[],
    options: { readonly result?: ValueType | undefined; readonly exportName?: string | undefined } = {},
  ) {
    this.parameters = parameters
    this.result = options.result
    this.exportName = options.exportName
  }

  private handle(index: number): Local {
    const encoded = unsigned(index)
    return {
      get: [0x20, ...encoded],
      set: (value) => [...value, 0x21, ...encoded],
      tee: (value) => [...value, 0x22, ...encoded],
    }
  }

  parameter(index: number): Local {
    return this.handle(index)
  }

  local(type: ValueType): Local {
    this.locals.push(type)
    return this.handle(this.parameters.length + this.locals.length - 1)
  }

  /** A constant that is set once, at the start, and then read like a local: a vector takes 18 bytes each time that it is written out. */
  constant(type: ValueType, value: Code): Code {
    const key = value.join()
    let local = this.constants.get(key)
    if (local === undefined) {
      local = this.local(type)
      this.prelude.push(...local.set(value))
      this.constants.set(key, local)
    }
    return local.get
  }

  emit(...code: readonly Code[]): void {
    for (const part of code) for (const byte of part) this.code.push(byte)
  }

  /** Runs `body` at least once, and again as long as `condition` is not 0. */
  static doWhile(body: readonly Code[], condition: Code): Code {
    return [0x03, 0x40, ...body.flat(), ...condition, 0x0d, 0, 0x0b]
  }

  /** Runs `body` if `condition` is not 0. */
  static when(condition: Code, body: readonly Code[]): Code {
    return [...condition, 0x04, 0x40, ...body.flat(), 0x0b]
  }

  /** The body as it stands in the code section. */
  bytes(): Code {
    const groups: [number, ValueType][] = []
    for (const type of this.locals) {
      const last = groups.at(-1)
      if (last !== undefined && last[1] === type) last[0] += 1
      else groups.push([1, type])
    }
    const declarations = groups.flatMap(([count, type]) => [...unsigned(count), VALUE_TYPE[type]])
    const body = [...unsigned(groups.length), ...declarations, ...this.prelude, ...this.code, 0x0b]
    return [...unsigned(body.length), ...body]
  }

  signature(): Code {
    const parameters = this.parameters.map((type) => VALUE_TYPE[type])
    const results = this.result === undefined ? [] : [VALUE_TYPE[this.result]]
    return [0x60, ...unsigned(parameters.length), ...parameters, ...unsigned(results.length), ...results]
  }
}

/** Functions are numbered in the order in which they are added. */
export class WasmModule {
  private readonly functions: WasmFunction[] = []

  add(fn: WasmFunction): (...operands: readonly Code[]) => Code {
    const index = this.functions.push(fn) - 1
    return (...operands) => [...operands.flat(), 0x10, ...unsigned(index)]
  }

  /** @param data one active data segment: where it goes and what it holds. */
  bytes(pages: number, data?: { readonly offset: number; readonly bytes: Uint8Array }): Uint8Array<ArrayBuffer> {
    const section = (id: number, entries: readonly Code[]): Code => {
      const content = [...unsigned(entries.length), ...entries.flat()]
      return [id, ...unsigned(content.length), ...content]
    }
    const name = (text: string): Code => [...unsigned(text.length), ...Array.from(text, (letter) => letter.charCodeAt(0))]
    const types: string[] = []
    const typeIndex = this.functions.map((fn) => {
      const key = fn.signature().join()
      if (!types.includes(key)) types.push(key)
      return types.indexOf(key)
    })
    const exported = this.functions.flatMap((fn, index) =>
      fn.exportName === undefined ? [] : [[...name(fn.exportName), 0, ...unsigned(index)]],
    )
    const dataSegment = data === undefined ? [] : [[0, ...i32.const(data.offset), 0x0b, ...unsigned(data.bytes.length), ...data.bytes]]
    return Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(
        1,
        types.map((key) => key.split(',').map(Number)),
      ),
      ...section(
        3,
        typeIndex.map((index) => unsigned(index)),
      ),
      ...section(5, [[0, ...unsigned(pages)]]),
      ...section(7, [[...name('memory'), 2, 0], ...exported]),
      ...section(
        10,
        this.functions.map((fn) => fn.bytes()),
      ),
      ...(dataSegment.length === 0 ? [] : section(11, dataSegment)),
    ])
  }
}
