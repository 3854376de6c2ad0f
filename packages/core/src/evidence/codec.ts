import { Eip3009Error } from '../errors/eip3009-error.ts'
import { quote } from '../errors/quote.ts'
import { type Known, known, unknown } from './known.ts'

/** What JSON can hold. Whole numbers that can be large are decimal strings in it. */
export type Plain = string | number | boolean | null | readonly Plain[] | PlainObject
export interface PlainObject {
  readonly [name: string]: Plain
}

/** How a value stands in JSON, both ways. `at` is the place in the document: `chains[0].source`. */
export interface Codec<T> {
  encode(value: T): Plain
  /** @throws Eip3009Error `unreadable-input` where something else stands there. */
  decode(json: unknown, at: string): T
}

/** A member that may be absent, in JSON as in the value. */
export interface MaybeCodec<T> {
  readonly whenThere: Codec<T>
}

/** A codec for each member of T: one that is added to T without a codec does not compile. */
export type Members<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? MaybeCodec<Exclude<T[K], undefined>> : Codec<T[K]>
}

/** The sentence for a document that is no snapshot, or a damaged one. */
export function damaged(what: string): Eip3009Error {
  return new Eip3009Error(
    'unreadable-input',
    `Read ${what}; expected a snapshot as captureSnapshot makes it (eip3009/snapshot@1): capture it again.`,
  )
}

function misfit(value: unknown, at: string, expected: string): Eip3009Error {
  return damaged(`${quote(value)} at "${at}", where ${expected} has to stand`)
}

/** A string of a form. It is a type of template literals for the compiler, which only its form can vouch for. */
export function textOf<T extends string>(isOne: (value: string) => value is T, expected: string): Codec<T> {
  return {
    encode: (value) => value,
    decode(json, at) {
      if (typeof json === 'string' && isOne(json)) return json
      throw misfit(json, at, expected)
    },
  }
}

export const text: Codec<string> = textOf((value): value is string => typeof value === 'string', 'a text')

export const flag: Codec<boolean> = {
  encode: (value) => value,
  decode(json, at) {
    if (typeof json === 'boolean') return json
    throw misfit(json, at, 'true or false')
  },
}

/** What is only ever there as true. */
export const yes: Codec<true> = {
  encode: (value) => value,
  decode(json, at) {
    if (json === true) return json
    throw misfit(json, at, 'true')
  },
}

/** A number that is not negative. What can be large is a bigint, and `whole`. */
export const count: Codec<number> = {
  encode: (value) => value,
  decode(json, at) {
    if (typeof json === 'number' && Number.isFinite(json) && json >= 0) return json
    throw misfit(json, at, 'a number that is not negative')
  },
}

/** A whole number of at most so many bits, as decimal digits in quotes. */
export function wholeOf(bits: number): Codec<bigint> {
  return {
    encode: (value) => String(value),
    decode(json, at) {
      if (typeof json === 'string' && /^\d{1,78}$/.test(json) && BigInt(json) < 2n ** BigInt(bits)) return BigInt(json)
      throw misfit(json, at, 'a whole number in quotes')
    },
  }
}

/** 256 bits, as of every word of the EVM. */
export const whole: Codec<bigint> = wholeOf(256)

/** One of the words of a table; its type says which are all of them. */
export function oneOf<T extends string>(words: Readonly<Record<T, true>>): Codec<T> {
  const isOne = (value: string): value is T => Object.hasOwn(words, value)
  return textOf(isOne, `one of ${Object.keys(words).join(', ')}`)
}

export function nullable<T>(codec: Codec<T>): Codec<T | null> {
  return {
    encode: (value) => (value === null ? null : codec.encode(value)),
    decode: (json, at) => (json === null ? null : codec.decode(json, at)),
  }
}

export function listOf<T>(codec: Codec<T>): Codec<readonly T[]> {
  return {
    encode: (value) => value.map((each) => codec.encode(each)),
    decode(json, at) {
      if (Array.isArray(json)) return json.map((each: unknown, index) => codec.decode(each, `${at}[${index}]`))
      throw misfit(json, at, 'a list')
    },
  }
}

/** Values by name, where a name is any text of a form. */
export function mapOf<T>(isName: (name: string) => boolean, codec: Codec<T>, expected: string): Codec<ReadonlyMap<string, T>> {
  return {
    encode: (value) => Object.fromEntries([...value].map(([name, each]) => [name, codec.encode(each)])),
    decode(json, at) {
      return new Map(
        Object.entries(objectAt(json, at)).map(([name, each]) => {
          if (!isName(name)) throw misfit(name, at, expected)
          return [name, codec.decode(each, `${at}.${name}`)]
        }),
      )
    },
  }
}

export function maybe<T>(codec: Codec<T>): MaybeCodec<T> {
  return { whenThere: codec }
}

/** An object of just these members. */
export function record<T extends object>(members: Members<T>): Codec<T> {
  const all = Object.entries<Codec<unknown> | MaybeCodec<unknown>>(members)
  return {
    encode: (value) =>
      Object.fromEntries(
        all.flatMap(([name, codec]) => {
          const member: unknown = Reflect.get(value, name)
          if (!('whenThere' in codec)) return [[name, codec.encode(member)]]
          return member === undefined ? [] : [[name, codec.whenThere.encode(member)]]
        }),
      ),
    decode(json, at) {
      const from = objectAt(json, at)
      for (const name of Object.keys(from))
        if (!Object.hasOwn(members, name)) throw damaged(`${quote(name)}, which no snapshot has in "${at}"`)
      // The table is complete by its type, so what was read by all of it is a T.
      return Object.fromEntries(
        all.flatMap(([name, codec]) => {
          const place = at === '' ? name : `${at}.${name}`
          const isThere = Object.hasOwn(from, name)
          if ('whenThere' in codec) return isThere ? [[name, codec.whenThere.decode(from[name], place)]] : []
          if (!isThere) throw damaged(`nothing at "${place}"`)
          return [[name, codec.decode(from[name], place)]]
        }),
      ) as T
    },
  }
}

/** One of several kinds of object, told apart by one member. */
export function tagged<T extends Readonly<Record<Tag, string>>, Tag extends string>(
  tag: Tag,
  kinds: { readonly [K in T[Tag]]: Members<Omit<Extract<T, Readonly<Record<Tag, K>>>, Tag>> },
): Codec<T> {
  const codecs = new Map(Object.entries<Members<object>>(kinds).map(([kind, members]) => [kind, record(members)]))
  return {
    encode(value) {
      const kind: string = value[tag]
      const rest = codecs.get(kind)?.encode(value)
      return { [tag]: kind, ...(typeof rest === 'object' ? rest : {}) }
    },
    decode(json, at) {
      const { [tag]: kind, ...rest } = objectAt(json, at)
      const codec = typeof kind === 'string' ? codecs.get(kind) : undefined
      if (codec === undefined) throw misfit(kind, `${at}.${tag}`, `one of ${[...codecs.keys()].join(', ')}`)
      return { [tag]: kind, ...codec.decode(rest, at) } as T
    },
  }
}

/** A fact: `{ "value": … }`, or `{ "unknown": why }`. */
export function factOf<T>(codec: Codec<T>): Codec<Known<T>> {
  return {
    encode: (fact) => (fact.known ? { value: codec.encode(fact.value) } : { unknown: fact.reason }),
    decode(json, at) {
      const from = objectAt(json, at)
      const [name, ...more] = Object.keys(from)
      if (more.length > 0 || (name !== 'value' && name !== 'unknown')) throw damaged(`neither a value nor why it is unknown at "${at}"`)
      return name === 'value' ? known(codec.decode(from.value, `${at}.value`)) : unknown(text.decode(from.unknown, `${at}.unknown`))
    },
  }
}

function objectAt(json: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json }
  throw misfit(json, at, 'an object')
}
