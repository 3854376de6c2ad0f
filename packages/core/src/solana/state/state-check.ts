import type { Finding } from '../../causes/finding.ts'
import { type CheckResult, fromFindings, type NotMade, skip } from '../../evidence/check.ts'
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

/** What is checked of a payment on Solana, as people would say it. */
export const svmCheckNames = {
  transaction: 'instructions, signatures and transfer',
  offer: 'mint, payee, amount, fee payer and memo',
  accounts: 'token accounts and balances',
  'lookup-tables': 'lookup tables',
  mint: 'the mint',
  source: "the payer's token account",
  destination: "the payee's token account",
  payee: "the payee's wallet",
  'created-accounts': 'accounts that the transaction creates',
  'fee-payer': "the fee payer's lamports",
  'compute-units': 'compute units',
  settlement: 'settlement',
  blockhash: 'blockhash',
  'state-then': 'the state at --at',
  replay: 'replay',
} as const satisfies Record<string, string>

export type SvmCheckId = keyof typeof svmCheckNames

/** A pure function of a payment and of what a cluster said. */
export interface StateCheck {
  readonly id: SvmCheckId
  /** Without it nobody can say that a payment settles. */
  readonly decisive: boolean
  readonly run: (context: StateCheckContext) => CheckResult
}

/** A check that was not made: which one and why, as ids and in words. */
export interface SvmSkippedCheck extends NotMade {
  readonly id: SvmCheckId
  readonly check: string
}

export function notMade(id: SvmCheckId, { code, reason }: NotMade): SvmSkippedCheck {
  return { id, check: svmCheckNames[id], code, reason }
}

export const pass: CheckResult = { outcome: 'pass' }

export const undecodable: CheckResult = skip('undecodable', 'the transaction can not be decoded')

export function fail(...findings: readonly Finding[]): CheckResult {
  return fromFindings(findings)
}

/** Where the state is from, as the end of a sentence: "in slot 350000000 of api.example.com". */
export function where({ slot, source }: SvmState): string {
  return slot.known ? `in slot ${slot.value} of ${source}` : `by ${source}`
}
