import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { sameAddress } from '../../bytes/address.ts'
import { fromHex, toHex } from '../../bytes/bytes.ts'
import type { Address, Bytes32, CoverableHex, Hex } from '../../bytes/hex.ts'
import { keccak256 } from '../../bytes/keccak.ts'
import type { Payment } from '../payment/payment.ts'
import { domainSeparator, type Eip712Domain } from '../typed-data/domain.ts'
import { personalDigest, typedDigest } from './digest-parts.ts'
import { recoverAddress } from './recover.ts'
import { readSignature } from './signature.ts'
import { addressesIn, describeWrapper, unwrapAll, type Wrapper } from './wrappers.ts'

/** Whom a signature inside a wrapper recovers to, under one way in which wallets hash what they are asked about. */
export interface WalletSigner {
  readonly address: Address
  /** `the payment's digest`, `Coinbase Smart Wallet's replay-safe hash`. */
  readonly under: string
  /** True when the calldata that deploys the wallet names it: then it is the wallet's owner as far as can be told without a chain. */
  readonly named: boolean
}

/**
 * A smart wallet's signature, taken apart. Whether the wallet accepts it, only its `isValidSignature` on chain tells: each of these signers is
 * whom the bytes recover to if the wallet hashes in that way.
 */
export interface WalletEvidence {
  /** From the outside in, one clause each. */
  readonly wrappers: readonly string[]
  readonly kinds: readonly Wrapper['kind'][]
  /** The factory and its call, of a wallet that may not be deployed yet. */
  readonly deployment?: { readonly factory: Address; readonly calldata: CoverableHex }
  readonly signers: readonly WalletSigner[]
  /** ERC-7739 carries what was signed: whether it is this token's separator and this payment's struct hash. */
  readonly contents?: {
    readonly separator: Bytes32
    readonly structHash: Bytes32
    readonly sameSeparator: boolean
    readonly sameStruct: boolean
  }
  /** What can't be looked into without a chain. */
  readonly opaque?: string
}

/** How a wallet at `wallet` on a chain turns a digest into what its owner signs. */
interface WalletHash {
  readonly name: string
  readonly of: (digest: Uint8Array) => Uint8Array
}

/** Takes a smart wallet's signature apart; undefined where the bytes have no wrapper that is known. Every `yield` is a moment for others. */
export function* examineWallet(
  payment: Payment,
  chainId: bigint | undefined,
  digest: Hex | undefined,
  separator: Hex | undefined,
  structHash: Hex,
): Generator<undefined, WalletEvidence | undefined> {
  const { wrappers, inner } = unwrapAll(payment.signature)
  if (wrappers.length === 0) return undefined
  const deployment = wrappers.find((each) => each.kind === 'erc6492')
  const nested = wrappers.find((each) => each.kind === 'erc7739')
  const named = deployment === undefined ? [] : addressesIn(deployment.calldata)
  const opaque = wrappers.some((each) => each.kind === 'coinbase' && each.passkey)
    ? "a passkey's signature (WebAuthn, P-256), which recovers to no address"
    : inner.length === 0
      ? 'no signature by a key is inside'
      : undefined
  return {
    wrappers: wrappers.map(describeWrapper),
    kinds: wrappers.map(({ kind }) => kind),
    ...(deployment === undefined ? {} : { deployment: { factory: deployment.factory, calldata: deployment.calldata } }),
    signers:
      digest === undefined
        ? []
        : yield* signersOf(
            wrappers,
            inner.slice(0, mostSigners),
            fromHex(digest),
            walletHashes(payment.authorization.from, chainId, wrappers),
            named,
          ),
    ...(nested === undefined
      ? {}
      : {
          contents: {
            separator: nested.separator,
            structHash: nested.contents,
            sameSeparator: nested.separator === separator,
            sameStruct: nested.contents === structHash,
          },
        }),
    ...(opaque === undefined ? {} : { opaque }),
  }
}

/** Signatures inside that are recovered, each by every hash: no Safe has as many owners as bytes can be made to look like. */
const mostSigners = 32

function* signersOf(
  wrappers: readonly Wrapper[],
  inner: readonly Hex[],
  digest: Uint8Array,
  hashes: readonly WalletHash[],
  named: readonly Address[],
): Generator<undefined, WalletSigner[]> {
  const safe = wrappers.find((each) => each.kind === 'safe')
  const prefixed = new Set(safe?.owners.flatMap((owner) => (owner.by === 'eth-sign' ? [owner.signature] : [])))
  const out: WalletSigner[] = []
  for (const signature of inner) {
    const { ecdsa } = readSignature(signature)
    if (ecdsa === undefined) continue
    for (const { name, of } of hashes) {
      const hash = of(digest)
      const address = recoverAddress(toHex(prefixed.has(signature) ? personalDigest(hash) : hash), ecdsa)
      yield
      if (address !== undefined) out.push({ address, under: name, named: named.some((each) => sameAddress(each, address)) })
    }
  }
  return out
}

/** Kernel's domain versions that wrap a hash so; earlier ones sign it with personal_sign. */
const kernelVersions = ['0.3.1', '0.3.0', '0.3.2', '0.3.3']

/**
 * The hashes of the wallets that the wrappers are of, or of those that come bare in ERC-6492. Sources: ERC1271.sol of coinbase/smart-wallet,
 * Safe's CompatibilityFallbackHandler (SafeMessage over the hash as bytes), ValidationManager of Kernel v3.
 */
function walletHashes(wallet: Address, chainId: bigint | undefined, wrappers: readonly Wrapper[]): WalletHash[] {
  const plain: WalletHash = { name: "the payment's digest", of: (digest) => digest }
  if (chainId === undefined) return [plain]
  const has = (kind: Wrapper['kind']): boolean => wrappers.some((each) => each.kind === kind)
  const bare = !has('coinbase') && !has('safe') && !has('kernel')
  const under = (domain: Eip712Domain): Uint8Array => fromHex(domainSeparator(domain))
  const message = (type: string, content: (digest: Uint8Array) => Uint8Array, separator: Uint8Array) => {
    const typeHash = keccak256(utf8ToBytes(type))
    return (digest: Uint8Array): Uint8Array => typedDigest(separator, keccak256(concatBytes(typeHash, content(digest))))
  }
  const asWord = (digest: Uint8Array): Uint8Array => digest
  const domain = { chainId, verifyingContract: wallet }
  const hashes: WalletHash[] = [plain]
  if (has('coinbase') || bare) {
    const separator = under({ ...domain, name: 'Coinbase Smart Wallet', version: '1' })
    hashes.push({
      name: "Coinbase Smart Wallet's replay-safe hash",
      of: message('CoinbaseSmartWalletMessage(bytes32 hash)', asWord, separator),
    })
  }
  if (has('safe') || bare)
    hashes.push({ name: "the Safe's message hash", of: message('SafeMessage(bytes message)', keccak256, under(domain)) })
  if (has('kernel') || bare) {
    for (const version of has('kernel') ? kernelVersions : kernelVersions.slice(0, 1)) {
      const separator = under({ ...domain, name: 'Kernel', version })
      hashes.push({ name: `Kernel ${version}'s wrapped hash`, of: message('Kernel(bytes32 hash)', asWord, separator) })
    }
  }
  return hashes
}
