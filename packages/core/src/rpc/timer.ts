/** A timer counts in 31 bits. What is more, Node takes for 1 ms: a limit of 20 years would be none at all. */
const longest = 2 ** 31 - 1

/** Milliseconds as timers take them: whole, and of a length that they can count, 24 days. */
export function timerMs(milliseconds: number): number {
  return Math.min(Math.ceil(milliseconds), longest)
}
