import type { Address } from '../../../bytes/hex.ts'
import type { ExpectedDomain } from '../expected-domain.ts'
import { isCoinbaseFactory } from './deployment.ts'
import type { WalletEvidence, WalletSigner } from './examine.ts'
import { ownerQuestion, ownerQuestions, type WalletHashId, walletHashes } from './hashes.ts'
import { unwrapAll } from './wrappers.ts'

/** Who signed inside, in one clause without a full stop. */
export function whoSigned(wallet: WalletEvidence): string {
  const { signers, slips, passkey, elsewhere, opaque, deployment, contents } = wallet
  const owner = signers.find(({ named }) => named)
  const others = elsewhere.length === 0 ? '' : `; it names, without a signature, ${elsewhere.join(' and ')}`
  if (owner !== undefined) {
    const named = signers.filter((each) => each.named && each.hash === owner.hash).map(({ address }) => address)
    const as = (deployment?.owners ?? []).length === 0 ? '' : named.length === 1 ? ' as an owner' : ' as owners'
    return `signed by ${named.join(' and ')} inside, whom the factory's calldata names${as}, over ${owner.under}${others}`
  }
  const [slip] = slips
  if (slip !== undefined)
    return `signed by ${slip.address} inside, whom the factory's calldata names, but over ${slip.under}, where such a wallet checks ${wanted(signers)}`
  if (passkey !== undefined) return `inside is a passkey's signature, which is not checked here, and ${askedOf(passkey)}`
  if (opaque !== undefined) return `inside is ${opaque}${elsewhere.length === 0 ? '' : `: ${elsewhere.join(' and ')}`}`
  const [first, ...rest] = byHash(signers)
  if (contents !== undefined && !(contents.sameSeparator && contents.sameStruct))
    return 'inside is a signature for something else than this payment'
  if (first === undefined) return 'inside is a signature that no key can have made'
  const ways =
    rest.length === 0
      ? ''
      : `; ${rest.length === 1 ? 'one other way' : `${rest.length} other ways`} of hashing ${rest.length === 1 ? 'gives' : 'give'} other addresses`
  return `signed by ${first.addresses.join(' and ')} inside if the wallet checks ${walletHashes[first.hash].says}${others}${ways}`
}

/** The same for a headline, which has no room for how it hangs together. */
export function whoSignedInShort({ signers, slips, passkey }: WalletEvidence): string {
  const named = signers.find((each) => each.named) ?? slips[0]
  if (named !== undefined) return `signed by ${named.address} inside, whom the factory's calldata names`
  if (passkey !== undefined) return "with a passkey's signature inside"
  const [first, ...rest] = byHash(signers)
  return first === undefined || rest.length > 0 ? '' : `signed by ${first.addresses.join(' and ')} inside`
}

/** What a wallet of these wrappers checks. */
function wanted(signers: readonly WalletSigner[]): string {
  const [first] = signers
  return first === undefined ? 'another hash' : first.under
}

function askedOf({ asked, under, origin }: NonNullable<WalletEvidence['passkey']>): string {
  const where = origin === null ? '' : ` (asked by ${origin})`
  const what = {
    'wallet-hash': `whose challenge is ${under ?? 'it'}, as such a wallet checks it`,
    slip: `whose challenge is ${under ?? 'another hash'}, which such a wallet does not check`,
    other: 'whose challenge is no hash of this payment that was tried: it was asked for something else',
    unknown: 'whose challenge can not be compared: nothing says what the wallet is asked about',
  }[asked]
  return `${what}${where}`
}

/** The addresses that each hash gives, in the table's order. */
function byHash(signers: readonly WalletSigner[]): readonly { readonly hash: WalletHashId; readonly addresses: readonly Address[] }[] {
  const out = new Map<WalletHashId, Address[]>()
  for (const { hash, address } of signers) out.set(hash, [...(out.get(hash) ?? []), address])
  return [...out].map(([hash, addresses]) => ({ hash, addresses }))
}

/** Whether what is inside is known not to be what the wallet checks, by the factory that is known to deploy no other wallet. */
export function isSurelyRefused({ kinds, deployment, slips, passkey }: WalletEvidence): boolean {
  if (!kinds.includes('coinbase') || deployment === undefined || !isCoinbaseFactory(deployment.factory)) return false
  return slips.length > 0 || passkey?.asked === 'slip' || passkey?.asked === 'other'
}

/** The `cast call` that tells whether whoever signed is an owner of a wallet that is deployed; undefined where only `isValidSignature` tells. */
export function ownerCommand(
  wallet: Address,
  signature: `0x${string}`,
  { signers, deployment, passkey }: WalletEvidence,
  rpc: string,
): string | undefined {
  if (deployment !== undefined) return undefined
  const { wrappers } = unwrapAll(signature)
  const call = (to: Address, what: string): string => `cast call ${to} ${what} --rpc-url ${rpc}`
  const coinbase = wrappers.find((each) => each.kind === 'coinbase')
  if (coinbase !== undefined && (passkey !== undefined || coinbase.passkey))
    return call(wallet, `"ownerAtIndex(uint256)(bytes)" ${coinbase.ownerIndex}`)
  // Of accounts that nest typed data, the name and version hang on the account, and they tell them.
  if (wrappers.some((each) => each.kind === 'erc7739'))
    return call(wallet, '"eip712Domain()(bytes1,string,string,uint256,address,bytes32,uint256[])"')
  const [first] = byHash(signers)
  const question = first === undefined ? undefined : ownerQuestion(first.hash)
  if (first === undefined || question === undefined) return undefined
  const { call: what, takes } = ownerQuestions[question]
  const module = wrappers.find((each) => each.kind === 'module')?.module ?? wrappers.find((each) => each.kind === 'kernel')?.id
  const to = takes === 'wallet' ? module : wallet
  if (to === undefined || to.length !== 42) return undefined
  return call(to, takes === 'nothing' ? `"${what}"` : `"${what}" ${takes === 'owner' ? (first.addresses[0] ?? '') : wallet}`)
}

/** Where the wallet's chain can be asked, for a command that is filled in. */
export function rpcOf(expected: { readonly network?: ExpectedDomain['network'] | undefined } | undefined): string {
  const network = expected?.network
  if (network?.family === 'evm' && network.rpcUrls[0] !== undefined) return network.rpcUrls[0]
  return `<an RPC of ${network?.id ?? 'that chain'}>`
}
