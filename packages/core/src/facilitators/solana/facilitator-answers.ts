import { type CauseId, catalogue } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import type { SolanaCauseId } from '../../causes/solana.ts'
import type { SvmPayment } from '../../solana/transaction/payment.ts'
import { type CheckResult, checkAs } from './profile-checks.ts'
import { type SvmCheck, type SvmProfile, svmProfiles } from './profiles.ts'

/** What one implementation would answer to `/verify`, and what becomes of it at `/settle` where that differs. JSON-safe. */
export interface SvmFacilitatorAnswer {
  /** The profile's id: `x402-svm-2.27`. */
  readonly profile: string
  readonly name: string
  /** Whether it is the specification in one of its forms, which answers nobody. */
  readonly specification: boolean
  /** Whether it was run, or only its source read. */
  readonly known: 'run' | 'read'
  /** `depends` where only its simulation decides, and nobody ran the transaction; and where nothing says that it serves the network. */
  readonly verify: 'accepts' | 'refuses' | 'depends'
  /** The first check that refuses, its code, and what it says beside it; the code is null where it has none (the specification, a crash, free text). */
  readonly check: SvmCheck | null
  readonly code: string | null
  readonly details: string | null
  /** Everything else that it would refuse for, in its order, each with its code. */
  readonly also: readonly { readonly check: SvmCheck; readonly code: string | null }[]
  /** The code of `/settle` for a payment that `/verify` takes and the node refuses; null where there is none. */
  readonly settle: string | null
}

/** Who refuses a payment for one cause, and who does not look. Profiles by their ids. */
export interface SvmRefusal {
  readonly cause: CauseId
  readonly refusedBy: readonly { readonly profile: string; readonly code: string | null }[]
  readonly acceptedBy: readonly string[]
}

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
  return profilesFor(payment).map((profile) => {
    const results = profile.checks.map(([check, code, details]) => ({
      check,
      code,
      details,
      result: checkAs(check, { payment, findings, runs, rules: profile.rules }),
    }))
    const refusals = results.flatMap(({ check, code, details, result }) =>
      result.state === 'failed'
        ? [{ check, code: filled(code, result), details: details === undefined ? null : filled(details, result) }]
        : [],
    )
    const [first, ...rest] = refusals
    const depends = results.some(({ check, result }) => (check === 'simulation' || check === 'network') && result.state === 'unknown')
    return {
      profile: profile.id,
      name: profile.name,
      specification: profile.family === null,
      known: profile.known,
      verify: first !== undefined ? 'refuses' : depends ? 'depends' : 'accepts',
      check: first?.check ?? null,
      code: first?.code ?? null,
      details: first?.details ?? null,
      also: rest.map(({ check, code }) => ({ check, code })),
      settle: first === undefined ? settleCode(profile, payment) : null,
    }
  })
}

function profilesFor({ network, x402Version }: SvmPayment): readonly SvmProfile[] {
  return svmProfiles.filter(
    (profile) =>
      (profile.network === undefined || profile.network === (network?.id ?? 'solana')) &&
      (profile.x402Version === undefined || x402Version === undefined || profile.x402Version === x402Version),
  )
}

function filled(text: string, result: CheckResult): string | null {
  return text === '' ? null : text.replace('{}', result.state === 'failed' ? result.found : '')
}

function settleCode({ settlesUnsigned }: SvmProfile, { transaction }: SvmPayment): string | null {
  if (settlesUnsigned === null || transaction === null) return null
  const states = transaction.signers.slice(1).map(({ state }) => state)
  if (states.includes('missing')) return settlesUnsigned.missing
  return states.includes('invalid') ? settlesUnsigned.invalid : null
}

/** Both together, as a diagnosis has them. */
export interface SvmFacilitatorReport {
  readonly answers: readonly SvmFacilitatorAnswer[]
  readonly refusals: readonly SvmRefusal[]
}

/** What the known facilitators make of a payment and of each thing that is wrong with it. */
export function facilitatorReport(payment: SvmPayment, findings: readonly Finding[], options: SvmAnswerOptions = {}): SvmFacilitatorReport {
  const answers = facilitatorAnswers(payment, findings, options)
  return { answers, refusals: refusalsOf(answers, findings) }
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

/** For each cause that is an error or a warning: who refuses a payment for it, with which code, and who takes it. */
export function svmRefusals(payment: SvmPayment, findings: readonly Finding[], options: SvmAnswerOptions = {}): readonly SvmRefusal[] {
  return refusalsOf(facilitatorAnswers(payment, findings, options), findings)
}

function refusalsOf(answers: readonly SvmFacilitatorAnswer[], findings: readonly Finding[]): readonly SvmRefusal[] {
  const causes = [...new Set(findings.filter(({ severity }) => severity !== 'info').map(({ cause }) => cause))]
  return causes.map((cause) => {
    const checks = [...(finders[cause] ?? []), ...(isFoundByRun(cause) ? (['simulation'] as const) : [])]
    const judged = answers.map(({ profile, check, code, also }) => ({
      profile,
      found: [...(check === null ? [] : [{ check, code }]), ...also].find((each) => checks.includes(each.check)),
    }))
    return {
      cause,
      refusedBy: judged.flatMap(({ profile, found }) => (found === undefined ? [] : [{ profile, code: found.code }])),
      acceptedBy: judged.flatMap(({ profile, found }) => (found === undefined ? [profile] : [])),
    }
  })
}
