import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import { spentNonce } from '../../revert/suspects.ts'

/**
 * Every pair of evidence that excludes each other, and what can't be claimed then: the `findings` that are named; all `readings`, since the node itself is
 * in question; or also what its newest `block` says of time and nonce.
 */
const pairs = {
  /** Something that makes the token refuse, and a simulated transfer at the same block that succeeds. */
  'finding-and-simulation': 'findings',
  /** Something that the token checks first, and a simulated transfer that it refuses for what it checks later. */
  'finding-and-refusal': 'findings',
  /** Something that makes the token refuse, and a replay of the payment as it is that settles. */
  'finding-and-replay': 'findings',
  /** A simulated transfer that is refused for something, and a reading that says that it is not so. */
  'refusal-and-reading': 'findings',
  /** No code at the token and calls that were answered, or code and calls that all came back empty. */
  'code-and-answers': 'findings',
  /** The code of the payer's account, and what a call has there. */
  'code-and-hash': 'findings',
  /** What is at the payer's account, and whom the token was seen to ask about the signature. */
  'code-and-trace': 'findings',
  /** The digest that was computed, and the one that the token was seen to hash. */
  'digest-and-trace': 'findings',
  /** Whom the signature recovers to under that digest, and whom the token was seen to recover. */
  'signer-and-trace': 'findings',
  /** What the payer's code answered to the token in a trace, and to us. */
  'wallet-and-trace': 'findings',
  /** A signature that the token takes, and a DOMAIN_SEPARATOR() under which it is nobody's. */
  'separator-and-signature': 'findings',
  /** The name() and version() on record, and a DOMAIN_SEPARATOR() that they do not hash to. */
  'separator-and-name': 'findings',
  /** A nonce that is said to be unused, and a log of its use. */
  'nonce-and-log': 'findings',
  /** A sender without money for gas, and a call that the node let it pay for. */
  'funds-and-call': 'findings',
  /** A block, and the same block when it was asked for again; or its neighbour, or the head, which are of another time than they can be. */
  'block-and-block': 'block',
  /** The time of a block, and what the token made of the window in it. */
  'time-and-simulation': 'block',
  /** The newest block, and the clock of whoever asks. */
  'head-and-clock': 'block',
  /** Two RPCs. */
  'rpc-and-rpc': 'readings',
  /** What a node answers to calls, and what its storage makes of them on a fork. */
  'calls-and-storage': 'readings',
} as const satisfies Record<string, 'findings' | 'readings' | 'block'>

export type ContradictionId = keyof typeof pairs

/** Two pieces of evidence of which one is wrong. */
export interface Contradiction {
  readonly id: ContradictionId
  /** Both, each as a clause with who said it. */
  readonly sides: readonly [string, string]
  /** What would tell which of the two is right: a noun, `paused() of 0x… at block 12`. */
  readonly check: string
  /** The same as a call of JSON-RPC; null where it is none, or where it would have to carry the signature. */
  readonly call: { readonly method: string; readonly params: readonly unknown[] } | null
  /** The causes that are not claimed because of it. */
  readonly causes: readonly CauseId[]
}

/** What became of each finding that a contradiction names: it stays in the report as what was read, and is no error any more. */
export function contested(findings: readonly Finding[], contradictions: readonly Contradiction[]): Finding[] {
  const named = new Set(contradictions.flatMap(({ causes }) => causes))
  return findings.map(
    (finding): Finding =>
      named.has(finding.cause) && finding.severity !== 'info' ? { ...finding, severity: 'warning', proof: 'contradicted' } : finding,
  )
}

/** Whether nothing that was read counts, since the block or the node itself is in question. */
export function undermines({ id }: Contradiction): boolean {
  return pairs[id] !== 'findings'
}

/** Whether a trace is one of its sides, so that the trace shows nothing. */
export function doubtsTrace({ id }: Contradiction): boolean {
  return id === 'code-and-trace' || id === 'digest-and-trace' || id === 'signer-and-trace' || id === 'wallet-and-trace'
}

/** Whether it leaves open what became of the nonce, and so whether money moved. */
export function doubtsNonce({ id, causes }: Contradiction): boolean {
  return pairs[id] === 'block' || causes.some(isSpent)
}

/** Both sides and what would decide, as a headline. */
export function describeContradiction({ sides: [one, other], check }: Contradiction): string {
  return `${capital(one)}, and ${other}: both can not be. What would tell, asked of another RPC: ${check}.`
}

/** What to do about it, with the call filled in. */
export function adviceOn({ check, call }: Contradiction): string {
  const filled = call === null ? '' : `, ${JSON.stringify(call)}`
  return `ask another RPC for ${check}${filled}; or give both by --rpc-url twice, so that they have to agree`
}

/** Whether a cause is that the nonce is used up. */
export function isSpent(cause: CauseId): boolean {
  return spentNonce.some((each) => each === cause)
}

function capital(text: string): string {
  // A URL, a number and a function's name stay as they are.
  return /^(?:https?:|0x|\w+\()/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1)
}
