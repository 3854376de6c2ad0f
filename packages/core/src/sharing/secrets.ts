/** What of a payment must not be seen by somebody else. It holds the secrets themselves: keep it where the payment is kept. */
export interface Secrets {
  /** Never shown, in no encoding: s and n − s of every reading of a signature. Hex digits without a 0x. */
  readonly hidden: readonly string[]
  /** What a signature came in, which is shown only as far as it is `open`. Hex digits. */
  readonly raw: readonly string[]
  /** What is in those bytes and may be seen: an r that is known to be one, addresses, hashes. Hex digits. */
  readonly open: readonly string[]
  /** Secrets that are text: a token, a recovery phrase, base58. */
  readonly texts: readonly string[]
}

/** Nothing is known to be a secret: what is left are the forms that give themselves away. */
export const noSecrets: Secrets = { hidden: [], raw: [], open: [], texts: [] }

export function joinSecrets(...all: readonly Secrets[]): Secrets {
  const of = (name: keyof Secrets): readonly string[] => [...new Set(all.flatMap((each) => each[name]))]
  return { hidden: of('hidden'), raw: of('raw'), open: of('open'), texts: of('texts') }
}
