import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'

/**
 * What explains other findings goes before them: what became of the transaction, bytes that can not be read, another network, a wallet's guards;
 * then what a facilitator checks, in the order of the specification; then accounts. A signature that does not fit goes before the fields,
 * because what was changed after signing is why they are wrong; one that is missing goes last, since it explains nothing. So does a
 * dead blockhash: every payment has one soon enough.
 */
const order: readonly CauseId[] = [
  'svm-already-processed',
  'svm-transaction-malformed',
  'header-encoding',
  'malformed-field',
  'network-mismatch',
  'svm-lookup-table-unresolved',
  'svm-wrong-cluster',
  'svm-wallet-injected-instructions',
  'svm-creates-token-account',
  'svm-compute-limit',
  'svm-compute-price',
  'svm-instruction-layout',
  'svm-fee-payer-mismatch',
  'svm-fee-payer-transfers',
  'svm-fee-payer-in-instructions',
  'svm-signature-invalid',
  'svm-mint-mismatch',
  'svm-mint-invalid',
  'svm-token-program-mismatch',
  'svm-recipient-mismatch',
  'svm-amount-mismatch',
  'svm-decimals-mismatch',
  'svm-memo-mismatch',
  'accepted-mismatch',
  'svm-token-extension',
  'svm-destination-owner-changed',
  'svm-source-account-missing',
  'svm-destination-account-missing',
  'svm-authority-mismatch',
  'svm-account-frozen',
  'svm-insufficient-funds',
  'svm-fee-payer-funds',
  'svm-signature-missing',
  'svm-landed-with-error',
  'svm-blockhash-expired',
]

const severities = ['error', 'warning', 'info'] as const

/** Errors first, the one that explains most of the others at the front; then warnings, then what is worth knowing. */
export function rankFindings(findings: readonly Finding[]): Finding[] {
  const place = (cause: CauseId): number => (order.includes(cause) ? order.indexOf(cause) : order.length)
  return [...findings].sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || place(a.cause) - place(b.cause))
}

/**
 * In which order the cluster meets what is wrong, whatever explains most: the bytes, their signatures, tables and blockhash, the fee, then the
 * instructions; within the transfer as the token program of 2026 checks it, each pair of which was run. What it never meets is not in it.
 */
const masking: readonly CauseId[] = [
  'svm-transaction-malformed',
  'svm-signature-missing',
  'svm-signature-invalid',
  'svm-lookup-table-unresolved',
  'svm-blockhash-expired',
  'svm-already-processed',
  'svm-compute-price',
  'svm-fee-payer-funds',
  'svm-creates-token-account',
  'svm-compute-limit',
  'svm-token-program-mismatch',
  'svm-wrong-cluster',
  'svm-recipient-mismatch',
  'svm-source-account-missing',
  'svm-destination-account-missing',
  'svm-mint-invalid',
  'svm-account-frozen',
  'svm-insufficient-funds',
  'svm-mint-mismatch',
  'svm-decimals-mismatch',
  'svm-authority-mismatch',
  'svm-token-extension',
]

/** The cause that the cluster's one error would be for, among those that the chain itself showed or that it can show. */
export function firstOnChain(findings: readonly Finding[]): CauseId | null {
  const errors = new Set(
    findings
      .filter(
        ({ severity, cause, evidence }) =>
          severity === 'error' && (!shownOnly.has(cause) || evidence.some(({ source }) => source === 'chain' || source === 'replay')),
      )
      .map(({ cause }) => cause),
  )
  return masking.find((cause) => errors.has(cause)) ?? null
}

/** Of these the payload alone shows a form that the cluster takes. */
const shownOnly: ReadonlySet<CauseId> = new Set<CauseId>([
  'svm-compute-price',
  'svm-compute-limit',
  'svm-creates-token-account',
  'svm-lookup-table-unresolved',
  'svm-mint-mismatch',
  'svm-recipient-mismatch',
  'svm-wrong-cluster',
])
