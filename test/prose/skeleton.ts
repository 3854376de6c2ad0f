import type { EvmDiagnosis } from '@eip3009/core'
import type { SolanaDiagnosis } from '@eip3009/core/solana'
import type { Pipeline } from './bundle.ts'

/** All of an answer that is not said in words: what somebody's code may decide by. */
export function skeletonOf(diagnosis: EvmDiagnosis | SolanaDiagnosis, { exitCodeOf }: Pick<Pipeline, 'exitCodeOf'>): object {
  const { verdict, cause, party, proof, retry, money, findings, skipped, settlement, replay, assumes, chain } = diagnosis
  const { time, undecided, explanations, payment, facilitators } = diagnosis
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
    time,
    undecided: undecided?.id,
    explanations: explanations.map(({ cause: id, shown }) => [id, shown]),
    payment: { ...payment, recognised: '' },
    answers: facilitators.answers.map(({ profile, verify, check, code, also, unread, settle }) => ({
      profile,
      verify,
      check,
      code,
      also,
      unread,
      settle,
    })),
    refusals: facilitators.refusals,
    ...(diagnosis.family === 'solana' ? onlySolana(diagnosis) : onlyEvm(diagnosis)),
  }
}

function onlyEvm({ evm: { rail, chainId, authorization, window, signer, digest, domain, signed, token } }: EvmDiagnosis): object {
  return {
    rail,
    chainId,
    authorization,
    window,
    signer,
    digest,
    domain,
    signed,
    token: [token.domain?.from, token.units?.from],
  }
}

function onlySolana({ solana: { firstOnChain, transfer }, replay }: SolanaDiagnosis): object {
  return {
    firstOnChain,
    proven: replay?.proven ?? [],
    transfer,
  }
}
