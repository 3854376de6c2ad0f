/** A fact that a chain was asked for: known, or unknown with the reason as a clause. What failed to be read is never `false` and never absent. */
export type Known<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly reason: string }

export function known<T>(value: T): Known<T> {
  return { known: true, value }
}

export function unknown(reason: string): { readonly known: false; readonly reason: string } {
  return { known: false, reason }
}

/** The value of a fact, undefined when it is unknown. */
export function ifKnown<T>(fact: Known<T>): T | undefined {
  return fact.known ? fact.value : undefined
}
