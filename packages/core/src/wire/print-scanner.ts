import type { Json, JsonObject } from './json.ts'

/** Something that stands at the top of a text: an object, a list, or what has a name (`network=Base`). */
export interface PrintedItem {
  readonly key?: string
  readonly value: Json
  readonly start: number
  readonly end: number
}

/** What a program printed of its values, as it stands in a text. */
export interface Printed {
  readonly items: readonly PrintedItem[]
  /** Long strings, in which there may be prints again. */
  readonly texts: readonly string[]
  /** Whether the text ends before a bracket was closed. */
  readonly unclosed: boolean
}

/** Deeper than any payment, and shallow enough for every stack. */
const deepest = 48
/** More values than any payment has. */
const mostValues = 20_000
const longestKey = 60
/** Shorter than any print of a payment. */
const shortestText = 120

const closers = { '{': '}', '[': ']', '(': ')' } as const
type Opener = keyof typeof closers

/** Words that print what JSON has otherwise. */
const words: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['True', true],
  ['False', false],
  ['null', null],
  ['None', null],
  ['nil', null],
  ['undefined', null],
])

const escapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['f', '\f'],
  ['0', '\0'],
  ['a', '\x07'],
  ['v', '\v'],
])

/** The type in front of a composite literal in Go: `map[string]interface {}{`, `[32]uint8{`, `[]byte{`, `map[`. */
const goType = /(?:map\[[\w.*]{1,40}\]|\[[0-9]{0,6}\])(?:interface \{\}|[\w.*]{1,80})(?=\{)|map(?=\[)/y
/** `(*big.Int)(0xc0000140a0)` and `(*T)(nil)`: Go does not follow the pointers in a struct. */
const goPointer = /\(\*[\w./[\]]{1,120}\)\((0x[0-9a-fA-F]+|nil)\)/y
/** `<Buffer 4b 4e … >` of Node. */
const buffer = /<Buffer((?: [0-9a-fA-F]{2})*)( \.\.\. [0-9]+ more bytes?)?>/y
/** `<Network.BASE: 'base'>` of Python's enums. */
const enumMember = /<[\w.]{1,80}: (?:'([^'\n]{0,200})'|"([^"\n]{0,200})"|([0-9]{1,80}))>/y
/** What a console puts in place of a value: `[Object]`, `[Array]`, `[Circular *1]`, `[Getter]`, `[Function: f]`. */
const leftOut = /\[(?:Object|Array|Circular(?: \*[0-9]+)?|Getter(?:\/Setter)?|Setter|(?:Async)?Function(?::? ?[\w$. ()]{0,60})?)\]/y
/** `[Object: null prototype] {`. */
const nullPrototype = /\[(?:Object|[\w$]{1,60}): null prototype\] ?(?=\{)/y
/** Any other thing in angle brackets: `<redacted>`, `<Foo object at 0x7f…>`. */
const angled = /<[^<>\n]{1,200}>/y
/** `... 3 more items`, `...`, `…`. */
const dots = /(?:\.{2,}|…)(?: [0-9]+ more (?:items?|characters?|bytes?))?/y
const bareName = /[\p{L}_$&*@][\p{L}\p{N}_$.&*/-]*(?:::[\p{L}\p{N}_$.<>-]+)*/uy
/** In the place of a value: up to what ends it. */
const bareValue = /[^\s,;(){}[\]"`|]+/y
const blank = /[\s|]+/y
const sameLine = /[ \t]+/y
const separators = /[\s|,;]+/y

/** Reads what looks like a program's print anywhere in a text, in one pass; never fails. */
export function scanPrints(text: string): Printed {
  return new PrintScanner(text).text()
}

/** Whether the brace at `at` is a struct's, as languages print them: `Authorization { from: "0x…" }`. */
export function isStruct(text: string, at: number): boolean {
  return /[A-Za-z_]\w* ?$/.test(text.slice(Math.max(0, at - 40), at)) && /^\{\s*[A-Za-z_]\w*\s*[:=]/.test(text.slice(at, at + 80))
}

class PrintScanner {
  #at = 0
  #values = 0
  #unfinished = false
  readonly #text: string
  readonly #texts: string[] = []
  /** The brackets that are owed, outermost first. */
  readonly #open: string[] = []

  constructor(text: string) {
    this.#text = text
  }

  text(): Printed {
    const items: PrintedItem[] = []
    while (this.#at < this.#text.length && this.#values < mostValues) {
      this.#take(separators)
      const start = this.#at
      const item = this.#item(0, false)
      if (this.#at === start) this.#at++
      const end = Math.min(this.#at, this.#text.length)
      if (item?.key !== undefined) items.push({ key: item.key, value: item.value, start, end })
      else if (item !== undefined && typeof item.value === 'object' && item.value !== null && !isNumber(item.value)) {
        items.push({ value: item.value, start, end })
      }
    }
    return { items, texts: this.#texts, unclosed: this.#unfinished }
  }

  /** A value with or without its key; undefined where only separators were left. */
  #item(depth: number, tight: boolean): { readonly key?: string; readonly value: Json; readonly tight?: boolean } | undefined {
    this.#take(separators)
    if (this.#at >= this.#text.length) return undefined
    const start = this.#at
    const character = this.#text.charAt(start)
    if (this.#isQuoted(character)) {
      const value = this.#string(character)
      return value.length <= longestKey && this.#keyEnds() !== undefined ? this.#member(value, depth, tight) : { value }
    }
    const name = this.#peek(bareName)
    if (name !== undefined && name.length <= longestKey) {
      this.#at = start + name.length
      if (this.#keyEnds() !== undefined) return this.#member(name, depth, tight)
      this.#at = start
    }
    return { value: this.#value(depth, false) }
  }

  /** Steps over what stands between a key and its value; undefined, and no step, where nothing of the kind does. */
  #keyEnds(): 'spaced' | 'tight' | undefined {
    const end = /[ \t]*(?:=>|:(?!:)|=(?!=))(?=(\s*))/y
    end.lastIndex = this.#at
    const match = end.exec(this.#text)
    if (match === null) return undefined
    this.#keyEnd = end.lastIndex
    return match[1] === '' ? 'tight' : 'spaced'
  }
  #keyEnd = 0

  #member(key: string, depth: number, tight: boolean): { readonly key: string; readonly value: Json; readonly tight: boolean } {
    const ends = this.#keyEnds()
    this.#at = this.#keyEnd
    // In Go's prints nothing stands between "Name:" and the value, so that a space says that there is none.
    if (ends === 'spaced' && tight && /^[ \t]/.test(this.#text.charAt(this.#at))) return { key, value: '', tight }
    const isTight = tight || (ends === 'tight' && depth > 0 && this.#text.charAt(this.#at - 1) === ':')
    this.#take(sameLine)
    // At the top of a text a heading ends in a colon, too, and what follows it has names of its own.
    if (depth === 0 && /^\r?\n\s*[^\s{[('"`]/.test(this.#text.slice(this.#at, this.#at + 200))) return { key, value: '', tight: isTight }
    // "settle failed: payload=…"
    if (depth === 0 && this.#isNext(/[\p{L}_$][\p{L}\p{N}_$.]{0,60}=(?!=)/uy)) return { key, value: '', tight: isTight }
    this.#take(blank)
    const closer = this.#text.charAt(this.#at)
    if (closer === '}' || closer === ']' || closer === ')' || closer === ',') return { key, value: '', tight: isTight }
    return { key, value: this.#value(depth, isTight), tight: isTight }
  }

  /** `joined`: a value without quotes may have spaces, and ends before the next key. */
  #value(depth: number, joined: boolean): Json {
    this.#values++
    const start = this.#at
    const special = this.#special()
    if (special !== undefined) return special
    const character = this.#text.charAt(this.#at)
    if (this.#take(goType) !== undefined) return this.#composite(this.#openerAt() ?? '{', depth)
    if (isOpener(character)) return this.#composite(character, depth)
    if (this.#isQuoted(character)) return this.#long(this.#string(character))
    if (character === '}' || character === ']' || character === ')') {
      this.#at++
      return ''
    }
    const name = this.#peek(bareName)
    if (name !== undefined) {
      const end = start + name.length
      const next = this.#text.charAt(end)
      this.#at = end
      if (/^[bBrRuUfF]{1,2}$/.test(name) && this.#isQuoted(next)) return prefixed(name, this.#string(next))
      // Rust has a space before its braces, Node one before what is in a class: `Uint8Array(32) [`.
      const size = /^\(([0-9]{1,6})\) ?(?=[[{])/.exec(this.#text.slice(end, end + 16))
      if (size !== null) this.#at += size[0].length
      else if (next === ' ' && this.#text.charAt(end + 1) === '{') this.#at++
      const opener = this.#openerAt()
      if (opener !== undefined && !(opener === '[' && size === null && !/^(?:map|[\p{Lu}].*)$/u.test(name)))
        return this.#composite(opener, depth)
      this.#at = start
    }
    const bare = this.#take(bareValue)
    if (bare === undefined) {
      this.#at++
      return ''
    }
    return scalar(joined && !/^(?:0[xX]|[-+]?[0-9])/.test(bare) ? bare + this.#rest() : bare)
  }

  /** The words behind the first one of a value without quotes. */
  #rest(): string {
    const more = /(?:[ \t]+(?![\p{L}_][\p{L}\p{N}_]{0,60}:)[^\s,;(){}[\]'"`|]+)*/uy
    more.lastIndex = this.#at
    const rest = more.exec(this.#text)?.[0] ?? ''
    this.#at += rest.length
    return rest
  }

  #special(): Json | undefined {
    const character = this.#text.charAt(this.#at)
    if (character === '<') {
      const bytes = this.#match(buffer)
      if (bytes !== undefined) return `0x${(bytes[1] ?? '').replaceAll(' ', '')}${bytes[2] === undefined ? '' : '...'}`
      const member = this.#match(enumMember)
      if (member !== undefined) return scalar(member[1] ?? member[2] ?? member[3] ?? '')
      // `<ref *1> {` of Node's circular objects.
      this.#match(/<ref \*[0-9]+> ?/y)
      const angle = this.#match(angled)
      return angle === undefined ? undefined : angle[0] === '<nil>' ? null : angle[0]
    }
    if (character === '[') {
      const out = this.#match(leftOut)
      if (out !== undefined) return out[0]
      this.#match(nullPrototype)
      return undefined
    }
    if (character === '(') {
      const pointer = this.#match(goPointer)
      return pointer === undefined ? undefined : pointer[1] === 'nil' ? null : pointer[0]
    }
    if (character === '.' || character === '…') return this.#match(dots)?.[0]
    if (character === '&') this.#at++
    return undefined
  }

  #composite(opener: Opener, depth: number): Json {
    const closer = closers[opener]
    this.#at++
    if (depth >= deepest) return ''
    this.#open.push(closer)
    const members = new Map<string, Json>()
    const items: Json[] = []
    let tight = false
    let isClosed = false
    while (this.#at < this.#text.length && this.#values < mostValues) {
      this.#take(separators)
      const character = this.#text.charAt(this.#at)
      if (character === closer) {
        this.#at++
        isClosed = true
        break
      }
      // The bracket of something outside: this one was never closed.
      if (this.#open.includes(character)) break
      const before = this.#at
      const item = this.#item(depth + 1, tight)
      if (item?.key !== undefined) {
        members.set(item.key, item.value)
        tight ||= item.tight === true
      } else if (item !== undefined) items.push(item.value)
      if (this.#at === before) this.#at++
    }
    if (!isClosed && this.#at >= this.#text.length) this.#unfinished = true
    this.#open.pop()
    if (members.size > 0) return bigInt(members) ?? members
    const [only] = items
    if (opener === '(' && items.length === 1 && only !== undefined) return only
    return opener === '{' && items.length === 0 ? members : (bytesIn(items) ?? items)
  }

  /** Whether a string begins here: it ends in the same line, of which the apostrophe in a sentence knows nothing. */
  #isQuoted(quote: string): boolean {
    if (quote === '`') return this.#text.indexOf('`', this.#at + 1) !== -1
    if (quote !== '"' && quote !== "'") return false
    if (this.#at < (this.#unclosed.get(quote) ?? 0)) return false
    const code = quote.charCodeAt(0)
    let at = this.#at + 1
    for (; at < this.#text.length; at++) {
      const each = this.#text.charCodeAt(at)
      if (each === code) return true
      if (each === 0x0a) break
      if (each === 0x5c) at++
    }
    this.#unclosed.set(quote, at)
    return false
  }
  /** Up to where no string ends, by its quote. */
  readonly #unclosed = new Map<string, number>()

  /** A quoted string without its quotes. */
  #string(quote: string): string {
    let from = ++this.#at
    let out = ''
    for (;;) {
      const code = this.#text.charCodeAt(this.#at)
      if (Number.isNaN(code)) break
      if (code === quote.charCodeAt(0)) break
      if (code !== 0x5c) {
        this.#at++
        continue
      }
      out += this.#text.slice(from, this.#at)
      const escaped = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|([\s\S]))/y
      escaped.lastIndex = this.#at
      const [all = '\\', byte, unit, point, other = ''] = escaped.exec(this.#text) ?? []
      const digits = byte ?? unit ?? point
      out += digits === undefined ? (escapes.get(other) ?? other) : character(Number.parseInt(digits, 16))
      this.#at += all.length
      from = this.#at
    }
    out += this.#text.slice(from, this.#at)
    this.#at++
    return out
  }

  #long(text: string): string {
    if (text.length >= shortestText && this.#texts.length < 64) this.#texts.push(text)
    return text
  }

  #openerAt(): Opener | undefined {
    const character = this.#text.charAt(this.#at)
    return isOpener(character) ? character : undefined
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match === null) return undefined
    this.#at = pattern.lastIndex
    return match
  }

  #isNext(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    return pattern.test(this.#text)
  }

  #take(pattern: RegExp): string | undefined {
    return this.#match(pattern)?.[0]
  }

  #peek(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    return pattern.exec(this.#text)?.[0]
  }
}

function isOpener(character: string): character is Opener {
  return character === '{' || character === '[' || character === '('
}

function isNumber(value: Json): boolean {
  return typeof value === 'object' && value !== null && 'type' in value
}

function character(codePoint: number): string {
  return codePoint > 0x10ffff ? '\ufffd' : String.fromCodePoint(codePoint)
}

/** A word without quotes: a number with all of its digits, what JSON has a word for, else itself, without the path in front of a variant. */
function scalar(raw: string): Json {
  const text = raw.length > 200 ? raw : raw.replace(/^[&*]+/, '')
  const word = words.get(text)
  if (word !== undefined) return word
  // BigInts, Rust's suffixes and separators, and Go's sign.
  const digits = /^\+?(-?[0-9][0-9_]{0,200})(?:n|_?[uUiI](?:8|16|32|64|128|256|size))?$/.exec(text)?.[1]
  if (digits !== undefined) return { type: 'number', digits: digits.replaceAll('_', ''), from: 'bigint' }
  const variant = /^[A-Za-z_][\w]*(?:::[A-Za-z_]\w*)+$/.test(text) ? text.slice(text.lastIndexOf(':') + 1) : text
  return variant
}

/** Bytes as Python prints them, as hex; with any other letter in front a string. */
function prefixed(name: string, text: string): Json {
  if (!/^[rRuUfF]?[bB][rR]?$/.test(name)) return text
  // What was encoded is printed as it is: base64 and hex are bytes, too.
  if (/^[\x20-\x7e]*$/.test(text) && ![20, 32, 64, 65].includes(text.length)) return text
  let hex = '0x'
  for (let at = 0; at < text.length; at++) hex += (text.charCodeAt(at) & 0xff).toString(16).padStart(2, '0')
  return hex
}

/** The lengths of an address, a word and a signature: lists of as many small numbers are bytes. */
const byteLengths: ReadonlySet<number> = new Set([20, 32, 64, 65])

function bytesIn(items: readonly Json[]): string | undefined {
  if (!byteLengths.has(items.length)) return undefined
  let hex = '0x'
  for (const item of items) {
    const text = typeof item === 'string' ? item : item !== null && typeof item === 'object' && 'digits' in item ? item.digits : ''
    const byte = /^(?:[0-9]{1,3}|0x[0-9a-fA-F]{1,2})$/.test(text) ? Number(text) : 256
    if (byte > 255) return undefined
    hex += byte.toString(16).padStart(2, '0')
  }
  return hex
}

/** A number that a library keeps in an object: ethers 5's `_hex` or `hex`, Go's big.Int by its words. */
function bigInt(members: JsonObject): Json | undefined {
  const hex = members.get('_hex') ?? (members.get('type') === 'BigNumber' ? members.get('hex') : undefined)
  if (typeof hex === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(hex)) return { type: 'number', digits: String(BigInt(hex)), from: 'bigint' }
  const limbs = members.has('neg') ? members.get('abs') : undefined
  if (!Array.isArray(limbs) || limbs.length > 8) return undefined
  let value = 0n
  for (const [index, limb] of limbs.entries()) {
    const text: unknown = typeof limb === 'string' ? limb : typeof limb === 'object' && limb !== null && 'digits' in limb ? limb.digits : ''
    if (typeof text !== 'string' || !/^(?:0x[0-9a-fA-F]{1,16}|[0-9]{1,20})$/.test(text)) return undefined
    value += BigInt(text) << BigInt(64 * index)
  }
  return { type: 'number', digits: String(value), from: 'bigint' }
}
