import { keccak_256 } from '@noble/hashes/sha3.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { toHex } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { quote } from '../../errors/quote.ts'
import { checksum } from '../../networks/checksum.ts'
import type { Overloads } from '../../networks/network.ts'
import { modelOf, type TokenFamily } from '../../tokens/models.ts'
import type { ReplayCode, ReplayTarget } from '../evidence/replay.ts'
import { encodeCall } from '../payment/token-call.ts'
import { tokenDomain } from '../signature/expected-domain.ts'
import { domainSeparator, type Eip712Domain } from '../typed-data/domain.ts'
import { chooseCode, type Implementation, nameOfCode } from './choose-code.ts'
import { balanceSlot, blacklistedSlot, proxySlots, selectors, separatorSlot, word } from './fiat-token.ts'
import { type OpenZeppelinFamily, openZeppelinBytecode } from './openzeppelin-token.ts'
import { readCode } from './read-artifact.ts'
import type { Anvil, RpcCall } from './start-anvil.ts'

/** The token to place, and whose code answers for it. */
export interface TokenModel {
  readonly chainId: number
  readonly address: Address
  readonly name: string
  readonly symbol: string
  readonly decimals: number
  readonly domain: Eip712Domain
  /** Our computation of it, and what somebody published, where somebody has. */
  readonly separator: Hex
  readonly published?: Hex
  readonly family: TokenFamily | undefined
  readonly overloads: Overloads | undefined
  readonly implementation: Implementation
  readonly code: ReplayCode
  readonly description: string
}

/** The accounts that Circle's contracts know by role, and where the parts of the token are. Nobody has a key to them. */
export const accounts = {
  proxyAdmin: labelled('proxy admin'),
  masterMinter: labelled('master minter'),
  pauser: labelled('pauser'),
  blacklister: labelled('blacklister'),
  owner: labelled('owner'),
  lostAndFound: labelled('lost and found'),
  relayer: labelled('relayer'),
  checker: labelled('SignatureChecker'),
  implementation: labelled('implementation'),
  olderImplementation: labelled('FiatTokenV2_1'),
} as const satisfies Record<string, Address>

function labelled(label: string): Address {
  return checksum(toHex(keccak_256(utf8ToBytes(`eip3009 replay: ${label}`)).subarray(12)))
}

/**
 * What a target is on an embedded chain.
 * @throws Eip3009Error `invalid-argument`
 */
export function modelToken(target: ReplayTarget): TokenModel {
  const inRegistry = 'network' in target
  const chainId = inRegistry ? target.network.chainId : target.chainId
  if (!Number.isSafeInteger(chainId) || chainId < 1) {
    throw new Eip3009Error('invalid-argument', `A chain id is a whole number above 0; got ${quote(chainId)}.`)
  }
  const { symbol = 'USDC', decimals = 6, layout = 'standard', ...token } = inRegistry ? (target.token ?? target.network.usdc) : target.token
  if (!/^0x[0-9a-fA-F]{40}$/.test(token.address)) {
    throw new Eip3009Error('invalid-argument', `A token's address has 40 hex digits; got ${quote(token.address)}.`)
  }
  const domain = tokenDomain({ ...token, layout }, chainId)
  const place = inRegistry ? target.network.id : (target.place ?? `chain ${chainId}`)
  const subject = !inRegistry || token.address === target.network.usdc.address ? '' : ` ${symbol}`
  const { implementation, code } = chooseCode({ ...token, layout })
  return {
    chainId,
    address: token.address,
    name: token.name,
    symbol,
    decimals,
    domain,
    separator: domainSeparator(domain),
    ...(token.separator === undefined ? {} : { published: token.separator }),
    family: token.family,
    overloads: token.overloads,
    implementation,
    code,
    description: `embedded ${place}${subject}, ${nameOfCode(implementation, code)}`,
  }
}

/** Puts the token at its address, set up as its issuer does. Returns its `DOMAIN_SEPARATOR()`. */
export async function placeToken(anvil: Anvil, token: TokenModel): Promise<Hex> {
  const { implementation } = token
  if (implementation !== 'ERC3009' && implementation !== 'ERC20TransferAuthorization') return placeFiatToken(anvil, token, implementation)
  await anvil.batch([setCode(token.address, openZeppelinBytecode(implementation, token))])
  return (await anvil.request('eth_call', [{ to: token.address, data: selectors.domainSeparator }, 'latest'])) as Hex
}

/** Puts the token behind Circle's proxy at its address and initialises it as Circle's deployments do. Returns its `DOMAIN_SEPARATOR()`. */
async function placeFiatToken(anvil: Anvil, token: TokenModel, code: Exclude<Implementation, OpenZeppelinFamily>): Promise<Hex> {
  const [implementation, library, proxy] = await Promise.all([
    readCode(code, accounts.checker),
    readCode('SignatureChecker', accounts.checker),
    readCode('FiatTokenProxy', accounts.checker),
  ])
  const isOlder = code === 'FiatTokenV2' || code === 'FiatTokenV2_1'
  const text = (value: string): Uint8Array => utf8ToBytes(value)
  const initializers = [
    encodeCall(selectors.initialize, [
      text(token.name),
      text(token.symbol),
      text('USD'),
      BigInt(token.decimals),
      accounts.masterMinter,
      accounts.pauser,
      accounts.blacklister,
      accounts.owner,
    ]),
    encodeCall(selectors.initializeV2, [text(token.name)]),
    ...(code === 'FiatTokenV2' ? [] : [encodeCall(selectors.initializeV2_1, [accounts.lostAndFound])]),
    ...(isOlder ? [] : [encodeCall(selectors.initializeV2_2, [new Uint8Array(), text(token.symbol)])]),
  ]
  await anvil.batch([
    setCode(accounts.checker, library),
    setCode(accounts.implementation, implementation),
    setCode(token.address, proxy),
    setStorage(token.address, proxySlots.implementation, word(BigInt(accounts.implementation))),
    setStorage(token.address, proxySlots.admin, word(BigInt(accounts.proxyAdmin))),
  ])
  // One sender with given nonces, so that they are mined in this order whatever the order of arrival.
  const hashes = await anvil.batch(
    initializers.map((data, nonce) => sendTransaction({ from: accounts.owner, to: token.address, data, nonce: `0x${nonce.toString(16)}` })),
  )
  // v2.1's own initializer has put the separator of the standard layout here.
  await anvil.request('evm_mine', [0])
  if (isOlder) await anvil.batch([setStorage(token.address, separatorSlot, token.separator)])
  // The initializer lists the token itself, which the token that is stood in for need not do.
  if (!listsItself(token)) {
    const own = isOlder ? blacklistedSlot(token.address) : balanceSlot(token.address)
    await anvil.batch([setStorage(token.address, own, word(0n))])
  }
  const [separator, ...receipts] = await anvil.batch([
    { method: 'eth_call', params: [{ to: token.address, data: selectors.domainSeparator }, 'latest'] },
    ...hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] })),
  ])
  for (const receipt of receipts as readonly ({ readonly status: Hex } | null)[]) {
    if (receipt?.status !== '0x1') {
      throw new Eip3009Error('controls-failed', `The ${token.description} cannot be used: one of the token's initializers reverted.`)
    }
  }
  return separator as Hex
}

/** Whether the token has its own address on its list, so that it can not be paid to itself. */
export function listsItself({ family }: Pick<TokenModel, 'family'>): boolean {
  return family !== undefined && modelOf(family).blacklist?.itself === true
}

export function setCode(address: Address, code: Hex): RpcCall {
  return { method: 'anvil_setCode', params: [address, code] }
}

export function setStorage(address: Address, slot: Hex, value: Hex): RpcCall {
  return { method: 'anvil_setStorageAt', params: [address, slot, value] }
}

/** Gas is free and given, since an estimate would refuse to send what reverts. Below the cap of EIP-7825, above what any wallet's check takes. */
export function sendTransaction(transaction: {
  readonly from: Address
  readonly to: Address
  readonly data: Hex
  readonly nonce?: Hex
  readonly gas?: Hex
  readonly gasPrice?: Hex
  /** Wei. */
  readonly value?: Hex
}): RpcCall {
  return { method: 'eth_sendTransaction', params: [{ gas: '0xf42400', gasPrice: '0x0', ...transaction }] }
}
