import type { Hex } from '../../bytes/hex.ts'
import { decodeRevert } from '../../revert/revert.ts'
import { wordsIn } from '../../revert/revert-data.ts'
import { callsOf, sayWords, wordsFor } from '../../tokens/ask-model.ts'
import type { CheckName } from '../../tokens/model.ts'
import type { TokenFamily } from '../../tokens/models.ts'
import type { ReplayCode, ReplayOutcome } from './replay.ts'

type Answer =
  | { readonly status: 'settled' }
  | { readonly status: 'reverted'; readonly reason: string | null; readonly data: Hex; readonly refused?: true }

/** What was answered: its reason, a custom error by its name, or the data where nobody knows the error; undefined when the payment settled. */
export function revertOf(outcome: Answer): string | undefined {
  if (outcome.status === 'settled') return undefined
  if (outcome.reason !== null) return outcome.reason
  const decoded = decodeRevert(outcome.data)
  return decoded.kind === 'custom-error' && decoded.known ? decoded.message : outcome.data
}

/** The family that the token is of, where that is known; of a fork's or a stand-in's code it need not be the one that runs. */
export function familyOf(code: ReplayCode): TokenFamily | undefined {
  return (code.kind === 'stand-in' ? code.of : code.family) ?? undefined
}

/** The family whose code ran; undefined for a fork of a contract that nobody knows. */
export function familyThatRuns({ family }: ReplayCode): TokenFamily | undefined {
  return family ?? undefined
}

/** The checks that an answer can mean, where the code is of this family; several where one answer stands for several. */
export function saidChecks(family: TokenFamily | undefined, outcome: ReplayOutcome): readonly CheckName[] {
  if (family === undefined || outcome.status === 'settled' || outcome.refused === true) return []
  const said = wordsIn(outcome.data)
  const { function: called, overload } = outcome.call
  if (said === undefined) return []
  return callsOf(family, { function: called, overload }).flatMap(({ call }) =>
    call.order.filter((check) => sayWords(call.words[check]) === said),
  )
}

/** How the token itself words what a stand-in answered; undefined where its own code ran, where it has no such check, or where nobody knows. */
export function tokenSays(code: ReplayCode, outcome: ReplayOutcome): string | undefined {
  if (code.kind !== 'stand-in' || code.of === null || code.of === code.family) return undefined
  const { of: own } = code
  const { function: called, overload } = outcome.call
  const makes = new Set(callsOf(own, { function: called }).flatMap(({ call }) => call.order))
  const words = saidChecks(code.family, outcome)
    .filter((check) => makes.has(check))
    .map((check) => wordsFor(own, check, { function: called, overload }) ?? wordsFor(own, check, { function: called }))
  const [first, ...rest] = words
  return rest.every((other) => other === first) ? first : undefined
}
