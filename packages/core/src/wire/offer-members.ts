import type { Finding } from '../causes/finding.ts'
import type { Party } from '../causes/party.ts'
import { isObject, type Json, type JsonObject } from './json.ts'
import type { Keys } from './keys.ts'
import { shownValue } from './shown-value.ts'

/** The members of an offer as they stand in it, whatever version of x402 and whose dialect it is; nothing of their values is read yet. */
export interface OfferMembers {
  /** v2's name of the amount, or v1's. */
  readonly amountName: 'amount' | 'maxAmountRequired'
  readonly amount: Json | undefined
  readonly scheme: Json | undefined
  readonly network: Json | undefined
  readonly payTo: Json | undefined
  /** The token. Some servers put it as `{address, …}`. */
  readonly asset: Json | undefined
  readonly maxTimeoutSeconds: Json | undefined
  readonly extra: JsonObject | undefined
  /** What is paid for: its URL, in v2 that of an object. */
  readonly resource: Json | undefined
}

/** Finds the members of an x402 PaymentRequirements object of either version, for whichever family reads on. */
export function offerMembers(source: JsonObject, keys: Keys): OfferMembers {
  const amountName = amountKey(source, keys)
  const asset = source.get('asset')
  const extra = source.get('extra')
  const resource = source.get('resource')
  return {
    amountName,
    amount: keys.get(source, amountName),
    scheme: source.get('scheme'),
    network: source.get('network'),
    payTo: keys.get(source, 'payTo'),
    asset: isObject(asset) ? asset.get('address') : asset,
    maxTimeoutSeconds: keys.get(source, 'maxTimeoutSeconds'),
    extra: isObject(extra) ? extra : undefined,
    resource: isObject(resource) ? resource.get('url') : resource,
  }
}

/** The name under which this object states its amount: v1's or v2's. */
export function amountKey(source: JsonObject, keys: Keys): 'amount' | 'maxAmountRequired' {
  return keys.get(source, 'maxAmountRequired') === undefined ? 'amount' : 'maxAmountRequired'
}

/** A member that can not be read. Nothing in an offer is needed to go on, so it becomes a finding and is left out. */
export function leftOut(
  field: string,
  value: Json | undefined,
  party: Party,
  { problem, expected }: { readonly problem: string; readonly expected: string },
): Finding {
  return {
    cause: 'malformed-field',
    party,
    severity: 'error',
    field,
    seen: shownValue(value),
    expected,
    summary: `${field} ${problem}; it was left out of the comparison.`,
    evidence: [{ source: 'payload', says: `${field} is ${shownValue(value)}.` }],
    fix: `Make ${field} ${expected}.`,
  }
}
