import type { Address, Hex } from 'viem'
import type { Networks } from '../networks/networks.ts'
import type { Payment } from '../payment/payment.ts'
import { sameAddress } from '../typed-data/address.ts'
import { digestOf, structHash } from '../typed-data/authorization.ts'
import { fromHex } from '../typed-data/bytes.ts'
import { type ExpectedDomain, isGuess } from './expected-domain.ts'
import { candidateDomains, unsaidGatewayDomains } from './gateway-domain.ts'
import { type GeneratorId, generatorIds } from './generators.ts'
import type { SignatureHints } from './hints.ts'
import type { Reading } from './hypothesis.ts'
import { createKernel } from './kernel/create.ts'
import type { Kernel } from './kernel/recoverer.ts'
import { type Match, smallest, toMatch } from './match.ts'
import { readings } from './readings.ts'
import { recoverAddress } from './recover.ts'
import { createSpace, type Hit, plan } from './search.ts'
import { readSignature, type SignatureBytes } from './signature.ts'
import { standardType } from './type-parts.ts'
import { examineWallet, type WalletEvidence } from './wallet.ts'
import { type KnownAccount, whoIs } from './who-is.ts'

export type { Match } from './match.ts'

/**
 * Why a search ended. `found`: with an answer; `exhausted`: everything was tried; the others: a limit was reached first.
 * `nothing-to-try`: no signature can be read out of the bytes, or nothing says what the token's domain is.
 */
export type Ended = 'found' | 'exhausted' | 'max-hypotheses' | 'timeout' | 'aborted' | 'nothing-to-try'

export interface SignatureEvidence {
  readonly bytes: SignatureBytes
  /** The domain that the token checks under; absent when nothing says which network or token it is. */
  readonly expected?: ExpectedDomain
  /** keccak256 of the struct that the token hashes, and the digest that it computes. */
  readonly structHash: Hex
  readonly digest?: Hex
  /** Whom the signature recovers to under that digest; absent when no key could have made it. */
  readonly recovered?: Address
  /** What is known of that address, when it is not `from`. */
  readonly recoveredIs: readonly KnownAccount[]
  /** The smallest explanation, and all others that are equally small. Empty when nothing that was tried recovers to `from`. */
  readonly matches: readonly Match[]
  /** A smart wallet's wrapper, taken apart. */
  readonly wallet?: WalletEvidence
  /** How many (digest, reading) pairs were recovered, and how many of each kind: generators, joined by ` × ` where several made one. */
  readonly tried: number
  readonly triedBy: Readonly<Record<string, number>>
  readonly ended: Ended
}

/** Where a search stands. */
export interface SearchProgress {
  readonly tried: number
  /** The step that was just made, counted from 0; with a `slice` also those that are left to others count. */
  readonly step: number
  /** How many slips the hypotheses assume that come next: 1, 2 or 3. */
  readonly order: number
}

export interface SearchOptions {
  /** What the caller knows beyond the payment. */
  readonly hints?: SignatureHints
  /** The domain that the token checks under, where somebody read it from the chain; what the payload and the registry say counts else. */
  readonly expected?: ExpectedDomain
  /** Recovers; made for this call when absent, which costs a few milliseconds and the tables. Keep one a thread. */
  readonly kernel?: Kernel
  /** Leaves all other kinds of hypotheses out. */
  readonly only?: readonly GeneratorId[]
  /** The search ends before it tries more than these. */
  readonly maxHypotheses?: number
  /** The search ends when so many milliseconds have passed on the given clock. */
  readonly timeLimit?: { readonly timeoutMs: number; readonly now: () => number }
  /** An `AbortSignal`, or anything else that says when to stop. */
  readonly signal?: { readonly aborted: boolean }
  readonly onProgress?: (progress: SearchProgress) => void
  /**
   * Tries only every so many-th step, so that workers can share a search: `{ index: 0, of: 4 }` … `{ index: 3, of: 4 }`, none before step `from`.
   * `maxHypotheses` counts those of all steps, so that all workers stop at the same one. The answer is that of the smallest step with a match.
   */
  readonly slice?: { readonly index: number; readonly of: number; readonly from?: number }
}

/**
 * Enough for the first order and the likely pairs, in about half a second; without WebAssembly the likeliest of the first order.
 */
const affordable = { wasm: 60_000, noble: 1500 } as const

/**
 * Finds under which domain, type, message, digest and reading of the bytes the signature recovers to `from`: as the token would check it,
 * then with one slip, then with two and three, the likeliest first, until one explains it, up to `maxHypotheses` (60 000 when absent).
 * Pure and bounded.
 */
export function examineSignature(payment: Payment, networks: Networks, options: SearchOptions = {}): SignatureEvidence {
  const steps = searchSteps(payment, networks, options)
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
    options.onProgress?.(value)
  }
}

/** The same search a step at a time (a few thousand hypotheses), for callers that have to do something else in between. */
export function* searchSteps(
  payment: Payment,
  networks: Networks,
  options: SearchOptions = {},
  target: Address = payment.authorization.from,
): Generator<SearchProgress, SignatureEvidence, void> {
  const { authorization, primaryType } = payment
  const bytes = readSignature(payment.signature)
  const found = readings(payment.signature)
  const candidates = options.expected === undefined ? candidateDomains(payment, networks) : [options.expected]
  const struct = structHash(primaryType, authorization)
  const tally = new Tally()
  const recovered = new Map<string, Address | undefined>()
  // Each takes noble two milliseconds, and what the token recovers is asked for again.
  const recover = (digest: Hex, reading: Reading): Address | undefined => {
    const key = `${digest} ${found.indexOf(reading)}`
    if (!recovered.has(key)) recovered.set(key, recoverAddress(digest, reading.ecdsa))
    return recovered.get(key)
  }

  const evidence = (expected: ExpectedDomain | undefined, matches: readonly Match[], ended: Ended): SignatureEvidence => {
    const digest = expected === undefined ? undefined : digestOf(expected.separator, struct)
    const [plain] = found
    const signer = digest === undefined || plain === undefined ? undefined : recover(digest, plain)
    const chainId = expected?.domain.chainId ?? (payment.chainId === undefined ? undefined : BigInt(payment.chainId))
    const wallet = examineWallet(payment, chainId, digest, expected?.separator, struct)
    return {
      bytes,
      ...(expected === undefined ? {} : { expected }),
      structHash: struct,
      ...(digest === undefined ? {} : { digest }),
      ...(signer === undefined ? {} : { recovered: signer }),
      recoveredIs: signer === undefined ? [] : whoIs(signer, payment, networks, options.hints ?? {}),
      matches,
      ...(wallet === undefined ? {} : { wallet }),
      tried: tally.total,
      triedBy: Object.fromEntries([...tally.counts].sort(([, a], [, b]) => b - a)),
      ended,
    }
  }

  const asChecked = matchesAsChecked(payment, [...candidates, ...unsaidGatewayDomains(payment, networks)], found, target, tally, recover)
  if (asChecked.length > 0) {
    const matches = smallest(asChecked.map(({ match }) => match))
    // With several possible domains the one that was signed under is taken for the token's: nothing contradicts it.
    const expected = asChecked.find(({ match }) => matches.includes(match))?.candidate
    const own = matches.filter((match) => match.separator === expected?.separator)
    return evidence(expected, own, 'found')
  }
  const [first] = candidates
  const fallback = first === undefined || isGuess(first) ? undefined : first
  if (found.length === 0 || first === undefined) return evidence(fallback, [], 'nothing-to-try')

  const kernel = options.kernel ?? createKernel()
  const maxHypotheses = options.maxHypotheses ?? affordable[kernel.backend]
  const space = createSpace(payment, networks, candidates, found, kernel, fromHex(target), {
    hints: options.hints ?? {},
    only: options.only ?? generatorIds,
    expectedHypotheses: maxHypotheses < deepFrom ? 0 : Math.min(maxHypotheses, mostExpected),
  })
  const hitsToEvidence = (hits: readonly Hit[]): SignatureEvidence => {
    const matches = hits.map((hit) => {
      const candidate = candidates[space.bases.parts.indexOf(hit.domain)] ?? first
      return { candidate, match: toMatch(hit, candidate.domain, payment) }
    })
    const best = smallest(matches.map(({ match }) => match))
    return evidence(matches.find(({ match }) => match === best[0])?.candidate, best, 'found')
  }

  const start = options.timeLimit?.now() ?? 0
  const { index, of, from = 0 } = options.slice ?? { index: 0, of: 1 }
  let [next, passed] = [0, tally.total]
  for (const step of plan(space)) {
    const place = next++
    const ended = endedBy(options, passed + step.size > maxHypotheses, start)
    if (ended !== undefined) return evidence(fallback, [], ended)
    passed += step.size
    if (place < from || place % of !== index) continue
    const hits = step.run()
    tally.add(step.size, step.counts)
    yield { tried: tally.total, step: place, order: step.order }
    // A step holds all of its kind, so all equally small answers are in it. Another step has other digests, and under another digest
    // the same signature is another key's. Asked before the plan goes on, which would hash what the next step needs.
    if (hits.length > 0) return hitsToEvidence(hits)
  }
  return evidence(fallback, [], 'exhausted')
}

/** From so many on the largest tables pay from the start; below, the first order would wait for them in vain. More than the most changes nothing. */
const deepFrom = 500_000
const mostExpected = 4_000_000

function endedBy({ signal, timeLimit }: SearchOptions, isOver: boolean, start: number): Ended | undefined {
  if (signal?.aborted === true) return 'aborted'
  if (timeLimit !== undefined && timeLimit.now() - start >= timeLimit.timeoutMs) return 'timeout'
  return isOver ? 'max-hypotheses' : undefined
}

/** The token's own struct under each domain that it may have, for each reading of which nothing is guessed. */
function matchesAsChecked(
  payment: Payment,
  candidates: readonly ExpectedDomain[],
  found: readonly Reading[],
  target: Address,
  tally: Tally,
  recover: (digest: Hex, reading: Reading) => Address | undefined,
): { readonly candidate: ExpectedDomain; readonly match: Match }[] {
  const struct = structHash(payment.primaryType, payment.authorization)
  const certain = found.filter(({ standing }) => standing === 'certain')
  return candidates.flatMap((candidate) =>
    certain.flatMap((reading) => {
      tally.add(1, new Map([['as the token checks it', 1]]))
      if (!sameAddress(recover(digestOf(candidate.separator, struct), reading), target)) return []
      const domain = { generators: [], likelihood: 1, domain: candidate.domain } as const
      const hit: Hit = { domain, struct: { type: standardType(payment.primaryType), changes: [] }, reading, signer: fromHex(target) }
      return [{ candidate, match: toMatch(hit, candidate.domain, payment) }]
    }),
  )
}

/** What was tried. */
class Tally {
  total = 0
  readonly counts = new Map<string, number>()

  add(size: number, counts: ReadonlyMap<string, number>): void {
    this.total += size
    for (const [kind, count] of counts) this.counts.set(kind, (this.counts.get(kind) ?? 0) + count)
  }
}
