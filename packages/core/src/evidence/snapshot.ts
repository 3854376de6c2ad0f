import { quote } from '../errors/quote.ts'
import { type Codec, damaged, nullable, type Plain, type PlainObject, record, whole } from './codec.ts'

export const snapshotSchema = 'eip3009/snapshot@1'

export type SnapshotFamily = 'evm' | 'solana'

/**
 * What was said of one payment, so that its diagnosis can be made again without asking anybody: an object for `JSON.stringify`. Neither the payment nor
 * a signature of it is in it; whoever diagnoses from it has the payment.
 */
export interface Snapshot<F extends SnapshotFamily = SnapshotFamily> extends PlainObject {
  readonly schema: typeof snapshotSchema
  readonly family: F
}

/** When a diagnosis was made, and the time that somebody gave for the payment. Unix seconds. */
export interface SnapshotMoment {
  readonly now: bigint
  readonly at: bigint | null
}

export const moment: Codec<SnapshotMoment> = record<SnapshotMoment>({ now: whole, at: nullable(whole) })

/** Characters that a snapshot may have: some hundred runs with their traces. */
const longest = 64 * 1024 * 1024
/** Levels of JSON. */
const deepest = 64

/**
 * The members of a snapshot besides its head, as JSON has them.
 * @throws Eip3009Error `unreadable-input` when it is no snapshot, or one of the other family.
 */
export function readDocument(input: string | object, family: SnapshotFamily): { readonly [name: string]: unknown } {
  const { schema, family: own, ...rest } = parse(textOf(input))
  if (schema !== snapshotSchema) throw damaged(`something whose schema is ${quote(schema)}`)
  if (own !== family) throw damaged(`a snapshot of the family ${quote(own)}, where one of ${quote(family)} was asked for`)
  return rest
}

/** A snapshot with its head. */
export function documentOf<F extends SnapshotFamily>(family: F, body: Plain): Snapshot<F> {
  return { schema: snapshotSchema, family, ...(typeof body === 'object' && body !== null && !isList(body) ? body : {}) }
}

function isList(body: object): body is readonly Plain[] {
  return Array.isArray(body)
}

function textOf(input: string | object): string {
  if (typeof input === 'string') return input
  try {
    return JSON.stringify(input)
  } catch {
    throw damaged('something that is no JSON')
  }
}

function parse(text: string): { readonly [name: string]: unknown } {
  if (text.length > longest) throw damaged(`a text of ${text.length} characters, and a snapshot has at most ${longest}`)
  if (depthOf(text) > deepest) throw damaged(`something that is nested deeper than ${deepest} levels`)
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    throw damaged('something that is no JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damaged(`${quote(value)}, which is no object`)
  return { ...value }
}

/** At most how deep its brackets go; those in strings count too, of which a snapshot has hardly any. */
function depthOf(text: string): number {
  let depth = 0
  let most = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x7b || code === 0x5b) most = Math.max(most, ++depth)
    else if (code === 0x7d || code === 0x5d) depth--
  }
  return most
}
