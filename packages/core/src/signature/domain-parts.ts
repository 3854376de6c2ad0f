import type { Address } from 'viem'
import { type KnownDomain, knownDomains } from '../networks/known-domains.ts'
import type { Networks } from '../networks/networks.ts'
import { otherContracts } from '../networks/other-contracts.ts'
import type { Payment } from '../payment/payment.ts'
import { sameAddress } from '../typed-data/address.ts'
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

/** Other domains with one slip: one field with another value, fields left out or laid out otherwise, another token's domain as a whole. */
export function domainParts(expected: Eip712Domain, payment: Payment, networks: Networks, hints: SignatureHints): DomainPart[] {
  const vocabulary = vocabularyOf(payment, networks, hints, expected.name)
  return distinct(expected, [
    ...oneField(expected, vocabulary),
    ...subsets(expected),
    ...layouts(expected),
    ...tokens(payment, networks, hints),
  ])
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
    yield { generators, likelihood: 2, domain: { ...rest, chainId, salt: saltOf(chainId) } }
    yield { generators, likelihood: 3, domain: { ...rest, chainId, salt: saltOf(0n) } }
  }
  if (salt !== undefined) {
    yield { generators, likelihood: 1, domain: { ...rest, chainId: BigInt(salt) } }
    yield { generators, likelihood: 2, domain: { ...rest, chainId: BigInt(salt), salt } }
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
  for (const known of knownDomains(networks)) {
    const likelihood: Likelihood = known.standing === 'token' || otherContracts.some(({ address }) => address === known.address) ? 1 : 2
    yield { generators, likelihood, domain: asDomain(known) }
  }
}

function asDomain({ name, version, layout, address, chainId }: KnownDomain): Eip712Domain {
  return tokenDomain({ name, version, layout, address }, chainId)
}

/** Domains with two fields of other values, or three. Each field's values up to the given likelihood. */
export function* combinedDomains(
  expected: Eip712Domain,
  parts: readonly DomainPart[],
  fieldCount: 2 | 3,
  likelihood: Likelihood,
): Generator<DomainPart> {
  const fields = (['name', 'version', 'chainId', 'verifyingContract'] as const).filter((field) => expected[field] !== undefined)
  const values = new Map<DomainField, DomainPart[]>()
  for (const field of fields) {
    values.set(
      field,
      parts.filter(
        ({ generators: [only], likelihood: own, domain }) =>
          only === generatorOf[field] && own <= likelihood && domain[field] !== undefined,
      ),
    )
  }
  for (const chosen of subsetsOf(fields, fieldCount)) yield* combine(expected, chosen, values)
  if (fieldCount !== 2) return
  // A wrong value in a domain that also lacks a field, or is laid out otherwise.
  for (const layout of parts.filter(
    ({ generators: [only], likelihood: own }) => (only === 'domain-subset' || only === 'domain-layout') && own <= likelihood,
  )) {
    for (const field of fields) {
      if (layout.domain[field] === undefined) continue
      for (const part of values.get(field) ?? []) {
        yield {
          generators: [...part.generators, ...layout.generators],
          likelihood: least(part.likelihood, layout.likelihood),
          domain: { ...layout.domain, [field]: part.domain[field] },
          ...(layout.order === undefined ? {} : { order: layout.order }),
        }
      }
    }
  }
}

function* combine(
  expected: Eip712Domain,
  fields: readonly DomainField[],
  values: ReadonlyMap<DomainField, readonly DomainPart[]>,
): Generator<DomainPart> {
  const [field, ...rest] = fields
  if (field === undefined) {
    yield { generators: [], likelihood: 1, domain: expected }
    return
  }
  for (const inner of combine(expected, rest, values)) {
    for (const { generators, likelihood, domain } of values.get(field) ?? []) {
      yield {
        generators: [...generators, ...inner.generators],
        likelihood: least(likelihood, inner.likelihood),
        domain: { ...inner.domain, [field]: domain[field] },
      }
    }
  }
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

/** Without those that are the expected domain, or came before. */
function distinct(expected: Eip712Domain, parts: readonly DomainPart[]): DomainPart[] {
  const seen = new Set([keyOf(expected)])
  return parts.filter(({ domain, order }) => {
    const key = keyOf(domain, order)
    return !seen.has(key) && seen.add(key)
  })
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
  const moved: Edit[] = []
  const swapsSalt = (expected.salt === undefined) !== (signed.salt === undefined)
  if (swapsSalt || order !== undefined) {
    moved.push({
      cause: 'nonstandard-domain-layout',
      generator: 'domain-layout',
      field: 'domain',
      expected: listed(expected),
      signed: (order ?? presentFields(signed)).join(', '),
    })
  }
  const fields = swapsSalt ? (['name', 'version', 'verifyingContract'] as const) : domainFields
  return [...moved, ...fields.flatMap((field) => fieldEdit(field, expected, signed, payment))]
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
