import { sameAddress } from '../bytes/address.ts'
import type { Address, Hex } from '../bytes/hex.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { quote } from '../errors/quote.ts'
import { authorizationDigest } from '../evm/typed-data/authorization.ts'
import { domainSeparator, type Eip712Domain, fieldTypes, presentFields } from '../evm/typed-data/domain.ts'
import type { UnsignedPayment } from './create-authorization.ts'
import { readKeySignature, recoverSigner } from './key-signature.ts'

interface Member {
  readonly name: string
  readonly type: string
}

/**
 * What is signed, as `eth_signTypedData_v4` takes it. It is safe for JSON: amounts and times are decimal strings, and the chain id is a number.
 * `EIP712Domain` is listed, in EIP-712's order: wallets that find none hash an empty domain.
 */
export interface SignableTypedData {
  readonly domain: {
    readonly name?: string
    readonly version?: string
    readonly chainId?: number
    readonly verifyingContract?: Address
    readonly salt?: Hex
  }
  readonly types: { readonly [type: string]: readonly Member[] }
  readonly primaryType: string
  readonly message: Readonly<Record<string, string>>
}

/** A function that signs typed data: viem's and wagmi's `signTypedData`, or your own over `eth_signTypedData_v4`. */
export type SignTypedData = (typedData: never) => Promise<string>

/** A viem account. `type: 'smart'` says that its signatures are a contract's, and no key's. */
export interface TypedDataAccount {
  readonly address: string
  readonly type?: string
  readonly signTypedData: (typedData: never) => Promise<string>
}

/** A viem wallet client. */
export interface TypedDataClient {
  readonly account?: { readonly address: string; readonly type?: string } | undefined
  readonly signTypedData: (typedData: never) => Promise<string>
}

/** A signer of ethers v6. */
export interface TypedDataSigner {
  getAddress(): Promise<string>
  signTypedData(domain: never, types: never, message: never): Promise<string>
}

export type PaymentSigner = TypedDataAccount | TypedDataClient | TypedDataSigner | SignTypedData

/** A payment that can be handed out. `signature` is in the one form that the token accepts, unless a smart wallet made it. */
export interface SignedPayment extends UnsignedPayment {
  readonly signature: Hex
}

/**
 * Signs an authorization, puts the signature into the form that the token accepts (65 bytes, v of 27 or 28, low s) and makes sure that it recovers
 * to `from`. Signatures of smart wallets, `type: 'smart'` or neither 64 nor 65 bytes long, are kept as they are: only the wallet can judge them.
 * What the signer itself throws, such as a user's refusal, is passed on.
 * @throws Eip3009Error `wrong-signer` when another account signs or something else was signed, `invalid-argument` for what is no signer.
 */
export async function signAuthorization(signer: PaymentSigner, payment: UnsignedPayment): Promise<SignedPayment> {
  const { from } = payment.authorization
  const { account, smart, sign } = await open(signer)
  if (account !== undefined && !sameAddress(account, from)) {
    throw new Eip3009Error(
      'wrong-signer',
      `The signer is the account ${account}, and the authorization is from ${from}; sign with that account, or create the authorization with from ${account}.`,
    )
  }
  const answer: unknown = await sign(payment)
  if (typeof answer !== 'string' || !/^0x(?:[0-9a-fA-F]{2})+$/.test(answer)) {
    throw new Eip3009Error('wrong-signer', `The signer answered ${quote(answer)}, which is no signature; expected 0x and hex digits.`)
  }
  const signature = answer.toLowerCase() as Hex
  const length = signature.length / 2 - 1
  if (smart || (length !== 64 && length !== 65)) return { ...payment, signature }
  const key = readKeySignature(signature)
  const signedBy = key === undefined ? undefined : recoverSigner(digestOfPayment(payment), key.canonical)
  if (key !== undefined && sameAddress(signedBy, from)) return { ...payment, signature: key.canonical }
  throw new Eip3009Error(
    'wrong-signer',
    `The signature recovers to ${signedBy ?? 'nobody'}, not to from ${from}: another account signed, or the wallet signed other data than it was given (another chain, type or domain). If from is a smart wallet, give the signer type "smart".`,
  )
}

/** The digest that the token computes for a payment under the payment's own domain. */
export function digestOfPayment({ domain, primaryType, authorization }: UnsignedPayment): Hex {
  return authorizationDigest(domainSeparator(domain), primaryType, authorization)
}

/** What a payment's signer is asked to sign. */
export function typedDataOf({ domain, primaryType, authorization }: UnsignedPayment): SignableTypedData {
  const { chainId, ...others } = domain
  const { value, validAfter, validBefore, ...rest } = authorization
  return {
    domain: { ...others, ...(chainId === undefined ? {} : { chainId: Number(chainId) }) },
    types: { EIP712Domain: domainMembers(domain), [primaryType]: members },
    primaryType,
    message: { ...rest, value: String(value), validAfter: String(validAfter), validBefore: String(validBefore) },
  }
}

const members: readonly Member[] = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
]

function domainMembers(domain: Eip712Domain): readonly Member[] {
  return presentFields(domain).map((name) => ({ name, type: fieldTypes[name] }))
}

interface OpenSigner {
  readonly account?: string
  readonly smart: boolean
  readonly sign: (payment: UnsignedPayment) => Promise<unknown>
}

async function open(signer: PaymentSigner): Promise<OpenSigner> {
  const given: unknown = signer
  if (typeof given === 'function') return { smart: false, sign: async (payment) => given(typedDataOf(payment)) }
  if (!hasMethod(given, 'signTypedData')) {
    // A string may be a private key, and is never printed.
    throw new Eip3009Error(
      'invalid-argument',
      `A signer is a viem account, a viem wallet client, an ethers v6 signer or a signTypedData function; got ${typeof given === 'string' ? 'a string' : quote(given)}.`,
    )
  }
  if (hasMethod(given, 'getAddress')) {
    return {
      account: String(await given.getAddress()),
      smart: false,
      // ethers derives EIP712Domain itself and takes a listed one for a second primary type.
      sign: async (payment) => {
        const { domain, types, primaryType, message } = typedDataOf(payment)
        return given.signTypedData(domain, { [primaryType]: types[primaryType] }, message)
      },
    }
  }
  const account = 'account' in given || 'transport' in given ? accountOf(Reflect.get(given, 'account')) : accountOf(given)
  return { ...account, sign: async (payment) => given.signTypedData(typedDataOf(payment)) }
}

function accountOf(given: unknown): { readonly account?: string; readonly smart: boolean } {
  if (typeof given !== 'object' || given === null || !('address' in given) || typeof given.address !== 'string') {
    throw new Eip3009Error(
      'invalid-argument',
      'The signer has no account; create the wallet client with one: createWalletClient({ account, … }).',
    )
  }
  return { account: given.address, smart: 'type' in given && given.type === 'smart' }
}

function hasMethod<Name extends string>(value: unknown, name: Name): value is Record<Name, (...args: readonly unknown[]) => unknown> {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function'
}
