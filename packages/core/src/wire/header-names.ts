import { decodeBase64 } from '../bytes/base64.ts'
import type { Finding } from '../causes/finding.ts'
import { isList, isObject, type Json, parseJson } from './json.ts'

/** A header that carries a payment: `base64` is a value without a name. */
export interface NamedHeader {
  readonly name: string
  /** What findings call it. */
  readonly field: string
  readonly value: string
}

const x402Names: ReadonlyMap<string, 'X-PAYMENT' | 'PAYMENT-SIGNATURE'> = new Map([
  ['x-payment', 'X-PAYMENT'],
  ['payment-signature', 'PAYMENT-SIGNATURE'],
])

const mppName = 'Authorization: Payment'

/** MPP's header: `Authorization: Payment eyJ…`, its own name `Payment-Authorization`, or the scheme and the value alone. */
const mppHeader = /(?:^|authorization["']?\s*[:=]\s*["']?)payment\s+(ey[A-Za-z0-9+/_=-]{40,})/i
const namedHeader = /(?:^|[^A-Za-z0-9-])(x-payment|payment-signature)["']?\s*[:=]\s*(?=\S)/i
const bareHeader = /(?:^|[^A-Za-z0-9+/_.-])(e[wy][A-Za-z0-9+/_-]{100,}={0,2})(?![A-Za-z0-9+/_.-])/

/** A payment header by its name, in a text that may hold more. */
export function findNamedHeader(text: string): NamedHeader | undefined {
  const header = namedHeader.exec(text)
  const name = header?.[1] === undefined ? undefined : x402Names.get(header[1].toLowerCase())
  if (header !== null && name !== undefined) {
    const rest = text.slice(header.index + header[0].length)
    return { name, field: name, value: rest.startsWith('{') ? balanced(rest) : headerValue(rest) }
  }
  const credential = mppHeader.exec(text)?.[1]
  return credential === undefined ? undefined : { name: mppName, field: mppName, value: credential }
}

/** A header's value without its name, inside other text. */
export function findBareHeader(text: string): NamedHeader | undefined {
  const value = bareHeader.exec(text)?.[1]
  return value === undefined ? undefined : bare(value)
}

/** A payment header in a text, by its name or by its looks. */
export function findHeader(text: string): NamedHeader | undefined {
  return findNamedHeader(text) ?? wholeHeader(text) ?? findBareHeader(text)
}

/** A text that is a header's value and nothing else. */
export function wholeHeader(text: string): NamedHeader | undefined {
  if (text.length < 16 || !/^[A-Za-z0-9+/_=\s%-]+$/.test(text)) return undefined
  const decoded = decodeBase64(text)
  const first = decoded.ok ? decoded.bytes.find((byte) => byte > 0x20) : undefined
  // { or a quote or, of base64 in base64, the first letter of eyJ: anything else is no payment header.
  if (!decoded.ok ? !text.startsWith('ey') : first !== 0x7b && first !== 0x22 && !(first === 0x65 && text.startsWith('ZX')))
    return undefined
  return bare(headerValue(text))
}

/** A payment header among an HTTP dump's: a member, a pair of name and value as HAR has it, or two entries of a raw list. */
export function headerInJson(value: Json): NamedHeader | undefined {
  if (isList(value)) {
    for (const [index, item] of value.slice(0, 256).entries()) {
      const header = typeof item === 'string' ? headerOf(item, value[index + 1]) : undefined
      if (header !== undefined) return header
    }
    return undefined
  }
  if (!isObject(value)) return undefined
  const name = value.get('name') ?? value.get('key')
  const pair = typeof name === 'string' ? headerOf(name, value.get('value')) : undefined
  if (pair !== undefined) return pair
  for (const [key, member] of [...value].slice(0, 256)) {
    const header = headerOf(key, member)
    if (header !== undefined) return header
  }
  return undefined
}

function headerOf(key: string, member: Json | undefined): NamedHeader | undefined {
  const text = isList(member) ? member[0] : member
  if (typeof text !== 'string') return undefined
  const name = x402Names.get(key.toLowerCase())
  if (name !== undefined) return { name, field: name, value: text }
  const credential = /^(?:payment-)?authorization$/i.test(key) ? mppHeader.exec(text)?.[1] : undefined
  return credential === undefined ? undefined : { name: mppName, field: mppName, value: credential }
}

function bare(value: string): NamedHeader {
  return { name: 'base64', field: 'header', value }
}

/** The JSON object at the beginning of a text, without what follows. */
function balanced(text: string): string {
  const parsed = parseJson(text)
  return parsed.ok ? text.slice(0, parsed.end) : text
}

/** A header's value: up to a space or a quote, and on over the lines that are base64 and nothing else. */
function headerValue(rest: string): string {
  const [first = '', ...lines] = rest.replace(/^["'`]/, '').split(/\r?\n/)
  const token = /^[^\s"'`,;\\]*/.exec(first)?.[0] ?? ''
  if (token.length < first.trimEnd().length) return token
  const end = lines.findIndex((line) => !/^[ \t]*[A-Za-z0-9+/_-]{4,}={0,2}[ \t]*$/.test(line))
  return [token, ...lines.slice(0, end === -1 ? lines.length : end)].join('\n')
}

/** Each version has its own header's name. */
export function noteHeaderVersion(name: string, x402Version: 1 | 2 | undefined, findings: Finding[]): void {
  const usual = name === 'X-PAYMENT' ? 1 : name === 'PAYMENT-SIGNATURE' ? 2 : undefined
  if (usual === undefined || x402Version === undefined || x402Version === usual) return
  const right = x402Version === 1 ? 'X-PAYMENT' : 'PAYMENT-SIGNATURE'
  const summary = `The header is ${name}, which is x402 v${usual}'s, and the payment in it is v${x402Version}.`
  findings.push({
    cause: 'wire-version-mismatch',
    party: 'client',
    severity: 'warning',
    field: 'header',
    seen: name,
    expected: right,
    summary,
    evidence: [{ source: 'payload', says: summary }],
    fix: `Send it as ${right}, or build an x402 v${usual} payment.`,
  })
}
