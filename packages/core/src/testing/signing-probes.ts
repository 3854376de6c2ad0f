import type { Address, Hex } from '../bytes/hex.ts'
import type { Authorization } from '../evm/typed-data/authorization.ts'
import type { EvmNetwork } from '../networks/network.ts'

interface Member {
  readonly name: string
  readonly type: string
}

/** What a signer is asked to sign, in the form that a probe gives it. */
export interface ProbedTypedData {
  readonly domain: Readonly<Record<string, unknown>>
  readonly types: { readonly [type: string]: readonly Member[] }
  readonly primaryType: 'TransferWithAuthorization'
  readonly message: Readonly<Record<string, unknown>>
}

/** One way to ask for a signature: all of them mean the same to EIP-712, so all have to come to the token's digest. */
interface SigningProbe {
  /** What the signer is given. */
  readonly given: string
  /** What a signer does wrong that signs the usual typed data well and this not. */
  readonly wrong: string
  readonly fix: string
  /** Members of the authorization that are not the usual ones. */
  readonly fields?: Partial<Authorization>
  readonly form: (usual: ProbedTypedData, authorization: Authorization) => ProbedTypedData
}

const asItIs = (usual: ProbedTypedData): ProbedTypedData => usual
const lower = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value) ? value.toLowerCase() : value,
    ]),
  )
const reversed = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(values).reverse())

/** Every probe; `usual` comes first, since what is wrong there is wrong everywhere. */
export const signingProbes = {
  usual: {
    given: 'typed data as eth_signTypedData_v4 takes it: EIP712Domain listed, chainId a number, amounts and times decimal strings',
    wrong: 'does not sign the digest that the token computes',
    fix: 'hash by EIP-712 exactly as given',
    form: asItIs,
  },
  'large-amount': {
    given: 'an amount of 2^53 + 1, as a decimal string',
    wrong: 'loses digits of large amounts, as bigint or text made a number does above 2^53',
    fix: 'keep amounts, times and nonces as bigint or text until they are hashed; Number() and JSON.parse lose digits',
    fields: { value: 9_007_199_254_740_993n },
    form: asItIs,
  },
  'leading-zeros': {
    given: 'a nonce and a payee that begin with zero bytes',
    wrong: 'drops zero bytes in front of a nonce or an address',
    fix: 'pad bytes32 and addresses to their length; do not send them through a number',
    fields: { nonce: `0x${'00'.repeat(30)}0a01`, to: '0x00000000000000000000000000000000000A11cE' },
    form: asItIs,
  },
  bigints: {
    given: 'amounts and times as bigints, as viem has them',
    wrong: 'signs something else when amounts and times are bigints',
    fix: 'hash bigints as they are; before JSON make them decimal strings, never numbers',
    fields: { value: 9_007_199_254_740_993n },
    form: (usual, { value, validAfter, validBefore }) => ({ ...usual, message: { ...usual.message, value, validAfter, validBefore } }),
  },
  'no-domain-type': {
    given: 'types without EIP712Domain, as viem and ethers take them',
    wrong: 'hashes another domain when types lists no EIP712Domain',
    fix: 'list EIP712Domain (name, version, chainId, verifyingContract) in types before signing; wallets that find none hash an empty domain',
    form: (usual) => ({ ...usual, types: { TransferWithAuthorization: usual.types.TransferWithAuthorization ?? [] } }),
  },
  'domain-order': {
    given: 'the same domain and message with their members in another order',
    wrong: "takes the order of EIP712Domain or of the message from the object's members",
    fix: 'hash members in the order of types; EIP-712 fixes that of the domain: name, version, chainId, verifyingContract',
    form: (usual) => ({ ...usual, domain: reversed(usual.domain), message: reversed(usual.message) }),
  },
  'chain-id-text': {
    given: 'the chain id as a decimal string',
    wrong: 'hashes another number when chainId is a string',
    fix: 'read chainId as a number before it is hashed, or refuse the string',
    form: (usual) => ({ ...usual, domain: { ...usual.domain, chainId: String(usual.domain.chainId) } }),
  },
  'chain-id-bigint': {
    given: 'the chain id as a bigint',
    wrong: 'hashes another number when chainId is a bigint',
    fix: 'hash a bigint as the number that it is, or refuse it',
    form: (usual) => ({ ...usual, domain: { ...usual.domain, chainId: BigInt(Number(usual.domain.chainId)) } }),
  },
  'lower-case': {
    given: 'addresses in lower case',
    wrong: 'signs something else when addresses are not checksummed',
    fix: 'hash the 20 bytes of an address, not its text',
    form: (usual) => ({ ...usual, domain: lower(usual.domain), message: lower(usual.message) }),
  },
} as const satisfies Record<string, SigningProbe>

export type ProbeId = keyof typeof signingProbes

export const probeIds: readonly ProbeId[] = Object.keys(signingProbes) as readonly ProbeId[]

/** What a signer that makes whole payments is asked for: an x402 offer, in the words of both versions. */
export interface SigningOffer {
  readonly scheme: 'exact'
  readonly network: string
  readonly maxAmountRequired: string
  readonly amount: string
  readonly payTo: Address
  readonly asset: Address
  readonly maxTimeoutSeconds: number
  readonly extra: { readonly name: string; readonly version: string }
}

/** What else a signing function is told. */
export interface SigningContext {
  readonly network: EvmNetwork
  readonly probe: ProbeId
  /** For a client that signs what a server asks for: `(typedData, { offer }) => client.createPayment(offer)`. */
  readonly offer: SigningOffer
}

/** The authorization and its typed data as one probe asks for it on one network. */
export function probeOf(
  id: ProbeId,
  network: EvmNetwork,
  from: Address,
  now: bigint,
): { readonly authorization: Authorization; readonly typedData: ProbedTypedData; readonly context: SigningContext } {
  const probe: SigningProbe = signingProbes[id]
  const { usdc, chainId } = network
  const authorization: Authorization = {
    from,
    to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
    value: 10_000n,
    validAfter: now - 600n,
    validBefore: now + 900n,
    nonce: nonceOf(id, chainId),
    ...probe.fields,
  }
  const { value, validAfter, validBefore, ...others } = authorization
  const usual: ProbedTypedData = {
    domain: { name: usdc.name, version: usdc.version, chainId, verifyingContract: usdc.address },
    types: { EIP712Domain: domainMembers, TransferWithAuthorization: messageMembers },
    primaryType: 'TransferWithAuthorization',
    message: { ...others, value: String(value), validAfter: String(validAfter), validBefore: String(validBefore) },
  }
  const offer: SigningOffer = {
    scheme: 'exact',
    network: network.id,
    maxAmountRequired: String(value),
    amount: String(value),
    payTo: authorization.to,
    asset: usdc.address,
    maxTimeoutSeconds: 900,
    extra: { name: usdc.name, version: usdc.version },
  }
  return { authorization, typedData: probe.form(usual, authorization), context: { network, probe: id, offer } }
}

const domainMembers: readonly Member[] = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
]

const messageMembers: readonly Member[] = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
]

/** Unlike any other's, and the same in every run. */
function nonceOf(id: ProbeId, chainId: number): Hex {
  return `0x${chainId.toString(16).padStart(32, 'f')}${(probeIds.indexOf(id) + 1).toString(16).padStart(32, 'a')}`
}
