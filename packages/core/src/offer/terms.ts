import type { CauseId } from '../causes/catalogue.ts'
import type { Finding, Severity } from '../causes/finding.ts'
import { formatUnits } from '../text/amount.ts'
import { duration } from '../text/utc.ts'
import { isObject, type Json, type JsonObject } from '../wire/json.ts'
import type { Keys } from '../wire/keys.ts'
import { shownValue } from '../wire/shown-value.ts'
import { show } from '../wire/text.ts'

/** What the exact scheme needs, by the version; the rest of a version's members is for people. Specification of x402, PaymentRequirements. */
const needed = {
  1: ['scheme', 'network', 'maxAmountRequired', 'payTo', 'asset', 'maxTimeoutSeconds'],
  2: ['scheme', 'network', 'amount', 'payTo', 'asset', 'maxTimeoutSeconds'],
} as const

interface OwnFinding {
  readonly cause: CauseId
  readonly severity: Severity
  readonly field: string
  readonly seen?: string
  readonly expected?: string
  readonly summary: string
  readonly says: string
  readonly source?: Finding['evidence'][number]['source']
  readonly fix: string
}

export function offerFinding({ cause, severity, field, seen, expected, summary, says, source = 'payload', fix }: OwnFinding): Finding {
  return {
    cause,
    party: 'server',
    severity,
    field,
    ...(seen === undefined ? {} : { seen }),
    ...(expected === undefined ? {} : { expected }),
    summary,
    evidence: [{ source, says }],
    fix,
  }
}

/** Members that a payment can not be made without. */
export function missingMembers(entry: JsonObject, version: 1 | 2, keys: Keys): Finding[] {
  return needed[version].flatMap((name): Finding[] => {
    const value = keys.get(entry, name)
    // The amount under the other version's name is told as that.
    const other = name === 'amount' ? 'maxAmountRequired' : name === 'maxAmountRequired' ? 'amount' : undefined
    if ((value !== undefined && value !== null) || (other !== undefined && keys.get(entry, other) !== undefined)) return []
    return [
      offerFinding({
        cause: 'malformed-field',
        severity: name === 'maxTimeoutSeconds' ? 'warning' : 'error',
        field: `requirements.${name}`,
        seen: 'missing',
        expected: `${name}, as x402 v${version} has it`,
        summary: `The offer has no ${name}${name === 'maxTimeoutSeconds' ? ': each client takes a window of its own' : ', which no payment can be made without'}.`,
        says: `the entry has ${[...entry.keys()].slice(0, 10).map(show).join(', ')}`,
        fix: `Add ${name} to the offer.`,
      }),
    ]
  })
}

/** Whole units that no price of anything has, and those that make one look twice. */
const absurdUnits = 10n ** 9n
const oddUnits = 10n ** 6n

/** An amount that nobody can have meant: nothing, or the same with the decimals of another token. */
export function oddAmount(
  amount: bigint,
  field: string,
  units: { readonly decimals: number; readonly symbol: string } | undefined,
): Finding[] {
  const seen = String(amount)
  if (amount === 0n) {
    return [
      offerFinding({
        cause: 'amount-units-wrong',
        severity: 'error',
        field,
        seen,
        expected: 'an amount above 0',
        summary: `The offer asks for 0: a payment of nothing, which clients and facilitators refuse or which pays nothing.`,
        says: `${field} is 0`,
        fix: 'Offer the price in atomic units; what is free needs no offer.',
      }),
    ]
  }
  if (units === undefined) return []
  const one = 10n ** BigInt(units.decimals)
  const scale = 10n ** 12n
  const isScaled = units.decimals === 6 && amount % scale === 0n && amount / scale > 0n
  if (amount < absurdUnits * one && !(isScaled && amount >= oddUnits * one)) return []
  const told = `${formatUnits(amount, units.decimals)} ${units.symbol}`
  const meant = isScaled ? amount / scale : undefined
  return [
    offerFinding({
      cause: 'amount-units-wrong',
      severity: amount >= absurdUnits * one ? 'error' : 'warning',
      field,
      seen,
      ...(meant === undefined ? {} : { expected: String(meant) }),
      summary: `The offer asks for ${told}${meant === undefined ? '' : `: with 18 decimals in place of ${units.decimals} it would be ${formatUnits(meant, units.decimals)} ${units.symbol}`}.`,
      says: `${units.symbol} has ${units.decimals} decimals`,
      source: 'registry',
      fix: `Offer the price once times 10^${units.decimals}${meant === undefined ? '' : `: ${meant}`}.`,
    }),
  ]
}

/** Longer than any settlement takes: a client that signs for it leaves money open that long. */
const longSeconds = 86_400

/** A window that is too short to settle in, or one that is no number of seconds. */
export function oddTimeout(seconds: number | undefined, shortest: bigint): Finding[] {
  if (seconds === undefined) return []
  const field = 'requirements.maxTimeoutSeconds'
  const seen = String(seconds)
  const says = `maxTimeoutSeconds is ${seconds}`
  if (BigInt(Math.floor(seconds)) < shortest) {
    return [
      offerFinding({
        cause: 'window-too-short',
        severity: 'error',
        field,
        seen: `${seconds} s`,
        expected: `at least ${shortest} s`,
        summary: `The offer gives clients ${seconds} s, and two blocks and the margin of the reference facilitator take ${shortest} s: what is signed for it is refused as expired.`,
        says,
        fix: 'Offer maxTimeoutSeconds 60, or 300.',
      }),
    ]
  }
  if (seconds >= 1_000_000_000) {
    return [
      offerFinding({
        cause: 'time-in-milliseconds',
        severity: 'error',
        field,
        seen,
        expected: 'a number of seconds, such as 300',
        summary: `The offer's maxTimeoutSeconds ${seconds} is a time of the calendar, where x402 has a number of seconds: what is signed stays open for ${duration(BigInt(seconds))}.`,
        says,
        fix: 'Offer the seconds that a client has, such as 300.',
      }),
    ]
  }
  const isMilliseconds = seconds >= 10_000 && seconds % 1000 === 0
  if (!isMilliseconds && seconds <= longSeconds) return []
  const meant = seconds / 1000
  return [
    offerFinding({
      cause: 'time-in-milliseconds',
      severity: 'warning',
      field,
      seen,
      ...(isMilliseconds ? { expected: String(meant) } : {}),
      summary: `The offer lets what is signed stay open for ${duration(BigInt(Math.floor(seconds)))}${isMilliseconds ? `; as milliseconds ${seconds} would be ${meant} s` : ''}: until then it can be settled, whoever has it.`,
      says,
      fix: isMilliseconds
        ? `Offer maxTimeoutSeconds ${meant}, if milliseconds were meant.`
        : 'Offer maxTimeoutSeconds 300, unless settling takes longer.',
    }),
  ]
}

/** How the offer wants the asset moved; undefined where that is by EIP-3009, as it is where nothing is said. */
export function otherTransfer(entry: JsonObject): string | undefined {
  const extra = entry.get('extra')
  const method: Json | undefined = isObject(extra) ? extra.get('assetTransferMethod') : undefined
  return method === undefined || method === null || (typeof method === 'string' && method.toLowerCase() === 'eip3009')
    ? undefined
    : shownValue(method)
}
