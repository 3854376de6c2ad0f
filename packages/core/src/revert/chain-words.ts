import { findNetwork } from '../networks/find-network.ts'
import { findOtherChain, namespaceOf, type OtherChainId, otherChains } from '../networks/other-chains.ts'

/** The two kinds of chains that payments are read of. */
export type ChainKind = 'evm' | 'svm'

/** Those, or the rail of a chain outside of both; `other-chain` for one that nobody here has heard of. */
export type SpokenChain = ChainKind | OtherChainId | 'other-chain'

/** The rail of a chain outside the EVM and Solana; undefined for those two, and for none. */
export function otherRail(chain: SpokenChain | undefined): Exclude<SpokenChain, ChainKind> | undefined {
  return chain === 'evm' || chain === 'svm' ? undefined : chain
}

/** An address or another long hex number, also a cut one; the number of a Solana program's error is short. */
const evmNumber = /\b0x(?:[0-9a-f]{9,}|[0-9a-f]{2,}(?:…|\.\.\.))/i
const evmWord =
  /\beip155\b|\bchain[ _-]?ids?\b|\beth_[a-z]|(?:^|[^a-z])evm(?:[^a-z]|$)|\berc-?\d{2,4}\b|\beip-?(?:712|1271|1559|2612|3009|6492|7702)\b|with_?authorization|\bgas\b|\bg?wei\b|\bfiattoken|\bexecution reverted\b/i
const svmWord =
  /\bsolana\b|(?:^|[^a-z])svm(?:[^a-z]|$)|\blamports?\b|\bspl[- ]token\b|\btoken-?2022\b|\bkora\b|versionedtransaction|instructionerror|\bprogram log: |\bTokenkeg|\bTokenzQd|\bATokenGP|\bComputeBudget1/i

/** A CAIP-2 id of another chain, or a name that is no word of English besides. */
const otherForms: readonly RegExp[] = [
  new RegExp(`(?<![\\w:/.-])(?:${otherChains.flatMap(({ namespaces }) => namespaces).join('|')}):[\\w-]{1,64}`, 'gi'),
  /(?<![\w/.-])(?:(?:stellar|aptos|sui|hedera|tron|algorand|xrpl|ton|near|starknet|hypercore|stacks|cardano|concordium|keeta)-(?:mainnet|pubnet|testnet|nile|shasta|sepolia|preprod|preview)|hedera|algorand|aptos|starknet|xrpl|hypercore|cardano|concordium)(?![\w:/.-]*\w)/gi,
]

/** A log line's `network=solana` says more than all words around it. A name after a colon and a space counts where nothing follows it: "network: near capacity" names none. */
const namedForm =
  /\b(?:network|caip2|chain)(?:["']?\s{0,2}=\s{0,2}|["']?:\s{0,2}["']|["']?:\s{0,2}(?=[\w-]{1,40}(?::[\w-]|\s{0,2}(?:$|[,;)}\]"'|]))))["']?([a-z][\w-]{1,40}(?::[\w-]{1,64})?)/gi

/** The kind of chain that a text is about, by its own words; undefined where it has none, or those of several. */
export function chainIn(text: string): SpokenChain | undefined {
  const [name, ...others] = new Set([...text.matchAll(namedForm)].flatMap((match) => chainOfWord(match[1] ?? '') ?? []))
  if (name !== undefined && others.length === 0) return name
  const words = otherForms.flatMap((form) => [...text.matchAll(form)].flatMap(([word]) => findOtherChain(word)?.id ?? []))
  const spokenOf = new Set<SpokenChain>(words)
  if (evmNumber.test(text) || evmWord.test(text)) spokenOf.add('evm')
  if (svmWord.test(text)) spokenOf.add('svm')
  const [only, ...more] = spokenOf
  return more.length === 0 ? only : undefined
}

/** The kind of chain of a name in a text: only what is known in so many letters, since any word can stand there. */
function chainOfWord(name: string): SpokenChain | undefined {
  if (/^solana\b/i.test(name)) return 'svm'
  if (/^eip155\b/i.test(name)) return 'evm'
  const answer = findNetwork(name)
  if (answer.kind === 'network') return answer.network.family === 'solana' ? 'svm' : 'evm'
  return answer.because === 'foreign' ? 'evm' : findOtherChain(name)?.id
}

/** The kind of chain that a name, an id or a number is one of. */
export function chainNamed(name: unknown): SpokenChain | undefined {
  if (typeof name !== 'string' && typeof name !== 'number') return undefined
  const text = String(name).trim().slice(0, 100)
  if (/^solana\b/i.test(text)) return 'svm'
  if (/^eip155:/i.test(text)) return 'evm'
  const answer = findNetwork(text)
  if (answer.kind === 'network') return answer.network.family === 'solana' ? 'svm' : 'evm'
  const other = findOtherChain(text)
  if (other !== undefined) return other.id
  if (answer.foreign !== undefined) return 'evm'
  if (answer.suggestion !== undefined) return undefined
  // A URL has a colon, too.
  return namespaceOf(text) === undefined || !/^[-\w]+:[-\w]+$/.test(text) ? undefined : 'other-chain'
}
