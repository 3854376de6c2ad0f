import { fromHex, toHex } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { type Known, known, unknown } from '../../evidence/known.ts'
import { checksum } from '../../networks/checksum.ts'
import type { RpcAnswer, RpcCall } from '../../rpc/chain-client.ts'
import type { Deployment, WalletOwner } from '../evidence/chain.ts'
import { encodeCall } from '../payment/token-call.ts'
import { unwrapAll } from '../signature/wallets/wrappers.ts'
import { readHexAnswer } from './reading.ts'

const selectors = {
  isValidSignature: '0x1626ba7e',
  /** Safe. */
  getOwners: '0xa0e67e2b',
  /** Accounts with one owner, and proxies' owners. */
  owner: '0x8da5cb5b',
  /** Coinbase Smart Wallet. */
  ownerAtIndex: '0x8ea69029',
} as const satisfies Record<string, Hex>

/** ERC-1271's answer. */
const magicValue = '0x1626ba7e'

/** A wallet has few owners, and a wrapper names the one that signed. */
const firstIndices = [0n, 1n, 2n]

/** Calls that ask an account with code for its owners in the ways that wallets have, by the name of the function that tells. */
export function ownerCalls(account: Address, signature: Hex, block: string): Record<string, RpcCall> {
  const view = (data: Hex): RpcCall => ({ method: 'eth_call', params: [{ to: account, data }, block] })
  const named = unwrapAll(signature).wrappers.flatMap((wrapper) => (wrapper.kind === 'coinbase' ? [wrapper.ownerIndex] : []))
  const indices = [...new Set([...named, ...firstIndices])]
  return {
    'getOwners()': view(selectors.getOwners),
    'owner()': view(selectors.owner),
    ...Object.fromEntries(indices.map((index) => [`ownerAtIndex(${index})`, view(encodeCall(selectors.ownerAtIndex, [index]))])),
  }
}

/** The owners that were told; null when the account tells none in a way that is known. */
export function readOwners(answers: Readonly<Partial<Record<string, RpcAnswer>>>): Known<readonly WalletOwner[] | null> {
  const owners: WalletOwner[] = []
  for (const [by, answer] of Object.entries(answers)) {
    const reading = readHexAnswer(answer, 'an owner', (hex) => ownersIn(by, fromHex(hex)))
    if (reading.kind === 'unknown') return unknown(reading.reason)
    if (reading.kind === 'known') owners.push(...reading.value.map((owner) => ({ ...owner, by })))
  }
  return known(owners.length === 0 ? null : owners)
}

type Owner = { readonly kind: 'address'; readonly address: Address } | { readonly kind: 'passkey' }

/** None where the account answered something else: its function of that name means another thing. */
function ownersIn(by: string, bytes: Uint8Array): Owner[] {
  if (by === 'owner()') return bytes.length === 32 ? addressAt(bytes, 0) : []
  const [offset, length] = [numberAt(bytes, 0), numberAt(bytes, 32)]
  if (offset !== 32 || length === undefined || length > 1000) return []
  if (by === 'getOwners()') return Array.from({ length }, (_, index) => addressAt(bytes, 64 + 32 * index)).flat()
  if (length === 32) return addressAt(bytes, 64)
  // Two coordinates of a P-256 key; nothing at all at an index where no owner is.
  return length === 64 ? [{ kind: 'passkey' }] : []
}

function addressAt(bytes: Uint8Array, at: number): Owner[] {
  const word = bytes.subarray(at, at + 32)
  if (word.length < 32 || word.subarray(0, 12).some((byte) => byte !== 0) || word.every((byte) => byte === 0)) return []
  return [{ kind: 'address', address: checksum(toHex(word.subarray(12))) }]
}

function numberAt(bytes: Uint8Array, at: number): number | undefined {
  const word = bytes.subarray(at, at + 32)
  const number = word.length < 32 ? -1n : BigInt(toHex(word))
  return number < 0n || number > 0xffffffffn ? undefined : Number(number)
}

/**
 * One call that makes the wallet's factory deploy it, then asks the wallet for the signature inside of the ERC-6492 wrapper, and changes nothing: the code
 * of a contract that is never created. Undefined when the signature has no such wrapper.
 */
export function deploymentCall(wallet: Address, signature: Hex, digest: Hex, block: string): RpcCall | undefined {
  const [outer] = unwrapAll(signature).wrappers
  if (outer?.kind !== 'erc6492') return undefined
  const deploy = fromHex(outer.calldata)
  const ask = fromHex(encodeCall(selectors.isValidSignature, [digest, fromHex(outer.inner[0])]))
  const code = fromHex(deployAndAsk(outer.factory, wallet, deploy.length, ask.length))
  return { method: 'eth_call', params: [{ data: toHex(concat(code, deploy, ask)) }, block] }
}

/**
 * EVM code of a constructor, with the two calls' data behind it. It returns four words: whether the factory's call succeeded, the size of the wallet's
 * code, whether the wallet's call succeeded, and what it answered.
 */
function deployAndAsk(factory: Address, wallet: Address, deployLength: number, askLength: number): Hex {
  const push = (value: number): string => `63${value.toString(16).padStart(8, '0')}`
  const address = (value: Address): string => `73${value.slice(2).toLowerCase()}`
  const inputs = deployLength + askLength
  const out = Math.ceil(inputs / 32) * 32
  const store = (at: number): string => `${push(at)}52`
  const body = (own: number): string =>
    [
      // CODECOPY of what stands behind the code to memory 0.
      `${push(inputs)}${push(own)}600039`,
      // CALL(gas, factory, 0, 0, deployLength, 0, 0)
      `60006000${push(deployLength)}60006000${address(factory)}5af1${store(out)}`,
      // EXTCODESIZE(wallet)
      `${address(wallet)}3b${store(out + 32)}`,
      // STATICCALL(gas, wallet, deployLength, askLength, out + 96, 32)
      `6020${push(out + 96)}${push(askLength)}${push(deployLength)}${address(wallet)}5afa${store(out + 64)}`,
      `6080${push(out)}f3`,
    ].join('')
  return `0x${body(body(0).length / 2)}`
}

/** What the call of `deploymentCall` told. */
export function readDeployment(signature: Hex, answer: RpcAnswer | undefined): Deployment | null {
  const [outer] = unwrapAll(signature).wrappers
  if (outer?.kind !== 'erc6492' || answer === undefined) return null
  const reading = readHexAnswer(answer, 'four words', (hex) => (hex.length === 2 + 4 * 64 ? fromHex(hex) : undefined))
  const told = (of: (words: Uint8Array) => boolean): Known<boolean> => {
    if (reading.kind === 'known') return known(of(reading.value))
    // The constructor reverts nowhere, so that a node that says so did not run it as it is.
    return unknown(reading.kind === 'unknown' ? reading.reason : 'it did not run the simulated deployment')
  }
  const word = (words: Uint8Array, index: number): bigint => BigInt(toHex(words.subarray(32 * index, 32 * index + 32)))
  return {
    factory: outer.factory,
    signature: outer.inner[0],
    deploys: told((words) => word(words, 0) === 1n && word(words, 1) > 0n),
    accepts: told((words) => word(words, 1) > 0n && word(words, 2) === 1n && toHex(words.subarray(96, 100)) === magicValue),
  }
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
