import { ed25519 } from '@noble/curves/ed25519.js'
import { VersionedTransaction } from '@solana/web3.js'
import { meaningOf } from './instruction.ts'
import type { SvmSigner, SvmTransaction } from './payment.ts'

/** What fits into one packet of the network: 1,280 bytes of IPv6 without its headers. */
export const longestTransaction = 1232

export type SvmTransactionResult =
  | { readonly ok: true; readonly transaction: SvmTransaction }
  /** What is wrong with the bytes, as the end of a sentence: "ends in the middle of it". */
  | { readonly ok: false; readonly problem: string }

/** Reads a serialised transaction, legacy or version 0, and verifies each signature over the message bytes as they came. */
export function readSvmTransaction(bytes: Uint8Array): SvmTransactionResult {
  if (bytes.length === 0) return { ok: false, problem: 'has no bytes' }
  if (bytes.length > longestTransaction)
    return { ok: false, problem: `has ${bytes.length} bytes, and the network takes at most ${longestTransaction}` }
  const count = compactLength(bytes, 0)
  if (count === undefined) return { ok: false, problem: 'does not begin with the number of its signatures' }
  const messageStart = count.end + 64 * count.value
  const first = bytes[messageStart]
  if (first === undefined) return { ok: false, problem: `ends within its ${count.value} signatures, after ${bytes.length} bytes` }
  if (first > 0x80) return { ok: false, problem: `has a message of version ${first & 0x7f}, and only 0 and legacy are known` }
  // web3.js takes instruction data that is cut short for whole, so where the message ends is read here.
  const end = messageEnd(bytes, messageStart, first === 0x80)
  if (end === undefined) return { ok: false, problem: `ends or breaks off within its message, after ${bytes.length} bytes` }
  let decoded: VersionedTransaction
  try {
    decoded = VersionedTransaction.deserialize(bytes.subarray(0, end))
  } catch {
    return { ok: false, problem: `has a message that can not be decoded, of ${end - messageStart} bytes` }
  }
  return describe(decoded, bytes, messageStart, end)
}

function describe(
  { message, signatures }: VersionedTransaction,
  bytes: Uint8Array,
  messageStart: number,
  end: number,
): SvmTransactionResult {
  const keys = message.staticAccountKeys.map((key) => key.toBase58())
  const [feePayer] = keys
  const { numRequiredSignatures } = message.header
  if (feePayer === undefined || numRequiredSignatures === 0) return { ok: false, problem: 'has no signer at all' }
  if (signatures.length !== numRequiredSignatures)
    return { ok: false, problem: `has ${signatures.length} signatures, and its message wants ${numRequiredSignatures}` }
  if (keys.length < numRequiredSignatures)
    return { ok: false, problem: `wants ${numRequiredSignatures} signatures of only ${keys.length} keys` }
  const tables = message.addressTableLookups
  const known =
    keys.length + tables.reduce((sum, { writableIndexes, readonlyIndexes }) => sum + writableIndexes.length + readonlyIndexes.length, 0)
  if (
    message.compiledInstructions.some(({ programIdIndex, accountKeyIndexes }) =>
      [programIdIndex, ...accountKeyIndexes].some((at) => at >= known),
    )
  )
    return { ok: false, problem: `has an instruction with an account that is not among its ${known}` }

  // As it came: writing it again could differ, since a length may take more bytes than it needs.
  const signed = bytes.subarray(messageStart, end)
  const signers = message.staticAccountKeys.slice(0, numRequiredSignatures).map((key, index): SvmSigner => {
    const signature = signatures[index] ?? new Uint8Array(64)
    return { key: key.toBase58(), state: signatureState(signature, signed, key.toBytes()) }
  })
  return {
    ok: true,
    transaction: {
      version: bytes[messageStart] === 0x80 ? 0 : 'legacy',
      size: bytes.length,
      feePayer,
      blockhash: message.recentBlockhash,
      signers,
      instructions: message.compiledInstructions.map(({ programIdIndex, accountKeyIndexes, data }) => {
        const program = keys[programIdIndex] ?? null
        const accounts = accountKeyIndexes.map((at) => keys[at] ?? null)
        return { program, accounts, data, meaning: meaningOf(program, accounts, data) }
      }),
      lookupTables: tables.map(({ accountKey }) => accountKey.toBase58()),
      trailingBytes: bytes.length - end,
    },
  }
}

function signatureState(signature: Uint8Array, message: Uint8Array, key: Uint8Array): SvmSigner['state'] {
  if (signature.every((byte) => byte === 0)) return 'missing'
  // Validators verify by the strict rules of RFC 8032, not by those of ZIP 215.
  return ed25519.verify(signature, message, key, { zip215: false }) ? 'valid' : 'invalid'
}

/** Where a message ends, by its own lengths; undefined when the bytes end before it. */
function messageEnd(bytes: Uint8Array, start: number, versioned: boolean): number | undefined {
  let at = start + (versioned ? 1 : 0) + 3
  const list = (skipItem: () => boolean): boolean => {
    const count = compactLength(bytes, at)
    if (count === undefined) return false
    at = count.end
    for (let item = 0; item < count.value; item++) if (at >= bytes.length || !skipItem()) return false
    return true
  }
  const skip = (length: number): boolean => {
    at += length
    return at <= bytes.length
  }
  const byteList = (): boolean => list(() => skip(1))
  const whole =
    list(() => skip(32)) &&
    skip(32) &&
    list(() => skip(1) && byteList() && byteList()) &&
    (!versioned || list(() => skip(32) && byteList() && byteList()))
  return whole ? at : undefined
}

/** A length as Solana writes it: 7 bits a byte, the lowest first, in at most 3 bytes. */
export function compactLength(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0
  for (let index = 0; index < 3; index++) {
    const byte = bytes[start + index]
    if (byte === undefined) return undefined
    value |= (byte & 0x7f) << (7 * index)
    if (byte < 0x80) return { value, end: start + index + 1 }
  }
  return undefined
}
