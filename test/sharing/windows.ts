import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { Hex } from 'viem'

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
/** Hex digits of 8 bytes. */
const width = 16
/** Decimal digits of about 8 bytes. */
const decimalWidth = 19

/** The texts that a reader who wants the number looks at: every encoding undone, wherever in the text it begins. Hex digits each. */
function views(text: string): string[] {
  const hex = (bytes: Iterable<number>): string => Buffer.from(Uint8Array.from(bytes)).toString('hex')
  const unescaped = text.replace(/\\+x([0-9a-f]{2})|\\+u00([0-9a-f]{2})|\\+u\{([0-9a-f]{1,2})\}/gi, (_, a, b, c) =>
    String.fromCharCode(Number.parseInt(a ?? b ?? c, 16)),
  )
  const numbers = [...text.matchAll(/-?\d+/g)].map(([digits]) => Number(digits)).filter((number) => number >= -128 && number < 256)
  const digits = text.toLowerCase()
  const out = [
    digits.replace(/[^0-9a-f]/g, ''),
    digits.replace(/0x|\\x|[^0-9a-f]/g, ''),
    hex(numbers),
    hex(numbers.filter((_, index) => index % 2 === 0)),
    hex(numbers.filter((_, index) => index % 2 === 1)),
    hex([...unescaped].map((character) => character.charCodeAt(0))),
  ]
  for (const [run] of text.replace(/\\+\//g, '/').matchAll(/[A-Za-z0-9+/_-]{11,}/g)) {
    for (let start = 0; start < 4; start++) {
      const bytes = Buffer.from(run.slice(start), 'base64')
      out.push(
        bytes.toString('hex'),
        bytes
          .toString('latin1')
          .replace(/[^0-9a-fA-F]/g, '')
          .toLowerCase(),
      )
    }
  }
  return out
}

/** The forms of s that a reader looks for: s and n − s, and their bytes from the other end. */
function wanted(s: string): { readonly hex: ReadonlySet<string>; readonly decimal: ReadonlySet<string> } {
  const [hex, decimal] = [new Set<string>(), new Set<string>()]
  for (const digits of [s, (order - BigInt(`0x${s}`)).toString(16).padStart(64, '0')]) {
    for (const each of [digits, Buffer.from(digits, 'hex').reverse().toString('hex')]) {
      for (let at = 0; at + width <= each.length; at++) {
        hex.add(each.slice(at, at + width))
        decimal.add(String(BigInt(`0x${each.slice(at, at + width)}`)))
      }
      const number = String(BigInt(`0x${each}`))
      for (let at = 0; at + decimalWidth <= number.length; at++) decimal.add(number.slice(at, at + decimalWidth))
    }
  }
  return { hex, decimal }
}

/** Finds eight bytes in a row of s or n − s in a text, in whichever encoding; undefined where there are none. */
export function finder(s: string): (text: string) => string | undefined {
  const { hex, decimal } = wanted(s)
  return (text) => {
    for (const view of views(text))
      for (let at = 0; at + width <= view.length; at++) if (hex.has(view.slice(at, at + width))) return view.slice(at, at + width)
    for (const [run] of text.matchAll(/\d{17,}/g)) {
      if (decimal.has(run)) return run
      for (let at = 0; at + decimalWidth <= run.length; at++)
        if (decimal.has(run.slice(at, at + decimalWidth))) return run.slice(at, at + decimalWidth)
      if (run.length < 400) {
        const number = BigInt(run).toString(16)
        for (let at = 0; at + width <= number.length; at++) if (hex.has(number.slice(at, at + width))) return run
      }
    }
    return undefined
  }
}

/** How many bytes of s stand in a text, in pieces of at least four. */
export function coveredBytes(text: string, s: string): number {
  const seen = new Set<number>()
  const pieces = new Map(Array.from({ length: s.length - 7 }, (_, at) => [s.slice(at, at + 8), at]))
  for (const view of views(text)) {
    for (let at = 0; at + 8 <= view.length; at++) {
      const found = pieces.get(view.slice(at, at + 8))
      for (let digit = 0; found !== undefined && digit < 8; digit++) seen.add(found + digit)
    }
  }
  return seen.size / 2
}

/** What of a text may be a half of a signature: 32 bytes, or the beginning of 32 bytes of which up to two are missing. Hex digits. */
export function wordsIn(text: string): { readonly words: readonly string[]; readonly beginnings: readonly string[] } {
  const runs = [...text.matchAll(/[0-9a-fA-F]{60,200}/g)].map(([digits]) => digits.toLowerCase())
  for (const [digits] of text.matchAll(/\d{60,78}/g)) runs.push(BigInt(digits).toString(16).padStart(64, '0'))
  for (const [list] of text.matchAll(/(?:\d{1,3},\s*){29,70}\d{1,3}/g)) runs.push(Buffer.from(list.split(',').map(Number)).toString('hex'))
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{40,100}/g)) {
    if (!/^(?:0x)?[0-9a-fA-F]+$/.test(run)) runs.push(Buffer.from(run, 'base64').toString('hex'))
  }
  const [words, beginnings] = [new Set<string>(), new Set<string>()]
  for (const run of runs) {
    for (const from of [0, 2, 64, 66, run.length - 64]) {
      const part = run.slice(Math.max(0, from), Math.max(0, from) + 64)
      if (part.length === 64) words.add(part)
    }
    // Cut at its end, alone or behind an r.
    const last = run.slice(run.length < 64 ? 0 : 64)
    if (last.length >= 60 && last.length < 64) beginnings.add(last)
  }
  return { words: [...words], beginnings: [...beginnings] }
}

/** The s that begins so and belongs to r, by trying all that it can be: s·R = z·G + r·Q, a step of R at a time. */
export function completed(beginning: string, r: string, digest: Hex, publicKey: Hex): string | undefined {
  const { Point } = secp256k1
  const x = BigInt(`0x${r}`)
  const missing = 64 - beginning.length
  let point: InstanceType<typeof Point>
  try {
    point = Point.fromHex(`02${r}`)
  } catch {
    // No point has this x: it is no r.
    return undefined
  }
  const key = Point.fromHex(publicKey.slice(2))
  const target = Point.BASE.multiplyUnsafe(BigInt(digest) % order).add(key.multiplyUnsafe(x % order))
  const first = BigInt(`0x${beginning.padEnd(64, '0')}`)
  let at = point.multiplyUnsafe(first % order)
  for (let step = 0; step < 16 ** missing; step++, at = at.add(point)) {
    if (at.equals(target) || at.negate().equals(target)) return (first + BigInt(step)).toString(16).padStart(64, '0')
  }
  return undefined
}
