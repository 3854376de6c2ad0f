import type { CauseId } from '../causes/catalogue.ts'
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

/** What was answered to a payment: by its token, a node, a facilitator or a server. Claims: nothing of it was seen by us. */
export interface Answer {
  readonly kind: AnswerKind
  /** Its own words as one plain line, safe to print. */
  readonly says: string
  readonly revert: Revert
  /** Whether it stood beside the payment in what was read, or somebody gave it. */
  readonly from: 'beside' | 'given'
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
  return kind === undefined ? undefined : { kind, says: wordsOf(revert, input, kind), revert, from }
}

function kindOf(revert: Revert, input: unknown, from: Answer['from']): AnswerKind | undefined {
  const { kind, name, causes, transaction, solanaTransaction } = revert
  if (kind === 'event') {
    if (name === 'isValid') return 'valid'
    return name === 'AuthorizationCanceled' ? 'refused' : 'settled'
  }
  if (isPending(causes, (transaction ?? solanaTransaction) !== undefined)) return 'pending'
  if (kind !== 'unknown') return 'refused'
  return from === 'given' || saysNo(input, 0) ? 'refused' : undefined
}

/** It says so itself, or names a transaction of which it only knows that it waited for it in vain. */
function isPending(causes: readonly CauseId[], named: boolean): boolean {
  const [first] = causes
  return first === 'settlement-unconfirmed' || (named && causes.includes('settlement-unconfirmed') && causes.length < 6)
}

const noWords =
  /\b(?:fail(?:ed|ure|s)?|err(?:or)?|refus(?:ed|al|es)|reject(?:ed|s)?|denied|revert(?:ed)?|invalid|declined|unsuccessful|not (?:accepted|settled|valid))\b/i
/** A count of none, or a member that is there and empty. */
const noneOfThem =
  /\b(?:no|0|zero|without(?: any)?) (?:err(?:or)?s?|failures?)\b|\b(?:err(?:or)?s?|failures?|failed)["']?\s{0,2}[:=]\s{0,2}(?:0\b|null\b|nil\b|none\b|false\b|\[\]|""|'')/gi
/** Members in which `false` says that it was not taken. */
const takenKeys: ReadonlySet<string> = new Set(['success', 'isvalid', 'is_valid', 'valid', 'ok', 'verified', 'settled', 'accepted', 'paid'])
const deepest = 8

/** Whether it says no without a reason that is known. */
function saysNo(input: unknown, depth: number): boolean {
  if (typeof input === 'string') return noWords.test(input.slice(0, 20_000).replace(noneOfThem, ''))
  if (depth > deepest || typeof input !== 'object' || input === null) return false
  if (Array.isArray(input)) return input.slice(0, 64).some((each) => saysNo(each, depth + 1))
  return Object.entries(input)
    .slice(0, 64)
    .some(([key, value]) => {
      if (value === false) return takenKeys.has(key.toLowerCase())
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
