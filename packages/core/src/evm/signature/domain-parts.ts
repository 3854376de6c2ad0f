import { sameAddress } from '../../bytes/address.ts'
import type { Address } from '../../bytes/hex.ts'
import { type KnownDomain, knownDomains } from '../../networks/known-domains.ts'
import type { Networks } from '../../networks/networks.ts'
import { otherContracts } from '../../networks/other-contracts.ts'
import type { Payment } from '../payment/payment.ts'
import { type DomainField, domainFields, type Eip712Domain, presentFields } from '../typed-data/domain.ts'
import type { Edit } from './edit.ts'
import { tokenDomain } from './expected-domain.ts'
import type { GeneratorId } from './generators.ts'
import type { SignatureHints } from './hints.ts'
import type { DomainPart, Likelihood } from './hypothesis.ts'
import { type Vocabulary, vocabularyOf } from './vocabulary.ts'

const generatorOf = {
  name: 'domain-name',
  version: 'domain-version',
  chainId: 'domain-chain-id',
  verifyingContract: 'domain-contract',
  salt: 'domain-layout',
} as const satisfies Record<DomainField, GeneratorId>

/**
 * Other domains with one slip: one field with another value, fields left out or laid out otherwise, another token's domain as a whole. `bases` are
 * the domains that the token may have; those that a part is a slip of, `base` says.
 */
export function* domainParts(
  bases: ReadonlyMap<number, Eip712Domain>,
  payment: Payment,
  networks: Networks,
  hints: SignatureHints,
): Generator<DomainPart> {
  // Without those that are an expected domain, or came before.
  const seen = new Set([...bases.values()].map((domain) => keyOf(domain)))
  function* fresh(parts: Iterable<DomainPart>): Generator<DomainPart> {
    for (const part of parts) {
      const key = keyOf(part.domain, part.order)
      if (seen.has(key)) continue
      seen.add(key)
      yield part
    }
  }
  for (const [base, expected] of bases) {
    for (const parts of [oneField(expected, vocabularyOf(payment, networks, hints, expected.name)), subsets(expected), layouts(expected)])
      for (const part of fresh(parts)) yield { ...part, base }
  }
  yield* fresh(tokens(payment, networks, hints))
}

function* oneField(expected: Eip712Domain, { names, versions, chainIds, contracts }: Vocabulary): Generator<DomainPart> {
  for (const { value: name, likelihood } of names) yield { generators: ['domain-name'], likelihood, domain: { ...expected, name } }
  for (const { value: version, likelihood } of versions)
    yield { generators: ['domain-version'], likelihood, domain: { ...expected, version } }
  for (const { value: chainId, likelihood } of chainIds) {
    // Under the salt layout the chain id stands in the salt.
    const domain =
      expected.chainId === undefined && expected.salt !== undefined ? { ...expected, salt: saltOf(chainId) } : { ...expected, chainId }
    yield { generators: ['domain-chain-id'], likelihood, domain }
  }
  for (const { value: verifyingContract, likelihood } of contracts) {
    yield { generators: ['domain-contract'], likelihood, domain: { ...expected, verifyingContract } }
  }
}

/** Every subset of the fields; the one without any has a cause of its own. */
function* subsets(expected: Eip712Domain): Generator<DomainPart> {
  yield { generators: ['domain-empty'], likelihood: 1, domain: {} }
  const fields = presentFields(expected)
  for (let mask = 2 ** fields.length - 2; mask > 0; mask--) {
    const kept = fields.filter((_, index) => (mask >> index) & 1)
    const domain = Object.fromEntries(kept.map((field) => [field, expected[field]]))
    yield { generators: ['domain-subset'], likelihood: kept.length === fields.length - 1 ? 1 : 2, domain }
  }
}

/** The chain id as salt and the reverse, both at once, and the fields in every other order of the type string. */
function* layouts(expected: Eip712Domain): Generator<DomainPart> {
  const { chainId, salt, ...rest } = expected
  const generators = ['domain-layout'] as const
  if (chainId !== undefined) {
    yield { generators, likelihood: 1, domain: { ...rest, salt: saltOf(chainId) } }
    yield { generators, likelihood: 1, domain: { ...rest, chainId, salt: saltOf(chainId) } }
    yield { generators, likelihood: 3, domain: { ...rest, chainId, salt: saltOf(0n) } }
  }
  if (salt !== undefined) {
    yield { generators, likelihood: 1, domain: { ...rest, chainId: BigInt(salt) } }
    yield { generators, likelihood: 1, domain: { ...rest, chainId: BigInt(salt), salt } }
  }
  const usual = presentFields(expected)
  for (const order of permutations(usual)) {
    if (order.some((field, index) => field !== usual[index])) yield { generators, likelihood: 3, domain: expected, order }
  }
}

/** Domains that belong to something else as a whole: the one that the typed data claims, hinted ones, and those of every known contract. */
function* tokens(payment: Payment, networks: Networks, hints: SignatureHints): Generator<DomainPart> {
  const generators = ['domain-token'] as const
  if (payment.claimedDomain !== undefined) yield { generators, likelihood: 1, domain: payment.claimedDomain }
  for (const domain of hints.domains ?? []) yield { generators, likelihood: 1, domain }
  const own = payment.network?.chainId ?? payment.chainId
  const evm = networks.all.flatMap((network) => (network.family === 'evm' ? [network] : []))
  for (const known of knownDomains(networks)) yield { generators, likelihood: likelihoodOf(known), domain: asDomain(known) }

  /** USDC of one supported network is taken for that of another; other tokens and contracts, and mix-ups of names, on the payment's own chain. */
  function likelihoodOf({ standing, chainId, address }: KnownDomain): Likelihood {
    if (otherContracts.some((each) => each.address === address)) return chainId === own ? 1 : 2
    if (evm.some((network) => network.chainId === chainId && sameAddress(network.usdc.address, address)))
      return standing === 'token' ? 1 : 2
    if (standing === 'token') return 2
    return standing === 'claimed' || chainId === own ? 2 : 3
  }
}

function asDomain({ name, version, layout, address, chainId }: KnownDomain): Eip712Domain {
  return tokenDomain({ name, version, layout, address }, chainId)
}

/**
 * Domains with several slips, of each of these ranges of likelihood one: fields of other values, one of them perhaps in a domain that also lacks a field
 * or is laid out otherwise. Nothing for fields that were made by chance twice.
 */
export function* combinedDomains(
  bases: readonly DomainPart[],
  parts: readonly DomainPart[],
  ranges: readonly (readonly [from: Likelihood, to: Likelihood])[],
  isOf: (base: number) => boolean,
): Generator<DomainPart> {
  const most = Math.max(...ranges.map(([, to]) => to))
  const likely = parts.filter(({ likelihood }) => likelihood <= most)
  for (const [base, { domain: expected }] of bases.entries()) {
    if (!isOf(base)) continue
    const own = likely.filter((part) => part.base === base)
    for (const { part, likelihoods } of combinations(expected, own, ranges.length)) if (fits(likelihoods, ranges)) yield part
  }
}

/** Whether the likelihoods can be dealt out to the ranges, in whatever order. */
function fits(likelihoods: readonly Likelihood[], ranges: readonly (readonly [from: Likelihood, to: Likelihood])[]): boolean {
  const [first, ...rest] = likelihoods
  if (first === undefined) return true
  return ranges.some(
    ([from, to], at) =>
      first >= from &&
      first <= to &&
      fits(
        rest,
        ranges.filter((_, other) => other !== at),
      ),
  )
}

interface Combined {
  readonly part: DomainPart
  readonly likelihoods: readonly Likelihood[]
}

function* combinations(expected: Eip712Domain, parts: readonly DomainPart[], count: number): Generator<Combined> {
  // Under the salt layout the chain id stands in the salt.
  const fields = (['name', 'version', expected.chainId === undefined ? 'salt' : 'chainId', 'verifyingContract'] as const).filter(
    (field) => expected[field] !== undefined,
  )
  const values = new Map<DomainField, DomainPart[]>()
  for (const field of fields) {
    const generator = field === 'salt' ? generatorOf.chainId : generatorOf[field]
    values.set(
      field,
      parts.filter(({ generators: [only], domain }) => only === generator && domain[field] !== undefined),
    )
  }
  for (const chosen of subsetsOf(fields, count)) yield* combine(expected, chosen, values)
  if (count === 2) yield* lackingLayouts(parts)
  // A wrong value in a domain that also lacks a field, or is laid out otherwise: then the chain id may stand elsewhere.
  const moved: DomainField = fields.includes('salt') ? 'chainId' : 'salt'
  const all = new Map<DomainField, readonly DomainPart[]>([
    ...values,
    [moved, (values.get(fields.includes('salt') ? 'salt' : 'chainId') ?? []).map(movedChain)],
  ])
  for (const layout of parts.filter(({ generators: [only] }) => only === 'domain-subset' || only === 'domain-layout')) {
    const isMoved = fields.every((field) => (field !== 'chainId' && field !== 'salt') || layout.domain[field] === undefined)
    const own = fields.filter((field) => layout.domain[field] !== undefined)
    for (const chosen of subsetsOf(isMoved && layout.domain[moved] !== undefined ? [...own, moved] : own, count - 1)) {
      for (const { part, likelihoods } of combine(layout.domain, chosen, all)) {
        for (const domain of chosen.some((field) => field === 'chainId' || field === 'salt')
          ? chainEverywhere(part.domain)
          : [part.domain]) {
          yield {
            part: {
              ...part,
              domain,
              generators: [...part.generators, ...layout.generators],
              likelihood: least(part.likelihood, layout.likelihood),
              ...(layout.order === undefined ? {} : { order: layout.order }),
            },
            likelihoods: [...likelihoods, layout.likelihood],
          }
        }
      }
    }
  }
}

function* combine(
  expected: Eip712Domain,
  fields: readonly DomainField[],
  values: ReadonlyMap<DomainField, readonly DomainPart[]>,
): Generator<Combined> {
  const [field, ...rest] = fields
  if (field === undefined) {
    yield { part: { generators: [], likelihood: 1, domain: expected }, likelihoods: [] }
    return
  }
  for (const { part: inner, likelihoods } of combine(expected, rest, values)) {
    for (const { generators, likelihood, domain } of values.get(field) ?? []) {
      yield {
        part: {
          generators: [...generators, ...inner.generators],
          likelihood: least(likelihood, inner.likelihood),
          domain: { ...inner.domain, [field]: domain[field] },
        },
        likelihoods: [likelihood, ...likelihoods],
      }
    }
  }
}

/** A domain whose chain was changed in one place; where it is told in two, also the same in both. */
function chainEverywhere(domain: Eip712Domain): Eip712Domain[] {
  const { chainId, salt } = domain
  if (chainId === undefined || salt === undefined) return [domain]
  return [domain, { ...domain, salt: saltOf(chainId) }, { ...domain, chainId: BigInt(salt) }]
}

/** Domains that are laid out otherwise and lack one of the fields that stay where they are. */
function* lackingLayouts(parts: readonly DomainPart[]): Generator<Combined> {
  const lacks = parts.some(({ generators: [only], likelihood }) => only === 'domain-subset' && likelihood === 1)
  for (const layout of parts) {
    if (layout.generators[0] !== 'domain-layout' || layout.order !== undefined || !lacks) continue
    for (const field of ['name', 'version', 'verifyingContract'] as const) {
      if (layout.domain[field] === undefined) continue
      const { [field]: _, ...domain } = layout.domain
      yield { part: { ...layout, generators: ['domain-subset', 'domain-layout'], domain }, likelihoods: [1, layout.likelihood] }
    }
  }
}

/** The chain id in the salt, and the salt as the chain id. */
function movedChain(part: DomainPart): DomainPart {
  const { chainId, salt, ...rest } = part.domain
  const id = chainId ?? (salt === undefined ? 0n : BigInt(salt))
  return { ...part, domain: chainId === undefined ? { ...rest, chainId: id } : { ...rest, salt: saltOf(id) } }
}

const least = (a: Likelihood, b: Likelihood): Likelihood => (a > b ? a : b)

function* subsetsOf<T>(items: readonly T[], size: number): Generator<T[]> {
  if (size === 0) {
    yield []
    return
  }
  for (const [index, item] of items.entries()) {
    for (const rest of subsetsOf(items.slice(index + 1), size - 1)) yield [item, ...rest]
  }
}

/** All orders of some items. */
export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item, index) => permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]))
}

function keyOf(domain: Eip712Domain, order?: readonly DomainField[]): string {
  const fields = order ?? presentFields(domain)
  return JSON.stringify(fields.map((field) => [field, text(domain[field])]))
}

function saltOf(chainId: bigint): `0x${string}` {
  return `0x${chainId.toString(16).padStart(64, '0')}`
}

/** What differs between the token's domain and the one that was signed, a field at a time, each with its cause. */
export function domainEdits(
  expected: Eip712Domain,
  { domain: signed, order }: Pick<DomainPart, 'domain' | 'order'>,
  payment: Payment,
): Edit[] {
  if (presentFields(signed).length === 0) {
    return [
      {
        cause: 'eip712domain-type-missing',
        generator: 'domain-empty',
        field: 'domain',
        expected: listed(expected),
        signed: 'no fields at all',
      },
    ]
  }
  const fields = order ?? presentFields(signed)
  const edits: Edit[] = []
  if (order !== undefined || fields.some((field) => expected[field] === undefined)) {
    edits.push({
      cause: 'nonstandard-domain-layout',
      generator: 'domain-layout',
      field: 'domain',
      expected: listed(expected),
      signed: fields.join(', '),
    })
  }
  for (const field of ['name', 'version', 'verifyingContract'] as const) edits.push(...fieldEdit(field, expected, signed, payment))
  edits.push(...chainEdits(expected, signed, payment))
  return edits.sort((one, other) => placeOf(one) - placeOf(other))
}

/** Before the fields, in the order of EIP-712, what is wrong with the domain as a whole. */
const placeOf = ({ field }: Edit): number => domainFields.findIndex((each) => field === `domain.${each}`)

/** The chain is told by the chain id, or by the salt that stands for it; where it is told in the other place, that is the layout's slip. */
function chainEdits(expected: Eip712Domain, signed: Eip712Domain, payment: Payment): Edit[] {
  const own = expected.chainId === undefined ? 'salt' : 'chainId'
  const other = own === 'salt' ? 'chainId' : 'salt'
  if (expected[own] === undefined && expected[other] === undefined) return []
  if (signed[own] !== undefined || signed[other] === undefined) return fieldEdit(own, expected, signed, payment)
  if (BigInt(signed[other]) === BigInt(expected[own] ?? 0)) return []
  return fieldEdit(own, expected, { [own]: own === 'salt' ? saltOf(BigInt(signed[other])) : BigInt(signed[other]) }, payment)
}

function listed(domain: Eip712Domain): string {
  return presentFields(domain).join(', ')
}

const mismatch = {
  name: 'domain-name-mismatch',
  version: 'domain-version-mismatch',
  chainId: 'chain-id-mismatch',
  verifyingContract: 'verifying-contract-mismatch',
  salt: 'chain-id-mismatch',
} as const satisfies Record<DomainField, Edit['cause']>

function fieldEdit(field: DomainField, expected: Eip712Domain, signed: Eip712Domain, payment: Payment): Edit[] {
  const want = text(expected[field])
  const got = text(signed[field])
  if (same(want, got)) return []
  const seen = seenIn(payment, field)
  return [
    {
      cause: got === undefined ? 'domain-field-missing' : mismatch[field],
      generator: got === undefined ? 'domain-subset' : generatorOf[field],
      field: `domain.${field}`,
      ...(seen === undefined ? {} : { seen }),
      ...(want === undefined ? {} : { expected: want }),
      ...(got === undefined ? {} : { signed: got }),
    },
  ]
}

/** What the payload itself says of a field of the domain: its own typed data, or the offer. */
function seenIn({ claimedDomain, requirements, token, chainId }: Payment, field: DomainField): string | undefined {
  const claimed = text(claimedDomain?.[field])
  if (claimed !== undefined) return claimed
  switch (field) {
    case 'name':
      return requirements?.extra?.name
    case 'version':
      return requirements?.extra?.version
    case 'chainId':
      return chainId === undefined ? undefined : String(chainId)
    case 'verifyingContract':
      return token
    case 'salt':
      return undefined
  }
}

function text(value: string | bigint | Address | undefined): string | undefined {
  return value?.toString()
}

function same(a: string | undefined, b: string | undefined): boolean {
  return a === b || (a?.startsWith('0x') === true && sameAddress(a, b))
}
