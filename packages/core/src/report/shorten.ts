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

/** Two numbers or two hex strings; a caret below prose would mark nothing. */
export function comparable(a: string, b: string): boolean {
  return (/^\d+$/.test(a) && /^\d+$/.test(b)) || (/^0x[0-9a-f]+$/i.test(a) && /^0x[0-9a-f]+$/i.test(b))
}
