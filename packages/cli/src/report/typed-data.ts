import { type EncodedMember, type EncodedStruct, printable, type TypedDataSteps } from '@eip3009/core'
import { paint, wrap } from '@eip3009/core/report'

interface Style {
  readonly color: boolean
  readonly columns: number
}

/** As wide as where a signature is laid out, so that the two can be compared. */
const labelWidth = 19
const indent = ' '.repeat(labelWidth + 2)

/** Each step from the types to the digest of what is to be signed, what the token hashes in its place below it. */
export function renderTypedData(steps: TypedDataSteps, { color, columns }: Style): string {
  const colors = paint(color)
  const width = Math.max(60, Math.min(columns, 160))
  const lines: string[] = []
  const row = (label: string, text: string): void => {
    lines.push(`  ${colors.dim(printable(label).padEnd(labelWidth))}${printable(text)}`)
  }
  const instead = (text: string | undefined): void => {
    if (text !== undefined) lines.push(`${' '.repeat(labelWidth)}${colors.bad('≠')} ${printable(text)}`)
  }
  const prose = (label: string, text: string): void => {
    for (const [index, part] of wrap(printable(text), width - labelWidth - 2).entries()) row(index === 0 ? label : '', part)
  }
  const { encoded, token, standing } = steps
  const other = token?.encoded ?? undefined
  const differs = (mine: string, theirs: string | undefined): string | undefined => (theirs === mine ? undefined : theirs)

  const [mark, tone, sentence] = head(steps)
  const [first = '', ...rest] = wrap(printable(sentence), width - 15)
  lines.push(
    `${colors[tone](mark.padEnd(14))} ${colors.strong(first)}`,
    ...rest.map((line) => `${' '.repeat(15)}${colors.strong(line)}`),
    '',
  )
  const struct = ({ type, typeHash, members }: EncodedStruct, theirs: EncodedStruct | undefined): void => {
    row('type', type)
    instead(differs(type, theirs?.type))
    row('type hash', typeHash)
    instead(differs(typeHash, theirs?.typeHash))
    for (const member of members) {
      const label = member.field.slice(member.field.lastIndexOf('.') + 1)
      const made = `${member.word}  ${madeOf(member)}`
      if (indent.length + made.length <= width) row(label, made)
      else lines.push(`  ${colors.dim(printable(label).padEnd(labelWidth))}${member.word}`, `${indent}${printable(madeOf(member))}`)
      const same = theirs?.members.find(({ field }) => field === member.field)
      if (same !== undefined && same.word !== member.word) instead(`${same.word}  ${madeOf(same)}`)
    }
    for (const missing of theirs?.members ?? []) {
      if (members.some(({ field }) => field === missing.field)) continue
      row(missing.field.slice(missing.field.lastIndexOf('.') + 1), '-')
      instead(`${missing.word}  ${madeOf(missing)}`)
    }
  }
  struct(encoded.domain, other?.domain)
  row('separator', encoded.domain.hash)
  instead(differs(encoded.domain.hash, token?.separator))
  lines.push('')
  for (const inner of encoded.inside) {
    row('in', inner.field)
    struct(inner, undefined)
    row('hash', inner.hash)
    lines.push('')
  }
  struct(encoded.message, other?.message)
  row('struct hash', encoded.message.hash)
  instead(differs(encoded.message.hash, other?.message.hash))
  lines.push('')
  row('preimage', '0x1901 ‖ separator ‖ struct hash')
  lines.push(`${indent}${encoded.preimage}`)
  row('digest', encoded.digest)
  instead(differs(encoded.digest, other?.digest))
  lines.push('')
  if (token !== null)
    prose('compared with', [`${token.says}`, ...(standing === 'same' ? [] : ['its own below each step that differs'])].join('; '))
  for (const { field, cause } of steps.differences) row(field, cause)
  for (const { says, cause } of steps.findings) prose('also', `${says} · ${cause}`)
  const [difference] = steps.differences
  prose(
    '',
    difference === undefined
      ? 'Sign it, and give eip3009 signature the signature, too, to see whose it is'
      : `eip3009 explain ${difference.cause}`,
  )
  return `${lines.join('\n')}\n`
}

function head({ standing, token, differences, source, primaryType }: TypedDataSteps): readonly [string, 'good' | 'bad' | 'warn', string] {
  const whose = token === null ? '' : `${token.symbol ?? 'the token'}${token.network === null ? '' : ` on ${token.network}`}`
  const domainOnly =
    token !== null && token.encoded === null
      ? ` ${primaryType} is no message of EIP-3009, or lacks one of its members: the domain alone was compared.`
      : ''
  switch (standing) {
    case 'same':
      return source === 'authorization'
        ? ['✓ TO BE SIGNED', 'good', `Made for the authorization under the domain of ${whose}: this digest is what the payer has to sign.`]
        : domainOnly === ''
          ? ['✓ SAME', 'good', `This is what ${whose} hashes: domain, type and message.`]
          : ['✓ SAME DOMAIN', 'good', `This is the domain that ${whose} hashes.${domainOnly}`]
    case 'different': {
      const fields = differences.map(({ field, seen, expected }) => `${field} is ${shown(seen)}, and there ${shown(expected)}`)
      return ['✗ DIFFERENT', 'bad', `${capital(whose)} hashes something else: ${fields.join('; ')}.${domainOnly}`]
    }
    case 'unknown':
      return [
        '? UNKNOWN TOKEN',
        'warn',
        'Nothing but the input says what the token hashes: this is the digest of what was given, and whether the token computes the same is not known.',
      ]
  }
}

function shown(value: string | null): string {
  return value === null ? 'not there' : `"${value}"`
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

const how = {
  word: '',
  'hash-of-bytes': ', the hash of its bytes',
  'hash-of-struct': ', the hash of the struct',
  'hash-of-list': ', the hash of its words',
} as const satisfies Record<EncodedMember['as'], string>

function madeOf({ type, value, as }: EncodedMember): string {
  return `${type} ${type === 'string' ? `"${value}"` : value}${how[as]}`
}
