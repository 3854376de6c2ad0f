import { sameAddress } from '../bytes/address.ts'
import type { Address, Hex } from '../bytes/hex.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { quote } from '../errors/quote.ts'
import { type AuthorizationRequest, readAddress } from './create-authorization.ts'
import type { SignedPayment } from './sign-authorization.ts'
import { findSignerNetwork } from './signer-network.ts'

/** An x402 offer for `exact` on an EVM network: v1 has `maxAmountRequired`, v2 `amount`. */
export interface X402Requirements {
  readonly scheme: string
  /** An x402 v1 name or a CAIP-2 id. */
  readonly network: string
  readonly asset: string
  readonly payTo: string
  /** Atomic units, in decimal. */
  readonly maxAmountRequired?: string
  readonly amount?: string
  readonly maxTimeoutSeconds?: number
  readonly extra?: unknown
}

/**
 * What an offer asks for, to be completed: `createAuthorization({ ...fromRequirements(offer), from })`.
 * An offer that names USDC's domain wrongly is refused: under its name the token refuses the signature, and under the right one the facilitator
 * that believes the offer does.
 * @throws Eip3009Error `invalid-argument`, `unknown-network`
 */
export function fromRequirements(offer: X402Requirements): Omit<AuthorizationRequest, 'from'> {
  const { scheme, maxTimeoutSeconds } = offer
  if (scheme !== 'exact') throw refused(`The offer's scheme is ${quote(scheme)}; EIP-3009 pays offers of the scheme "exact".`)
  const network = findSignerNetwork(offer.network)
  const amount = offer.amount ?? offer.maxAmountRequired
  if (typeof amount !== 'string' || !/^\d{1,78}$/.test(amount)) {
    throw refused(
      `The offer's amount is ${quote(amount)}; x402 gives atomic units as a decimal string in amount (v2) or maxAmountRequired (v1).`,
    )
  }
  const asset = readAddress("the offer's asset", offer.asset)
  const { name, version } = domainIn(offer.extra)
  const { usdc } = network
  const known = sameAddress(asset, usdc.address)
  if (known && ((name ?? usdc.name) !== usdc.name || (version ?? usdc.version) !== usdc.version)) {
    throw refused(
      `The offer says that its token is named ${quote(name)}, version ${quote(version)}; the USDC of ${network.id} hashes ${quote(usdc.name)}, version ${quote(usdc.version)}, and refuses signatures under anything else. The server has to correct extra in its offer.`,
    )
  }
  if (!known && (name === undefined || version === undefined)) {
    throw refused(
      `The offer's asset ${asset} is not the USDC of ${network.id}, and extra.name and extra.version do not say under which domain to sign.`,
    )
  }
  return {
    network,
    to: readAddress("the offer's payTo", offer.payTo),
    value: BigInt(amount),
    ...(maxTimeoutSeconds === undefined ? {} : { maxTimeoutSeconds }),
    ...(known || name === undefined || version === undefined ? {} : { token: { address: asset, name, version } }),
  }
}

function domainIn(extra: unknown): { readonly name?: string; readonly version?: string } {
  const text = (key: string): string | undefined => {
    const value: unknown = typeof extra === 'object' && extra !== null ? Reflect.get(extra, key) : undefined
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const [name, version] = [text('name'), text('version')]
  return { ...(name === undefined ? {} : { name }), ...(version === undefined ? {} : { version }) }
}

function refused(message: string): Eip3009Error {
  return new Eip3009Error('invalid-argument', message)
}

/** The `payload` of both versions of x402: amounts and times are decimal strings. */
export interface X402ExactPayload {
  readonly signature: Hex
  readonly authorization: {
    readonly from: Address
    readonly to: Address
    readonly value: string
    readonly validAfter: string
    readonly validBefore: string
    readonly nonce: Hex
  }
}

export interface X402PayloadV1 {
  readonly x402Version: 1
  readonly scheme: 'exact'
  readonly network: string
  readonly payload: X402ExactPayload
}

export interface X402PayloadV2<Offer> {
  readonly x402Version: 2
  readonly accepted: Offer
  readonly payload: X402ExactPayload
}

/** The PaymentPayload of x402 v1, for the X-PAYMENT header (in base64) or a facilitator's body. */
export function toX402V1(payment: SignedPayment): X402PayloadV1 {
  return { x402Version: 1, scheme: 'exact', network: payment.network.id, payload: exactPayload(payment) }
}

/** The PaymentPayload of x402 v2. `accepted` is the offer as the server sent it: servers compare it member by member. */
export function toX402V2<Offer extends X402Requirements>(payment: SignedPayment, accepted: Offer): X402PayloadV2<Offer> {
  return { x402Version: 2, accepted, payload: exactPayload(payment) }
}

function exactPayload({ signature, authorization }: SignedPayment): X402ExactPayload {
  const { from, to, value, validAfter, validBefore, nonce } = authorization
  return {
    signature,
    authorization: { from, to, value: String(value), validAfter: String(validAfter), validBefore: String(validBefore), nonce },
  }
}
