import type { CauseId } from '../causes/catalogue.ts'
import type { Finding } from '../causes/finding.ts'
import { type JsonResult, type JsonSlip, parseJson } from './json.ts'

/** One finding for everything in a text that strict JSON readers refuse or read otherwise. */
export function noteJsonSlips(
  findings: Finding[],
  cause: Extract<CauseId, 'malformed-field' | 'header-encoding'>,
  field: string,
  slips: readonly JsonSlip[],
): void {
  const [first] = slips
  if (first === undefined) return
  const all = slips.map(({ what, at }) => `${what} (character ${at + 1})`).join(', ')
  findings.push({
    cause,
    party: 'client',
    severity: 'warning',
    field,
    summary: `The JSON ${all}; strict readers such as JSON.parse refuse that or read it otherwise.`,
    evidence: [{ source: 'payload', says: `The JSON ${all}.` }],
    fix: 'Write the JSON with a JSON library, such as JSON.stringify.',
  })
}

/** JSON as text in JSON, which a logger put behind a key: `body="{\\"x402Version\\": …}"`. `at` is its first brace. */
export function quotedJson(text: string, at: number): JsonResult | undefined {
  if (text.charAt(at - 1) !== '"' || text.charAt(at + 1) !== '\\') return undefined
  const outer = parseJson(text, at - 1)
  const inner = outer.ok && typeof outer.value === 'string' ? parseJson(outer.value) : undefined
  return outer.ok && inner?.ok ? { ...inner, end: outer.end } : undefined
}
