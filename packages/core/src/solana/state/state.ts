import { freshnessOf, lagOf } from '../../evidence/freshness.ts'
import { type Known, unknown } from '../../evidence/known.ts'
import type { SolanaNetwork } from '../../networks/network.ts'
import type { SvmPayment } from '../transaction/payment.ts'

/** An account as a cluster has it. The owner is the program that it belongs to, base58. */
export interface SvmAccount {
  readonly owner: string
  readonly lamports: bigint
  readonly data: Uint8Array
  readonly executable: boolean
}

/** What a node made of the transaction without sending it. The error is as JSON-RPC has it: `"BlockhashNotFound"`, `{ InstructionError: [2, …] }`. */
export interface SvmSimulation {
  readonly error: unknown
  readonly logs: readonly string[]
  /** Compute units; null where the node does not tell. */
  readonly units: bigint | null
}

/** The transaction of this payment, as it landed. */
export interface SvmSettlement {
  /** Its id: the fee payer's signature, base58. */
  readonly transaction: string
  readonly slot: bigint
  /** Unix seconds. */
  readonly time: Known<bigint>
  /** Null where it succeeded: the money moved. */
  readonly error: unknown
  readonly logs: readonly string[]
  /** Who owned the destination then, base58; null where the node does not tell. */
  readonly receiver: string | null
}

/** The newest block that can not be reorganised away any more, and what it makes of the payment's blockhash. */
export interface SvmFinalized {
  readonly slot: bigint
  readonly height: bigint
  /** Unix seconds. */
  readonly time: Known<bigint>
  /** Of a durable nonce it says nothing. */
  readonly blockhash: Known<'alive' | 'dead'>
}

/** What one RPC says about a payment. The state of accounts is the newest that it has: Solana's RPCs have no other. */
export interface SvmState {
  readonly kind: 'read'
  /** Which RPC, safe to print. */
  readonly source: string
  readonly network: string
  readonly genesisHash: string
  /** When it was asked, unix seconds, by the clock of whoever asked: the payment was made before that. */
  readonly readAt: bigint
  /** The newest confirmed slot, its block's height, and its time in unix seconds. */
  readonly slot: Known<bigint>
  readonly height: Known<bigint>
  readonly time: Known<bigint>
  readonly finalized: Known<SvmFinalized>
  /** By address. Null is an account that does not exist; an address that is not in it was not asked for. */
  readonly accounts: ReadonlyMap<string, Known<SvmAccount | null>>
  /** `alive` while the cluster would still take a transaction with the payment's blockhash. */
  readonly blockhash: Known<'alive' | 'dead'>
  /** Lamports that an account without data has to keep. */
  readonly rent: Known<bigint>
  /** The transaction with its signatures blanked: as it is, and with a blockhash that lives. */
  readonly simulated: { readonly asIs: Known<SvmSimulation>; readonly fresh: Known<SvmSimulation> }
  /** Null where there is none. */
  readonly settlement: Known<SvmSettlement | null>
  /** Since when the RPC has transactions, unix seconds; 0 where it has all of them. */
  readonly historySince: Known<bigint>
}

/** What came of asking one RPC. */
export type SvmAnswer =
  | SvmState
  /** The RPC is of another cluster, so that nothing that it says counts; `blockhash` tells whether the payment's blockhash is of that one. */
  | {
      readonly kind: 'wrong-cluster'
      readonly source: string
      readonly expected: string
      readonly genesisHash: string
      readonly blockhash: Known<'alive' | 'dead'>
    }
  | { readonly kind: 'unreachable'; readonly source: string; readonly reason: string }

export interface SvmQuestion {
  readonly payment: SvmPayment
  readonly network: SolanaNetwork
  /** Unix seconds; the clock of whoever asks. */
  readonly now: bigint
  /** When the payment was made, unix seconds: its transaction is looked for around then first. */
  readonly at?: bigint
}

/** Where a diagnosis learns what a cluster knows; made by `svmReader` from an RPC and by `readSnapshot` from a file. Never rejects because of the RPC. */
export interface SvmReader {
  readonly source: string
  /** The same for two readers of one RPC, which are one witness; what it stands for can not be read from it. A reader that has none is told by itself. */
  readonly identity?: unknown
  read(question: SvmQuestion): Promise<SvmAnswer>
}

/** Seconds between two slots, as clusters aim at. Source: Solana's DEFAULT_MS_PER_SLOT. */
const slotTime = 0.4

/** Why what an RPC said is no evidence of the moment that counts. */
export type SvmLag =
  /** Its newest block was made so many seconds before. Unix seconds. */
  | { readonly kind: 'behind'; readonly newest: bigint; readonly seconds: bigint }
  /** Nothing tells of when its newest block is. */
  | { readonly kind: 'timeless'; readonly reason: string }

/**
 * How far the newest block of an RPC lies behind the moment that counts: when the payment was submitted, or else when the cluster was asked. Undefined
 * where it keeps up. Of a newest slot without a time the finalized one tells, which is 13 seconds older.
 */
export function lagIn({ time, finalized, readAt }: SvmState, at: bigint | undefined): SvmLag | undefined {
  const newest = time.known || !finalized.known ? time : finalized.value.time
  if (!newest.known) return { kind: 'timeless', reason: newest.reason }
  const seconds = lagOf(newest.value, at ?? readAt, slotTime)
  return seconds === undefined ? undefined : { kind: 'behind', newest: newest.value, seconds }
}

/** Of when the state is, unix seconds: of its reading, unless its newest block is older than that of a cluster that goes on. */
export function seenAt({ time, readAt }: SvmState): bigint {
  return time.known && time.value + freshnessOf(slotTime) < readAt ? time.value : readAt
}

/**
 * The state that is believed: of those that were read, the one that found the transaction, else the one with the latest slot. A blockhash
 * that any of them knows is alive: the others may not have seen its block yet. Of an RPC that is behind the moment that counts nothing is believed but
 * the transaction that it found, since a block that was made stays. `at` is when the payment was submitted, unix seconds.
 */
export function believedState(answers: readonly SvmAnswer[], at: bigint | undefined): SvmState | undefined {
  const read = answers.flatMap((answer) => (answer.kind === 'read' ? (evidenceIn(answer, at) ?? []) : []))
  const [first, ...rest] = read
  if (first === undefined) return undefined
  const best = rest.reduce((before, each) => (weight(each) > weight(before) ? each : before), first)
  const alive = read.some(({ blockhash }) => blockhash.known && blockhash.value === 'alive')
  return alive ? { ...best, blockhash: { known: true, value: 'alive' } } : best
}

/** What of a state is evidence of the moment that counts; undefined where nothing is. */
function evidenceIn(state: SvmState, at: bigint | undefined): SvmState | undefined {
  if (lagIn(state, at) === undefined) return state
  const { settlement, finalized, accounts } = state
  if (!settlement.known || settlement.value === null) return undefined
  const past = unknown(`the newest block of ${state.source} is older than the moment that counts`)
  return {
    ...state,
    accounts: new Map([...accounts.keys()].map((address) => [address, past])),
    blockhash: past,
    simulated: { asIs: past, fresh: past },
    finalized: finalized.known ? { known: true, value: { ...finalized.value, blockhash: past } } : finalized,
  }
}

/** Slots are below 2^64. */
function weight({ slot, settlement }: SvmState): bigint {
  return (settlement.known && settlement.value !== null ? 2n ** 64n : 0n) + (slot.known ? slot.value : 0n)
}
