import type { Diagnosis } from '@eip3009/core'
import type { SvmDiagnosis } from '@eip3009/core/solana'
import type { Pipeline } from './bundle.ts'

/** All of an answer that is not said in words: what somebody's code may decide by. */
export function skeletonOf(diagnosis: Diagnosis | SvmDiagnosis, { exitCodeOf }: Pick<Pipeline, 'exitCodeOf'>): object {
  const { verdict, cause, party, proof, retry, money, findings, skipped, settlement, replay, assumes, chain } = diagnosis
  return {
    exitCode: exitCodeOf(diagnosis),
    verdict,
    cause,
    party,
    proof,
    retry: { ...retry, cost: retry.cost === null, says: '' },
    money: { ...money, says: '', instruments: money.instruments.map((each) => ({ ...each, at: each.at === null, says: '' })) },
    findings: findings.map(({ cause: id, party: whose, severity, field, variant, proof: shown, evidence }) => ({
      cause: id,
      party: whose,
      severity,
      field,
      variant,
      proof: shown,
      sources: evidence.map(({ source }) => source),
    })),
    skipped: skipped.map(({ id, code }) => `${id}: ${code}`),
    settlement: settlement === null ? null : { ...settlement, error: 'error' in settlement && settlement.error !== null },
    // How many interventions a run had, and how many were left out, but not what they are called.
    runs: (replay?.runs ?? []).map((run) => [run.outcome, run.interventions.length, 'without' in run ? run.without.length : 0]),
    chain: chain.map(({ kind }) => kind),
    assumes: assumes.length,
    ...('facilitators' in diagnosis ? onlySvm(diagnosis) : onlyEvm(diagnosis)),
  }
}

function onlyEvm({ time, undecided, explanations, signer, digest, domain, signed, token, payment }: Diagnosis): object {
  return {
    time,
    undecided: undecided?.id,
    explanations: explanations.map(({ cause, shown }) => [cause, shown]),
    signer,
    digest,
    domain,
    signed,
    token: [token.domain?.from, token.units?.from],
    payment: { ...payment, recognised: '' },
  }
}

function onlySvm({
  firstOnChain,
  facilitators: { answers, refusals },
  replay,
  payment: { form, network, transfer },
}: SvmDiagnosis): object {
  return {
    firstOnChain,
    answers: answers.map(({ profile, verify, check, code, also, settle }) => ({ profile, verify, check, code, also, settle })),
    refusals,
    proven: replay?.proven ?? [],
    payment: { form, network, transfer },
  }
}
