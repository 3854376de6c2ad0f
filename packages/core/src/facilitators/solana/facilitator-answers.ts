import { type CauseId, catalogue } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import type { SvmCheck } from '../../causes/svm-check.ts'
import type { SvmPayment } from '../../solana/transaction/payment.ts'
import { type Answer, answerOf, type FacilitatorReport, type Refusal, refusalsOf } from '../profile/answer.ts'
import { checkAs } from './profile-checks.ts'
import { type SvmProfile, svmProfiles } from './profiles.ts'

export type SvmFacilitatorAnswer = Answer<SvmCheck>
export type SvmRefusal = Refusal

export interface SvmAnswerOptions {
  /** What running the transaction came to once all have signed; `unknown` unless said. */
  readonly runs?: 'succeeds' | 'fails' | 'unknown'
}

/**
 * What each known implementation would answer to a payment, by its own checks in its own order. `findings` are those of the diagnosis,
 * the ones from the chain among them; what is not in them is taken to be all right. An implementation whose limits are for one network
 * answers only there, and one that reads one version of x402 only to that.
 */
export function facilitatorAnswers(
  payment: SvmPayment,
  findings: readonly Finding[],
  { runs = 'unknown' }: SvmAnswerOptions = {},
): readonly SvmFacilitatorAnswer[] {
  return profilesFor(payment).map((profile) =>
    answerOf(
      profile,
      (check) => checkAs(check, { payment, findings, runs, rules: profile.rules }),
      (first) => (first === null ? settleCode(profile, payment) : null),
    ),
  )
}

function profilesFor({ network, x402Version }: SvmPayment): readonly SvmProfile[] {
  return svmProfiles.filter(
    (profile) =>
      (profile.network === undefined || profile.network === (network?.id ?? 'solana')) &&
      (profile.x402Version === undefined || x402Version === undefined || profile.x402Version === x402Version),
  )
}

function settleCode({ settlesUnsigned }: SvmProfile, { transaction }: SvmPayment): string | null {
  if (settlesUnsigned === null || transaction === null) return null
  const states = transaction.signers.slice(1).map(({ state }) => state)
  if (states.includes('missing')) return settlesUnsigned.missing
  return states.includes('invalid') ? settlesUnsigned.invalid : null
}

export type SvmFacilitatorReport = FacilitatorReport<SvmCheck>

/** What the known facilitators make of a payment and of each thing that is wrong with it. */
export function facilitatorReport(payment: SvmPayment, findings: readonly Finding[], options: SvmAnswerOptions = {}): SvmFacilitatorReport {
  const answers = facilitatorAnswers(payment, findings, options)
  return { answers, refusals: refusalsOf(answers, findings, findersOf) }
}

/** Which checks find what either family can have. */
const findersOfBoth: Readonly<Partial<Record<CauseId, readonly SvmCheck[]>>> = {
  'network-mismatch': ['network', 'accepted-equal'],
  'network-unsupported': ['network'],
  'accepted-mismatch': ['accepted-equal', 'network'],
  'header-encoding': ['decode'],
}

function checksFor(cause: CauseId): readonly SvmCheck[] {
  const entry = catalogue[cause]
  return entry.family === 'solana' ? entry.foundBy : (findersOfBoth[cause] ?? [])
}

/** Whether it is the run that refuses for it, once the chain is asked. */
function isFoundByRun(cause: CauseId): boolean {
  const entry = catalogue[cause]
  return entry.family === 'solana' && entry.cluster.run !== 'may-fail' && entry.cluster.run !== 'takes'
}

/** A cause that no check finds is one that the run finds, where the run fails. */
const findersOf = (cause: CauseId): readonly SvmCheck[] => [...checksFor(cause), ...(isFoundByRun(cause) ? (['simulation'] as const) : [])]

/** For each cause that is an error or a warning: who refuses a payment for it, with which code, and who takes it. */
export function svmRefusals(payment: SvmPayment, findings: readonly Finding[], options: SvmAnswerOptions = {}): readonly SvmRefusal[] {
  return refusalsOf(facilitatorAnswers(payment, findings, options), findings, findersOf)
}
