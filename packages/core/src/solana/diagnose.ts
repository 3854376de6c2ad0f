import { type CauseId, catalogue } from '../causes/catalogue.ts'
import type { Finding } from '../causes/finding.ts'
import type { SvmDiagnosis } from './diagnosis.ts'
import { sayInstruction } from './instruction.ts'
import { clusterOf, intentFindings } from './intent.ts'
import { layoutFindings, transferOf } from './layout.ts'
import type { SvmPayment } from './payment.ts'
import { signerFindings } from './signers.ts'

export interface SvmDiagnoseOptions {
  /** Unix seconds. */
  readonly now: bigint
}

/**
 * Says what is wrong with a payment on Solana, from its own bytes and its offer: every finding, and the one that explains most first.
 * What only the chain knows is listed in `assumes`, and nothing is claimed about it.
 */
export function diagnoseSvm(payment: SvmPayment, { now }: SvmDiagnoseOptions): SvmDiagnosis {
  const { transaction } = payment
  const findings = rank([
    ...payment.findings,
    ...(transaction === null
      ? []
      : [...layoutFindings(payment, transaction), ...signerFindings(payment, transaction), ...intentFindings(payment, transaction)]),
  ])
  const first = findings.find(({ severity }) => severity === 'error')
  const { verdict, headline } = verdictOf(payment, first)
  return {
    schema: 'eip3009/svm-diagnosis@1',
    verdict,
    headline,
    cause: first?.cause ?? null,
    party: first?.party ?? null,
    proof: first === undefined ? null : 'inferred',
    findings,
    judgedAt: String(now),
    money: money(findings, payment),
    retry: first === undefined ? (verdict === 'settles' ? 'same-payload' : 'unknown') : catalogue[first.cause].retry,
    fix: first?.fix ?? null,
    skipped: skipped(payment),
    assumes: first === undefined ? assumptions : [],
    payment: paymentReport(payment),
  }
}

const assumptions = [
  'the payer’s token account exists, holds the amount, is not frozen and belongs to the signer',
  'the payee’s token account exists, is not frozen and still belongs to payTo',
  'the blockhash is of this cluster and alive when the transaction is sent: 150 blocks, 60 to 90 seconds after it was made',
  'the fee payer is one of the facilitator’s and can pay the fee',
  'this transaction was not sent before',
] as const

function verdictOf({ requirements }: SvmPayment, first: Finding | undefined): Pick<SvmDiagnosis, 'verdict' | 'headline'> {
  if (first !== undefined) return { verdict: 'fails', headline: first.summary }
  if (requirements === undefined) {
    return {
      verdict: 'inconclusive',
      headline: 'The transaction is well built and signed; without the offer nothing tells whether it pays what was asked.',
    }
  }
  return {
    verdict: 'settles',
    headline: 'The transaction is well built, signed, and pays what the offer asks for; whether it still can, only the chain tells.',
  }
}

/** What keeps the payer's signature from being good for this message. */
const unsigned: readonly CauseId[] = ['svm-signature-missing', 'svm-signature-invalid']

function money(findings: readonly Finding[], { transaction }: SvmPayment): SvmDiagnosis['money'] {
  if (transaction === null)
    return { state: 'not-moved', says: 'not moved by these bytes: they are no transaction that a validator can read' }
  const has = (causes: readonly CauseId[]): boolean =>
    findings.some(({ cause, severity }) => severity === 'error' && causes.includes(cause))
  if (has(unsigned))
    return { state: 'not-moved', says: 'not moved, and these bytes never will move it: the payer has not signed this message' }
  if (has(['svm-decimals-mismatch']))
    return { state: 'not-moved', says: 'not moved, and these bytes never will move it: the token program refuses the decimals' }
  return {
    state: 'unknown',
    says: 'unknown: the payer’s signature is good, so whoever has the fee payer’s key can send it while its blockhash lives, 60 to 90 seconds; whether it was sent, only the chain tells',
  }
}

function skipped({ requirements, transaction }: SvmPayment): SvmDiagnosis['skipped'] {
  const reason = 'only the chain knows, and none was asked'
  return [
    ...(transaction === null ? [{ check: 'instructions, signatures and transfer', reason: 'the transaction can not be decoded' }] : []),
    ...(requirements === undefined ? [{ check: 'mint, payee, amount, fee payer and memo', reason: 'the input has no offer' }] : []),
    ...['token accounts and balances', 'blockhash', 'settlement'].map((check) => ({ check, reason })),
  ]
}

function paymentReport(payment: SvmPayment): SvmDiagnosis['payment'] {
  const { form, recognised, network, transaction } = payment
  const transfer = transaction === null ? undefined : transferOf(transaction)
  return {
    form,
    recognised,
    network: network?.id ?? payment.networkName ?? null,
    transaction:
      transaction === null
        ? null
        : {
            version: transaction.version,
            bytes: transaction.size,
            feePayer: transaction.feePayer,
            blockhash: transaction.blockhash,
            signers: transaction.signers,
            instructions: transaction.instructions.map(({ program, meaning }) => ({ program, says: sayInstruction(meaning) })),
          },
    transfer:
      transfer === undefined
        ? null
        : {
            tokenProgram: transfer.tokenProgram,
            source: transfer.source,
            mint: transfer.mint,
            destination: transfer.destination,
            authority: transfer.authority,
            amount: String(transfer.amount),
            decimals: transfer.decimals,
            symbol: clusterOf(transfer.mint) === undefined ? null : 'USDC',
          },
  }
}

/**
 * What explains other findings goes before them: bytes that can not be read, another network, a wallet's guards; then what a
 * facilitator checks, in the order of the specification. A signature that does not fit goes before the fields, because what was
 * changed after signing is why they are wrong; one that is missing goes last, since it explains nothing.
 */
const order: readonly CauseId[] = [
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
  'svm-recipient-mismatch',
  'svm-amount-mismatch',
  'svm-decimals-mismatch',
  'svm-memo-mismatch',
  'accepted-mismatch',
  'svm-signature-missing',
  'svm-already-processed',
]

const severities = ['error', 'warning', 'info'] as const

function rank(findings: readonly Finding[]): Finding[] {
  const place = (cause: CauseId): number => (order.includes(cause) ? order.indexOf(cause) : order.length)
  return [...findings].sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || place(a.cause) - place(b.cause))
}
