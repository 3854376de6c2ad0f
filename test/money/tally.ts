import type { Advice, Outcome } from './operator.ts'

/** What came of many scenarios. */
export class Tally {
  readonly #advice: Advice
  readonly #kinds = new Map<string, { count: number; readonly examples: string[] }>()
  readonly #ended = new Map<string, number>()
  readonly #skipped = new Map<string, number>()
  played = 0
  /** Scenarios with a violation. */
  violations = 0

  constructor(advice: Advice) {
    this.#advice = advice
  }

  add(id: string, { skipped, violations, ended }: Outcome): void {
    if (skipped !== undefined) {
      this.#skipped.set(skipped, (this.#skipped.get(skipped) ?? 0) + 1)
      return
    }
    this.played += 1
    this.#ended.set(ended, (this.#ended.get(ended) ?? 0) + 1)
    if (violations.length > 0) this.violations += 1
    for (const { kind, says } of violations) {
      const entry = this.#kinds.get(kind) ?? { count: 0, examples: [] }
      entry.count += 1
      entry.examples.push(`${id}: ${says}`)
      this.#kinds.set(kind, entry)
    }
  }

  /** One line for each violation, all of them. */
  lines(): readonly string[] {
    return [...this.#kinds].flatMap(([kind, { examples }]) => examples.map((each) => `${kind} ${each}`))
  }

  count(kind: string): number {
    return this.#kinds.get(kind)?.count ?? 0
  }

  report(most = 40): string {
    const rows = (name: string, counts: ReadonlyMap<string, number>): string[] =>
      [...counts].sort(([, a], [, b]) => b - a).map(([what, count]) => `  ${name} ${count}: ${what}`)
    const kinds = [...this.#kinds].flatMap(([kind, { count, examples }]) => [
      `  ${kind}: ${count}`,
      ...examples.slice(0, most).map((each) => `    ${each}`),
    ])
    const ratio = this.played === 0 ? '0' : ((100 * this.violations) / this.played).toFixed(1)
    return [
      `${this.#advice}: ${this.played} played, ${this.violations} with a violation (${ratio} %)`,
      ...rows('ended', this.#ended),
      ...rows('left out', this.#skipped),
      ...kinds,
    ].join('\n')
  }
}
