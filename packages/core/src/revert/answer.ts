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
  /** What it shows of other payments, where it shows those only. */
  readonly other?: string
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
 * not every word is an answer, while what somebody gives as one is at least unclear. Never throws, and does a bounded amount of work whatever it is given.
 */
export function readAnswer(input: unknown, from: Answer['from'], chain?: ChainKind): Answer | undefined {
  const revert = decodeRevert(input, chain === undefined ? {} : { chain })
  const signs = signsIn(input)
  const kind = kindOf(revert, signs, from)
  if (kind === undefined) return undefined
  const { payer } = signs
  return { kind, says: quotable(wordsOf(revert, input, kind)), revert, from, ...(payer === undefined ? {} : { payer }) }
}

function kindOf(revert: Revert, { no, settled }: Signs, from: Answer['from']): AnswerKind | undefined {
  const { kind, name, causes, transaction, solanaTransaction } = revert
  if (kind === 'event') {
    if (name === 'isValid') return 'valid'
    // Any service wraps what it says in `success: true`.
    if (name === 'success' && from === 'beside' && !settled) return undefined
    return name === 'AuthorizationCanceled' ? 'refused' : 'settled'
  }
  if (isPending(causes, (transaction ?? solanaTransaction) !== undefined)) return 'pending'
  if (settled) return 'pending'
  if (kind !== 'unknown' || no) return 'refused'
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

const errorKey = /^(?:err(?:or)?s?|failures?|exception)$/i
const payerForm = /^(?:0x[0-9a-fA-F]{40}|[1-9A-HJ-NP-Za-km-z]{32,44})$/
const mostNodes = 2_000
const mostMembers = 64

/** What an answer shows besides what it decodes to. */
interface Signs {
  /** It says no, with or without a reason that is known. */
  no: boolean
  /** `success: true` with what a settlement's answer has. */
  settled: boolean
  /** The payer that it names. */
  payer?: string
}

/** Looks through a value once: objects that hold each other, getters and proxies that throw do no harm. */
function signsIn(input: unknown): Signs {
  const signs: Signs = { no: false, settled: false }
  const seen = new WeakSet<object>()
  let nodes = 0
  const visit = (value: unknown, key: string | undefined, depth: number): void => {
    if (depth > deepest || nodes++ > mostNodes) return
    if (typeof value === 'string') {
      if (!signs.no && (key === undefined || wordKeys.test(key))) signs.no = noWords.test(value.slice(0, 20_000).replace(noneOfThem, ''))
      return
    }
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    const { members, isList } = membersOf(value)
    if (isList) {
      for (const member of members.values()) visit(member, undefined, depth + 1)
      return
    }
    if (members.get('success') === true && settledKeys.some((each) => members.has(each))) signs.settled = true
    const payer = members.get('payer')
    if (signs.payer === undefined && typeof payer === 'string' && payerForm.test(payer)) signs.payer = payer
    for (const [name, member] of members) {
      if (otherKeys.test(name)) continue
      const isNo = member === false || member === 0 || member === 'false'
      if (isNo && takenKeys.has(name.toLowerCase())) signs.no = true
      if (name === 'status' && member === '0x0') signs.no = true
      if (errorKey.test(name) && isTold(member)) signs.no = true
      if (!isNo) visit(member, name, depth + 1)
    }
  }
  visit(input, undefined, 0)
  return signs
}

/** Whether a member for an error has one. */
function isTold(value: unknown): boolean {
  if (typeof value === 'string') return value.replace(/^(?:null|nil|<nil>|undefined|none|no|n\/a|-|false|0)$/i, '').trim() !== ''
  if (typeof value === 'object' && value !== null) return membersOf(value).members.size > 0
  return value === true || (typeof value === 'number' && value !== 0)
}

/** The first members of an object or a list, without those that can not be read. */
function membersOf(value: object): { readonly members: ReadonlyMap<string, unknown>; readonly isList: boolean } {
  const members = new Map<string, unknown>()
  let isList = false
  try {
    isList = Array.isArray(value)
    const own = Object.keys(value).slice(0, mostMembers)
    // An error's own words are no member that is listed.
    for (const key of isList || own.includes('message') ? own : [...own, 'message']) {
      const member = memberOf(value, key)
      if (member !== undefined) members.set(key, member)
    }
  } catch {
    // A proxy may refuse to list its members: then it says nothing.
  }
  return { members, isList }
}

function memberOf(value: object, key: string): unknown {
  try {
    return Reflect.get(value, key)
  } catch {
    // A getter that throws has nothing to say.
    return undefined
  }
}

/** `err="…"` and the like in a line of a log. */
const quotedWords =
  /\b(?:err(?:or)?|reason|cause|msg|message)["']?\s{0,2}[:=]\s{0,2}(?:"((?:[^"\\]|\\.){3,2000})"|'((?:[^'\\]|\\.){3,2000})')/gi

/** A text, or the texts of a list. */
function textsOf(input: unknown): readonly unknown[] {
  if (typeof input !== 'object' || input === null) return [input]
  const { members, isList } = membersOf(input)
  return isList ? [...members.values()] : []
}

function wordsOf(revert: Revert, input: unknown, kind: AnswerKind): string {
  const { message } = revert
  const isWhole = revert.kind === 'unknown' || revert.kind === 'rpc-error' || revert.kind === 'reason-code' || revert.kind === 'http-error'
  if (kind === 'settled' || kind === 'valid' || !isWhole) return shorten(message, longestWords)
  const texts = textsOf(input).filter((each): each is string => typeof each === 'string')
  const quoted = texts.flatMap((text) => [...text.matchAll(quotedWords)].map(([, double, single]) => readableText(double ?? single ?? '')))
  const found = quoted.reverse().find((each) => each.trim() !== '' && message.includes(each.trim().slice(0, 40)))
  if (found !== undefined) return shorten(found.trim(), longestWords)
  return shorten(message.startsWith('nothing to read') ? 'no, without a reason' : message, longestWords)
}
