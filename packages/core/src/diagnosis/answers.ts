import { catalogue } from '../causes/catalogue.ts'
import type { Finding, Retry } from '../causes/finding.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { windowOf, windowState } from '../evidence/moment.ts'
import type { Payment } from '../payment/payment.ts'
import { tokenDomain } from '../signature/expected-domain.ts'
import type { Match } from '../signature/forensics.ts'
import { formatUnits } from '../typed-data/amount.ts'
import { domainSeparator } from '../typed-data/domain.ts'
import { utc } from '../typed-data/utc.ts'
import type { Diagnosis, Verdict } from './diagnosis.ts'

/** Facts that only a chain can tell; without one, `settles` rests on them. */
export const chainOnlyChecks = [
  'payer holds the value',
  'nonce is unused',
  'payer has no code',
  'nobody is blacklisted',
  'token is not paused',
] as const

/** Why such a check was skipped. */
export const noRpc = 'no RPC was given'

/**
 * Whether money moved or still can. Without a chain nobody knows what became of the nonce, so what is certain is only which signature the
 * token refuses, and until when a good one can be submitted by whoever holds it.
 */
export function money(payment: Payment, { moment, signature, networks }: Evidence): Diagnosis['money'] {
  const { opens, closes } = windowOf(payment.authorization)
  const closedNow = opens > closes || windowState(payment.authorization, moment.now) === 'closed'
  const [match] = signature.matches
  if (signature.expected === undefined) return { state: 'unknown', says: 'unknown: nothing tells which token would check this signature' }
  if (match === undefined && signature.wallet !== undefined)
    return { state: 'unknown', says: 'unknown: only the smart wallet itself tells whether it accepts this signature' }
  if (match === undefined) return { state: 'not-moved', says: 'not moved, and this signature never will move it: the token refuses it' }
  if (match.edits.length === 0) {
    return closedNow
      ? {
          state: 'unknown',
          says: `can not move any more (${closedWhy(opens, closes)}); whether it moved before, only the nonce on chain tells`,
        }
      : {
          state: 'can-move',
          says: `can still move until ${utc(closes)} unless its nonce was used already: whoever holds these bytes can submit them`,
        }
  }
  const elsewhere = ownerOf(match.separator, signature.expected.separator, networks)
  if (elsewhere !== undefined && isAuthorization(match) && !closedNow) {
    return {
      state: 'can-move',
      says: `not moved here, but it is a valid authorization for ${elsewhere}: it can move money there until ${utc(closes)}`,
    }
  }
  if (onlyForm(match) && !closedNow) {
    return {
      state: 'can-move',
      says: `not moved as it is; with its bytes put right, which anyone who holds them can do, it can move until ${utc(closes)}`,
    }
  }
  return {
    state: 'not-moved',
    says: `not moved, and ${closedNow ? closedWhy(opens, closes) : 'the token will never accept this signature'}`,
  }
}

function closedWhy(opens: bigint, closes: bigint): string {
  return opens > closes ? 'its window is empty' : `the window closed ${utc(closes)}`
}

/** The known token that checks signatures under this separator, when that is another than the payment's own. */
function ownerOf(separator: string, own: string, networks: Evidence['networks']): string | undefined {
  if (separator === own) return undefined
  for (const network of networks.all) {
    if (network.family !== 'evm') continue
    const token = [network.usdc, ...network.otherTokens].find((each) => domainSeparator(tokenDomain(each, network.chainId)) === separator)
    if (token !== undefined) return `${token.symbol} on ${network.id}`
  }
  return undefined
}

/** What was signed is what some token takes as it is: nothing but its domain differs. */
function isAuthorization({ edits }: Match): boolean {
  return edits.every(({ field }) => field.startsWith('domain'))
}

/** What was signed is right, and only the bytes of the signature are not in the token's form. */
function onlyForm({ edits }: Match): boolean {
  return edits.every(({ field }) => field.startsWith('signature'))
}

/** What may be sent again. Errors decide; a closed window asks for a new signature whatever else is right. */
export function retry(verdict: Verdict, payment: Payment, { moment }: Evidence, errors: readonly Finding[]): Retry {
  const closedNow = windowState(payment.authorization, moment.now) === 'closed'
  if (verdict === 'inconclusive') return 'unknown'
  const asked = errors.map(({ cause }): Retry => catalogue[cause].retry)
  for (const answer of ['never', 'sign-again', 'fix-first', 'unknown'] as const) {
    if (asked.includes(answer)) return closedNow && answer === 'fix-first' ? 'sign-again' : answer
  }
  return closedNow ? 'sign-again' : 'same-payload'
}

/** What a `settles` takes for granted. */
export function assumptions(payment: Payment, { moment, signature }: Evidence): string[] {
  const { value } = payment.authorization
  const { token } = signature.expected ?? {}
  const amount = token === undefined ? `${value} atomic units` : `${formatUnits(value, token.decimals)} ${token.symbol}`
  const out = [
    `the payer holds ${amount}`,
    'its nonce is unused',
    'the payer has no code (no EIP-7702 delegation)',
    'nobody is blacklisted and the token is not paused',
  ]
  if (moment.basis === 'inside-window') out.push('it was submitted while its window was open')
  const { expected } = signature
  if (expected?.basis === 'any-network')
    out.push(
      `it is a payment on ${expected.network?.id ?? 'that network'}: the payload does not say so, but only there does the signature fit`,
    )
  else if (expected !== undefined && expected.basis !== 'registry')
    out.push(
      `the token's domain is name "${expected.domain.name ?? ''}", version "${expected.domain.version ?? ''}": the token is not one that we know on this network`,
    )
  if (payment.token === undefined && expected?.basis === 'registry')
    out.push(`the asset is ${expected.token?.symbol ?? 'USDC'} of ${expected.network?.id ?? 'the network'}: the payload names none`)
  return out
}
