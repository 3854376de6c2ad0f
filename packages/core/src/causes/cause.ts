import type { Obstacle } from './obstacle.ts'
import type { Party } from './party.ts'
import type { RetryAction } from './retry.ts'
import type { Stage } from './stage.ts'
import type { SvmCheck } from './svm-check.ts'

/** A public page that a cause rests on: a standard, a contract's source, a specification, a thread. */
export interface Reference {
  readonly title: string
  readonly url: `https://${string}`
}

/** What has to be at hand to prove a cause: the payload and its offer, an RPC of the chain, a replay, or the facilitator's logs. */
export type ProofSource = 'payload' | 'rpc' | 'replay' | 'logs'

/**
 * The id of another cause. All of them are known above only.
 * @pattern ^[a-z0-9]+(-[a-z0-9]+)*$
 */
export type OtherCause = string

/**
 * Which of several comes first.
 * @asType integer
 * @minimum 1
 */
export type Place = number

/** What is known about a cause, whatever the payment. */
export interface CauseEntry {
  /** A sentence fragment without a full stop, readable after "cause:". */
  readonly title: string
  /** Who has to act, the likeliest first. */
  readonly parties: readonly [Party, ...Party[]]
  /** Which payments can have it: those of EIP-3009, those on Solana, or both. */
  readonly family: 'evm' | 'solana' | 'both'
  /** Where it stops a payment: its stage, and its place among the causes of that stage, which no other cause has. Findings are told in this order. */
  readonly stops: { readonly at: Stage; readonly place: Place }
  /** What happened, what token and facilitator say then, and why it is missed. */
  readonly meaning: string
  readonly proof: {
    /** Each of these can prove it alone, the cheapest first. */
    readonly needs: readonly [ProofSource, ...ProofSource[]]
    readonly how: string
  }
  /** What to do, in general words; a finding says it with the payment's own values. */
  readonly fix: string
  /** The fix as code, where it is code. TypeScript. */
  readonly code?: string
  readonly retry: RetryAction
  /** What comes back when this is the cause. Neither list is a diagnosis: most strings have several causes. */
  readonly reports: {
    /** Revert strings and error names of the token, the wallet or the node. */
    readonly token: readonly string[]
    /** Reason codes and answers of facilitators. */
    readonly facilitator: readonly string[]
  }
  readonly references: readonly [Reference, ...Reference[]]
  /** Ids of causes that look the same, hide behind this one, or come with it. */
  readonly related: readonly OtherCause[]
}

/** A cause that payments by EIP-3009 have, alone or as well. */
export interface EvmCauseEntry extends CauseEntry {
  readonly family: 'evm' | 'both'
  /**
   * Whether the token itself refuses a payment for it, so that a call which succeeds excludes it. `in-time`: only at the second that is meant. `no`: what
   * is wrong is the offer, the way to the token or what came back, of which the token knows nothing; a call of no code at all succeeds, too. `some`: nor
   * does the token, but some who verify or submit do, by a rule of their own, so that another facilitator may settle the same bytes.
   */
  readonly refusedByToken: 'yes' | 'in-time' | 'no' | 'some'
}

/** A cause that only payments on Solana have. */
export interface SolanaCauseEntry extends CauseEntry {
  readonly family: 'solana'
  /** What the cluster itself makes of it, whatever facilitators do. */
  readonly cluster: {
    /**
     * The order in which the cluster meets what is wrong: the bytes, their signatures, tables and blockhash, the fee, then the instructions; within
     * the transfer as the token program of 2026 checks it. Its one error is for the cause with the lowest place. `never`: it meets none.
     */
    readonly place: Place | 'never'
    /**
     * `refuses`: it is not run at all, and a simulation that skips signatures does not see it. `landed`: it has run already, and does not again.
     * `fails`: any run of it fails. `may-fail`: some forms of it run, so that only the chain or a replay tells. `takes`: it runs, and is what
     * facilitators refuse, or what pays somebody else.
     */
    readonly run: 'refuses' | 'landed' | 'fails' | 'may-fail' | 'takes'
    /** What stands between the transaction and the money, and can be taken away; null for what only facilitators look at, and what stays as it is. */
    readonly obstacle: Obstacle | null
  }
  /** Which of the facilitators' checks find it, beside the run where the run fails. */
  readonly foundBy: readonly SvmCheck[]
  /** A payment has it once, whichever of its fields shows it. */
  readonly once?: true
}
