import { fromHex, toHex } from '../../bytes/bytes.ts'
import type { Address, Bytes32, CoverableHex, Hex } from '../../bytes/hex.ts'
import { keccak256 } from '../../bytes/keccak.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { findToken } from '../../networks/find-token.ts'
import type { Networks } from '../../networks/networks.ts'
import { gatewayName } from '../../wire/find-rail.ts'
import { isList, isObject, type Json, type JsonObject } from '../../wire/json.ts'
import { refuse, unreadable } from '../../wire/refusal.ts'
import { show } from '../../wire/text.ts'
import { noteSlips, readAddress, readAmount } from '../payment/field.ts'
import { resolveNetwork } from '../payment/network-claims.ts'
import type { ReadOptions } from '../payment/read.ts'
import { readUnsigned, type Unsigned } from '../payment/read-unsigned.ts'
import { noteTypes, readDomain } from '../payment/typed-data-json.ts'
import { authorizationFields, type PrimaryType, typeHashes } from '../typed-data/authorization.ts'
import { type DomainField, domainFields, domainText, type Eip712Domain, fieldTypes, presentFields } from '../typed-data/domain.ts'
import { type EncodedMember, type EncodedStruct, encodeStruct, type StructTypes, type TypedMember } from '../typed-data/encode.ts'
import { type ExpectedDomain, isKnown, type TokenNamed, tokenDomain } from './expected-domain.ts'
import { candidateDomains } from './gateway-domain.ts'

/** Each step from the types to the digest that a wallet is asked to sign. */
export interface EncodedTypedData {
  /** `EIP712Domain`, whose hash is the domain separator. */
  readonly domain: EncodedStruct
  /** The message's own struct, then those inside of it, the outer before the inner. */
  readonly message: EncodedStruct
  readonly inside: readonly EncodedStruct[]
  /** 0x1901, the separator and the struct hash: what the digest is the hash of. With --share, which covers all that is as long as a signature, stars stand in it. */
  readonly preimage: CoverableHex
  readonly digest: Bytes32
}

/** One step in which the typed data is not what the token hashes. */
export interface TypedDataDifference {
  /** Dotted path: `domain.name`, `types.EIP712Domain`, `types.TransferWithAuthorization`. */
  readonly field: string
  /** What is hashed here; null where it has no such member. */
  readonly seen: string | null
  /** What the token hashes; null where it has no such member. */
  readonly expected: string | null
  readonly cause: CauseId
}

/**
 * What `eip3009 signature --json` prints of something that has no signature yet: what a wallet would sign, step by step, to compare with another library.
 * JSON-safe: numbers are decimal strings.
 */
export interface TypedDataSteps {
  readonly schema: 'eip3009/typed-data@1'
  readonly recognised: string
  /** `typed-data`: as it was given; `authorization`: made for it, under the domain that its token has. */
  readonly source: 'typed-data' | 'authorization'
  readonly primaryType: string
  readonly encoded: EncodedTypedData
  /** `same`: what the token hashes; `different`: the token hashes something else; `unknown`: nothing but the typed data says what the token hashes. */
  readonly standing: 'same' | 'different' | 'unknown'
  /** The token, or Circle Gateway's contract, that would check it; null where none is known. */
  readonly token: {
    /** The contract whose domain it is. */
    readonly address: Address | null
    readonly network: string | null
    readonly symbol: string | null
    /** Where the domain is known from. */
    readonly says: string
    /** What it hashes for this message; null where the message is none that it checks, so that the domain alone was compared. */
    readonly encoded: EncodedTypedData | null
    readonly separator: Bytes32
  } | null
  readonly differences: readonly TypedDataDifference[]
  /** What looks wrong in how it is written, and what the address in it is. */
  readonly findings: readonly { readonly cause: CauseId; readonly says: string }[]
}

/**
 * Reads typed data, or an authorization whose token is known, that has no signature yet, and lays out what a wallet would hash: each type string, type hash
 * and encoded word, the separator, the struct hash, the preimage and the digest, beside what the token hashes. The types are hashed as they are declared,
 * whatever they are.
 * @throws Eip3009Error as `readEvmPayment` does; `unreadable-input` for a value that its type does not hold, and for an authorization without a token.
 */
export function typedDataSteps(input: string | Uint8Array | object, options: ReadOptions = {}): TypedDataSteps {
  const read = readUnsigned(input, options)
  return read.kind === 'typed-data' ? ofTypedData(read.typedData, read) : ofAuthorization(read)
}

function ofAuthorization({ payment, recognised, findings, wire }: Extract<Unsigned, { kind: 'authorization' }>): TypedDataSteps {
  const [expected, ...others] = candidateDomains(payment, wire.networks)
  const isOne = others.length === 0 && expected !== undefined && isKnown(expected)
  if (expected === undefined || !(isOne || expected.basis === 'offer')) {
    throw refuse(
      unreadable(
        'an authorization without a signature, and the domain of its token is not known',
        'a network and a token that are known, or the name and version of its domain',
        'give --network and --token, or --token-name and --token-version (in the library: network and token), or paste the typed data',
      ),
    )
  }
  const { authorization, primaryType } = payment
  const message: JsonObject = new Map(
    authorizationFields.map((name) => {
      const value = authorization[name]
      return [name, typeof value === 'bigint' ? String(value) : value] as const
    }),
  )
  const encoded = encode(domainObject(expected.domain), standardTypes(expected.domain), primaryType, message)
  return {
    schema: 'eip3009/typed-data@1',
    recognised: recognised.replace(/ and (?:its )?signature/, ' without a signature'),
    source: 'authorization',
    primaryType,
    encoded,
    standing: isKnown(expected) ? 'same' : 'unknown',
    token: isKnown(expected) ? { ...tokenOf(expected), encoded, separator: encoded.domain.hash } : null,
    differences: [],
    findings: said(findings),
  }
}

function ofTypedData(typedData: JsonObject, { recognised, findings, wire, told }: Unsigned): TypedDataSteps {
  const { message, domain: domainJson, types: typesJson } = Object.fromEntries(typedData)
  if (!isObject(message))
    throw refuse(unreadable('typed data without a message', 'an object with the members of its type', 'paste the whole typed data'))
  const domainSource: JsonObject = isObject(domainJson) ? domainJson : new Map()
  const declared = isObject(typesJson) ? readTypes(typesJson) : new Map<string, readonly TypedMember[]>()
  const primaryType = primaryTypeOf(typedData, declared)
  const struct = isOwn(primaryType) ? standardStructs[primaryType] : undefined
  const types: StructTypes = new Map([
    ['EIP712Domain', domainFields.filter((name) => domainSource.get(name) != null).map((name) => ({ type: fieldTypes[name], name }))],
    ...(struct === undefined ? [] : [[primaryType, struct] as const]),
    ...declared,
  ])
  if (!types.has(primaryType)) {
    throw refuse(
      unreadable(
        `typed data whose types have no "${show(primaryType)}"`,
        'the struct of primaryType in types',
        'paste the typed data with its types, as the wallet or the library is given it',
      ),
    )
  }
  const encoded = encode(domainSource, types, primaryType, message)
  for (const { type, name } of types.get(primaryType) ?? []) noteSpelling(`message.${name}`, type, message.get(name), findings)

  const domain = readDomain(domainSource, wire.networks, findings)
  if (primaryType in typeHashes) noteTypes(typedData, primaryType as PrimaryType, domain, findings)
  const { network, chainId } = resolveNetwork(
    [
      ...wire.chosen,
      ...(domain.chainId === undefined ? [] : [{ field: 'domain.chainId', name: String(domain.chainId), party: 'client' as const }]),
    ],
    wire.networks,
    findings,
  )
  const token = told?.address ?? domain.verifyingContract
  const isGateways = domain.name === gatewayName
  const named: TokenNamed = {
    rail: isGateways ? 'circle-gateway' : 'eip3009',
    ...(network === undefined ? {} : { network }),
    ...(chainId === undefined ? {} : { chainId }),
    ...(token === undefined || isGateways ? {} : { token }),
    ...(told === undefined ? {} : { told }),
    claimedDomain: domain,
  }
  const expected = expectedOf(named, encoded.domain.hash, wire.networks)
  const own = expected === undefined || struct === undefined ? undefined : tryEncode(expected.domain, primaryType, message)
  const differences = expected === undefined ? [] : compare(encoded, encodeDomain(expected.domain), own, primaryType)
  return {
    schema: 'eip3009/typed-data@1',
    recognised,
    source: 'typed-data',
    primaryType,
    encoded,
    standing: expected === undefined ? 'unknown' : differences.length === 0 ? 'same' : 'different',
    token: expected === undefined ? null : { ...tokenOf(expected), encoded: own ?? null, separator: expected.separator },
    differences,
    findings: said(findings),
  }
}

/** What libraries refuse, or hash otherwise than it is written: a wrong checksum, a number that JSON readers round. */
function noteSpelling(field: string, type: string, value: Json | undefined, findings: Finding[]): void {
  const reading = type === 'address' ? readAddress(value) : /^u?int/.test(type) && !type.endsWith(']') ? readAmount(value, 0) : undefined
  if (reading?.ok !== true) return
  const slips = reading.slips.filter(({ kind }) => kind === 'checksum' || kind === 'digits-lost')
  noteSlips(findings, field, 'client', value, slips)
}

/** The domain that its token has, as far as that is known from elsewhere than the typed data. */
function expectedOf(named: TokenNamed, separator: Bytes32, networks: Networks): ExpectedDomain | undefined {
  const candidates = candidateDomains(named, networks).filter((each) => isKnown(each) || each.basis === 'disputed')
  const same = candidates.find((each) => each.separator === separator)
  if (same !== undefined) return same
  const [first, ...others] = candidates
  if (first !== undefined && (others.length === 0 || named.token !== undefined || named.chainId !== undefined)) return first
  // A token of another chain: the contract is known, and the chain id is not its own.
  const [match] = named.token === undefined ? [] : findToken(named.token, networks)
  if (match === undefined || (match.role !== 'usdc' && match.role !== 'other')) return undefined
  const { network, token } = match
  const domain = tokenDomain(token, network.chainId)
  return {
    domain,
    separator: encodeDomain(domain).hash,
    basis: 'other-token',
    provenance: { from: 'registry', says: `${token.symbol} of ${network.id}, which has this address` },
    token,
    network,
  }
}

function tokenOf({ domain, network, token, provenance }: ExpectedDomain): {
  readonly address: Address | null
  readonly network: string | null
  readonly symbol: string | null
  readonly says: string
} {
  return {
    address: domain.verifyingContract ?? null,
    network: network?.id ?? null,
    symbol: token?.symbol ?? null,
    says: provenance.says,
  }
}

/** Where it leaves what the token hashes: the fields of the domain, their list, the struct. */
function compare(
  encoded: EncodedTypedData,
  domain: EncodedStruct,
  own: EncodedTypedData | undefined,
  primaryType: string,
): readonly TypedDataDifference[] {
  const differences: TypedDataDifference[] = []
  for (const name of domainFields) {
    const [seen, expected] = [memberOf(encoded.domain, name), memberOf(domain, name)]
    if (seen?.word === expected?.word) continue
    differences.push({
      field: `domain.${name}`,
      seen: seen?.value ?? null,
      expected: expected?.value ?? null,
      cause: seen === undefined || expected === undefined ? missingCause(name, seen === undefined) : fieldCauses[name],
    })
  }
  if (
    encoded.domain.type !== domain.type &&
    differences.every(({ cause }) => cause !== 'domain-field-missing' && cause !== 'nonstandard-domain-layout')
  )
    differences.push({
      field: 'types.EIP712Domain',
      seen: encoded.domain.type,
      expected: domain.type,
      cause: 'nonstandard-domain-layout',
    })
  if (own !== undefined && own.message.type !== encoded.message.type)
    differences.push({
      field: `types.${primaryType}`,
      seen: encoded.message.type,
      expected: own.message.type,
      cause: 'struct-type-mismatch',
    })
  return differences
}

const fieldCauses = {
  name: 'domain-name-mismatch',
  version: 'domain-version-mismatch',
  chainId: 'chain-id-mismatch',
  verifyingContract: 'verifying-contract-mismatch',
  salt: 'nonstandard-domain-layout',
} as const satisfies Record<DomainField, CauseId>

/** A field too few is left out by the client; a salt, or a chain id beside one, is another layout. */
function missingCause(name: DomainField, isMissing: boolean): CauseId {
  return isMissing && name !== 'salt' ? 'domain-field-missing' : 'nonstandard-domain-layout'
}

function memberOf({ members }: EncodedStruct, name: string): EncodedMember | undefined {
  return members.find(({ field }) => field === `domain.${name}`)
}

function encode(domain: JsonObject, types: StructTypes, primaryType: string, message: JsonObject): EncodedTypedData {
  const [domainStruct] = encodeStruct('EIP712Domain', domain, types, 'domain').toReversed()
  const [messageStruct, ...inside] = encodeStruct(primaryType, message, types, 'message').toReversed()
  if (domainStruct === undefined || messageStruct === undefined)
    throw refuse(unreadable('typed data', 'a domain and a message', 'paste both'))
  const preimage: Hex = `0x1901${domainStruct.hash.slice(2)}${messageStruct.hash.slice(2)}`
  return { domain: domainStruct, message: messageStruct, inside, preimage, digest: toHex(keccak256(fromHex(preimage))) }
}

/** The message as EIP-3009 has it; undefined where a member is missing or can't be one. */
function tryEncode(domain: Eip712Domain, primaryType: string, message: JsonObject): EncodedTypedData | undefined {
  try {
    return encode(domainObject(domain), standardTypes(domain), primaryType, message)
  } catch (error) {
    if (error instanceof Eip3009Error) return undefined
    throw error
  }
}

function encodeDomain(domain: Eip712Domain): EncodedStruct {
  const [struct] = encodeStruct('EIP712Domain', domainObject(domain), standardTypes(domain), 'domain')
  if (struct === undefined) throw new Eip3009Error('internal', 'a domain was encoded to nothing')
  return struct
}

function domainObject(domain: Eip712Domain): JsonObject {
  return new Map(Object.entries(domainText(domain)))
}

const authorizationTypes = ['address', 'address', 'uint256', 'uint256', 'uint256', 'bytes32'] as const
const authorizationStruct = authorizationFields.map((name, index): TypedMember => ({ type: authorizationTypes[index] ?? '', name }))

/** The messages that a token with EIP-3009 checks. */
const standardStructs = {
  TransferWithAuthorization: authorizationStruct,
  ReceiveWithAuthorization: authorizationStruct,
  CancelAuthorization: [
    { type: 'address', name: 'authorizer' },
    { type: 'bytes32', name: 'nonce' },
  ],
} as const satisfies Readonly<Record<string, readonly TypedMember[]>>

function isOwn(primaryType: string): primaryType is keyof typeof standardStructs {
  return Object.hasOwn(standardStructs, primaryType)
}

function standardTypes(domain: Eip712Domain): StructTypes {
  const fields = presentFields(domain).map((name) => ({ type: fieldTypes[name], name }))
  return new Map<string, readonly TypedMember[]>([['EIP712Domain', fields], ...Object.entries(standardStructs)])
}

function readTypes(types: JsonObject): Map<string, readonly TypedMember[]> {
  return new Map([...types].map(([name, members]) => [name, readMembers(name, members)] as const))
}

function readMembers(struct: string, members: Json): readonly TypedMember[] {
  const malformed = (): Error =>
    refuse(
      unreadable(
        `typed data whose types.${show(struct)} is no list of members`,
        'a list of {"name": …, "type": …}',
        'write types as eth_signTypedData_v4 has them',
      ),
    )
  if (!isList(members) || members.length > 100) throw malformed()
  return members.map((member) => {
    const [type, name] = isObject(member) ? [member.get('type'), member.get('name')] : []
    if (typeof type !== 'string' || typeof name !== 'string') throw malformed()
    return { type, name }
  })
}

/** As declared; ethers passes types without one: the only struct that no other refers to is the primary one. */
function primaryTypeOf(typedData: JsonObject, types: StructTypes): string {
  const primaryType = typedData.get('primaryType')
  if (typeof primaryType === 'string') return primaryType
  const referred = new Set([...types.values()].flatMap((members) => members.map(({ type }) => type.replace(/(?:\[\d*\])+$/, ''))))
  const [only, ...others] = [...types.keys()].filter((name) => name !== 'EIP712Domain' && !referred.has(name))
  if (primaryType === undefined && only !== undefined && others.length === 0) return only
  throw refuse(
    unreadable(
      'typed data without a primaryType',
      'the name of the struct that is signed, such as "TransferWithAuthorization"',
      'add it as "primaryType"',
    ),
  )
}

function said(findings: readonly Finding[]): TypedDataSteps['findings'] {
  return findings.map(({ cause, summary }) => ({ cause, says: summary }))
}
