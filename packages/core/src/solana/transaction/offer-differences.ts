import { isList, isNumber, isObject, type Json } from '../../wire/json.ts'
import type { Keys } from '../../wire/keys.ts'

/** More than a report would list. */
const most = 20

/**
 * The dotted paths at which two copies of an offer differ, the first 20. Numbers are compared by their digits and text letter by letter,
 * since that is how x402-rs compares the whole of both: two names of one network differ.
 */
export function offerDifferences(accepted: Json | undefined, offer: Json | undefined, keys: Keys): string[] {
  const found: string[] = []
  const walk = (a: Json | undefined, b: Json | undefined, path: string): void => {
    if (found.length >= most) return
    if (isObject(a) && isObject(b)) {
      for (const key of new Set([...a.keys(), ...b.keys()].map(camelCase)))
        walk(keys.get(a, key), keys.get(b, key), path === '' ? key : `${path}.${key}`)
    } else if (!sameValue(a, b, keys)) found.push(path)
  }
  walk(accepted, offer, '')
  return found
}

function sameValue(a: Json | undefined, b: Json | undefined, keys: Keys): boolean {
  if (isNumber(a) && isNumber(b)) return a.digits === b.digits
  if (isList(a) && isList(b)) return a.length === b.length && a.every((each, index) => offerDifferences(each, b[index], keys).length === 0)
  return a === b
}

/** A key by the name that x402 has for it: what was dumped in snake_case is the same member. */
function camelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
