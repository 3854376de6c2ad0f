/** The command was called in a way that it can't act on. The message is one sentence for the user. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The sentence for a command that was given nothing to work on. */
export function nothingGiven(command: string): string {
  return `"${command}" needs something to work on; see eip3009 ${command} --help for what it takes (a payment: a file, - for standard input, or the text itself).`
}
