import type { Finding, Proof } from '../../causes/finding.ts'
import type { Check } from '../checks/check.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'
import { type Contradiction, doubtsTrace, undermines } from './contradiction.ts'
import type { ReplayReport } from './prove.ts'
import { isRead, witnessOf } from './witness.ts'

/**
 * Findings with what became of each error: shown by a replay, or by another witness on the chain, or refuted by a replay. A replay that was only given what
 * an RPC said shows nothing that the RPC did not; and where the node itself is in question, nothing that it said shows anything. `checks` are those that made
 * the findings.
 */
export function judged(
  findings: readonly Finding[],
  payment: Payment,
  evidence: Evidence,
  report: Pick<ReplayReport, 'proofs' | 'told'> | undefined,
  contradictions: readonly Contradiction[],
  checks: readonly Check[],
): Finding[] {
  const isWitnessed = (finding: Finding): boolean => {
    if (contradictions.some(undermines)) return false
    const witness = witnessOf(finding, payment, evidence, checks)
    return witness !== undefined && !(witness === 'trace' && contradictions.some(doubtsTrace))
  }
  return findings.map((finding): Finding => {
    if (finding.severity !== 'error') return finding
    const replayed = report?.proofs.get(finding)
    if (replayed === 'withdrawn') return { ...finding, proof: 'withdrawn', severity: 'info' }
    const isReplayed = replayed === 'proven' && report?.told.has(finding) !== true
    return isReplayed || isWitnessed(finding) ? { ...finding, proof: 'proven' } : finding
  })
}

/** What can be claimed. */
export interface Weighed {
  /** The error that names the cause; undefined where none stands. */
  readonly first: Finding | undefined
  /** What stands behind it. */
  readonly proof: Proof
}

/**
 * Which error stands after everything that excludes each other was taken out. What follows from the payload stands by itself. What was read stands where
 * nothing that was read is in question, else only where it is shown; and what is shown to stop the payment comes before what is only said to.
 */
export function weigh(errors: readonly Finding[], contradictions: readonly Contradiction[]): Weighed {
  const isShown = ({ proof }: Finding): boolean => proof === 'proven'
  const isAnyShown = errors.some((finding) => isRead(finding) && isShown(finding))
  const standing = errors.filter((finding) => {
    if (!isRead(finding)) return true
    if (contradictions.some(undermines)) return false
    return isShown(finding) || (contradictions.length === 0 && !isAnyShown)
  })
  const [first] = standing
  return { first, proof: first !== undefined && isShown(first) ? 'proven' : 'inferred' }
}
