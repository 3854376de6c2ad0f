import { type CauseId, catalogue } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import type { Retry } from '../../money/retry.ts'
import { formatUnits } from '../../text/amount.ts'
import { modelOf } from '../../tokens/models.ts'
import { believed } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'
import { withRetry } from './advise.ts'

/**
 * What to do about what failed. Where the authorization was used or canceled, whenever that was, that comes before everything else: to send or to
 * sign again, which is what most causes ask for, would pay twice.
 */
export function remedy(first: Finding | undefined, findings: readonly Finding[], retry: Retry): string | null {
  if (first === undefined) return null
  const spent = findings.find(({ cause, proof }) => isOverWith(cause) && (proof === undefined || proof === 'proven'))
  if (spent !== undefined) return spent.fix
  // Bytes that are mended are of no use where something else asks for a new signature.
  const anew = findings.find(
    ({ severity, cause }) => severity === 'error' && catalogue[cause].retry === 'sign-again' && catalogue[cause].stops.at === 'digest',
  )
  return withRetry(catalogue[first.cause].stops.at === 'bytes' && anew !== undefined ? anew : first, retry)
}

/** Whether the nonce was used up by this authorization, so that nothing may be sent again; `nonce-reused` is another's. */
function isOverWith(cause: CauseId): boolean {
  const { stops, retry: answer } = catalogue[cause]
  return stops.at === 'nonce' && answer === 'never'
}

/** What a `settles` takes for granted. */
export function assumptions(payment: Payment, evidence: Evidence, isGasShown = false): string[] {
  const { moment, signature } = evidence
  const { value } = payment.authorization
  const { expected } = signature
  const units = expected?.units
  const amount = units === undefined ? `${value} atomic units` : `${formatUnits(value, units.decimals)} ${units.symbol}`
  // With a chain nothing of this is taken for granted: a verdict of `settles` then rests on what was read.
  const out =
    believed(evidence.chains ?? []) === undefined
      ? [
          `the payer holds ${amount}`,
          expected?.family !== undefined && modelOf(expected.family).nonces === 'sequential'
            ? 'its nonce is the next of its key'
            : 'its nonce is unused',
          'the payer has no code (no EIP-7702 delegation)',
          'nobody is blacklisted and the token is not paused',
        ]
      : []
  const gasLimit = payment.call?.transaction?.gasLimit
  if (gasLimit !== undefined && !isGasShown) out.push(`${gasLimit} gas, the transaction's limit, are enough`)
  if (moment.basis === 'inside-window') out.push('it was submitted while its window was open')
  if (expected?.basis === 'any-network')
    out.push(
      `it is a payment on ${expected.network?.id ?? 'that network'}: the payload does not say so, but only there does the signature fit`,
    )
  else if (expected?.basis === 'user')
    out.push(`the token's domain is name "${expected.domain.name ?? ''}", version "${expected.domain.version ?? ''}", as you told`)
  else if (expected?.network?.family === 'foreign') out.push(`the token is ${expected.provenance.says}`)
  if (payment.token === undefined && expected?.basis === 'registry')
    out.push(`the asset is ${expected.units?.symbol ?? 'USDC'} of ${expected.network?.id ?? 'the network'}: the payload names none`)
  return out
}
