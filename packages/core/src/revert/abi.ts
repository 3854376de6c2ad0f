import { toHex } from '../bytes/bytes.ts'
import { checksum } from '../networks/checksum.ts'
import { plainText } from './plain-text.ts'

/** A decoded value: integers as bigints, addresses checksummed, bytes as hex, text as plain text, arrays and tuples as lists. */
export type AbiValue = bigint | boolean | string | readonly AbiValue[]

/** One argument of an error. `name` is absent where the declaration has none. */
export interface Argument {
  readonly name?: string
  readonly type: string
  readonly value: AbiValue
}

/** Bytes of one `string` or `bytes` that are kept. More than any revert reason needs, and little enough to print. */
const contentLimit = 65_536
/** Words that one decoding may read, contents included; arrays of hostile length stop here. */
const wordLimit = 8_192

interface Reader {
  readonly bytes: Uint8Array
  words: number
}

/** `a, b` of `Name(a, b)`, split at the commas outside of parentheses. */
function splitArguments(declaration: string): string[] {
  const inner = declaration.slice(declaration.indexOf('(') + 1, declaration.lastIndexOf(')'))
  const out: string[] = []
  let depth = 0
  let start = 0
  for (let i = 0; i < inner.length; i++) {
    const char = inner[i]
    if (char === '(') depth++
    else if (char === ')') depth--
    else if (char === ',' && depth === 0) {
      out.push(inner.slice(start, i))
      start = i + 1
    }
  }
  out.push(inner.slice(start))
  return out.map((part) => part.trim()).filter((part) => part !== '')
}

/** Type and name of `uint256 balance`, `(bool,bytes)[] results`, `bytes`. */
function splitNamed(argument: string): { readonly type: string; readonly name?: string } {
  const space = argument.lastIndexOf(' ')
  if (space < 0 || argument.endsWith(')') || argument.endsWith(']')) return { type: argument }
  return { type: argument.slice(0, space).trim(), name: argument.slice(space + 1) }
}

/** The canonical signature of a declaration: `Name(uint256,bytes)`. */
export function canonicalSignature(declaration: string): string {
  const types = splitArguments(declaration).map((argument) => splitNamed(argument).type)
  return `${declaration.slice(0, declaration.indexOf('('))}(${types.join(',')})`
}

/**
 * Decodes the arguments of `declaration` from ABI-encoded `bytes` (without selector). Undefined when the bytes are not such an
 * encoding. Reads a bounded number of words whatever the bytes claim.
 */
export function readArguments(declaration: string, bytes: Uint8Array): readonly Argument[] | undefined {
  const named = splitArguments(declaration).map(splitNamed)
  const values = readTuple(
    { bytes, words: 0 },
    named.map(({ type }) => type),
    0,
    0,
  )
  if (values === undefined) return undefined
  return named.map(({ type, name }, index) => ({ ...(name === undefined ? {} : { name }), type, value: values[index] ?? '' }))
}

/** The raw bytes of the `bytes` or `string` argument at `index`, for those that wrap another encoding. */
export function readInnerBytes(declaration: string, index: number, bytes: Uint8Array): Uint8Array | undefined {
  const head = splitArguments(declaration)
    .slice(0, index)
    .reduce((sum, argument) => sum + headSize(splitNamed(argument).type), 0)
  const offset = readOffset(bytes, head)
  return offset === undefined ? undefined : readLengthPrefixed(bytes, offset)
}

function isDynamic(type: string): boolean {
  if (type.endsWith('[]') || type === 'bytes' || type === 'string') return true
  return type.startsWith('(') && splitArguments(type).some((part) => isDynamic(splitNamed(part).type))
}

function headSize(type: string): number {
  if (isDynamic(type) || !type.startsWith('(')) return 32
  return splitArguments(type).reduce((sum, part) => sum + headSize(splitNamed(part).type), 0)
}

function readTuple(reader: Reader, types: readonly string[], start: number, depth: number): AbiValue[] | undefined {
  if (depth > 6) return undefined
  const values: AbiValue[] = []
  let head = start
  for (const type of types) {
    let at = head
    if (isDynamic(type)) {
      const offset = readOffset(reader.bytes, head)
      if (offset === undefined) return undefined
      at = start + offset
    }
    const value = readValue(reader, type, at, depth + 1)
    if (value === undefined) return undefined
    values.push(value)
    head += headSize(type)
  }
  return values
}

function readValue(reader: Reader, type: string, at: number, depth: number): AbiValue | undefined {
  if (++reader.words > wordLimit) return undefined
  if (type.endsWith('[]')) {
    const length = readOffset(reader.bytes, at)
    // Each element needs a word at least, so a length that the bytes cannot hold is a lie.
    if (length === undefined || at + 32 + length * 32 > reader.bytes.length) return undefined
    return readTuple(reader, new Array<string>(length).fill(type.slice(0, -2)), at + 32, depth)
  }
  if (type.startsWith('(')) {
    return readTuple(
      reader,
      splitArguments(type).map((part) => splitNamed(part).type),
      at,
      depth,
    )
  }
  if (type === 'bytes' || type === 'string') {
    const content = readLengthPrefixed(reader.bytes, at)?.subarray(0, contentLimit)
    if (content === undefined) return undefined
    // Offsets may overlap, so that a thousand values share one content: each counts.
    reader.words += content.length / 32
    return type === 'string' ? decodeText(content) : toHex(content)
  }
  const word = wordAt(reader.bytes, at)
  return word === undefined ? undefined : readWord(type, word)
}

function readWord(type: string, word: Uint8Array): AbiValue | undefined {
  if (type === 'address') return isZero(word.subarray(0, 12)) ? checksum(toHex(word.subarray(12))) : undefined
  if (type === 'bool') {
    if (!isZero(word.subarray(0, 31))) return undefined
    return word[31] === 0 ? false : word[31] === 1 ? true : undefined
  }
  if (type.startsWith('bytes')) {
    const size = Number(type.slice(5))
    return isZero(word.subarray(size)) ? toHex(word.subarray(0, size)) : undefined
  }
  if (type.startsWith('uint')) return toInteger(word)
  if (type.startsWith('int')) return BigInt.asIntN(256, toInteger(word))
  return undefined
}

/** UTF-8 as it is, with U+FFFD for what is not, as plain text. */
export function decodeText(bytes: Uint8Array): string {
  return plainText(new TextDecoder().decode(bytes.subarray(0, contentLimit)))
}

function toInteger(word: Uint8Array): bigint {
  return BigInt(toHex(word))
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}

function wordAt(bytes: Uint8Array, at: number): Uint8Array | undefined {
  return at >= 0 && at + 32 <= bytes.length ? bytes.subarray(at, at + 32) : undefined
}

/** A word that is used as an offset or a length: undefined when it points out of the bytes. */
function readOffset(bytes: Uint8Array, at: number): number | undefined {
  const word = wordAt(bytes, at)
  if (word === undefined || !isZero(word.subarray(0, 28))) return undefined
  const value = ((word[28] ?? 0) * 2 ** 24 + ((word[29] ?? 0) << 16) + ((word[30] ?? 0) << 8) + (word[31] ?? 0)) >>> 0
  return value <= bytes.length ? value : undefined
}

/** The content of a dynamic value. Logs cut long data off, so content that ends early is taken as far as it goes. */
function readLengthPrefixed(bytes: Uint8Array, at: number): Uint8Array | undefined {
  const word = wordAt(bytes, at)
  if (word === undefined || !isZero(word.subarray(0, 28))) return undefined
  const length = Number(toInteger(word))
  return bytes.subarray(at + 32, Math.min(at + 32 + length, bytes.length))
}
