/** A type of Solidity's ABI, as far as finding calls in calls needs it: every word is alike. */
export type AbiType =
  | { readonly kind: 'word' }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'list'; readonly of: AbiType }
  | { readonly kind: 'tuple'; readonly of: readonly AbiType[] }

/** A word or bytes as they stand in the data, which are not copied; or what a list or a tuple holds. */
export type AbiValue = Uint8Array | readonly AbiValue[]

/** How many values may still be decoded: offsets that point backwards can make a thousand lists of one. */
export interface AbiBudget {
  left: number
}

/** The types in a signature's brackets: `(address,bool,bytes)[],uint256`. */
export function abiTypes(signature: string): readonly AbiType[] {
  const types: AbiType[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at <= signature.length; at++) {
    const character = signature.charAt(at)
    if (character === '(') depth++
    else if (character === ')') depth--
    else if ((character === ',' || character === '') && depth === 0) {
      types.push(abiType(signature.slice(start, at)))
      start = at + 1
    }
  }
  return types
}

function abiType(name: string): AbiType {
  if (name.endsWith('[]')) return { kind: 'list', of: abiType(name.slice(0, -2)) }
  if (name.startsWith('(')) return { kind: 'tuple', of: abiTypes(name.slice(1, -1)) }
  return { kind: name === 'bytes' ? 'bytes' : 'word' }
}

/** The values at `base`, of which offsets count; undefined where one is not there, or points out of the data. */
export function decodeAbi(types: readonly AbiType[], data: Uint8Array, base: number, budget: AbiBudget): readonly AbiValue[] | undefined {
  const values: AbiValue[] = []
  let head = base
  for (const type of types) {
    let at = head
    if (isDynamic(type)) {
      const offset = abiNumber(data, head)
      if (offset === undefined) return undefined
      at = base + offset
    }
    const value = decodeValue(type, data, at, budget)
    if (value === undefined) return undefined
    values.push(value)
    head += isDynamic(type) ? 32 : sizeOf(type)
  }
  return values
}

function decodeValue(type: AbiType, data: Uint8Array, at: number, budget: AbiBudget): AbiValue | undefined {
  if (--budget.left < 0) return undefined
  switch (type.kind) {
    case 'word':
      return at + 32 <= data.length ? data.subarray(at, at + 32) : undefined
    case 'bytes': {
      const length = abiNumber(data, at)
      return length === undefined || at + 32 + length > data.length ? undefined : data.subarray(at + 32, at + 32 + length)
    }
    case 'tuple':
      return decodeAbi(type.of, data, at, budget)
    case 'list': {
      const count = abiNumber(data, at)
      // Each of them has a word of its own.
      if (count === undefined || count > (data.length - at) / 32 || count > budget.left) return undefined
      return decodeAbi(Array<AbiType>(count).fill(type.of), data, at + 32, budget)
    }
  }
}

function isDynamic(type: AbiType): boolean {
  return type.kind === 'bytes' || type.kind === 'list' || (type.kind === 'tuple' && type.of.some(isDynamic))
}

function sizeOf(type: AbiType): number {
  return type.kind === 'tuple' ? type.of.reduce((size, each) => size + sizeOf(each), 0) : 32
}

/** A word as an offset or a length; undefined where it is not there, or points out of the data. */
function abiNumber(data: Uint8Array, at: number): number | undefined {
  if (at < 0 || at + 32 > data.length) return undefined
  let number = 0
  for (let index = at; index < at + 32; index++) {
    number = 256 * number + (data[index] ?? 0)
    if (number > data.length) return undefined
  }
  return number
}
