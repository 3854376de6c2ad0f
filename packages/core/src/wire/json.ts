/** A number with the digits that were written, so that an amount above 2^53 does not lose any. */
export interface JsonNumber {
  readonly type: 'number'
  /** As written: `10000`, `1e3`, `0.01`. */
  readonly digits: string
  /** Where it came from: JSON text, a JavaScript number (whose digits above 2^53 are gone), or a bigint. */
  readonly from: 'text' | 'number' | 'bigint'
}

/** Objects are maps, so that `__proto__` is a key like any other. */
export type JsonObject = ReadonlyMap<string, Json>
export type JsonList = readonly Json[]
export type Json = string | boolean | null | JsonNumber | JsonList | JsonObject

/** Something in the text that strict JSON does not allow, or that JSON readers disagree about. */
export interface JsonSlip {
  readonly what: string
  /** Counted from 0. */
  readonly at: number
}

export type JsonResult =
  | { readonly ok: true; readonly value: Json; readonly end: number; readonly slips: readonly JsonSlip[] }
  | { readonly ok: false; readonly at: number; readonly problem: string; readonly truncated: boolean }

/** Deeper than any payment, and shallow enough for every stack. */
const deepest = 64
/** More values than any payment body has. */
const mostValues = 50_000

export function isObject(value: Json | undefined): value is JsonObject {
  return value instanceof Map
}

export function isList(value: Json | undefined): value is JsonList {
  return Array.isArray(value)
}

export function isNumber(value: Json | undefined): value is JsonNumber {
  return typeof value === 'object' && value !== null && 'type' in value && !Array.isArray(value)
}

/**
 * Reads one JSON value at `start`, in one pass. Takes what people paste from consoles too: trailing commas, comments, single quotes,
 * bare keys, `10000n`, Python's `None`; each such thing is a slip. What stands after the value is left to the caller (`end`).
 */
export function parseJson(text: string, start = 0): JsonResult {
  const scanner = new Scanner(text, start)
  try {
    scanner.skipBlank()
    const value = scanner.value(0)
    return { ok: true, value, end: scanner.at, slips: scanner.slips }
  } catch (error) {
    if (error instanceof JsonFault) return { ok: false, at: error.at, problem: error.message, truncated: error.at >= text.length }
    throw error
  }
}

class JsonFault extends Error {
  readonly at: number

  constructor(at: number, problem: string) {
    super(problem)
    this.at = at
  }
}

const words: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
])
/** What Python and JavaScript consoles print for the same. */
const consoleWords: ReadonlyMap<string, boolean | null> = new Map([
  ['True', true],
  ['False', false],
  ['None', null],
  ['undefined', null],
])
const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

class Scanner {
  at: number
  readonly slips: JsonSlip[] = []
  readonly #text: string
  /** The closing brackets that are still owed, outermost first. */
  readonly #open: string[] = []
  #values = 0

  constructor(text: string, start: number) {
    this.#text = text
    this.at = start
  }

  value(depth: number): Json {
    if (depth > deepest) throw new JsonFault(this.at, `is nested deeper than ${deepest} levels`)
    if (++this.#values > mostValues) throw new JsonFault(this.at, `has more than ${mostValues} values`)
    const character = this.#text.charAt(this.at)
    if (character === '{') return this.#object(depth)
    if (character === '[') return this.#list(depth)
    if (character === '"' || character === "'" || character === '`') return this.#string(character)
    if (character === '') throw this.#ended('a value')
    return this.#numberOrWord()
  }

  skipBlank(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.at)
      if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) this.at++
      else if (code === 0xfeff || code === 0xa0) {
        this.#slip('has an invisible space (U+FEFF or U+00A0)')
        this.at++
      } else if (code === 0x2f && this.#skipComment()) this.#slip('has a comment')
      else return
    }
  }

  #skipComment(): boolean {
    const second = this.#text.charAt(this.at + 1)
    if (second !== '/' && second !== '*') return false
    const end = this.#text.indexOf(second === '/' ? '\n' : '*/', this.at + 2)
    this.at = end === -1 ? this.#text.length : end + (second === '/' ? 1 : 2)
    return true
  }

  #object(depth: number): JsonObject {
    const members = new Map<string, Json>()
    this.at++
    this.#open.push('}')
    for (;;) {
      this.skipBlank()
      if (this.#text.charAt(this.at) === '}') break
      const key = this.#key()
      this.skipBlank()
      if (this.#text.charAt(this.at) !== ':') throw this.#fault(`":" after the key "${key}"`)
      this.at++
      this.skipBlank()
      if (members.has(key)) this.#slip(`has the key "${key}" twice, of which readers take the last`)
      members.set(key, this.value(depth + 1))
      if (!this.#comma('}')) break
    }
    this.#open.pop()
    this.at++
    return members
  }

  #list(depth: number): JsonList {
    const items: Json[] = []
    this.at++
    this.#open.push(']')
    for (;;) {
      this.skipBlank()
      if (this.#text.charAt(this.at) === ']') break
      items.push(this.value(depth + 1))
      if (!this.#comma(']')) break
    }
    this.#open.pop()
    this.at++
    return items
  }

  /** After a member: true when another may follow, false when `close` stands here. */
  #comma(close: string): boolean {
    this.skipBlank()
    const character = this.#text.charAt(this.at)
    if (character === close) return false
    if (character !== ',') throw this.#fault(`"," or "${close}"`)
    const comma = this.at
    this.at++
    this.skipBlank()
    if (this.#text.charAt(this.at) === close) this.#slip('has a trailing comma', comma)
    return true
  }

  #key(): string {
    const character = this.#text.charAt(this.at)
    if (character === '"' || character === "'") return this.#string(character)
    const bare = this.#bareWord()
    if (bare === '') throw this.#fault('a key in double quotes')
    this.#slip('has a key without quotes', this.at - bare.length)
    return bare
  }

  #bareWord(): string {
    const start = this.at
    while (isWordCode(this.#text.charCodeAt(this.at))) this.at++
    return this.#text.slice(start, this.at)
  }

  #string(quote: string): string {
    const start = this.at
    if (quote !== '"') this.#slip(`has a string in ${quote === "'" ? 'single quotes' : 'backticks'}`)
    let out = ''
    let from = ++this.at
    for (;;) {
      const code = this.#text.charCodeAt(this.at)
      if (Number.isNaN(code)) throw this.#ended(`the string that begins at character ${start + 1}`, quote)
      if (code === quote.charCodeAt(0)) break
      if (code === 0x5c) {
        out += this.#text.slice(from, this.at) + this.#escape(quote)
        from = this.at
      } else {
        if (code < 0x20) this.#slip('has a line break or control character inside a string')
        this.at++
      }
    }
    out += this.#text.slice(from, this.at)
    this.at++
    return out
  }

  #escape(quote: string): string {
    const character = this.#text.charAt(this.at + 1)
    if (character === '') throw this.#ended('an escape', quote)
    if (character === 'u') {
      const digits = this.#text.slice(this.at + 2, this.at + 6)
      if (this.at + 6 > this.#text.length) throw this.#ended('an escape', quote)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#fault('four hex digits after "\\u"')
      this.at += 6
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    const plain = escapes.get(character)
    if (plain === undefined) this.#slip(`has the escape "\\${character}", which JSON does not know`)
    this.at += 2
    return plain ?? character
  }

  #numberOrWord(): Json {
    const start = this.at
    const first = this.#text.charAt(start)
    if (first === '-' || first === '+' || first === '.') this.at++
    let word = this.#text.slice(start, this.at) + this.#bareWord()
    // An exponent's sign ends a word: 1e-2 and 1.5e+30.
    const sign = this.#text.charAt(this.at)
    if (/^[-+]?[0-9.]*[eE]$/.test(word.slice(0, 100)) && (sign === '-' || sign === '+')) {
      this.at++
      word += sign + this.#bareWord()
    }
    if (word === '') throw this.#fault('a value')
    const known = words.get(word)
    if (known !== undefined) return known
    const printed = consoleWords.get(word)
    if (printed !== undefined) {
      this.#slip(`has ${word} where JSON has ${String(printed)}`, start)
      return printed
    }
    return this.#number(word, start)
  }

  #number(word: string, start: number): JsonNumber {
    const digits = word.endsWith('n') ? word.slice(0, -1) : word
    if (!isNumeric(digits)) {
      if (this.at >= this.#text.length) throw this.#ended('the rest of a value')
      this.at = start
      if (word === 'Object' || word === 'Array')
        throw new JsonFault(
          start,
          `has "[${word}]" at character ${start}, where a console left the value out: print it with JSON.stringify`,
        )
      throw this.#fault('a value')
    }
    if (digits !== word) this.#slip(`has a JavaScript bigint (${word.slice(0, 20)})`, start)
    else if (!/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/.test(word))
      this.#slip('has a number that is not spelled as JSON does', start)
    return { type: 'number', digits, from: digits === word ? 'text' : 'bigint' }
  }

  #slip(what: string, at = this.at): void {
    // One of a kind says enough, and keeps the list short for text with ten thousand of them.
    if (!this.slips.some((slip) => slip.what === what) && this.slips.length < 8) this.slips.push({ what, at })
  }

  #fault(expected: string): JsonFault {
    const found = this.#text.codePointAt(this.at)
    if (found === undefined) return this.#ended(expected)
    return new JsonFault(this.at, `has ${describeCharacter(found)} at character ${this.at + 1}, where ${expected} should be`)
  }

  /** The text ends; says what was being read, and which closers are owed. */
  #ended(inside: string, quote = ''): JsonFault {
    const owed = [...(quote === '' ? [] : ['the closing quote']), ...this.#open.toReversed().map((close) => `"${close}"`)].slice(0, 8)
    const missing = owed.length === 0 ? '' : `: ${owed.join(', ')} ${owed.length === 1 ? 'is' : 'are'} missing`
    const place = quote === '' ? `, where ${inside} should follow` : ` in ${inside}`
    return new JsonFault(this.#text.length, `ends after ${this.#text.length} characters${place}${missing}`)
  }
}

function isWordCode(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f ||
    code === 0x24 ||
    code === 0x2e
  )
}

function isNumeric(word: string): boolean {
  return /^[-+]?(?:0[xX][0-9a-fA-F]+|[0-9]+\.?[0-9]*(?:[eE][-+]?[0-9]+)?|\.[0-9]+)$/.test(word)
}

function describeCharacter(codePoint: number): string {
  const character = String.fromCodePoint(codePoint)
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)
    ? `"${character === '"' ? '\\"' : character}"`
    : `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`
}

export type ValueResult = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly problem: string }

/**
 * The same model from a value that is already in memory. Byte arrays become `0x` strings, dates ISO strings; functions, symbols and
 * undefined members are left out as JSON does. Cycles, depth and objects whose properties throw are answered, not thrown.
 */
export function jsonOf(value: unknown): ValueResult {
  const walker = new Walker()
  try {
    return { ok: true, value: walker.value(value, 0) ?? null }
  } catch (error) {
    // A getter or a proxy may throw anything, and what it throws is not ours to print.
    return { ok: false, problem: error instanceof JsonFault ? error.message : 'has properties that throw when they are read' }
  }
}

class Walker {
  readonly #ancestors = new Set<object>()
  #values = 0

  value(value: unknown, depth: number): Json | undefined {
    if (++this.#values > mostValues) throw new JsonFault(0, `has more than ${mostValues} values`)
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
    if (typeof value === 'number') return { type: 'number', digits: String(value), from: 'number' }
    if (typeof value === 'bigint') return { type: 'number', digits: bigintDigits(value), from: 'bigint' }
    return typeof value === 'object' ? this.#composite(value, depth) : undefined
  }

  #composite(value: object, depth: number): Json {
    if (depth > deepest) throw new JsonFault(0, `is nested deeper than ${deepest} levels`)
    if (this.#ancestors.has(value)) throw new JsonFault(0, 'refers to itself')
    if (value instanceof Uint8Array) return hexOfBytes(value)
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
    this.#ancestors.add(value)
    const result = Array.isArray(value) ? this.#list(value, depth) : this.#object(value, depth)
    this.#ancestors.delete(value)
    return result
  }

  #list(value: readonly unknown[], depth: number): JsonList {
    if (value.length > mostValues) throw new JsonFault(0, `has more than ${mostValues} values`)
    return Array.from(value, (item) => this.value(item, depth + 1) ?? null)
  }

  #object(value: object, depth: number): JsonObject {
    const members = new Map<string, Json>()
    for (const [key, member] of value instanceof Map ? value : Object.entries(value)) {
      if (typeof key !== 'string') continue
      const read = this.value(member, depth + 1)
      if (read !== undefined) members.set(key, read)
    }
    return members
  }
}

/** A bigint of millions of digits takes seconds to print, and no field of a payment has more than 78. */
function bigintDigits(value: bigint): string {
  return BigInt.asIntN(512, value) === value ? String(value) : '9'.repeat(200)
}

function hexOfBytes(bytes: Uint8Array): string {
  if (bytes.length > mostValues) throw new JsonFault(0, `has ${bytes.length} bytes in one field`)
  let out = '0x'
  for (const byte of bytes) out += byte.toString(16).padStart(2, '0')
  return out
}
