import { bytesOf, toHex, writeBytes, writeWord } from '../../bytes/bytes.ts'
import type { Bytes32, Hex } from '../../bytes/hex.ts'
import { keccak256 } from '../../bytes/keccak.ts'
import { isList, isNumber, isObject, type Json, type JsonObject } from '../../wire/json.ts'
import { refuse, unreadable } from '../../wire/refusal.ts'
import { shownValue } from '../../wire/shown-value.ts'
import { show } from '../../wire/text.ts'

/** A member of a struct, as its type declares it: `uint256 value`. */
export interface TypedMember {
  readonly type: string
  readonly name: string
}

/** The structs of typed data by their names. */
export type StructTypes = ReadonlyMap<string, readonly TypedMember[]>

/** One word of an encoded struct, and what it was made of. */
export interface EncodedMember {
  /** Dotted path: `domain.name`, `message.value`. */
  readonly field: string
  readonly type: string
  /** The value as it was given; of a struct or a list what it is. */
  readonly value: string
  /** What stands in the encoded struct for it. */
  readonly word: Bytes32
  /** How the word was made of the value: right-aligned or cut as it is, the hash of its bytes, the hash of a struct, or that of a list's words. */
  readonly as: 'word' | 'hash-of-bytes' | 'hash-of-struct' | 'hash-of-list'
}

/** One struct with each step of its hash: keccak256 of the type hash and the words behind it. */
export interface EncodedStruct {
  /** `domain`, `message`, or the path of a struct inside of one. */
  readonly field: string
  readonly name: string
  /** The type string, with the types behind it that it refers to. */
  readonly type: string
  readonly typeHash: Bytes32
  readonly members: readonly EncodedMember[]
  readonly hash: Bytes32
}

/** More types than this no typed data has. */
const mostTypes = 100

/**
 * Encodes a struct as EIP-712 defines `hashStruct`; of the structs inside of it each comes before the one that holds it, itself last.
 * @throws Eip3009Error `unreadable-input` for a type that is none, a member that is missing, or a value that its type does not hold.
 */
export function encodeStruct(name: string, value: JsonObject, types: StructTypes, field: string): readonly EncodedStruct[] {
  if (types.size > mostTypes)
    throw refuse(unreadable(`typed data with ${types.size} types`, `at most ${mostTypes}`, 'leave out the types that nothing refers to'))
  const out: EncodedStruct[] = []
  new Encoder(types, out).struct(name, value, field)
  return out
}

class Encoder {
  readonly #types: StructTypes
  readonly #out: EncodedStruct[]
  readonly #strings = new Map<string, string>()

  constructor(types: StructTypes, out: EncodedStruct[]) {
    this.#types = types
    this.#out = out
  }

  struct(name: string, value: JsonObject, field: string): Bytes32 {
    const type = this.#typeString(name)
    const typeHash = toHex(keccak256(utf8(type)))
    const members = (this.#types.get(name) ?? []).map((member) => this.#member(member, value.get(member.name), field))
    const hash = toHex(keccak256(join([typeHash, ...members.map(({ word }) => word)])))
    this.#out.push({ field, name, type, typeHash, members, hash })
    return hash
  }

  #member({ type, name }: TypedMember, value: Json | undefined, field: string): EncodedMember {
    const path = `${field}.${name}`
    if (value === undefined || value === null)
      throw refuse(
        unreadable(
          `typed data whose ${show(path)} is ${value === null ? 'null' : 'missing'}`,
          `${aType(type)}, as its type declares`,
          'add it, or take it out of types',
        ),
      )
    const as = isListType(type)
      ? 'hash-of-list'
      : this.#types.has(type)
        ? 'hash-of-struct'
        : type === 'string' || type === 'bytes'
          ? 'hash-of-bytes'
          : 'word'
    return { field: path, type, value: describe(value), word: this.#word(type, value, path), as }
  }

  #word(type: string, value: Json, path: string): Bytes32 {
    const list = /^(.+)\[(\d*)\]$/.exec(type)
    if (list !== null) return this.#list(list[1] ?? '', list[2] ?? '', type, value, path)
    if (!this.#types.has(type)) return atomicWord(type, value, path)
    if (!isObject(value)) throw unfit(path, value, `an object with the members of ${show(type)}`)
    return this.struct(type, value, path)
  }

  #list(of: string, length: string, type: string, value: Json, path: string): Bytes32 {
    if (!isList(value)) throw unfit(path, value, `a list, as ${show(type)} is one`)
    if (length !== '' && value.length !== Number(length)) throw unfit(path, value, `a list of ${show(length)}, as ${show(type)} has`)
    return toHex(keccak256(join(value.map((item, index) => this.#word(of, item, `${path}[${index}]`)))))
  }

  /** The type itself, then those that it refers to, in the order of their names. */
  #typeString(name: string): string {
    const known = this.#strings.get(name)
    if (known !== undefined) return known
    const found = new Set<string>()
    const waiting = [name]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (found.has(next)) continue
      found.add(next)
      for (const { type } of this.#types.get(next) ?? []) {
        const base = type.replace(/(?:\[\d*\])+$/, '')
        if (this.#types.has(base)) waiting.push(base)
      }
    }
    found.delete(name)
    const text = [name, ...[...found].toSorted(byCode)].map((each) => this.#ownString(each)).join('')
    this.#strings.set(name, text)
    return text
  }

  #ownString(name: string): string {
    return `${name}(${(this.#types.get(name) ?? []).map((member) => `${member.type} ${member.name}`).join(',')})`
  }
}

/** As JavaScript and Go sort strings, whatever the language of the machine. */
function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function isListType(type: string): boolean {
  return type.endsWith(']')
}

/** @throws Eip3009Error for a type that is none, or a value that it does not hold. */
function atomicWord(type: string, value: Json, path: string): Bytes32 {
  const word = new Uint8Array(32)
  if (type === 'string') {
    if (typeof value !== 'string') throw unfit(path, value, 'a string')
    return toHex(keccak256(utf8(value)))
  }
  if (type === 'bytes') return toHex(keccak256(hexBytes(value) ?? raise(unfit(path, value, '0x and an even number of hex digits'))))
  if (type === 'bool') {
    if (typeof value !== 'boolean') throw unfit(path, value, 'true or false')
    word[31] = value ? 1 : 0
    return toHex(word)
  }
  if (type === 'address') {
    const bytes = hexBytes(value)
    if (bytes?.length !== 20) throw unfit(path, value, 'an address: 0x and 40 hex digits')
    writeBytes(word, 0, bytes)
    return toHex(word)
  }
  const length = Number(/^bytes([1-9]\d?)$/.exec(type)?.[1])
  if (length <= 32) {
    const bytes = hexBytes(value)
    if (bytes?.length !== length) throw unfit(path, value, `${length} ${length === 1 ? 'byte' : 'bytes'}: 0x and ${2 * length} hex digits`)
    word.set(bytes)
    return toHex(word)
  }
  const [, unsigned = '', size = '256'] = /^(u?)int([1-9]\d{0,2})?$/.exec(type) ?? []
  const bits = /^u?int/.test(type) ? Number(size) : 0
  if (!/^u?int(?:[1-9]\d{0,2})?$/.test(type) || bits > 256 || bits % 8 !== 0) {
    throw refuse(
      unreadable(
        `typed data whose ${show(path)} has the type "${show(type)}"`,
        'a type of Solidity, or one that types declares',
        'correct it in types',
      ),
    )
  }
  const number = integer(value)
  if (number === undefined) throw unfit(path, value, `a whole number, as ${type} is one`)
  const held = unsigned === 'u' ? BigInt.asUintN(bits, number) : BigInt.asIntN(bits, number)
  if (held !== number) throw unfit(path, value, `a number that ${type} holds`)
  writeWord(word, 0, number)
  return toHex(word)
}

/** A whole number as wallets take it: digits, a number, hex. */
function integer(value: Json): bigint | undefined {
  const text = isNumber(value) ? value.digits : value
  if (typeof text !== 'string' || text.length > 200) return undefined
  const trimmed = text.trim()
  return /^(?:-?\d+|0[xX][0-9a-fA-F]+)$/.test(trimmed) ? BigInt(trimmed) : undefined
}

function hexBytes(value: Json): Uint8Array | undefined {
  return typeof value === 'string' && /^0[xX](?:[0-9a-fA-F]{2})*$/.test(value) ? bytesOf(value.slice(2)) : undefined
}

function unfit(path: string, value: Json, expected: string): Error {
  const seen = typeof value === 'string' ? `"${show(value)}"` : shownValue(value)
  return refuse(unreadable(`typed data whose ${show(path)} is ${seen}`, expected, 'correct that value, or its type in types'))
}

function raise(error: Error): never {
  throw error
}

/** A value as people see it in JSON. */
function describe(value: Json): string {
  return typeof value === 'string' ? value : shownValue(value)
}

function aType(type: string): string {
  return `${/^[aeiou]/.test(type) && !type.startsWith('uint') ? 'an' : 'a'} ${show(type)}`
}

function join(words: readonly Hex[]): Uint8Array {
  return bytesOf(words.map((word) => word.slice(2)).join(''))
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
