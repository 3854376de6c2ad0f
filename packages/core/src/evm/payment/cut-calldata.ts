import { checksum } from '../../networks/checksum.ts'
import type { TokenCall } from './payment.ts'

/** The words of a call's arguments, in the order of the ABI, for the overload with v, r and s. */
const words = ['from', 'to', 'value', 'validAfter', 'validBefore', 'nonce', 'v', 'r', 's'] as const
/** For the one with bytes: where they begin, how many there are, and they themselves, which the test of a word's form does not reach. */
const bytesWords = [
  'from',
  'to',
  'value',
  'validAfter',
  'validBefore',
  'nonce',
  'offset of the signature',
  'length of the signature',
] as const

type Word = (typeof words)[number] | (typeof bytesWords)[number]

/** A time of this century in seconds, or in milliseconds by mistake; zero is "since ever". */
function isTime(word: string): boolean {
  const value = BigInt(`0x${word}`)
  return value === 0n || (value >= 1_000_000_000n && value < 10_000_000_000_000n)
}

/** Whether a word can be meant as what it stands for: an address has 24 zeros in front, and no amount fills half a word. */
const canBe: Readonly<Partial<Record<Word, (word: string) => boolean>>> = {
  from: (word) => word.startsWith('0'.repeat(24)),
  to: (word) => word.startsWith('0'.repeat(24)),
  value: (word) => word.startsWith('0'.repeat(32)),
  validAfter: isTime,
  validBefore: isTime,
  v: (word) => /^0{62}(?:0[01]|1[bc])$/i.test(word),
  'offset of the signature': (word) => BigInt(`0x${word}`) === 224n,
  'length of the signature': (word) => BigInt(`0x${word}`) < 65_536n,
}

/** Selector and arguments as they were found: `digits` are all hex digits that stand there, and `rest` what follows them. */
export interface CutCall {
  readonly called: TokenCall['function']
  readonly overload: TokenCall['overload']
  /** Hex digits behind the selector. */
  readonly digits: string
  /** What ends the digits where that is not the end of the text: "...". */
  readonly rest: string
}

/**
 * Why calldata can not be read as a call, by its digits alone, as the end of a sentence; undefined where its words stand where they should. Calldata that
 * was cut ends inside a word; with a digit too many or too few every word behind that one is shifted, and would be read as another payment.
 */
export function misread({ called, overload, digits, rest }: CutCall): string | undefined {
  const names: readonly Word[] = overload === 'vrs' ? words : bytesWords
  const full = 64 * names.length
  const shift = rest === '' ? shiftBy(digits.length, overload, full) : 0
  const isAligned = fits(names, digits, -1, 0)
  if (shift > 0 || (shift < 0 && !isAligned)) {
    const at = names.filter((_, index) => fits(names, digits, index, shift))
    const many = Math.abs(shift) === 1 ? 'a digit' : 'two digits'
    if (at.length > 0 && (!isAligned || digits.length % 2 === 1)) {
      return `calldata of ${called} with ${many} too ${shift > 0 ? 'many' : 'few'} in ${listed(at)}, so that what stands behind is shifted`
    }
  }
  if (rest === '' && digits.length % 2 === 0 && digits.length >= full) return undefined
  const whole = Math.floor(digits.length / 64)
  const cut = names[whole]
  const how = rest === '' ? 'that is cut' : `that is cut by ${rest}`
  const where =
    cut !== undefined
      ? `in ${cut}, its word ${whole + 1} of ${names.length}`
      : overload === 'vrs'
        ? 'behind its last word'
        : 'in the signature'
  return `calldata of ${called} ${how} ${where}${before(names.slice(0, whole), digits)}`
}

/** By how many digits the length is off, where that is one or two: of all of the call, or of the words that an ABI encoder fills up. */
function shiftBy(length: number, overload: TokenCall['overload'], full: number): number {
  const off = overload === 'vrs' ? length - full : ((length + 32) % 64) - 32
  return Math.abs(off) <= 2 ? off : 0
}

/** Whether all words can be meant when those behind the one at `at` stand `shift` digits later; that one itself is not looked at. */
function fits(names: readonly Word[], digits: string, at: number, shift: number): boolean {
  return names.every((name, index) => {
    const start = 64 * index + (at >= 0 && index > at ? shift : 0)
    const word = digits.slice(start, start + 64)
    return index === at || word.length < 64 || canBe[name]?.(word) !== false
  })
}

function listed(names: readonly string[]): string {
  return names.length === 1 ? `the word ${names[0] ?? ''}` : `one of the words ${names.join(', ')}`
}

/** The words that are whole, as far as people read them. */
function before(names: readonly Word[], digits: string): string {
  const shown = names.flatMap((name, index) => {
    const word = digits.slice(64 * index, 64 * index + 64)
    if (name === 'from' || name === 'to') return [`${name} ${checksum(`0x${word.slice(24)}`)}`]
    return name === 'value' || name === 'validAfter' || name === 'validBefore' ? [`${name} ${BigInt(`0x${word}`)}`] : []
  })
  return shown.length === 0 ? '' : ` (before it: ${shown.join(', ')})`
}
