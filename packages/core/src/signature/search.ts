import { concatBytes } from '@noble/hashes/utils.js'
import type { Networks } from '../networks/networks.ts'
import type { Payment } from '../payment/payment.ts'
import { fromHex, toHex } from '../typed-data/bytes.ts'
import { digestParts, digestsBy, jsonParts, typedDigest } from './digest-parts.ts'
import { combinedDomains, domainParts } from './domain-parts.ts'
import { type ExpectedDomain, isGuess } from './expected-domain.ts'
import { areaOf, type GeneratorId, generatorIds } from './generators.ts'
import { type Domains, domainsWhenAsked, hashDomains, hashStructs, once, type Structs, structsWhenAsked } from './hashing.ts'
import type { SignatureHints } from './hints.ts'
import type { DigestInput, DigestPart, DomainPart, Likelihood, MessagePart, Part, Reading, Struct, TypePart } from './hypothesis.ts'
import type { Kernel, PairMatch, Recoverer } from './kernel/recoverer.ts'
import { messageParts, messageWords } from './message-parts.ts'
import { recoverAddress } from './recover.ts'
import type { Ecdsa } from './signature.ts'
import { standardType, typeParts } from './type-parts.ts'
import { wideParts } from './wide-parts.ts'

/** A hypothesis that fits: under it the signature recovers to `signer`, 20 bytes. */
export interface Hit {
  readonly domain: DomainPart
  readonly struct: Struct
  readonly digest?: DigestPart
  readonly reading: Reading
  readonly signer: Uint8Array
}

/** So many hypotheses that are tried in one go; `order` is how many slips each of them assumes. */
export interface Step {
  readonly order: 1 | 2 | 3
  readonly size: number
  /** How many of them each kind has: a generator, or two or three joined by ` × `. */
  readonly counts: ReadonlyMap<string, number>
  readonly run: () => Hit[]
}

/** What can be put together to hypotheses for one payment. */
export interface Space {
  readonly payment: Payment
  readonly kernel: Kernel
  /** Whom the signature should recover to, 20 bytes. */
  readonly target: Uint8Array
  readonly words: Uint8Array
  /** The domains that the token may have. */
  readonly bases: Domains
  readonly own: TypePart
  readonly readings: readonly Reading[]
  readonly domains: readonly DomainPart[]
  readonly types: readonly TypePart[]
  readonly messages: readonly MessagePart[]
  /** Changes of `from`: the key may be that of the payer who was signed for. */
  readonly payers: readonly MessagePart[]
  readonly digests: readonly DigestPart[]
  readonly json: readonly DigestPart[]
  /** Whether a generator was asked for. */
  readonly wants: (generator: GeneratorId) => boolean
  readonly recoverer: (ecdsa: Ecdsa) => Recoverer
}

/** Collects the parts. `only` leaves the others out; `expectedHypotheses` lets the kernel choose its tables. */
export function createSpace(
  payment: Payment,
  networks: Networks,
  candidates: readonly ExpectedDomain[],
  readings: readonly Reading[],
  kernel: Kernel,
  target: Uint8Array,
  {
    hints,
    only,
    expectedHypotheses,
  }: { readonly hints: SignatureHints; readonly only: readonly GeneratorId[]; readonly expectedHypotheses: number },
): Space {
  const wanted = new Set(only)
  const wants = (generator: GeneratorId): boolean => wanted.has(generator)
  const wanting = <T extends Part>(parts: readonly T[]): T[] =>
    only === generatorIds ? [...parts] : parts.filter(({ generator }) => wants(generator))
  const bases = candidates.map(({ domain }): DomainPart => ({ generators: [], likelihood: 1, domain }))
  const [first] = candidates
  const others = first === undefined || isGuess(first) ? [] : domainParts(first.domain, payment, networks, hints)
  // Thousands of parts, which a payment that was signed under another domain never needs.
  const messages = once(() => wanting(messageParts(payment, hints)))
  const changesPayer = ({ fields }: MessagePart): boolean => fields.includes(0)
  const sameUnderPayer = once(() => messages().filter((part) => !changesPayer(part)))
  const underOtherPayer = once(() => messages().filter(changesPayer))
  const types = once(() => wanting(typeParts(payment, hints, kernel)))
  const json = once(() => wanting(jsonParts(payment)))
  const recoverers = new Map<string, Recoverer>()
  return {
    payment,
    kernel,
    target,
    words: messageWords(payment.authorization),
    bases: hashDomains(bases, kernel),
    own: standardType(payment.primaryType),
    readings: readings.filter(({ standing, edits }) => standing === 'certain' || edits.every(({ generator }) => wants(generator))),
    domains: others.filter(({ generators }) => generators.every(wants)),
    get types() {
      return types()
    },
    get messages() {
      return sameUnderPayer()
    },
    get payers() {
      return underOtherPayer()
    },
    digests: wanting(digestParts),
    get json() {
      return json()
    },
    wants,
    recoverer: (ecdsa) => {
      const key = `${ecdsa.r}:${ecdsa.s}:${ecdsa.yParity}`
      const known = recoverers.get(key)
      if (known !== undefined) return known
      const made = kernel.createRecoverer(ecdsa, expectedHypotheses)
      recoverers.set(key, made)
      return made
    },
  }
}

/** Hypotheses a step: large enough for the kernel's batches, small enough to stop between them. */
const stepSize = 8192

/** Everything that is tried, in order of the number of slips, and within that of likelihood. Made as it is asked for. */
export function* plan(space: Space): Generator<Step> {
  const { bases, words, kernel, own } = space
  const certain = space.readings.filter(({ standing }) => standing === 'certain')
  const guesses = space.readings.filter(({ standing }) => standing === 'guess')
  const flips = guesses.filter(
    ({ edits }) => edits.some(({ generator }) => generator === 'v-flipped') && edits.every(({ generator }) => !isOrder(generator)),
  )
  const shuffles = guesses.filter((reading) => !flips.includes(reading))

  const same = hashStructs([{ type: own, changes: [] }], words, kernel)
  const domains = hashDomains(space.domains, kernel)
  // One slip.
  yield* tiles(space, 1, guesses, bases, same)
  yield* tiles(space, 1, certain, domains, same)

  // Hashed only now: most payments that fail were signed under another domain, and are explained above.
  const structs = hashStructs(
    [
      ...space.types.map((type): Struct => ({ type, changes: [] })),
      ...space.messages.map((change): Struct => ({ type: own, changes: [change] })),
    ],
    words,
    kernel,
  )
  const payers = hashStructs(
    space.payers.map((change): Struct => ({ type: own, changes: [change] })),
    words,
    kernel,
  )
  yield* tiles(space, 1, certain, bases, structs)
  yield* listed(space, 1, certain, [...space.digests, ...space.json], bases, same)
  yield* byPayer(space, 1, certain, bases, payers)

  // Two, the likely ones first.
  const [likelyDomains, likelyStructs] = [upTo(domains, 1), structsUpTo(structs, 1)]
  yield* tiles(space, 2, flips, likelyDomains, same)
  yield* tiles(space, 2, flips, bases, likelyStructs)
  yield* severalFields(space, 2, certain, 2, 1, same)
  yield* tiles(space, 2, certain, likelyDomains, likelyStructs)
  yield* listed(space, 2, certain, space.digests, likelyDomains, same)
  yield* listed(space, 2, certain, space.digests, bases, likelyStructs)
  yield* structPairs(space, certain, 1, 1)
  yield* tiles(space, 2, shuffles, likelyDomains, same)
  yield* tiles(space, 2, shuffles, bases, likelyStructs)
  yield* listed(space, 2, guesses, space.digests, bases, same)

  // Two, the others.
  yield* tiles(space, 2, flips, domains, same)
  yield* tiles(space, 2, flips, bases, structs)
  yield* byPayer(space, 2, flips, bases, payers)
  yield* byPayer(space, 2, certain, likelyDomains, payers)
  for (const pairs of chunks(payerPairs(space), stepSize / 4))
    yield* byPayer(space, 2, certain, bases, structsWhenAsked(pairs, words, kernel))
  yield* tiles(space, 2, certain, domainsAbove(domains, 1), likelyStructs)
  yield* tiles(space, 2, certain, likelyDomains, structsAbove(structs, 1))
  yield* listed(space, 2, certain, [...space.digests, ...space.json], domains, same)
  yield* listed(space, 2, certain, [...space.digests, ...space.json], bases, structsUpTo(structs, 2))
  yield* severalFields(space, 2, certain, 2, 2, same)
  yield* structPairs(space, certain, 1, 2)
  yield* tiles(space, 2, shuffles, domains, same)
  yield* tiles(space, 2, shuffles, bases, structs)
  yield* wide(space, certain)
  yield* structPairs(space, certain, 2, 2)
  yield* structPairs(space, certain, 1, 3)
  yield* tiles(space, 2, certain, domainsAbove(domains, 1), structsAbove(structs, 1))
  yield* severalFields(space, 2, certain, 2, 3, same)
  yield* listed(space, 2, certain, space.digests, bases, structsAbove(structs, 2))
  yield* structPairs(space, certain, 2, 3)
  yield* byPayer(space, 2, certain, domainsAbove(domains, 1), payers)
  yield* structPairs(space, certain, 3, 3)
  yield* listed(space, 2, guesses, space.json, bases, same)
  yield* byPayer(space, 2, shuffles, bases, payers)
  yield* listed(space, 2, certain, space.json, bases, structsAbove(structs, 2))

  // Three, of the likely ones.
  yield* tiles(space, 3, flips, likelyDomains, likelyStructs)
  yield* severalFields(space, 3, certain, 3, 1, same)
  yield* severalFields(space, 3, certain, 2, 1, likelyStructs)
  yield* listed(space, 3, certain, space.digests, likelyDomains, likelyStructs)
  for (const pairs of pairsOfStructs(space, 1, 1)) yield* tiles(space, 3, certain, likelyDomains, structsWhenAsked(pairs, words, kernel))
  yield* tiles(space, 3, flips, domains, likelyStructs)
  yield* tiles(space, 3, flips, likelyDomains, structs)
  yield* severalFields(space, 3, certain, 2, 1, structsUpTo(structs, 2))
  yield* severalFields(space, 3, flips, 2, 1, same)
}

const isOrder = (generator: GeneratorId): boolean => generator === 'parts-swapped' || generator === 'parts-reversed'

/** Every domain with every struct, under the usual digest. */
function* tiles(space: Space, order: Step['order'], readings: readonly Reading[], domains: Domains, structs: Structs): Generator<Step> {
  const columns = Math.min(structs.structs.length, stepSize)
  if (columns === 0 || domains.parts.length === 0) return
  const rows = Math.max(1, Math.floor(stepSize / columns))
  for (let column = 0; column < structs.structs.length; column += columns) {
    const some = structs.structs.slice(column, column + columns)
    const columnKinds = countKinds(some, (struct) => structKind(space, struct))
    for (let row = 0; row < domains.parts.length; row += rows) {
      const parts = domains.parts.slice(row, row + rows)
      const rowKinds = countKinds(parts, ({ generators }) => kindOf(generators))
      for (const reading of readings) {
        yield {
          order,
          size: parts.length * some.length,
          counts: tileCounts(rowKinds, columnKinds, reading),
          run: () => {
            const separators = domains.separators.subarray(32 * row, 32 * (row + parts.length))
            const hashes = structs.hashes.subarray(32 * column, 32 * (column + some.length))
            return findPairs(space, reading, separators, hashes).flatMap(({ separator, structHash }): Hit[] => {
              const [domain, struct] = [parts[separator], some[structHash]]
              return domain === undefined || struct === undefined ? [] : [{ domain, struct, reading, signer: space.target }]
            })
          },
        }
      }
    }
  }
}

/** A recoverer is worth its tables from a few hypotheses on; the only one of a reading is recovered by itself. */
function findPairs(space: Space, { ecdsa }: Reading, separators: Uint8Array, hashes: Uint8Array): PairMatch[] {
  if (separators.length > 32 || hashes.length > 32) return space.recoverer(ecdsa).findPairs(separators, hashes, space.target)
  const address = recoverAddress(toHex(typedDigest(separators, hashes)), ecdsa)
  return address !== undefined && equalAt(fromHex(address), 0, space.target, 0) ? [{ separator: 0, structHash: 0 }] : []
}

/** Every domain with every struct, under other digests. */
function* listed(
  space: Space,
  order: Step['order'],
  readings: readonly Reading[],
  digests: readonly DigestPart[],
  domains: Domains,
  structs: Structs,
): Generator<Step> {
  for (const reading of readings) {
    for (const some of chunks(product(digests, domains, structs), stepSize / 4)) {
      yield {
        order,
        size: some.length,
        counts: tileCounts(
          countKinds(some, ({ digest, domain, struct }) =>
            extended(kindOf([...domain.generators, ...generatorsOf(structKind(space, struct))]), digest.generator),
          ),
          nothing,
          reading,
        ),
        run: () => {
          return space
            .recoverer(reading.ecdsa)
            .findMatches(digestsBy(some, space.kernel), space.target)
            .flatMap((index): Hit[] => {
              const found = some[index]
              return found === undefined
                ? []
                : [{ domain: found.domain, struct: found.struct, digest: found.digest, reading, signer: space.target }]
            })
        },
      }
    }
  }
}

interface Listed extends DigestInput {
  readonly digest: DigestPart
}

function* product(digests: readonly DigestPart[], domains: Domains, structs: Structs): Generator<Listed> {
  for (const digest of digests) {
    for (const [row, domain] of domains.parts.entries()) {
      const separator = domains.separators.subarray(32 * row, 32 * row + 32)
      for (const [column, struct] of structs.structs.entries()) {
        yield { digest, domain, separator, struct, structHash: structs.hashes.subarray(32 * column, 32 * column + 32) }
      }
    }
  }
}

/** Structs that name another payer: signed by that one's key, or by the one that the payload names. */
function* byPayer(space: Space, order: Step['order'], readings: readonly Reading[], domains: Domains, structs: Structs): Generator<Step> {
  const rows = Math.max(1, Math.floor(stepSize / 4 / Math.max(1, structs.structs.length)))
  for (const reading of readings) {
    for (let row = 0; row < domains.parts.length && structs.structs.length > 0; row += rows) {
      const parts = domains.parts.slice(row, row + rows)
      yield {
        order,
        size: parts.length * structs.structs.length,
        counts: tileCounts(
          countKinds(parts, ({ generators }) => kindOf(generators)),
          countKinds(structs.structs, (struct) => structKind(space, struct)),
          reading,
        ),
        run: () =>
          findPayers(space, reading, { parts, separators: domains.separators.subarray(32 * row, 32 * (row + parts.length)) }, structs),
      }
    }
  }
}

function findPayers(space: Space, reading: Reading, domains: Domains, { structs, hashes }: Structs): Hit[] {
  const digests = digestsOf(domains, { structs, hashes }, space.kernel)
  const { addresses, valid } = space.recoverer(reading.ecdsa).recoverAddresses(digests)
  const hits: Hit[] = []
  for (let index = 0; index < valid.length; index++) {
    const struct = structs[index % structs.length]
    const domain = domains.parts[Math.floor(index / structs.length)]
    if (valid[index] !== 1 || struct === undefined || domain === undefined) continue
    const payer = payerOf(struct)
    if (!equalAt(addresses, 20 * index, space.target, 0) && (payer === undefined || !equalAt(addresses, 20 * index, payer, 12))) continue
    hits.push({ domain, struct, reading, signer: addresses.slice(20 * index, 20 * index + 20) })
  }
  return hits
}

/** The payer that a struct was signed for, as a word; undefined where that is the payload's. */
function payerOf({ changes }: Struct): Uint8Array | undefined {
  for (const { fields, values } of changes) {
    const payer = values[fields.indexOf(0)]
    if (payer instanceof Uint8Array) return payer
  }
  return undefined
}

/** Whether two addresses are the same, given where they begin. */
function equalAt(a: Uint8Array, at: number, b: Uint8Array, from: number): boolean {
  for (let i = 0; i < 20; i++) if (a[at + i] !== b[from + i]) return false
  return true
}
/** Domains with several fields changed, the least likely of them of exactly this likelihood; hashed as they are made. */
function* severalFields(
  space: Space,
  order: Step['order'],
  readings: readonly Reading[],
  fields: 2 | 3,
  likelihood: Likelihood,
  structs: Structs,
): Generator<Step> {
  const [expected] = space.bases.parts
  if (expected === undefined || space.domains.length === 0) return
  for (const parts of chunks(combinedDomains(expected.domain, space.domains, fields, likelihood), stepSize)) {
    const fresh = parts.filter((part) => part.likelihood === likelihood)
    if (fresh.length > 0) yield* tiles(space, order, readings, domainsWhenAsked(fresh, space.kernel), structs)
  }
}

/** Structs with two slips of exactly these likelihoods. */
function* structPairs(space: Space, readings: readonly Reading[], a: Likelihood, b: Likelihood): Generator<Step> {
  for (const pairs of pairsOfStructs(space, a, b))
    yield* tiles(space, 2, readings, space.bases, structsWhenAsked(pairs, space.words, space.kernel))
}

function pairsOfStructs(space: Space, a: Likelihood, b: Likelihood): Generator<Struct[]> {
  return chunks(structsOfTwo(space, a, b), stepSize)
}

function* structsOfTwo({ types, messages, own }: Space, a: Likelihood, b: Likelihood): Generator<Struct> {
  const is = (likelihood: Likelihood) => (part: Part) => part.likelihood === likelihood
  const [first, second] = [messages.filter(is(a)), messages.filter(is(b))]
  for (const type of types.filter(is(a))) for (const change of second) yield { type, changes: [change] }
  if (a !== b) for (const type of types.filter(is(b))) for (const change of first) yield { type, changes: [change] }
  for (const [place, one] of first.entries()) {
    for (const other of a === b ? second.slice(place + 1) : second) {
      if (!one.fields.some((field) => other.fields.includes(field))) yield { type: own, changes: [one, other] }
    }
  }
}

/** Another payer, likely ones only, together with another type or another change. */
function* payerPairs({ payers, types, messages, own }: Space): Generator<Struct> {
  for (const payer of payers.filter(({ likelihood }) => likelihood === 1)) {
    for (const type of types) yield { type, changes: [payer] }
    for (const change of messages)
      if (!change.fields.some((field) => payer.fields.includes(field))) yield { type: own, changes: [payer, change] }
  }
}

/** One slip out of a long range: every second of a day, every small amount. */
function* wide(space: Space, readings: readonly Reading[]): Generator<Step> {
  const structs = (function* (): Generator<Struct> {
    for (const change of wideParts(space.payment)) if (space.wants(change.generator)) yield { type: space.own, changes: [change] }
  })()
  for (const some of chunks(structs, stepSize))
    yield* tiles(space, 2, readings, space.bases, structsWhenAsked(some, space.words, space.kernel))
}

function* chunks<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = []
  for (const item of items) {
    chunk.push(item)
    if (chunk.length === size) {
      yield chunk
      chunk = []
    }
  }
  if (chunk.length > 0) yield chunk
}

const upTo = (domains: Domains, likelihood: Likelihood): Domains => pickDomains(domains, (part) => part.likelihood <= likelihood)
const domainsAbove = (domains: Domains, likelihood: Likelihood): Domains => pickDomains(domains, (part) => part.likelihood > likelihood)
const structsUpTo = (structs: Structs, likelihood: Likelihood): Structs =>
  pickStructs(structs, (struct) => likelihoodOf(struct) <= likelihood)
const structsAbove = (structs: Structs, likelihood: Likelihood): Structs =>
  pickStructs(structs, (struct) => likelihoodOf(struct) > likelihood)

function likelihoodOf({ type, changes: [change] }: Struct): Likelihood {
  return change?.likelihood ?? type.likelihood
}

function pickDomains({ parts, separators }: Domains, wanted: (part: DomainPart) => boolean): Domains {
  const indices = [...parts.keys()].filter((index) => wanted(parts[index] as DomainPart))
  return { parts: indices.map((index) => parts[index] as DomainPart), separators: pickWords(separators, indices) }
}

function pickStructs({ structs, hashes }: Structs, wanted: (struct: Struct) => boolean): Structs {
  const indices = [...structs.keys()].filter((index) => wanted(structs[index] as Struct))
  return { structs: indices.map((index) => structs[index] as Struct), hashes: pickWords(hashes, indices) }
}

function pickWords(words: Uint8Array, indices: readonly number[]): Uint8Array {
  const out = new Uint8Array(32 * indices.length)
  indices.forEach((index, place) => {
    out.set(words.subarray(32 * index, 32 * index + 32), 32 * place)
  })
  return out
}

/**
 * What a hypothesis assumes, as a number: the places of its generators in the table, seven bits each, or 0 for none. There are millions of
 * hypotheses and a few hundred such numbers.
 */
type Kind = number

const places: ReadonlyMap<GeneratorId, number> = new Map(generatorIds.map((id, index) => [id, index + 1]))

const extended = (kind: Kind, generator: GeneratorId): Kind => kind * 128 + (places.get(generator) ?? 0)
const kindOf = (generators: readonly GeneratorId[]): Kind => generators.reduce(extended, 0)

function structKind({ own }: Space, { type, changes }: Struct): Kind {
  let kind = type === own ? 0 : extended(0, type.generator)
  for (const change of changes) kind = extended(kind, change.generator)
  return kind
}

function readingKind({ standing, edits }: Reading): Kind {
  return standing === 'guess' ? kindOf(edits.map(({ generator }) => generator)) : 0
}

function countKinds<T>(items: readonly T[], kindOfItem: (item: T) => Kind): Map<Kind, number> {
  const out = new Map<Kind, number>()
  for (const item of items) {
    const kind = kindOfItem(item)
    out.set(kind, (out.get(kind) ?? 0) + 1)
  }
  return out
}

/** One column that assumes nothing. */
const nothing: ReadonlyMap<Kind, number> = new Map([[0, 1]])

/** How many hypotheses of each kind a tile has: the kinds of its rows times those of its columns. */
function tileCounts(rows: ReadonlyMap<Kind, number>, columns: ReadonlyMap<Kind, number>, reading: Reading): Map<string, number> {
  const out = new Map<string, number>()
  for (const [row, rowCount] of rows) {
    for (const [column, columnCount] of columns) {
      const label = labelOf([...generatorsOf(row), ...generatorsOf(column), ...generatorsOf(readingKind(reading))])
      out.set(label, (out.get(label) ?? 0) + rowCount * columnCount)
    }
  }
  return out
}

function generatorsOf(kind: Kind): GeneratorId[] {
  const out: GeneratorId[] = []
  for (let rest = kind; rest > 0; rest = Math.floor(rest / 128)) {
    const generator = generatorIds[(rest % 128) - 1]
    if (generator !== undefined) out.unshift(generator)
  }
  return out
}

/** One slip is counted under its generator, several under the areas that they are in. */
function labelOf(generators: readonly GeneratorId[]): string {
  const [only, ...others] = generators
  if (only === undefined) return 'as it is'
  return others.length === 0 ? only : generators.map(areaOf).join(' × ')
}

/** The digests of every hypothesis with at most one slip but those of the signature's bytes, 32 bytes each. */
export function firstOrderDigests(space: Space): Uint8Array {
  const { bases, words, kernel, own } = space
  const same = hashStructs([{ type: own, changes: [] }], words, kernel)
  const structs = [
    ...space.types.map((type): Struct => ({ type, changes: [] })),
    ...[...space.messages, ...space.payers].map((change): Struct => ({ type: own, changes: [change] })),
  ]
  const others = [...product([...space.digests, ...space.json], bases, same)]
  return concatBytes(
    digestsOf(bases, same, kernel),
    digestsOf(hashDomains(space.domains, kernel), same, kernel),
    digestsOf(bases, hashStructs(structs, words, kernel), kernel),
    digestsBy(others, kernel),
  )
}

/** The usual digest of every domain with every struct, 32 bytes each, by domain. */
function digestsOf(domains: Domains, { structs, hashes }: Structs, kernel: Kernel): Uint8Array {
  const size = 66
  const packed = new Uint8Array(size * structs.length * domains.parts.length)
  const messages: Uint8Array[] = []
  for (let row = 0; row < domains.parts.length; row++) {
    for (let column = 0; column < structs.length; column++) {
      const at = size * messages.length
      const message = packed.subarray(at, at + size)
      message.set([0x19, 0x01])
      message.set(domains.separators.subarray(32 * row, 32 * row + 32), 2)
      message.set(hashes.subarray(32 * column, 32 * column + 32), 34)
      messages.push(message)
    }
  }
  return kernel.hashTexts(messages)
}
