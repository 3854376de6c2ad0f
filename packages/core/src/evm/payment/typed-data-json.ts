import { sameAddress } from '../../bytes/address.ts'
import type { Finding } from '../../causes/finding.ts'
import { findNetwork } from '../../networks/find-network.ts'
import type { Networks } from '../../networks/networks.ts'
import type { WireContext } from '../../wire/context.ts'
import { gatewayName } from '../../wire/find-rail.ts'
import { isList, isNumber, isObject, type Json, type JsonObject } from '../../wire/json.ts'
import { otherJson, refuse, unreadable, unsupported } from '../../wire/refusal.ts'
import { shownValue } from '../../wire/shown-value.ts'
import { show } from '../../wire/text.ts'
import type { PrimaryType } from '../typed-data/authorization.ts'
import { type DomainField, domainFields, type Eip712Domain } from '../typed-data/domain.ts'
import type { Draft } from './draft.ts'
import { noteSlips, type Reading, readAddress, readAmount, readNonce, type SlipKind } from './field.ts'
import { decimalsOf } from './network-claims.ts'
import { isMissing, readAuthorization, readSignature } from './signed-authorization.ts'

/** `eth_signTypedData_v4` takes numbers and hex for integers, and a program's own object has bigints. */
const usualInTypedData: ReadonlySet<SlipKind> = new Set(['number', 'bigint', 'hex'])

/** EIP-3009's struct, in its order. */
const structFields = ['address from', 'address to', 'uint256 value', 'uint256 validAfter', 'uint256 validBefore', 'bytes32 nonce']

export function isTypedData(object: JsonObject): boolean {
  return isObject(object.get('message')) && (object.has('primaryType') || isObject(object.get('domain')) || isObject(object.get('types')))
}

/** Reads EIP-712 JSON and the signature beside it. The domain and the primary type stay as they are claimed. */
export function readTypedData(typedData: JsonObject, signature: Json | undefined, context: WireContext, signer?: Json): Draft {
  const { findings, keys, networks, chosen } = context
  const message = typedData.get('message')
  const primaryType = readPrimaryType(typedData)
  const domain = typedData.get('domain')
  if (!isObject(message))
    throw refuse(
      unreadable(
        'typed data without a message',
        'an object with from, to, value, validAfter, validBefore and nonce',
        'paste the whole typed data',
      ),
    )
  if (signature === undefined && !context.unsigned) {
    throw refuse(
      unreadable(
        'typed data without its signature',
        'the signature beside it',
        'paste {"typedData": {…}, "signature": "0x…"} with what the wallet answered',
      ),
    )
  }
  const claimedDomain = isObject(domain) ? readDomain(domain, networks, findings) : {}
  noteTypes(typedData, primaryType, claimedDomain, findings)
  const chainId = claimedDomain.chainId
  const claims = chainId === undefined ? [] : [{ field: 'domain.chainId', name: String(chainId), party: 'client' as const }]
  const decimals = decimalsOf(claimedDomain.verifyingContract, [...chosen, ...claims], networks)
  const authorization = readAuthorization(message, keys, decimals, findings, usualInTypedData)
  noteSigner(signer, authorization.from, findings)
  const isGateways = claimedDomain.name === gatewayName
  return {
    family: 'evm',
    rail: isGateways ? 'circle-gateway' : 'eip3009',
    form: 'typed-data-and-signature',
    recognised: `EIP-712 typed data of ${primaryType} ${isMissing(signature) ? 'without a signature' : 'and its signature'}`,
    primaryType,
    authorization,
    signature: readSignature(signature, context),
    claimedDomain,
    networks: claims,
    // Gateway's wallet checks the signature and is no token.
    tokens:
      claimedDomain.verifyingContract === undefined || isGateways
        ? []
        : [{ field: 'domain.verifyingContract', address: claimedDomain.verifyingContract }],
  }
}

function readPrimaryType(typedData: JsonObject): PrimaryType {
  const primaryType = typedData.get('primaryType')
  if (primaryType === 'TransferWithAuthorization' || primaryType === 'ReceiveWithAuthorization') return primaryType
  const name = typeof primaryType === 'string' ? show(primaryType) : shownValue(primaryType)
  // ethers passes types without primaryType: the only struct that is no domain is the primary one.
  const types = typedData.get('types')
  const structs = isObject(types) ? [...types.keys()].filter((each) => each !== 'EIP712Domain') : []
  const [only] = structs
  if (primaryType === undefined && structs.length === 1 && (only === 'TransferWithAuthorization' || only === 'ReceiveWithAuthorization'))
    return only
  if (primaryType === 'CancelAuthorization') {
    throw refuse(
      unsupported(
        'typed data of CancelAuthorization, which takes an authorization back and moves no money',
        'paste typed data of TransferWithAuthorization or ReceiveWithAuthorization',
      ),
    )
  }
  const stranger = otherJson(typedData)
  if (stranger !== undefined) throw refuse(stranger)
  throw refuse(
    unsupported(
      `typed data whose primaryType is ${primaryType === undefined ? 'missing' : `"${name}"`}`,
      'paste typed data of TransferWithAuthorization or ReceiveWithAuthorization',
    ),
  )
}

/** The five fields of an EIP-712 domain, each kept only when it can be read. */
export function readDomain(domain: JsonObject, networks: Networks, findings: Finding[]): Eip712Domain {
  const optional = <T>(name: DomainField, read: (value: Json | undefined) => Reading<T>): T | undefined => {
    const value = domain.get(name)
    if (value === undefined || value === null) return undefined
    const field = `domain.${name}`
    const result = read(value)
    if (result.ok) {
      const unusual = result.slips.filter((slip) => !usualInTypedData.has(slip.kind))
      noteSlips(findings, field, 'client', value, unusual)
      return result.value
    }
    findings.push({
      cause: 'malformed-field',
      party: 'client',
      severity: 'error',
      field,
      seen: shownValue(value),
      expected: result.expected,
      summary: `${field} ${result.problem}; it was left out.`,
      evidence: [{ source: 'payload', says: `${field} is ${shownValue(value)}.` }],
      fix: `Make ${field} ${result.expected}.`,
    })
    return undefined
  }
  const name = optional('name', readText)
  const version = optional('version', readText)
  const chainId = optional('chainId', (value) => readChainId(value, networks))
  const verifyingContract = optional('verifyingContract', readAddress)
  const salt = optional('salt', readNonce)
  return {
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(chainId === undefined ? {} : { chainId }),
    ...(verifyingContract === undefined ? {} : { verifyingContract }),
    ...(salt === undefined ? {} : { salt }),
  }
}

function readText(value: Json | undefined): Reading<string> {
  if (typeof value === 'string') return { ok: true, value, slips: [] }
  return isNumber(value)
    ? {
        ok: true,
        value: value.digits,
        slips: [
          {
            kind: 'spelling',
            severity: 'warning',
            cause: 'malformed-field',
            says: `is the number ${show(value.digits)}, where EIP-712 has a string`,
            expected: `"${show(value.digits)}"`,
            fix: `Write it as a string: "${show(value.digits)}".`,
          },
        ],
      }
    : { ok: false, problem: `is ${shownValue(value)}`, expected: 'a string' }
}

/** A chain id, also as a CAIP-2 id or a network's name: what was meant is clear, what a wallet made of it is not. */
function readChainId(value: Json | undefined, networks: Networks): Reading<bigint> {
  const read = readAmount(value, 0)
  if (read.ok || typeof value !== 'string') return read.ok ? read : { ...read, expected: 'a chain id, such as 8453' }
  const answer = findNetwork(value, networks)
  if (answer.kind !== 'network' || answer.network.family !== 'evm') return { ...read, expected: 'a chain id, such as 8453' }
  const { chainId } = answer.network
  return {
    ok: true,
    value: BigInt(chainId),
    slips: [
      {
        kind: 'spelling',
        severity: 'error',
        cause: 'malformed-field',
        says: `is "${show(value)}", where EIP-712 has the chain id ${chainId}`,
        expected: String(chainId),
        fix: `Write chainId: ${chainId}.`,
      },
    ],
  }
}

export function noteTypes(typedData: JsonObject, primaryType: PrimaryType, domain: Eip712Domain, findings: Finding[]): void {
  const types = typedData.get('types')
  if (!isObject(types)) return
  const struct = typeList(types.get(primaryType))
  if (struct !== undefined && struct.join(',') !== structFields.join(',')) {
    const seen = show(struct.join(', '))
    findings.push({
      cause: 'struct-type-mismatch',
      party: 'client',
      severity: 'error',
      field: `types.${primaryType}`,
      seen,
      expected: structFields.join(', '),
      summary: `types.${primaryType} is (${seen}), which is not the struct of EIP-3009: the token hashes another type.`,
      evidence: [{ source: 'payload', says: `types.${primaryType} lists ${seen}.` }],
      fix: `Declare ${primaryType} as (${structFields.join(', ')}), in this order, and sign again.`,
    })
  }
  const domainType = types.get('EIP712Domain')
  if (domainType === undefined) {
    findings.push({
      cause: 'eip712domain-type-missing',
      party: 'client',
      severity: 'warning',
      field: 'types.EIP712Domain',
      seen: 'missing',
      expected: domainFields.filter((name) => domain[name] !== undefined).join(', '),
      summary:
        'types has no EIP712Domain: a wallet that is given this by eth_signTypedData_v4 may sign an empty domain, which binds no chain and no contract.',
      evidence: [{ source: 'payload', says: `types has ${[...types.keys()].slice(0, 6).map(show).join(', ') || 'nothing'}.` }],
      fix: "Add EIP712Domain with the domain's fields to types before calling the wallet; viem and ethers do that themselves.",
    })
    return
  }
  noteDomainType(typeList(domainType), domain, findings)
}

/** A field that the domain has and its type does not list is not signed. */
function noteDomainType(listed: readonly string[] | undefined, domain: Eip712Domain, findings: Finding[]): void {
  if (listed === undefined) return
  const names = new Set(listed.map((each) => each.slice(each.indexOf(' ') + 1)))
  for (const name of domainFields) {
    if (domain[name] === undefined || names.has(name)) continue
    findings.push({
      cause: 'domain-field-missing',
      party: 'client',
      severity: 'warning',
      field: `types.EIP712Domain.${name}`,
      seen: 'missing',
      expected: name,
      summary: `types.EIP712Domain does not list ${name}, so the domain's ${name} (${show(String(domain[name]))}) is not part of what a wallet signs.`,
      evidence: [{ source: 'payload', says: `types.EIP712Domain lists ${show(listed.join(', ')) || 'nothing'}.` }],
      fix: `List ${name} in types.EIP712Domain and sign again.`,
    })
  }
}

/** `type name` for each entry of a struct's type. */
function typeList(value: Json | undefined): readonly string[] | undefined {
  if (!isList(value) || value.length > 100) return undefined
  return value.map((entry) => {
    const [type, name] = isObject(entry) ? [entry.get('type'), entry.get('name')] : []
    return `${typeof type === 'string' ? type : '?'} ${typeof name === 'string' ? name : '?'}`
  })
}

/** The address that a wallet was asked to sign with, where it is not the payer's. */
export function noteSigner(signer: Json | undefined, from: string, findings: Finding[]): void {
  const asked = readAddress(signer)
  if (!asked.ok || sameAddress(asked.value, from)) return
  findings.push({
    cause: 'signer-not-owner',
    party: 'client',
    severity: 'warning',
    field: 'authorization.from',
    seen: from,
    expected: asked.value,
    summary: `The wallet was asked to sign with ${asked.value}, and the payment is from ${from}.`,
    evidence: [{ source: 'payload', says: `The address in the request's params is ${asked.value}.` }],
    fix: `Sign with the account of ${from}, or pay from ${asked.value}.`,
  })
}
