import { type CauseId, catalogue } from '../causes/catalogue.ts'
import type { Finding, Retry } from '../causes/finding.ts'
import { believed, type ChainState, ifKnown, simulationAt } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { windowOf, windowState } from '../evidence/moment.ts'
import type { Payment } from '../payment/payment.ts'
import { tokenDomain } from '../signature/expected-domain.ts'
import type { Match } from '../signature/forensics.ts'
import { formatUnits } from '../typed-data/amount.ts'
import { domainSeparator } from '../typed-data/domain.ts'
import { utc } from '../typed-data/utc.ts'
import type { Diagnosis, Verdict } from './diagnosis.ts'

/**
 * Whether money moved or still can. Without a chain nobody knows what became of the nonce, so what is certain is only which signature the
 * token refuses, and until when a good one can be submitted by whoever holds it.
 */
export function money(payment: Payment, evidence: Evidence): Diagnosis['money'] {
  const state = believed(evidence.chains ?? [])
  return (state === undefined ? undefined : moneyOnChain(payment, state, evidence)) ?? moneyOffline(payment, evidence)
}

/** What the nonce tells; undefined where it could not be read, or where what was signed is not what the token would take. */
function moneyOnChain({ authorization }: Payment, state: ChainState, { moment, signature }: Evidence): Diagnosis['money'] | undefined {
  const { usedNow, settlement } = state.nonce
  const { opens, closes } = windowOf(authorization)
  if (ifKnown(state.token.code) === 0)
    return { state: 'not-moved', says: "not moved, and can not move: there is no token at the asset's address" }
  if (!usedNow.known || usedNow.value === null) return undefined
  if (usedNow.value) {
    if (!settlement.known || settlement.value === null) {
      const reason = settlement.known ? 'no log of it was found' : settlement.reason
      return {
        state: 'unknown',
        says: `its nonce is used or canceled, so it may have moved; which of the two could not be told: ${reason}`,
      }
    }
    const { how, transaction, block, time, sender, transferred } = settlement.value
    const at = ifKnown(time)
    const where = `transaction ${transaction}, block ${block}${at === undefined ? '' : ` (${utc(at)})`}`
    if (how === 'canceled')
      return { state: 'not-moved', says: `not moved, and never will be: the payer canceled the authorization in ${where}` }
    if (ifKnown(transferred) === false)
      return { state: 'unknown', says: `the authorization was used in ${where}, whose logs show no Transfer of this value` }
    const by = ifKnown(sender)
    return { state: 'moved', says: `moved in ${where}${by === undefined ? '' : `, sent by ${by}`}` }
  }
  const { number, time } = state.head
  const read = `its nonce is unused at block ${number} (${utc(time)})`
  if (opens > closes || time >= closes)
    return { state: 'not-moved', says: `not moved, and can not move any more: ${read}, and ${closedWhy(opens, closes)}` }
  // A smart wallet's signature is good when the token takes it, whoever's key it is.
  const good = signature.matches.some(({ edits }) => edits.length === 0) || simulationAt(state, authorization) === 'succeeds'
  if (!good) return undefined
  if (windowState(authorization, moment.now) === 'closed') {
    return {
      state: 'unknown',
      says: `can not move any more (${closedWhy(opens, closes)}); ${read}, which is the newest that this RPC has, and what happened after that it does not tell`,
    }
  }
  return {
    state: 'can-move',
    says: `not moved: ${read}. It can still move until ${utc(closes)}: whoever holds these bytes can submit them`,
  }
}

/** What can be said of the money without a chain. */
function moneyOffline(payment: Payment, { moment, signature, networks }: Evidence): Diagnosis['money'] {
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
export function retry(verdict: Verdict, payment: Payment, { moment, chains = [] }: Evidence, errors: readonly Finding[]): Retry {
  const nonce = believed(chains)?.nonce
  // Whatever else is found: with the nonce used up another signature would be another payment.
  if (nonce !== undefined && ifKnown(nonce.usedNow) === true) return nonce.settlement.known ? 'never' : 'unknown'
  const closedNow = windowState(payment.authorization, moment.now) === 'closed'
  if (verdict === 'inconclusive') return 'unknown'
  const asked = errors.map(({ cause }): Retry => catalogue[cause].retry)
  for (const answer of ['never', 'sign-again', 'fix-first', 'unknown'] as const) {
    if (asked.includes(answer)) return closedNow && answer === 'fix-first' ? 'sign-again' : answer
  }
  return closedNow ? 'sign-again' : 'same-payload'
}

/**
 * What to do about what failed. Where the authorization was used or canceled, whenever that was, that comes before everything else: to send or to
 * sign again, which is what most causes ask for, would pay twice.
 */
export function remedy(first: Finding | undefined, findings: readonly Finding[]): string | null {
  if (first === undefined) return null
  return (findings.find(({ cause, proof }) => spent.has(cause) && proof !== 'withdrawn') ?? first).fix
}

/** What uses a nonce up. */
const spent: ReadonlySet<CauseId> = new Set(['authorization-used', 'authorization-canceled', 'executed-by-third-party'])

/** What a `settles` takes for granted. */
export function assumptions(payment: Payment, evidence: Evidence): string[] {
  const { moment, signature } = evidence
  const { value } = payment.authorization
  const { token } = signature.expected ?? {}
  const amount = token === undefined ? `${value} atomic units` : `${formatUnits(value, token.decimals)} ${token.symbol}`
  // With a chain nothing of this is taken for granted: a verdict of `settles` then rests on what was read.
  const out =
    believed(evidence.chains ?? []) === undefined
      ? [
          `the payer holds ${amount}`,
          'its nonce is unused',
          'the payer has no code (no EIP-7702 delegation)',
          'nobody is blacklisted and the token is not paused',
        ]
      : []
  if (moment.basis === 'inside-window') out.push('it was submitted while its window was open')
  const { expected } = signature
  if (expected?.basis === 'any-network')
    out.push(
      `it is a payment on ${expected.network?.id ?? 'that network'}: the payload does not say so, but only there does the signature fit`,
    )
  else if (expected !== undefined && expected.basis !== 'registry' && expected.basis !== 'chain')
    out.push(
      `the token's domain is name "${expected.domain.name ?? ''}", version "${expected.domain.version ?? ''}": the token is not one that we know on this network`,
    )
  if (payment.token === undefined && expected?.basis === 'registry')
    out.push(`the asset is ${expected.token?.symbol ?? 'USDC'} of ${expected.network?.id ?? 'the network'}: the payload names none`)
  return out
}
