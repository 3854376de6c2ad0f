import type { Rungs, SignatureLadder } from '@eip3009/core'
import { printable } from '@eip3009/core'
import { whoSigned } from '@eip3009/core/internal'
import { firstDifference, type Paint, paint, shorten, wrap } from '@eip3009/core/report'

interface Style {
  readonly color: boolean
  readonly columns: number
}

/** As wide as in the report of a diagnosis, so that the two stand below each other. */
const labelWidth = 19

const members = ['from', 'to', 'value', 'validAfter', 'validBefore', 'nonce'] as const
const domainFields = ['name', 'version', 'chainId', 'verifyingContract', 'salt'] as const

/** The steps from the type to the recovered address, what was signed beside what the token computes, the first difference marked. */
export function renderLadder(ladder: SignatureLadder, { color, columns }: Style): string {
  const colors = paint(color)
  const width = Math.max(60, Math.min(columns, 130))
  const lines = [...head(ladder, colors, width), '']
  const { expected, signed } = ladder
  if (expected !== null) {
    lines.push(
      ...(signed === null || signed.digest === expected.digest ? single(expected, ladder, colors) : both(signed, expected, ladder, colors)),
      '',
    )
  }
  const row = (label: string, text: string): void => {
    wrap(printable(text), width - labelWidth - 2).forEach((part, index) => {
      lines.push(`  ${colors.dim((index === 0 ? `${label} ` : '').padEnd(labelWidth))}${part}`)
    })
  }
  row('signature', signatureText(ladder))
  if (ladder.signature.r !== null) row('r', ladder.signature.r)
  if (ladder.signature.s !== null) row('s', ladder.signature.s)
  if (ladder.signature.v !== null) row('v', String(ladder.signature.v))
  if (ladder.signature.repaired !== null) row('repaired', ladder.signature.repaired)
  wallet(ladder, row)
  for (const { address, under } of ladder.ifWallet) row('if a wallet', `${address} under ${under}`)
  if (ladder.ask !== null) row('to ask', ladder.ask)
  for (const edit of ladder.edits) {
    const sides = [
      ['seen', edit.seen],
      ['signed', edit.signed],
      ['expected', edit.expected],
    ].flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]))
    row(edit.field.replace('authorization.', ''), `${sides.join(', ')}${edit.how === undefined ? '' : ` (${edit.how})`} · ${edit.cause}`)
  }
  if (ladder.others.length > 0)
    row('or', ladder.others.map((edits) => edits.map(({ field, cause }) => `${field} (${cause})`).join(', ')).join('; '))
  for (const { says, cause } of ladder.findings) row('also', `${says} · ${cause}`)
  row('tried', triedText(ladder))
  lines.push('', `  ${next(ladder)}`)
  return `${lines.join('\n')}\n`
}

function head(
  { standing, edits, payment, expected, recoveredIs, checkedBy, wallet: wrapper }: SignatureLadder,
  colors: Paint,
  width: number,
): string[] {
  const [mark, sentence] = {
    valid: [colors.good('✓ VALID'.padEnd(14)), `The signature is ${payment.from}'s, as ${checkers[checkedBy]} checks it.`],
    explained: [colors.bad('✗ NOT VALID'.padEnd(14)), explainedBy(edits, payment.from, checkers[checkedBy])],
    unexplained:
      wrapper === null
        ? [
            colors.bad('✗ NOT VALID'.padEnd(14)),
            `The signature recovers to ${expected?.recovered ?? 'no key'}${recoveredIs.length === 0 ? '' : ` (${recoveredIs.map(({ label }) => label).join(', ')})`}, not to from ${payment.from}.`,
          ]
        : [
            colors.warn('? UNDECIDED'.padEnd(14)),
            `The signature is a smart wallet's; ${whoSigned(wrapper)}. Whether ${(wrapper.signers.length === 0 && wrapper.passkey === undefined) || wrapper.signers.some(({ named }) => named) ? '' : 'that is an owner, and whether '}the wallet accepts it, only the chain tells.`,
          ],
    unreadable: [
      colors.warn('? UNDECIDED'.padEnd(14)),
      expected === null
        ? 'Nothing says which token would check the signature, and it fits none that is known: say which network it is for (--network).'
        : 'There is no signature by a key in these bytes, nor a wrapper of a smart wallet that is known here.',
    ],
  }[standing] as [string, string]
  const [first = '', ...rest] = wrap(printable(sentence), width - 15)
  return [`${mark} ${colors.strong(first)}`, ...rest.map((line) => `${' '.repeat(15)}${colors.strong(line)}`)]
}

const checkers = { token: 'the token', 'circle-gateway': 'Circle Gateway' } as const satisfies Record<SignatureLadder['checkedBy'], string>

function explainedBy(edits: SignatureLadder['edits'], from: string, checker: string): string {
  const fields = edits.map(({ field }) => field)
  if (fields.every((field) => field.startsWith('signature')))
    return `The signature is ${from}'s, in a form that ${checker} ${checker === 'the token' ? 'refuses' : 'may refuse'}: see ${fields.join(', ')}.`
  return `The signature is good for something else: ${fields.join(', ')} ${fields.length === 1 ? 'differs' : 'differ'}.`
}

/** One column, where nothing differs or nothing is known of what was signed. */
function single(rungs: Rungs, { payment, wallet: wrapper, standing }: SignatureLadder, colors: Paint): string[] {
  // Whom the bytes inside of a wrapper recover to hangs on how the wallet hashes: they have rows of their own.
  const all = rows(rungs, rungs).filter(({ label }) => label !== 'recovered' || wrapper === null || standing === 'valid')
  return all.map(
    ({ label, left }) =>
      `  ${colors.dim(label.padEnd(labelWidth))}${printable(left)}${label === 'recovered' && left !== payment.from ? '  ≠ from' : ''}`,
  )
}

/** What two lines are worth: 32 bytes and type strings don't fit beside each other. */
const stacked = new Set(['type', 'type hash', 'nonce', 'struct hash', 'salt', 'separator', 'digest'])

function both(signed: Rungs, expected: Rungs, { payment, checkedBy }: SignatureLadder, colors: Paint): string[] {
  const cells = rows(signed, expected).map(({ label, left, right }) => ({ label, left: printable(left), right: printable(right) }))
  const beside = cells.filter(({ label, left, right }) => left !== right && !stacked.has(label))
  const width = Math.max(14, ...beside.map(({ left }) => left.length)) + 1
  const indent = ' '.repeat(labelWidth + 2)
  const out = [
    `${indent}${colors.dim(`${'signed'.padEnd(width)}≠ ${checkedBy === 'token' ? (payment.network ?? 'the token') : checkers[checkedBy]} expects`)}`,
  ]
  let marked = false
  for (const { label, left, right } of cells) {
    const start = `  ${colors.dim(label.padEnd(labelWidth))}`
    const at = left === '' || right === '' ? undefined : firstDifference(left, right)
    if (left === right) out.push(`${start}${left}`)
    else if (stacked.has(label)) out.push(`${start}${left}`, `${' '.repeat(labelWidth)}${colors.bad('≠')} ${right}`)
    else out.push(`${start}${left.padEnd(width)}${colors.bad('≠')} ${right}`)
    if (marked || at === undefined) continue
    marked = true
    out.push(stacked.has(label) ? `${indent}${' '.repeat(at)}^` : `${indent}${`${' '.repeat(at)}^`.padEnd(width)}  ${' '.repeat(at)}^`)
  }
  return out
}

interface Row {
  readonly label: string
  readonly left: string
  readonly right: string
}

/** The steps from the top to the bottom; fields that neither side has are left out. */
function rows(signed: Rungs, expected: Rungs): Row[] {
  const pair = (label: string, left: string | null | undefined, right: string | null | undefined): Row => ({
    label,
    left: left ?? '',
    right: right ?? '',
  })
  const quoted = (value: string | undefined): string | undefined => (value === undefined ? undefined : `"${value}"`)
  return [
    pair('type', signed.type, expected.type),
    pair('type hash', signed.typeHash, expected.typeHash),
    ...members.map((name) => pair(name, signed.message[name], expected.message[name])),
    pair('struct hash', signed.structHash, expected.structHash),
    ...domainFields.map((name) =>
      name === 'name' || name === 'version'
        ? pair(name, quoted(signed.domain[name]), quoted(expected.domain[name]))
        : pair(name, signed.domain[name], expected.domain[name]),
    ),
    pair('separator', signed.separator, expected.separator),
    pair('digest', signed.digest, expected.digest),
    pair('recovered', signed.recovered ?? 'no key', expected.recovered ?? 'no key'),
  ].filter(({ left, right }) => left !== '' || right !== '')
}

function signatureText({ signature: { length, bytes } }: SignatureLadder): string {
  return `${length} bytes${length > 65 ? `: ${shorten(bytes)}` : ''}`
}

function wallet({ wallet: evidence }: SignatureLadder, row: (label: string, text: string) => void): void {
  if (evidence === null) return
  row('wrapped in', evidence.wrappers.join(', then '))
  const owners = evidence.deployment?.owners ?? []
  if (owners.length > 0)
    row(
      'owners',
      `${owners.map((owner) => (owner.kind === 'address' ? owner.address : 'a passkey')).join(', ')} (by the call that deploys it)`,
    )
  for (const { address, under, named } of evidence.signers)
    row('inside', `${address} under ${under}${named ? " (the factory's calldata names it)" : ''}`)
  for (const { address, under } of evidence.slips)
    row('inside', `${address}, whom the factory's calldata names, under ${under}: that is not what such a wallet checks`)
  for (const other of evidence.elsewhere) row('inside', other)
  if (evidence.ascending === false) row('order', 'the owners do not stand in ascending order, as a Safe wants them')
  if (evidence.opaque !== undefined) row('inside', evidence.opaque)
  if (evidence.passkey !== undefined) {
    const { challenge, under, origin } = evidence.passkey
    row('challenge', `${challenge ?? 'no 32 bytes'}${under === null ? '' : `: ${under}`}${origin === null ? '' : ` (asked by ${origin})`}`)
  }
  if (evidence.contents !== undefined) {
    const { sameSeparator, sameStruct, separator, type } = evidence.contents
    row(
      'carries',
      `${sameSeparator ? "the token's separator" : `another separator, ${separator}`}, ${sameStruct ? 'this message' : 'another message'}, ${type}`,
    )
  }
}

function triedText({ tried, triedBy, ended }: SignatureLadder): string {
  const all = Object.entries(triedBy)
  const kinds = all.slice(0, 4).map(([kind, count]) => `${kind} ${count}`)
  const what = all.length < 2 ? '' : ` (${kinds.join(', ')}${all.length > 4 ? ', …' : ''})`
  const end = {
    found: '',
    exhausted: '; nothing else is known to happen',
    depth: '; --search deep goes on',
    'max-hypotheses': '; --timeout 60000 searches on',
    timeout: '; the time was up',
    aborted: '; the search was stopped',
    'nothing-to-try': '',
  }[ended]
  return `${tried} ${tried === 1 ? 'hypothesis' : 'hypotheses'}${what}${end}`
}

function next({ edits: [edit], standing }: SignatureLadder): string {
  if (edit !== undefined) return `eip3009 explain ${edit.cause} · eip3009 diagnose … for whose fault it is and what to do`
  return standing === 'valid' ? 'eip3009 diagnose … for time, offer and token' : 'eip3009 diagnose … for what else is known'
}
