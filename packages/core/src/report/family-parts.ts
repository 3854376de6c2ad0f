import type { Finding } from '../causes/finding.ts'
import type { ChainReport } from '../verdict/diagnosis.ts'
import type { Block, Row } from './document.ts'

/** What a report has of its family: everything else is the same for all. */
export interface FamilyParts {
  /** What was signed beside what is expected, member by member. */
  readonly compared: readonly Block[]
  /** Whether these tables tell what a finding has to show. */
  readonly told: (finding: Finding) => boolean
  readonly replayed: readonly Row[]
  readonly sayChain: (answer: ChainReport) => string
  /** Behind the fix. */
  readonly rows: readonly Row[]
  readonly readAs: string
  /** Where what is known of the token comes from. */
  readonly known: readonly Row[]
}
