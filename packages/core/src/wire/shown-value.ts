import { isList, isNumber, type Json } from './json.ts'
import { show } from './text.ts'

/** A value from the payload as a finding shows it. */
export function shownValue(value: Json | undefined): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'string') return show(value)
  if (value === null || typeof value === 'boolean') return String(value)
  if (isNumber(value)) return show(value.digits)
  return isList(value) ? `a list of ${value.length}` : 'an object'
}
