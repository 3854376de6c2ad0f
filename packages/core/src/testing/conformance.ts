import type { Address, Hex } from '../bytes/hex.ts'
import { type CauseId, catalogue } from '../causes/catalogue.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { quote } from '../errors/quote.ts'
import { clock } from '../evidence/clock.ts'
import { diagnose } from '../evm/diagnosis/diagnose.ts'
import { revertOf } from '../evm/evidence/outcome-words.ts'
import type { Payment } from '../evm/payment/payment.ts'
import { readEvmPayment } from '../evm/payment/read.ts'
import { tokenDomain } from '../evm/signature/expected-domain.ts'
import { recoverAddress } from '../evm/signature/recover.ts'
import { readSignature } from '../evm/signature/signature.ts'
import { authorizationDigest } from '../evm/typed-data/authorization.ts'
import { domainSeparator } from '../evm/typed-data/domain.ts'
import { openChain } from '../evm/world/open-chain.ts'
import type { SimulatedOutcome } from '../evm/world/simulate.ts'
import { checksum } from '../networks/checksum.ts'
import type { EvmNetwork } from '../networks/network.ts'
import { builtInNetworks } from '../networks/networks.ts'
import type { PaymentSigner } from '../signer/sign-authorization.ts'
import { type ProbedTypedData, type ProbeId, probeIds, probeOf, type SigningContext, signingProbes } from './signing-probes.ts'

/**
 * What is tested: a viem account or wallet client, an ethers v6 signer, or a function. A function answers with the signature, or with a whole payment
 * in any form that `readEvmPayment` reads: then its own window, amount and payee are judged too.
 */
export type SignerUnderTest = PaymentSigner | ((typedData: never, context: SigningContext) => Promise<string | object>)

export interface ConformanceOptions {
  /** The account that signs, for a function; found out by two signatures when absent. */
  readonly address?: Address
  /** Which networks; every EVM network with EIP-3009 when absent. */
  readonly networks?: readonly EvmNetwork[]
  /** Which ways of asking; all when absent. `usual` is always among them. */
  readonly probes?: readonly ProbeId[]
  /** Unix seconds; the clock when absent. */
  readonly now?: bigint
}

/** One thing that a signer does wrong on one network. */
export interface SignerFault {
  readonly network: string
  /** What it was given when it did. */
  readonly probe: ProbeId
  /** The cause that a diagnosis of the payment names; null where it threw, or answered with no payment. */
  readonly cause: CauseId | null
  /** What it does wrong, in one sentence. */
  readonly says: string
  readonly fix: string
  /** What the contract answered; null where there was nothing to send to it. */
  readonly contract: string | null
}

export interface NetworkConformance {
  readonly network: string
  readonly chainId: number
  /** Where the payments were tried: `embedded base, FiatToken v2.2`. */
  readonly chain: string
  /** Payments that the contract took, of those that were tried. */
  readonly settled: number
  readonly tried: number
  readonly faults: readonly SignerFault[]
}

export interface ConformanceReport {
  readonly signer: Address
  /** No fault anywhere. */
  readonly conforms: boolean
  /** The answer in one sentence. */
  readonly says: string
  readonly networks: readonly NetworkConformance[]
  readonly faults: readonly SignerFault[]
  /** Ways of asking that the signer refused with an error: no fault, since nothing wrong was signed. */
  readonly refused: readonly { readonly probe: ProbeId; readonly given: string; readonly error: string }[]
}

/**
 * Has a signer sign for every network, in every way in which clients ask, and tries each payment on the network's own contract on a chain of ours. What
 * the contract refuses is a fault, and the diagnosis of the payment names it. Nothing leaves the machine, and what is signed is worth nothing there: use
 * a test key all the same.
 * @throws Eip3009Error `invalid-argument` for what is no signer, or when its account can't be found out; what opening a chain throws.
 */
export async function signerConformance(signer: SignerUnderTest, options: ConformanceOptions = {}): Promise<ConformanceReport> {
  const { networks = evmNetworks(), now = clock() } = options
  const probes = probeIds.filter((id) => id === 'usual' || options.probes === undefined || options.probes.includes(id))
  const [first] = networks
  if (first === undefined) throw new Eip3009Error('invalid-argument', 'There is no network to test the signer on; give at least one.')
  const sign = askerOf(signer)
  const address = options.address ?? (await accountOf(signer)) ?? (await findAccount(sign, first, now))
  const refused = new Map<ProbeId, string>()
  const reports: NetworkConformance[] = []
  for (const network of networks) reports.push(await testNetwork(sign, network, address, probes, now, refused))
  const faults = reports.flatMap((report) => report.faults)
  const tried = reports.reduce((sum, report) => sum + report.tried, 0)
  return {
    signer: address,
    conforms: faults.length === 0,
    says: sayAll(faults, reports, tried),
    networks: reports,
    faults,
    refused: [...refused].map(([probe, error]) => ({ probe, given: signingProbes[probe].given, error })),
  }
}

/** The networks that have a contract to try on. */
export function evmNetworks(): readonly EvmNetwork[] {
  return builtInNetworks.all.filter((network): network is EvmNetwork => network.family === 'evm')
}

function sayAll(faults: readonly SignerFault[], reports: readonly NetworkConformance[], tried: number): string {
  const on = `${reports.length} ${reports.length === 1 ? 'network' : 'networks'}`
  if (faults.length === 0) return `All ${tried} payments settle on ${on}.`
  const bad = new Set(faults.map(({ network }) => network)).size
  const kinds = new Set(faults.map(({ says }) => says)).size
  return `The signer does ${kinds === 1 ? 'one thing' : `${kinds} things`} wrong, on ${bad} of ${on}.`
}

type Asker = (typedData: ProbedTypedData, context: SigningContext) => Promise<unknown>

function askerOf(signer: SignerUnderTest): Asker {
  const given: unknown = signer
  if (typeof given === 'function') return async (typedData, context) => given(typedData, context)
  if (!has(given, 'signTypedData')) {
    throw new Eip3009Error(
      'invalid-argument',
      `A signer is a viem account, a viem wallet client, an ethers v6 signer or a function of typed data; got ${quote(given)}.`,
    )
  }
  if (!has(given, 'getAddress')) return async (typedData) => given.signTypedData(typedData)
  // ethers derives EIP712Domain itself and takes a listed one for a second primary type.
  return async ({ domain, types: { EIP712Domain: _, ...types }, message }) => given.signTypedData(domain, types, message)
}

function has<Name extends string>(value: unknown, name: Name): value is Record<Name, (...args: readonly unknown[]) => unknown> {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function'
}

async function accountOf(signer: unknown): Promise<Address | undefined> {
  if (has(signer, 'getAddress')) return checksum(String(await signer.getAddress()))
  if (typeof signer !== 'object' || signer === null) return undefined
  const own: unknown = Reflect.get(signer, 'address') ?? Reflect.get(Object(Reflect.get(signer, 'account')), 'address')
  return typeof own === 'string' && /^0x[0-9a-fA-F]{40}$/.test(own) ? checksum(own) : undefined
}

/** Two signatures of different messages that recover to one account are that account's. */
async function findAccount(sign: Asker, network: EvmNetwork, now: bigint): Promise<Address> {
  const nobody: Address = '0x0000000000000000000000000000000000000001'
  const found = new Set<string>()
  for (const id of ['usual', 'large-amount'] as const) {
    const { authorization, typedData, context } = probeOf(id, network, nobody, now)
    const answer = await sign(typedData, context)
    if (!isSignature(answer)) {
      found.add(readEvmPayment(answer as object).authorization.from)
      continue
    }
    const separator = domainSeparator(tokenDomain(network.usdc, network.chainId))
    const { ecdsa } = readSignature(answer)
    const who =
      ecdsa === undefined ? undefined : recoverAddress(authorizationDigest(separator, 'TransferWithAuthorization', authorization), ecdsa)
    found.add(who ?? 'nobody')
  }
  const [account] = found
  if (account !== undefined && account !== 'nobody' && found.size === 1) return checksum(account)
  throw new Eip3009Error(
    'invalid-argument',
    'Nobody knows whose signatures these are: two of them do not recover to one account. Give the account: signerConformance(sign, { address }).',
  )
}

function isSignature(answer: unknown): answer is Hex {
  return typeof answer === 'string' && /^0x(?:[0-9a-fA-F]{2}){0,4096}$/.test(answer) && answer.length < 2 + 2 * 200
}

/** A payment that a probe came to, and what it was asked for. */
interface Answered {
  readonly probe: ProbeId
  readonly payment: Payment
}

async function testNetwork(
  sign: Asker,
  network: EvmNetwork,
  address: Address,
  probes: readonly ProbeId[],
  now: bigint,
  refused: Map<ProbeId, string>,
): Promise<NetworkConformance> {
  const faults: SignerFault[] = []
  const answered: Answered[] = []
  for (const probe of probes) {
    const answer = await answerTo(sign, probe, network, address, now)
    if ('payment' in answer) answered.push(answer)
    else if (answer.threw && probe !== 'usual' && probe !== 'large-amount' && probe !== 'leading-zeros') refused.set(probe, answer.says)
    else faults.push({ network: network.id, probe, cause: null, says: answer.says, fix: answer.fix, contract: null })
  }
  await using chain = await openChain({ network })
  const outcomes = await chain.simulate(answered.map(({ payment }) => ({ payment, at: now })))
  const usualCause: (CauseId | null)[] = []
  // Looking for what was signed takes half a second where nothing explains it, and another key is another key in every form.
  const isStranger = (): boolean => usualCause.includes('signer-not-owner')
  for (const [index, { probe, payment }] of answered.entries()) {
    const outcome = outcomes[index]
    if (outcome === undefined || isStranger()) continue
    const fault = await faultOf(probe, payment, outcome, network, now)
    if (fault === undefined) continue
    if (probe === 'usual') usualCause.push(fault.cause)
    // What is wrong with the usual typed data is wrong with all others, and is said once.
    if (probe === 'usual' || !usualCause.includes(fault.cause)) faults.push(named(fault, probe, usualCause.length > 0))
  }
  return {
    network: network.id,
    chainId: network.chainId,
    chain: chain.description,
    settled: outcomes.filter(({ status }) => status === 'settled').length,
    tried: outcomes.length,
    faults,
  }
}

type Answer = Answered | { readonly threw: boolean; readonly says: string; readonly fix: string }

/** Asks for one signature, and puts the payment together where only a signature comes back. */
async function answerTo(sign: Asker, probe: ProbeId, network: EvmNetwork, from: Address, now: bigint): Promise<Answer> {
  const { authorization, typedData, context } = probeOf(probe, network, from, now)
  let answer: unknown
  try {
    answer = await sign(typedData, context)
  } catch (error) {
    const words = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    return { threw: true, says: `It refuses ${signingProbes[probe].given}: ${quote(words)}.`, fix: signingProbes[probe].fix }
  }
  if (isSignature(answer)) {
    const { value, validAfter, validBefore, ...others } = authorization
    const texts = { ...others, value: String(value), validAfter: String(validAfter), validBefore: String(validBefore) }
    return { probe, payment: readEvmPayment({ authorization: texts, signature: answer }, { network: network.caip2 }) }
  }
  try {
    return { probe, payment: readEvmPayment(withOffer(answer, context) as object) }
  } catch (error) {
    if (!(error instanceof Eip3009Error)) throw error
    const fix = 'answer with the signature as 0x and hex digits, or with the payment'
    return { threw: false, says: `It answers with what is no signature and no payment: ${error.message}`, fix }
  }
}

/** An x402 payload beside the offer that it answers, so that its amount, payee and window are compared with it. */
function withOffer(answer: unknown, { offer, network }: SigningContext): unknown {
  if (typeof answer !== 'object' || answer === null || !('payload' in answer)) return answer
  const { maxAmountRequired, amount, ...both } = offer
  const second = 'x402Version' in answer && answer.x402Version === 2
  const paymentRequirements = second
    ? { ...both, amount, network: network.caip2 }
    : { ...both, maxAmountRequired, resource: 'https://example.com/paid' }
  return { x402Version: second ? 2 : 1, paymentPayload: answer, paymentRequirements }
}

/** What is wrong with a payment: the contract says whether, the diagnosis says what. */
async function faultOf(
  probe: ProbeId,
  payment: Payment,
  outcome: SimulatedOutcome,
  network: EvmNetwork,
  now: bigint,
): Promise<SignerFault | undefined> {
  const { verdict, cause, headline, fix, findings } = await diagnose(payment, { now, at: now })
  const contract = revertOf(outcome) ?? 'settled'
  const fault = (says: string, what: CauseId | null, how: string | null): SignerFault => ({
    network: network.id,
    probe,
    cause: what,
    says,
    fix: how ?? signingProbes[probe].fix,
    contract,
  })
  if (verdict === 'fails') return fault(headline, cause, fix)
  if (outcome.status === 'reverted') return fault(`The contract answers ${quote(contract)}, and no check here says why.`, null, null)
  // It settles today, and is still not what a signer should make: a window in milliseconds stays open for 50 000 years.
  const odd = findings.find(({ severity }) => severity === 'warning')
  return odd === undefined ? undefined : fault(odd.summary, odd.cause, odd.fix)
}

/** A signer that only fails in one way of being asked does what the probe knows of. */
function named(fault: SignerFault, probe: ProbeId, usualFails: boolean): SignerFault {
  const { wrong, fix } = signingProbes[probe]
  // Whatever is not about what was hashed, such as v or s, would have been so with the usual typed data too, or comes and goes.
  const aboutBytes = fault.cause !== null && catalogue[fault.cause].stops.at === 'bytes'
  if (probe === 'usual' || usualFails || aboutBytes) return fault
  return { ...fault, says: `It ${wrong}. ${fault.says}`, fix }
}
