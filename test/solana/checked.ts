import type { Check } from '../../packages/core/src/evidence/check.ts'
import { readPayee } from '../../packages/core/src/solana/state/read-payee.ts'
import type { ClusterEvidence, SvmCheckId } from '../../packages/core/src/solana/state/state-check.ts'
import type { SvmPayment } from '../../packages/core/src/solana/transaction/payment.ts'
import { transferOf } from '../../packages/core/src/solana/transaction/transfer.ts'
import type { Recorded } from './recorded.ts'

/**
 * What checks make of a recorded payment, one line for each that does not pass: `source: svm-insufficient-funds transfer.amount`, with the severity in front
 * where it is no error and the variant behind where there is one; `mint: fact-unread` for one that was not made.
 */
export function checked(
  checks: readonly Check<SvmPayment, ClusterEvidence, SvmCheckId>[],
  { payment, state, network }: Recorded & { readonly network?: ClusterEvidence['network'] },
  at?: bigint,
): readonly string[] {
  const transfer = transferOf(payment.transaction)
  const evidence: ClusterEvidence = {
    network: network ?? payment.network,
    state,
    payee: readPayee(payment, state),
    ...(transfer === undefined ? {} : { transfer }),
    ...(at === undefined ? {} : { at }),
  }
  return checks.flatMap((check) => {
    const result = check.run(payment, evidence)
    if (result.outcome === 'skip') return [`${check.id}: ${result.code}`]
    if (result.outcome === 'pass') return []
    return result.findings.map(({ severity, cause, field, variant }) =>
      [`${check.id}:`, severity === 'error' ? undefined : severity, cause, field, variant].filter((word) => word !== undefined).join(' '),
    )
  })
}
