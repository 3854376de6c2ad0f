import { sameAddress } from '../../bytes/address.ts'
import { fromHex } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import type { Networks } from '../../networks/networks.ts'
import type { Payment } from '../payment/payment.ts'
import { digestOf, structHash } from '../typed-data/authorization.ts'
import { domainEdits } from './domain-parts.ts'
import { type ExpectedDomain, isGuess } from './expected-domain.ts'
import { candidateDomains, unsaidGatewayDomains } from './gateway-domain.ts'
import { type GeneratorId, generatorIds } from './generators.ts'
import { atOnce } from './gradual.ts'
import type { SignatureHints } from './hints.ts'
import type { Reading } from './hypothesis.ts'
import { createKernel } from './kernel/create.ts'
import type { Kernel } from './kernel/recoverer.ts'
import { type Match, smallest, toMatch } from './match.ts'
import { type Coverage, coverageOf, plan, reaches, type SearchDepth, type Stage, type StageState } from './plan.ts'
import { readings } from './readings.ts'
import { recoverAddress } from './recover.ts'
import { stepsIn } from './search.ts'
import { readSignature, type SignatureBytes } from './signature.ts'
import { createSpace, type Space } from './space.ts'
import type { Hit } from './steps.ts'
import { standardType } from './type-parts.ts'
import { examineWallet, signersIfWallet, type WalletEvidence, type WalletSigner } from './wallets/examine.ts'
import { type KnownAccount, whoIs } from './who-is.ts'

export type { Match } from './match.ts'

/**
 * Why a search ended. `found`: with an answer; `exhausted`: everything was tried; `depth`: all that a search of this depth tries; the others: a limit
 * was reached first. `nothing-to-try`: no signature can be read out of the bytes, or nothing says what the token's domain is.
 */
export type Ended = 'found' | 'exhausted' | 'depth' | 'max-hypotheses' | 'timeout' | 'aborted' | 'nothing-to-try'

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
  /** Whom it recovers to under the hashes of wallets that put nothing around; absent where it is wrapped or explained, or the search was cut short. */
  readonly ifWallet?: readonly WalletSigner[]
  /** How many (digest, reading) pairs were recovered, and how many of each kind: generators, joined by ` × ` where several made one. */
  readonly tried: number
  readonly triedBy: Readonly<Record<string, number>>
  /** What was exhausted and what not; empty where there was nothing to search for. */
  readonly coverage: readonly Coverage[]
  readonly ended: Ended
}

/** Where a search stands. */
export interface SearchProgress {
  readonly tried: number
  /** The step that was made last or is under way, counted from 0; with a `slice` also those that are left to others count. */
  readonly step: number
  /** How many slips the hypotheses assume that come next: 1, 2 or 3. */
  readonly order: number
}

export interface SearchOptions {
  /** What the caller knows beyond the payment. */
  readonly hints?: SignatureHints
  /** The domain that the token checks under, where somebody read it from the chain; what the payload and the registry say counts else. */
  readonly expected?: ExpectedDomain
  /** Recovers, as `createKernel` of `@eip3009/core/internal` makes it; made for this call when absent, which costs a few milliseconds and the tables. Keep one a thread. */
  readonly kernel?: Kernel
  /** Leaves all other kinds of hypotheses out. */
  readonly only?: readonly GeneratorId[]
  /** How far to go: `quick` when absent, and as far as the limit allows where `maxHypotheses` or `timeLimit` sets one. */
  readonly depth?: SearchDepth
  /** The search ends before it tries more than these. */
  readonly maxHypotheses?: number
  /** Hypotheses after which there is a moment for others at the latest: there are more, about every millisecond. */
  readonly yieldEvery?: number
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

/** What a depth costs at most: half a second, five to ten, half a minute on one thread; without WebAssembly the likeliest of it. */
const mostHypotheses = {
  none: { wasm: 0, noble: 0 },
  quick: { wasm: 150_000, noble: 1500 },
  pairs: { wasm: 1_500_000, noble: 5000 },
  deep: { wasm: 5_000_000, noble: 30_000 },
} as const satisfies Record<SearchDepth, Record<Kernel['backend'], number>>

/**
 * Finds under which domain, type, message, digest and reading of the bytes the signature recovers to `from`: as the token would check it,
 * then with one slip, then with two and three, the likeliest first, until one explains it, as far as `depth` and `maxHypotheses` go.
 * Pure and bounded, and synchronous: `searchSignature` lets others have their turn.
 */
export function examineSignature(payment: Payment, networks: Networks, options: SearchOptions = {}): SignatureEvidence {
  const steps = searchSteps(payment, networks, options)
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
    options.onProgress?.(value)
  }
}

/** The same search a step at a time (a few thousand hypotheses, or `yieldEvery`), for callers that have to do something else in between. */
export function* searchSteps(
  payment: Payment,
  networks: Networks,
  options: SearchOptions = {},
  target: Address = payment.authorization.from,
): Generator<SearchProgress, SignatureEvidence, void> {
  const search = atOnce(startSearch(payment, networks, options, target))
  if ('evidence' in search) return search.evidence
  return yield* search.steps(options.kernel ?? createKernel())
}

/** A search that has its answer already, or that needs a kernel to go on. */
export type StartedSearch =
  | { readonly evidence: SignatureEvidence }
  | { readonly steps: (kernel: Kernel) => Generator<SearchProgress, SignatureEvidence, void> }

/** A search that asks nobody who signed inside of a wallet, which takes five recoveries. */
export interface PlainSearchOptions extends SearchOptions {
  readonly wallets?: false
}

/**
 * Looks whether the signature is right as the token checks it, two milliseconds for each domain that it may have, before anything is made ready to
 * search; every `yield` is a moment for others.
 */
export function* startSearch(
  payment: Payment,
  networks: Networks,
  options: PlainSearchOptions,
  target: Address = payment.authorization.from,
): Generator<undefined, StartedSearch> {
  const { authorization, primaryType } = payment
  // The first search of a process runs code that nothing has run yet, which takes ten times as long.
  const bytes = readSignature(payment.signature)
  yield
  const found = readings(payment.signature)
  yield
  const candidates = options.expected === undefined ? candidateDomains(payment, networks) : [options.expected]
  yield
  const struct = structHash(primaryType, authorization)
  const tally = new Tally()
  const recovered = new Map<string, Address | undefined>()
  // Each takes noble two milliseconds, and what the token recovers is asked for again.
  const recover = (digest: Hex, reading: Reading): Address | undefined => {
    const key = `${digest} ${found.indexOf(reading)}`
    if (!recovered.has(key)) recovered.set(key, recoverAddress(digest, reading.ecdsa))
    return recovered.get(key)
  }

  function* evidence(
    expected: ExpectedDomain | undefined,
    matches: readonly Match[],
    ended: Ended,
    coverage: readonly Coverage[] = [],
  ): Generator<undefined, SignatureEvidence> {
    const digest = expected === undefined ? undefined : digestOf(expected.separator, struct)
    const [plain] = found
    const signer = digest === undefined || plain === undefined ? undefined : recover(digest, plain)
    yield
    const chainId = expected?.domain.chainId ?? (payment.chainId === undefined ? undefined : BigInt(payment.chainId))
    // Whoever has no time left wants no more of it spent.
    const isCut = ended === 'aborted' || ended === 'timeout'
    const wallet = yield* examineWallet(payment, networks, { chainId, digest, expected, structHash: struct })
    return {
      bytes,
      ...(expected === undefined ? {} : { expected }),
      structHash: struct,
      ...(digest === undefined ? {} : { digest }),
      ...(signer === undefined ? {} : { recovered: signer }),
      recoveredIs: signer === undefined ? [] : whoIs(signer, payment, networks, options.hints ?? {}),
      matches,
      ...(wallet === undefined ? {} : { wallet }),
      ...(wallet !== undefined || matches.length > 0 || isCut || options.wallets === false
        ? {}
        : { ifWallet: yield* signersIfWallet(payment, chainId, digest) }),
      tried: tally.total,
      triedBy: Object.fromEntries([...tally.counts].sort(([, a], [, b]) => b - a)),
      coverage,
      ended,
    }
  }

  const all = [...candidates, ...unsaidGatewayDomains(payment, networks)]
  const asChecked = yield* matchesAsChecked(payment, all, found, target, tally, recover)
  if (asChecked.length > 0) {
    const matches = smallest(asChecked.map(({ match }) => match))
    // With several possible domains the one that was signed under is taken for the token's: nothing contradicts it.
    const expected = asChecked.find(({ match }) => matches.includes(match))?.candidate
    const own = matches.filter((match) => match.separator === expected?.separator)
    return { evidence: yield* evidence(expected, own, 'found') }
  }
  const [first] = candidates
  const fallback = first === undefined || isGuess(first) ? undefined : first
  if (found.length === 0 || first === undefined) return { evidence: yield* evidence(fallback, [], 'nothing-to-try') }
  const { timeLimit } = options
  const depth = options.depth ?? (options.maxHypotheses === undefined && timeLimit === undefined ? 'quick' : 'deep')
  const states = new Map<Stage, StageState>()
  // Where there is one token only, or all are as likely, no stage is left for others.
  if (candidates.length === 1 || isGuess(first)) for (const stage of plan) if (stage.others) states.set(stage, 'done')
  const unanswered = (ended: Ended): Generator<undefined, SignatureEvidence> =>
    evidence(
      fallback,
      [],
      ended,
      coverageOf((stage) => states.get(stage) ?? 'untouched'),
    )
  if (depth === 'none') return { evidence: yield* unanswered('depth') }

  return {
    *steps(kernel): Generator<SearchProgress, SignatureEvidence, void> {
      const maxHypotheses = options.maxHypotheses ?? mostHypotheses[depth][kernel.backend]
      const space = createSpace(payment, networks, candidates, found, kernel, fromHex(target), {
        hints: options.hints ?? {},
        only: options.only ?? generatorIds,
        slice: options.yieldEvery ?? Number.MAX_SAFE_INTEGER,
      })
      function* answer(hits: readonly Hit[]): Generator<undefined, SignatureEvidence> {
        const matches = hits.map((hit) => {
          const candidate = candidateOf(hit, candidates, space)
          return { candidate, match: toMatch(hit, candidate.domain, payment) }
        })
        const best = smallest(matches.map(({ match }) => match))
        return yield* evidence(matches.find(({ match }) => match === best[0])?.candidate, best, 'found')
      }

      const start = timeLimit?.now() ?? 0
      const { index, of, from = 0 } = options.slice ?? { index: 0, of: 1 }
      const stepsOf = stepsIn(space)
      let [next, passed, order, last] = [0, tally.total, 1, -1]
      const progress = (): SearchProgress => ({ tried: tally.total, step: last, order })
      /** Work that has turns for others and nothing to tell. */
      function* telling<T>(work: Generator<undefined, T>): Generator<SearchProgress, T, void> {
        for (;;) {
          const { done, value } = work.next()
          if (done === true) return value
          yield progress()
        }
      }
      for (const stage of plan) {
        if (states.get(stage) === 'done') continue
        if (!reaches(depth, stage)) return yield* telling(unanswered('depth'))
        order = stage.of.length
        for (const step of stepsOf(stage)) {
          if (step === undefined) {
            const ended = endedBy(options, start)
            if (ended !== undefined) return yield* telling(unanswered(ended))
            yield progress()
            continue
          }
          const place = next++
          const ended = endedBy(options, start) ?? (passed + step.size > maxHypotheses ? 'max-hypotheses' : undefined)
          if (ended !== undefined) return yield* telling(unanswered(ended))
          passed += step.size
          states.set(stage, 'begun')
          if (place < from || place % of !== index) continue
          // What the step is made of is made by now.
          yield progress()
          last = place
          const work = step.run(expectedFrom(step.size, passed, maxHypotheses))
          for (;;) {
            const { done, value: hits } = work.next()
            if (done === true) {
              tally.add(step.size, step.counts)
              yield progress()
              // A step holds all of its kind, so all equally small answers are in it. Another step has other digests, and under another digest
              // the same signature is another key's. Asked before the plan goes on, which would hash what the next step needs.
              if (hits.length > 0) return yield* telling(answer(hits))
              break
            }
            const cut = endedBy(options, start)
            if (cut !== undefined) return yield* telling(unanswered(cut))
            yield progress()
          }
        }
        if (!space.lacks(stage.of.map(([area]) => area))) states.set(stage, 'done')
      }
      return yield* telling(unanswered('exhausted'))
    },
  }
}

/** The domain that a hit is a slip of: its own where it says so, else the one that it differs least from. */
function candidateOf({ domain }: Hit, candidates: readonly ExpectedDomain[], space: Space): ExpectedDomain {
  const [first] = candidates
  const own = candidates[domain.base ?? space.bases.parts.indexOf(domain)]
  if (own !== undefined) return own
  const differences = candidates.map((candidate) => domainEdits(candidate.domain, domain, space.payment).length)
  return candidates[differences.indexOf(Math.min(...differences))] ?? (first as ExpectedDomain)
}

/** How many hypotheses the kernel's tables are made for: whoever has come so far goes on, more often than not, for some times as long. */
function expectedFrom(size: number, passed: number, most: number): number {
  return Math.max(size, Math.min(4 * passed, most - passed, mostExpected))
}

/** More than these change no table. */
const mostExpected = 4_000_000

function endedBy({ signal, timeLimit }: SearchOptions, start: number): Ended | undefined {
  if (signal?.aborted === true) return 'aborted'
  return timeLimit !== undefined && timeLimit.now() - start >= timeLimit.timeoutMs ? 'timeout' : undefined
}

/** The token's own struct under each domain that it may have, for each reading of which nothing is guessed. */
function* matchesAsChecked(
  payment: Payment,
  candidates: readonly ExpectedDomain[],
  found: readonly Reading[],
  target: Address,
  tally: Tally,
  recover: (digest: Hex, reading: Reading) => Address | undefined,
): Generator<undefined, { readonly candidate: ExpectedDomain; readonly match: Match }[]> {
  const struct = structHash(payment.primaryType, payment.authorization)
  const certain = found.filter(({ standing }) => standing === 'certain')
  const out: { readonly candidate: ExpectedDomain; readonly match: Match }[] = []
  for (const candidate of candidates) {
    for (const reading of certain) {
      tally.add(1, new Map([['as the token checks it', 1]]))
      // Under another digest the same signature is another key's.
      const [match] = out
      if (match !== undefined && match.candidate.separator !== candidate.separator) continue
      const isTargets = sameAddress(recover(digestOf(candidate.separator, struct), reading), target)
      yield
      if (!isTargets) continue
      const domain = { generators: [], likelihood: 1, domain: candidate.domain } as const
      const hit: Hit = { domain, struct: { type: standardType(payment.primaryType), changes: [] }, reading, signer: fromHex(target) }
      out.push({ candidate, match: toMatch(hit, candidate.domain, payment) })
    }
  }
  return out
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
