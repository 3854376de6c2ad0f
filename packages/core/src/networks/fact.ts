import type { Network, WrongValue } from './network.ts'

/**
 * What a network has at a path: `usdc.name`, `rpcUrls[0]`, and by symbol `otherTokens[EURC].version`, `lookalikes[USDC.e].domains[0].name`.
 * Undefined where there is nothing.
 */
export function factAt(network: Network, path: string): unknown {
  let here: unknown = network
  for (const [, key, bracket] of path.matchAll(/([^.[\]]+)|\[([^\]]*)\]/g)) {
    here = key === undefined ? member(here, bracket ?? '') : field(here, key)
  }
  return here
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
}

function member(list: unknown, key: string): unknown {
  if (!Array.isArray(list)) return undefined
  return /^\d+$/.test(key) ? list[Number(key)] : list.find((each) => field(each, 'symbol') === key)
}

export type FactVerdict =
  | { readonly kind: 'right' }
  /** A value that is known to be wrong, with who else has it. */
  | { readonly kind: 'known-wrong'; readonly right: string; readonly wrongValue: WrongValue }
  | { readonly kind: 'different'; readonly right: string }
  /** The network has no such fact, so there is nothing to compare with. */
  | { readonly kind: 'unknown' }

/** Compares somebody's value of a fact with ours. Hex compares without case, everything else to the letter. */
export function judgeFact(network: Network, path: string, value: string | number | boolean): FactVerdict {
  const fact = factAt(network, path)
  if (typeof fact !== 'string' && typeof fact !== 'number' && typeof fact !== 'boolean') return { kind: 'unknown' }
  const right = String(fact)
  const given = comparable(String(value))
  if (given === comparable(right)) return { kind: 'right' }
  const wrongValue = network.wrongValues.find((each) => each.fact === path && comparable(each.wrong) === given)
  return wrongValue === undefined ? { kind: 'different', right } : { kind: 'known-wrong', right, wrongValue }
}

function comparable(text: string): string {
  return text.startsWith('0x') ? text.toLowerCase() : text
}
