import type { Finding } from '../causes/finding.ts'

/** Why a check was not made. */
export type SkipCode =
  /** Nobody wanted it. */
  | 'not-wanted'
  /** Only a chain tells, and none was asked. */
  | 'no-chain'
  /** Nobody who was asked could be read, or be believed. */
  | 'chain-unread'
  /** What it rests on was asked for, and could not be read. */
  | 'fact-unread'
  /** What it rests on was not asked for. */
  | 'fact-unasked'
  /** The chain that was asked has no state of the moment that counts, or only of another one. */
  | 'past'
  /** Nothing says which network the payment is for, or it is not one that is known. */
  | 'no-network'
  /** Nothing names the asset. */
  | 'no-asset'
  /** Nobody but the payload says what the token is, or what was called is not the token. */
  | 'token-unknown'
  | 'no-offer'
  | 'no-facilitator'
  /** There is not just one transfer. */
  | 'no-transfer'
  /** The token has no such function. */
  | 'no-function'
  | 'undecodable'
  /** Something else that was found makes it say nothing. */
  | 'moot'
  /** What it takes is not at hand here. */
  | 'unavailable'

/** What a check says: it holds, it does not and here is why, or it could not be made. `reason` is `code` in a clause, with the values in it. */
export type CheckResult =
  | { readonly outcome: 'pass' }
  | { readonly outcome: 'fail'; readonly findings: readonly Finding[] }
  | ({ readonly outcome: 'skip' } & NotMade)

/** Why something was not done. */
export interface NotMade {
  readonly code: SkipCode
  readonly reason: string
}

/** Fails with the findings, or passes when there are none. */
export function fromFindings(findings: readonly Finding[]): CheckResult {
  return findings.length === 0 ? { outcome: 'pass' } : { outcome: 'fail', findings }
}

export function skip(code: SkipCode, reason: string): CheckResult {
  return { outcome: 'skip', code, reason }
}
