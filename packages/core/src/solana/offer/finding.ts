import { type CauseId, catalogue } from '../../causes/catalogue.ts'
import type { Finding, FindingVariant, Party, Severity } from '../../causes/finding.ts'

export interface SvmFindingInput {
  readonly cause: CauseId
  readonly summary: string
  /** The first of the catalogue's parties unless said. */
  readonly party?: Party
  /** `error` unless said. */
  readonly severity?: Severity
  readonly field: string
  readonly seen?: string
  readonly expected?: string
  readonly variant?: FindingVariant
  /** Where the summary is from: `payload` unless said. */
  readonly source?: Finding['evidence'][number]['source']
  /** What more there is to say of it; the summary is always evidence. */
  readonly notes?: readonly Finding['evidence'][number][]
  /** The catalogue's own unless said. */
  readonly fix?: string
}

/** A finding with the catalogue's party and fix where the payment gives no better ones. */
export function svmFinding({
  cause,
  summary,
  party,
  severity = 'error',
  field,
  seen,
  expected,
  variant,
  source = 'payload',
  notes = [],
  fix,
}: SvmFindingInput): Finding {
  return {
    cause,
    party: party ?? catalogue[cause].parties[0],
    severity,
    field,
    ...(seen === undefined ? {} : { seen }),
    ...(expected === undefined ? {} : { expected }),
    ...(variant === undefined ? {} : { variant }),
    summary,
    evidence: [{ source, says: summary }, ...notes],
    fix: fix ?? catalogue[cause].fix,
  }
}
