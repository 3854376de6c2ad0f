import { type Base64Slip, decodeBase64 } from '../bytes/base64.ts'
import type { Finding, Severity } from '../causes/finding.ts'
import { isObject, type Json, type JsonObject, parseJson } from './json.ts'
import { noteJsonSlips } from './json-text.ts'
import { describeJson, refuse, unreadable } from './refusal.ts'
import { decodeText } from './text.ts'

const copyHeader = 'copy the whole header value, as the client sent it'

const base64Slips = {
  'url-alphabet': {
    severity: 'warning',
    says: 'is base64url (with - and _), which the reference decoder refuses',
    fix: 'Encode it with the standard alphabet (+ and /).',
  },
  unpadded: {
    severity: 'warning',
    says: 'is base64 without its padding',
    fix: 'Encode it with = at the end, up to a multiple of 4 characters.',
  },
  'line-breaks': {
    severity: 'info',
    says: 'has line breaks or spaces in it',
    fix: 'Send the value on one line; if that came from copying, there is nothing to do.',
  },
  'percent-encoded': { severity: 'warning', says: 'is percent-encoded (%3D, %2B)', fix: 'Send it as it is: a header value is not a URL.' },
} as const satisfies Record<Base64Slip, { readonly severity: Severity; readonly says: string; readonly fix: string }>

/**
 * The JSON object in a header value: base64 of UTF-8 JSON. Takes base64url, missing padding, line breaks, plain JSON and a value
 * that was encoded twice, with a finding each.
 * @throws Eip3009Error when there is no JSON object in it.
 */
export function decodeHeader(value: string, field: string, findings: Finding[], depth = 0): JsonObject {
  const text = value
    .trim()
    .replace(/^["'`]|["'`]$/g, '')
    .trim()
  if (text.startsWith('{')) {
    note(findings, field, 'error', 'is plain JSON, where x402 has base64', 'Encode the JSON as base64.')
    return objectIn(text, field, findings)
  }
  const decoded = decodeBase64(text)
  if (!decoded.ok)
    throw refuse(
      unreadable(`${aValue(field)} of ${text.length} characters that ${decoded.problem}`, 'base64 of a PaymentPayload', copyHeader),
    )
  for (const slip of decoded.slips) {
    const { severity, says, fix } = base64Slips[slip]
    note(findings, field, severity, says, fix)
  }
  const content = decodeText(decoded.bytes)
  if (!content.ok) {
    throw refuse(
      unreadable(
        `${aValue(field)} whose base64 holds ${decoded.bytes.length === 0 ? 'nothing' : `${content.what} (${decoded.bytes.length} bytes)`}`,
        'base64 of a PaymentPayload as UTF-8 JSON',
        copyHeader,
      ),
    )
  }
  const inside = content.text.trim()
  if (depth < 2 && /^(?:"?eyJ|"?ewo|"?ey[A-Z]|")/.test(inside) && !inside.startsWith('{')) {
    note(findings, field, 'error', 'is encoded twice', 'Encode the JSON once.')
    return decodeHeader(unquote(inside), field, findings, depth + 1)
  }
  return objectIn(inside, field, findings)
}

function aValue(field: string): string {
  return `${field.startsWith('X-') ? 'an' : 'a'} ${field} value`
}

function unquote(text: string): string {
  const parsed = text.startsWith('"') ? parseJson(text) : undefined
  return parsed?.ok && typeof parsed.value === 'string' ? parsed.value : text
}

function objectIn(text: string, field: string, findings: Finding[]): JsonObject {
  const parsed = parseJson(text)
  if (!parsed.ok) {
    throw refuse(unreadable(`${aValue(field)} whose JSON ${parsed.problem}`, 'base64 of a whole PaymentPayload', copyHeader))
  }
  const value: Json = parsed.value
  if (!isObject(value))
    throw refuse(unreadable(`${aValue(field)} that holds ${describeJson(value)}`, 'base64 of a PaymentPayload, a JSON object', copyHeader))
  noteJsonSlips(findings, 'header-encoding', field, parsed.slips)
  return value
}

function note(findings: Finding[], field: string, severity: Severity, says: string, fix: string): void {
  const summary = `The ${field} value ${says}.`
  findings.push({
    cause: 'header-encoding',
    party: 'client',
    severity,
    field,
    summary,
    evidence: [{ source: 'payload', says: summary }],
    fix,
  })
}
