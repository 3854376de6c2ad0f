import type { NotMade } from '../../evidence/check.ts'
import { findCollector } from '../../rails/collectors.ts'
import type { PaymentRail } from '../../rails/rail.ts'
import { utc } from '../../text/utc.ts'
import { isGateways } from '../checks/gateway.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { windowOf, windowState } from '../evidence/moment.ts'
import type { Payment } from '../payment/payment.ts'

/** Who decides what is left when nothing is wrong with what was signed, and why, in one sentence. */
export interface RailDecides {
  readonly id: 'gateway-decides' | 'mpp-server-decides' | 'collector-decides'
  readonly says: string
}

/** The rail by the payment's words, or by the domain that was signed where those say nothing. */
export function railOf({ rail }: Payment, evidence: Evidence): PaymentRail {
  return isGateways(evidence) ? 'circle-gateway' : rail
}

/** Why neither a chain nor a replay can show anything of a payment: the token never sees it. Undefined where the token does. */
export function outsideTheToken(evidence: Evidence): NotMade | undefined {
  return isGateways(evidence)
    ? { code: 'moot', reason: 'Circle Gateway settles it out of its own balances, and the token never sees this signature' }
    : undefined
}

/**
 * Why a payment in which nothing is wrong does not settle by that alone: whoever settles it checks more than the token does. Undefined where the token's
 * own word is all.
 */
export function leftToRail(payment: Payment, evidence: Evidence): RailDecides | undefined {
  const { matches, wallet } = evidence.signature
  const isGood = matches.length > 0
  const rail = railOf(payment, evidence)
  switch (rail) {
    case 'circle-gateway':
      return {
        id: 'gateway-decides',
        says: isGood
          ? `It is signed for Circle Gateway${payment.rail === 'circle-gateway' ? ', as the offer asks' : ''}: only Gateway can settle it, and whether the payer's balance there covers it, only Gateway tells.`
          : `It is a payment for Circle Gateway${wallet === undefined ? '' : ", and the signature is a smart wallet's"}: whether Gateway takes it, only Gateway tells.`,
      }
    case 'mpp-charge':
      return {
        id: 'mpp-server-decides',
        says: isGood
          ? `The signature is valid for ${symbolOf(evidence)}${on(payment)}; whether the payment answers the challenge, only the MPP server tells: the challenge has to be its own, not expired and not answered before.`
          : 'It is a payment by MPP: whether its server takes it, only that server tells.',
      }
    case 'auth-capture':
    case 'batch-settlement':
    case 'escrow':
    case 'settlement-router': {
      const collector = findCollector(payment.authorization.to)?.label ?? payment.authorization.to
      return {
        id: 'collector-decides',
        says: isGood
          ? `The signature is valid for ${symbolOf(evidence)}${on(payment)}, and only ${collector} can use it: whether its nonce is bound to the terms of the payment is not judged here.`
          : `It is a payment through ${collector}, and whether it is taken, only that contract tells.`,
      }
    }
    case 'eip3009':
    case 'x402-exact':
      return undefined
  }
}

function symbolOf({ signature: { expected } }: Evidence): string {
  return expected?.units?.symbol ?? 'the token'
}

function on({ network, chainId }: Payment): string {
  return network === undefined ? (chainId === undefined ? '' : ` on chain ${chainId}`) : ` on ${network.id}`
}

/** What can be said of the money where Circle Gateway settles: undefined for all other rails, and where what was signed is for something else than was sent. */
export function gatewayMoney(
  payment: Payment,
  evidence: Evidence,
): { readonly state: 'can-move' | 'unknown'; readonly says: string } | undefined {
  if (!isGateways(evidence)) return undefined
  const { moment, signature } = evidence
  const [match] = signature.matches
  if (match === undefined) return { state: 'unknown', says: 'unknown: whether Gateway takes this signature, only Gateway tells' }
  // Gateway may take bytes that the token would refuse.
  if (!match.edits.every(({ field }) => field.startsWith('signature'))) return undefined
  const { opens, closes } = windowOf(payment.authorization)
  if (opens > closes || windowState(payment.authorization, moment.now) === 'closed') {
    const end = opens > closes ? 'its window is empty' : `the window closed ${utc(closes)}`
    return {
      state: 'unknown',
      says: `Gateway can not use it any more (${end}); whether it debited the payer's balance before, only Gateway tells`,
    }
  }
  return {
    state: 'can-move',
    says: `Circle Gateway can debit the payer's balance there with these bytes until ${utc(closes)}, whoever hands them in; the token itself does not move by them`,
  }
}
