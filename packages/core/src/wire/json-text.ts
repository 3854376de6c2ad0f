import type { CauseId } from '../causes/catalogue.ts'
import type { Finding } from '../causes/finding.ts'
import type { JsonSlip } from './json.ts'

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
