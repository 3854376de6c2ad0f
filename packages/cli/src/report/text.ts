/** Colours a piece of text, or leaves it as it is. */
export interface Paint {
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly warn: (text: string) => string
  readonly strong: (text: string) => string
  readonly dim: (text: string) => string
}

const sgr =
  (open: number, close: number) =>
  (text: string): string =>
    `\u001b[${open}m${text}\u001b[${close}m`
const plain = (text: string): string => text

export function paint(color: boolean): Paint {
  return color
    ? { good: sgr(32, 39), bad: sgr(31, 39), warn: sgr(33, 39), strong: sgr(1, 22), dim: sgr(2, 22) }
    : { good: plain, bad: plain, warn: plain, strong: plain, dim: plain }
}

/** Breaks text at spaces into lines of at most `width` characters; a longer word keeps a line of its own, so that it can still be copied. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

/** An address or 32 bytes as its first and last digits, also where stars cover some; anything else whole. */
export function shorten(value: string): string {
  return /^0x[0-9a-fA-F*]{33,}$/.test(value) ? `${value.slice(0, 10)}…${value.slice(-8)}` : value
}

/** A sentence with each address and each 32 bytes in it shortened. */
export function shortenAll(text: string): string {
  return text.replace(/0x[0-9a-fA-F*]{40,64}/g, shorten)
}

/** Where two texts first differ, undefined when they are the same. */
export function firstDifference(a: string, b: string): number | undefined {
  if (a === b) return undefined
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return i
  return length
}
