import type { Finding } from '../../causes/finding.ts'
import type { SolanaNetwork } from '../../networks/network.ts'
import type { Payee } from '../offer/payee.ts'
import type { SvmPayment, SvmTransfer } from '../transaction/payment.ts'
import type { SvmState } from './state.ts'

/** What the checks of a cluster's state look at. */
export interface StateCheckContext {
  /** With the accounts of its lookup tables in place, where they are known. */
  readonly payment: SvmPayment
  readonly network: SolanaNetwork
  readonly state: SvmState
  readonly payee: Payee
  /** The one transfer; absent where there is none or more than one. */
  readonly transfer?: SvmTransfer
  /** When the payment was submitted, unix seconds; absent where nobody said. */
  readonly at?: bigint
}

export type StateCheckResult =
  | { readonly outcome: 'pass' }
  | { readonly outcome: 'fail'; readonly findings: readonly Finding[] }
  /** `reason` is a clause: why nothing can be said. */
  | { readonly outcome: 'skip'; readonly reason: string }

/** A pure function of a payment and of what a cluster said. `id` says in a phrase what is checked. */
export interface StateCheck {
  readonly id: string
  readonly run: (context: StateCheckContext) => StateCheckResult
}

export const pass: StateCheckResult = { outcome: 'pass' }

export function fail(...findings: readonly Finding[]): StateCheckResult {
  return findings.length === 0 ? pass : { outcome: 'fail', findings }
}

export function skip(reason: string): StateCheckResult {
  return { outcome: 'skip', reason }
}

/** Where the state is from, as the end of a sentence: "in slot 350000000 of api.example.com". */
export function where({ slot, source }: SvmState): string {
  return slot.known ? `in slot ${slot.value} of ${source}` : `by ${source}`
}
