import type { Address, Bytes32 } from '../bytes/hex.ts'
import { type CauseId, catalogue } from '../causes/catalogue.ts'
import type { RetryAction } from '../causes/retry.ts'
import { checksum } from '../networks/checksum.ts'
import type { SolanaTransactionId } from '../text/written.ts'
import { callsOf } from '../tokens/ask-model.ts'
import { type ChainKind, otherRail, type SpokenChain } from './chain-words.ts'
import { causesOf } from './check-causes.ts'
import { type CheckpointContext, possibleFamilies, ruledOutAt } from './checkpoints.ts'
import type { Decoded, Recognised, Unknown } from './decoded.ts'
import { shorten } from './plain-text.ts'
import { statedCause } from './suspects.ts'
import { unwrap } from './unwrap.ts'

/** What is known about where an answer came from. Everything is optional; what is not known is not assumed. */
export interface DecodeContext extends CheckpointContext {
  /** The kind of chain that the payment is on: causes of the other kind are left out. */
  readonly chain?: ChainKind
}

/** What follows from an answer. */
export interface Conclusions {
  /** The cause that the answer states as a fact. Absent when it can mean several: then `causes` has all of them. */
  readonly cause?: CauseId
  /** What is not the reason, because the token had passed the checks for it before it came to the one that failed. */
  readonly rulesOut: readonly CauseId[]
  /** What may be sent again; `unknown` when the causes disagree about it. */
  readonly retry: RetryAction
  /** The address whose transaction a node refused: the facilitator's, never the payer's. */
  readonly relayer?: Address
  /** The transaction that the answer names. */
  readonly transaction?: Bytes32
  /** What the answer says was sent on Solana and is to be looked up first: a transaction's id, base58. */
  readonly solanaTransaction?: SolanaTransactionId
}

/** An answer from a token, a node or a facilitator that says something. */
export type DecodedAnswer = Recognised & Conclusions

/** An answer from a token, a node or a facilitator, decoded. Switch over `kind`. */
export type Revert = DecodedAnswer | (Unknown & Conclusions)

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
  const chain = context.chain ?? found.chain
  const strong = strongest(ofSameChain(found.clues, chain)) ?? unknown(found.text, input)
  const best = unlessSettled(narrowed(saidInside(strong), found.text), found.clues)
  const { relayer, transaction, solanaTransaction } = found
  return {
    ...conclude(best, context, chain),
    ...(relayer === undefined || best.kind !== 'rpc-error' ? {} : { relayer: checksum(relayer) }),
    ...(transaction === undefined ? {} : { transaction }),
    ...(solanaTransaction === undefined ? {} : { solanaTransaction }),
  }
}

function conclude(decoded: Decoded, context: DecodeContext, chain: SpokenChain | undefined): Revert {
  const rail = otherRail(chain)
  const rulesOut = rail === undefined ? ruledOut(decoded, context) : []
  // What is of another kind of chain is no suspect, also where nothing else is known.
  const suspects = ofChain(ofFamily(decoded, context), chain)
  const left = suspects.filter((id) => !rulesOut.includes(id))
  const causes = left.length === 0 ? suspects : left
  const cause = statedCause(causes)
  const party = decoded.party ?? (cause === undefined ? shared(causes.map((id) => catalogue[id].parties[0])) : catalogue[cause].parties[0])
  const retry =
    decoded.retry ?? (cause === undefined ? shared(causes.map((id) => catalogue[id].retry)) : catalogue[cause].retry) ?? 'unknown'
  return {
    ...decoded,
    causes,
    rulesOut: rulesOut.filter((id) => !causes.includes(id)),
    retry,
    ...(rail === undefined ? {} : { rail }),
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

/** Without the sentences of the other kind of chain: an address of an EVM chain closes Solana's reading of the same words. */
function ofSameChain(clues: readonly Decoded[], chain: SpokenChain | undefined): readonly Decoded[] {
  if (chain !== 'evm') return clues
  return clues.filter(({ causes }) => causes.length === 0 || causes.some((id) => catalogue[id].family !== 'solana'))
}

const facilitatorsLabel = /^(?:error|invalid)_?reason /i

/**
 * A library's words inside of a facilitator's answer are those of its own library: the payer had signed by then, and a wallet that did not sign there is
 * the relayer's.
 */
function saidInside(best: Decoded): Decoded {
  if (best.kind !== 'rpc-error' || best.speaker === 'node' || !best.via.some((label) => facilitatorsLabel.test(label))) return best
  const { stage, retry, ...rest } = best
  return {
    ...rest,
    speaker: 'facilitator',
    ...(best.party === 'wallet' ? { party: 'facilitator' } : {}),
    ...(stage === 'unsigned' || retry === undefined ? {} : { retry }),
  }
}

/** A failure beside `success: true`: the answer contradicts itself, and the money may have moved. */
function unlessSettled(best: Decoded, clues: readonly Decoded[]): Decoded {
  const isSettled = clues.some(({ kind, name }) => kind === 'event' && name === 'success')
  if (best.kind === 'event' || !isSettled) return best
  return { ...best, message: `${best.message}; the same answer says success: true, so the payment may be settled`, retry: 'unknown' }
}

/** What a schema refuses before anything of the payment is looked at. */
const beforeReading: ReadonlySet<CauseId> = new Set([
  'wire-version-mismatch',
  'malformed-field',
  'facilitator-schema-limit',
  'header-encoding',
  'network-unsupported',
])

/** A code by what stands beside it: the detail is the specific half of an answer, the code the general one. */
function narrowed(decoded: Decoded, text: string): Decoded {
  if (decoded.kind !== 'reason-code') return decoded
  const all = `${decoded.message} ${text}`
  if (
    /valid curve point|invalid point|not on (?:the )?curve|invalid recovered point/i.test(all) &&
    decoded.causes.includes('signer-not-owner')
  )
    return { ...decoded, causes: ['signature-byte-order', 'malformed-field', 'signature-length'] }
  // Code that stumbles over a field that is not there, where the code itself says nothing.
  if (
    /cannot read propert(?:y|ies) of (?:undefined|null)|'NoneType' object|nil pointer dereference/i.test(all) &&
    decoded.causes[0] === 'masked-reason'
  )
    return { ...decoded, causes: ['wire-version-mismatch', 'malformed-field', 'masked-reason'] }
  // It was read and run: what keeps a payload from being read is not the reason.
  const run = decoded.causes.filter((id) => !beforeReading.has(id))
  if (/execution reverted|reverted with|call_exception/i.test(all) && run.length > 0 && run.length < decoded.causes.length)
    return { ...decoded, causes: run }
  return decoded
}

/** The causes that can be on a kind of chain. On one outside the EVM and Solana those are of x402 itself, where the likeliest is: else the likeliest is not known here. */
function ofChain(causes: readonly CauseId[], chain: SpokenChain | undefined): readonly CauseId[] {
  if (chain === undefined) return causes
  if (otherRail(chain) === undefined) {
    const other = chain === 'evm' ? 'solana' : 'evm'
    return causes.filter((id) => catalogue[id].family !== other)
  }
  const [first] = causes
  return first === undefined || catalogue[first].family !== 'both' ? [] : causes.filter((id) => catalogue[id].family === 'both')
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
      // Of two codes the one that says one thing: the other is the general one around it.
      if (!decoded.known) return 35
      return statedCause(decoded.causes) === undefined ? 70 : 71
    case 'empty':
      return 50
    // What a log says happened; an error in the same text is what was asked about.
    case 'event':
      return decoded.causes.length > 0 ? 46 : decoded.name === 'Transfer' ? 45 : 44
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
