import type { Finding } from '../causes/finding.ts'
import type { Json, JsonObject } from './json.ts'
import { show } from './text.ts'

/** Looks members up by their x402 name, and by its snake_case form as Python programs dump it; remembers where that was needed. */
export class Keys {
  readonly #snake = new Map<string, string>()

  get(object: JsonObject, name: string): Json | undefined {
    const value = object.get(name)
    if (value !== undefined) return value
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    if (snake === name) return undefined
    const other = object.get(snake)
    if (other !== undefined) this.#snake.set(snake, name)
    return other
  }

  /** One finding for all keys that were found in snake_case only. */
  note(findings: Finding[]): void {
    if (this.#snake.size === 0) return
    const seen = [...this.#snake.keys()].join(', ')
    const expected = [...this.#snake.values()].join(', ')
    findings.push({
      cause: 'malformed-field',
      party: 'client',
      severity: 'warning',
      field: 'keys',
      seen: show(seen),
      expected: show(expected),
      summary: `Field names are in snake_case (${seen}), where x402 has camelCase.`,
      evidence: [{ source: 'payload', says: `The JSON has the keys ${seen}.` }],
      fix: `Serialise with the names ${expected}; in pydantic that is model_dump(by_alias=True).`,
    })
  }
}
