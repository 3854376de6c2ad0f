import type { SolanaNetwork } from '../../networks/network.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import type { SvmIntervention } from './intervention.ts'
import type { SvmWorld } from './world.ts'

/** What the cluster's own programs made of a transaction. */
export interface SvmOutcome {
  readonly interventions: readonly SvmIntervention[]
  /** Null where it settled; else as JSON-RPC has it: `"BlockhashNotFound"`, `{ InstructionError: [2, { Custom: 1 }] }`. */
  readonly error: unknown
  readonly logs: readonly string[]
  /** Of the programs that litesvm brings along, which may need fewer than the cluster's. */
  readonly units: bigint
  /** What came to the transfer's destination, in atomic units; null where that is no token account. */
  readonly received: bigint | null
  /** Of the account that is paid from and the one that is paid, in atomic units; an account that is no token account, or not known, is left out. */
  readonly balances: readonly SvmBalance[]
}

export interface SvmBalance {
  /** Of a token account, base58. */
  readonly address: string
  readonly before: bigint
  readonly after: bigint
}

/** A chain of our own for payments on Solana. Its controls behaved, else it would not have opened. */
export interface SvmChain {
  /** One phrase: `litesvm 1.5.0`. */
  readonly description: string
  /** What the controls showed, one sentence each. */
  readonly controls: readonly string[]
  /** Whether the code of a program is at hand. */
  knows(program: string): boolean
  /** Runs the payment in a world of its own, with no signature checked: the fee payer's is not in a payment. */
  replay(payment: SvmPayment, destination: string | null, world: SvmWorld, interventions: readonly SvmIntervention[]): Promise<SvmOutcome>
}

/** Where a diagnosis gets such chains from. */
export interface SvmReplayer {
  open(network: SolanaNetwork): Promise<SvmChain>
}
