import type { Party } from './party.ts'
import type { Retry } from './retry.ts'

/** A public page that a cause rests on: a standard, a contract's source, a specification, a thread. */
export interface Reference {
  readonly title: string
  readonly url: `https://${string}`
}

/** What has to be at hand to prove a cause: the payload and its offer, an RPC of the chain, a replay, or the facilitator's logs. */
export type ProofSource = 'payload' | 'rpc' | 'replay' | 'logs'

/** What is known about a cause, whatever the payment. */
export interface CauseEntry {
  /** A sentence fragment without a full stop, readable after "cause:". */
  readonly title: string
  /** Who has to act, the likeliest first. */
  readonly parties: readonly [Party, ...Party[]]
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
  readonly retry: Retry
  /** What comes back when this is the cause. Neither list is a diagnosis: most strings have several causes. */
  readonly reports: {
    /** Revert strings and error names of the token, the wallet or the node. */
    readonly token: readonly string[]
    /** Reason codes and answers of facilitators. */
    readonly facilitator: readonly string[]
  }
  readonly references: readonly [Reference, ...Reference[]]
  /** Ids of causes that look the same, hide behind this one, or come with it. */
  readonly related: readonly string[]
}
