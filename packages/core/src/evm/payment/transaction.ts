import { RLP } from '@ethereumjs/rlp'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { toHex } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { checksum } from '../../networks/checksum.ts'
import { type Refusal, unreadable, unsupported } from '../../wire/refusal.ts'
import type { DelegationTuple } from './payer-claims.ts'

/** What a raw transaction says, once its envelope is off. */
export interface RawTransaction {
  readonly kind: TransactionKind
  readonly hash: Hex
  /** Absent when the transaction creates a contract. */
  readonly to?: Address
  /** Recovered from the signature; absent when there is none, or when no key could have made it. */
  readonly sender?: Address
  readonly signed: boolean
  /** Absent for a legacy transaction without EIP-155. */
  readonly chainId?: bigint
  /** The most gas that it may use, and what it costs before anything runs. */
  readonly gasLimit: bigint
  readonly intrinsicGas: bigint
  readonly value: bigint
  readonly data: Uint8Array
  /** The authorization list of an EIP-7702 transaction; empty for all others. */
  readonly delegations: readonly DelegationTuple[]
}

type TransactionKind = 'legacy' | 'EIP-2930' | 'EIP-1559' | 'EIP-7702'

export type TransactionResult =
  | { readonly ok: true; readonly transaction: RawTransaction }
  | { readonly ok: false; readonly refusal: Refusal }

type Rlp = Uint8Array | Rlp[]

interface Layout {
  readonly kind: TransactionKind
  /** How many fields stand before the signature's three. */
  readonly fields: number
  readonly to: number
}

/** The typed envelopes, by their first byte: EIP-2930, EIP-1559, EIP-7702. */
const layouts: ReadonlyMap<number, Layout> = new Map([
  [1, { kind: 'EIP-2930', fields: 8, to: 4 }],
  [2, { kind: 'EIP-1559', fields: 9, to: 5 }],
  [4, { kind: 'EIP-7702', fields: 10, to: 5 }],
] as const)

/** More than nodes take into their pools for a transaction without blobs (128 KiB). */
const longestTransaction = 131_072

/** Whether the bytes can be a transaction: a typed envelope around a list, or a list. */
export function looksLikeTransaction(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes
  return first >= 0xf8 || (first >= 1 && first <= 4 && second >= 0xf8)
}

const expected = 'a raw legacy, EIP-2930, EIP-1559 or EIP-7702 transaction'

function broken(what: string): TransactionResult {
  return { ok: false, refusal: unreadable(what, expected, 'copy the raw transaction again, or paste its calldata') }
}

/** Takes a raw transaction apart: legacy with and without EIP-155, EIP-2930, 1559 and 7702. EIP-4844's are named and refused. */
export function readTransaction(bytes: Uint8Array): TransactionResult {
  if (bytes.length > longestTransaction) return broken(`${bytes.length} bytes, more than a transaction may have`)
  const type = (bytes[0] ?? 0) < 0x80 ? (bytes[0] ?? 0) : undefined
  if (type === 3)
    return {
      ok: false,
      refusal: unsupported(
        'a blob transaction (EIP-4844), which no facilitator settles payments with',
        'paste the transaction that called the token',
        expected,
      ),
    }
  const layout = type === undefined ? undefined : layouts.get(type)
  if (type !== undefined && layout === undefined) return broken(`bytes of the unknown transaction type ${type}`)
  const fields = decodeList(type === undefined ? bytes : bytes.subarray(1))
  if (fields === undefined) return broken('bytes that begin like a raw transaction and are not RLP, so they were cut or joined')
  return layout === undefined ? legacy(bytes, fields) : typed(bytes, fields, layout)
}

function legacy(bytes: Uint8Array, fields: readonly Rlp[]): TransactionResult {
  const v = uint(fields[6])
  const r = uint(fields[7])
  const s = uint(fields[8])
  if ((fields.length !== 6 && fields.length !== 9) || !fields.every((field) => field instanceof Uint8Array)) {
    return broken(`an RLP list of ${fields.length} fields, where a legacy transaction has 9`)
  }
  const body = fields.slice(0, 6)
  // An unsigned EIP-155 transaction has its chain id where v will stand, and no r and s.
  const signed = fields.length === 9 && r !== undefined && s !== undefined && (r > 0n || s > 0n)
  const protectedBy155 = v !== undefined && v >= 35n
  const chainId = signed ? (protectedBy155 ? (v - 35n) / 2n : undefined) : v === 0n ? undefined : v
  const parity = v === undefined ? undefined : protectedBy155 ? (v - 35n) % 2n : v - 27n
  const signedBody = protectedBy155 && chainId !== undefined ? [...body, minimal(chainId), new Uint8Array(0), new Uint8Array(0)] : body
  const sender = signed ? recover(keccak_256(RLP.encode(signedBody)), r, s, parity) : undefined
  return build('legacy', bytes, body, 3, chainId, sender, signed)
}

function typed(bytes: Uint8Array, fields: readonly Rlp[], layout: Layout): TransactionResult {
  if (fields.length !== layout.fields && fields.length !== layout.fields + 3) {
    return broken(`an RLP list of ${fields.length} fields, where an ${layout.kind} transaction has ${layout.fields + 3}`)
  }
  const body = fields.slice(0, layout.fields)
  const signed = fields.length > layout.fields
  const encoded = RLP.encode(body)
  const preimage = new Uint8Array(encoded.length + 1)
  preimage[0] = bytes[0] ?? 0
  preimage.set(encoded, 1)
  const sender = signed
    ? recover(keccak_256(preimage), uint(fields[layout.fields + 1]), uint(fields[layout.fields + 2]), uint(fields[layout.fields]))
    : undefined
  return build(layout.kind, bytes, body, layout.to, uint(fields[0]), sender, signed)
}

function build(
  kind: TransactionKind,
  bytes: Uint8Array,
  body: Rlp[],
  toAt: number,
  chainId: bigint | undefined,
  sender: Address | undefined,
  signed: boolean,
): TransactionResult {
  const to = body[toAt]
  const data = body[toAt + 2]
  const gasLimit = uint(body[toAt - 1])
  const value = uint(body[toAt + 1])
  const isWhole = gasLimit !== undefined && value !== undefined && data instanceof Uint8Array
  if (!(to instanceof Uint8Array) || !isWhole || (to.length !== 20 && to.length !== 0)) {
    return broken(`an RLP list whose fields are not those of a ${kind} transaction`)
  }
  return {
    ok: true,
    transaction: {
      kind,
      hash: toHex(keccak_256(bytes)),
      signed,
      gasLimit,
      intrinsicGas: intrinsicGas(data, kind === 'legacy' ? undefined : body[toAt + 3], kind === 'EIP-7702' ? body[9] : undefined),
      value,
      data,
      delegations: kind === 'EIP-7702' ? delegationsIn(body[9]) : [],
      ...(to.length === 20 ? { to: checksum(toHex(to)) } : {}),
      ...(sender === undefined ? {} : { sender }),
      ...(chainId === undefined ? {} : { chainId }),
    },
  }
}

function recover(digest: Uint8Array, r: bigint | undefined, s: bigint | undefined, parity: bigint | undefined): Address | undefined {
  if (r === undefined || s === undefined || (parity !== 0n && parity !== 1n)) return undefined
  try {
    const point = new secp256k1.Signature(r, s, Number(parity)).recoverPublicKey(digest)
    return checksum(toHex(keccak_256(point.toBytes(false).subarray(1)).subarray(12)))
  } catch {
    // noble throws for r or s out of range and for an r that is no point's x: then nobody signed this.
    return undefined
  }
}

/** The tuples of an authorization list; those that are no tuples are left out, as nodes skip them. */
function delegationsIn(list: Rlp | undefined): readonly DelegationTuple[] {
  if (!Array.isArray(list)) return []
  return list.slice(0, 64).flatMap((tuple): DelegationTuple[] => {
    if (!Array.isArray(tuple) || tuple.length !== 6) return []
    const [chain, address, nonce, parity, r, s] = tuple
    const numbers = { chain: uint(chain), nonce: uint(nonce), parity: uint(parity), r: uint(r), s: uint(s) }
    if (!(address instanceof Uint8Array) || address.length !== 20 || numbers.chain === undefined || numbers.nonce === undefined) return []
    return [delegationTuple(numbers.chain, checksum(toHex(address)), numbers.nonce, numbers.parity, numbers.r, numbers.s)]
  })
}

/** secp256k1's order: EIP-7702 takes no s above its half, as EIP-2 has it. */
const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/** A tuple with its authority: who signed keccak256(0x05 ‖ rlp([chain_id, address, nonce])), as EIP-7702 has it. */
export function delegationTuple(
  chain: bigint,
  delegate: Address,
  nonce: bigint,
  parity: bigint | undefined,
  r: bigint | undefined,
  s: bigint | undefined,
): DelegationTuple {
  const encoded = RLP.encode([minimal(chain), bytesOfAddress(delegate), minimal(nonce)])
  const preimage = new Uint8Array(encoded.length + 1)
  preimage[0] = 5
  preimage.set(encoded, 1)
  const authority = s !== undefined && s > halfOrder ? undefined : recover(keccak_256(preimage), r, s, parity)
  return { chain, delegate, nonce, ...(authority === undefined ? {} : { authority }) }
}

function bytesOfAddress(address: Address): Uint8Array {
  return Uint8Array.from({ length: 20 }, (_, index) => Number.parseInt(address.slice(2 + 2 * index, 4 + 2 * index), 16))
}

/**
 * Gas that a call costs before anything runs: its data by the rules of Istanbul (EIP-2028), of which later ones ask for no less, its access list (EIP-2930)
 * and its authorization list (EIP-7702).
 */
function intrinsicGas(data: Uint8Array, accessList: Rlp | undefined, authorizationList: Rlp | undefined): bigint {
  const zeros = data.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0)
  const entries = Array.isArray(accessList) ? accessList : []
  const keys = entries.reduce((count, entry) => count + (Array.isArray(entry) && Array.isArray(entry[1]) ? entry[1].length : 0), 0)
  const tuples = Array.isArray(authorizationList) ? authorizationList.length : 0
  return BigInt(21_000 + 4 * zeros + 16 * (data.length - zeros) + 2400 * entries.length + 1900 * keys + 25_000 * tuples)
}

function decodeList(bytes: Uint8Array): readonly Rlp[] | undefined {
  try {
    const decoded: Rlp = RLP.decode(bytes)
    return decoded instanceof Uint8Array ? undefined : decoded
  } catch {
    // The decoder throws for lengths that do not fit and, by the stack, for lists nested by the thousand.
    return undefined
  }
}

function uint(field: Rlp | undefined): bigint | undefined {
  if (!(field instanceof Uint8Array) || field.length > 32) return undefined
  return field.length === 0 ? 0n : BigInt(toHex(field))
}

/** Big-endian without leading zeros, which of zero leaves nothing. */
function minimal(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array(0)
  const digits = value.toString(16)
  const even = digits.length % 2 === 0 ? digits : `0${digits}`
  return Uint8Array.from({ length: even.length / 2 }, (_, index) => Number.parseInt(even.slice(2 * index, 2 * index + 2), 16))
}
