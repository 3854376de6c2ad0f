import { decodeBase64 } from '../bytes/base64.ts'
import { isList, isObject, type Json, parseJson } from './json.ts'

/** What tells a payment from another, in small letters and without `0x`: its nonce, its signature, bytes of its transaction. */
export type Marks = readonly string[]

/** Of a text, or of a JSON value, what is about one payment. */
export type Share<T> =
  /** It shows no other payment. */
  | { readonly kind: 'whole'; readonly showsIt: boolean }
  | { readonly kind: 'part'; readonly part: T }
  /** It shows others only, of which this is one. */
  | { readonly kind: 'another'; readonly other: string }

/** Which payments something shows, and the requests that it says it belongs to. */
interface Shown {
  readonly own: boolean
  readonly others: readonly string[]
  readonly requests: ReadonlyMap<string, string>
}

const mostChunks = 5_000
const mostRuns = 64
/** JSON that is not whole is looked through up to the end of the text each time. */
const mostBroken = 32
const deepest = 3

/** A nonce of EIP-3009 by its name, as JSON, logs, Rust, Go and Python write it. */
const nonceForm = /nonce["'\\]{0,4}\s{0,2}[:=(]?\s{0,2}["'\\]{0,4}(?:[a-z]{1,16}\(["']?)?(?:0x)?([0-9a-f]{64})(?![0-9a-f])/g
/** Calldata of the four calls of EIP-3009: the nonce is the sixth word. */
const callForm = /(?:e3ee160e|cf092995|ef55bec6|88b7ab63)[0-9a-f]{320}([0-9a-f]{64})/g
/** A signature by its name. */
const signatureForm = /signature["'\\]{0,4}\s{0,2}[:=(]\s{0,2}["'\\]{0,4}(?:[a-z]{1,16}\(["']?)?0x([0-9a-f]{128,})/g
const base64Form = /[A-Za-z0-9+/_-]{120,}={0,2}/g
const requestForm =
  /\b((?:x-)?(?:req(?:uest)?|trace|correlation|span)[_-]?id)["'\\]{0,4}\s{0,2}[:=]\s{0,2}["'\\]{0,4}([a-z0-9][a-z0-9._-]{0,79})/g

function shownIn(text: string, marks: Marks, depth = 0): Shown {
  const lower = text.toLowerCase()
  let own = marks.some((mark) => lower.includes(mark))
  const others = new Set<string>()
  for (const form of [nonceForm, callForm])
    for (const [, nonce = ''] of lower.matchAll(form))
      if (marks.includes(nonce)) own = true
      else others.add(`the nonce 0x${nonce}`)
  let runs = 0
  for (const [run] of text.matchAll(base64Form)) {
    if (depth >= deepest || runs++ >= mostRuns) break
    // Digits alone are hex, which stands in calldata and signatures.
    if (/^(?:0x)?[0-9a-f]+$/i.test(run)) continue
    const decoded = decodeBase64(run)
    if (!decoded.ok) continue
    if (isTransaction(decoded.bytes)) {
      if (!marks.some((mark) => run.toLowerCase().includes(mark))) others.add('another transaction')
      continue
    }
    const inside = shownIn(new TextDecoder().decode(decoded.bytes), marks, depth + 1)
    own ||= inside.own
    for (const other of inside.others) others.add(other)
  }
  const signatures = [...lower.matchAll(signatureForm)].map(([, digits = '']) => digits)
  // One authorization under another signature is another payment, on another chain or by another hand.
  if (signatures.length > 0 && !signatures.some((digits) => marks.some((mark) => digits.startsWith(mark)))) {
    own = false
    others.add(`the signature 0x${signatures[0]?.slice(0, 16)}…`)
  }
  return { own, others: [...others], requests: new Map([...lower.matchAll(requestForm)].map(([, name = '', id = '']) => [name, id])) }
}

/** Whether bytes are a transaction of Solana: as many signatures as its message asks for. */
function isTransaction(bytes: Uint8Array): boolean {
  const count = bytes[0] ?? 0
  const at = 1 + 64 * count
  if (count === 0 || count > 12 || bytes.length < at + 40) return false
  return bytes[at] === count || (bytes[at] === 0x80 && bytes[at + 1] === count)
}

/** A line, or JSON over several of them. */
function chunksOf(text: string): string[] {
  const chunks: string[] = []
  let start = 0
  let broken = 0
  while (start < text.length && chunks.length < mostChunks) {
    const lineEnd = text.indexOf('\n', start)
    let end = lineEnd === -1 ? text.length : lineEnd
    const brace = start + text.slice(start, end).search(/\S/)
    if (broken < mostBroken && (text.charAt(brace) === '{' || text.charAt(brace) === '[')) {
      const parsed = parseJson(text, brace)
      if (!parsed.ok) broken++
      if (parsed.ok && parsed.end > end) {
        const after = text.indexOf('\n', parsed.end)
        end = after === -1 ? text.length : after
      }
    }
    chunks.push(text.slice(start, end))
    start = end + 1
  }
  return chunks
}

/**
 * What belongs to one payment of what follows each other: what shows it, and what comes behind that without showing any, up to the next payment. Where another
 * one was still unanswered, whatever comes next could be about either, and is nobody's.
 */
function belonging<T>(parts: readonly { readonly of: T; readonly shown: Shown }[], before?: Shown): T[] {
  const first = before ?? parts.find(({ shown }) => shown.own || shown.others.length > 0)?.shown
  let current: 'own' | 'other' | undefined = first?.own === true && first.others.length === 0 ? 'own' : undefined
  let unanswered = false
  const requests = new Map(before?.requests)
  const kept: T[] = []
  for (const { of, shown } of parts) {
    const isOther = shown.others.length > 0
    if (shown.own && !isOther) {
      unanswered = current === 'other' && unanswered
      current = 'own'
      for (const [name, id] of shown.requests) requests.set(name, id)
      kept.push(of)
    } else if (isOther) {
      current = 'other'
      unanswered = true
    } else {
      const told = [...shown.requests].filter(([name]) => requests.has(name))
      const isSame = told.length > 0 && told.every(([name, id]) => requests.get(name) === id)
      if (isSame || (told.length === 0 && current === 'own' && !unanswered)) kept.push(of)
      // It may be what the other one was answered.
      if (current === 'other') unanswered = false
    }
  }
  return kept
}

/** What of a text is about the payment with these marks. `beforeIt` is what it follows, where that shows the payment. */
export function shareOfText(text: string, marks: Marks, beforeIt?: string): Share<string> {
  const whole = shownIn(text, marks)
  const before = beforeIt === undefined ? undefined : { ...shownIn(beforeIt, marks), own: true, others: [] }
  if (whole.others.length === 0 && (whole.requests.size === 0 || (!whole.own && before === undefined)))
    return { kind: 'whole', showsIt: whole.own }
  const parts = chunksOf(text).map((of) => ({ of, shown: shownIn(of, marks) }))
  if (before === undefined && !whole.own) return { kind: 'another', other: whole.others[0] ?? '' }
  const kept = parts.flatMap((part) => {
    // Of one document with both, the part that is this one's.
    if (!part.shown.own || part.shown.others.length === 0) return [part]
    const at = part.of.search(/[[{]/)
    const parsed = at === -1 ? undefined : parseJson(part.of, at)
    const share = parsed?.ok ? shareOfJson(parsed.value, marks) : undefined
    return share?.kind === 'part' ? [{ of: JSON.stringify(plainOf(share.part)), shown: { ...part.shown, others: [] } }] : [part]
  })
  return { kind: 'part', part: belonging(kept, before).join('\n') }
}

/** The same of a JSON value: entries of a list that show it, with what follows them, and members that show no other. */
export function shareOfJson(value: Json, marks: Marks): Share<Json> {
  const whole = shownIn(flat(value), marks)
  if (whole.others.length === 0) return { kind: 'whole', showsIt: whole.own }
  if (!whole.own) return { kind: 'another', other: whole.others[0] ?? '' }
  return { kind: 'part', part: cut(value, marks) ?? null }
}

function cut(value: Json, marks: Marks): Json | undefined {
  if (isList(value)) {
    const parts = value.map((of) => ({ of, shown: shownIn(flat(of), marks) }))
    const mended = parts.flatMap(({ of, shown }) => {
      if (!shown.own || shown.others.length === 0) return [{ of, shown }]
      const part = cut(of, marks)
      return part === undefined ? [] : [{ of: part, shown: { ...shown, others: [] } }]
    })
    return belonging(mended)
  }
  if (!isObject(value)) return typeof value === 'string' ? textPart(value, marks) : value
  const members = [...value].map(([key, of]) => ({ key, of, shown: shownIn(flat(of, key), marks) }))
  // Beside a payment and another one, the rest could be of either.
  const isBoth =
    members.some(({ shown }) => shown.own && shown.others.length === 0) &&
    members.some(({ shown }) => shown.others.length > 0 && !shown.own)
  return new Map(
    members.flatMap(({ key, of, shown }): [string, Json][] => {
      if (shown.others.length === 0) return shown.own || !isBoth ? [[key, of]] : []
      const part = shown.own ? cut(of, marks) : undefined
      return part === undefined ? [] : [[key, part]]
    }),
  )
}

function textPart(text: string, marks: Marks): string | undefined {
  const share = shareOfText(text, marks)
  return share.kind === 'part' ? share.part : undefined
}

/** Names and texts of a value, as a line of a log would have them. */
function flat(value: Json, key?: string): string {
  const out: string[] = []
  const walk = (each: Json, name: string): void => {
    if (isList(each)) for (const item of each) walk(item, name)
    else if (isObject(each)) for (const [own, member] of each) walk(member, own)
    else out.push(`${name}=${typeof each === 'string' ? each : typeof each === 'object' && each !== null ? each.digits : String(each)}`)
  }
  walk(value, key ?? '')
  return out.join('\n')
}

function plainOf(value: Json): unknown {
  if (isList(value)) return value.map(plainOf)
  if (isObject(value)) return Object.fromEntries([...value].map(([key, member]) => [key, plainOf(member)]))
  return typeof value === 'object' && value !== null ? Number(value.digits) : value
}
