import { catalogue } from '../causes/catalogue.ts'
import type { Finding } from '../causes/finding.ts'
import { unreadable } from '../checks/on-chain.ts'
import { disagreements, unknownFacts } from '../checks/rpc.ts'
import { blockWindowOf } from '../evidence/block-window.ts'
import { behind, believed, type ChainState, ifKnown, simulationAt } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'
import { hashedOtherwise } from './traced-digest.ts'

/** Whether a finding follows from the digest that was computed, or from the signature's bytes alone. */
export function isComputed({ cause }: Finding): boolean {
  const { at } = catalogue[cause].stops
  return at === 'digest' || at === 'bytes'
}

/** Why nothing can be claimed although a chain was asked: one sentence; undefined when the chain does not stand against the verdict. */
export function doubt(payment: Payment, evidence: Evidence, errors: readonly Finding[]): string | undefined {
  const { chains, moment, signature } = evidence
  if (chains === undefined) {
    const blocks = blockWindowOf(payment.authorization, signature.expected?.family)
    return blocks === undefined || errors.length > 0
      ? undefined
      : `Whether it settles could not be told: its window is in numbers of blocks, ${blocks.opens} to ${blocks.closes}, and only the chain tells which block it is (--rpc-url).`
  }
  const state = believed(chains)
  const [first] = errors
  if (state === undefined) return first === undefined ? `Whether it settles could not be told: ${unreadable(chains)}.` : undefined
  const shown = simulationAt(state, payment.authorization)
  if (first !== undefined) {
    if (shown === 'succeeds' && isComputed(first)) {
      return `A simulated transfer succeeds on chain, which contradicts what was computed: ${first.summary}`
    }
    const otherwise = isComputed(first) ? hashedOtherwise(evidence) : undefined
    if (otherwise !== undefined) return otherwise
    const onChain = first.evidence.some(({ source }) => source === 'chain')
    return onChain ? dispute(payment, evidence, state) : undefined
  }
  if (state.nonce.usedNow.known && state.nonce.usedNow.value === true && !state.nonce.settlement.known) {
    return `Its nonce is used or canceled, so it can not settle any more; which of the two could not be told: ${state.nonce.settlement.reason}.`
  }
  const disputed = dispute(payment, evidence, state)
  if (disputed !== undefined) return disputed
  if (state.instead !== undefined) return `Whether it settles at the moment that counts could not be told: ${state.instead}.`
  if (behind(state, moment.time) !== undefined) {
    return `Whether it settles could not be told: the newest block of ${state.source} is older than the moment that counts.`
  }
  if (shown === 'succeeds') return undefined
  if (shown !== undefined) return `The token refuses it in a simulated call ("${shown.says}"), and no check here says why.`
  const [missing] = unknownFacts(state)
  return missing === undefined ? undefined : `Whether it settles could not be told: ${state.source} left out ${missing[0]} (${missing[1]}).`
}

/** A used nonce stays used, whoever has not seen it yet; about all else two RPCs that differ can't both be believed. */
function dispute(payment: Payment, { chains = [] }: Evidence, { nonce }: ChainState): string | undefined {
  if (ifKnown(nonce.usedNow) === true) return undefined
  const about = disagreements(
    chains.filter((answer) => answer.kind === 'read'),
    payment.authorization.value,
  )
  return about.length === 0 ? undefined : `Whether it settles could not be told: the RPCs disagree about ${about.join(', ')}.`
}
