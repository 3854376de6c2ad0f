import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import { prove as proveOver, type Trial } from '../../prove/prove.ts'
import type { Explanation } from '../../verdict/diagnosis.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Intervention, ReplayChain, ReplayCode, ReplayOutcome } from '../evidence/replay.ts'
import type { Payment } from '../payment/payment.ts'
import { type Change, circumstancesOf, isGiven, keyOf, surroundingsWith } from './circumstances.ts'
import type { ReplayRun } from './diagnosis.ts'
import { explain } from './explanations.ts'
import { toRun } from './report-run.ts'
import { suspects } from './suspects.ts'
import { calledBy, changesFor, isMadeBy } from './undo.ts'

/** What replaying showed. */
export interface ReplayReport {
  readonly chain: string
  readonly code: ReplayCode
  /** Whether the chain has the token's own code and state. */
  readonly own: boolean
  readonly runs: readonly ReplayRun[]
  /** The same runs, as whole as the chain answered them. */
  readonly outcomes: readonly ReplayOutcome[]
  /** The payment as it is, at the judged second. */
  readonly asIs: ReplayOutcome
  /** Whether the payment settles with the findings' interventions in force; undefined when none of the errors has one. */
  readonly withFix: ReplayOutcome | undefined
  /** What became of each error that a replay can show: with its causes in force the token refuses and without them it does not, or it does anyway. */
  readonly proofs: ReadonlyMap<Finding, 'proven' | 'withdrawn'>
  /** Errors whose cause the chain was given, because an RPC said so: that it is so, the replay does not show. */
  readonly told: ReadonlySet<Finding>
  /** Errors that only a replay can show: each is proven, and among `proofs`. */
  readonly found: readonly Finding[]
  readonly explanations: readonly Explanation[]
}

interface Run {
  readonly outcome: ReplayOutcome
  /** What of the payment as it is was left out. */
  readonly without: readonly Intervention[]
}

/**
 * Replays the payment as it is and with its errors undone, and says what became of each. Whether the chain has the trouble itself or has to be given it,
 * only `state` tells.
 */
export async function prove(
  chain: ReplayChain,
  payment: Payment,
  evidence: Evidence,
  errors: readonly Finding[],
  /** Causes that other evidence excludes: a chain of our own is not given what an RPC said of them. */
  contradicted: readonly CauseId[] = [],
): Promise<ReplayReport> {
  const { code, state } = chain
  const circumstances = circumstancesOf(payment, evidence).filter((each) => !isMadeBy(each, contradicted))
  const run = async (interventions: readonly Intervention[], without: readonly Intervention[] = []): Promise<Run> => ({
    outcome: await chain.replay(payment, { at: evidence.moment.time, interventions }),
    without,
  })
  const trial: Trial<Change, Run> = {
    replay: (changes) => {
      const { interventions, without } = surroundingsWith(changes, circumstances, state)
      return run(interventions, without)
    },
    settles: ({ outcome }) => outcome.status === 'settled',
    suspects: ({ outcome }) => suspects(chain, outcome, payment.call?.transaction?.gasLimit),
    undo: (finding) => changesFor(finding, { payment, evidence, circumstances, state }),
    keyOf,
  }
  const { runs, asIs, withFix, verdicts, suspected } = await proveOver(trial, errors)
  const more: Run[] = []
  const explanations =
    trial.settles(asIs) && errors.length === 0
      ? await explain(code, calledBy(payment), evidence, async (interventions) => {
          const made = await run(interventions)
          more.push(made)
          return made.outcome
        })
      : []
  const all = [...runs, ...more]
  const isTold = (change: Change): boolean => change.kind === 'remove' && isGiven(change.circumstance, state)
  return {
    chain: chain.description,
    code,
    own: state === 'own',
    runs: all.map(({ outcome, without }) => toRun(outcome, code, without)),
    outcomes: all.map(({ outcome }) => outcome),
    asIs: asIs.outcome,
    withFix: withFix?.outcome,
    proofs: verdicts,
    told: new Set([...errors, ...suspected].filter((finding) => trial.undo(finding)?.some(isTold) === true)),
    found: suspected.filter((finding) => verdicts.get(finding) === 'proven'),
    explanations,
  }
}
