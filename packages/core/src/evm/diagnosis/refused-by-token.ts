import { type CauseId, catalogue } from '../../causes/catalogue.ts'

export type Refusal = 'yes' | 'in-time' | 'no'

/** Whether the token itself refuses a payment for it, so that a call which succeeds excludes it. */
export function refusedByToken(cause: CauseId): Refusal {
  const refusal = refusalOf(cause)
  return refusal === 'some' ? 'no' : refusal
}

/** Whether another facilitator may settle the same bytes. */
export function isRefusedBySome(cause: CauseId): boolean {
  return refusalOf(cause) === 'some'
}

function refusalOf(cause: CauseId): Refusal | 'some' {
  const entry = catalogue[cause]
  return entry.family === 'solana' ? 'no' : entry.refusedByToken
}
