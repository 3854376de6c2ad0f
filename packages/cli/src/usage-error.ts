/** The command was called in a way that it can't act on. The message is one sentence for the user. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
