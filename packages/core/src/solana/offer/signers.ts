import type { Finding } from '../../causes/finding.ts'
import type { SvmPayment, SvmRequirements, SvmTransaction } from '../transaction/payment.ts'
import { transferOf } from '../transaction/transfer.ts'
import { svmFinding } from './finding.ts'

/** Whether the fee payer is the offer's, and whether all others have signed these very bytes. */
export function signerFindings(payment: SvmPayment, transaction: SvmTransaction): Finding[] {
  return [...feePayer(payment, transaction), ...signatures(payment, transaction), ...tooMany(transaction)]
}

/** The facilitator's and the payer's. */
const usualSigners = 2

function tooMany({ signers }: SvmTransaction): Finding[] {
  if (signers.length <= usualSigners) return []
  return [
    svmFinding({
      cause: 'svm-instruction-layout',
      severity: 'warning',
      field: 'transaction.signers',
      seen: String(signers.length),
      expected: String(usualSigners),
      summary: `The transaction has ${signers.length} signers, and the facilitator pays 5,000 lamports for each; facilitators can be set up to refuse more than two.`,
      fix: 'Build the transfer with the fee payer and the payer as its only signers, and sign again.',
    }),
  ]
}

/** An offer that does not say who pays the fee. */
export function withoutFeePayer({ feePayer }: SvmRequirements): Finding[] {
  if (feePayer !== undefined) return []
  return [
    svmFinding({
      cause: 'svm-fee-payer-mismatch',
      party: 'server',
      field: 'requirements.extra.feePayer',
      seen: 'none',
      expected: 'the fee payer of the facilitator',
      summary: 'The offer has no extra.feePayer that could be read, so nobody can tell whose fee payer belongs into the transaction.',
      fix: "Server: read feePayer from the facilitator's /supported and put it into extra of the offer.",
    }),
  ]
}

function feePayer({ requirements }: SvmPayment, transaction: SvmTransaction): Finding[] {
  if (requirements === undefined) return []
  const expected = requirements.feePayer
  if (expected === undefined) return withoutFeePayer(requirements)
  if (transaction.feePayer === expected) return []
  const self = transferOf(transaction)?.authority === transaction.feePayer
  return [
    svmFinding({
      cause: 'svm-fee-payer-mismatch',
      field: 'transaction.feePayer',
      seen: transaction.feePayer,
      expected,
      summary: self
        ? `The payer ${transaction.feePayer} pays the fee too, where the offer's fee payer ${expected} has to.`
        : `The fee payer is ${transaction.feePayer}, where the offer wants ${expected}.`,
      fix: `Build the transaction with ${expected} as its fee payer and sign again.`,
    }),
  ]
}

function signatures({ requirements }: SvmPayment, transaction: SvmTransaction): Finding[] {
  const facilitator = requirements?.feePayer ?? transaction.feePayer
  const authority = transferOf(transaction)?.authority ?? undefined
  const findings: Finding[] = []
  transaction.signers.forEach(({ key, state }, index) => {
    const field = `signatures[${index}]`
    const who = key === authority ? `the payer ${key}` : key
    if (key === facilitator) {
      // The facilitator writes its own over whatever stands in its slot; only a good one there says something.
      if (state === 'valid' && key !== authority) {
        findings.push(
          svmFinding({
            cause: 'svm-already-processed',
            severity: 'warning',
            field,
            summary: `The fee payer ${key} has signed already: the facilitator had this transaction before, and may have sent it.`,
            fix: 'Look for this transaction on chain before anything is sent again.',
          }),
        )
      }
      return
    }
    if (state === 'invalid') {
      findings.push(
        svmFinding({
          cause: 'svm-signature-invalid',
          field,
          summary: `The signature of ${who} is not one of this message: it was changed after signing, or signed with another key.`,
          notes: [{ source: 'computed', says: `ed25519 over the ${transaction.size} bytes' message does not verify for ${key}.` }],
          fix: 'Sign the final message, blockhash and fee payer included, and change nothing after that.',
        }),
      )
    }
    // Another fee payer than the offer's is its own finding; that it has not signed follows from it.
    if (state === 'missing' && !(index === 0 && key !== authority)) {
      findings.push(
        svmFinding({
          cause: 'svm-signature-missing',
          field,
          seen: '64 zero bytes',
          expected: `a signature of ${key}`,
          summary: `The signature of ${who} is missing: its slot has 64 zero bytes.`,
        }),
      )
    }
  })
  if (authority !== undefined && !signsByMultisig(transaction) && !transaction.signers.some(({ key }) => key === authority)) {
    findings.push(
      svmFinding({
        cause: 'svm-signature-missing',
        field: 'transfer.authority',
        seen: authority,
        expected: 'one of the signers',
        summary: `The payer ${authority} is not among the transaction's signers, so the transfer has no signature at all.`,
      }),
    )
  }
  return findings
}

/** The authority of a transfer may be a multisig account, which signs by the keys that stand behind it among the accounts. */
function signsByMultisig({ instructions, signers }: SvmTransaction): boolean {
  return instructions.some(
    ({ meaning, accounts }) =>
      meaning.kind === 'transfer-checked' && accounts.slice(4).some((key) => signers.some((signer) => signer.key === key)),
  )
}
