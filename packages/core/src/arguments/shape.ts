import { Eip3009Error } from '../errors/eip3009-error.ts'

/** What is wrong with a value: where it stands, what was expected there, and what it is. */
interface Misfit {
  readonly at: string
  readonly expected: string
  readonly got: unknown
}

/** What a value has to be: says what is wrong with it, nothing when nothing is. `at` is where it stands: `payment.authorization`. */
export type Shape = (value: unknown, at: string) => Misfit | undefined

/** The shapes of a function's arguments, in their order and by the names that its declaration has for them. */
export type Shapes = Readonly<Record<string, Shape>>

// None of these is made by a call, and a guard asks for its shapes when it is called itself: a bundler has to see that what is not imported does nothing.

/** A shape that `is` decides. */
export function only(is: boolean, expected: string, got: unknown, at: string): Misfit | undefined {
  return is ? undefined : { at, expected, got }
}

export const text: Shape = (value, at) => only(typeof value === 'string', 'text', value, at)
export const bigint: Shape = (value, at) => only(typeof value === 'bigint', 'a bigint', value, at)
export const flag: Shape = (value, at) => only(typeof value === 'boolean', 'true or false', value, at)
export const callback: Shape = (value, at) => only(typeof value === 'function', 'a function', value, at)
/** A count, or a number of decimals or bytes. */
export const whole: Shape = (value, at) => only(Number.isSafeInteger(value) && Number(value) >= 0, 'a whole number, at least 0', value, at)
export const positive: Shape = (value, at) => only(Number.isSafeInteger(value) && Number(value) > 0, 'a whole number above 0', value, at)
/** As timers take them; without end where somebody wants to wait for ever. */
export const milliseconds: Shape = (value, at) =>
  only(typeof value === 'number' && value > 0, 'a number of milliseconds above 0', value, at)
/** The address of an RPC. What it has to be is said by whoever opens it. */
export const url: Shape = (value, at) => only(typeof value === 'string' || value instanceof URL, 'a URL', value, at)
export const bytes: Shape = (value, at) => only(value instanceof Uint8Array, 'bytes, as a Uint8Array', value, at)
export const object: Shape = (value, at) => only(isObject(value), 'an object', value, at)
export const anything: Shape = () => undefined

export const hex: Shape = (value, at) => only(matches(value, /^0x(?:[0-9a-f]{2})*$/i), 'bytes in hex, with 0x in front', value, at)
export const address: Shape = (value, at) => only(matches(value, /^0x[0-9a-f]{40}$/i), 'an address: 0x and 40 hex digits', value, at)
export const bytes32: Shape = (value, at) => only(matches(value, /^0x[0-9a-f]{64}$/i), '32 bytes: 0x and 64 hex digits', value, at)

/** Nothing, or this. */
export function maybe(shape: Shape): Shape {
  return (value, at) => (value === undefined ? undefined : shape(value, at))
}

/** Null, or this. */
export function nullable(shape: Shape): Shape {
  return (value, at) => (value === null ? undefined : shape(value, at))
}

export function list(each: Shape): Shape {
  return (value, at) => {
    if (!Array.isArray(value)) return { at, expected: 'a list', got: value }
    for (const [index, one] of value.entries()) {
      const misfit = each(one, `${at}[${index}]`)
      if (misfit !== undefined) return misfit
    }
    return undefined
  }
}

export function oneOf(values: readonly unknown[]): Shape {
  return (value, at) => only(values.includes(value), values.map((each) => JSON.stringify(each)).join(' or '), value, at)
}

/** One of several shapes, which `expected` names. */
export function either(expected: string, ...shapes: readonly Shape[]): Shape {
  return (value, at) =>
    only(
      shapes.some((shape) => shape(value, at) === undefined),
      expected,
      value,
      at,
    )
}

/** An object with members of these shapes; what it is in all is named, since who gives something else has to know where to get it. */
export function record(expected: string, members: Shapes): Shape {
  return (value, at) => {
    if (!isObject(value)) return { at, expected, got: value }
    for (const [name, shape] of Object.entries(members)) {
      const misfit = shape(Reflect.get(value, name), `${at}.${name}`)
      if (misfit !== undefined) return misfit
    }
    return undefined
  }
}

/** An object whose kind says which members it has. */
export function byKind(expected: string, kinds: Readonly<Record<string, Shapes>>): Shape {
  return (value, at) => {
    const kind: unknown = isObject(value) ? Reflect.get(value, 'kind') : undefined
    if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) return { at, expected, got: value }
    return record(expected, kinds[kind] ?? {})(value, at)
  }
}

/** An object, each of whose own members is this. */
export function recordOf(each: Shape): Shape {
  return (value, at) => {
    if (!isObject(value)) return { at, expected: 'an object', got: value }
    for (const [name, one] of Object.entries(value)) {
      const misfit = each(one, `${at}.${name}`)
      if (misfit !== undefined) return misfit
    }
    return undefined
  }
}

/**
 * The same function, for callers who can give it anything: what is no argument of it is refused, before it is called, by a sentence that says
 * which one it is and what was expected. What stands in the argument is not said: it can be a key in the wrong place.
 */
export function guarded<F extends (...args: never[]) => unknown>(call: F, name: string, shapes: () => Shapes): F {
  const guard = (...args: never[]): unknown => {
    const refusal = refusalOf(args, name, shapes())
    if (refusal !== undefined) throw refusal
    return call(...args)
  }
  return guard as F
}

/** As `guarded`, for a function that returns a promise: it rejects, and never throws. */
export function guardedAsync<F extends (...args: never[]) => Promise<unknown>>(call: F, name: string, shapes: () => Shapes): F {
  const guard = async (...args: never[]): Promise<unknown> => {
    const refusal = refusalOf(args, name, shapes())
    if (refusal !== undefined) throw refusal
    return call(...args)
  }
  return guard as F
}

function refusalOf(args: readonly unknown[], name: string, shapes: Shapes): Eip3009Error | undefined {
  let index = 0
  for (const [at, shape] of Object.entries(shapes)) {
    const misfit = shape(args[index++], at)
    if (misfit !== undefined)
      return new Eip3009Error('invalid-argument', `${name}: ${misfit.at} has to be ${misfit.expected}; got ${kindOf(misfit.got)}.`)
  }
  return undefined
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return 'text'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function matches(value: unknown, form: RegExp): boolean {
  return typeof value === 'string' && form.test(value)
}
