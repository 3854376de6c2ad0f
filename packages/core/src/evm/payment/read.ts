import type { Finding } from '../../causes/finding.ts'
import { builtInNetworks, type Networks } from '../../networks/networks.ts'
import { readToldToken, type ToldToken } from '../../networks/told-token.ts'
import { findCollector } from '../../rails/collectors.ts'
import type { Beside } from '../../wire/beside.ts'
import type { Readers, ReadPayment } from '../../wire/document.ts'
import { chosenNetwork, readWire, type WireOptions } from '../../wire/reader.ts'
import { otherRail, refuse } from '../../wire/refusal.ts'
import type { Draft } from './draft.ts'
import { evmForms } from './forms.ts'
import { evmMarks } from './marks.ts'
import { chainOfToken, resolveNetwork } from './network-claims.ts'
import { compareOffer } from './offer.ts'
import { signatureClaims } from './payer-claims.ts'
import type { Payment } from './payment.ts'
import { readX402 } from './x402.ts'

export interface ReadOptions {
  /** The network that is meant, by any name that `findNetwork` takes; goes before what the input says. */
  readonly network?: string | number
  /** Where names are looked up; the 17 built-in networks by default. */
  readonly networks?: Networks
  /** What the caller knows of the token; goes before what the input says, and before the registry. */
  readonly token?: ToldToken
  /** Whether what has no signature yet is read, too: its signature is `0x`. */
  readonly unsigned?: boolean
}

const readers: Readers<Draft> = {
  x402: {
    evm: readX402,
    solana: ({ payload }) => {
      throw refuse(otherRail({ rail: 'solana' }, payload))
    },
  },
  own: evmForms,
  payments: evmPayment,
}

/**
 * Reads a payment on an EVM chain, as `readEvmPayment` does.
 * @throws Eip3009Error as `readEvmPayment` does, and for a payment on Solana.
 */
export function readEvmPayment(input: string | Uint8Array | object, options: ReadOptions = {}): Payment {
  const { wire, told } = readOptions(options)
  const { found, findings, beside } = readWire(input, readers, wire)
  return withBeside(finishEvm(found, findings, wire, told), beside)
}

/** A payment with what stood beside it. */
export function withBeside<P extends object>(payment: P, beside: Beside | undefined): P & { readonly beside?: Beside } {
  return beside === undefined ? payment : { ...payment, beside }
}

/** Which payment it is: one authorization is one, however it is carried. */
export function evmPayment(payment: Draft): ReadPayment {
  const { from, to, value, validAfter, validBefore, nonce } = payment.authorization
  return {
    marks: evmMarks(payment),
    key: [from, to, value, validAfter, validBefore, nonce].join().toLowerCase(),
    says: `${value} atomic units from ${from} to ${to}, with nonce ${nonce}`,
  }
}

/** What the caller gave, and not what somebody put into `Object.prototype`. */
export function readOptions(options: ReadOptions): { readonly wire: WireOptions; readonly told: ToldToken | undefined } {
  const networks = own(options, 'networks') ?? builtInNetworks
  const token = own(options, 'token')
  return {
    wire: {
      networks,
      chosen: chosenNetwork(own(options, 'network'), networks),
      ...(own(options, 'unsigned') === true ? { unsigned: true } : {}),
    },
    told: token === undefined ? undefined : readToldToken(token),
  }
}

function own<Name extends keyof ReadOptions>(options: ReadOptions, name: Name): ReadOptions[Name] | undefined {
  return Object.hasOwn(options, name) ? options[name] : undefined
}

/** A bare authorization to a collector is what its rail signs: a ReceiveWithAuthorization. */
function collected(draft: Draft): Draft {
  const collector = draft.rail === 'eip3009' && draft.call === undefined ? findCollector(draft.authorization.to) : undefined
  if (collector === undefined) return draft
  const { label, rail } = collector
  return { ...draft, rail, primaryType: 'ReceiveWithAuthorization', recognised: `${draft.recognised}, to ${label}` }
}

/** Puts the draft's claims together: which network, which token, and whether the payment answers the offer. */
export function finishEvm(found: Draft, findings: Finding[], { networks, chosen }: WireOptions, told: ToldToken | undefined): Payment {
  const draft = collected(found)
  const claimed = resolveNetwork([...chosen, ...draft.networks], networks, findings)
  const token = told?.address ?? draft.tokens[0]?.address
  const inferred = chosen.length === 0 && draft.networks.length === 0 ? chainOfToken(token, networks) : undefined
  const network = claimed.network ?? (inferred?.family === 'evm' ? inferred : undefined)
  const chainId = claimed.chainId ?? inferred?.chainId
  findings.push(...compareOffer(draft))
  const requirements = draft.requirements ?? draft.accepted
  const networkName = draft.networks.find(({ field }) => field === 'network' || field.endsWith('.network'))?.name
  return {
    family: 'evm',
    rail: draft.rail,
    form: draft.form,
    recognised: [
      draft.recognised,
      ...(inferred === undefined ? [] : [`the network is ${inferred.id}, by the token's address`]),
      ...(told?.address === undefined ? [] : [`the token is ${told.address}, as it was told`]),
    ].join('; '),
    ...(draft.x402Version === undefined ? {} : { x402Version: draft.x402Version }),
    ...(networkName === undefined ? {} : { networkName }),
    ...(network === undefined ? {} : { network }),
    ...(chainId === undefined ? {} : { chainId }),
    ...(token === undefined ? {} : { token }),
    ...(told === undefined ? {} : { told }),
    primaryType: draft.primaryType,
    authorization: draft.authorization,
    signature: draft.signature,
    ...(draft.claimedDomain === undefined ? {} : { claimedDomain: draft.claimedDomain }),
    ...(requirements === undefined ? {} : { requirements: requirements.read }),
    ...(draft.accepted === undefined ? {} : { accepted: draft.accepted.read }),
    ...(draft.call === undefined ? {} : { call: draft.call }),
    payerClaims: [...(draft.payerClaims ?? []), ...signatureClaims(draft.signature)],
    findings,
  }
}
