import { decodeBase64 } from '../bytes/base64.ts'
import type { Hex } from '../bytes/hex.ts'
import { isCallSelector } from './call-selectors.ts'
import { chainIn, chainNamed, type SpokenChain } from './chain-words.ts'
import type { Decoded } from './decoded.ts'
import { eventOf, successOf } from './events.ts'
import { isKoraError } from './kora.ts'
import { codeError, readableText, readText, reasonError, ruleError, statusError, withoutDenials } from './log-text.ts'
import { findNodeRule, findRelayer } from './node-errors.ts'
import { shorten, textLimit } from './plain-text.ts'
import { findReason, isReasonForm } from './reason-codes.ts'
import { bytesOfDigits, decodeData, isErrorSelector } from './revert-data.ts'
import { customProgramError, namedProgramError } from './solana-errors.ts'

/** Everything that was found in an input. */
export interface Found {
  readonly clues: readonly Decoded[]
  /** Plain text of the whole, for an answer that nothing is known about. */
  readonly text: string
  /** The kind of chain that it is about, as far as it says so itself. */
  readonly chain?: SpokenChain
  readonly relayer?: string
  readonly transaction?: Hex
  readonly solanaTransaction?: string
}

const depthLimit = 16
const nodeLimit = 512
const keyLimit = 64
const byteLimit = 131_072
/** Characters of all texts together. */
const textBudget = 4 * textLimit

/** What was asked for, as opposed to what came back: never evidence of a failure. */
const requestKeys: ReadonlySet<string> = new Set([
  'params',
  'request',
  'abi',
  'args',
  'payload',
  'paymentpayload',
  'paymentrequirements',
  'requirements',
  'accepts',
  'accepted',
  'invocation',
  'headers',
  'config',
  'stack',
  'docspath',
  'metamessages',
  'requestbody',
  'payloads',
  'extensions',
  'resource',
  'inputs',
])

const reasonKeys: ReadonlySet<string> = new Set([
  'errorreason',
  'error_reason',
  'invalidreason',
  'invalid_reason',
  'errortype',
  'error_type',
  'reason',
  'error',
  'code',
  'type',
])
/** Keys under which an unknown word can be nothing but a reason code. */
const sureReasonKeys: ReadonlySet<string> = new Set(['errorreason', 'error_reason', 'invalidreason', 'invalid_reason'])

const dataKeys: ReadonlySet<string> = new Set(['data', 'returndata', 'raw', 'revertdata', 'output', 'return', 'result', 'returnvalue'])

/** Read in this order, so that what a library says first is found first. */
const errorKeys = [
  'shortMessage',
  'message',
  'details',
  'reason',
  'data',
  'raw',
  'code',
  'status',
  'info',
  'error',
  'cause',
  'body',
  'errors',
] as const

interface Walk {
  readonly clues: Decoded[]
  readonly seen: WeakSet<object>
  readonly texts: string[]
  /** Lines of a transaction's log, which name the program that failed. */
  logs: string
  nodes: number
  characters: number
  /** The kind of chain that a member names, and those that its texts speak of. */
  chain?: SpokenChain
  readonly spokenOf: Set<SpokenChain>
  relayer?: string
  transaction?: Hex
  solanaTransaction?: string
}

/**
 * Walks any value for what it says about a failure: errors of viem and ethers with their `cause`, `info.error` and `data`, JSON-RPC
 * answers, facilitators' answers, text with any of these in it. Reads a bounded number of values, keys and characters; getters that
 * throw and cycles do no harm.
 */
export function unwrap(input: unknown): Found {
  const walk: Walk = { clues: [], seen: new WeakSet(), texts: [], logs: '', spokenOf: new Set(), nodes: 0, characters: 0 }
  if (typeof input === 'number') offer(walk, numberError(input), [])
  else visit(walk, input, '', [], 0)
  const { clues, relayer, transaction, solanaTransaction } = walk
  const [spokenOf, ...others] = walk.spokenOf
  const chain = walk.chain ?? (others.length === 0 ? spokenOf : undefined)
  return {
    clues,
    text: walk.texts.join(' '),
    ...(chain === undefined ? {} : { chain }),
    ...(relayer === undefined ? {} : { relayer }),
    ...(transaction === undefined ? {} : { transaction }),
    ...(solanaTransaction === undefined ? {} : { solanaTransaction }),
  }
}

function numberError(code: number): Decoded | undefined {
  return statusError(code, '') ?? codeError(code, '')
}

function offer(walk: Walk, decoded: Decoded | undefined, via: readonly string[]): void {
  if (decoded !== undefined) walk.clues.push({ ...decoded, via: [...via, ...decoded.via] })
}

function visit(walk: Walk, value: unknown, key: string, via: readonly string[], depth: number): void {
  if (depth > depthLimit || walk.nodes >= nodeLimit) return
  walk.nodes++
  if (typeof value === 'string') visitString(walk, value, key, via, depth)
  else if (ArrayBuffer.isView(value))
    offer(walk, decodeData(new Uint8Array(value.buffer, value.byteOffset, Math.min(value.byteLength, byteLimit))), via)
  else if (typeof value === 'object' && value !== null) {
    const list = itemsOf(value)
    if (list === undefined) visitObject(walk, value, via, depth)
    else visitList(walk, value, list, key, via, depth)
  }
}

/** The first members of a list; undefined for what is no list. */
function itemsOf(value: object): readonly unknown[] | undefined {
  try {
    return Array.isArray(value) ? value.slice(0, keyLimit) : undefined
  } catch {
    // A revoked proxy throws when it is asked whether it is a list.
    return []
  }
}

function visitList(walk: Walk, list: object, items: readonly unknown[], key: string, via: readonly string[], depth: number): void {
  if (walk.seen.has(list)) return
  walk.seen.add(list)
  if (key === 'InstructionError') offer(walk, instructionError(items, walk.logs), via)
  offer(walk, issuesError(items), via)
  for (const item of items) visit(walk, item, key, via, depth + 1)
}

/** A parser's list of issues, each with the path to a field: zod's, or pydantic's, whose paths are called `loc`. */
function issuesError(items: readonly unknown[]): Decoded | undefined {
  const issues = items.filter((item): item is object => typeof item === 'object' && item !== null)
  const paths = issues.map((issue) => readKey(issue, 'path') ?? readKey(issue, 'loc'))
  if (issues.length === 0 || issues.length < items.length || !paths.every(Array.isArray)) return undefined
  const said = issues.map((issue) => [readKey(issue, 'code') ?? readKey(issue, 'type'), readKey(issue, 'message') ?? readKey(issue, 'msg')])
  if (!said.every(([code, message]) => typeof code === 'string' && typeof message === 'string')) return undefined
  const rule = findNodeRule('"invalid_type"')
  if (rule === undefined) return undefined
  const steps = paths.map((path: readonly unknown[]) => path.filter((step) => typeof step === 'string' || typeof step === 'number'))
  const fields = steps.map((path) => shorten(path.slice(0, 8).join('.'), 120)).filter((path) => path !== '')
  const words = said.map(([code, message], index) => `${fields[index] ?? ''} ${String(message)} (${String(code)})`.trim()).join('; ')
  return ruleError(rule, readableText(words.slice(0, textLimit)), undefined, [...new Set(fields)].slice(0, 8))
}

/** `[2, { Custom: 1 }]` or `[2, "InvalidAccountData"]`. */
function instructionError(list: readonly unknown[], logs: string): Decoded | undefined {
  const [index, what] = list
  const instruction = typeof index === 'number' || typeof index === 'bigint' ? Number(index) : undefined
  if (typeof what === 'string') return namedProgramError(shorten(what, 60), instruction)
  const custom = typeof what === 'object' && what !== null ? readKey(what, 'Custom') : undefined
  return typeof custom === 'number' || typeof custom === 'bigint' ? customProgramError(Number(custom), instruction, logs) : undefined
}

/** A variant of Solana's TransactionError as JSON has it: `{"InsufficientFundsForRent":{"account_index":0}}`. */
function transactionError(object: object): Decoded | undefined {
  const [name, ...others] = keysIn(object)
  if (name === undefined || others.length > 0 || name === 'InstructionError' || !/^[A-Z][A-Za-z]{7,50}$/.test(name)) return undefined
  const rule = findNodeRule(name, 'svm')
  return rule?.on === 'svm' ? ruleError(rule, name, undefined) : undefined
}

/** The log beside an error, noted before the error itself is read: it names the program that failed. */
function noteLogs(walk: Walk, object: object): void {
  const logs = readKey(object, 'logs')
  const lines = typeof logs === 'object' && logs !== null ? itemsOf(logs) : undefined
  const text = lines?.filter((line): line is string => typeof line === 'string').join('\n') ?? ''
  if (text !== '') walk.logs = text.slice(0, textLimit)
}

/** Which kind of chain an answer is about: facilitators name the network beside their reason, and a paymaster on Solana has errors of its own. */
function noteChain(walk: Walk, object: object): void {
  if (walk.chain !== undefined) return
  const named = ['network', 'networkId', 'chain', 'chainId', 'caip2'].map((key) => chainNamed(readKey(object, key)))
  const [one, ...others] = new Set(named.filter((kind) => kind !== undefined))
  const data = readKey(object, 'data')
  const errorType = readKey(typeof data === 'object' && data !== null ? data : object, 'error_type')
  if (isKoraError(errorType, readKey(object, 'code'), readKey(object, 'message'))) walk.chain = 'svm'
  else if (one !== undefined && others.length === 0) walk.chain = one
}

function readKey(object: object, key: string): unknown {
  try {
    return Reflect.get(object, key)
  } catch {
    // A getter or a proxy that throws has nothing to say.
    return undefined
  }
}

function keysOf(object: object): readonly string[] {
  return [...new Set([...errorKeys, ...keysIn(object)])]
}

function keysIn(object: object): readonly string[] {
  try {
    return Object.keys(object).slice(0, keyLimit)
  } catch {
    // A proxy may refuse to list its keys; those of an error can still be asked for.
    return []
  }
}

function visitObject(walk: Walk, object: object, via: readonly string[], depth: number): void {
  if (walk.seen.has(object)) return
  walk.seen.add(object)
  const label = labelOf(object)
  const inside = label === undefined ? via : [...via, label]
  noteSender(walk, object)
  noteLogs(walk, object)
  noteChain(walk, object)
  const topics = topicsOf(object)
  if (topics !== undefined) {
    offer(walk, eventOf(topics, readKey(object, 'data')), inside)
    return
  }
  offer(walk, successOf({ success: readKey(object, 'success'), isValid: readKey(object, 'isValid') }), inside)
  const first = walk.clues.length
  const code = readCode(walk, object, inside)
  offer(walk, transactionError(object), inside)
  for (const key of keysOf(object)) {
    if (requestKeys.has(key.toLowerCase())) continue
    const value = readKey(object, key)
    if (value === undefined || value === null || typeof value === 'function') continue
    if (key === 'transaction' || key === 'receipt') continue
    visit(walk, value, key, inside, depth + 1)
  }
  addNeighbours(walk, first, code, detailOf(object))
}

/** The topics of a contract's log, whose data is no revert's. */
function topicsOf(object: object): readonly unknown[] | undefined {
  const topics = readKey(object, 'topics')
  const list = typeof topics === 'object' && topics !== null ? itemsOf(topics) : undefined
  return list !== undefined && list.length > 0 && list.every((topic) => typeof topic === 'string' && isHash(topic)) ? list : undefined
}

const detailKeys = [
  'errorMessage',
  'invalidMessage',
  'invalidReasonDetails',
  'errorReasonDetails',
  'error_message',
  'detail',
  'details',
] as const

/** What a facilitator says beside its reason code. */
function detailOf(object: object): string {
  for (const key of detailKeys) {
    const detail = readKey(object, key)
    if (typeof detail === 'string' && detail.trim() !== '') return readableText(detail.slice(0, textLimit))
  }
  return ''
}

/** The words beside a JSON-RPC code are what says something, and the code goes with them; so do a reason code and its detail. */
function addNeighbours(walk: Walk, first: number, code: number | undefined, detail: string): void {
  for (let i = first; i < walk.clues.length; i++) {
    const clue = walk.clues[i]
    if (clue?.kind === 'rpc-error' && clue.code === undefined && code !== undefined) walk.clues[i] = { ...clue, code }
    if (clue?.kind === 'reason-code' && clue.message === clue.code && detail !== '' && detail !== clue.code) {
      walk.clues[i] = { ...clue, message: shorten(`${clue.code}: ${detail}`, 500) }
    }
  }
}

/** What an object is called in the chain of wrappers: an error's name, or what kind of answer it is. */
function labelOf(object: object): string | undefined {
  const name = readKey(object, 'name')
  if (typeof name === 'string' && /^[A-Za-z][A-Za-z0-9]{2,60}$/.test(name)) return name
  const code = readKey(object, 'code')
  if (typeof code === 'number' && typeof readKey(object, 'message') === 'string' && isRpcCode(code)) return `JSON-RPC error ${code}`
  if (typeof code === 'string' && /^[A-Z][A-Z_]{3,40}$/.test(code)) return code
  for (const key of ['errorReason', 'invalidReason', 'error_reason', 'invalid_reason', 'errorType']) {
    const reason = readKey(object, key)
    if (typeof reason === 'string' && reason.length <= 120 && reason !== '') return `${key} ${shorten(readableText(reason), 80)}`
  }
  return undefined
}

function isRpcCode(code: number): boolean {
  return code === 3 || code === 4444 || (code <= -32_000 && code >= -32_768)
}

/** Codes and statuses are numbers that mean something only as members of an error. The JSON-RPC code, if there is one. */
function readCode(walk: Walk, object: object, via: readonly string[]): number | undefined {
  const message = readKey(object, 'message')
  const text = typeof message === 'string' ? readableText(message.slice(0, textLimit)) : ''
  const code = readKey(object, 'code')
  const number = typeof code === 'string' && /^-\d{5}$/.test(code) ? Number(code) : code
  const rpcCode = typeof number === 'number' && isRpcCode(number) ? number : undefined
  if (rpcCode !== undefined) offer(walk, codeError(rpcCode, text), via)
  for (const key of ['status', 'statusCode', 'httpStatus', 'status_code', 'code']) {
    const status = readKey(object, key)
    if (typeof status === 'number') offer(walk, statusError(status, text), via)
  }
  return rpcCode
}

/** The sender of the transaction that failed, and the transaction, where a library or a facilitator names them. */
function noteSender(walk: Walk, object: object): void {
  for (const key of ['transactionHash', 'txHash', 'transaction', 'hash']) {
    const value = readKey(object, key)
    if (typeof value === 'string' && isHash(value)) walk.transaction ??= value
  }
  // Of a settlement's answer it is the transaction's id. Anywhere else 64 bytes of base58 can be a secret key.
  const id = readKey(object, 'transaction')
  const isAnswer = readKey(object, 'success') !== undefined || readKey(object, 'errorReason') !== undefined
  if (isAnswer && typeof id === 'string' && /^[1-9A-HJ-NP-Za-km-z]{86,88}$/.test(id)) walk.solanaTransaction ??= id
  const transaction = readKey(object, 'transaction')
  const from = typeof transaction === 'object' && transaction !== null ? readKey(transaction, 'from') : readKey(object, 'sender')
  if (typeof from === 'string' && /^0x[0-9a-fA-F]{40}$/.test(from)) walk.relayer ??= from
}

/**
 * web3.js's sentences of what it has sent: TransactionExpiredBlockheightExceededError, TransactionExpiredTimeoutError and TransactionExpiredNonceInvalidError.
 * Source: npm @solana/web3.js 1.99.0. Anywhere else 64 bytes of base58 can be a secret key.
 */
const sentOnSolana =
  /\bSignature ([1-9A-HJ-NP-Za-km-z]{64,88}) has expired\b|\bCheck signature ([1-9A-HJ-NP-Za-km-z]{64,88}) using the Solana Explorer\b/i

function isHash(value: string): value is Hex {
  return /^0x[0-9a-fA-F]{64}$/.test(value)
}

function visitString(walk: Walk, raw: string, key: string, via: readonly string[], depth: number): void {
  const budget = Math.min(textLimit, textBudget - walk.characters)
  if (budget <= 0) return
  const text = raw.length > budget ? raw.slice(0, budget) : raw
  walk.characters += text.length
  const trimmed = text.trim()
  const lowerKey = key.toLowerCase()
  for (const answer of answersIn(trimmed)) visit(walk, answer, key, [...via, 'base64'], depth + 1)
  if (readHex(walk, trimmed, lowerKey, via)) return
  const parsed = parseJson(trimmed)
  if (parsed !== undefined) {
    // Codes and statuses are written as whole numbers; `3.0` is a version.
    if (typeof parsed.value === 'number') offer(walk, /^-?\d+$/.test(trimmed) ? numberError(parsed.value) : undefined, via)
    else visit(walk, parsed.value, key, parsed.whole ? via : [...via, ...outerText(walk, parsed.before)], depth + 1)
    if (parsed.whole) return
  }
  if (reasonKeys.has(lowerKey) || lowerKey === '') readReason(walk, trimmed, lowerKey, via)
  readPlain(walk, trimmed, via)
}

/** Words in front of a JSON answer, such as `429 Too Many Requests`, are read by themselves, and name the wrapper. */
function outerText(walk: Walk, before: string): string[] {
  const status = /\b([45]\d\d)\b/.exec(before.slice(0, 200))
  return status === null || walk.nodes > nodeLimit ? [] : [`HTTP ${status[1]}`]
}

function readPlain(walk: Walk, text: string, via: readonly string[]): void {
  const readable = readableText(text)
  if (readable === '') return
  const shown = htmlTitle(readable) ?? readable
  if (walk.texts.length < 8 && !walk.texts.includes(shown)) walk.texts.push(shorten(shown, 600))
  const spokenOf = chainIn(readable)
  if (spokenOf !== undefined) walk.spokenOf.add(spokenOf)
  for (const clue of readText(readable, walk.chain ?? spokenOf))
    offer(walk, shown === readable ? clue : { ...clue, message: shorten(shown, 500) }, via)
  const relayer = findRelayer(readable)
  if (relayer !== undefined) walk.relayer ??= relayer
  const hash = /\b(?:transaction|tx)(?:(?: with)? ?hash)?["':= ]{0,4}(0x[0-9a-fA-F]{64})(?![0-9a-fA-F])/i.exec(readable)?.[1]
  if (hash !== undefined && isHash(hash)) walk.transaction ??= hash
  const [, expired, unseen] = sentOnSolana.exec(readable) ?? []
  const id = expired ?? unseen
  if (id !== undefined) walk.solanaTransaction ??= id
}

/** The title of an error page; undefined for text that is no page. */
function htmlTitle(text: string): string | undefined {
  const lower = text.slice(0, 4096).toLowerCase()
  if (!lower.includes('<html') && !lower.includes('<!doctype')) return undefined
  const start = lower.indexOf('<title')
  const open = lower.indexOf('>', start)
  const end = lower.indexOf('</title', start)
  return start < 0 || open < 0 || end < open ? 'an HTML page' : text.slice(open + 1, end).trim()
}

/** A string that is nothing but hex: revert data, unless it is an address, a hash or a signature. */
function readHex(walk: Walk, text: string, key: string, via: readonly string[]): boolean {
  const prefixed = /^0x/i.test(text)
  const digits = prefixed ? text.slice(2) : text
  if (!/^[0-9a-fA-F]*$/.test(digits) || (digits === '' && !prefixed)) return false
  const selector = `0x${digits.slice(0, 8).toLowerCase()}`
  if (!prefixed && (digits.length % 64 !== 8 || !isErrorSelector(selector))) return false
  if (isCallSelector(selector) && digits.length > 8) {
    if (key === '') walk.texts.push(`calldata, not revert data: ${shorten(text, 100)}`)
    return true
  }
  const here = key === '' || dataKeys.has(key)
  // A wallet's no is four bytes, as a word or alone.
  if (/^f{8}(?:0{56})?$/i.test(digits)) offer(walk, decodeData(bytesOfDigits(digits)), via)
  else if (here && (digits.length !== 40 || isErrorSelector(selector)) && digits.length !== 64 && digits.length !== 130) {
    offer(walk, decodeData(bytesOfDigits(digits)), via)
  } else if (isErrorSelector(selector) && digits.length > 8) offer(walk, decodeData(bytesOfDigits(digits)), via)
  if (key === '') walk.texts.push(shorten(text, 100))
  return true
}

function readReason(walk: Walk, text: string, key: string, via: readonly string[]): void {
  if (text.length > 400 || /^[A-Z]/.test(text) || withoutDenials(text).trim() === '') return
  const known = findReason(text)
  const code = text.split(/[: (]/, 1)[0] ?? ''
  const sure = sureReasonKeys.has(key) || (key === '' && isReasonForm(text))
  if (known !== undefined) offer(walk, reasonError(known.code, known, readableText(text)), via)
  else if (sure && isReasonForm(code)) {
    // A code that nobody is known to use may still be a sentence that a node or a token is known for.
    const rule = findNodeRule(text, walk.chain ?? chainIn(text))
    if (rule !== undefined) offer(walk, ruleError(rule, readableText(text), undefined), via)
    offer(walk, reasonError(code, undefined, readableText(text)), via)
  }
}

/** x402's answers as they travel in headers, PAYMENT-REQUIRED and PAYMENT-RESPONSE, or the value alone. */
const answerForm = /(?:^["']?|\b(?:x-)?payment-(?:required|response)["']?\s{0,4}[:=]\s{0,4}["']?)(ey[A-Za-z0-9+/_-]{20,}={0,2})/gi

function* answersIn(text: string): Generator<object> {
  if (!/ey[JA]/.test(text)) return
  for (const [, value = ''] of text.matchAll(answerForm)) {
    const decoded = decodeBase64(value)
    const parsed = decoded.ok ? tryJson(new TextDecoder().decode(decoded.bytes)) : undefined
    if (typeof parsed?.value === 'object' && parsed.value !== null) yield parsed.value
  }
}

interface Parsed {
  readonly value: unknown
  readonly whole: boolean
  readonly before: string
}

/** JSON that is the whole text, or that stands in it from the first brace to the last. */
function parseJson(text: string): Parsed | undefined {
  if (text === '') return undefined
  const whole = tryJson(text)
  if (whole !== undefined)
    return typeof whole.value === 'string' && whole.value === text ? undefined : { ...whole, whole: true, before: '' }
  const start = text.indexOf('{')
  const end = text.lastIndexOf('}')
  if (start < 0 || end <= start) return undefined
  const inner = tryJson(text.slice(start, end + 1))
  return inner && { ...inner, whole: false, before: text.slice(0, start) }
}

function tryJson(text: string): { readonly value: unknown } | undefined {
  const first = text[0]
  if (first === undefined || !'{["-0123456789'.includes(first)) return undefined
  try {
    return { value: JSON.parse(text) }
  } catch {
    // Not JSON: it is read as text.
    return undefined
  }
}
