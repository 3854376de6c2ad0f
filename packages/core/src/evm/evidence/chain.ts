import { sameAddress } from '../../bytes/address.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { lagOf } from '../../evidence/freshness.ts'
import { ifKnown, type Known, known, unknown } from '../../evidence/known.ts'
import type { TokenFamily } from '../../tokens/models.ts'
import type { Authorization } from '../typed-data/authorization.ts'
import { windowState } from './moment.ts'
import type { ReplayPayment, SignatureCheck } from './replay.ts'

/** What is at an account. An EIP-7702 delegation is 23 bytes that name another account's code. */
export type AccountCode =
  | { readonly kind: 'none' }
  | { readonly kind: 'eip7702'; readonly delegate: Address; readonly delegateCode: Known<number> }
  | { readonly kind: 'contract'; readonly bytes: number }

/** What a call of the token with this payment came to, without anything being sent. */
export type Simulation =
  | { readonly outcome: 'succeeds' }
  /** `says` is the revert's reason in words, `data` what the node gave of it. */
  | { readonly outcome: 'reverts'; readonly says: string; readonly data?: Hex }

/** What the payer's own code answered about the payment's digest. */
export interface WalletAnswer {
  /** `as-sent`: the signature as the payment has it; `unwrapped`: what is inside of its ERC-6492 wrapper. */
  readonly form: 'as-sent' | 'unwrapped'
  readonly signature: Hex
  readonly digest: Hex
  /** Whether it answered ERC-1271's magic value; a revert and any other answer are a no. */
  readonly accepts: Known<boolean>
}

/** Who may sign for a smart account, and which function of it told. */
export type WalletOwner = ({ readonly kind: 'address'; readonly address: Address } | { readonly kind: 'passkey' }) & { readonly by: string }

/** What a wallet that is not deployed yet would say: the call that its ERC-6492 wrapper carries was simulated, and then the wallet asked. */
export interface Deployment {
  readonly factory: Address
  /** What is inside of the wrapper. */
  readonly signature: Hex
  /** Whether the factory's call succeeds and leaves code at the payer's address. */
  readonly deploys: Known<boolean>
  /** Whether the wallet then accepts the signature inside of the wrapper. */
  readonly accepts: Known<boolean>
}

/** The transaction that used a nonce up. */
export interface Settlement {
  readonly how: 'used' | 'canceled'
  readonly transaction: Hex
  readonly block: bigint
  /** Of that block, as the log has it. */
  readonly blockHash: Hex
  /** Unix seconds. */
  readonly time: Known<bigint>
  readonly sender: Known<Address>
  /**
   * What the payer paid by it, atomic units: the token's next log after the authorization's in the transaction, where that is a Transfer from the payer;
   * null where it is none. Unknown without the receipt.
   */
  readonly paid: Known<{ readonly to: Address; readonly value: bigint } | null>
  /** Which block the receipt names, and which one the chain has at that height now; null where it has none. */
  readonly blocks: { readonly receipt: Known<Hex>; readonly now: Known<Hex | null> }
  /** What the transaction called; null where it created a contract. */
  readonly called: Known<Address | null>
  /** Every contract that has a log in its receipt. */
  readonly emitters: Known<readonly Address[]>
}

/** The receipt of a transaction that somebody gave. */
export interface SentReceipt {
  readonly transaction: Hex
  readonly succeeded: boolean
  readonly block: bigint
  readonly blockHash: Hex
  /** Whether the token logged in it that this authorization was used. */
  readonly uses: boolean
}

/** A token's functions that a payment needs. */
export type PaymentFunction = 'transfer-vrs' | 'transfer-bytes' | 'receive-vrs' | 'receive-bytes' | 'authorizationState'

export interface FacilitatorState {
  readonly address: Address
  /** Wei. */
  readonly native: Known<bigint>
  /** Wei for one unit of gas, as the node suggests it. */
  readonly gasPrice: Known<bigint>
  readonly nonce: Known<bigint>
  readonly pendingNonce: Known<bigint>
  /**
   * Whether the node lets it call with the gas of a transfer at the block's base fee, which it refuses to whom has too little; null where it was not asked,
   * since what it has is enough for that.
   */
  readonly affords: Known<boolean | null>
  /** Whether the token has it on its list. Most tokens do not look at who calls them. */
  readonly blacklisted: Known<boolean | null>
}

/** How far a chain has come. */
export interface Head {
  readonly number: bigint
  /** Unix seconds. */
  readonly time: bigint
}

/** What one RPC says about a payment, all of it at one block unless a fact says otherwise. `null` is a contract without such a function. */
export interface ChainState {
  readonly kind: 'read'
  /** Which RPC, safe to print. */
  readonly source: string
  readonly chainId: number
  /** Seconds between its blocks, where whoever asked knew. */
  readonly blockTime?: number
  readonly block: { readonly number: bigint; readonly hash: Hex; readonly time: bigint }
  /** Whether that is the newest block that the RPC has. */
  readonly newest: boolean
  /** The newest block that the RPC has. */
  readonly head: Head
  /** The newest blocks that the chain itself calls `safe` and `finalized`, when the newest was read; null where it has none yet. */
  readonly finality: { readonly safe: Known<Head | null>; readonly finalized: Known<Head | null> }
  /** The same block, asked for a second time and by its number; null where the RPC then has none. */
  readonly again: Known<{ readonly hash: Hex; readonly time: bigint } | null>
  /** The time of the block after it, unix seconds; null where there is none yet. */
  readonly nextTime: Known<bigint | null>
  /** Why this is not the state of the moment that was asked for; absent when it is. */
  readonly instead?: string
  readonly token: {
    readonly address: Address
    /** Which contract it is, where whoever asked knew: its functions are called by that. */
    readonly family?: TokenFamily
    /** Length in bytes; 0 where there is no contract. */
    readonly code: Known<number>
    /** Whether a call of it was answered as only code answers: by a value, or by a revert. Where all came back empty, nothing is there that could. */
    readonly responds: Known<boolean>
    readonly implementation: Known<Address | null>
    readonly functions: Readonly<Record<PaymentFunction, Known<boolean>>>
    readonly name: Known<string | null>
    readonly version: Known<string | null>
    readonly symbol: Known<string | null>
    readonly decimals: Known<number | null>
    readonly separator: Known<Hex | null>
    readonly paused: Known<boolean | null>
  }
  readonly payer: {
    readonly code: Known<AccountCode>
    /** Whether a call has the same code there: whether EXTCODEHASH is that of what eth_getCode answered. Some RPCs make no calls without an address. */
    readonly sameCode: Known<boolean>
    readonly balance: Known<bigint | null>
    readonly blacklisted: Known<boolean | null>
    /** Wei. */
    readonly native: Known<bigint>
    /** Null when it has no code, or tells no owners in a way that is known. */
    readonly owners: Known<readonly WalletOwner[] | null>
  }
  readonly payee: { readonly code: Known<AccountCode>; readonly blacklisted: Known<boolean | null> }
  readonly nonce: {
    /** At the block. */
    readonly used: Known<boolean | null>
    /** At the newest block of the RPC: what is used stays used. */
    readonly usedNow: Known<boolean | null>
    /** Asked for only when it is used; null when it is not. */
    readonly settlement: Known<Settlement | null>
  }
  readonly simulated: {
    readonly atBlock: Known<Simulation>
    readonly pending: Known<Simulation>
    /** The same call from an account that is nobody's; absent where nobody in particular makes it, or where only the payee may. */
    readonly fromAnother?: Known<Simulation>
    /** The same call with no more gas than the transaction's own limit; absent where that is not known. */
    readonly limited?: Known<Simulation>
  }
  /**
   * How the token itself checked the signature, from a trace of the simulated call; null when it did not come to that. Absent where it
   * was not asked for, since nothing contradicts the signature; most public RPCs do not trace: unknown then, with the reason.
   */
  readonly traced?: Known<SignatureCheck | null>
  readonly wallet: readonly WalletAnswer[]
  /** Null when the signature is in no ERC-6492 wrapper, or the payer has code already. */
  readonly deployment: Deployment | null
  readonly facilitator: FacilitatorState | null
  /** What became of the transaction that was given, as the node has it now; absent where none was, null where the node has no receipt of it. */
  readonly sent?: Known<SentReceipt | null>
  /** The block that the given transaction says it is in: which one the chain has at that height now; null where it has none. */
  readonly minedNow?: Known<Hex | null>
  /** The token's separator when the payment was signed; absent where nobody had a reason to ask. */
  readonly separatorThen?: { readonly block: bigint; readonly time: bigint; readonly separator: Hex }
  /** What its calls answered otherwise than its storage has it, where both were read at one block (a fork), each as a clause; absent elsewhere. */
  readonly apart?: readonly string[]
}

/** What came of asking one RPC. */
export type ChainAnswer =
  | ChainState
  /** The RPC is of another chain, so that nothing else that it says counts. */
  | { readonly kind: 'wrong-chain'; readonly source: string; readonly expected: number; readonly chainId: number }
  | { readonly kind: 'unreachable'; readonly source: string; readonly reason: string }

/** What a chain is asked about a payment. */
export interface ChainQuestion {
  readonly payment: ReplayPayment
  readonly token: Address
  /** The chain that the RPC has to be of. */
  readonly chainId: number
  /** Seconds between its blocks, where they are known: a head that is older than some of them is none. */
  readonly blockTime?: number
  /** The digest that the token computes, for the payer's `isValidSignature`. */
  readonly digest?: Hex
  /** Whether to ask for a trace of how the token checks the signature: the signature does not fit what was computed. */
  readonly trace?: boolean
  /** The block whose state is read; the newest when neither is given. */
  readonly block?: bigint
  /** Unix seconds: the state of the last block that is not later. */
  readonly at?: bigint
  /** The account that submits. */
  readonly facilitator?: Address
  /** A transaction that somebody says it became: its receipt is read. */
  readonly transaction?: Hex
  /** Which contract the token is, where that is known: it decides which functions tell of a pause and of listed accounts. */
  readonly family?: TokenFamily
}

/** Where a diagnosis learns what the chain knows; made by `chainReader` of `@eip3009/core/chain`. Never rejects because of the RPC. */
export interface ChainReader {
  readonly source: string
  /** The same for two readers of one RPC, which are one witness; what it stands for can not be read from it. A reader that has none is told by itself. */
  readonly identity?: unknown
  /** The chain that it is of, for a payment that does not say. A reader that can't be asked leaves it out. */
  readonly chainId?: () => Promise<Known<number>>
  read(question: ChainQuestion): Promise<ChainAnswer>
}

/**
 * The RPC that is believed: of those that were read, the one whose view is of the moment that was asked about, that has a state for its block, and that is the
 * latest; of equals the first.
 */
export function believed(answers: readonly ChainAnswer[]): ChainState | undefined {
  const states = answers.filter((answer) => answer.kind === 'read')
  const isBetter = (each: ChainState, best: ChainState): boolean => {
    if ((each.instead === undefined) !== (best.instead === undefined)) return each.instead === undefined
    if (hasState(each) !== hasState(best)) return hasState(each)
    return each.block.number > best.block.number
  }
  return states.reduce<ChainState | undefined>((best, each) => (best === undefined || isBetter(each, best) ? each : best), undefined)
}

/** A node that only says that there is such a block knows nothing of it. */
function hasState({ token, nonce, simulated }: ChainState): boolean {
  return token.code.known || nonce.used.known || simulated.atBlock.known
}

/** Whether the payer's code takes the signature as it was sent; undefined when nobody asked, or nobody could tell. */
export function walletAccepts({ wallet }: ChainState, digest: Hex | undefined): boolean | undefined {
  const answer = wallet.find((each) => each.form === 'as-sent' && each.digest === digest)
  return answer === undefined ? undefined : ifKnown(answer.accepts)
}

/** Whether it is this payment that the transaction made: a nonce may have been spent on another payee, another value, or nobody. */
export function isPaidBy(settlement: Settlement, { to, value }: Pick<Authorization, 'to' | 'value'>): Known<boolean> {
  const { how, paid } = settlement
  if (how === 'canceled') return known(false)
  if (isReplaced(settlement)) return unknown('the block that it was in is no part of the chain any more')
  return paid.known ? known(paid.value !== null && sameAddress(paid.value.to, to) && paid.value.value === value) : paid
}

/** Whether the block that the settlement's log names was replaced by another, as when a chain takes blocks back. */
export function isReplaced({ blockHash, blocks: { receipt, now } }: Settlement): boolean {
  const hashes = [ifKnown(receipt), ifKnown(now) ?? undefined]
  return hashes.some((hash) => hash !== undefined && hash !== blockHash)
}

/** Seconds that an RPC's newest block lies behind the moment that it was asked about; undefined when it does not. */
export function behind(state: ChainState, moment: bigint): bigint | undefined {
  return state.newest ? lagOf(state.block.time, moment, state.blockTime) : undefined
}

/** Seconds that an RPC's head lies behind the latest one of others; undefined where it keeps up. */
export function behindOthers(state: ChainState, answers: readonly ChainAnswer[]): bigint | undefined {
  const latest = answers.reduce((best, each) => (each.kind === 'read' && each.head.time > best ? each.head.time : best), state.head.time)
  return lagOf(state.head.time, latest, state.blockTime)
}

/** Whether the chain itself seems to stand still: several RPCs, all with the same head, and that is older than the moment allows. */
export function isHalted(answers: readonly ChainAnswer[], moment: bigint): boolean {
  const states = answers.filter((answer) => answer.kind === 'read')
  const [first] = states
  if (first === undefined || new Set(states.map(({ source }) => source)).size < 2) return false
  return states.every((state) => behind(state, moment) !== undefined && state.block.hash === first.block.hash)
}

/** What a simulated transfer says of the payment: only while the block's own time is in the window, and of a contract. */
export function simulationAt(state: ChainState, authorization: Authorization): 'succeeds' | { readonly says: string } | undefined {
  const simulation = ifKnown(state.simulated.atBlock)
  const code = ifKnown(state.token.code)
  if (simulation === undefined || code === undefined || code === 0) return undefined
  // Of a transfer that returns nothing a call of no code at all can't be told apart.
  if (simulation.outcome === 'succeeds' && ifKnown(state.token.responds) !== true) return undefined
  if (windowState(authorization, state.block.time) !== 'open') return undefined
  return simulation.outcome === 'succeeds' ? 'succeeds' : { says: simulation.says }
}
