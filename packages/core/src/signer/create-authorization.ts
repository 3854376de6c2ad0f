import { sameAddress } from '../bytes/address.ts'
import { toHex } from '../bytes/bytes.ts'
import type { Address, Hex } from '../bytes/hex.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { quote } from '../errors/quote.ts'
import { clock } from '../evidence/clock.ts'
import { shortestWindow } from '../evm/checks/time.ts'
import type { Authorization, PrimaryType } from '../evm/typed-data/authorization.ts'
import type { Eip712Domain } from '../evm/typed-data/domain.ts'
import { duration } from '../text/utc.ts'
import { readAmount } from './amount-text.ts'
import { checksum } from './checksum.ts'
import { findSignerNetwork, type SignerNetwork, type SignerToken } from './signer-network.ts'

/** What is to be paid, to whom and on which network. All that is absent gets a safe default. */
export interface AuthorizationRequest {
  /** `base`, `eip155:8453`, `8453`, or a network of your own. */
  readonly network: string | number | bigint | SignerNetwork
  readonly from: Address
  readonly to: Address
  /** Atomic units as a bigint (`10_000n`), or an amount with its unit (`0.01 USDC`). */
  readonly value: bigint | string
  /** The token; the network's USDC when absent. */
  readonly token?: SignerToken
  /** Seconds from now on that the offer gives; 300 when absent, or ten blocks where those take longer. */
  readonly maxTimeoutSeconds?: number
  /** Unix seconds. The token wants `validAfter < block time < validBefore`. Ten minutes back, and `maxTimeoutSeconds` ahead, when absent. */
  readonly validAfter?: bigint
  readonly validBefore?: bigint
  /** 32 bytes that this payer has never used with this token; random when absent. */
  readonly nonce?: Hex
  /** `TransferWithAuthorization` when absent, which anybody may submit. */
  readonly primaryType?: PrimaryType
  /** Unix seconds; the clock when absent. */
  readonly now?: bigint
  /** Gives this many random bytes; `globalThis.crypto` when absent. */
  readonly random?: (length: number) => Uint8Array
}

/** An authorization with all that a signer needs besides a key. */
export interface UnsignedPayment {
  readonly network: SignerNetwork
  readonly token: SignerToken
  readonly domain: Eip712Domain
  readonly primaryType: PrimaryType
  readonly authorization: Authorization
  /** What is allowed and still looks odd, a sentence each. */
  readonly notes: readonly string[]
}

/**
 * Ten minutes: chain time lags the clock by up to a block, and clocks differ by minutes. The reference client (@x402/evm) takes as much; clients
 * that take "now" are refused as "not yet valid" once in a while.
 */
const openSince = 600n

/** A signed authorization that nobody used is money in an envelope. The longest offers seen ask for 600 000 s, a little less than a week. */
const longestWindow = 7n * 86_400n

/** In unix seconds this is the year 5138; milliseconds have been larger since 1973. */
const firstMilliseconds = 100_000_000_000n

/**
 * An authorization that the token and the usual facilitators accept: 32 random bytes as nonce, open since ten minutes, and for as long as the offer
 * says.
 * @throws Eip3009Error `unknown-network`, or `invalid-argument` for what can not settle, or only by accident: one sentence with the value and the way out.
 */
export function createAuthorization(request: AuthorizationRequest): UnsignedPayment {
  const network = findSignerNetwork(request.network)
  const token = request.token ?? network.usdc
  const now = request.now ?? clock()
  const {
    validAfter = now - openSince,
    validBefore = now + lifetime(request, network),
    primaryType = 'TransferWithAuthorization',
  } = request
  const authorization: Authorization = {
    from: readAddress('from', request.from),
    to: readAddress('to', request.to),
    value: readAmount(request.value, token),
    validAfter,
    validBefore,
    nonce: readNonce(request.nonce ?? randomNonce(request.random)),
  }
  refuseNonsense(authorization, token)
  refuseWindow(authorization, network, now)
  return {
    network,
    token,
    domain: domainOf(token, network.chainId),
    primaryType,
    authorization,
    notes: notesOn(authorization, now),
  }
}

/** The EIP-712 domain that the token hashes. */
export function domainOf({ address, name, version, layout = 'standard' }: SignerToken, chainId: number): Eip712Domain {
  const verifyingContract = readAddress('token.address', address)
  if (!name || !version)
    throw refused(
      'token.name and token.version are empty: the token hashes both; read them from its eip712Domain() or name() and version().',
    )
  return layout === 'salt'
    ? { name, version, verifyingContract, salt: `0x${chainId.toString(16).padStart(64, '0')}` }
    : { name, version, chainId: BigInt(chainId), verifyingContract }
}

/**
 * Refuses members that no token settles, or that nobody means.
 * @throws Eip3009Error `invalid-argument`
 */
export function refuseNonsense({ from, to, value }: Authorization, { address }: SignerToken): void {
  if (/^0x0{40}$/.test(from)) throw refused('from is the zero address, which nobody can sign for.')
  if (/^0x0{40}$/.test(to))
    throw refused('to is the zero address: the token refuses to burn that way; give the payee (payTo in an x402 offer).')
  if (sameAddress(to, address))
    throw refused(
      `to is the token ${to} itself: Circle's tokens refuse that, others keep the money for good; give the payee (payTo), not the asset.`,
    )
  if (sameAddress(from, address)) throw refused(`from is the token ${from} itself; give the account that pays.`)
  if (value <= 0n) throw refused(`value is ${value}: a payment moves at least one atomic unit.`)
  if (value >> 256n !== 0n) throw refused(`value ${quote(value)} has more than 256 bits, and the token's amounts have 256.`)
}

function refuseWindow({ validAfter, validBefore }: Authorization, { id, blockTime }: SignerNetwork, now: bigint): void {
  for (const [name, time] of [
    ['validAfter', validAfter],
    ['validBefore', validBefore],
    ['now', now],
  ] as const) {
    if (typeof time !== 'bigint' || time < 0n) throw refused(`${name} is ${quote(time)}; give unix seconds as a bigint.`)
    if (time >= firstMilliseconds)
      throw refused(`${name} ${quote(time)} is no unix time in seconds; in milliseconds it would be: divide by 1000.`)
  }
  if (validBefore - validAfter < 2n) {
    throw refused(
      `The window is empty: no second lies between validAfter ${validAfter} and validBefore ${validBefore}, and the token excludes both.`,
    )
  }
  const left = validBefore - (validAfter > now ? validAfter : now)
  const needed = shortestWindow(blockTime)
  if (left < needed) {
    throw refused(
      `The window is too short: ${left < 0n ? 'it closed already' : `${duration(left)} are left`}, and a settlement on ${id} needs ${needed} s (two blocks and the 6 s that facilitators keep); raise maxTimeoutSeconds or validBefore.`,
    )
  }
  if (validBefore - now > longestWindow) {
    throw refused(
      `The window is too long: an unused authorization would stay money for ${duration(validBefore - now)}; give a validBefore within ${duration(longestWindow)}.`,
    )
  }
}

function notesOn({ from, to, validAfter }: Authorization, now: bigint): readonly string[] {
  return [
    ...(sameAddress(from, to) ? [`It pays from ${from} to itself: the token allows that, some facilitators do not.`] : []),
    ...(validAfter >= now ? [`It opens in ${duration(validAfter + 1n - now)}: until then facilitators refuse it.`] : []),
  ]
}

function lifetime({ maxTimeoutSeconds }: AuthorizationRequest, { blockTime }: SignerNetwork): bigint {
  if (maxTimeoutSeconds === undefined) return BigInt(Math.max(300, Math.ceil(10 * blockTime)))
  if (Number.isFinite(maxTimeoutSeconds) && maxTimeoutSeconds >= 0) return BigInt(Math.floor(maxTimeoutSeconds))
  throw refused(`maxTimeoutSeconds is ${quote(maxTimeoutSeconds)}; give a number of seconds.`)
}

/** The EIP-55 form of an address. Mixed case is a checksum, and has to be right: one wrong letter is another account. */
export function readAddress(name: string, address: unknown): Address {
  const text = typeof address === 'string' ? address : ''
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw refused(`${name} is ${quote(address)}; give an address: 0x and 40 hex digits.`)
  const right = checksum(text)
  const digits = text.slice(2)
  const mixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase()
  if (mixed && text !== right) throw refused(`${name} ${text} has a wrong checksum: a letter is mistyped, or its case was changed.`)
  return right
}

function randomNonce(random: ((length: number) => Uint8Array) | undefined): Hex {
  if (random !== undefined) return toHex(random(32))
  if (globalThis.crypto?.getRandomValues === undefined) {
    throw refused('There is no globalThis.crypto to draw a nonce from; give random, or a nonce of 32 random bytes.')
  }
  return toHex(globalThis.crypto.getRandomValues(new Uint8Array(32)))
}

/** A nonce of zeros is what a broken source of randomness gives, and every second payment from it would fail. */
function readNonce(nonce: Hex): Hex {
  if (!/^0x[0-9a-fA-F]{64}$/.test(nonce)) throw refused(`nonce is ${quote(nonce)}; give 32 bytes: 0x and 64 hex digits.`)
  if (/^0x0+$/.test(nonce)) throw refused('nonce is 32 zeros; give random bytes.')
  return nonce.toLowerCase() as Hex
}

function refused(message: string): Eip3009Error {
  return new Eip3009Error('invalid-argument', message)
}
