import { concatBytes } from '@noble/hashes/utils.js'
import { digestsBy } from './digest-parts.ts'
import { combinedDomains } from './domain-parts.ts'
import { kept } from './gradual.ts'
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
import type { Likelihood, Reading, Struct } from './hypothesis.ts'
import type { Slips, Stage } from './plan.ts'
import type { Space } from './space.ts'
import { byPayer, chunks, digestsOf, listed, type Order, product, type Steps, stepSize, tiles } from './steps.ts'
import { wideParts } from './wide-parts.ts'

type Range = readonly [from: Likelihood, to: Likelihood]

/** Structs that are hashed when their step comes: there are too many pairs of them to be made before. */
const structsAtOnce = stepSize / 4

/** Domains, structs and readings are taken apart by likelihood once, and kept for all stages. @returns the steps of one stage. */
export function stepsIn(space: Space): (stage: Stage) => Steps {
  const { bases, words, kernel, own } = space
  const certain = space.readings.filter(({ standing }) => standing === 'certain')
  const same = hashStructs([{ type: own, changes: [] }], words, kernel)

  const domains = kept(function* () {
    yield* space.domains.prepare()
    return yield* hashDomainsInTurns(space.domains.all(), kernel)
  })
  const types = kept(function* () {
    yield* space.types.prepare()
    const structs = space.types.all().map((type): Struct => ({ type, changes: [] }))
    return yield* hashStructsInTurns(structs, words, kernel)
  })
  const changed = (parts: Space['messages']) =>
    kept(function* () {
      yield* parts.prepare()
      const structs = parts.all().map((change): Struct => ({ type: own, changes: [change] }))
      return yield* hashStructsInTurns(structs, words, kernel)
    })
  const messages = changed(space.messages)
  const payers = changed(space.payers)

  /** The domains of a stage: those that the token may have, those with one slip, or pairs and triples of slips. */
  function* domainsOf(ranges: readonly Range[]): Generator<Domains | LateDomains | undefined> {
    const [first, second] = ranges
    if (first === undefined) yield bases
    else if (second === undefined) yield pickDomains(yield* domains(), first)
    else {
      yield* space.domains.prepare()
      for (const parts of chunks(combinedDomains(bases.parts, space.domains.all(), ranges), stepSize / 4))
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
      yield { structs: pickStructs(yield* first[0] === 'type' ? types() : messages(), range), isPayer: false }
      if (first[0] === 'message') yield { structs: pickStructs(yield* payers(), range), isPayer: true }
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
    for (const parts of domainsOf(of('domain').map(rangeOf))) {
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

function pickDomains({ parts, separators }: Domains, range: Range): Domains {
  const indices = placesOf(parts, within(range))
  if (indices.length === parts.length) return { parts, separators }
  return { parts: parts.filter(within(range)), separators: pickWords(separators, indices) }
}

function pickStructs({ structs, hashes }: Structs, range: Range): Structs {
  const isWithin = ({ type, changes: [change] }: Struct): boolean => within(range)(change ?? type)
  const indices = placesOf(structs, isWithin)
  if (indices.length === structs.length) return { structs, hashes }
  return { structs: structs.filter(isWithin), hashes: pickWords(hashes, indices) }
}

function placesOf<T>(items: readonly T[], test: (item: T) => boolean): number[] {
  const places: number[] = []
  items.forEach((item, place) => {
    if (test(item)) places.push(place)
  })
  return places
}

function pickWords(words: Uint8Array, indices: readonly number[]): Uint8Array {
  const out = new Uint8Array(32 * indices.length)
  indices.forEach((index, place) => {
    out.set(words.subarray(32 * index, 32 * index + 32), 32 * place)
  })
  return out
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
