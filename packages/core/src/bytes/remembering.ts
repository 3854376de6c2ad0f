/**
 * A function that keeps its last answers: for one whose answer follows from what it is asked alone, takes milliseconds to compute, and is asked for again
 * and again. `keyOf` has to tell apart all that the answer depends on.
 */
export function remembering<A extends readonly unknown[], R>(
  most: number,
  keyOf: (...asked: A) => string,
  answer: (...asked: A) => R,
): (...asked: A) => R {
  const kept = new Map<string, { readonly answer: R }>()
  return (...asked) => {
    const key = keyOf(...asked)
    const known = kept.get(key) ?? { answer: answer(...asked) }
    // What was asked for last stands last.
    kept.delete(key)
    kept.set(key, known)
    const [oldest] = kept.keys()
    if (kept.size > most && oldest !== undefined) kept.delete(oldest)
    return known.answer
  }
}
