import type { EvidenceNote, Finding } from '../../causes/finding.ts'
import { ifKnown } from '../../evidence/known.ts'
import { note } from '../checks/on-chain.ts'
import { believed, type ChainState } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { SignatureCheck } from '../evidence/replay.ts'

/** What the token itself hashed, where an RPC traced it, beside the digest that was computed. */
export interface Traced {
  readonly state: ChainState
  readonly check: SignatureCheck
  readonly computed: string
}

/** The trace of the RPC that is believed, where it has one. */
export function tracedIn({ chains = [], signature: { digest } }: Evidence): Traced | undefined {
  const state = believed(chains)
  const check = state?.traced === undefined ? undefined : ifKnown(state.traced)
  return state === undefined || check === undefined || check === null || digest === undefined
    ? undefined
    : { state, check, computed: digest }
}

/** Whether the token was seen to hash exactly what was computed. */
export function isHashedAsComputed(evidence: Evidence): boolean {
  const traced = tracedIn(evidence)
  return traced !== undefined && traced.check.digest === traced.computed
}

/** The findings, each that rests on the digest with what the token was seen to do with it. */
export function withTrace(
  findings: readonly Finding[],
  evidence: Evidence,
  isAboutDigest: (finding: Finding) => boolean,
): readonly Finding[] {
  const traced = tracedIn(evidence)
  if (traced === undefined) return findings
  const seen = noteOn(traced)
  return findings.map((finding) => (isAboutDigest(finding) ? { ...finding, evidence: [...finding.evidence, seen] } : finding))
}

function noteOn({ state, check, computed }: Traced): EvidenceNote {
  const agrees = check.digest === computed ? 'which is the digest that was computed' : `and ${computed} was computed`
  const then =
    check.by === 'ecrecover'
      ? `recovered ${check.recovered ?? 'nobody'}`
      : `asked the code of ${check.wallet}, which ${check.accepted ? 'accepted' : 'refused'}`
  return note(state, `debug_traceCall: the token hashed ${check.digest}, ${agrees}, and ${then}`)
}
