import { sameAddress } from '../../../bytes/address.ts'
import { fromHex, toHex } from '../../../bytes/bytes.ts'
import type { Address, Bytes32, CoverableHex, Hex } from '../../../bytes/hex.ts'
import type { Networks } from '../../../networks/networks.ts'
import type { Payment } from '../../payment/payment.ts'
import { digestOf } from '../../typed-data/authorization.ts'
import { domainSeparator, type Eip712Domain } from '../../typed-data/domain.ts'
import { personalDigest } from '../digest-parts.ts'
import type { ExpectedDomain } from '../expected-domain.ts'
import { atOnce } from '../gradual.ts'
import { recoverAddress } from '../recover.ts'
import { type Ecdsa, readSignature } from '../signature.ts'
import { type Likely, vocabularyOf } from '../vocabulary.ts'
import { type FirstOwner, firstOwners, isNamedIn } from './deployment.ts'
import { type Asked, hashesFor, type WalletHashId, walletHashes } from './hashes.ts'
import { type Passkey, readPasskey } from './passkey.ts'
import { type Surroundings, slipsOf, type WalletSlipId } from './slips.ts'
import { describeWrapper, unwrapAll, type Wrapper } from './wrappers.ts'

/** Whom a signature inside a wrapper recovers to, under one way in which wallets hash what they are asked about. */
export interface WalletSigner {
  readonly address: Address
  /** The row of the table of hashes. */
  readonly hash: WalletHashId
  /** `the payment's digest`, `Coinbase Smart Wallet's replay-safe hash`. */
  readonly under: string
  /** True when the calldata that deploys the wallet names it: as an owner where the call is one that is known, else anywhere in it. */
  readonly named: boolean
}

/** Somebody whom the calldata names that deploys the wallet, and who signed something else than such a wallet checks. */
export interface WalletSlipSigner {
  readonly address: Address
  readonly slip: WalletSlipId
  /** What was signed: `the payment's digest as it is`. */
  readonly under: string
}

/** What a passkey was asked to sign. Its signature recovers to nobody, but it carries the 32 bytes that it was made for. */
export interface PasskeyEvidence {
  readonly challenge: Bytes32 | null
  readonly origin: string | null
  /** `wallet-hash`: what such a wallet checks; `slip`: something else that is known; `other`: nothing that was tried; `unknown`: nothing to compare it with. */
  readonly asked: 'wallet-hash' | 'slip' | 'other' | 'unknown'
  /** What the challenge is; null where nothing is known of it. */
  readonly under: string | null
}

/**
 * A smart wallet's signature, taken apart. Whether the wallet accepts it, only its `isValidSignature` on chain tells: each of these signers is
 * whom the bytes recover to if the wallet hashes in that way.
 */
export interface WalletEvidence {
  /** From the outside in, one clause each. */
  readonly wrappers: readonly string[]
  readonly kinds: readonly Wrapper['kind'][]
  /** The factory and its call, of a wallet that may not be deployed yet, and the owners that the call names where it is one that is known. */
  readonly deployment?: { readonly factory: Address; readonly calldata: CoverableHex; readonly owners: readonly FirstOwner[] }
  readonly signers: readonly WalletSigner[]
  /** Found only where somebody is named whom to compare with: by 160 bits, so that it is no chance. */
  readonly slips: readonly WalletSlipSigner[]
  readonly passkey?: PasskeyEvidence
  /** Owners of a Safe whom the bytes name without a signature by a key, and who would know: `0x…, whose approval has to be looked up on chain`. */
  readonly elsewhere: readonly string[]
  /** Whether a Safe's owners are in ascending order, as it wants them, if they signed what it checks; absent where one signed. */
  readonly ascending?: boolean
  /** ERC-7739 carries what was signed: whether it is this token's separator and this payment's struct hash. */
  readonly contents?: {
    readonly separator: Bytes32
    readonly structHash: Bytes32
    /** The struct's type, and behind it its name where that is not its first. */
    readonly type: string
    readonly sameSeparator: boolean
    readonly sameStruct: boolean
  }
  /** What can't be looked into without a chain. */
  readonly opaque?: string
}

/** What the token asks the wallet about, as far as it is known. */
export interface Question {
  readonly chainId: bigint | undefined
  readonly digest: Hex | undefined
  readonly expected: ExpectedDomain | undefined
  readonly structHash: Hex
}

/** Takes a smart wallet's signature apart; undefined where the bytes have no wrapper that is known. Every `yield` is a moment for others. */
export function* examineWallet(payment: Payment, networks: Networks, question: Question): Generator<undefined, WalletEvidence | undefined> {
  const { chainId, digest, structHash } = question
  const separator = question.expected?.separator
  const { wrappers, inner } = unwrapAll(payment.signature)
  if (wrappers.length === 0) return undefined
  const deployment = wrappers.find((each) => each.kind === 'erc6492')
  const nested = wrappers.find((each) => each.kind === 'erc7739')
  const contents = nested === undefined ? undefined : carried(nested, separator, structHash)
  const safe = wrappers.find((each) => each.kind === 'safe')
  const passkey = wrappers.some((each) => each.kind === 'coinbase' || each.kind === 'kernel') ? readPasskey(payment.signature) : undefined
  const isPasskeys = passkey !== undefined || wrappers.some((each) => each.kind === 'coinbase' && each.passkey)
  const owners = deployment === undefined ? [] : firstOwners(deployment.calldata)
  const asked: Asked | undefined =
    digest === undefined || chainId === undefined
      ? undefined
      : { digest: fromHex(digest), wallet: payment.authorization.from, chainId, ...nestedOf(nested, contents) }
  const kinds = wrappers.map(({ kind }) => kind)
  const rows = hashesFor(wrappers)
  const around = surroundings(payment, networks, question, deployment, owners)
  const signatures = signaturesIn(wrappers, inner)
  // Where the call is known, standing in it is not enough: it names a payee and a handler, too.
  const isNamed = (address: Address): boolean =>
    owners.length > 0
      ? owners.some((each) => each.kind === 'address' && sameAddress(each.address, address))
      : deployment !== undefined && isNamedIn(deployment.calldata, address)
  const signers = asked === undefined ? [] : yield* signersOf(signatures, rows, asked, isNamed)
  const found = signers.some(({ named }) => named)
  const slips = asked === undefined || deployment === undefined || found ? [] : yield* slipsBy(signatures, rows, asked, around, isNamed)
  const elsewhere = (safe?.owners ?? []).flatMap((owner) =>
    'owner' in owner
      ? [
          `${owner.owner}, ${owner.by === 'contract' ? 'whose own contract has to be asked' : 'whose approval has to be looked up on chain'}`,
        ]
      : [],
  )
  const opaque = isPasskeys
    ? "a passkey's signature (WebAuthn, P-256), which recovers to no address"
    : inner.length === 0
      ? 'no signature by a key'
      : undefined
  const order = safe === undefined ? undefined : isAscending(safe.owners, signers)
  return {
    wrappers: wrappers.map(describeWrapper),
    kinds,
    ...(deployment === undefined ? {} : { deployment: { factory: deployment.factory, calldata: deployment.calldata, owners } }),
    signers,
    slips,
    ...(passkey === undefined ? {} : { passkey: passkeyEvidence(passkey, rows, asked, around) }),
    elsewhere,
    ...(order === undefined ? {} : { ascending: order }),
    ...(contents === undefined ? {} : { contents }),
    ...(opaque === undefined ? {} : { opaque }),
  }
}

/**
 * Whom 65 bytes recover to if they are a wallet's: a Safe of one owner, Light Account and others put nothing around a signature. Whether from is a wallet,
 * only the chain tells. Empty where the bytes are no such signature.
 */
export function* signersIfWallet(
  payment: Payment,
  chainId: bigint | undefined,
  digest: Hex | undefined,
): Generator<undefined, WalletSigner[]> {
  const { ecdsa } = readSignature(payment.signature)
  if (ecdsa === undefined || digest === undefined || chainId === undefined) return []
  const asked: Asked = { digest: fromHex(digest), wallet: payment.authorization.from, chainId }
  const rows = hashesFor([]).filter((id) => id !== 'digest')
  return yield* signersOf([{ ecdsa, isPrefixed: false }], rows, asked, () => false)
}

/** Who of these owners signed something else than such a wallet checks; for whoever has read the owners from the chain. Costs a recovery a guess. */
export function slipsOfOwners(
  payment: Payment,
  networks: Networks,
  question: Question,
  owners: readonly Address[],
): readonly WalletSlipSigner[] {
  const { chainId, digest } = question
  const { wrappers, inner } = unwrapAll(payment.signature)
  if (digest === undefined || chainId === undefined || wrappers.length === 0 || owners.length === 0) return []
  const nested = wrappers.find((each) => each.kind === 'erc7739')
  const asked: Asked = {
    digest: fromHex(digest),
    wallet: payment.authorization.from,
    chainId,
    ...nestedOf(nested, nested && carried(nested, question.expected?.separator, question.structHash)),
  }
  const deployment = wrappers.find((each) => each.kind === 'erc6492')
  const named = owners.map((address): FirstOwner => ({ kind: 'address', address }))
  const isOwner = (address: Address): boolean => owners.some((owner) => sameAddress(owner, address))
  const around = surroundings(payment, networks, question, deployment, named)
  return atOnce(slipsBy(signaturesIn(wrappers, inner), hashesFor(wrappers), asked, around, isOwner))
}

type Nested = Extract<Wrapper, { readonly kind: 'erc7739' }>

function carried({ separator, contents, contentsType }: Nested, wanted: Hex | undefined, structHash: Hex): WalletEvidence['contents'] {
  return { separator, structHash: contents, type: contentsType, sameSeparator: separator === wanted, sameStruct: contents === structHash }
}

/**
 * What was signed stands in the signature's own bytes, and whoever sends them chooses it. It counts only where it is this payment's: a wallet compares it with
 * the digest that it is asked about, and what somebody signed for anything else is no signature of this.
 */
function nestedOf(nested: Nested | undefined, contents: WalletEvidence['contents']): Pick<Asked, 'nested'> {
  return nested === undefined || contents?.sameSeparator !== true || !contents.sameStruct ? {} : { nested }
}

interface Inside {
  readonly ecdsa: Ecdsa
  /** A Safe owner's by eth_sign. */
  readonly isPrefixed: boolean
}

/** Signatures inside that are recovered, each by every hash: no Safe has as many owners as bytes can be made to look like. */
const mostSigners = 32

function signaturesIn(wrappers: readonly Wrapper[], inner: readonly Hex[]): Inside[] {
  const safe = wrappers.find((each) => each.kind === 'safe')
  return inner.slice(0, mostSigners).flatMap((each) => {
    const { ecdsa } = readSignature(each)
    if (ecdsa === undefined) return []
    return [{ ecdsa, isPrefixed: safe?.owners.some((owner) => owner.by === 'eth-sign' && owner.signature === each) === true }]
  })
}

const signedBy = ({ ecdsa, isPrefixed }: Inside, hash: Uint8Array): Address | undefined =>
  recoverAddress(toHex(isPrefixed ? personalDigest(hash) : hash), ecdsa)

function* signersOf(
  signatures: readonly Inside[],
  rows: readonly WalletHashId[],
  asked: Asked,
  isNamed: (address: Address) => boolean,
): Generator<undefined, WalletSigner[]> {
  const out: WalletSigner[] = []
  for (const id of rows) {
    const hash = walletHashes[id].of(asked)
    if (hash === undefined) continue
    for (const signature of signatures) {
      const address = signedBy(signature, hash)
      yield
      if (address !== undefined) out.push({ address, hash: id, under: walletHashes[id].says, named: isNamed(address) })
    }
  }
  return out
}

/** More signatures than a slip is looked for in: each takes a recovery for every slip. */
const mostSlipped = 4

function* slipsBy(
  signatures: readonly Inside[],
  rows: readonly WalletHashId[],
  asked: Asked,
  around: Surroundings,
  isNamed: (address: Address) => boolean,
): Generator<undefined, WalletSlipSigner[]> {
  const out: WalletSlipSigner[] = []
  for (const { id, says, hash } of slipsOf(rows, asked, around)) {
    for (const signature of signatures.slice(0, mostSlipped)) {
      const address = signedBy(signature, hash)
      yield
      if (address !== undefined && isNamed(address)) out.push({ address, slip: id, under: says })
    }
    if (out.length > 0) break
  }
  return out
}

function passkeyEvidence(
  { challenge, origin }: Passkey,
  rows: readonly WalletHashId[],
  asked: Asked | undefined,
  around: Surroundings,
): PasskeyEvidence {
  const told = { challenge: challenge ?? null, origin: origin ?? null }
  if (challenge === undefined || asked === undefined) return { ...told, asked: 'unknown', under: null }
  const is = (hash: Uint8Array | undefined): boolean => hash !== undefined && toHex(hash) === challenge
  const right = rows.find((id) => is(walletHashes[id].of(asked)))
  if (right !== undefined) return { ...told, asked: 'wallet-hash', under: walletHashes[right].says }
  for (const { says, hash } of slipsOf(rows, asked, around)) if (is(hash)) return { ...told, asked: 'slip', under: says }
  return { ...told, asked: 'other', under: null }
}

/** What may have been taken for the chain, or for the wallet. */
function surroundings(
  payment: Payment,
  networks: Networks,
  question: Question,
  deployment: { readonly factory: Address } | undefined,
  owners: readonly FirstOwner[],
): Surroundings {
  const { token, requirements, authorization } = payment
  return {
    digests: otherDigests(payment, networks, question),
    chainIds: [...new Set([1n, ...networks.all.flatMap((each) => (each.family === 'evm' ? [BigInt(each.chainId)] : []))])],
    contracts: [
      ...(token === undefined ? [] : [{ address: token, label: 'the token' }]),
      ...owners.flatMap((owner) => (owner.kind === 'address' ? [{ address: owner.address, label: 'the owner' }] : [])),
      ...(deployment === undefined ? [] : [{ address: deployment.factory, label: 'the factory' }]),
      { address: authorization.to, label: 'the payee' },
      ...(requirements?.payTo === undefined || sameAddress(requirements.payTo, authorization.to)
        ? []
        : [{ address: requirements.payTo, label: "the offer's payTo" }]),
    ],
  }
}

/** The token's message under domains that are taken for the token's own: another name, version, chain or contract. */
function otherDigests(payment: Payment, networks: Networks, { expected, structHash }: Question): Surroundings['digests'] {
  if (expected === undefined) return []
  const { domain } = expected
  const { names, versions, chainIds, contracts } = vocabularyOf(payment, networks, {}, domain.name)
  const first = <T>(likely: readonly Likely<T>[], count: number): readonly T[] => likely.slice(0, count).map(({ value }) => value)
  const others: readonly (readonly [says: string, domain: Eip712Domain])[] = [
    ...first(names, 12).map((name) => [`the name "${name}"`, { ...domain, name }] as const),
    ...first(versions, 4).map((version) => [`the version "${version}"`, { ...domain, version }] as const),
    ...first(names, 4).flatMap((name) =>
      first(versions, 2).map((version) => [`the name "${name}" and the version "${version}"`, { ...domain, name, version }] as const),
    ),
    ...first(chainIds, 8).map((chainId) => [`the chain ${chainId}`, { ...domain, chainId }] as const),
    ...first(contracts, 4).map((verifyingContract) => [`the contract ${verifyingContract}`, { ...domain, verifyingContract }] as const),
  ]
  return others.map(([says, other]) => ({ says, digest: fromHex(digestOf(domainSeparator(other), structHash)) }))
}

/** By the addresses that each part names or recovers to, if it is of the hash that Safes check today. */
function isAscending(owners: Extract<Wrapper, { kind: 'safe' }>['owners'], signers: readonly WalletSigner[]): boolean | undefined {
  if (owners.length < 2) return undefined
  const recovered = signers.filter(({ hash }) => hash === 'safe').map(({ address }) => address)
  const all = owners.map((owner) => ('owner' in owner ? owner.owner : recovered.shift()))
  if (all.some((address) => address === undefined)) return undefined
  const numbers = all.map((address) => BigInt(address ?? '0x0'))
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0n))
}
