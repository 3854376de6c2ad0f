/** How a base64 text differs from what RFC 4648's section 4 and x402's reference decoder want. */
export type Base64Slip = 'url-alphabet' | 'unpadded' | 'line-breaks' | 'percent-encoded'

export type Base64Result =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly slips: readonly Base64Slip[] }
  | { readonly ok: false; readonly problem: string }

/** Decodes both alphabets, padded or not, with white space anywhere; says which of these it met. One pass. */
export function decodeBase64(text: string): Base64Result {
  const slips = new Set<Base64Slip>()
  let source = text
  if (text.includes('%')) {
    source = text.replace(/%(?:2[BbFf]|3[Dd])/g, (code) => (code.startsWith('%3') ? '=' : code.toUpperCase() === '%2B' ? '+' : '/'))
    slips.add('percent-encoded')
  }
  const bytes = new Uint8Array(Math.ceil((source.length * 3) / 4))
  let length = 0
  let bits = 0
  let held = 0
  let digits = 0
  let padding = 0
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at)
    if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) {
      slips.add('line-breaks')
      continue
    }
    if (code === 0x3d) {
      padding++
      continue
    }
    const value = digitOf(code)
    if (value === undefined || padding > 0) return { ok: false, problem: `has a character that is not base64 at character ${at + 1}` }
    if (code === 0x2d || code === 0x5f) slips.add('url-alphabet')
    digits++
    bits = ((bits << 6) | value) & 0xfff
    held += 6
    if (held >= 8) {
      held -= 8
      bytes[length++] = (bits >>> held) & 0xff
    }
  }
  if (digits % 4 === 1) return { ok: false, problem: `has ${digits} base64 digits, one more than whole bytes have: it was cut or joined` }
  if ((digits + padding) % 4 !== 0) slips.add('unpadded')
  return { ok: true, bytes: bytes.subarray(0, length), slips: [...slips] }
}

function digitOf(code: number): number | undefined {
  if (code >= 0x41 && code <= 0x5a) return code - 0x41
  if (code >= 0x61 && code <= 0x7a) return code - 0x61 + 26
  if (code >= 0x30 && code <= 0x39) return code - 0x30 + 52
  if (code === 0x2b || code === 0x2d) return 62
  if (code === 0x2f || code === 0x5f) return 63
  return undefined
}

/** Standard base64, padded. */
export function bytesToBase64(bytes: Uint8Array): string {
  let text = ''
  // A call takes so many arguments at a time.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(text)
}
