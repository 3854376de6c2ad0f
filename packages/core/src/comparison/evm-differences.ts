import { sameAddress } from '../bytes/address.ts'
import type { Payment, Requirements } from '../evm/payment/payment.ts'
import { curveOrder } from '../evm/signature/signature.ts'
import { authorizationFields } from '../evm/typed-data/authorization.ts'
import { domainFields, type Eip712Domain } from '../evm/typed-data/domain.ts'
import { formatUnits } from '../text/amount.ts'
import { utc } from '../text/utc.ts'
import type { PaymentDifference } from './comparison.ts'
import { type Differences, difference } from './difference.ts'
import type { Signed } from './signed.ts'

/** Where two payments on EVM chains differ. What one of them does not tell is no difference. */
export function evmDifferences(first: Signed, second: Signed): Differences {
  const [one, two] = [first.payment, second.payment]
  const said = [...message(first, second), ...domain(first, second), ...placed(one, two)]
  const signed = signatures(first, second, said.length > 0)
  return {
    differences: [...said, ...signed.differences, ...offers(one.requirements, two.requirements)],
    notes: [...unknownSides(first, second), ...signed.notes],
  }
}

function message({ payment: one, evidence }: Signed, { payment: two, evidence: other }: Signed): PaymentDifference[] {
  const units = evidence?.expected?.units ?? other?.expected?.units
  const amount = (value: bigint): string =>
    units === undefined ? `${value} atomic units` : `${formatUnits(value, units.decimals)} ${units.symbol}`
  const fields = authorizationFields.flatMap((name): PaymentDifference[] => {
    const [a, b] = [one.authorization[name], two.authorization[name]]
    if (typeof a === 'bigint' && typeof b === 'bigint') {
      const say = name === 'value' ? amount : utc
      return a === b ? [] : [difference(`authorization.${name}`, a, b, [say(a), say(b)])]
    }
    return String(a).toLowerCase() === String(b).toLowerCase() ? [] : [difference(`authorization.${name}`, a, b)]
  })
  return [...fields, ...(one.primaryType === two.primaryType ? [] : [difference('primaryType', one.primaryType, two.primaryType)])]
}

/** The domain that was signed: by what the signature is good for, and as typed data says where there is none. */
function signedDomain({ payment, evidence }: Signed): Eip712Domain | undefined {
  if (evidence === undefined) return payment.claimedDomain
  return evidence.matches[0]?.domain
}

/** Whether it can be told of both under which domain they are signed, or to be signed; one signature in both settles it, too. */
export function isDomainTold(first: Signed, second: Signed): boolean {
  const [one, two] = [first, second].map(({ payment }) => payment.signature.toLowerCase())
  return (one !== '0x' && one === two) || [first, second].every((each) => signedDomain(each) !== undefined)
}

function domain(first: Signed, second: Signed): PaymentDifference[] {
  const [a, b] = [signedDomain(first), signedDomain(second)]
  if (a === undefined || b === undefined) return []
  const fields = domainFields.flatMap((name): PaymentDifference[] => {
    const [left, right] = [a[name], b[name]]
    if (
      left === right ||
      (typeof left === 'string' &&
        typeof right === 'string' &&
        name !== 'name' &&
        name !== 'version' &&
        left.toLowerCase() === right.toLowerCase())
    )
      return []
    const quoted = (value: unknown): string =>
      value === undefined ? 'not there' : typeof value === 'string' && !value.startsWith('0x') ? `"${value}"` : String(value)
    return [difference(`domain.${name}`, left ?? 'none', right ?? 'none', [quoted(left), quoted(right)])]
  })
  const [type, otherType] = [first.evidence?.matches[0]?.typeString, second.evidence?.matches[0]?.typeString]
  const isType =
    type !== undefined && otherType !== undefined && type !== otherType && first.payment.primaryType === second.payment.primaryType
  return [...fields, ...(isType ? [difference('types', type, otherType)] : [])]
}

/** Chain and token, as the payments name them. */
function placed(one: Payment, two: Payment): PaymentDifference[] {
  const chains = one.chainId !== undefined && two.chainId !== undefined && one.chainId !== two.chainId
  const tokens = one.token !== undefined && two.token !== undefined && !sameAddress(one.token, two.token)
  return [
    ...(chains
      ? [
          difference('network', one.chainId, two.chainId, [
            one.network?.id ?? `chain ${one.chainId}`,
            two.network?.id ?? `chain ${two.chainId}`,
          ]),
        ]
      : []),
    ...(tokens ? [difference('token', one.token, two.token)] : []),
  ]
}

function signatures(first: Signed, second: Signed, isOther: boolean): Differences {
  const [one, two] = [first.payment.signature.toLowerCase(), second.payment.signature.toLowerCase()]
  if (first.evidence === undefined || second.evidence === undefined || one === two) return { differences: [], notes: [] }
  const found = (differences: readonly PaymentDifference[]): Differences => ({ differences, notes: [] })
  const [a, b] = [first.evidence.bytes.ecdsa ?? first.ecdsa, second.evidence.bytes.ecdsa ?? second.ecdsa]
  if (a !== undefined && b !== undefined && a.r === b.r) {
    const [left, right] = [formOf(one), formOf(two)]
    if (a.s === b.s) return found([difference('signature.form', left, right, null, 'one signature, in two forms of its bytes')])
    if (a.s === curveOrder - b.s)
      return found([
        difference(
          'signature.s',
          shortWord(a.s),
          shortWord(b.s),
          null,
          'the two signatures that one makes: s, and the order of the curve less s; the token takes the lower',
        ),
      ])
  }
  // Who signs another message makes another signature.
  if (first.signer !== undefined && second.signer !== undefined && !sameAddress(first.signer, second.signer))
    return found(
      isOther && !sameAddress(first.payment.authorization.from, second.payment.authorization.from)
        ? []
        : [difference('signer', first.signer, second.signer)],
    )
  if (first.digest !== undefined && first.digest === second.digest)
    return found([
      difference('signature', shortText(one), shortText(two), null, 'two signatures of one digest by one key, of which either is good'),
    ])
  if (isOther && first.digest !== undefined && second.digest !== undefined) return found([])
  if (first.digest === undefined && second.digest === undefined)
    return found(
      isOther ? [] : [difference('signature', shortText(one), shortText(two), null, 'what either of the two signs was not found')],
    )
  if (isOther) return found([])
  return found([
    difference(
      'signature',
      shortText(one),
      shortText(two),
      null,
      `what the ${first.digest === undefined ? 'first' : 'second'} signs was not found, or another key signed`,
    ),
  ])
}

/** Length, and how the parity is written: no piece of the signature itself. */
function formOf(signature: string): string {
  const length = signature.length / 2 - 1
  if (length === 64) return '64 bytes (EIP-2098)'
  return length === 65 ? `65 bytes with v ${Number.parseInt(signature.slice(130), 16)}` : `${length} bytes`
}

/** Enough to tell two apart, and too little to use. */
function shortText(signature: string): string {
  return `${signature.slice(0, 10)}…`
}

function shortWord(value: bigint): string {
  return `0x${value.toString(16).padStart(64, '0').slice(0, 8)}…`
}

const offerFields = ['scheme', 'amount', 'payTo', 'asset', 'maxTimeoutSeconds'] as const

/** What the offers ask for, where both payments came with one. Networks are compared as what they are. */
function offers(one: Requirements | undefined, two: Requirements | undefined): PaymentDifference[] {
  if (one === undefined || two === undefined) return []
  const differs = (a: unknown, b: unknown): boolean =>
    a !== undefined && b !== undefined && String(a).toLowerCase() !== String(b).toLowerCase()
  return [
    ...offerFields.flatMap((name) => (differs(one[name], two[name]) ? [difference(`requirements.${name}`, one[name], two[name])] : [])),
    ...(['name', 'version'] as const).flatMap((name) => {
      const [a, b] = [one.extra?.[name], two.extra?.[name]]
      return a !== undefined && b !== undefined && a !== b ? [difference(`requirements.extra.${name}`, a, b, [`"${a}"`, `"${b}"`])] : []
    }),
  ]
}

function unknownSides(first: Signed, second: Signed): string[] {
  return [
    ['first', first],
    ['second', second],
  ].flatMap(([which, side]): string[] => {
    if (typeof side === 'string' || typeof which !== 'string' || side === undefined) return []
    if (side.evidence === undefined) return [`The ${which} has no signature: what it says was compared, and who signs it was not.`]
    return side.digest === undefined ? [`What the ${which} signed was not found, so that its domain was not compared.`] : []
  })
}
