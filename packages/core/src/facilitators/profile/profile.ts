import type { FacilitatorFamily } from '../../revert/reason-codes.ts'

/** In the order in which it is looked at: the check, its code, and what is said beside it. `{}` is what the check found; an empty code is none. */
export type CheckRow<Check extends string> = readonly [check: Check, code: string, details?: string]

/**
 * How it is known what an implementation does. `run`: it was run beside the profile; `read`: only its source was read; `published`: it is closed, and what
 * its operator published names limits and codes and no order.
 */
export type Knowledge = 'run' | 'read' | 'published'

/** One implementation, in a range of versions that behave alike. */
export interface Profile<Check extends string, Rules> {
  readonly id: string
  /** For people: "@x402/svm 2.27". */
  readonly name: string
  /** Null for the specification, which has no codes and answers nobody. */
  readonly family: FacilitatorFamily | null
  /** The only version of x402 that it reads; both where absent. */
  readonly x402Version?: 1 | 2
  /** The versions of which this is known. */
  readonly versions: string
  readonly known: Knowledge
  /** Repository or package, version and file that it is from. */
  readonly source: string
  readonly rules: Rules
  readonly checks: readonly CheckRow<Check>[]
}
