import { sameAddress } from '../../bytes/address.ts'
import { fromHex, toHex } from '../../bytes/bytes.ts'
import type { Address } from '../../bytes/hex.ts'
import { checksum } from '../../networks/checksum.ts'
import type { Networks } from '../../networks/networks.ts'
import type { Payment } from '../payment/payment.ts'
import type { Edit } from './edit.ts'
import { examineSignature, type SearchOptions, type SignatureEvidence, searchSteps } from './forensics.ts'
import { candidateDomains } from './gateway-domain.ts'
import { generatorIds } from './generators.ts'
import { createKernel } from './kernel/create.ts'
import type { Match } from './match.ts'
import { readings } from './readings.ts'
import { firstOrderDigests } from './search.ts'
import { curveOrder } from './signature.ts'
import { createSpace } from './space.ts'
import { type KnownAccount, whoIs } from './who-is.ts'

/** A key that made the signatures of several payments. */
export interface CommonSigner {
  readonly address: Address
  /** Places in the list of payments, and what was signed by each of them: the smallest explanation. */
  readonly signed: readonly { readonly payment: number; readonly match: Match }[]
  /** Whether it is the payer of all of them; when not, the wrong key signed, or nobody looks at who pays. */
  readonly isFrom: boolean
  /** Slips that all of them have in common, with the same values; empty when there are none or they differ. */
  readonly edits: readonly Edit[]
  readonly is: readonly KnownAccount[]
}

export interface SeveralSignatures {
  /** For each payment by itself, in the given order. */
  readonly each: readonly SignatureEvidence[]
  /** Keys that made two or more of the signatures, those of most payments first. */
  readonly common: readonly CommonSigner[]
}

/**
 * Looks at several payments of one client at once. A signature recovers to some address under every hypothesis, right or wrong; what two
 * payments have in common can't be chance (an equality over 160 bits), so an address that both recover to, each under any first-order hypothesis,
 * is the key that signed, also when it is not `from`.
 */
export function examineSignatures(payments: readonly Payment[], networks: Networks, options: SearchOptions = {}): SeveralSignatures {
  const kernel = options.kernel ?? createKernel()
  const own = { ...options, kernel }
  const each = payments.map((payment) => examineSignature(payment, networks, own))
  const signers = new Map<string, { readonly payment: number; readonly match: Match }[]>()
  const note = (payment: number, match: Match): void => {
    const key = match.signer.toLowerCase()
    const known = signers.get(key) ?? []
    if (!known.some((other) => other.payment === payment)) signers.set(key, [...known, { payment, match }])
  }
  each.forEach(({ matches: [match] }, index) => {
    if (match !== undefined) note(index, match)
  })

  // A signature that was pasted twice agrees with itself under every hypothesis and proves nothing.
  const open = [...payments.keys()].filter((index) => each[index]?.matches.length === 0 && isFirst(payments, index))
  const [a, b, c] = open
  for (const [first, second] of [
    [a, b],
    [b, c],
    [a, c],
  ]) {
    if (first === undefined || second === undefined || (each[first]?.matches.length ?? 0) > 0) continue
    if ([...signers.values()].some((list) => list.some(({ payment }) => payment === first) && list.length > 1)) continue
    for (const address of shared(payments, first, second, networks, own)) {
      for (const index of open) {
        const payment = payments[index]
        const match = payment === undefined ? undefined : matchFor(payment, address, networks, own)
        if (match !== undefined) note(index, match)
      }
    }
  }

  const common = [...signers.values()]
    .filter((signed) => new Set(signed.map(({ match }) => signatureKey(match.signature))).size > 1)
    .sort((x, y) => y.length - x.length)
    .map((signed): CommonSigner => describe(signed, payments, networks, options))
  return { each, common }
}

/** Whether no payment before this one has the same r and, up to its sign, the same s: those are the same signature, whatever was done to its bytes. */
function isFirst(payments: readonly Payment[], index: number): boolean {
  const keys = payments.map(({ signature }) => signatureKey(signature))
  return keys.indexOf(keys[index] ?? '') === index
}

function signatureKey(signature: Payment['signature']): string {
  const ecdsa = readings(signature)[0]?.ecdsa
  if (ecdsa === undefined) return signature
  return `${ecdsa.r}:${ecdsa.s > curveOrder / 2n ? curveOrder - ecdsa.s : ecdsa.s}`
}

/** Addresses that two payments recover to, each under any hypothesis of the first order. */
function shared(payments: readonly Payment[], a: number, b: number, networks: Networks, options: SearchOptions): Address[] {
  const [first, second] = [payments[a], payments[b]]
  if (first === undefined || second === undefined) return []
  const seen = new Set(addressesOf(first, networks, options))
  return [...new Set(addressesOf(second, networks, options).filter((address) => seen.has(address)))].map((digits) => checksum(digits))
}

/** Whom a payment's signature recovers to under each hypothesis of the first order, in lower case. */
function addressesOf(payment: Payment, networks: Networks, options: SearchOptions): string[] {
  const candidates = candidateDomains(payment, networks)
  const kernel = options.kernel ?? createKernel()
  const space = createSpace(payment, networks, candidates, readings(payment.signature), kernel, fromHex(payment.authorization.from), {
    hints: options.hints ?? {},
    only: options.only ?? generatorIds,
    slice: Number.MAX_SAFE_INTEGER,
  })
  const digests = firstOrderDigests(space)
  const plain = space.readings.filter(
    ({ standing, edits }) => standing === 'certain' || edits.every(({ generator }) => generator === 'v-flipped'),
  )
  return plain.flatMap(({ ecdsa }) => {
    const { addresses, valid } = space.recoverer(ecdsa).recoverAddresses(digests)
    return [...valid.keys()].flatMap((index) => (valid[index] === 1 ? [toHex(addresses.subarray(20 * index, 20 * index + 20))] : []))
  })
}

/** The smallest explanation under which a payment was signed by `address`. */
function matchFor(payment: Payment, address: Address, networks: Networks, options: SearchOptions): Match | undefined {
  const steps = searchSteps(payment, networks, options, address)
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value.matches[0]
  }
}

function describe(
  signed: CommonSigner['signed'],
  payments: readonly Payment[],
  networks: Networks,
  { hints = {} }: SearchOptions,
): CommonSigner {
  const address = signed[0]?.match.signer ?? '0x'
  const [first, ...others] = signed.map(({ match }) => match.edits)
  const edits = (first ?? []).filter((edit) => others.every((list) => list.some((other) => sameEdit(edit, other))))
  const is = new Map<string, KnownAccount>()
  for (const { payment: index } of signed) {
    const payment = payments[index]
    if (payment !== undefined) for (const account of whoIs(address, payment, networks, hints)) is.set(account.label, account)
  }
  payments.forEach(({ authorization }, index) => {
    const label = `the payer of payment ${index + 1}`
    if (sameAddress(authorization.from, address) && !signed.some(({ payment }) => payment === index)) is.set(label, { is: 'payer', label })
  })
  return {
    address,
    signed,
    isFrom: signed.every(({ payment }) => sameAddress(payments[payment]?.authorization.from, address)),
    edits,
    is: [...is.values()],
  }
}

function sameEdit(a: Edit, b: Edit): boolean {
  return a.cause === b.cause && a.field === b.field && a.signed === b.signed && a.expected === b.expected && a.generator === b.generator
}
