import { sha256 } from '@noble/hashes/sha2.js'
import { toHex } from '../../bytes/bytes.ts'
import type { Hex } from '../../bytes/hex.ts'
import { padding } from '../../sharing/windows.ts'
import { readings } from './readings.ts'
import { curveOrder } from './signature.ts'
import { unwrapAll } from './wallets/wrappers.ts'

/** Leaves the bytes of a signature out of a text, so that only who has the signature can put them back. */
export interface Blanks {
  /** The text with each piece of the signature as `{TAG.DIGITS}`: what it is, and how many hex digits it had. */
  readonly blank: (text: string) => string
  readonly fill: (text: string) => string
}

/** Hex digits of a word. */
const wide = 64

const blanks = /\{([0-9a-f]{16})\.(\d{1,6})\}/g

const runs = /[0-9a-fA-F]{64,}/g

/** Zeros where bytes were left out: what is read so has its form, and nothing of the signature. */
export const emptied: Pick<Blanks, 'fill'> = { fill: (text) => text.replace(blanks, (_, __, digits: string) => '0'.repeat(Number(digits))) }

/**
 * For the bytes of one signature: whole, what its wrappers hold, r and s of each way to read it with what s is otherwise (n − s, and with EIP-2098's bit),
 * and every word of it.
 */
export function blanksFor(signature: Hex): Blanks {
  const { whole, words } = piecesOf(signature.slice(2).toLowerCase(), signature)
  const tags = new Map([...whole, ...words].map((piece) => [piece, `{${tagOf(piece)}.${piece.length}}`]))
  const pieces = new Map([...tags].map(([piece, tag]) => [tag, piece]))
  return {
    blank(text) {
      // Those that are known for what they are first: a word that begins in the middle of one would leave its end.
      const without = text.replace(runs, (run) => whole.reduce((rest, piece) => blankPiece(rest, piece, tags.get(piece) ?? ''), run))
      return without.replace(runs, (run) => blankWords(run, words, tags))
    },
    fill: (text) => text.replace(blanks, (tag) => pieces.get(tag) ?? tag),
  }
}

function piecesOf(digits: string, signature: Hex): { readonly whole: readonly string[]; readonly words: ReadonlySet<string> } {
  const inner = unwrapAll(signature).inner.map((each) => each.slice(2).toLowerCase())
  const halves = readings(signature).flatMap(({ ecdsa: { r, s } }) => [r, s, curveOrder - (s % curveOrder), s | (1n << 255n)].map(wordOf))
  const whole = [...new Set([digits, ...inner, ...halves])].filter((piece) => piece.length >= wide)
  const words = new Set<string>()
  for (let at = 0; at + wide <= digits.length; at += 2) {
    const word = digits.slice(at, at + wide)
    // Contracts fill words with zeros, and lengths and addresses are no secret.
    if (!padding.test(word)) words.add(word)
  }
  return { whole: whole.toSorted((one, other) => other.length - one.length), words }
}

function blankPiece(run: string, piece: string, tag: string): string {
  let out = ''
  let from = 0
  const lower = run.toLowerCase()
  for (let at = lower.indexOf(piece); at !== -1; at = lower.indexOf(piece, from)) {
    out += run.slice(from, at) + tag
    from = at + piece.length
  }
  return out + run.slice(from)
}

function blankWords(run: string, words: ReadonlySet<string>, tags: ReadonlyMap<string, string>): string {
  const lower = run.toLowerCase()
  let out = ''
  let from = 0
  for (let at = 0; at + wide <= run.length; ) {
    const word = lower.slice(at, at + wide)
    if (!words.has(word)) {
      at++
      continue
    }
    out += run.slice(from, at) + (tags.get(word) ?? '')
    at += wide
    from = at
  }
  return out + run.slice(from)
}

function wordOf(number: bigint): string {
  return number.toString(16).padStart(wide, '0')
}

/** Tells nothing of a piece to who does not have it: half of a signature can't be guessed. */
function tagOf(piece: string): string {
  return toHex(sha256(new TextEncoder().encode(piece))).slice(2, 18)
}
