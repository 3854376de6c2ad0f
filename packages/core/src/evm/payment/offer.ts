import { sameAddress } from '../../bytes/address.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { EvidenceNote, Finding, Severity } from '../../causes/finding.ts'
import type { Party } from '../../causes/party.ts'
import type { PaymentRail } from '../../rails/rail.ts'
import { isList, isNumber, isObject, type Json, type JsonObject } from '../../wire/json.ts'
import { shownValue } from '../../wire/shown-value.ts'
import { show } from '../../wire/text.ts'
import type { Authorization } from '../typed-data/authorization.ts'
import type { Offer, TokenClaim } from './draft.ts'

/** What a payment says, and the offer that it should answer. */
export interface Answer {
  readonly rail: PaymentRail
  readonly authorization: Authorization
  readonly x402Version?: 1 | 2
  /** Where the token is named, the most binding first. */
  readonly tokens: readonly TokenClaim[]
  /** What the server asked for. */
  readonly requirements?: Offer
  /** The client's copy of it, in x402 v2. */
  readonly accepted?: Offer
}

/**
 * Whether the payment answers the offer that was made: amount, recipient, asset, and in v2 the copy of the offer, field by field.
 *
 * The amount: the v2 reference (`@x402/evm`, exact/facilitator/eip3009.ts) wants it equal; its v1 scheme and x402-rs in both versions
 * refuse only less. More than was asked for is therefore an error in v2 and a warning in v1.
 */
export function compareOffer(answer: Answer): readonly Finding[] {
  const { requirements, accepted } = answer
  const offer = requirements ?? accepted
  return [
    ...(offer === undefined ? [] : [...compareAmount(answer, offer), ...compareRecipient(answer, offer)]),
    ...compareTokens(answer.tokens),
    ...(requirements === undefined || accepted === undefined ? [] : compareCopies(requirements, accepted)),
    ...selfPayment(answer.authorization),
  ]
}

function compareAmount({ rail, authorization, x402Version }: Answer, { names, read }: Offer): Finding[] {
  const asked = read.amount
  const { value } = authorization
  if (asked === undefined || asked === value) return []
  const field = names.amount
  const says: EvidenceNote[] = [
    { source: 'payload', says: `authorization.value is ${value}.` },
    { source: 'payload', says: `${field} is ${asked}.` },
  ]
  const power = powerOfTen(value, asked)
  const base = { field: 'authorization.value', seen: String(value), expected: String(asked), evidence: says } as const
  if (power !== undefined) {
    const times = `10^${Math.abs(power)} times ${power > 0 ? 'as much as' : 'less than'}`
    return [
      {
        ...base,
        cause: 'amount-units-wrong',
        party: 'client',
        severity: 'error',
        summary: `The payment authorizes ${units(value)}, ${times} the ${asked} asked for${unitHint(power)}.`,
        fix: `Sign for ${units(asked)}, or correct ${field} if ${value} is what it should cost`,
      },
    ]
  }
  if (value < asked) {
    return [
      {
        ...base,
        cause: 'amount-mismatch',
        party: 'client',
        severity: 'error',
        summary: `The payment authorizes ${units(value)}, ${asked - value} less than the ${asked} asked for.`,
        fix: `Sign for ${units(asked)}`,
      },
    ]
  }
  const isMpp = rail === 'mpp-charge'
  const severity: Severity = x402Version === 2 || isMpp ? 'error' : 'warning'
  const rule = isMpp
    ? 'an MPP server wants exactly that'
    : x402Version === 2
      ? "x402 v2's reference facilitator wants exactly that"
      : "v1 facilitators take it, v2's reference refuses it"
  return [
    {
      ...base,
      cause: 'amount-mismatch',
      party: 'client',
      severity,
      summary: `The payment authorizes ${units(value)}, ${value - asked} more than the ${asked} asked for; ${rule}.`,
      fix: `Sign for ${units(asked)}`,
    },
  ]
}

function units(amount: bigint): string {
  return `${amount} atomic ${amount === 1n ? 'unit' : 'units'}`
}

/** k where `value` is `asked` × 10^k, k ≠ 0. */
function powerOfTen(value: bigint, asked: bigint): number | undefined {
  if (value <= 0n || asked <= 0n) return undefined
  const [large, small] = value > asked ? [value, asked] : [asked, value]
  if (large % small !== 0n) return undefined
  const digits = String(large / small)
  return /^10+$/.test(digits) ? (digits.length - 1) * (value > asked ? 1 : -1) : undefined
}

function unitHint(power: number): string {
  if (power === 12) return ': 18 decimals were taken for 6'
  if (power === -12) return ': 6 decimals were taken for 18'
  if (power === 6) return ': atomic units were scaled once more'
  if (power === -6) return ': whole tokens were taken for atomic units'
  return ''
}

/** Who is paid through a collector is named in the nonce and not in `to`. */
const byCollector: ReadonlySet<PaymentRail> = new Set(['auth-capture', 'batch-settlement', 'escrow', 'settlement-router'])

function compareRecipient({ rail, authorization }: Answer, { names, read }: Offer): Finding[] {
  const { payTo } = read
  if (byCollector.has(rail) || payTo === undefined || sameAddress(payTo, authorization.to)) return []
  return [
    {
      cause: 'recipient-mismatch',
      party: 'client',
      severity: 'error',
      field: 'authorization.to',
      seen: authorization.to,
      expected: payTo,
      summary: `The payment goes to ${authorization.to}, and the offer asks for ${payTo}.`,
      evidence: [
        { source: 'payload', says: `authorization.to is ${authorization.to}.` },
        { source: 'payload', says: `${names.recipient} is ${payTo}.` },
      ],
      fix: `Sign an authorization with to = ${payTo}`,
    },
  ]
}

/** Every place that names the token against the first. */
function compareTokens([first, ...rest]: readonly TokenClaim[]): Finding[] {
  if (first === undefined) return []
  return rest
    .filter((claim) => !sameAddress(claim.address, first.address))
    .map((claim) => ({
      cause: 'asset-mismatch',
      party: claim.field.startsWith('requirements.') ? 'server' : 'client',
      severity: 'error',
      field: claim.field,
      seen: claim.address,
      expected: first.address,
      summary: `${first.field} is the token ${first.address} and ${claim.field} is ${claim.address}: two contracts.`,
      evidence: [
        { source: 'payload', says: `${first.field} is ${first.address}.` },
        { source: 'payload', says: `${claim.field} is ${claim.address}.` },
      ],
      fix: `Use one token throughout: make ${claim.field} ${first.address}, or sign anew for ${claim.address} if that is the right one.`,
    }))
}

/** Compared elsewhere, under a cause of their own. */
const ownCause = new Set(['network', 'asset'])

/**
 * The reference server takes a payment for its offer when every field but `extra` is equal as JSON, and `extra` has at least what
 * the server put there (paymentRequirementsMatchAccepted in @x402/core). x402-rs compares the parsed values.
 */
function compareCopies(requirements: Offer, accepted: Offer): Finding[] {
  const names = [...new Set([...requirements.source.keys(), ...accepted.source.keys()])]
  const found: Finding[] = []
  for (const name of names) {
    if (ownCause.has(name)) continue
    const asked = requirements.source.get(name)
    const copied = accepted.source.get(name)
    if (name === 'extra') found.push(...compareExtra(asked, copied))
    else found.push(...compareMember(name, asked, copied))
  }
  return found
}

function compareExtra(asked: Json | undefined, copied: Json | undefined): Finding[] {
  if (!isObject(asked)) return []
  const copy: JsonObject = isObject(copied) ? copied : new Map<string, Json>()
  // What the client adds to `extra` is its own business.
  return [...asked].flatMap(([name, value]) => compareMember(`extra.${name}`, value, copy.get(name)))
}

function compareMember(name: string, asked: Json | undefined, copied: Json | undefined): Finding[] {
  if (equal(asked, copied)) return []
  const spelled = asked === undefined ? undefined : loose(asked)
  const onlySpelling = spelled !== undefined && copied !== undefined && spelled === loose(copied)
  // "10000" and 10000 look alike without their quotes.
  const quoted = onlySpelling && typeof asked !== typeof copied
  const shown = (value: Json | undefined): string => (quoted && typeof value === 'string' ? `"${shownValue(value)}"` : shownValue(value))
  const [seen, expected] = [shown(copied), shown(asked)]
  const label = show(name)
  const field = `accepted.${label}`
  return [
    {
      cause: 'accepted-mismatch' satisfies CauseId,
      party: 'client' satisfies Party,
      severity: onlySpelling || asked === undefined ? 'warning' : 'error',
      field,
      seen,
      expected,
      summary: onlySpelling
        ? `${field} is spelled ${seen}, and requirements.${label} is ${expected}: the reference server compares them as JSON, where they differ.`
        : `${field} is ${seen}, and requirements.${label} is ${expected}.`,
      evidence: [
        { source: 'payload', says: `${field} is ${seen}.` },
        { source: 'payload', says: `requirements.${label} is ${expected}.` },
      ],
      fix: `Copy the offer into "accepted" as the server sent it: ${label} = ${expected}.`,
    },
  ]
}

function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (a === undefined || b === undefined || typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]))
  if (isObject(a)) return isObject(b) && a.size === b.size && [...a].every(([key, value]) => equal(value, b.get(key)))
  return isNumber(a) && isNumber(b) && a.digits === b.digits
}

/** What is left of a scalar when case and the difference between numbers and strings do not count. */
function loose(value: Json): string | undefined {
  if (typeof value === 'string') return value.toLowerCase()
  return isNumber(value) ? value.digits.toLowerCase() : undefined
}

function selfPayment({ from, to }: Authorization): Finding[] {
  if (!sameAddress(from, to)) return []
  return [
    {
      cause: 'self-payment',
      party: 'client',
      severity: 'info',
      field: 'authorization.to',
      seen: to,
      summary: `The payment goes from ${from} to itself; the token allows that, and some facilitators refuse it.`,
      evidence: [{ source: 'payload', says: `authorization.from and authorization.to are both ${from}.` }],
      fix: 'Pay from another account than the one that receives, if the facilitator refuses it.',
    },
  ]
}
