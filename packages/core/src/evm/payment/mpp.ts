import { keccak_256 } from '@noble/hashes/sha3.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { decodeBase64 } from '../../bytes/base64.ts'
import { toHex } from '../../bytes/bytes.ts'
import type { Finding } from '../../causes/finding.ts'
import type { NetworkClaim, WireContext } from '../../wire/context.ts'
import { isAuthorization } from '../../wire/envelope.ts'
import { isNumber, isObject, type Json, type JsonObject, parseJson } from '../../wire/json.ts'
import { otherRail, refuse, unreadable, unsupported } from '../../wire/refusal.ts'
import { shownValue } from '../../wire/shown-value.ts'
import { decodeText, show } from '../../wire/text.ts'
import type { Authorization } from '../typed-data/authorization.ts'
import type { Draft, Offer } from './draft.ts'
import { readAddress, readAmount } from './field.ts'
import { decimalsOf } from './network-claims.ts'
import { payerClaims } from './payer-claims.ts'
import type { Requirements } from './payment.ts'
import { readAuthorization, readSignature } from './signed-authorization.ts'

/**
 * Reads the credential of an MPP charge on an EVM chain whose payload is an EIP-3009 authorization (mppx 0.11.0, evm/server/Charge.js): the challenge's
 * `request` is the offer, and the nonce is bound to the challenge.
 * @throws Eip3009Error for credentials of other methods and of other kinds, and where a part of what was signed is missing.
 */
export function readMpp(credential: JsonObject, context: WireContext): Draft {
  const { findings, keys, networks, chosen } = context
  const challenge = credential.get('challenge')
  const payload = credential.get('payload')
  const method = isObject(challenge) ? challenge.get('method') : undefined
  if (!isObject(challenge) || method !== 'evm') throw refuse(otherRail({ rail: 'mpp-other', named: text(method) ?? '' }, credential))
  const type = isObject(payload) ? payload.get('type') : undefined
  if (!isObject(payload) || (type !== undefined && type !== 'authorization') || !isAuthorization(payload, keys)) {
    throw refuse({
      ...unsupported(
        `an MPP credential of the method evm whose payload is ${type === undefined ? shownValue(payload) : `of the type "${show(text(type) ?? '?')}"`}`,
        'paste a credential whose payload is of the type "authorization"',
      ),
      rail: 'mpp-charge',
    })
  }
  const request = requestIn(challenge)
  const chainId = request === undefined ? undefined : chainIn(request)
  const claims: NetworkClaim[] =
    chainId === undefined ? [] : [{ field: 'challenge.request.methodDetails.chainId', name: chainId, party: 'server' }]
  const asset = readAddress(request?.get('currency'))
  const decimals = decimalsOf(asset.ok ? asset.value : undefined, [...chosen, ...claims], networks)
  const authorization = readAuthorization(payload, keys, decimals, findings)
  const signature = readSignature(payload.get('signature'), context)
  const offer = request === undefined ? undefined : offerOf(request, decimals)
  findings.push(...nonceFindings(challenge, authorization), ...sourceFindings(credential.get('source'), authorization, chainId))
  return {
    family: 'evm',
    rail: 'mpp-charge',
    form: 'mpp-credential',
    recognised: `MPP credential (evm/${show(text(challenge.get('intent')) ?? '?')}, authorization)`,
    primaryType: 'TransferWithAuthorization',
    authorization,
    signature,
    networks: claims,
    tokens: asset.ok ? [{ field: 'challenge.request.currency', address: asset.value }] : [],
    ...(offer === undefined ? {} : { requirements: offer }),
    payerClaims: payerClaims([{ path: 'payload', object: payload }]),
  }
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** The challenge's request: base64url of JSON on the wire, an object in a program. */
function requestIn(challenge: JsonObject): JsonObject | undefined {
  const request = challenge.get('request')
  if (isObject(request)) return request
  if (typeof request !== 'string') return undefined
  const decoded = decodeBase64(request)
  const content = decoded.ok ? decodeText(decoded.bytes) : undefined
  const parsed = content?.ok ? parseJson(content.text) : undefined
  if (parsed?.ok && isObject(parsed.value)) return parsed.value
  throw refuse(
    unreadable(
      'an MPP credential whose challenge.request is no base64url of a JSON object',
      'the request as the server sent it in WWW-Authenticate',
      'copy the credential again, as the client sent it',
    ),
  )
}

function chainIn(request: JsonObject): string | undefined {
  const details = request.get('methodDetails')
  const value = isObject(details) ? details.get('chainId') : undefined
  const digits = isNumber(value) ? value.digits : value
  return typeof digits === 'string' && /^[0-9]{1,15}$/.test(digits) ? `eip155:${digits}` : undefined
}

function offerOf(source: JsonObject, decimals: number): Offer {
  const amount = readAmount(source.get('amount'), decimals)
  const [payTo, asset] = [readAddress(source.get('recipient')), readAddress(source.get('currency'))]
  const read: Requirements = {
    ...(amount.ok ? { amount: amount.value } : {}),
    ...(payTo.ok ? { payTo: payTo.value } : {}),
    ...(asset.ok ? { asset: asset.value } : {}),
  }
  const path = 'challenge.request'
  return { path, names: { amount: `${path}.amount`, recipient: `${path}.recipient` }, source, read }
}

/** The nonce that answers a challenge: keccak256 of its id and realm, as UTF-8, one after the other. */
function challengeNonce(id: string, realm: string): `0x${string}` {
  return toHex(keccak_256(utf8ToBytes(`${id}${realm}`)))
}

function nonceFindings(challenge: JsonObject, { nonce }: Authorization): Finding[] {
  const [id, realm] = [text(challenge.get('id')), text(challenge.get('realm'))]
  if (id === undefined || realm === undefined) return []
  const expected = challengeNonce(id, realm)
  if (nonce === expected) return []
  return [
    {
      cause: 'nonce-not-bound',
      party: 'client',
      severity: 'error',
      field: 'authorization.nonce',
      seen: nonce,
      expected,
      summary: `The nonce ${nonce} is not bound to the challenge: an MPP server wants keccak256 of the challenge's id and realm, ${expected}.`,
      evidence: [
        { source: 'computed', says: `keccak256("${show(id)}" ‖ "${show(realm)}") is ${expected}.` },
        { source: 'payload', says: `payload.nonce is ${nonce}.` },
      ],
      fix: `Sign the authorization with nonce ${expected}.`,
    },
  ]
}

/** The credential's `source`, did:pkh:eip155:<chain>:<address>, which mppx compares as text with the payer's checksummed address on the chain. */
function sourceFindings(source: Json | undefined, { from }: Authorization, chain: string | undefined): Finding[] {
  if (typeof source !== 'string' || source === '' || chain === undefined) return []
  const expected = `did:pkh:${chain}:${from}`
  if (source === expected) return []
  return [
    {
      cause: 'malformed-field',
      party: 'client',
      severity: 'error',
      field: 'source',
      seen: show(source),
      expected,
      summary: `The credential's source is "${show(source)}", and the payment is of ${from} on ${chain}: an MPP server refuses a source that differs.`,
      evidence: [{ source: 'payload', says: `source is "${show(source)}"; payload.from is ${from}.` }],
      fix: `Send the source ${expected}, or leave it out.`,
    },
  ]
}
