import type { PaymentDifference } from './comparison.ts'

export interface Differences {
  readonly differences: readonly PaymentDifference[]
  readonly notes: readonly string[]
}

export function difference(
  field: string,
  first: unknown,
  second: unknown,
  words: readonly [string, string] | null = null,
  says: string | null = null,
): PaymentDifference {
  return { field, first: String(first), second: String(second), words, says }
}
