import type { Address } from '../../bytes/hex.ts'
import type { Finding } from '../../causes/finding.ts'
import type { Party } from '../../causes/party.ts'
import { isNumber, type Json, type JsonObject } from '../../wire/json.ts'
import type { Keys } from '../../wire/keys.ts'
import { leftOut, offerMembers } from '../../wire/offer-members.ts'
import { shownValue } from '../../wire/shown-value.ts'
import { noteSlips, type Reading, readAddress, readAmount, readTime } from './field.ts'
import type { Requirements } from './payment.ts'

/**
 * An x402 PaymentRequirements object, of either version. Nothing in it is needed to go on, so a field that can't be read becomes
 * a finding and stays absent.
 */
export function readRequirements(
  source: JsonObject,
  path: 'requirements' | 'accepted',
  keys: Keys,
  decimals: number,
  findings: Finding[],
): Requirements {
  const party: Party = path === 'requirements' ? 'server' : 'client'
  const optional = <T>(name: string, value: Json | undefined, read: (value: Json | undefined) => Reading<T>): T | undefined => {
    if (value === undefined || value === null) return undefined
    const result = read(value)
    const field = `${path}.${name}`
    if (result.ok) {
      noteSlips(findings, field, party, value, result.slips)
      return result.value
    }
    findings.push(leftOut(field, value, party, result))
    return undefined
  }
  const members = offerMembers(source, keys)
  const { extra, resource: url } = members
  const scheme = optional('scheme', members.scheme, readText)
  const network = optional('network', members.network, readText)
  const amount = optional<bigint>(members.amountName, members.amount, (value) => readAmount(value, decimals))
  const payTo = optional<Address>('payTo', members.payTo, readAddress)
  const asset = optional<Address>('asset', members.asset, readAddress)
  const maxTimeoutSeconds = optional('maxTimeoutSeconds', members.maxTimeoutSeconds, readSeconds)
  // OKX's dialect has the domain under names of its own.
  const name = extra !== undefined ? optional('extra.name', extra.get('name') ?? extra.get('domainName'), readText) : undefined
  const version = extra !== undefined ? optional('extra.version', extra.get('version') ?? extra.get('domainVersion'), readText) : undefined
  // Some servers put the token's own address there, and some an object: only what is an address says something.
  const contract = extra !== undefined ? readAddress(extra.get('verifyingContract')) : undefined
  return {
    ...(scheme === undefined ? {} : { scheme }),
    ...(network === undefined ? {} : { network }),
    ...(amount === undefined ? {} : { amount }),
    ...(payTo === undefined ? {} : { payTo }),
    ...(asset === undefined ? {} : { asset }),
    ...(maxTimeoutSeconds === undefined ? {} : { maxTimeoutSeconds }),
    ...(extra !== undefined
      ? {
          extra: {
            ...(name === undefined ? {} : { name }),
            ...(version === undefined ? {} : { version }),
            ...(contract?.ok === true ? { verifyingContract: contract.value } : {}),
          },
        }
      : {}),
    ...(typeof url === 'string' ? { resource: url.slice(0, 2048) } : {}),
  }
}

function readText(value: Json | undefined): Reading<string> {
  if (typeof value === 'string') return { ok: true, value, slips: [] }
  if (!isNumber(value)) return { ok: false, problem: `is ${shownValue(value)}`, expected: 'a string' }
  const expected = `"${value.digits}"`
  return {
    ok: true,
    value: value.digits,
    slips: [
      {
        kind: 'number',
        severity: 'warning',
        cause: 'malformed-field',
        says: `is the number ${value.digits}, where x402 has a string`,
        expected,
        fix: `Write it as a string: ${expected}.`,
      },
    ],
  }
}

/** A number in x402, unlike the authorization's times. */
function readSeconds(value: Json | undefined): Reading<number> {
  const result = readTime(value)
  if (!result.ok) return { ...result, expected: 'a number of seconds' }
  const slips = result.slips.filter((slip) => slip.kind !== 'number')
  if (result.value > BigInt(Number.MAX_SAFE_INTEGER))
    return { ok: false, problem: `is ${shownValue(value)}`, expected: 'a number of seconds' }
  if (typeof value === 'string' && slips.length === 0) {
    slips.push({
      kind: 'spelling',
      severity: 'warning',
      cause: 'malformed-field',
      says: `is the string "${result.value}", where x402 has a number`,
      expected: `the number ${result.value}`,
      fix: `Write it without quotes: ${result.value}.`,
    })
  }
  return { ok: true, value: Number(result.value), slips }
}
