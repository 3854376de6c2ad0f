import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { fromHex, toHex, writeBytes, writeWord } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { keccak256 } from '../../bytes/keccak.ts'
import { checksum } from '../../networks/checksum.ts'
import type { Payment } from '../payment/payment.ts'
import { type Authorization, authorizationFields } from '../typed-data/authorization.ts'
import type { Edit } from './edit.ts'
import type { GeneratorId } from './generators.ts'
import type { SignatureHints } from './hints.ts'
import type { FieldIndex, Likelihood, MessagePart } from './hypothesis.ts'
import { addressWord, numberWord } from './type-parts.ts'
import { zeroAddress } from './vocabulary.ts'

const from = 0
const to = 1
const value = 2
const validAfter = 3
const validBefore = 4
const nonce = 5

type NumberIndex = typeof value | typeof validAfter | typeof validBefore
type TimeIndex = typeof validAfter | typeof validBefore

const largest = 2n ** 256n - 1n

/** How far a time is shifted, second by second, when it may have been made a second time. */
const shiftSeconds = 600n

/** The six members as words, one behind the other. */
export function messageWords({
  from: payer,
  to: payee,
  value: amount,
  validAfter: after,
  validBefore: before,
  nonce: random,
}: Authorization): Uint8Array {
  const words = new Uint8Array(6 * 32)
  writeBytes(words, 0, fromHex(payer))
  writeBytes(words, 32, fromHex(payee))
  writeWord(words, 64, amount)
  writeWord(words, 96, after)
  writeWord(words, 128, before)
  writeBytes(words, 160, fromHex(random))
  return words
}

/** The message with changes made to it. */
export function changedWords(words: Uint8Array, changes: readonly MessagePart[]): Uint8Array {
  const out = words.slice()
  for (const change of changes) writeChange(out, 0, change)
  return out
}

/** Writes the changed members over those of the message at `offset`. */
export function writeChange(target: Uint8Array, offset: number, { fields, values }: MessagePart): void {
  for (let index = 0; index < fields.length; index++) {
    const at = offset + 32 * (fields[index] ?? 0)
    const other = values[index]
    if (other === undefined) continue
    if (typeof other === 'bigint') writeWord(target.fill(0, at, at + 32), at, other)
    else target.set(other, at)
  }
}

/** The same as values. */
export function changedAuthorization(authorization: Authorization, changes: readonly MessagePart[]): Authorization {
  if (changes.length === 0) return authorization
  let out = authorization
  for (const { fields, values } of changes) {
    fields.forEach((field, index) => {
      const other = values[index]
      if (other !== undefined) out = { ...out, [authorizationFields[field]]: meaningOf(field, other) }
    })
  }
  return out
}

/** What a value stands for in this member. */
function meaningOf(field: FieldIndex, value: Uint8Array | bigint): Address | Hex | bigint {
  if (typeof value === 'bigint') return value
  const hex = toHex(value)
  if (field === nonce) return hex
  return field <= to ? checksum(`0x${hex.slice(26)}`) : BigInt(hex)
}

/** Other messages that may have been signed, each with one slip. A slip can touch two members: both times in milliseconds, from and to swapped. */
export function* messageParts(payment: Payment, hints: SignatureHints): Generator<MessagePart> {
  const { authorization } = payment
  const original = messageWords(authorization)
  const isNew = newNumbers()
  const numbers = [undefined, undefined, authorization.value, authorization.validAfter, authorization.validBefore]
  for (const parts of [
    offered(payment),
    hinted(hints),
    scaled(authorization),
    times(authorization),
    digits(authorization),
    addresses(payment, hints),
    nonces(authorization),
    rounded(authorization),
    shifted(authorization),
    addressDigits(authorization),
    nonceDigits(authorization),
  ]) {
    for (const part of parts) if (changes(part, original, numbers) && isNew(part)) yield part
  }
}

/** Whether a number that stands alone did not come before as what is as likely: each is tried with hundreds of other slips. */
function newNumbers(): (part: MessagePart) => boolean {
  const seen = [2, 3, 4].map(() => new Map<bigint, Likelihood>())
  return ({ fields, values, likelihood }) => {
    const [other] = values
    const known = fields.length === 1 ? seen[(fields[0] ?? 0) - 2] : undefined
    if (known === undefined || typeof other !== 'bigint') return true
    if ((known.get(other) ?? 4) <= likelihood) return false
    known.set(other, likelihood)
    return true
  }
}

function changes({ fields, values }: MessagePart, original: Uint8Array, numbers: readonly (bigint | undefined)[]): boolean {
  for (let index = 0; index < fields.length; index++) {
    const [field, other] = [fields[index] ?? 0, values[index]]
    if (typeof other === 'bigint') {
      if (other !== numbers[field]) return true
      continue
    }
    for (let at = 0; other !== undefined && at < 32; at++) if (other[at] !== original[32 * field + at]) return true
  }
  return false
}

/** A number that does not fit a word makes a part without values, which is no change. Only the three numbers stay numbers. */
function change(
  generator: GeneratorId,
  likelihood: Likelihood,
  how: string,
  [field, other]: readonly [FieldIndex, bigint | Uint8Array],
  second?: readonly [FieldIndex, bigint | Uint8Array],
): MessagePart {
  if (!fits(other) || (second !== undefined && !fits(second[1]))) return { generator, likelihood, how, fields: [], values: [] }
  // There are thousands: those of one member share its list.
  if (second === undefined) return { generator, likelihood, how, fields: single[field], values: [other] }
  return { generator, likelihood, how, fields: [field, second[0]], values: [other, second[1]] }
}

const single = [[0], [1], [2], [3], [4], [5]] as const satisfies readonly (readonly [FieldIndex])[]

const fits = (other: bigint | Uint8Array): boolean => typeof other !== 'bigint' || (other >= 0n && other <= largest)

/** What the offer asks for. The reference client opens the window 600 s back and closes it at now + timeout. */
function* offered({ authorization, requirements, accepted }: Payment): Generator<MessagePart> {
  for (const [offer, whose] of [
    [requirements, 'the offer'],
    [accepted, "the client's copy of the offer"],
  ] as const) {
    if (offer === undefined) continue
    if (offer.amount !== undefined) yield change('offer', 1, `the amount of ${whose}`, [value, offer.amount])
    if (offer.payTo !== undefined) yield change('offer', 1, `the payTo of ${whose}`, [to, addressWord(offer.payTo)])
    if (offer.maxTimeoutSeconds !== undefined) yield* timeouts(authorization, BigInt(offer.maxTimeoutSeconds), 1, `the timeout of ${whose}`)
  }
  for (const usual of [60n, 120n, 180n, 300n, 600n, 900n, 1800n, 3600n, 86_400n])
    yield* timeouts(authorization, usual, 2, 'a usual timeout')
}

function* timeouts(
  { validAfter: after, validBefore: before }: Authorization,
  timeout: bigint,
  likelihood: Likelihood,
  whose: string,
): Generator<MessagePart> {
  for (const margin of [0n, 600n, 60n, 10n, 5n, 1n]) {
    const length = timeout + margin
    const how = `${whose} (${timeout} s)${margin === 0n ? '' : ` with ${margin} s of margin`}`
    yield change('offer', likelihood, how, [validBefore, after + length])
    yield change('offer', likelihood, how, [validAfter, before - length])
  }
}

function* hinted({ values = [], times: moments = [], nonces: others = [] }: SignatureHints): Generator<MessagePart> {
  for (const other of values) yield change('offer', 1, 'a value that is known', [value, other])
  for (const other of moments) {
    yield change('time-shifted', 1, 'a time that is known', [validAfter, other])
    yield change('time-shifted', 1, 'a time that is known', [validBefore, other])
  }
  for (const other of others) yield change('nonce-known', 1, 'a nonce that is known', [nonce, bytesWord(fromHex(other))])
}

/** The value off by a power of ten; 6, 12 and 18 are mistaken decimals, and a few zeros are soon too many or too few. */
function* scaled({ value: amount }: Authorization): Generator<MessagePart> {
  for (let power = 1n; power <= 30n; power++) {
    const likelihood = power <= 6n || power === 12n || power === 18n ? 1 : 2
    if (amount === 0n) return
    const factor = 10n ** power
    yield change('value-scaled', likelihood, `10^${power} times the payload's`, [value, amount * factor])
    if (amount / factor > 0n) yield change('value-scaled', likelihood, `the payload's divided by 10^${power}`, [value, amount / factor])
  }
}

function* times(authorization: Authorization): Generator<MessagePart> {
  const { validAfter: after, validBefore: before } = authorization
  yield change('time-swapped', 1, 'the two times swapped', [validAfter, before], [validBefore, after])
  for (const [factor, unit] of [
    [1000n, 'milliseconds'],
    [1_000_000n, 'microseconds'],
    [1_000_000_000n, 'nanoseconds'],
  ] as const) {
    const likelihood = factor === 1000n ? 1 : 3
    yield change('time-unit', likelihood, `in ${unit}`, [validAfter, after * factor], [validBefore, before * factor])
    yield change('time-unit', likelihood, `in seconds, not ${unit}`, [validAfter, after / factor], [validBefore, before / factor])
    for (const [field, time] of timesOf(authorization)) {
      yield change('time-unit', likelihood, `in ${unit}`, [field, time * factor])
      yield change('time-unit', likelihood, `in seconds, not ${unit}`, [field, time / factor])
    }
  }
  for (const [field, time] of timesOf(authorization)) {
    const constants: readonly (readonly [bigint, Likelihood, string])[] = [
      [0n, 1, '0'],
      [1n, 2, '1'],
      [largest, 1, 'the largest uint256'],
      [2n ** 64n - 1n, 2, 'the largest uint64'],
      [2n ** 53n - 1n, 2, 'the largest safe integer'],
      [2n ** 48n - 1n, 2, 'the largest uint48'],
      [2n ** 32n - 1n, 2, 'the largest uint32'],
      [2n ** 31n - 1n, 2, 'the largest int32'],
      [10n ** 12n, 3, '10^12'],
      [9_999_999_999n, 3, '9999999999'],
    ]
    for (const [constant, likelihood, how] of constants) yield change('time-constant', likelihood, how, [field, constant])
    for (const unit of [10n, 60n, 100n, 300n, 600n, 900n, 1000n, 1800n, 3600n, 86_400n]) {
      yield change('time-rounded', 2, `rounded down to ${unit} s`, [field, time - (time % unit)])
      yield change('time-rounded', 2, `rounded up to ${unit} s`, [field, time - (time % unit) + unit])
    }
  }
}

function timesOf({ validAfter: after, validBefore: before }: Authorization): readonly (readonly [TimeIndex, bigint])[] {
  return [
    [validAfter, after],
    [validBefore, before],
  ]
}

/** A time, or both, made a second time: each second within ten minutes, and the distances that time zones and time units make. */
function* shifted(authorization: Authorization): Generator<MessagePart> {
  const { validAfter: after, validBefore: before } = authorization
  const far: bigint[] = []
  for (let quarter = 1n; quarter <= 56n; quarter++) far.push(quarter * 900n)
  far.push(1200n, 86_400n, 604_800n, 2_592_000n, 31_536_000n)
  const near: bigint[] = []
  for (let seconds = 1n; seconds <= shiftSeconds; seconds++) near.push(seconds)
  for (const seconds of [...near, ...far]) {
    const isZone = seconds % 3600n === 0n && seconds <= 43_200n
    const likelihood = seconds <= 60n || seconds % 60n === 0n ? 2 : 3
    // Both times come from one clock, and the end is what is computed.
    const ofEnd = seconds <= 10n || isZone ? 1 : likelihood
    for (const [distance, how] of [
      [seconds, `${seconds} s later`],
      [-seconds, `${seconds} s earlier`],
    ] as const) {
      yield change('time-shifted', likelihood, how, [validAfter, after + distance])
      yield change('time-shifted', ofEnd, how, [validBefore, before + distance])
      yield change('time-shifted', ofEnd, `both ${how}`, [validAfter, after + distance], [validBefore, before + distance])
    }
  }
}

/** Amounts of one or two digits with zeros behind them. */
function* rounded({ value: amount }: Authorization): Generator<MessagePart> {
  for (let zeros = 0n; zeros <= 9n; zeros++) {
    for (let lead = 1n; lead < 100n; lead++) {
      const other = lead * 10n ** zeros
      if (other !== amount) yield change('value-round', lead < 10n ? 2 : 3, 'another amount', [value, other])
    }
  }
  yield change('value-round', 2, 'nothing', [value, 0n])
  yield change('value-round', 3, 'everything', [value, largest])
}

function* digits(authorization: Authorization): Generator<MessagePart> {
  const numbers: readonly (readonly [NumberIndex, bigint])[] = [[value, authorization.value], ...timesOf(authorization)]
  for (const [field, number] of numbers) {
    const text = String(number)
    // A digit more or less takes a time out of this century.
    const lengths = field === value ? 2 : 3
    const make = (generator: GeneratorId, how: string, other: string): MessagePart =>
      change(generator, generator === 'digit-changed' ? 2 : lengths, how, [field, BigInt(other)])
    for (let at = 0; at < text.length; at++) {
      for (const digit of '0123456789') {
        if (digit !== text[at])
          yield make('digit-changed', `with another digit in place ${at + 1}`, text.slice(0, at) + digit + text.slice(at + 1))
      }
      if (at > 0) {
        const swapped = text.slice(0, at - 1) + text.charAt(at) + text.charAt(at - 1) + text.slice(at + 1)
        yield make('digit-changed', `with the digits ${at} and ${at + 1} swapped`, swapped)
      }
      yield make('digit-lost', `without the digit in place ${at + 1}`, text.slice(0, at) + text.slice(at + 1))
    }
    for (let at = 0; at <= text.length; at++) {
      for (const digit of '0123456789')
        yield make('digit-inserted', `with a digit more in place ${at + 1}`, text.slice(0, at) + digit + text.slice(at))
    }
  }
}

/** Other addresses in place of payee and payer. A changed payer means that the key of that other address signed, or still the payer's. */
function* addresses({ authorization, requirements, token, call, network }: Payment, hints: SignatureHints): Generator<MessagePart> {
  const payer = addressWord(authorization.from)
  const payee = addressWord(authorization.to)
  yield change('address-swapped', 1, 'from and to swapped', [from, payee], [to, payer])
  const known: readonly (readonly [Address | undefined, string, Likelihood])[] = [
    ...(hints.accounts ?? []).map(({ address, label }) => [address, label, 1] as const),
    [call?.transaction?.sender, 'the account that sent the transaction', 1],
    [requirements?.payTo, 'the payTo of the offer', 1],
    [authorization.from, 'from', 1],
    [authorization.to, 'to', 1],
    [zeroAddress, 'the zero address', 2],
    [token, 'the token', 2],
    [network?.usdc.address, 'the token', 2],
  ]
  for (const [address, how, likelihood] of known) {
    if (address === undefined) continue
    yield change('address-other', likelihood, how, [to, addressWord(address)])
    yield change('address-other', likelihood, how, [from, addressWord(address)])
  }
}

function* addressDigits(authorization: Authorization): Generator<MessagePart> {
  for (const [field, word] of [
    [to, addressWord(authorization.to)],
    [from, addressWord(authorization.from)],
  ] as const) {
    yield* otherDigits('address-digit', field === to ? 2 : 3, field, word, 12)
  }
}

function* nonceDigits(authorization: Authorization): Generator<MessagePart> {
  yield* otherDigits('nonce-digit', 2, nonce, bytesWord(fromHex(authorization.nonce)), 0)
}

/** Every word that differs in one hex digit, from byte `start` on. */
function* otherDigits(
  generator: GeneratorId,
  likelihood: Likelihood,
  field: FieldIndex,
  word: Uint8Array,
  start: number,
): Generator<MessagePart> {
  // One buffer for all: a thousand of their own cost more than what is in them.
  const all = new Uint8Array(15 * (64 - 2 * start) * 32)
  let offset = 0
  for (let at = 2 * start; at < 64; at++) {
    for (let flip = 1; flip < 16; flip++) {
      const other = all.subarray(offset, offset + 32)
      offset += 32
      other.set(word)
      const byte = at >> 1
      other[byte] = (other[byte] ?? 0) ^ (at % 2 === 0 ? flip << 4 : flip)
      yield change(generator, likelihood, `with another digit in place ${at - 2 * start + 1}`, [field, other])
    }
  }
}

function* nonces({ nonce: random, validAfter: after, validBefore: before, value: amount }: Authorization): Generator<MessagePart> {
  const digitsOf = random.slice(2)
  const bytes = fromHex(random)
  const made = (likelihood: Likelihood, how: string, word: Uint8Array): MessagePart => change('nonce-bytes', likelihood, how, [nonce, word])
  yield made(1, "the payload's with its bytes reversed", bytes.slice().reverse())
  yield made(1, 'zero', new Uint8Array(32))
  // Padding on the other side, by bytes and by digits: what is short is filled up in front by some and behind by others.
  const lead = digitsOf.replace(/^0+/, '')
  const trail = digitsOf.replace(/0+$/, '')
  if (lead !== digitsOf) yield made(1, "the payload's digits with the zeros behind them", fromHex(`0x${lead.padEnd(64, '0')}`))
  if (trail !== digitsOf) yield made(1, "the payload's digits with the zeros in front of them", fromHex(`0x${trail.padStart(64, '0')}`))
  const wholeLead = lead.length % 2 === 0 ? lead : `0${lead}`
  const wholeTrail = trail.length % 2 === 0 ? trail : `${trail}0`
  yield made(1, "the payload's bytes with the zeros behind them", fromHex(`0x${wholeLead.padEnd(64, '0')}`))
  yield made(1, "the payload's bytes with the zeros in front of them", fromHex(`0x${wholeTrail.padStart(64, '0')}`))
  const texts: readonly (readonly [string, string])[] = [
    ['its text', random],
    ['its text without 0x', digitsOf],
    ['its text in upper case', `0x${digitsOf.toUpperCase()}`],
    ['its text without leading zeros', `0x${lead === '' ? '0' : lead}`],
    ['its text without leading zeros and 0x', lead],
    ['its text as a decimal number', String(BigInt(random))],
    ['its text in base64', toBase64(bytes)],
  ]
  for (const [what, text] of texts) {
    yield made(1, `the Keccak-256 hash of ${what}`, keccak256(utf8ToBytes(text)))
    yield made(2, `the SHA-256 hash of ${what}`, sha256(utf8ToBytes(text)))
    if (text.length >= 32) {
      yield made(2, `the first 32 characters of ${what}`, utf8ToBytes(text.slice(0, 32)))
      yield made(3, `the last 32 characters of ${what}`, utf8ToBytes(text.slice(-32)))
    }
  }
  yield made(1, "the Keccak-256 hash of the payload's", keccak256(bytes))
  yield made(2, "the SHA-256 hash of the payload's", sha256(bytes))
  for (let half = 4; half < 32; half += 4) {
    yield made(2, `the payload's first ${half} bytes in front`, bytesWord(bytes.slice(0, half)))
    yield made(2, `the payload's last ${half} bytes in front`, bytesWord(bytes.slice(32 - half)))
    yield made(2, `the payload's first ${half} bytes, filled up behind`, padEnd(bytes.slice(0, half)))
    yield made(2, `the payload's last ${half} bytes, filled up behind`, padEnd(bytes.slice(32 - half)))
  }
  // One digit or byte pushed in or out, as when a string is cut.
  yield made(2, "the payload's shifted by one digit", fromHex(`0x0${digitsOf.slice(0, 63)}`))
  yield made(2, "the payload's shifted by one digit", fromHex(`0x${digitsOf.slice(1)}0`))
  yield made(2, "the payload's shifted by one byte", fromHex(`0x00${digitsOf.slice(0, 62)}`))
  yield made(2, "the payload's shifted by one byte", fromHex(`0x${digitsOf.slice(2)}00`))
  for (const [number, what] of [
    [after, 'validAfter'],
    [before, 'validBefore'],
    [amount, 'value'],
    [after * 1000n, 'validAfter in milliseconds'],
  ] as const) {
    yield made(3, `the number ${what}`, numberWord(number))
  }
  for (let count = 1n; count <= 32n; count++) yield made(3, `the number ${count}`, numberWord(count))
  // Counters: the next or the previous one, where a nonce was made anew.
  const number = BigInt(random)
  for (let step = 1n; step <= 4n; step++) {
    yield made(step === 1n ? 1 : 2, `${step} more than the payload's`, numberWord(number + step))
    yield made(step === 1n ? 1 : 2, `${step} less than the payload's`, numberWord(number - step))
  }
}

function bytesWord(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(32)
  writeBytes(out, 0, bytes)
  return out
}

function padEnd(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(32)
  out.set(bytes)
  return out
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

const expectedOf = (payment: Payment, field: FieldIndex): string | undefined => {
  const offer = payment.requirements
  if (field === value) return offer?.amount === undefined ? undefined : String(offer.amount)
  return field === to ? offer?.payTo : undefined
}

/** What differs between the payload's message and the one that was signed, a member at a time. */
export function messageEdits(changes: readonly MessagePart[], payment: Payment): Edit[] {
  const original = messageWords(payment.authorization)
  return changes.flatMap(({ generator, fields, values, how }) =>
    fields.flatMap((field, index): Edit[] => {
      const signed = String(meaningOf(field, values[index] ?? new Uint8Array(32)))
      const seen = String(meaningOf(field, original.subarray(32 * field, 32 * field + 32)))
      if (seen === signed) return []
      const expected = expectedOf(payment, field)
      return [
        {
          cause: 'message-altered',
          generator,
          field: `authorization.${authorizationFields[field]}`,
          seen,
          signed,
          ...(expected === undefined ? {} : { expected }),
          how,
        },
      ]
    }),
  )
}
