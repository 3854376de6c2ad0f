import type { Obstacle } from '../../causes/obstacle.ts'
import { ifKnown, unknown } from '../../evidence/known.ts'
import type { Finality, Instrument } from '../../money/instrument.ts'
import { utc } from '../../text/utc.ts'
import { strict } from '../../tokens/model.ts'
import { modelOf } from '../../tokens/models.ts'
import type { Verdict } from '../../verdict/diagnosis.ts'
import { refusedPayee } from '../checks/token.ts'
import { blockWindowOf } from '../evidence/block-window.ts'
import {
  behind,
  believed,
  type ChainState,
  type Head,
  isPaidBy,
  isReplaced,
  type Settlement,
  simulationAt,
  walletAccepts,
} from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { whenText, windowOf, windowState } from '../evidence/moment.ts'
import { offerGap } from '../payment/offer-gap.ts'
import type { Payment } from '../payment/payment.ts'
import type { Match } from '../signature/forensics.ts'
import { type Authorization, authorizationFields, typeHashes } from '../typed-data/authorization.ts'
import { type Contradiction, doubtsNonce } from './contradiction.ts'
import { type GoodFor, goodFor } from './good-for.ts'
import { gatewayMoney } from './rail.ts'

type Instruments = readonly [Instrument, ...Instrument[]]

/**
 * Every authorization in sight of a payment: what was sent, what was signed where that is another one, and what used the nonce in their place. Without a
 * chain nobody knows what became of a nonce, so what is certain then is only what a signature is good for, and until when.
 */
export function instrumentsOf(payment: Payment, evidence: Evidence): Instruments {
  const gateway = gatewayMoney(payment, evidence)
  if (gateway !== undefined) {
    return [
      plain(payment.authorization, {
        form: 'as-sent',
        state: gateway.state === 'can-move' ? 'live' : 'unknown',
        usableBy: 'service',
        says: gateway.says,
      }),
    ]
  }
  const { signature, networks } = evidence
  const [match] = signature.matches
  const good = match === undefined ? undefined : goodFor(match, signature.expected, networks)
  const state = believed(evidence.chains ?? [])
  // The chain was asked about the nonce as it was sent, at the payment's own token.
  const bound = good === undefined || (good.kind === 'payment' && isBound(good, payment))
  const spent =
    state === undefined ? undefined : spentAt(payment, state, good?.kind === 'payment' && bound ? good.authorization : undefined)
  const signed = match === undefined || good === undefined ? undefined : signedFor(payment, match, good, state, evidence)
  // What nothing shows to be signed may be good under another nonce than the one that was read.
  if (spent !== undefined && match === undefined && !isTaken(state, payment, evidence)) return [...spent, unread(payment)]
  if (spent !== undefined) return bound || signed === undefined || signed.form === 'as-sent' ? spent : [...spent, signed]
  if (signed === undefined) return [unmatched(payment, state, evidence)]
  return signed.form === 'as-sent' ? [signed] : [signed, asSent(payment, state)]
}

/** Whether the wallet or the token took it as it was sent. */
function isTaken(state: ChainState | undefined, { authorization }: Payment, { signature }: Evidence): boolean {
  if (state === undefined) return false
  return walletAccepts(state, signature.digest) === true || simulationAt(state, authorization) === 'succeeds'
}

function unread({ authorization }: Payment): Instrument {
  return plain(authorization, {
    form: 'as-signed',
    state: 'unknown',
    opens: null,
    closes: null,
    pays: null,
    nonce: null,
    says: 'unknown: nothing shows what was signed, and if that has another nonce it may still move',
  })
}

/** Where nothing is claimed because of a contradiction, or where it is about the nonce, nobody knows of any of them. */
export function inDoubt(instruments: Instruments, verdict: Verdict, contradictions: readonly Contradiction[]): Instruments {
  const about = contradictions.find(doubtsNonce) ?? (verdict === 'inconclusive' ? contradictions[0] : undefined)
  if (about === undefined) return instruments
  const [one, other] = about.sides
  const says = `unknown, since what was read contradicts itself: ${one}, and ${other}. Until that is settled, take it that whoever holds these bytes can submit them`
  const doubted = (each: Instrument): Instrument => ({
    ...each,
    state: 'unknown',
    usableBy: each.usableBy === 'nobody' ? 'anybody' : each.usableBy,
    finality: 'none',
    depth: null,
    says,
  })
  const [first, ...rest] = instruments
  return [doubted(first), ...rest.map(doubted)]
}

/** Whether the nonce that was read is the one of what was signed: at the payment's own token. */
function isBound(good: Extract<GoodFor, { kind: 'payment' }>, { authorization }: Payment): boolean {
  return good.elsewhere === undefined && good.authorization.nonce === authorization.nonce
}

type Given = Pick<Instrument, 'form' | 'state' | 'says'> & Partial<Instrument>

function plain(authorization: Authorization, given: Given): Instrument {
  const { opens, closes } = windowOf(authorization)
  return {
    opens: String(opens),
    closes: String(closes),
    blocks: null,
    usableBy: given.state === 'live' || given.state === 'unknown' ? 'anybody' : 'nobody',
    needs: [],
    pays: { to: authorization.to, value: String(authorization.value) },
    at: null,
    nonce: authorization.nonce,
    evidence: 'bytes',
    finality: 'none',
    depth: null,
    ...given,
  }
}

/** How sure it is that what the chain shows from a block on stays so. */
function finalityAt({ finality }: ChainState, isShown: (block: Head) => boolean): Finality {
  const finalized = ifKnown(finality.finalized)
  if (finalized !== undefined && finalized !== null && isShown(finalized)) return 'finalized'
  const safe = ifKnown(finality.safe)
  return safe !== undefined && safe !== null && isShown(safe) ? 'safe' : 'latest'
}

/** Behind a fact that a block shows. */
function notFinal(finality: Finality, otherwise: string): string {
  return finality === 'latest' ? `. Not final yet: if that block is reorganised away, ${otherwise}` : ''
}

/** What used the nonce up, by the chain; undefined while it is unused, or where that could not be read. */
function spentAt(payment: Payment, state: ChainState, signed: Authorization | undefined): Instruments | undefined {
  const { authorization } = payment
  const { usedNow, settlement } = state.nonce
  // Where it could not be read, but the token refuses it for its nonce, the logs may tell.
  const isUsed = usedNow.known ? usedNow.value === true : ifKnown(settlement) != null
  if (!isUsed) return undefined
  if (!settlement.known || settlement.value === null) {
    const reason = settlement.known ? 'no log of it was found' : settlement.reason
    return [
      plain(authorization, {
        form: 'as-sent',
        state: 'unknown',
        usableBy: 'nobody',
        evidence: 'chain',
        says: `its nonce is used or canceled, so it may have moved; which of the two could not be told: ${reason}`,
      }),
    ]
  }
  return spentIn(payment, signed, settlement.value, state)
}

function spentIn(payment: Payment, signed: Authorization | undefined, settlement: Settlement, state: ChainState): Instruments {
  const sent = payment.authorization
  const { how, transaction, block, time, sender, paid } = settlement
  const at = ifKnown(time)
  const where = `transaction ${transaction}, block ${block}${at === undefined ? '' : ` (${utc(at)})`}`
  const finality = finalityAt(state, ({ number }) => number >= block)
  const depth = state.head.number >= block ? String(state.head.number - block + 1n) : null
  const given = { form: 'as-sent', evidence: 'receipt', finality, depth } as const
  const over = notFinal(finality, 'the same bytes can move it again')
  if (isReplaced(settlement)) {
    return [
      plain(sent, {
        form: 'as-sent',
        state: 'unknown',
        evidence: 'receipt',
        says: `unknown: its nonce was used or canceled in ${where}, and that block is not in the chain any more, so that the same bytes may be used again`,
      }),
    ]
  }
  if (how === 'canceled') {
    return [
      plain(sent, {
        ...given,
        state: 'canceled',
        says: `not moved, and it can not: the payer canceled the authorization in ${where}${over}`,
      }),
    ]
  }
  const open = { ...given, state: 'unknown', usableBy: 'nobody' } as const
  if (!paid.known) {
    return [
      plain(sent, { ...open, says: `its nonce was used in ${where}; whether the payee was paid by it could not be told: ${paid.reason}` }),
    ]
  }
  if (paid.value === null)
    return [plain(sent, { ...open, says: `its nonce was used in ${where}, whose logs show no Transfer from the payer right after it` })]
  const by = ifKnown(sender)
  const sentBy = by === undefined ? '' : `, sent by ${by}`
  const deep = depth === null ? '' : `, ${depth} deep${finality === 'latest' ? '' : ` and ${finality}`}`
  const { to, value } = paid.value
  const gap = offerGap(payment, paid.value)
  const unasked = gap === undefined ? '' : `: that is no settlement of the offer, which asks for ${gap}`
  if (ifKnown(isPaidBy(settlement, sent)) === true) {
    const what = gap === undefined ? '' : ` ${value} atomic units to ${to}`
    return [plain(sent, { ...given, state: 'spent-on-this', says: `moved${what} in ${where}${sentBy}${deep}${unasked}${over}` })]
  }
  if (signed !== undefined && ifKnown(isPaidBy(settlement, signed)) === true) {
    return [
      plain(signed, {
        ...given,
        form: 'as-signed',
        state: 'spent-on-this',
        says: `moved as it was signed, ${value} atomic units to ${to}, in ${where}${sentBy}${deep}${unasked}${over}`,
      }),
    ]
  }
  return [
    plain(sent, {
      ...given,
      state: 'spent-on-another',
      says: `not moved: ${sent.to} was not paid ${sent.value} atomic units by it. Its nonce was used in ${where}${sentBy}, which paid ${value} atomic units to ${to}${over}`,
    }),
    plain({ ...sent, to, value }, { ...given, form: 'sibling', state: 'spent-on-another', says: `paid ${value} to ${to} in ${where}` }),
  ]
}

/** What was sent, where another message was signed: the token computes its digest from what was sent. */
function asSent(payment: Payment, state: ChainState | undefined): Instrument {
  const code = state === undefined ? undefined : ifKnown(state.payer.code)
  return plain(payment.authorization, {
    form: 'as-sent',
    state: 'dead',
    evidence: code === undefined ? 'bytes' : 'chain',
    says: "not moved as it was sent: that is not what the payer's key signed",
  })
}

/** What nothing that was tried shows to be signed by the payer's key: only code at the payer's address can take it as it was sent. */
function unmatched(payment: Payment, state: ChainState | undefined, evidence: Evidence): Instrument {
  const { signature } = evidence
  const { authorization } = payment
  const given = { form: 'as-sent', state: 'unknown', needs: ['deployment'] } as const
  if (state !== undefined) {
    const gone = absent(payment, state, evidence)
    if (gone !== undefined) return gone
    // A smart wallet's signature is good when the wallet or the token takes it, whoever's key it is.
    if (isTaken(state, payment, evidence)) return onChain(authorization, 'as-sent', [], state, evidence)
  }
  if (signature.expected === undefined)
    return plain(authorization, { ...given, needs: [], says: 'unknown: nothing tells which token would check this signature' })
  if (signature.wallet !== undefined) {
    return plain(authorization, {
      ...given,
      says:
        state === undefined
          ? 'unknown: only the smart wallet itself tells whether it accepts this signature'
          : `unknown: the smart wallet does not take this signature as it is${read(state)}; deployed or set up otherwise it may`,
    })
  }
  const code = state === undefined ? undefined : ifKnown(state.payer.code)
  const today = code === undefined ? 'if from is an ordinary account the token refuses this signature for what was sent' : refusedNow(code)
  const later = code?.kind === 'none' ? 'once there is code at from, that may take it' : 'a contract wallet may take it'
  return plain(authorization, {
    ...given,
    evidence: code === undefined ? 'bytes' : 'chain',
    says: `unknown: ${today}${state === undefined ? '' : read(state)}; ${later}, and if a field was changed after signing, what was signed may still move`,
  })
}

function refusedNow(code: { readonly kind: 'none' | 'eip7702' | 'contract' }): string {
  return code.kind === 'none'
    ? 'from has no code, so that the token refuses this signature for what was sent'
    : 'the code at from refuses this signature for what was sent'
}

function read(state: ChainState): string {
  const used = ifKnown(state.nonce.usedNow)
  const { number, time } = state.head
  return ` at block ${number} (${utc(time)})${used === false ? ', where its nonce is unused' : ''}`
}

/** There is nothing that could move anything; a node that is behind may not have come to the token yet. */
function absent({ authorization }: Payment, state: ChainState, { moment }: Evidence): Instrument | undefined {
  if (ifKnown(state.token.code) !== 0 || ifKnown(state.token.responds) !== false || behind(state, moment.now) !== undefined)
    return undefined
  return plain(authorization, {
    form: 'as-sent',
    state: 'dead',
    evidence: 'chain',
    finality: 'latest',
    says: "not moved, and can not move: there is no token at the asset's address",
  })
}

/** What was signed, as whatever it is good for. */
function signedFor(payment: Payment, match: Match, good: GoodFor, state: ChainState | undefined, evidence: Evidence): Instrument {
  const { authorization } = match
  const { opens, closes } = windowOf(authorization)
  const now = evidence.moment.now
  const other = { form: 'other-message', pays: null } as const
  switch (good.kind) {
    case 'payment':
      return payable(payment, good, state, evidence)
    case 'cancellation':
      return plain(authorization, {
        ...other,
        state: 'dead',
        says: 'this signature moves nothing; whoever holds it can cancel the nonce',
      })
    case 'allowance':
      return plain(authorization, {
        ...other,
        state: 'unknown',
        nonce: null,
        says: 'this signature moves nothing by itself, and gives a spender an allowance who can take the money by it',
      })
    case 'nothing':
      return plain(authorization, { ...other, state: 'dead', says: 'not moved by it: no token that is known takes what was signed' })
    case 'unknown': {
      const contract = match.domain.verifyingContract ?? '?'
      // A token that only the payload tells of is the payment's own all the same.
      const isOwn = evidence.signature.expected?.separator === match.separator
      const isSent = authorizationFields.every((field) => authorization[field] === payment.authorization[field])
      const given = {
        form: isOwn ? (isSent ? 'as-sent' : 'as-signed') : 'elsewhere',
        state: 'unknown',
        at: isOwn ? null : `the contract ${contract}`,
      } as const
      const closed = opens > closes || windowState(authorization, now) === 'closed'
      const known = Object.values(typeHashes).some((hash) => hash === match.typeHash)
      return plain(authorization, {
        ...given,
        says:
          closed && known
            ? `unknown: nothing here knows the token whose domain was signed (${contract}); one that keeps to EIP-3009 takes it no more (${closedWhy(opens, closes)}), and whether it did before, only its nonce tells`
            : `unknown: nothing here knows the token whose domain was signed (${contract}); if it takes it, whoever holds these bytes can submit them${opens > now ? ` from ${utc(opens)} on` : ''}`,
      })
    }
  }
}

/** A message that a token takes under this signature: what was sent, or what was signed in its place. */
function payable(
  payment: Payment,
  good: Extract<GoodFor, { kind: 'payment' }>,
  state: ChainState | undefined,
  evidence: Evidence,
): Instrument {
  const { authorization, elsewhere, repaired, type } = good
  const changed = authorizationFields.filter((field) => authorization[field] !== payment.authorization[field])
  const turned = type !== payment.primaryType
  const form = elsewhere !== undefined ? 'elsewhere' : changed.length > 0 ? 'as-signed' : turned ? 'receive' : 'as-sent'
  const ways = [
    ...(changed.length === 0 ? [] : [`as it was signed (${changed.map((field) => `${field} ${authorization[field]}`).join(', ')})`]),
    ...(turned
      ? [type === 'ReceiveWithAuthorization' ? 'by receiveWithAuthorization, from the payee' : 'by transferWithAuthorization']
      : []),
    ...(repaired ? ['with its bytes put right, which anyone who holds them can do'] : []),
    ...(elsewhere === undefined ? [] : [`as ${elsewhere}, for which it is a valid authorization`]),
  ]
  const usableBy = type === 'ReceiveWithAuthorization' ? 'payee' : 'anybody'
  const refusal = refusedPayee(payment, evidence)
  // What another token takes, or pays somebody else, can move all the same.
  if (refusal !== undefined && elsewhere === undefined && authorization.to === payment.authorization.to) {
    if (refusal.check !== 'to-blacklisted') {
      const where = refusal.zero ? 'the zero address' : 'its own address'
      return plain(authorization, {
        form,
        state: 'dead',
        says: `not moved, and these bytes never will move it: the token pays nobody at ${where}`,
      })
    }
    const listed = ifKnown(state?.payee.blacklisted ?? unknown(''))
    if (listed !== false) {
      return plain(authorization, {
        form,
        state: 'live',
        usableBy,
        needs: ['list'],
        says: `can move only if its issuer takes the token's own address off the blacklist${whileOpen(authorization, evidence)}`,
      })
    }
  }
  if (state !== undefined && elsewhere === undefined) {
    const gone = absent(payment, state, evidence)
    if (gone !== undefined) return { ...gone, form }
    const isKnown = state.nonce.usedNow.known && state.nonce.usedNow.value !== null
    if (isKnown && isBound(good, payment)) return usable(onChain(authorization, form, ways, state, evidence, usableBy), usableBy)
  }
  return { ...usable(offline(authorization, form, ways, changed, evidence), usableBy), at: elsewhere ?? null }
}

/** What can be used at all is used by these. */
function usable(instrument: Instrument, usableBy: 'payee' | 'anybody'): Instrument {
  return instrument.state === 'live' || instrument.state === 'unknown' ? { ...instrument, usableBy } : instrument
}

function whileOpen(authorization: Authorization, { moment }: Evidence): string {
  return windowState(authorization, moment.now) === 'closed' ? '' : `, ${whenText(authorization, moment.now)}`
}

/** What is good as it was signed, and whose nonce is unused. */
function onChain(
  authorization: Authorization,
  form: Instrument['form'],
  ways: readonly string[],
  state: ChainState,
  evidence: Evidence,
  usableBy: 'payee' | 'anybody' = 'anybody',
): Instrument {
  const { moment, signature } = evidence
  const { opens, closes } = usableIn(authorization, evidence)
  const { number, time } = state.head
  const nonce = `its nonce is unused at block ${number} (${utc(time)})`
  const given = { form, evidence: 'chain' } as const
  const blocks = blockWindowOf(authorization, signature.expected?.family)
  if (blocks !== undefined) return inBlocks(authorization, blocks, given)
  // The next block is later than the newest: in a window's last second nothing can be sent any more.
  if (opens > closes || time >= closes) {
    const finality = opens > closes ? 'finalized' : finalityAt(state, (block) => block.time >= closes)
    return plain(authorization, {
      ...given,
      state: 'dead',
      finality,
      says: `not moved, and can not move any more: ${nonce}, and ${closedWhy(opens, closes)}${notFinal(finality, 'it can be used in the block that replaces it')}`,
    })
  }
  const needs = [...needsOf(authorization, state), ...(ways.length === 0 ? [] : ([form === 'as-sent' ? 'bytes' : 'fields'] as const))]
  if (windowState(authorization, moment.now) === 'closed') {
    return plain(authorization, {
      ...given,
      state: 'unknown',
      needs,
      says: `unknown: ${nonce}, which is the newest that this RPC has and of before its window closed (${utc(closes)}); what happened since then it does not tell, and until the chain has a block of after that it can still be used`,
    })
  }
  const how = ways.length === 0 ? '' : `${ways.join(', ')} `
  return plain(authorization, {
    ...given,
    state: 'live',
    needs,
    finality: 'latest',
    says: `${how}it can still move ${whenText(authorization, moment.now)}: ${nonce}. ${usableBy === 'payee' ? 'Only the payee' : 'Whoever holds these bytes'} can submit them`,
  })
}

/** What the chain shows in the way of a good authorization. */
function needsOf({ value }: Authorization, state: ChainState): Obstacle[] {
  const { payer, payee, token } = state
  const balance = ifKnown(payer.balance)
  return [
    ...(balance != null && balance < value ? (['funds'] as const) : []),
    ...(ifKnown(token.paused) === true ? (['pause'] as const) : []),
    ...(ifKnown(payer.blacklisted) === true || ifKnown(payee.blacklisted) === true ? (['list'] as const) : []),
    ...(ifKnown(payer.code)?.kind === 'eip7702' ? (['delegation'] as const) : []),
  ]
}

/** Of a window in numbers of blocks no clock tells the end. */
function inBlocks(
  authorization: Authorization,
  { opens, closes }: { readonly opens: bigint; readonly closes: bigint },
  given: Pick<Instrument, 'form' | 'evidence'>,
): Instrument {
  return plain(authorization, {
    ...given,
    state: 'live',
    opens: null,
    closes: null,
    blocks: { opens: String(opens), closes: String(closes) },
    says: `can move from block ${opens} to block ${closes} unless its nonce was used already: whoever holds these bytes can submit them`,
  })
}

/** What was signed, without a chain that told of its nonce. */
function offline(
  authorization: Authorization,
  form: Instrument['form'],
  ways: readonly string[],
  changed: readonly string[],
  evidence: Evidence,
): Instrument {
  const { moment, signature } = evidence
  const { now } = moment
  const blocks = form === 'elsewhere' ? undefined : blockWindowOf(authorization, signature.expected?.family)
  if (blocks !== undefined) return inBlocks(authorization, blocks, { form, evidence: 'bytes' })
  const { opens, closes } = usableIn(authorization, evidence)
  const asIs = ways.length === 0
  const needs: Obstacle[] = asIs ? [] : [form === 'as-sent' ? 'bytes' : 'fields']
  if (opens > closes) {
    return plain(authorization, { form, state: 'dead', says: 'not moved, and these bytes never will move it: its window is empty' })
  }
  if (windowState(authorization, now) === 'closed') {
    const nonce = changed.includes('nonce') ? `the nonce ${authorization.nonce}` : 'the nonce'
    return plain(authorization, {
      form,
      state: 'unknown',
      needs,
      says: `unknown: ${asIs ? '' : 'for what was signed '}${closedWhy(opens, closes)}; whether it moved before, only ${nonce} on chain tells, at a block from after that`,
    })
  }
  return plain(authorization, {
    form,
    state: 'live',
    needs,
    says: asIs
      ? `can still move ${whenText(authorization, now)} unless its nonce was used already: whoever holds these bytes can submit them`
      : `can move ${whenText(authorization, now)} ${ways.join(', ')}, unless its nonce was used already`,
  })
}

/** First and last second at which the token of the payment takes it. */
function usableIn(authorization: Authorization, { signature: { expected } }: Evidence): ReturnType<typeof windowOf> {
  const { opens, closes } = windowOf(authorization)
  const bounds = expected?.family === undefined ? strict : modelOf(expected.family).boundaries
  return {
    opens: bounds.validAfter === 'included' ? opens - 1n : opens,
    closes: bounds.validBefore === 'included' ? closes + 1n : closes,
  }
}

function closedWhy(opens: bigint, closes: bigint): string {
  return opens > closes ? 'its window is empty' : `the window closed ${utc(closes)}`
}
