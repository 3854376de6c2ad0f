import { findNetwork } from '../networks/find-network.ts'

/** The two kinds of chains that payments are read of. */
export type ChainKind = 'evm' | 'svm'

/** An address or another long hex number, also a cut one; the number of a Solana program's error is short. */
const evmNumber = /\b0x(?:[0-9a-f]{9,}|[0-9a-f]{2,}(?:…|\.\.\.))/i
const evmWord =
  /\beip155\b|\bchain[ _-]?ids?\b|\beth_[a-z]|(?:^|[^a-z])evm(?:[^a-z]|$)|\berc-?\d{2,4}\b|\beip-?(?:712|1271|1559|2612|3009|6492|7702)\b|with_?authorization|\bgas\b|\bg?wei\b|\bfiattoken|\bexecution reverted\b/i
const svmWord =
  /\bsolana\b|(?:^|[^a-z])svm(?:[^a-z]|$)|\blamports?\b|\bspl[- ]token\b|\btoken-?2022\b|\bkora\b|versionedtransaction|instructionerror|\bprogram log: |\bTokenkeg|\bTokenzQd|\bATokenGP|\bComputeBudget1/i

/** A log line's `network=solana` says more than all words around it. */
const namedForm = /\b(?:network|caip2)["']?\s{0,2}[:=]\s{0,2}["']?(solana|eip155)\b/gi

/** The kind of chain that a text is about, by its own words; undefined where it has none, or those of both. */
export function chainIn(text: string): ChainKind | undefined {
  const [name, ...others] = new Set([...text.matchAll(namedForm)].map((match) => match[1]?.toLowerCase()))
  if (name !== undefined && others.length === 0) return name === 'solana' ? 'svm' : 'evm'
  const evm = evmNumber.test(text) || evmWord.test(text)
  const svm = svmWord.test(text)
  if (evm === svm) return undefined
  return evm ? 'evm' : 'svm'
}

/** The kind of chain that a name, an id or a number is one of. */
export function chainNamed(name: unknown): ChainKind | undefined {
  if (typeof name !== 'string' && typeof name !== 'number') return undefined
  const text = String(name).slice(0, 100)
  if (/^\s*solana\b/i.test(text)) return 'svm'
  if (/^\s*eip155:/i.test(text)) return 'evm'
  const answer = findNetwork(text)
  if (answer.kind === 'network') return answer.network.family === 'solana' ? 'svm' : 'evm'
  return answer.foreign === undefined ? undefined : 'evm'
}
