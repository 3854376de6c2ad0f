import { isMeantAsPayment, type Place } from '@eip3009/core/internal'

/** A piece of a log, and where it stands. */
export interface Piece {
  readonly text: string
  readonly place: Place
}

interface Looked extends Piece {
  readonly ids: ReadonlySet<string>
  readonly is: 'payment' | 'answer' | 'other'
}

/** An answer is looked for in so many records behind a payment. */
const ahead = 256
/** Ids of payments that went by: one that comes again says nothing. */
const mostKept = 10_000

/**
 * The pieces of a log of JSON, and behind each payment the record that answers it, where an id or the nonce says so of that record alone and of no other
 * payment: what is only near is no answer to it.
 */
export async function* withAnswers(pieces: AsyncIterable<Piece> | Iterable<Piece>): AsyncGenerator<Piece> {
  const window: Looked[] = []
  const past = new Set<string>()
  const next = (): Piece | undefined => {
    const first = window.shift()
    if (first === undefined || first.is !== 'payment') return first
    const { text, place, ids } = first
    const answer = answerTo(ids, window, past)
    for (const id of ids) past.add(id)
    for (const id of past) if (past.size > mostKept) past.delete(id)
    // A nonce in another document would make that another payment.
    return answer === undefined ? first : { text: `${text.trimEnd()}\n${answer.text.replace(nonces, '"nonce":""')}`, place }
  }
  for await (const piece of pieces) {
    window.push(looked(piece))
    if (window.length <= ahead) continue
    const first = next()
    if (first !== undefined) yield first
  }
  for (let first = next(); first !== undefined; first = next()) yield first
}

function answerTo(ids: ReadonlySet<string>, following: readonly Looked[], past: ReadonlySet<string>): Looked | undefined {
  for (const id of ids) {
    if (past.has(id)) continue
    const same = following.filter((each) => each.ids.has(id))
    if (same.some(({ is }) => is === 'payment')) continue
    const [only, ...others] = same.filter(({ is }) => is === 'answer')
    if (only !== undefined && others.length === 0) return only
  }
  return undefined
}

const answers = /"(?:success|isValid|errorReason|invalidReason|error|err|errorMessage|transaction|txHash|transactionHash)"\s*:/
const idName = /^(?:id|(?:x-?)?(?:request|req|trace|correlation|payment)[-_]?id)$/i
const nonces = /"nonce"\s*:\s*"(0x[0-9a-f]{64})"/gi

function looked(piece: Piece): Looked {
  const { text } = piece
  const isPayment = isMeantAsPayment(text)
  if (!isPayment && !answers.test(text)) return { ...piece, ids: new Set(), is: 'other' }
  const ids = new Set([...text.matchAll(nonces)].map(([, nonce = '']) => `nonce ${nonce.toLowerCase()}`))
  for (const [name, value] of Object.entries(objectIn(text)))
    if (idName.test(name) && (typeof value === 'string' || typeof value === 'number') && String(value).length > 0)
      ids.add(`${name.toLowerCase().replace(/[-_]/g, '')} ${value}`)
  return { ...piece, ids, is: isPayment ? 'payment' : 'answer' }
}

function objectIn(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  } catch {
    // What is broken has no id that could be trusted.
    return {}
  }
}
