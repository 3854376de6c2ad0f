import { utf8ToBytes } from '@noble/hashes/utils.js'
import { fromHex, writeBytes, writeWord } from '../../bytes/bytes.ts'
import type { Address } from '../../bytes/hex.ts'
import { keccak256 } from '../../bytes/keccak.ts'
import type { Payment } from '../payment/payment.ts'
import { authorizationFields, type PrimaryType } from '../typed-data/authorization.ts'
import { permutations } from './domain-parts.ts'
import type { Edit } from './edit.ts'
import type { GeneratorId } from './generators.ts'
import type { SignatureHints } from './hints.ts'
import type { FieldIndex, Likelihood, Slot, TypePart } from './hypothesis.ts'
import type { Kernel } from './kernel/recoverer.ts'
import { zeroAddress } from './vocabulary.ts'

/** A member of EIP-3009's struct: its type, its name, and which of the six values it holds. */
interface Member {
  readonly type: string
  readonly name: string
  readonly slot: Slot
}

const word = (field: FieldIndex): Slot => ({ field, as: 'word' })

const standardTypes = ['address', 'address', 'uint256', 'uint256', 'uint256', 'bytes32'] as const

const standard: readonly Member[] = authorizationFields.map((name, index) => ({
  type: standardTypes[index] ?? '',
  name,
  slot: word(index as FieldIndex),
}))

const from = 0
const to = 1
const value = 2
const validAfter = 3
const validBefore = 4
const nonce = 5

const encodeType = (name: string, members: readonly Member[], comma = ','): string =>
  `${name}(${members.map((member) => `${member.type} ${member.name}`).join(comma)})`

/** A struct whose type was not hashed yet: all are hashed together. */
type Unhashed = Omit<TypePart, 'typeHash'>

/** The struct that the payment's own primary type stands for. */
export function standardType(primaryType: PrimaryType): TypePart {
  const unhashed = part('primary-type', 1, encodeType(primaryType, standard), standard)
  return { ...unhashed, typeHash: keccak256(utf8ToBytes(unhashed.typeString)) }
}

function part(generator: TypePart['generator'], likelihood: Likelihood, typeString: string, members: readonly Member[]): Unhashed {
  return { generator, likelihood, typeString, slots: members.map(({ slot }) => slot) }
}

/** Types that are hashed in one go. */
const hashedAtOnce = 128

/** Other structs that may have been signed for the payment. */
export function* typeParts(payment: Payment, hints: SignatureHints, kernel: Kernel): Generator<TypePart> {
  yield* hashedInParts(unhashedTypes(payment, hints), kernel)
}

function* hashedInParts(types: Iterable<Unhashed>, kernel: Kernel): Generator<TypePart> {
  const waiting: Unhashed[] = []
  for (const unhashed of types) {
    if (waiting.push(unhashed) === hashedAtOnce) yield* hashTypes(waiting.splice(0), kernel)
  }
  yield* hashTypes(waiting, kernel)
}

function* unhashedTypes(payment: Payment, hints: SignatureHints): Generator<Unhashed> {
  const own = payment.primaryType
  const messages = [...otherMessages(own)]
  const seen = new Set([encodeType(own, standard), ...messages.map(({ typeString }) => typeString)])
  yield* messages
  yield* permits(payment, hints)
  yield* otherTypes(own)
  // Only names make a struct a second time, or the payment's own.
  for (const named of otherNames(own)) {
    if (seen.has(named.typeString)) continue
    seen.add(named.typeString)
    yield named
  }
  yield* otherOrders(own)
}

/**
 * Types with two of the likelier slips: the other message of EIP-3009, one member of another type, another usual order, a space behind each comma, the
 * struct or a member named otherwise. A Permit or a cancellation has none of these members, so neither goes with them.
 */
export function* typePairs({ primaryType: own }: Payment, kernel: Kernel): Generator<TypePart> {
  yield* hashedInParts(unhashedPairs(own), kernel)
}

function* unhashedPairs(own: PrimaryType): Generator<Unhashed> {
  const other = otherMessage(own)
  const typed = [...memberTypes()].filter(({ changed }) => changed === 1).map(({ members }) => members)
  const ordered = (members: readonly Member[]): Member[][] =>
    [...usualOrders].map((order) => [...order].flatMap((place) => members[Number(place)] ?? []))
  const pair = (also: GeneratorId, generator: GeneratorId, typeString: string, members: readonly Member[]): Unhashed => ({
    ...part(generator, 1, typeString, members),
    also,
  })
  for (const members of typed) {
    yield pair('primary-type', 'struct-types', encodeType(other, members), members)
    yield pair('struct-names', 'struct-types', encodeType(own, members, ', '), members)
    for (const inOrder of ordered(members)) yield pair('struct-types', 'struct-order', encodeType(own, inOrder), inOrder)
  }
  for (const inOrder of ordered(standard)) {
    yield pair('primary-type', 'struct-order', encodeType(other, inOrder), inOrder)
    yield pair('struct-names', 'struct-order', encodeType(own, inOrder, ', '), inOrder)
  }
  yield pair('primary-type', 'struct-names', encodeType(other, standard, ', '), standard)
  const named = [...namedMembers()]
  // The two messages of EIP-3009 are a slip of their own.
  const madeUp = structNames.filter((name) => name !== own && name !== other)
  const orders = ordered(standard)
  for (const members of [...typed, ...orders]) {
    const generator = orders.includes(members as Member[]) ? 'struct-order' : 'struct-types'
    for (const name of madeUp) yield pair('struct-names', generator, encodeType(name, members), members)
    for (const { field, name } of named) {
      const both = members.map((member) => (member.name === authorizationFields[field] ? { ...member, name } : member))
      yield pair('struct-names', generator, encodeType(own, both), both)
    }
  }
  for (const [place, { field, members }] of named.entries()) {
    yield pair('primary-type', 'struct-names', encodeType(other, members), members)
    for (const name of madeUp) yield pair('struct-names', 'struct-names', encodeType(name, members), members)
    for (const second of named.slice(place + 1)) {
      if (second.field === field) continue
      const both = members.map((member, index) => (index === second.field ? { ...member, name: second.name } : member))
      yield pair('struct-names', 'struct-names', encodeType(own, both), both)
    }
  }
}

/** Permits differ in their words alone: each type string is hashed once. */
function hashTypes(parts: readonly Unhashed[], kernel: Kernel): TypePart[] {
  const places = new Map([...new Set(parts.map(({ typeString }) => typeString))].map((typeString, place) => [typeString, place]))
  const hashes = kernel.hashTexts([...places.keys()].map(utf8ToBytes))
  return parts.map(({ generator, likelihood, typeString, slots, also }) => {
    const at = 32 * (places.get(typeString) ?? 0)
    const typeHash = hashes.subarray(at, at + 32)
    return also === undefined
      ? { generator, likelihood, typeString, typeHash, slots }
      : { generator, likelihood, typeString, typeHash, slots, also }
  })
}

const otherMessage = (own: PrimaryType): PrimaryType =>
  own === 'TransferWithAuthorization' ? 'ReceiveWithAuthorization' : 'TransferWithAuthorization'

function* otherMessages(own: PrimaryType): Generator<Unhashed> {
  yield part('primary-type', 1, encodeType(otherMessage(own), standard), standard)
  const cancel: readonly Member[] = [
    { type: 'address', name: 'authorizer', slot: word(from) },
    { type: 'bytes32', name: 'nonce', slot: word(nonce) },
  ]
  yield part('primary-type', 1, encodeType('CancelAuthorization', cancel), cancel)
}

/** Permits are counted from 0 for each owner, so a payer rarely has a high one. */
const permitNonces = 24

function* permits({ authorization, requirements, call, token }: Payment, hints: SignatureHints): Generator<Unhashed> {
  const spenders = distinct([
    authorization.to,
    requirements?.payTo,
    call?.transaction?.sender,
    ...(hints.accounts ?? []).map(({ address }) => address),
    token,
    authorization.from,
    zeroAddress,
  ])
  const members: readonly Member[] = [
    { type: 'address', name: 'owner', slot: word(from) },
    { type: 'address', name: 'spender', slot: word(to) },
    { type: 'uint256', name: 'value', slot: word(value) },
    { type: 'uint256', name: 'nonce', slot: word(nonce) },
    { type: 'uint256', name: 'deadline', slot: word(validBefore) },
  ]
  const permit = part('permit', 1, encodeType('Permit', members), members)
  for (const [place, spender] of spenders.entries()) {
    for (let count = 0; count < permitNonces; count++) {
      yield {
        ...permit,
        likelihood: place === 0 && count < 4 ? 1 : 3,
        slots: [
          word(from),
          { word: addressWord(spender), says: `spender ${spender}` },
          word(value),
          { word: numberWord(BigInt(count)), says: `nonce ${count}` },
          word(validBefore),
        ],
      }
    }
  }
}

const valueTypes = ['uint256', 'uint', 'uint128', 'uint64', 'uint96', 'int256']
const timeTypes = ['uint256', 'uint64', 'uint', 'uint48', 'uint32', 'uint40', 'uint128', 'int256']
const nonceTypes: readonly (readonly [string, Slot])[] = [
  ['bytes32', word(nonce)],
  ['uint256', word(nonce)],
  ['string', { field: nonce, as: 'text' }],
  ['string', { field: nonce, as: 'bare-text' }],
  ['bytes', { field: nonce, as: 'bytes' }],
  ['uint', word(nonce)],
]

/** Other integer widths and other types of the nonce: each choice of one or two, and of all three the first ones. */
function* memberTypes(): Generator<{ readonly changed: number; readonly members: readonly Member[] }> {
  for (const [valueAt, valueType] of valueTypes.entries()) {
    for (const [timeAt, timeType] of timeTypes.entries()) {
      // Both times, or one of them.
      const pairs = timeAt === 0 ? ([['uint256', 'uint256']] as const) : timePairs(timeType)
      for (const [afterType, beforeType] of pairs) {
        for (const [nonceAt, [nonceType, nonceSlot]] of nonceTypes.entries()) {
          const changed = Number(valueAt > 0) + Number(timeAt > 0) + Number(nonceAt > 0)
          if (changed === 0 || (changed === 3 && (valueAt > 2 || timeAt > 2 || nonceAt > 2))) continue
          const types = ['address', 'address', valueType, afterType, beforeType, nonceType]
          const members = standard.map((member, index) => ({
            ...member,
            type: types[index] ?? '',
            slot: index === nonce ? nonceSlot : member.slot,
          }))
          yield { changed, members }
        }
      }
    }
  }
}

const timePairs = (type: string): readonly (readonly [after: string, before: string])[] => [
  [type, type],
  [type, 'uint256'],
  ['uint256', type],
]

function* otherTypes(own: PrimaryType): Generator<Unhashed> {
  for (const { changed, members } of memberTypes()) yield part('struct-types', changed === 1 ? 1 : 3, encodeType(own, members), members)
  for (const addressType of ['address payable', 'uint160', 'uint256', 'bytes32']) {
    const members = standard.map((member, index) => (index <= to ? { ...member, type: addressType } : member))
    yield part('struct-types', 3, encodeType(own, members), members)
  }
}

const structNames = [
  'TransferWithAuthorization',
  'ReceiveWithAuthorization',
  'transferWithAuthorization',
  'receiveWithAuthorization',
  'TransferAuthorization',
  'TransferWithAuth',
  'Authorization',
  'authorization',
  'Transfer',
  'Payment',
  'PaymentAuthorization',
  'EIP3009Authorization',
  'EIP3009',
  'Message',
  'Permit',
  'ExactPayment',
]

const memberNames: readonly (readonly [FieldIndex, readonly string[]])[] = [
  [from, ['owner', 'sender', 'payer', '_from', 'authorizer']],
  [to, ['recipient', 'payTo', 'spender', 'receiver', 'payee', '_to']],
  [value, ['amount', '_value', 'maxAmountRequired']],
  [validAfter, ['valid_after', 'notBefore', 'startTime', 'validafter', '_validAfter']],
  [validBefore, ['valid_before', 'deadline', 'expiry', 'expiration', 'validUntil', 'validbefore', '_validBefore']],
  [nonce, ['salt', '_nonce', 'id']],
]

/** One member named otherwise. */
function* namedMembers(): Generator<{ readonly field: FieldIndex; readonly name: string; readonly members: readonly Member[] }> {
  for (const [field, names] of memberNames) {
    for (const name of names)
      yield { field, name, members: standard.map((member, index) => (index === field ? { ...member, name } : member)) }
  }
}

/** The struct or a member named otherwise, white space in a type string that was written by hand, and a member left out. */
function* otherNames(own: PrimaryType): Generator<Unhashed> {
  const named = (likelihood: Likelihood, typeString: string, members: readonly Member[]): Unhashed =>
    part('struct-names', likelihood, typeString, members)
  const renamed = (changes: ReadonlyMap<FieldIndex, string>): Member[] =>
    standard.map((member, index) => ({ ...member, name: changes.get(index as FieldIndex) ?? member.name }))

  for (const name of structNames) yield named(2, encodeType(name, standard), standard)
  yield named(1, encodeType(own, standard, ', '), standard)
  for (const typeString of [
    encodeType(own, standard).replace('(', ' ('),
    encodeType(own, standard).replace('(', '( ').replace(')', ' )'),
    `${encodeType(own, standard)};`,
    ` ${encodeType(own, standard)}`,
    encodeType(own, standard, ' , '),
    encodeType(own, standard, ',\n'),
  ]) {
    yield named(3, typeString, standard)
  }
  for (const { members } of namedMembers()) yield named(2, encodeType(own, members), standard)
  const together: readonly (readonly (readonly [FieldIndex, string])[])[] = [
    [
      [validAfter, 'valid_after'],
      [validBefore, 'valid_before'],
    ],
    [
      [validAfter, 'validafter'],
      [validBefore, 'validbefore'],
    ],
    [
      [from, 'sender'],
      [to, 'recipient'],
    ],
    [
      [from, 'owner'],
      [to, 'spender'],
    ],
    [
      [from, 'payer'],
      [to, 'payee'],
    ],
    [
      [from, '_from'],
      [to, '_to'],
      [value, '_value'],
      [validAfter, '_validAfter'],
      [validBefore, '_validBefore'],
      [nonce, '_nonce'],
    ],
  ]
  for (const changes of together) yield named(3, encodeType(own, renamed(new Map(changes))), standard)
  for (const [left, members] of standard.map((_, index) => [index, standard.filter((__, other) => other !== index)] as const)) {
    yield named(left === validAfter || left === nonce ? 2 : 3, encodeType(own, members), members)
  }
}

/** The nonce before the times, as in Permit; the payee first; in the order of the alphabet. */
const usualOrders: ReadonlySet<string> = new Set(['012534', '102345', '051432', '012543', '501234'])

function* otherOrders(own: PrimaryType): Generator<Unhashed> {
  const texts = standard.map(({ type, name }) => `${type} ${name}`)
  for (const order of permutations([0, 1, 2, 3, 4, 5] as const)) {
    const key = order.join('')
    if (key === '012345') continue
    const typeString = `${own}(${order.map((index) => texts[index]).join(',')})`
    yield {
      generator: 'struct-order',
      likelihood: usualOrders.has(key) ? 1 : 3,
      typeString,
      slots: order.map((field) => word(field)),
    }
  }
}

/** What differs between the message's type and the one that was signed. */
export function typeEdits(expected: PrimaryType, { generator, also, typeString, slots }: TypePart): Edit[] {
  const name = typeString.slice(0, typeString.indexOf('(')).trim()
  const wanted = encodeType(expected, standard)
  if (typeString === wanted) return []
  const otherName: Edit = {
    cause: 'primary-type-mismatch',
    generator: 'primary-type',
    field: 'primaryType',
    expected,
    seen: expected,
    signed: name,
  }
  if (generator === 'primary-type') return [otherName]
  if (generator === 'permit') {
    const fixed = slots.flatMap((slot) => ('word' in slot ? [slot.says] : []))
    return [
      {
        cause: 'primary-type-mismatch',
        generator,
        field: 'primaryType',
        expected,
        seen: expected,
        signed: 'Permit',
        how: `an EIP-2612 Permit with ${fixed.join(', ')} and validBefore as its deadline`,
      },
    ]
  }
  const textual = slots.find((slot) => 'as' in slot && slot.as !== 'word')
  return [
    ...(also === 'primary-type' ? [otherName] : []),
    {
      cause: 'struct-type-mismatch',
      generator,
      field: `types.${expected}`,
      expected: wanted,
      signed: typeString,
      ...(textual !== undefined && 'as' in textual && textual.as === 'bare-text' ? { how: 'with the nonce written without 0x' } : {}),
    },
  ]
}

export function numberWord(number: bigint): Uint8Array {
  const out = new Uint8Array(32)
  writeWord(out, 0, number)
  return out
}

export function addressWord(address: Address): Uint8Array {
  const out = new Uint8Array(32)
  writeBytes(out, 0, fromHex(address))
  return out
}

function distinct(addresses: readonly (Address | undefined)[]): Address[] {
  const seen = new Set<string>()
  return addresses.filter((address): address is Address => {
    const key = address?.toLowerCase()
    if (key === undefined || seen.has(key)) return false
    seen.add(key)
    return true
  })
}
