import type { CauseId } from '../../causes/catalogue.ts'
import type { GeneratorId } from './generators.ts'

/** One difference between what was signed and what the token checks. */
export interface Edit {
  readonly cause: CauseId
  /** The kind of hypothesis that found it. */
  readonly generator: GeneratorId
  /** Dotted path: `domain.name`, `primaryType`, `authorization.value`, `signature.v`. */
  readonly field: string
  /** What stands in the payload; absent where the payload does not say. */
  readonly seen?: string
  /** What was signed; absent where that is nothing, or where only the bytes are at fault. */
  readonly signed?: string
  /** What the token or the offer expects; absent where neither has an opinion. */
  readonly expected?: string
  /** How the one became the other, as the rest of a sentence: `in milliseconds`, `the amount of the offer`. */
  readonly how?: string
}
