import type { AnswerReport, DiagnosisTrunk } from './diagnosis.ts'

/** How a payment stands, the best first: its verdict together with what was answered to it. */
export const standings = [
  /** It settles. */
  'good',
  /** It settles inside its window, which is not now: what failed is elsewhere. */
  'good-then',
  /** It settles, and is said to have been. */
  'said-settled',
  /** It was sent, and nobody saw what became of it. */
  'sent',
  'inconclusive',
  /** Nothing that was computed, read or replayed is wrong with it, and it was refused all the same. */
  'refused-though-good',
  'fails',
] as const

export type Standing = (typeof standings)[number]

/** Nobody is told that a payment is good beside a refusal of it. */
export function standingOf(diagnosis: DiagnosisTrunk): Standing {
  return diagnosis.answer === null ? byItself(diagnosis) : answered(diagnosis, diagnosis.answer)
}

function byItself({ verdict, time }: DiagnosisTrunk): Standing {
  if (verdict !== 'settles') return verdict
  return time.basis === 'inside-window' ? 'good-then' : 'good'
}

function answered(diagnosis: DiagnosisTrunk, { kind, relation }: AnswerReport): Standing {
  const settles = diagnosis.verdict === 'settles'
  if (relation === 'pending') return 'sent'
  if (relation === 'settled' && settles) return 'said-settled'
  // Of another payment's refusal nothing follows, and it is no reason to be glad either.
  if (relation === 'another-payment') return settles ? 'good-then' : byItself(diagnosis)
  const isGood = diagnosis.findings.every(
    ({ severity, evidence }) => severity !== 'error' || evidence.some(({ source }) => source === 'answer'),
  )
  const isRefused =
    kind !== 'valid' && kind !== 'unclear' && diagnosis.settlement === null && relation !== 'agrees' && relation !== 'beside'
  return isRefused && isGood ? 'refused-though-good' : byItself(diagnosis)
}
