import type { Finding } from '../../causes/finding.ts'
import { type Check, type CheckResult, fromFindings, type SkippedCheck, skip } from '../../evidence/check.ts'
import type { SolanaNetwork } from '../../networks/network.ts'
import type { Payee } from '../offer/payee.ts'
import type { SvmPayment, SvmTransfer } from '../transaction/payment.ts'
import type { SvmState } from './state.ts'

/** What the checks of a cluster's state look at besides the payment. */
export interface ClusterEvidence {
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

/** The payment, with the accounts of its lookup tables in place where they are known, beside the evidence. */
export type StateCheckContext = ClusterEvidence & { readonly payment: SvmPayment }

/** A check of what a cluster said. */
export type StateCheck = Check<SvmPayment, ClusterEvidence, SvmCheckId>

/** A check of a payment on Solana that was not made. */
export type SvmSkippedCheck = SkippedCheck<SvmCheckId>

export function stateCheck(id: SvmCheckId, judge: (context: StateCheckContext) => CheckResult): StateCheck {
  return { id, run: (payment, evidence) => judge({ ...evidence, payment }) }
}

export function decisiveCheck(id: SvmCheckId, judge: (context: StateCheckContext) => CheckResult): StateCheck {
  return { ...stateCheck(id, judge), decisive: true }
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
