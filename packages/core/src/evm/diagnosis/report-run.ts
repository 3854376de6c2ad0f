import { revertOf, tokenSays } from '../evidence/outcome-words.ts'
import { describeIntervention, type Intervention, type ReplayCode, type ReplayOutcome } from '../evidence/replay.ts'
import type { ReplayRun } from './diagnosis.ts'

/** One replay as JSON has it. `without`: what of the payment as it is was left out. */
export function toRun(outcome: ReplayOutcome, code: ReplayCode, without: readonly Intervention[]): ReplayRun {
  const { at, interventions, status, gasUsed, signatureCheck } = outcome
  return {
    interventions: interventions.map(describeIntervention),
    without: without.map(describeIntervention),
    at: String(at),
    outcome: status,
    revert: revertOf(outcome) ?? null,
    tokenSays: tokenSays(code, outcome) ?? null,
    gasUsed: String(gasUsed),
    transferred: transferred(outcome),
    digest: signatureCheck?.digest ?? null,
    recovered: signatureCheck?.by === 'ecrecover' ? signatureCheck.recovered : null,
  }
}

/** What the first Transfer moved: the payment's own, since its call moves nothing else. */
function transferred(outcome: ReplayOutcome): string | null {
  const event = outcome.status === 'settled' ? outcome.events.find(({ name }) => name === 'Transfer') : undefined
  return event?.name === 'Transfer' ? String(event.value) : null
}
