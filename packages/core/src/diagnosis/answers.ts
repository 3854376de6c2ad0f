import { type CauseId, catalogue } from '../causes/catalogue.ts'
import type { Finding, RetryAction } from '../causes/finding.ts'
import { refusedPayee } from '../checks/token.ts'
import { blockWindowOf } from '../evidence/block-window.ts'
import { behind, believed, type ChainState, ifKnown, simulationAt, unknown, walletAccepts } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { whenText, windowOf, windowState } from '../evidence/moment.ts'
import type { Payment } from '../payment/payment.ts'
import { modelOf } from '../tokens/models.ts'
import { formatUnits } from '../typed-data/amount.ts'
import { type Authorization, authorizationFields, typeHashes } from '../typed-data/authorization.ts'
import { utc } from '../typed-data/utc.ts'
import { type Contradiction, doubtsNonce } from './contradiction.ts'
import type { Diagnosis, Verdict } from './diagnosis.ts'
import { type GoodFor, goodFor } from './good-for.ts'
import { gatewayMoney } from './rail.ts'

/**
 * Whether money moved or still can. Without a chain nobody knows what became of the nonce, so what is certain is only which signature the
 * token refuses, and until when a good one can be submitted by whoever holds it.
 */
export function money(payment: Payment, evidence: Evidence): Diagnosis['money'] {
  const gateway = gatewayMoney(payment, evidence)
  if (gateway !== undefined) return gateway
  const state = believed(evidence.chains ?? [])
  const answer = (state === undefined ? undefined : moneyOnChain(payment, state, evidence)) ?? moneyOffline(payment, evidence)
  if (state?.nonce.usedNow.known && state.nonce.usedNow.value === true) return answer
  return refused(payment, evidence) ?? (answer.state === 'can-move' ? (inBlocks(payment, evidence) ?? answer) : answer)
}

/** Of a window in numbers of blocks no clock tells the end. */
function inBlocks({ authorization }: Payment, { signature }: Evidence): Diagnosis['money'] | undefined {
  const [match] = signature.matches
  if (match !== undefined && !hasFields(match.authorization, authorization)) return undefined
  const blocks = blockWindowOf(authorization, signature.expected?.family)
  if (blocks === undefined) return undefined
  const { opens, closes } = blocks
  return {
    state: 'can-move',
    says: `can move from block ${opens} to block ${closes} unless its nonce was used already: whoever holds these bytes can submit them`,
  }
}

/** Nobody can be paid at some addresses, whoever signs for it; undefined where the payee is not such a one, or another one was signed. */
function refused(payment: Payment, evidence: Evidence): Diagnosis['money'] | undefined {
  const refusal = refusedPayee(payment, evidence)
  const { matches, expected } = evidence.signature
  const [match] = matches
  if (refusal === undefined || match === undefined) return undefined
  const good = goodFor(match, expected, evidence.networks)
  // What another token takes, or pays somebody else, can move all the same.
  if (good.kind !== 'payment' || good.elsewhere !== undefined || good.authorization.to !== payment.authorization.to) return undefined
  if (refusal.check === 'to-blacklisted') {
    const listed = ifKnown(believed(evidence.chains ?? [])?.payee.blacklisted ?? { known: false, reason: '' })
    if (listed === false) return undefined
    return { state: 'not-moved', says: 'not moved, and these bytes can not move it: the token has its own address on its blacklist' }
  }
  return {
    state: 'not-moved',
    says: `not moved, and these bytes never will move it: the token pays nobody at ${refusal.zero ? 'the zero address' : 'its own address'}`,
  }
}

/** Where nothing is claimed because of it, or where it is about the nonce, nobody knows whether money moved or can; undefined where that is not so. */
export function moneyInDoubt(verdict: Verdict, contradictions: readonly Contradiction[]): Diagnosis['money'] | undefined {
  const about = contradictions.find(doubtsNonce) ?? (verdict === 'inconclusive' ? contradictions[0] : undefined)
  if (about === undefined) return undefined
  const [one, other] = about.sides
  return {
    state: 'unknown',
    says: `unknown, since what was read contradicts itself: ${one}, and ${other}. Until that is settled, take it that whoever holds these bytes can submit them`,
  }
}

/** What the nonce tells; undefined where it could not be read, or where what was signed is not what the token would take. */
function moneyOnChain({ authorization }: Payment, state: ChainState, { moment, signature }: Evidence): Diagnosis['money'] | undefined {
  const { usedNow, settlement } = state.nonce
  const { opens, closes } = windowOf(authorization)
  // A node that is behind may not have come to the token yet.
  if (ifKnown(state.token.code) === 0 && ifKnown(state.token.responds) === false && behind(state, moment.now) === undefined)
    return { state: 'not-moved', says: "not moved, and can not move: there is no token at the asset's address" }
  // Where it could not be read, but the token refuses it for its nonce, the logs may tell.
  const isUsed = usedNow.known ? usedNow.value === true : ifKnown(settlement) != null
  if (!isUsed && (!usedNow.known || usedNow.value === null)) return undefined
  if (isUsed) {
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
    if (!transferred.known)
      return {
        state: 'unknown',
        says: `its nonce was used in ${where}; whether the payee was paid by it could not be told: ${transferred.reason}`,
      }
    if (!transferred.value)
      return { state: 'unknown', says: `its nonce was used in ${where}, whose logs show no Transfer of this value from payer to payee` }
    const by = ifKnown(sender)
    return { state: 'moved', says: `moved in ${where}${by === undefined ? '' : `, sent by ${by}`}` }
  }
  // What was signed may be good although what was sent is not: its own window and nonce are not those that were read.
  const [match] = signature.matches
  const isSent = match === undefined ? walletAccepts(state, signature.digest) === true : hasFields(match.authorization, authorization)
  if (!isSent && simulationAt(state, authorization) !== 'succeeds') return undefined
  const { number, time } = state.head
  const read = `its nonce is unused at block ${number} (${utc(time)})`
  if (opens > closes || time >= closes)
    return { state: 'not-moved', says: `not moved, and can not move any more: ${read}, and ${closedWhy(opens, closes)}` }
  // A smart wallet's signature is good when the wallet or the token takes it, whoever's key it is.
  const good =
    signature.matches.some(({ edits }) => edits.length === 0) ||
    simulationAt(state, authorization) === 'succeeds' ||
    walletAccepts(state, signature.digest) === true
  if (!good) return undefined
  if (windowState(authorization, moment.now) === 'closed') {
    return {
      state: 'unknown',
      says: `can not move any more (${closedWhy(opens, closes)}); ${read}, which is the newest that this RPC has, and what happened after that it does not tell`,
    }
  }
  return {
    state: 'can-move',
    says: `not moved: ${read}. It can still move ${whenText(authorization, moment.now)}: whoever holds these bytes can submit them`,
  }
}

/** What can be said of the money without a chain: what the signature is good for, and until when. */
function moneyOffline(payment: Payment, { moment, signature, networks }: Evidence): Diagnosis['money'] {
  const { expected, wallet, matches } = signature
  const [match] = matches
  if (match === undefined) {
    if (expected === undefined) return { state: 'unknown', says: 'unknown: nothing tells which token would check this signature' }
    return {
      state: 'unknown',
      says:
        wallet === undefined
          ? 'unknown: if from is an ordinary account the token refuses this signature for what was sent; a contract wallet may take it, and if a field was changed after signing, what was signed may still move'
          : 'unknown: only the smart wallet itself tells whether it accepts this signature',
    }
  }
  const good = goodFor(match, expected, networks)
  switch (good.kind) {
    case 'payment':
      return moneyOf(payment, good, moment.now)
    case 'cancellation':
      return { state: 'not-moved', says: 'this signature moves nothing; whoever holds it can cancel the nonce' }
    case 'allowance':
      return {
        state: 'unknown',
        says: 'this signature moves nothing by itself, and gives a spender an allowance who can take the money by it',
      }
    case 'nothing':
      return { state: 'not-moved', says: 'not moved by it: no token that is known takes what was signed' }
    case 'unknown': {
      const { opens, closes } = windowOf(match.authorization)
      const isClosed = opens > closes || windowState(match.authorization, moment.now) === 'closed'
      if (isClosed && Object.values(typeHashes).some((hash) => hash === match.typeHash))
        return {
          state: 'unknown',
          says: `unknown: nothing here knows the token whose domain was signed (${match.domain.verifyingContract ?? '?'}); one that keeps to EIP-3009 takes it no more (${closedWhy(opens, closes)}), and whether it did before, only its nonce tells`,
        }
      return {
        state: 'unknown',
        says: `unknown: nothing here knows the token whose domain was signed (${match.domain.verifyingContract ?? '?'}); if it takes it, whoever holds these bytes can submit them${opens > moment.now ? ` from ${utc(opens)} on` : ''}`,
      }
    }
  }
}

function moneyOf(payment: Payment, good: Extract<GoodFor, { kind: 'payment' }>, now: bigint): Diagnosis['money'] {
  const { authorization, elsewhere, repaired, type } = good
  const { opens, closes } = windowOf(authorization)
  const closed = opens > closes || windowState(authorization, now) === 'closed'
  const changed = authorizationFields.filter((field) => authorization[field] !== payment.authorization[field])
  const ways = [
    ...(changed.length === 0 ? [] : [`as it was signed (${changed.map((field) => `${field} ${authorization[field]}`).join(', ')})`]),
    ...(type === payment.primaryType
      ? []
      : [type === 'ReceiveWithAuthorization' ? 'by receiveWithAuthorization, from the payee' : 'by transferWithAuthorization']),
    ...(repaired ? ['with its bytes put right, which anyone who holds them can do'] : []),
    ...(elsewhere === undefined ? [] : [`as ${elsewhere}, for which it is a valid authorization`]),
  ]
  const asSent = ways.length === 0
  if (closed) {
    const nonce = changed.includes('nonce') ? `the nonce ${authorization.nonce}` : 'the nonce'
    return {
      state: 'unknown',
      says: `can not move any more (${asSent ? '' : 'what was signed: '}${closedWhy(opens, closes)}); whether it moved before, only ${nonce} on chain tells`,
    }
  }
  return {
    state: 'can-move',
    says: asSent
      ? `can still move ${whenText(authorization, now)} unless its nonce was used already: whoever holds these bytes can submit them`
      : `not moved as it was sent; ${ways.join(', ')} it can move ${whenText(authorization, now)}`,
  }
}

function hasFields(signed: Authorization, sent: Authorization): boolean {
  return authorizationFields.every((field) => signed[field] === sent[field])
}

function closedWhy(opens: bigint, closes: bigint): string {
  return opens > closes ? 'its window is empty' : `the window closed ${utc(closes)}`
}

/** What may be sent again. Errors decide; a closed window asks for a new signature whatever else is right. */
export function retry(verdict: Verdict, payment: Payment, evidence: Evidence, errors: readonly Finding[]): RetryAction {
  const { moment, chains = [], signature } = evidence
  const nonce = believed(chains)?.nonce
  // Whatever else is found: with the nonce used up another signature would be another payment.
  if (nonce !== undefined && ifKnown(nonce.usedNow) === true) return isSettled(nonce) ? 'never' : 'unknown'
  if (verdict === 'inconclusive') return 'unknown'
  const head = believed(chains)?.head.time
  // The next block is later than the newest: in a window's last second nothing can be sent any more.
  // What was changed after signing can be put back: the window that counts is the one that was signed.
  const signed = signature.matches[0]?.authorization ?? payment.authorization
  const isOver = head !== undefined && head >= windowOf(signed).closes
  const closedNow = isOver || windowState(signed, moment.now) === 'closed'
  const asked = errors.map(({ cause, field }): RetryAction => {
    // What nothing explains may have been signed for something else that still can move: another signature would be another payment.
    if (signature.matches.length === 0 && cause === 'signer-not-owner') return 'unknown'
    // A token that has itself on its list says nothing against the payer, who only named the wrong payee.
    const wrongPayee = cause === 'blacklisted' && field === 'authorization.to' && refusedPayee(payment, evidence) !== undefined
    return wrongPayee ? 'sign-again' : catalogue[cause].retry
  })
  for (const answer of ['never', 'unknown', 'sign-again', 'fix-first'] as const) {
    if (asked.includes(answer)) return closedNow && answer === 'fix-first' ? 'sign-again' : answer
  }
  return closedNow ? 'sign-again' : 'send-same'
}

/** Whether it is known what the nonce was used for: this payment, or to take it back. */
function isSettled({ settlement }: ChainState['nonce']): boolean {
  return settlement.known && (settlement.value?.how === 'canceled' || ifKnown(settlement.value?.transferred ?? unknown('')) === true)
}

/**
 * What to do about what failed. Where the authorization was used or canceled, whenever that was, that comes before everything else: to send or to
 * sign again, which is what most causes ask for, would pay twice.
 */
export function remedy(first: Finding | undefined, findings: readonly Finding[], isClosed: boolean): string | null {
  if (first === undefined) return null
  const spent = findings.find(({ cause, proof }) => isOverWith(cause) && (proof === undefined || proof === 'proven'))
  if (spent !== undefined) return spent.fix
  // Bytes that are mended are of no use where something else asks for a new signature.
  const anew = findings.find(
    ({ severity, cause }) => severity === 'error' && catalogue[cause].retry === 'sign-again' && catalogue[cause].stops.at === 'digest',
  )
  const { fix } = catalogue[first.cause].stops.at === 'bytes' && anew !== undefined ? anew : first
  // What is sent again as it is has no window any more.
  const isLate = isClosed && catalogue[first.cause].retry === 'send-same'
  return isLate ? `${fix}. This one's window has closed: that takes a new signature` : fix
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
