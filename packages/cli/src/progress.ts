import type { Console } from './console.ts'

/** Milliseconds after which somebody who waits wants to know what for, and between one line and the next. */
export const patience = 1000

/** Says on stderr where long work stands: nothing in the first second, then a line every few. */
export function progressLines(console: Console, start: number = performance.now()): (line: () => string) => void {
  let next = start + patience
  return (line) => {
    if (performance.now() < next) return
    next = performance.now() + 3 * patience
    console.err(`${line()}\n`)
  }
}
