import type { CauseId } from '../causes/catalogue.ts'
import type { Argument } from './abi.ts'

/** How libraries name the fields that they stumbled over, each with the field in its first group. */
const fieldForms: readonly RegExp[] = [
  // zod's issues, and pydantic's as JSON.
  /["']?(?:path|loc)["']?\s{0,2}:\s{0,2}\[([^\]]{1,200})\]/g,
  // serde: with the path in front where axum tells it.
  /(?:target type: ([\w.[\]]{1,120}): )?(?:missing field|unknown field|duplicate field) [`"]([\w.]{1,60})[`"]/g,
  /json: unknown field "([\w.]{1,60})"/g,
  /Go struct field (?:\w{1,60}\.)?([\w.]{1,120}) of type/g,
  // pydantic: a line of its own, above what is wrong with it.
  /(?:^|\s)([a-zA-Z][\w]{0,40}(?:\.[\w]{1,40}){1,8})\s{1,4}(?:Input should be|Field required|Extra inputs are not permitted|String should|Value error)/g,
  /(?:validation errors? for \w{1,60})\s{1,4}([a-zA-Z]\w{0,40})\s{1,4}(?:Input should be|Field required|Extra inputs)/g,
  // zod 4's prettified list.
  /→ at ([\w.[\]]{1,120})/g,
  /Unrecognized field "([\w.]{1,60})"/g,
  /must have required property '([\w.]{1,60})'/g,
]

/** serde says the value and what it may be, and not the field: the names of networks and of schemes tell which it is. */
const variantForms: readonly (readonly [form: RegExp, field: string])[] = [
  [
    /unknown variant [`'"][^`'"]{1,80}[`'"], expected (?:one of )?[^.]{0,600}[`'"](?:base|base-sepolia|solana|avalanche|eip155:\d+)[`'"]/i,
    'network',
  ],
  [/unknown variant [`'"][^`'"]{1,80}[`'"], expected (?:one of )?[^.]{0,200}[`'"]exact[`'"]/i, 'scheme'],
]

const mostFields = 8

/** The fields that a text says are at fault, as paths with dots, in their order. */
export function fieldsIn(text: string): readonly string[] {
  const found = new Set<string>()
  for (const form of fieldForms) {
    for (const match of text.slice(0, 20_000).matchAll(form)) {
      const parts = match.slice(1).filter((part): part is string => part !== undefined && part !== '')
      const path = parts
        .flatMap((part) => part.split(','))
        .map((part) => part.trim().replace(/^["']|["']$/g, ''))
        .filter((part) => /^[\w.[\]]{1,120}$/.test(part))
        .join('.')
      if (path !== '' && found.size < mostFields) found.add(path)
    }
  }
  for (const [form, field] of variantForms) if (found.size === 0 && form.test(text.slice(0, 20_000))) found.add(field)
  return [...found]
}

export function asArguments(fields: readonly string[]): readonly Argument[] {
  return fields.map((value) => ({ name: 'field', type: 'string', value }))
}

/** What is at fault where a field is, by its own name. What the versions of x402 call differently is a matter of the version first. */
const causesOfField = {
  x402Version: ['wire-version-mismatch'],
  accepted: ['wire-version-mismatch'],
  accepts: ['wire-version-mismatch'],
  amount: ['wire-version-mismatch', 'malformed-field'],
  maxAmountRequired: ['wire-version-mismatch', 'malformed-field'],
  resource: ['wire-version-mismatch', 'malformed-field'],
  paymentPayload: ['wire-version-mismatch', 'malformed-field'],
  paymentRequirements: ['wire-version-mismatch', 'malformed-field'],
  network: ['network-unsupported', 'wire-version-mismatch'],
  scheme: ['wire-version-mismatch', 'network-unsupported'],
  payload: ['wire-version-mismatch', 'malformed-field'],
  authorization: ['wire-version-mismatch', 'malformed-field'],
  signature: ['malformed-field', 'facilitator-schema-limit'],
  from: ['malformed-field'],
  to: ['malformed-field'],
  value: ['malformed-field'],
  validAfter: ['malformed-field'],
  validBefore: ['malformed-field'],
  nonce: ['malformed-field'],
  payTo: ['malformed-field'],
  asset: ['malformed-field'],
  maxTimeoutSeconds: ['malformed-field'],
  extra: ['domain-field-missing', 'malformed-field', 'wire-version-mismatch'],
  name: ['domain-field-missing', 'malformed-field'],
  version: ['domain-field-missing', 'malformed-field'],
} as const satisfies Record<string, readonly CauseId[]>

const byField: ReadonlyMap<string, readonly CauseId[]> = new Map(
  Object.entries(causesOfField).map(([name, causes]) => [flat(name), causes]),
)

/** Without case and underlines: Python's and Rust's names are the same fields. */
function flat(name: string): string {
  return name.toLowerCase().replaceAll('_', '')
}

/** What the fields leave of a rule's causes; all of them where one is not known. */
export function causesOfFields(fields: readonly string[], causes: readonly CauseId[]): readonly CauseId[] {
  const known = fields.map((path) => byField.get(flat(path.split('.').at(-1) ?? '')))
  if (known.length === 0 || known.includes(undefined)) return causes
  return [...new Set(known.flatMap((each) => each ?? []))]
}
