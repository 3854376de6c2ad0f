import type { Finding } from '../../causes/finding.ts'
import { facilitatorReport, type SvmFacilitatorReport } from '../../facilitators/solana/facilitator-answers.ts'
import type { SvmPayment } from '../transaction/payment.ts'

/** Whether no implementation that is known takes the payment; the specification is none. */
export function refusedByAll({ answers }: SvmFacilitatorReport): boolean {
  const facilitators = answers.filter(({ specification }) => !specification)
  return facilitators.length > 0 && facilitators.every(({ verify }) => verify === 'refuses')
}

/**
 * The findings with those as errors that keep every facilitator from taking the payment. What some take is a warning; what nobody takes
 * stops it. Where no single cause is refused by all, each that somebody refuses for has its part in it.
 */
export function stopping(payment: SvmPayment, findings: readonly Finding[]): readonly Finding[] {
  if (findings.some(({ severity }) => severity === 'error') || !findings.some(({ severity }) => severity === 'warning')) return findings
  // What only a run refuses is no policy, and has causes of its own.
  const report = facilitatorReport(payment, findings)
  if (!refusedByAll(report)) return findings
  const facilitators = report.answers.filter(({ specification }) => !specification)
  const refused = report.refusals.map(({ cause, refusedBy }) => ({ cause, by: new Set(refusedBy.map(({ profile }) => profile)) }))
  const alone = refused.filter(({ by }) => facilitators.every(({ profile }) => by.has(profile)))
  const causes = new Set((alone.length > 0 ? alone : refused.filter(({ by }) => by.size > 0)).map(({ cause }) => cause))
  return findings.map((finding) =>
    causes.has(finding.cause) && finding.severity === 'warning'
      ? {
          ...finding,
          severity: 'error',
          evidence: [...finding.evidence, { source: 'registry', says: 'No facilitator that is known takes a payment like this.' }],
        }
      : finding,
  )
}
