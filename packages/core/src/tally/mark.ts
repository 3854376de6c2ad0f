import type { CauseId } from '../causes/catalogue.ts'
import type { Party } from '../causes/finding.ts'
import type { DiagnosisTrunk } from '../verdict/diagnosis.ts'
import { type Standing, standingOf } from '../verdict/standing.ts'

/** What of a diagnosis is counted together with that of others. */
export interface PaymentMark {
  readonly standing: Standing
  readonly cause: CauseId | null
  readonly party: Party | null
  /** Where no cause is named: the id of what keeps it open. */
  readonly open: string | null
  readonly isProven: boolean
  /** The answer in one sentence, and what to do. */
  readonly says: string
  readonly fix: string | null
  readonly payer: string | null
  readonly payTo: string | null
  readonly token: string | null
  readonly network: string | null
  readonly slip: Slip | null
  /** When its record was made, unix seconds; null where that is not told. */
  readonly time: bigint | null
}

/** What was done otherwise than it is expected, in one field. Two payments that have the same were made by one configuration. */
export interface Slip {
  /** The field's dotted path: `domain.name`. */
  readonly field: string
  /** What stands there or was signed, and what is expected. */
  readonly has: string
  readonly expected: string
}

export function markOf(diagnosis: DiagnosisTrunk): PaymentMark {
  const { cause, party, proof, headline, fix, undecided, contradictions, payment, time } = diagnosis
  const { from, to, token, network } = payment
  return {
    standing: standingOf(diagnosis),
    cause,
    party,
    open: cause === null ? (undecided?.id ?? contradictions[0]?.id ?? null) : null,
    isProven: proof === 'proven',
    says: headline,
    fix,
    payer: from,
    payTo: to,
    token,
    network,
    slip: slipOf(diagnosis),
    time: time.basis === 'read' ? BigInt(time.judgedAt) : null,
  }
}

function slipOf({ cause, findings }: DiagnosisTrunk): Slip | null {
  const finding = cause === null ? undefined : findings.find((each) => each.cause === cause)
  const has = finding?.signed ?? finding?.seen
  if (finding?.field === undefined || finding.expected === undefined || has === undefined) return null
  return { field: finding.field, has, expected: finding.expected }
}
