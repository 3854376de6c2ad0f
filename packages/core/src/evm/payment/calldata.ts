import { toHex } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import type { Finding } from '../../causes/finding.ts'
import { checksum } from '../../networks/checksum.ts'
import { type Refusal, unreadable, unsupported } from '../../wire/refusal.ts'
import type { Authorization, PrimaryType } from '../typed-data/authorization.ts'
import { misread } from './cut-calldata.ts'
import type { TokenCall } from './payment.ts'

interface Overload {
  readonly function: TokenCall['function']
  readonly overload: TokenCall['overload']
}

/** The four functions of FiatToken v2.2 that move money by an authorization (selectors: keccak256 of their signatures). */
const overloads: ReadonlyMap<string, Overload> = new Map([
  ['0xe3ee160e', { function: 'transferWithAuthorization', overload: 'vrs' }],
  ['0xcf092995', { function: 'transferWithAuthorization', overload: 'bytes' }],
  ['0xef55bec6', { function: 'receiveWithAuthorization', overload: 'vrs' }],
  ['0x88b7ab63', { function: 'receiveWithAuthorization', overload: 'bytes' }],
])

const messageTypes = {
  transferWithAuthorization: 'TransferWithAuthorization',
  receiveWithAuthorization: 'ReceiveWithAuthorization',
} as const satisfies Record<TokenCall['function'], PrimaryType>

/** Other calls that turn up where a payment is looked for, each with what it is and what to paste instead. */
const strangers: ReadonlyMap<string, string> = new Map([
  ['0x5a049a70', 'a cancelAuthorization call (v, r, s), which takes an authorization back and moves no money'],
  ['0xb7b72899', 'a cancelAuthorization call (bytes), which takes an authorization back and moves no money'],
  ['0xa9059cbb', 'a plain ERC-20 transfer call, which its sender pays without an authorization'],
  ['0x23b872dd', 'an ERC-20 transferFrom call, which rests on an allowance and not on an authorization'],
  ['0x095ea7b3', 'an ERC-20 approve call'],
  ['0xd505accf', 'an EIP-2612 permit call (v, r, s), another standard'],
  ['0x9fd5a6cf', 'an EIP-2612 permit call (bytes), another standard'],
  ['0xe94a0102', 'an authorizationState call, a question and not a payment'],
  ['0x3644e515', 'a DOMAIN_SEPARATOR call, a question and not a payment'],
  ['0x70a08231', 'a balanceOf call, a question and not a payment'],
  ['0x08c379a0', 'revert data: Error(string), the answer to a failed call and not the call'],
  ['0x4e487b71', 'revert data: Panic(uint256), the answer to a failed call and not the call'],
])

const fourFunctions = 'transferWithAuthorization (0xe3ee160e or 0xcf092995) or receiveWithAuthorization (0xef55bec6 or 0x88b7ab63)'
const pasteCall = 'paste the whole data field of the call, or the raw transaction'

/** A call of the token, taken apart. */
export interface ReadCall {
  readonly authorization: Authorization
  readonly signature: Hex
  readonly primaryType: PrimaryType
  readonly call: TokenCall
  readonly recognised: string
}

export type CalldataResult = { readonly ok: true; readonly read: ReadCall } | { readonly ok: false; readonly refusal: Refusal }

/** Whether this is one of the four functions. */
export function isPaymentSelector(selector: string): boolean {
  return overloads.has(selector)
}

/** Whether the bytes begin with a selector that this module can name. */
export function isKnownSelector(selector: string): boolean {
  return overloads.has(selector) || strangers.has(selector)
}

/**
 * Why hex digits that begin as a payment's call do are none, by their number and their places; `rest` is what follows them. Undefined for other calls, and
 * where nothing is wrong with them.
 */
export function brokenCall(digits: string, rest: string): Refusal | undefined {
  const overload = overloads.get(`0x${digits.slice(0, 8).toLowerCase()}`)
  const what = overload && misread({ called: overload.function, overload: overload.overload, digits: digits.slice(8).toLowerCase(), rest })
  return what === undefined ? undefined : unreadable(what, 'all of it, digit by digit', pasteCall)
}

/** Reads calldata of `transferWithAuthorization` or `receiveWithAuthorization`, in either overload. */
export function readCalldata(bytes: Uint8Array, findings: Finding[]): CalldataResult {
  const selector = toHex(bytes.subarray(0, 4))
  const overload = overloads.get(selector)
  if (overload === undefined) {
    const stranger = strangers.get(selector)
    const what = stranger ?? `calldata of ${bytes.length} bytes with the selector ${selector}, which is no function of EIP-3009`
    return {
      ok: false,
      refusal: unsupported(what, stranger === undefined ? pasteCall : 'paste the call that should have moved the money', fourFunctions),
    }
  }
  const broken = brokenCall(toHex(bytes).slice(2), '')
  if (broken !== undefined) return { ok: false, refusal: broken }
  const signature = overload.overload === 'vrs' ? vrsSignature(bytes, findings) : bytesSignature(bytes, overload.function, findings)
  if (typeof signature !== 'string') return { ok: false, refusal: signature }
  return {
    ok: true,
    read: {
      authorization: {
        from: addressAt(bytes, 0, 'from', findings),
        to: addressAt(bytes, 1, 'to', findings),
        value: uintAt(bytes, 2),
        validAfter: uintAt(bytes, 3),
        validBefore: uintAt(bytes, 4),
        nonce: toHex(wordAt(bytes, 5)),
      },
      signature,
      primaryType: messageTypes[overload.function],
      call: { function: overload.function, selector, overload: overload.overload },
      recognised: `calldata of ${overload.function}(…, ${overload.overload === 'vrs' ? 'uint8 v, bytes32 r, bytes32 s' : 'bytes signature'})`,
    },
  }
}

/** The words v, r, s as the 65 bytes r‖s‖v that the bytes overload would take. */
function vrsSignature(bytes: Uint8Array, findings: Finding[]): Hex {
  const v = uintAt(bytes, 6)
  if (v > 255n) {
    findings.push(
      callFinding(
        'signature.v',
        String(v),
        'a uint8',
        `signature.v is ${v} in the calldata, which does not fit uint8: the token reverts without a reason.`,
        'Pass v = 27 or 28.',
      ),
    )
  }
  if (bytes.length > 292) findings.push(trailing(bytes.length - 292))
  return `0x${toHex(wordAt(bytes, 7)).slice(2)}${toHex(wordAt(bytes, 8)).slice(2)}${(v & 0xffn).toString(16).padStart(2, '0')}`
}

/** The dynamic argument, as Solidity's decoder finds it: an offset from the first argument, a length, the bytes. */
function bytesSignature(bytes: Uint8Array, called: TokenCall['function'], findings: Finding[]): Hex | Refusal {
  const offset = uintAt(bytes, 6)
  const room = BigInt(bytes.length - 4)
  if (offset + 32n > room) {
    return unreadable(
      `calldata of ${called} whose signature is said to begin at byte ${brief(offset)} of ${room}`,
      'an offset inside the calldata, usually 224',
      pasteCall,
    )
  }
  const lengthAt = Number(offset) + 4
  const length = BigInt(toHex(bytes.subarray(lengthAt, lengthAt + 32)))
  const start = lengthAt + 32
  if (length > BigInt(bytes.length - start)) {
    return unreadable(
      `calldata of ${called} whose signature is said to have ${brief(length)} bytes, of which ${bytes.length - start} are there`,
      'calldata that was not cut',
      pasteCall,
    )
  }
  if (offset !== 224n) {
    const seen = String(offset)
    findings.push({
      ...callFinding(
        'signature',
        seen,
        '224',
        `The signature begins at offset ${seen} of the arguments instead of 224: unusual, but the token reads it there.`,
        'Encode the call with an ABI encoder.',
      ),
      severity: 'info',
    })
  }
  const end = start + Number(length)
  const padded = start + Math.ceil(Number(length) / 32) * 32
  if (bytes.length > padded) findings.push(trailing(bytes.length - padded))
  return toHex(bytes.subarray(start, end))
}

function brief(value: bigint): string {
  return value > 10n ** 15n ? 'more than 10^15' : String(value)
}

function addressAt(bytes: Uint8Array, index: number, name: 'from' | 'to', findings: Finding[]): Address {
  const word = wordAt(bytes, index)
  const address = checksum(toHex(word.subarray(12)))
  if (word.subarray(0, 12).some((byte) => byte !== 0)) {
    const seen = toHex(word)
    findings.push(
      callFinding(
        `authorization.${name}`,
        seen,
        address,
        `authorization.${name} is not a clean address in the calldata (${seen}): its first 12 bytes are not zero.`,
        `Encode the call with an ABI encoder, with ${address}.`,
      ),
    )
  }
  return address
}

function trailing(count: number): Finding {
  const many = count === 1 ? '1 byte follows' : `${count} bytes follow`
  return {
    ...callFinding(
      'data',
      `${count} bytes`,
      'none',
      `${many} the arguments in the calldata; the token ignores them, as it does with attribution suffixes.`,
      'Nothing to do, unless the call was joined with something by mistake.',
    ),
    severity: 'info',
    party: 'nobody',
  }
}

function callFinding(field: string, seen: string, expected: string, summary: string, fix: string): Finding {
  return {
    cause: 'malformed-field',
    party: 'facilitator',
    severity: 'error',
    field,
    seen,
    expected,
    summary,
    evidence: [{ source: 'payload', says: `The calldata has ${seen} for ${field}.` }],
    fix,
  }
}

function wordAt(bytes: Uint8Array, index: number): Uint8Array {
  return bytes.subarray(4 + 32 * index, 36 + 32 * index)
}

function uintAt(bytes: Uint8Array, index: number): bigint {
  return BigInt(toHex(wordAt(bytes, index)))
}
