import { fromHex, toHex } from '../../../bytes/bytes.ts'
import type { Address, Hex } from '../../../bytes/hex.ts'
import { checksum } from '../../../networks/checksum.ts'
import { readPasskey } from './passkey.ts'

/** What smart wallets put around a signature, taken off one layer at a time. */
export type Wrapper =
  /** A wallet that may not be deployed yet: the call that deploys it, and the signature for it (ERC-6492). */
  | { readonly kind: 'erc6492'; readonly factory: Address; readonly calldata: Hex; readonly inner: readonly [Hex] }
  /** `SignatureWrapper(uint256 ownerIndex, bytes signatureData)` of Coinbase Smart Wallet. */
  | { readonly kind: 'coinbase'; readonly ownerIndex: bigint; readonly passkey: boolean; readonly inner: readonly Hex[] }
  /** Owners' signatures of 65 bytes, one behind the other, by owner address. `inner` has those that are ECDSA over the message's hash. */
  | { readonly kind: 'safe'; readonly owners: readonly SafeOwner[]; readonly inner: readonly Hex[] }
  /** A mode in front: root, a validator's address, a permission's id (ZeroDev Kernel v3); Light Account v2 has the same byte as root for an owner's key. */
  | { readonly kind: 'kernel'; readonly mode: 'root' | 'validator' | 'permission'; readonly id?: Hex; readonly inner: readonly Hex[] }
  /** An ERC-7579 account's validator in front, as Biconomy Nexus and Etherspot have it, or behind as a word, as Biconomy's v2 has it. */
  | { readonly kind: 'module'; readonly layout: 'in-front' | 'behind'; readonly module: Address; readonly inner: readonly [Hex] }
  /** ERC-7739: what the application's typed data was, behind the signature. */
  | {
      readonly kind: 'erc7739'
      readonly separator: Hex
      readonly contents: Hex
      readonly contentsType: string
      readonly inner: readonly [Hex]
    }

/** One of a Safe's signatures: by key, by key with the eth_sign prefix, by another contract, or approved on chain. */
export type SafeOwner =
  | { readonly by: 'ecdsa' | 'eth-sign'; readonly signature: Hex }
  | { readonly by: 'contract'; readonly owner: Address; readonly bytes: number }
  | { readonly by: 'approval'; readonly owner: Address }

const erc6492Suffix = '6492'.repeat(16)

/** The outermost wrapper; undefined where the bytes have none that is known. */
export function unwrap(signature: Hex): Wrapper | undefined {
  return (
    readErc6492(signature) ??
    readCoinbase(signature) ??
    readErc7739(signature) ??
    readSafe(signature) ??
    readKernel(signature) ??
    readModule(signature)
  )
}

/** All wrappers from the outside in, as far as each has one signature inside, and the signatures that are left. */
export function unwrapAll(signature: Hex): { readonly wrappers: readonly Wrapper[]; readonly inner: readonly Hex[] } {
  const wrappers: Wrapper[] = []
  let inner: readonly Hex[] = [signature]
  // Nobody nests deeper than ERC-6492 around a wallet's own wrapper; the bound is against bytes that were made to.
  while (wrappers.length < 4) {
    const [only, ...others] = inner
    const wrapper = only === undefined || others.length > 0 ? undefined : unwrap(only)
    if (wrapper === undefined) break
    wrappers.push(wrapper)
    inner = wrapper.inner
  }
  return { wrappers, inner }
}

/** abi.encode(address factory, bytes factoryCalldata, bytes signature) and the suffix. */
function readErc6492(signature: Hex): Wrapper | undefined {
  if (!signature.toLowerCase().endsWith(erc6492Suffix)) return undefined
  const body = fromHex(signature).subarray(0, -32)
  const calldata = bytesAt(body, 32)
  const inner = bytesAt(body, 64)
  if (body.length < 96 || calldata === undefined || inner === undefined || wordAt(body, 0) >> 160n !== 0n) return undefined
  return { kind: 'erc6492', factory: checksum(toHex(body.subarray(12, 32))), calldata: toHex(calldata), inner: [toHex(inner)] }
}

/** Bytes that begin as a smart wallet's wrapper and are not whole: the wrapper that they are what is left of. */
export interface CutWrapper {
  readonly kind: 'erc6492' | 'coinbase'
  /** What they begin with and what is missing, in one clause. */
  readonly says: string
}

/** What is left of an encoding whose end is lost; undefined where the bytes are whole, or were no wrapper. */
export function cutWrapper(signature: Hex): CutWrapper | undefined {
  const bytes = fromHex(signature)
  if (bytes.length < 66 || unwrap(signature) !== undefined) return undefined
  const [first, second] = [wordAt(bytes, 0), wordAt(bytes, 32)]
  const lost = `what follows its ${bytes.length} bytes is missing`
  // The head of abi.encode(address, bytes, bytes), in which the first offset is that of three words.
  if (first !== 0n && first >> 160n === 0n && second === 96n)
    return { kind: 'erc6492', says: `an ERC-6492 wrapper of a smart wallet (factory ${checksum(toHex(bytes.subarray(12, 32)))}): ${lost}` }
  const at = first === 32n ? 32 : 0
  if (wordAt(bytes, at) >= 0n && wordAt(bytes, at) < 2n ** 32n && wordAt(bytes, at + 32) === 64n)
    return { kind: 'coinbase', says: `a smart wallet's SignatureWrapper (Coinbase Smart Wallet): ${lost}` }
  return undefined
}

/** With the struct's own offset in front, as `abi.encode(SignatureWrapper(…))` has it, or without. */
function readCoinbase(signature: Hex): Wrapper | undefined {
  const bytes = fromHex(signature)
  const body = wordAt(bytes, 0) === 32n ? bytes.subarray(32) : bytes
  if (body.length < 128 || wordAt(body, 32) !== 64n || wordAt(body, 0) >= 2n ** 32n) return undefined
  const inner = bytesAt(body, 32)
  if (inner === undefined) return undefined
  const passkey = inner.length > 65
  return { kind: 'coinbase', ownerIndex: wordAt(body, 0), passkey, inner: passkey ? [] : [toHex(inner)] }
}

/** Far more than any struct's type has. */
const longestType = 2048

/** signature ‖ application's separator ‖ struct hash ‖ type of the struct ‖ its length in two bytes. */
function readErc7739(signature: Hex): Wrapper | undefined {
  const bytes = fromHex(signature)
  const length = ((bytes.at(-2) ?? 0) << 8) | (bytes.at(-1) ?? 0)
  const start = bytes.length - 2 - length - 64
  if (start < 64 || length < 3 || length > longestType) return undefined
  const contentsType = latin1(bytes.subarray(start + 64, start + 64 + length))
  if (!/^[A-Za-z_][ -~]*\([ -~]*\)[ -~]*$/.test(contentsType)) return undefined
  return {
    kind: 'erc7739',
    separator: toHex(bytes.subarray(start, start + 32)),
    contents: toHex(bytes.subarray(start + 32, start + 64)),
    contentsType,
    inner: [toHex(bytes.subarray(0, start))],
  }
}

/** At least two signatures, or one that only a Safe has: v of 0 (contract) or 1 (approved) with an address in r, or above 30 (eth_sign). */
function readSafe(signature: Hex): Wrapper | undefined {
  const bytes = fromHex(signature)
  const owners: SafeOwner[] = []
  let end = bytes.length
  for (let at = 0; at + 65 <= end; at += 65) {
    const part = bytes.subarray(at, at + 65)
    const v = part[64] ?? 0
    const hasAddress = wordAt(part, 0) >> 160n === 0n && wordAt(part, 0) !== 0n
    const owner = checksum(toHex(part.subarray(12, 32)))
    if (v === 0 && hasAddress) {
      const offset = wordAt(part, 32)
      const inner = offset >= BigInt(at + 65) && offset < BigInt(bytes.length) ? bytesFrom(bytes, Number(offset)) : undefined
      if (inner === undefined) return undefined
      end = Math.min(end, Number(offset))
      owners.push({ by: 'contract', owner, bytes: inner.length })
    } else if (v === 1 && hasAddress) {
      owners.push({ by: 'approval', owner })
    } else if (v === 31 || v === 32) {
      owners.push({ by: 'eth-sign', signature: `0x${toHex(part).slice(2, -2)}${(v - 4).toString(16)}` })
    } else if (v === 27 || v === 28) {
      owners.push({ by: 'ecdsa', signature: toHex(part) })
    } else {
      return undefined
    }
  }
  const [first] = owners
  const isPlain = owners.length === 1 && (first?.by === 'ecdsa' || bytes.length !== 65)
  const isTwice = owners.length === 2 && bytes.subarray(0, 65).every((byte, at) => byte === bytes[65 + at])
  if (first === undefined || end % 65 !== 0 || (isPlain && first.by !== 'contract') || isTwice) return undefined
  return { kind: 'safe', owners, inner: owners.flatMap((each) => ('signature' in each ? [each.signature] : [])) }
}

/** 65 bytes, or what a passkey signed, behind a mode byte: 0x00, 0x01 and a validator's address, 0x02 and four bytes (Kernel v3). */
function readKernel(signature: Hex): Wrapper | undefined {
  const bytes = fromHex(signature)
  const passkey = bytes.length > 200 && (bytes[0] ?? 9) < 3 && readPasskey(signature) !== undefined
  const isOf = (front: number): boolean => bytes.length === front + 65 || passkey
  const rest = (front: number): readonly Hex[] => (passkey ? [] : [toHex(bytes.subarray(front))])
  if (bytes[0] === 0 && isOf(1)) return { kind: 'kernel', mode: 'root', inner: rest(1) }
  if (bytes[0] === 1 && isOf(21)) return { kind: 'kernel', mode: 'validator', id: checksum(toHex(bytes.subarray(1, 21))), inner: rest(21) }
  if (bytes[0] === 2 && isOf(5)) return { kind: 'kernel', mode: 'permission', id: toHex(bytes.subarray(1, 5)), inner: rest(5) }
  return undefined
}

/** A validator's address and 65 bytes, or abi.encode(bytes signature, address module). */
function readModule(signature: Hex): Wrapper | undefined {
  const bytes = fromHex(signature)
  const isPlain = (inner: Uint8Array | undefined): inner is Uint8Array => inner?.length === 65 && (inner[64] === 27 || inner[64] === 28)
  if (bytes.length === 85) {
    const inner = bytes.subarray(20)
    return isPlain(inner) ? { kind: 'module', layout: 'in-front', module: addressAt(bytes, 0), inner: [toHex(inner)] } : undefined
  }
  const word = wordAt(bytes, 32)
  if (wordAt(bytes, 0) !== 64n || word >> 160n !== 0n || word === 0n) return undefined
  const inner = bytesAt(bytes, 0)
  return isPlain(inner) ? { kind: 'module', layout: 'behind', module: addressAt(bytes, 44), inner: [toHex(inner)] } : undefined
}

/** What a wrapper is, in one clause. */
export function describeWrapper(wrapper: Wrapper): string {
  switch (wrapper.kind) {
    case 'erc6492':
      return `an ERC-6492 wrapper (factory ${wrapper.factory}, ${(wrapper.calldata.length - 2) / 2} bytes of calldata)`
    case 'coinbase':
      return `a Coinbase Smart Wallet SignatureWrapper of owner ${wrapper.ownerIndex}${wrapper.passkey ? ', who signs with a passkey' : ''}`
    case 'module':
      return `a signature for the ERC-7579 validator ${wrapper.module}${wrapper.layout === 'behind' ? ", which stands behind it as in Biconomy's v2" : ''}`
    case 'safe':
      return `a Safe's ${wrapper.owners.length === 1 ? 'signature of one owner' : `signatures of ${wrapper.owners.length} owners`}`
    case 'kernel':
      return `a Kernel signature for its ${wrapper.mode}${wrapper.id === undefined ? '' : ` ${wrapper.id}`}`
    case 'erc7739':
      return `an ERC-7739 signature of a ${wrapper.contentsType.slice(0, wrapper.contentsType.indexOf('('))}`
  }
}

/** The word at `offset`; -1 where the bytes end before it does. */
export function wordAt(bytes: Uint8Array, offset: number): bigint {
  const word = bytes.subarray(offset, offset + 32)
  return word.length < 32 ? -1n : BigInt(toHex(word))
}

function addressAt(bytes: Uint8Array, offset: number): Address {
  return checksum(toHex(bytes.subarray(offset, offset + 20)))
}

/** Dynamic bytes whose offset stands in the word at `head`. */
function bytesAt(bytes: Uint8Array, head: number): Uint8Array | undefined {
  const offset = wordAt(bytes, head)
  return offset < 0n || offset > BigInt(bytes.length) ? undefined : bytesFrom(bytes, Number(offset))
}

/** A length and so many bytes. */
function bytesFrom(bytes: Uint8Array, offset: number): Uint8Array | undefined {
  const length = wordAt(bytes, offset)
  if (length < 0n || length > BigInt(bytes.length - offset - 32)) return undefined
  return bytes.subarray(offset + 32, offset + 32 + Number(length))
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}
