import { sameAddress } from '../../../bytes/address.ts'
import { toHex } from '../../../bytes/bytes.ts'
import type { Address } from '../../../bytes/hex.ts'
import { personalDigest } from '../digest-parts.ts'
import { type Asked, type WalletHashId, walletHashes } from './hashes.ts'

/** Another hash than the wallet checks, that a wallet, an SDK or somebody who signs for it is known to sign by mistake. */
export interface WalletSlip {
  readonly id: WalletSlipId
  /** What was signed, as a sentence has it. */
  readonly says: string
  readonly hash: Uint8Array
}

/**
 * What kind of mistake it is; kinds may be added.
 * @pattern ^[a-z0-9]+(-[a-z0-9]+)*$
 */
export type WalletSlipId =
  | 'not-wrapped'
  | 'personal-sign'
  | 'other-chain'
  | 'other-contract'
  | 'other-domain'
  | 'wrapped-twice'
  | 'other-wallet'

/** What else there is to be signed for: other chains, and other contracts that may have been taken for the wallet. */
export interface Surroundings {
  readonly chainIds: readonly bigint[]
  readonly contracts: readonly { readonly address: Address; readonly label: string }[]
  /** What the token's digest would be under another domain, the likeliest first. */
  readonly digests: readonly { readonly digest: Uint8Array; readonly says: string }[]
}

const mostRows = 3

/** What may have been signed in place of what wallets of these rows check, the likeliest first, each hash once. Lazy: each costs a recovery. */
export function* slipsOf(
  rows: readonly WalletHashId[],
  asked: Asked,
  { chainIds, contracts, digests }: Surroundings,
): Generator<WalletSlip, void> {
  const seen = new Set<string>()
  const key = (hash: Uint8Array): string => toHex(hash)
  for (const id of rows) {
    const right = walletHashes[id].of(asked)
    if (right !== undefined) seen.add(key(right))
  }
  function* once(id: WalletSlipId, says: string, hash: Uint8Array | undefined): Generator<WalletSlip, void> {
    if (hash === undefined || seen.has(key(hash))) return
    seen.add(key(hash))
    yield { id, says, hash }
  }
  const { digest } = asked
  yield* once('not-wrapped', "the payment's digest as it is", digest)
  yield* once('personal-sign', "the payment's digest with the prefix of personal_sign", personalDigest(digest))
  for (const id of rows) {
    const { of, says } = walletHashes[id]
    const right = of(asked)
    if (right === undefined) continue
    yield* once('personal-sign', `${says} with the prefix of personal_sign`, personalDigest(right))
    yield* once('wrapped-twice', `${says}, wrapped once more`, of({ ...asked, digest: right }))
  }
  for (const id of rows) {
    const { of, says } = walletHashes[id]
    for (const chainId of chainIds)
      if (chainId !== asked.chainId) yield* once('other-chain', `${says} for chain ${chainId}`, of({ ...asked, chainId }))
    for (const { address, label } of contracts)
      if (!sameAddress(address, asked.wallet))
        yield* once('other-contract', `${says} for ${label} ${address}`, of({ ...asked, wallet: address }))
  }
  // Rows beyond the first are other versions of the same wallet: each costs as much again.
  for (const id of rows.slice(0, mostRows))
    for (const { digest: other, says } of digests)
      yield* once('other-domain', `${walletHashes[id].says}, of a digest under ${says}`, walletHashes[id].of({ ...asked, digest: other }))
  for (const id of Object.keys(walletHashes) as WalletHashId[])
    if (!rows.includes(id)) yield* once('other-wallet', walletHashes[id].says, walletHashes[id].of(asked))
}
