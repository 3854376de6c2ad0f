import { hexToBytes } from '@noble/hashes/utils.js'
import { toHex } from '../bytes/bytes.ts'
import type { Hex } from '../bytes/hex.ts'
import type { CauseId } from '../causes/catalogue.ts'
import { familiesThatSay } from '../tokens/ask-model.ts'
import { type Argument, canonicalSignature, decodeText, readArguments, readInnerBytes } from './abi.ts'
import type { Decoded } from './decoded.ts'
import { findError, type KnownError } from './error-table.ts'
import { panicMeaning } from './panic.ts'
import { shorten } from './plain-text.ts'
import { emptyRevert } from './suspects.ts'
import { findString, findStringIn } from './token-strings.ts'

/** Bytes of revert data that are looked at; the rest of a longer one is left out. */
const dataLimit = 131_072
/** Errors within errors. Real chains of wrappers are three or four deep. */
const depthLimit = 8
const messageLimit = 500

const errorSelector = '0x08c379a0'
const panicSelector = '0x4e487b71'

/** The bytes of hex digits (without `0x`); an odd last digit, as logs cut it, is dropped. */
export function bytesOfDigits(digits: string): Uint8Array {
  const length = Math.min(digits.length, dataLimit * 2)
  return hexToBytes(digits.slice(0, length - (length % 2)))
}

/** Whether a selector (`0x` and 8 lower-case digits) is one that revert data is known to begin with. */
export function isErrorSelector(selector: string): boolean {
  return selector === errorSelector || selector === panicSelector || findError(selector) !== undefined
}

/** Decodes revert data: what a call returned when it failed. */
export function decodeData(bytes: Uint8Array, depth = 0): Decoded {
  if (bytes.length === 0) return emptyData()
  const results = depth < depthLimit ? decodeResults(bytes, depth) : undefined
  if (results !== undefined) return results
  if (bytes.length < 4) return notData(bytes)
  const selector = toHex(bytes.subarray(0, 4))
  const body = bytes.subarray(4)
  if (selector === errorSelector) return decodeErrorString(bytes, body, depth)
  if (selector === panicSelector) return decodePanic(bytes, body)
  if (selector === refusalOfWallets && bytes.length <= 36) return walletRefusal(bytes)
  const known = findError(selector)
  if (known !== undefined) return decodeCustomError(bytes, selector, known, depth)
  if (body.length % 32 !== 0) return notData(bytes)
  return {
    kind: 'custom-error',
    known: false,
    name: selector,
    message: `custom error ${selector}${body.length === 0 ? '' : ` with ${body.length / 32} words of arguments`}; not one that is known`,
    args: [],
    causes: [],
    via: [],
    selector,
    origins: [],
    data: toHex(bytes),
  }
}

/** What wallets return from isValidSignature for a signature that they refuse: ERC-1271 wants 0x1626ba7e for yes and leaves the no open. */
const refusalOfWallets = '0xffffffff'

function walletRefusal(bytes: Uint8Array): Decoded {
  return {
    kind: 'custom-error',
    known: true,
    name: refusalOfWallets,
    message: `${refusalOfWallets}, with which a contract wallet's isValidSignature refuses a signature (ERC-1271)`,
    args: [],
    causes: ['smart-wallet-signature', 'eip7702-payer'],
    via: [],
    selector: refusalOfWallets,
    origins: ['ERC-1271 wallets'],
    data: toHex(bytes),
  }
}

/** The words in revert data as token models have them: the reason of Error(string), or a known custom error with its types; undefined for anything else. */
export function wordsIn(data: Hex): string | undefined {
  const selector = data.slice(0, 10).toLowerCase()
  if (selector === errorSelector) {
    const inner = readInnerBytes('Error(string reason)', 0, bytesOfDigits(data.slice(10)))
    return inner === undefined ? undefined : decodeText(inner)
  }
  const known = findError(selector)
  return known === undefined ? undefined : canonicalSignature(known.declaration)
}

/** A revert that says nothing. */
export function emptyData(): Decoded {
  return { kind: 'empty', name: 'no reason', message: 'reverted without a reason', args: [], causes: emptyRevert, via: [] }
}

function notData(bytes: Uint8Array): Decoded {
  return {
    kind: 'unknown',
    name: 'unknown data',
    message: `${bytes.length} bytes that are no revert data: ${shorten(toHex(bytes.subarray(0, 40)), 80)}`,
    args: [],
    causes: [],
    via: [],
  }
}

/** The reason of `Error(string)`, or of a text that repeats it. */
export function errorString(reason: string, data?: Hex): Decoded {
  const known = findString(reason) ?? findStringIn(reason)?.known
  return {
    kind: 'error-string',
    known: known !== undefined,
    name: 'Error',
    message: reason === '' ? 'an empty reason' : shorten(safeMeaning(reason, known?.text), messageLimit),
    args: [{ name: 'reason', type: 'string', value: reason }],
    causes: known === undefined ? (reason === '' ? ['masked-reason'] : []) : known.causes,
    via: [],
    ...(known?.checkpoint === undefined ? {} : { checkpoint: known.checkpoint }),
    ...(data === undefined ? {} : { data }),
  }
}

/** Safe's reasons are bare codes: the meaning goes with them. */
function safeMeaning(reason: string, text: string | undefined): string {
  return text !== undefined && reason.length === 5 && text.startsWith(`${reason}:`) ? text : reason
}

function decodeErrorString(bytes: Uint8Array, body: Uint8Array, depth: number): Decoded {
  const inner = readInnerBytes('Error(string reason)', 0, body)
  // Some contracts revert with a string made of the raw revert data of another.
  if (inner !== undefined && inner.length >= 4 && depth < depthLimit && isErrorSelector(toHex(inner.subarray(0, 4)))) {
    return within('Error', decodeData(inner, depth + 1))
  }
  return errorString(inner === undefined ? '' : decodeText(inner), toHex(bytes))
}

function decodePanic(bytes: Uint8Array, body: Uint8Array): Decoded {
  const args = readArguments('Panic(uint256 code)', body) ?? []
  const value = args[0]?.value
  const code = typeof value === 'bigint' ? value : 0n
  return {
    kind: 'panic',
    name: 'Panic',
    message: args.length === 0 ? 'panic without a code: the data is cut off' : panicMeaning(code),
    args,
    causes: [],
    via: [],
    code,
    data: toHex(bytes),
  }
}

function decodeCustomError(bytes: Uint8Array, selector: Hex, known: KnownError, depth: number): Decoded {
  const body = bytes.subarray(4)
  const { declaration } = known
  const name = declaration.slice(0, declaration.indexOf('('))
  if (known.inner !== undefined && depth < depthLimit) {
    const inner = readInnerBytes(declaration, known.inner, body)
    if (inner !== undefined && inner.length > 0) {
      const decoded = decodeData(inner, depth + 1)
      if (decoded.kind !== 'unknown' && decoded.kind !== 'empty' && (decoded.kind !== 'custom-error' || decoded.known))
        return within(name, decoded)
    }
  }
  const args = readArguments(declaration, body) ?? []
  return {
    ...namedError(known, args),
    kind: 'custom-error',
    known: true,
    selector,
    origins: known.origins,
    data: toHex(bytes),
  }
}

/** What a known custom error says with these arguments. */
export function namedError(
  known: KnownError,
  args: readonly Argument[],
): Pick<Decoded, 'name' | 'message' | 'args' | 'causes' | 'via' | 'checkpoint'> {
  const { declaration } = known
  const name = declaration.slice(0, declaration.indexOf('('))
  const signature = canonicalSignature(declaration)
  const shown = args.map((argument) => `${argument.name === undefined ? '' : `${argument.name}: `}${shorten(String(argument.value), 80)}`)
  const reason = args.find((argument) => argument.name === 'reason' && argument.type === 'string')?.value
  return {
    name,
    message: shorten(args.length === 0 ? signature : `${name}(${shown.join(', ')})`, messageLimit),
    args,
    causes: (typeof reason === 'string' ? findString(reason)?.causes : undefined) ?? causesWith(known, args),
    via: [],
    ...checkpointOf(signature, known.origins),
  }
}

/** OpenZeppelin's own library, which any token may use in any order. */
const library = 'OpenZeppelin 5'

/** The check that a custom error reports, of the tokens whose order of checks is known. */
function checkpointOf(signature: string, origins: readonly string[]): Pick<Decoded, 'checkpoint'> {
  const said = familiesThatSay(signature)
  const checks = said.flatMap(({ checks: each }) => each)
  const check = checks.includes('signature') ? 'signature' : checks[0]
  if (check === undefined) return {}
  return { checkpoint: { check, families: said.map(({ family }) => family), shared: origins.length > 1 || origins.includes(library) } }
}

/** What the arguments tell of the causes: a receiver that is the zero address is refused as such, any other is not the one who called. */
function causesWith({ declaration, causes }: KnownError, args: readonly Argument[]): readonly CauseId[] {
  const receiver = declaration.startsWith('ERC20InvalidReceiver(') ? args[0]?.value : undefined
  if (typeof receiver !== 'string') return causes
  const isZero = /^0x0{40}$/.test(receiver)
  return causes.filter((cause) => (cause === 'payee-not-payable') === isZero)
}

function within(wrapper: string, decoded: Decoded): Decoded {
  return { ...decoded, via: [wrapper, ...decoded.via] }
}

const resultForms = [
  { name: 'aggregate3', declaration: 'results((bool,bytes)[])', index: 0 },
  { name: 'tryBlockAndAggregate', declaration: 'results(uint256,bytes32,(bool,bytes)[])', index: 2 },
] as const

/** The first failed call among Multicall3's results; undefined when the bytes are not such results. */
function decodeResults(bytes: Uint8Array, depth: number): Decoded | undefined {
  if (bytes.length < 64 || bytes.length % 32 !== 0) return undefined
  for (const { name, declaration, index } of resultForms) {
    const value = readArguments(declaration, bytes)?.[index]?.value
    if (!Array.isArray(value) || value.length === 0) continue
    const failed = value.findIndex((result: unknown) => Array.isArray(result) && result[0] === false)
    const result: unknown = value[failed]
    if (!Array.isArray(result)) {
      const message = `all ${value.length} calls of ${name} succeeded`
      return { kind: 'unknown', name: 'no error', message, args: [], causes: [], via: [name] }
    }
    const data: unknown = result[1]
    const inner = typeof data === 'string' ? decodeData(bytesOfDigits(data.slice(2)), depth + 1) : emptyData()
    return within(`${name}[${failed}]`, inner)
  }
  return undefined
}
