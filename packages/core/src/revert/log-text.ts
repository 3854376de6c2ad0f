import type { Hex } from '../bytes/hex.ts'
import { isCallSelector } from './call-selectors.ts'
import { chainIn, type SpokenChain } from './chain-words.ts'
import type { Decoded, ReasonCode, RpcError } from './decoded.ts'
import { errorTable, type KnownError } from './error-table.ts'
import { asArguments, causesOfFields, fieldsIn } from './field-lists.ts'
import { findNodeRule, httpStatuses, type RpcCode, rpcCodes } from './node-errors.ts'
import type { NodeRule } from './node-rule.ts'
import { plainText, shorten } from './plain-text.ts'
import { findProblem, findReason, findSentence, type KnownReason } from './reason-codes.ts'
import { bytesOfDigits, decodeData, emptyData, errorString, isErrorSelector, namedError } from './revert-data.ts'
import { findProgramError } from './solana-errors.ts'
import { possibleAt } from './stage.ts'
import { findStringIn } from './token-strings.ts'

const messageLimit = 500

type NamedEntry = readonly [selector: Hex, known: KnownError]

const errorsByName: ReadonlyMap<string, NamedEntry> = new Map(
  Object.entries(errorTable).map(([selector, known]) => [
    known.declaration.slice(0, known.declaration.indexOf('(')),
    [`0x${selector.slice(2)}`, known],
  ]),
)

/**
 * Text as people read it: safe to print, and with the backslashes removed that JSON within JSON, Rust's Debug and Python's repr put
 * in front of quotes, at any depth up to four.
 */
export function readableText(text: string): string {
  let out = text
  for (let i = 0; i < 4 && out.includes('\\'); i++) {
    out = out.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (whole, unit: string | undefined, character: string | undefined) => {
      if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16))
      return character === undefined ? whole : character === 'n' || character === 't' || character === 'r' ? ' ' : character
    })
  }
  return plainText(out)
}

/**
 * What names a failure and says that there is none: a check with its result, and the headers in which a server tells what is left of a quota.
 * Sources: IETF draft-ietf-httpapi-ratelimit-headers (RateLimit-Limit, -Remaining, -Reset, -Policy), and X-RateLimit-* as GitHub's and others' APIs have it.
 */
const denials: readonly RegExp[] = [
  /\b(?:x-)?rate[- ]?limit(?:-[a-z-]{1,30})?["']?\s{0,2}[:=]\s{0,2}["']?\d+/gi,
  /\b[a-z][a-z_]*(?: [a-z_]+){0,4}["']?\s{0,2}[:=]\s{0,2}["']?(?:false|passed|ok)\b/gi,
]

/** A text without what it says that did not happen. */
export function withoutDenials(text: string): string {
  return denials.reduce((rest, each) => rest.replace(each, ' '), text)
}

/** Everything that a readable text says about a failure, in no order. `chain` is the kind of chain that it is about, where more than the text tells. */
export function readText(whole: string, chain: SpokenChain | undefined = chainIn(whole)): Decoded[] {
  const text = withoutDenials(whole)
  return text === whole
    ? failuresIn(whole, chain)
    : failuresIn(text, chain).map((each) => ({ ...each, message: shorten(whole, messageLimit) }))
}

function failuresIn(text: string, chain: SpokenChain | undefined): Decoded[] {
  const found: Decoded[] = []
  const offer = (decoded: Decoded | undefined): void => {
    if (decoded !== undefined) found.push(decoded)
  }
  if (chain !== 'svm') {
    offer(findHex(text))
    offer(findWords(text))
    offer(findNamedError(text))
  }
  if (chain !== 'evm') offer(findProgramError(text))
  const rule = findNodeRule(text, chain)
  const code = findRpcCode(text)
  if (rule !== undefined) offer(ruleError(rule, text, code))
  offer(findReasonIn(text))
  if (code !== undefined) offer(codeError(code, text))
  offer(findStatus(text))
  if (chain !== 'svm' && (saysReverted(text) || hasNullData(text))) offer({ ...emptyData(), message: shorten(text, messageLimit) })
  return found
}

/** Known words of a token, or the words that a node puts after "execution reverted". */
function findWords(text: string): Decoded | undefined {
  const known = findStringIn(text)?.known
  if (known !== undefined) return errorString(known.text)
  const reason = reasonAfter(text)
  return reason === undefined ? undefined : errorString(reason)
}

const markers: readonly string[] = [
  'execution reverted: ',
  'reverted with reason string ',
  'reverted with the following reason: ',
  'reverted with reason: ',
  'processing transaction: revert ',
]
const closers: readonly string[] = [
  '"',
  "',",
  "')",
  ' Contract Call:',
  ' Request Arguments:',
  ' Raw Call Arguments:',
  ' Details:',
  ' Version:',
  ' (action=',
  ', data',
  ', code',
  ' }',
]

/** The words after a marker, up to where a library goes on with its own. */
function reasonAfter(text: string): string | undefined {
  const lower = text.toLowerCase()
  for (const marker of markers) {
    const at = lower.indexOf(marker)
    if (at < 0) continue
    let rest = text.slice(at + marker.length, at + marker.length + 600)
    const quote = rest[0]
    if (quote === '"' || quote === "'") {
      const end = rest.indexOf(quote, 1)
      rest = rest.slice(1, end < 0 ? rest.length : end)
    }
    for (const closer of closers) {
      const end = rest.indexOf(closer)
      if (end >= 0) rest = rest.slice(0, end)
    }
    rest = rest.trim()
    // `Some(0x…)` and bare hex are data, and were read as such.
    if (rest !== '' && !/^(?:some\()?0x/i.test(rest) && !/^custom error/i.test(rest)) return rest
  }
  return undefined
}

const hexContext = /(?:data|error|reverted|signature|output|return|revert|result|reason)["'a-z:=(\s]{0,14}$/i

/** Revert data in a text: hex that begins with a known selector, or that stands where revert data stands. */
function findHex(text: string): Decoded | undefined {
  let unknown: Decoded | undefined
  let empty: Decoded | undefined
  let at = text.indexOf('0x')
  for (let tries = 0; at >= 0 && tries < 256; tries++) {
    let end = at + 2
    while (end < text.length && isHexDigit(text.charCodeAt(end))) end++
    const digits = text.slice(at + 2, end)
    const before = text.slice(Math.max(0, at - 40), at)
    const decoded = readDigits(digits, before)
    if (decoded !== undefined) {
      if (decoded.kind === 'empty') empty ??= decoded
      else if (decoded.kind === 'unknown' || (decoded.kind === 'custom-error' && !decoded.known)) unknown ??= decoded
      else return decoded
    }
    at = text.indexOf('0x', end)
  }
  return unknown ?? empty
}

function readDigits(digits: string, before: string): Decoded | undefined {
  const placed = hexContext.test(before)
  if (digits === '') return /(?:data|raw)\S{0,4}[:=(]\s?["'(]{0,2}(?:RawValue\()?["']?$/i.test(before) ? emptyData() : undefined
  // An address, a hash, a signature.
  if (digits.length < 8 || digits.length === 40 || digits.length === 64 || digits.length === 130) return undefined
  const selector = `0x${digits.slice(0, 8).toLowerCase()}`
  if (isCallSelector(selector)) return undefined
  const bytes = bytesOfDigits(digits)
  if (isErrorSelector(selector)) return digits.length > 8 || placed ? decodeData(bytes) : undefined
  if (!placed) return undefined
  const decoded = decodeData(bytes)
  // Hex of a form that neither an error nor a list of results has is something else that stood in the way.
  return decoded.kind === 'unknown' && decoded.via.length === 0 ? undefined : decoded
}

function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66)
}

/** A known custom error by its name: alone, with or without its brackets, or with brackets where the text speaks of a revert or of an error. */
function findNamedError(text: string): Decoded | undefined {
  const alone = /^(?:error:? )?([A-Z][A-Za-z0-9_]{2,60})(?:\([^()]{0,300}\))?[.;]?$/i.exec(text)?.[1]
  const named = alone === undefined ? undefined : errorsByName.get(alone)
  if (named !== undefined) return namedOnly(named, text)
  if (!/revert|error/i.test(text)) return undefined
  for (const match of text.matchAll(/\b([A-Za-z][A-Za-z0-9_]{2,60})\(/g)) {
    const entry = errorsByName.get(match[1] ?? '')
    if (entry === undefined) continue
    const end = text.indexOf(')', match.index)
    return namedOnly(entry, text.slice(match.index, end < 0 || end - match.index > 300 ? match.index + 300 : end + 1))
  }
  return undefined
}

function namedOnly([selector, known]: NamedEntry, message: string): Decoded {
  return { ...namedError(known, []), kind: 'custom-error', known: true, message, selector, origins: known.origins }
}

/** A rule's error with the text that it was found in. */
export function ruleError(
  rule: NodeRule,
  text: string,
  code: number | undefined,
  fields = rule.fields === true ? fieldsIn(text) : [],
): RpcError {
  return {
    kind: 'rpc-error',
    known: true,
    name: rule.name,
    message: shorten(text, messageLimit),
    args: asArguments(fields),
    causes: possibleAt(rule.stage, causesOfFields(fields, rule.causes)),
    via: [],
    ...(rule.by === 'anybody' ? {} : { speaker: rule.by ?? 'node' }),
    ...(rule.stage === undefined ? {} : { stage: rule.stage }),
    ...(rule.party === undefined ? {} : { party: rule.party }),
    ...(rule.retry === undefined ? {} : { retry: rule.retry }),
    ...(code === undefined ? {} : { code }),
  }
}

/** A process has an exit code, and `3.5` is a version. */
const codeForm = /(?<!\bexit(?:ed with)? )\bcode["']?(?:\s{0,2}[:=(]|\s)\s{0,2}(?:ServerError\()?(-\d{4,6}|3|4444)\b(?!\.\d)/i

function findRpcCode(text: string): number | undefined {
  const match = codeForm.exec(text)
  return match?.[1] === undefined ? undefined : Number(match[1])
}

/** Words around a number that say nothing of their own. */
const aroundNumbers =
  /\b(?:json-?rpc|rpc|server ?error|error|err|code|http|request|failed|message|data|exception|provider|node|id|null|undefined)\b|[\W\d_]/gi

/** Whether a message says no more than its number does. A server is free to give these numbers meanings of its own, and says them in its words. */
function addsNothing(message: string, { words }: RpcCode): boolean {
  const lower = message.toLowerCase()
  return words.some((each) => lower.includes(each)) || message.replace(aroundNumbers, '') === ''
}

/** What a JSON-RPC code says by itself; undefined for a code that is not one. Beside other words it says nothing. */
export function codeError(code: number, message: string): Decoded | undefined {
  const key = String(code)
  const known = Object.hasOwn(rpcCodes, key) ? rpcCodes[key] : undefined
  if (known === undefined && (code > -32_000 || code < -32_768)) return undefined
  if (message !== '' && (known === undefined || !addsNothing(message, known))) {
    return {
      kind: 'rpc-error',
      known: false,
      name: `JSON-RPC error ${code}`,
      message: shorten(message, messageLimit),
      args: [],
      causes: [],
      via: [],
      code,
    }
  }
  return {
    kind: 'rpc-error',
    known: false,
    name: known?.name ?? 'server error',
    message: shorten(message === '' ? (known?.name ?? 'server error') : message, messageLimit),
    args: [],
    causes: known?.causes ?? ['rpc-fault'],
    via: [],
    code,
    speaker: 'node',
    ...(known?.party === undefined ? {} : { party: known.party }),
  }
}

/** A reason code as a word of a text, or a facilitator's sentence that stands for one. */
function findReasonIn(text: string): Decoded | undefined {
  for (const word of text.split(/[^A-Za-z0-9_]+/)) {
    if (!word.includes('_') || word.length > 120) continue
    const known = findReason(word)
    if (known !== undefined) return reasonError(known.code, known, text)
  }
  const problem = findProblem(text)
  if (problem !== undefined) return reasonError(problem.code, problem, text)
  const known = findSentence(text)
  return known && { ...reasonError(known.code, known, text), by: 'words' }
}

/** What a reason code says; `known` undefined for one that no facilitator is known to use. */
export function reasonError(code: string, known: KnownReason | undefined, message: string): ReasonCode {
  return {
    kind: 'reason-code',
    name: code,
    message: shorten(message, messageLimit),
    args: [],
    causes: known?.causes ?? [],
    via: [],
    code,
    by: 'code',
    known: known !== undefined,
    facilitators: known?.families ?? [],
    ...(known?.stage === undefined ? {} : { stage: known.stage }),
    ...(known?.rail === undefined ? {} : { rail: known.rail }),
    ...(known?.party === undefined ? {} : { party: known.party }),
    ...(known?.retry === undefined ? {} : { retry: known.retry }),
  }
}

const statusForms: readonly RegExp[] = [
  /\bstatus(?: ?code)?["']?\s{0,2}[:=(]?\s{0,2}([45]\d\d)\b/i,
  /\bhttp(?:\/[12](?:\.[01])?)?(?: error| status)?:? {0,2}([45]\d\d)\b/i,
  /\brest code: ([45]\d\d)\b/i,
  /\b(?:client|server) error '([45]\d\d)\b/i,
  /\b(?:facilitator|server|endpoint|api) (?:returned|responded with|answered|replied with)(?: status| http)? ([45]\d\d)\b/i,
  /\bfailed \(([45]\d\d)\)/i,
  /\b([45]\d\d):? (?:too many requests|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|unauthorized|forbidden|bad request|internal server error|not found|payload too large|unprocessable|client error|server error)/i,
  /\berror code:? (5\d\d)\b/i,
]

/** What an HTTP server writes where its status does not come along. */
const statusAlone: readonly (readonly [words: RegExp, status: number])[] = [
  [/^bad gateway[.!]?$/i, 502],
  [/^service (?:temporarily )?unavailable[.!]?$/i, 503],
  [/^gateway time-?out[.!]?$/i, 504],
]

function findStatus(text: string): Decoded | undefined {
  for (const form of statusForms) {
    const match = form.exec(text)
    if (match?.[1] !== undefined) return statusError(Number(match[1]), text)
  }
  const alone = statusAlone.find(([words]) => words.test(text))
  return alone && statusError(alone[1], text)
}

const rpcWords = /jsonrpc|"eth_|eth_call|eth_sendraw|alchemy|infura|quiknode|quicknode|ankr|drpc|rpc request|rpc url|publicnode|llamarpc/i

/** What an HTTP status says; undefined for one that is no error. */
export function statusError(status: number, text: string): Decoded | undefined {
  if (!Number.isInteger(status) || status < 400 || status > 599) return undefined
  const key = String(status)
  const known = Object.hasOwn(httpStatuses, key) ? httpStatuses[key] : undefined
  const fromRpc = rpcWords.test(text)
  const causes = known?.causes ?? ['masked-reason', 'rpc-fault']
  return {
    kind: 'http-error',
    name: `HTTP ${status}`,
    message: shorten(text === '' ? `HTTP ${status} ${known?.means ?? ''}`.trim() : text, messageLimit),
    args: [],
    causes: fromRpc && causes.includes('rpc-fault') ? ['rpc-fault'] : causes,
    via: [],
    status,
    ...(fromRpc ? { party: 'rpc' } : {}),
    ...(known?.retry === undefined ? {} : { retry: known.retry }),
  }
}

const revertedForms =
  /execution reverted|execution was reverted|reverted without a reason|missing revert data|reverted for an unknown reason|vm execution error|processing transaction: revert|evm_?revert|call reverted|transaction reverted without|transaction call reverted/i

/** ethers 5 about a call that failed without a word: every member that could say something is null. */
function hasNullData(text: string): boolean {
  const lower = text.toLowerCase()
  return ['call_exception', 'reason=null', 'data=null'].every((part) => lower.includes(part))
}

function saysReverted(text: string): boolean {
  return revertedForms.test(text)
}
