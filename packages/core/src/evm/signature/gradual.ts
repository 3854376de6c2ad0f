/** A list that is made bit by bit where others want their turn in between, and at once where nobody does. */
export interface Gradual<T> {
  /** Makes what is not there yet; every `yield` is a moment to let others have their turn. */
  prepare(): Generator<undefined, void>
  /** All of it, whatever is still missing made at once. */
  all(): readonly T[]
}

/** Items that are made in one go: half a millisecond's worth, several times that where the code is not compiled yet. */
const itemsAtOnce = 128

/** Made when it is first asked for, and kept. */
export function gradually<T>(make: () => Iterable<T>): Gradual<T> {
  const made: T[] = []
  let source: Iterator<T> | undefined
  let isWhole = false
  const more = (most: number): void => {
    source ??= make()[Symbol.iterator]()
    for (let count = 0; count < most && !isWhole; count++) {
      const next = source.next()
      if (next.done === true) isWhole = true
      else made.push(next.value)
    }
  }
  return {
    *prepare(): Generator<undefined, void> {
      while (!isWhole) {
        more(itemsAtOnce)
        yield
      }
    },
    all(): readonly T[] {
      more(Number.POSITIVE_INFINITY)
      return made
    },
  }
}

/** Those of a list that pass a test. */
export function chosenFrom<T>(list: Gradual<T>, test: (item: T) => boolean): Gradual<T> {
  const chosen = gradually(function* () {
    for (const item of list.all()) if (test(item)) yield item
  })
  return {
    *prepare(): Generator<undefined, void> {
      yield* list.prepare()
      yield* chosen.prepare()
    },
    all: chosen.all,
  }
}

/** A value that takes several turns to make, made when it is first asked for and kept. */
export function kept<T extends object>(make: () => Generator<undefined, T>): () => Generator<undefined, T> {
  let made: T | undefined
  return function* (): Generator<undefined, T> {
    made ??= yield* make()
    return made
  }
}

/** Runs to the end, with no turn for anybody else. */
export function atOnce<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done === true) return value
  }
}
