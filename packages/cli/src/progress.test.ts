import { describe, expect, it } from 'vitest'
import type { Console } from './console.ts'
import { patiently, progressLines, waiting } from './progress.ts'

/** A console that says when it is told something. */
function listening(patience: number) {
  const lines: string[] = []
  let heard: () => void = () => undefined
  const next = new Promise<void>((resolve) => {
    heard = resolve
  })
  const err = (text: string): void => {
    lines.push(text)
    heard()
  }
  return { console: { patience, err } as unknown as Console, lines, next }
}

describe('what is waited for', () => {
  it('is said to somebody who has no patience, while it is waited for', async () => {
    const { console, lines, next } = listening(0)
    let end: (value: string) => void = () => undefined
    const work = patiently('reading chain 1', console, () => new Promise<string>((resolve) => (end = resolve)))
    await next
    expect(lines).toEqual(['reading chain 1 …\n'])
    end('answer')
    expect(await work).toBe('answer')
  })

  it('is not said where nobody waits, nor when it is over', async () => {
    const { console, lines } = listening(Number.POSITIVE_INFINITY)
    expect(await patiently('reading', console, async () => 1)).toBe(1)
    await expect(patiently('reading', console, () => Promise.reject(new TypeError('of the work')))).rejects.toThrow('of the work')
    const { console: hasty, lines: said } = listening(0)
    const { progress, done } = waiting(hasty)
    progress('forking')
    done()
    // A timer of the same length that was set later ends later.
    await new Promise((resolve) => setTimeout(resolve, 1))
    expect([lines, said]).toEqual([[], []])
  })
})

describe('where long work stands', () => {
  it('is said when patience is over, and then every few times as long', () => {
    const { console, lines } = listening(1000)
    let now = 5000
    const say = progressLines(console, () => now)
    for (now of [5000, 5999, 6000, 6001, 8999, 9000, 12_000]) say(() => `at ${now}`)
    expect(lines).toEqual(['at 6000\n', 'at 9000\n', 'at 12000\n'])
  })
})
