import { base58 } from '../../bytes/base58.ts'
import { programs } from '../transaction/programs.ts'
import type { SvmAccount } from './state.ts'

/** A token account of either token program. Keys are base58. */
export interface TokenAccountData {
  readonly mint: string
  readonly owner: string
  /** Atomic units. */
  readonly amount: bigint
  readonly state: 'uninitialized' | 'initialized' | 'frozen'
  /** Who may move up to `allowance` in the owner's place; null where nobody may. */
  readonly delegate: { readonly key: string; readonly allowance: bigint } | null
}

export interface MintData {
  readonly decimals: number
  /** Null where nobody can freeze. */
  readonly freezeAuthority: string | null
  readonly extensions: readonly TokenExtension[]
}

/** What Token-2022 keeps behind an account's or a mint's own bytes. */
export interface TokenExtension {
  readonly type: number
  readonly data: Uint8Array
}

/** Lengths of the token program's own accounts. Source: spl-token's `Account::LEN` and `Mint::LEN`. */
export const tokenAccountLength = 165
export const mintLength = 82
/** Behind a Token-2022 account's own 165 bytes: what kind of account it is, then its extensions. */
const kindAt = tokenAccountLength
const extensionsAt = kindAt + 1

function isTokenProgram(program: string): boolean {
  return program === programs.token || program === programs.token2022
}

/** An account read as a token account; undefined when it is none. Layout: spl-token's `Account`. */
export function readTokenAccount({ owner: program, data }: SvmAccount): TokenAccountData | undefined {
  if (!isTokenProgram(program) || !hasLength(data, tokenAccountLength, 2)) return undefined
  const view = viewOf(data)
  const state = (['uninitialized', 'initialized', 'frozen'] as const)[data[108] ?? 0]
  if (state === undefined) return undefined
  return {
    mint: keyAt(data, 0),
    owner: keyAt(data, 32),
    amount: view.getBigUint64(64, true),
    state,
    delegate: view.getUint32(72, true) === 1 ? { key: keyAt(data, 76), allowance: view.getBigUint64(121, true) } : null,
  }
}

/** An account read as a mint; undefined when it is none, or not initialised. Layout: spl-token's `Mint`. */
export function readMint({ owner: program, data }: SvmAccount): MintData | undefined {
  if (!isTokenProgram(program) || !hasLength(data, mintLength, 1) || data[45] !== 1) return undefined
  const view = viewOf(data)
  return {
    decimals: view.getUint8(44),
    freezeAuthority: view.getUint32(46, true) === 1 ? keyAt(data, 50) : null,
    extensions: extensionsOf(data),
  }
}

/** The addresses of an address lookup table; undefined when the account is none. Layout: 56 bytes of its own, then keys. */
export function readLookupTable({ owner, data }: SvmAccount): readonly string[] | undefined {
  const own = 56
  if (owner !== programs.lookupTable || data.length < own || viewOf(data).getUint32(0, true) !== 1) return undefined
  return Array.from({ length: Math.floor((data.length - own) / 32) }, (_, index) => keyAt(data, own + 32 * index))
}

/** The blockhash that a nonce account keeps; undefined when the account is none. Layout: version, state, authority, hash. */
export function readNonce({ owner, data }: SvmAccount): string | undefined {
  if (owner !== programs.system || data.length !== 80 || viewOf(data).getUint32(4, true) !== 1) return undefined
  return keyAt(data, 40)
}

/** Exactly its own length, or as Token-2022 writes accounts with extensions: padded, and with its kind behind. */
function hasLength(data: Uint8Array, own: number, kind: number): boolean {
  return data.length === own || (data.length > kindAt && data[kindAt] === kind)
}

/** The extensions of an account or a mint, in their order; none where it has no more than its own bytes. */
export function extensionsOf(data: Uint8Array): TokenExtension[] {
  const view = viewOf(data)
  const out: TokenExtension[] = []
  for (let at = extensionsAt; at + 4 <= data.length; ) {
    const type = view.getUint16(at, true)
    const length = view.getUint16(at + 2, true)
    if (type === 0 || at + 4 + length > data.length) break
    out.push({ type, data: data.subarray(at + 4, at + 4 + length) })
    at += 4 + length
  }
  return out
}

function keyAt(data: Uint8Array, at: number): string {
  return base58(data.subarray(at, at + 32))
}

function viewOf(data: Uint8Array): DataView {
  return new DataView(data.buffer, data.byteOffset, data.byteLength)
}
