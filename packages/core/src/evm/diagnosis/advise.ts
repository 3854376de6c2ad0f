import type { Address } from '../../bytes/hex.ts'
import { type CauseId, catalogue } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import type { RetryAction } from '../../causes/retry.ts'
import { ifKnown, unknown } from '../../evidence/known.ts'
import type { Instrument, Money } from '../../money/instrument.ts'
import { type Condition, instruct, type Retry } from '../../money/retry.ts'
import { checksum } from '../../networks/checksum.ts'
import { utc } from '../../text/utc.ts'
import type { Verdict } from '../../verdict/diagnosis.ts'
import { refusedPayee } from '../checks/token.ts'
import { behind, believed } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { windowState } from '../evidence/moment.ts'
import { offerGap } from '../payment/offer-gap.ts'
import type { Payment } from '../payment/payment.ts'
import { type Contradiction, doubtsNonce } from './contradiction.ts'
import { isRefusedBySome } from './refused-by-token.ts'

interface Stand {
  readonly verdict: Verdict
  readonly payment: Payment
  readonly evidence: Evidence
  readonly errors: readonly Finding[]
  readonly contradictions: readonly Contradiction[]
  readonly money: Money
}

const twice = 'another signature can be settled beside the first one, and the payer pays twice'

/** What to do next: what the causes ask for, as far as no authorization in sight makes it pay twice. */
export function advise(stand: Stand): Retry {
  const { verdict, evidence, contradictions, money } = stand
  const over = ended(stand)
  if (over !== undefined) return over
  if (contradictions.some(doubtsNonce))
    return instruct(
      { action: 'unknown', onlyIf: ['receipt-read'], cost: twice },
      { says: 'ask another RPC before anything is sent or signed: what was read of its nonce contradicts itself' },
    )
  if (verdict === 'inconclusive') return unsettled(stand)
  const wants = wanted(stand)
  if (wants === 'never') return instruct({ action: 'never', cost: twice })
  const unsigned = money.instruments.find(
    ({ form, state }) => form === 'as-sent' && state === 'unknown' && evidence.signature.matches.length === 0,
  )
  // What nothing here shows to be signed may be good for another token, or under another nonce.
  const isUnread = wants === 'sign-again' && evidence.signature.matches.length === 0 && !isKnownGood(evidence)
  if (wants === 'unknown' || isUnread) {
    return unsigned === undefined || evidence.signature.expected === undefined
      ? instruct(
          { action: 'unknown', cost: twice },
          { says: 'read the chain before anything is sent or signed anew: nobody knows yet whether it is safe' },
        )
      : instruct(
          { action: 'unknown', onlyIf: ['signed-message-known', 'not-good-elsewhere'], cost: twice },
          { says: 'ask the payer what it signed: another signature may only be made over that nonce, and only if that was for this token' },
        )
  }
  const late = undecidedWindow(stand)
  if (late !== undefined) return late
  if (wants !== 'sign-again' && !isPast(money)) return asItIs(wants, stand)
  return signAgain(stand)
}

function paidBy({ to, value }: NonNullable<Instrument['pays']>): { readonly to: Address; readonly value: bigint } {
  return { to: checksum(to), value: BigInt(value) }
}

/** What is over, whatever else is wrong: another signature would be another payment. */
function ended({ money: { instruments }, payment, evidence: { chains } }: Stand): Retry | undefined {
  const settlement = ifKnown(believed(chains ?? [])?.nonce.settlement ?? unknown(''))
  const gone = settlement === undefined || settlement === null ? null : String(settlement.block)
  const paid = instruments.find(({ state }) => state === 'spent-on-this')
  if (paid !== undefined && paid.pays !== null && offerGap(payment, paidBy(paid.pays)) !== undefined) {
    return instruct(
      { action: 'unknown', onlyIf: ['payer-agrees'], cost: twice },
      {
        says: 'deliver nothing and sign nothing: it moved, and not what the offer asks for; another signature is another payment, if the payer agrees to it',
      },
    )
  }
  if (paid !== undefined) {
    const late =
      paid.finality === 'latest' ? 'it is paid, in a block that is not final yet: look again before anything is signed anew' : 'it is paid'
    return instruct({ action: 'never', cost: twice }, { after: late })
  }
  const own = instruments.filter(({ form }) => form !== 'sibling' && form !== 'elsewhere')
  const isOpen = own.some(({ state }) => state === 'live' || state === 'unknown')
  const over = own.find(({ state }) => state === 'canceled' || state === 'spent-on-another')
  if (over !== undefined && isOpen) {
    return instruct(
      { action: 'unknown', onlyIf: ['signed-message-known', 'not-good-elsewhere'], cost: twice },
      {
        says: 'ask the payer what it signed: the nonce that was sent is used up, and what was signed may have another, under which it still moves',
      },
    )
  }
  // Until its block is final, what ended it can be taken back, and then both signatures are good.
  const notBefore = over?.finality === 'latest' && gone !== null ? { time: null, block: gone, finalized: true } : null
  if (own.some(({ state }) => state === 'canceled')) {
    return instruct(
      { action: 'never', notBefore, cost: 'the payer took it back: another signature is another purchase' },
      { after: 'the payer took it back, and signs anew, with another nonce, only if the purchase is still wanted and that block is final' },
    )
  }
  if (own.some(({ state }) => state === 'spent-on-another')) {
    return instruct(
      { action: 'unknown', notBefore, onlyIf: ['payer-agrees'], cost: twice },
      {
        says: `${payment.authorization.to} was not paid by it: its nonce paid for something else. Another signature is another payment: only the payer can tell whether it is owed, and not before that block is final`,
      },
    )
  }
  const used = instruments.some(({ state, usableBy, evidence }) => state === 'unknown' && usableBy === 'nobody' && evidence !== 'bytes')
  if (!used) return undefined
  return instruct(
    { action: 'unknown', onlyIf: ['receipt-read'], cost: twice },
    { says: 'its nonce is used: read what that transaction paid, from another RPC, before anything is signed or delivered' },
  )
}

/** Where nothing is claimed: wait where time alone tells, else ask. */
function unsettled({ evidence: { chains = [], moment }, payment, money }: Stand): Retry {
  const state = believed(chains)
  if (state !== undefined && behind(state, moment.now) !== undefined) {
    return instruct(
      { action: 'wait', notBefore: { time: String(moment.now), block: null, finalized: false }, cost: twice },
      {
        says: `wait for a block of ${utc(moment.now)} or later, then diagnose again: the newest that was read is older, and nothing may be signed meanwhile`,
      },
    )
  }
  const open = money.instruments.some(({ state: each }) => each === 'live' || each === 'unknown')
  const nonce = payment.authorization.nonce
  return instruct(
    { action: 'unknown', ...(open ? { onlyIf: ['nonce-unused'], nonce, cost: twice } : {}) },
    {
      says: open
        ? `find that out before anything is sent or signed; a signature that is made anew meanwhile has to have nonce ${nonce}`
        : 'find that out before anything is sent or signed',
    },
  )
}

/** Causes that say who did not sign, and not what was signed. */
const byWhom: ReadonlySet<CauseId> = new Set<CauseId>(['signer-not-owner', 'smart-wallet-signature', 'eip7702-payer'])

/** Whether the wallet takes what is inside of the wrapper, so that it is known what was signed. */
function isKnownGood({ chains }: Evidence): boolean {
  const state = believed(chains ?? [])
  if (state === undefined) return false
  return state.wallet.some(({ accepts }) => ifKnown(accepts) === true) || ifKnown(state.deployment?.accepts ?? unknown('')) === true
}

/** What the causes ask for, whatever became of the money. The one that asks for most decides. */
function wanted({ errors, evidence, payment, money }: Stand): RetryAction {
  const isOpen = money.instruments.some(({ state }) => state === 'live' || state === 'unknown')
  const asked = errors.map((finding): RetryAction => {
    const { cause, field } = finding
    // What nothing explains may have been signed for something else that still can move: another signature would be another payment.
    if (evidence.signature.matches.length === 0 && byWhom.has(cause) && !isKnownGood(evidence)) return 'unknown'
    // A token that has itself on its list says nothing against the payer, who only named the wrong payee.
    const wrongPayee = cause === 'blacklisted' && field === 'authorization.to' && refusedPayee(payment, evidence) !== undefined
    if (wrongPayee) return 'sign-again'
    const retry = askedBy(finding)
    // What is in the way of it can be lifted, and then it pays: that is no end.
    return retry === 'never' && isOpen ? 'fix-first' : retry
  })
  return (
    (['never', 'unknown', 'wait', 'cancel-first', 'sign-again', 'fix-first'] as const).find((each) => asked.includes(each)) ?? 'send-same'
  )
}

/** Its window is over by a clock, and no chain shows that its nonce was unused when it closed. */
function undecidedWindow({ evidence: { chains = [], moment }, money }: Stand): Retry | undefined {
  const open = money.instruments.find(
    ({ form, state, closes }) => form !== 'elsewhere' && state === 'unknown' && closes !== null && BigInt(closes) < moment.now,
  )
  if (open === undefined || open.closes === null) return undefined
  const after = BigInt(open.closes) + 1n
  const head = believed(chains)?.head
  if (head !== undefined && head.time >= BigInt(open.closes)) return undefined
  const notBefore = { time: String(after), block: null, finalized: false } as const
  if (head !== undefined) {
    return instruct(
      {
        action: 'wait',
        notBefore,
        nonce: open.nonce,
        sameNonce: true,
        cost: 'the first one can still be settled in a block of before that',
      },
      { says: `wait for a block of ${utc(after)} or later, then diagnose again: until then the first one can still settle` },
    )
  }
  return instruct(
    { action: 'unknown', notBefore, onlyIf: ['nonce-unused'], nonce: open.nonce, sameNonce: true, cost: twice },
    {
      says: `look nonce ${open.nonce ?? ''} up on chain first (--rpc-url): used, it may be paid already; unused at a block of ${utc(after)} or later, sign again with that nonce`,
    },
  )
}

/** Whether the window of what could have settled is over for good, so that what was signed is of no use any more. */
function isPast({ instruments }: Money): boolean {
  const own = instruments.filter(({ form }) => form === 'as-sent' || form === 'as-signed' || form === 'receive')
  const [decisive] = own
  return decisive !== undefined && own.every(({ state }) => state === 'dead') && decisive.evidence === 'chain'
}

/** The signature stays: as it is, or once something around it is mended. */
function asItIs(wants: RetryAction, { errors, evidence, payment }: Stand): Retry {
  const { authorization } = payment
  const signed = evidence.signature.matches[0]?.authorization ?? authorization
  const early = windowState(signed, evidence.moment.now) === 'not-yet'
  const notBefore = early ? { time: String(signed.validAfter + 1n), block: null, finalized: false } : null
  const through = errors.some(({ cause }) => isRefusedBySome(cause)) ? 'another' : 'same'
  return instruct({
    action: wants,
    notBefore,
    through,
    onlyIf: wants === 'fix-first' ? ['fixed'] : [],
    cost: early
      ? 'sent before, it is refused; no money is lost by that'
      : wants === 'fix-first'
        ? 'sent before, it is refused again; no money is lost by that'
        : null,
  })
}

/** A new signature, and what keeps it from being a second payment. */
function signAgain({ payment, money: { instruments }, errors, evidence }: Stand): Retry {
  const away = instruments.find(({ form, state }) => form === 'elsewhere' && (state === 'live' || state === 'unknown'))
  if (away !== undefined) return besides(away, evidence)
  const message = instruments.find(({ form }) => form === 'other-message')
  if (message !== undefined && message.state === 'unknown') {
    return instruct(
      {
        action: 'cancel-first',
        onlyIf: ['cancellation-landed'],
        cost: 'the spender can take the money by the allowance, beside what is signed anew',
      },
      { after: 'what was signed gives an allowance: use its nonce up, or set the allowance to 0' },
    )
  }
  const nonce = bound(instruments)?.nonce ?? payment.authorization.nonce
  if (isFresh(errors, evidence)) {
    return instruct(
      { action: 'sign-again', cost: null },
      { after: 'with a new nonce, 32 random bytes or as the token counts them: the first one can move nothing' },
    )
  }
  // What no token takes is in nobody's way; its nonce does as well as any.
  const isOver = instruments.every(
    ({ state, evidence: shown, finality }) => state === 'dead' && (shown === 'bytes' || finality === 'finalized'),
  )
  return instruct({ action: 'sign-again', sameNonce: true, nonce, cost: isOver ? null : `with another nonce, ${twice}` })
}

/** Good at another token, where a nonce of this one stops nothing. */
function besides({ at, nonce, state, closes }: Instrument, { moment }: Evidence): Retry {
  const cost = 'signed anew before that, both can settle: one there, one here'
  if (state === 'live') {
    const end =
      closes === null || BigInt(closes) > 253_402_300_799n
        ? ''
        : `, or wait until its window there is over (${utc(BigInt(closes))}) and its nonce there is unused`
    return instruct(
      { action: 'cancel-first', nonce, notBefore: { time: null, block: null, finalized: true }, onlyIf: ['cancellation-landed'], cost },
      {
        says: `cancel nonce ${nonce ?? ''} at ${at ?? 'the other token'}, for which it is good, and sign again once that is in a finalized block${end}`,
      },
    )
  }
  const over = closes !== null && BigInt(closes) < moment.now ? ', where its window is over and it may have been used before' : ''
  return instruct(
    { action: 'sign-again', sameNonce: true, nonce, onlyIf: ['not-good-elsewhere'], cost },
    {
      says: `sign again with nonce ${nonce}, only if no other token takes or took the first: it was signed for ${at ?? 'another token'}${over}`,
    },
  )
}

/** The nonce that binds what can still move: of what was signed where that is another. */
function bound(instruments: readonly Instrument[]): Instrument | undefined {
  return instruments.find(
    ({ form, state, nonce }) =>
      nonce !== null && form !== 'elsewhere' && form !== 'sibling' && form !== 'other-message' && state !== 'dead',
  )
}

/** Where the first nonce can not be used: the token would never come to it, it is no nonce, or whoever holds the bytes can cancel it. */
function isFresh(errors: readonly Finding[], { signature: { matches }, chains }: Evidence): boolean {
  const [match] = matches
  if (match?.primaryType === 'CancelAuthorization') return true
  if (ifKnown(believed(chains ?? [])?.nonce.usedNow ?? { known: false, reason: '' }) === true) return true
  return errors.some(({ cause }) => cause === 'nonce-out-of-sequence')
}

/** What a finding asks for by itself. What was altered can be put back only where what was signed answers the offer. */
function askedBy({ cause, signed, expected }: Finding): RetryAction {
  if (cause === 'message-altered' && expected !== undefined && expected.toLowerCase() !== signed?.toLowerCase()) return 'sign-again'
  return catalogue[cause].retry
}

/** The fix of a cause that asks for a new signature: with the nonce that it has to have. */
export function withNonce(finding: Finding, { action, nonce, sameNonce, onlyIf }: Retry): string {
  const { fix } = finding
  if (action !== 'sign-again' || askedBy(finding) !== 'sign-again' || finding.party === 'server' || !sameNonce || nonce === null) return fix
  const why = onlyIf.length === 0 ? ', so that only one of the two can move money' : ''
  return `${fix}, and the new signature has nonce ${nonce}${why}`
}

/** What has to be known or done before a new signature, as a clause. */
const before = {
  'nonce-unused': 'once its nonce is known to be unused, and with the same nonce',
  'nothing-landed': 'once it is certain that nothing landed',
  'not-good-elsewhere': 'once no other token takes the first',
  'cancellation-landed': 'once the first is canceled',
  'payer-agrees': 'if the payer agrees',
  'signed-message-known': 'once it is known what was signed, and with that nonce',
  'receipt-read': 'once it is known what used its nonce',
  fixed: 'once that is done',
} as const satisfies Record<Condition, string>

/** The same beside the instruction: what may not be signed yet comes after what has to be done before, and what is too late by itself is said to be. */
export function withRetry(finding: Finding, retry: Retry): string {
  const { fix } = finding
  const { action, nonce, onlyIf } = retry
  const asks = askedBy(finding)
  const waits = action === 'cancel-first' || action === 'wait' || action === 'unknown'
  if (asks === 'sign-again') {
    const [condition] = onlyIf
    return waits ? `${condition === undefined ? 'not before that is known' : before[condition]}: ${fix}` : withNonce(finding, retry)
  }
  if (asks !== 'send-same' && asks !== 'fix-first') return fix
  if (action === 'sign-again' && nonce !== null)
    return `a new signature, with nonce ${nonce}, since its window has closed; what failed in it: ${fix}`
  return retry.sameNonce && waits
    ? `a new signature, with the same nonce, once that is known to be unused, since its window has closed; what failed in it: ${fix}`
    : fix
}
