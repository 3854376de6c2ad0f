import type { Finding } from '../causes/finding.ts'
import { utc } from '../typed-data/utc.ts'
import { svmFinding } from './finding.ts'
import type { SvmSettlement } from './state.ts'
import { fail, pass, type StateCheck, type StateCheckContext, type StateCheckResult, skip, where } from './state-check.ts'
import { sayError } from './transaction-error.ts'
import { nonceAccountOf, payeeAccount } from './wanted-accounts.ts'

/** Whether the transaction landed, and whether it still can. */
export const livenessChecks: readonly StateCheck[] = [
  { id: 'settlement', run: settlement },
  { id: 'blockhash', run: blockhash },
]

function settlement({ payment, network, state, transfer }: StateCheckContext): StateCheckResult {
  if (payment.transaction === null) return skip('the transaction can not be decoded')
  const { settlement: fact } = state
  if (!fact.known) return skip(fact.reason)
  if (fact.value === null) return pass
  const landed = fact.value
  const said = sayLanded(landed)
  if (landed.error !== null) {
    return fail(
      svmFinding({
        cause: 'svm-landed-with-error',
        source: 'chain',
        field: 'transaction',
        seen: sayError(landed.error),
        expected: 'no error',
        summary: `The transaction landed ${said} and failed with ${sayError(landed.error)}: its fee was taken, and nothing moved.`,
        notes: [{ source: 'chain', says: `getTransaction ${landed.transaction}, by ${state.source}.` }],
      }),
    )
  }
  const findings: Finding[] = [
    svmFinding({
      cause: 'svm-already-processed',
      source: 'chain',
      field: 'transaction',
      seen: landed.transaction,
      summary: `The transaction was settled ${said}: it is ${landed.transaction}.`,
      notes: [{ source: 'chain', says: `It carries the payer’s signature and no error, by ${state.source}.` }],
      fix: `Take ${landed.transaction} as the settlement. For another purchase, build a new transaction with a memo of its own.`,
    }),
  ]
  const payTo = payment.requirements?.payTo
  if (
    landed.receiver !== null &&
    payTo !== undefined &&
    landed.receiver !== payTo &&
    payeeAccount(payment, network) === transfer?.destination
  ) {
    findings.push(
      svmFinding({
        cause: 'svm-destination-owner-changed',
        source: 'chain',
        field: 'transfer.destination',
        seen: landed.receiver,
        expected: payTo,
        summary: `The account that was paid belonged to ${landed.receiver} then, and not to the payee ${payTo}.`,
      }),
    )
  }
  return fail(...findings)
}

/** "in slot 350000000 (2026-11-20 10:00:00 UTC)". */
export function sayLanded({ slot, time }: SvmSettlement): string {
  return `in slot ${slot}${time.known ? ` (${utc(time.value)})` : ''}`
}

function blockhash({ payment, state }: StateCheckContext): StateCheckResult {
  const { transaction } = payment
  if (transaction === null) return skip('the transaction can not be decoded')
  if (state.settlement.known && state.settlement.value !== null)
    return skip('the transaction landed, so that its blockhash does not matter any more')
  const { blockhash: fact } = state
  if (!fact.known) return skip(fact.reason)
  if (fact.value === 'alive') return pass
  const nonce = nonceAccountOf(payment)
  return fail(
    svmFinding({
      cause: 'svm-blockhash-expired',
      source: 'chain',
      field: 'transaction.blockhash',
      seen: transaction.blockhash,
      expected: nonce === undefined ? 'one of the last 150 blocks of this cluster' : `what the nonce account ${nonce} keeps`,
      summary:
        nonce === undefined
          ? 'The blockhash is dead: it is older than 150 blocks (60 to 90 seconds), or it was never one of this cluster.'
          : `The nonce account ${nonce} keeps another value than the transaction has: the nonce was used, or the account is none.`,
      notes: [{ source: 'chain', says: `isBlockhashValid is false ${where(state)}.` }],
    }),
  )
}
