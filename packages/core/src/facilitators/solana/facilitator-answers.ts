import { type CauseId, catalogue } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import type { SolanaCauseId } from '../../causes/solana.ts'
import type { SvmPayment } from '../../solana/transaction/payment.ts'
import { type Answer, answerOf, type FacilitatorReport, type Refusal, refusalsOf } from '../profile/answer.ts'
import { checkAs } from './profile-checks.ts'
import { type SvmCheck, type SvmProfile, svmProfiles } from './profiles.ts'

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

/** Which checks find a cause. A cause that none finds is one that the run finds, where the run fails. */
const finders: Readonly<Record<SolanaCauseId, readonly SvmCheck[]> & Partial<Record<CauseId, readonly SvmCheck[]>>> = {
  'network-mismatch': ['network', 'accepted-equal'],
  'network-unsupported': ['network'],
  'accepted-mismatch': ['accepted-equal', 'network'],
  'header-encoding': ['decode'],
  'svm-transaction-malformed': ['decode', 'decode-message', 'signatures'],
  'svm-lookup-table-unresolved': ['lookup-tables'],
  'svm-fee-payer-mismatch': ['fee-payer-offered', 'fee-payer-first', 'fee-payer-signs'],
  'svm-fee-payer-in-instructions': ['fee-payer-isolated'],
  'svm-fee-payer-transfers': ['fee-payer-authority', 'fee-payer-isolated', 'one-transfer'],
  'svm-signature-missing': ['signatures'],
  'svm-signature-invalid': ['signatures'],
  'svm-compute-limit': ['compute-limit', 'compute-limit-cap', 'instruction-count'],
  'svm-compute-price': ['compute-price', 'compute-price-cap', 'instruction-count'],
  'svm-creates-token-account': ['token-account-creation', 'instruction-count', 'transfer', 'extra-instructions'],
  'svm-wallet-injected-instructions': ['instruction-count', 'transfer', 'extra-instructions', 'fee-payer-isolated'],
  'svm-instruction-layout': [
    'instruction-count',
    'transfer',
    'extra-instructions',
    'some-transfer',
    'one-transfer',
    'signer-count',
    'compute-limit',
    'compute-price',
  ],
  'svm-memo-mismatch': ['memo'],
  'svm-mint-mismatch': ['mint', 'some-transfer', 'one-transfer'],
  'svm-wrong-cluster': ['mint', 'some-transfer', 'one-transfer'],
  'svm-recipient-mismatch': ['recipient', 'some-transfer', 'one-transfer'],
  'svm-token-program-mismatch': ['recipient', 'some-transfer', 'one-transfer'],
  'svm-amount-mismatch': ['amount', 'some-transfer', 'one-transfer'],
  'svm-source-account-missing': ['source-exists', 'one-transfer'],
  'svm-destination-account-missing': ['destination-exists'],
  'svm-decimals-mismatch': [],
  'svm-mint-invalid': [],
  'svm-token-extension': [],
  'svm-insufficient-funds': [],
  'svm-account-frozen': [],
  'svm-authority-mismatch': [],
  'svm-destination-owner-changed': [],
  'svm-fee-payer-funds': [],
  'svm-blockhash-expired': [],
  'svm-already-processed': [],
  'svm-landed-with-error': [],
}

/** Whether it is the run that refuses for it, once the chain is asked. */
function isFoundByRun(cause: CauseId): boolean {
  const entry = catalogue[cause]
  return entry.family === 'solana' && entry.cluster.run !== 'may-fail' && entry.cluster.run !== 'takes'
}

const findersOf = (cause: CauseId): readonly SvmCheck[] => [
  ...(finders[cause] ?? []),
  ...(isFoundByRun(cause) ? (['simulation'] as const) : []),
]

/** For each cause that is an error or a warning: who refuses a payment for it, with which code, and who takes it. */
export function svmRefusals(payment: SvmPayment, findings: readonly Finding[], options: SvmAnswerOptions = {}): readonly SvmRefusal[] {
  return refusalsOf(facilitatorAnswers(payment, findings, options), findings, findersOf)
}
