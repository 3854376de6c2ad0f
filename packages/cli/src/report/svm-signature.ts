import { printable, type SvmSignature, type SvmSignatures } from '@eip3009/core'
import { paint, wrap } from '@eip3009/core/report'

interface Style {
  readonly color: boolean
  readonly columns: number
}

/** As wide as in the report of a diagnosis, so that the two stand below each other. */
const labelWidth = 19

const roles = {
  'fee-payer': 'fee payer',
  payer: 'payer',
  'fee-payer-and-payer': 'payer of fee too',
  signer: 'signer',
} as const satisfies Record<SvmSignature['role'], string>

/** Who has to sign a transaction on Solana, whether each signature is there and valid, over which bytes, and what follows. */
export function renderSvmSignatures(model: SvmSignatures, { color, columns }: Style): string {
  const { message, signatures, findings, payment } = model
  const colors = paint(color)
  const width = Math.max(60, Math.min(columns, 130))
  const [first = '', ...rest] = wrap(printable(sentence(model)), width - 15)
  const mark = {
    valid: colors.good('✓ VALID'.padEnd(14)),
    'not-valid': colors.bad('✗ NOT VALID'.padEnd(14)),
    unreadable: colors.warn('? UNDECIDED'.padEnd(14)),
  }[model.standing]
  const lines = [`${mark} ${colors.strong(first)}`, ...rest.map((line) => `${' '.repeat(15)}${colors.strong(line)}`), '']
  const row = (label: string, text: string): void => {
    wrap(printable(text), width - labelWidth - 2).forEach((part, index) => {
      lines.push(`  ${colors.dim((index === 0 ? `${label} ` : '').padEnd(labelWidth))}${part}`)
    })
  }
  row('read as', payment.recognised)
  if (payment.network !== null) row('network', payment.network)
  if (message !== null) {
    const { from, to, blockhash } = message
    row('signed is', `the message: ${to - from} bytes of the transaction, from byte ${from} to ${to}, by ed25519 without a hash before`)
    row('blockhash', blockhash)
  }
  for (const signature of signatures) {
    row(roles[signature.role], `${signature.key}  ${stateOf(signature)}`)
    if (signature.signature !== null) row('', signature.signature)
    if (signature.signedBy !== null) row('', `it is ${signature.signedBy}'s over this very message`)
    if (signature.says !== null) row('', `${signature.says} · ${signature.cause}`)
  }
  for (const { says, cause } of findings) row('also', `${says} · ${cause}`)
  const cause = signatures.find((each) => each.cause !== null)?.cause ?? findings[0]?.cause
  const explain = cause === undefined ? '' : `eip3009 explain ${cause} · `
  lines.push(
    '',
    `  ${explain}eip3009 diagnose … for ${cause === undefined ? 'time, offer and balance' : 'whose fault it is and what to do'}`,
  )
  return `${lines.join('\n')}\n`
}

function sentence({ standing, signatures }: SvmSignatures): string {
  if (standing === 'unreadable') return 'There is no transaction in it that could be read, so nothing says what was signed.'
  const owed = signatures.filter(({ state, atSettlement }) => state !== 'valid' && !atSettlement)
  if (standing === 'valid') {
    const later = signatures.some(({ state, atSettlement }) => state !== 'valid' && atSettlement)
    return `Each signature that has to be there is valid over these bytes${later ? "; the fee payer's is added at settlement" : ''}.`
  }
  if (owed.length === 0) return 'The payer is not among the signers, so that nobody has signed the transfer.'
  return `${owed.map(({ role, key, state }) => `The signature of the ${roles[role]} ${key} is ${state}`).join('. ')}.`
}

function stateOf({ state, atSettlement }: SvmSignature): string {
  if (state === 'valid') return 'valid'
  return atSettlement ? `${state}; it is made at settlement` : state
}
