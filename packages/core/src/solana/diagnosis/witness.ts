import type { Finding } from '../../causes/finding.ts'
import { findingsOf, runChecks } from '../../evidence/check.ts'
import { decodeRevert } from '../../revert/revert.ts'
import type { SvmSimulation } from '../state/state.ts'
import { ranOut } from '../state/state-checks.ts'
import { errorKey } from '../state/transaction-error.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import type { SvmProof } from '../world/prove-svm.ts'
import { checksOf, gather, type SvmEvidence, sift } from './examine.ts'

/** What shows the same as a finding, beside that which made it. */
export type SvmWitness =
  /** A replay that settles with it undone: of what follows from the payload, or of what was read where the cluster's own run fails with the same error. */
  | 'replay'
  /** The error of the cluster's own run, which is for this cause. */
  | 'simulation'
  /** The transaction that has landed. */
  | 'receipt'
  /** The payload and the chain, each for itself. */
  | 'payload'
  /** Another RPC. */
  | 'rpc'

/** What bears an error out; undefined where nothing does. A replay over what one RPC said shows no more than that RPC. */
export function witnessOf(
  finding: Finding,
  payment: SvmPayment,
  evidence: SvmEvidence,
  proof: SvmProof | undefined,
): SvmWitness | undefined {
  const { state } = evidence
  const replayed = proof?.proven.some(({ cause, field }) => cause === finding.cause && field === finding.field) === true
  if (!finding.evidence.some(({ source }) => source === 'chain')) return replayed ? 'replay' : undefined
  if (finding.proof === 'proven') return 'payload'
  if (state !== undefined) {
    const landed = state.settlement.known ? state.settlement.value : null
    if (landed !== null && afterwards.has(finding.cause)) return 'receipt'
    const runs = [state.simulated.fresh, state.simulated.asIs].flatMap((each) =>
      each.known && each.value.error !== null ? [each.value] : [],
    )
    if (runs.some((run) => isFor(run, finding))) return 'simulation'
    if (replayed && runs.some(({ error }) => errorKey(error) === errorKey(proof?.asIs.error))) return 'replay'
  }
  return isSeenByAnother(finding, payment, evidence) ? 'rpc' : undefined
}

/** What is read from a transaction that landed. */
const afterwards: ReadonlySet<string> = new Set(['svm-already-processed', 'svm-landed-with-error', 'svm-destination-owner-changed'])

/** Whether the error of the cluster's own run is for this cause. Some causes are found in that error alone: then it bears nothing out. */
function isFor({ error, logs }: SvmSimulation, { cause }: Finding): boolean {
  if (cause === 'svm-already-processed' || ranOut(error, logs)) return false
  return decodeRevert(`${JSON.stringify(error)} ${logs.join('\n')}`, { chain: 'svm' }).causes.includes(cause)
}

/** Whether two RPCs, each asked alone, have this to say: of one that is not believed a finding may be its only word. */
function isSeenByAnother({ cause, field }: Finding, payment: SvmPayment, { given, now, at, answers }: SvmEvidence): boolean {
  const sources = answers.flatMap((answer) => {
    const alone = gather(given, { now, answers: [answer], ...(at === undefined ? {} : { at }) })
    const made = runChecks(checksOf(alone.payment, alone.evidence), alone.payment, alone.evidence)
    const isSaid = sift(payment, alone.evidence, findingsOf(made)).some(
      (each) =>
        each.cause === cause && each.field === field && each.severity === 'error' && each.evidence.some(({ source }) => source === 'chain'),
    )
    return isSaid ? [answer.source] : []
  })
  return new Set(sources).size > 1
}
