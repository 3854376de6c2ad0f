import { sameAddress } from '../../bytes/address.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { type CauseId, catalogue } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import { ifKnown } from '../../evidence/known.ts'
import { believed, type ChainState, simulationAt } from '../../evm/evidence/chain.ts'
import type { Evidence } from '../../evm/evidence/evidence.ts'
import type { Payment, Requirements } from '../../evm/payment/payment.ts'
import { recoverAddress } from '../../evm/signature/recover.ts'
import { type ByteProblem, readSignature } from '../../evm/signature/signature.ts'
import { unwrap } from '../../evm/signature/wallets/wrappers.ts'
import { authorizationDigest } from '../../evm/typed-data/authorization.ts'
import { domainSeparator } from '../../evm/typed-data/domain.ts'
import { findNetwork } from '../../networks/find-network.ts'
import { type CheckResult, failed, failedIf, passed, unknown } from '../profile/answer.ts'
import type { EvmCheck, EvmRules, TokenRefusal } from './profiles.ts'

/** What is known of a payment, as a facilitator would look at it. */
export interface Sight {
  readonly payment: Payment
  readonly findings: readonly Finding[]
  readonly evidence: Evidence
  readonly state?: ChainState
  /** The digest under the domain that the offer names: what it takes for the signed one. */
  readonly digest?: Hex
  /** The factory's call is in an ERC-6492 wrapper. */
  readonly wrapped: boolean
  readonly code: 'none' | 'some' | 'unknown'
}

/** Reads a payment as facilitators do: by its offer, and by what an RPC said of the payer. */
export function sightOf(payment: Payment, findings: readonly Finding[], evidence: Evidence): Sight {
  const state = believed(evidence.chains ?? [])
  const digest = offeredDigest(payment, evidence)
  return {
    payment,
    findings,
    evidence,
    ...(state === undefined ? {} : { state }),
    ...(digest === undefined ? {} : { digest }),
    wrapped: unwrap(payment.signature)?.kind === 'erc6492',
    code: codeOf(evidence, state),
  }
}

/** An account that nobody read is taken for a key's where the signature is as long as one of a key, as a diagnosis does. */
function codeOf({ signature: { bytes } }: Evidence, state: ChainState | undefined): Sight['code'] {
  const code = state === undefined ? undefined : ifKnown(state.payer.code)
  if (code !== undefined) return code.kind === 'none' ? 'none' : 'some'
  return state === undefined && bytes.length <= 65 ? 'none' : 'unknown'
}

function offeredDigest({ requirements, authorization, networkName }: Payment, { networks }: Evidence): Hex | undefined {
  const { extra, asset, network = networkName } = requirements ?? {}
  const chainId = network === undefined ? undefined : chainIdOf(network, networks)
  if (extra?.name === undefined || extra.version === undefined || asset === undefined || chainId === undefined) return undefined
  const domain = { name: extra.name, version: extra.version, chainId, verifyingContract: asset }
  return authorizationDigest(domainSeparator(domain), 'TransferWithAuthorization', authorization)
}

function chainIdOf(name: string, networks: Evidence['networks']): bigint | undefined {
  const [, digits] = /^eip155:([0-9]+)$/.exec(name) ?? []
  if (digits !== undefined) return BigInt(digits)
  const found = findNetwork(name, networks)
  return found.kind === 'network' && found.network.family === 'evm' ? BigInt(found.network.chainId) : undefined
}

/** Runs one check of a facilitator over a payment. What compares with an offer is unknown without one; what only a chain tells, without a chain. */
export function checkAs(check: EvmCheck, sight: Sight, rules: EvmRules): CheckResult {
  const { payment, evidence, state, code, wrapped } = sight
  const { authorization, requirements, accepted } = payment
  const { length } = evidence.signature.bytes
  switch (check) {
    case 'accepted-equal':
      return bothOffers(payment) ? failedIf(!sameOffer(payment)) : unknown
    case 'scheme':
      return requirements === undefined
        ? unknown
        : failedIf(requirements.scheme !== 'exact' || (accepted ?? requirements).scheme !== 'exact')
    case 'domain-offered':
      return requirements === undefined ? unknown : failedIf(!requirements.extra?.name || !requirements.extra.version)
    case 'network-served': {
      if (rules.networks === null) return passed
      const named = [payment.networkName, requirements?.network].filter((name) => name !== undefined)
      return named.length === 0 ? unknown : failedIf(named.some((name) => rules.networks?.includes(name) === false))
    }
    case 'network-equal': {
      const sent = payment.x402Version === 2 ? accepted?.network : payment.networkName
      return !isSettleBody(payment) || sent === undefined || requirements?.network === undefined
        ? unknown
        : failedIf(sent !== requirements.network)
    }
    case 'wallet-deployed':
      if (length <= 65 || code === 'some') return passed
      if (wrapped && rules.undeployed === 'unwrapped') return passed
      return code === 'none' ? failed() : unknown
    case 'factory-allowed':
      if (!wrapped || code === 'some') return passed
      return code === 'none' ? failed() : unknown
    case 'signature-read':
      if (length === 65 || wrapped || code === 'some') return passed
      return code === 'none' ? failed() : unknown
    case 'signature':
      return signature(sight, rules)
    case 'recipient':
      return requirements?.payTo === undefined ? unknown : failedIf(!sameAddress(authorization.to, requirements.payTo))
    case 'valid-before': {
      const { time } = evidence.moment
      if (rules.margin === null) return authorization.validBefore <= time ? failed() : unknown
      return failedIf(authorization.validBefore < time + rules.margin)
    }
    case 'valid-after':
      return failedIf(authorization.validAfter > evidence.moment.time)
    case 'amount': {
      const asked = requirements?.amount
      if (asked === undefined) return unknown
      return failedIf(rules.amount === 'exact' ? authorization.value !== asked : authorization.value < asked)
    }
    case 'minimum':
      return failedIf(rules.least !== null && authorization.value < rules.least)
    case 'asset-code': {
      const size = state === undefined ? undefined : ifKnown(state.token.code)
      return size === undefined ? unknown : failedIf(size === 0)
    }
    case 'balance': {
      const asked = requirements?.amount
      if (isEmpty(state)) return rules.withoutCode === 'passes' ? passed : unknown
      const balance = state === undefined ? undefined : ifKnown(state.payer.balance)
      return asked === undefined || balance === undefined || balance === null ? unknown : failedIf(balance < asked)
    }
    case 'simulation':
      return simulation(sight, rules)
  }
}

/** Whether there is no code at the asset, where calls succeed and nothing moves. */
const isEmpty = (state: ChainState | undefined): boolean => state !== undefined && ifKnown(state.token.code) === 0

const isSettleBody = ({ form }: Payment): boolean => form === 'x402-settle-body'

/** Whether the server's offer and the client's copy of it are both there: a payload alone has the copy only. */
const bothOffers = (payment: Payment): boolean =>
  isSettleBody(payment) && payment.accepted !== undefined && payment.requirements !== undefined

function sameOffer({ requirements, accepted }: Payment): boolean {
  if (requirements === undefined || accepted === undefined) return false
  const same = (a: Address | undefined, b: Address | undefined): boolean => (a === undefined ? a === b : sameAddress(a, b))
  const of = ({ scheme, network, amount, maxTimeoutSeconds, extra }: Requirements): readonly unknown[] => [
    scheme,
    network,
    amount,
    maxTimeoutSeconds,
    extra?.name,
    extra?.version,
  ]
  const theirs = of(accepted)
  return (
    of(requirements).every((value, place) => value === theirs[place]) &&
    same(requirements.payTo, accepted.payTo) &&
    same(requirements.asset, accepted.asset)
  )
}

/** Whether the payer's key has signed what the facilitator takes for the message, in bytes that it reads. */
function byKey({ payment, evidence, digest }: Sight): boolean | undefined {
  if (digest === undefined) return undefined
  const { ecdsa, length, v } = evidence.signature.bytes
  if (ecdsa === undefined || length !== 65 || v === undefined || ![0, 1, 27, 28].includes(v)) return false
  return sameAddress(recoverAddress(digest, ecdsa), payment.authorization.from)
}

/** What the payer's code answers to that message; undefined where nobody asked it. */
function byCode({ state, digest, wrapped, code }: Sight): boolean | undefined {
  if (state === undefined || digest === undefined) return undefined
  if (code === 'none') {
    if (!wrapped) return false
    return state.deployment === null ? undefined : ifKnown(state.deployment.accepts)
  }
  const answer = state.wallet.find((each) => each.digest === digest && each.form === (wrapped ? 'unwrapped' : 'as-sent'))
  return answer === undefined ? undefined : ifKnown(answer.accepts)
}

function signature(sight: Sight, rules: EvmRules): CheckResult {
  const { evidence, code, wrapped } = sight
  const long = evidence.signature.bytes.length > 65
  const key = byKey(sight)
  switch (rules.signature) {
    case 'simulated':
      return passed
    case 'unpublished':
      return unknown
    case 'token':
      // A wallet that is to be deployed is asked in the simulation.
      if (wrapped && code === 'none') return passed
      return told(code === 'none' ? key : code === 'some' ? byCode(sight) : undefined)
    case 'either': {
      if (key === true) return passed
      const accepts = code === 'none' && !wrapped ? false : byCode(sight)
      if (accepts !== false && key !== undefined) return told(accepts)
      return rules.defersWallets && long ? passed : told(key === undefined ? undefined : false)
    }
    case 'key-first':
      if (key === true || code === 'some' || wrapped) return passed
      return code === 'unknown' ? unknown : told(key)
  }
}

const told = (valid: boolean | undefined): CheckResult => (valid === undefined ? unknown : failedIf(!valid))

/** Stages at which it is the token that refuses; what an account lacks, too, but an allowance that it does not ask for. */
const byToken: ReadonlySet<string> = new Set(['gate', 'window', 'nonce', 'bytes', 'digest', 'wallet', 'accounts'])
const elsewhere: ReadonlySet<CauseId> = new Set(['window-too-short', 'permit2-allowance-missing'])
const noFunction: ReadonlySet<CauseId> = new Set(['token-without-eip3009', 'no-bytes-overload'])

/** Of these an ERC-6492 wrapper is rid when it is taken off, as all do before they call the token. */
const ofSignature: ReadonlySet<string> = new Set(['bytes', 'digest', 'wallet'])

/** The errors for which the token refuses a call, the first first; what the facilitator puts right before it calls is none. */
function refusedByToken({ findings, wrapped }: Sight, { repairs }: EvmRules): readonly Finding[] {
  const repaired: ReadonlySet<string> = new Set<ByteProblem>(repairs)
  return findings.filter(({ cause, severity }) => {
    const { at } = catalogue[cause].stops
    if (severity !== 'error' || elsewhere.has(cause) || repaired.has(cause) || (wrapped && ofSignature.has(at))) return false
    return noFunction.has(cause) || byToken.has(at)
  })
}

/** Whether the signature inside of the wrapper is good: the wallet's own word, or a key's where the wallet is not deployed. */
function innerIsGood(sight: Sight): boolean | undefined {
  const { payment, digest, code } = sight
  const accepts = byCode(sight)
  if (accepts === true) return true
  const wrapper = unwrap(payment.signature)
  const [inner] = wrapper?.kind === 'erc6492' ? wrapper.inner : []
  const { ecdsa, length } = readSignature(inner ?? '0x')
  const isKeys =
    digest !== undefined && ecdsa !== undefined && length === 65 && sameAddress(recoverAddress(digest, ecdsa), payment.authorization.from)
  return code === 'none' && isKeys ? true : accepts
}

function simulation(sight: Sight, rules: EvmRules): CheckResult {
  const { payment, evidence, state, wrapped } = sight
  if (rules.signature === 'unpublished') return unknown
  if (isEmpty(state)) return rules.withoutCode === 'passes' ? passed : unknown
  if (refusedByToken(sight, rules).length > 0) return failed(reasonOf(sight))
  if (wrapped) {
    const good = innerIsGood(sight)
    return good === false ? failed(reasonOf(sight)) : told(good)
  }
  const ran = state === undefined ? undefined : simulationAt(state, payment.authorization)
  if (ran === 'succeeds') return passed
  // The call was made with the bytes as they are: with others it may go otherwise.
  const asSent = !evidence.signature.bytes.problems.some((problem) => rules.repairs.includes(problem))
  return ran !== undefined && asSent ? failed(reasonOf(sight)) : unknown
}

/** Why it failed, as diagnoseEip3009SimulationFailure of @x402/evm finds it: the first of these that is so. What nobody read is taken to be all right. */
type SimulationReason =
  | 'eip3009_not_supported'
  | 'nonce_already_used'
  | 'token_name_mismatch'
  | 'token_version_mismatch'
  | 'insufficient_balance'
  | 'transaction_simulation_failed'

function reasonOf({ payment: { requirements }, evidence, state, findings }: Sight): SimulationReason {
  const { expected } = evidence.signature
  const known = expected?.basis === 'registry' || expected?.basis === 'chain' ? expected.domain : undefined
  const read = state?.token
  const used = state === undefined ? undefined : ifKnown(state.nonce.used)
  const name = (read === undefined ? undefined : ifKnown(read.name)) ?? known?.name
  const version = (read === undefined ? undefined : ifKnown(read.version)) ?? known?.version
  const balance = state === undefined ? undefined : ifKnown(state.payer.balance)
  const { extra, amount } = requirements ?? {}
  if (used === null || findings.some(({ cause, severity }) => cause === 'token-without-eip3009' && severity === 'error'))
    return 'eip3009_not_supported'
  if (used === true) return 'nonce_already_used'
  if (name !== undefined && extra?.name !== undefined && name !== extra.name) return 'token_name_mismatch'
  if (version !== undefined && extra?.version !== undefined && version !== extra.version) return 'token_version_mismatch'
  return balance !== undefined && balance !== null && amount !== undefined && balance < amount
    ? 'insufficient_balance'
    : 'transaction_simulation_failed'
}

/** What the token would refuse a payment for that gets as far as `/settle`, as facilitators tell its words apart; undefined where it would not. */
export function refusalAtSettle(sight: Sight, rules: EvmRules): TokenRefusal | undefined {
  const [first] = refusedByToken(sight, rules)
  if (first === undefined) return sight.wrapped && innerIsGood(sight) === false ? 'signature' : undefined
  const { cause } = first
  if (noFunction.has(cause)) return 'other'
  switch (catalogue[cause].stops.at) {
    case 'window':
      return cause === 'expired' || cause === 'window-inverted' ? 'late' : 'early'
    case 'nonce':
      return cause === 'nonce-out-of-sequence' || cause === 'nonce-out-of-turn' ? 'other' : 'used'
    case 'bytes':
    case 'digest':
    case 'wallet':
      return 'signature'
    case 'accounts':
      return cause === 'insufficient-balance' ? 'balance' : 'other'
    default:
      return 'other'
  }
}
