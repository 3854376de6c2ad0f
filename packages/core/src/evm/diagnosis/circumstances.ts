import { ifKnown } from '../../evidence/known.ts'
import { believed, simulationAt, walletAccepts } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { delegationTo, type Intervention, type ReplayChain, walletCode } from '../evidence/replay.ts'
import { isShort } from '../evidence/settlement-gas.ts'
import type { Payment } from '../payment/payment.ts'

/** What a circumstance is of: `wallet` is code at the payer's address, `delegation` code that it is delegated to. */
export type CircumstanceId = 'paused' | 'listed' | 'spent' | 'balance' | 'gas-money' | 'wallet' | 'delegation'

/** State that was read from a chain: put into a replay that has none of its own, and lifted in one that has. */
export interface Circumstance {
  readonly id: CircumstanceId
  readonly intervention: Intervention
  readonly lift: Intervention
  /** Also where the chain has its own state, since gas is free on every chain of ours. */
  readonly always?: true
}

/** One thing that differs between the payment as it is and the payment with its findings undone. */
export type Change =
  | { readonly kind: 'add'; readonly intervention: Intervention }
  | { readonly kind: 'remove'; readonly circumstance: Circumstance }

/** What the chain has that a chain of our own has not: only state of the moment that is judged. */
export function circumstancesOf({ authorization }: Payment, { chains = [], signature }: Evidence): Circumstance[] {
  const state = believed(chains)
  if (state === undefined || state.instead !== undefined) return []
  const { payer, payee, token, nonce } = state
  const { from, to, value } = authorization
  const used = ifKnown(nonce.used) === true
  const out: Circumstance[] = []
  const add = (id: CircumstanceId, intervention: Intervention, lift: Intervention): void => {
    out.push({ id, intervention, lift })
  }
  if (ifKnown(token.paused) === true) add('paused', { kind: 'paused' }, { kind: 'unpaused' })
  for (const [address, fact] of [
    [from, payer.blacklisted],
    [to, payee.blacklisted],
  ] as const) {
    if (ifKnown(fact) === true) add('listed', { kind: 'blacklist', address }, { kind: 'blacklist-lifted', address })
  }
  if (used) add('spent', { kind: 'nonce-used' }, { kind: 'nonce-free' })
  const balance = ifKnown(payer.balance)
  if (typeof balance === 'bigint' && balance < value && !used)
    add('balance', { kind: 'balance', value: balance }, { kind: 'balance', value })
  const facilitator = state.facilitator
  const [native, gasPrice] = facilitator === null ? [] : [ifKnown(facilitator.native), ifKnown(facilitator.gasPrice)]
  if (native !== undefined && gasPrice !== undefined && isShort(native, gasPrice)) {
    const poor: Intervention = { kind: 'relayer-funds', wei: native, gasPrice: gasPrice === 0n ? 1n : gasPrice }
    out.push({ id: 'gas-money', intervention: poor, lift: { ...poor, wei: 10n ** 20n }, always: true })
  }
  const code = ifKnown(payer.code)
  const accepts = walletAccepts(state, signature.digest)
  if (code === undefined || code.kind === 'none' || accepts === undefined) return out
  // A token that never asks the account takes what the account would refuse.
  if (!accepts && simulationAt(state, authorization) === 'succeeds') return out
  // The account's own code needs its own storage: what stands in for it answers as it answered.
  const answers = accepts ? walletCode.accepts : walletCode.refuses
  const cleared: Intervention = { kind: 'payer-code', code: '0x' }
  if (code.kind === 'contract') add('wallet', { kind: 'payer-code', code: answers }, cleared)
  else add('delegation', { kind: 'payer-code', code: delegationTo(code.delegate), delegateCode: answers }, cleared)
  return out
}

/** Whether the chain was given it, so that a replay does not show that it is so. */
export function isGiven({ always }: Circumstance, state: ReplayChain['state']): boolean {
  return state !== 'own' || always === true
}

/** What a replay is made under, and what of the payment as it is was left out. */
export interface Surroundings {
  readonly interventions: readonly Intervention[]
  readonly without: readonly Intervention[]
}

export function surroundingsWith(
  changes: readonly Change[],
  circumstances: readonly Circumstance[],
  state: ReplayChain['state'],
): Surroundings {
  const removed = new Set(changes.flatMap((change) => (change.kind === 'remove' ? [change.circumstance] : [])))
  const surroundings = circumstances.flatMap((each) => {
    if (removed.has(each)) return isGiven(each, state) ? [] : [each.lift]
    return isGiven(each, state) ? [each.intervention] : []
  })
  const added = changes.flatMap((change) => (change.kind === 'add' ? [change.intervention] : []))
  const without = circumstances.flatMap((each) => (removed.has(each) && isGiven(each, state) ? [each.intervention] : []))
  return { interventions: [...surroundings, ...added], without }
}

/** The same for two changes that do the same. */
export function keyOf(change: Change): string {
  const { kind, ...values } = change.kind === 'add' ? change.intervention : change.circumstance.intervention
  return JSON.stringify([change.kind, kind, ...Object.entries(values)], (_, value) => (typeof value === 'bigint' ? String(value) : value))
}
