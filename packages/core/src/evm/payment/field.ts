import { decodeBase64 } from '../../bytes/base64.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding, Severity } from '../../causes/finding.ts'
import type { Party } from '../../causes/party.ts'
import { checksum } from '../../networks/checksum.ts'
import { elided } from '../../wire/elided.ts'
import { isList, isNumber, isObject, type Json } from '../../wire/json.ts'
import { shownValue } from '../../wire/shown-value.ts'
import { looksLikeTron, show } from '../../wire/text.ts'

/** One way in which a value is not spelled as the standard spells it. */
export type SlipKind =
  | 'number'
  | 'bigint'
  | 'hex'
  | 'space'
  | 'no-0x'
  | 'upper-0x'
  | 'checksum'
  | 'padded'
  | 'digits-lost'
  | 'separators'
  | 'spelling'
  | 'fraction'
  | 'decimal'
  | 'short'
  | 'long'
  | 'odd'
  | 'parts'

export interface Slip {
  readonly kind: SlipKind
  readonly severity: Severity
  readonly cause: Extract<CauseId, 'malformed-field' | 'amount-units-wrong'>
  /** What is said of the field: "is a JSON number, where x402 has a string". */
  readonly says: string
  readonly expected?: string
  readonly fix: string
}

/** What stood in a field, or why nothing can be made of it. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T; readonly slips: readonly Slip[] }
  | {
      readonly ok: false
      /** What is wrong, after the field's name: `is "alice.eth", an ENS name`. */
      readonly problem: string
      readonly expected: string
    }

/** The largest uint256; no digits above it can be hashed. */
const largestUint = 2n ** 256n - 1n

/** Takes a field's slips into the findings, each with the field's path and what stood there. */
export function noteSlips(findings: Finding[], field: string, party: Party, value: Json | undefined, slips: readonly Slip[]): void {
  for (const slip of slips) {
    const seen = shownValue(value)
    findings.push({
      cause: slip.cause,
      party,
      severity: slip.severity,
      field,
      seen,
      ...(slip.expected === undefined ? {} : { expected: slip.expected }),
      summary: `${field} ${slip.says}.`,
      evidence: [{ source: 'payload', says: `${field} is ${typeof value === 'string' ? `"${seen}"` : seen}.` }],
      fix: slip.fix,
    })
  }
}

function failed(problem: string, expected: string): { ok: false; problem: string; expected: string } {
  return { ok: false, problem, expected }
}

function malformed(kind: SlipKind, severity: Severity, says: string, fix: string, expected?: string): Slip {
  return { kind, severity, cause: 'malformed-field', says, fix, ...(expected === undefined ? {} : { expected }) }
}

/**
 * An unsigned integer of up to 256 bits: `"10000"`, and with slips a JSON number, hex, separators, an exponent or a decimal.
 * A decimal is taken for whole tokens and scaled by `decimals`, because that is what its writer meant: `"0.01"` reads 10000 with 6.
 */
export function readAmount(value: Json | undefined, decimals: number): Reading<bigint> {
  return readUint(value, 'an amount in atomic units as a decimal string, such as "10000"', (whole, fraction, text) => {
    const digits = fraction.padEnd(decimals, '0')
    const scaled = BigInt(whole + digits.slice(0, decimals))
    const rest = /[1-9]/.test(digits.slice(decimals)) ? ', with the digits beyond that cut off' : ''
    return {
      value: scaled,
      slip: {
        kind: 'decimal',
        severity: 'error',
        cause: 'amount-units-wrong',
        says: `is ${show(text)}, where the token counts in atomic units: read as ${scaled} with ${decimals} decimals${rest}`,
        expected: String(scaled),
        fix: `Write the amount in atomic units, as a string: "${scaled}", which is ${show(text)} × 10^${decimals}.`,
      },
    }
  })
}

/** A time in unix seconds, spelled like an amount. A fraction of a second is cut off. */
export function readTime(value: Json | undefined): Reading<bigint> {
  return readUint(value, 'a time in unix seconds as a decimal string, such as "1740672089"', (whole, _fraction, text) => ({
    value: BigInt(whole),
    slip: malformed(
      'fraction',
      'error',
      `is ${show(text)}, which is not whole seconds: read as ${show(whole)}`,
      `Round the time down to whole seconds: "${show(whole)}".`,
      show(whole),
    ),
  }))
}

type Fractional = (whole: string, fraction: string, text: string) => { readonly value: bigint; readonly slip: Slip }

function readUint(value: Json | undefined, expected: string, fractional: Fractional): Reading<bigint> {
  if (isNumber(value)) return readNumber(value.digits, value.from, expected, fractional)
  if (typeof value !== 'string') return failed(`is ${shownValue(value)}`, expected)
  return readUintText(value, expected, fractional)
}

function readNumber(digits: string, from: 'text' | 'number' | 'bigint', expected: string, fractional: Fractional): Reading<bigint> {
  const read = readUintText(digits, expected, fractional)
  if (!read.ok || from === 'bigint') return read
  const slips = [...read.slips]
  const rounded = Number(digits)
  const lost =
    from === 'text'
      ? Number.isFinite(rounded) && BigInt(Math.trunc(rounded)) !== read.value && slips.length === 0
      : !Number.isSafeInteger(rounded) && Number.isInteger(rounded)
  slips.push(
    lost
      ? malformed(
          'digits-lost',
          'error',
          from === 'text'
            ? `is the JSON number ${show(digits)}, which is above 2^53: JSON readers make ${BigInt(Math.trunc(rounded))} of it`
            : `is the number ${show(digits)}, above 2^53: its last digits may be gone already`,
          from === 'text' ? `Write it as a string: "${read.value}".` : 'Keep it as a string or a bigint from where it is made.',
          from === 'text' ? `"${read.value}"` : undefined,
        )
      : malformed(
          'number',
          'warning',
          `is the JSON number ${show(digits)}, where x402 has a string`,
          `Write it as a string: "${read.value}".`,
          `"${read.value}"`,
        ),
  )
  return { ok: true, value: read.value, slips }
}

function readUintText(raw: string, expected: string, fractional: Fractional): Reading<bigint> {
  const slips: Slip[] = []
  const text = raw.trim()
  if (text === '') return failed(raw === '' ? 'is empty' : 'is blank', expected)
  if (text.length > 160) return failed(`has ${text.length} characters, more than 256 bits have digits`, expected)
  const done = (value: bigint): Reading<bigint> =>
    value > largestUint
      ? failed(`is ${show(text)}, which does not fit into 256 bits`, expected)
      : { ok: true, value, slips: [...slips, ...(text === raw ? [] : [spaces(String(value))])] }

  if (/^[0-9]+$/.test(text)) return done(BigInt(text))
  if (/^0[xX][0-9a-fA-F]+$/.test(text)) {
    const value = BigInt(`0x${text.slice(2)}`)
    slips.push(
      malformed(
        'hex',
        'warning',
        `is ${show(text)}, a hexadecimal number: ${value} in decimal`,
        `Write it in decimal: "${value}".`,
        String(value),
      ),
    )
    return done(value)
  }
  if (/^[0-9]{1,3}(?:[,_ '][0-9]{3})+$/.test(text)) {
    const value = BigInt(text.replace(/[^0-9]/g, ''))
    slips.push(
      malformed(
        'separators',
        'error',
        `is ${show(text)}, with separators that no reader of integers accepts`,
        `Write only digits: "${value}".`,
        String(value),
      ),
    )
    return done(value)
  }
  if (/^[0-9]+n$|^\+[0-9]+$|^[0-9]+\.0?$/.test(text)) {
    const value = BigInt(text.replace(/^\+|n$|\.0?$/g, ''))
    slips.push(
      malformed(
        'spelling',
        'error',
        `is ${show(text)}, which no reader of integers accepts`,
        `Write only digits: "${value}".`,
        String(value),
      ),
    )
    return done(value)
  }
  const parts = /^\$?([0-9]*)(?:\.([0-9]*))?(?:[eE]([-+]?[0-9]{1,3}))?(?: ?\$| ?[A-Za-z]{3,5}(?:\.[a-z])?)?$/.exec(text)
  if (parts === null || `${parts[1]}${parts[2] ?? ''}` === '') return failed(leftOut(text) ?? `is "${show(text)}"`, expected)
  const exponent = Number(parts[3] ?? '0')
  const [whole, fraction] = shift(parts[1] ?? '', parts[2] ?? '', exponent)
  if (fraction === '' && parts[3] !== undefined) {
    const value = BigInt(whole)
    slips.push(
      malformed('spelling', 'error', `is ${show(text)}, in scientific notation`, `Write the digits out: "${value}".`, String(value)),
    )
    return done(value)
  }
  const { value, slip } = fractional(whole, fraction, text)
  slips.push(slip)
  return done(value)
}

/** Moves the decimal point by `exponent` places. */
function shift(whole: string, fraction: string, exponent: number): readonly [string, string] {
  const digits = whole + fraction
  const point = whole.length + exponent
  const left = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0'
  const right = point >= 0 ? digits.slice(point) : '0'.repeat(-point) + digits
  return [left.replace(/^0+(?=[0-9])/, ''), right.replace(/0+$/, '') === '' && exponent !== 0 ? '' : right]
}

function spaces(expected: string): Slip {
  return malformed('space', 'warning', 'has white space around it', `Remove the white space: "${show(expected)}".`, show(expected))
}

/** An address, checksummed. Lower case carries no checksum and is no slip; a wrong one is, because viem and ethers refuse it. */
export function readAddress(value: Json | undefined): Reading<Address> {
  const expected = 'an address: 0x and 40 hex digits'
  if (typeof value !== 'string') return failed(`is ${shownValue(value)}`, expected)
  const { text, slips } = withoutSpace(value)
  const hex = prefixed(text, slips)
  if (hex === undefined) return failed(notAnAddress(text), expected)
  const digits = hex.slice(2)
  if (/^0{24}[0-9a-fA-F]{40}$/.test(digits)) {
    const address = checksum(`0x${digits.slice(24)}`)
    slips.push(malformed('padded', 'warning', 'is an address padded to 32 bytes, as logs have it', `Write ${address}.`, address))
    return { ok: true, value: address, slips }
  }
  if (digits.length !== 40) return failed(`has ${digits.length} hex digits (${show(text)})`, expected)
  const address = checksum(hex)
  if (digits !== digits.toLowerCase() && hex !== address) {
    const why =
      digits === digits.toUpperCase()
        ? 'is in upper case, which is not its checksum form'
        : 'has a wrong checksum: a digit or the case of a letter was changed'
    slips.push(
      malformed(
        'checksum',
        'warning',
        `${why} (${show(text)})`,
        `If the digits are right, write ${address}; viem refuses the other spelling when it signs, and ethers refuses a mixed-case one.`,
        address,
      ),
    )
  }
  return { ok: true, value: address, slips }
}

function notAnAddress(text: string): string {
  if (text === '') return 'is empty'
  const left = leftOut(text)
  if (left !== undefined) return left
  if (/^[a-z0-9-]{1,100}(?:\.[a-z0-9-]{1,100})*\.(?:eth|xyz|id)$/i.test(text))
    return `is "${show(text)}", a name that has to be resolved to an address first`
  if (looksLikeTron(text)) return `is "${show(text)}", which looks like a TRON address`
  if (/^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(text)) return `is "${show(text)}", which looks like a Solana address`
  return `is "${show(text)}"`
}

/**
 * 32 bytes. A short one is filled with zeros in front, as an integer would be (the x402 scheme text of 2025 allowed that); of a long
 * one the first 32 bytes are taken. Both are errors: no wallet signs them as bytes32.
 */
export function readNonce(value: Json | undefined): Reading<Hex> {
  const expected = '32 bytes: 0x and 64 hex digits'
  const bytes = byteList(value)
  if (bytes !== undefined) return fitNonce(bytes.hex, [bytes.slip])
  if (isNumber(value) || (typeof value === 'string' && /^[0-9]{1,63}$|^[0-9]{65,78}$/.test(value.trim()))) {
    const digits = isNumber(value) ? value.digits : value.trim()
    if (!/^[0-9]{1,78}$/.test(digits)) return failed(`is the number ${show(digits)}`, expected)
    const hex = `0x${BigInt(digits).toString(16).padStart(64, '0')}` as const
    const slip = malformed(
      'number',
      'error',
      `is the number ${show(digits)}, not bytes32`,
      `Write the nonce as 32 bytes: "${hex}" if the number was meant.`,
      hex,
    )
    return { ok: true, value: hex, slips: [slip] }
  }
  if (typeof value !== 'string') return failed(`is ${shownValue(value)}`, expected)
  const { text, slips } = withoutSpace(value)
  const hex = prefixed(text, slips)
  if (hex === undefined) return failed(badHex(text), expected)
  return fitNonce(hex, slips)
}

function fitNonce(hex: Hex, slips: Slip[]): Reading<Hex> {
  const digits = hex.slice(2).toLowerCase()
  const fitted: Hex = `0x${digits.slice(0, 64).padStart(64, '0')}`
  if (digits.length === 64) return { ok: true, value: fitted, slips }
  const short = digits.length < 64
  slips.push(
    malformed(
      short ? 'short' : 'long',
      'error',
      `has ${digits.length} hex digits instead of 64, so it is not bytes32: read as ${fitted}`,
      short ? `Make the nonce from 32 random bytes, or write all 64 digits: "${fitted}".` : 'Make the nonce from exactly 32 random bytes.',
      '64 hex digits',
    ),
  )
  return { ok: true, value: fitted, slips }
}

/** Signature bytes of any length, as `0x` text, or `{r, s, v}` or `{r, s, yParity}` put together in that order. */
export function readSignatureBytes(value: Json | undefined): Reading<Hex> {
  const expected = 'a signature: 0x and 130 hex digits, or {r, s, v}'
  const bytes = byteList(value)
  if (bytes !== undefined) return { ok: true, value: bytes.hex, slips: [bytes.slip] }
  if (isObject(value)) return readSignatureParts(value)
  if (typeof value !== 'string') return failed(`is ${shownValue(value)}`, expected)
  const { text, slips } = withoutSpace(value)
  const hex = prefixed(text, slips)
  if (hex !== undefined) return { ok: true, value: wholeBytes(hex, slips), slips }
  const decoded = /^[A-Za-z0-9+/_-]{86,88}={0,2}$/.test(text) ? decodeBase64(text) : undefined
  if (decoded?.ok && (decoded.bytes.length === 65 || decoded.bytes.length === 64)) {
    const asHex = hexOf(decoded.bytes)
    slips.push(malformed('spelling', 'error', 'is base64, where x402 has hex', `Write the signature as hex: "${asHex}".`, asHex))
    return { ok: true, value: asHex, slips }
  }
  return failed(badHex(text), expected)
}

function readSignatureParts(parts: ReadonlyMap<string, Json>): Reading<Hex> {
  const expected = 'a signature: 0x and 130 hex digits, or {r, s, v}'
  const whole = parts.get('signature') ?? parts.get('serialized')
  if (typeof whole === 'string') return readSignatureBytes(whole)
  const slips: Slip[] = []
  const words: string[] = []
  for (const name of ['r', 's']) {
    const part = parts.get(name)
    const digits = typeof part === 'string' ? prefixed(part.trim(), slips)?.slice(2).toLowerCase() : integerDigits(part)
    if (digits === undefined || digits.length > 64)
      return failed(`has the part ${name} ${part === undefined ? 'missing' : `"${shownValue(part)}"`}`, expected)
    if (digits.length < 64) {
      slips.push(
        malformed(
          'short',
          'warning',
          `has ${digits.length} hex digits in ${name}, whose leading zeros were left out`,
          `Write ${name} with all 64 digits.`,
          `0x${digits.padStart(64, '0')}`,
        ),
      )
    }
    words.push(digits.padStart(64, '0'))
  }
  const v = recoveryByte(parts, slips)
  if (v === undefined) return failed('has no recovery byte: v, yParity and recovery are missing or not a number', expected)
  return { ok: true, value: `0x${words.join('')}${v.toString(16).padStart(2, '0')}`, slips }
}

/** A bigint's hex digits, all 64 of them: an integer has no leading zeros to lose. */
function integerDigits(value: Json | undefined): string | undefined {
  return isNumber(value) && /^[0-9]{1,78}$/.test(value.digits) ? BigInt(value.digits).toString(16).padStart(64, '0') : undefined
}

/** `v` as it was written when it fits one byte; `yParity` becomes 27 or 28, which is all that it can mean here. */
function recoveryByte(parts: ReadonlyMap<string, Json>, slips: Slip[]): number | undefined {
  const v = smallNumber(parts.get('v'))
  if (v !== undefined && v < 256) return v
  if (v !== undefined && v >= 35) {
    const parity = 27 + ((v - 35) % 2)
    slips.push(
      malformed(
        'parts',
        'error',
        `has v = ${v}, which does not fit uint8: EIP-155's form, for transactions only`,
        `Pass v = ${parity}.`,
        String(parity),
      ),
    )
    return parity
  }
  const parity = smallNumber(parts.get('yParity') ?? parts.get('recovery') ?? parts.get('recoveryParam'))
  return parity === 0 || parity === 1 ? 27 + parity : undefined
}

function smallNumber(value: Json | undefined): number | undefined {
  const text = isNumber(value) ? value.digits : typeof value === 'string' ? value.trim() : ''
  return /^(?:0[xX][0-9a-fA-F]{1,12}|[0-9]{1,15})$/.test(text) ? Number(text) : undefined
}

/** `[1, 2, …]` and Node's `{type: "Buffer", data: […]}`. */
function byteList(value: Json | undefined): { readonly hex: Hex; readonly slip: Slip } | undefined {
  const list = isObject(value) && value.get('type') === 'Buffer' ? value.get('data') : value
  if (!isList(list) || list.length === 0 || list.length > 4096) return undefined
  const bytes = new Uint8Array(list.length)
  for (const [index, item] of list.entries()) {
    const byte = isNumber(item) && /^[0-9]{1,3}$/.test(item.digits) ? Number(item.digits) : 256
    if (byte > 255) return undefined
    bytes[index] = byte
  }
  const hex = hexOf(bytes)
  return {
    hex,
    slip: malformed(
      'spelling',
      'error',
      `is a list of ${bytes.length} numbers, where x402 has hex`,
      `Write the bytes as hex: "${hex}".`,
      hex,
    ),
  }
}

function hexOf(bytes: Uint8Array): Hex {
  let out: Hex = '0x'
  for (const byte of bytes) out = `${out}${byte.toString(16).padStart(2, '0')}`
  return out
}

function withoutSpace(value: string): { readonly text: string; readonly slips: Slip[] } {
  const text = value.replace(/\s+/g, '')
  return { text, slips: text === value ? [] : [spaces(text)] }
}

/** `text` with `0x` in front when the rest is hex; the missing or upper-case prefix goes into the slips. */
function prefixed(text: string, slips: Slip[]): Hex | undefined {
  const digits = /^0[xX]/.test(text) ? text.slice(2) : text
  if (!/^[0-9a-fA-F]*$/.test(digits) || (digits === text && digits.length < 2)) return undefined
  if (text.startsWith('0X'))
    slips.push(
      malformed(
        'upper-0x',
        'warning',
        'begins with 0X, which viem and ethers refuse',
        'Write the prefix as 0x.',
        `0x${show(digits).slice(0, 8)}…`,
      ),
    )
  if (digits === text)
    slips.push(malformed('no-0x', 'warning', 'has no 0x in front', 'Put 0x in front of it.', `0x${show(digits).slice(0, 8)}…`))
  return `0x${digits}`
}

/** Whole bytes: a lone last digit can't be one, and is left out so that the rest can be looked at. */
function wholeBytes(hex: Hex, slips: Slip[]): Hex {
  const lower = hex.toLowerCase() as Hex
  if (lower.length % 2 === 0) return lower
  slips.push(
    malformed(
      'odd',
      'error',
      `has ${lower.length - 2} hex digits, an odd number, so it was cut or a digit was lost: read without the last one`,
      'Copy the whole signature: 0x and 130 hex digits.',
      '130 hex digits',
    ),
  )
  return lower.slice(0, -1) as Hex
}

/** What is said of a value that its author did not write out. */
function leftOut(text: string): string | undefined {
  const why = elided(text)
  // Of a signature no more is shown than tells which one it is.
  const shown = text.length > 24 ? `${text.slice(0, 8)}…` : text
  return why === undefined ? undefined : `is "${show(shown)}", ${why}`
}

/** Says what keeps a text from being hex, with the place. */
function badHex(text: string): string {
  if (text === '') return 'is empty'
  const left = leftOut(text)
  if (left !== undefined) return left
  const start = /^0[xX]/.test(text) ? 2 : 0
  const at = text.slice(start).search(/[^0-9a-fA-F]/)
  if (at === -1) return `is "${show(text)}"`
  return `has "${show(text.charAt(start + at))}" at character ${start + at + 1}, which is not a hex digit`
}
