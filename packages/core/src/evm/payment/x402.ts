import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding, Severity } from '../../causes/finding.ts'
import type { Party } from '../../causes/party.ts'
import { findNetwork } from '../../networks/find-network.ts'
import type { PaymentRail } from '../../rails/rail.ts'
import type { NetworkClaim, WireContext } from '../../wire/context.ts'
import { type Envelope, isAuthorization, misplaced, offerIn } from '../../wire/envelope.ts'
import { findRail } from '../../wire/find-rail.ts'
import { isNumber, isObject, type Json, type JsonObject } from '../../wire/json.ts'
import type { Keys } from '../../wire/keys.ts'
import { claimOf, claimsIn } from '../../wire/network-claims.ts'
import { amountKey } from '../../wire/offer-members.ts'
import { describeJson, otherRail, refuse, unreadable } from '../../wire/refusal.ts'
import { shownValue } from '../../wire/shown-value.ts'
import { show } from '../../wire/text.ts'
import type { Draft, Offer, TokenClaim } from './draft.ts'
import { readAddress } from './field.ts'
import { decimalsOf } from './network-claims.ts'
import { payerClaims } from './payer-claims.ts'
import { readRequirements } from './requirements.ts'
import { readAuthorization, readSignature } from './signed-authorization.ts'

/** Reads an authorization and its signature without an envelope, with whatever network, token and offer stand beside them. */
export function readBare(object: JsonObject, context: WireContext): Draft {
  const { findings, keys, networks, chosen } = context
  const message = [object.get('authorization'), object.get('message')].find(isObject) ?? object
  const primaryType = object.get('primaryType') === 'ReceiveWithAuthorization' ? 'ReceiveWithAuthorization' : 'TransferWithAuthorization'
  const requirementsSource = offerIn(object, object, keys, findings)
  const [said, network] = networkNames.map((name) => [name, keys.get(object, name)] as const).find(([, value]) => value !== undefined) ?? []
  const claims = [
    ...claimOf(said === undefined || said === 'chainId' ? 'network' : said, isObject(network) ? network.get('id') : network, 'client'),
    ...claimOf('requirements.network', requirementsSource?.get('network'), 'server'),
  ]
  const token = [...tokenNames].map((name) => keys.get(object, name)).find((value) => value !== undefined)
  const asset = readAddress(token)
  const decimals = decimalsOf(asset.ok ? asset.value : assetOf(requirementsSource), [...chosen, ...claims], networks)
  const authorization = readAuthorization(message, keys, decimals, findings)
  const signature = readSignature(
    object.get('signature') ?? object.get('sig') ?? partsOf(object) ?? message.get('signature') ?? partsOf(message),
    context,
  )
  const requirements = offerOf('requirements', requirementsSource, decimals, context)
  const version = versionNumber(keys.get(object, 'x402Version'), findings)
  return {
    family: 'evm',
    rail: 'eip3009',
    form: 'authorization-and-signature',
    recognised: signature === '0x' ? 'authorization without a signature' : 'authorization and signature',
    ...(version === 1 || version === 2 ? { x402Version: version } : {}),
    primaryType,
    authorization,
    signature,
    payerClaims: payerClaims([{ path: '', object }, ...(message === object ? [] : [{ path: 'authorization', object: message }])]),
    networks: claims,
    tokens: tokenClaims(requirements, undefined, token),
    ...(requirements === undefined ? {} : { requirements }),
  }
}

/** The network beside a bare authorization, by the words of this dialect and that: x402's own first, OKX's "chainIndex", a wallet's "chain". */
const networkNames = ['network', 'chainId', 'chainIndex', 'chain', 'chainName', 'networkId', 'networkName'] as const
const tokenNames = ['asset', 'token', 'tokenAddress', 'verifyingContract', 'contractAddress'] as const

function offerOf(
  path: 'requirements' | 'accepted',
  source: Json | undefined,
  decimals: number,
  { keys, findings }: WireContext,
): Offer | undefined {
  if (!isObject(source)) return undefined
  const names = { amount: `${path}.${amountKey(source, keys)}`, recipient: `${path}.payTo` }
  return { path, names, source, read: readRequirements(source, path, keys, decimals, findings) }
}

/** Reads on from an x402 payment that was found. */
export function readX402(envelope: Envelope, context: WireContext): Draft {
  const { form, payload, body, offer: requirementsSource } = envelope
  const { findings, keys, networks, chosen } = context
  const source = unnest(payload, keys, findings)
  const acceptedSource = payload.get('accepted')
  const rail = readableRail(payload, source, requirementsSource, context)

  const version = readVersion(payload, body, requirementsSource, context)
  const claims = networkClaims(envelope)
  noteNotation(version, claims, context)
  const asset = assetOf(requirementsSource) ?? assetOf(isObject(acceptedSource) ? acceptedSource : undefined)
  const decimals = decimalsOf(asset, [...chosen, ...claims], networks)
  const requirements = offerOf('requirements', requirementsSource, decimals, context)
  const accepted = offerOf('accepted', acceptedSource, decimals, context)

  if (rail !== 'auth-capture') {
    noteScheme(
      isObject(acceptedSource) ? acceptedSource.get('scheme') : payload.get('scheme'),
      accepted === undefined ? requirements : undefined,
      findings,
    )
  }
  const message = source.get('authorization')
  const authorization = readAuthorization(isObject(message) ? message : source, keys, decimals, findings)
  const signature = readSignature(source.get('signature') ?? partsOf(source) ?? payload.get('signature'), context)
  const shape = version === undefined ? 'x402' : `x402 v${version}`
  const what = form === 'x402-settle-body' ? `${shape} /verify or /settle body` : `${shape} PaymentPayload`
  return {
    family: 'evm',
    rail,
    form,
    recognised: rail === 'circle-gateway' ? `${what} for Circle Gateway` : rail === 'auth-capture' ? `${what} of auth-capture` : what,
    ...(version === undefined ? {} : { x402Version: version }),
    primaryType: rail === 'auth-capture' ? 'ReceiveWithAuthorization' : 'TransferWithAuthorization',
    authorization,
    signature,
    payerClaims: payerClaims([
      ...(body === undefined ? [] : [{ path: '', object: body }]),
      { path: body === undefined ? '' : 'paymentPayload', object: payload },
      ...(source === payload ? [] : [{ path: 'payload', object: source }]),
      ...(isObject(message) ? [{ path: 'payload.authorization', object: message }] : []),
    ]),
    networks: claims,
    tokens: tokenClaims(requirements, accepted, source.get('asset')),
    ...(requirements === undefined ? {} : { requirements }),
    ...(accepted === undefined ? {} : { accepted }),
  }
}

/** `r`, `s` and `v` beside the authorization instead of a signature. */
function partsOf(source: JsonObject): JsonObject | undefined {
  return source.has('r') && source.has('s') ? source : undefined
}

/** The object that holds the authorization: `payload`, a payload in it, or the PaymentPayload itself when it is flat. */
function unnest(payload: JsonObject, keys: Keys, findings: Finding[]): JsonObject {
  const inner = payload.get('payload')
  if (inner === undefined && (isAuthorization(payload, keys) || isObject(payload.get('authorization')))) {
    misplaced(
      findings,
      'payload',
      'payload.authorization',
      'The authorization stands at the top of the PaymentPayload, where x402 has it under payload.authorization.',
      'error',
    )
    return payload
  }
  if (!isObject(inner)) return payload
  if (isObject(inner.get('authorization'))) return inner
  if (isAuthorization(inner, keys)) {
    misplaced(
      findings,
      'payload',
      'payload.authorization',
      "The authorization's fields stand directly in payload, as Cronos' facilitator has them; x402 has them under payload.authorization.",
      'warning',
    )
    return inner
  }
  const deeper = inner.get('payload')
  if (isObject(deeper) && (isObject(deeper.get('authorization')) || isAuthorization(deeper, keys))) {
    misplaced(findings, 'payload.payload', 'payload', 'The payload is nested once more than x402 has it (payload.payload).', 'error')
    return deeper
  }
  return inner
}

/** The rail of a payload that is read; ends the reading for others, before anything is said about fields that those do not have. */
function readableRail(
  payload: JsonObject,
  source: JsonObject,
  offer: JsonObject | undefined,
  { keys, networks }: WireContext,
): Extract<PaymentRail, 'x402-exact' | 'circle-gateway' | 'auth-capture'> {
  const message = source.get('authorization')
  const signs3009 = isAuthorization(isObject(message) ? message : source, keys)
  const found = findRail(payload, offer, networks)
  const rail = found?.rail
  const own = rail === 'circle-gateway' || rail === 'auth-capture' ? rail : 'x402-exact'
  const isRead = signs3009 || isObject(message) || source.has('from')
  if (found !== undefined && (rail !== own || (own === 'auth-capture' && !isRead))) throw refuse(otherRail(found, payload))
  // What is not whole is an authorization with a member missing, which its reader names.
  if (isRead) return own
  const inner = payload.get('payload')
  throw refuse(
    unreadable(
      `an x402 PaymentPayload without an authorization: its payload is ${inner === undefined ? 'missing' : describeJson(inner)}`,
      'payload.authorization and payload.signature',
      'paste the whole payload that the client made',
    ),
  )
}

/** The scheme, which was found not to be another than `exact`, against its spelling and against the offer of a v1 body. */
function noteScheme(scheme: Json | undefined, offer: Offer | undefined, findings: Finding[]): void {
  if (scheme !== 'exact') {
    const seen = shownValue(scheme)
    findings.push({
      cause: 'malformed-field',
      party: 'client',
      severity: 'warning',
      field: 'scheme',
      seen,
      expected: 'exact',
      summary: `scheme is ${scheme === undefined ? 'missing' : `"${seen}"`}, where x402 has "exact".`,
      evidence: [{ source: 'payload', says: `scheme is ${seen}.` }],
      fix: 'Write "scheme": "exact".',
    })
  }
  const asked = offer?.read.scheme
  if (asked === undefined || asked.toLowerCase() === 'exact') return
  findings.push({
    cause: 'accepted-mismatch',
    party: 'client',
    severity: 'error',
    field: 'scheme',
    seen: shownValue(scheme),
    expected: show(asked),
    summary: `The payment is of the scheme "exact", and the offer asks for "${show(asked)}".`,
    evidence: [{ source: 'payload', says: `requirements.scheme is "${show(asked)}".` }],
    fix: `Answer an offer of the scheme "exact", or pay by "${show(asked)}".`,
  })
}

/** The version that is declared; where nothing is, the one that the shape has. */
function readVersion(
  payload: JsonObject,
  body: JsonObject | undefined,
  requirements: JsonObject | undefined,
  { keys, findings }: WireContext,
): 1 | 2 | undefined {
  const outer = body === undefined ? undefined : keys.get(body, 'x402Version')
  const inner = keys.get(payload, 'x402Version')
  const declared = versionNumber(inner ?? outer, findings)
  const outerNumber = inner === undefined ? undefined : versionNumber(outer, [])
  if (outerNumber !== undefined && declared !== undefined && outerNumber !== declared) {
    mismatch(
      findings,
      'x402Version',
      String(outerNumber),
      String(declared),
      `The body says x402Version ${outerNumber} and its paymentPayload says ${declared}.`,
      `Send the same x402Version in both: ${declared}.`,
    )
  }
  const shape = isObject(payload.get('accepted')) ? 2 : payload.has('scheme') || payload.has('network') ? 1 : undefined
  if (declared === undefined) {
    if (inner === undefined && outer === undefined) {
      const fix = shape === undefined ? 'Add x402Version.' : `Add "x402Version": ${shape}.`
      mismatch(
        findings,
        'x402Version',
        'missing',
        shape === undefined ? '1 or 2' : String(shape),
        `x402Version is missing${shape === undefined ? '' : `; the shape is that of v${shape}`}.`,
        fix,
        'warning',
      )
    }
    return shape
  }
  if (declared !== 1 && declared !== 2) {
    mismatch(
      findings,
      'x402Version',
      String(declared),
      '1 or 2',
      `x402Version is ${declared}, and x402 has the versions 1 and 2.`,
      `Send x402Version ${shape ?? 2}.`,
    )
    return shape
  }
  if (shape !== undefined && shape !== declared) {
    const has = shape === 2 ? 'the network and amount under "accepted"' : 'scheme and network at the top and no "accepted"'
    mismatch(
      findings,
      'x402Version',
      String(declared),
      String(shape),
      `x402Version is ${declared}, and the payload has the shape of v${shape}: ${has}.`,
      `Send x402Version ${shape}, or build the payload as v${declared} has it.`,
    )
  }
  if (requirements !== undefined) noteRequirementsShape(requirements, declared, keys, findings)
  return declared
}

function noteRequirementsShape(requirements: JsonObject, declared: 1 | 2, keys: Keys, findings: Finding[]): void {
  const name = amountKey(requirements, keys)
  const shape = name === 'maxAmountRequired' ? 1 : 2
  if (
    keys.get(requirements, name) === undefined ||
    shape === declared ||
    keys.get(requirements, declared === 1 ? 'maxAmountRequired' : 'amount') !== undefined
  )
    return
  const right = declared === 1 ? 'maxAmountRequired' : 'amount'
  const summary = `The requirements have "${name}", which is x402 v${shape}, in a v${declared} body, which has "${right}".`
  mismatch(
    findings,
    `requirements.${name}`,
    name,
    right,
    summary,
    `Build the requirements for x402 v${declared}: rename ${name} to ${right}, and name the network as v${declared} does.`,
    'error',
    'server',
  )
}

function versionNumber(value: Json | undefined, findings: Finding[]): number | undefined {
  if (isNumber(value) && /^[0-9]{1,6}$/.test(value.digits)) return Number(value.digits)
  if (value === undefined) return undefined
  const digits = typeof value === 'string' ? /^\s*v?([0-9]{1,6})\s*$/.exec(value)?.[1] : undefined
  const seen = shownValue(value)
  findings.push({
    cause: 'malformed-field',
    party: 'client',
    severity: 'warning',
    field: 'x402Version',
    seen,
    expected: `the number ${digits ?? '1 or 2'}`,
    summary: `x402Version is ${typeof value === 'string' ? `the string "${seen}"` : seen}, where x402 has a number.`,
    evidence: [{ source: 'payload', says: `x402Version is ${seen}.` }],
    fix: `Write it as a number: ${digits ?? '2'}.`,
  })
  return digits === undefined ? undefined : Number(digits)
}

/** The network by each name that it is given; OKX's dialect has it as a chain id under `chainIndex`. */
function networkClaims(envelope: Envelope): readonly NetworkClaim[] {
  return [
    ...claimsIn(envelope),
    ...claimOf('chainIndex', envelope.payload.get('chainIndex'), 'client'),
    ...claimOf('requirements.chainIndex', envelope.offer?.get('chainIndex'), 'server'),
  ]
}

/** v1 names networks ("base"), v2 has CAIP-2 ids ("eip155:8453"); the reference and x402-rs each refuse the other's. */
function noteNotation(version: 1 | 2 | undefined, claims: readonly NetworkClaim[], { networks, findings }: WireContext): void {
  for (const { field, name, party } of claims) {
    const caip = name.includes(':')
    const bare = /^(?:[0-9]+|0x[0-9a-f]+)$/i.test(name)
    if (version === undefined || (!bare && caip === (version === 2)) || field.endsWith('chainIndex')) continue
    const answer = findNetwork(name, networks)
    const known = answer.kind === 'network' ? `"${version === 2 ? answer.network.caip2 : answer.network.id}"` : undefined
    const wants = known ?? (version === 2 ? 'a CAIP-2 id such as "eip155:8453"' : 'a name such as "base"')
    const has = bare ? 'a bare chain id' : caip ? 'a CAIP-2 id, as x402 v2 has it' : 'a name, as x402 v1 has it'
    const summary = `${field} is "${show(name)}", ${has}, where an x402 v${version} payment has ${wants}.`
    const fix = `Write ${field} as ${wants}${bare ? '' : `, or send the payment as x402 v${version === 2 ? 1 : 2}`}.`
    mismatch(findings, field, show(name), wants, summary, fix, 'warning', party)
  }
}

function assetOf(offer: JsonObject | undefined): `0x${string}` | undefined {
  const asset = offer?.get('asset')
  const read = readAddress(isObject(asset) ? asset.get('address') : asset)
  return read.ok ? read.value : undefined
}

function tokenClaims(requirements: Offer | undefined, accepted: Offer | undefined, flat: Json | undefined): TokenClaim[] {
  const claim = (field: string, address: TokenClaim['address'] | undefined): TokenClaim[] =>
    address === undefined ? [] : [{ field, address }]
  const own = readAddress(flat)
  return [
    ...claim('requirements.asset', requirements?.read.asset),
    ...claim('accepted.asset', accepted?.read.asset),
    ...claim('payload.asset', own.ok ? own.value : undefined),
  ]
}

function mismatch(
  findings: Finding[],
  field: string,
  seen: string,
  expected: string,
  summary: string,
  fix: string,
  severity: Severity = 'error',
  party: Party = 'client',
): void {
  const cause: CauseId = 'wire-version-mismatch'
  findings.push({ cause, party, severity, field, seen, expected, summary, evidence: [{ source: 'payload', says: summary }], fix })
}
