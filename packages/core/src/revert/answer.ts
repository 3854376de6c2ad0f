import type { CauseId } from '../causes/catalogue.ts'
import { redact } from '../sharing/redact.ts'
import type { ChainKind } from './chain-words.ts'
import { readableText } from './log-text.ts'
import { shorten } from './plain-text.ts'
import { decodeRevert, type Revert } from './revert.ts'

/** What an answer to a payment comes to. */
export type AnswerKind =
  /** It was not taken, for whatever reason. */
  | 'refused'
  /** Its transaction was sent, and nobody saw what became of it. */
  | 'pending'
  /** It is said to be settled. */
  | 'settled'
  /** It was looked at and called valid, and nothing was sent yet. */
  | 'valid'
  /** Somebody gave it as the answer, and it does not say no. */
  | 'unclear'

/** What was answered to a payment: by its token, a node, a facilitator or a server. Claims: nothing of it was seen by us. */
export interface Answer {
  readonly kind: AnswerKind
  /** Its own words as one plain line, safe to print. */
  readonly says: string
  readonly revert: Revert
  /** Whose payment it is about, where it says so itself: a payer's address or key, as written. */
  readonly payer?: string
  /** Whether it stood beside the payment in what was read, or somebody gave it. */
  readonly from: 'beside' | 'given'
}

/** Their words stand between quotes in ours, and are covered before they are cut: of a secret that was cut nobody can tell that it is one. */
function quotable(words: string): string {
  return shorten(redact(words).replaceAll(/["“”]/g, "'").replaceAll(/[✓✗→]/g, '-'), longestWords)
}

/** The longest that an answer is repeated. */
const longestWords = 240

/**
 * Reads what may be an answer: a text, a parsed body, an error object, or a list of such. Undefined where it is none: of what only stood beside a payment
 * not every word is an answer, while what somebody gives as one is a refusal whatever it says.
 */
export function readAnswer(input: unknown, from: Answer['from'], chain?: ChainKind): Answer | undefined {
  const revert = decodeRevert(input, chain === undefined ? {} : { chain })
  const kind = kindOf(revert, input, from)
  if (kind === undefined) return undefined
  const payer = payerIn(input, 0)
  return { kind, says: quotable(wordsOf(revert, input, kind)), revert, from, ...(payer === undefined ? {} : { payer }) }
}

function kindOf(revert: Revert, input: unknown, from: Answer['from']): AnswerKind | undefined {
  const { kind, name, causes, transaction, solanaTransaction } = revert
  if (kind === 'event') {
    if (name === 'isValid') return 'valid'
    // Any service wraps what it says in `success: true`.
    if (name === 'success' && from === 'beside' && !saysSettled(input, 0)) return undefined
    return name === 'AuthorizationCanceled' ? 'refused' : 'settled'
  }
  if (isPending(causes, (transaction ?? solanaTransaction) !== undefined)) return 'pending'
  if (saysSettled(input, 0)) return 'pending'
  if (kind !== 'unknown' || saysNo(input, 0)) return 'refused'
  return from === 'given' ? 'unclear' : undefined
}

/** It says so itself, or names a transaction of which it only knows that it waited for it in vain. */
function isPending(causes: readonly CauseId[], named: boolean): boolean {
  const [first] = causes
  return first === 'settlement-unconfirmed' || (named && causes.includes('settlement-unconfirmed') && causes.length < 6)
}

const noWords =
  /\b(?:fail(?:ed|ure|s)?|err(?:or)?|[A-Za-z]{2,40}Error|exception|refus(?:ed|al|es)|reject(?:ed|s)?|denied|forbidden|unauthori[sz]ed|revert(?:ed)?|invalid|declined|unsuccessful|unsupported|unable|unavailable|abort(?:ed)?|bad request|time(?:d )?-?out|insufficient|not enough|(?:can|could|did|does|was|is)(?: ?not|n't)|cannot|not (?:accepted|settled|valid))\b/i
/** A count of none, or a member that is there and empty. */
const noneOfThem =
  /\b(?:no|0|zero|without(?: any)?|not? an?) (?:err(?:or)?s?|failures?)\b|\b(?:err(?:or)?s?|failures?|failed)["']?\s{0,2}[:=]\s{0,2}(?:0\b|null\b|<?nil\b>?|undefined\b|none\b|no\b|n\/a|-(?=\s|$)|false\b|\[\]|""|'')|\b(?:not|n't|never|if (?:it|this|that)|would(?: this| it)?|might|may|could)(?: \w{2,8})? (?:fail|reject|refuse|revert)\w*/gi
/** Members in which `false` says that it was not taken. */
const takenKeys: ReadonlySet<string> = new Set(['success', 'isvalid', 'is_valid', 'valid', 'ok', 'verified', 'settled', 'accepted', 'paid'])
/** Members whose words are about what became of it. */
const wordKeys =
  /^(?:err(?:or)?s?|failures?|exception|reason|(?:error|invalid|error_|invalid_)(?:reason|message|type)|message|msg|details?|status|statustext|outcome|result|response|text|body|content|log|event|level|severity|raw|output|answered|stderr|stdout)$/i
/** What is set up, and nothing that happened. */
const otherKeys = /^(?:config|options|settings|logger|name|env|labels|tags)$/i
const deepest = 8

/** Members that the answer of a settlement has beside `success`. */
const settledKeys = ['transaction', 'txHash', 'transactionHash', 'payer', 'network', 'settled', 'errorReason'] as const

/** Whether somebody says that it is settled: `success: true` with what a settlement's answer has. */
function saysSettled(input: unknown, depth: number): boolean {
  if (depth > deepest || typeof input !== 'object' || input === null) return false
  if (Array.isArray(input)) return input.slice(0, 64).some((each) => saysSettled(each, depth + 1))
  const members = new Map(Object.entries(input).slice(0, 64))
  if (members.get('success') === true && settledKeys.some((key) => members.has(key))) return true
  return [...members.values()].some((value) => saysSettled(value, depth + 1))
}

/** The payer that an answer names. */
function payerIn(input: unknown, depth: number): string | undefined {
  if (depth > deepest || typeof input !== 'object' || input === null) return undefined
  const members = Array.isArray(input) ? input.slice(0, 64) : Object.values(input).slice(0, 64)
  const { payer } = input as { readonly payer?: unknown }
  if (typeof payer === 'string' && /^(?:0x[0-9a-fA-F]{40}|[1-9A-HJ-NP-Za-km-z]{32,44})$/.test(payer)) return payer
  for (const member of members) {
    const found = payerIn(member, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether it says no without a reason that is known. */
function saysNo(input: unknown, depth: number): boolean {
  if (typeof input === 'string') return noWords.test(input.slice(0, 20_000).replace(noneOfThem, ''))
  if (depth > deepest || typeof input !== 'object' || input === null) return false
  if (Array.isArray(input)) return input.slice(0, 64).some((each) => saysNo(each, depth + 1))
  return Object.entries(input)
    .slice(0, 64)
    .some(([key, value]) => {
      if (value === false || value === 0 || value === 'false') return takenKeys.has(key.toLowerCase())
      if (key === 'status' && value === '0x0') return true
      if (typeof value === 'string' && !wordKeys.test(key)) return false
      if (otherKeys.test(key)) return false
      const isTold = value !== null && value !== '' && value !== 0 && value !== true
      return isTold && ((/^(?:err(?:or)?s?|failures?)$/i.test(key) && !isEmpty(value)) || saysNo(value, depth + 1))
    })
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** `err="…"` and the like in a line of a log. */
const quotedWords =
  /\b(?:err(?:or)?|reason|cause|msg|message)["']?\s{0,2}[:=]\s{0,2}(?:"((?:[^"\\]|\\.){3,2000})"|'((?:[^'\\]|\\.){3,2000})')/gi

function wordsOf(revert: Revert, input: unknown, kind: AnswerKind): string {
  const { message } = revert
  const isWhole = revert.kind === 'unknown' || revert.kind === 'rpc-error' || revert.kind === 'reason-code' || revert.kind === 'http-error'
  if (kind === 'settled' || kind === 'valid' || !isWhole) return shorten(message, longestWords)
  const texts = (Array.isArray(input) ? input : [input]).filter((each): each is string => typeof each === 'string')
  const quoted = texts.flatMap((text) => [...text.matchAll(quotedWords)].map(([, double, single]) => readableText(double ?? single ?? '')))
  const found = quoted.reverse().find((each) => each.trim() !== '' && message.includes(each.trim().slice(0, 40)))
  if (found !== undefined) return shorten(found.trim(), longestWords)
  return shorten(message.startsWith('nothing to read') ? 'no, without a reason' : message, longestWords)
}
