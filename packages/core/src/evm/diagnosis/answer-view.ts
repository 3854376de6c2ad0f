import type { AnswerView } from '../../answer/heed.ts'
import { type CauseId, catalogue } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import { ifKnown } from '../../evidence/known.ts'
import type { Money } from '../../money/instrument.ts'
import type { Answer } from '../../revert/answer.ts'
import { ruledOutAt } from '../../revert/checkpoints.ts'
import { utc } from '../../text/utc.ts'
import { modelOf } from '../../tokens/models.ts'
import { believed, type ChainState } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { opensEver, windowOf, windowState, windowText } from '../evidence/moment.ts'
import type { Payment } from '../payment/payment.ts'
import { isKnown } from '../signature/expected-domain.ts'
import { advise, withRetry } from './advise.ts'
import type { Contradiction } from './contradiction.ts'

/** What of an answer the payload, the registry and the chain exclude, and what would tell. */
export function answerView(payment: Payment, evidence: Evidence, contradictions: readonly Contradiction[], money: Money): AnswerView {
  const state = current(evidence)
  return {
    refuted: (cause) => refuted(cause, payment, evidence, state),
    another: (answer) => another(answer, payment),
    rulesOut: ({ checkpoint, rulesOut }) => {
      const { expected } = evidence.signature
      const family = expected !== undefined && isKnown(expected) ? expected.family : undefined
      return checkpoint === undefined || family === undefined || !checkpoint.families.includes(family)
        ? rulesOut
        : ruledOutAt(checkpoint.check, [family], { standard: family })
    },
    retry: (finding: Finding) => advise({ verdict: 'fails', payment, evidence, errors: [finding], contradictions, money }),
    fix: withRetry,
    check: (cause) => (state === undefined ? callFor(cause, payment, evidence) : undefined),
    sent: lookedUp(evidence),
    unsettled: state !== undefined && ifKnown(state.nonce.usedNow) === false ? `its nonce is unused at ${at(state)}` : undefined,
  }
}

/** Whether an answer names another payer, nonce, payee or value than the payment has. */
function another({ revert, payer }: Answer, { authorization }: Payment): string | undefined {
  const { from, to, value, nonce } = authorization
  const is = (said: unknown, own: string | bigint): boolean => String(said).toLowerCase() === String(own).toLowerCase()
  if (payer?.startsWith('0x') === true && !is(payer, from)) return `its payer is ${payer}, and this one's is ${from}`
  const arg = (name: string): unknown => revert.args.find((each) => each.name === name)?.value
  // Of a text the arguments are only in its words.
  const named = /ERC20InsufficientBalance\((0x[0-9a-fA-F]{40})/.exec(revert.message)?.[1]
  const [authorizer, used, sender] = [arg('authorizer'), arg('nonce'), arg('sender') ?? named]
  if (authorizer !== undefined && !is(authorizer, from))
    return `it tells of the authorizations of ${String(authorizer)}, and the payer is ${from}`
  if (revert.kind === 'event' && used !== undefined && !is(used, nonce))
    return `it tells of the nonce ${String(used)}, and this one has ${nonce}`
  if (revert.kind === 'custom-error' && revert.name === 'ERC20InsufficientBalance' && sender !== undefined && !is(sender, from))
    return `it tells of what ${String(sender)} has, and the payer is ${from}`
  if (revert.kind !== 'event' || revert.name !== 'Transfer') return undefined
  const moved = [arg('from'), arg('to'), arg('value')]
  return [from, to, value].every((own, index) => is(moved[index], own))
    ? undefined
    : 'the tokens that moved are of another payer, payee or value'
}

/** What is believed of the chain, where it is of the moment that counts. */
function current({ chains }: Evidence): ChainState | undefined {
  const state = believed(chains ?? [])
  return state?.instead === undefined ? state : undefined
}

function at({ block, source }: ChainState): string {
  return `block ${block.number} of ${source}`
}

function refuted(cause: CauseId, payment: Payment, evidence: Evidence, state: ChainState | undefined): string | undefined {
  const { family, stops } = catalogue[cause]
  if (family === 'solana') return 'it is no payment on Solana'
  const { signature } = evidence
  const { expected, matches } = signature
  const own = matches[0]?.edits.length === 0 && expected !== undefined && isKnown(expected)
  switch (stops.at) {
    case 'window':
      return refutedTime(cause, payment, evidence)
    case 'bytes':
      return own ? 'its bytes are as the token takes them' : undefined
    case 'digest':
      return own && cause !== 'token-upgraded'
        ? "the signature is the payer's own, over this very message under the token's domain"
        : undefined
    case 'wallet':
      return refutedWallet(cause, own, state)
    case 'offer':
      return refutedOffer(cause, payment)
    case 'asset':
      return refutedAsset(cause, payment, evidence)
    case 'nonce':
      if (cause === 'nonce-out-of-sequence' || cause === 'nonce-out-of-turn')
        return expected?.family !== undefined && modelOf(expected.family).nonces !== 'sequential'
          ? "the token's nonces have no order"
          : undefined
      return state !== undefined && ifKnown(state.nonce.usedNow) === false ? `its nonce is unused at ${at(state)}` : undefined
    case 'gate':
    case 'accounts':
      return refutedState(cause, payment, state)
    default:
      return undefined
  }
}

/** Seconds from an end of the window at which nobody is sure. */
const edge = 60n

function refutedTime(cause: CauseId, { authorization }: Payment, { moment }: Evidence): string | undefined {
  if (cause === 'boundary-second' || cause === 'window-too-short') return undefined
  const window = `its window is ${windowText(authorization)}`
  if (cause === 'window-inverted' || cause === 'time-in-milliseconds') return window
  if (cause === 'not-yet-valid' && opensEver(authorization)) return window
  if (windowState(authorization, moment.time) !== 'open' || moment.basis === 'inside-window') return undefined
  // Facilitators want some seconds to be left, answers take a while, and clocks differ.
  const { opens, closes } = windowOf(authorization)
  if (closes - moment.time < edge || (cause === 'not-yet-valid' && moment.time - opens < edge)) return undefined
  const isSaid = moment.basis === 'given' || moment.basis === 'read'
  // What is open now was not closed before, and may have been shut.
  if (!isSaid && cause === 'not-yet-valid') return undefined
  return `${window}, and it was judged at ${utc(moment.time)}`
}

function refutedWallet(cause: CauseId, own: boolean, state: ChainState | undefined): string | undefined {
  const code = state === undefined ? undefined : ifKnown(state.payer.code)
  if (state !== undefined && code?.kind === 'none') return `the payer has no code at ${at(state)}`
  return cause === 'smart-wallet-signature' && own && code === undefined ? "the signature is the payer's own key's" : undefined
}

function refutedOffer(cause: CauseId, { requirements, authorization }: Payment): string | undefined {
  if (cause === 'self-payment')
    return authorization.from.toLowerCase() === authorization.to.toLowerCase() ? undefined : 'payer and payee differ'
  const isCompared = cause === 'amount-mismatch' || cause === 'recipient-mismatch' || cause === 'amount-units-wrong'
  const isThere = cause === 'recipient-mismatch' ? requirements?.payTo !== undefined : requirements?.amount !== undefined
  return isCompared && isThere ? 'it answers the offer that stands with it' : undefined
}

function refutedAsset(cause: CauseId, { requirements, call }: Payment, { signature: { expected } }: Evidence): string | undefined {
  if (expected === undefined || expected.basis !== 'registry' || expected.token === undefined) return undefined
  if (cause === 'asset-mismatch') return requirements?.asset === undefined ? undefined : 'it is for the asset of the offer'
  if (cause === 'no-bytes-overload')
    return expected.token.overloads.bytes || call?.overload === 'vrs' ? 'the token has the function that was called' : undefined
  return `${expected.token.symbol} of ${expected.network?.id ?? 'that network'} is known to have the function`
}

function refutedState(cause: CauseId, { authorization: { value }, rail }: Payment, state: ChainState | undefined): string | undefined {
  if (cause === 'permit2-allowance-missing') return rail === 'eip3009' ? 'it is no payment by Permit2' : undefined
  if (state === undefined) return undefined
  const { payer, payee, token } = state
  const balance = ifKnown(payer.balance)
  if (cause === 'insufficient-balance')
    return typeof balance === 'bigint' && balance >= value
      ? `the payer holds ${balance} atomic units at ${at(state)}, and ${value} are asked`
      : undefined
  if (cause === 'paused') return ifKnown(token.paused) === false ? `the token is not paused at ${at(state)}` : undefined
  if (cause === 'blacklisted')
    return ifKnown(payer.blacklisted) === false && ifKnown(payee.blacklisted) === false
      ? `neither of the two is listed at ${at(state)}`
      : undefined
  return undefined
}

/** What became of the transaction that was named, by its receipt. */
function lookedUp({ chains }: Evidence): AnswerView['sent'] {
  const state = believed(chains ?? [])
  if (state?.sent === undefined) return undefined
  const { sent, source } = state
  if (!sent.known) return { state: 'unread', says: `${source} did not tell: ${sent.reason}` }
  if (sent.value === null) return { state: 'missing', says: `${source} has no receipt of it: it is not mined, or of another chain` }
  const { succeeded, block, uses, transaction } = sent.value
  const where = `it is in block ${block} of ${source}`
  if (!succeeded)
    return {
      state: 'failed',
      says: `${where} and failed there, so that nothing moved by it; why, eip3009 diagnose ${transaction} --rpc-url … replays`,
    }
  return uses
    ? { state: 'settled-this', says: `${where}, and the token used this authorization in it` }
    : { state: 'settled-another', says: `${where}, succeeded, and has nothing of this authorization in it` }
}

/** The call of the chain that tells whether it is so. */
function callFor(
  cause: CauseId,
  { authorization: { from, to, nonce }, token }: Payment,
  { signature: { expected } }: Evidence,
): string | undefined {
  const address = token ?? expected?.domain.verifyingContract
  const network = expected?.network
  const rpc =
    network?.family === 'evm' && network.rpcUrls[0] !== undefined ? network.rpcUrls[0] : `<an RPC of ${network?.id ?? 'that chain'}>`
  const call = (what: string): string | undefined => (address === undefined ? undefined : `cast call ${address} ${what} --rpc-url ${rpc}`)
  const { at: stage } = catalogue[cause].stops
  if (stage === 'nonce' || cause === 'settlement-unconfirmed') return call(`"authorizationState(address,bytes32)(bool)" ${from} ${nonce}`)
  if (cause === 'insufficient-balance') return call(`"balanceOf(address)(uint256)" ${from}`)
  if (cause === 'paused') return call('"paused()(bool)"')
  if (cause === 'blacklisted') return call(`"isBlacklisted(address)(bool)" ${from}; and ${to}`)
  if (stage === 'wallet') return `cast code ${from} --rpc-url ${rpc}`
  return undefined
}
