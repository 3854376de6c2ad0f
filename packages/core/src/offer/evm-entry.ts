import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sameAddress } from '../bytes/address.ts'
import { fromHex, toHex } from '../bytes/bytes.ts'
import type { Hex } from '../bytes/hex.ts'
import { keccak256 } from '../bytes/keccak.ts'
import { type CauseId, sections } from '../causes/catalogue.ts'
import type { Finding } from '../causes/finding.ts'
import { shortestWindow } from '../evm/checks/time.ts'
import { investigate } from '../evm/diagnosis/diagnose.ts'
import type { EvmDiagnosis } from '../evm/diagnosis/diagnosis.ts'
import type { ChainReader } from '../evm/evidence/chain.ts'
import type { Replayer } from '../evm/evidence/replay.ts'
import { decimalsOf } from '../evm/payment/network-claims.ts'
import type { Requirements } from '../evm/payment/payment.ts'
import { readEvmPayment } from '../evm/payment/read.ts'
import { readRequirements } from '../evm/payment/requirements.ts'
import { type ExpectedDomain, isKnown, tokenDomain } from '../evm/signature/expected-domain.ts'
import { candidateDomains } from '../evm/signature/gateway-domain.ts'
import { type Authorization, authorizationDigest } from '../evm/typed-data/authorization.ts'
import { domainSeparator, type Eip712Domain } from '../evm/typed-data/domain.ts'
import { checksum } from '../networks/checksum.ts'
import { findNetwork } from '../networks/find-network.ts'
import type { EvmNetwork } from '../networks/network.ts'
import type { Networks } from '../networks/networks.ts'
import { gatewayName } from '../wire/find-rail.ts'
import { isObject, type JsonObject } from '../wire/json.ts'
import { Keys } from '../wire/keys.ts'
import { amountKey } from '../wire/offer-members.ts'
import type { OfferedEntry } from './find-offers.ts'
import { writeJson } from './json-value.ts'
import type { NetworkTerms } from './network-terms.ts'
import { missingMembers, oddAmount, oddTimeout, offerFinding } from './terms.ts'

export interface OfferOptions {
  /** Unix seconds. */
  readonly now: bigint
  readonly networks: Networks
  /** The chains to ask about the token, each made by `chainReader`. */
  readonly chainsFor: (network: EvmNetwork | undefined) => readonly ChainReader[]
  /** Replays the payment that a client would make. */
  readonly replayer?: Replayer
}

/** What an entry on an EVM chain comes to. */
export interface EvmTerms {
  readonly read: Requirements
  readonly expected: ExpectedDomain | undefined
  readonly findings: readonly Finding[]
  /** Of the payment that a client makes which does what the entry says; absent where it makes none. */
  readonly diagnosis?: EvmDiagnosis
}

/** Nobody's account: a client that does what an offer says, and nothing besides. */
const clientKey = /* @__PURE__ */ keccak256(/* @__PURE__ */ new TextEncoder().encode('a client that does what an offer says'))

/**
 * Checks an entry by paying it: a client that does exactly what it says signs with a key that nobody uses, and that payment is diagnosed like any other.
 * What of it is not the payer's is the offer's, or the token's.
 */
export async function evmTerms(entry: OfferedEntry, { network, unknown }: NetworkTerms, options: OfferOptions): Promise<EvmTerms> {
  const { source, x402Version: version } = entry
  const { networks } = options
  const findings: Finding[] = []
  const keys = new Keys()
  const chain = network?.family === 'evm' ? network : undefined
  const name = source.get('network')
  const claims = typeof name === 'string' ? [{ field: 'network', name, party: 'server' as const }] : []
  const asset = readRequirements(source, 'requirements', keys, 0, []).asset
  const read = readRequirements(source, 'requirements', keys, decimalsOf(asset, claims, networks), findings)
  const amountField = `requirements.${amountKey(source, keys)}`
  const chainId = chain?.chainId ?? chainIdOf(name, networks)
  const [first] =
    asset === undefined
      ? []
      : candidateDomains(
          {
            rail: read.extra?.name === gatewayName ? 'circle-gateway' : 'x402-exact',
            ...(chain === undefined ? {} : { network: chain }),
            ...(chainId === undefined ? {} : { chainId }),
            token: asset,
            requirements: read,
          },
          networks,
        )
  const registered = unknown === undefined ? first : undefined
  const made = await paid(entry, read, chainId, registered, options, chain)
  const diagnosis = made?.diagnosis
  // What a chain tells of the token goes before what its offer does.
  const expected = made?.expected !== undefined && isKnown(made.expected) ? made.expected : registered
  findings.push(
    ...missingMembers(source, version ?? 2, keys),
    ...(read.amount === undefined ? [] : oddAmount(read.amount, amountField, expected?.units)),
    ...oddTimeout(read.maxTimeoutSeconds, shortestWindow(chain?.blockTime ?? 2)),
    ...domainFindings(read, expected),
    ...layoutFindings(read, expected),
  )
  const found = diagnosis === undefined ? [] : diagnosis.findings.filter((finding) => isOffers(finding, findings))
  return {
    read,
    expected,
    findings: [...findings, ...found].map(asServers),
    ...(diagnosis === undefined ? {} : { diagnosis }),
  }
}

function chainIdOf(name: unknown, networks: Networks): number | undefined {
  if (typeof name !== 'string') return undefined
  const answer = findNetwork(name, networks)
  if (answer.kind === 'network') return answer.network.family === 'evm' ? answer.network.chainId : undefined
  const [, digits] = /^eip155:([1-9]\d{0,14})$/.exec(name) ?? []
  return answer.foreign?.chainId ?? (digits === undefined ? undefined : Number(digits))
}

/** What the offer tells clients to sign under, beside what the token hashes. */
function domainFindings({ extra, asset }: Requirements, expected: ExpectedDomain | undefined): Finding[] {
  if (asset === undefined) return []
  return (['name', 'version'] as const).flatMap((field): Finding[] => {
    const offered = extra?.[field]
    const right = expected === undefined || !isKnown(expected) ? undefined : expected.domain[field]
    const path = `requirements.extra.${field}`
    if (offered === undefined || offered === '') {
      return [
        offerFinding({
          cause: 'domain-field-missing',
          severity: 'error',
          field: path,
          seen: offered === undefined ? 'missing' : 'empty',
          ...(right === undefined ? {} : { expected: right }),
          summary: `The offer has no extra.${field}, the ${field} of the domain to sign under: the reference client makes no payment without it, and others guess.`,
          says: `@x402/evm: "EIP-712 domain parameters (name, version) are required in payment requirements"`,
          source: 'registry',
          fix: right === undefined ? `Offer the token's own ${field} as extra.${field}.` : `Offer extra.${field} "${right}".`,
        }),
      ]
    }
    if (right === undefined || offered === right) return []
    const who = expected?.token === undefined ? 'the token' : `${expected.token.symbol} on ${expected.network?.id ?? 'its network'}`
    return [
      offerFinding({
        cause: field === 'name' ? 'domain-name-mismatch' : 'domain-version-mismatch',
        severity: 'error',
        field: path,
        seen: offered,
        expected: right,
        summary: `The offer has clients sign under the ${field} "${offered}", and ${who} hashes "${right}": it recovers another signer and refuses.`,
        says: expected?.provenance.says ?? '',
        source: 'registry',
        fix: `Offer extra.${field} "${right}".`,
      }),
    ]
  })
}

const clientsMembers = ['name', 'version', 'chainId', 'verifyingContract'] as const satisfies readonly (keyof Eip712Domain)[]

/** An offer names no members of a domain: clients take the usual four, and a token that hashes others can not be paid in by any offer. */
function layoutFindings({ asset }: Requirements, expected: ExpectedDomain | undefined): Finding[] {
  if (asset === undefined || expected === undefined || !isKnown(expected)) return []
  const { domain, token, network, provenance } = expected
  const members = Object.keys(domain)
  if (clientsMembers.every((each) => members.includes(each)) && members.length === clientsMembers.length) return []
  const usdc = network?.family === 'evm' && !sameAddress(network.usdc.address, asset) ? network.usdc.address : undefined
  return [
    offerFinding({
      cause: 'nonstandard-domain-layout',
      severity: 'error',
      field: 'requirements.asset',
      seen: asset,
      ...(usdc === undefined ? {} : { expected: usdc }),
      summary: `The domain of ${token?.symbol ?? 'the token'} has ${members.join(', ')}, and clients of x402 sign one of ${clientsMembers.join(', ')}: it recovers another signer and refuses.`,
      says: provenance.says,
      source: 'registry',
      fix: usdc === undefined ? 'Offer another token.' : `Offer asset ${usdc}.`,
    }),
  ]
}

/** The diagnosis of what a client makes of it that does as it is told; undefined where it can make nothing of it. */
async function paid(
  { source, x402Version }: OfferedEntry,
  read: Requirements,
  chainId: number | undefined,
  expected: ExpectedDomain | undefined,
  { now, networks, chainsFor, replayer }: OfferOptions,
  chain: EvmNetwork | undefined,
): Promise<{ readonly diagnosis: EvmDiagnosis; readonly expected: ExpectedDomain | undefined } | undefined> {
  const { payTo, amount, asset, extra } = read
  if (payTo === undefined || amount === undefined || asset === undefined || chainId === undefined) return undefined
  const open = read.maxTimeoutSeconds
  const seconds = open !== undefined && open >= 60 && open <= 86_400 ? BigInt(Math.floor(open)) : 300n
  const from = checksum(toHex(keccak256(secp256k1.getPublicKey(clientKey, false).subarray(1)).subarray(12)))
  const authorization: Authorization = {
    from,
    to: payTo,
    value: amount,
    validAfter: now - 600n,
    validBefore: now + seconds,
    nonce: toHex(keccak256(new TextEncoder().encode(writeJson(source)))),
  }
  // As clients of x402 put a domain together, whatever members the token's own has.
  const domain: Eip712Domain = {
    name: extra?.name ?? expected?.domain.name ?? '',
    version: extra?.version ?? expected?.domain.version ?? '',
    chainId: BigInt(chainId),
    verifyingContract: expected?.domain.verifyingContract ?? asset,
  }
  const signature = sign(authorizationDigest(domainSeparator(domain), 'TransferWithAuthorization', authorization))
  const message = JSON.stringify({
    signature,
    authorization: Object.fromEntries(Object.entries(authorization).map(([key, value]) => [key, String(value)])),
  })
  const offer = writeJson(source)
  const version = x402Version ?? 2
  const named = (key: string): string => writeJson(source.get(key) ?? null)
  const own = version === 1 ? `"scheme":${named('scheme')},"network":${named('network')}` : `"accepted":${offer}`
  const body = `{"x402Version":${version},"paymentPayload":{"x402Version":${version},${own},"payload":${message}},"paymentRequirements":${offer}}`
  const payment = readEvmPayment(body, { networks })
  await using found = await investigate(payment, {
    now,
    at: now,
    networks,
    chains: chainsFor(chain),
    search: { depth: 'quick' },
    ...(replayer === undefined ? {} : { replayer }),
  })
  return { diagnosis: found.diagnosis, expected: found.signature.expected }
}

function sign(digest: Hex): Hex {
  const bytes = secp256k1.sign(fromHex(digest), clientKey, { prehash: false, format: 'recovered' })
  return `${toHex(bytes.subarray(1))}${bytes[0] === 0 ? '1b' : '1c'}` as Hex
}

/** What is of the payer's account, its signature and its clock says nothing of the offer. */
const payers: ReadonlySet<CauseId> = new Set(
  sections.flatMap(({ id, causes }): readonly CauseId[] => (id === 'payer' || id === 'signature-bytes' || id === 'time' ? causes : [])),
)
/** Said here of the offer itself. */
const ownWords: ReadonlySet<string> = new Set([
  'requirements.network',
  'network',
  'requirements.scheme',
  'scheme',
  'x402Version',
  'authorization.value',
  'keys',
])
const ofDigest: ReadonlySet<CauseId> = new Set([
  'domain-name-mismatch',
  'domain-version-mismatch',
  'domain-field-missing',
  'nonstandard-domain-layout',
  'signer-not-owner',
])

function isOffers({ cause, field, party, severity, proof }: Finding, told: readonly Finding[]): boolean {
  if (payers.has(cause) || (ofDigest.has(cause) && field?.startsWith('requirements.') !== true) || party === 'facilitator') return false
  if (field !== undefined && (ownWords.has(field) || field.startsWith('accepted.'))) return false
  if (proof === 'withdrawn' || severity === 'info') return false
  return !told.some((each) => each.cause === cause && each.field === field)
}

/** Nobody has signed anything yet: what an obedient client is blamed for is the offer's. */
function asServers(finding: Finding): Finding {
  const { party, field } = finding
  const of = field === 'authorization.to' ? { field: 'requirements.payTo' } : {}
  return party === 'client' || party === 'wallet' ? { ...finding, ...of, party: 'server' } : { ...finding, ...of }
}

/** The entry as it should be; undefined where nothing of it is known better. */
export function correctedEvm(
  entry: JsonObject,
  version: 1 | 2 | undefined,
  { read, expected, findings }: EvmTerms,
  network: NetworkTerms,
): JsonObject | undefined {
  const out = new Map(entry)
  if (network.spelled !== undefined) out.set('network', network.spelled)
  const meant = findings.find(({ cause, field }) => cause === 'amount-units-wrong' && field?.startsWith('requirements.'))?.expected
  const amount =
    meant !== undefined && /^\d+$/.test(meant) ? meant : read.amount === undefined || read.amount === 0n ? undefined : String(read.amount)
  const key = version === 1 ? 'maxAmountRequired' : 'amount'
  if (amount !== undefined) {
    for (const other of ['amount', 'maxAmountRequired', 'max_amount_required']) if (other !== key) out.delete(other)
    out.set(key, amount)
  }
  for (const field of ['payTo', 'asset'] as const) {
    const value = read[field]
    const right = findings.find(
      (each) =>
        (each.cause === 'asset-mismatch' || each.cause === 'nonstandard-domain-layout') &&
        each.severity === 'error' &&
        each.field === `requirements.${field}`,
    )?.expected
    if (value !== undefined && typeof out.get(field) === 'string')
      out.set(
        field,
        right ??
          (String(out.get(field)).toLowerCase() === value.toLowerCase() && findings.some((each) => each.field === `requirements.${field}`)
            ? value
            : (out.get(field) ?? value)),
      )
  }
  const timeout = findings.find(({ field }) => field === 'requirements.maxTimeoutSeconds')
  if (timeout !== undefined) {
    const seconds = timeout.expected !== undefined && /^\d+$/.test(timeout.expected) ? timeout.expected : '300'
    out.set('maxTimeoutSeconds', { type: 'number', digits: seconds, from: 'text' })
  }
  const usdc = network.network?.family === 'evm' ? network.network.usdc : undefined
  // Of another asset, the domain is another, too.
  const domain =
    usdc !== undefined && usdc.address === out.get('asset')
      ? tokenDomain(usdc, 0)
      : expected !== undefined && isKnown(expected)
        ? expected.domain
        : undefined
  if (domain !== undefined) {
    const extra = out.get('extra')
    const named = new Map(isObject(extra) ? extra : [])
    for (const field of ['name', 'version'] as const) {
      const right = domain[field]
      if (right !== undefined) named.set(field, right)
    }
    out.set('extra', named)
  }
  return writeJson(out) === writeJson(entry) ? undefined : out
}
