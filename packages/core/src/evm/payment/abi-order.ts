import { elided } from '../../wire/elided.ts'
import type { Json } from '../../wire/json.ts'
import { type Refusal, unreadable } from '../../wire/refusal.ts'
import { show } from '../../wire/text.ts'
import type { TokenCall } from './payment.ts'

/** The arguments of a payment's call, in the order of the ABI, wherever they were printed. */
export interface AbiArguments {
  /** The function that is named beside them. */
  readonly function?: TokenCall['function']
  readonly overload: TokenCall['overload']
  /** By their names in the ABI, as a payload would have them. */
  readonly values: ReadonlyMap<string, Json>
  /** Where they stand in the text. */
  readonly start: number
  readonly end: number
}

export type AbiOrderResult =
  | { readonly kind: 'found'; readonly found: AbiArguments }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'none' }

const message = ['from', 'to', 'value', 'validAfter', 'validBefore', 'nonce'] as const
const fields = { vrs: [...message, 'v', 'r', 's'], bytes: [...message, 'signature'] } as const satisfies Record<
  TokenCall['overload'],
  readonly string[]
>
type Field = (typeof fields)[TokenCall['overload']][number]

/** What tables and encoders print beside a value: its name, its type, its box. Anything else ends the arguments. */
const decoration = new Set(
  [
    ...['from', 'to', 'value', 'validAfter', 'validBefore', 'nonce', 'v', 'r', 's', 'signature', 'valid_after', 'valid_before'],
    ...['address', 'uint', 'uint256', 'uint8', 'bytes32', 'bytes', 'name', 'type', 'data', 'raw'],
    ...['HexBytes', 'BigInt', 'Bytes', 'Address', 'U256', 'FixedBytes'],
  ].map((each) => each.toLowerCase()),
)

/** One token: ethers 5's box of a number, bytes of Python, hex, cast's `[1e4]`, a number, a word, or one character. */
const token =
  /\s*(?:(?:BigNumber ?)?\{\s{0,40}["']?(?:type["']?\s?:\s?["']BigNumber["'],\s{0,40}["']?hex|_hex)["']?\s?:\s?["'](0x[0-9a-fA-F]{1,64})["'](?:,\s{0,40}["']?_isBigNumber["']?\s?:\s?true)?,?\s{0,40}\}|[bB](?:'((?:[^'\\\n]|\\.){0,4000})'|"((?:[^"\\\n]|\\.){0,4000})")|(0[xX][0-9a-fA-F]*(?:(?:\.{2,}|…)[0-9a-fA-F]*)?)|(\[[0-9.]+e[0-9]+\])|([0-9][0-9_]{0,80}n?)(?![\w.])|([A-Za-z_#][\w#]*)|(\S))/y

/** Where arguments can begin: an address, also one that was cut. */
const beginning = /0[xX](?:[0-9a-fA-F]{40}(?![0-9a-fA-F])|[0-9a-fA-F]{2,38}(?:\.{2,}|…)|0{24}[0-9a-fA-F]{40}(?![0-9a-fA-F]))/g

const mostBeginnings = 256
/** Tokens, of nine rows of a table with number, name, type, value and what stands between. */
const mostTokens = 300
const named = /(transferWithAuthorization|receiveWithAuthorization)/g

/** Finds nine values (or seven, with a signature in one) in the order of the ABI. */
export function findAbiArguments(text: string): AbiOrderResult {
  const called = calledIn(text)
  let cut: Refusal | undefined
  let count = 0
  let after = 0
  for (const { index } of text.matchAll(beginning)) {
    if (index < after) continue
    if (++count > mostBeginnings) break
    const run = longer(runFrom(text, index, true), runFrom(text, index, false))
    const found = called === undefined ? run : { ...run, function: called }
    if (run.values.size === fields[run.overload].length) {
      return run.elided === undefined ? { kind: 'found', found } : { kind: 'refused', refusal: cutRefusal(called, run) }
    }
    if (run.values.size >= 2) {
      after = run.end
      if (called !== undefined && run.values.size > 2) cut ??= cutRefusal(called, run)
    }
  }
  return cut === undefined ? { kind: 'none' } : { kind: 'refused', refusal: cut }
}

/** The function that is named, where only one of the two is. */
export function calledIn(text: string): TokenCall['function'] | undefined {
  const names = new Set<string>()
  for (const match of text.slice(0, 200_000).matchAll(named)) names.add(match[1] ?? '')
  if (names.size !== 1) return undefined
  return names.has('receiveWithAuthorization') ? 'receiveWithAuthorization' : 'transferWithAuthorization'
}

interface Run extends AbiArguments {
  /** The first of them that its author cut. */
  readonly elided?: { readonly field: Field; readonly text: string; readonly why: string }
}

function longer(a: Run, b: Run): Run {
  return a.values.size >= b.values.size ? a : b
}

/** As many values as stand there in their order; `numbered` are those of a table, whose rows begin with 0 or with 1. */
function runFrom(text: string, start: number, numbered: boolean): Run {
  // A list of what has a name and a value: `{"name": "from", "value": "0x…"}`, as indexers answer it.
  const isBoxed = /["']?value["']?\s{0,4}:\s{0,4}["']?$/i.test(text.slice(Math.max(0, start - 24), start))
  const first = numbered ? firstNumber(text.slice(Math.max(0, start - 60), start)) : undefined
  const values = new Map<string, Json>()
  let overload: TokenCall['overload'] = 'vrs'
  let cut: Run['elided']
  let at = start
  let isRow = false
  for (let count = 0; count < mostTokens; count++) {
    const field: Field | undefined = fields[overload][values.size]
    if (field === undefined || (numbered && first === undefined)) break
    token.lastIndex = at
    const match = token.exec(text)
    if (match === null) break
    const [, boxed, single, double, hex, note, digits, name, other] = match
    const index = first === undefined ? undefined : first + values.size
    let value: Json | undefined
    if (boxed !== undefined) value = boxed
    else if (single !== undefined || double !== undefined) value = bytesOfPython(single ?? double ?? '')
    else if (hex !== undefined) value = hex
    else if (digits !== undefined) {
      // The number of the row that the value stands in.
      if (index !== undefined && values.size > 0 && !isRow) {
        if (Number(digits) !== index) break
        isRow = true
      } else value = { type: 'number', digits: digits.replace(/[_n]/g, ''), from: 'bigint' }
    } else if (name !== undefined) {
      if (!decoration.has(name.toLowerCase()) && name !== '#') break
    } else if (note === undefined && other !== undefined && !/[,()[\]"'`:;|>\\#-]/.test(other) && !(isBoxed && /[{}]/.test(other))) break
    if (value !== undefined) {
      if (index !== undefined && values.size > 0 && !isRow) break
      const size = typeof value === 'string' ? value.length - 2 : 0
      if (field === 'v' && (size > 64 || (hex !== undefined && elided(hex) !== undefined))) overload = 'bytes'
      const taken: Field = field === 'v' && overload === 'bytes' ? 'signature' : field
      const why = typeof value === 'string' ? elided(value) : undefined
      if (why === undefined && !canBe(taken, value)) break
      if (why !== undefined && typeof value === 'string') cut ??= { field: taken, text: value, why }
      values.set(taken, value)
      isRow = false
    }
    at = token.lastIndex
  }
  return { overload, values, start, end: at, ...(cut === undefined ? {} : { elided: cut }) }
}

/** Whether a table's first row has number 0 or 1, by what stands before its address. */
function firstNumber(before: string): number | undefined {
  const digit = /(?:^|[^\w.])([01])[^\w]{1,8}(?:from[^\w]{1,8})?(?:address[^\w]{1,8})?$/i.exec(before)?.[1]
  return digit === undefined ? undefined : Number(digit)
}

/** Whether a value can stand in a place, by how it is written alone: what is wrong with it the field's reader says. */
function canBe(field: Field, value: Json): boolean {
  const size = typeof value === 'string' ? value.length - 2 : undefined
  switch (field) {
    case 'from':
    case 'to':
      return size === 40 || size === 64
    case 'value':
    case 'validAfter':
    case 'validBefore':
      return size === undefined || (size > 0 && size <= 64 && size !== 40)
    case 'v':
      return size === undefined || (size > 0 && size <= 64)
    case 'nonce':
    case 'r':
    case 's':
      return size === 64
    case 'signature':
      return size !== undefined
  }
}

function bytesOfPython(text: string): string {
  let hex = '0x'
  const part = /\\x([0-9a-fA-F]{2})|\\([\s\S])|([^\\])/g
  const plain: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, '0': 0 }
  for (const [, byte, letter, character] of text.matchAll(part)) {
    const code = letter === undefined ? (character ?? '').charCodeAt(0) : (plain[letter] ?? letter.charCodeAt(0))
    hex += byte?.toLowerCase() ?? (code & 0xff).toString(16).padStart(2, '0')
  }
  return hex
}

function cutRefusal(called: TokenCall['function'] | undefined, { elided: cut, values, overload }: Run): Refusal {
  const what = `the arguments of ${called ?? 'transferWithAuthorization'}`
  if (cut !== undefined)
    return unreadable(`${what}, of which ${cut.field} is ${show(cut.text)}, ${cut.why}`, 'all of them', 'copy them again, whole')
  const missing = fields[overload][values.size] ?? 'signature'
  return unreadable(
    `${what}, of which ${values.size} are there: ${missing} is missing or no such value`,
    'from, to, value, validAfter, validBefore, nonce and v, r, s or the signature, in this order',
    'copy them again, whole',
  )
}
