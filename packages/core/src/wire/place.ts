import type { Finding } from '../causes/finding.ts'
import type { Json } from './json.ts'

/** A value of a JSON document, and the way to it. */
export interface Place {
  readonly value: Json
  readonly path: string
  /** What it stands in; absent for the document itself. */
  readonly parent?: Place
  /** The header out of whose value it came, and what is odd about that value. */
  readonly header?: { readonly name: string; readonly findings: readonly Finding[] }
}

/** A payment's place in a text: what stands from `start` up to `end`. */
export interface Span {
  readonly text: string
  readonly start: number
  readonly end: number
}
