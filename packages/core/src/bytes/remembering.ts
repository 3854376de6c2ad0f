/** `know` is for an answer that was computed elsewhere, by the same function in another thread. */
export interface Remembering<A extends readonly unknown[], R> {
  (...asked: A): R
  readonly know: (answer: R, ...asked: A) => void
}

/**
 * A function that keeps its last answers: for one whose answer follows from what it is asked alone, takes milliseconds to compute, and is asked for again
 * and again. `keyOf` has to tell apart all that the answer depends on.
 */
export function remembering<A extends readonly unknown[], R>(
  most: number,
  keyOf: (...asked: A) => string,
  answer: (...asked: A) => R,
): Remembering<A, R> {
  const kept = new Map<string, { readonly answer: R }>()
  // What was asked for last stands last.
  const keep = (key: string, known: { readonly answer: R }): R => {
    kept.delete(key)
    kept.set(key, known)
    const [oldest] = kept.keys()
    if (kept.size > most && oldest !== undefined) kept.delete(oldest)
    return known.answer
  }
  const ask = (...asked: A): R => {
    const key = keyOf(...asked)
    return keep(key, kept.get(key) ?? { answer: answer(...asked) })
  }
  return Object.assign(ask, { know: (known: R, ...asked: A) => void keep(keyOf(...asked), { answer: known }) })
}
