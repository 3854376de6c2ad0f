import type { Address, Hex } from '../../bytes/hex.ts'
import type { Finding } from '../../causes/finding.ts'
import type { WireContext } from '../../wire/context.ts'
import type { Json, JsonObject } from '../../wire/json.ts'
import type { Keys } from '../../wire/keys.ts'
import { refuse, unreadable } from '../../wire/refusal.ts'
import type { Authorization } from '../typed-data/authorization.ts'
import { noteSlips, type Reading, readAddress, readAmount, readNonce, readSignatureBytes, readTime, type SlipKind } from './field.ts'

/**
 * The six members of an authorization. Spellings that can be read go on with a finding each; a member that is missing or that
 * nothing can be made of ends the reading, since neither a digest nor a call can be made without it.
 * `usual` are spellings that this form has by right, such as numbers in typed data.
 */
export function readAuthorization(
  source: JsonObject,
  keys: Keys,
  decimals: number,
  findings: Finding[],
  usual: ReadonlySet<SlipKind> = new Set(),
): Authorization {
  const member = <T>(name: keyof Authorization, read: (value: Json | undefined) => Reading<T>): T =>
    required(`authorization.${name}`, keys.get(source, name), read, findings, usual)
  return {
    from: member<Address>('from', readAddress),
    to: member<Address>('to', readAddress),
    value: member('value', (value) => readAmount(value, decimals)),
    validAfter: member('validAfter', readTime),
    validBefore: member('validBefore', readTime),
    nonce: member<Hex>('nonce', readNonce),
  }
}

/** The bytes of a signature; none, where it may be missing and is. */
export function readSignature(value: Json | undefined, { findings, unsigned }: Pick<WireContext, 'findings' | 'unsigned'>): Hex {
  if (isMissing(value)) {
    if (unsigned) return '0x'
    throw refuse(
      unreadable(
        `an authorization whose signature is ${value === undefined ? 'missing' : 'empty'}`,
        'a signature: 0x and 130 hex digits, or {r, s, v}',
        'add it as "signature" beside the authorization',
      ),
    )
  }
  return required('signature', value, readSignatureBytes, findings, new Set())
}

/** Whether nothing was signed yet, as far as what stands in place of a signature tells. */
export function isMissing(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || value === '0x'
}

function required<T>(
  field: string,
  value: Json | undefined,
  read: (value: Json | undefined) => Reading<T>,
  findings: Finding[],
  usual: ReadonlySet<SlipKind>,
): T {
  const result = read(value)
  if (!result.ok)
    throw refuse(unreadable(`a payment whose ${field} ${result.problem}`, result.expected, 'correct that field and read again'))
  noteSlips(
    findings,
    field,
    'client',
    value,
    result.slips.filter((slip) => !usual.has(slip.kind)),
  )
  return result.value
}
