import type { Finding } from '../causes/finding.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'

/** What a check says: it holds, it does not and here is why, or it could not be made. */
export type CheckResult =
  | { readonly outcome: 'pass' }
  | { readonly outcome: 'fail'; readonly findings: readonly Finding[] }
  | { readonly outcome: 'skip'; readonly reason: string }

/** A pure function of a payment and evidence. `id` names what is checked, as people would say it. */
export interface Check {
  readonly id: string
  readonly run: (payment: Payment, evidence: Evidence) => CheckResult
}

/** Fails with the findings, or passes when there are none. */
export function fromFindings(findings: readonly Finding[]): CheckResult {
  return findings.length === 0 ? { outcome: 'pass' } : { outcome: 'fail', findings }
}
