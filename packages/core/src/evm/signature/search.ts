import { concatBytes } from '@noble/hashes/utils.js'
import { digestsBy } from './digest-parts.ts'
import { combinedDomains } from './domain-parts.ts'
import { type Gradual, kept } from './gradual.ts'
import {
  type Domains,
  hashDomains,
  hashDomainsInTurns,
  hashed,
  hashStructs,
  hashStructsInTurns,
  type LateDomains,
  type LateStructs,
  laterDomains,
  laterStructs,
  type Structs,
} from './hashing.ts'
import type { DomainPart, Likelihood, Reading, Struct } from './hypothesis.ts'
import type { Slips, Stage } from './plan.ts'
import type { Space } from './space.ts'
import { byPayer, chunks, digestsOf, listed, type Order, product, type Steps, stepSize, tiles } from './steps.ts'
import { wideParts } from './wide-parts.ts'

type Range = readonly [from: Likelihood, to: Likelihood]

/** Structs that are hashed when their step comes: there are too many pairs of them to be made before. */
const structsAtOnce = stepSize / 4

/** Domains, structs and readings are taken apart by likelihood once, and kept for all stages. @returns the steps of one stage. */
export function stepsIn(space: Space): (stage: Stage) => Steps {
  const { words, kernel, own } = space
  const certain = space.readings.filter(({ standing }) => standing === 'certain')
  const same = hashStructs([{ type: own, changes: [] }], words, kernel)

  /** Hashed one likelihood at a time: most searches end before they come to the unlikely ones, which are most. */
  const byLikelihood = <T extends { readonly likelihood: Likelihood }, H>(
    parts: Gradual<T>,
    hash: (parts: readonly T[]) => Generator<undefined, H>,
    join: (hashed: readonly H[]) => H,
  ) => {
    const of = likelihoods.map((likelihood) =>
      kept(function* () {
        yield* parts.prepare()
        return [yield* hash(parts.all().filter((part) => part.likelihood === likelihood))]
      }),
    )
    return function* ([from, to]: Range): Generator<undefined, H> {
      const found: H[] = []
      for (const each of of.slice(from - 1, to)) found.push(...(yield* each()))
      return join(found)
    }
  }
  const domains = byLikelihood(space.domains, (parts) => hashDomainsInTurns(parts, kernel), joinDomains)
  const types = byLikelihood(
    space.types,
    (parts) =>
      hashStructsInTurns(
        parts.map((type): Struct => ({ type, changes: [] })),
        words,
        kernel,
      ),
    joinStructs,
  )
  const changed = (parts: Space['messages']) =>
    byLikelihood(
      parts,
      (some) =>
        hashStructsInTurns(
          some.map((change): Struct => ({ type: own, changes: [change] })),
          words,
          kernel,
        ),
      joinStructs,
    )
  const messages = changed(space.messages)
  const payers = changed(space.payers)

  /** The tokens that a stage is about: each of them for single slips, and where all are as likely. */
  function tokensOf({ of, others }: Stage): (index: number) => boolean {
    if (of.length < 2 || space.isAnyToken) return () => others === undefined
    return others === undefined ? (index) => index === 0 : (index) => index > 0
  }

  /** The domains of a stage: those that the token may have, those with one slip, or pairs and triples of slips. */
  function* domainsOf(stage: Stage, ranges: readonly Range[]): Generator<Domains | LateDomains | undefined> {
    const isOf = tokensOf(stage)
    const [first, second] = ranges
    if (first === undefined) yield pickDomains(space.bases, (_, index) => isOf(index))
    else if (second === undefined) yield pickDomains(yield* domains(first), ({ base = 0 }) => isOf(base))
    else {
      yield* space.domains.prepare()
      for (const parts of chunks(combinedDomains(space.bases.parts, space.domains.all(), ranges, isOf), stepSize / 4))
        yield parts === undefined ? undefined : laterDomains(parts, kernel)
    }
  }

  /** The structs of a stage; those that name another payer are marked. */
  function* structsOf(slips: readonly Slips[]): Generator<Kind | undefined> {
    const [first, second] = slips
    if (first === undefined) yield { structs: same, isPayer: false }
    else if (first[1] === 'far') yield* inChunks(farStructs(space))
    else if (second === undefined) {
      const range = rangeOf(first)
      yield { structs: yield* first[0] === 'type' ? types(range) : messages(range), isPayer: false }
      if (first[0] === 'message') yield { structs: yield* payers(range), isPayer: true }
    } else {
      for (const parts of [space.types, space.typePairs, space.messages, space.payers]) yield* parts.prepare()
      yield* inChunks(structsOfTwo(space, first, second))
    }
  }

  function* inChunks(structs: Iterable<Struct>): Generator<Kind | undefined> {
    const isPayer = ({ changes }: Struct): boolean => changes.some(({ fields }) => fields.includes(0))
    const waiting = new Map<boolean, Struct[]>([
      [false, []],
      [true, []],
    ])
    const later = (some: readonly Struct[], payer: boolean): Kind => ({ structs: laterStructs(some, words, kernel), isPayer: payer })
    for (const some of chunks(structs, structsAtOnce)) {
      if (some === undefined) {
        yield undefined
        continue
      }
      for (const [payer, list] of waiting) {
        list.push(...some.filter((struct) => isPayer(struct) === payer))
        if (list.length >= structsAtOnce) yield later(list.splice(0), payer)
      }
    }
    for (const [payer, list] of waiting) if (list.length > 0) yield later(list, payer)
  }

  return function* (stage): Steps {
    const of = (...areas: readonly Slips[0][]): Slips[] => stage.of.filter(([area]) => areas.includes(area))
    const [bytes] = of('bytes')
    const [digest] = of('digest')
    const order = stage.of.length as Order
    const readings = bytes === undefined ? certain : guesses(space.readings, rangeOf(bytes))
    if (readings.length === 0) return
    for (const parts of domainsOf(stage, of('domain').map(rangeOf))) {
      if (parts === undefined) {
        yield
        continue
      }
      for (const kind of structsOf(of('type', 'message'))) {
        if (kind === undefined) yield
        else if (digest !== undefined) yield* digested(order, readings, digest, parts, kind.structs)
        else if (kind.isPayer) yield* byPayer(space, order, readings, yield* hashed(parts), kind.structs)
        else yield* tiles(space, order, readings, parts, kind.structs)
      }
    }
  }

  function* digested(
    order: Order,
    readings: readonly Reading[],
    digest: Slips,
    parts: Domains | LateDomains,
    structs: Structs | LateStructs,
  ): Steps {
    yield* space.json.prepare()
    const digests = [...space.digests, ...space.json.all()].filter(within(rangeOf(digest)))
    yield* listed(space, order, readings, digests, yield* hashed(parts), yield* hashed(structs))
  }
}

interface Kind {
  readonly structs: Structs | LateStructs
  readonly isPayer: boolean
}

const rangeOf = ([, from, to]: Slips): Range => (from === 'far' ? [3, 3] : [from, to])

const within =
  ([from, to]: Range) =>
  ({ likelihood }: { readonly likelihood: Likelihood }): boolean =>
    likelihood >= from && likelihood <= to

/** Readings that guess something about the bytes: the recovery byte is wrong more often than the order of the parts. */
function guesses(readings: readonly Reading[], range: Range): Reading[] {
  const likelihoodOf = ({ edits }: Reading): Likelihood => {
    const kinds = edits.map(({ generator }) => generator)
    if (kinds.includes('parts-reversed')) return 3
    return kinds.every((kind) => kind === 'v-flipped' || kind === 's-negated' || kind === 'v-form') ? 1 : 2
  }
  return readings.filter((reading) => reading.standing === 'guess' && within(range)({ likelihood: likelihoodOf(reading) }))
}

/** Structs with two slips: in type and message, or in two members of the message that have nothing to do with each other. */
function* structsOfTwo({ types, typePairs, messages, payers, own }: Space, first: Slips, second: Slips): Generator<Struct> {
  const [inFirst, inSecond] = [within(rangeOf(first)), within(rangeOf(second))]
  if (first[0] === 'type' && second[0] === 'type') {
    for (const type of typePairs.all()) yield { type, changes: [] }
    return
  }
  const all = [...messages.all(), ...payers.all()]
  const others = all.filter(inSecond)
  if (first[0] === 'type') {
    for (const type of types.all().filter(inFirst)) for (const change of others) yield { type, changes: [change] }
    return
  }
  const isSame = rangeOf(first)[0] === rangeOf(second)[0]
  for (const [place, one] of all.filter(inFirst).entries()) {
    for (const other of isSame ? others.slice(place + 1) : others) {
      if (!one.fields.some((field) => other.fields.includes(field))) yield { type: own, changes: [one, other] }
    }
  }
}

function* farStructs({ payment, own, wants }: Space): Generator<Struct> {
  for (const change of wideParts(payment)) if (wants(change.generator)) yield { type: own, changes: [change] }
}

const likelihoods = [1, 2, 3] as const satisfies readonly Likelihood[]

function joinDomains(lists: readonly Domains[]): Domains {
  const [only, ...others] = lists
  if (only !== undefined && others.length === 0) return only
  return { parts: lists.flatMap(({ parts }) => parts), separators: concatBytes(...lists.map(({ separators }) => separators)) }
}

function joinStructs(lists: readonly Structs[]): Structs {
  const [only, ...others] = lists
  if (only !== undefined && others.length === 0) return only
  return { structs: lists.flatMap(({ structs }) => structs), hashes: concatBytes(...lists.map(({ hashes }) => hashes)) }
}

function pickDomains({ parts, separators }: Domains, test: (part: DomainPart, index: number) => boolean): Domains {
  const places = [...parts.keys()].filter((index) => test(parts[index] as DomainPart, index))
  if (places.length === parts.length) return { parts, separators }
  return {
    parts: parts.filter(test),
    separators: concatBytes(...places.map((place) => separators.subarray(32 * place, 32 * place + 32))),
  }
}

/** The digests of every hypothesis with at most one slip but those of the signature's bytes, 32 bytes each. */
export function firstOrderDigests(space: Space): Uint8Array {
  const { bases, words, kernel, own } = space
  const same = hashStructs([{ type: own, changes: [] }], words, kernel)
  const structs = [
    ...space.types.all().map((type): Struct => ({ type, changes: [] })),
    ...[...space.messages.all(), ...space.payers.all()].map((change): Struct => ({ type: own, changes: [change] })),
  ]
  const others = [...product([...space.digests, ...space.json.all()], bases, same)]
  return concatBytes(
    digestsOf(bases, same, kernel),
    digestsOf(hashDomains(space.domains.all(), kernel), same, kernel),
    digestsOf(bases, hashStructs(structs, words, kernel), kernel),
    digestsBy(others, kernel),
  )
}
