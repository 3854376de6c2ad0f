import { decodeBase64 } from '../../bytes/base64.ts'
import { fromHex, toHex } from '../../bytes/bytes.ts'
import type { Hex } from '../../bytes/hex.ts'
import type { Edit } from './edit.ts'
import type { GeneratorId } from './generators.ts'
import type { Reading } from './hypothesis.ts'
import { curveOrder, type Ecdsa, readSignature, type SignatureBytes } from './signature.ts'
import { cutWrapper, describeWrapper, unwrap } from './wallets/wrappers.ts'

const edit = (cause: Edit['cause'], generator: GeneratorId, field: string, seen: string, expected: string, how?: string): Edit => ({
  cause,
  generator,
  field,
  seen,
  expected,
  ...(how === undefined ? {} : { how }),
})

const plainForm = '65 bytes: r, s, v'

/**
 * Every way in which the bytes can be read, those first that hardly can be meant otherwise. What does not change the key (v of 0 or 1, s in the
 * upper half, EIP-2098, a wrapper, an encoding) is undone in all of them; guesses change it.
 */
export function readings(signature: Hex): Reading[] {
  const found = read(signature, 0)
  const seen = new Set<string>()
  return [...found.filter(({ standing }) => standing === 'certain'), ...found.filter(({ standing }) => standing === 'guess')].filter(
    ({ ecdsa }) => {
      const key = `${ecdsa.r}:${ecdsa.s}:${ecdsa.yParity}`
      return !seen.has(key) && seen.add(key)
    },
  )
}

function read(signature: Hex, depth: number): Reading[] {
  const bytes = fromHex(signature)
  const inner =
    depth < 4
      ? inside(signature, bytes).flatMap(({ signature: each, why, isGuess }) =>
          read(each, depth + 1).map((reading): Reading => {
            const outer = behind(why, reading)
            return isGuess === true ? { ...outer, standing: 'guess' } : outer
          }),
        )
      : []
  const whole = readWhole(signature, bytes)
  // 64 and 65 bytes are first of all what they look like; anything inside them is a guess.
  return whole.length > 0 ? [...whole, ...inner.map((reading): Reading => ({ ...reading, standing: 'guess' }))] : inner
}

function behind(why: Edit, { ecdsa, edits, standing }: Reading): Reading {
  return { ecdsa, edits: [why, ...edits], standing }
}

function readWhole(signature: Hex, bytes: Uint8Array): Reading[] {
  const plain = readSignature(signature)
  switch (plain.length) {
    case 65:
      return [...asWritten(signature, plain), ...reordered(signature, bytes)]
    case 64:
      return compact(signature, plain)
    default:
      return plain.length >= 60 && plain.length < 64 ? zerosLost(bytes) : []
  }
}

function asWritten(signature: Hex, plain: SignatureBytes): Reading[] {
  const { ecdsa, problems, v = 0 } = plain
  const high = problems.includes('high-s') ? [highS] : []
  if (ecdsa === undefined) return unknownParity(signature, v, high)
  const form = problems.some((problem) => problem === 'v-0-or-1' || problem === 'v-invalid') ? [vForm(v, ecdsa.yParity)] : []
  return [
    { ecdsa, edits: [...high, ...form], standing: 'certain' },
    { ecdsa: flipped(ecdsa), edits: [...high, ...form, flippedEdit(v, ecdsa.yParity)], standing: 'guess' },
  ]
}

const flipped = (ecdsa: Ecdsa): Ecdsa => ({ ...ecdsa, yParity: ecdsa.yParity === 0 ? 1 : 0 })

const highS = edit('high-s', 's-negated', 'signature.s', 's in the upper half of the curve order', 's in the lower half of the curve order')

function vForm(v: number, yParity: 0 | 1): Edit {
  return edit(
    'v-0-or-1',
    'v-form',
    'signature.v',
    String(v),
    String(27 + yParity),
    v >= 35 ? 'in the form of EIP-155, which is for transactions' : undefined,
  )
}

function flippedEdit(v: number, yParity: 0 | 1): Edit {
  return edit('v-flipped', 'v-flipped', 'signature.v', String(v), String(28 - yParity))
}

/** v tells nothing (2 … 26, 29 … 34): both parities are open. */
function unknownParity(signature: Hex, v: number, high: readonly Edit[]): Reading[] {
  return ([0, 1] as const).flatMap((yParity): Reading[] => {
    const { ecdsa } = readSignature(`${signature.slice(0, 130) as Hex}${yParity === 0 ? '1b' : '1c'}`)
    return ecdsa === undefined ? [] : [{ ecdsa, edits: [...high, vForm(v, yParity)], standing: 'certain' }]
  })
}

const compactForm = edit('compact-eip2098', 'compact', 'signature', '64 bytes (EIP-2098)', plainForm)
const vLost = edit('signature-length', 'v-lost', 'signature', '64 bytes: r and s', plainForm, 'without its last byte v, which is 28')

/** EIP-2098, or r and s whose v was cut off: the two differ where the parity is odd. */
function compact(signature: Hex, { ecdsa }: SignatureBytes): Reading[] {
  if (ecdsa === undefined) return []
  const out: Reading[] = [
    { ecdsa, edits: [compactForm], standing: 'certain' },
    { ecdsa: { ...ecdsa, yParity: 1 }, edits: [vLost], standing: 'certain' },
    ...zerosLost(fromHex(signature)).map((reading): Reading => ({ ...reading, standing: 'guess' })),
  ]
  out.push(...withoutV(signature))
  const swapped: Hex = `0x${signature.slice(66)}${signature.slice(2, 66)}`
  const other = readSignature(swapped).ecdsa
  if (other !== undefined) {
    const why = edit('signature-byte-order', 'parts-swapped', 'signature', 's‖r, 64 bytes', plainForm)
    out.push({ ecdsa: other, edits: [why, compactForm], standing: 'guess' })
    if (other.yParity === 0) out.push({ ecdsa: { ...other, yParity: 1 }, edits: [why, vLost], standing: 'guess' })
    for (const { ecdsa: high, edits } of withoutV(swapped)) out.push({ ecdsa: high, edits: [why, ...edits], standing: 'guess' })
  }
  return out
}

/** An s in the upper half fills the bit that is the parity's in EIP-2098, so what has one lost its v: either parity. */
function withoutV(signature: Hex): Reading[] {
  return (['1b', '1c'] as const).flatMap((v): Reading[] => {
    const { ecdsa, problems } = readSignature(`${signature}${v}`)
    if (ecdsa === undefined || ecdsa.s >= curveOrder || !problems.includes('high-s')) return []
    const lost = edit(
      'signature-length',
      'v-lost',
      'signature',
      '64 bytes: r and s',
      plainForm,
      `without its last byte v, which is ${28 - ecdsa.yParity} with s in the lower half`,
    )
    return [{ ecdsa, edits: [highS, lost], standing: 'guess' }]
  })
}

/** The same 65 bytes as s‖r‖v, v‖r‖s, v‖s‖r, or with each number's bytes reversed. */
function reordered(signature: Hex, bytes: Uint8Array): Reading[] {
  const digits = signature.slice(2)
  const [a, b, v] = [digits.slice(0, 64), digits.slice(64, 128), digits.slice(128)]
  const [first, c, d] = [digits.slice(0, 2), digits.slice(2, 66), digits.slice(66)]
  const reversed = (from: number, to: number): string => toHex(bytes.slice(from, to).reverse()).slice(2)
  const out = [
    ...bothParities(`0x${b}${a}${v}`, 'parts-swapped', 's‖r‖v'),
    ...bothParities(
      `0x${reversed(0, 32)}${reversed(32, 64)}${v}`,
      'parts-reversed',
      'r‖s‖v with the bytes of r and s in the reverse order',
    ),
    ...bothParities(`0x${reversed(0, 65)}`, 'parts-reversed', 'all bytes in the reverse order'),
  ]
  // v in front is worth a look only where the first byte can be one.
  if (['00', '01', '1b', '1c'].includes(first)) {
    out.push(
      ...bothParities(`0x${c}${d}${first}`, 'parts-swapped', 'v‖r‖s'),
      ...bothParities(`0x${d}${c}${first}`, 'parts-swapped', 'v‖s‖r'),
    )
  }
  return out
}

function bothParities(signature: Hex, generator: GeneratorId, order: string): Reading[] {
  const why = edit('signature-byte-order', generator, 'signature', order, 'r‖s‖v')
  return readWholeOnly(signature).flatMap((reading) => [behind(why, reading)])
}

/** The readings of 65 bytes as r‖s‖v, each of them a guess. */
function readWholeOnly(signature: Hex): Reading[] {
  return asWritten(signature, readSignature(signature)).map((reading): Reading => ({ ...reading, standing: 'guess' }))
}

/** Up to five bytes too few: zeros in front of r or s that a number's text does not have. */
function zerosLost(bytes: Uint8Array): Reading[] {
  const out: Reading[] = []
  for (const hasV of [true, false]) {
    const missing = (hasV ? 65 : 64) - bytes.length
    for (let ofR = 0; ofR <= missing && missing > 0; ofR++) {
      const rLength = 32 - ofR
      const full = new Uint8Array(65)
      full.set(bytes.subarray(0, rLength), ofR)
      full.set(bytes.subarray(rLength), 32 + missing - ofR)
      if (!hasV) full[64] = 27
      const v = full[64] ?? 0
      if (hasV && ![0, 1, 27, 28].includes(v)) continue
      const { ecdsa, problems } = readSignature(toHex(full))
      if (ecdsa === undefined) continue
      const lost = [...(ofR > 0 ? [`${ofR} of r`] : []), ...(missing > ofR ? [`${missing - ofR} of s`] : [])].join(' and ')
      const why = edit(
        'signature-length',
        'bytes-lost',
        'signature',
        `${bytes.length} bytes`,
        plainForm,
        `without leading zero bytes: ${lost}${hasV ? '' : '; and without v'}`,
      )
      const high = problems.includes('high-s') ? [highS] : []
      for (const yParity of hasV ? [ecdsa.yParity] : ([0, 1] as const)) {
        out.push({ ecdsa: { ...ecdsa, yParity }, edits: [why, ...high], standing: 'certain' })
      }
    }
  }
  return out
}

/** What may be inside, and what had to be undone for it; a guess where other bytes inside are likelier. */
interface Inside {
  readonly signature: Hex
  readonly why: Edit
  readonly isGuess?: boolean
}

/** What the bytes may be an encoding of, or a wrapper around. */
function inside(signature: Hex, bytes: Uint8Array): Inside[] {
  const wrapper = unwrap(signature)
  if (wrapper !== undefined) {
    const why = edit('smart-wallet-signature', 'wrapper', 'signature', `${bytes.length} bytes: ${describeWrapper(wrapper)}`, plainForm)
    const inner = wrapper.inner.slice(0, 4).map((each) => ({ signature: each, why }))
    // Kernel's mode byte may as well be a byte of r, with other bytes behind the signature.
    if (wrapper.kind === 'kernel') return [...inner, ...withBytesAround(signature, bytes)]
    // In front of a key's own signature 20 bytes are no wallet's validator.
    return wrapper.kind === 'module' && wrapper.layout === 'in-front' ? withBytesAround(signature, bytes) : inner
  }
  // What is left of a wrapper begins with an address and an offset, which are no signature.
  if (cutWrapper(signature) !== undefined) return []
  return [...asText(bytes), ...asDer(bytes), ...asWords(bytes), ...withBytesAround(signature, bytes)]
}

/** Hex or base64 whose characters were taken for bytes. */
function asText(bytes: Uint8Array): Inside[] {
  if (bytes.length < 80 || bytes.length > 400) return []
  const text = new TextDecoder().decode(bytes).trim().replace(/^"|"$/g, '')
  const why = (how: string): Edit => edit('signature-length', 'text-encoded', 'signature', `${bytes.length} bytes`, plainForm, how)
  const digits = text.replace(/^0x/i, '')
  if (/^[0-9a-fA-F]+$/.test(digits)) {
    return digits.length % 2 === 0 ? [{ signature: `0x${digits.toLowerCase()}`, why: why('hex digits encoded as hex once more') }] : []
  }
  const decoded = decodeBase64(text)
  return decoded.ok ? [{ signature: toHex(decoded.bytes), why: why('the characters of a base64 text') }] : []
}

/** SEQUENCE of two INTEGERs, as key services answer; a byte behind them may be v. */
function asDer(bytes: Uint8Array): Inside[] {
  const total = bytes[1] ?? 0
  const behindIt = bytes.length - 2 - total
  if (bytes[0] !== 0x30 || (behindIt !== 0 && behindIt !== 1)) return []
  const r = derInteger(bytes, 2)
  const s = r === undefined ? undefined : derInteger(bytes, r.end)
  if (r === undefined || s === undefined || s.end !== 2 + total) return []
  const last = bytes[bytes.length - 1] ?? 0
  const why = edit('signature-byte-order', 'der', 'signature', `${bytes.length} bytes of DER`, plainForm)
  const digits = r.digits + s.digits
  const vs = behindIt === 1 && [0, 1, 27, 28].includes(last) ? [last < 27 ? last + 27 : last] : [27, 28]
  return vs.map((v) => ({ signature: `0x${digits}${v.toString(16)}`, why }))
}

function derInteger(bytes: Uint8Array, at: number): { readonly digits: string; readonly end: number } | undefined {
  const length = bytes[at + 1] ?? 0
  if (bytes[at] !== 0x02 || length === 0 || length > 33 || at + 2 + length > bytes.length) return undefined
  const number = BigInt(toHex(bytes.subarray(at + 2, at + 2 + length)))
  return number >> 256n === 0n ? { digits: number.toString(16).padStart(64, '0'), end: at + 2 + length } : undefined
}

/** abi.encode of bytes, or of r, s and v as words in one order or the other. */
function asWords(bytes: Uint8Array): Inside[] {
  const why = (how: string): Edit => edit('signature-length', 'words-encoded', 'signature', `${bytes.length} bytes`, plainForm, how)
  const number = (word: number): bigint => BigInt(toHex(bytes.subarray(32 * word, 32 * word + 32)))
  const digits = (word: number): string => toHex(bytes.subarray(32 * word, 32 * word + 32)).slice(2)
  if (bytes.length === 96) {
    if (number(2) < 256n) return [{ signature: `0x${digits(0)}${digits(1)}${digits(2).slice(-2)}`, why: why('r, s and v as three words') }]
    if (number(0) < 256n) return [{ signature: `0x${digits(1)}${digits(2)}${digits(0).slice(-2)}`, why: why('v, r and s as three words') }]
    return []
  }
  if (bytes.length < 128 || bytes.length > 192) return []
  const start = number(0) === 32n ? 1 : 0
  const length = number(start)
  if (length !== 64n && length !== 65n) return []
  const from = 32 * (start + 1)
  return [
    {
      signature: toHex(bytes.subarray(from, from + Number(length))),
      why: why('bytes as a contract call encodes them, with offset and length'),
    },
  ]
}

function withBytesAround(signature: Hex, bytes: Uint8Array): Inside[] {
  const why = (how: string): Edit => edit('signature-length', 'bytes-around', 'signature', `${bytes.length} bytes`, plainForm, how)
  const out: Inside[] = []
  // The compact form has 64 bytes; that it has more around it is no more than a guess.
  for (const size of [65, 64]) {
    const more = bytes.length - size
    // 65 bytes are r, s and v; only an s with its top bit set is a compact form's, with a byte behind it.
    if (more <= 0 || (more === 1 && size === 64 && (bytes[32] ?? 0) < 0x80)) continue
    const front: Hex = `0x${signature.slice(2, 2 + 2 * size)}`
    if (bytes.length === 2 * size && front.slice(2) === signature.slice(2 + 2 * size))
      return [{ signature: front, why: why('the signature twice') }]
    const [follow, stand] = more === 1 ? ['byte follows', 'byte stands'] : ['bytes follow', 'bytes stand']
    const isGuess = size === 64
    out.push(
      { signature: front, why: why(`${more} ${follow} the signature`), isGuess },
      { signature: `0x${signature.slice(-2 * size)}`, why: why(`${more} ${stand} in front of the signature`), isGuess },
    )
  }
  return out
}
