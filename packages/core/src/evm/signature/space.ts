import type { Networks } from '../../networks/networks.ts'
import type { Payment } from '../payment/payment.ts'
import { digestParts, jsonParts } from './digest-parts.ts'
import { domainParts } from './domain-parts.ts'
import { type ExpectedDomain, isGuess, isKnown } from './expected-domain.ts'
import { type Area, areaOf, type GeneratorId, generatorIds } from './generators.ts'
import { chosenFrom, type Gradual, gradually } from './gradual.ts'
import { type Domains, hashDomains } from './hashing.ts'
import type { SignatureHints } from './hints.ts'
import type { DigestPart, DomainPart, MessagePart, Part, Reading, TypePart } from './hypothesis.ts'
import type { Kernel, Recoverer } from './kernel/recoverer.ts'
import { messageParts, messageWords } from './message-parts.ts'
import type { Ecdsa } from './signature.ts'
import { standardType, typePairs, typeParts } from './type-parts.ts'

/** What can be put together to hypotheses for one payment. */
export interface Space {
  readonly payment: Payment
  readonly kernel: Kernel
  /** Whom the signature should recover to, 20 bytes. */
  readonly target: Uint8Array
  /** Hypotheses after which others have a turn, whatever the kernel allows them in between. */
  readonly slice: number
  readonly words: Uint8Array
  /** The domains that the token may have. */
  readonly bases: Domains
  /** Whether the first of them is no likelier than the others. */
  readonly isAnyToken: boolean
  readonly own: TypePart
  readonly readings: readonly Reading[]
  readonly domains: Gradual<DomainPart>
  readonly types: Gradual<TypePart>
  /** Types with two slips at once. */
  readonly typePairs: Gradual<TypePart>
  readonly messages: Gradual<MessagePart>
  /** Changes of `from`: the key may be that of the payer who was signed for. */
  readonly payers: Gradual<MessagePart>
  readonly digests: readonly DigestPart[]
  readonly json: Gradual<DigestPart>
  /** Whether slips of one of these areas can't all be tried: not all were asked for, or nothing says which token's domain they would be of. */
  readonly lacks: (areas: readonly Area[]) => boolean
  /** Whether a generator was asked for. */
  readonly wants: (generator: GeneratorId) => boolean
  readonly recoverer: (ecdsa: Ecdsa) => Recoverer
}

/** What is asked of a search, as far as it decides what can be put together. */
export interface SpaceOptions {
  readonly hints: SignatureHints
  /** Leaves the others out. */
  readonly only: readonly GeneratorId[]
  readonly slice: number
}

/** Collects the parts; those of which there are many are made when they are asked for. */
export function createSpace(
  payment: Payment,
  networks: Networks,
  candidates: readonly ExpectedDomain[],
  readings: readonly Reading[],
  kernel: Kernel,
  target: Uint8Array,
  { hints, only, slice }: SpaceOptions,
): Space {
  const wanted = new Set(only)
  const wants = (generator: GeneratorId): boolean => wanted.has(generator)
  function* wanting<T extends Part>(parts: Iterable<T>): Generator<T> {
    for (const part of parts) if (wants(part.generator)) yield part
  }
  const bases = candidates.map(({ domain }): DomainPart => ({ generators: [], likelihood: 1, domain }))
  const [first] = candidates
  function* domains(): Generator<DomainPart> {
    if (first === undefined || isGuess(first)) return
    // What is assumed of a token that nobody knows is slip enough.
    const slipped = [...candidates.entries()].filter(([index, each]) => index === 0 || (isKnown(each) && isKnown(first)))
    const bases = new Map(slipped.map(([index, { domain }]) => [index, domain]))
    for (const part of domainParts(bases, payment, networks, hints)) if (part.generators.every(wants)) yield part
  }
  const messages = gradually(() => wanting(messageParts(payment, hints)))
  const changesPayer = ({ fields }: MessagePart): boolean => fields.includes(0)
  const recoverers = new Map<string, Recoverer>()
  return {
    payment,
    kernel,
    target,
    slice,
    words: messageWords(payment.authorization),
    bases: hashDomains(bases, kernel),
    isAnyToken: first !== undefined && isGuess(first),
    own: standardType(payment.primaryType),
    readings: readings.filter(({ standing, edits }) => standing === 'certain' || edits.every(({ generator }) => wants(generator))),
    domains: gradually(domains),
    types: gradually(() => wanting(typeParts(payment, hints, kernel))),
    typePairs: gradually(() => wanting(typePairs(payment, kernel))),
    messages: chosenFrom(messages, (part) => !changesPayer(part)),
    payers: chosenFrom(messages, changesPayer),
    digests: [...wanting(digestParts)],
    json: gradually(() => wanting(jsonParts(payment))),
    wants,
    lacks: (areas) =>
      (areas.includes('domain') && first !== undefined && isGuess(first)) ||
      generatorIds.some((id) => areas.includes(areaOf(id)) && !wants(id)),
    recoverer: (ecdsa) => {
      const key = `${ecdsa.r}:${ecdsa.s}:${ecdsa.yParity}`
      const known = recoverers.get(key)
      if (known !== undefined) return known
      const made = kernel.createRecoverer(ecdsa)
      recoverers.set(key, made)
      return made
    },
  }
}
