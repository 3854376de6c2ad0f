import { type Revert, redact } from '@eip3009/core'

/** Somebody's answer without the keys that a library's message repeats: the RPC's URL, the headers of the request. */
export function shownAnswer<Answer extends Revert>(answer: Answer): Answer {
  return {
    ...answer,
    message: redact(answer.message),
    args: answer.args.map((argument) => (typeof argument.value === 'string' ? { ...argument, value: redact(argument.value) } : argument)),
  }
}
