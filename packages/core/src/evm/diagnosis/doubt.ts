import { catalogue } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import { ifKnown } from '../../evidence/known.ts'
import { utc } from '../../text/utc.ts'
import { unreadable } from '../checks/on-chain.ts'
import { unknownFacts } from '../checks/rpc.ts'
import { blockWindowOf } from '../evidence/block-window.ts'
import { behind, believed, isHalted, isReplaced, simulationAt } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'
import { type Contradiction, describeContradiction } from './contradiction.ts'

/**
 * Why nothing can be claimed: one sentence; undefined where something can. `first` is the error that stands, `contradictions` whatever was found to exclude
 * each other.
 */
export function doubt(
  payment: Payment,
  evidence: Evidence,
  first: Finding | undefined,
  contradictions: readonly Contradiction[],
): string | undefined {
  if (first !== undefined) return undefined
  const [contradiction] = contradictions
  if (contradiction !== undefined) return describeContradiction(contradiction)
  const { chains, moment, signature } = evidence
  if (chains === undefined) {
    const blocks = blockWindowOf(payment.authorization, signature.expected?.family)
    return blocks === undefined
      ? undefined
      : `Whether it settles could not be told: its window is in numbers of blocks, ${blocks.opens} to ${blocks.closes}, and only the chain tells which block it is (--rpc-url).`
  }
  const state = believed(chains)
  if (state === undefined) return `Whether it settles could not be told: ${unreadable(chains)}.`
  const { settlement, usedNow } = state.nonce
  if (ifKnown(usedNow) === true && !settlement.known) {
    return `${state.source} says that its nonce is used or canceled; which of the two could not be told: ${settlement.reason}.`
  }
  const landed = ifKnown(settlement)
  if (landed !== undefined && landed !== null && isReplaced(landed)) {
    return `Whether it is settled could not be told: transaction ${landed.transaction} was in block ${landed.blockHash}, which the chain has replaced.`
  }
  if (state.instead !== undefined) return `Whether it settles at the moment that counts could not be told: ${state.instead}.`
  if (isHalted(chains, moment.time)) {
    return `Whether it settles could not be told: the chain has made no block since ${utc(state.block.time)}, before the moment that counts.`
  }
  if (behind(state, moment.time) !== undefined) {
    return `Whether it settles could not be told: the newest block of ${state.source} is older than the moment that counts.`
  }
  const shown = simulationAt(state, payment.authorization)
  if (shown === 'succeeds') return undefined
  if (shown !== undefined) return `The token refuses it in a simulated call ("${shown.says}"), and no check here says why.`
  const [missing] = unknownFacts(state)
  if (missing !== undefined) return `Whether it settles could not be told: ${state.source} left out ${missing[0]} (${missing[1]}).`
  return ifKnown(state.token.responds) === false
    ? `Whether it settles could not be told: no call of the token ${state.token.address} was answered with anything, at block ${state.block.number} of ${state.source}.`
    : undefined
}

/** Whether a finding is a reason to believe nothing yet, and says of what: what is wrong is the view of the chain itself. */
export function explainsDoubt({ cause }: Finding): boolean {
  return catalogue[cause].stops.at === 'node' || cause === 'settlement-reorged'
}
