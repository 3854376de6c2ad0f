import type { CauseId } from '../causes/catalogue.ts'
import type { Finding, Party } from '../causes/finding.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'

/** What `preflight` let pass, and what it could not look at. */
export interface Preflight {
  /** Worth knowing, and no reason to keep the payment back. */
  readonly warnings: readonly Finding[]
  readonly notChecked: readonly { readonly check: string; readonly reason: string }[]
}

/** A payment that can not settle. `code` is `unsettleable`; `message` has the first finding's summary and fix. */
export class PreflightError extends Eip3009Error {
  override readonly name = 'PreflightError'
  /** Id of the cause that stops it first; null when the token refuses it and no check says why. */
  readonly causeId: CauseId | null
  readonly party: Party | null
  readonly fix: string | null
  /** Everything that was found, what stops it first. */
  readonly findings: readonly Finding[]

  /** `first` is the finding that stops it, where one is known to; `headline` says why in one sentence, the finding's own summary when absent. */
  constructor(first: Finding | undefined, findings: readonly Finding[], headline = first?.summary) {
    super('unsettleable', [headline, ...(first === undefined ? [] : [`Fix: ${first.fix}.`])].join(' '))
    this.causeId = first?.cause ?? null
    this.party = first?.party ?? null
    this.fix = first?.fix ?? null
    this.findings = findings
  }
}
