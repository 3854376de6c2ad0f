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

/** A check of a payment: a pure function of it and of what is known besides. `Id` is the family's own union. */
export interface Check<Payment, Evidence, Id extends string> {
  readonly id: Id
  /** Without it nobody can say that a payment settles. Absent where other evidence can say so instead, as a simulated transfer does. */
  readonly decisive?: true
  readonly run: (payment: Payment, evidence: Evidence) => CheckResult
}

/** A check that was not made: which one and why, as ids and in words. */
export interface SkippedCheck<Id extends string> extends NotMade {
  readonly id: Id
  readonly check: string
}

/** `names` says what each check looks at, as people would. */
export function notMade<Id extends string>(names: Readonly<Record<Id, string>>, id: Id, { code, reason }: NotMade): SkippedCheck<Id> {
  return { id, check: names[id], code, reason }
}

/** One check and what it said. */
export interface CheckMade<Id extends string> {
  readonly check: { readonly id: Id; readonly decisive?: true }
  readonly result: CheckResult
}

export function runChecks<Payment, Evidence, Id extends string>(
  checks: readonly Check<Payment, Evidence, Id>[],
  payment: Payment,
  evidence: Evidence,
): CheckMade<Id>[] {
  return checks.map((check) => ({ check, result: check.run(payment, evidence) }))
}

/** What the checks found, in their order. */
export function findingsOf(made: readonly CheckMade<string>[]): readonly Finding[] {
  return made.flatMap(({ result }) => (result.outcome === 'fail' ? result.findings : []))
}

/** The checks that could not be made, in their order. */
export function skippedIn<Id extends string>(made: readonly CheckMade<Id>[], names: Readonly<Record<Id, string>>): SkippedCheck<Id>[] {
  return made.flatMap(({ check: { id }, result }) => (result.outcome === 'skip' ? [notMade(names, id, result)] : []))
}

/** Fails with the findings, or passes when there are none. */
export function fromFindings(findings: readonly Finding[]): CheckResult {
  return findings.length === 0 ? { outcome: 'pass' } : { outcome: 'fail', findings }
}

export function skip(code: SkipCode, reason: string): CheckResult {
  return { outcome: 'skip', code, reason }
}
