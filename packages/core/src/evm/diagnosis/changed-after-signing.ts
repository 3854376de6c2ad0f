import { type CauseId, catalogue } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import { formFindings, openFindings } from '../checks/time.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'
import { authorizationFields } from '../typed-data/authorization.ts'

/** What compares a member of the message with the offer: `expected` is what was asked for. */
const ofOffer: ReadonlySet<CauseId> = new Set(['amount-mismatch', 'amount-units-wrong', 'recipient-mismatch'])

/**
 * Findings about a member that was changed after signing, where what was signed is as it should be: the change is what is wrong, and nobody has to sign
 * anew for it. They stay in the report, and are no errors.
 */
export function withoutWhatChanged(findings: readonly Finding[], payment: Payment, { signature, moment }: Evidence): readonly Finding[] {
  const [match] = signature.matches
  if (match === undefined) return findings
  const signed = match.authorization
  const changed = authorizationFields.filter((field) => signed[field] !== payment.authorization[field])
  if (changed.length === 0) return findings
  const asSigned = { ...payment, authorization: signed }
  const late = [...formFindings(asSigned), ...openFindings(asSigned, moment)]
  return findings.map((finding): Finding => {
    const field = changed.find((each) => finding.field === `authorization.${each}`)
    if (field === undefined || finding.severity === 'info') return finding
    const isMended = ofOffer.has(finding.cause)
      ? finding.expected?.toLowerCase() === String(signed[field]).toLowerCase()
      : catalogue[finding.cause].stops.at === 'window' &&
        !late.some(({ cause, field: where }) => cause === finding.cause && where === finding.field)
    return isMended ? { ...finding, severity: 'warning' } : finding
  })
}
