import type { Address, Hex } from 'viem'
import { type CauseId, catalogue } from '../causes/catalogue.ts'
import type { Retry } from '../causes/retry.ts'
import { checksum } from '../networks/checksum.ts'
import { callsOf } from '../tokens/ask-model.ts'
import { causesOf } from './check-causes.ts'
import { type CheckpointContext, possibleFamilies, ruledOutAt } from './checkpoints.ts'
import type { Decoded } from './decoded.ts'
import { shorten } from './plain-text.ts'
import { anySignature, anyTokenRevert, statedCause } from './suspects.ts'
import { unwrap } from './unwrap.ts'

/** What is known about where an answer came from. Everything is optional; what is not known is not assumed. */
export interface DecodeContext extends CheckpointContext {
  /** The kind of chain that the payment is on: causes of the other kind are left out. */
  readonly chain?: 'evm' | 'svm'
}

/** What follows from an answer. */
export interface Conclusions {
  /** The cause that the answer states as a fact. Absent when it can mean several: then `causes` has all of them. */
  readonly cause?: CauseId
  /** What is not the reason, because the token had passed the checks for it before it came to the one that failed. */
  readonly rulesOut: readonly CauseId[]
  /** What may be sent again; `unknown` when the causes disagree about it. */
  readonly retry: Retry
  /** The address whose transaction a node refused: the facilitator's, never the payer's. */
  readonly relayer?: Address
  /** The transaction that the answer names. */
  readonly transaction?: Hex
}

/** An answer from a token, a node or a facilitator, decoded. Switch over `kind`. */
export type Revert = Decoded & Conclusions

/**
 * Says what an answer means: revert data, a JSON-RPC error, an HTTP body or status, an error object of viem or ethers, a facilitator's
 * answer or reason code, a line of a log, or any of these inside of another. Works offline, from tables alone; never throws, and
 * does a bounded amount of work whatever it is given.
 *
 * Where an input says several things, the one nearest to the chain counts: the token's own words before the node's, the node's before
 * the facilitator's code, the code before an HTTP status.
 */
export function decodeRevert(input: unknown, context: DecodeContext = {}): Revert {
  const found = unwrap(input)
  const best = strongest(found.clues) ?? unknown(found.text, input)
  const { relayer, transaction } = found
  return {
    ...conclude(best, context),
    ...(relayer === undefined || best.kind !== 'rpc-error' ? {} : { relayer: checksum(relayer) }),
    ...(transaction === undefined ? {} : { transaction }),
  }
}

function conclude(decoded: Decoded, context: DecodeContext): Revert {
  const rulesOut = ruledOut(decoded, context)
  const meant = ofFamily(decoded, context)
  const left = ofChain(meant, context.chain).filter((id) => !rulesOut.includes(id))
  const causes = left.length === 0 ? meant : left
  const cause = statedCause(causes)
  const party = decoded.party ?? (cause === undefined ? shared(causes.map((id) => catalogue[id].parties[0])) : catalogue[cause].parties[0])
  const retry =
    decoded.retry ?? (cause === undefined ? shared(causes.map((id) => catalogue[id].retry)) : catalogue[cause].retry) ?? 'unknown'
  return {
    ...decoded,
    causes,
    rulesOut: rulesOut.filter((id) => !causes.includes(id)),
    retry,
    ...(cause === undefined ? {} : { cause }),
    ...(party === undefined ? {} : { party }),
  }
}

/** What the words mean where the token is known: the same ones mean other things elsewhere. */
function ofFamily({ checkpoint, causes }: Decoded, context: DecodeContext): readonly CauseId[] {
  const possible = possibleFamilies(context)
  const families = checkpoint?.families.filter((family) => possible.includes(family)) ?? []
  if (checkpoint === undefined || context.standard === undefined || families.length === 0) return causes
  const meant = families.flatMap((family) => callsOf(family, context)).flatMap((call) => causesOf(call, checkpoint.check))
  // What the arguments told stays told.
  const both = [...new Set(meant)].filter((cause) => causes.includes(cause))
  return both.length > 0 ? both : meant.length > 0 ? [...new Set(meant)] : causes
}

function ruledOut(decoded: Decoded, context: DecodeContext): readonly CauseId[] {
  const { checkpoint } = decoded
  if (checkpoint === undefined) return []
  // Words that others use too are a token's only where the token is known for them.
  if (checkpoint.shared && !possibleFamilies(context).every((family) => checkpoint.families.includes(family))) return []
  return ruledOutAt(checkpoint.check, checkpoint.families, context)
}

const evmOnly: ReadonlySet<CauseId> = new Set([...anySignature, ...anyTokenRevert])

function ofChain(causes: readonly CauseId[], chain: DecodeContext['chain']): readonly CauseId[] {
  if (chain === undefined) return causes
  const left = causes.filter((id) => (chain === 'evm' ? !id.startsWith('svm-') : !evmOnly.has(id)))
  return left.length === 0 ? causes : left
}

/** The one value of a list whose members are all the same. */
function shared<T>(values: readonly T[]): T | undefined {
  const [first, ...rest] = values
  return rest.every((value) => value === first) ? first : undefined
}

/** The clue nearest to the chain; of several equals the first. */
function strongest(clues: readonly Decoded[]): Decoded | undefined {
  let best: Decoded | undefined
  for (const clue of clues) if (best === undefined || strength(clue) > strength(best)) best = clue
  return best
}

/** How near to the chain a clue is, and how much of it is known. */
function strength(decoded: Decoded): number {
  switch (decoded.kind) {
    case 'error-string':
      if (decoded.data === undefined) return decoded.known ? 100 : 72
      return decoded.known ? 102 : 85
    case 'custom-error':
      if (!decoded.known) return 65
      return decoded.data === undefined ? 96 : 99
    case 'panic':
      return 95
    case 'program-error':
      return decoded.causes.length > 0 ? 78 : 60
    case 'rpc-error':
      return decoded.known ? 75 : 40
    case 'reason-code':
      return decoded.known ? 70 : 35
    case 'empty':
      return 50
    case 'http-error':
      return 30
    case 'unknown':
      return 10
  }
}

function unknown(text: string, input: unknown): Decoded {
  const message = text === '' ? `nothing to read in ${describe(input)}` : shorten(text, 500)
  return { kind: 'unknown', name: 'unknown', message, args: [], causes: [], via: [] }
}

function describe(input: unknown): string {
  if (input === null) return 'null'
  if (typeof input === 'string') return 'an empty text'
  return typeof input === 'object' ? 'an object' : `a value of type ${typeof input}`
}
