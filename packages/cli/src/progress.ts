import type { Console } from './console.ts'

/** What somebody who waits is told on stderr, once that takes longer than he is patient. */
export interface Waiting {
  /** What is waited for from now on. */
  readonly progress: (line: string) => void
  readonly done: () => void
}

export function waiting({ patience, err }: Pick<Console, 'patience' | 'err'>): Waiting {
  let timer: NodeJS.Timeout | undefined
  const done = (): void => clearTimeout(timer)
  return {
    progress: (line) => {
      done()
      if (Number.isFinite(patience)) timer = setTimeout(() => err(`${line} …\n`), patience)
    },
    done,
  }
}

/** Does the work, and says on stderr what is waited for when that takes a while. */
export async function patiently<T>(line: string, console: Pick<Console, 'patience' | 'err'>, work: () => Promise<T>): Promise<T> {
  const { progress, done } = waiting(console)
  progress(line)
  try {
    return await work()
  } finally {
    done()
  }
}

/** Says on stderr where long work stands: nothing while one is patient, then a line every few times as long. */
export function progressLines(
  { patience, err }: Pick<Console, 'patience' | 'err'>,
  now: () => number = () => performance.now(),
): (line: () => string) => void {
  let next = now() + patience
  return (line) => {
    if (now() < next) return
    next = now() + 3 * patience
    err(`${line()}\n`)
  }
}
